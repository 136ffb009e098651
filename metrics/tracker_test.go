package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// minute returns an instant so many minutes after nine.
func minute(n int) time.Time { return nine.Add(time.Duration(n) * time.Minute) }

func track(t testing.TB, tracker interface{ Append(metrics.Event) error }, list ...metrics.Event) {
	t.Helper()
	for _, e := range list {
		if err := tracker.Append(e); err != nil {
			t.Fatalf("Append(%T%+v): %v", e, e, err)
		}
	}
}

// What Close takes out, and what it leaves, by what the conversation consists of.
func TestTrackerCloseTakesWhatIsSettled(t *testing.T) {
	message := metrics.MessageReceived{Conversation: "7", At: minute(0)}
	reply := metrics.ReplySent{Conversation: "7", At: minute(1), Agent: "ana"}
	resolved := metrics.Resolved{Conversation: "7", At: minute(2), Agent: "ana"}
	rated := metrics.RatingGiven{Conversation: "7", At: minute(3), Stars: 5}
	again := metrics.MessageReceived{Conversation: "7", At: minute(4)}
	explicitly := metrics.Rules{ReopenExplicitly: true}
	for _, tt := range []struct {
		name       string
		rules      metrics.Rules
		events     []metrics.Event
		any, rated int // how many Close closes, with nil and with hasRatings
	}{
		{"waiting", metrics.Rules{}, []metrics.Event{message}, 0, 0},
		{"answered", metrics.Rules{}, []metrics.Event{message, reply}, 0, 0},
		{"resolved", metrics.Rules{}, []metrics.Event{message, reply, resolved}, 1, 0},
		{"closed unanswered", metrics.Rules{}, []metrics.Event{message, resolved}, 1, 0},
		{"resolved and rated", metrics.Rules{}, []metrics.Event{message, reply, resolved, rated}, 1, 1},
		{"rated before it is resolved", metrics.Rules{}, []metrics.Event{message, reply, rated}, 0, 0},
		{"a message after the resolution", metrics.Rules{}, []metrics.Event{message, reply, resolved, rated, again}, 0, 0},
		{"a wait without a cycle", explicitly, []metrics.Event{message, reply, resolved, rated, again}, 0, 0},
		{"reopened", explicitly, []metrics.Event{message, resolved, metrics.Reopened{Conversation: "7", At: minute(3)}}, 0, 0},
		{"merged into one that is not there", metrics.Rules{}, []metrics.Event{message, metrics.Merged{Conversation: "7", At: minute(4), Into: "8"}}, 0, 0},
		{"resolved, and merged into one that is not there", metrics.Rules{}, []metrics.Event{message, resolved, metrics.Merged{Conversation: "7", At: minute(4), Into: "8"}}, 0, 0},
		{"discarded", metrics.Rules{}, []metrics.Event{message, rated, metrics.Discarded{Conversation: "7", At: minute(1)}}, 1, 0},
		{"left out by the rules", metrics.Rules{ExcludeTeamFirst: true}, []metrics.Event{reply, again}, 1, 0},
		{"the team wrote first", metrics.Rules{}, []metrics.Event{reply}, 1, 0},
		{"assigned before it is opened", metrics.Rules{}, []metrics.Event{metrics.Assigned{Conversation: "7", At: minute(0), Agent: "ana"}}, 1, 0},
		{"opened", metrics.Rules{}, []metrics.Event{metrics.Opened{Conversation: "7", At: minute(0)}}, 0, 0},
		{"on hold", metrics.Rules{}, []metrics.Event{message, reply, metrics.Paused{Conversation: "7", At: minute(2)}}, 0, 0},
		{"resolved on hold", metrics.Rules{}, []metrics.Event{message, metrics.Paused{Conversation: "7", At: minute(1)}, resolved}, 1, 0},
	} {
		var last time.Time
		for _, e := range tt.events {
			if at := metrics.RecordOf(e).At; at.After(last) {
				last = at
			}
		}
		for _, c := range []struct {
			before time.Time
			which  func(*metrics.History) bool
			want   int
		}{
			{last, nil, 0},
			{last.Add(1), nil, tt.any},
			{last.Add(1), hasRatings, tt.rated},
			{time.Time{}, nil, 0},
			{time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC), nil, tt.any},
		} {
			tracker := trackerOf(tt.rules, metrics.Facet.Agent)
			track(t, tracker, tt.events...)
			if got := closeSettled(tracker, c.before, c.which); got != c.want || liveIn(tracker) != 1-c.want {
				t.Errorf("%s: before %v with %v closed %d, want %d; %d are live", tt.name, c.before, c.which != nil, got, c.want, liveIn(tracker))
			}
			if again := closeSettled(tracker, c.before, c.which); again != 0 {
				t.Errorf("%s: closed %d for the second time", tt.name, again)
			}
			_, err := tracker.AsOf(last.Add(-1))
			if (c.want == 1) != errors.Is(err, metrics.ErrOtherTerms) {
				t.Errorf("%s: as of before the last event: %v", tt.name, err)
			}
			b, err := tracker.AsOf(last)
			if err != nil {
				t.Fatal(err)
			}
			want := added(logOf(t, tt.events), tt.rules, last.UnixNano(), metrics.Facet.Agent)
			if !same(b.Total(), want.Total()) {
				t.Errorf("%s: %s\nwant %s", tt.name, text(b.Total()), text(want.Total()))
			}
		}
	}
}

