package draw

import "slices"

// Moves show how values went from before to after, a row for each: a hollow dot, and a full
// one.
type Moves struct {
	ID         string // unique on the page
	Title, Sub string
	Tone       Tone
	Rows       []Move
	Ticks      []Tick
}

// A Move is a row of Moves.
type Move struct {
	Name          string
	Missing       bool // whether there is no value on a side
	Before, After Level
}

// Top returns the greatest value that is shown: what ticks must reach.
func (m Moves) Top() (top float64) {
	for _, r := range m.Rows {
		if !r.Missing {
			top = max(top, r.Before.Value, r.After.Value)
		}
	}
	return top
}

func (m Moves) drawing() drawing {
	const left, right, first, step = 60, chartWidth - 20, 34, 46
	bottom := float64(first + step*len(m.Rows) - 20)
	d := drawing{ID: m.ID, Title: m.Title, Sub: m.Sub, W: chartWidth, H: px(bottom + 24)}
	if len(m.Ticks) == 0 || !slices.ContainsFunc(m.Rows, func(r Move) bool { return !r.Missing }) {
		return empty(d)
	}
	low, high := m.Ticks[0].Value, m.Ticks[len(m.Ticks)-1].Value
	x := func(v float64) float64 { return left + (right-left)*min(1, max(0, (v-low)/(high-low))) }
	for i, t := range m.Ticks {
		class := "grid"
		if i == 0 {
			class = "zero"
		}
		d.Shapes = append(d.Shapes, line(class, x(t.Value), 8, x(t.Value), bottom), label("", x(t.Value), bottom+16, "middle", t.Text))
	}
	var said []string
	for i, r := range m.Rows {
		y := float64(first + step*i)
		d.Shapes = append(d.Shapes, label("", left-8, y+4, "end", r.Name))
		if r.Missing {
			d.Shapes = append(d.Shapes, label("val", (left+right)/2, y+4, "middle", "no data"))
			said = append(said, r.Name+": no data")
			continue
		}
		words := r.Name + ": " + r.Before.Text + " before, " + r.After.Text + " after"
		said = append(said, words)
		from, to := x(r.Before.Value), x(r.After.Value)
		d.Shapes = append(d.Shapes,
			line("line "+m.Tone.class(), from, y, to, y),
			circle("dot few "+m.Tone.class(), from, y, 4, ""), circle("dot "+m.Tone.class(), to, y, 4, words),
		)
		a, b := apart(from, to, width(r.Before.Text), width(r.After.Text), left, chartWidth)
		d.Shapes = append(d.Shapes, label("", a, y-9, "middle", r.Before.Text), label("val", b, y-9, "middle", r.After.Text))
	}
	d.Words = say(said)
	return d
}

// apart moves the middles of two texts beside each other, so that they do not meet and stay
// between left and right; the one that is further left stays so.
func apart(a, b, widthA, widthB, left, right float64) (x, y float64) {
	if a > b {
		y, x = apart(b, a, widthB, widthA, left, right)
		return x, y
	}
	const gap = 8
	if near := (widthA+widthB)/2 + gap - (b - a); near > 0 {
		a, b = a-near/2, b+near/2
	}
	if over := b + widthB/2 - right; over > 0 {
		b -= over
		a = min(a, b-(widthA+widthB)/2-gap)
	}
	if under := left - (a - widthA/2); under > 0 {
		a += under
		b = max(b, a+(widthA+widthB)/2+gap)
	}
	return a, b
}
