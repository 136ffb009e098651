package stat

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"time"
)

// Observation is how long something was watched (a wait for a reply, a customer's
// tenure), and whether it was censored: not ended by then. An open wait is censored
// at its present age. The zero value ended at once.
type Observation struct {
	Time     time.Duration `json:"time"`
	Censored bool          `json:"censored"`
}

// survivalStep is the survival curve from time up to the next step. There is a
// step at each time at which something ended.
type survivalStep struct {
	time     time.Duration
	atRisk   int64   // watched up to time, and those that ended then
	events   int64   // ended at time
	survival float64 // share that goes on beyond time
	se       float64 // Greenwood's standard error of survival
	logVar   float64 // variance of log survival: the sum of d/(r(r−d))
}

// Survival is the product-limit estimate of the share that lasts longer than any
// given time (Kaplan & Meier 1958). Censored observations count for as long as they
// were watched. Leaving them out would make a desk that leaves customers waiting
// look fast. The zero value is empty.
type Survival struct {
	times []time.Duration // all observed times, ascending, for counts at risk
	steps []survivalStep
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
		step := survivalStep{time: time.Duration(at >> 1), atRisk: risk, events: events}
		step.survival = base * (float64(left) / float64(baseRisk))
		if left > 0 {
			logVar += float64(events) / float64(risk) / float64(left)
			step.se = step.survival * math.Sqrt(logVar)
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
	i := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].time > t })
	if last := s.times[s.n-1]; t > last && (i == 0 || s.steps[i-1].survival > 0) {
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
	if step.survival == 0 {
		iv := Interval{Level: level}
		if i == 0 {
			iv.Method = ClopperPearson
			_, iv.High = clopperPearson(0, float64(step.events), alpha)
		} else {
			iv.Method = logLog
			iv.High = s.interval(i-1, level, alpha).High
		}
		return iv
	}
	logS := math.Log(step.survival)
	factor := math.Exp(normalUpperQuantile(alpha/2) * math.Sqrt(step.logVar) / -logS)
	return Interval{
		Estimate: step.survival, Low: math.Exp(logS * factor), High: math.Exp(logS / factor),
		Level: level, Method: logLog,
	}.extended()
}

// Quantile returns the time at which the share p has ended: the first step with
// S ≤ 1−p, or the middle of the stretch on which S is 1−p, if it is flat there, as
// R's survival (Therneau & Grambsch 2000) and SAS have it. So while nothing is
// censored the median, Quantile(0.5), is the ordinary one: of two waits, halfway
// between them. The last stretch ends at the longest time that was watched.
//
// It is false if the curve does not fall that far, because too much was censored,
// and unless 0 < p < 1.
func (s Survival) Quantile(p float64) (time.Duration, bool) {
	if !(p > 0 && p < 1) {
		return 0, false
	}
	i := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].survival <= (1-p)*(1+flat) })
	if i == len(s.steps) {
		return 0, false
	}
	at := s.steps[i].time
	if s.steps[i].survival < (1-p)*(1-flat) {
		return at, true
	}
	end := s.times[s.n-1]
	if i+1 < len(s.steps) {
		end = s.steps[i+1].time
	}
	return at + (end-at)/2, true
}

// flat is how near to 1, relatively, a product of shares must come to the share
// that is asked for to be equal to it but for rounding.
const flat = 1e-12

// DurationInterval is an estimated time with its confidence interval, such as the
// median of a survival curve. A bound that the data do not reach is absent, which is
// information and not an error: half the waits may still be open.
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

// String returns the time with its interval, such as "40m0s (95% log_log
// 10m0s to ?)": a question mark stands for a bound that is absent.
func (d DurationInterval) String() string {
	if d.Level == 0 {
		return "no interval"
	}
	shown := func(t time.Duration, has bool) string {
		if has {
			return t.String()
		}
		return "?"
	}
	return fmt.Sprintf("%s (%s%% %v %s to %s)", shown(d.Estimate, d.HasEstimate), percent(d.Level), d.Method,
		shown(d.Low, d.HasLow), shown(d.High, d.HasHigh))
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
	iv := DurationInterval{Level: level, Method: logLog}
	iv.Estimate, iv.HasEstimate = s.Quantile(p)
	limit := (1 - p) * (1 + flat)
	for i := range s.steps {
		ends := s.interval(i, level, alpha)
		if !iv.HasLow && ends.Low <= limit {
			iv.Low, iv.HasLow = s.steps[i].time, true
		}
		if ends.High <= limit {
			iv.High, iv.HasHigh = s.steps[i].time, true
			break
		}
	}
	return iv.extended(), nil
}

// extended returns d with its ends moved as far as is needed for it to contain its
// estimate, which lies in the middle where a curve is flat.
func (d DurationInterval) extended() DurationInterval {
	if d.HasEstimate && d.HasLow {
		d.Low = min(d.Low, d.Estimate)
	}
	if d.HasEstimate && d.HasHigh {
		d.High = max(d.High, d.Estimate)
	}
	return d
}
