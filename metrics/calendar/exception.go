package calendar

import (
	"cmp"
	"slices"
	"time"
)

// begins returns the shifts that begin on a date, before breaks.
func (p *plan) begins(day int) shifts {
	if s, ok := p.overrides[day]; ok {
		return s
	}
	if p.holiday(day) {
		return shifts{}
	}
	return p.weekly[weekday(day)]
}

// tail returns for how many seconds of a date the windows that began on the date
// before are open, before breaks. The night of a date that is closed or overridden
// leaves its tail if a holiday closes dates.
func (p *plan) tail(day int) int32 {
	longest := max(p.weekly[weekday(day-1)].tail, p.overrides[day-1].tail)
	switch {
	case longest == 0:
		return 0
	case p.closes == ClosesShift:
		return p.begins(day - 1).tail
	case p.replaced(day):
		return 0
	}
	return longest
}

// span returns when the windows that begin on a date, and no others, can be open: in
// seconds of the wall clock, from the end of the night before to the end of its own.
func (p *plan) span(day int) (from, to int64) {
	from = int64(day)*secondsPerDay + int64(p.tail(day))
	to = int64(day+1) * secondsPerDay
	if tail := p.tail(day + 1); tail > 0 {
		to += int64(min(tail, p.begins(day).tail))
	}
	return from, to
}

// windows returns the windows of a date, wherever they began.
func (p *plan) windows(day int) []window {
	open := withTail(p.begins(day).windows, p.tail(day))
	if cuts := p.breaks[day]; len(cuts) > 0 {
		open = minus(open, cuts)
	}
	return open
}

// replaced reports whether a date has no weekly hours of its own.
func (p *plan) replaced(day int) bool {
	_, ok := p.overrides[day]
	return ok || p.holiday(day)
}

// holiday reports whether a date is a holiday. An override may beat it.
func (p *plan) holiday(day int) bool {
	if p.holidays[day] {
		return true
	}
	if len(p.recurring) == 0 {
		return false
	}
	d := dateOfNumber(day)
	return p.yearly[d.Month]>>d.Day&1 == 1
}

func (p *plan) opensWeekly() bool {
	return slices.ContainsFunc(p.weekly[:], func(s shifts) bool { return len(s.windows) > 0 })
}

// An exception is a date with other hours than its day of the week.
type exception struct {
	day  int
	open []window
}

// exceptions returns the dates from first up to and without end that may differ
// from their day of the week, in order.
func (p *plan) exceptions(first, end int) []exception {
	var list []exception
	explicit := make(map[int]bool)
	for _, day := range p.explicit() {
		if first <= day && day < end && !explicit[day] {
			explicit[day] = true
			list = append(list, exception{day, p.windows(day)})
		}
	}
	if len(p.recurring) > 0 {
		for year := dateOfNumber(first - 1).Year; year <= dateOfNumber(end).Year; year++ {
			january := Date{year, time.January, 1}.number()
			leap := Date{year, time.February, 29}.exists()
			for _, md := range p.recurring {
				day := january + md.yearDay
				if md.leapDay && !leap {
					continue
				}
				if md.afterLeapDay && leap {
					day++
				}
				for i, differs := range p.changed(day) {
					if d := day + i; differs && first <= d && d < end && !explicit[d] {
						list = append(list, exception{d, p.windows(d)})
					}
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b exception) int { return cmp.Compare(a.day, b.day) })
	return slices.CompactFunc(list, func(a, b exception) bool { return a.day == b.day })
}

// changed reports whether a holiday on a date may change the hours of that date, and
// of the next one. A holiday on a day that is closed anyway changes none.
func (p *plan) changed(holiday int) [2]bool {
	day := weekday(holiday)
	return [2]bool{len(p.ordinary[day]) > 0, p.closes == ClosesShift && p.weekly[day].tail > 0}
}

// explicit returns the dates that the Config names with their year, or touches with
// hours past midnight, in any order. A date may come more than once.
func (p *plan) explicit() (days []int) {
	for day := range p.holidays {
		if days = append(days, day); p.closes == ClosesShift {
			days = append(days, day+1)
		}
	}
	for day, s := range p.overrides {
		if days = append(days, day); p.closes == ClosesShift || s.tail > 0 {
			days = append(days, day+1)
		}
	}
	for day := range p.breaks {
		days = append(days, day)
	}
	return days
}
