package calendar

import (
	"encoding/json"
	"strings"
)

// Hours are one window of a date, half-open: open from the second of Open up to
// and without the second of Close. Close at or before Open runs into the next
// date, so that 22:00-06:00 is a night. Open equal to Close is an error; the
// whole day is 00:00-24:00. The zero value is therefore not a valid window.
//
// In JSON they are a pair, such as ["22:00", "06:00"].
type Hours struct {
	Open, Close TimeOfDay
}

// ParseHours reads a window such as "09:00-17:00", "22:00-06:00" or
// "00:00-24:00". Bad text is an [ErrTime], equal ends are an [ErrHours].
func ParseHours(s string) (Hours, error) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return Hours{}, badTime(s)
	}
	h, err := parsePair(from, to)
	if err != nil {
		return Hours{}, &ConfigError{Input: s, Err: err}
	}
	return h, nil
}

// MustParseHours is [ParseHours] for text that is known to be right, as in the
// literal of a [Config]. It panics if it is not.
func MustParseHours(s string) Hours {
	h, err := ParseHours(s)
	if err != nil {
		panic(err)
	}
	return h
}

// parsePair returns an error without the text, for the caller to say where.
func parsePair(from, to string) (Hours, error) {
	var h Hours
	var err error
	if h.Open, err = parseTimeOfDay(from); err != nil {
		return Hours{}, ErrTime
	}
	if h.Close, err = parseTimeOfDay(to); err != nil {
		return Hours{}, ErrTime
	}
	return h, h.check()
}

func (h Hours) check() error {
	switch {
	case h.Open < 0 || h.Open > endOfDay || h.Close < 0 || h.Close > endOfDay:
		return ErrTime
	case h.Open == h.Close:
		return because(ErrHours, "open and close at the same time")
	case h.Open == endOfDay:
		return because(ErrTime, "opening at 24:00")
	}
	return nil
}

// end returns when h closes, in seconds after the midnight that begins the date
// on which it opens: up to two days.
func (h Hours) end() int32 {
	if h.Close <= h.Open {
		return int32(h.Close) + secondsPerDay
	}
	return int32(h.Close)
}

// String returns h as [ParseHours] reads it.
func (h Hours) String() string { return h.Open.String() + "-" + h.Close.String() }

// MarshalJSON returns the pair of times, such as ["09:00","17:00"].
func (h Hours) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]TimeOfDay{h.Open, h.Close})
}

// UnmarshalJSON reads a pair of times. Anything else is an error.
func (h *Hours) UnmarshalJSON(b []byte) error {
	parsed, err := readHours(b, "")
	if err == nil {
		*h = parsed
	}
	return err
}