// Conversations that were merged close together: as long as one of them may change, so may
// the others.
func TestTrackerClosesMergersTogether(t *testing.T) {
	minute := func(n int) time.Time { return nine.Add(time.Duration(n) * time.Minute) }
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Agent)
	track(t, tracker,
		metrics.MessageReceived{Conversation: "1", At: minute(0)},
		metrics.Merged{Conversation: "1", At: minute(1), Into: "2"},
		metrics.MessageReceived{Conversation: "2", At: minute(2)},
		metrics.Merged{Conversation: "2", At: minute(3), Into: "3"},
		metrics.Opened{Conversation: "3", At: minute(0)},
		metrics.MessageReceived{Conversation: "4", At: minute(0)},
		metrics.ReplySent{Conversation: "4", At: minute(1)},
		metrics.Resolved{Conversation: "4", At: minute(1)},
	)
	if n := closeSettled(tracker, minute(60), nil); n != 1 || liveIn(tracker) != 3 {
		t.Errorf("closed %d while the wait goes on, %d are live", n, liveIn(tracker))
	}
	// The customer of the first conversation has waited from its message on.
	track(t, tracker, metrics.ReplySent{Conversation: "3", At: minute(10), Agent: "ana"}, metrics.Resolved{Conversation: "3", At: minute(20)})
	if n := closeSettled(tracker, minute(20), nil); n != 0 {
		t.Errorf("closed %d before the last event", n)
	}
	if n := closeSettled(tracker, minute(60), nil); n != 3 || liveIn(tracker) != 0 {
		t.Errorf("closed %d, %d are live", n, liveIn(tracker))
	}
	b, err := tracker.AsOf(minute(60))
	if err != nil {
		t.Fatal(err)
	}
	f := b.Group("ana")
	if wait, _ := f.Elapsed.FirstResponse.Max(); wait != 10*time.Minute || f.Elapsed.FirstResponse.Count() != 1 || b.Total().Moved != 2 {
		t.Errorf("first response %v, %d waits moved", f.Elapsed.FirstResponse, b.Total().Moved)
	}
}

