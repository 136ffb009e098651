package timestamp

import "time"

// A Clock reads instants in the form that programs write most: a date, T or a space, a
// time of day, perhaps a fraction, and Z or an offset in hours and minutes. It keeps the
// date, since the next instant is mostly of the same one. The zero value is ready to use.
type Clock struct {
	date string // the last one
	days int64  // from 1970 to it
}

const (
	dateSize = len("2026-03-02")
	timeSize = len("2026-03-02T09:00:00")
)

// Read returns the instant that Parse would return, in seconds and nanoseconds since 1970;
// or false if the text has another form, or is of a year outside 1970 to 2261.
func (c *Clock) Read(text []byte) (seconds int64, nanoseconds int, ok bool) {
	if len(text) <= timeSize || text[dateSize] != 'T' && text[dateSize] != ' ' || text[13] != ':' || text[16] != ':' {
		return 0, 0, false
	}
	if string(text[:dateSize]) != c.date && !c.setDate(text[:dateSize]) {
		return 0, 0, false
	}
	hour, minute, second := pair(text[11:]), pair(text[14:]), pair(text[17:])
	if hour > 23 || minute > 59 || second > 59 {
		return 0, 0, false
	}
	seconds = 86400*c.days + int64(3600*hour+60*minute+second)
	p := parser{rest: text[timeSize:]}
	nanoseconds = p.fraction()
	if len(p.rest) == 1 && p.rest[0] == 'Z' {
		return seconds, nanoseconds, !p.bad
	}
	if len(p.rest) != len("+01:00") || p.rest[3] != ':' {
		return 0, 0, false
	}
	seconds -= int64(p.offset())
	return seconds, nanoseconds, !p.bad && len(p.rest) == 0 && seconds >= 0
}

// pair returns two digits as a number, or more than 99.
func pair(b []byte) int {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return 100
	}
	return 10*int(tens) + int(ones)
}

// setDate keeps a date, if it is one.
func (c *Clock) setDate(text []byte) bool {
	at, err := time.Parse(time.DateOnly, string(text))
	if err != nil || at.Year() < 1970 || at.Year() > 2261 {
		return false
	}
	c.date, c.days = string(text), at.Unix()/86400
	return true
}
