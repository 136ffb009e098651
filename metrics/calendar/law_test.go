package calendar_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/calendar/calendartest"
)

// lawCalendars are calendars of all kinds, each of which must keep the laws.
func lawCalendars(t testing.TB) map[string]*calendar.Calendar {
	t.Helper()
	night := calendar.Config{Timezone: "America/St_Johns"}
	for d := range night.Weekly {
		night.Weekly[d] = []calendar.Hours{calendar.MustParseHours("22:00-06:00")}
	}
	always := calendar.Config{Timezone: "Africa/Casablanca"}
	for d := range always.Weekly {
		always.Weekly[d] = []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
	}
	changed, err := calendar.NewVersions([]calendar.Version{
		{Config: office()},
		{From: calendar.MustParseDate("2001-05-01"), Config: night},
		{From: calendar.MustParseDate("2020-02-29"), Config: calendar.Config{Timezone: "UTC"}},
		{From: calendar.MustParseDate("2031-01-01"), Config: always},
	})
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation("Pacific/Apia")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	random := randomConfig(r, loc, time.Date(2011, 12, 30, 0, 0, 0, 0, time.UTC), 1)
	shift := office()
	shift.HolidayCloses = calendar.ClosesShift
	shift.Weekly = night.Weekly
	return map[string]*calendar.Calendar{
		"office":  mustNew(t, office()),
		"night":   mustNew(t, night),
		"always":  mustNew(t, always),
		"random":  mustNew(t, random),
		"shift":   mustNew(t, shift),
		"changed": changed,
		"zero":    {},
	}
}

func TestLaws(t *testing.T) {
	for name, cal := range lawCalendars(t) {
		t.Run(name, func(t *testing.T) { calendartest.Run(t, cal) })
	}
}

