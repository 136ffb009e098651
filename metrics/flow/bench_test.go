package flow_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

// generated returns the log of a believable desk, always the same one: some 7
// events in each conversation, 2,000 of which go on at the same time, by five
// channels, among 200 agents and a bot.
func generated(tb testing.TB, events int) *metrics.EventLog {
	random := rand.New(rand.NewPCG(1, 2))
	channels := []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone, metrics.Social, metrics.Web}
	type conversation struct{ number, step int }
	var log metrics.EventLog
	var open []conversation
	started := 0
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for range events {
		now = now.Add(time.Duration(random.IntN(2e9)))
		if len(open) < 2000 {
			started++
			open = append(open, conversation{number: started})
		}
		i := random.IntN(len(open))
		if len(open) < 2000 {
			i = len(open) - 1
		}
		c := &open[i]
		id := metrics.ConversationID(fmt.Sprintf("conversation-%08d", c.number))
		channel, agent := channels[c.number%5], metrics.AgentID(fmt.Sprintf("agent-%03d@example.com", c.number*7%200))
		c.step++
		var e metrics.Event
		switch c.step {
		case 1, 4:
			e = metrics.MessageReceived{Conversation: id, At: now, Channel: channel}
		case 2:
			e = metrics.ReplySent{Conversation: id, At: now, Channel: channel, Agent: "bot", By: metrics.ByAssistant}
		case 3:
			e = metrics.Assigned{Conversation: id, At: now, Agent: agent}
		case 5, 6:
			e = metrics.ReplySent{Conversation: id, At: now, Channel: channel, Agent: agent}
		default:
			e = metrics.Resolved{Conversation: id, At: now, Agent: agent}
			open[i] = open[len(open)-1]
			open = open[:len(open)-1]
		}
		if err := log.Append(e); err != nil {
			tb.Fatal(err)
		}
	}
	log.Len()
	return &log
}

// BenchmarkSeries measures a series by day and channel, in a zone, and the other
// sinks, beside reading alone.
func BenchmarkSeries(b *testing.B) {
	const n = 500_000
	log := generated(b, n)
	asOf := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	berlin := zone(b, "Europe/Berlin")
	perEvent := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
	}
	reading := log.Read(metrics.Rules{}, asOf)
	b.Run("reading", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var n nothing
			if err := reading.Into(&n); err != nil || n == 0 {
				b.Fatal(err)
			}
		}
		perEvent(b)
	})
	b.Run("series", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s := flow.NewSeries(metrics.Facet.Channel, metrics.Periods{Zone: berlin})
			if err := reading.Into(s); err != nil {
				b.Fatal(err)
			}
			rows := 0
			for range s.Rows(metrics.Email, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)) { // 32 days of Berlin
				rows++
			}
			if rows != 32 {
				b.Fatal(rows)
			}
		}
		perEvent(b)
	})
	b.Run("backlog", func(b *testing.B) {
		at := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
		b.ReportAllocs()
		for b.Loop() {
			s := flow.NewBacklog(metrics.Facet.Channel, at)
			if err := reading.Into(s); err != nil || s.Total().Count() == 0 {
				b.Fatal(err)
			}
		}
		perEvent(b)
	})
	b.Run("heatmap", func(b *testing.B) {
		span := metrics.Span{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), End: asOf}
		b.ReportAllocs()
		for b.Loop() {
			m := flow.NewHeatMap(metrics.Facet.Channel, span, berlin)
			if err := reading.Into(m); err != nil || len(m.Total().Busiest(5, flow.Counts.Inflow)) != 5 {
				b.Fatal(err)
			}
		}
		perEvent(b)
	})
}

