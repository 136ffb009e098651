package calendar

import (
	"maps"
	"slices"
)

// Equal reports whether other is a *Calendar that answers every question as c does,
// because both were made of the same hours, holidays, overrides, breaks and versions
// in the same zone. Two calendars read from one JSON are equal; so are those whose
// Configs say the same in another order, or with windows of a date that touch in place
// of one. A night that is written as two windows is a difference, since its second one
// begins on a date of its own, and so is a holiday more, even on a day that is closed
// anyway.
//
// Zones are the same if they have the same name, and gave the desk the same open
// time in each week from 1970 to 2100: two versions of the zone database may not.
func (c *Calendar) Equal(other any) bool {
	d, ok := other.(*Calendar)
	if !ok || c == d {
		return ok
	}
	// The tables begin and end where the eras do.
	return c != nil && d != nil &&
		c.table.equal(&d.table) &&
		slices.EqualFunc(c.earlier, d.earlier, func(a, b part) bool { return a.equal(&b.table) }) &&
		slices.EqualFunc(c.eras, d.eras, func(a, b era) bool { return a.plan.equal(b.plan) })
}

// equal reports whether two plans have the same hours in zones of the same name.
func (p *plan) equal(q *plan) bool {
	for day := range p.weekly {
		if !p.weekly[day].equal(q.weekly[day]) {
			return false
		}
	}
	return p.loc.String() == q.loc.String() && p.closes == q.closes &&
		slices.Equal(p.recurring, q.recurring) && maps.Equal(p.holidays, q.holidays) &&
		maps.EqualFunc(p.overrides, q.overrides, shifts.equal) &&
		maps.EqualFunc(p.breaks, q.breaks, slices.Equal[[]window])
}

func (s shifts) equal(t shifts) bool { return slices.Equal(s.windows, t.windows) && s.tail == t.tail }

func (t *table) equal(u *table) bool {
	return t.lo == u.lo && t.span == u.span && t.base == u.base &&
		slices.Equal(t.blocks, u.blocks) && slices.Equal(t.patterns, u.patterns) && slices.Equal(t.runs, u.runs)
}
