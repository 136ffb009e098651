package metrics_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

var (
	reportEvents    = flag.Int("events", 10_000_000, "number of events of BenchmarkReport")
	breakdownEvents = flag.Int("ordered", 1_000_000, "number of events of BenchmarkBreakdown and BenchmarkParts")
)

// A desk makes the events of a believable helpdesk, always the same ones: many
// conversations go on at the same time, by five channels, among 200 agents.
type desk struct {
	random *rand.Rand
	ids    []metrics.ConversationID // 36 bytes each
	agents []metrics.AgentID
	open   []openConversation
	next   int
	now    int64
	teams  []metrics.TeamID // of which the agents are, in turn; none if there are none
}

type openConversation struct {
	id      metrics.ConversationID
	channel metrics.Channel
	agent   metrics.AgentID
	step    int
}

var deskChannels = []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone, metrics.Social, metrics.Web}

func newDesk(conversations int) *desk {
	d := &desk{random: rand.New(rand.NewPCG(1, 2)), now: nine.Unix()}
	d.ids = make([]metrics.ConversationID, conversations)
	for i := range d.ids {
		a, b := d.random.Uint64(), d.random.Uint64()
		d.ids[i] = metrics.ConversationID(fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48, b&0xffffffffffff))
	}
	d.agents = make([]metrics.AgentID, 200)
	for i := range d.agents {
		d.agents[i] = metrics.AgentID(fmt.Sprintf("agent-%03d@example.com", i))
	}
	return d
}

// event returns the next event: 6 to 7 of each conversation, in the order of
// time.
func (d *desk) event() metrics.Event {
	d.now += int64(d.random.IntN(3))
	at := time.Unix(d.now, int64(d.random.IntN(1e9))).UTC()
	if len(d.open) < 2000 && d.next < len(d.ids) || len(d.open) == 0 {
		c := openConversation{
			id: d.ids[d.next%len(d.ids)], channel: deskChannels[d.random.IntN(5)], agent: d.agents[d.random.IntN(200)],
		}
		d.next++
		d.open = append(d.open, c)
		return metrics.MessageReceived{Conversation: c.id, At: at, Channel: c.channel}
	}
	i := d.random.IntN(len(d.open))
	c := &d.open[i]
	c.step++
	switch c.step {
	case 1:
		e := metrics.Assigned{Conversation: c.id, At: at, Agent: c.agent}
		if len(d.teams) > 0 {
			e.Team = d.teams[int(c.agent[len("agent-00")])%len(d.teams)]
		}
		return e
	case 2, 4:
		return metrics.ReplySent{Conversation: c.id, At: at, Channel: c.channel, Agent: c.agent}
	case 3:
		return metrics.MessageReceived{Conversation: c.id, At: at, Channel: c.channel}
	case 5:
		return metrics.Resolved{Conversation: c.id, At: at, Agent: c.agent}
	}
	id := c.id
	d.open[i] = d.open[len(d.open)-1]
	d.open = d.open[:len(d.open)-1]
	return metrics.RatingGiven{Conversation: id, At: at, Stars: rating.Stars(1 + d.random.IntN(5))}
}

func (d *desk) log(tb testing.TB, n int) *metrics.EventLog {
	log := new(metrics.EventLog)
	for range n {
		if err := log.Append(d.event()); err != nil {
			tb.Fatal(err)
		}
	}
	return log
}

// heap returns the bytes in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkAppend appends events of known and new conversations, and reports
// what the log keeps of each.
func BenchmarkAppend(b *testing.B) {
	const batch = 1_000_000
	d := newDesk(batch * 3 / 20)
	list := make([]metrics.Event, batch)
	for i := range list {
		list[i] = d.event()
	}
	var log *metrics.EventLog
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if i%batch == 0 {
			log = new(metrics.EventLog)
		}
		if err := log.Append(list[i%batch]); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	runtime.KeepAlive(log)
	before := heap() // of which that log is no part
	log = new(metrics.EventLog)
	for _, e := range list {
		_ = log.Append(e)
	}
	log.Len() // an ordered log has no spare room
	retained := heap() - before
	b.ReportMetric(float64(retained)/batch, "bytes/event")
	b.ReportMetric(float64(retained-36*batch*3/20)/batch, "bytes/event-beside-ids")
	runtime.KeepAlive(log)
	runtime.KeepAlive(list)
	runtime.KeepAlive(d)
}

