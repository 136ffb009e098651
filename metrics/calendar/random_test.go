package calendar_test

import (
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// randomConfig returns hours of many kinds around a date. Ends of windows are
// multiples of grain seconds.
func randomConfig(r *rand.Rand, loc *time.Location, around time.Time, grain int) calendar.Config {
	cfg := calendar.Config{
		Location:  loc,
		Overrides: map[calendar.Date][]calendar.Hours{},
		Breaks:    map[calendar.Date][]calendar.Hours{},
	}
	for d := range cfg.Weekly {
		if r.IntN(5) > 0 {
			cfg.Weekly[d] = randomHours(r, grain)
		}
	}
	if r.IntN(2) == 0 { // nights, also on days that have hours
		open := (19*3600 + r.IntN(4*3600)) / grain * grain
		night := calendar.Hours{Open: calendar.TimeOfDay(open), Close: calendar.TimeOfDay((1 + r.IntN(7*3600)) / grain * grain)}
		for d := range cfg.Weekly {
			if r.IntN(4) == 0 {
				continue
			}
			cfg.Weekly[d] = slices.DeleteFunc(cfg.Weekly[d], func(h calendar.Hours) bool {
				return h.Close > night.Open || h.Close <= h.Open || h.Open < night.Close
			})
			cfg.Weekly[d] = append(cfg.Weekly[d], night)
		}
	}
	cfg.HolidayCloses = calendar.HolidayCloses(r.IntN(2))
	// Windows past midnight may meet those of the next day: let them not.
	for d := range cfg.Weekly {
		next := cfg.Weekly[(d+1)%7]
		for i, h := range cfg.Weekly[d] {
			for _, n := range next {
				if h.Close <= h.Open && n.Open < h.Close {
					cfg.Weekly[d][i].Close = 86400
				}
			}
		}
	}
	date := func(days int) calendar.Date {
		return calendar.DateOf(around.AddDate(0, 0, r.IntN(2*days+1)-days))
	}
	for range r.IntN(3) {
		cfg.Overrides[date(3)] = randomHours(r, grain)
	}
	for range r.IntN(3) {
		cfg.Breaks[date(3)] = randomHours(r, grain)
	}
	for range r.IntN(4) {
		if d := date(4); cfg.Overrides[d] == nil {
			cfg.Holidays = append(cfg.Holidays, d)
		}
	}
	for range r.IntN(3) {
		d := date(100)
		cfg.RecurringHolidays = append(cfg.RecurringHolidays, calendar.MonthDay{Month: d.Month, Day: d.Day})
	}
	return cfg
}

// randomHours returns up to three windows without an overlap, of which the last
// may run past midnight.
func randomHours(r *rand.Rand, grain int) []calendar.Hours {
	const day = 86400
	if r.IntN(6) == 0 {
		return []calendar.Hours{calendar.MustParseHours("00:00-24:00")}
	}
	var hours []calendar.Hours
	at := r.IntN(8*3600) / grain * grain
	for range 1 + r.IntN(3) {
		end := at + (1+r.IntN(6*3600))/grain*grain + grain
		if end >= day {
			end = min(end-day, hoursStart(hours, at))
			if end == 0 {
				end = day
			}
			hours = append(hours, calendar.Hours{Open: calendar.TimeOfDay(at), Close: calendar.TimeOfDay(end)})
			break
		}
		hours = append(hours, calendar.Hours{Open: calendar.TimeOfDay(at), Close: calendar.TimeOfDay(end)})
		if at = end + r.IntN(5*3600)/grain*grain; at >= day {
			break
		}
	}
	r.Shuffle(len(hours), func(i, j int) { hours[i], hours[j] = hours[j], hours[i] })
	return hours
}

func hoursStart(hours []calendar.Hours, at int) int {
	if len(hours) > 0 {
		return int(hours[0].Open)
	}
	return at - 1
}

// change returns the start of a change of the clocks after t, found day by day
// and then second by second, or t if there is none in two years.
func change(loc *time.Location, t time.Time) time.Time {
	offset := func(t time.Time) int {
		_, o := t.In(loc).Zone()
		return o
	}
	for range 2 * 366 {
		next := t.Add(24 * time.Hour)
		if offset(next) != offset(t) {
			for offset(t.Add(time.Hour)) == offset(t) {
				t = t.Add(time.Hour)
			}
			for offset(t) == offset(t.Add(time.Second)) {
				t = t.Add(time.Second)
			}
			return t.Add(time.Second)
		}
		t = next
	}
	return t
}

// TestOracle compares every answer with a count of seconds, over up to a day and a half
// around changes of the clocks and the turns of years.
func TestOracle(t *testing.T) {
	seconds := 36 * 3600 / min(raceFactor, 4)
	seed := seed(t)
	for name, load := range databases(t) {
		for n, zone := range zones {
			t.Run(name+"/"+zone, func(t *testing.T) {
				t.Parallel()
				loc := load(zone)
				r := rand.New(rand.NewPCG(seed, uint64(n)))
				for i := range share(8, 1) {
					start := time.Unix(r.Int64N(130*365*86400), int64(r.IntN(2)*r.IntN(1e9)))
					switch {
					case zone == "Pacific/Apia" && i == 0: // 30 December 2011 never was
						start = time.Date(2011, 12, 30, 2, 0, 0, 0, time.UTC)
					case i == 1: // package time is in doubt about the end of leap years
						start = time.Date(2024+4*r.IntN(19), 12, 30, 20, 0, 0, 0, time.UTC)
					default:
						start = change(loc, start.Truncate(time.Second)).Add(-time.Duration(r.IntN(30)) * time.Hour)
					}
					cfg := randomConfig(r, loc, start.In(loc), 1)
					cal := mustNew(t, cfg)
					c := newCount(start, newOracle(cfg).seconds(start, seconds))
					c.compare(t, cal, r)
					if t.Failed() {
						t.Fatalf("%+v", cfg)
					}
				}
			})
		}
	}
}

// A count is the openness of each second from start on, and how many are open before
// each.
type count struct {
	start time.Time
	open  []bool
	sums  []int
}

func newCount(start time.Time, open []bool) *count {
	c := &count{start, open, make([]int, len(open)+1)}
	for i, o := range open {
		c.sums[i+1] = c.sums[i]
		if o {
			c.sums[i+1]++
		}
	}
	return c
}

// at returns the beginning of second i, and some nanoseconds after it.
func (c *count) at(i int, nanoseconds time.Duration) time.Time {
	return c.start.Add(time.Duration(i)*time.Second + nanoseconds)
}

// before returns the open time from start to an instant of second i.
func (c *count) before(i int, nanoseconds time.Duration) time.Duration {
	d := time.Duration(c.sums[i]) * time.Second
	if i < len(c.open) && c.open[i] {
		d += nanoseconds
	}
	return d
}

// reached returns the first instant with that much open time since start. ok is false
// if it is not in the count.
func (c *count) reached(open time.Duration) (at time.Time, ok bool) {
	whole := int((open + time.Second - 1) / time.Second)
	i := sort.SearchInts(c.sums, whole)
	if i == 0 || i == len(c.sums) {
		return time.Time{}, false
	}
	return c.at(i, open-time.Duration(whole)*time.Second), true
}

// last returns the last instant with that much open time since start.
func (c *count) last(open time.Duration) (at time.Time, ok bool) {
	whole := int(open / time.Second)
	i := sort.SearchInts(c.sums, whole+1) - 1
	if open < 0 || i == len(c.open) {
		return time.Time{}, false
	}
	return c.at(i, open-time.Duration(whole)*time.Second), true
}

// windows returns the windows from one instant to another, within the count.
func (c *count) windows(from, to time.Time) (list []calendar.Window) {
	for i, o := range c.open {
		w := calendar.Window{Start: c.at(i, 0), End: c.at(i+1, 0)}
		if w.Start.Before(from) {
			w.Start = from
		}
		if w.End.After(to) {
			w.End = to
		}
		last := len(list) - 1
		switch {
		case !o || !w.Start.Before(w.End):
		case last >= 0 && list[last].End.Equal(w.Start):
			list[last].End = w.End
		default:
			list = append(list, w)
		}
	}
	return list
}

// part is some nanoseconds of a second, whole ones most often.
func part(r *rand.Rand) time.Duration {
	return []time.Duration{0, 0, 1, time.Second - 1, time.Duration(r.Int64N(1e9))}[r.IntN(5)]
}

// compare checks cal against the count.
func (c *count) compare(t *testing.T, cal *calendar.Calendar, r *rand.Rand) {
	t.Helper()
	var edges []int // seconds at which the calendar opens or closes
	for i, o := range c.open {
		if got := cal.IsOpen(c.at(i, 0)); got != o || cal.IsOpen(c.at(i, time.Second-1)) != o {
			t.Fatalf("IsOpen(%s) = %v", c.at(i, 0).In(cal.Location()), got)
		}
		if got, want := cal.Between(c.start, c.at(i+1, 0)), c.before(i+1, 0); got != want {
			t.Fatalf("Between(%s, %s) = %v, want %v", c.start, c.at(i+1, 0), got, want)
		}
		if i > 0 && o != c.open[i-1] {
			edges = append(edges, i)
		}
	}
	// near is a second, often one near an edge.
	near := func() int {
		if len(edges) == 0 || r.IntN(3) == 0 {
			return r.IntN(len(c.open))
		}
		return min(max(edges[r.IntN(len(edges))]+r.IntN(5)-2, 0), len(c.open)-1)
	}
	for range 300 {
		i, j := near(), near()
		a, b := c.at(i, part(r)), c.at(j, part(r))
		if r.IntN(20) == 0 {
			i, a = j, b
		}
		openA, openB := c.before(i, a.Sub(c.at(i, 0))), c.before(j, b.Sub(c.at(j, 0)))
		if got := cal.Between(a, b); got != openB-openA {
			t.Fatalf("Between(%s, %s) = %v, want %v", a, b, got, openB-openA)
		}
		c.compareEdges(t, cal, i, a)
		budget := openB - openA
		if budget < 0 {
			a, b, openA, openB, budget = b, a, openB, openA, -budget
		}
		budget += []time.Duration{0, 0, 1, -1, time.Second, -time.Second}[r.IntN(6)]
		if budget <= 0 {
			continue
		}
		if want, ok := c.reached(openA + budget); ok {
			if got, err := cal.Deadline(a, budget); err != nil || !got.Equal(want) {
				t.Fatalf("Deadline(%s, %v) = %s, %v, want %s", a, budget, got, err, want)
			}
		}
		if want, ok := c.last(openB - budget); ok {
			if got, err := cal.Before(b, budget); err != nil || !got.Equal(want) {
				t.Fatalf("Before(%s, %v) = %s, %v, want %s", b, budget, got, err, want)
			}
		}
	}
	end := len(c.open) - 1
	for _, w := range [][2]time.Time{
		{c.at(0, 0), c.at(end, part(r))},
		{c.at(near(), part(r)), c.at(near(), part(r))},
		{c.at(near(), part(r)), c.at(near(), part(r))},
	} {
		got := slices.Collect(cal.Windows(w[0], w[1]))
		want := c.windows(w[0], w[1])
		if !slices.EqualFunc(got, want, func(a, b calendar.Window) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }) {
			t.Fatalf("Windows(%s, %s) are %v, want %v", w[0], w[1], got, want)
		}
	}
}

