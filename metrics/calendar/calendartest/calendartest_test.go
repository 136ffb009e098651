package calendartest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/calendar/calendartest"
)

func office(t *testing.T) *calendar.Calendar {
	t.Helper()
	cfg := calendar.Config{Timezone: "Europe/Berlin"}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("08:00-12:00"), calendar.MustParseHours("22:00-06:00")}
	}
	cal, err := calendar.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func TestRun(t *testing.T) { calendartest.Run(t, office(t)) }

// aroundTheClock has no method but the one that is required.
type aroundTheClock struct{}

func (aroundTheClock) Between(start, end time.Time) time.Duration { return end.Sub(start) }

func TestOneMethod(t *testing.T) { calendartest.Run(t, aroundTheClock{}) }

// A fake is a calendar with a fault.
type fake struct {
	*calendar.Calendar
	between  func(start, end time.Time, d time.Duration) time.Duration
	isOpen   func(t time.Time, open bool) bool
	deadline func(start time.Time, budget time.Duration, at time.Time) time.Time
	before   func(end time.Time, budget time.Duration, at time.Time) time.Time
	equal    func(other any) bool // otherwise any fake of the same calendar is

	days, endOfDay func(start time.Time, n int, at time.Time, err error) (time.Time, error)
}

func (f fake) DeadlineDays(start time.Time, n int) (time.Time, error) {
	at, err := f.Calendar.DeadlineDays(start, n)
	if f.days != nil {
		return f.days(start, n, at, err)
	}
	return at, err
}

func (f fake) DeadlineEndOfDay(start time.Time, n int) (time.Time, error) {
	at, err := f.Calendar.DeadlineEndOfDay(start, n)
	if f.endOfDay != nil {
		return f.endOfDay(start, n, at, err)
	}
	return at, err
}

func (f fake) Equal(other any) bool {
	if f.equal != nil {
		return f.equal(other)
	}
	g, ok := other.(fake)
	return ok && f.Calendar.Equal(g.Calendar)
}

func (f fake) Between(start, end time.Time) time.Duration {
	d := f.Calendar.Between(start, end)
	if f.between != nil {
		d = f.between(start, end, d)
	}
	return d
}

func (f fake) IsOpen(t time.Time) bool {
	open := f.Calendar.IsOpen(t)
	if f.isOpen != nil {
		open = f.isOpen(t, open)
	}
	return open
}

func (f fake) Deadline(start time.Time, budget time.Duration) (time.Time, error) {
	at, err := f.Calendar.Deadline(start, budget)
	if err == nil && f.deadline != nil {
		at = f.deadline(start, budget, at)
	}
	return at, err
}

func (f fake) Before(end time.Time, budget time.Duration) (time.Time, error) {
	at, err := f.Calendar.Before(end, budget)
	if err == nil && f.before != nil {
		at = f.before(end, budget, at)
	}
	return at, err
}