// BenchmarkOrder orders a million events, most of which came in order.
func BenchmarkOrder(b *testing.B) {
	const n = 1_000_000
	for b.Loop() {
		b.StopTimer()
		log := newDesk(n*3/20).log(b, n)
		b.StartTimer()
		for range log.Conversations() {
			break
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
}

// BenchmarkBreakdown makes the figures of ordered events again and again, and
// says how much longer it takes by group than in one: a million events, or as
// many as -ordered says.
func BenchmarkBreakdown(b *testing.B) {
	n := *breakdownEvents
	log := newDesk(n*3/20).log(b, n)
	log.Len()
	asOf := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	type cell struct {
		channel metrics.Channel
		agent   metrics.AgentID
		day     metrics.Period
	}
	var total time.Duration
	b.Run("total", func(b *testing.B) { repeat[string](b, log, metrics.Rules{}, n, asOf, nil, &total) })
	b.Run("channel", func(b *testing.B) { repeat(b, log, metrics.Rules{}, n, asOf, metrics.Facet.Channel, &total) })
	b.Run("agent", func(b *testing.B) { repeat(b, log, metrics.Rules{}, n, asOf, metrics.Facet.Agent, &total) })
	b.Run("channel,agent,day", func(b *testing.B) {
		repeat(b, log, metrics.Rules{}, n, asOf, func(f metrics.Facet) cell {
			return cell{f.Channel(), f.Agent(), f.Period(metrics.Periods{})}
		}, &total)
	})
}

// repeat makes figures again and again. Without a key it sets total to the time
// that it takes, else it reports how many times that it takes.
func repeat[K comparable](
	b *testing.B, log *metrics.EventLog, rules metrics.Rules, n int, asOf time.Time, key func(metrics.Facet) K, total *time.Duration,
) {
	b.ReportAllocs()
	for b.Loop() {
		by := metrics.NewBreakdown(key)
		if err := log.Read(rules, asOf).Into(by); err != nil {
			b.Fatal(err)
		}
		for k := range by.Keys() {
			if by.Group(k).Volume == (metrics.Volume{}) && key == nil {
				b.Fatal("nothing")
			}
		}
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(each.Nanoseconds())/float64(n), "ns/event")
	if key == nil {
		*total = each
	} else if *total > 0 {
		b.ReportMetric(float64(each)/float64(*total), "times-total")
	}
}

// BenchmarkTeams makes the figures of a desk without teams, of one with teams by the team
// in charge, and of one in which customers write twice more in an old thread, where each
// time is a case: as many cases as conversations before, of as many events.
func BenchmarkTeams(b *testing.B) {
	n := *breakdownEvents
	var logs [3]*metrics.EventLog
	for i, conversations := range []int{n * 3 / 20, n * 3 / 20, n / 20} {
		d := newDesk(conversations)
		if i > 0 {
			d.teams = []metrics.TeamID{"first line", "second line", "repairs"}
		}
		logs[i] = d.log(b, n)
		logs[i].Len()
	}
	asOf := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	var total time.Duration
	b.Run("none", func(b *testing.B) { repeat[string](b, logs[0], metrics.Rules{}, n, asOf, nil, &total) })
	b.Run("teams", func(b *testing.B) { repeat(b, logs[1], metrics.Rules{}, n, asOf, metrics.Facet.Team, &total) })
	b.Run("teams,cases", func(b *testing.B) {
		repeat(b, logs[2], metrics.Rules{NewCaseAfter: 6 * time.Hour}, n, asOf, metrics.Facet.Team, &total)
	})
}

// BenchmarkParts makes the figures of ordered events on one thread and on
// several.
func BenchmarkParts(b *testing.B) {
	n := *breakdownEvents
	log := newDesk(n*3/20).log(b, n)
	log.Len()
	asOf := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	var one time.Duration
	for _, threads := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(threads), func(b *testing.B) {
			for b.Loop() {
				parts := log.Read(metrics.Rules{}, asOf).Parts(threads)
				counted := make([]*metrics.Breakdown[metrics.Channel], len(parts))
				var group sync.WaitGroup
				for i, part := range parts {
					group.Go(func() {
						counted[i] = metrics.NewBreakdown(metrics.Facet.Channel)
						_ = part.Into(counted[i])
					})
				}
				group.Wait()
				for _, part := range counted[1:] {
					if err := counted[0].Merge(part); err != nil {
						b.Fatal(err)
					}
				}
			}
			each := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(each.Nanoseconds())/float64(n), "ns/event")
			if threads == 1 {
				one = each
			} else if one > 0 {
				b.ReportMetric(float64(one)/float64(each), "times-faster")
			}
		})
	}
}

// BenchmarkLongConversation reads one conversation that was paused and resolved again and
// again. The time for an event does not depend on how many there are.
func BenchmarkLongConversation(b *testing.B) {
	asOf := time.Unix(0, lastInstant)
	for _, n := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			log := longConversation(b, n)
			for _, of := range []struct {
				name string
				rest func(*metrics.History)
			}{
				{"figures", func(*metrics.History) {}},
				{"waits and cycles", func(h *metrics.History) {
					if len(h.Waits()) == 0 || len(h.Cycles()) == 0 {
						b.Fatal("nothing")
					}
				}},
			} {
				b.Run(of.name, func(b *testing.B) {
					for b.Loop() {
						f := metrics.NewBreakdown(metrics.Whole)
						for h := range log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, asOf).Histories() {
							if err := f.Add(h); err != nil {
								b.Fatal(err)
							}
							of.rest(h)
						}
						if f.Total().Elapsed.OnHold["parts"].Count() == 0 {
							b.Fatal("nothing on hold")
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
				})
			}
		})
	}
}

