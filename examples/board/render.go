package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// render returns the board as text: lines that count the conversations and the
// promises, and a row for each promise, overdue first. Teams are a column only if one of
// them has any of the conversations.
func render(b *standards.Board, has teams, t terminal, most int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "Board as of %s\n", b.Terms().AsOf.Format("Monday, 2 January 2006, 15:04:05 UTC"))
	count := func(what string, overdue, near, fine int64) {
		open := overdue + near + fine
		if open != 1 {
			what += "s"
		}
		fmt.Fprintf(&out, "%d %s open: %s, %s, %s\n", open, what,
			t.paint(red, share("overdue", overdue, open)),
			t.paint(yellow, share("near", near, open)),
			t.paint(green, share("fine", fine, open)))
	}
	overdue, near, fine := b.Conversations()
	count("conversation", overdue, near, fine)
	overdue, near, fine = b.Promises()
	count("promise", overdue, near, fine)
	out.WriteString("\n")
	all := b.Rows()
	rows := all
	if most > 0 {
		rows = rows[:min(most, len(rows))]
	}
	lines := [][]string{{"conversation", "channel", "priority", "agent", "promise", "due", "left", ""}}
	named := slices.ContainsFunc(all, func(f standards.Finding) bool { return has[f.Conversation] != "" })
	const afterAgent = 4
	if named {
		lines[0] = slices.Insert(lines[0], afterAgent, "team")
	}
	colours := []string{dim}
	for i := range rows {
		cells, colour := row(&rows[i])
		if named {
			cells = slices.Insert(cells, afterAgent, printable(string(has[rows[i].Conversation])))
		}
		lines, colours = append(lines, cells), append(colours, colour)
	}
	align(lines)
	for i, cells := range lines {
		line := strings.TrimRight("  "+strings.Join(cells, "  "), " ")
		out.WriteString(t.paint(colours[i], line) + "\n")
	}
	if rest := len(all) - len(rows); rest > 0 {
		fmt.Fprintf(&out, "  … and %d more\n", rest)
	}
	return out.String()
}

func share(what string, part, whole int64) string {
	if whole == 0 {
		return fmt.Sprintf("%d %s", part, what)
	}
	return fmt.Sprintf("%d %s (%s)", part, what, text.Share(part, whole, 1))
}

// row returns the cells and the colour of a promise.
func row(f *standards.Finding) (cells []string, colour string) {
	due, left, colour := "on hold", text.Remaining(f.Left), dim
	if !f.Due.IsZero() {
		due, colour = f.Due.Format("Mon 15:04:05"), green
	}
	note := ""
	switch {
	case f.Verdict == standards.Breached:
		colour = red
		note = "overdue"
	case f.Warning:
		colour = yellow
		note = "near"
	}
	last := ""
	for _, step := range f.Escalations() {
		last = ", " + step.Name
	}
	note += last
	cells = []string{
		string(f.Conversation), string(f.Channel), string(f.Priority), string(f.Owner), f.Target.String(), due, left,
		strings.TrimPrefix(note, ", "),
	}
	for i := range cells {
		cells[i] = printable(cells[i])
	}
	return cells, colour
}

// align pads the columns; what is left stands to the right of its column.
func align(lines [][]string) {
	right := slices.Index(lines[0], "left")
	widths := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, cells := range lines {
		for i, cell := range cells {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == right {
				cells[i] = pad + cell
			} else {
				cells[i] = cell + pad
			}
		}
	}
}
