package text

import (
	"math/big"
	"slices"
	"strings"
)

// mostPlaces bounds the decimal places of a share: no two shares of 64-bit counts
// need more to be told apart.
const mostPlaces = 40

// Share returns part of whole in percent, such as "68.4 %", rounded once from the
// exact value to the given number of decimal places, half away from zero. All
// places are shown: 1 of 2 is "50.0 %" with one. Beside a goal, [ShareAgainst] is better. Places below 0 are treated as 0,
// and above 40 as 40. A share may be negative or above 100 %. A whole of 0 or less
// is no data, and gives [NoData].
func Share(part, whole int64, places int) string {
	if whole <= 0 {
		return NoData
	}
	places = min(max(places, 0), mostPlaces)
	units, negative := rounded(part, whole, places)
	return inPercent(units, negative, places)
}

// ShareAgainst returns part of whole in percent beside its goal, which is goal of of: a
// whole percentage, or one with up to two decimal places while a rounder one would stand on
// the other side of the goal than the share does. A share reaches its goal if it is not
// below it. So with a goal of 80 of 100, 796 of 1,000 are "79.6 %", 804 are "80 %", and
// 79,999 of 100,000, which two places do not tell from the goal either, are "79.99 %". A
// goal of nothing is none; a whole of 0 or less is [NoData].
func ShareAgainst(part, whole, goal, of int64) string {
	if whole <= 0 || of <= 0 {
		return Share(part, whole, 0)
	}
	product := func(a *big.Int, b int64) *big.Int { return new(big.Int).Mul(a, big.NewInt(b)) }
	short := product(big.NewInt(part), of).Cmp(product(big.NewInt(goal), whole)) < 0
	const most = 2
	for places := 0; ; places++ {
		units, negative := rounded(part, whole, places)
		if negative {
			units.Neg(units)
		}
		shown := product(units, of).Cmp(product(hundred(places), goal)) < 0
		if shown != short && places == most { // so it was rounded, and towards the goal
			if short {
				units.Sub(units, big.NewInt(1))
			} else {
				units.Add(units, big.NewInt(1))
			}
		}
		if shown == short || places == most {
			return inPercent(units.Abs(units), negative, places)
		}
	}
}

// hundred returns 100 % in units of the last of the given places.
func hundred(places int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places+2)), nil)
}

// rounded returns the magnitude of a share in units of the last of the given places of a
// percentage, rounded half up, and whether the share is negative.
func rounded(part, whole int64, places int) (units *big.Int, negative bool) {
	units = hundred(places)
	units.Mul(units, big.NewInt(part))
	negative = units.Sign() < 0
	// ⌊x + ½⌋ of the magnitude, as (2·x·whole + whole) / (2·whole).
	units.Abs(units).Lsh(units, 1).Add(units, big.NewInt(whole))
	return units.Quo(units, new(big.Int).Lsh(big.NewInt(whole), 1)), negative
}

// Shares returns each count in percent of their sum, such as "33.4 %", "33.3 %" and
// "33.3 %", so that what is shown adds up to exactly 100 %. Each share is cut to the
// given number of decimal places, and what is missing goes to those of which most was
// cut, to the first of equal ones (largest remainder; Hamilton 1792). So a share may
// differ by one in its last place from that of [Share], and equal counts may by one from
// each other. Places are those of Share. If a count is negative, or all are 0, there is
// [NoData] in the place of each.
func Shares(places int, counts ...int64) []string {
	all := make([]string, len(counts))
	places = min(max(places, 0), mostPlaces)
	total := new(big.Int)
	for _, n := range counts {
		if n < 0 {
			total.SetInt64(-1)
			break
		}
		total.Add(total, big.NewInt(n))
	}
	if total.Sign() <= 0 {
		for i := range all {
			all[i] = NoData
		}
		return all
	}
	missing := hundred(places)
	shares, cut, order := make([]*big.Int, len(counts)), make([]*big.Int, len(counts)), make([]int, len(counts))
	for i, n := range counts {
		shares[i], cut[i] = new(big.Int).QuoRem(new(big.Int).Mul(hundred(places), big.NewInt(n)), total, new(big.Int))
		missing.Sub(missing, shares[i])
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cut[j].Cmp(cut[i]) })
	for _, i := range order[:missing.Int64()] { // fewer than counts, each a part of one
		shares[i].Add(shares[i], big.NewInt(1))
	}
	for i, s := range shares {
		all[i] = inPercent(s, false, places)
	}
	return all
}

// inPercent writes a number of units in the last of the given places of a percentage.
func inPercent(units *big.Int, negative bool, places int) string {
	digits := units.String()
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	if point := len(digits) - places; places > 0 {
		digits = digits[:point] + "." + digits[point:]
	}
	if negative && units.Sign() != 0 {
		digits = minus + digits
	}
	return digits + " %"
}
