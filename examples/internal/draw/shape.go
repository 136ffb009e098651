package draw

import (
	"strconv"
	"strings"
)

// A drawing is a chart as shapes.
type drawing struct {
	ID         string
	Title, Sub string
	Legend     []legend
	Words      string // all values
	W, H       px
	Shapes     []shape
}

type legend struct{ Class, Text string }

// px is a coordinate of a drawing.
type px float64

// String returns the coordinate with one place at most.
func (p px) String() string {
	s := strings.TrimSuffix(strconv.FormatFloat(float64(p), 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// A shape is a rectangle, line, polyline, polygon, circle or text, whichever of the
// fields it has.
type shape struct {
	Kind     string // the name of its element
	Class    string
	X, Y     px // of a line, where it begins; of a circle, its centre
	X2, Y2   px
	W, H, R  px
	Points   string
	Text     string // of a text; of others, what is said about it
	Anchor   string
	Baseline px // how far the text is moved down
}

func rect(class string, x, y, w, h float64, said string) shape {
	return shape{Kind: "rect", Class: class, X: px(x), Y: px(y), W: px(w), H: px(max(0, h)), Text: said}
}

func line(class string, x, y, x2, y2 float64) shape {
	return shape{Kind: "line", Class: class, X: px(x), Y: px(y), X2: px(x2), Y2: px(y2)}
}

func circle(class string, x, y, r float64, said string) shape {
	return shape{Kind: "circle", Class: class, X: px(x), Y: px(y), R: px(r), Text: said}
}

func label(class string, x, y float64, anchor, words string) shape {
	return shape{Kind: "text", Class: class, X: px(x), Y: px(y), Anchor: anchor, Text: words}
}

// A point is a place in a drawing.
type point struct{ x, y float64 }

// path returns points as SVG writes them.
func path(points []point) string {
	all := make([]string, len(points))
	for i, p := range points {
		all[i] = px(p.x).String() + "," + px(p.y).String()
	}
	return strings.Join(all, " ")
}

func polyline(class string, points []point) shape {
	return shape{Kind: "polyline", Class: class, Points: path(points)}
}

func polygon(class string, points []point) shape {
	return shape{Kind: "polygon", Class: class, Points: path(points)}
}
