package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// A yearly rule is an RRULE with FREQ=YEARLY.
type yearly struct {
	start     int // number of the first date
	interval  int // in years
	count     int // occurrences, 0 if not limited
	until     int // number of the last date possible
	months    numbers
	monthDays numbers
	weekdays  [7]numbers // from Monday on: the n-th, from the end if n is negative; all of them if n is 0

	years [2][7][]int // see in
}

// Numbers are those from -64 to 63 that a list names.
type numbers [2]uint64

func (n *numbers) add(i int)     { n[(i+64)/64] |= 1 << (uint(i) % 64) }
func (n numbers) has(i int) bool { return n[(i+64)/64]>>(uint(i)%64)&1 == 1 }
func (n numbers) any() bool      { return n != numbers{} }

var weekdayCodes = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// yearly reads an RRULE.
func (p *property) yearly(start int) (yearly, error) {
	r := yearly{start: start, interval: 1, until: 1 << 30}
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(strings.ToUpper(p.value), ";") {
		name, value, _ := strings.Cut(part, "=")
		if seen[name] {
			return r, p.fail("repeated %s", text.Quote(name))
		}
		seen[name] = true
		ok := true
		switch name {
		case "FREQ":
			ok = value == "YEARLY"
		case "INTERVAL":
			r.interval, ok = number(value, 1, 10000)
		case "COUNT":
			r.count, ok = number(value, 1, 1<<30)
		case "UNTIL":
			var d Date
			if d, ok = compactDate(value); ok {
				r.until = d.number()
			}
		case "BYMONTH":
			ok = r.months.list(value, 1, 12)
		case "BYMONTHDAY":
			ok = r.monthDays.list(value, -31, 31) && !r.monthDays.has(0)
		case "BYDAY":
			ok = r.byDay(value)
		case "WKST": // matters to rules with weeks only
			ok = slices.Contains(weekdayCodes, value)
		default:
			ok = false
		}
		if !ok {
			return r, p.fail("%s is not understood", text.Quote(part))
		}
	}
	switch {
	case !seen["FREQ"]:
		return r, p.fail("no FREQ")
	case seen["COUNT"] && seen["UNTIL"]:
		return r, p.fail("both COUNT and UNTIL")
	}
	return r, nil
}

func number(s string, least, most int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && least <= n && n <= most
}

// list reads a list of numbers.
func (n *numbers) list(s string, least, most int) bool {
	for part := range strings.SplitSeq(s, ",") {
		i, ok := number(part, least, most)
		if !ok {
			return false
		}
		n.add(i)
	}
	return true
}

// byDay reads a list such as MO,-1FR.
func (r *yearly) byDay(s string) bool {
	for part := range strings.SplitSeq(s, ",") {
		if len(part) < 2 {
			return false
		}
		n, code := part[:len(part)-2], part[len(part)-2:]
		day := slices.Index(weekdayCodes, code)
		i, ok := 0, true
		if n != "" {
			i, ok = number(n, -53, 53)
			ok = ok && i != 0
		}
		if day < 0 || !ok {
			return false
		}
		r.weekdays[day].add(i)
	}
	return true
}

// occurrences returns the dates of r from number from to number to.
func (r *yearly) occurrences(from, to int) []int {
	var days []int
	to = min(to, r.until)
	count := 0
	first := dateOfNumber(r.start).Year
	if from := dateOfNumber(from).Year; r.count == 0 && from > first {
		first += (from - first) / r.interval * r.interval
	}
	for year := first; january(year) <= to; year += r.interval {
		of := r.in(year)
		if year > first && january(year+1) <= from { // they only count
			count += len(of)
			continue
		}
		for _, day := range of {
			if day += january(year); day < r.start {
				continue
			}
			if count++; r.count > 0 && count > r.count || day > to {
				return days
			}
			if day >= from {
				days = append(days, day)
			}
		}
	}
	return days
}

// follows reports whether r comes up with a date.
func (r *yearly) follows(day int) bool {
	year := dateOfNumber(day).Year
	return day <= r.until && slices.Contains(r.in(year), day-january(year))
}

// january returns the number of 1 January of a year from 1 on.
func january(year int) int {
	y := year - 1
	return 365*y + y/4 - y/100 + y/400 - 719162
}

// in returns the dates that r has in a year, in order, in days after 1 January. There
// are 14 kinds of years, and each is worked out once.
func (r *yearly) in(year int) []int {
	first := weekday(january(year))
	known := &r.years[january(year+1)-january(year)-365][first]
	if *known == nil {
		*known = r.daysOf(year)
	}
	return *known
}

// daysOf returns what in does, and never nil.
func (r *yearly) daysOf(year int) []int {
	start := dateOfNumber(r.start)
	days := []int{}
	length := january(year+1) - january(year)
	day := 0
	for month := time.January; month <= time.December; month++ {
		last := Date{year, month + 1, 0}.midnight().Day()
		day += last
		switch {
		case r.months.any():
			if !r.months.has(int(month)) {
				continue
			}
		case !r.monthDays.any() && !r.byWeekday() && month != start.Month:
			continue
		}
		for d := 1; d <= last; d++ {
			day := day - last + d - 1
			// The n-th weekday is that of the month if there is a BYMONTH, and else that
			// of the year.
			after, of := day, length
			if r.months.any() {
				after, of = d-1, last
			}
			if r.hasDay(d, last, start.Day) && r.hasWeekday(weekday(january(year)+day), after, of) {
				days = append(days, day)
			}
		}
	}
	return days
}

func (r *yearly) byWeekday() bool { return r.weekdays != [7]numbers{} }

// hasDay reports whether r takes day d of a month that has last days.
func (r *yearly) hasDay(d, last, start int) bool {
	if r.monthDays.any() {
		return r.monthDays.has(d) || r.monthDays.has(d-last-1)
	}
	return r.byWeekday() || d == start
}

// hasWeekday reports whether r takes a day of the week, from Monday on, which comes so
// many days after the beginning of its month or year, of so many days.
func (r *yearly) hasWeekday(day, after, of int) bool {
	n := r.weekdays[day]
	return !r.byWeekday() || n.has(0) || n.has(after/7+1) || n.has(-((of-after-1)/7 + 1))
}
