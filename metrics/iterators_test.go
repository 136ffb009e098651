package metrics_test

import (
	"iter"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// familyEvents are of three conversations, of which b is merged into a twice, once from c.
func familyEvents() []metrics.Event {
	return []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: minute(0), Channel: metrics.Email, Customer: "zoe"},
		metrics.Prioritized{Conversation: "a", At: minute(1), Priority: "high"},
		metrics.Assigned{Conversation: "a", At: minute(2), Agent: "ana", Team: "billing"},
		metrics.ReplySent{Conversation: "a", At: minute(3), Agent: "ana"},
		metrics.Assigned{Conversation: "a", At: minute(4), Agent: "ben", Team: "repairs"},
		metrics.Prioritized{Conversation: "a", At: minute(5), Priority: "low"},
		metrics.Handled{Conversation: "a", At: minute(6), Agent: "eva", Took: time.Minute, For: metrics.Talk},
		metrics.MessageReceived{Conversation: "c", At: minute(7), Channel: metrics.Chat},
		metrics.Merged{Conversation: "c", At: minute(8), Into: "b"},
		metrics.Opened{Conversation: "b", At: minute(8).Add(time.Second)},
		metrics.Merged{Conversation: "b", At: minute(9), Into: "a", ID: "1"},
		metrics.MessageReceived{Conversation: "b", At: minute(10)},
		metrics.Merged{Conversation: "b", At: minute(11), Into: "a", ID: "2"},
		metrics.ReplySent{Conversation: "a", At: minute(12), Agent: "ben"},
		metrics.Paused{Conversation: "a", At: minute(13), For: "parts"},
		metrics.Resumed{Conversation: "a", At: minute(14)},
		metrics.Paused{Conversation: "a", At: minute(15), For: "parts"},
		metrics.Resolved{Conversation: "a", At: minute(16), Agent: "ben"},
		metrics.RatingGiven{Conversation: "a", At: minute(17), Stars: 4},
		metrics.MessageReceived{Conversation: "a", At: minute(18)},
	}
}

// TestIteratorsEnd leaves each sequence after each of its values.
func TestIteratorsEnd(t *testing.T) {
	log := logOf(t, familyEvents())
	reading := log.Read(metrics.Rules{NewCaseAfter: time.Minute}, minute(20))
	var h *metrics.History
	for h = range reading.Conversation("a") {
		break
	}
	c, _ := log.Conversation("a")
	b := metrics.NewBreakdown(metrics.Facet.Agent)
	e := metrics.NewEvidence(metrics.Facet.Agent, 3)
	if err := reading.Into(b, e); err != nil {
		t.Fatal(err)
	}
	var moved metrics.Wait
	for _, moved = range h.Waits() {
	}
	grouping := metrics.NewGrouping(metrics.Facet.Agent)
	for s := range h.WaitSpells() {
		grouping.Of(s.Facet())
	}
	lines := goodLine("a") + "\nbad\n" + goodLine("b") + "\n"
	rows := "type,conversation,at\nopened,1,2026-03-02T09:00:00Z\nbad\nopened,2,2026-03-02T09:00:00Z\n"
	days := metrics.Periods{Zone: time.UTC}
	states := map[string]metrics.State{"new": metrics.StateOpen, "done": metrics.StateResolved}
	statuses := []metrics.StatusRow{{"1", minute(0), "new"}, {"1", minute(1), "done"}, {"1", minute(2), "?"}, {"2", minute(3), "new"}}
	for name, tt := range map[string]struct {
		sequence any
		least    int
	}{
		"Breakdown.Keys":         {b.Keys(), 3},
		"Evidence.Keys":          {e.Keys(), 3},
		"Grouping.Keys":          {grouping.Keys(), 2},
		"Grouping.All":           {grouping.All(), 2},
		"Conversation.Events":    {c.Events(), 14},
		"Conversation.Records":   {c.Records(), 14},
		"EventLog.Conversations": {log.Conversations(), 3},
		"DecodeJSONLines":        {metrics.DecodeJSONLines, 3},
		"DecodeCSV":              {metrics.DecodeCSV, 3},
		"EventLog.Load":          {new(metrics.EventLog).Load, 1},
		"DecodeRows":             {metrics.DecodeRows, 2},
		"FromStatuses":           {metrics.FromStatuses(statuses, states), 3},
		"History.Priorities":     {h.Priorities(), 3},
		"History.Moments":        {h.Moments(), 13},
		"History.Teams":          {h.Teams(), 3},
		"History.Arrivals":       {h.Arrivals(), 2},
		"History.Sources":        {h.Sources(moved), 2},
		"History.WaitSpells":     {h.WaitSpells(), 2},
		"History.CycleSpells":    {h.CycleSpells(), 1},
		"Reading.Histories":      {reading.Histories(), 4},
		"Reading.Conversation":   {reading.Conversation("a"), 2},
		"Periods.Between":        {days.Between(minute(0), minute(5000)), 4},
		"Summary.All":            {summaryOf(1, 2, 2, 3).All(), 3},
		"Summary.All of many":    {plainTally{1: 2000, 5: 1, 70: 7}.summary(true).All(), 3},
	} {
		// A sequence of a reader or of rows is made anew each time.
		sequence := func() any {
			switch f := tt.sequence.(type) {
			case func(metrics.Rows) iter.Seq2[metrics.Event, error]:
				return f(&brokenRows{})
			}
			v := reflect.ValueOf(tt.sequence)
			if v.Type().NumIn() == 1 && v.Type().NumOut() == 1 {
				text := lines
				if name == "DecodeCSV" {
					text = rows
				}
				return v.Call([]reflect.Value{reflect.ValueOf(strings.NewReader(text))})[0].Interface()
			}
			return tt.sequence
		}
		n := leftAfter(sequence(), 1<<30)
		if n < tt.least {
			t.Errorf("%s yields %d values, want %d", name, n, tt.least)
		}
		for stop := 1; stop <= n; stop++ {
			if got := leftAfter(sequence(), stop); got != stop {
				t.Errorf("%s yields %d values, and was left after %d", name, got, stop)
			}
		}
	}
}

