package draw

import "slices"

// A Tone is the colour of what is drawn, by what it shows.
type Tone uint8

const (
	Time  Tone = iota // how long something took
	Star              // satisfaction
	Stock             // what is open
)

func (t Tone) class() string { return [...]string{"time", "star", "stock"}[t] }

// A Line shows a value by period. A period without one breaks the line, and a dot that is
// hollow has few values, or is of a period that is not over.
type Line struct {
	ID         string // unique on the page
	Title, Sub string
	Tone       Tone
	Points     []Value
	Ticks      []Tick  // of the values; see [Line.Top]
	Strip      Stretch // the period that the page is about; the zero Stretch is none
	Goal       *Level
	Wholes     []Whole
	Last       bool // whether the last value is written beside its dot
}

// A Value is that of a period.
type Value struct {
	Stretch
	Missing bool
	Value   float64
	Text    string // the value for people
	Said    string // what else is said of it, such as "n = 12"
	Few     bool   // whether it is of few
	Partial bool   // whether the period is not over
	// Usual says that Low and High bound what chance alone does; beyond them the value
	// stands out, and Stands says so.
	Usual     bool
	Low, High float64
	Stands    string
	// Interval says that the value lies between Lowest and Highest, as far as it is known.
	Interval        bool
	Lowest, Highest float64
}

// A Level is a value that should be kept.
type Level struct {
	Value float64
	Text  string
}

// A Whole is the value of a whole stretch.
type Whole struct {
	Stretch
	Value float64
	Text  string
	Old   bool // whether it is what the other one is held against
}

// Top returns the greatest value that a line shows: what its ticks must reach.
func (l Line) Top() (top float64) {
	for _, v := range l.Points {
		if !v.Missing {
			top = max(top, v.Value)
		}
	}
	for _, f := range l.Wholes {
		top = max(top, f.Value)
	}
	return top
}

func (l Line) drawing() drawing {
	d := drawing{ID: l.ID, Title: l.Title, Sub: l.Sub, W: chartWidth, H: chartHeight}
	if len(l.Ticks) == 0 || !slices.ContainsFunc(l.Points, func(v Value) bool { return !v.Missing }) {
		return empty(d)
	}
	stretches := make([]Stretch, len(l.Points))
	for i, v := range l.Points {
		stretches[i] = v.Stretch
	}
	f := newFrame(stretches, l.Ticks)
	f.axes(stretches, l.Strip)
	l.usual(f)
	if l.Goal != nil {
		f.draw(line("goal", edgeLeft, f.y(l.Goal.Value), edgeRight, f.y(l.Goal.Value)))
		f.room.line(point{edgeLeft, f.y(l.Goal.Value)}, point{edgeRight, f.y(l.Goal.Value)})
	}
	l.lines(f)
	l.dots(f)
	l.labels(f)
	d.Shapes, d.Words = f.shapes, l.words()
	return d
}

// usual draws the band between the limits, broken where there are none.
func (l Line) usual(f *frame) {
	var low, high []point
	end := func() {
		if len(low) > 0 {
			slices.Reverse(low)
			f.draw(polygon("usual", append(high, low...)))
		}
		low, high = nil, nil
	}
	for _, v := range l.Points {
		if !v.Usual {
			end()
			continue
		}
		a, b := f.x(v.Stretch.From), f.x(v.Stretch.To)
		low = append(low, point{a, f.y(v.Low)}, point{b, f.y(v.Low)})
		high = append(high, point{a, f.y(v.High)}, point{b, f.y(v.High)})
	}
	end()
}

// lines draws the line: dashed where it leads to a period that is not over.
func (l Line) lines(f *frame) {
	class := "line " + l.Tone.class()
	var run []point
	end := func() {
		if len(run) > 1 {
			f.draw(polyline(class, run))
		}
		run = nil
	}
	for _, v := range l.Points {
		if v.Missing {
			end()
			continue
		}
		p := point{f.middle(v.Stretch), f.y(v.Value)}
		if n := len(run); n > 0 {
			f.room.line(run[n-1], p)
			if v.Partial {
				last := run[n-1]
				end()
				f.draw(polyline(class+" part", []point{last, p}))
			}
		}
		run = append(run, p)
	}
	end()
}

// dots draws the values, with their intervals, and a ring about what stands out.
func (l Line) dots(f *frame) {
	gap := (edgeRight - edgeLeft) / float64(max(1, len(l.Points)))
	r := min(3.2, max(1.2, 0.4*gap))
	for _, v := range l.Points {
		if v.Missing {
			continue
		}
		x, y := f.middle(v.Stretch), f.y(v.Value)
		f.room.line(point{x, y}, point{x, y})
		if v.Interval {
			f.draw(rect("iv "+l.Tone.class(), x-1, f.y(v.Highest), 2, f.y(v.Lowest)-f.y(v.Highest), ""))
		}
		if v.Stands != "" {
			f.draw(circle("ring", x, y, r+3.4, ""))
		}
		class := "dot " + l.Tone.class()
		if v.Few || v.Partial {
			class += " few"
		}
		f.draw(circle(class, x, y, r, v.said()))
	}
}

// labels draws the flat lines and their texts, that of the goal, and that of the last
// value.
func (l Line) labels(f *frame) {
	for _, s := range l.Wholes {
		class := "step"
		if s.Old {
			class += " old"
		}
		a, b := point{f.x(s.From), f.y(s.Value)}, point{f.x(s.To), f.y(s.Value)}
		f.draw(line(class, a.x, a.y, b.x, b.y))
		f.room.line(a, b)
	}
	for _, s := range l.Wholes {
		f.text("val", s.Text, about((f.x(s.From)+f.x(s.To))/2, f.y(s.Value)))
	}
	if v := l.Points[len(l.Points)-1]; l.Last && !v.Missing {
		f.text("val", v.Text, about(f.middle(v.Stretch), f.y(v.Value)))
	}
	if l.Goal != nil {
		var places []point
		for x := float64(edgeRight); x > edgeLeft; x -= 12 {
			places = append(places, point{x, f.y(l.Goal.Value) - 10}, point{x, f.y(l.Goal.Value) + 10})
		}
		f.text("goals", l.Goal.Text, places)
	}
}

// text draws a text at the best of some places, if there is one.
func (f *frame) text(class, words string, places []point) {
	if p, ok := f.room.place(words, places); ok {
		f.draw(label(class, p.x, p.y+4, "middle", words))
	}
}

func (v Value) said() string {
	if v.Missing {
		return v.Name + ": no data"
	}
	said := v.Name + ": " + v.Text
	if v.Said != "" {
		said += " (" + v.Said + ")"
	}
	if v.Partial {
		said += ", so far"
	}
	if v.Stands != "" {
		said += ", " + v.Stands
	}
	return said
}

// words are all values of the line.
func (l Line) words() string {
	var said []string
	for _, v := range l.Points {
		said = append(said, v.said())
	}
	for _, s := range l.Wholes {
		said = append(said, s.Name+" as a whole: "+s.Text)
	}
	if l.Goal != nil {
		said = append(said, "goal: "+l.Goal.Text)
	}
	return say(said)
}
