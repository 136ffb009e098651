package draw

import (
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/text"
)

// Columns show two counts by period beside each other: hollow what came in, full what went
// out.
type Columns struct {
	ID         string
	Title, Sub string
	In, Out    string // what they count, such as "came in"
	Points     []InOut
	Strip      Stretch
}

// InOut are the counts of a period.
type InOut struct {
	Stretch
	In, Out int64
	Partial bool
}

func (c Columns) drawing() drawing {
	d := drawing{ID: c.ID, Title: c.Title, Sub: c.Sub, W: chartWidth, H: chartHeight, Legend: []legend{{"", c.In}, {"went", c.Out}}}
	if len(c.Points) == 0 {
		return empty(d)
	}
	var top int64
	stretches := make([]Stretch, len(c.Points))
	for i, p := range c.Points {
		stretches[i], top = p.Stretch, max(top, p.In, p.Out)
	}
	f := newFrame(stretches, CountTicks(float64(top)))
	f.axes(stretches, c.Strip)
	var said []string
	wide := min(8, max(0.6, (edgeRight-edgeLeft)/float64(len(c.Points))*0.36))
	for _, p := range c.Points {
		words := p.Name + ": " + text.Count(p.In) + " " + c.In + ", " + text.Count(p.Out) + " " + c.Out
		part := ""
		if p.Partial {
			words += ", so far"
			part = " part"
		}
		said = append(said, words)
		x, in, out := f.middle(p.Stretch), f.y(float64(p.In)), f.y(float64(p.Out))
		f.draw(rect("bar-in"+part, x-wide-wide/8, in, wide, edgeBottom-in, words), rect("bar-out"+part, x+wide/8, out, wide, edgeBottom-out, words))
	}
	d.Shapes, d.Words = f.shapes, say(said)
	return d
}

// Hours show a count by hour of a day, with what is usual.
type Hours struct {
	ID         string
	Title, Sub string
	From       int // the first hour
	Counts     []int64
	Usual      []float64 // of each hour; nil if nobody knows
	Now        int       // the hour that is not over, and after which nothing is known
}

func (h Hours) drawing() drawing {
	d := drawing{ID: h.ID, Title: h.Title, Sub: h.Sub, W: 520, H: 200}
	if len(h.Counts) == 0 {
		return empty(d)
	}
	const left, right, top, bottom = 34, 514, 18, 172
	most := 0.0
	for _, n := range h.Counts {
		most = max(most, float64(n))
	}
	for _, u := range h.Usual {
		most = max(most, u)
	}
	ticks := CountTicks(most)
	y := func(v float64) float64 { return bottom - (bottom-top)*v/ticks[len(ticks)-1].Value }
	for i, t := range ticks {
		class := "grid"
		if i == 0 {
			class = "zero"
		}
		d.Shapes = append(d.Shapes, line(class, left, y(t.Value), right, y(t.Value)), label("", left-6, y(t.Value)+4, "end", t.Text))
	}
	var hours []string
	step := (right - left) / float64(len(h.Counts))
	for i, n := range h.Counts {
		hour := h.From + i
		x := left + step*float64(i)
		high := float64(n)
		var said []string
		if hour <= h.Now {
			class, words := "bar-out", text.Count(n)
			if hour == h.Now {
				class, words = "bar-in", words+" so far"
			}
			said = append(said, words)
			d.Shapes = append(d.Shapes, rect(class, x+step*0.14, y(float64(n)), step*0.72, bottom-y(float64(n)), ""))
		}
		if h.Usual != nil {
			high = max(high, h.Usual[i])
			said = append(said, "usual "+text.Number(h.Usual[i], 1))
			d.Shapes = append(d.Shapes, line("usual-line", x+step*0.08, y(h.Usual[i]), x+step*0.92, y(h.Usual[i])))
		}
		if len(said) > 0 {
			hours = append(hours, strconv.Itoa(hour)+" to "+strconv.Itoa(hour+1)+": "+strings.Join(said, ", "))
		}
		if hour <= h.Now && n > 0 {
			d.Shapes = append(d.Shapes, label("val", x+step/2, y(high)-5, "middle", text.Count(n)))
		}
		d.Shapes = append(d.Shapes, label("", x+step/2, bottom+16, "middle", strconv.Itoa(hour)))
	}
	d.Words = say(hours)
	return d
}
