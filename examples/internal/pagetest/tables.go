package pagetest

import (
	"strconv"
	"strings"
)

// tables checks what a table needs to be read aloud.
func (c *checker) tables() {
	for _, table := range c.byTag["table"] {
		if role, _ := table.attr("role"); role == "presentation" || role == "none" {
			c.at(table, "a table for the look")
		}
		c.caption(table)
		c.rows(table)
	}
	for _, th := range c.byTag["th"] {
		scope, _ := th.attr("scope")
		switch scope {
		case "col", "row", "colgroup", "rowgroup":
		default:
			c.at(th, "scope %q", scope)
		}
		if c.name(th) == "" {
			c.at(th, "a header without text")
		}
	}
}

func (c *checker) caption(table *node) {
	first := true
	captions := 0
	for _, child := range table.children {
		if child.tag == "caption" {
			if captions++; !first {
				c.at(child, "a caption is the first in its table")
			}
			if child.content() == "" {
				c.at(child, "an empty caption")
			}
		}
		first = first && child.tag == ""
	}
	if captions == 0 {
		c.at(table, "no caption")
	}
}

// rows checks that all rows of a table have as many columns as the first.
func (c *checker) rows(table *node) {
	type span struct{ columns, rows int }
	var below []span // cells that reach into the next rows
	want := -1
	for n := range table.all() {
		if n.tag == "thead" || n.tag == "tbody" || n.tag == "tfoot" {
			if len(below) > 0 {
				c.at(n, "a cell above reaches below its rows")
			}
			below = nil // no cell reaches out of its group
		}
		if n.tag != "tr" || n.table() != table {
			continue
		}
		width := 0
		var next []span
		for _, s := range below {
			width += s.columns
			if s.rows > 1 {
				next = append(next, span{s.columns, s.rows - 1})
			}
		}
		for _, cell := range n.children {
			if cell.tag != "td" && cell.tag != "th" {
				continue
			}
			columns, rows := c.span(cell, "colspan"), c.span(cell, "rowspan")
			width += columns
			if rows > 1 {
				next = append(next, span{columns, rows - 1})
			}
		}
		below = next
		switch {
		case want < 0:
			want = width
		case width != want:
			c.at(n, "a row of %d columns in a table of %d", width, want)
		}
	}
	if len(below) > 0 {
		c.at(table, "a cell reaches below its rows")
	}
}

// table returns the table around an element.
func (n *node) table() *node {
	for ; n != nil && n.tag != "table"; n = n.parent {
	}
	return n
}

// span returns over how many columns or rows a cell reaches.
func (c *checker) span(cell *node, name string) int {
	value, ok := cell.attr(name)
	if !ok {
		return 1
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		c.at(cell, "%s %q", name, value)
		return 1
	}
	return n
}

// graphics checks that pictures have words.
func (c *checker) graphics() {
	for n := range c.root.all() {
		switch {
		case n.tag == "svg" && !n.parent.drawn():
			c.picture(n)
		case n.tag == "img":
			if _, ok := n.attr("alt"); !ok {
				c.at(n, "no alt")
			}
		}
		if !n.drawn() {
			continue
		}
		for _, name := range []string{"width", "height", "r", "rx", "ry"} {
			if value, _ := n.attr(name); strings.HasPrefix(value, "-") {
				c.at(n, "%s is negative", name)
			}
		}
	}
}

// picture checks an svg that is not part of another one.
func (c *checker) picture(n *node) {
	role, _ := n.attr("role")
	switch {
	case n.inHidden():
	case role != "img":
		c.at(n, "role %q, want img, or aria-hidden", role)
	case c.label(n) == "":
		c.at(n, "has no label")
	}
}
