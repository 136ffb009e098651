package draw

import (
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

const wholeDay = 24 * time.Hour

// A Histogram shows the shares of customers by how long they waited. Its classes are of
// equal width, whatever time they are; the last bar, hatched, has no answer.
type Histogram struct {
	ID         string
	Title, Sub string
	Bounds     []time.Duration // between the classes; each includes its upper bound
	Counts     []int64         // one more than there are bounds
	None       int64           // who has no answer
}

// Class returns the class of a time among bounds.
func Class(bounds []time.Duration, d time.Duration) int {
	i := 0
	for i < len(bounds) && d > bounds[i] {
		i++
	}
	return i
}

// ClassName names a class for people.
func ClassName(bounds []time.Duration, i int) string {
	switch {
	case i == 0:
		return "up to " + round(bounds[0])
	case i == len(bounds):
		return "over " + round(bounds[i-1])
	}
	if low := bounds[i-1]; low >= wholeDay {
		return text.Range(text.Count(int64(low/wholeDay))+" days", round(bounds[i]))
	}
	return text.Range(round(bounds[i-1]), round(bounds[i]))
}

// round writes a round time, of which days are not split: "15 min", "1 day".
func round(d time.Duration) string {
	if d >= wholeDay {
		return text.Counted(int64(d/wholeDay), "day")
	}
	return text.Duration(d)
}

func (h Histogram) drawing() drawing {
	const height, left, right, top, bottom = 150, 8, chartWidth - 8, 20, 118
	d := drawing{ID: h.ID, Title: h.Title, Sub: h.Sub, W: chartWidth, H: height}
	whole := h.None
	for _, n := range h.Counts {
		whole += n
	}
	if whole == 0 {
		return empty(d)
	}
	bars := append(append([]int64(nil), h.Counts...), h.None)
	highest := 0.0
	for _, n := range bars {
		highest = max(highest, float64(n)/float64(whole))
	}
	highest = math.Ceil(highest*10) / 10
	step := float64(right-left) / float64(len(bars))
	d.Shapes = append(d.Shapes, line("zero", left, bottom, right, bottom))
	var said []string
	for i, n := range bars {
		share := float64(n) / float64(whole)
		x, high := left+step*float64(i), (bottom-top)*share/highest
		class, name := "bar-out", "no answer"
		if i < len(h.Counts) {
			name = ClassName(h.Bounds, i)
		} else {
			class = "bar-none"
		}
		words := name + ": " + text.Count(n) + " of " + text.Count(whole)
		said = append(said, words)
		if n > 0 {
			percent := text.Share(n, whole, 0)
			percent = percent[:len(percent)-len(" %")]
			if percent == "0" {
				percent = "<1"
			}
			d.Shapes = append(d.Shapes, rect(class, x+2, bottom-high, step-4, high, words), label("val", x+step/2, bottom-high-5, "middle", percent))
		}
		if i < len(h.Bounds) {
			d.Shapes = append(d.Shapes, label("", x+step, bottom+14, "middle", short(h.Bounds[i])))
		}
	}
	d.Shapes = append(d.Shapes, label("", left, bottom+28, "start", "waited up to"), label("", right, bottom+28, "end", "no answer"))
	d.Words = say(said)
	return d
}

// short writes a round time in as few letters as it takes: 30s, 2m, 8h, 1d.
func short(d time.Duration) string {
	switch {
	case d%wholeDay == 0:
		return text.Count(int64(d/wholeDay)) + "d"
	case d%time.Hour == 0:
		return text.Count(int64(d/time.Hour)) + "h"
	case d%time.Minute == 0:
		return text.Count(int64(d/time.Minute)) + "m"
	}
	return text.Count(int64(d/time.Second)) + "s"
}
