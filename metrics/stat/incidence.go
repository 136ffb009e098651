package stat

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"time"
)

// Ending is how long something was watched, and how it ended: Cause is a number
// from 1, or 0 if it had not ended by then. A wait may end in an answer or be closed
// without one; an open one counts at its present age. Ending is an [Observation] that
// tells ends apart. The zero value has not ended and was not watched.
type Ending struct {
	Time  time.Duration `json:"time"`
	Cause int           `json:"cause"`
}

// incidenceStep is the incidence of all causes from time up to the next step.
// There is a step at each time at which something ended.
type incidenceStep struct {
	time      time.Duration
	atRisk    int64     // watched up to time, and those that ended then
	events    []int64   // ended at time, by cause: events[0] for cause 1
	incidence []float64 // share that has ended by time, by cause
	survival  float64   // share that goes on beyond time
}

// Incidence is the cumulative incidence of several ends that exclude one another:
// the share that has ended in each way within any given time (Aalen & Johansen
// 1978; Kalbfleisch & Prentice 1980). Open ones count for as long as they were
// watched. Kaplan and Meier's curve, with the other ends taken as open, would tell
// what share would be answered if nothing were ever closed unanswered, which is
// more. The zero value is empty.
type Incidence struct {
	causes int
	n      int64
	open   []time.Duration // times of what had not ended, in order
	last   time.Duration   // the longest time
	steps  []incidenceStep
}

// maxCauses bounds the causes, and with them the memory.
const maxCauses = 1 << 10

// CumulativeIncidence returns the incidence of each cause, from 1 to the greatest
// number given. At one instant, ends come before what was open. With d ends of a
// cause, D ends in all and r at risk at a step, and S the survival before it:
//
//	F(t) = Σ S·d/r over steps up to t      S(t) = Π (1 − D/r)
//
// so that the incidences and the survival add up to 1 at any time. For one cause it
// is 1 − S of [KaplanMeier], and if everything has ended it is the plain share. It
// takes time proportional to n·log n and, for each step, to the causes. It
// returns ErrNoData for no endings, ErrValue for a negative time or a cause that
// is negative or above 1024.
func CumulativeIncidence(endings []Ending) (Incidence, error) {
	if len(endings) == 0 {
		return Incidence{}, fmt.Errorf("%w: no endings", ErrNoData)
	}
	var f Incidence
	for i, e := range endings {
		if e.Time < 0 {
			return Incidence{}, fmt.Errorf("%w: time of ending %d is %v", ErrValue, i, e.Time)
		}
		if e.Cause < 0 || e.Cause > maxCauses {
			return Incidence{}, fmt.Errorf("%w: cause of ending %d is %d", ErrValue, i, e.Cause)
		}
		f.causes = max(f.causes, e.Cause)
	}
	sorted := slices.Clone(endings)
	slices.SortFunc(sorted, func(a, b Ending) int { return cmp.Compare(a.Time, b.Time) })
	f.n, f.last = int64(len(sorted)), sorted[len(sorted)-1].Time
	// While nothing is open the factors cancel, so that a share is one division
	// and exact: since then, counts of baseRisk, of whom left are left.
	base, baseRisk, left := 1.0, f.n, f.n
	baseIncidence, counts := make([]float64, f.causes), make([]int64, f.causes)
	incidence := func() []float64 {
		shares := slices.Clone(baseIncidence)
		for k, d := range counts {
			shares[k] += base * (float64(d) / float64(baseRisk))
		}
		return shares
	}
	for i := 0; i < len(sorted); {
		step := incidenceStep{time: sorted[i].Time, atRisk: f.n - int64(i), events: make([]int64, f.causes)}
		var ended int64
		first := i
		for ; i < len(sorted) && sorted[i].Time == step.time; i++ {
			if cause := sorted[i].Cause; cause > 0 {
				step.events[cause-1]++
				ended++
			}
		}
		for open := int64(i-first) - ended; open > 0; open-- {
			f.open = append(f.open, step.time)
		}
		if ended == 0 {
			continue
		}
		if step.atRisk != left {
			baseIncidence = incidence()
			base *= float64(left) / float64(baseRisk)
			baseRisk, left = step.atRisk, step.atRisk
			clear(counts)
		}
		for k, d := range step.events {
			counts[k] += d
		}
		left -= ended
		step.incidence, step.survival = incidence(), base*(float64(left)/float64(baseRisk))
		f.steps = append(f.steps, step)
	}
	return f, nil
}

// N returns the number of endings, open ones included.
func (f Incidence) N() int64 { return f.n }

// Causes returns the greatest number of a cause by which something ended.
func (f Incidence) Causes() int { return f.causes }