// So do those that an edit or a retraction has taken apart: until it came, what was merged
// was in force, and the closing is read as of some such instant.
func TestTrackerClosesFormerMergersTogether(t *testing.T) {
	minute := func(n int) time.Time { return nine.Add(time.Duration(n) * time.Minute) }
	for name, later := range map[string]metrics.Event{
		"edited":    metrics.Merged{Conversation: "1", At: minute(2), Into: "3", ID: "m"},
		"retracted": metrics.Retracted{Conversation: "1", At: minute(2), Event: "m"},
	} {
		events := []metrics.Event{
			metrics.MessageReceived{Conversation: "1", At: minute(0)},
			metrics.ReplySent{Conversation: "2", At: minute(0)},
			metrics.Merged{Conversation: "1", At: minute(1), Into: "2", ID: "m"},
			metrics.Resolved{Conversation: "2", At: minute(1)},
			later,
		}
		tracker := trackerOf(metrics.Rules{}, metrics.Facet.Agent)
		track(t, tracker, events...)
		if n := closeSettled(tracker, minute(60), nil); n != 0 {
			t.Errorf("%s: closed %d while the wait goes on", name, n)
		}
		got, err := tracker.AsOf(minute(60))
		if err != nil {
			t.Fatal(err)
		}
		if want := logOf(t, events).Read(metrics.Rules{}, minute(60)).Figures(); !same(got.Total(), want) {
			t.Errorf("%s: %+v, want %+v", name, got.Total(), want)
		}
	}
}

// Close gives the function the whole history, updates included.
func TestTrackerCloseShowsHistories(t *testing.T) {
	tracker := trackerOf(metrics.Rules{CountEachRating: true}, metrics.Facet.Channel)
	track(t, tracker, metrics.MessageReceived{Conversation: "7", At: minute(0)}, metrics.ReplySent{Conversation: "7", At: minute(1)},
		metrics.Resolved{Conversation: "7", At: minute(2)}, metrics.RatingGiven{Conversation: "7", At: minute(3), Stars: 2},
		metrics.RatingGiven{Conversation: "7", At: minute(4), Stars: 4}, metrics.MessageReceived{Conversation: "8", At: minute(0)})
	var held []*metrics.History
	closeSettled(tracker, minute(9), func(h *metrics.History) bool {
		held = append(held, h)
		return false
	})
	if len(held) != 1 || liveIn(tracker) != 2 {
		t.Fatalf("asked about %d of 1, %d are live", len(held), liveIn(tracker))
	}
	closeSettled(tracker, minute(9), nil)
	if h := held[0]; h.Conversation().ID() != "7" || len(h.Updates()) != 2 || !slices.Equal(h.Ratings(), []rating.Stars{2, 4}) {
		t.Errorf("history of %q with updates %v and ratings %v", h.Conversation().ID(), h.Updates(), h.Ratings())
	}
}

