package calendar_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// A minute is what an oracle says about it.
type minute struct {
	shown time.Time // what the clock on the wall shows, as if it were in UTC
	open  bool
	kept  bool
	began time.Time // midnight of the date on which its hours began, in the same way
	rank  int       // how many dates open up to that one
}

// A course is time minute by minute, in which deadlines are found by looking.
type course struct {
	start   time.Time
	minutes []minute
	opening []time.Time // dates that open
	seen    map[string]int
}

func newCourse(start time.Time, minutes int, at func(time.Time) oracle) *course {
	c := &course{start: start, minutes: make([]minute, minutes), seen: make(map[string]int)}
	for i := range c.minutes {
		t := c.at(i)
		o := at(t)
		var m minute
		var date calendar.Date
		date, m.open, m.kept = o.began(t)
		m.began = time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, time.UTC)
		m.shown = wall(t, o.loc).Truncate(time.Second)
		c.minutes[i] = m
		if m.open && m.kept {
			c.opening = append(c.opening, m.began)
		}
	}
	slices.SortFunc(c.opening, time.Time.Compare)
	c.opening = slices.CompactFunc(c.opening, time.Time.Equal)
	for i := range c.minutes {
		for _, d := range c.opening {
			if !d.After(c.minutes[i].began) {
				c.minutes[i].rank++
			}
		}
	}
	return c
}

func (c *course) at(i int) time.Time { return c.start.Add(time.Duration(i) * time.Minute) }

// after returns the nth date that opens after one.
func (c *course) after(date time.Time, n int) (time.Time, bool) {
	for _, d := range c.opening {
		if d.After(date) {
			if n--; n == 0 {
				return d, true
			}
		}
	}
	return time.Time{}, false
}

// last returns the last closing of the hours that begin on a date, or -1.
func (c *course) last(date time.Time) int {
	for k := len(c.minutes) - 1; k >= 0; k-- {
		if m := &c.minutes[k]; m.open && m.kept && m.began.Equal(date) {
			return k + 1
		}
	}
	return -1
}

// days returns the deadline n days after minute i, and a part of a minute. ok is false
// if it is not in the course.
func (c *course) days(i int, part time.Duration, n int) (due time.Time, ok bool) {
	for ; !c.minutes[i].open; i++ {
		part = 0
		if i+1 == len(c.minutes) {
			return time.Time{}, false
		}
	}
	m := c.minutes[i]
	rank, since, moved := m.rank, m.shown.Sub(m.began)+part, false
	for _, m := range c.minutes[max(0, i-12*1440):i] { // the latest position so far
		if !m.open || m.rank < rank {
			continue
		}
		if end := m.shown.Sub(m.began) + time.Minute; m.rank > rank || end > since {
			rank, since, part, moved = m.rank, end, 0, true
		}
	}
	switch {
	case moved && m.kept:
		c.seen["clocks set back"]++
	case moved:
		c.seen["tail left, moved"]++
	}
	if !m.kept {
		c.seen["tail left"]++
	}
	if m.began.Before(m.shown.Truncate(24 * time.Hour)) {
		c.seen["tail"]++
	}
	if rank+n > len(c.opening) {
		return time.Time{}, false
	}
	t := i
	date := c.opening[rank+n-1]
	target := date.Add(since - part)
	for ; c.minutes[t].shown.Before(target); t++ {
		if t+1 == len(c.minutes) {
			return time.Time{}, false
		}
	}
	if c.minutes[t].shown.After(target) {
		c.seen["gap"]++
		part = 0
	}
	for k := range c.minutes { // not before the hours of the date
		if m := &c.minutes[k]; m.open && m.kept && m.began.Equal(date) {
			if t < k {
				c.seen["too early"]++
				t, part = k, 0
			}
			break
		}
	}
	if last := c.last(date); t >= last { // nor after them
		c.seen["too late"]++
		t, part = last, 0
	}
	if part > 0 && c.minutes[t].open {
		return c.at(t).Add(part), true
	}
	if !c.minutes[t-1].open {
		c.seen["closed"]++
	}
	for !c.minutes[t-1].open {
		t--
	}
	return c.at(t), true
}

