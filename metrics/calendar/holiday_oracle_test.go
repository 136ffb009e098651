package calendar_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

var (
	plainLine  = regexp.MustCompile(`^([A-Z]+)(?:;VALUE=DATE)?:(.*)$`)
	plainByDay = regexp.MustCompile(`^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$`)
)

// plainHolidays reads feeds of the plainest kind: no folding, few properties, events
// from 1900 on. It walks day by day and asks package time. ok is false for feeds that
// it does not know, or that are wrong.
func plainHolidays(feed string, first, last int) (dates []string, ok bool) {
	lines := strings.Split(strings.TrimSuffix(feed, "\n"), "\n")
	if len(lines) < 2 || lines[0] != "BEGIN:VCALENDAR" || lines[len(lines)-1] != "END:VCALENDAR" {
		return nil, false
	}
	var event map[string][]string
	for _, l := range lines[1 : len(lines)-1] {
		m := plainLine.FindStringSubmatch(l)
		switch {
		case m == nil:
			return nil, false
		case l == "BEGIN:VEVENT" && event == nil:
			event = make(map[string][]string)
		case l == "END:VEVENT" && event != nil:
			days, ok := plainEvent(event, first, last)
			if !ok {
				return nil, false
			}
			dates = append(dates, days...)
			event = nil
		case event == nil || !slices.Contains([]string{"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "SUMMARY"}, m[1]):
			return nil, false
		default:
			event[m[1]] = append(event[m[1]], m[2])
		}
	}
	slices.Sort(dates)
	return dates, event == nil
}

func plainEvent(event map[string][]string, first, last int) (dates []string, ok bool) {
	day := func(s string) time.Time {
		t, err := time.Parse("20060102", s)
		if err != nil || len(s) != 8 || t.Year() < 1900 {
			ok = false
		}
		return t
	}
	days := func(lists []string) map[time.Time]bool {
		set := make(map[time.Time]bool)
		for _, l := range lists {
			for s := range strings.SplitSeq(l, ",") {
				set[day(s)] = true
			}
		}
		return set
	}
	if len(event["DTSTART"]) != 1 || len(event["DTEND"])+len(event["DURATION"]) > 1 || len(event["RRULE"]) > 1 {
		return nil, false
	}
	ok = true
	start := day(event["DTSTART"][0])
	length := 1
	for _, s := range event["DTEND"] {
		length = int(day(s).Sub(start).Hours()) / 24
	}
	for _, s := range event["DURATION"] {
		var unit string
		if n, err := fmt.Sscanf(s, "P%d%s", &length, &unit); n != 2 || err != nil || s != fmt.Sprintf("P%d%s", length, unit) {
			return nil, false
		}
		switch unit {
		case "D":
		case "W":
			length *= 7
		default:
			return nil, false
		}
	}
	if length < 1 || length > 366 || !ok {
		return nil, false
	}
	starts := map[time.Time]bool{start: true}
	for _, s := range event["RRULE"] {
		if starts, ok = plainRule(s, start, last); !ok || !starts[start] {
			return nil, false
		}
	}
	for d := range days(event["RDATE"]) {
		starts[d] = true
	}
	excluded := days(event["EXDATE"])
	found := make(map[string]bool)
	for d := range starts {
		if excluded[d] {
			continue
		}
		for i := range length {
			if at := d.AddDate(0, 0, i); at.Year() >= first && at.Year() <= last {
				found[at.Format("2006-01-02")] = true
			}
		}
	}
	for d := range found {
		dates = append(dates, d)
	}
	return dates, ok
}

// plainRule returns the dates of a rule up to a year.
func plainRule(rule string, start time.Time, last int) (starts map[time.Time]bool, ok bool) {
	parts := make(map[string]string)
	for p := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(p, "=")
		if _, twice := parts[name]; twice {
			return nil, false
		}
		parts[name] = value
	}
	numbers := func(name string) (list []int) {
		if text, given := parts[name]; given {
			for s := range strings.SplitSeq(text, ",") {
				n, err := strconv.Atoi(s)
				if err != nil {
					ok = false
				}
				list = append(list, n)
			}
		}
		delete(parts, name)
		return list
	}
	ok = parts["FREQ"] == "YEARLY"
	delete(parts, "FREQ")
	interval, count := numbers("INTERVAL"), numbers("COUNT")
	months, monthDays := numbers("BYMONTH"), numbers("BYMONTHDAY")
	weekdays, byDay := parts["BYDAY"]
	delete(parts, "BYDAY")
	until, ends := parts["UNTIL"]
	delete(parts, "UNTIL")
	var names []string // of weekdays, with and without their number
	for s := range strings.SplitSeq(weekdays, ",") {
		m := plainByDay.FindStringSubmatch(s)
		if !byDay || m == nil {
			ok = ok && !byDay
			continue
		}
		n := 0
		if m[1] != "" {
			if n, _ = strconv.Atoi(m[1]); n == 0 || n < -53 || n > 53 {
				return nil, false
			}
		}
		names = append(names, fmt.Sprint(n, m[2]))
	}
	if !ok || len(parts) > 0 || len(interval) > 1 || len(count) > 1 || ends && count != nil ||
		interval != nil && (interval[0] < 1 || interval[0] > 10_000) || count != nil && (count[0] < 1 || count[0] > 1<<30) ||
		slices.ContainsFunc(months, func(n int) bool { return n < 1 || n > 12 }) ||
		slices.ContainsFunc(monthDays, func(n int) bool { return n == 0 || n < -31 || n > 31 }) {
		return nil, false
	}
	limit := time.Date(last, 12, 31, 0, 0, 0, 0, time.UTC)
	if ends {
		u, err := time.Parse("20060102", until)
		if err != nil || len(until) != 8 || u.Year() < 1900 {
			return nil, false
		}
		if u.Before(limit) {
			limit = u
		}
	}
	starts = make(map[time.Time]bool)
	for d := start; !d.After(limit); d = d.AddDate(0, 0, 1) {
		month := d.AddDate(0, 0, 1-d.Day())
		next := month.AddDate(0, 1, 0)
		n, fromEnd := (d.YearDay()-1)/7+1, (time.Date(d.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()-d.YearDay())/7+1
		if months != nil {
			n, fromEnd = (d.Day()-1)/7+1, (int(next.Sub(d).Hours())/24-1)/7+1
		}
		name := strings.ToUpper(d.Weekday().String()[:2])
		switch {
		case interval != nil && (d.Year()-start.Year())%interval[0] != 0:
		case months != nil && !slices.Contains(months, int(d.Month())):
		case monthDays != nil && !slices.Contains(monthDays, d.Day()) && !slices.Contains(monthDays, -int(next.Sub(d).Hours())/24):
		case byDay && !slices.Contains(names, fmt.Sprint(0, name)) && !slices.Contains(names, fmt.Sprint(n, name)) && !slices.Contains(names, fmt.Sprint(-fromEnd, name)):
		case monthDays == nil && !byDay && d.Day() != start.Day():
		case monthDays == nil && !byDay && months == nil && d.Month() != start.Month():
		default:
			if count == nil || len(starts) < count[0] {
				starts[d] = true
			}
		}
	}
	return starts, true
}

// randomEvent returns properties of an event that is often right.
func randomEvent(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	some := func(values ...string) string {
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		return strings.Join(values[:1+r.IntN(min(3, len(values)))], ",")
	}
	day := func() string {
		return time.Date(2015+r.IntN(16), 1, 1+r.IntN(366), 0, 0, 0, 0, time.UTC).Format("20060102")
	}
	start := day()
	at, _ := time.Parse("20060102", start)
	lines := []string{"DTSTART" + pick("", ";VALUE=DATE") + ":" + start}
	switch r.IntN(4) {
	case 0:
		lines = append(lines, "DTEND:"+at.AddDate(0, 0, r.IntN(9)*r.IntN(9)*r.IntN(7)).Format("20060102"))
	case 1:
		lines = append(lines, fmt.Sprintf("DURATION:P%d%s", r.IntN(40), pick("D", "W")))
	}
	if r.IntN(3) > 0 {
		weekday := strings.ToUpper(at.Weekday().String()[:2])
		rule := []string{"FREQ=YEARLY"}
		if r.IntN(3) == 0 {
			rule = append(rule, fmt.Sprint("INTERVAL=", 1+r.IntN(4)))
		}
		byMonth := r.IntN(2) == 0
		if byMonth {
			rule = append(rule, "BYMONTH="+some(fmt.Sprint(int(at.Month())), fmt.Sprint(1+r.IntN(12)), "2"))
		}
		switch r.IntN(4) {
		case 0:
			n := (at.YearDay()-1)/7 + 1
			if byMonth {
				n = (at.Day()-1)/7 + 1
			}
			rule = append(rule, "BYDAY="+some(fmt.Sprint(n, weekday), weekday, "-1"+weekday, pick("5FR", "-53SU", "53MO", "TU")))
		case 1:
			rule = append(rule, "BYMONTHDAY="+some(fmt.Sprint(at.Day()), "31", "-1", fmt.Sprint(-1-r.IntN(31))))
		case 2:
			rule = append(rule, "BYDAY="+some(weekday, "MO", "1SA"), "BYMONTHDAY="+some(fmt.Sprint(at.Day()), "13", "-7"))
		}
		switch r.IntN(3) {
		case 0:
			rule = append(rule, fmt.Sprint("COUNT=", 1+r.IntN(12)))
		case 1:
			rule = append(rule, "UNTIL="+day())
		}
		lines = append(lines, "RRULE:"+strings.Join(rule, ";"))
	}
	for range r.IntN(3) {
		lines = append(lines, pick("RDATE", "EXDATE")+pick("", ";VALUE=DATE")+":"+some(day(), day(), start, at.AddDate(1, 0, 0).Format("20060102")))
	}
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return strings.Join(lines, "\n")
}

// checkPlain compares the dates of a feed with those of the plain reader.
func checkPlain(t *testing.T, feed string, days []calendar.Holiday, err error, first, last int) (ok bool) {
	t.Helper()
	want, ok := plainHolidays(feed, first, last)
	if !ok {
		return false
	}
	if got := dates(days); err != nil || got != strings.Join(want, " ") {
		t.Errorf("%s\ngives %s, %v\nwant  %s", feed, got, err, strings.Join(want, " "))
	}
	return true
}

func TestReadHolidaysOracle(t *testing.T) {
	r := source(t)
	n, right, found := rounds(4000), 0, 0
	for range n {
		var b strings.Builder
		b.WriteString("BEGIN:VCALENDAR\n")
		for range 1 + r.IntN(2) {
			b.WriteString("BEGIN:VEVENT\n" + randomEvent(r) + "\nEND:VEVENT\n")
		}
		b.WriteString("END:VCALENDAR\n")
		first := 2013 + r.IntN(16)
		last := first + r.IntN(10)
		days, err := calendar.ReadHolidays(strings.NewReader(b.String()), first, last)
		if checkPlain(t, b.String(), days, err, first, last) {
			right++
			found += len(days)
		}
		if t.Failed() {
			return
		}
	}
	if right < n/10 || found < n/2 {
		t.Errorf("%d of %d feeds are right, with %d holidays", right, n, found)
	}
}
