package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// today is what happened on the day of a reading, up to its instant.
type today struct {
	Came   int64     // conversations that began
	Solved int64     // conversations that were resolved, each as often as that
	Hours  [24]int64 // that began, by the hour that clocks showed
	// Before are the same weekdays of the weeks before, the latest first: how many
	// conversations began on each of them up to the same time of day. It is shorter than
	// eight if the log began later.
	Before      []int64
	HoursBefore [24]int64      // that began on these days, by hour, all day long
	First       []firstAnswers // by channel
}

// firstAnswers are the promises of a first answer on a channel, to customers who wrote today.
type firstAnswers struct {
	Channel metrics.Channel
	standards.Attainment
}

// usualWeeks is how many weeks tell what is usual.
const usualWeeks = 8

// usual returns the mean of the days before. It is not defined without any.
func (t *today) usual() stat.Ratio {
	r := stat.Ratio{Whole: int64(len(t.Before))}
	for _, n := range t.Before {
		r.Part += n
	}
	return r
}

// arrivals counts what came in and was solved on a day, and what came in on the same weekdays
// before.
type arrivals struct {
	days   metrics.Periods
	clock  time.Duration                  // the time of day up to which days are compared
	day    [1 + usualWeeks]metrics.Period // today, and the days before
	began  time.Time                      // the first conversation; zero if there is none
	came   [1 + usualWeeks]int64          // by the time of day
	hours  [1 + usualWeeks][24]int64      // all day long
	solved int64
}

func newArrivals(asOf time.Time) *arrivals {
	a := &arrivals{days: metrics.Periods{Unit: metrics.Day, Zone: asOf.Location()}, clock: clockOf(asOf)}
	for i := range a.day {
		a.day[i] = a.days.Of(asOf).Next(-7 * i)
	}
	return a
}

// clockOf returns what a clock shows, as the time since midnight on a day without changes.
func clockOf(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
}

// Add implements [metrics.Sink].
func (a *arrivals) Add(h *metrics.History) error {
	if !h.Counts() {
		return nil
	}
	var first time.Time
	n := 0
	for open := range h.CycleSpells() {
		if n++; n == 1 {
			first = open.Start()
		}
		if open.Outcome() == metrics.Answered && a.days.Of(open.End()) == a.day[0] {
			a.solved++
		}
	}
	if n == 0 {
		return nil
	}
	if a.began.IsZero() || first.Before(a.began) {
		a.began = first
	}
	// A conversation of which the log knows only that it was opened again did not begin then.
	if n <= h.Reopens() {
		return nil
	}
	i := slices.Index(a.day[:], a.days.Of(first))
	if i < 0 {
		return nil
	}
	local := first.In(a.days.Zone)
	a.hours[i][local.Hour()]++
	if clockOf(local) <= a.clock {
		a.came[i]++
	}
	return nil
}

// today returns what was counted. A day before tells what is usual if the log had begun
// before it.
func (a *arrivals) today() today {
	t := today{Came: a.came[0], Solved: a.solved, Hours: a.hours[0]}
	for i := 1; i < len(a.day); i++ {
		if a.began.IsZero() || a.day[i].In(a.days.Zone).Start.Before(a.began) {
			break
		}
		t.Before = append(t.Before, a.came[i])
		for hour, n := range a.hours[i] {
			t.HoursBefore[hour] += n
		}
	}
	return t
}

// A firstKey tells the first answers of a day by channel from all others.
type firstKey struct {
	today   bool
	channel metrics.Channel
}

// newFirst returns scores of a policy, by channel for those who wrote on the day of an
// instant. They are of all promises, as what was promised of any answer tells whether a
// first one that a merger moved is still to be judged.
func newFirst(p standards.Policy, asOf time.Time) *standards.Scores[firstKey] {
	day := metrics.Periods{Unit: metrics.Day, Zone: asOf.Location()}.Of(asOf).In(asOf.Location())
	return standards.NewScores(func(f metrics.Facet) firstKey {
		if !f.Within(day) {
			return firstKey{}
		}
		return firstKey{true, f.Channel()}
	}, p, 0)
}

// firstOf returns the promises of a first answer to the customer that were made on the day,
// by channel.
func firstOf(scores *standards.Scores[firstKey]) (all []firstAnswers) {
	keys := slices.SortedFunc(scores.Keys(), func(a, b firstKey) int { return cmp.Compare(a.channel, b.channel) })
	for _, key := range keys {
		if !key.today {
			continue
		}
		for _, promise := range scores.Group(key) {
			t := promise.Target
			if t.Measure == standards.FirstResponse && t.Agreement == "" && promise.Tally.N()+promise.Unmeasured.N() > 0 {
				all = append(all, firstAnswers{key.channel, promise})
			}
		}
	}
	return all
}
