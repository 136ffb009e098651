package stat

import (
	"fmt"
	"math"
)

// ComparePairs compares two shares of the same people, who were asked twice: Plus of
// them were counted the second time only, Minus the first time only, and N is how many
// were asked both times. The difference of the shares is the net share. Its test is
// McNemar's (1947, Psychometrika 12:153) and its interval Tango's, which is the score
// interval that belongs to it:
//
//	z = (Plus − Minus) / √(Plus + Minus)
//
// (Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91, recommend
// both, the test without correction). Those who were counted both times or never tell
// only how large a share is.
//
// Special cases are: if nobody changed, the P is 1. It returns ErrCount for impossible
// counts and ErrNoData if nobody was asked.
func ComparePairs(changed Net) (Contrast, error) {
	if err := changed.check(); err != nil {
		return Contrast{}, err
	}
	test := Test{Method: mcNemar, P: 1}
	if moved := float64(changed.Plus) + float64(changed.Minus); moved > 0 {
		test = normalTest(mcNemar, float64(changed.Plus-changed.Minus)/math.Sqrt(moved))
	}
	return Contrast{test, func(level, alpha float64) (Interval, error) {
		return changed.parts().interval(changed.value(), level, alpha, Tango)
	}}, nil
}

// SignedRanks compares two answers of each of the same people by their order (Wilcoxon
// 1945, Biometrics Bulletin 1:80). up[k] is how many went up by the k-th smallest
// distance, and down[k] how many went down by it; who stayed where they were are left
// out. The test is of no tendency either way, two-sided. Up to 50 people its P is exact,
// from all ways to give the distances signs, ties included: the probability of a sum of
// ranks at least as far from its mean. Above that, the sum W of the ranks of those who
// went up is compared with a normal distribution,
//
//	z = (|W − n(n+1)/4| − ½) / √(n(n+1)(2n+1)/24 − Σ(t³−t)/48)
//
// with the sign of W − n(n+1)/4, t being the numbers of tied distances (Lehmann 1975).
// The method says which; the exact one has no statistic.
//
// It returns ErrLength if up and down differ in length, ErrCount for a negative count,
// ErrTooMany for more than 2²⁰ people, and ErrNoData if nobody moved.
func SignedRanks(up, down []int64) (Test, error) {
	if len(up) != len(down) {
		return Test{}, fmt.Errorf("%w: %d and %d distances", ErrLength, len(up), len(down))
	}
	const most = 1 << 20
	var n int64
	for k := range up {
		if up[k] < 0 || down[k] < 0 {
			return Test{}, fmt.Errorf("%w: %d up and %d down by distance %d", ErrCount, up[k], down[k], k)
		}
		if up[k] > most || down[k] > most || n > most-up[k]-down[k] {
			return Test{}, fmt.Errorf("%w: more than %d people", ErrTooMany, most)
		}
		n += up[k] + down[k]
	}
	if n == 0 {
		return Test{}, fmt.Errorf("%w: nobody moved", ErrNoData)
	}
	// Ranks are doubled, which makes midranks whole.
	var sum, below int64
	var ties float64
	ways := []float64{1} // of signs, by the doubled sum of the ranks that go up
	for k := range up {
		t := up[k] + down[k]
		rank := 2*below + t + 1
		below += t
		sum += up[k] * rank
		ties += float64(t) * float64(t-1) * float64(t+1)
		if n > exactRanks {
			continue
		}
		for range t {
			next := make([]float64, len(ways)+int(rank))
			for s, w := range ways {
				next[s] += w
				next[s+int(rank)] += w
			}
			ways = next
		}
	}
	mean := n * (n + 1) / 2 // of the doubled sum
	if n <= exactRanks {
		distance := max(sum-mean, mean-sum)
		var far, all float64
		for s, w := range ways {
			all += w
			if int64(s)-mean >= distance || mean-int64(s) >= distance {
				far += w
			}
		}
		return Test{Method: signedRankExact, P: far / all}, nil
	}
	size := float64(n)
	se := math.Sqrt(size*(size+1)*(2*size+1)/24 - ties/48)
	d := float64(sum-mean) / 2
	return normalTest(signedRankNormal, math.Copysign(math.Max(0, math.Abs(d)-0.5), d)/se), nil
}