// What comes for a closed conversation begins another one; for a live one it
// edits, reopens, or takes back.
func TestTrackerEventsOfClosedConversations(t *testing.T) {
	before := []metrics.Event{
		metrics.MessageReceived{ID: "1", Conversation: "7", At: minute(0), Channel: "email"},
		metrics.ReplySent{ID: "2", Conversation: "7", At: minute(10), Agent: "ana"},
		metrics.Resolved{ID: "3", Conversation: "7", At: minute(20)},
		metrics.RatingGiven{ID: "4", Conversation: "7", At: minute(30), Stars: 5},
	}
	type numbers struct{ conversations, reopened, backlog, messages, ratings int64 }
	for _, tt := range []struct {
		name       string
		event      metrics.Event
		live, then numbers
	}{
		{"nothing", nil, numbers{1, 0, 0, 1, 1}, numbers{1, 0, 0, 1, 1}},
		{"a message", metrics.MessageReceived{Conversation: "7", At: minute(40)}, numbers{1, 1, 1, 2, 1}, numbers{2, 0, 1, 2, 1}},
		{"one more delivery", before[0], numbers{1, 0, 0, 1, 1}, numbers{2, 0, 1, 2, 1}},
		{"a rating edited", metrics.RatingGiven{ID: "4", Conversation: "7", At: minute(40), Stars: 1}, numbers{1, 0, 0, 1, 1}, numbers{2, 0, 0, 1, 2}},
		{"spam", metrics.Discarded{Conversation: "7", At: minute(40)}, numbers{}, numbers{1, 0, 0, 1, 1}},
	} {
		for _, closes := range []bool{false, true} {
			for _, others := range []int{0, 50} { // with other conversations the log is not made anew at once
				tracker := trackerOf(metrics.Rules{}, metrics.Whole)
				for i := range others {
					track(t, tracker, metrics.Assigned{Conversation: metrics.ConversationID(fmt.Sprint("other ", i)), At: minute(1000)})
				}
				track(t, tracker, before...)
				want := tt.live
				if closes {
					want = tt.then
					if n := closeSettled(tracker, minute(31), hasRatings); n != 1 {
						t.Fatal("closed", n)
					}
				}
				if tt.event != nil {
					track(t, tracker, tt.event)
				}
				b, err := tracker.AsOf(minute(50)) // the others are not yet known
				if err != nil {
					t.Fatal(err)
				}
				f := b.Total()
				if got := (numbers{f.Conversations, f.Reopened, f.Backlog, f.Volume.Messages, f.Ratings.N()}); got != want {
					t.Errorf("%s, closed: %v: %+v, want %+v", tt.name, closes, got, want)
				}
			}
		}
	}
}

func TestTrackerErrors(t *testing.T) {
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
	if err := tracker.Append(nil); !errors.Is(err, metrics.ErrKind) {
		t.Error(err)
	}
	for _, asOf := range []time.Time{{}, time.Unix(-1, 0), minute(0)} {
		if b, err := tracker.AsOf(asOf); err != nil || b.Total().Conversations != 0 {
			t.Errorf("as of %v: %v", asOf, err)
		}
	}
	track(t, tracker, metrics.Resolved{Conversation: "7", At: time.Unix(0, 0)}, metrics.Opened{Conversation: "8", At: minute(0)})
	if closeSettled(tracker, minute(0), nil) != 1 {
		t.Fatal("not closed")
	}
	b, err := tracker.AsOf(time.Unix(-1, 0))
	if b != nil || !errors.Is(err, metrics.ErrOtherTerms) || !strings.Contains(err.Error(), "1969-12-31 23:59:59") || !strings.Contains(err.Error(), "is before a closed conversation was settled, 1970-01-01 00:00:00") {
		t.Errorf("%v, %v", b, err)
	}
	if _, err := tracker.AsOf(time.Unix(0, 0)); err != nil {
		t.Error(err)
	}

	bad := metrics.TrackerState{Events: []metrics.Record{
		metrics.RecordOf(metrics.Opened{Conversation: "7", At: nine}), {Type: metrics.KindOpened, At: nine},
	}}
	restored, err := restore(metrics.Rules{}, metrics.Facet.Channel, bad)
	if liveIn(restored) != 0 || !errors.Is(err, metrics.ErrNoConversation) || !strings.Contains(err.Error(), "event 1 ") {
		t.Errorf("%v, %v", restored, err)
	}
	var full metrics.TrackerState
	for i := range 1 << 16 {
		full.Events = append(full.Events, metrics.Record{Type: metrics.KindOpened, Conversation: "7", At: nine, Channel: metrics.Channel(fmt.Sprint("channel ", i))})
	}
	restored, err = restore(metrics.Rules{}, metrics.Facet.Channel, full)
	if liveIn(restored) != 1 || !errors.Is(err, metrics.ErrFull) || !strings.Contains(err.Error(), "event 65535 ") {
		t.Errorf("%v, %v", restored, err)
	}
	for _, settled := range []string{`{"email":null}`, `[`, `{"email":7}`, `{"email":{"as_of":"2026-03-02T09:31:00Z"},"chat":{"as_of":"2026-03-02T09:32:00Z"}}`} {
		restored, err = restore(metrics.Rules{}, metrics.Facet.Channel, metrics.TrackerState{Settled: json.RawMessage(settled), Until: minute(40)})
		if (err == nil) != (settled == `{"email":null}`) || liveIn(restored) != 0 {
			t.Errorf("%s: %v", settled, err)
		}
	}
	// Evidence has no JSON form, so its tracker cannot be saved.
	named := metrics.NewTracker(metrics.Rules{}, func() *metrics.Evidence[string] { return metrics.NewEvidence(metrics.Whole, 1) })
	if _, err := named.State(); err == nil {
		t.Error("evidence was saved")
	}
}

