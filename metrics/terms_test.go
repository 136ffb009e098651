package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

func TestTerms(t *testing.T) {
	log := logOf(t, []metrics.Event{metrics.Opened{Conversation: "7", At: nine}})
	tokyo := time.FixedZone("", 9*3600)
	for _, tt := range []struct {
		reading metrics.Reading
		asOf    time.Time
		want    string
	}{
		{metrics.Reading{}, time.Time{}, "as of 0001-01-01 00:00:00 UTC"},
		{log.Read(metrics.Rules{}, minute(0)), minute(0), "as of 2026-03-02 09:00:00 UTC"},
		{log.Read(metrics.Rules{}, minute(0).In(tokyo)), minute(0), "as of 2026-03-02 09:00:00 UTC"},
		{log.Read(metrics.Rules{}, minute(0).Add(time.Millisecond)), minute(0).Add(time.Millisecond), "as of 2026-03-02 09:00:00.001 UTC"},
		{log.Read(metrics.Rules{}, minute(0)).Settled(), minute(0), "settled as of 2026-03-02 09:00:00 UTC"},
		{log.Read(metrics.Rules{}, time.Time{}), time.Unix(0, -1), "as of 1969-12-31 23:59:59.999999999 UTC"},
		{log.Read(metrics.Rules{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)), time.Unix(0, lastInstant+1), "as of 2262-01-01 00:00:00 UTC"},
	} {
		terms := tt.reading.Terms()
		if got := terms.String(); got != tt.want || !terms.AsOf.Equal(tt.asOf) || terms.AsOf.Location() != time.UTC {
			t.Errorf("%q, %v, want %q", got, terms.AsOf, tt.want)
		}
		for h := range tt.reading.Histories() {
			if !h.Terms().Equal(terms) || !h.Clone().Terms().Equal(terms) {
				t.Errorf("a history of %v is %v", terms, h.Terms())
			}
		}
		again := terms
		again.AsOf = again.AsOf.In(tokyo)
		if !terms.Equal(again) {
			t.Errorf("%v is not as of the same instant elsewhere", terms)
		}
		for name, change := range map[string]func(*metrics.Terms){
			"instant": func(u *metrics.Terms) { u.AsOf = u.AsOf.Add(1) },
			"settled": func(u *metrics.Terms) { u.Settled = !u.Settled },
			"rules":   func(u *metrics.Terms) { u.Rules.ReopenExplicitly = true },
			"hours":   func(u *metrics.Terms) { u.Rules.Calendar = metrics.AroundTheClock },
		} {
			other := terms
			change(&other)
			if terms.Equal(other) || other.Equal(terms) {
				t.Errorf("%v is equal with another %s", terms, name)
			}
		}
	}
}

// A sink that keeps histories.
type keeper struct{ kept []*metrics.History }

func (k *keeper) Add(h *metrics.History) error {
	k.kept = append(k.kept, h.Clone())
	return nil
}

func TestHistoryClone(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: minute(0), Channel: metrics.Chat},
		metrics.Paused{Conversation: "1", At: minute(1)},
		metrics.Resumed{Conversation: "1", At: minute(2)},
		metrics.ReplySent{Conversation: "1", At: minute(3), Agent: "ana"},
		metrics.RatingGiven{Conversation: "1", At: minute(4), Stars: 4},
		metrics.Resolved{Conversation: "1", At: minute(5)},
		metrics.MessageReceived{Conversation: "2", At: minute(6)},
		metrics.RatingGiven{Conversation: "2", At: minute(7), Stars: 1},
		metrics.Paused{Conversation: "2", At: minute(8)},
	})
	tell := func(h *metrics.History) string {
		return fmt.Sprintf("%v %+v %+v %+v %v %v %v %v", h.Conversation().ID(), h.Waits(), h.Cycles(), h.Updates(), h.Ratings(), h.Volume(), h.Owner(), h.Terms())
	}
	var k keeper
	reading := log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, minute(9))
	if err := reading.Into(&k); err != nil {
		t.Fatal(err)
	}
	alone := slices.Collect(log.Conversations())
	if len(k.kept) != 2 {
		t.Fatalf("%d histories", len(k.kept))
	}
	for i, h := range k.kept {
		want := tell(alone[i].Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, minute(9)))
		if got := tell(h); got != want || tell(h.Clone()) != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func TestBreakdownJSON(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: minute(0), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "1", At: minute(3), Agent: "ana"},
		metrics.Resolved{Conversation: "1", At: minute(5)},
		metrics.MessageReceived{Conversation: "2", At: minute(6), Channel: metrics.Email},
		metrics.Resolved{Conversation: "2", At: minute(9)},
		metrics.Opened{Conversation: "3", At: minute(9)},
	})
	reading := log.Read(metrics.Rules{Calendar: shifts{1, 2}}, minute(9))
	checkJSON(t, reading, metrics.Facet.Channel)
	checkJSON(t, reading, metrics.Whole)
	checkJSON(t, reading, func(f metrics.Facet) int { return f.At().Minute() })
	checkJSON(t, reading, func(f metrics.Facet) metrics.Period { return f.Period(metrics.Periods{Unit: metrics.Month}) })
	checkJSON(t, reading.Settled(), metrics.Facet.Channel)
	checkJSON(t, reading, (func(metrics.Facet) metrics.Channel)(nil))
	checkJSON(t, metrics.Reading{}, metrics.Facet.Channel)

	b := added(log, metrics.Rules{}, minute(9).UnixNano(), func(f metrics.Facet) struct{ a metrics.AgentID } { return struct{ a metrics.AgentID }{f.Agent()} })
	if data, err := json.Marshal(b); err == nil {
		t.Errorf("keys without a text are written: %s", data)
	}
}