// longConversation returns a log of one conversation of n events: a message, a pause, its
// end, a resolution, and again.
func longConversation(tb testing.TB, n int) *metrics.EventLog {
	log := new(metrics.EventLog)
	for i := range n {
		at := nine.Add(time.Duration(i) * time.Second)
		e := [...]metrics.Event{
			metrics.MessageReceived{Conversation: "7", At: at},
			metrics.Paused{Conversation: "7", At: at, For: "parts"},
			metrics.Resumed{Conversation: "7", At: at},
			metrics.Resolved{Conversation: "7", At: at},
		}[i%4]
		if err := log.Append(e); err != nil {
			tb.Fatal(err)
		}
	}
	log.Len()
	return log
}

// BenchmarkReport is the main job at its full size: append, order, break down
// by channel. Try it with -benchtime 1x.
func BenchmarkReport(b *testing.B) {
	if testing.Short() {
		b.Skip("long")
	}
	n := *reportEvents
	for b.Loop() {
		b.StopTimer()
		d := newDesk(n * 3 / 20)
		before := heap()
		b.StartTimer()
		log := new(metrics.EventLog)
		var making time.Duration
		for range n / 1000 {
			start := time.Now()
			var list [1000]metrics.Event
			for i := range list {
				list[i] = d.event()
			}
			making += time.Since(start)
			for _, e := range list {
				if err := log.Append(e); err != nil {
					b.Fatal(err)
				}
			}
		}
		start := time.Now()
		log.Len()
		ordering := time.Since(start)
		by := metrics.NewBreakdown(metrics.Facet.Channel)
		if err := log.Read(metrics.Rules{}, time.Unix(d.now+1, 0)).Into(by); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		conversations := len(slices.Collect(log.Conversations()))
		if got := by.Total().Conversations; got != int64(conversations) {
			b.Fatalf("%d of %d conversations", got, conversations)
		}
		perEvent := func(v float64) float64 { return v / float64(n) }
		b.ReportMetric(perEvent(float64(making.Nanoseconds())), "making-ns/event")
		b.ReportMetric(perEvent(float64(ordering.Nanoseconds())), "ordering-ns/event")
		b.ReportMetric(perEvent(float64((b.Elapsed() - making).Nanoseconds())), "ns/event")
		b.ReportMetric(perEvent(float64(heap()-before)), "bytes/event")
		b.ReportMetric(float64(conversations), "conversations")
		runtime.KeepAlive(log)
		runtime.KeepAlive(d)
		b.StartTimer()
	}
}

func BenchmarkDecodeJSONLines(b *testing.B) {
	const n = 100_000
	d := newDesk(n * 3 / 20)
	var in bytes.Buffer
	for range n {
		text, err := json.Marshal(metrics.RecordOf(d.event()))
		if err != nil {
			b.Fatal(err)
		}
		in.Write(append(text, '\n'))
	}
	b.SetBytes(int64(in.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range metrics.DecodeJSONLines(bytes.NewReader(in.Bytes())) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/event")
}

func BenchmarkSummaryAdd(b *testing.B) {
	s := new(metrics.Summary)
	d := time.Duration(1)
	b.ReportAllocs()
	for b.Loop() {
		s.Add(d)
		d = (d*6364136223846793005 + 1442695040888963407) & (1<<50 - 1)
	}
}

// BenchmarkLoad loads a file of as many events as -ordered says. Its peer appends the
// same events, decoded one by one.
func BenchmarkLoad(b *testing.B) {
	n := *breakdownEvents
	d := newDesk(n * 3 / 20)
	var jsonLines, rows bytes.Buffer
	w := csv.NewWriter(&rows)
	_ = w.Write(metrics.Columns())
	for range n {
		r := metrics.RecordOf(d.event())
		text, err := json.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		jsonLines.Write(append(text, '\n'))
		_ = w.Write(cellsOf(r))
	}
	w.Flush()
	for _, form := range []struct {
		name   string
		text   []byte
		decode func(io.Reader) iter.Seq2[metrics.Event, error]
	}{{"json", jsonLines.Bytes(), metrics.DecodeJSONLines}, {"csv", rows.Bytes(), metrics.DecodeCSV}} {
		loads := func(load func(*metrics.EventLog, io.Reader) error) func(*testing.B) {
			return func(b *testing.B) {
				b.SetBytes(int64(len(form.text)))
				b.ReportAllocs()
				for b.Loop() {
					var log metrics.EventLog
					if err := load(&log, bytes.NewReader(form.text)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/event")
			}
		}
		b.Run(form.name, loads(func(log *metrics.EventLog, r io.Reader) error {
			for err := range log.Load(r) {
				return err
			}
			return nil
		}))
		b.Run(form.name+",decoded", loads(func(log *metrics.EventLog, r io.Reader) error {
			for e, err := range form.decode(r) {
				if err == nil {
					err = log.Append(e)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
	}
}
