package flow_test

import (
	"fmt"
	"math/rand/v2"
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

// nothing is a sink that counts histories.
type nothing int

func (n *nothing) Add(*metrics.History) error { *n++; return nil }