// At returns the share that has ended in the given way within t, with its
// interval on the log(−log) scale, which stays inside 0…1:
//
//	F^exp(±z·SE/(F·log F))   (Choudhury 2002, Statistics in Medicine 21:1129)
//
// SE is by the delta method (Dinse & Larson 1986, Biometrika 73:379; Marubini &
// Valsecchi 1995, 10.2), over steps up to t:
//
//	Var F(t) = Σ (F(t)−F)²·D/(r(r−D)) + Σ S²·d(r−d)/r³ − 2·Σ (F(t)−F)·S·d/r²
//
// S before and F after each step. For one cause it is Greenwood's, and if
// everything has ended by then, that of a share. Special cases are: while nothing has ended
// so, F = 0 and the high end is Clopper and Pearson's for none of those that are
// still watched at t or have ended in another way; once all have ended so, F = 1
// and the low end is that of the step before. Those name ClopperPearson if the
// log-log interval has no part in them.
//
// It returns ErrNoData for the zero value and for a t later than all endings if
// something is open at the last, of which nothing is known; ErrValue for a
// negative t and for a cause below 1; and ErrLevel unless 0 < level < 1.
func (f Incidence) At(cause int, t time.Duration, level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	if err := f.check(cause); err != nil {
		return Interval{}, err
	}
	if t < 0 {
		return Interval{}, fmt.Errorf("%w: time %v", ErrValue, t)
	}
	i := sort.Search(len(f.steps), func(i int) bool { return f.steps[i].time > t })
	if t > f.last && (i == 0 || f.steps[i-1].survival > 0) {
		return Interval{}, fmt.Errorf("%w: nothing was watched for %v", ErrNoData, t)
	}
	if i == 0 || cause > f.causes || f.steps[i-1].incidence[cause-1] == 0 {
		open := sort.Search(len(f.open), func(i int) bool { return f.open[i] >= t })
		return f.unbegun(f.n-int64(open), level, alpha), nil
	}
	var iv Interval
	for k, step := range f.intervals(cause, level, alpha) {
		if iv = step; k == i-1 {
			break
		}
	}
	return iv, nil
}

// unbegun is the interval of F = 0, of which nothing is known of all but watched.
func (f Incidence) unbegun(watched int64, level, alpha float64) Interval {
	_, high := clopperPearson(0, float64(watched), alpha)
	return Interval{High: high, Level: level, Method: ClopperPearson}
}

// intervals yields the steps by their number, and the interval of the cause from each
// on, beginning with the first at which anything has ended so. One pass is enough: the sums of the variance are kept by the powers of
// F(t), which alone changes.
func (f Incidence) intervals(cause int, level, alpha float64) iter.Seq2[int, Interval] {
	return func(yield func(int, Interval) bool) {
		z := normalUpperQuantile(alpha / 2)
		survival := 1.0
		var constant, linear, square float64
		var last Interval
		for i, step := range f.steps {
			share, risk := step.incidence[cause-1], float64(step.atRisk)
			var all int64
			for _, d := range step.events {
				all += d
			}
			d := float64(step.events[cause-1])
			if left := step.atRisk - all; left > 0 {
				a := float64(all) / risk / float64(left)
				square += a
				linear -= 2 * a * share
				constant += a * share * share
			}
			jump := survival * d / risk / risk
			linear -= 2 * jump
			constant += 2*jump*share + jump*survival*(risk-d)/risk
			survival = step.survival
			iv := Interval{Estimate: share, Level: level, Method: logLog}
			switch {
			case share == 0:
				continue
			case share < 1:
				se := math.Sqrt(math.Max(0, (square*share+linear)*share+constant))
				logF := math.Log(share)
				factor := math.Exp(z * se / share / -logF)
				iv.Low, iv.High = math.Exp(logF*factor), math.Exp(logF/factor)
			case i == 0:
				iv.Low, _ = clopperPearson(float64(step.atRisk), 0, alpha)
				iv.High, iv.Method = 1, ClopperPearson
			default:
				iv.Low, iv.High = last.Low, 1
			}
			iv = iv.extended()
			last = iv
			if !yield(i, iv) {
				return
			}
		}
	}
}

// Quantile returns the time by which the share p has ended in the given way: the
// first step with F ≥ p, or the middle of the stretch on which F is p, if it is flat
// there; see [Survival.Quantile]. It is false if the incidence does not rise that
// far, because too much ends otherwise or is still open, and unless 0 < p < 1 and
// the cause is at least 1.
func (f Incidence) Quantile(cause int, p float64) (time.Duration, bool) {
	if !(p > 0 && p < 1) || f.check(cause) != nil || cause > f.causes {
		return 0, false
	}
	// from returns the first step with F of at least a share.
	from := func(share float64) int {
		return sort.Search(len(f.steps), func(i int) bool { return f.steps[i].incidence[cause-1] >= share })
	}
	i, end := from(p*(1-flat)), f.last
	if i == len(f.steps) {
		return 0, false
	}
	at := f.steps[i].time
	if f.steps[i].incidence[cause-1] > p*(1+flat) {
		return at, true
	}
	if next := from(p * (1 + flat)); next < len(f.steps) {
		end = f.steps[next].time
	}
	return at + (end-at)/2, true
}

// QuantileInterval returns the time by which the share p has ended in the given
// way, with the interval of times at which the interval of the incidence includes
// p (as Brookmeyer & Crowley 1982, Biometrics 38:29, for survival). It returns
// ErrNoData for the zero value, ErrValue unless 0 < p < 1 and for a cause below
// 1, and ErrLevel unless 0 < level < 1.
func (f Incidence) QuantileInterval(cause int, p, level float64) (DurationInterval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return DurationInterval{}, err
	}
	if err := f.check(cause); err != nil {
		return DurationInterval{}, err
	}
	if !(p > 0 && p < 1) {
		return DurationInterval{}, fmt.Errorf("%w: p = %v", ErrValue, p)
	}
	found := DurationInterval{Level: level, Method: logLog}
	found.Estimate, found.HasEstimate = f.Quantile(cause, p)
	if cause > f.causes {
		return found, nil
	}
	limit := p * (1 - flat)
	for i, iv := range f.intervals(cause, level, alpha) {
		if !found.HasLow && iv.High >= limit {
			found.Low, found.HasLow = f.steps[i].time, true
		}
		if iv.Low >= limit {
			found.High, found.HasHigh = f.steps[i].time, true
			break
		}
	}
	return found.extended(), nil
}

func (f Incidence) check(cause int) error {
	switch {
	case f.n == 0:
		return fmt.Errorf("%w: no endings", ErrNoData)
	case cause < 1:
		return fmt.Errorf("%w: cause %d", ErrValue, cause)
	}
	return nil
}
