package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// writeText prints tables for a terminal.
func writeText(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n%s\n", title(r), sources(r))
	for _, t := range tables(r) {
		fmt.Fprintf(out, "\n%s\n%s\n\n", strings.ToUpper(t.Title), t.Note)
		t.align(out)
		if len(t.Lines) > 0 {
			fmt.Fprintln(out)
		}
		for _, line := range t.Lines {
			fmt.Fprintf(out, "  %s\n", line)
		}
		if t.Title == "Satisfaction" {
			fmt.Fprintf(out, "\n  %s\n", verdict(r))
		}
	}
	return out.Flush()
}

// align prints the table with its columns under each other.
func (t table) align(w io.Writer) {
	widths := make([]int, len(t.Header))
	lines := append([][]string{t.Header}, t.Rows...)
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 || t.Text {
				text.WriteString("  " + cell + pad)
			} else {
				text.WriteString("  " + pad + cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(text.String(), " "))
	}
}
