package standards_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// shifts is a calendar that is open in the seconds of each period that are marked
// with a letter. It has no method Deadline.
type shifts string

func (s shifts) opened(second int) bool { return s[second%len(s)] != '.' }

// until counts the open nanoseconds since start.
func (s shifts) until(t time.Time) time.Duration {
	d := t.Sub(start)
	period := time.Duration(len(s)) * time.Second
	open := time.Duration(strings.Count(string(s), "o")) * time.Second * (d / period)
	for i := 0; i < len(s) && d%period > time.Duration(i)*time.Second; i++ {
		if s.opened(i) {
			open += min(time.Second, d%period-time.Duration(i)*time.Second)
		}
	}
	return open
}

func (s shifts) Between(from, to time.Time) time.Duration { return s.until(to) - s.until(from) }

// A clock is what a poller keeps of one promise.
type clock struct {
	running   bool
	used      int
	exhausted int // the second at which the budget was used up, or −1
	verdict   standards.Verdict
}

// A desk is polled every second: it knows nothing but what happens now, and
// counts the budgets of what is open. It is a plain second reading of what each
// measure is.
type desk struct {
	hours  shifts
	budget int
	rules  metrics.Rules

	now, cycles                           int
	open, paused, answered, assigned, any bool
	wait, every, assign, update           *clock
	firstCycle, whole                     *clock
	all                                   [7][]*clock
}

func (d *desk) started(m standards.Measure) *clock {
	c := &clock{running: true, exhausted: -1}
	d.all[m] = append(d.all[m], c)
	return c
}

func (d *desk) end(c *clock, v standards.Verdict) {
	if c == nil || !c.running {
		return
	}
	c.running = false
	if c.verdict != standards.Breached {
		c.verdict = v
	}
	if c.exhausted >= 0 && c.exhausted < d.now {
		c.verdict = standards.Breached
	}
}

func (d *desk) endWait(o metrics.Outcome) {
	verdict := standards.Excluded
	if o == metrics.Answered || o == metrics.AnsweredByAutomation {
		verdict = standards.Met
	}
	d.end(d.every, verdict)
	if o == metrics.AnsweredByAutomation && !d.answered {
		verdict = standards.Excluded
	}
	d.end(d.wait, verdict)
	if o == metrics.Answered && d.wait != nil {
		d.answered = true
	}
	d.wait, d.every = nil, nil
}

func (d *desk) startCycle() {
	d.open = true
	d.cycles++
	d.update = d.started(standards.PeriodicUpdate)
	if d.cycles > 1 {
		d.whole.running = true
		return
	}
	d.firstCycle = d.started(standards.FirstResolution)
	d.whole = d.started(standards.FullResolution)
	d.assign = d.started(standards.TimeToAssign)
	if d.assigned {
		d.end(d.assign, standards.Met)
	}
}

func (d *desk) happens(e metrics.Event) {
	switch e := e.(type) {
	case metrics.Opened:
		if !d.any {
			d.startCycle()
		}
		d.any = true
	case metrics.Reopened:
		if !d.open {
			d.startCycle()
		}
		d.any = true
	case metrics.MessageReceived:
		if !d.open && (!d.any || !d.rules.ReopenExplicitly) {
			d.startCycle()
		}
		d.any = true
		if d.wait == nil {
			d.every = d.started(standards.EveryResponse)
			if d.answered {
				d.wait = d.started(standards.NextResponse)
			} else {
				d.wait = d.started(standards.FirstResponse)
			}
		}
	case metrics.Assigned:
		d.assigned = e.Agent != ""
		if d.assigned && d.open {
			d.end(d.assign, standards.Met)
		}
	case metrics.Paused:
		d.paused = true
	case metrics.Resumed:
		d.paused = false
	case metrics.ReplySent:
		if e.Automated && d.rules.Automated == metrics.AutomatedIgnored {
			return
		}
		if e.Automated && d.rules.Automated == metrics.AutomatedEnds {
			d.endWait(metrics.AnsweredByAutomation)
		} else {
			d.endWait(metrics.Answered)
		}
		if d.open {
			d.end(d.update, standards.Met)
			d.update = d.started(standards.PeriodicUpdate)
		}
	case metrics.Resolved:
		d.close(metrics.ClosedUnanswered, standards.Met)
	case metrics.Merged:
		d.close(metrics.Moved, standards.Excluded)
	}
}

func (d *desk) close(o metrics.Outcome, v standards.Verdict) {
	d.endWait(o)
	d.any, d.paused = true, false
	if !d.open {
		return
	}
	d.open = false
	d.end(d.update, standards.Excluded)
	d.end(d.assign, standards.Excluded)
	d.end(d.firstCycle, v)
	d.end(d.whole, v)
}

// tick passes a second, and then what happens at its end.
func (d *desk) tick(events []metrics.Event) {
	for m, clocks := range d.all {
		pausable := d.rules.PauseStopsWaits || m == int(standards.FirstResolution) || m == int(standards.FullResolution)
		for _, c := range clocks {
			if d.hours.opened(d.now) && !(d.paused && pausable) {
				c.used++
			}
			if c.used >= d.budget && c.exhausted < 0 {
				c.exhausted = d.now + 1
			}
		}
	}
	d.now++
	d.look(events)
}

