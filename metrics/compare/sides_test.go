package compare_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A desk of events: its log, and the events as they were given.
type history struct {
	log    metrics.EventLog
	events map[metrics.ConversationID][]metrics.Event
}

func (h *history) append(t testing.TB, id metrics.ConversationID, e metrics.Event) {
	t.Helper()
	if err := h.log.Append(e); err != nil {
		t.Fatal(err)
	}
	if h.events == nil {
		h.events = make(map[metrics.ConversationID][]metrics.Event)
	}
	h.events[id] = append(h.events[id], e)
}

// ticket adds a conversation that is answered after a while, resolved, and rated
// if there are stars.
func (h *history) ticket(t testing.TB, channel metrics.Channel, start time.Time, wait time.Duration, stars rating.Stars) {
	id := metrics.ConversationID(fmt.Sprint(len(h.events)))
	h.append(t, id, metrics.MessageReceived{Conversation: id, At: start, Channel: channel})
	h.append(t, id, metrics.ReplySent{Conversation: id, At: start.Add(wait), Channel: channel, Agent: "ana"})
	h.append(t, id, metrics.Resolved{Conversation: id, At: start.Add(wait + time.Second), Agent: "ana"})
	if stars > 0 {
		h.append(t, id, metrics.RatingGiven{Conversation: id, At: start.Add(wait + 2*time.Second), Channel: channel, Stars: stars})
	}
}

func (h *history) sides(t testing.TB, spans compare.Spans, rules metrics.Rules) *compare.Sides[metrics.Channel] {
	t.Helper()
	s := compare.NewSides(metrics.Facet.Channel, spans)
	if err := s.Read(&h.log, rules); err != nil {
		t.Fatal(err)
	}
	return s
}

// middle is the median of the ordered durations, in seconds.
func middle(d []time.Duration) float64 {
	d = slices.Sorted(slices.Values(d))
	if n := len(d); n%2 == 0 {
		return (d[n/2-1] + d[n/2]).Seconds() / 2
	}
	return d[len(d)/2].Seconds()
}

// mean is the mean of the durations, in seconds.
func mean(d []time.Duration) float64 {
	var sum time.Duration
	for _, v := range d {
		sum += v
	}
	return sum.Seconds() / float64(len(d))
}

// wander adds a conversation in which anything may happen, often several things at one
// instant.
func (h *history) wander(t testing.TB, r *rand.Rand, id metrics.ConversationID, now time.Time) {
	for range 2 + r.IntN(12) {
		if r.IntN(4) > 0 {
			now = now.Add(time.Duration(1+r.IntN(900)) * time.Minute)
		}
		e := metrics.Record{Conversation: id, At: now, Seq: max(0, r.Int64N(5)-3), ID: []metrics.EventID{"", "1", "2", "3"}[r.IntN(4)]}
		switch r.IntN(20) {
		case 0, 1, 2, 3, 4:
			e.Type, e.Channel = metrics.KindMessageReceived, metrics.Email
		case 5, 6:
			e.Type, e.Agent, e.Channel = metrics.KindReplySent, "ana", metrics.Chat
		case 7, 8:
			e.Type, e.Agent, e.By = metrics.KindReplySent, "bot", metrics.ByAssistant
		case 9:
			e.Type, e.By = metrics.KindReplySent, metrics.ByAutomation
		case 10:
			e.Type, e.Agent = metrics.KindResolved, "ana"
		case 11:
			e.Type, e.Stars = metrics.KindRatingGiven, rating.Stars(1+r.IntN(5))
		case 12:
			e.Type, e.For = metrics.KindPaused, []string{"customer", "third_party", "parts"}[r.IntN(3)]
		case 13:
			e.Type = []metrics.Kind{metrics.KindResumed, metrics.KindOpened, metrics.KindAbandoned}[r.IntN(3)]
		case 14:
			e.Type, e.Agent = metrics.KindAssigned, []metrics.AgentID{"ana", "bot", "ben"}[r.IntN(3)]
		case 15, 16, 17:
			e.Type, e.Into = metrics.KindMerged, metrics.ConversationID(fmt.Sprint(r.IntN(60)))
		case 18:
			e.Type, e.Retracts = metrics.KindRetracted, []metrics.EventID{"1", "2", "3"}[r.IntN(3)]
		case 19:
			e.Type = []metrics.Kind{metrics.KindReopened, metrics.KindReopened, metrics.KindDiscarded}[r.IntN(3)]
		}
		event, err := e.Event()
		if err != nil {
			t.Fatal(err)
		}
		h.append(t, id, event)
	}
}

