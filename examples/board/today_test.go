package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A contact is a conversation as the tests know it.
type contact struct {
	began  time.Time
	counts bool // whether it is known to have begun then
	solved []time.Time
}

// weeksOfDesk makes up a log of some weeks before an instant, in which conversations begin
// most often on the same weekday, and near the same time of day.
func weeksOfDesk(t *testing.T, r *rand.Rand, asOf time.Time) (*metrics.EventLog, []contact) {
	log := new(metrics.EventLog)
	add := func(e metrics.Event) {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	var all []contact
	days := []int{3, 40, 80}[r.IntN(3)]
	for c := range 5 + r.IntN(120) {
		id := metrics.ConversationID(fmt.Sprint("c", c))
		at := asOf.AddDate(0, 0, -r.IntN(days))
		if r.IntN(3) > 0 {
			at = asOf.AddDate(0, 0, -7*r.IntN(1+days/7))
		}
		switch r.IntN(4) {
		case 0:
			at = at.Add(time.Duration(r.IntN(5)-2) * time.Second)
		case 1:
			at = at.Add(time.Duration(r.IntN(7)-3) * time.Hour)
		default:
			at = at.Add(time.Duration(r.IntN(24*3600)) * time.Second)
		}
		if r.IntN(10) == 0 { // nobody wrote
			add(metrics.RatingGiven{Conversation: id, At: at, Stars: 5})
			continue
		}
		one := contact{began: at, counts: true}
		switch r.IntN(8) {
		case 0: // only its reopening is known
			one.counts = false
			add(metrics.Reopened{Conversation: id, At: at})
		case 1:
			add(metrics.Opened{Conversation: id, At: at, Channel: metrics.Phone})
		default:
			add(metrics.MessageReceived{Conversation: id, At: at, Channel: metrics.Chat})
		}
		if at.Before(asOf) && r.IntN(12) == 0 {
			add(metrics.Discarded{Conversation: id, At: at.Add(time.Nanosecond)})
			continue
		}
		for range r.IntN(3) {
			at = at.Add(time.Duration(1+r.IntN(30*3600)) * time.Second)
			add(metrics.Resolved{Conversation: id, At: at})
			one.solved = append(one.solved, at)
			at = at.Add(time.Duration(1+r.IntN(30*3600)) * time.Second)
			add(metrics.Reopened{Conversation: id, At: at})
		}
		all = append(all, one)
	}
	return log, all
}

// What came in, what is usual and what was solved is counted by clocks and calendars as
// they are read, day by day; and it is what package flow counts.
func TestToday(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 7))
	var none, short, full, came, solved int
	for range 300 {
		// Clocks change in these weeks: in Berlin on 29 March, in New York on 8 March, in
		// Cairo at midnight on 24 April.
		zone, err := time.LoadLocation([]string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo"}[r.IntN(5)])
		if err != nil {
			t.Fatal(err)
		}
		asOf := time.Date(2026, 2, 1, 0, 0, 0, 0, zone).AddDate(0, 0, r.IntN(100)).Add(time.Duration(r.IntN(24*3600)) * time.Second)
		log, all := weeksOfDesk(t, r, asOf)
		reading := log.Read(metrics.Rules{}, asOf)
		sink := newArrivals(asOf)
		series := flow.NewSeries[struct{}](nil, metrics.Periods{Zone: zone})
		if err := reading.Into(sink, series); err != nil {
			t.Fatal(err)
		}
		got := sink.today()

		var want today
		var first time.Time
		for _, c := range all {
			if !c.began.After(asOf) && (first.IsZero() || c.began.Before(first)) {
				first = c.began.In(zone)
			}
		}
		count := func(day time.Time, until string) (n int64, hours [24]int64) {
			for _, c := range all {
				at := c.began.In(zone)
				if c.began.After(asOf) || !c.counts || at.Format(time.DateOnly) != day.Format(time.DateOnly) {
					continue
				}
				hours[at.Hour()]++
				if at.Format(time.TimeOnly) <= until {
					n++
				}
			}
			return n, hours
		}
		clock := asOf.Format(time.TimeOnly)
		want.Came, want.Hours = count(asOf, clock)
		for week := 1; week <= 8; week++ {
			day := time.Date(asOf.Year(), asOf.Month(), asOf.Day()-7*week, 12, 0, 0, 0, zone)
			if first.IsZero() || first.Format(time.DateTime) > day.Format(time.DateOnly)+" 00:00:00" {
				break // the log does not hold the whole day
			}
			n, hours := count(day, clock)
			want.Before = append(want.Before, n)
			for h := range hours {
				want.HoursBefore[h] += hours[h]
			}
		}
		for _, c := range all {
			for _, at := range c.solved {
				if !c.began.After(asOf) && !at.After(asOf) && at.In(zone).Format(time.DateOnly) == asOf.Format(time.DateOnly) {
					want.Solved++
				}
			}
		}
		if got.Came != want.Came || got.Solved != want.Solved || got.Hours != want.Hours || got.HoursBefore != want.HoursBefore || !slices.Equal(got.Before, want.Before) {
			t.Fatalf("as of %v, from %v:\n%+v\nwant\n%+v", asOf, first, got, want)
		}
		for row := range series.Total(asOf, asOf.Add(1)) {
			if row.Arrivals != got.Came || row.Resolutions != got.Solved {
				t.Fatalf("as of %v: %d came and %d were solved, but the series has %d and %d", asOf, got.Came, got.Solved, row.Arrivals, row.Resolutions)
			}
		}
		mean := stat.Ratio{Whole: int64(len(want.Before))}
		for _, n := range want.Before {
			mean.Part += n
		}
		if usual := got.usual(); usual != mean {
			t.Fatalf("usual is %v, want %v", usual, mean)
		}
		switch len(got.Before) {
		case 0:
			none++
		case 8:
			full++
		default:
			short++
		}
		came, solved = came+int(got.Came), solved+int(got.Solved)
	}
	for what, n := range map[string]int{"had no day before": none, "had few": short, "had all": full, "came": came, "were solved": solved} {
		if n < 30 {
			t.Errorf("only %d %s", n, what)
		}
	}
	if nothing := newArrivals(begin).today(); nothing.Before != nil {
		t.Errorf("of nothing, %v is usual", nothing.Before)
	}
	t.Logf("%d none, %d short, %d full, %d came, %d solved", none, short, full, came, solved)
}

