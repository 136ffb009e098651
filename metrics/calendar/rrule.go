package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A yearly rule is an RRULE with FREQ=YEARLY.
type yearly struct {
	start     int // number of the first date
	interval  int // in years
	count     int // occurrences, 0 if not limited
	until     int // number of the last date possible
	months    []int
	monthDays []int
	weekdays  []ordinalWeekday
}

// An ordinalWeekday is a BYDAY: the n-th such day, from the end if n is negative,
// or all of them if n is 0.
type ordinalWeekday struct {
	n   int
	day time.Weekday
}

var weekdayCodes = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday,
	"TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

// yearly reads an RRULE.
func (p *property) yearly(start int) (yearly, error) {
	r := yearly{start: start, interval: 1, until: 1 << 30}
	seen := make(map[string]bool)
	for part := range strings.SplitSeq(strings.ToUpper(p.value), ";") {
		name, value, _ := strings.Cut(part, "=")
		if seen[name] {
			return r, p.fail("repeated %s", name)
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
			r.months, ok = numbers(value, 1, 12)
		case "BYMONTHDAY":
			r.monthDays, ok = numbers(value, -31, 31)
			ok = ok && !slices.Contains(r.monthDays, 0)
		case "BYDAY":
			r.weekdays, ok = ordinalWeekdays(value)
		case "WKST": // matters to rules with weeks only
			_, ok = weekdayCodes[value]
		default:
			ok = false
		}
		if !ok {
			return r, p.fail("%s is not understood", part)
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

func numbers(s string, least, most int) (list []int, ok bool) {
	for part := range strings.SplitSeq(s, ",") {
		n, ok := number(part, least, most)
		if !ok {
			return nil, false
		}
		list = append(list, n)
	}
	return list, true
}

func ordinalWeekdays(s string) (list []ordinalWeekday, ok bool) {
	for part := range strings.SplitSeq(s, ",") {
		if len(part) < 2 {
			return nil, false
		}
		n, code := part[:len(part)-2], part[len(part)-2:]
		day, ok := weekdayCodes[code]
		w := ordinalWeekday{day: day}
		if n != "" && ok {
			w.n, ok = number(n, -53, 53)
			ok = ok && w.n != 0
		}
		if !ok {
			return nil, false
		}
		list = append(list, w)
	}
	return list, true
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
	for year := first; year <= dateOfNumber(to).Year; year += r.interval {
		for _, day := range r.in(year) {
			if day < r.start {
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
	return day <= r.until && slices.Contains(r.in(dateOfNumber(day).Year), day)
}

// in returns the dates that r has in a year, in order.
func (r *yearly) in(year int) []int {
	start := dateOfNumber(r.start)
	var days []int
	for month := time.January; month <= time.December; month++ {
		switch {
		case len(r.months) > 0:
			if !slices.Contains(r.months, int(month)) {
				continue
			}
		case len(r.monthDays) == 0 && len(r.weekdays) == 0 && month != start.Month:
			continue
		}
		last := Date{year, month + 1, 0}.midnight().Day()
		first := Date{year, month, 1}
		number, weekday := first.number(), first.Weekday()
		for d := 1; d <= last; d++ {
			if r.hasDay(d, last, start.Day) && r.hasWeekday(year, number+d-1, (weekday+time.Weekday(d-1))%7, d, last) {
				days = append(days, number+d-1)
			}
		}
	}
	return days
}

// hasDay reports whether r takes day d of a month that has last days.
func (r *yearly) hasDay(d, last, start int) bool {
	if len(r.monthDays) > 0 {
		return slices.Contains(r.monthDays, d) || slices.Contains(r.monthDays, d-last-1)
	}
	return len(r.weekdays) > 0 || d == start
}

// hasWeekday reports whether r takes a day for its weekday. The n-th one is that
// of the month if there is a BYMONTH, and else that of the year.
func (r *yearly) hasWeekday(year, number int, weekday time.Weekday, d, last int) bool {
	if len(r.months) == 0 {
		first, end := Date{year, 1, 1}.number(), Date{year + 1, 1, 1}.number()
		d, last = number-first+1, end-first
	}
	for _, w := range r.weekdays {
		if w.day == weekday && (w.n == 0 || w.n == (d-1)/7+1 || w.n == -((last-d)/7+1)) {
			return true
		}
	}
	return len(r.weekdays) == 0
}
