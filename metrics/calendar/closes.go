package calendar

import (
	"database/sql/driver"

	"github.com/servicequality/servicequality/metrics/text"
)

// HolidayCloses says what a holiday closes, and in the same way what an override
// replaces.
type HolidayCloses uint8

const (
	ClosesDate  HolidayCloses = iota // the date, from midnight to midnight, whenever a night began
	ClosesShift                      // the hours that begin on the date, past midnight too
)

var holidayClosesNames = text.NewEnum[HolidayCloses](ErrHolidayCloses, "date", "shift")

// String returns "date" or "shift".
func (h HolidayCloses) String() string { return holidayClosesNames.Name(h) }

// AppendText implements [encoding.TextAppender].
func (h HolidayCloses) AppendText(b []byte) ([]byte, error) { return holidayClosesNames.Append(b, h) }

// MarshalText implements [encoding.TextMarshaler].
func (h HolidayCloses) MarshalText() ([]byte, error) { return h.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an
// [ErrHolidayCloses] that quotes it.
func (h *HolidayCloses) UnmarshalText(text []byte) error { return holidayClosesNames.Parse(h, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (h *HolidayCloses) Scan(src any) error { return holidayClosesNames.Scan(h, src) }

// Value implements [driver.Valuer] with the text form.
func (h HolidayCloses) Value() (driver.Value, error) { return holidayClosesNames.Value(h) }