// leftAfter ranges over a sequence, leaves it after so many values, and returns how many
// came.
func leftAfter(sequence any, stop int) (n int) {
	f := reflect.ValueOf(sequence)
	yield := reflect.MakeFunc(f.Type().In(0), func([]reflect.Value) []reflect.Value {
		n++
		return []reflect.Value{reflect.ValueOf(n < stop)}
	})
	f.Call([]reflect.Value{yield})
	return n
}

// TestSources tells where waits came from that mergers moved, and how that is known later.
func TestSources(t *testing.T) {
	log := logOf(t, familyEvents())
	reading := log.Read(metrics.Rules{}, minute(20))
	var h *metrics.History
	for h = range reading.Conversation("a") {
	}
	waits := h.Waits()
	if len(waits) != 3 || !waits[1].Start.Equal(minute(7)) || !waits[1].End.Equal(minute(12)) {
		t.Fatalf("%+v", waits)
	}
	for i, want := range []int{0, 2, 0} {
		n := 0
		for source, w := range h.Sources(waits[i]) {
			n++
			if source.Conversation().ID() != "b" || w.Outcome != metrics.Moved {
				t.Errorf("wait %d comes from %s, %+v", i, source.Conversation().ID(), w)
			}
		}
		if n != want {
			t.Errorf("wait %d has %d sources, want %d", i, n, want)
		}
	}
	for _, other := range []metrics.Wait{{}, {Start: minute(7)}, {Start: minute(0), End: minute(12)}, {Start: minute(7), End: minute(11)}} {
		for range h.Sources(other) {
			t.Errorf("%+v has a source", other)
		}
	}
	for id, here := range map[metrics.ConversationID]bool{"b": true, "c": true, "a": false, "elsewhere": false} {
		if c, ok := h.Joined(id); ok != here || (c.Len() > 0) != (id != "elsewhere") {
			t.Errorf("%s: %d events, %v", id, c.Len(), ok)
		}
	}
	alone, _ := metrics.NewConversation(metrics.Opened{Conversation: "a", At: nine})
	if c, ok := alone.Read(metrics.Rules{}, nine).Joined("b"); ok || c.Len() > 0 {
		t.Error("a conversation alone is joined by another one")
	}
	// From when b is known, the merger of c has an effect.
	if at := h.Revisions(); len(at) != 1 || !at[0].Equal(minute(8).Add(time.Second)) {
		t.Errorf("revised at %v", at)
	}
	known := h.AsOf(minute(10))
	w := known.Waits()[1]
	if began, ok := w.Began(); !ok || began.Conversation != "c" || !began.At.Equal(minute(7)) || w.Outcome != metrics.Open {
		t.Errorf("it began with %+v, %v", began, ok)
	}
	if began, ok := known.Cycles()[0].Began(); !ok || began.Type != metrics.KindMessageReceived || !began.At.Equal(minute(0)) {
		t.Errorf("the cycle began with %+v, %v", began, ok)
	}
	if began, ok := known.Updates()[0].Began(); !ok || !began.At.Equal(minute(0)) {
		t.Errorf("the first update began with %+v, %v", began, ok)
	}
	if taken, _ := known.Assignment(); !taken.End.Equal(minute(2)) {
		t.Errorf("assigned at %v", taken.End)
	} else if began, ok := taken.Began(); !ok || !began.At.Equal(minute(0)) {
		t.Errorf("its wait began with %+v, %v", began, ok)
	}
	if _, ok := waits[1].Began(); ok {
		t.Error("a history of now says what began a wait")
	}
	if _, ok := h.Cycles()[0].Began(); ok {
		t.Error("a history of now says what began a cycle")
	}
}