// The wire form of a state with what it can hold: closed groups, a version of an
// edited event, and events in an order of their own.
// Calendars that cannot be compared never add up, and a refused state leaves the tracker
// as it was.
func TestTrackerRestoreRefuses(t *testing.T) {
	rules := metrics.Rules{Calendar: hours{[]time.Duration{1}}}
	state := func(id metrics.ConversationID) metrics.TrackerState {
		tracker := trackerOf(rules, metrics.Facet.Channel)
		track(t, tracker, metrics.Resolved{Conversation: id, At: minute(1)}, metrics.Opened{Conversation: id + "0", At: minute(2)})
		if closeSettled(tracker, minute(2), nil) != 1 {
			t.Fatal("not closed")
		}
		return stateOf(tracker)
	}
	one, two := state("1"), state("2")
	tracker := trackerOf(rules, metrics.Facet.Channel)
	if err := tracker.Restore(one, two); !errors.Is(err, metrics.ErrOtherTerms) || liveIn(tracker) != 0 || !stateOf(tracker).Until.IsZero() {
		t.Errorf("two at once: %v", err)
	}
	if err := tracker.Restore(one); err != nil || liveIn(tracker) != 1 {
		t.Fatal(err)
	}
	was := fmt.Sprint(stateOf(tracker))
	if err := tracker.Restore(two); !errors.Is(err, metrics.ErrOtherTerms) || fmt.Sprint(stateOf(tracker)) != was {
		t.Errorf("one after the other: %v", err)
	}
	// The figures must be those of its last event, and settled.
	tracker = trackerOf(metrics.Rules{}, metrics.Facet.Channel)
	one.Until = minute(0)
	one.Settled = json.RawMessage(`{"email":{"as_of":"2026-03-02T09:31:00Z"}}`)
	if err := tracker.Restore(one); !errors.Is(err, metrics.ErrOtherTerms) || liveIn(tracker) != 0 {
		t.Errorf("figures after the last event: %v", err)
	}
}

// The zero Tracker reads by the zero Rules, into zero values.
func TestZeroTracker(t *testing.T) {
	var tracker metrics.Tracker[*metrics.Breakdown[string]]
	track(t, &tracker,
		metrics.MessageReceived{Conversation: "7", At: minute(0)}, metrics.Resolved{Conversation: "7", At: minute(1)},
		metrics.MessageReceived{Conversation: "8", At: minute(2)})
	for range 2 {
		b, err := tracker.AsOf(minute(3))
		if err != nil || b.Total().Conversations != 2 || b.Group("").ClosedUnanswered != 1 || b.Total().Backlog != 1 {
			t.Errorf("%v: %s", err, text(b.Total()))
		}
		closeSettled(&tracker, minute(2), nil)
	}
	if n := liveIn(&tracker); n != 1 {
		t.Errorf("%d are live", n)
	}
	var restored metrics.Tracker[*metrics.Breakdown[string]]
	if err := restored.Restore(stateOf(&tracker)); err != nil || fmt.Sprint(stateOf(&restored)) != fmt.Sprint(stateOf(&tracker)) {
		t.Error(err)
	}
}

// refusing is a sink that refuses histories, or to be merged with another that has any.
type refusing struct {
	metrics.Binding
	add, merge bool
	n          int
}

