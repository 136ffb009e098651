package calendar

import (
	"encoding/json"
	"time"
)

// A Config says when a desk is open. It is plain data, which [New] checks and
// compiles; it may be written in Go or read from JSON:
//
//	{"timezone": "Europe/Berlin",
//	 "weekly": {"mon": [["08:00","12:00"],["13:00","18:00"]], "sat": [["22:00","02:00"]]},
//	 "holidays": ["2026-04-03"], "recurring_holidays": ["12-25"], "holiday_closes": "date",
//	 "overrides": {"2026-12-24": [["08:00","12:00"]]},
//	 "breaks": {"2026-03-02": [["10:00","12:00"]]}}
//
// The zero value never opens, and New refuses it.
type Config struct {
	// Timezone is the name of the zone whose wall clock the hours are read from,
	// as in the IANA database. It is required. "Local" is refused, because it
	// would give other numbers on another machine.
	Timezone string `json:"timezone"`

	// Location, if not nil, is used in place of Timezone. It is for programs that
	// bring their own zone database, and is not part of the JSON.
	Location *time.Location `json:"-"`

	// Weekly holds the hours of an ordinary week. Hours past midnight open the date
	// after.
	Weekly Weekly `json:"weekly,omitzero"`

	// Holidays are closed, as HolidayCloses says. A date may be listed twice.
	Holidays []Date `json:"holidays,omitzero"`

	// RecurringHolidays are holidays of every year. 02-29 is one in leap years. A day
	// may be listed twice.
	RecurringHolidays []MonthDay `json:"recurring_holidays,omitzero"`

	// HolidayCloses says what a holiday closes, and what an override replaces:
	//
	//   - ClosesDate, the default: what is open from midnight to midnight, including the
	//     tail of the night before. The night of the date itself keeps its tail, unless
	//     the next date is closed or overridden too.
	//   - ClosesShift: the hours that begin on the date. The night before goes on to its
	//     end, and the night of the date itself does not begin.
	HolidayCloses HolidayCloses `json:"holiday_closes,omitzero"`

	// Overrides replace the weekly hours of a date, as HolidayCloses says; an empty list
	// closes the date. They beat a recurring holiday. A date that is also in Holidays
	// is an error. Hours past midnight are added to those of the next date; with
	// ClosesDate only if that one is neither a holiday nor an override itself.
	Overrides map[Date][]Hours `json:"overrides,omitzero"`

	// Breaks are cut out of what is open on a date, and past midnight out of the
	// next date. Where nothing is open they change nothing.
	Breaks map[Date][]Hours `json:"breaks,omitzero"`
}

// MarshalJSON returns c in the form above, with dates in order. Location is left
// out.
func (c Config) MarshalJSON() ([]byte, error) {
	type plain Config
	p := plain(c)
	p.Overrides = withoutNil(c.Overrides)
	p.Breaks = withoutNil(c.Breaks)
	return json.Marshal(p)
}

// withoutNil replaces nil lists, which encoding/json would write as null.
func withoutNil(byDate map[Date][]Hours) map[Date][]Hours {
	if byDate == nil {
		return nil
	}
	filled := make(map[Date][]Hours, len(byDate))
	for d, hours := range byDate {
		filled[d] = append([]Hours{}, hours...)
	}
	return filled
}

// UnmarshalJSON reads c strictly: an unknown or repeated field, a null, or a
// time or date that does not exist is a [*ConfigError], which says where. Rules
// that need the whole Config, such as overlaps, are checked by [New].
func (c *Config) UnmarshalJSON(b []byte) error {
	parsed, err := readConfig(b, "")
	if err == nil {
		*c = parsed
	}
	return err
}
