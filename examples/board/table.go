package main

import (
	"slices"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// column is one of the table that both lists share.
type column struct {
	head string
	// A cell that is longer than least may be cut while there is room for the columns that
	// leave early. When the others would have to leave too, it is cut further, down to short.
	least, short int
}

// The columns from left to right.
const (
	id = iota
	channel
	priority
	agent
	team
	promise
	due
	more
	left
	note
)

var columns = [...]column{
	id:       {"id", 16, 6},
	channel:  {"channel", 12, 7},
	priority: {"priority", 12, 8},
	agent:    {"agent", 12, 5},
	team:     {"team", 12, 4},
	promise:  {"promise", 20, 8},
	due:      {"late by", uncut, uncut}, // or "due"
	more:     {"more", uncut, uncut},
	left:     {"left", uncut, uncut},
	note:     {"note", 16, 4},
}

// uncut is longer than any line.
const uncut = 1 << 30

// Where the columns do not fit, they leave in this order: the early ones before any cell
// becomes shorter than least, the late ones before any becomes shorter than short. The
// conversation and the due time stay.
var (
	early = []int{left, priority, team, agent, channel, note}
	late  = []int{more, promise}
)

// gap stands between columns.
const gap = "  "

// cells are a line of the table. Empty ones take no room if the column is empty.
type cells [len(columns)]string

// table has the widths of the columns, which are 0 where one is left out.
type table [len(columns)]int

// tableOf returns the table of both lists, in lines that are not longer than a width.
func tableOf(v *view, width int) table {
	var widest table
	for _, l := range []list{v.Overdue, v.Next} {
		for i := range l.Rows {
			for k, cell := range l.Rows[i].cells(v.AsOf) {
				widest[k] = max(widest[k], min(plain.Width(cell), width))
			}
		}
	}
	return fit(widest, width)
}

// fit returns the table for columns the cells of which are so wide. A column without cells
// is left out.
func fit(widest table, width int) table {
	t := widest
	for i, c := range columns {
		if t[i] > 0 {
			t[i] = max(t[i], plain.Width(c.head))
		}
	}
	var floors [3]table
	for i, c := range columns {
		floors[0][i], floors[1][i], floors[2][i] = min(t[i], c.least), min(t[i], c.short), min(t[i], 1)
	}
	leave := func(order []int, floor table) {
		for _, i := range order {
			if floor.width() <= width {
				return
			}
			t[i], floor[i] = 0, 0
		}
	}
	leave(early, floors[0])
	leave(slices.Concat(early, late), floors[1])
	for _, floor := range floors {
		for t.width() > width && t.cutWidest(floor) {
		}
	}
	return t
}

// cutWidest makes the widest of the columns that are wider than a floor narrower, the first
// of equal ones, and reports whether there was one.
func (t *table) cutWidest(floor table) bool {
	most := -1
	for i := range t {
		if t[i] > floor[i] && (most < 0 || t[i] > t[most]) {
			most = i
		}
	}
	if most >= 0 {
		t[most]--
	}
	return most >= 0
}

// width returns how wide a line is, of at least one column.
func (t *table) width() int {
	sum := 0
	for _, w := range t {
		if w > 0 {
			sum += w + len(gap)
		}
	}
	return sum - len(gap)
}

// head returns the line above a list, with a name for the column of the due time.
func (t *table) head(dueTime string) string {
	var names cells
	for i, c := range columns {
		names[i] = c.head
	}
	names[due] = dueTime
	return t.line(names)
}

// line pads the cells, and cuts what is too long.
func (t *table) line(c cells) string {
	var parts []string
	for i, w := range t {
		if w > 0 {
			cell := plain.Cut(c[i], w)
			parts = append(parts, cell+strings.Repeat(" ", w-plain.Width(cell)))
		}
	}
	return strings.TrimRight(strings.Join(parts, gap), " ")
}
