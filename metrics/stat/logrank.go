package stat

import (
	"fmt"
	"math"
)

// CompareSurvival tests whether the groups have one survival curve, by the
// log-rank test (Mantel 1966): at each time with events, those of each group
// are compared with its share of all at risk. The statistic is a chi-square
// with one degree of freedom less than there are groups. A group with more
// events than expected ends sooner: answers faster, or churns faster. The chi-square
// holds for groups with several events; of a group of one that ends first of many, it is
// as large as they are many.
//
// It returns ErrTooFew for fewer than two groups, ErrNoData if a group is
// empty, ErrValue for a negative time, and ErrNoVariation if there are no
// events at a time when more than one group is watched.
func CompareSurvival(groups ...[]Observation) (Test, error) {
	test, _, err := logRankTest(groups)
	return test, err
}

// expected is what the log-rank test compares in one group.
type expected struct {
	observed int64   // events
	expected float64 // events, were all groups alike
}

func logRankTest(groups [][]Observation) (Test, []expected, error) {
	if len(groups) < 2 {
		return Test{}, nil, fmt.Errorf("%w: %d groups", ErrTooFew, len(groups))
	}
	k := len(groups)
	keys := make([][]uint64, k)
	out := make([]expected, k)
	for g, observations := range groups {
		var err error
		if keys[g], err = sortedKeys(observations); err != nil {
			return Test{}, nil, fmt.Errorf("%w (group %d)", err, g)
		}
	}
	covariance := make([][]float64, k)
	for g := range covariance {
		covariance[g] = make([]float64, k)
	}
	next := make([]int, k)
	share := make([]float64, k)
	for {
		// The earliest key; even ones, the events, come first.
		at, found := uint64(math.MaxUint64), false
		for g := range keys {
			if next[g] < len(keys[g]) && keys[g][next[g]] <= at {
				at, found = keys[g][next[g]], true
			}
		}
		if !found {
			break
		}
		var risk, events float64
		for g := range keys {
			share[g] = float64(len(keys[g]) - next[g])
			risk += share[g]
			from := next[g]
			for next[g] < len(keys[g]) && keys[g][next[g]] == at {
				next[g]++
			}
			if at&1 == 0 {
				out[g].observed += int64(next[g] - from)
				events += float64(next[g] - from)
			}
		}
		if events == 0 {
			continue
		}
		scale := 0.0
		if risk > 1 {
			scale = events * (risk - events) / (risk - 1)
		}
		for g := range share {
			share[g] /= risk
			out[g].expected += events * share[g]
		}
		for g := range share {
			for h := range g {
				covariance[g][h] -= scale * share[g] * share[h]
			}
			covariance[g][g] += scale * share[g] * (1 - share[g])
		}
	}
	differences := make([]float64, k)
	for g, group := range out {
		differences[g] = float64(group.observed) - group.expected
	}
	x, rank := quadraticForm(covariance, differences)
	if rank == 0 {
		return Test{}, nil, fmt.Errorf("%w: no events to compare", ErrNoVariation)
	}
	return chiSquareTest(logRank, x, float64(rank)), out, nil
}

// quadraticForm returns d′V⁻d for a positive semidefinite V, of which the
// lower triangle is given, and the rank of V, by a Cholesky factorisation that
// leaves out directions without variance. V and d are overwritten.
func quadraticForm(v [][]float64, d []float64) (x float64, rank int) {
	full := make([]float64, len(d))
	for j := range d {
		full[j] = v[j][j]
	}
	for j := range d {
		pivot := v[j][j]
		if pivot <= 1e-10*full[j] || pivot <= 0 {
			continue
		}
		rank++
		x += d[j] * d[j] / pivot
		for i := j + 1; i < len(d); i++ {
			factor := v[i][j] / pivot
			d[i] -= factor * d[j]
			for h := j + 1; h <= i; h++ {
				v[i][h] -= factor * v[h][j]
			}
		}
	}
	return x, rank
}