// visited returns the log of a desk like that of generated, whose customers come back
// after some time.
func visited(tb testing.TB, cases int) *metrics.EventLog {
	random := rand.New(rand.NewPCG(3, 4))
	channels := []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone, metrics.Social, metrics.Web}
	var log metrics.EventLog
	for n := range cases {
		id := metrics.ConversationID(fmt.Sprintf("conversation-%08d", n))
		customer := metrics.CustomerID(fmt.Sprintf("customer-%08d", random.IntN(1+cases/2)))
		channel, agent := channels[n%5], metrics.AgentID(fmt.Sprintf("agent-%03d@example.com", n*7%200))
		at := first.Add(time.Duration(n) * time.Minute)
		next := func() time.Time { at = at.Add(time.Duration(random.Int64N(int64(3 * time.Hour)))); return at }
		list := []metrics.Event{
			metrics.MessageReceived{Conversation: id, At: at, Channel: channel, Customer: customer},
			metrics.ReplySent{Conversation: id, At: next(), Channel: channel, Agent: "bot", By: metrics.ByAssistant},
			metrics.MessageReceived{Conversation: id, At: next(), Channel: channel, Customer: customer},
		}
		if n%2 == 0 {
			list = append(list,
				metrics.Assigned{Conversation: id, At: next(), Agent: agent},
				metrics.ReplySent{Conversation: id, At: next(), Channel: channel, Agent: agent},
				metrics.ReplySent{Conversation: id, At: next(), Channel: channel, Agent: agent},
				metrics.Resolved{Conversation: id, At: next(), Agent: agent})
		} else {
			list = append(list,
				metrics.ReplySent{Conversation: id, At: next(), Channel: channel, Agent: "bot", By: metrics.ByAssistant},
				metrics.Resolved{Conversation: id, At: next(), By: metrics.ByAutomation})
		}
		for _, e := range list {
			if err := log.Append(e); err != nil {
				tb.Fatal(err)
			}
		}
	}
	log.Len()
	return &log
}

// BenchmarkReturns measures returns beside a breakdown of the same reading, and the
// asking apart from the reading.
func BenchmarkReturns(b *testing.B) {
	const n = 200_000
	reading := visited(b, n).Read(metrics.Rules{}, first.AddDate(1, 0, 0))
	perCase := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/case")
	}
	b.Run("breakdown", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := reading.Into(metrics.NewBreakdown(metrics.Facet.Channel)); err != nil {
				b.Fatal(err)
			}
		}
		perCase(b)
	})
	b.Run("returns", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := reading.Into(flow.NewReturns(metrics.Facet.Channel)); err != nil {
				b.Fatal(err)
			}
		}
		perCase(b)
	})
	b.Run("asking", func(b *testing.B) {
		r, empty := fed(b, reading, flow.NewReturns(metrics.Facet.Channel)), flow.NewReturns(metrics.Facet.Channel)
		b.ReportAllocs()
		for b.Loop() {
			if err := r.Merge(empty); err != nil { // so that it is sorted again
				b.Fatal(err)
			}
			for key := range r.Keys() {
				first, err := r.Group(key).FirstContact(flow.FirstContactWindow)
				if err != nil || first.Resolved == 0 || first.Returned == 0 {
					b.Fatal(first, err)
				}
				if bots, err := r.Group(key).Assistants(flow.AssistantWindow); err != nil || bots.Involved() == 0 {
					b.Fatal(bots, err)
				}
			}
		}
		perCase(b)
	})
}

// TestReturnsMemory has what is kept of a case: 40 bytes beside the texts.
func TestReturnsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("makes many events")
	}
	const n = 100_000
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	reading := visited(t, n).Read(metrics.Rules{}, first.AddDate(1, 0, 0))
	before := heap()
	r := fed(t, reading, flow.NewReturns(metrics.Facet.Channel))
	kept := float64(heap()-before) / n
	if _, err := r.Total().FirstContact(flow.FirstContactWindow); err != nil {
		t.Fatal(err)
	}
	asked := float64(heap()-before) / n
	runtime.KeepAlive(reading)
	runtime.KeepAlive(r)
	// Slices, tables and blocks of texts grow ahead of need. The text of a conversation
	// takes 21 bytes and 10 more; there are 0.43 customers to a case, each with 17 bytes,
	// 10 more and a place in a table.
	t.Logf("%.1f bytes a case, %.1f when it was asked", kept, asked)
	if kept < 40+31 || kept > 1.3*(40+31+0.43*(27+16))+12 {
		t.Errorf("%.1f bytes a case", kept)
	}
	if asked-kept > 18 {
		t.Errorf("%.1f bytes a case more when it was asked", asked-kept)
	}
}

// nothing is a sink that counts histories.
type nothing int

func (n *nothing) Add(*metrics.History) error { *n++; return nil }
