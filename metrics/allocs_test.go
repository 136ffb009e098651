package metrics_test

import (
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

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
	c, err := metrics.NewConversation(wireEvents()[:12]...)
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