// changes are instants at which clocks or versions of the calendars of the laws change.
func changes(t testing.TB) (list []time.Time) {
	t.Helper()
	for _, zone := range []string{"America/New_York", "America/St_Johns", "Africa/Casablanca", "Pacific/Apia"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for year := 1971; year < 2099; year += 8 {
			list = append(list, change(loc, time.Date(year, 2, 1, 0, 0, 0, 0, time.UTC)))
		}
	}
	for _, s := range []string{"2001-05-01", "2020-02-29", "2031-01-01", "2011-12-30"} {
		d := calendar.MustParseDate(s)
		list = append(list, time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
	}
	return list
}

// moved returns a, half of the time within twelve hours of a change instead, and b, half
// of the time near a, or a itself.
func moved(r *rand.Rand, changes []time.Time, a, b time.Time) (time.Time, time.Time) {
	if r.IntN(2) == 0 {
		a = changes[r.IntN(len(changes))].Add(time.Duration(r.Int64N(int64(24*time.Hour))) - 12*time.Hour)
		if r.IntN(2) == 0 {
			a = a.Truncate(15 * time.Minute)
		}
	}
	if r.IntN(2) == 0 {
		b = a.Add([]time.Duration{0, 0, 1, -1, time.Second, time.Duration(r.Int64N(int64(48*time.Hour))) - 24*time.Hour}[r.IntN(6)])
	}
	return a, b
}

// TestHoldLaws says what holds do: together with the open time that they take
// away they make up the whole.
func TestHoldLaws(t *testing.T) {
	properties := laws(t, 1200)
	changes := changes(t)
	for name, cal := range lawCalendars(t) {
		properties.Property(name+": open + held = all", prop.ForAll(
			func(a, b time.Time, seed int64) bool {
				r := rand.New(rand.NewPCG(uint64(seed), 1))
				if a, b = moved(r, changes, a, b); b.Before(a) {
					a, b = b, a
				}
				holds := randomHolds(r, a, b)
				var held time.Duration
				for from, to := range merged(holds, a, b) {
					held += cal.Between(from, to)
				}
				rest := cal.BetweenWithHolds(a, b, holds)
				return rest+held == cal.Between(a, b) && cal.BetweenWithHolds(b, a, holds) == -rest
			}, instants(), instants(), gen.Int64()))
		properties.Property(name+": a deadline is the earliest", prop.ForAll(
			func(a time.Time, seed int64) bool {
				r := rand.New(rand.NewPCG(uint64(seed), 2))
				a, _ = moved(r, changes, a, a)
				holds := randomHolds(r, a, a.AddDate(0, 1, 0))
				budget := time.Duration(r.Int64N(int64(100 * time.Hour)))
				if r.IntN(2) == 0 { // to within two seconds of a quarter of an hour
					budget = (budget.Truncate(15*time.Minute) + time.Duration(r.IntN(5)-2)*time.Second).Abs()
				}
				at, err := cal.DeadlineWithHolds(a, budget, holds)
				if name == "zero" && budget > 0 {
					return errors.Is(err, calendar.ErrUnreachable)
				}
				return err == nil && cal.BetweenWithHolds(a, at, holds) == budget &&
					(budget == 0 && at.Equal(a) || budget > 0 && cal.BetweenWithHolds(a, at.Add(-1), holds) < budget)
			}, instants(), gen.Int64()))
	}
	properties.TestingRun(t)
}

// instants derives an instant from an int64, which shrinks towards 2020.
func instants() gopter.Gen {
	origin := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	return gopter.DeriveGen(
		func(offset int64) time.Time { return origin.Add(time.Duration(offset)) },
		func(t time.Time) int64 { return int64(t.Sub(origin)) },
		gen.Int64Range(-int64(50*365*24*time.Hour), int64(80*365*24*time.Hour)),
	)
}

// randomHolds returns holds around a stretch of time, some of which touch, or end before
// they start.
func randomHolds(r *rand.Rand, from, to time.Time) (holds []calendar.Window) {
	span := int64(to.Sub(from)) + int64(time.Hour)
	for range r.IntN(20) {
		h := calendar.Window{Start: from.Add(time.Duration(r.Int64N(span)) - 30*time.Minute)}
		if n := len(holds); n > 0 && r.IntN(5) == 0 {
			h.Start = holds[n-1].End
		}
		h.End = h.Start.Add(time.Duration(r.Int64N(span/8+1) - span/40))
		holds = append(holds, h)
	}
	return holds
}

// merged yields the parts of from..to that are on hold, instant by instant of
// their ends.
func merged(holds []calendar.Window, from, to time.Time) func(func(a, b time.Time) bool) {
	return func(yield func(a, b time.Time) bool) {
		ends := []time.Time{from, to}
		for _, h := range holds {
			ends = append(ends, h.Start, h.End)
		}
		for at := from; at.Before(to); {
			next := to
			for _, e := range ends {
				if e.After(at) && e.Before(next) {
					next = e
				}
			}
			for _, h := range holds {
				if !h.Start.After(at) && h.End.After(at) {
					if !yield(at, next) {
						return
					}
					break
				}
			}
			at = next
		}
	}
}

func TestAllocations(t *testing.T) {
	cal := mustNew(t, office())
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	holds := []calendar.Window{{at, at.Add(time.Hour)}, {at.Add(2 * time.Hour), at.Add(3 * time.Hour)}}
	for name, f := range map[string]func(){
		"Between":           func() { cal.Between(at, at.AddDate(10, 0, 0)) },
		"IsOpen":            func() { cal.IsOpen(at) },
		"Deadline":          func() { cal.Deadline(at, 100*time.Hour) },
		"Before":            func() { cal.Before(at, 100*time.Hour) },
		"NextOpen":          func() { cal.NextOpen(at) },
		"NextClose":         func() { cal.NextClose(at) },
		"BetweenWithHolds":  func() { cal.BetweenWithHolds(at, at.AddDate(0, 1, 0), holds) },
		"DeadlineWithHolds": func() { cal.DeadlineWithHolds(at, 8*time.Hour, holds) },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

// TestDayAllocations asks calendars of all kinds, over ten years and far from now.
func TestDayAllocations(t *testing.T) {
	for name, cal := range lawCalendars(t) {
		for _, year := range []int{-3000, 1500, 1975, 2018, 2026, 2600} {
			at := time.Date(year, 3, 2, 10, 0, 0, 0, time.UTC)
			if n := testing.AllocsPerRun(10, func() {
				cal.DeadlineDays(at, 2500)
				cal.DeadlineEndOfDay(at, 2500)
			}); n != 0 {
				t.Errorf("%s: %v allocations in %d", name, n, year)
			}
		}
	}
}