func (c *course) endOfDay(i, n int) (due time.Time, ok bool) {
	var date time.Time
	for k := max(0, i-5*1440); k <= i; k++ {
		if d := c.minutes[k].shown.Truncate(24 * time.Hour); d.After(date) {
			date = d
		}
	}
	if n == 0 {
		if end := c.last(date); end > i {
			return c.at(end), true
		}
		n = 1
	}
	if date, ok = c.after(date, n); !ok {
		return time.Time{}, false
	}
	end := c.last(date)
	return c.at(end), end < len(c.minutes)-2*1440
}

// compareDays asks cal and the course for deadlines from starts in the middle.
func (c *course) compareDays(t *testing.T, cal *calendar.Calendar, r *rand.Rand, questions int) {
	t.Helper()
	var edges, changes, left []int // where hours begin or end, clocks change, and only a tail is open
	for i := 13 * 1440; i < len(c.minutes)/2; i++ {
		m, last := c.minutes[i], c.minutes[i-1]
		if m.open != last.open {
			edges = append(edges, i)
		}
		if m.open && !m.kept {
			left = append(left, i)
		}
		if m.shown.Sub(last.shown) != time.Minute {
			changes = append(changes, i)
		}
	}
	for range questions {
		i := 13*1440 + r.IntN(len(c.minutes)/2-13*1440)
		list := [][]int{edges, changes, left, nil}[r.IntN(4)]
		if len(list) > 0 {
			if i = list[r.IntN(len(list))]; r.IntN(2) == 0 {
				i = max(12*1440, i+r.IntN(90)-30-r.IntN(3)*1440)
			}
		}
		n := r.IntN(5)
		var part time.Duration
		if r.IntN(2) == 0 {
			part = time.Duration(r.Int64N(int64(time.Minute)))
		}
		start := c.at(i).Add(part)
		want, ok := c.days(i, part, n)
		if n == 0 {
			want, ok = start, true
		}
		if got, err := cal.DeadlineDays(start, n); ok && (err != nil || !got.Equal(want)) {
			t.Errorf("DeadlineDays(%s, %d) = %s, %v, want %s", start.In(cal.Location()), n, got, err, want.In(cal.Location()))
			return
		}
		c.seen["asked"]++
		want, ok = c.endOfDay(i, n)
		if got, err := cal.DeadlineEndOfDay(start, n); ok && (err != nil || !got.Equal(want)) {
			t.Errorf("DeadlineEndOfDay(%s, %d) = %s, %v, want %s", start.In(cal.Location()), n, got, err, want.In(cal.Location()))
			return
		}
	}
}

// TestBusinessDayOracle compares deadlines in days with what a walk by the minute
// finds, around changes of the clocks and in far years.
func TestBusinessDayOracle(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	seen := make(map[string]int)
	for n, zone := range zones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed, uint64(n)))
		for i := range share(8, 2) {
			start := time.Date(1972+r.IntN(127), 1, 1+r.IntN(365), 0, 0, 0, 0, time.UTC)
			switch {
			case zone == "Pacific/Apia" && i == 0: // 30 December 2011 never was
				start = time.Date(2011, 12, 30, 2, 0, 0, 0, time.UTC)
			case i%3 == 1:
				start = time.Date([]int{2, 1500, 1799, 1969, 2099, 2500, 9990}[r.IntN(7)], 1, 1+r.IntN(365), 0, 0, 0, 0, time.UTC)
				// The oldest offsets are to the second.
				_, offset := start.In(loc).Zone()
				start = start.Add(-time.Duration(offset%60) * time.Second)
			default:
				start = change(loc, start)
			}
			cfg := randomConfig(r, loc, start.In(loc), 60)
			if start.Year() < 1900 || start.Year() > 2199 {
				cfg = randomConfig(r, loc, time.Date(2020, start.Month(), start.Day(), 0, 0, 0, 0, time.UTC), 60)
			}
			cal := mustNew(t, cfg)
			o := newOracle(cfg)
			c := newCourse(start.AddDate(0, 0, -17), 40*1440, func(time.Time) oracle { return o })
			c.compareDays(t, cal, r, 60)
			for k, n := range c.seen {
				seen[k] += n
			}
			if t.Failed() {
				t.Fatalf("%+v", cfg)
			}
		}
	}
	t.Log(seen) // the rarest are in TestBusinessDayCases, too
	for _, k := range []string{"tail", "closed", "too early", "too late"} {
		if seen[k] < 10 {
			t.Errorf("%s: asked %d times of %d", k, seen[k], seen["asked"])
		}
	}
}

