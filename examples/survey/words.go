package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
	"github.com/shopspring/decimal"
)

// few is of how few answers a page says that they are. It says so too in place of a verdict,
// where chance is not ruled out.
const few = 20

// valueText prints the value of an index for a page: whole percent and points, and a mean as
// its definition says. It has more places while it would stand on the wrong side of a goal.
func valueText(x survey.Index, goals ...survey.GoalComparison) string {
	const most = 6
	if x.N() == 0 {
		return text.NoData
	}
	for places := pagePlaces(x.Definition); ; places++ {
		value := shown(x.Definition, x.Value, places)
		if places >= most || !slices.ContainsFunc(goals, func(c survey.GoalComparison) bool { return !rightSide(value, c) }) {
			return written(x.Definition, value, places)
		}
	}
}

// goalText prints a goal, with no more places than it needs.
func goalText(c survey.GoalComparison) string {
	value := shown(c.Index.Definition, c.Goal, places)
	return written(c.Index.Definition, value, decimals(value))
}

// decimals is how many decimal places a number needs.
func decimals(v decimal.Decimal) int {
	_, digits, _ := strings.Cut(v.String(), ".")
	return len(digits)
}

// shown returns a value as it is shown, rounded once.
func shown(d survey.Definition, v stat.Ratio, places int) decimal.Decimal {
	d.Places = int32(places)
	value, _ := survey.Index{Definition: d, Value: v}.Shown()
	return value
}

func written(d survey.Definition, v decimal.Decimal, places int) string {
	words := strings.Replace(v.StringFixed(int32(places)), "-", "−", 1)
	if d.Statistic == survey.PositiveShare {
		words += " %"
	}
	return words
}

// rightSide reports whether a rounded value reaches a goal exactly if the value itself does.
func rightSide(value decimal.Decimal, c survey.GoalComparison) bool {
	order := value.Cmp(shown(c.Index.Definition, c.Goal, places))
	if c.Index.Definition.LowerIsBetter() {
		order = -order
	}
	return c.Reached == (order >= 0)
}

// pagePlaces is how many decimal places a value of an index has on a page.
func pagePlaces(d survey.Definition) int {
	if d.Statistic == survey.MeanAnswer {
		return int(d.Places)
	}
	return 0
}

// endText prints an end of an interval, in the unit of the index.
func endText(d survey.Definition, v float64) string {
	switch d.Statistic {
	case survey.PositiveShare:
		return text.Percent(v, 0)
	case survey.MeanAnswer:
		return text.Number(v, pagePlaces(d))
	}
	return text.Number(100*v, 0)
}

// probably prints the interval of an index, if there is one.
func probably(x survey.Index) string {
	if x.Interval.Level == 0 {
		return text.NoData
	}
	return text.Range(endText(x.Definition, x.Interval.Low), endText(x.Definition, x.Interval.High))
}

// moveText prints a difference of two values of an index.
func moveText(d survey.Definition, v float64) string {
	if d.Statistic == survey.MeanAnswer {
		return text.Signed(text.Number(v, pagePlaces(d))) + " points"
	}
	return text.Signed(text.Points(v, 0))
}

// moveBetween prints the interval of a difference, if there is one.
func moveBetween(d survey.Definition, v stat.Interval) string {
	if v.Level == 0 {
		return text.NoData
	}
	return text.Range(moveText(d, v.Low), moveText(d, v.High))
}

// counts says what an index counts.
func counts(d survey.Definition) string {
	switch d.Statistic {
	case survey.PositiveShare:
		return fmt.Sprintf("of answers are %v, on a scale of %s", d.Positive, scaleText(d.Scale))
	case survey.NetShare:
		return fmt.Sprintf("percent of answers of %v, less those of %v: from −100 to 100", d.Positive, d.Negative)
	case survey.NormalisedMean:
		return "where the mean lies, 0 the worst and 100 the best"
	}
	return "mean answer, on a scale of " + scaleText(d.Scale)
}

func scaleText(s survey.Scale) string {
	words := fmt.Sprintf("%d to %d", s.Min, s.Max)
	if s.Direction == stat.LowerIsBetter {
		words += ", lower is better"
	}
	return words
}

// leftText says what was left out, and why.
func leftText(l survey.LeftOut) string {
	words := [...]string{
		survey.Unanswered: "not answered", survey.NotApplicable: "said that it does not apply", survey.Unreadable: "not readable",
		survey.OffScale: "off the scale", survey.Repeated: "came twice", survey.Superseded: "replaced by a later answer",
		survey.TooFewItems: "with too few items answered", survey.BadPoints: "with points that do not add up to 100", survey.Excluded: "excluded",
	}
	var parts []string
	for reason, said := range words {
		if count := l.Count(survey.Reason(reason)); count > 0 {
			parts = append(parts, text.Count(count)+" "+said)
		}
	}
	if parts == nil {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// ends are the least and the greatest value of an index.
func ends(d survey.Definition) (low, high float64) {
	switch d.Statistic {
	case survey.NetShare:
		return -1, 1
	case survey.MeanAnswer:
		return float64(d.Scale.Min), float64(d.Scale.Max)
	}
	return 0, 1
}

// bar draws an index from its worst value to its best, with its interval and a goal.
func bar(x survey.Index, goal stat.Ratio, mark draw.Mark) *draw.Bar {
	low, high := ends(x.Definition)
	at := func(v float64) float64 { return (v - low) / (high - low) }
	value, _ := x.Value.Float64()
	b := &draw.Bar{Share: at(value), Mark: mark}
	if x.Definition.Statistic == survey.NetShare {
		b.From = 0.5
	}
	if x.Interval.Level > 0 {
		b.Low, b.High = at(x.Interval.Low), at(x.Interval.High)
	}
	if g, ok := goal.Float64(); ok {
		b.Goal = at(g)
	}
	return b
}

// verdict is what to think of a comparison in which the smaller side has so many answers.
func verdict(c stat.Conclusion, answers int64, same string) draw.Chip {
	if c != stat.NotDistinguishable {
		return draw.Verdict(c)
	}
	if answers < few {
		return draw.Verdict(stat.TooFew)
	}
	return draw.Chip{Mark: draw.Same, Word: same}
}

// changeVerdict is what to think of a change.
func changeVerdict(c survey.Comparison) draw.Chip {
	return verdict(c.Conclusion, min(c.Before.N(), c.After.N()), "no clear change")
}

// n prints a number of answers, and marks few.
func n(count int64) string {
	if count < few {
		return "n " + text.Count(count) + ", few"
	}
	return "n " + text.Count(count)
}
