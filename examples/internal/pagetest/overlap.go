package pagetest

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Overlaps returns the texts of each svg that lie on one another or leave its viewBox. It
// knows no fonts: a rune is 0.58 of its font size wide, 6.4 units at 11 px. It follows
// text-anchor, x, y, dx, dy, transform, dominant-baseline, tspan, and sizes of fonts in
// px that an attribute or the CSS of the page sets. Texts that are not read aloud count
// too, those in symbols and patterns do not.
func Overlaps(page string) []Fault {
	p := parse(page)
	p.faults = nil
	sheet, _ := parseCSS(CSS(page)) // Check reports the error
	for n := range p.root.all() {
		if n.tag == "svg" {
			p.overlaps(n, sheet)
		}
	}
	return p.faults
}

const (
	runeWidth = 6.4 / 11 // of the size of the font
	ascent    = 0.75
	descent   = 0.2
	slack     = 1 // units that two texts may share, or stand outside
	fontSize  = 11
)

// A box is where a text lies, in units of its viewBox.
type box struct {
	left, top, right, bottom float64
	text                     string
}

func (a box) meets(b box) bool {
	return a.left < b.right-slack && b.left < a.right-slack && a.top < b.bottom-slack && b.top < a.bottom-slack
}

// overlaps checks the texts of one svg.
func (p *page) overlaps(svg *node, sheet []rule) {
	view, ok := svg.attr("viewbox")
	bounds := numbers(view)
	if !ok || len(bounds) != 4 {
		if view != "" {
			p.at(svg, "viewBox %q", view)
		}
		return
	}
	w := &writer{sheet: sheet, width: bounds[2], height: bounds[3]}
	w.walk(svg, identity)
	for i, a := range w.boxes {
		if a.left < bounds[0]-slack || a.top < bounds[1]-slack || a.right > bounds[0]+bounds[2]+slack || a.bottom > bounds[1]+bounds[3]+slack {
			p.at(svg, "%q leaves the viewBox: %.1f to %.1f, %.1f to %.1f", a.text, a.left, a.right, a.top, a.bottom)
		}
		for _, b := range w.boxes[:i] {
			if a.meets(b) {
				p.at(svg, "%q and %q lie on one another", b.text, a.text)
			}
		}
	}
}

// A writer places texts.
type writer struct {
	sheet         []rule
	width, height float64
	boxes         []box
}

func (w *writer) walk(n *node, m matrix) {
	for _, child := range n.children {
		switch child.tag {
		case "", "svg", "defs", "symbol", "pattern", "title", "desc":
			continue
		}
		if shown, _ := child.attr("display"); shown == "none" {
			continue
		}
		transform, _ := child.attr("transform")
		inner := m.times(parseTransform(transform))
		if child.tag != "text" {
			w.walk(child, inner)
			continue
		}
		w.line(child, inner)
	}
}

// A chunk is a piece of text with a start of its own.
type chunk struct {
	x, y, width, size float64
	anchor, baseline  string
	text              strings.Builder
}

// line places a text element: one box for each chunk.
func (w *writer) line(text *node, m matrix) {
	var chunks []*chunk
	var x, y float64
	var walk func(n *node)
	walk = func(n *node) {
		size := w.size(n)
		newX, hasX := w.length(n, "x", w.width, size)
		newY, hasY := w.length(n, "y", w.height, size)
		dx, hasDX := w.length(n, "dx", w.width, size)
		dy, hasDY := w.length(n, "dy", w.height, size)
		if hasX {
			x = newX
		}
		if hasY {
			y = newY
		}
		x, y = x+dx, y+dy
		if len(chunks) == 0 || hasX || hasY || hasDX || hasDY {
			chunks = append(chunks, &chunk{x: x, y: y, size: size, anchor: w.style(n, "text-anchor"), baseline: w.style(n, "dominant-baseline")})
		}
		for _, child := range n.children {
			if child.tag != "" {
				walk(child)
				continue
			}
			last := chunks[len(chunks)-1]
			run := strings.Join(strings.Fields(child.text), " ")
			last.text.WriteString(run)
			advance := float64(utf8.RuneCountInString(run)) * size * runeWidth
			last.width += advance
			x += advance
		}
	}
	walk(text)
	for _, c := range chunks {
		if c.text.Len() == 0 || c.size == 0 {
			continue
		}
		left := c.x
		switch c.anchor {
		case "middle":
			left -= c.width / 2
		case "end":
			left -= c.width
		}
		base := c.y
		switch c.baseline {
		case "middle", "central":
			base += c.size * (ascent - descent) / 2
		case "hanging", "text-before-edge", "text-top":
			base += c.size * ascent
		case "text-after-edge", "text-bottom":
			base -= c.size * descent
		}
		b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1), c.text.String()}
		for _, px := range []float64{left, left + c.width} {
			for _, py := range []float64{base - c.size*ascent, base + c.size*descent} {
				x, y := m.point(px, py)
				b.left, b.right = min(b.left, x), max(b.right, x)
				b.top, b.bottom = min(b.top, y), max(b.bottom, y)
			}
		}
		w.boxes = append(w.boxes, b)
	}
}