// The first answers are the promises to customers who wrote on the day, each as the policy
// judges it.
func TestFirstToday(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 8))
	var judged, others int
	for range 200 {
		policy := manyPromises(t)
		for i := range policy.Targets {
			if r.IntN(4) == 0 {
				policy.Targets[i].Agreement = "inner"
			}
			if r.IntN(4) == 0 {
				policy.Targets[i].From = begin.Add(time.Duration(r.IntN(200)) * time.Minute)
			}
			if r.IntN(4) == 0 {
				policy.Targets[i].Until = begin.Add(time.Duration(r.IntN(300)) * time.Minute)
			}
		}
		// The events are of 09:00 to 13:00 in UTC, and midnight is among them.
		zone := time.FixedZone("Far/Away", []int{0, 13 * 3600, 14 * 3600, -10 * 3600}[r.IntN(4)])
		asOf := begin.Add(time.Duration(r.IntN(300)) * time.Minute).In(zone)
		reading := randomLog(t, r).Read(metrics.Rules{}, asOf)
		scores := newFirst(policy, asOf)
		if err := reading.Into(scores); err != nil {
			t.Fatal(err)
		}
		type key struct {
			channel metrics.Channel
			within  standards.Budget
		}
		want := make(map[key]standards.Tally)
		for h := range reading.Histories() {
			for f := range policy.Findings(h) {
				if f.Target.Measure != standards.FirstResponse || f.Target.Agreement != "" {
					continue
				}
				if f.Start.In(zone).YearDay() != asOf.YearDay() {
					others++
					continue
				}
				k := key{f.Channel, f.Target.Within}
				tally := want[k]
				tally.Add(f.Verdict)
				want[k] = tally
				judged++
			}
		}
		got := firstOf(scores)
		for i, f := range got {
			k := key{f.Channel, f.Target.Within}
			tally := f.Tally
			tally.Merge(f.Unmeasured)
			if tally != want[k] || i > 0 && got[i-1].Channel > f.Channel {
				t.Fatalf("%+v, want %v", f, want[k])
			}
			delete(want, k)
		}
		if len(want) > 0 {
			t.Fatalf("missing: %v", want)
		}
	}
	if judged < 300 || others < 100 {
		t.Errorf("only %d were of the day, and %d of others", judged, others)
	}
	t.Logf("%d of the day, %d of others", judged, others)
}

func TestUsualWords(t *testing.T) {
	for _, tt := range []struct {
		before []int64
		want   string
	}{
		{nil, "not known yet"},
		{[]int64{0}, "0"},
		{[]int64{6, 6}, "6"},
		{[]int64{0, 0, 0, 1}, "0.3 (0 to 1)"},
		{[]int64{3, 9, 5, 6, 6, 6, 6, 6}, "6 (3 to 9)"},
		{[]int64{1200, 1301}, "1,251 (1,200 to 1,301)"},
	} {
		if got := (&today{Before: tt.before}).usualWords(); strings.ReplaceAll(got, "\u00a0", " ") != tt.want {
			t.Errorf("%v is %q, want %q", tt.before, got, tt.want)
		}
	}
}
