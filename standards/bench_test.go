package standards_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// judged are the waits on which Judge is measured.
func judged(t testing.TB) map[string]struct {
	target standards.Target
	wait   metrics.Wait
} {
	hours := weekdays(t)
	warn := stat.Ratio{Part: 3, Whole: 4}
	held := []metrics.Span{{Start: after(time.Hour), End: after(2 * time.Hour)}}
	type one = struct {
		target standards.Target
		wait   metrics.Wait
	}
	return map[string]one{
		"AroundTheClock": {standards.Target{Within: standards.BudgetOf(time.Hour), Warn: warn}, metrics.Wait{Start: start}},
		"InHours":        {standards.Target{Within: standards.BudgetOf(24 * time.Hour), Warn: warn, Calendar: hours}, metrics.Wait{Start: start}},
		"Answered": {
			standards.Target{Within: standards.BudgetOf(24 * time.Hour), Warn: warn, Calendar: hours},
			metrics.Wait{Start: start, End: after(30 * time.Hour), Outcome: metrics.Answered},
		},
		"Held": {standards.Target{Within: standards.BudgetOf(24 * time.Hour), Warn: warn}, metrics.Wait{Start: start, Holds: held}},
	}
}

func BenchmarkJudge(b *testing.B) {
	asOf := after(40 * time.Hour)
	for name, tt := range judged(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := tt.target.Judge(tt.wait, asOf); !ok {
					b.Fatal("not judged")
				}
			}
		})
	}
}

func TestJudgeAllocatesNothing(t *testing.T) {
	for name, tt := range judged(t) {
		if n := testing.AllocsPerRun(100, func() { tt.target.Judge(tt.wait, after(40*time.Hour)) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// busy is a log of open conversations.
func busy(tb testing.TB, conversations int) *metrics.EventLog {
	log := new(metrics.EventLog)
	channels := []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone, metrics.Social}
	for i := range conversations {
		id := metrics.ConversationID(fmt.Sprint("T-", i))
		at := after(time.Duration(i*7919%conversations) * time.Second)
		for _, e := range []metrics.Event{
			metrics.Opened{Conversation: id, At: at, Channel: channels[i%4]},
			metrics.MessageReceived{Conversation: id, At: at, Channel: channels[i%4]},
			metrics.Assigned{Conversation: id, At: at.Add(time.Minute), Agent: "ana"},
		} {
			if err := log.Append(e); err != nil {
				tb.Fatal(err)
			}
		}
	}
	log.Len() // orders it
	return log
}

func BenchmarkBoard(b *testing.B) {
	const conversations = 100_000
	log := busy(b, conversations)
	policy := standards.ChannelSpeeds()
	for i := range policy.Targets {
		policy.Targets[i].Calendar = weekdays(b)
	}
	asOf := after(conversations * time.Second)
	b.ReportAllocs()
	for b.Loop() {
		board := standards.NewBoard(policy)
		if err := log.Read(metrics.Rules{}, asOf).Into(board); err != nil || len(board.Rows()) != conversations {
			b.Fatal(len(board.Rows()), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/conversations, "ns/conversation")
}

func BenchmarkFindings(b *testing.B) {
	var policy standards.Policy
	for _, m := range standards.Measures() {
		policy.Targets = append(policy.Targets, standards.Target{Measure: m, Within: standards.BudgetOf(time.Hour)})
	}
	h := read(conversation(b, eventsOf(b, "0 message, 1m assigned ana, 1h reply ana, 2h message, 2h30m reply ben, 3h resolved")...), 9*time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		for range policy.Findings(h) {
		}
	}
}