// length reads the first length of an attribute.
func (w *writer) length(n *node, name string, whole, size float64) (v float64, ok bool) {
	value, ok := n.attr(name)
	if fields := strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == ',' }); len(fields) > 0 {
		value = fields[0]
	}
	unit := 1.0
	switch {
	case strings.HasSuffix(value, "%"):
		unit = whole / 100
	case strings.HasSuffix(value, "em"):
		unit = size
	}
	v, err := strconv.ParseFloat(strings.TrimRight(value, "%empx"), 64)
	return v * unit, ok && err == nil
}

// size returns the size of the font of an element.
func (w *writer) size(n *node) float64 {
	value := w.style(n, "font-size")
	v, err := strconv.ParseFloat(strings.TrimSuffix(value, "px"), 64)
	if err != nil {
		return fontSize
	}
	return v
}

// style returns a property of a text that the CSS of the page, its attributes, or elements
// around it set. Conditions are not met; of a selector, what stands before its last part must be
// somewhere around the element.
func (w *writer) style(n *node, name string) string {
	for ; n != nil && n.drawn(); n = n.parent {
		value, _ := n.attr(name)
		best := -1
		for _, r := range w.sheet {
			weight := r.weight(n)
			if len(r.conditions) > 0 || weight < max(best, 0) {
				continue
			}
			for _, d := range r.declarations {
				v := d.value
				if d.name == "font" && name == "font-size" {
					v = fontShorthand(v)
				} else if d.name != name {
					continue
				}
				if v != "" {
					value, best = v, weight
				}
			}
		}
		if value != "" {
			return value
		}
	}
	return ""
}

// fontShorthand returns the size in a value of font, if it is in px.
func fontShorthand(value string) string {
	for field := range strings.FieldsSeq(value) {
		size, _, _ := strings.Cut(field, "/")
		if number, ok := strings.CutSuffix(size, "px"); ok {
			if _, err := strconv.ParseFloat(number, 64); err == nil {
				return size
			}
		}
	}
	return ""
}

// weight returns how much a rule counts for an element, negative if not at all: a class of
// its selector a hundred, a tag one.
func (r rule) weight(n *node) int {
	best := -1
	for selector := range strings.SplitSeq(r.selector, ",") {
		parts := strings.FieldsFunc(selector, func(c rune) bool { return strings.ContainsRune(" >+~", c) })
		if len(parts) == 0 || strings.ContainsAny(parts[len(parts)-1], ":[#*") || !n.isPart(parts[len(parts)-1]) {
			continue
		}
		weight, fits := 0, true
		for i, part := range parts {
			names := strings.Split(part, ".")
			if names[0] != "" {
				weight++
			}
			weight += 100 * (len(names) - 1)
			fits = fits && (i == len(parts)-1 || strings.ContainsAny(part, ":[#*") || n.isIn(part))
		}
		if fits {
			best = max(best, weight)
		}
	}
	return best
}

// isPart reports whether an element is what a part of a selector names: a tag, classes, or
// both.
func (n *node) isPart(part string) bool {
	names := strings.Split(part, ".")
	if names[0] != "" && names[0] != n.tag {
		return false
	}
	for _, class := range names[1:] {
		if !slices.Contains(n.classes(), class) {
			return false
		}
	}
	return true
}

// isIn reports whether an element around another one is what a part of a selector names.
func (n *node) isIn(part string) bool {
	for n = n.parent; n != nil; n = n.parent {
		if n.isPart(part) {
			return true
		}
	}
	return false
}

// A matrix maps points: x' = a x + c y + e, y' = b x + d y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func (m matrix) point(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// times returns the matrix that maps by n and then by m.
func (m matrix) times(n matrix) matrix {
	e, f := m.point(n.e, n.f)
	return matrix{m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b, m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d, e, f}
}

// parseTransform reads a transform attribute. What it does not know moves nothing.
func parseTransform(text string) matrix {
	m := identity
	for {
		name, rest, ok := strings.Cut(text, "(")
		list, after, closed := strings.Cut(rest, ")")
		if !ok || !closed {
			return m
		}
		text = after
		v := append(numbers(list), 0, 0, 0)
		given := len(v) - 3
		switch strings.Trim(name, " ,\n") {
		case "translate":
			m = m.times(matrix{1, 0, 0, 1, v[0], v[1]})
		case "scale":
			if given == 1 {
				v[1] = v[0]
			}
			m = m.times(matrix{a: v[0], d: v[1]})
		case "rotate":
			sin, cos := math.Sincos(v[0] * math.Pi / 180)
			m = m.times(matrix{1, 0, 0, 1, v[1], v[2]}).times(matrix{cos, sin, -sin, cos, 0, 0}).times(matrix{1, 0, 0, 1, -v[1], -v[2]})
		case "matrix":
			if given == 6 {
				m = m.times(matrix{v[0], v[1], v[2], v[3], v[4], v[5]})
			}
		}
	}
}

// numbers reads a list of numbers; nil if any is none.
func numbers(list string) []float64 {
	var all []float64
	for _, field := range strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' }) {
		v, err := strconv.ParseFloat(strings.TrimSuffix(field, "px"), 64)
		if err != nil {
			return nil
		}
		all = append(all, v)
	}
	return all
}
