package metrics_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// TestEventSize has what a log keeps of an event: 24 bytes without an ID, Seq, Until, Took
// and Event, which go together as one text of their own.
func TestEventSize(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes more memory")
	}
	const n = 100_000
	size := func(event func(i int) metrics.Event) float64 {
		log := new(metrics.EventLog)
		before := heap()
		for i := range n {
			if err := log.Append(event(i)); err != nil {
				t.Fatal(err)
			}
		}
		if log.Len() != n {
			t.Fatalf("%d events", log.Len())
		}
		kept := heap() - before
		runtime.KeepAlive(log)
		return float64(kept) / n
	}
	at := func(i int) time.Time { return nine.Add(time.Duration(i) * time.Second) }
	for kind := range uses {
		plain := full(kind)
		plain.ID, plain.Seq, plain.Until = "", 0, time.Time{}
		rare := 0.0 // bytes of a text, with ten for its length and its place
		switch kind {
		case metrics.KindHandled:
			rare = 10 + 1 + 6
		case metrics.KindRetracted:
			rare = 10 + 1 + 1 + 1
		}
		got := size(func(i int) metrics.Event {
			r := plain
			r.At = at(i)
			e, _ := r.Event()
			return e
		})
		// Blocks of texts and slices grow ahead of need.
		if low, high := 24+rare, 24+rare*1.6+1; got < low || got > high {
			t.Errorf("%v takes %.1f bytes, want %.1f to %.1f", kind, got, low, high)
		}
	}
	if got := size(func(i int) metrics.Event {
		return metrics.Paused{ID: metrics.EventID(fmt.Sprintf("%08d", i)), Conversation: "7", At: at(i), Seq: int64(i), Until: at(i + 1)}
	}); got < 24+10+8+1+3+9 || got > 24+1.6*(10+8+1+3+9)+1 {
		t.Errorf("with an ID, Seq and Until %.1f bytes", got)
	}
}

// TestAppendAllocatesNothing appends events of each type whose names the log
// knows, into spare capacity.
func TestAppendAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const runs = 200
	for _, e := range wireEvents() {
		r := metrics.RecordOf(e)
		for _, id := range []metrics.EventID{"", "known"} {
			var log metrics.EventLog
			r.ID, r.Conversation = id, "0123456789abcdef0123456789abcdef0123"
			e, err := r.Event()
			if err != nil {
				t.Fatal(err)
			}
			// Append until there is room for all the runs.
			for range 40_000 {
				if err := log.Append(e); err != nil {
					t.Fatal(err)
				}
			}
			// Slices grow rarely at this size: of a few attempts one falls
			// between two growths.
			best := 1.0
			for range 5 {
				best = min(best, testing.AllocsPerRun(runs, func() { _ = log.Append(e) }))
			}
			if best != 0 {
				t.Errorf("%T with ID %q: %v allocations", e, id, best)
			}
		}
	}
}

func TestSummaryAddAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s := new(metrics.Summary)
	d := time.Duration(0)
	add := func() {
		s.Add(d)
		d = (d*7 + 13) % time.Duration(1<<40)
	}
	for range 10_000 {
		add()
	}
	s.Add(1 << 40)
	if n := testing.AllocsPerRun(1000, add); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(1000, func() { s.Quantile(0.9); s.Min(); s.Count() }); n != 0 {
		t.Errorf("%v allocations of a quantile", n)
	}
}

func TestRecordsAllocateNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	c, err := metrics.NewConversation(wireEvents()[:17]...)
	if err != nil {
		t.Fatal(err)
	}
	var last metrics.Record
	if n := testing.AllocsPerRun(100, func() {
		for r := range c.Records() {
			last = r
		}
	}); n != 0 || last.Type == 0 {
		t.Errorf("%v allocations up to %v", n, last.Type)
	}
}

// A file of known names is loaded without an allocation for each event.
func TestLoadAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	var jsonLines, rows strings.Builder
	rows.WriteString(csvHeader)
	for i := range 100_000 {
		at := nine.Add(time.Duration(i) * time.Second).Format(time.RFC3339)
		fmt.Fprintf(&jsonLines, `{"type":"reply_sent","conversation":"%d","at":"%s","channel":"email","agent":"ana","by":"assistant","seq":%d}`+"\n", i%100, at, i)
		fmt.Fprintf(&rows, "reply_sent,,%d,%s,%d,email,,ana,,assistant,,,,,,,\n", i%100, at, i)
	}
	for _, text := range []string{jsonLines.String(), rows.String()} {
		n := testing.AllocsPerRun(3, func() {
			log := new(metrics.EventLog)
			for err := range log.Load(strings.NewReader(text)) {
				t.Fatal(err)
			}
		})
		if n > 400 { // blocks of events and texts, and tables
			t.Errorf("%v allocations for 100,000 events", n)
		}
	}
}
