package briefing

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/policyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// deskOf reads a sample of the report.
func deskOf(t *testing.T, events, policy string) Desk {
	t.Helper()
	f, err := os.Open("../../report/" + events)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	desk := Desk{Log: new(metrics.EventLog), Policy: standards.ChannelSpeeds()}
	for err := range desk.Log.Load(f) {
		t.Fatal(err)
	}
	if policy != "" {
		data, err := os.ReadFile("../../report/" + policy)
		if err != nil {
			t.Fatal(err)
		}
		if desk.Rules, desk.Policy, err = policyfile.Read(data); err != nil {
			t.Fatal(err)
		}
		desk.Own = true
	}
	if desk.Zone, err = time.LoadLocation("Europe/Berlin"); err != nil {
		t.Fatal(err)
	}
	desk.AsOf = desk.Log.Latest()
	return desk
}

// briefingOf makes a briefing.
func briefingOf(t *testing.T, desk Desk, ask Ask) *Briefing {
	t.Helper()
	builder, err := New(desk, ask)
	if err != nil {
		t.Fatal(err)
	}
	all := metrics.NewBreakdown(metrics.Whole)
	if err := desk.Log.Read(desk.Rules, desk.AsOf).Into(append(builder.Sinks(), ask.Kept(all)...)...); err != nil {
		t.Fatal(err)
	}
	b, err := builder.Briefing(all.Total())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A plainBrief is what a brief should be, counted conversation by conversation.
type plainBrief struct {
	waiting, overdue, before int64
	waits                    map[metrics.Channel][]int64 // without an answer last
	tallies                  map[onTarget]standards.Tally
	ages, agesThen           []int64
}

type onTarget struct {
	target  int
	channel metrics.Channel
}

func plainly(desk Desk, spans compare.Spans, keep func(*metrics.History) bool) plainBrief {
	p := plainBrief{
		waits: make(map[metrics.Channel][]int64), tallies: make(map[onTarget]standards.Tally),
		ages: make([]int64, len(ageBounds)+1), agesThen: make([]int64, len(ageBounds)+1),
	}
	in := func(at time.Time) bool { return !at.Before(spans.After.Start) && at.Before(spans.After.End) }
	class := func(bounds []time.Duration, d time.Duration) int {
		n := 0
		for _, bound := range bounds {
			if bound < d {
				n++
			}
		}
		return n
	}
	for h := range desk.Log.Read(desk.Rules, desk.AsOf).Histories() {
		if keep != nil && !keep(h) {
			continue
		}
		if _, ok := h.StillWaiting(); ok {
			p.waiting++
			for f := range desk.Policy.Findings(h) {
				answer := f.Target.Measure == standards.FirstResponse || f.Target.Measure == standards.NextResponse
				if answer && f.Outcome == metrics.Open && f.Target.Agreement == "" && f.Verdict == standards.Breached {
					p.overdue++
					break
				}
			}
		}
		if w, ok := h.AwaitedResponse(); ok && in(w.Start) {
			counts := p.waits[w.Channel]
			if counts == nil {
				counts = make([]int64, len(waitBounds)+2)
				p.waits[w.Channel] = counts
			}
			switch w.Outcome {
			case metrics.Answered:
				counts[class(waitBounds, w.Duration())]++
			case metrics.Open, metrics.ClosedUnanswered, metrics.GaveUp:
				counts[len(waitBounds)+1]++
			}
		}
		for f := range desk.Policy.Findings(h) {
			if in(f.Start) {
				k := onTarget{f.Index, f.Channel}
				t := p.tallies[k]
				t.Add(f.Verdict)
				p.tallies[k] = t
			}
		}
		for _, then := range []struct {
			at   time.Time
			ages []int64
		}{{desk.AsOf, p.ages}, {spans.After.Start, p.agesThen}} {
			for _, c := range h.Cycles() {
				if c.Start.After(then.at) || then.at == spans.After.Start && !c.Start.Before(then.at) {
					continue
				}
				if c.End.IsZero() || c.End.After(then.at) || then.at == spans.After.Start && !c.End.Before(then.at) {
					then.ages[class(ageBounds, then.at.Sub(c.Start))]++
				}
			}
		}
	}
	for h := range desk.Log.Read(desk.Rules, spans.Before.End).Histories() {
		if keep != nil && !keep(h) {
			continue
		}
		if _, ok := h.StillWaiting(); ok {
			p.before++
		}
	}
	return p
}

// A brief is what a slow reading of each conversation gives, of all or of those that are
// kept, at any instant.
func TestAsPlainly(t *testing.T) {
	waits := int64(0)
	for _, tt := range []struct{ events, policy string }{
		{"quarter.jsonl", "policy.json"}, {"quarter.jsonl", ""}, {"sample.jsonl", ""}, {"testdata/desk.jsonl", "testdata/desk.policy.json"}, {"testdata/contact.jsonl", ""},
	} {
		desk := deskOf(t, tt.events, tt.policy)
		end := desk.AsOf
		for _, back := range []int{0, 3, 11, 26, 40} {
			desk.AsOf = end.AddDate(0, 0, -back)
			for name, keep := range map[string]func(*metrics.History) bool{
				"all": nil, "chats": func(h *metrics.History) bool { return h.Channel() == metrics.Chat }, "none": func(*metrics.History) bool { return false },
			} {
				for _, unit := range []metrics.Unit{metrics.Week, metrics.Month} {
					b := briefingOf(t, desk, Ask{About: unit, Against: "previous", Course: &unit, Keep: keep})
					want := plainly(desk, b.Comparison.Spans, keep)
					where := tt.events + ", " + tt.policy + ", " + desk.AsOf.String() + ", " + name + ", " + unit.String()
					if b.Waiting.N != want.waiting || b.Waiting.Overdue != want.overdue || b.Brief.WaitingBefore != want.before {
						t.Errorf("%s: %d wait, %d overdue, %d before; want %d, %d, %d", where, b.Waiting.N, b.Waiting.Overdue, b.Brief.WaitingBefore, want.waiting, want.overdue, want.before)
					}
					for _, w := range b.Brief.Waits {
						got := append(slices.Clone(w.Counts), w.None)
						if !slices.Equal(got, want.waits[w.Channel]) {
							t.Errorf("%s: waits on %q: %v, want %v", where, w.Channel, got, want.waits[w.Channel])
						}
						delete(want.waits, w.Channel)
						waits += w.N()
					}
					for channel, counts := range want.waits {
						if slices.Max(counts) > 0 {
							t.Errorf("%s: no waits on %q, want %v", where, channel, counts)
						}
					}
					for _, m := range b.Brief.Promises {
						k := onTarget{slices.IndexFunc(desk.Policy.Targets, func(t standards.Target) bool {
							return t.String() == m.Target.String() && t.Within == m.Target.Within && slices.Equal(t.Channels, m.Target.Channels)
						}), m.Channel}
						if m.Tally.N() > 0 && m.Tally != want.tallies[k] {
							t.Errorf("%s: %s on %q: %v, want %v", where, m.Target, m.Channel, m.Tally, want.tallies[k])
						}
					}
					if !slices.Equal(b.Brief.Backlog.Now, want.ages) || !slices.Equal(b.Brief.Backlog.Then, want.agesThen) {
						t.Errorf("%s: ages %v and %v, want %v and %v", where, b.Brief.Backlog.Now, b.Brief.Backlog.Then, want.ages, want.agesThen)
					}
					if page := b.Page(); page.Title == "" || len(page.Sections) != 11 {
						t.Errorf("%s: %d sections", where, len(page.Sections))
					}
				}
			}
		}
	}
	if waits < 1000 {
		t.Errorf("%d waits", waits)
	}
}

// What another program found in March and February of the sample: medians of the first
// response in seconds, promises of one kept, and ratings.
func TestMarch(t *testing.T) {
	desk := deskOf(t, "quarter.jsonl", "policy.json")
	week := metrics.Week
	b := briefingOf(t, desk, Ask{About: metrics.Month, Against: "previous", Course: &week})
	for _, tt := range []struct {
		channel       metrics.Channel
		before, after float64
		nb, na        int64
	}{
		{metrics.Chat, 96.5, 54, 60, 81}, {metrics.Phone, 43, 33, 31, 34}, {metrics.Email, 11431, 5270, 65, 81},
	} {
		d := b.Comparison.difference(tt.channel, compare.FirstResponse)
		if d.Before.Value != tt.before || d.After.Value != tt.after || d.Before.N != tt.nb || d.After.N != tt.na {
			t.Errorf("%s: %v", tt.channel, d)
		}
	}
	kept := map[metrics.Channel][2]stat.Ratio{
		metrics.Chat: {{Part: 39, Whole: 62}, {Part: 73, Whole: 83}}, metrics.Phone: {{Part: 26, Whole: 32}, {Part: 34, Whole: 34}},
	}
	for channel, want := range kept {
		d := b.Comparison.difference(channel, compare.Promise(&b.Asked.Targets[0]))
		for i, v := range []compare.Value{d.Before, d.After} {
			share, _ := want[i].Float64()
			if v.N != want[i].Whole || v.Value != share {
				t.Errorf("%s: %v, want %v", channel, v, want[i])
			}
		}
	}
	if before, after := b.Brief.Ratings.Before.AtLeast(4), b.Brief.Ratings.Now.AtLeast(4); before != (stat.Ratio{Part: 42, Whole: 73}) || after != (stat.Ratio{Part: 92, Whole: 99}) {
		t.Errorf("satisfied: %v and %v", before, after)
	}
}
