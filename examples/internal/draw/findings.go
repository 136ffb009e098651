package draw

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// NameOf returns what pages call a metric.
func NameOf(m compare.Metric) string {
	switch m.Elapsed() {
	case compare.FirstResponse:
		return "First answer, median"
	case compare.FirstResponse.P90():
		return "First answer, nine of ten"
	case compare.FirstResolution:
		return "First solution, median"
	case compare.FullResolution:
		return "Solution, median"
	case compare.CSAT:
		return "Satisfied customers"
	case compare.OneTouch:
		return "Solved with one reply"
	case compare.Reopened:
		return "Opened again"
	case compare.Unanswered:
		return "Left without an answer"
	case compare.Conversations:
		return "New conversations"
	}
	return m.String()
}

// ValueOf prints a value.
func ValueOf(v compare.Value) string {
	switch {
	case v.N == 0 && v.Metric != compare.Conversations:
		return text.NoData
	case v.Metric.Unit() == "fraction":
		return text.Percent(v.Value, 0)
	}
	return v.String()
}

// ChangeOf prints a change, or a bound of it, in the unit of its metric.
func ChangeOf(m compare.Metric, v float64) string {
	switch m.Unit() {
	case "seconds":
		return text.Change(time.Duration(v * float64(time.Second)))
	case "fraction":
		return text.Signed(text.Points(v, 0))
	}
	return text.Signed(text.Percent(v, 0))
}

// BetweenOf prints the interval of a change, if there is one.
func BetweenOf(d compare.Difference) string {
	if d.Change.Level == 0 {
		return text.NoData
	}
	return text.Range(ChangeOf(d.Metric, d.Change.Low), ChangeOf(d.Metric, d.Change.High))
}

// VerdictOf is the verdict on a change. Without a value before there is none.
func VerdictOf(d compare.Difference) Chip {
	if (d.Conclusion == stat.NoData || d.Conclusion == stat.NotTested) && d.Before.N == 0 && d.After.N > 0 {
		return Chip{None, "nothing before"}
	}
	return Verdict(d.Conclusion)
}

// Verdict says in a word what was concluded about a change.
func Verdict(c stat.Conclusion) Chip {
	switch c {
	case stat.Better:
		return Chip{Good, "better"}
	case stat.Worse:
		return Chip{Bad, "worse"}
	case stat.Higher:
		return Chip{Up, "more"}
	case stat.Lower:
		return Chip{Down, "fewer"}
	case stat.TooFew:
		return Chip{Few, "too few to tell"}
	case stat.NotTested:
		return Chip{None, "cannot be told"}
	case stat.NoData:
		return Chip{None, "no data"}
	}
	return Chip{Same, "no clear change"}
}

// Stands says why the value of a period stands out on a chart with limits; it is empty if
// it does not. Of a run, only the last value does.
func Stands(c compare.ControlChart, p metrics.Period) (why string) {
	for _, s := range c.Signals {
		if s.To == p || s.Rule != compare.RunOfEight && s.From.Compare(p) <= 0 && p.Compare(s.To) < 0 {
			why = standsOut(s)
		}
	}
	return why
}

func standsOut(s compare.Signal) string {
	side := "below"
	if s.Up {
		side = "above"
	}
	switch s.Rule {
	case compare.RunOfEight:
		return "the last of 8 or more in a row " + side + " the middle"
	case compare.LargeJump:
		if s.Up {
			return "an unusual rise"
		}
		return "an unusual fall"
	}
	return side + " what is usual"
}