// TestBusinessDayVersions does the same where hours and zones change.
func TestBusinessDayVersions(t *testing.T) {
	t.Parallel()
	r := source(t)
	for range share(40, 4) {
		middle := time.Date(1990+r.IntN(80), 3, 1+r.IntN(365), 0, 0, 0, 0, time.UTC)
		cal, c := randomVersions(t, r, middle, true)
		c.compareDays(t, cal, r, 60)
	}
}

// randomVersions returns a calendar of versions that begin around a date, and its
// course. The desk may move to other zones.
func randomVersions(t *testing.T, r *rand.Rand, middle time.Time, moves bool) (*calendar.Calendar, *course) {
	t.Helper()
	var versions []calendar.Version
	var from []time.Time
	var oracles []oracle
	for i := range 2 + r.IntN(2) {
		loc, err := time.LoadLocation(zones[r.IntN(len(zones))])
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && (!moves || r.IntN(2) == 0) {
			loc = oracles[i-1].loc
		}
		v := calendar.Version{Config: randomConfig(r, loc, middle, 60)}
		begin := middle.AddDate(0, 0, 3*i-3)
		if i > 0 {
			v.From = calendar.DateOf(begin)
			for begin = begin.AddDate(0, 0, -2); calendar.DateOf(begin.In(loc)).Compare(v.From) < 0; {
				begin = begin.Add(time.Minute)
			}
		}
		versions, from, oracles = append(versions, v), append(from, begin), append(oracles, newOracle(v.Config))
	}
	cal, err := calendar.NewVersions(versions)
	if err != nil {
		t.Fatal(err)
	}
	c := newCourse(middle.AddDate(0, 0, -17), 40*1440, func(t time.Time) oracle {
		i := len(from) - 1
		for i > 0 && t.Before(from[i]) {
			i--
		}
		return oracles[i]
	})
	return cal, c
}

// TestBusinessDayLaws asks calendars whose hours are to the second for deadlines from
// starts that are near each other and near a change of the clocks.
func TestBusinessDayLaws(t *testing.T) {
	t.Parallel()
	r := source(t)
	for i := range rounds(400) {
		loc, err := time.LoadLocation(zones[i%len(zones)])
		if err != nil {
			t.Fatal(err)
		}
		middle := change(loc, time.Date(1972+r.IntN(127), 1, 1+r.IntN(365), 0, 0, 0, 0, time.UTC))
		cal := mustNew(t, randomConfig(r, loc, middle, 1))
		if i%10 == 0 {
			cal, _ = randomVersions(t, r, middle, false)
		}
		for range 400 {
			a := middle.Add(time.Duration(r.Int64N(int64(12*24*time.Hour))) - 9*24*time.Hour)
			b := a.Add(time.Duration(r.Int64N(int64(2 * time.Hour))))
			n := r.IntN(4)
			for name, ask := range map[string]func(time.Time, int) (time.Time, error){
				"DeadlineDays": cal.DeadlineDays, "DeadlineEndOfDay": cal.DeadlineEndOfDay,
			} {
				due, err := ask(a, n)
				if err != nil {
					continue
				}
				if later, err := ask(b, n); err == nil && later.Before(due) {
					t.Fatalf("%s(%s, %d) = %s, but %s from %s", name, a.In(loc), n, due, later, b.In(loc))
				}
				if more, err := ask(a, n+1); err == nil && more.Before(due) {
					t.Fatalf("%s(%s, %d) = %s, but a day more is %s", name, a.In(loc), n, due, more)
				}
				if n > 0 && (!due.After(a) || cal.Between(due.Add(-1), due) != 1) {
					t.Fatalf("%s(%s, %d) = %s", name, a.In(loc), n, due)
				}
			}
		}
	}
}
