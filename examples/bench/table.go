package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A table is printed with its columns aligned, as text or as Markdown. The first
// column is text, the others are numbers.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) print(w io.Writer, markdown bool) {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	line := func(row []string) {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				cell += pad
			} else {
				cell = pad + cell
			}
			if markdown {
				b.WriteString("| " + cell + " ")
			} else {
				b.WriteString(cell + "  ")
			}
		}
		if markdown {
			b.WriteString("|")
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
	line(t.head)
	if markdown {
		b := "|" + strings.Repeat("-", widths[0]+2)
		for _, width := range widths[1:] {
			b += "|" + strings.Repeat("-", width+1) + ":"
		}
		fmt.Fprintln(w, b+"|")
	}
	for _, row := range t.rows {
		line(row)
	}
	fmt.Fprintln(w)
}

// none stands for a figure that there is not.
const none = "–"

// digits returns x with three significant digits or all those before the point.
func digits(x float64) string {
	switch {
	case x <= 0:
		return none
	case x >= 99.95:
		return thousands(int64(x + 0.5))
	case x >= 9.995:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// ratio returns how often ours goes into theirs; there is none if one is missing.
func ratio(theirs, ours float64) string {
	if theirs <= 0 || ours <= 0 {
		return none
	}
	return digits(theirs/ours) + " ×"
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func megabytes(n int64) string {
	if n <= 0 {
		return none
	}
	return thousands((n + 1<<19) >> 20)
}