func (r *refusing) Add(h *metrics.History) error {
	if r.add {
		return errEnough
	}
	r.n++
	return r.Check(h)
}

func (r *refusing) Merge(other *refusing) error {
	if r.merge && other.n > 0 {
		return errEnough
	}
	r.n += other.n
	return r.Join(&other.Binding)
}

func TestTrackerOfRefusingSinks(t *testing.T) {
	for _, sink := range []struct{ add, merge bool }{{true, false}, {false, true}} {
		tracker := metrics.NewTracker(metrics.Rules{}, func() *refusing { return &refusing{add: sink.add, merge: sink.merge} })
		track(t, tracker, metrics.Resolved{Conversation: "7", At: minute(1)}, metrics.Opened{Conversation: "8", At: minute(2)})
		for range 2 { // the first time changes nothing
			if n, err := tracker.Close(minute(3), nil); n != 0 || err != errEnough {
				t.Errorf("%+v: closed %d, %v", sink, n, err)
			}
			if n := len(slices.Collect(tracker.Live(minute(3)).Histories())); n != 2 {
				t.Errorf("%+v: %d are live", sink, n)
			}
		}
		if _, err := tracker.AsOf(minute(3)); (err == errEnough) != sink.add {
			t.Errorf("%+v: %v", sink, err)
		}
	}
}