func TestCheckFindsFaults(t *testing.T) {
	cal := office(t)
	for _, tt := range []struct {
		law  string
		fake fake
	}{
		{"additive", fake{between: func(_, _ time.Time, d time.Duration) time.Duration { return d.Truncate(time.Second) }}},
		{"antisymmetric", fake{between: func(_, _ time.Time, d time.Duration) time.Duration { return d.Abs() }}},
		{"antisymmetric", fake{between: func(a, b time.Time, d time.Duration) time.Duration {
			if a.Equal(b) {
				return 1
			}
			return d
		}}},
		{"bounded", fake{between: func(_, _ time.Time, d time.Duration) time.Duration { return 5 * d }}},
		{"bounded", fake{between: func(_, _ time.Time, d time.Duration) time.Duration { return -d }}},
		{"monotone", fake{between: func(_, _ time.Time, d time.Duration) time.Duration { return -d }}},
		{"location", fake{between: func(a, _ time.Time, d time.Duration) time.Duration {
			if a.Location() != time.UTC {
				return d + 1
			}
			return d
		}}},
		{"location", fake{between: func(_, b time.Time, d time.Duration) time.Duration {
			if b.Location() != time.UTC {
				return d + 1
			}
			return d
		}}},
		{"IsOpen", fake{isOpen: func(t time.Time, _ bool) bool { return cal.IsOpen(t.Add(-1)) }}},
		{"IsOpen", fake{isOpen: func(t time.Time, open bool) bool { return open && t.Location() == time.UTC }}},
		{"Deadline", fake{deadline: func(_ time.Time, _ time.Duration, at time.Time) time.Time {
			next, _ := cal.NextOpen(at)
			return next
		}}},
		{"Deadline", fake{deadline: func(_ time.Time, d time.Duration, at time.Time) time.Time {
			if d > 0 {
				at, _ = cal.NextOpen(at)
			}
			return at
		}}},
		{"Deadline", fake{deadline: func(_ time.Time, d time.Duration, at time.Time) time.Time { return at.Add(min(d, 1)) }}},
		{"Deadline", fake{deadline: func(t time.Time, d time.Duration, at time.Time) time.Time {
			if d == 0 {
				return at.Add(1)
			}
			return at
		}}},
		{"Deadline", fake{deadline: func(_ time.Time, d time.Duration, at time.Time) time.Time {
			if d%time.Second == 0 && d%time.Minute != 0 && !cal.IsOpen(at.Add(-2*time.Second)) {
				return at.Add(-2 * time.Second) // a second too many is taken back over an opening
			}
			return at
		}}},
		{"Before", fake{before: func(_ time.Time, d time.Duration, at time.Time) time.Time { return at.Add(-min(d, 1)) }}},
		{"DeadlineDays", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if n == 0 {
				return at.Add(1), err
			}
			return at, err
		}}},
		{"DeadlineDays", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			return at, nil
		}}},
		{"DeadlineDays", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if n > 0 {
				return cal.NextOpen(at)
			}
			return at, err
		}}},
		{"DeadlineDays", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if n > 3 {
				return cal.DeadlineDays(start, 2)
			}
			return at, err
		}}},
		{"DeadlineDays", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if start.Location() != time.UTC {
				return cal.DeadlineDays(start, n+1)
			}
			return at, err
		}}},
		{"DeadlineDays", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if n > 0 && cal.IsOpen(start) { // a later start, when the desk is closed, has a day less
				return cal.DeadlineDays(start, n+1)
			}
			return at, err
		}}},
		{"alike days", fake{days: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if n > 0 {
				return cal.DeadlineDays(start, n+1)
			}
			return at, err
		}}},
		{"DeadlineEndOfDay", fake{endOfDay: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			return at.Add(-time.Duration(start.Hour()) * time.Hour), err
		}}},
		{"DeadlineEndOfDay", fake{endOfDay: func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
			if n == 0 {
				at, err = cal.Before(start, 1)
				return at.Add(1), err
			}
			return at, err
		}}},
		{"Equal", fake{equal: func(any) bool { return false }}},
		{"Equal", fake{equal: func(any) bool { return true }}},
	} {
		tt.fake.Calendar = cal
		err := calendartest.Check(tt.fake, 7)
		if err == nil {
			t.Errorf("a fault in %s is not found", tt.law)
			continue
		}
		if !strings.Contains("\n"+err.Error(), "\n"+tt.law+", seed 7: ") {
			t.Errorf("a fault in %s is reported as %v", tt.law, err)
		}
	}
	if err := calendartest.Check(fake{Calendar: cal}, 7); err != nil {
		t.Errorf("a calendar without a fault: %v", err)
	}
}

// TestCheckFindsFaultsInZones moves what is asked in another location.
func TestCheckFindsFaultsInZones(t *testing.T) {
	cal := office(t)
	later := func(t, at time.Time) time.Time {
		if t.Location() != time.UTC {
			return at.Add(-1)
		}
		return at
	}
	for law, f := range map[string]fake{
		"Deadline": {deadline: func(start time.Time, _ time.Duration, at time.Time) time.Time { return later(start, at) }},
		"Before":   {before: func(end time.Time, _ time.Duration, at time.Time) time.Time { return later(end, at) }},
	} {
		f.Calendar = cal
		if err := calendartest.Check(f, 7); err == nil || !strings.HasPrefix(err.Error(), law+", seed 7: ") || !strings.Contains(err.Error(), " from ") {
			t.Errorf("a fault in %s is reported as %v", law, err)
		}
	}
}

// TestCheckDeadlinesThatAreErrors has calendars that never open, or do so for some years
// only, and one that knows no deadlines in days.
func TestCheckDeadlinesThatAreErrors(t *testing.T) {
	cfg := calendar.Config{Timezone: "Europe/Berlin"}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("08:00-12:00")}
	}
	some, err := calendar.NewVersions([]calendar.Version{
		{From: calendar.MustParseDate("2000-01-01"), Config: cfg},
		{From: calendar.MustParseDate("2030-01-01"), Config: calendar.Config{Timezone: "UTC"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	none := func(start time.Time, n int, at time.Time, err error) (time.Time, error) {
		if n > 0 {
			err = calendar.ErrUnreachable
		}
		return at, err
	}
	for name, cal := range map[string]calendartest.Calendar{
		"never": new(calendar.Calendar), "some years": some, "no days": fake{Calendar: office(t), days: none},
	} {
		if err := calendartest.Check(cal, 7); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
