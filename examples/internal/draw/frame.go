package draw

import (
	"strings"
	"time"
)

// The sizes of a chart over time, and of its edges.
const (
	chartWidth  = 356
	chartHeight = 178
	edgeLeft    = 46
	edgeRight   = chartWidth - 10
	edgeTop     = 14
	edgeBottom  = chartHeight - 24
)

// A Stretch is a period on the axis of a chart.
type Stretch struct {
	From, To time.Time
	Name     string // for people, such as "week of 2 February"
	Label    string // below the axis, if there is room for it; mostly the first of a month
}

func (s Stretch) isZero() bool { return s.From.Equal(s.To) }

// A frame says where things are on a chart over time. Time is linear, so that months and
// weeks lie where they are.
type frame struct {
	start, end time.Time
	ticks      []Tick
	room       room
	shapes     []shape
}

func newFrame(stretches []Stretch, ticks []Tick) *frame {
	f := &frame{ticks: ticks, room: room{left: edgeLeft, right: chartWidth - 3, top: 4, bottom: edgeBottom - 3}}
	if len(stretches) > 0 {
		f.start, f.end = stretches[0].From, stretches[len(stretches)-1].To
	}
	return f
}

func (f *frame) x(t time.Time) float64 {
	whole := f.end.Sub(f.start).Seconds()
	if whole <= 0 {
		return edgeLeft
	}
	return edgeLeft + (edgeRight-edgeLeft)*min(1, max(0, t.Sub(f.start).Seconds()/whole))
}

// middle returns where the middle of a stretch is.
func (f *frame) middle(s Stretch) float64 { return (f.x(s.From) + f.x(s.To)) / 2 }

// y returns where a value is; one above the last tick is at the top, and one below the first
// at the bottom.
func (f *frame) y(v float64) float64 {
	low, high := f.ticks[0].Value, f.ticks[len(f.ticks)-1].Value
	return edgeBottom - (edgeBottom-edgeTop)*min(1, max(0, (v-low)/(high-low)))
}

func (f *frame) draw(s ...shape) { f.shapes = append(f.shapes, s...) }

// axes draws the grid with its ticks, and the names of stretches as far as there is room.
func (f *frame) axes(stretches []Stretch, strip Stretch) {
	if !strip.isZero() {
		from, to := f.x(strip.From), f.x(strip.To)
		f.draw(rect("strip", from, edgeTop-6, to-from, edgeBottom-edgeTop+6, ""))
	}
	for i, t := range f.ticks {
		class := "grid"
		if i == 0 || t.Value == 0 {
			class = "zero"
		}
		f.draw(line(class, edgeLeft, f.y(t.Value), edgeRight, f.y(t.Value)),
			label("", edgeLeft-6, f.y(t.Value)+4, "end", t.Text))
	}
	free := 0.0
	for _, s := range stretches {
		if s.Label == "" {
			continue
		}
		x, w := f.middle(s), width(s.Label)/2
		x = min(max(x, edgeLeft-20+w), chartWidth-w)
		if x-w < free {
			continue
		}
		free = x + w + 6
		f.draw(line("zero", f.middle(s), edgeBottom, f.middle(s), edgeBottom+4), label("", x, chartHeight-8, "middle", s.Label))
	}
}

// say joins what is said about the points of a chart.
func say(points []string) string { return strings.Join(points, "; ") }

// empty is a chart without data.
func empty(d drawing) drawing {
	d.W, d.H = chartWidth, chartHeight
	d.Words = "No data."
	d.Shapes = []shape{label("val", chartWidth/2, chartHeight/2, "middle", "no data")}
	return d
}
