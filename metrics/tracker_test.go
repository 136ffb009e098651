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
		{"merged", metrics.Rules{}, []metrics.Event{message, metrics.Merged{Conversation: "7", At: minute(4), Into: "8"}}, 1, 0},
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
			tracker := metrics.NewTracker(tt.rules, metrics.Facet.Agent)
			track(t, tracker, tt.events...)
			if got := tracker.Close(c.before, c.which); got != c.want || tracker.Live() != 1-c.want {
				t.Errorf("%s: before %v with %v closed %d, want %d; %d are live", tt.name, c.before, c.which != nil, got, c.want, tracker.Live())
			}
			if again := tracker.Close(c.before, c.which); again != 0 {
				t.Errorf("%s: closed %d for the second time", tt.name, again)
			}
			_, err := tracker.Breakdown(last.Add(-1))
			if (c.want == 1) != errors.Is(err, metrics.ErrBeforeClosed) {
				t.Errorf("%s: as of before the last event: %v", tt.name, err)
			}
			b, err := tracker.Breakdown(last)
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

// Close gives the function the whole history, updates included.
func TestTrackerCloseShowsHistories(t *testing.T) {
	tracker := metrics.NewTracker(metrics.Rules{CountEachRating: true}, metrics.Facet.Channel)
	track(t, tracker, metrics.MessageReceived{Conversation: "7", At: minute(0)}, metrics.ReplySent{Conversation: "7", At: minute(1)},
		metrics.Resolved{Conversation: "7", At: minute(2)}, metrics.RatingGiven{Conversation: "7", At: minute(3), Stars: 2},
		metrics.RatingGiven{Conversation: "7", At: minute(4), Stars: 4}, metrics.MessageReceived{Conversation: "8", At: minute(0)})
	var held []*metrics.History
	tracker.Close(minute(9), func(h *metrics.History) bool {
		held = append(held, h)
		return false
	})
	if len(held) != 1 || tracker.Live() != 2 {
		t.Fatalf("asked about %d of 1, %d are live", len(held), tracker.Live())
	}
	tracker.Close(minute(9), nil)
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
		for _, closed := range []bool{false, true} {
			for _, others := range []int{0, 50} { // with other conversations the log is not made anew at once
				tracker := metrics.NewTracker[string](metrics.Rules{}, nil)
				for i := range others {
					track(t, tracker, metrics.Assigned{Conversation: metrics.ConversationID(fmt.Sprint("other ", i)), At: minute(1000)})
				}
				track(t, tracker, before...)
				want := tt.live
				if closed {
					want = tt.then
					if n := tracker.Close(minute(31), hasRatings); n != 1 {
						t.Fatal("closed", n)
					}
				}
				if tt.event != nil {
					track(t, tracker, tt.event)
				}
				b, err := tracker.Breakdown(minute(50)) // the others are not yet known
				if err != nil {
					t.Fatal(err)
				}
				f := b.Total()
				if got := (numbers{f.Conversations, f.Reopened, f.Backlog, f.Volume.Messages, f.Ratings.N()}); got != want {
					t.Errorf("%s, closed: %v: %+v, want %+v", tt.name, closed, got, want)
				}
			}
		}
	}
}

func TestTrackerErrors(t *testing.T) {
	tracker := metrics.NewTracker(metrics.Rules{}, metrics.Facet.Channel)
	if err := tracker.Append(nil); !errors.Is(err, metrics.ErrNoKind) {
		t.Error(err)
	}
	for _, asOf := range []time.Time{{}, time.Unix(-1, 0), minute(0)} {
		if b, err := tracker.Breakdown(asOf); err != nil || b.Total().Conversations != 0 {
			t.Errorf("as of %v: %v", asOf, err)
		}
	}
	track(t, tracker, metrics.Resolved{Conversation: "7", At: time.Unix(0, 0)}, metrics.Opened{Conversation: "8", At: minute(0)})
	if tracker.Close(minute(0), nil) != 1 {
		t.Fatal("not closed")
	}
	b, err := tracker.Breakdown(time.Unix(-1, 0))
	if b != nil || !errors.Is(err, metrics.ErrBeforeClosed) || !strings.Contains(err.Error(), "1969-12-31 23:59:59") || !strings.Contains(err.Error(), "is before 1970-01-01 00:00:00") {
		t.Errorf("%v, %v", b, err)
	}
	if _, err := tracker.Breakdown(time.Unix(0, 0)); err != nil {
		t.Error(err)
	}

	bad := metrics.TrackerState[metrics.Channel]{Events: []metrics.Record{
		metrics.RecordOf(metrics.Opened{Conversation: "7", At: nine}), {Type: metrics.KindOpened, At: nine},
	}}
	restored, err := metrics.RestoreTracker(metrics.Rules{}, metrics.Facet.Channel, bad)
	if restored != nil || !errors.Is(err, metrics.ErrNoConversation) || !strings.Contains(err.Error(), "event 1 ") {
		t.Errorf("%v, %v", restored, err)
	}
	var full metrics.TrackerState[metrics.Channel]
	for i := range 1 << 16 {
		full.Events = append(full.Events, metrics.Record{Type: metrics.KindOpened, Conversation: "7", At: nine, Channel: metrics.Channel(fmt.Sprint("channel ", i))})
	}
	restored, err = metrics.RestoreTracker(metrics.Rules{}, metrics.Facet.Channel, full)
	if restored != nil || !errors.Is(err, metrics.ErrFull) || !strings.Contains(err.Error(), "event 65535 ") {
		t.Errorf("%v, %v", restored, err)
	}
	restored, err = metrics.RestoreTracker(metrics.Rules{}, metrics.Facet.Channel, metrics.TrackerState[metrics.Channel]{Closed: map[metrics.Channel]*metrics.Figures{"email": nil}})
	if err != nil || restored.Live() != 0 {
		t.Error(err)
	}
}

