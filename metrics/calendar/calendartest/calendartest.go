// Package calendartest checks that a calendar keeps the laws that time metrics
// rely on. It is for those who bring a calendar of their own:
//
//	func TestCalendar(t *testing.T) {
//		calendartest.Run(t, myCalendar)
//	}
//
// A calendar that keeps the laws can still have the wrong hours; the laws say
// that its answers fit together.
package calendartest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Calendar is what a calendar must have: the open time from start to end. It may also
// have these methods, which are then checked too:
//
//	IsOpen(time.Time) bool
//	Deadline(start time.Time, budget time.Duration) (time.Time, error)
//	Before(end time.Time, budget time.Duration) (time.Time, error)
//	Equal(other any) bool
//
// and both of these, if it knows business days:
//
//	DeadlineDays(start time.Time, n int) (time.Time, error)
//	DeadlineEndOfDay(start time.Time, n int) (time.Time, error)
//
// with the meaning that they have in package calendar.
type Calendar interface {
	Between(start, end time.Time) time.Duration
}

type opener interface{ IsOpen(time.Time) bool }

type deadliner interface {
	Deadline(start time.Time, budget time.Duration) (time.Time, error)
}

type beforer interface {
	Before(end time.Time, budget time.Duration) (time.Time, error)
}

type dayCounter interface {
	DeadlineDays(start time.Time, n int) (time.Time, error)
	DeadlineEndOfDay(start time.Time, n int) (time.Time, error)
}

type equaler interface{ Equal(other any) bool }

// Run fails t for each law that cal breaks, with an example. The instants are the
// same in each run; they are from 1970 to 2100. See [Check] for the laws.
func Run(t *testing.T, cal Calendar) {
	t.Helper()
	if err := Check(cal, 1); err != nil {
		t.Errorf("%T:\n%v", cal, err)
	}
}

// rounds is how often each law is tried.
const rounds = 2000

// Check returns an error with an example of each law that cal breaks, or nil. The
// seed chooses the instants. The laws are:
//
//   - additive: Between(a, b) + Between(b, c) is Between(a, c), in whatever order
//     a, b and c are
//   - antisymmetric: Between(b, a) is -Between(a, b), and Between(a, a) is 0
//   - bounded: from an earlier to a later instant it is not negative, and at most
//     the time elapsed
//   - monotone: a later end never gives less
//   - the location of an argument does not matter
//   - IsOpen(t) is true if and only if Between(t, t + 1ns) is 1ns
//   - Deadline(start, d) is the earliest instant with Between(start, it) == d, and
//     is start for d == 0; it may be an error instead
//   - Before(end, d) is the latest instant with Between(it, end) == d, and is end
//     for d == 0; it may be an error instead
//   - DeadlineDays(start, 0) is start, and a negative number of days is an error
//   - DeadlineDays of a day or more, and DeadlineEndOfDay, are after start, and the
//     calendar is open just before; either may be an error instead
//   - a later start never has an earlier deadline in days, and one day more is never
//     earlier
//   - where open days are alike, DeadlineDays(start, n) is Deadline(start, n times the
//     hours of a day); this is tried if there is a Deadline
//   - a calendar is Equal to itself, and not to nil
func Check(cal Calendar, seed uint64) error {
	laws := []struct {
		name string
		law  func(*sample) error
	}{
		{"additive", additive},
		{"antisymmetric", antisymmetric},
		{"bounded", bounded},
		{"monotone", monotone},
		{"location", location},
		{"IsOpen", isOpen},
		{"Deadline", deadline},
		{"Before", before},
		{"DeadlineDays", deadlineDays},
		{"DeadlineEndOfDay", deadlineEndOfDay},
		{"alike days", alikeDays},
		{"Equal", equal},
	}
	var broken []error
	for _, l := range laws {
		r := rand.New(rand.NewPCG(seed, seed))
		for range rounds {
			if err := l.law(newSample(cal, r)); err != nil {
				broken = append(broken, fmt.Errorf("%s, seed %d: %w", l.name, seed, err))
				break
			}
		}
	}
	return errors.Join(broken...)
}

// A sample is what a law is tried with.
type sample struct {
	cal     Calendar
	a, b, c time.Time // in no order
	budget  time.Duration
	days    int
	zone    *time.Location
}

func newSample(cal Calendar, r *rand.Rand) *sample {
	s := &sample{cal: cal}
	s.a = time.Unix(r.Int64N(130*365*86400), 0).UTC()
	if r.IntN(2) == 0 { // the edges of windows are on the quarter of an hour
		s.a = s.a.Truncate(15 * time.Minute)
	}
	s.a = s.a.Add(jitter(r))
	s.b = s.a.Add(distance(r))
	s.c = s.b.Add(distance(r))
	if s.budget = distance(r); s.budget < 0 {
		s.budget = -s.budget
	}
	s.days = r.IntN(6)
	s.zone = time.FixedZone("", r.IntN(26*3600)-12*3600)
	return s
}

