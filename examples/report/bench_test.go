//go:build unix

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

var (
	deskEvents   = flag.Int("events", 1_000_000, "number of events of BenchmarkReading")
	deskAssigned = flag.Bool("assigned", false, "let the desk of BenchmarkReading assign conversations, and name customers and teams")
)

// figuresAlone is not the report, but a measure for the time that it takes.
const figuresAlone = "figures alone"

// BenchmarkReading makes the report of a made-up desk that was loaded: everything but
// the text. It says how long a processor was busy for each event.
func BenchmarkReading(b *testing.B) {
	var text bytes.Buffer
	for _, r := range newDesk(*deskEvents, *deskAssigned) {
		line, err := json.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		text.Write(append(line, '\n'))
	}
	const every = "-by channel,agent -period week -compare previous -survival -evidence 5 -calendar office.json -policy policy.json"
	for _, flags := range []string{
		figuresAlone, "", "-by channel,agent", "-by channel,agent,day", "-period week", "-period week -compare previous", "-survival", "-evidence 5",
		"-calendar office.json", "-policy policy.json", every,
	} {
		b.Run(cmp.Or(flags, "plain"), func(b *testing.B) {
			s, err := parse(append(strings.Fields(strings.TrimPrefix(flags, figuresAlone)), "-events", "-"), io.Discard)
			if err != nil {
				b.Fatal(err)
			}
			in, err := read(s, bytes.NewReader(text.Bytes()), io.Discard)
			if err != nil || in.rejected > 0 {
				b.Fatalf("%d rejected, %v", in.rejected, err)
			}
			in.log.Len() // and so puts it in order
			b.ReportAllocs()
			before := userTime(b)
			for b.Loop() {
				if flags == figuresAlone {
					_ = in.log.Read(in.rules, in.asOf).Into(metrics.NewBreakdown(metrics.Facet.Channel))
				} else if r, err := build(in, s, in.log.Read(in.rules, in.asOf)); err != nil || r.Events != *deskEvents {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((userTime(b)-before).Nanoseconds())/float64(b.N**deskEvents), "user-ns/event")
		})
	}
}

// userTime is the time that the process has used a processor for itself, which says more
// than the time on a clock if other processes are busy.
func userTime(tb testing.TB) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano())
}

// A deskBuilder makes the events of a believable helpdesk, always the same ones: bursts of
// messages, acknowledgements, replies within a log-normal time, waits that nobody answers,
// resolutions, reopenings, ratings.
type deskBuilder struct {
	random   *rand.Rand
	records  []metrics.Record
	assigned bool
}

// newDesk returns n events in the order of time, of which 20 are of 3 conversations.
func newDesk(n int, assigned bool) []metrics.Record {
	d := deskBuilder{random: rand.New(rand.NewPCG(1, 2)), assigned: assigned}
	for len(d.records) < n+n/16 {
		d.converse(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).Add(d.between(0, 90*24*time.Hour)))
	}
	slices.SortStableFunc(d.records, func(a, b metrics.Record) int { return a.At.Compare(b.At) })
	return d.records[:n]
}

func (d *deskBuilder) converse(at time.Time) {
	r := d.random
	x, y := r.Uint64(), r.Uint64()
	c := metrics.Record{
		Conversation: metrics.ConversationID(fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", x>>32, x>>16&0xffff, x&0xfff, y>>48&0x3fff|0x8000, y&0xffffffffffff)),
		Channel:      [...]metrics.Channel{metrics.Email, metrics.Chat, metrics.Social, metrics.Phone, metrics.Web}[r.IntN(5)],
		Agent:        metrics.AgentID(fmt.Sprintf("agent-%03d", r.IntN(200))),
	}
	if d.assigned {
		c.Customer = metrics.CustomerID(fmt.Sprintf("customer-%06d", r.IntN(1+*deskEvents/10)))
		c.Team = metrics.TeamID("team-" + c.Agent[len(c.Agent)-1:])
	}
	add := func(kind metrics.Kind, after time.Duration) *metrics.Record {
		at = at.Add(after)
		c.Type, c.At = kind, at
		d.records = append(d.records, c)
		return &d.records[len(d.records)-1]
	}
	add(metrics.KindMessageReceived, 0)
	if d.assigned {
		add(metrics.KindAssigned, d.between(time.Second, time.Hour))
	}
	d.exchange(add, 0.34)
	if r.Float64() < 0.11 {
		add(metrics.KindReopened, d.between(time.Hour, 72*time.Hour))
		add(metrics.KindMessageReceived, time.Second)
		d.exchange(add, 0.25)
	}
	if r.Float64() < 0.3 {
		add(metrics.KindRatingGiven, d.between(time.Minute, 8*time.Hour)).Stars = rating.Stars(1 + r.IntN(5))
	}
}

// exchange makes what follows on a message, to the resolution; on is the probability that
// the customer answers a reply.
func (d *deskBuilder) exchange(add func(metrics.Kind, time.Duration) *metrics.Record, on float64) {
	r := d.random
	for {
		if r.Float64() < 0.4 {
			add(metrics.KindReplySent, d.between(time.Second, 4*time.Second)).By = metrics.ByAutomation
		}
		for r.Float64() < 0.42 {
			add(metrics.KindMessageReceived, d.between(2*time.Second, time.Minute))
		}
		if r.Float64() < 0.05 {
			break // nobody answers
		}
		add(metrics.KindReplySent, d.logNormal(time.Hour))
		for r.Float64() < 0.14 {
			add(metrics.KindReplySent, d.between(5*time.Second, 2*time.Minute))
		}
		if r.Float64() >= on {
			break
		}
		add(metrics.KindMessageReceived, d.logNormal(90*time.Minute))
	}
	add(metrics.KindResolved, d.between(time.Minute, time.Hour))
}

func (d *deskBuilder) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.random.Int64N(int64(high-low)))
}

// logNormal draws a time of the given median, up to ten days.
func (d *deskBuilder) logNormal(median time.Duration) time.Duration {
	return time.Duration(min(math.Exp(1.2*d.random.NormFloat64())*float64(median), float64(240*time.Hour)))
}
