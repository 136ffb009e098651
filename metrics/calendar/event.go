package calendar

import (
	"slices"
	"strconv"
	"strings"
)

// An event is a VEVENT.
type event struct {
	line line // of BEGIN
	size int  // bytes of its properties

	// These come at most once.
	start, end, duration, rule, recurrence, status *property

	added, excluded []property

	summary, description string
	categories           []string
}

func (e *event) set(p property) error {
	if e.size += len(p.text); e.size > maxEvent {
		return because(ErrFeed, "an event of more than %d bytes", maxEvent)
	}
	var once **property
	switch p.name {
	case "DTSTART":
		once = &e.start
	case "DTEND":
		once = &e.end
	case "DURATION":
		once = &e.duration
	case "RRULE":
		once = &e.rule
	case "RECURRENCE-ID":
		once = &e.recurrence
	case "STATUS":
		once = &e.status
	case "EXDATE":
		e.excluded = append(e.excluded, p)
	case "RDATE":
		e.added = append(e.added, p)
	case "EXRULE":
		return because(ErrFeed, "EXRULE is not understood")
	case "SUMMARY":
		e.summary = unescape(p.value)
	case "DESCRIPTION":
		e.description = unescape(p.value)
	case "CATEGORIES":
		list := splitList(p.value)
		for i, c := range list {
			list[i] = unescape(c)
		}
		e.categories = append(e.categories, list...)
	}
	if once == nil {
		return nil
	}
	if *once != nil {
		return because(ErrFeed, "second %s of an event", p.name)
	}
	*once = &p
	return nil
}

// Bounds of an event.
const (
	maxLength = 366     // days
	maxEvent  = 1 << 20 // bytes of properties
)

// days returns the dates of e from number from to number to, in order.
func (e *event) days(from, to int) ([]int, error) {
	if e.recurrence != nil {
		return nil, e.recurrence.fail("a changed occurrence is not understood")
	}
	if e.status != nil && strings.EqualFold(e.status.value, "CANCELLED") {
		return nil, nil
	}
	if e.start == nil {
		return nil, &FeedError{Line: e.line.number, Input: e.line.text, Err: because(ErrFeed, "an event without DTSTART")}
	}
	start, err := e.start.date()
	if err != nil {
		return nil, err
	}
	length, err := e.length(start)
	if err != nil {
		return nil, err
	}
	starts := []int{start}
	if e.rule != nil {
		r, err := e.rule.yearly(start)
		if err != nil {
			return nil, err
		}
		if starts = r.occurrences(from-length, to); !r.follows(start) {
			return nil, e.rule.fail("DTSTART does not follow the rule")
		}
	}
	for _, p := range e.added {
		days, err := p.dates()
		if err != nil {
			return nil, err
		}
		starts = append(starts, days...)
	}
	var excluded []int
	for _, p := range e.excluded {
		days, err := p.dates()
		if err != nil {
			return nil, err
		}
		excluded = append(excluded, days...)
	}
	slices.Sort(starts)
	slices.Sort(excluded)
	var days []int
	for _, start := range starts {
		if _, ok := slices.BinarySearch(excluded, start); ok {
			continue
		}
		for day := max(start, from); day < start+length && day <= to; day++ {
			days = append(days, day)
		}
		from = max(from, start+length) // each date once
	}
	return days, nil
}

// length returns how many days each occurrence has.
func (e *event) length(start int) (int, error) {
	length, by := 1, e.end
	switch {
	case e.end != nil && e.duration != nil:
		return 0, e.duration.fail("both DTEND and DURATION")
	case e.end != nil:
		end, err := e.end.date()
		if err != nil {
			return 0, err
		}
		length = end - start
	case e.duration != nil:
		by = e.duration
		d, ok := wholeDays(e.duration.value)
		if !ok {
			return 0, e.duration.fail("not a number of days or weeks")
		}
		length = d
	}
	if length < 1 {
		return 0, by.fail("ends before it begins; DTEND is the day after the last")
	}
	if length > maxLength {
		return 0, by.fail("longer than a year")
	}
	return length, nil
}

// wholeDays reads P2D, P1W.
func wholeDays(s string) (int, bool) {
	s = strings.ToUpper(strings.TrimPrefix(s, "+"))
	number, isDuration := strings.CutPrefix(s, "P")
	days := 1
	number, isDays := strings.CutSuffix(number, "D")
	if !isDays {
		var isWeeks bool
		if number, isWeeks = strings.CutSuffix(number, "W"); !isWeeks {
			return 0, false
		}
		days = 7
	}
	n, err := strconv.ParseUint(number, 10, 16)
	return int(n) * days, isDuration && err == nil
}