// jitter is often nothing, or a nanosecond.
func jitter(r *rand.Rand) time.Duration {
	return []time.Duration{0, 0, -1, 1, time.Duration(r.Int64N(int64(time.Second)))}[r.IntN(5)]
}

// distance is of any order of magnitude up to a year, forward or backward, or 0. Often
// it is within two seconds of a quarter of an hour.
func distance(r *rand.Rand) time.Duration {
	most := []time.Duration{
		1, 2, time.Second, time.Minute, time.Hour, 12 * time.Hour,
		24 * time.Hour, 7 * 24 * time.Hour, 31 * 24 * time.Hour, 366 * 24 * time.Hour,
	}[r.IntN(10)]
	d := time.Duration(r.Int64N(2*int64(most)+1)) - most
	if r.IntN(2) == 0 {
		d = d.Truncate(15 * time.Minute)
		if r.IntN(2) == 0 { // windows begin and end with whole seconds
			d += time.Duration(r.IntN(5)-2) * time.Second
		}
	}
	return d
}

func (s *sample) ordered() (a, b, c time.Time) {
	a, b, c = s.a, s.b, s.c
	if b.Before(a) {
		a, b = b, a
	}
	if c.Before(b) {
		b, c = c, b
	}
	if b.Before(a) {
		a, b = b, a
	}
	return a, b, c
}

func show(t time.Time) string { return t.Format(time.RFC3339Nano) }

func additive(s *sample) error {
	ab, bc, ac := s.cal.Between(s.a, s.b), s.cal.Between(s.b, s.c), s.cal.Between(s.a, s.c)
	if ab+bc != ac {
		return fmt.Errorf("from %s to %s %v, to %s %v, but in one %v", show(s.a), show(s.b), ab, show(s.c), bc, ac)
	}
	return nil
}

func antisymmetric(s *sample) error {
	if there, back := s.cal.Between(s.a, s.b), s.cal.Between(s.b, s.a); there != -back {
		return fmt.Errorf("from %s to %s %v, but back %v", show(s.a), show(s.b), there, back)
	}
	if d := s.cal.Between(s.a, s.a); d != 0 {
		return fmt.Errorf("from %s to itself %v", show(s.a), d)
	}
	return nil
}

func bounded(s *sample) error {
	a, b, _ := s.ordered()
	if d := s.cal.Between(a, b); d < 0 || d > b.Sub(a) {
		return fmt.Errorf("from %s to %s %v of %v", show(a), show(b), d, b.Sub(a))
	}
	return nil
}

func monotone(s *sample) error {
	a, b, c := s.ordered()
	if less, more := s.cal.Between(a, b), s.cal.Between(a, c); more < less {
		return fmt.Errorf("from %s to %s %v, but to %s %v", show(a), show(b), less, show(c), more)
	}
	return nil
}

func location(s *sample) error {
	want := s.cal.Between(s.a, s.b)
	for _, zone := range []*time.Location{s.zone, time.FixedZone("", 14*3600)} {
		if got := s.cal.Between(s.a.In(zone), s.b); got != want {
			return fmt.Errorf("from %s to %s %v, but from %s %v", show(s.a), show(s.b), want, show(s.a.In(zone)), got)
		}
		if got := s.cal.Between(s.a, s.b.In(zone)); got != want {
			return fmt.Errorf("from %s to %s %v, but to %s %v", show(s.a), show(s.b), want, show(s.b.In(zone)), got)
		}
	}
	return nil
}

func isOpen(s *sample) error {
	cal, ok := s.cal.(opener)
	if !ok {
		return nil
	}
	d := s.cal.Between(s.a, s.a.Add(1))
	for _, t := range []time.Time{s.a, s.a.In(s.zone)} {
		if open := cal.IsOpen(t); open != (d == 1) || d != 0 && d != 1 {
			return fmt.Errorf("IsOpen(%s) is %v, but the nanosecond has %v", show(t), open, d)
		}
	}
	return nil
}

func deadline(s *sample) error {
	cal, ok := s.cal.(deadliner)
	if !ok {
		return nil
	}
	return reach("Deadline", cal.Deadline, s.budget, s.a, s.zone, -1, s.cal.Between)
}

func before(s *sample) error {
	cal, ok := s.cal.(beforer)
	if !ok {
		return nil
	}
	backward := func(end, start time.Time) time.Duration { return s.cal.Between(start, end) }
	return reach("Before", cal.Before, s.budget, s.a, s.zone, 1, backward)
}

func equal(s *sample) error {
	cal, ok := s.cal.(equaler)
	switch {
	case !ok:
		return nil
	case !cal.Equal(s.cal):
		return errors.New("it is not equal to itself")
	case cal.Equal(nil):
		return errors.New("it is equal to nil")
	}
	return nil
}

