package pagetest

import (
	"slices"
	"strings"
)

// unseen are elements whose text no reader sees.
var unseen = []string{"head", "style", "script", "template", "noscript", "defs", "symbol", "desc", "metadata"}

// Text returns the text of a page that a reader sees, and what is hidden by CSS only: a
// line for each block and each row of a table, one space where there are more, and common
// spaces in place of those that do not break. Titles and descriptions of charts are not in
// it, what is folded is.
func Text(page string) string {
	var b strings.Builder
	visible(parse(page).root, &b)
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func visible(n *node, b *strings.Builder) {
	if n.tag == "" {
		// A line of the source is a space.
		b.WriteString(strings.ReplaceAll(n.text, "\n", " "))
	}
	if _, hidden := n.attr("hidden"); hidden || slices.Contains(unseen, n.tag) || n.tag == "title" && n.drawn() {
		return
	}
	end := ""
	switch {
	case slices.Contains(blocks, n.tag), slices.Contains([]string{
		"body", "li", "dt", "dd", "tr", "caption", "summary", "figcaption", "legend", "br", "svg", "text", "option", "button", "label",
	}, n.tag):
		end = "\n"
	case n.tag == "td", n.tag == "th":
		end = " "
	}
	b.WriteString(end)
	for _, child := range n.children {
		visible(child, b)
	}
	b.WriteString(end)
}
