package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/compare"
)

// listedPeriods is how many periods are listed.
const listedPeriods = 24

// reportPeriods writes an index by period, whether it goes up or down, and which periods
// stand out.
func reportPeriods(w io.Writer, c *course, s settings) error {
	unit := c.unit.String()
	if len(c.periods) == 0 {
		fmt.Fprintf(w, "  by %s: no answers with a time\n", unit)
		return nil
	}
	if c.tooMany {
		wrap(w, "  ", fmt.Sprintf("by %s: there are more than %d from %v to %v; take a longer period, or look for a wrong date", unit, maxPeriods, c.periods[0], c.periods[1]))
		return nil
	}
	fmt.Fprintf(w, "  by %s:\n", unit)
	if more := len(c.periods) - listedPeriods; more > 0 {
		fmt.Fprintf(w, "    … %d before\n", more)
	}
	for _, p := range c.periods[max(0, len(c.periods)-listedPeriods):] {
		text := p.String() + " no answers"
		if x, ok := c.indices[p]; ok {
			var err error
			if text, err = line(p.String(), x); err != nil {
				return err
			}
		}
		if !s.isOver(p) {
			text += " (not over)"
		}
		fmt.Fprintf(w, "    %s\n", text)
	}
	reportTimeline(w, c, s)
	return nil
}

// reportTimeline writes the trend over periods, and what stands out.
func reportTimeline(w io.Writer, c *course, s settings) {
	wrap(w, "    ", "trend: "+strings.TrimPrefix(said(c.trend), c.metric.String()+": "))
	since := ""
	if c.baseline {
		since = " before " + s.changed.Format(time.DateOnly)
	}
	chart := c.chart
	if !chart.Limited {
		wrap(w, "    ", fmt.Sprintf("too few %vs in a row, or too much alike%s, to tell which stand out", c.unit, since))
		return
	}
	value := func(v float64) string {
		return compare.Value{Metric: c.metric, Value: min(max(v, c.low), c.high)}.String()
	}
	points := slices.DeleteFunc(slices.Clone(chart.Points), func(p compare.ControlPoint) bool { return p.Missing })
	last := points[len(points)-1]
	usual := fmt.Sprintf("usual%s: about %s, by chance from %s to %s; ", since, value(chart.Center), value(last.Low), value(last.High))
	if len(chart.Signals) == 0 {
		wrap(w, "    ", usual+fmt.Sprintf("no %v stands out", c.unit))
		return
	}
	wrap(w, "    ", usual+"what stands out:")
	for _, signal := range chart.Signals[max(0, len(chart.Signals)-listed):] {
		fmt.Fprintf(w, "      %v\n", signal)
	}
}
