package stat

import "math"

// binomialLog returns the log of the probability of x successes of n, each of
// probability p.x.
func binomialLog(x, n int64, p unitPoint) float64 {
	switch x {
	case 0:
		return float64(n) * p.logY
	case n:
		return float64(n) * p.logX
	}
	a, b := float64(x), float64(n-x)
	return newIncompleteBeta(a, b).logDensity(p) - math.Log(a/float64(n)*b)
}

// unlikely returns the ends of the outcomes that are no more probable than the
// observed one: those up to left and from right on, of low…high. logP rises up
// to mode and falls from there. All outcomes count, with left = high, if the
// observed one is as probable as the mode. Probabilities within 1 part in 10⁷
// are taken for equal, as in R's fisher.test and binom.test, lest rounding
// decide.
func unlikely(low, mode, high, observed int64, logP func(int64) float64) (left, right int64) {
	limit := logP(observed) + 1e-7
	if logP(mode) <= limit {
		return high, high + 1
	}
	// left is the last of low−1…mode that is unlikely; right the first of
	// mode…high+1.
	left, right = low-1, high+1
	for above := mode; above-left > 1; {
		middle := left + (above-left)/2
		if logP(middle) <= limit {
			left = middle
		} else {
			above = middle
		}
	}
	for below := mode; right-below > 1; {
		middle := below + (right-below)/2
		if logP(middle) <= limit {
			right = middle
		} else {
			below = middle
		}
	}
	return left, right
}

// binomialTwoSided returns the probability of outcomes no more probable than x
// of n, each of probability p.x.
func binomialTwoSided(x, n int64, p unitPoint) float64 {
	mode := int64(clip(math.Floor(float64(n+1)*p.x), 0, float64(n)))
	left, right := unlikely(0, mode, n, x, func(k int64) float64 { return binomialLog(k, n, p) })
	if left == n {
		return 1
	}
	var sum float64
	if left >= 0 { // P(X ≤ left)
		sum += newIncompleteBeta(float64(n-left), float64(left+1)).cdf(p.mirror())
	}
	if right <= n { // P(X ≥ right)
		sum += newIncompleteBeta(float64(right), float64(n-right+1)).cdf(p)
	}
	return math.Min(1, sum)
}

// maxTableTotal bounds the grand total of a table for Fisher's test, whose cost
// grows with its root.
const maxTableTotal = 1 << 50

// hypergeometric is the distribution of the number of marked ones among drawn
// of total, of which marked are marked.
type hypergeometric struct{ marked, drawn, total int64 }

// log returns the log of the probability of x: Loader's product of three
// binomial probabilities.
func (h hypergeometric) log(x int64) float64 {
	p := unitPointAt(float64(h.drawn) / float64(h.total))
	return binomialLog(x, h.marked, p) + binomialLog(h.drawn-x, h.total-h.marked, p) - binomialLog(h.drawn, h.total, p)
}

// tail returns the sum of probabilities from x on, in steps of 1 or −1, away
// from the mode.
func (h hypergeometric) tail(x, step, end int64) float64 {
	sum, term := 0.0, math.Exp(h.log(x))
	for {
		sum += term
		if x == end || term < sum*1e-17 {
			return sum
		}
		if step > 0 {
			term *= float64(h.marked-x) / float64(x+1) * (float64(h.drawn-x) / float64(h.total-h.marked-h.drawn+x+1))
		} else {
			term *= float64(x) / float64(h.marked-x+1) * (float64(h.total-h.marked-h.drawn+x) / float64(h.drawn-x+1))
		}
		x += step
	}
}

// twoSided returns the probability of outcomes no more probable than x.
func (h hypergeometric) twoSided(x int64) float64 {
	low, high := max(0, h.drawn+h.marked-h.total), min(h.drawn, h.marked)
	mode := int64(float64(h.drawn+1) / float64(h.total+2) * float64(h.marked+1))
	mode = min(max(mode, low), high)
	left, right := unlikely(low, mode, high, x, h.log)
	if left == high {
		return 1
	}
	var sum float64
	if left >= low {
		sum += h.tail(left, -1, low)
	}
	if right <= high {
		sum += h.tail(right, 1, high)
	}
	return math.Min(1, sum)
}