// Every metric of both spans is what a plain reading of the events gives.
func TestBreakdownFromEvents(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	start := at(t, "2026-03-01T00:00:00Z")
	var seen occurrences
	for range 20 {
		var h history
		for c := range 30 { // known from the start, so that others may be merged into them at any time
			id := metrics.ConversationID(fmt.Sprint(c))
			h.append(t, id, metrics.RatingRequested{Conversation: id, At: start})
		}
		for c := range 60 {
			h.wander(t, r, metrics.ConversationID(fmt.Sprint(c)), start.Add(time.Duration(r.IntN(20*24*60))*time.Minute))
		}
		seen.add(&h, start.AddDate(1, 0, 0))
		from := start.AddDate(0, 0, r.IntN(8))
		middleOf := from.AddDate(0, 0, 1+r.IntN(6))
		spans, err := compare.NewSpans(metrics.Span{Start: from, End: middleOf}, metrics.Span{Start: middleOf, End: middleOf.AddDate(0, 0, 1+r.IntN(8))})
		if err != nil {
			t.Fatal(err)
		}
		b := h.sides(t, spans, metrics.Rules{})
		before, after := b.Total()
		for _, side := range []struct {
			span metrics.Span
			f    *compare.Observed
		}{{spans.Before, before}, {spans.After, after}} {
			p := h.plain(side.span)
			var satisfied int64
			for _, s := range p.stars {
				if s >= 4 {
					satisfied++
				}
			}
			share := func(part int64, whole int) [2]float64 {
				return [2]float64{float64(part) / float64(whole), float64(whole)}
			}
			all := map[compare.Metric][2]float64{compare.Conversations: {float64(p.conversations), float64(p.conversations)}}
			for i, d := range map[compare.Metric][]time.Duration{compare.FirstResponse: p.first, compare.Response: p.all, compare.NextResponse: p.next} {
				if len(d) > 0 {
					all[i] = [2]float64{middle(d), float64(len(d))}
					all[i.Mean()] = [2]float64{mean(d), float64(len(d))}
				}
			}
			if n := len(p.stars); n > 0 {
				all[compare.CSAT] = share(satisfied, n)
			}
			if p.conversations > 0 {
				all[compare.Reopened] = share(p.reopens, int(p.conversations))
			}
			if n := len(p.all) + int(p.byAssistant+p.waiting+p.unanswered); n > 0 {
				all[compare.Unanswered] = share(p.waiting+p.unanswered, n)
			}
			for _, i := range []compare.Metric{
				compare.FirstResponse, compare.FirstResponse.Mean(), compare.Response, compare.Response.Mean(), compare.NextResponse,
				compare.NextResponse.Mean(), compare.CSAT, compare.Reopened, compare.Unanswered, compare.Conversations,
			} {
				want, some := all[i]
				v, ok := i.Of(side.f, 0.95)
				if ok != some || v.N != int64(want[1]) || !(v.Value-want[0] < 1e-6 && want[0]-v.Value < 1e-6) {
					t.Errorf("%v is %v of %d, %v, and by hand %v", i, v.Value, v.N, ok, want)
				}
			}
		}
	}
	seen.check(t)
}

