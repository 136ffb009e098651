// Package timestamp reads instants in the forms in which sources write them: RFC 3339,
// and what databases print.
package timestamp

import (
	"errors"
	"time"
)

var (
	// ErrForm reports text that is not an instant in a form that Parse reads, or
	// that names a date, a time of day or an offset that there is not.
	ErrForm = errors.New("not an RFC 3339 time")
	// ErrOffset reports a date and time that do not say how far they are from UTC.
	ErrOffset = errors.New("an offset from UTC such as Z or +01:00 is missing")
)

// Parse reads RFC 3339: a date, T, a time of day, and Z or an offset, such as
// "2026-03-02T09:00:00.25+01:00".
//
//   - The letters may be small, and a space may stand for T.
//   - A fraction has any number of digits, and those after the ninth are cut off.
//   - The second 60 is the first of the next minute.
//   - PostgreSQL shortens an offset to hours, such as "+01", and adds seconds for
//     the times of old zones, such as "-00:44:30". Some write it without a colon,
//     such as "+0100", and some put a space before it.
//   - Go's form of a time.Time has the name of the zone after that, which tells nothing
//     that the offset does not, and perhaps the reading of a monotonic clock, as in
//     "2026-03-02 10:00:00.25 +0100 CET m=+0.000012345". Programs store it in columns of
//     text, by some drivers without knowing.
//
// The result is in UTC, or in a zone without a name if the offset is not zero and in
// whole minutes. A date and time without an offset are [ErrOffset], and everything
// else is [ErrForm].
func Parse(text []byte) (time.Time, error) {
	p := parser{rest: text}
	year := 100*p.two() + p.two()
	p.skip('-')
	month := time.Month(p.two())
	p.skip('-')
	day := p.two()
	p.skipAny("Tt ")
	hour := p.two()
	p.skip(':')
	minute := p.two()
	p.skip(':')
	second := p.two()
	nanosecond := p.fraction()
	if p.bad || month < 1 || month > 12 || day < 1 || day > days(year, month) || hour > 23 || minute > 59 || second > 60 {
		return time.Time{}, ErrForm
	}
	if len(p.rest) == 0 {
		return time.Time{}, ErrOffset
	}
	zone := p.rest
	offset := p.offset()
	if text[dateSize] == ' ' && len(zone)-len(p.rest) == len(" +0100") && zone[0] == ' ' {
		p.name()
	}
	if p.bad || len(p.rest) > 0 {
		return time.Time{}, ErrForm
	}
	t := time.Date(year, month, day, hour, minute, second-offset, nanosecond, time.UTC)
	if offset != 0 && offset%60 == 0 {
		t = t.In(time.FixedZone("", offset))
	}
	return t, nil
}

// A parser takes the parts of an instant off the front of a text.
type parser struct {
	rest []byte
	bad  bool // something else was there
}

// two takes two digits.
func (p *parser) two() int {
	if len(p.rest) >= 2 {
		tens, ones := p.rest[0]-'0', p.rest[1]-'0'
		if tens <= 9 && ones <= 9 {
			p.rest = p.rest[2:]
			return 10*int(tens) + int(ones)
		}
	}
	p.bad = true
	return 0
}

// takes takes c if it comes next.
func (p *parser) takes(c byte) bool {
	if len(p.rest) == 0 || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) skip(c byte) {
	if !p.takes(c) {
		p.bad = true
	}
}

func (p *parser) skipAny(of string) {
	for i := range len(of) {
		if p.takes(of[i]) {
			return
		}
	}
	p.bad = true
}

// fraction takes a point and digits, if a point comes next, and returns nanoseconds.
func (p *parser) fraction() (n int) {
	if !p.takes('.') {
		return 0
	}
	size := 0
	for ; size < len(p.rest) && p.rest[size]-'0' <= 9; size++ {
		if size < 9 {
			n = 10*n + int(p.rest[size]-'0')
		}
	}
	if size == 0 {
		p.bad = true
	}
	p.rest = p.rest[size:]
	return n * tens[min(size, 9)]
}

// tens make nanoseconds of so many digits of a fraction.
var tens = [...]int{1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1}

// offset takes an offset and returns it in seconds.
func (p *parser) offset() int {
	if p.takes('Z') || p.takes('z') {
		return 0
	}
	p.takes(' ')
	west := p.takes('-')
	if !west {
		p.skip('+')
	}
	hours, minutes, seconds := p.two(), 0, 0
	if colon := p.takes(':'); colon || len(p.rest) > 0 {
		minutes = p.two()
		if colon && p.takes(':') {
			seconds = p.two()
		}
	}
	if hours > 23 || minutes > 59 || seconds > 59 {
		p.bad = true
	}
	offset := 3600*hours + 60*minutes + seconds
	if west {
		return -offset
	}
	return offset
}

// name takes the name of a zone and the reading of a monotonic clock, as Go writes them, if
// they come next.
func (p *parser) name() {
	if !p.takes(' ') {
		return
	}
	size := 0
	for ; size < len(p.rest) && p.rest[size] != ' '; size++ {
		c := p.rest[size]
		if letter := c | 0x20; (letter < 'a' || letter > 'z') && (c < '0' || c > '9') && c != '+' && c != '-' {
			p.bad = true
		}
	}
	if size == 0 {
		p.bad = true
	}
	p.rest = p.rest[size:]
	if !p.takes(' ') {
		return
	}
	p.skip('m')
	p.skip('=')
	p.skipAny("+-")
	for len(p.rest) > 0 && p.rest[0]-'0' <= 9 {
		p.rest = p.rest[1:]
	}
	if before := len(p.rest); p.fraction() < 0 || before-len(p.rest) != len(".000000000") {
		p.bad = true
	}
}

// days returns the number of days of a month.
func days(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
