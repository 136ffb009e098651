package calendar

import (
	"bytes"
	"encoding/json"
	"time"
)

// Weekly holds the hours of each day of the week, indexed by [time.Weekday]. A
// day without hours is closed; the zero value is closed all week. The windows of
// a day may stand in any order, and windows that touch are joined.
//
//	calendar.Weekly{time.Saturday: {calendar.MustParseHours("10:00-14:00")}}
//
// In JSON it is an object with the keys mon, tue, wed, thu, fri, sat, sun.
type Weekly [7][]Hours

var weekdays = [...]struct {
	key string
	day time.Weekday
}{
	{"mon", time.Monday},
	{"tue", time.Tuesday},
	{"wed", time.Wednesday},
	{"thu", time.Thursday},
	{"fri", time.Friday},
	{"sat", time.Saturday},
	{"sun", time.Sunday},
}

// MarshalJSON returns the days that have hours, from Monday on.
func (w Weekly) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for _, d := range weekdays {
		if len(w[d.day]) == 0 {
			continue
		}
		hours, err := json.Marshal(w[d.day])
		if err != nil {
			return nil, err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + d.key + `":`)
		b.Write(hours)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads an object of days. An unknown or repeated day is an error.
func (w *Weekly) UnmarshalJSON(b []byte) error {
	parsed, err := readWeekly(b, "")
	if err == nil {
		*w = parsed
	}
	return err
}
