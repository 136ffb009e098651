package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// writeMarkdown prints tables for a wiki or a pull request.
func writeMarkdown(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n%s\n", title(r), sources(r))
	for _, t := range tables(r) {
		fmt.Fprintf(out, "\n## %s\n\n%s\n\n", t.Title, t.Note)
		fmt.Fprintf(out, "| %s |\n", strings.Join(t.Header, " | "))
		column := "---:|"
		if t.Text {
			column = "---|"
		}
		fmt.Fprintf(out, "|---|%s\n", strings.Repeat(column, len(t.Header)-1))
		for _, row := range t.Rows {
			cells := make([]string, len(row))
			for i, cell := range row {
				cells[i] = markdownEscaper.Replace(cell)
			}
			fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
		}
		if len(t.Lines) > 0 {
			fmt.Fprintln(out)
		}
		for _, line := range t.Lines {
			fmt.Fprintf(out, "- %s\n", markdownEscaper.Replace(line))
		}
		if t.Title == "Satisfaction" {
			fmt.Fprintf(out, "\n%s\n", verdict(r))
		}
	}
	return out.Flush()
}

// Names come from the data and must not end a cell, or be read as markup.
var markdownEscaper = strings.NewReplacer(
	"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", "\n", " ", "\r", " ", "[", "\\[",
)
