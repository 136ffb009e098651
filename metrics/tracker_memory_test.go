package metrics_test

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

var trackedConversations = flag.Int("tracked", 1_000_000, "number of conversations of BenchmarkTrackerHistory")

// trackDesk gives a tracker the events of so many conversations, of which 2,000
// are open at a time, and has what is rated closed now and then.
func trackDesk(tb testing.TB, tracker *metrics.Tracker[*metrics.Breakdown[metrics.Channel]], d *desk, conversations int) (events int) {
	tb.Helper()
	for ; d.next < conversations; events++ {
		track(tb, tracker, d.event())
		if events%20_000 == 0 {
			closeSettled(tracker, time.Unix(d.now, 0), hasRatings)
		}
	}
	return events
}

// What a tracker keeps does not grow with the history, nor with what is delivered
// again.
func TestTrackerMemory(t *testing.T) {
	if raceEnabled || testing.Short() {
		t.Skip("long")
	}
	// Five groups of seven summaries of some eight kilobytes, and up to 28,000
	// live events and 20,000 since the last Close, of some 50 bytes each.
	const limit = 5*7*8<<10 + 2_400_000
	for _, conversations := range []int{5000, 40_000} {
		d := newDesk(conversations)
		before := heap()
		tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
		events := trackDesk(t, tracker, d, conversations)
		retained := heap() - before
		b, err := tracker.AsOf(time.Unix(d.now+1, 0))
		if err != nil || b.Total().Conversations != int64(conversations) {
			t.Fatalf("%d conversations, %v", b.Total().Conversations, err)
		}
		t.Logf("%d bytes after %d conversations, %d events", retained, conversations, events)
		if retained > limit {
			t.Errorf("%d bytes retained, more than %d", retained, limit)
		}
		runtime.KeepAlive(tracker)
		runtime.KeepAlive(d)
	}

	// One open conversation, of which an event is delivered again and again.
	before := heap()
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
	for i := range 200_000 {
		track(t, tracker, metrics.MessageReceived{ID: "the same", Conversation: "7", At: nine, Channel: "chat"})
		if i%1000 == 0 {
			closeSettled(tracker, nine, nil)
		}
	}
	if grown := heap() - before; grown > 1<<20 {
		t.Errorf("%d bytes retained of one event", grown)
	}
	runtime.KeepAlive(tracker)
}

// TestTrackerForgetsWhatItCloses closes all that there is, of which some were delivered again
// with other words, and keeps nothing of it.
func TestTrackerForgetsWhatItCloses(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector keeps more")
	}
	before := heap()
	tracker := trackerOf(metrics.Rules{}, metrics.Whole)
	for i := range 4000 {
		id := fmt.Sprint("a conversation with a name of some length ", i)
		track(t, tracker,
			metrics.MessageReceived{ID: metrics.EventID(id), Conversation: metrics.ConversationID(id), At: nine, Channel: metrics.Email},
			metrics.MessageReceived{ID: metrics.EventID(id), Conversation: metrics.ConversationID(id), At: nine, Channel: metrics.Chat},
			metrics.Resolved{Conversation: metrics.ConversationID(id), At: nine.Add(time.Duration(i))})
	}
	full := heap() - before
	if n := closeSettled(tracker, nine.Add(time.Hour), nil); n != 4000 {
		t.Fatalf("%d closed of 4000", n)
	}
	if left := heap() - before; full < 600_000 || int64(left) > 100_000 {
		t.Errorf("%d bytes before Close, %d after it", full, int64(left))
	}
	runtime.KeepAlive(tracker)
}

// TestTrackerAppendAllocatesNothing appends to a tracker some of whose
// conversations were closed.
func TestTrackerAppendAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
	track(t, tracker, metrics.Resolved{Conversation: "closed", At: nine}, metrics.Opened{Conversation: "7", At: nine})
	reply := metrics.Event(metrics.ReplySent{ID: "known", Conversation: "7", At: nine, Channel: "chat", Agent: "ana"})
	for range 40_000 { // until there is room for all the runs
		track(t, tracker, reply)
	}
	for i := range 40_000 {
		track(t, tracker, metrics.Assigned{Conversation: "7", At: minute(i)})
	}
	if closeSettled(tracker, nine.Add(1), nil) != 1 {
		t.Fatal("nothing was closed")
	}
	// Slices grow rarely at this size: of a few attempts one falls between two
	// growths.
	best := 1.0
	for range 5 {
		best = min(best, testing.AllocsPerRun(200, func() { _ = tracker.Append(reply) }))
	}
	if best != 0 {
		t.Errorf("%v allocations", best)
	}
}

// TestTrackerCloseOfNothing looks for what is settled, and leaves all as it is.
func TestTrackerCloseOfNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
	for i := range 1000 {
		track(t, tracker, metrics.Opened{Conversation: metrics.ConversationID(fmt.Sprint(i)), At: nine})
	}
	if n := testing.AllocsPerRun(10, func() { closeSettled(tracker, nine.Add(1), nil) }); n > 50 {
		t.Errorf("%v allocations for 1000 live conversations", n)
	}
}

// BenchmarkTrackerAppend compares what an event costs a tracker with what it
// costs a log that keeps all, in one run; closing is counted by itself. Some 14,000
// events are live each time that 20,000 have come.
func BenchmarkTrackerAppend(b *testing.B) {
	const conversations = 100_000
	var list []metrics.Event
	for d := newDesk(conversations); d.next < conversations; {
		list = append(list, d.event())
	}
	var inLog, inTracker, inClose time.Duration
	runs := 0
	for b.Loop() {
		runs++
		log := new(metrics.EventLog)
		inLog += timed(func() { track(b, log, list...) })
		tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
		for some := range slices.Chunk(list, 20_000) {
			inTracker += timed(func() { track(b, tracker, some...) })
			now := metrics.RecordOf(some[len(some)-1]).At
			inClose += timed(func() { closeSettled(tracker, now, hasRatings) })
		}
	}
	perEvent := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(runs) / float64(len(list)) }
	b.ReportMetric(perEvent(inLog), "log-ns/event")
	b.ReportMetric(perEvent(inTracker), "tracker-ns/event")
	b.ReportMetric(perEvent(inClose), "close-ns/event")
	b.ReportMetric(inTracker.Seconds()/inLog.Seconds(), "append/log")
	b.ReportMetric((inTracker+inClose).Seconds()/inLog.Seconds(), "append+close/log")
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

// BenchmarkTrackerHistory tracks a million conversations, most of them closed,
// and reports what it keeps and what figures cost at the end.
func BenchmarkTrackerHistory(b *testing.B) {
	if testing.Short() {
		b.Skip("long")
	}
	const open = 2000
	n := *trackedConversations
	for b.Loop() {
		d := newDesk(n + open)
		before := heap()
		tracker := trackerOf(metrics.Rules{}, metrics.Facet.Channel)
		events := 0
		took := timed(func() { events = trackDesk(b, tracker, d, n) })
		b.ReportMetric(float64(took.Nanoseconds())/float64(events), "ns/event") // making it included
		b.ReportMetric(float64(liveIn(tracker)), "live")
		b.ReportMetric(float64(heap()-before), "bytes")
		var by *metrics.Breakdown[metrics.Channel]
		took = timed(func() { by, _ = tracker.AsOf(time.Unix(d.now+1, 0)) })
		b.ReportMetric(float64(took.Microseconds()), "µs/breakdown")
		if by == nil || by.Total().Conversations != int64(n) {
			b.Fatal("not the conversations that were tracked")
		}
		runtime.KeepAlive(tracker)
		runtime.KeepAlive(d)
	}
}
