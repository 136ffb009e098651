package main

import (
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics"
)

// A lineChart is the control chart of an index, drawn.
type lineChart struct {
	ID          string // unique on the page
	Title       string
	Alternative string   // the chart in words, for readers who cannot see it
	Words       []string // where the index goes, and what stands out

	Width, Height int
	Left, Right   float64 // of what is drawn
	Center        float64
	Limited       bool
	Stretches     []string // points of lines, broken at gaps
	Band          []string // between the limits
	Points        []dot
	Ticks         []tick // values, on the left
	Labels        []tick // periods, below
}

type dot struct {
	X, Y   float64
	Title  string
	Signal bool
}

type tick struct {
	At   float64
	Text string
}

// Sizes of a line chart in pixels.
const (
	lineWidth  = 470
	lineHeight = 190
	lineLeft   = 78
	lineRight  = lineWidth - 12
	lineTop    = 10
	lineBottom = lineHeight - 26
)

// lineCharts draws each index over time.
func lineCharts(r *report) []lineChart {
	if r.Series == nil {
		return nil
	}
	var charts []lineChart
	for i, s := range r.Series.Indices {
		if len(s.Values()) > 0 {
			charts = append(charts, s.draw(fmt.Sprintf("trend-%d", i+1)))
		}
	}
	return charts
}

// draw places the points of a series, from 0 up to the greatest value or limit.
func (s indexSeries) draw(id string) lineChart {
	c := lineChart{
		ID: id, Title: s.Metric.String(), Words: s.words(), Width: lineWidth, Height: lineHeight,
		Left: lineLeft, Right: lineRight, Limited: s.Chart.Limited,
	}
	top := 0.0
	for _, p := range s.Chart.Points {
		top = max(top, p.Value, p.High)
	}
	if top == 0 {
		top = 1 // all values are 0
	}
	n := len(s.Chart.Points)
	x := func(i int) float64 {
		return lineLeft + 8 + (lineRight-lineLeft-16)*(float64(i)+0.5)/float64(n)
	}
	y := func(v float64) float64 { return lineBottom - (lineBottom-lineTop)*max(0, v)/top }

	c.Center = y(s.Chart.Center)
	var line, high, low []string
	end := func() {
		if len(line) > 1 {
			c.Stretches = append(c.Stretches, strings.Join(line, " "))
			c.Band = append(c.Band, strings.Join(append(high, low...), " "))
		}
		line, high, low = nil, nil, nil
	}
	var said []string
	for i, p := range s.Chart.Points {
		if p.Missing {
			end()
			said = append(said, p.Period.String()+" no data")
			continue
		}
		words := p.Period.String() + " " + s.print(p.Value)
		said = append(said, words)
		at := fmt.Sprintf("%.1f,%.1f", x(i), y(p.Value))
		line = append(line, at)
		high = append(high, fmt.Sprintf("%.1f,%.1f", x(i), y(p.High)))
		low = append([]string{fmt.Sprintf("%.1f,%.1f", x(i), y(p.Low))}, low...)
		c.Points = append(c.Points, dot{X: x(i), Y: y(p.Value), Title: words, Signal: s.signals(p.Period)})
	}
	end()
	for _, v := range []float64{0, top / 2, top} {
		c.Ticks = append(c.Ticks, tick{y(v), s.print(v)})
	}
	for _, i := range []int{0, n / 2, n - 1} {
		if label := (tick{x(i), s.Chart.Points[i].Period.String()}); len(c.Labels) == 0 || label.At-c.Labels[len(c.Labels)-1].At > 90 {
			c.Labels = append(c.Labels, label)
		}
	}
	c.Alternative = strings.Join(said, ", ") + ". " + strings.Join(c.Words, ". ") + "."
	return c
}

// signals reports whether a period stands out.
func (s indexSeries) signals(p metrics.Period) bool {
	for _, signal := range s.Chart.Signals {
		if signal.From.Compare(p) <= 0 && p.Compare(signal.To) <= 0 {
			return true
		}
	}
	return false
}
