package stat

import (
	"fmt"
	"math"
)

// Term is an estimate and how often it counts in a sum of several; see [Linear].
type Term struct {
	Times    float64 // 1 for what is added, −1 for what is taken away
	Value    float64 // the estimate
	Variance float64 // of Value
	DF       float64 // degrees of freedom of Variance; 0 for a normal estimate
}

// Linear compares the sum of the terms, Σ Times·Value, with 0. The estimates must
// be independent of each other. A difference in differences is a sum of four
// terms, and a change at a fixed mix of groups one of two terms for each group.
// The test and the interval are by t, with the degrees of freedom of
// Satterthwaite (1946, Biometrics Bulletin 2:110),
//
//	(ΣV)² / Σ(V²/DF), V = Times²·Variance
//
// or by z if all terms are normal. The method says what the estimates are, and
// travels in the results: of two means it is Welch.
//
// Special cases are: a sum of 0 without variance has a P of 1. It returns
// ErrNoData without terms, ErrValue for a number that is not finite or a variance
// or degrees of freedom below 0, ErrNoVariation for a sum other than 0 without
// variance, and ErrOverflow if a result is beyond float64.
func Linear(m Method, terms ...Term) (Contrast, error) {
	if len(terms) == 0 {
		return Contrast{}, fmt.Errorf("%w: no terms", ErrNoData)
	}
	var e effect
	for i, t := range terms {
		for _, v := range []float64{t.Times, t.Value, t.Variance, t.DF} {
			if !isFinite(v) || t.Variance < 0 || t.DF < 0 {
				return Contrast{}, fmt.Errorf("%w: term %d is %+v", ErrValue, i, t)
			}
		}
		e.value += t.Times * t.Value
		e.se = math.Hypot(e.se, t.se())
	}
	e.centre = e.value
	// Shares of the squared error keep the degrees of freedom in range.
	var uncertain float64
	for _, t := range terms {
		if w := t.se() / e.se; t.DF > 0 && w > 0 {
			uncertain += w * w * w * w / t.DF
		}
	}
	if df := 1 / uncertain; uncertain > 0 && !math.IsInf(df, 0) { // else they are as good as normal
		if e.df = df; df == 0 {
			return Contrast{}, fmt.Errorf("%w: degrees of freedom", ErrOverflow)
		}
	}
	return e.contrast(m, math.Inf(1))
}

// se returns the standard error that the term adds.
func (t Term) se() float64 { return math.Abs(t.Times) * math.Sqrt(t.Variance) }

// LinearShares compares the sum of shares, each taken so many times, with 0: by z
// after 2/m successes and 2/m failures were added to each of the m shares (Price &
// Bonett 2004, Computational Statistics & Data Analysis 45:449). The estimate is
// that of the shares as they are. The interval is clipped to what the sum can be if
// the numbers in times add up to 0.
//
// It returns ErrLength if times and shares differ in length, ErrNoData without
// shares or for a share of nobody, ErrCount for impossible counts, ErrValue for a
// number in times that is not finite, and ErrOverflow if a result is beyond float64.
func LinearShares(times []float64, shares []Ratio) (Contrast, error) {
	if len(times) != len(shares) {
		return Contrast{}, fmt.Errorf("%w: %d numbers, %d shares", ErrLength, len(times), len(shares))
	}
	if len(shares) == 0 {
		return Contrast{}, fmt.Errorf("%w: no shares", ErrNoData)
	}
	if err := checkFinite("times", times); err != nil {
		return Contrast{}, err
	}
	var e effect
	var limit float64
	added := 2 / float64(len(shares))
	for i, r := range shares {
		if err := checkPart(r.Part, r.Whole); err != nil {
			return Contrast{}, fmt.Errorf("%w (share %d)", err, i)
		}
		value, _ := r.Float64()
		n := float64(r.Whole) + 2*added
		p := (float64(r.Part) + added) / n
		e.value += times[i] * value
		e.centre += times[i] * p
		e.se = math.Hypot(e.se, times[i]*math.Sqrt(p*(1-p)/n))
		limit += math.Abs(times[i]) / 2
	}
	return e.contrast(AdjustedWald, limit)
}
