package compare

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Family is a set of questions about what changed, which are answered together:
// whoever asks twenty questions about noise at a level of 0.95 is told of one change
// that is none. The chance that any of the conclusions of a family is for a change
// that is none is at most 1 − Level, however many questions there are (Holm 1979).
// So ask everything that one report shows in one family, and no more than it needs.
//
//	var family compare.Family
//	for _, channel := range channels {
//		family.Change(compare.CSAT, byChannel.Before(channel), byChannel.After(channel))
//	}
//	differences, err := family.Differences()
//
// How two values are compared depends on the metric:
//
//	Quantile  difference, by the standard errors of two quantiles, normal
//	          (medians: Price & Bonett 2002; p90: Woodruff 1952)
//	Mean      difference, by t (Welch 1947)
//	Share     difference, by the score (Miettinen & Nurminen 1985)
//	Net share difference, adjusted Wald (Rocks 2016)
//	Rate      ratio, exact given the sum (Przyborowski & Wilenski 1940)
//	Count     the same, by the time that each side takes, if Spans are given
//
// The test and the interval come from one [stat.Contrast], so that they never
// disagree. With more than 1,024 durations, the error of the quantile of a Summary
// counts as uncertainty too. There is no test if neither side varies and yet they
// differ, or for a rate or count that was 0 before.
//
// The zero value is an empty family at a level of 0.95.
type Family struct {
	// Level is that of all conclusions together, and of the intervals of single
	// values; 0 is read as 0.95.
	Level float64
	// Minimum is the least number of durations, ratings and so on that each side
	// needs for a conclusion; a count needs it on one side. 0 is read as 20.
	Minimum int64
	// Spans are the times to which the figures before and after belong. Only counts
	// need them: February has fewer days than January. The zero value stands for
	// spans of equal length.
	Spans Spans

	asked []question
}

// Defaults of a Family.
const (
	defaultLevel         = 0.95
	defaultMinimum int64 = 20
)

// question is a difference before the family decides on it.
type question struct {
	difference Difference
	contrast   stat.Contrast // if the conclusion is open, which is NotDistinguishable
}

// Figures compares figures by some metrics, as one family at a level of 0.95.
// Without any it takes those of [Usual].
func Figures(before, after *Observed, by ...Metric) []Difference {
	var family Family
	if len(by) == 0 {
		by = Usual()
	}
	for _, i := range by {
		family.Change(i, before, after)
	}
	// The level is the default.
	differences, _ := family.Differences()
	return differences
}

// Usual returns the metrics that say whether a desk's service changed: how fast
// it answers and resolves, how satisfied customers are, how often it takes more
// than one go, and how many get no answer.
func Usual() []Metric {
	return []Metric{FirstResponse, Response, FullResolution, CSAT, OneTouch, Reopened, Unanswered}
}

func (f *Family) level() float64 { return cmp.Or(f.Level, defaultLevel) }

func (f *Family) minimum() int64 { return max(1, cmp.Or(f.Minimum, defaultMinimum)) }

// Change asks how a metric changed from one set of conversations to another.
func (f *Family) Change(i Metric, before, after *Observed) {
	f.ask(Difference{Metric: i}, func() (stat.Contrast, error) { return i.change(before, after, f.Spans) }, before, after)
}

// Beyond asks how a metric changed beyond the change of others in the same time,
// who had no part in what is judged. It is a difference in differences,
//
//	(after − before) − (othersAfter − othersBefore)
//
// which is the effect of what is judged if without it both would have gone the same
// way. It is for quantiles (medians: Bonett & Price 2002), means (t with the degrees
// of freedom of Satterthwaite 1946) and shares (Price & Bonett 2004); rates and
// counts are NotTested.
func (f *Family) Beyond(i Metric, before, after, othersBefore, othersAfter *Observed) {
	f.ask(Difference{Metric: i, Design: Beyond}, func() (stat.Contrast, error) {
		return i.linear([]*Observed{after, before, othersAfter, othersBefore}, []float64{1, -1, -1, 1})
	}, before, after, othersBefore, othersAfter)
}

// ask takes a question about figures: before, after and, if there are any, those
// of others before and after.
func (f *Family) ask(d Difference, compare func() (stat.Contrast, error), figures ...*Observed) {
	values := [...]*Value{&d.Before, &d.After, &d.OthersBefore, &d.OthersAfter}
	d.Conclusion = stat.NotDistinguishable
	most := int64(0)
	for k, side := range figures {
		v, ok := d.Metric.Of(side, f.level())
		v.Metric = d.Metric
		*values[k] = v
		most = max(most, v.N)
		switch {
		case !ok:
			d.Conclusion = stat.NoData
		case d.Metric.kind() != count && v.N < f.minimum() && d.Conclusion != stat.NoData:
			d.Conclusion = stat.TooFew
		}
	}
	// A count that fell to nothing is not too small to say so.
	if d.Metric.kind() == count && most < f.minimum() {
		d.Conclusion = stat.TooFew
	}
	f.add(d, compare)
}

// add takes a question with its values and what they alone say of the verdict.
func (f *Family) add(d Difference, compare func() (stat.Contrast, error)) {
	q := question{difference: d}
	if d.Conclusion == stat.NotDistinguishable {
		var err error
		switch q.contrast, err = compare(); {
		case errors.Is(err, stat.ErrTooFew):
			q.difference.Conclusion = stat.TooFew
		case err != nil:
			q.difference.Conclusion = stat.NotTested
		}
	}
	f.asked = append(f.asked, q)
}

// Differences answers what was asked, in its order; more may be asked after it.
// For a number that is no metric there is NoData. The error wraps [stat.ErrLevel]
// for a level that is not above 0 and below 1.
//
// The level of each Change is the one at which Holm's procedure decided on it:
// 1 − (1−Level)/k, with k the number of questions that were left when it came to
// this one or stopped. With one question that is Level.
func (f *Family) Differences() ([]Difference, error) {
	differences := make([]Difference, len(f.asked))
	var tested []int
	var contrasts []stat.Contrast
	for n, q := range f.asked {
		differences[n] = q.difference
		differences[n].Adjusted = 1
		if q.difference.Conclusion == stat.NotDistinguishable {
			tested, contrasts = append(tested, n), append(contrasts, q.contrast)
		}
	}
	decisions, err := stat.Decide(f.level(), contrasts...)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	for k, decision := range decisions {
		d := &differences[tested[k]]
		d.Change, d.Test, d.Adjusted = decision.Change, decision.Test, decision.AdjustedP
		d.Conclusion = decision.Conclusion(d.Metric.Direction())
	}
	return differences, nil
}
