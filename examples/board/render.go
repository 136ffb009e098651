package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// render returns the board as text: a line that counts, and a row for each
// promise, overdue first.
func render(b *standards.Board, t terminal, most int) string {
	var out strings.Builder
	fmt.Fprintf(&out, "Board as of %s\n", b.AsOf.UTC().Format("Monday, 2 January 2006, 15:04:05 UTC"))
	fmt.Fprintf(&out, "%d open: %s, %s, %s\n\n", b.Open(),
		t.paint(red, share("overdue", b.OverdueShare())),
		t.paint(yellow, share("near", b.WarningShare())),
		t.paint(green, share("fine", b.FineShare())))
	rows := b.Rows
	if most > 0 {
		rows = rows[:min(most, len(rows))]
	}
	lines := [][]string{{"conversation", "channel", "priority", "agent", "promise", "due", "left", ""}}
	colours := []string{dim}
	for i := range rows {
		cells, colour := row(&rows[i], b.AsOf)
		lines, colours = append(lines, cells), append(colours, colour)
	}
	align(lines)
	for i, cells := range lines {
		line := strings.TrimRight("  "+strings.Join(cells, "  "), " ")
		out.WriteString(t.paint(colours[i], line) + "\n")
	}
	if rest := len(b.Rows) - len(rows); rest > 0 {
		fmt.Fprintf(&out, "  … and %d more\n", rest)
	}
	return out.String()
}

func share(what string, r stat.Ratio) string {
	if !r.Defined() {
		return fmt.Sprintf("%d %s", r.Part, what)
	}
	return fmt.Sprintf("%d %s (%s)", r.Part, what, text.Share(r.Part, r.Whole, 1))
}

// row returns the cells and the colour of a promise.
func row(f *standards.Finding, asOf time.Time) (cells []string, colour string) {
	due, left, colour := "on hold", remaining(f.Left), dim
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
	if steps := f.Escalations(asOf); len(steps) > 0 {
		note += ", " + steps[len(steps)-1].Name
	}
	name := f.Target.Name
	if name == "" {
		name = f.Target.Measure.String()
	}
	if f.Target.Agreement != "" {
		name += " (" + f.Target.Agreement + ")"
	}
	cells = []string{
		string(f.Conversation), string(f.Channel), string(f.Priority), string(f.Owner), name, due, left,
		strings.TrimPrefix(note, ", "),
	}
	for i := range cells {
		cells[i] = printable(cells[i])
	}
	return cells, colour
}

// align pads the columns; what is left stands to the right of its column.
func align(lines [][]string) {
	const right = 6
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

// remaining writes the time left until a deadline, or since it. It is cut and not
// rounded, so that 0s comes at the deadline.
func remaining(d time.Duration) string {
	switch {
	case d.Abs() < time.Hour:
		d = d.Truncate(time.Second)
	case d.Abs() < 24*time.Hour:
		d = d.Truncate(time.Minute)
	default:
		d = d.Truncate(time.Hour)
	}
	return text.Duration(d)
}
