package calendar

import "fmt"

// A TimeOfDay is what the clock on the wall shows, in seconds after midnight:
// from 0 (00:00) to 86400 (24:00, the midnight that ends the day). The zero
// value is midnight. It is a reading, not a length of time: 09:00 to 17:00 is
// not eight hours on a day when the clocks change in between.
type TimeOfDay int32

const endOfDay TimeOfDay = secondsPerDay

func clock(hour, minute, second int) TimeOfDay {
	return TimeOfDay(hour*3600 + minute*60 + second)
}

func parseTimeOfDay(s string) (TimeOfDay, error) {
	if len(s) != len("15:04") && len(s) != len("15:04:05") {
		return 0, badTime(s)
	}
	var part [3]int
	for i := range s {
		if i%3 == 2 {
			if s[i] != ':' {
				return 0, badTime(s)
			}
			continue
		}
		if s[i] < '0' || s[i] > '9' {
			return 0, badTime(s)
		}
		part[i/3] = part[i/3]*10 + int(s[i]-'0')
	}
	t := clock(part[0], part[1], part[2])
	if part[1] > 59 || part[2] > 59 || t > endOfDay {
		return 0, badTime(s)
	}
	return t, nil
}

func badTime(s string) error { return &ConfigError{Input: s, Err: ErrTime} }

// String returns HH:MM, or HH:MM:SS if there are seconds. A value out of range
// is shown as it is counted, such as 25:00 or -1s.
func (t TimeOfDay) String() string {
	if t < 0 {
		return fmt.Sprintf("%ds", int32(t))
	}
	h, m, s := t/3600, t/60%60, t%60
	if s == 0 {
		return fmt.Sprintf("%02d:%02d", h, m)
	}
	return fmt.Sprintf("%02d:%02d:%02d", h, m, s)
}

// AppendText appends t as String shows it. A value out of range is an [ErrTime].
func (t TimeOfDay) AppendText(b []byte) ([]byte, error) {
	if t < 0 || t > endOfDay {
		return b, badTime(t.String())
	}
	return append(b, t.String()...), nil
}

// MarshalText returns t as AppendText does.
func (t TimeOfDay) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// UnmarshalText reads HH:MM or HH:MM:SS, from 00:00 to 24:00. All digits must be
// there. Other text is an [ErrTime].
func (t *TimeOfDay) UnmarshalText(b []byte) error {
	parsed, err := parseTimeOfDay(string(b))
	if err == nil {
		*t = parsed
	}
	return err
}
