package compare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
)

// agentOfChannel is a key that most comparisons have.
type agentOfChannel struct {
	channel metrics.Channel
	agent   metrics.AgentID
}

// busyDesk is two weeks of short conversations, three channels and twelve agents.
func busyDesk(tb testing.TB, from time.Time, conversations int) *metrics.EventLog {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	log := new(metrics.EventLog)
	for i := range conversations {
		id, channel := metrics.ConversationID(fmt.Sprint("T-", i)), []metrics.Channel{metrics.Chat, metrics.Email, metrics.Phone}[random.IntN(3)]
		agent := metrics.AgentID(fmt.Sprint("agent ", random.IntN(12)))
		at := from.Add(time.Duration(random.Int64N(int64(14 * 24 * time.Hour))))
		for range 3 {
			for _, e := range []metrics.Event{
				metrics.MessageReceived{Conversation: id, At: at, Channel: channel},
				metrics.ReplySent{Conversation: id, At: at.Add(time.Duration(random.Int64N(int64(time.Hour)))), Channel: channel, Agent: agent},
			} {
				if err := log.Append(e); err != nil {
					tb.Fatal(err)
				}
			}
			at = at.Add(2 * time.Hour)
		}
	}
	log.Len() // orders it
	return log
}

var (
	busyFrom  = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	busyUntil = busyFrom.AddDate(0, 0, 15)
)

// TestKeysAreAskedForSpans counts how often groups ask for a key: as often as there are
// keys, spans or days, and not as there are conversations.
func TestKeysAreAskedForSpans(t *testing.T) {
	log := busyDesk(t, busyFrom, 3000)
	spans, err := compare.LastDays(7, busyUntil, nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	key := func(f metrics.Facet) agentOfChannel {
		asked++
		return agentOfChannel{f.Channel(), f.Agent()}
	}
	sides := compare.NewSides(key, spans)
	if err := sides.Read(log, metrics.Rules{}); err != nil {
		t.Fatal(err)
	}
	if asked < 36 || asked > log.Len()/8 {
		t.Errorf("sides of %d events by 36 keys ask %d times", log.Len(), asked)
	}
	asked = 0
	timelines := compare.NewTimelines(key, metrics.Periods{Unit: metrics.Week})
	if err := log.Read(metrics.Rules{}, busyUntil).Into(timelines); err != nil {
		t.Fatal(err)
	}
	if asked < 36 || asked > log.Len()/8 {
		t.Errorf("timelines of %d events by 36 keys ask %d times", log.Len(), asked)
	}
}

// BenchmarkSides compares two weeks by channel and agent: by the spans, and as a key would
// that asks for the instant.
func BenchmarkSides(b *testing.B) {
	const conversations = 100_000
	log := busyDesk(b, busyFrom, conversations)
	spans, err := compare.LastDays(7, busyUntil, nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, key := range map[string]func(metrics.Facet) agentOfChannel{
		"spans": func(f metrics.Facet) agentOfChannel { return agentOfChannel{f.Channel(), f.Agent()} },
		"instants": func(f metrics.Facet) agentOfChannel {
			f.At()
			return agentOfChannel{f.Channel(), f.Agent()}
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := compare.NewSides(key, spans).Read(log, metrics.Rules{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(log.Len()), "ns/event")
		})
	}
}