// checkJSON writes a breakdown and reads it again.
func checkJSON[K comparable](t *testing.T, reading metrics.Reading, key func(metrics.Facet) K) {
	t.Helper()
	b, read := metrics.NewBreakdown(key), metrics.NewBreakdown(key)
	if err := reading.Into(b); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, read); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	again, err := json.Marshal(read)
	if err != nil || string(again) != string(data) || len(slices.Collect(read.Keys())) != len(slices.Collect(b.Keys())) {
		t.Errorf("%v: %s\nwant %s", err, again, data)
	}
	for k := range b.Keys() {
		if !same(read.Group(k), b.Group(k)) {
			t.Errorf("%v: %s, want %s", k, text(read.Group(k)), text(b.Group(k)))
		}
	}
	if len(slices.Collect(b.Keys())) > 0 && read.Terms().String() != b.Terms().String() {
		t.Errorf("it is %v, want %v", read.Terms(), b.Terms())
	}
	// It goes on by its key, with any rules, at the same instant only.
	at := reading.Terms().AsOf
	if at.IsZero() {
		at = nine
	}
	more := logOf(t, []metrics.Event{metrics.Opened{Conversation: "more", At: nine, Channel: metrics.Chat}})
	n := read.Total().Conversations
	if err := more.Read(metrics.Rules{ByStart: true}, at).Into(read); err != nil {
		t.Error(err)
	}
	if got := read.Total().Conversations; got != n+1 || read.Terms().Settled || !read.Terms().Rules.ByStart {
		t.Errorf("%d conversations and one make %d, %+v", n, got, read.Terms())
	}
	if err := more.Read(metrics.Rules{}, at.Add(-1)).Into(read); !errors.Is(err, metrics.ErrOtherTerms) {
		t.Errorf("another instant: %v", err)
	}
}

func TestBreakdownUnmarshalRefuses(t *testing.T) {
	group := func(f metrics.Figures) string {
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	one, two := group(metrics.Figures{AsOf: minute(1), Conversations: 1}), group(metrics.Figures{AsOf: minute(2), Conversations: 1})
	settled := group(metrics.Figures{AsOf: minute(1), Settled: true, Conversations: 1})
	for _, tt := range []struct {
		name, json string
		refused    bool
		other      bool
		want       int64
	}{
		{"nothing", `{}`, false, false, 0},
		{"null", `null`, false, false, 0},
		{"a null group", `{"a":null,"b":` + one + `}`, false, false, 1},
		{"one instant", `{"a":` + one + `,"b":` + one + `}`, false, false, 2},
		{"two instants", `{"a":` + one + `,"b":` + two + `}`, true, true, 0},
		{"settled before", `{"a":` + settled + `,"b":` + two + `}`, false, false, 2},
		{"cut", `{"a":` + one, true, false, 0},
		{"a list", `[]`, true, false, 0},
		{"no figures", `{"a":7}`, true, false, 0},
	} {
		b := metrics.NewBreakdown(metrics.Facet.Channel)
		if err := logOf(t, []metrics.Event{metrics.Opened{Conversation: "7", At: nine}}).Read(metrics.Rules{}, nine).Into(b); err != nil {
			t.Fatal(err)
		}
		was := groupsOf(b)
		err := b.UnmarshalJSON([]byte(tt.json))
		if (err != nil) != tt.refused || errors.Is(err, metrics.ErrOtherTerms) != tt.other {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.refused && groupsOf(b) != was || !tt.refused && b.Total().Conversations != tt.want {
			t.Errorf("%s: %s", tt.name, groupsOf(b))
		}
	}
}