func (d *desk) look(events []metrics.Event) {
	for _, e := range events {
		d.happens(e)
	}
	for _, clocks := range d.all {
		for _, c := range clocks {
			if c.running && c.exhausted >= 0 {
				c.verdict = standards.Breached
			} else if c.running && c.verdict != standards.Breached {
				c.verdict = standards.Pending
			}
		}
	}
}

// verdicts returns what the poller has come to.
func (d *desk) verdicts(m standards.Measure) []standards.Verdict {
	var all []standards.Verdict
	for _, c := range d.all[m] {
		all = append(all, c.verdict)
	}
	if m != standards.FirstResponse || len(all) == 0 {
		return all
	}
	// There is one first response: the first wait for it that decides.
	for _, v := range all {
		if v != standards.Excluded {
			return []standards.Verdict{v}
		}
	}
	return all[:1]
}

// scenario makes up a conversation, second by second, in the order in which
// events of one instant count.
func scenario(r *rand.Rand, seconds int) [][]metrics.Event {
	happened := make([][]metrics.Event, seconds+1)
	for range 2 + r.IntN(12) {
		s := r.IntN(seconds)
		if r.IntN(4) == 0 {
			s -= s % 10 // some at one instant
		}
		at := after(time.Duration(s) * time.Second)
		var e metrics.Event
		switch r.IntN(14) {
		case 0:
			e = metrics.Opened{Conversation: "1", At: at}
		case 1:
			e = metrics.Reopened{Conversation: "1", At: at}
		case 2, 3, 4:
			e = metrics.MessageReceived{Conversation: "1", At: at}
		case 5:
			e = metrics.Assigned{Conversation: "1", At: at, Agent: []metrics.AgentID{"", "ana", "ben"}[r.IntN(3)]}
		case 6:
			e = metrics.Paused{Conversation: "1", At: at}
		case 7:
			e = metrics.Resumed{Conversation: "1", At: at}
		case 8, 9, 10:
			e = metrics.ReplySent{Conversation: "1", At: at, Agent: "ana"}
		case 11:
			e = metrics.ReplySent{Conversation: "1", At: at, Automated: true}
		case 12:
			e = metrics.Resolved{Conversation: "1", At: at}
		default:
			e = metrics.Merged{Conversation: "1", At: at, Into: "2"}
		}
		if !slices.Contains(happened[s], e) { // equal events are one
			happened[s] = append(happened[s], e)
		}
	}
	for _, events := range happened {
		slices.SortFunc(events, func(a, b metrics.Event) int {
			ra, rb := metrics.RecordOf(a), metrics.RecordOf(b)
			if ra.Type != rb.Type {
				return int(ra.Type) - int(rb.Type)
			}
			if ra.Automated != rb.Automated {
				return map[bool]int{false: -1, true: 1}[ra.Automated]
			}
			return strings.Compare(string(ra.Agent), string(rb.Agent))
		})
	}
	return happened
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// A reading as of any instant gives what a poller has come to who looked every
// second until then, for every measure, and in whatever order the events came.
func TestOneLookGivesWhatPollingGives(t *testing.T) {
	const seconds = 60
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	seen := make(map[string]int)
	for round := range 500 {
		happened := scenario(r, seconds)
		d := &desk{
			hours:  pick[shifts](r, "o", "o.", "ooooo.....", "....oooooooo..o"),
			budget: 1 + r.IntN(15),
			rules: metrics.Rules{
				PauseStopsWaits:  r.IntN(2) == 0,
				ReopenExplicitly: r.IntN(4) == 0,
				Automated:        pick(r, metrics.AutomatedIgnored, metrics.AutomatedEnds),
			},
		}
		var policy standards.Policy
		for _, m := range standards.Measures() {
			target := standards.Target{Measure: m, Within: time.Duration(d.budget) * time.Second, Calendar: d.hours}
			if d.hours == "o" {
				target.Calendar = nil
			}
			policy.Targets = append(policy.Targets, target)
		}
		all := slices.Concat(happened...)
		r.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		c := conversation(t, all...)
		for s := range seconds {
			if s == 0 {
				d.look(happened[0])
			} else {
				d.tick(happened[s])
			}
			now := after(time.Duration(s) * time.Second)
			var got [7][]standards.Verdict
			for f := range policy.Findings(c.Read(d.rules, now)) {
				got[f.Target.Measure] = append(got[f.Target.Measure], f.Verdict)
			}
			for _, m := range standards.Measures() {
				want := d.verdicts(m)
				if !slices.Equal(got[m], want) {
					t.Fatalf("seed %d, round %d: %v within %d s on %q by %+v as of second %d: %v, polled %v\n%s",
						seed, round, m, d.budget, string(d.hours), d.rules, s, got[m], want, script(happened))
				}
				for _, v := range want {
					seen[fmt.Sprint(m, " ", v)]++
				}
			}
		}
	}
	if len(seen) != 7*4 {
		t.Errorf("not every verdict of every measure came up: %v", seen)
	}
}

func script(happened [][]metrics.Event) string {
	var b strings.Builder
	for s, events := range happened {
		for _, e := range events {
			fmt.Fprintf(&b, "%d %T %v\n", s, e, metrics.RecordOf(e).Agent)
		}
	}
	return b.String()
}
