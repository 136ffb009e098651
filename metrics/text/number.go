package text

import (
	"math"
	"strconv"
	"strings"
)

// NoData stands where there is no figure.
const NoData = "–"

const minus = "−"

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

// Counted returns how many things there are, such as "1 case", "2 days" or "1,200
// repeated deliveries". The word for one of them gets an s for its plural, or -ies for a y
// after a consonant.
func Counted(n int64, thing string) string {
	if n != 1 && thing != "" {
		if end := len(thing) - 1; end > 0 && thing[end] == 'y' && !strings.ContainsRune("aeiou", rune(thing[end-1])) {
			thing = thing[:end] + "ie"
		}
		thing += "s"
	}
	return Count(n) + " " + thing
}

// Number returns v with the given number of decimal places, rounded half away from zero
// and without a sign before zero: "4.31", "−12.5". Places are treated as 0 below that, and
// as 15 above. What is not a finite number is [NoData].
func Number(v float64, places int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return NoData
	}
	places = min(max(places, 0), 15)
	if scale := math.Pow10(places); math.Abs(v) < 1<<53/scale {
		v = math.Round(v*scale) / scale
	}
	digits, negative := strings.CutPrefix(strconv.FormatFloat(v, 'f', places, 64), "-")
	if negative && v != 0 {
		return minus + digits
	}
	return digits
}

// Percent returns an estimated share in percent, as [Number] writes it, such as "81.3 %"
// for 0.813. What was counted is written by [Share].
func Percent(share float64, places int) string { return withUnit(Number(100*share, places), "%") }

// Points returns the difference of two shares in percentage points, as [Number] writes it,
// such as "16.3 points" for 0.163.
func Points(difference float64, places int) string {
	points := Number(100*difference, places)
	if points == "1" || points == minus+"1" {
		return points + " point"
	}
	return withUnit(points, "points")
}

func withUnit(number, unit string) string {
	if number == NoData {
		return NoData
	}
	return number + " " + unit
}

// Level returns a level of confidence, below 1, in percent, with as many digits as it has,
// to four: "95 %", "99.83 %"; and with more of them if four would be 100 %. What is not a
// finite number is [NoData].
func Level(level float64) string {
	if math.IsNaN(level) || math.IsInf(level, 0) {
		return NoData
	}
	for digits := 4; ; digits++ {
		if shown := strconv.FormatFloat(100*level, 'g', digits, 64); shown != "100" || level >= 1 || digits == 17 {
			return shown + " %"
		}
	}
}

// Signed returns a figure of this package with a plus before it if it is above zero:
// "+16.3 points", and "−43 s" and "0.0 %" as they are. What begins with a word, as
// "under 1 s", has no sign.
func Signed(figure string) string {
	if figure == "" || figure[0] < '0' || figure[0] > '9' || !strings.ContainsAny(figure, "123456789") {
		return figure
	}
	return "+" + figure
}

// Range returns two figures of one kind with their unit once, where it is the same one:
// "16 to 54 points", "43 to 50 s", "2 min 45 s to 8 min".
func Range(low, high string) string {
	number, unit, _ := strings.Cut(low, " ")
	_, other, ok := strings.Cut(high, " ")
	if ok && other == unit && !strings.Contains(unit, " ") && strings.ContainsAny(number, "0123456789") {
		low = number
	}
	return low + " to " + high
}
