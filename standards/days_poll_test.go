package standards_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A rota has days of so many seconds, which are open where they are marked with a
// letter, and then come again. A day opens if any of its seconds is open, and no window
// runs on into the next day.
type rota struct {
	shifts
	day int
}

func rotaOf(days ...string) rota { return rota{shifts(strings.Join(days, "")), len(days[0])} }

// opens tells whether there is a window on a day.
func (r rota) opens(day int) bool {
	for s := range r.day {
		if r.opened(day*r.day + s) {
			return true
		}
	}
	return false
}

// nth returns the n-th day after a day that opens.
func (r rota) nth(day, n int) int {
	for ; n > 0; n-- {
		for day++; !r.opens(day); day++ {
		}
	}
	return day
}

// closing returns the last second before or at an instant just before which it is open.
func (r rota) closing(second int) int {
	for ; !r.opened(second - 1); second-- {
	}
	return second
}

func (r rota) DeadlineDays(from time.Time, n int) (time.Time, error) {
	s := secondOf(from)
	if n < 1 {
		return from, nil
	}
	for ; !r.opened(s); s++ {
	}
	return after(time.Duration(r.closing(r.nth(s/r.day, n)*r.day+s%r.day)) * time.Second), nil
}

func (r rota) DeadlineEndOfDay(from time.Time, n int) (time.Time, error) {
	s := secondOf(from)
	day := s / r.day
	if n > 0 {
		day = r.nth(day, n)
	} else if !r.opens(day) || r.closing((day+1)*r.day) <= s {
		day = r.nth(day, 1)
	}
	return after(time.Duration(r.closing((day+1)*r.day)) * time.Second), nil
}

// A countdown is what a poller keeps of one promise in days. It asks the calendar once,
// when it begins, and then moves what it was told on by each open second on hold.
type countdown struct {
	running  bool
	start    int
	budget   int // open seconds
	used     int
	shown    int // used when it ended
	due      int
	warn     int
	steps    []int
	taken    map[int]int // when each step came due
	breached int         // the second, or −1
	verdict  standards.Verdict
}

// A dayDesk is polled every second, and knows what happens now.
type dayDesk struct {
	hours             rota
	target            *standards.Target
	endOfDay          bool
	days              int
	second            int
	any, open, paused bool
	wait, first       *countdown
	full, active      *countdown

	by map[standards.Measure][]*countdown
}

func (d *dayDesk) deadline(n int) int {
	ask := d.hours.DeadlineDays
	if d.endOfDay {
		ask = d.hours.DeadlineEndOfDay
	}
	due, err := ask(after(time.Duration(d.second)*time.Second), n)
	if err != nil {
		panic(err)
	}
	return secondOf(due)
}

func (d *dayDesk) begin(m standards.Measure) *countdown {
	c := &countdown{running: true, start: d.second, due: d.deadline(d.days), warn: -1, taken: make(map[int]int), breached: -1}
	for s := c.start; s < c.due; s++ {
		if d.hours.opened(s) {
			c.budget++
		}
	}
	if d.target.WarnDays > 0 {
		c.warn = d.deadline(d.days - d.target.WarnDays)
	}
	for _, e := range d.target.Escalations {
		if e.Days != 0 || e.After == 0 {
			c.steps = append(c.steps, d.deadline(d.days+e.Days))
			continue
		}
		at := c.start
		for left := c.budget + int(e.After/time.Second); left > 0; at++ {
			if d.hours.opened(at) {
				left--
			}
		}
		c.steps = append(c.steps, at)
	}
	d.by[m] = append(d.by[m], c)
	return c
}

func (d *dayDesk) end(c *countdown, v standards.Verdict) {
	if c == nil || !c.running {
		return
	}
	c.running, c.shown = false, c.used
	if c.verdict = v; c.breached >= 0 {
		c.verdict = standards.Breached
	}
}

func (d *dayDesk) happens(k metrics.Kind) {
	switch k {
	case metrics.KindMessageReceived, metrics.KindReopened:
		if !d.any {
			d.first, d.full, d.active = d.begin(standards.FirstResolution), d.begin(standards.FullResolution), d.begin(standards.ActiveResolution)
		}
		if !d.open {
			d.any, d.open, d.paused, d.full.running, d.active.running = true, true, false, true, true
		}
		if k == metrics.KindMessageReceived && d.wait == nil {
			d.wait = d.begin(standards.EveryResponse)
		}
	case metrics.KindReplySent:
		d.end(d.wait, standards.Met)
		d.wait = nil
	case metrics.KindPaused, metrics.KindResumed:
		d.paused = k == metrics.KindPaused
	default:
		v := standards.Met
		if k == metrics.KindAbandoned {
			v = standards.Excluded
		}
		d.end(d.wait, standards.Excluded)
		d.wait = nil
		if d.open {
			d.end(d.first, v)
			d.end(d.full, v)
			d.end(d.active, v)
			d.paused = false // what is closed already stays on hold
		}
		d.open = false
	}
}

