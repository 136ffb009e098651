package rating

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// ICC returns the agreement of two or more reviewers on the same things:
// ICC(2,1) of Shrout & Fleiss (1979), for reviewers who are a sample of all
// possible ones, and for absolute agreement: marks must be equal, not only in step.
// marks[i][j] is what reviewer j gave thing i. With n things, k reviewers, and
// the mean squares of things (B), reviewers (J) and the rest (E),
//
//	ICC(2,1) = (B − E) / (B + (k−1)·E + k·(J − E)/n)
//
// The interval is theirs, from the F distribution with Satterthwaite's degrees
// of freedom (see also McGraw & Wong 1996). Reviewers who always give the same
// marks as each other have an ICC of 1 and an interval without width. There is no lower
// limit: reviewers who contradict each other can be below −1.
//
// The error wraps [stat.ErrTooFew] for fewer than two things or reviewers,
// [stat.ErrLength] if a row is longer or shorter than the first,
// [stat.ErrValue] for a mark that is not a number or beyond ±10⁹,
// [stat.ErrNoVariation] if neither things nor reviewers differ,
// [stat.ErrOverflow] if reviewers who contradict each other leave next to no
// degrees of freedom for an interval, and [stat.ErrLevel].
func ICC(marks [][]float64, level float64) (Agreement, error) {
	if !(level > 0 && level < 1) {
		return Agreement{}, fmt.Errorf("rating: icc: %w: %v", stat.ErrLevel, level)
	}
	if err := checkMarks(marks); err != nil {
		return Agreement{}, fmt.Errorf("rating: icc: %w", err)
	}
	v := analyse(marks)
	below := v.things + (v.k-1)*v.rest + v.k*(v.reviewers-v.rest)/v.n
	if !(below > 0) {
		return Agreement{}, fmt.Errorf("rating: icc: %w: the means of all %d things are alike", stat.ErrNoVariation, len(marks))
	}
	a := Agreement{Coefficient: ICC21, N: len(marks), Reviewers: len(marks[0]), Level: level}
	a.Estimate = (v.things - v.rest) / below
	if v.rest == 0 && v.reviewers == 0 {
		a.Low, a.High = a.Estimate, a.Estimate
		return a, nil
	}
	low, high, err := v.interval(a.Estimate, level)
	if err != nil {
		return Agreement{}, fmt.Errorf("rating: icc: %w", err)
	}
	a.Low, a.High = min(low, a.Estimate), min(1, max(high, a.Estimate))
	return a, nil
}

func checkMarks(marks [][]float64) error {
	if len(marks) < 2 || len(marks[0]) < 2 {
		reviewers := 0
		if len(marks) > 0 {
			reviewers = len(marks[0])
		}
		return fmt.Errorf("%w: %d things, %d reviewers", stat.ErrTooFew, len(marks), reviewers)
	}
	for i, row := range marks {
		if len(row) != len(marks[0]) {
			return fmt.Errorf("%w: %d marks of thing %d, %d of the first", stat.ErrLength, len(row), i, len(marks[0]))
		}
		for j, m := range row {
			if !(m >= -1e9 && m <= 1e9) {
				return fmt.Errorf("%w: mark %v of thing %d by reviewer %d", stat.ErrValue, m, i, j)
			}
		}
	}
	return nil
}

// variance is the analysis of variance of a table of things by reviewers.
type variance struct {
	n, k                    float64
	things, reviewers, rest float64 // mean squares
}

func analyse(marks [][]float64) variance {
	n, k := float64(len(marks)), float64(len(marks[0]))
	// Deviations from the first mark keep the digits of marks that are large.
	origin := marks[0][0]
	byThing, byReviewer := make([]float64, len(marks)), make([]float64, len(marks[0]))
	var all float64
	for i, row := range marks {
		for j, m := range row {
			byThing[i] += (m - origin) / k
			byReviewer[j] += (m - origin) / n
			all += (m - origin) / (n * k)
		}
	}
	v := variance{n: n, k: k}
	for _, m := range byThing {
		v.things += k * (m - all) * (m - all) / (n - 1)
	}
	for _, m := range byReviewer {
		v.reviewers += n * (m - all) * (m - all) / (k - 1)
	}
	for i, row := range marks {
		for j, m := range row {
			e := (m - origin) - byThing[i] - byReviewer[j] + all
			v.rest += e * e / ((n - 1) * (k - 1))
		}
	}
	return v
}

// interval returns the ends for an estimate below 1.
func (v variance) interval(estimate, level float64) (low, high float64, err error) {
	a := v.k * estimate / (v.n * (1 - estimate))
	b := 1 + v.k*estimate*(v.n-1)/(v.n*(1-estimate))
	j, e := a*v.reviewers, b*v.rest
	df := (j + e) * (j + e) / (j*j/(v.k-1) + e*e/((v.n-1)*(v.k-1)))
	if !(df > 0) {
		// The reviewers differ as chance would have it, and things do not.
		df = (v.n - 1) * (v.k - 1)
	}
	// An upper quantile of F is one over the lower one of 1/F.
	up, err := stat.FQuantile((1-level)/2, df, v.n-1)
	if err != nil {
		return 0, 0, err
	}
	down, err := stat.FQuantile((1-level)/2, v.n-1, df)
	if err != nil {
		return 0, 0, err
	}
	up, down = 1/up, 1/down
	below := v.k*v.reviewers + (v.k*v.n-v.k-v.n)*v.rest
	low = v.n * (v.things - up*v.rest) / (up*below + v.n*v.things)
	high = v.n * (down*v.things - v.rest) / (below + v.n*down*v.things)
	return low, high, nil
}