// The wire form of a state with what it can hold: closed groups, a version of an
// edited event, and events in an order of their own.
func TestTrackerStateWire(t *testing.T) {
	tracker := metrics.NewTracker(metrics.Rules{}, metrics.Facet.Channel)
	if text, err := json.Marshal(tracker.State()); err != nil || string(text) != `{}` {
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
	tracker.Close(minute(32), nil)
	text, err := json.Marshal(tracker.State())
	if err != nil {
		t.Fatal(err)
	}
	b, err := tracker.Breakdown(minute(32))
	if err != nil {
		t.Fatal(err)
	}
	email, err := json.Marshal(b.Group(metrics.Email))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"closed":{"email":` + string(email) + `},"until":"2026-03-02T09:31:00Z","events":[` +
		`{"type":"rating_given","id":"r","conversation":"8","at":"2026-03-02T09:06:00Z","stars":2},` +
		`{"type":"opened","conversation":"8","at":"2026-03-02T09:04:00Z","channel":"chat","priority":"high"},` +
		`{"type":"message_received","conversation":"8","at":"2026-03-02T09:05:00Z","channel":"chat"},` +
		`{"type":"rating_given","id":"r","conversation":"8","at":"2026-03-02T09:08:00Z","stars":4}]}`; string(text) != want {
		t.Errorf("state\n\t%s\nwant\n\t%s", text, want)
	}
	var s metrics.TrackerState[metrics.Channel]
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	restored, err := metrics.RestoreTracker(metrics.Rules{}, metrics.Facet.Channel, s)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(restored.State())
	if err != nil || string(again) != string(text) {
		t.Errorf("restored, the state is %s, %v", again, err)
	}
	// A tracker does not keep the state that it was restored from.
	s.Closed["email"].Conversations, s.Events[0].Stars = 99, 1
	if after, err := json.Marshal(restored.State()); err != nil || string(after) != string(text) {
		t.Errorf("the state changed to %s, %v", after, err)
	}
}

// A state and a breakdown are the caller's: what is closed later, in the same
// group, does not change them, nor does a change of them change the tracker.
func TestTrackerKeepsToItself(t *testing.T) {
	tracker := metrics.NewTracker[string](metrics.Rules{}, nil)
	settle := func(id metrics.ConversationID) {
		track(t, tracker, metrics.MessageReceived{Conversation: id, At: nine}, metrics.Resolved{Conversation: id, At: minute(1)})
		if tracker.Close(minute(2), nil) != 1 {
			t.Fatal("not closed")
		}
	}
	settle("7")
	s := tracker.State()
	b, err := tracker.Breakdown(minute(2))
	if err != nil {
		t.Fatal(err)
	}
	settle("8")
	if closed, looked := s.Closed[""].Conversations, b.Total().Conversations; closed != 1 || looked != 1 {
		t.Errorf("%d conversations in the state, %d in the breakdown, want 1", closed, looked)
	}
	s.Closed[""].Conversations, b.Group("").Conversations = 70, 70
	if b, err = tracker.Breakdown(minute(2)); err != nil || b.Total().Conversations != 2 {
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
	var shares [workers]*metrics.Tracker[string]
	for i := range shares {
		shares[i] = metrics.NewTracker(metrics.Rules{}, key)
	}
	for i := range events {
		e := d.event()
		id := metrics.RecordOf(e).Conversation
		share := shares[int(id[0])%workers]
		track(t, whole, e)
		track(t, share, e)
		if i%1000 == 0 {
			share.Close(time.Unix(d.now, 0), hasRatings)
		}
	}
	var states []metrics.TrackerState[string]
	for _, share := range shares {
		states = append(states, share.State())
	}
	together, err := metrics.RestoreTracker(metrics.Rules{}, key, states...)
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Unix(d.now+1, 0)
	got, err := together.Breakdown(asOf)
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
	if _, err := together.Breakdown(until.Add(-1)); !errors.Is(err, metrics.ErrBeforeClosed) || until.IsZero() {
		t.Errorf("as of before %v: %v", until, err)
	}
}

// TestTrackerReadTogether has something to find under the race detector.
func TestTrackerReadTogether(t *testing.T) {
	tracker := metrics.NewTracker(metrics.Rules{}, metrics.Facet.Agent)
	d := newDesk(1000)
	for range 6000 {
		track(t, tracker, d.event())
	}
	tracker.Close(time.Unix(d.now, 0), hasRatings)
	track(t, tracker, metrics.Opened{Conversation: "7", At: time.Unix(d.now, 0)})
	live := tracker.Live()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			b, err := tracker.Breakdown(time.Unix(d.now+1, 0))
			if err != nil || b.Total().Conversations != 1001 || tracker.Live() != live || len(tracker.State().Events) < live {
				t.Error("read together, the tracker is another")
			}
			for range tracker.Conversations() {
				break
			}
		})
	}
	wait.Wait()
}