func (d *dayDesk) look() {
	for _, clocks := range d.by {
		for _, c := range clocks {
			if !c.running {
				continue
			}
			if d.second >= c.due && c.breached < 0 {
				c.breached = d.second
			}
			if c.verdict = standards.Pending; c.breached >= 0 {
				c.verdict = standards.Breached
			}
			for i, at := range c.steps {
				if _, done := c.taken[i]; !done && d.second >= at {
					c.taken[i] = d.second
				}
			}
		}
	}
}

func (d *dayDesk) tick() {
	for _, clocks := range d.by {
		for _, c := range clocks {
			if !d.hours.opened(d.second) {
				continue
			}
			if !d.stands(c) {
				c.used++
				continue
			}
			later := func(at *int) {
				if d.second < *at {
					for ; !d.hours.opened(*at); *at++ {
					}
					*at++
				}
			}
			later(&c.due)
			later(&c.warn)
			for i := range c.steps {
				later(&c.steps[i])
			}
		}
	}
	d.second++
}

// stands tells whether the clock stands now.
func (d *dayDesk) stands(c *countdown) bool { return d.paused || c == d.active && !d.open }

// says tells what the poller says of a clock, in the words of saysOf.
func (d *dayDesk) says(c *countdown) string {
	used, due := c.used, fmt.Sprint(c.due)
	if !c.running {
		used = c.shown
	}
	if !c.running || d.stands(c) {
		due = ""
	}
	near := c.verdict == standards.Pending && d.target.WarnDays > 0 && d.second >= c.warn
	return fmt.Sprint(c.start, " ", c.verdict, " ", c.breached, " near ", near, " used ", used, " left ", c.budget-used, " due ", due, c.taken)
}

// saysOf writes a finding in the words of the poller. What stands, or has ended, has a due
// time that the poller does not keep.
func saysOf(f *standards.Finding, stands bool) string {
	breached, due := -1, fmt.Sprint(secondOf(f.Due))
	if f.Verdict == standards.Breached {
		breached = secondOf(f.BreachedAt)
	}
	if stands || !f.End.IsZero() {
		due = ""
	}
	taken := make(map[int]int)
	for at, e := range f.Escalations() {
		taken[slices.Index(f.Target.Escalations, e)] = secondOf(at)
	}
	return fmt.Sprint(secondOf(f.Start), " ", f.Verdict, " ", breached, " near ", f.Warning, " used ", f.Used.Seconds(), " left ", f.Left.Seconds(), " due ", due, taken)
}

