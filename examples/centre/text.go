package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/text"
)

// write prints the true figures beside those that were measured, and reports whether they
// are the same.
func (d desk) write(w io.Writer, events int, truth, measured []figure) (bool, error) {
	if len(truth) != len(measured) {
		return false, fmt.Errorf("there are %d true figures, and %d that were measured", len(truth), len(measured))
	}
	rows := [][3]string{{"question", "true", "measured"}}
	differ := 0
	for i, f := range truth {
		row := [3]string{f.question, f.String(), measured[i].String()}
		if !f.agrees(measured[i]) {
			row[2] += "  DIFFERENT"
			differ++
		}
		rows = append(rows, row)
	}
	var width [2]int
	for _, row := range rows {
		for i := range width {
			width[i] = max(width[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "A made-up desk of %s customers and %s events, as of %s\n\n", text.Count(int64(d.stories)), text.Count(int64(events)), d.asOf.Format(time.RFC3339))
	for _, row := range rows {
		for i, cell := range row[:2] {
			b.WriteString(cell + strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)+2))
		}
		b.WriteString(row[2] + "\n")
	}
	fmt.Fprintf(&b, "\nMedians of more than %s times are right to 1/128, as the library promises; all else is exact.\n", text.Count(exactMedians))
	fmt.Fprintf(&b, "%d of %d figures are true.\n", len(truth)-differ, len(truth))
	_, err := io.WriteString(w, b.String())
	return differ == 0, err
}
