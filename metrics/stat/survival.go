package stat

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"time"
)

// Observation is how long something was watched (a wait for a reply, a
// customer's tenure), and whether it had not ended by then: an open wait, at
// the age it has now, is censored. The zero value ended at once.
type Observation struct {
	Time     time.Duration `json:"time"`
	Censored bool          `json:"censored"`
}

// SurvivalStep is the survival curve from Time up to the next step. There is a
// step at each time at which something ended.
type SurvivalStep struct {
	Time     time.Duration `json:"time"`
	AtRisk   int64         `json:"at_risk"`  // watched up to Time, and those that ended then
	Events   int64         `json:"events"`   // ended at Time
	Survival float64       `json:"survival"` // share that goes on beyond Time
	SE       float64       `json:"se"`       // Greenwood's standard error of Survival
	logVar   float64       // variance of log Survival: the sum of d/(r(r−d))
}

// Survival is the product-limit estimate of how much lasts longer than how
// long, with censored observations counted for as long as they were watched
// (Kaplan & Meier 1958). Leaving them out would make a desk that leaves
// customers waiting look fast. The zero value is empty.
type Survival struct {
	times []time.Duration // all observed times, ascending, for counts at risk
	steps []SurvivalStep
	n     int64
}

// KaplanMeier returns the survival curve of the observations, which it sorts
// once, in a copy. At the same time, ends come before censorings. It returns
// ErrNoData for no observations and ErrValue for a negative time.
//
//	S(t)  = Π (1 − d/r) over steps up to t, d ending of r at risk
//	SE(t) = S(t)·√(Σ d/(r(r−d)))   (Greenwood 1926)
func KaplanMeier(observations []Observation) (Survival, error) {
	keys, err := sortedKeys(observations)
	if err != nil {
		return Survival{}, err
	}
	s := Survival{n: int64(len(keys)), times: make([]time.Duration, len(keys))}
	for i, k := range keys {
		s.times[i] = time.Duration(k >> 1)
	}
	// While nobody is censored the factors cancel, so that the product is one
	// division and exact: base survived of baseRisk, and left are left.
	base, baseRisk, logVar := 1.0, int64(len(keys)), 0.0
	left := baseRisk
	for i := 0; i < len(keys); {
		risk := int64(len(keys) - i)
		if risk != left {
			base *= float64(left) / float64(baseRisk)
			baseRisk, left = risk, risk
		}
		var events int64
		at := keys[i]
		for ; i < len(keys) && keys[i] == at; i++ {
			events++
		}
		if at&1 == 1 {
			continue
		}
		left = risk - events
		step := SurvivalStep{Time: time.Duration(at >> 1), AtRisk: risk, Events: events}
		step.Survival = base * (float64(left) / float64(baseRisk))
		if left > 0 {
			logVar += float64(events) / float64(risk) / float64(left)
			step.SE = step.Survival * math.Sqrt(logVar)
		}
		step.logVar = logVar
		s.steps = append(s.steps, step)
	}
	return s, nil
}

// sortedKeys returns the times in order, doubled, plus 1 if censored: so that
// an end comes before a censoring.
func sortedKeys(observations []Observation) ([]uint64, error) {
	if len(observations) == 0 {
		return nil, fmt.Errorf("%w: no observations", ErrNoData)
	}
	keys := make([]uint64, len(observations))
	for i, o := range observations {
		if o.Time < 0 {
			return nil, fmt.Errorf("%w: time of observation %d is %v", ErrValue, i, o.Time)
		}
		keys[i] = uint64(o.Time) << 1
		if o.Censored {
			keys[i]++
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// N returns the number of observations.
func (s Survival) N() int64 { return s.n }

// Steps returns a copy of the steps, in order of time.
func (s Survival) Steps() []SurvivalStep { return slices.Clone(s.steps) }

// At returns the share that lasts longer than t, with its interval on the
// log(−log) scale, which stays inside 0…1:
//
//	S^exp(±z·√(Σ d/(r(r−d)))/log S)   (Kalbfleisch & Prentice 1980)
//
// Special cases are: while nothing has ended, S = 1 and the low end is Clopper
// and Pearson's for all of those still watched at t, since the scale has no
// 1; once everything has ended, S = 0 and the high end is that of the step
// before. Those name ClopperPearson if the log-log interval has no part in
// them.
//
// It returns ErrNoData for the zero value and for a t later than all
// observations that ends with a censored one, of which nothing is known;
// ErrValue for a negative t; and ErrLevel unless 0 < level < 1.
func (s Survival) At(t time.Duration, level float64) (Interval, error) {
	alpha, err := alphaOf(level)
	switch {
	case err != nil:
		return Interval{}, err
	case s.n == 0:
		return Interval{}, fmt.Errorf("%w: empty survival curve", ErrNoData)
	case t < 0:
		return Interval{}, fmt.Errorf("%w: time %v", ErrValue, t)
	}
	i := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].Time > t })
	if last := s.times[s.n-1]; t > last && (i == 0 || s.steps[i-1].Survival > 0) {
		return Interval{}, fmt.Errorf("%w: nothing was watched for %v", ErrNoData, t)
	}
	if i == 0 {
		risk := s.n - int64(sort.Search(len(s.times), func(i int) bool { return s.times[i] >= t }))
		return s.unbroken(risk, level, alpha), nil
	}
	return s.interval(i-1, level, alpha), nil
}

