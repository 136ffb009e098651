package draw

import "math"

// Sizes of the text of charts, in units of a drawing of 11 px.
const (
	runeWidth  = 6.4 // of most runes, in bold
	clear      = 9   // between the middle of a text and what is drawn
	textHeight = 8   // of capitals
)

// width returns about how wide a text is.
func width(words string) float64 {
	n := 0
	for range words {
		n++
	}
	return runeWidth * float64(n)
}

// A room is where texts may stand: between its edges, away from what is drawn, and from
// each other.
type room struct {
	left, right, top, bottom float64
	taken                    []point
	texts                    []span
}

type span struct{ x0, x1, y float64 } // y is that of the middle

// line takes the points between two.
func (r *room) line(a, b point) {
	steps := max(1, math.Ceil(math.Hypot(b.x-a.x, b.y-a.y)/3))
	for i := 0.0; i <= steps; i++ {
		t := i / steps
		r.taken = append(r.taken, point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
	}
}

// free returns how far a text from x0 to x1, about y, is from what is drawn and from the
// edges; below 0, it is out of them, or on another text.
func (r *room) free(x0, x1, y float64) float64 {
	if x0 < r.left || x1 > r.right {
		return -1
	}
	near := min(y-r.top, r.bottom-y)
	for _, p := range r.taken {
		if p.x >= x0-3 && p.x <= x1+3 {
			near = min(near, math.Abs(p.y-y))
		}
	}
	for _, t := range r.texts {
		if x0 < t.x1+3 && t.x0-3 < x1 && math.Abs(t.y-y) < textHeight+4 {
			return -1
		}
	}
	return near
}

// place returns the first of some places for the middle of a text that is clear, or else
// the clearest, and takes it. It returns false if a text would be on another one everywhere.
func (r *room) place(words string, places []point) (point, bool) {
	w := width(words) / 2
	best, found := -1.0, point{}
	for _, p := range places {
		p.x = min(max(p.x, r.left+w), r.right-w)
		if f := r.free(p.x-w, p.x+w, p.y); f > best {
			best, found = f, p
			if f >= clear {
				break
			}
		}
	}
	if best < 0 {
		return point{}, false
	}
	r.texts = append(r.texts, span{found.x - w, found.x + w, found.y})
	return found, true
}

// about returns places below and above a height, the nearest first.
func about(x, y float64) (all []point) {
	for _, d := range [...]float64{10, 15, 20, 28} {
		all = append(all, point{x, y - d}, point{x, y + d})
	}
	return all
}
