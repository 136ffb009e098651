package standards_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

func ratio(part, whole int64) stat.Ratio { return stat.Ratio{Part: part, Whole: whole} }

// betweenOnly hides that a calendar knows deadlines.
type betweenOnly struct{ metrics.Calendar }

// countedDue counts seconds until the budget is used up.
func countedDue(c *calendar.Calendar, start time.Time, seconds int, holds []metrics.Span) (time.Time, bool) {
	for t := start; ; t = t.Add(time.Second) {
		if seconds == 0 {
			return t, true
		}
		held := slices.ContainsFunc(holds, func(h metrics.Span) bool {
			return !t.Before(h.Start) && (h.End.IsZero() || t.Before(h.End))
		})
		if held && holds[len(holds)-1].End.IsZero() && !t.Before(holds[len(holds)-1].Start) {
			return time.Time{}, false
		}
		if c.IsOpen(t) && !held {
			seconds--
		}
	}
}

// Deadlines are those that counting seconds gives, over a change of the clocks,
// with holds, by the method Deadline of a calendar and by search.
func TestDueIsCounted(t *testing.T) {
	hours := weekdays(t)
	night, err := calendar.New(calendar.Config{Timezone: "America/New_York", Weekly: calendar.Weekly{
		time.Saturday: {calendar.MustParseHours("22:00-06:00")},
		time.Sunday:   {calendar.MustParseHours("12:00-12:30"), calendar.MustParseHours("12:45:30-13:00")},
	}, Holidays: []calendar.Date{calendar.MustParseDate("2026-03-14")}})
	if err != nil {
		t.Fatal(err)
	}
	seed := seed(t)
	r := rand.New(rand.NewPCG(seed, 0))
	unknown := 0
	for range 60 {
		c := pick(r, hours, night)
		// The clocks change on 8 and 29 March.
		from := time.Date(2026, 3, pick(r, 6, 7, 8, 27, 28, 29), r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC)
		if r.IntN(3) == 0 {
			from = from.Truncate(time.Hour)
		}
		budget := pick(r, 1, 60, 1800, 3600, 7*3600, 8*3600, r.IntN(9*3600)+1)
		var holds []metrics.Span
		for at := from; len(holds) < r.IntN(5); {
			at = at.Add(time.Duration(r.IntN(4*3600)) * time.Second)
			end := at.Add(time.Duration(r.IntN(6*3600)+1) * time.Second)
			holds = append(holds, metrics.Span{Start: at, End: end})
			at = end.Add(time.Second)
		}
		if len(holds) > 0 && r.IntN(4) == 0 {
			holds[len(holds)-1].End = time.Time{}
		}
		want, ok := countedDue(c, from, budget, holds)
		if !ok {
			unknown++
		}
		wait := metrics.Wait{Start: from, Holds: holds}
		for _, with := range []metrics.Calendar{c, betweenOnly{c}} {
			target := standards.Target{Within: standards.BudgetOf(time.Duration(budget) * time.Second), Calendar: with}
			due, known := target.Due(wait)
			if known != ok || !due.Equal(want) {
				t.Fatalf("seed %d: %d s from %v, holds %v, with %T: %v, %v; counted %v, %v", seed, budget, from, holds, with, due, known, want, ok)
			}
			if !ok {
				continue
			}
			if due.Location() != time.UTC {
				t.Errorf("due %v is not in UTC", due)
			}
			// At the deadline the budget is used up, and not a moment before.
			j, _ := target.Judge(wait, due)
			before, _ := target.Judge(wait, due.Add(-1))
			if j.Verdict != standards.Breached || j.Left != 0 || before.Verdict != standards.Pending || before.Left <= 0 {
				t.Fatalf("seed %d: at %v %+v, before %+v", seed, due, j, before)
			}
		}
	}
	if unknown == 0 {
		t.Log("no deadline was unknown")
	}
}

// judgement is what follows from judging.
type judgement struct {
	Verdict            standards.Verdict
	Warning            bool
	Due                time.Time
	Used, Left, Margin time.Duration
}

func judgementOf(f standards.Finding) judgement {
	return judgement{f.Verdict, f.Warning, f.Due, f.Used, f.Left, f.Margin}
}

// closing is open until an instant and never again.
type closing struct{ end time.Time }

func (c closing) Between(start, end time.Time) time.Duration {
	return min64(end, c.end).Sub(min64(start, c.end))
}

