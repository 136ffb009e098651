package stat

import "math"

// exactRanks is the number of values up to which MannWhitney enumerates.
const exactRanks = 50

// MannWhitney tests, two-sided, whether one group tends to larger values, for
// groups that would otherwise be distributed alike. Up to 50 values in all the
// P is exact, from the permutation distribution of the ranks, ties included:
// the probability of a U at least as far from its mean. Above that, U of the
// first group (pairs won, ties as half) is compared with a normal distribution
//
//	z = (|U − nx·ny/2| − ½) / √(nx·ny/12·(N+1 − Σ(t³−t)/(N(N−1))))
//
// with the signs of U − nx·ny/2, t being the numbers of tied values (Mann &
// Whitney 1947; Lehmann 1975, Nonparametrics). The method says which; the
// exact one has no statistic.
//
// It returns ErrNoData for the zero value and ErrNoVariation if all values are
// the same.
func (r Ranks) MannWhitney() (Test, error) {
	if err := r.check(); err != nil {
		return Test{}, err
	}
	if r.nx+r.ny <= exactRanks {
		return Test{Method: RankSumExact, P: r.exactP()}, nil
	}
	nx, ny := float64(r.nx), float64(r.ny)
	n := nx + ny
	var ties float64
	for k := range r.x {
		t := float64(r.x[k] + r.y[k])
		ties += t / n * (t - 1) / (n - 1) * (t + 1)
	}
	se := math.Sqrt(nx / 12 * ny * (n + 1 - ties))
	d := float64(r.wins-r.nx*r.ny) / 2
	return normalTest(RankSumNormal, math.Copysign(math.Max(0, math.Abs(d)-0.5), d)/se), nil
}

// exactP counts the ways to choose the nx values of the first group by the sum
// of their ranks, doubled to make midranks whole. All counts are below
// C(50, 25) and so exact in float64.
func (r Ranks) exactP() float64 {
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
