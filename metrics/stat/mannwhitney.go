package stat

import (
	"fmt"
	"math"
)

// exactRanks is the number of values up to which MannWhitney enumerates.
const exactRanks = 50

// MannWhitney compares two groups of answers by their order, without taking the
// steps of the scale for equal. The groups are counts of the same categories,
// lowest first: x[k] of the first group and y[k] of the second answered k.
//
// The superiority is the probability that a member of the first group has the
// larger answer, ties counting as half: U/(nx·ny), from 0 to 1 (Vargha & Delaney
// 2000). The test is of no difference, two-sided. Up to 50 values in all its P is
// exact, from the permutation distribution of the ranks, ties included: the
// probability of a U at least as far from its mean. Above that, U (pairs won by
// the first, ties as half) is compared with a normal distribution
//
//	z = (|U − nx·ny/2| − ½) / √(nx·ny/12·(N+1 − Σ(t³−t)/(N(N−1))))
//
// with the sign of U − nx·ny/2, t being the numbers of tied values (Mann &
// Whitney 1947; Lehmann 1975, Nonparametrics). The method says which; the exact
// one has no statistic.
//
// It returns ErrLength if the numbers of categories differ, ErrCount for a
// negative count, ErrNoData if either group is empty, ErrTooMany if there are more
// than 2⁶¹ pairs, and ErrNoVariation, with a superiority of ½, if all answers are
// the same.
func MannWhitney(x, y []int64) (superiority float64, test Test, err error) {
	r, err := pairingOf(x, y)
	if err != nil {
		return 0, Test{}, err
	}
	superiority = float64(r.wins) / 2 / float64(r.nx) / float64(r.ny)
	if err := r.check(); err != nil {
		return superiority, Test{}, err
	}
	if r.nx+r.ny <= exactRanks {
		return superiority, Test{Method: rankSumExact, P: r.exactP()}, nil
	}
	nx, ny := float64(r.nx), float64(r.ny)
	n := nx + ny
	// N+1 − Σ(t³−t)/(N(N−1)) is Σ t(N−t)(N+t)/(N(N−1)), which does not cancel.
	var spread float64
	for k := range r.x {
		tied := r.x[k] + r.y[k]
		t, others := float64(tied), float64(r.nx+r.ny-tied)
		spread += t / n * (others / (n - 1)) * (n + t)
	}
	se := math.Sqrt(nx / 12 * ny * spread)
	d := float64(r.wins-r.nx*r.ny) / 2
	return superiority, normalTest(rankSumNormal, math.Copysign(math.Max(0, math.Abs(d)-0.5), d)/se), nil
}

// pairing is two groups of ordered answers.
type pairing struct {
	x, y   []int64 // how many of either group gave each answer, in order
	nx, ny int64
	wins   int64 // twice the number of pairs won by x, ties counting as half
}

func pairingOf(x, y []int64) (pairing, error) {
	if len(x) != len(y) {
		return pairing{}, fmt.Errorf("%w: %d and %d categories", ErrLength, len(x), len(y))
	}
	r := pairing{x: x, y: y}
	for k := range x {
		if x[k] < 0 || y[k] < 0 {
			return pairing{}, fmt.Errorf("%w: %d and %d in category %d", ErrCount, x[k], y[k], k)
		}
		// A sum that leaves this range would be caught below, if it did not
		// wrap around first.
		if r.nx+x[k] < 0 || r.ny+y[k] < 0 {
			return pairing{}, fmt.Errorf("%w: category %d", ErrTooMany, k)
		}
		r.nx += x[k]
		r.ny += y[k]
	}
	if r.nx == 0 || r.ny == 0 {
		return pairing{}, fmt.Errorf("%w: groups of %d and %d", ErrNoData, r.nx, r.ny)
	}
	if r.nx > 1<<61/r.ny {
		return pairing{}, fmt.Errorf("%w: groups of %d and %d", ErrTooMany, r.nx, r.ny)
	}
	var below int64
	for k := range x {
		r.wins += x[k] * (2*below + y[k])
		below += y[k]
	}
	return r, nil
}

// check reports values that are all the same.
func (r pairing) check() error {
	distinct := 0
	for k := range r.x {
		if r.x[k]+r.y[k] > 0 {
			distinct++
		}
	}
	if distinct == 1 {
		return fmt.Errorf("%w: all values are the same", ErrNoVariation)
	}
	return nil
}

// exactP counts the ways to choose the nx values of the first group by the sum
// of their ranks, doubled to make midranks whole. All counts are below
// C(50, 25) and so exact in float64.
func (r pairing) exactP() float64 {
	nx, n := int(r.nx), int(r.nx+r.ny)
	width := n*(n+1) + 1
	// ways[c*width+s]: choices of c values with doubled rank sum s.
	ways := make([]float64, (nx+1)*width)
	ways[0] = 1
	before, observed := 0, 0
	for k := range r.x {
		t := int(r.x[k] + r.y[k])
		rank := 2*before + t + 1
		before += t
		observed += int(r.x[k]) * rank
		for c := nx; c > 0; c-- {
			choose := 1.0
			for j := 1; j <= min(t, c); j++ {
				choose *= float64(t-j+1) / float64(j)
				choose = math.Round(choose)
				from, to := (c-j)*width, c*width
				for s := 0; s+j*rank < width; s++ {
					ways[to+s+j*rank] += choose * ways[from+s]
				}
			}
		}
	}
	mean := nx * (n + 1)
	distance := max(observed-mean, mean-observed)
	var far, all float64
	for s, w := range ways[nx*width:] {
		all += w
		if s-mean >= distance || mean-s >= distance {
			far += w
		}
	}
	return far / all
}
