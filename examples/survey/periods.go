package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/survey"
)

// How many periods are looked at, beyond which a date is probably wrong, and how many are
// listed.
const (
	maxPeriods    = 1000
	listedPeriods = 24
)

// reportPeriods writes an index by period, whether it goes up or down, and which periods
// stand out.
func reportPeriods(w io.Writer, q *surveyfile.Question, s settings) error {
	unit := s.period.String()
	indices, err := byPeriod(q, metrics.Periods{Unit: s.period, WeekStart: time.Monday})
	if err != nil {
		return err
	}
	if len(indices) == 0 {
		fmt.Fprintf(w, "  by %s: no answers with a time\n", unit)
		return nil
	}
	var present []metrics.Period
	for p := range indices {
		present = append(present, p)
	}
	slices.SortFunc(present, metrics.Period.Compare)
	first, last := present[0], present[len(present)-1]
	var all, over []metrics.Period
	for p := first; p.Compare(last) <= 0; p = p.Next(1) {
		if all = append(all, p); len(all) > maxPeriods {
			wrap(w, "  ", fmt.Sprintf("by %s: there are more than %d from %v to %v; take a longer period, or look for a wrong date", unit, maxPeriods, first, last))
			return nil
		}
		if !p.In(time.UTC).End.After(s.now) {
			over = append(over, p)
		}
	}
	fmt.Fprintf(w, "  by %s:\n", unit)
	if more := len(all) - listedPeriods; more > 0 {
		fmt.Fprintf(w, "    … %d before\n", more)
	}
	for _, p := range all[max(0, len(all)-listedPeriods):] {
		text := p.String() + " no answers"
		if x, ok := indices[p]; ok {
			if text, err = line(p.String(), x); err != nil {
				return err
			}
		}
		if p.In(time.UTC).End.After(s.now) {
			text += " (not over)"
		}
		fmt.Fprintf(w, "    %s\n", text)
	}
	return reportTimeline(w, over, indices, s)
}

// byPeriod returns the index of each period with answers. Whoever answered in several
// counts in each.
func byPeriod(q *surveyfile.Question, periods metrics.Periods) (map[metrics.Period]survey.Index, error) {
	apart := &surveyfile.Question{ID: q.ID, Definition: q.Definition, Answers: slices.Clone(q.Answers)}
	for i, a := range apart.Answers {
		apart.Answers[i].About = periods.Of(a.At).String() + "\x00" + a.About
	}
	r, err := responses(apart, func(a surveyfile.Answer) bool { return !a.At.IsZero() })
	if err != nil {
		return nil, err
	}
	indices := make(map[metrics.Period]survey.Index)
	for p, answers := range survey.AnswersBy(r, func(x survey.Response) metrics.Period { return periods.Of(x.At) }) {
		x, err := survey.Measure(q.Definition, answers)
		if errors.Is(err, survey.ErrNoAnswers) {
			continue
		}
		if err != nil {
			return nil, err
		}
		indices[p] = x
	}
	return indices, nil
}

// reportTimeline writes the trend over periods, and what stands out on a control chart,
// whose limits are those of the periods before the change if there was one.
func reportTimeline(w io.Writer, periods []metrics.Period, indices map[metrics.Period]survey.Index, s settings) error {
	var index compare.Metric
	var low, high float64
	observed := make(map[metrics.Period]*compare.Observed)
	for p, x := range indices {
		scores := x.Scores()
		low, high = scores.Bounds()
		index, observed[p] = compare.Asked(scores)
	}
	timeline := compare.NewTimeline(index, slices.Values(periods), func(p metrics.Period) *compare.Observed { return observed[p] }, survey.Level)
	trend, err := timeline.Trend(survey.Level)
	if err != nil {
		return err
	}
	wrap(w, "    ", "trend: "+strings.TrimPrefix(trend.String(), index.String()+": "))

	for _, p := range periods {
		if !p.In(time.UTC).End.After(s.changed) {
			timeline.Baseline++
		}
	}
	since := ""
	if timeline.Baseline > 0 {
		since = " before " + s.changed.Format(time.DateOnly)
	}
	chart := timeline.Control()
	if !chart.Limited {
		wrap(w, "    ", fmt.Sprintf("too few %vs in a row, or too much alike%s, to tell which stand out", s.period, since))
		return nil
	}
	value := func(v float64) string {
		return compare.Value{Metric: index, Value: min(max(v, low), high)}.String()
	}
	points := slices.DeleteFunc(slices.Clone(chart.Points), func(p compare.ControlPoint) bool { return p.Missing })
	last := points[len(points)-1]
	usual := fmt.Sprintf("usual%s: about %s, by chance from %s to %s; ", since, value(chart.Center), value(last.Low), value(last.High))
	if len(chart.Signals) == 0 {
		wrap(w, "    ", usual+fmt.Sprintf("no %v stands out", s.period))
		return nil
	}
	wrap(w, "    ", usual+"what stands out:")
	for _, signal := range chart.Signals[max(0, len(chart.Signals)-listed):] {
		fmt.Fprintf(w, "      %v\n", signal)
	}
	return nil
}