// A promise in days, too, is judged at any instant as somebody would who looked every
// second: over pauses, and over the times that the conversation lay closed.
func TestDaysAsPollingGives(t *testing.T) {
	const seconds = 150
	seed := seed(t)
	seen := make(map[string]int)
	measures := []standards.Measure{standards.EveryResponse, standards.FirstResolution, standards.FullResolution, standards.ActiveResolution}
	for round := range rounds(320) {
		r := rand.New(rand.NewPCG(seed, uint64(round)))
		d := &dayDesk{
			hours: pick(r,
				rotaOf("..oooooo..", "..oooooo..", ".........."),
				rotaOf("oooooooooo"),
				rotaOf("ooo.oo....", "....oooo.o", "..........", ".....ooooo", "o........."),
				rotaOf("..o.......", ".........o"),
			),
			endOfDay: r.IntN(2) == 0,
			days:     1 + r.IntN(4),
			by:       make(map[standards.Measure][]*countdown),
		}
		target := standards.Target{Calendar: d.hours, Within: standards.BusinessDays(d.days), Escalations: []standards.Escalation{
			{Name: "due"}, {Name: "near", After: -3 * time.Second}, {Name: "late", After: 4 * time.Second}, {Name: "day late", Days: 1},
		}}
		if d.endOfDay {
			d.days-- // the same business day, too
			target.Within = standards.EndOfBusinessDay(d.days)
		}
		if d.days > 1 || d.endOfDay && d.days > 0 {
			target.WarnDays = 1
			target.Escalations = append(target.Escalations, standards.Escalation{Name: "day before", Days: -1})
		}
		d.target = &target
		var policy standards.Policy
		for _, m := range measures {
			target.Measure = m
			policy.Targets = append(policy.Targets, target)
		}
		if err := policy.Validate(); err != nil {
			t.Fatal(err)
		}
		happened := d.events(r, seconds)
		c := conversation(t, slices.Collect(maps.Values(happened))...)
		rules := metrics.Rules{MessageResumes: metrics.ResumesNone, PauseStopsWaits: metrics.AnyReason}
		for ; d.second < seconds; d.tick() {
			if e, ok := happened[d.second]; ok {
				d.happens(metrics.RecordOf(e).Type)
			}
			d.look()
			h := c.Read(rules, after(time.Duration(d.second)*time.Second))
			got := make(map[standards.Measure][]string)
			for f := range policy.Findings(h) {
				m := f.Target.Measure
				if i := len(got[m]); i < len(d.by[m]) {
					got[m] = append(got[m], saysOf(&f, d.stands(d.by[m][i])))
				}
			}
			for _, m := range measures {
				var want []string
				for _, c := range d.by[m] {
					want = append(want, d.says(c))
					seen[fmt.Sprint(m, " ", c.verdict)]++
					if m == standards.ActiveResolution && c.running && c.breached > c.due {
						seen["broken when reopened"]++
					}
					if c.taken[1] == c.start {
						seen["near at once"]++
					}
				}
				if !slices.Equal(got[m], want) {
					t.Fatalf("seed %d, round %d: %v within %v on %q as of second %d:\n%q, polled\n%q\n%s",
						seed, round, m, target.Within, string(d.hours.shifts), d.second, got[m], want, toldOf(happened))
				}
			}
		}
	}
	for _, m := range measures {
		for _, v := range []standards.Verdict{standards.Pending, standards.Met, standards.Breached, standards.Excluded} {
			often(t, fmt.Sprint(m, " ", v), seen[fmt.Sprint(m, " ", v)], 20)
		}
	}
	often(t, "broken when reopened", seen["broken when reopened"], 1)
	often(t, "near at once", seen["near at once"], 1)
}

func toldOf(happened map[int]metrics.Event) string {
	var b strings.Builder
	for _, s := range slices.Sorted(maps.Keys(happened)) {
		fmt.Fprintln(&b, s, metrics.RecordOf(happened[s]).Type)
	}
	return b.String()
}

// events makes up a conversation that is paused, closed and reopened, by the second.
func (d *dayDesk) events(r *rand.Rand, seconds int) map[int]metrics.Event {
	happened := make(map[int]metrics.Event)
	at := func(s int) time.Time { return after(time.Duration(s) * time.Second) }
	first := r.IntN(20)
	happened[first] = metrics.MessageReceived{Conversation: "1", At: at(first)}
	for range 4 + r.IntN(10) {
		s := first + 1 + r.IntN(seconds-first)
		if r.IntN(3) == 0 {
			s = first + 1 + (s-first)/5*5 // where windows often begin and end
		}
		switch r.IntN(9) {
		case 0:
			happened[s] = metrics.MessageReceived{Conversation: "1", At: at(s)}
		case 1:
			happened[s] = metrics.ReplySent{Conversation: "1", At: at(s), Agent: "ana"}
		case 2, 3:
			happened[s] = metrics.Paused{Conversation: "1", At: at(s), For: "parts"}
		case 4:
			happened[s] = metrics.Resumed{Conversation: "1", At: at(s)}
		case 5, 6:
			happened[s] = metrics.Resolved{Conversation: "1", At: at(s)}
		case 7:
			happened[s] = metrics.Reopened{Conversation: "1", At: at(s)}
		default:
			if r.IntN(2) == 0 {
				happened[s] = metrics.Abandoned{Conversation: "1", At: at(s)}
			}
		}
	}
	switch r.IntN(4) {
	case 0: // given up soon, as a rule before anything is due
		s := first + 1 + r.IntN(8)
		happened[s] = metrics.Abandoned{Conversation: "1", At: at(s)}
	case 1, 2: // resolved as it is due, if it is not on hold before
		asked := *d
		asked.second = first
		s := asked.deadline(d.days)
		happened[s] = metrics.Resolved{Conversation: "1", At: at(s)}
	}
	return happened
}