// reach checks that method moves by budget from an instant and no farther:
// nearer is the direction of less.
func reach(name string, method func(time.Time, time.Duration) (time.Time, error), budget time.Duration,
	from time.Time, zone *time.Location, nearer time.Duration, between func(from, to time.Time) time.Duration,
) error {
	if at, err := method(from, 0); err != nil || !at.Equal(from) {
		return fmt.Errorf("%s(%s, 0) is %s, %v", name, show(from), show(at), err)
	}
	at, err := method(from, budget)
	if err != nil {
		return nil // said plainly
	}
	if got := between(from, at); got != budget {
		return fmt.Errorf("%s(%s, %v) is %s, which is %v", name, show(from), budget, show(at), got)
	}
	if budget > 0 && between(from, at.Add(nearer)) >= budget {
		return fmt.Errorf("%s(%s, %v) is %s, but a nanosecond less far is enough", name, show(from), budget, show(at))
	}
	if same, err := method(from.In(zone), budget); err != nil || !same.Equal(at) {
		return fmt.Errorf("%s(%s, %v) is %s, but %s, %v from %s", name, show(from), budget, show(at), show(same), err, show(from.In(zone)))
	}
	return nil
}

func deadlineDays(s *sample) error {
	cal, ok := s.cal.(dayCounter)
	if !ok {
		return nil
	}
	if at, err := cal.DeadlineDays(s.a, 0); err != nil || !at.Equal(s.a) {
		return fmt.Errorf("DeadlineDays(%s, 0) is %s, %v", show(s.a), show(at), err)
	}
	return inDays(s, "DeadlineDays", cal.DeadlineDays, 1)
}

func deadlineEndOfDay(s *sample) error {
	cal, ok := s.cal.(dayCounter)
	if !ok {
		return nil
	}
	return inDays(s, "DeadlineEndOfDay", cal.DeadlineEndOfDay, 0)
}

// inDays checks that method gives a closing after the start, from so many days on, and
// moves in one direction only.
func inDays(s *sample, name string, method func(time.Time, int) (time.Time, error), closes int) error {
	if at, err := method(s.a, -1); err == nil {
		return fmt.Errorf("%s(%s, -1) is %s, and no error", name, show(s.a), show(at))
	}
	a, b, _ := s.ordered()
	due, err := method(a, s.days)
	if err != nil {
		return nil // said plainly
	}
	if s.days >= closes {
		if !due.After(a) {
			return fmt.Errorf("%s(%s, %d) is %s, which is not later", name, show(a), s.days, show(due))
		}
		if d := s.cal.Between(due.Add(-1), due); d != 1 {
			return fmt.Errorf("%s(%s, %d) is %s, but the nanosecond before has %v", name, show(a), s.days, show(due), d)
		}
	}
	if later, err := method(b, s.days); err == nil && later.Before(due) {
		return fmt.Errorf("%s(%s, %d) is %s, but %s from %s", name, show(a), s.days, show(due), show(later), show(b))
	}
	if more, err := method(a, s.days+1); err == nil && more.Before(due) {
		return fmt.Errorf("%s(%s, %d) is %s, but %s for %d days", name, show(a), s.days, show(due), show(more), s.days+1)
	}
	if same, err := method(a.In(s.zone), s.days); err != nil || !same.Equal(due) {
		return fmt.Errorf("%s(%s, %d) is %s, but %s, %v from %s", name, show(a), s.days, show(due), show(same), err, show(a.In(s.zone)))
	}
	return nil
}

// alikeDays looks at the ends of the days around a start. The days are alike if each
// has the same open time and ends a multiple of 24 hours after the one before, and if
// as much is open from the time of day of the start to the end of the first and of the
// last.
func alikeDays(s *sample) error {
	cal, ok := s.cal.(interface {
		dayCounter
		deadliner
	})
	if !ok {
		return nil
	}
	const day, before = 24 * time.Hour, 10 // days, more than most desks are closed
	used, err := cal.Deadline(s.a, 1)
	if err != nil {
		return nil
	}
	start := used.Add(-1) // open
	var ends []time.Time  // from the last one at or before start
	for n := 1; len(ends) < s.days+2; n++ {
		end, err := cal.DeadlineEndOfDay(start.Add(-before*day), n)
		if err != nil || n > 2*before+s.days {
			return nil
		}
		if !end.After(start) {
			ends = ends[:0]
		} else if len(ends) == 0 {
			return nil
		}
		ends = append(ends, end)
	}
	hours := s.cal.Between(ends[0], ends[1])
	for i := range s.days {
		if s.cal.Between(ends[i+1], ends[i+2]) != hours || ends[i+2].Sub(ends[i+1])%day != 0 {
			return nil
		}
	}
	first, last := ends[1], ends[s.days+1]
	if rest := first.Sub(start); s.cal.Between(last.Add(-rest), last) != s.cal.Between(start, first) {
		return nil
	}
	due, err := cal.DeadlineDays(s.a, s.days)
	if err != nil {
		return nil
	}
	if want, err := cal.Deadline(s.a, time.Duration(s.days)*hours); err != nil || !want.Equal(due) {
		return fmt.Errorf("DeadlineDays(%s, %d) is %s, but the days are alike, and Deadline after as many times %v is %s, %v",
			show(s.a), s.days, show(due), hours, show(want), err)
	}
	return nil
}
