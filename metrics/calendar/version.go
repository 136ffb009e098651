package calendar

import (
	"math"
	"strconv"
	"time"
)

// A Version is a Config that is in force from a date on.
type Version struct {
	// From is the first date on which Config is in force, in the zone of Config: from
	// the first instant at which that zone shows the date or a later one. The zero
	// Date means from the beginning of time; only the first version may have it.
	From Date `json:"from,omitzero"`

	Config Config `json:"config"`
}

// NewVersions returns the calendar of hours that changed over time: each stretch of
// time is measured by the version then in force. Versions must be in order of their
// dates. Before the first version the calendar is closed. A version may have no hours
// at all, so that a desk can be closed for good, but at least one of them must open.
//
// A version is asked about its own time only. In the night to the first date of
// a version the old hours end at midnight, and hours past midnight that are open
// from then on are those of the new version.
//
// An error is a [*ConfigError] whose path begins with the version, as in
// "versions[1].weekly.mon[0]", or [ErrNeverOpens].
func NewVersions(versions []Version) (*Calendar, error) {
	if len(versions) == 0 {
		return nil, &ConfigError{Path: "versions", Err: because(ErrVersions, "none given")}
	}
	var eras []era
	for i, v := range versions {
		path := "versions[" + strconv.Itoa(i) + "]"
		p, err := v.Config.plan(path)
		if err != nil {
			return nil, err
		}
		from := int64(math.MinInt64)
		switch {
		case v.From != Date{}:
			if err := v.From.check(); err != nil {
				return nil, &ConfigError{Path: path + ".from", Input: v.From.String(), Err: err}
			}
			from = midnight(p.loc, v.From.number())
		case i > 0:
			return nil, &ConfigError{Path: path + ".from", Err: because(ErrVersions, "no date")}
		}
		if i > 0 && from <= eras[len(eras)-1].from {
			return nil, &ConfigError{Path: path + ".from", Input: v.From.String(), Err: ErrVersions}
		}
		if i == 0 && from != math.MinInt64 {
			eras = append(eras, era{math.MinInt64, &plan{loc: p.loc}})
		}
		eras = append(eras, era{from, p})
	}
	return compile(eras)
}

// UnmarshalJSON reads an object with the fields from and config, as strictly as
// a [Config] is read.
func (v *Version) UnmarshalJSON(b []byte) error {
	var parsed Version
	err := members(b, "", func(key, at string, value []byte) (err error) {
		switch key {
		case "from":
			var text string
			if text, err = readText(value, at); err != nil {
				return err
			}
			if parsed.From, err = ParseDate(text); err != nil {
				return relocate(err, at, text)
			}
		case "config":
			parsed.Config, err = readConfig(value, at)
		default:
			return unknownField("", key)
		}
		return err
	})
	if err == nil {
		*v = parsed
	}
	return err
}

// An era is a plan and the Unix second from which on it is in force.
type era struct {
	from int64
	plan *plan
}

// margin is the least time from either end of the tables to what happens only once:
// a new version, or a date of the Config.
const margin = 2 * secondsPerWeek

// compile makes the Calendar of eras, of which the first has no beginning.
func compile(eras []era) (*Calendar, error) {
	first, last := eras[0], eras[len(eras)-1]
	lo, hi := int64(nearFrom), int64(nearTo)
	for _, e := range eras {
		if e.from != math.MinInt64 {
			lo, hi = min(lo, e.from-margin), max(hi, e.from+margin)
		}
		for _, day := range e.plan.explicit() {
			u := int64(day) * secondsPerDay
			lo, hi = min(lo, u-margin), max(hi, u+margin)
		}
	}
	c := &Calendar{
		loc:    last.plan.loc,
		past:   &far{plan: first.plan, past: true, edge: lo},
		future: &far{plan: last.plan, edge: hi},
		eras:   eras,

		business: new(business),
	}
	var sum int64
	for i, e := range eras {
		from, to := max(e.from, lo), hi
		if i+1 < len(eras) {
			to = eras[i+1].from
		}
		t, err := newTable(e.plan, from, to, sum)
		if err != nil {
			return nil, err
		}
		sum = t.total()
		if i+1 < len(eras) {
			c.earlier = append(c.earlier, part{t, e.plan.loc})
		} else {
			c.table = t
		}
	}
	if sum == 0 && !c.future.opens() && !c.past.opens() {
		return nil, ErrNeverOpens
	}
	return c, nil
}

// fixedAt returns the offset that loc has at a Unix second, as a zone.
func fixedAt(loc *time.Location, u int64) *time.Location {
	offset := min(max(offsetAt(loc, u), -maxOffset), maxOffset)
	return time.FixedZone(loc.String(), int(offset))
}