// TestFacetsOfMoments groups events and stations by what they belong to.
func TestFacetsOfMoments(t *testing.T) {
	log := logOf(t, familyEvents())
	var h *metrics.History
	for h = range log.Read(metrics.Rules{}, minute(20)).Conversation("a") {
	}
	seen := 0
	for m := range h.Moments() {
		f := m.Facet()
		if !f.At().Equal(m.At()) || f.Team() != m.Team() || f.Channel() != metrics.Email {
			t.Errorf("%v at %v: %v, %s, %s", m.Kind(), m.At(), f.At(), f.Team(), f.Channel())
		}
		switch m.Kind() {
		case metrics.KindHandled:
			seen++
			if f.Agent() != "eva" || m.Activity() != metrics.Talk || m.Took() != time.Minute {
				t.Errorf("%s handled for %s, %v", f.Agent(), m.Activity(), m.Took())
			}
		case metrics.KindPrioritized:
			seen++
			if want := map[int]metrics.AgentID{1: "", 5: "ben"}[int(m.At().Sub(minute(0))/time.Minute)]; f.Agent() != want || m.Activity() != "" || m.Took() != 0 {
				t.Errorf("prioritized at %v with %q in charge", m.At(), f.Agent())
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d moments", seen)
	}
	var none metrics.Moment
	if none.Facet() != (metrics.Facet{}) {
		t.Error("no moment has a facet")
	}
	want := []struct {
		agent metrics.AgentID
		team  metrics.TeamID
		at    time.Time
	}{{"ana", "billing", minute(4)}, {"ben", "repairs", minute(16)}, {"ben", "repairs", minute(20)}}
	stations := h.Stations()
	if len(stations) != len(want) {
		t.Fatalf("%+v", stations)
	}
	for i, s := range stations {
		if f := h.FacetOfStation(s); f.Agent() != want[i].agent || f.Team() != want[i].team || !f.At().Equal(want[i].at) {
			t.Errorf("station %d: %s, %s, %v", i, f.Agent(), f.Team(), f.At())
		}
	}
}

// TestHourOfWeekOnTheHour groups by hours in UTC, with events at their very beginnings and
// ends.
func TestHourOfWeekOnTheHour(t *testing.T) {
	var list []metrics.Event
	for i, at := range []time.Duration{2 * time.Hour, time.Hour + time.Minute, time.Hour + 30*time.Minute, 2*time.Hour + 30*time.Minute, 3*time.Hour - 1, 3 * time.Hour, time.Hour, time.Hour - 1} {
		list = append(list, metrics.ReplySent{Conversation: metrics.ConversationID(rune('a' + i)), At: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(at)})
	}
	b := metrics.NewBreakdown(func(f metrics.Facet) metrics.HourOfWeek { return f.HourOfWeek(nil) })
	if err := logOf(t, list).Read(metrics.Rules{}, minute(0)).Into(b); err != nil {
		t.Fatal(err)
	}
	for hour, want := range []int64{1, 3, 3, 1, 0} {
		if got := b.Group(metrics.HourOfWeek(hour)).Volume.Replies; got != want {
			t.Errorf("Mon %02d:00 has %d replies, want %d", hour, got, want)
		}
	}
}

// TestBreakdownSettlesBetween adds more durations than may wait until they are put into
// their groups.
func TestBreakdownSettlesBetween(t *testing.T) {
	if testing.Short() {
		t.Skip("300,000 events")
	}
	random, now := source(t), time.Unix(0, 0)
	want := make(map[metrics.AgentID]*metrics.Summary)
	var log metrics.EventLog
	for c := range 300 {
		id := metrics.ConversationID(rune(1000 + c))
		for range 500 {
			agent, d := metrics.AgentID(rune('a'+random.IntN(30))), time.Duration(1+random.Int64N(1e12))
			if want[agent] == nil {
				want[agent] = new(metrics.Summary)
			}
			want[agent].Add(d)
			now = now.Add(1)
			err := log.Append(metrics.MessageReceived{Conversation: id, At: now})
			now = now.Add(d)
			if err2 := log.Append(metrics.ReplySent{Conversation: id, At: now, Agent: agent}); err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
		}
	}
	b := metrics.NewBreakdown(metrics.Facet.Agent)
	if err := log.Read(metrics.Rules{}, now).Into(b); err != nil {
		t.Fatal(err)
	}
	for agent, s := range want {
		if got := b.Group(agent).Elapsed.Response; binaryForm(&got) != binaryForm(s) {
			t.Errorf("%s: %v, want %v", agent, got, s)
		}
	}
}

func TestSampleOfNothing(t *testing.T) {
	if s, ok := new(metrics.Summary).Sample(); ok {
		t.Errorf("nothing has the sample %+v", s)
	}
}
