package compare

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Family is a set of questions about what changed, which are answered together:
// who asks twenty questions of noise at a level of 0.95 is told of one change
// that is none. The chance that any of a family's verdicts is of a change that
// is none is at most 1 − Level, however many questions there are (Holm 1979).
// So ask all that one report shows in one family, and no more than it needs.
//
//	var family compare.Family
//	for _, channel := range channels {
//		family.Change(compare.CSAT, byChannel.Before(channel), byChannel.After(channel))
//	}
//	differences, err := family.Differences()
//
// How two values are compared depends on the kind of the index:
//
//	Quantile  difference, by the standard errors of two quantiles, normal
//	          (medians: Price & Bonett 2002; p90: Woodruff 1952)
//	Mean      difference, by t (Welch 1947)
//	Share     difference, by the score (Miettinen & Nurminen 1985)
//	Rate      ratio, exact given the sum (Przyborowski & Wilenski 1940)
//	Count     the same, by the time that each side takes, if Spans are given
//
// Each test is the one that its interval inverts, so that the two never
// disagree. Of more than 1,024 durations, what the quantile of a Summary may be
// off by counts as uncertainty too. There is no test where neither side varies
// and yet they differ, and of a rate or count that was 0 before.
//
// The zero value is an empty family at a level of 0.95.
type Family struct {
	// Level is that of the verdicts, together, and of the intervals of single
	// values; 0 is DefaultLevel.
	Level float64
	// Minimum is the least number of durations, ratings and so on that there
	// must be on each side for a verdict, and of a count on one side; 0 is
	// DefaultMinimum.
	Minimum int64
	// Spans are the times that the figures before and after are of. Only counts
	// need them: February has fewer days than January. The zero value is spans of
	// equal length.
	Spans Spans

	asked []question
}

// Defaults of a Family.
const (
	DefaultLevel         = 0.95
	DefaultMinimum int64 = 20
)

// question is a difference before the family decides on it.
type question struct {
	difference Difference
	contrast   contrast // if the verdict is open, which is NotDistinguishable
}

// Figures compares figures by some indices, as one family at a level of 0.95.
// Without indices it takes those of [Usual].
func Figures(before, after *metrics.Figures, indices ...Index) []Difference {
	var family Family
	if len(indices) == 0 {
		indices = Usual()
	}
	for _, i := range indices {
		family.Change(i, before, after)
	}
	// The level is the default.
	differences, _ := family.Differences()
	return differences
}

// Usual returns the indices that say whether a desk's service changed: how fast
// it answers and resolves, how satisfied customers are, how often it takes more
// than one go, and how many get no answer.
func Usual() []Index {
	return []Index{FirstResponse, Response, FullResolution, CSAT, OneTouch, Reopened, Unanswered}
}

func (f *Family) level() float64 { return cmp.Or(f.Level, DefaultLevel) }

func (f *Family) minimum() int64 { return max(1, cmp.Or(f.Minimum, DefaultMinimum)) }

// Change asks how an index changed from one set of conversations to another.
func (f *Family) Change(i Index, before, after *metrics.Figures) {
	f.ask(Difference{Index: i}, func() (contrast, error) { return i.change(before, after, f.Spans) }, before, after)
}

// Beyond asks how an index changed beyond the change of others in the same time,
// who had no part in what is judged: a difference in differences,
//
//	(after − before) − (othersAfter − othersBefore)
//
// which is what the change did, if without it both would have gone the same way.
// It is for quantiles (medians: Bonett & Price 2002), means (t with the degrees
// of freedom of Satterthwaite 1946) and shares (Price & Bonett 2004); rates and
// counts are NotTested.
func (f *Family) Beyond(i Index, before, after, othersBefore, othersAfter *metrics.Figures) {
	f.ask(Difference{Index: i, Design: Beyond}, func() (contrast, error) {
		return i.linear([]*metrics.Figures{after, before, othersAfter, othersBefore}, []float64{1, -1, -1, 1})
	}, before, after, othersBefore, othersAfter)
}

// ask takes a question about figures: before, after and, if there are any, those
// of others before and after.
func (f *Family) ask(d Difference, compare func() (contrast, error), figures ...*metrics.Figures) {
	values := [...]*Value{&d.Before, &d.After, &d.OthersBefore, &d.OthersAfter}
	d.Verdict = NotDistinguishable
	most := int64(0)
	for k, side := range figures {
		v, ok := d.Index.Of(side, f.level())
		v.Index = d.Index
		*values[k] = v
		most = max(most, v.N)
		switch {
		case !ok:
			d.Verdict = NoData
		case d.Index.Kind() != Count && v.N < f.minimum() && d.Verdict != NoData:
			d.Verdict = TooFew
		}
	}
	// A count that fell to nothing is not too small to say so.
	if d.Index.Kind() == Count && most < f.minimum() {
		d.Verdict = TooFew
	}
	f.add(d, compare)
}

// add takes a question with its values and what they alone say of the verdict.
func (f *Family) add(d Difference, compare func() (contrast, error)) {
	q := question{difference: d}
	if d.Verdict == NotDistinguishable {
		var err error
		switch q.contrast, err = compare(); {
		case errors.Is(err, stat.ErrTooFew):
			q.difference.Verdict = TooFew
		case err != nil:
			q.difference.Verdict = NotTested
		}
	}
	f.asked = append(f.asked, q)
}

// Differences answers what was asked, in its order; more may be asked after it.
// Of a number that is no index there is NoData. The error wraps [stat.ErrLevel]
// for a level that is not above 0 and below 1.
//
// The level of each Change is the one at which Holm's procedure decided on it:
// 1 − (1−Level)/k, with k the number of questions that were left when it came to
// this one or stopped. With one question that is Level.
func (f *Family) Differences() ([]Difference, error) {
	level := f.level()
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("%w: %v", stat.ErrLevel, level)
	}
	differences := make([]Difference, len(f.asked))
	var tested []int
	var p []float64
	for n, q := range f.asked {
		differences[n] = q.difference
		differences[n].Adjusted = 1
		if q.difference.Verdict == NotDistinguishable {
			tested = append(tested, n)
			p = append(p, q.contrast.test.P)
		}
	}
	if len(tested) == 0 {
		return differences, nil
	}
	adjusted, err := stat.Holm(p)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(p))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	left := len(p)
	for _, n := range order {
		q, d := &f.asked[tested[n]], &differences[tested[n]]
		changed := adjusted[n] <= 1-level
		if d.Change, err = q.contrast.interval(1 - (1-level)/float64(left)); err != nil {
			return nil, err
		}
		d.Test, d.Adjusted = q.contrast.test, adjusted[n]
		if changed {
			d.Verdict = moved(d.Change.Low+d.Change.High > 0, d.Index.Direction())
			left--
		}
	}
	return differences, nil
}