// The total is the figures of all groups merged, groups of parts of the log
// merge, and a breakdown by side of one instant has the same spans.
func TestBreakdownMerges(t *testing.T) {
	var h history
	start := at(t, "2026-03-01T00:00:00Z")
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 200 {
		channel := []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone}[n%3]
		h.ticket(t, channel, start.Add(time.Duration(r.IntN(20*24))*time.Hour), time.Duration(r.IntN(600))*time.Minute, rating.Stars(n%6))
	}
	spans, err := compare.Around(start.AddDate(0, 0, 9), 6, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := h.sides(t, spans, metrics.Rules{})
	parts := [2]*compare.Sides[metrics.Channel]{
		compare.NewSides(metrics.Facet.Channel, spans), compare.NewSides(metrics.Facet.Channel, spans),
	}
	readBefore, readAfter := spans.Read(&h.log, metrics.Rules{})
	later := readAfter.Parts(2)
	for i, part := range readBefore.Parts(2) {
		before, after := parts[i].Sinks()
		if err := errors.Join(part.Into(before), later[i].Into(after)); err != nil {
			t.Fatal(err)
		}
	}
	none := compare.NewSides[string](nil, spans)
	sides := metrics.NewBreakdown(func(f metrics.Facet) string {
		switch at := f.At(); {
		case !at.Before(spans.Before.Start) && at.Before(spans.Before.End):
			return "before"
		case !at.Before(spans.After.Start) && at.Before(spans.After.End):
			return "after"
		}
		return "outside"
	})
	if err := errors.Join(
		none.Read(&h.log, metrics.Rules{}),
		h.log.Read(metrics.Rules{}, spans.After.End.AddDate(1, 0, 0)).Into(sides),
		parts[0].Merge(parts[1]),
	); err != nil {
		t.Fatal(err)
	}
	text := func(figures ...*compare.Observed) string {
		b, err := json.Marshal(figures)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	before, after := whole.Total()
	if got, want := slices.Sorted(whole.Keys()), []metrics.Channel{metrics.Chat, metrics.Email, metrics.Phone}; !slices.Equal(got, want) {
		t.Errorf("keys %v", got)
	}
	for channel := range whole.Keys() {
		if text(whole.Before(channel), whole.After(channel)) != text(parts[0].Before(channel), parts[0].After(channel)) {
			t.Errorf("%v of parts differs", channel)
		}
	}
	var b, a compare.Observed
	for _, s := range whole.Strata() {
		if err := errors.Join(b.Merge(s.Before), a.Merge(s.After)); err != nil {
			t.Fatal(err)
		}
	}
	nb, na := none.Total()
	for name, got := range map[string]string{"parts": text(parts[0].Total()), "strata": text(&b, &a), "no key": text(nb, na), "one group": text(none.Before(""), none.After(""))} {
		if got != text(before, after) {
			t.Errorf("%s: the totals differ", name)
		}
	}
	if before.Figures.Conversations == 0 || text(whole.Before("fax")) != text(&compare.Observed{Figures: metrics.Figures{AsOf: before.Figures.AsOf}}) {
		t.Error("the figures of nothing are not empty")
	}
	// What began in a span, and what was rated in it, a later instant knows too.
	if sides.Group("before").Conversations != before.Figures.Conversations || sides.Group("after").Ratings != after.Figures.Ratings {
		t.Error("a breakdown by side has other conversations")
	}
	if out := sides.Group("outside").Conversations; out+before.Figures.Conversations+after.Figures.Conversations != 200 {
		t.Errorf("%d outside", out)
	}
}

// spansOf returns two weeks.
func twoWeeks(t testing.TB) compare.Spans {
	s, err := compare.Periods(period(t, "2026-W10"), period(t, "2026-W11"), nil, at(t, "2026-03-16T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What goes on at the end of a span goes on in its figures, whatever came later:
// the week before has no answers that the week after has not had the time to
// give.
func TestAsKnownAtItsEnd(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	h.append(t, "1", metrics.MessageReceived{Conversation: "1", At: spans.Before.End.Add(-time.Hour)})
	h.append(t, "1", metrics.ReplySent{Conversation: "1", At: spans.Before.End, Agent: "ana"})
	h.append(t, "2", metrics.MessageReceived{Conversation: "2", At: spans.After.End.Add(-time.Hour)})
	h.append(t, "2", metrics.ReplySent{Conversation: "2", At: spans.After.End, Agent: "ana"})
	before, after := h.sides(t, spans, metrics.Rules{}).Total()
	for n, f := range []*compare.Observed{before, after} {
		if waiting := f.Figures.Elapsed.StillWaiting.Count(); waiting != 1 || f.Figures.Elapsed.FirstResponse.Count() != int64(n) {
			t.Errorf("side %d: %d wait, %d were answered", n, waiting, f.Figures.Elapsed.FirstResponse.Count())
		}
	}
	// By their start, each wait belongs to one span, and both are open there.
	before, after = h.sides(t, spans, metrics.Rules{ByStart: true}).Total()
	if before.Figures.Elapsed.StillWaiting.Count() != 1 || after.Figures.Elapsed.StillWaiting.Count() != 1 || after.Figures.Elapsed.FirstResponse.Count() != 0 {
		t.Error("by start")
	}
}

// The share of waits without an answer has on both sides what began there and is open at
// its end, besides what ended there.
func TestUnansweredBySide(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	old, before, after := spans.Before.Start.AddDate(0, 0, -5), spans.Before.Start.AddDate(0, 0, 2), spans.After.Start.AddDate(0, 0, 2)
	message := func(id metrics.ConversationID, at time.Time) {
		h.append(t, id, metrics.MessageReceived{Conversation: id, At: at})
	}
	reply := func(id metrics.ConversationID, at time.Time, by metrics.Actor) {
		h.append(t, id, metrics.ReplySent{Conversation: id, At: at, Agent: "ana", By: by})
	}
	// Each with what it is before and after: − is nothing, 1 is answered, 0 is not.
	message("open throughout", old)     // − −
	message("open from before", before) // 0 −
	message("answered after", before)   // 0 1
	reply("answered after", after, metrics.ByPerson)
	message("answered before", before) // 1 −
	reply("answered before", before.Add(time.Hour), metrics.ByPerson)
	h.append(t, "open after", metrics.RatingRequested{Conversation: "open after", At: old, Channel: metrics.Email})
	h.append(t, "open after", metrics.MessageReceived{Conversation: "open after", At: after, Channel: metrics.Chat}) // − 0
	message("open since the end", spans.Before.End)                                                                  // − 0
	message("open since the start", spans.Before.Start)                                                              // 0 −
	message("closed before", old)                                                                                    // 0 −
	h.append(t, "closed before", metrics.Resolved{Conversation: "closed before", At: before})
	message("abandoned", after) // − 0
	h.append(t, "abandoned", metrics.Abandoned{Conversation: "abandoned", At: after.Add(time.Minute)})
	message("assistant", after) // − 1
	reply("assistant", after.Add(time.Minute), metrics.ByAssistant)
	message("merged", before) // 0 −, for it goes on in the target since before
	h.append(t, "target", metrics.RatingRequested{Conversation: "target", At: old})
	h.append(t, "merged", metrics.Merged{Conversation: "merged", At: after, Into: "target"})
	// − −
	h.append(t, "retracted", metrics.MessageReceived{Conversation: "retracted", At: after, ID: "1"})
	h.append(t, "retracted", metrics.Retracted{Conversation: "retracted", At: after.Add(time.Minute), Event: "1"})

	for _, test := range []struct {
		rules         metrics.Rules
		before, after stat.Ratio
	}{
		{metrics.Rules{}, stat.Ratio{Part: 5, Whole: 6}, stat.Ratio{Part: 3, Whole: 5}},
		// By its start, what was closed before began earlier, and what was answered after
		// began before, when it was open.
		{metrics.Rules{ByStart: true}, stat.Ratio{Part: 4, Whole: 5}, stat.Ratio{Part: 3, Whole: 4}},
	} {
		b, a := h.sides(t, spans, test.rules).Total()
		gotBefore, _ := compare.Unanswered.Ratio(b)
		gotAfter, _ := compare.Unanswered.Ratio(a)
		if gotBefore != test.before || gotAfter != test.after {
			t.Errorf("by start %v: %v and %v, want %v and %v", test.rules.ByStart, gotBefore, gotAfter, test.before, test.after)
		}
	}
	// One wait since two days after the start of the week, and one of the whole week, in
	// hours of service half of that; in one pass, or of two parts.
	rules := metrics.Rules{Calendar: halfTime{}}
	whole := h.sides(t, spans, rules)
	merged := compare.NewSides(metrics.Facet.Channel, spans)
	_, reading := spans.Read(&h.log, rules)
	for _, part := range reading.Parts(2) {
		of := compare.NewSides(metrics.Facet.Channel, spans)
		_, sink := of.Sinks()
		if err := errors.Join(part.Into(sink), merged.Merge(of)); err != nil {
			t.Fatal(err)
		}
	}
	for _, sides := range []*compare.Sides[metrics.Channel]{whole, merged} {
		_, a := sides.Total()
		if sum := a.Figures.Elapsed.StillWaiting.Sum().String(); sum != "1036799.999999998" { // 12 days, each to the last nanosecond
			t.Errorf("ages of %v in all", sum)
		}
		if sum := a.Figures.InHours.StillWaiting.Sum().String(); sum != "518399.999999998" {
			t.Errorf("ages of %v in all, in hours", sum)
		}
		// A wait is in the group of its channel, not of its conversation.
		chat, email := sides.After(metrics.Chat), sides.After(metrics.Email)
		if chat.Figures.Elapsed.StillWaiting.Count() != 1 || email.Figures.Elapsed.StillWaiting.Count() != 0 {
			t.Errorf("%d open on chat, %d on email", chat.Figures.Elapsed.StillWaiting.Count(), email.Figures.Elapsed.StillWaiting.Count())
		}
	}
}

// halfTime is a calendar on which time passes half as fast.
type halfTime struct{}

func (halfTime) Between(start, end time.Time) time.Duration {
	return time.Duration(end.UnixNano()/2 - start.UnixNano()/2)
}