func TestTrackerStateWire(t *testing.T) {
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
	if text, err := json.Marshal(stateOf(tracker)); err != nil || string(text) != `{}` {
		t.Errorf("%s, %v", text, err)
	}
	track(t, tracker,
		metrics.MessageReceived{Conversation: "7", At: minute(0), Channel: "email", Customer: "zoe"},
		metrics.ReplySent{Conversation: "7", At: minute(20), Agent: "ana"},
		metrics.Resolved{Conversation: "7", At: minute(30), Agent: "ana"},
		metrics.RatingGiven{ID: "r", Conversation: "7", At: minute(31), Stars: 5},
		metrics.MessageReceived{Conversation: "8", At: minute(5), Channel: "chat"},
		metrics.RatingGiven{ID: "r", Conversation: "8", At: minute(6), Stars: 2},
		metrics.RatingGiven{ID: "r", Conversation: "8", At: minute(8), Stars: 4},
		metrics.Opened{Conversation: "8", At: minute(4), Channel: "chat", Priority: "high"},
	)
	closeSettled(tracker, minute(32), nil)
	text, err := json.Marshal(stateOf(tracker))
	if err != nil {
		t.Fatal(err)
	}
	b, err := tracker.AsOf(minute(32))
	if err != nil {
		t.Fatal(err)
	}
	group := b.Group(metrics.Email)
	group.AsOf, group.Settled = minute(31), true
	email, err := json.Marshal(group)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"settled":{"email":` + string(email) + `},"until":"2026-03-02T09:31:00Z","events":[` +
		`{"type":"rating_given","id":"r","conversation":"8","at":"2026-03-02T09:06:00Z","stars":2},` +
		`{"type":"opened","conversation":"8","at":"2026-03-02T09:04:00Z","channel":"chat","priority":"high"},` +
		`{"type":"message_received","conversation":"8","at":"2026-03-02T09:05:00Z","channel":"chat"},` +
		`{"type":"rating_given","id":"r","conversation":"8","at":"2026-03-02T09:08:00Z","stars":4}]}`; string(text) != want {
		t.Errorf("state\n\t%s\nwant\n\t%s", text, want)
	}
	var s metrics.TrackerState
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	restored, err := restore(metrics.Rules{}, metrics.Facet.Channel, s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(stateOf(restored))
	if err != nil || string(again) != string(text) {
		t.Errorf("restored, the state is %s, %v", again, err)
	}
	// A tracker does not keep the state that it was restored from.
	copy(s.Settled, `{"chat":`)
	s.Events[0].Stars = 1
	if after, err := json.Marshal(stateOf(restored)); err != nil || string(after) != string(text) {
		t.Errorf("the state changed to %s, %v", after, err)
	}
}

// A state and a breakdown are the caller's: what is closed later, in the same
// group, does not change them, nor does a change of them change the tracker.
func TestTrackerKeepsToItself(t *testing.T) {
	tracker := trackerOf(metrics.Rules{}, metrics.Whole)
	settle := func(id metrics.ConversationID) {
		track(t, tracker, metrics.MessageReceived{Conversation: id, At: nine}, metrics.Resolved{Conversation: id, At: minute(1)})
		if closeSettled(tracker, minute(2), nil) != 1 {
			t.Fatal("not closed")
		}
	}
	settle("7")
	s := stateOf(tracker)
	b, err := tracker.AsOf(minute(2))
	if err != nil {
		t.Fatal(err)
	}
	settle("8")
	if looked := b.Total().Conversations; !strings.Contains(string(s.Settled), `"conversations":1`) || looked != 1 {
		t.Errorf("%s in the state, %d conversations in the breakdown, want 1", s.Settled, looked)
	}
	copy(s.Settled, `{"x":`)
	b.Group("").Conversations = 70
	if b, err = tracker.AsOf(minute(2)); err != nil || b.Total().Conversations != 2 {
		t.Errorf("%d conversations, %v", b.Total().Conversations, err)
	}
}

// The shares of several workers, each with conversations of its own, come
// together.
func TestTrackersComeTogether(t *testing.T) {
	const events, workers = 20_000, 3
	d := newDesk(events * 3 / 20)
	key := func(f metrics.Facet) string { return string(f.Channel()) + f.At().Format(time.DateOnly) }
	whole := new(metrics.EventLog)
	var shares [workers]*metrics.Tracker[*metrics.Breakdown[string]]
	for i := range shares {
		shares[i] = trackerOf(metrics.Rules{}, key)
	}
	for i := range events {
		e := d.event()
		id := metrics.RecordOf(e).Conversation
		share := shares[int(id[0])%workers]
		track(t, whole, e)
		track(t, share, e)
		if i%1000 == 0 {
			closeSettled(share, time.Unix(d.now, 0), hasRatings)
		}
	}
	var states []metrics.TrackerState
	for _, share := range shares {
		states = append(states, stateOf(share))
	}
	together, err := restore(metrics.Rules{}, key, states...)
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Unix(d.now+1, 0)
	got, err := together.AsOf(asOf)
	if err != nil {
		t.Fatal(err)
	}
	if want := added(whole, metrics.Rules{}, asOf.UnixNano(), key); describeGroups(got) != describeGroups(want) {
		t.Error("together, the shares are not the whole")
	}
	// Until is the latest of all: before it, none of the figures could be right.
	var until time.Time
	for _, s := range states {
		if s.Until.After(until) {
			until = s.Until
		}
	}
	if _, err := together.AsOf(until.Add(-1)); !errors.Is(err, metrics.ErrOtherTerms) || until.IsZero() {
		t.Errorf("as of before %v: %v", until, err)
	}
}

// TestTrackerReadTogether has something to find under the race detector.
func TestTrackerReadTogether(t *testing.T) {
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Agent)
	d := newDesk(1000)
	for range 6000 {
		track(t, tracker, d.event())
	}
	closeSettled(tracker, time.Unix(d.now, 0), hasRatings)
	track(t, tracker, metrics.Opened{Conversation: "7", At: time.Unix(d.now, 0)})
	live := liveIn(tracker)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			b, err := tracker.AsOf(time.Unix(d.now+1, 0))
			if err != nil || b.Total().Conversations != 1001 || liveIn(tracker) != live || len(stateOf(tracker).Events) < live {
				t.Error("read together, the tracker is another")
			}
		})
	}
	wait.Wait()
}
