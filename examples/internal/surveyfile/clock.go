package surveyfile

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// order is the order of day and month in dates such as 03/02/2026.
type order uint8

const (
	unknownOrder order = iota
	dayFirst
	monthFirst
)

// clockOf returns how the times of a column are read: by the format, or if there is
// none by the common forms. Whether 03/02/2026 is in March or in February is told by the
// other times of the column; if they don't tell, it is an error. A note tells what was
// found out.
func clockOf(texts []string, format string) (clock, string, error) {
	if format != "" {
		return formatClock(texts, format)
	}
	var days, months, open string // a time in each order, and one that could be both
	read := 0
	first := ""
	for _, text := range texts {
		if isMissing(text) {
			continue
		}
		if first == "" {
			first = text
		}
		m, ok := parseMoment(text)
		if !ok {
			continue
		}
		read++
		switch {
		case !m.open:
		case m.a > 12 && m.b <= 12:
			days = text
		case m.b > 12 && m.a <= 12:
			months = text
		case m.a != m.b && open == "":
			open = text
		}
	}
	switch {
	case first != "" && read == 0:
		return nil, "", fmt.Errorf("%s is not a time in a form that is known; say which it is, such as -time-format YYYY-MM-DD", quote(first))
	case days != "" && months != "":
		return nil, "", fmt.Errorf("%s has the day first and %s the month: the column has two forms of dates", quote(days), quote(months))
	case open != "" && days == "" && months == "":
		return nil, "", fmt.Errorf("in %s either the day or the month is first; say which, such as -time-format DD/MM/YYYY or -time-format MM/DD/YYYY", quote(open))
	}
	o, note := unknownOrder, ""
	switch {
	case days != "":
		o, note = dayFirst, fmt.Sprintf("Dates have the day first, as %s shows.", quote(days))
	case months != "":
		o, note = monthFirst, fmt.Sprintf("Dates have the month first, as %s shows.", quote(months))
	}
	return func(text string) (time.Time, bool) {
		m, ok := parseMoment(text)
		if !ok {
			return time.Time{}, false
		}
		return m.in(o)
	}, note, nil
}

// formatClock returns a clock for one form of times.
func formatClock(texts []string, format string) (clock, string, error) {
	layout := layoutOf(format)
	layouts := []string{layout}
	if !strings.Contains(layout, "15") && !strings.Contains(layout, "3:") {
		// A format of the date alone holds for dates with times too.
		for _, rest := range []string{" 15:04", " 15:04:05", " 3:04 PM", " 3:04:05 PM", "T15:04:05", "T15:04:05Z07:00"} {
			layouts = append(layouts, layout+rest)
		}
	}
	read := func(text string) (time.Time, bool) {
		for _, l := range layouts {
			if at, err := time.Parse(l, text); err == nil && at.Year() >= 1 {
				return at.UTC(), true
			}
		}
		return time.Time{}, false
	}
	wrong := ""
	for _, text := range texts {
		if isMissing(text) {
			continue
		}
		if _, ok := read(text); ok {
			return read, "", nil
		}
		if wrong == "" {
			wrong = text
		}
	}
	if wrong != "" {
		return nil, "", fmt.Errorf("no time is in the form -time-format %s: the first is %s", format, quote(wrong))
	}
	return read, "", nil
}

// layoutOf returns the layout of package time for a format such as DD/MM/YYYY HH:mm. A
// layout stays as it is.
func layoutOf(format string) string {
	if !strings.Contains(format, "YY") && !strings.Contains(format, "yy") {
		return format
	}
	return strings.NewReplacer(
		"YYYY", "2006", "yyyy", "2006", "YY", "06", "yy", "06", "MMMM", "January", "MMM", "Jan", "MM", "1", "M", "1",
		"DD", "2", "dd", "2", "D", "2", "d", "2", "HH", "15", "H", "15", "hh", "3", "h", "3", "mm", "04", "ss", "05",
		"AM", "PM", "A", "PM", "a", "PM",
	).Replace(format)
}

// moment is a time as it is written. If open is true, a and b are the day and the month
// in an order that the text alone does not tell.
type moment struct {
	open       bool
	year, a, b int // a is the month and b the day, if open is false
	clock      time.Duration
	zone       *time.Location
}