func min64(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func TestNoDeadline(t *testing.T) {
	w := metrics.Wait{Start: start}
	target := standards.Target{Within: standards.BudgetOf(time.Hour), Calendar: closing{after(30 * time.Minute)}}
	if due, ok := target.Due(w); ok {
		t.Errorf("due %v on a calendar that never opens again", due)
	}
	j, ok := target.Judge(w, after(1000*time.Hour))
	if want := (judgement{Used: 30 * time.Minute, Left: 30 * time.Minute}); !ok || judgementOf(j) != want {
		t.Errorf("%+v, want %+v", judgementOf(j), want)
	}
	w.End, w.Outcome = after(2000*time.Hour), metrics.Answered
	if j, _ := target.Judge(w, w.End); j.Verdict != standards.Met {
		t.Errorf("answered without a deadline: %v", j.Verdict)
	}
	target.Within = standards.BudgetOf(30 * time.Minute)
	if due, ok := target.Due(w); !ok || !due.Equal(after(30*time.Minute)) {
		t.Errorf("due %v, %v, want closing time", due, ok)
	}
	// The longest budget there is.
	target = standards.Target{Within: standards.BudgetOf(math.MaxInt64), Calendar: betweenOnly{metrics.AroundTheClock}}
	if due, ok := target.Due(w); !ok || due.Sub(start) != math.MaxInt64 {
		t.Errorf("due %v, %v", due, ok)
	}
	target.Calendar = closing{after(30 * time.Minute)}
	if _, ok := target.Due(w); ok {
		t.Error("the longest budget is reached")
	}
	if _, ok := (&standards.Target{Within: standards.BudgetOf(-1)}).Due(w); ok {
		t.Error("a negative budget has a deadline")
	}
}

// The search finds instants to the nanosecond, and none that is too late.
func TestSearchIsExact(t *testing.T) {
	c := shifts("..oo.o....")
	for budget := time.Nanosecond; budget < 40*time.Second; budget = budget*3 + 1 {
		for _, offset := range []time.Duration{0, 1, time.Second, 2*time.Second + 5, 3 * time.Second, 7 * time.Second} {
			target := standards.Target{Within: standards.BudgetOf(budget), Calendar: c}
			due, ok := target.Due(metrics.Wait{Start: after(offset)})
			if !ok || c.Between(after(offset), due) != budget || c.Between(after(offset), due.Add(-1)) >= budget {
				t.Errorf("%v from %v: due %v", budget, offset, due)
			}
		}
	}
}

// A wait of the caller's own may have holds that reach over its ends.
func TestHoldsAroundAWait(t *testing.T) {
	target := standards.Target{Within: standards.BudgetOf(time.Hour)}
	w := metrics.Wait{Start: start, Holds: []metrics.Span{
		{Start: after(-3 * time.Hour), End: after(-2 * time.Hour)},
		{Start: after(-time.Hour), End: after(10 * time.Minute)},
		{Start: after(40 * time.Minute), End: after(50 * time.Minute)},
	}}
	j, ok := target.Judge(w, after(30*time.Minute))
	if want := (judgement{Due: after(80 * time.Minute), Used: 20 * time.Minute, Left: 40 * time.Minute, Margin: 50 * time.Minute}); !ok || judgementOf(j) != want {
		t.Errorf("%+v, want %+v", judgementOf(j), want)
	}
	w.End, w.Outcome = after(45*time.Minute), metrics.Answered
	if j, _ := target.Judge(w, start); j.Used != 30*time.Minute || j.Verdict != standards.Met {
		t.Errorf("%+v", j)
	}
}

// As of an instant before the start nothing is used up, and the location of the
// start is of no importance.
func TestJudgeBeforeTheStart(t *testing.T) {
	for _, c := range []metrics.Calendar{nil, betweenOnly{metrics.AroundTheClock}, weekdays(t)} {
		target := standards.Target{Within: standards.BudgetOf(time.Hour), Calendar: c}
		w := metrics.Wait{Start: start.In(time.FixedZone("", 3600))}
		j, ok := target.Judge(w, after(-time.Hour))
		if want := (judgement{Due: after(time.Hour), Left: time.Hour, Margin: 2 * time.Hour}); !ok || judgementOf(j) != want {
			t.Errorf("%T: %+v, want %+v", c, judgementOf(j), want)
		}
		if due, _ := target.Due(w); due != after(time.Hour) {
			t.Errorf("%T: due %v", c, due)
		}
	}
}

// Spans are exact to the nanosecond from a day to centuries.
func TestJudgeOverCenturies(t *testing.T) {
	start := time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC)
	target := standards.Target{Within: standards.BudgetOf(time.Hour)}
	for _, end := range []time.Time{
		start.AddDate(0, 0, 1).Add(-2), start.AddDate(99, 0, 0).Add(5), start.AddDate(101, 0, 0).Add(-1), start.AddDate(291, 0, 0).Add(3),
	} {
		j, _ := target.Judge(metrics.Wait{Start: start, End: end, Outcome: metrics.Answered}, end)
		if j.Used != end.Sub(start) || j.Margin != time.Hour-end.Sub(start) {
			t.Errorf("until %v: %v used, a margin of %v", end, j.Used, j.Margin)
		}
	}
}
