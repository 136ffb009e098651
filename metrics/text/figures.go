package text

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// NoData stands where there is no figure.
const NoData = "–"

const minus = "−"

// The units of a duration, in seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// Duration returns d in its two largest units, rounded once to the smaller of
// them, half away from zero: "45s", "12m 05s", "3h 07m", "81d 04h". Days are of 24
// hours; there is no larger unit. Special cases are:
//
//   - a second unit of zero is left out: "42m", "2d";
//   - what rounds up to a larger unit is written in that one: 59.5 seconds are "1m",
//     and 23 hours, 59 minutes and 59.9 seconds are "1d";
//   - 0 is "0s", and less than half a second, of either sign, is "under 1s".
func Duration(d time.Duration) string {
	sign, n := "", uint64(d)
	if d < 0 {
		sign, n = minus, -n
	}
	if n < uint64(time.Second/2) {
		if n == 0 {
			return "0s"
		}
		return "under 1s"
	}
	rounded := func(unit uint64) uint64 { // in seconds, to whole units
		unit *= uint64(time.Second)
		return (n + unit/2) / unit * (unit / uint64(time.Second))
	}
	if s := rounded(1); s < minute {
		return sign + strconv.FormatUint(s, 10) + "s"
	} else if s < hour {
		return sign + units(s, minute, "m", 1, "s")
	}
	if s := rounded(minute); s < day {
		return sign + units(s, hour, "h", minute, "m")
	}
	return sign + units(rounded(hour), day, "d", hour, "h")
}

// Exact returns d unrounded, as [time.Duration.String] does, but without the units at its
// end that are 0: "24h", "1h30m", "1m40s". [time.ParseDuration] reads it.
func Exact(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// units returns seconds in two units. The second has two digits, so that figures
// below each other line up.
func units(seconds, large uint64, l string, small uint64, s string) string {
	b := strconv.AppendUint(nil, seconds/large, 10)
	b = append(b, l...)
	if rest := seconds % large / small; rest > 0 {
		b = append(b, ' ', byte('0'+rest/10), byte('0'+rest%10))
		b = append(b, s...)
	}
	return string(b)
}

// mostPlaces bounds the decimal places of a share: no two shares of 64-bit counts
// need more to be told apart.
const mostPlaces = 40

// Share returns part of whole in percent, such as "68.4 %", rounded once from the
// exact value to the given number of decimal places, half away from zero. All
// places are shown: 1 of 2 is "50.0 %" with one. Places below 0 are treated as 0,
// and above 40 as 40. A share may be negative or above 100 %. A whole of 0 or less
// is no data, and gives [NoData].
func Share(part, whole int64, places int) string {
	if whole <= 0 {
		return NoData
	}
	places = min(max(places, 0), mostPlaces)
	scaled := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places+2)), nil)
	scaled.Mul(scaled, big.NewInt(part))
	negative := scaled.Sign() < 0
	// ⌊x + ½⌋ of the magnitude, as (2·x·whole + whole) / (2·whole).
	scaled.Abs(scaled).Lsh(scaled, 1).Add(scaled, big.NewInt(whole))
	scaled.Quo(scaled, new(big.Int).Lsh(big.NewInt(whole), 1))
	return inPercent(scaled, negative, places)
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
	for i, n := range counts {
		all[i] = NoData
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
	hundred := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places+2)), nil)
	missing := new(big.Int).Set(hundred)
	shares, cut, order := make([]*big.Int, len(counts)), make([]*big.Int, len(counts)), make([]int, len(counts))
	for i, n := range counts {
		shares[i], cut[i] = new(big.Int).QuoRem(new(big.Int).Mul(hundred, big.NewInt(n)), total, new(big.Int))
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

// Count returns n with a comma between thousands, such as "1,234,567".
func Count(n int64) string {
	sign, magnitude := "", uint64(n)
	if n < 0 {
		sign, magnitude = minus, -magnitude
	}
	digits := strconv.FormatUint(magnitude, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