// unbroken is the interval of S = 1 with risk watched.
func (s Survival) unbroken(risk int64, level, alpha float64) Interval {
	low, _ := clopperPearson(float64(risk), 0, alpha)
	return Interval{Estimate: 1, Low: low, High: 1, Level: level, Method: ClopperPearson}
}

// interval is that of step i.
func (s Survival) interval(i int, level, alpha float64) Interval {
	step := s.steps[i]
	if step.Survival == 0 {
		iv := Interval{Level: level}
		if i == 0 {
			iv.Method = ClopperPearson
			_, iv.High = clopperPearson(0, float64(step.Events), alpha)
		} else {
			iv.Method = LogLog
			iv.High = s.interval(i-1, level, alpha).High
		}
		return iv
	}
	logS := math.Log(step.Survival)
	factor := math.Exp(normalUpperQuantile(alpha/2) * math.Sqrt(step.logVar) / -logS)
	return Interval{
		Estimate: step.Survival, Low: math.Exp(logS * factor), High: math.Exp(logS / factor),
		Level: level, Method: LogLog,
	}
}

// Quantile returns the time at which the share p has ended: the first step
// with S ≤ 1−p. The median is Quantile(0.5). It is false if the curve does not
// fall that far, because too much was censored, and unless 0 < p < 1.
func (s Survival) Quantile(p float64) (time.Duration, bool) {
	if !(p > 0 && p < 1) {
		return 0, false
	}
	i := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].Survival <= (1-p)*(1+1e-12) })
	if i == len(s.steps) {
		return 0, false
	}
	return s.steps[i].Time, true
}

// DurationInterval is an estimated time, as of a survival curve. A bound that the
// data do not reach is absent, which is information and not an error: half
// the waits may still be open.
type DurationInterval struct {
	Estimate    time.Duration `json:"estimate"`
	Low         time.Duration `json:"low"`
	High        time.Duration `json:"high"`
	HasEstimate bool          `json:"has_estimate"`
	HasLow      bool          `json:"has_low"`
	HasHigh     bool          `json:"has_high"`
	Level       float64       `json:"level"`
	Method      Method        `json:"method"`
}

// QuantileInterval returns the time at which the share p has ended, with the
// interval of times at which the log-log interval of the curve includes 1−p
// (Brookmeyer & Crowley 1982, Biometrics 38:29). It returns ErrNoData for the
// zero value, ErrValue unless 0 < p < 1, and ErrLevel unless 0 < level < 1.
func (s Survival) QuantileInterval(p, level float64) (DurationInterval, error) {
	alpha, err := alphaOf(level)
	switch {
	case err != nil:
		return DurationInterval{}, err
	case s.n == 0:
		return DurationInterval{}, fmt.Errorf("%w: empty survival curve", ErrNoData)
	case !(p > 0 && p < 1):
		return DurationInterval{}, fmt.Errorf("%w: p = %v", ErrValue, p)
	}
	iv := DurationInterval{Level: level, Method: LogLog}
	iv.Estimate, iv.HasEstimate = s.Quantile(p)
	limit := (1 - p) * (1 + 1e-12)
	for i := range s.steps {
		ends := s.interval(i, level, alpha)
		if !iv.HasLow && ends.Low <= limit {
			iv.Low, iv.HasLow = s.steps[i].Time, true
		}
		if ends.High <= limit {
			iv.High, iv.HasHigh = s.steps[i].Time, true
			break
		}
	}
	return iv, nil
}