var (
	unix    = regexp.MustCompile(`^[0-9]{10}(?:[0-9]{3})?$`)
	withAt  = regexp.MustCompile(`^(.*[0-9])(?:T| at |, | )([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?(.*)$`)
	zoned   = regexp.MustCompile(`^ ?(?:(Z|GMT|UTC|[ECMP][SD]T)|(?:GMT|UTC)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?)$`)
	ymd     = regexp.MustCompile(`^([0-9]{4})([-/.])([0-9]{1,2})[-/.]([0-9]{1,2})$`)
	xxy     = regexp.MustCompile(`^([0-9]{1,2})([-/.])([0-9]{1,2})[-/.]([0-9]{4})$`)
	dmy     = regexp.MustCompile(`^(?:[A-Za-z]{3,9},? )?([0-9]{1,2})[-. ]+([A-Za-z]{3,9})\.?,?[- ]([0-9]{4})$`)
	mdy     = regexp.MustCompile(`^(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})$`)
	errDate = errors.New("no such day")
)

// american are the zones with names that mean one thing only, in hours, by RFC 5322,
// section 4.3. Google Forms writes EST and the like, and otherwise GMT+1.
var american = map[string]int{"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}

// parseMoment reads a time in one of the common forms.
func parseMoment(text string) (moment, bool) {
	m := moment{zone: time.UTC}
	if unix.MatchString(text) {
		n, err := strconv.ParseInt(text[:10], 10, 64)
		at := time.Unix(n, 0).UTC()
		m.year, m.a, m.b = at.Year(), int(at.Month()), at.Day()
		m.clock = at.Sub(time.Date(m.year, at.Month(), m.b, 0, 0, 0, 0, time.UTC))
		return m, err == nil
	}
	if p := withAt.FindStringSubmatch(text); p != nil {
		text = p[1]
		hour, minute, second := atoi(p[2]), atoi(p[3]), atoi(p[4])
		if half := strings.ToLower(p[5]); half != "" {
			if hour < 1 || hour > 12 {
				return m, false
			}
			hour %= 12
			if half == "p" {
				hour += 12
			}
		}
		if hour > 23 || minute > 59 || second > 59 {
			return m, false
		}
		m.clock = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
		if p[6] != "" {
			z := zoned.FindStringSubmatch(p[6])
			if z == nil || atoi(z[3]) > 14 || atoi(z[4]) > 59 {
				return m, false
			}
			offset := american[z[1]]*3600 + atoi(z[3])*3600 + atoi(z[4])*60
			if z[2] == "-" {
				offset = -offset
			}
			m.zone = time.FixedZone("", offset)
		}
	}
	var err error
	if p := ymd.FindStringSubmatch(text); p != nil {
		m.year, m.a, m.b = atoi(p[1]), atoi(p[3]), atoi(p[4])
	} else if p := xxy.FindStringSubmatch(text); p != nil {
		m.year, m.open = atoi(p[4]), p[2] != "."
		if m.a, m.b = atoi(p[1]), atoi(p[3]); !m.open {
			m.a, m.b = m.b, m.a // with points, the day is first
		}
	} else if p := dmy.FindStringSubmatch(text); p != nil {
		m.year, m.b = atoi(p[3]), atoi(p[1])
		m.a, err = month(p[2])
	} else if p := mdy.FindStringSubmatch(text); p != nil {
		m.year, m.b = atoi(p[3]), atoi(p[2])
		m.a, err = month(p[1])
	} else {
		return m, false
	}
	if err != nil {
		return m, false
	}
	if m.open {
		_, first := m.in(monthFirst)
		_, second := m.in(dayFirst)
		return m, first || second
	}
	_, ok := m.in(unknownOrder)
	return m, ok
}

// in returns the instant, if there is such a day.
func (m moment) in(o order) (time.Time, bool) {
	mon, day := m.a, m.b
	if m.open && o == dayFirst {
		mon, day = day, mon
	}
	at := time.Date(m.year, time.Month(mon), day, 0, 0, 0, 0, m.zone)
	if m.year < 2 || at.Year() != m.year || int(at.Month()) != mon || at.Day() != day {
		return time.Time{}, false
	}
	return at.Add(m.clock).UTC(), true
}

// atoi is strconv.Atoi for digits that a pattern has found; nothing is 0.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// month returns the number of an English month or its first three letters.
func month(name string) (int, error) {
	for m := time.January; m <= time.December; m++ {
		if full := m.String(); strings.EqualFold(name, full) || strings.EqualFold(name, full[:3]) || m == time.September && strings.EqualFold(name, "sept") {
			return int(m), nil
		}
	}
	return 0, errDate
}