// compareEdges asks for the next opening and closing of an instant of second i.
func (c *count) compareEdges(t *testing.T, cal *calendar.Calendar, i int, at time.Time) {
	t.Helper()
	want := at
	if !c.open[i] {
		for i < len(c.open) && !c.open[i] {
			i++
		}
		want = c.at(i, 0)
	}
	if i == len(c.open) {
		return
	}
	if got, err := cal.NextOpen(at); err != nil || !got.Equal(want) {
		t.Fatalf("NextOpen(%s) = %s, %v, want %s", at, got, err, want)
	}
	for i < len(c.open) && c.open[i] {
		i++
	}
	if i == len(c.open) {
		return
	}
	if got, err := cal.NextClose(at); err != nil || !got.Equal(c.at(i, 0)) {
		t.Fatalf("NextClose(%s) = %s, %v, want %s", at, got, err, c.at(i, 0))
	}
}

// TestOracleOverMonths counts minutes over three months, or a year.
func TestOracleOverMonths(t *testing.T) {
	seed := seed(t)
	for name, load := range databases(t) {
		for n, zone := range zones {
			t.Run(name+"/"+zone, func(t *testing.T) {
				t.Parallel()
				loc := load(zone)
				r := rand.New(rand.NewPCG(seed, uint64(n)))
				start := time.Date(1973+r.IntN(127), 1, 1+r.IntN(365), 0, r.IntN(1440), 0, 0, time.UTC)
				cfg := randomConfig(r, loc, start.AddDate(0, 1, 0), 60)
				cal := mustNew(t, cfg)
				o := newOracle(cfg)
				minutes := 0
				const step = 7 // the oracle looks at the minute, Between at its neighbours
				for i := range share(360, 36) * 1440 / step / raceFactor {
					at := start.Add(time.Duration(i*step) * time.Minute)
					open := 0
					for m := range step {
						if o.isOpen(at.Add(time.Duration(m) * time.Minute)) {
							open++
						}
					}
					minutes += open
					end := at.Add(step * time.Minute)
					if got := cal.Between(start, end); got != time.Duration(minutes)*time.Minute {
						t.Fatalf("Between(%s, %s) = %v, want %dm", start, end, got, minutes)
					}
				}
			})
		}
	}
}
