package stat

import (
	"fmt"
	"math"
)

// Net holds exact counts of answers that speak for, against and neither: N
// answers in all, Plus for and Minus against, of which the net share
// (Plus−Minus)/N, from −1 to 1, is the index. Net promoter score, net easy
// score and net satisfaction are net shares of different questions.
type Net struct {
	Plus  int64 `json:"plus"`
	Minus int64 `json:"minus"`
	N     int64 `json:"n"`
}

// check reports counts that cannot be.
func (c Net) check() error {
	if c.Plus < 0 || c.Minus < 0 || c.Plus > c.N || c.Minus > c.N-c.Plus {
		return fmt.Errorf("%w: %d for and %d against of %d", ErrCount, c.Plus, c.Minus, c.N)
	}
	if c.N == 0 {
		return fmt.Errorf("%w: net share of nobody", ErrNoData)
	}
	return nil
}

// value returns the net share, rounded once.
func (c Net) value() float64 { return float64(c.Plus-c.Minus) / float64(c.N) }

// parts returns the shares for and against, and how many answers they are of.
func (c Net) parts() WeightedNet {
	n := float64(c.N)
	return WeightedNet{float64(c.Plus) / n, float64(c.Minus) / n, n}
}

// Interval returns the net share with its interval, within −1…1. With P = Plus/N,
// M = Minus/N, S = P−M and z the normal quantile of (1+level)/2:
//
//	AdjustedWald (default)  S̃ ± z·√(Ṽ/(N+3)), S̃ and Ṽ being S and P + M − S²
//	                        after adding ¾ for, 1½ neither, ¾ against
//	Tango                   the t with (S−t)² = z²·(2q+t(1−t))/N, q the most
//	                        likely share against if the net share is t
//
// Both (Rocks 2016, The American Statistician 70:365; Tango 1998, Statistics in
// Medicine 17:891, since a net share is a paired difference) cover close to the
// level from N = 5 on. The estimate is the raw share. Where adjusted Wald misses it,
// as it does if one answer or two are all for, the interval is extended to it.
//
// Special cases are: with Tango, the high end is exactly 1 if all are for and the
// low end exactly −1 if all are against. It returns ErrCount for impossible
// counts, ErrNoData for N = 0, ErrLevel unless 0 < level < 1, and ErrMethod for
// other methods.
func (c Net) Interval(level float64, m Method) (Interval, error) {
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	if err := c.check(); err != nil {
		return Interval{}, err
	}
	return c.parts().interval(c.value(), level, alpha, m)
}

// WeightedNet is a net share that was estimated from weighted answers: the shares
// that speak for and against, and the effective number of answers, which need not be
// whole; see [Weighted]. The zero value is of nobody.
type WeightedNet struct {
	Plus       float64 `json:"plus"`
	Minus      float64 `json:"minus"`
	EffectiveN float64 `json:"effective_n"`
}

// Interval returns the net share with its interval, as [Net] has it with EffectiveN
// for N: so weights that are all alike change nothing. It returns ErrNoData for the
// zero value, ErrValue unless the shares are at least 0 and together at most 1 and
// EffectiveN is finite and above 0, ErrLevel unless 0 < level < 1, and ErrMethod for
// other methods.
func (c WeightedNet) Interval(level float64, m Method) (Interval, error) {
	if c == (WeightedNet{}) {
		return Interval{}, fmt.Errorf("%w: net share of nobody", ErrNoData)
	}
	if !(c.Plus >= 0 && c.Minus >= 0 && c.Plus+c.Minus <= 1+1e-9) {
		return Interval{}, fmt.Errorf("%w: shares of %v for and %v against", ErrValue, c.Plus, c.Minus)
	}
	if err := checkPositive("effective n", c.EffectiveN); err != nil {
		return Interval{}, err
	}
	alpha, err := alphaOf(level)
	if err != nil {
		return Interval{}, err
	}
	return c.interval(clip(c.Plus-c.Minus, -1, 1), level, alpha, m)
}

// moments returns the net share and the variance of one answer,
// P + M − (P−M)², after adding ¾, 1½ and ¾ answers if adjusted; and how many
// answers that makes.
func (c WeightedNet) moments(adjusted bool) (share, variance, n float64) {
	p, m, n := c.Plus, c.Minus, c.EffectiveN
	if adjusted {
		p, m, n = (p*n+0.75)/(n+3), (m*n+0.75)/(n+3), n+3
	}
	// (P+M) − (P−M)² as P(1−P) + M(1−M) + 2PM, which cannot cancel below 0.
	return p - m, p*math.Max(0, 1-p) + m*math.Max(0, 1-m) + 2*p*m, n
}

// interval is Interval for shares that were checked.
func (c WeightedNet) interval(value, level, alpha float64, m Method) (Interval, error) {
	z := normalUpperQuantile(alpha / 2)
	iv := Interval{Estimate: value, Level: level, Method: m.or(AdjustedWald)}
	switch iv.Method {
	case AdjustedWald:
		share, variance, n := c.moments(true)
		half := z * math.Sqrt(variance/n)
		iv.Low, iv.High = clip(share-half, -1, 1), clip(share+half, -1, 1)
	case Tango:
		iv.Low = -tangoHigh(c.Minus, c.Plus, c.EffectiveN, z)
		iv.High = tangoHigh(c.Plus, c.Minus, c.EffectiveN, z)
	default:
		return Interval{}, m.notOffered("a net share")
	}
	return iv.extended(), nil
}

// tangoHigh returns the high end of the score interval of p − m, both shares
// of n, by bisection.
func tangoHigh(p, m, n, z float64) float64 {
	if p == 1 {
		return 1
	}
	return bisect(p-m, 1, func(t float64) bool {
		// The share against that is most likely when the net share is t solves
		// 2q² + Bq + C = 0.
		b := (2-p+m)*t - p - m
		c := -m * t * (1 - t)
		root := math.Sqrt(math.Max(0, b*b-8*c))
		q := (root - b) / 4
		if b > 0 {
			q = -2 * c / (root + b)
		}
		return (t-(p-m))*(t-(p-m)) <= z*z*math.Max(0, 2*q+t*(1-t))/n
	})
}

// bisect returns the end of the stretch from inside in which holds is true,
// between inside and outside, to the last digit or 10⁻³⁰.
func bisect(inside, outside float64, holds func(float64) bool) float64 {
	for math.Abs(outside-inside) > 1e-30 {
		middle := inside + (outside-inside)/2
		if middle == inside || middle == outside {
			break
		}
		if holds(middle) {
			inside = middle
		} else {
			outside = middle
		}
	}
	return inside
}
