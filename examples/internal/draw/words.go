package draw

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
)

// Space is a space at which no line is broken.
const Space = "\u00a0"

// units are what stands after a number, a space away, and must not leave it.
var units = [...]string{"%", "s", "min", "h", "d", "days", "day", "points", "point"}

// Unbroken returns a text for people in which no line is broken between a number and its
// unit. It may be broken between "1 min" and "37 s".
func Unbroken(words string) string {
	var b strings.Builder
	rest := words
	for {
		i := strings.IndexByte(rest, ' ')
		if i < 0 {
			break
		}
		b.WriteString(rest[:i])
		after := rest[i+1:]
		if i > 0 && '0' <= rest[i-1] && rest[i-1] <= '9' && unitAt(after) {
			b.WriteString(Space)
		} else {
			b.WriteByte(' ')
		}
		rest = after
	}
	b.WriteString(rest)
	return b.String()
}

func unitAt(words string) bool {
	word, _, _ := strings.Cut(words, " ")
	word = strings.TrimRight(word, ".,;:)")
	for _, u := range units {
		if word == u {
			return true
		}
	}
	return false
}

// Excerpt returns what somebody wrote in one line without what would steer anything, as
// [plain.Line] does, and of a long text the beginning.
func Excerpt(words string) string {
	const most = 280
	words = plain.Line(words)
	if utf8.RuneCountInString(words) <= most {
		return words
	}
	return strings.TrimRight(string([]rune(words)[:most]), " ") + "…"
}

// Date writes a day as "5 Jan".
func Date(t time.Time) string { return t.Format("2 Jan") }

// DateTime writes an instant as "5 Jan, 10:48".
func DateTime(t time.Time) string { return t.Format("2 Jan, 15:04") }

// PeriodNames are the names of a period where pages speak of it.
type PeriodNames struct {
	Title string // in a heading, such as "March 2026" or "16 to 22 March 2026"
	Short string // in a cell, such as "March" or "16–22 Mar"
	In    string // where something happened, such as "in March" or "in the week of 16 March"
}

// NamesOf names a period.
func NamesOf(p metrics.Period) PeriodNames {
	y, m, d := p.Date()
	first := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	switch p.Unit() {
	case metrics.Day:
		return PeriodNames{first.Format("Monday, 2 January 2006"), Date(first), "on " + first.Format("2 January")}
	case metrics.Week:
		last := first.AddDate(0, 0, 6)
		n := PeriodNames{In: "in the week of " + first.Format("2 January")}
		switch {
		case first.Year() != last.Year():
			n.Title = first.Format("2 January 2006") + " to " + last.Format("2 January 2006")
		case first.Month() != last.Month():
			n.Title = first.Format("2 January") + " to " + last.Format("2 January 2006")
		default:
			n.Title = first.Format("2") + " to " + last.Format("2 January 2006")
		}
		n.Short = Date(first) + "–" + Date(last)
		if first.Month() == last.Month() {
			n.Short = first.Format("2") + "–" + Date(last)
		}
		return n
	case metrics.Month:
		return PeriodNames{first.Format("January 2006"), first.Format("January"), "in " + first.Format("January")}
	}
	return PeriodNames{p.String(), p.String(), "in " + p.String()}
}

// StretchOf returns a period as it is in a zone, with its name and, where a month begins or
// the period is the first, a label.
func StretchOf(p metrics.Period, zone *time.Location, first bool) Stretch {
	span := p.In(zone)
	_, _, d := p.Date()
	s := Stretch{From: span.Start, To: span.End}
	start := span.Start.In(zone)
	switch p.Unit() {
	case metrics.Day:
		s.Name = start.Format("Mon 2 January")
		if first || start.Weekday() == time.Monday {
			s.Label = Date(start)
		}
	case metrics.Week:
		s.Name = "week of " + start.Format("2 January")
		if first || d <= 7 {
			s.Label = Date(start)
		}
	default:
		s.Name = NamesOf(p).Title
		s.Label = start.Format("Jan 06")
	}
	return s
}
