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

// plain recomputes from events what the metrics of a span are made of, by the
// zero Rules: what happened in it, as known at its end.
type plain struct {
	first, all, next                            []time.Duration
	conversations, waiting, unanswered, reopens int64
	stars                                       []rating.Stars
}

func (h *history) plain(span metrics.Span) plain {
	var p plain
	in := func(t time.Time) bool { return !t.Before(span.Start) && t.Before(span.End) }
	for _, events := range h.events {
		var known []metrics.Record
		for _, e := range events {
			if r := metrics.RecordOf(e); r.At.Before(span.End) {
				known = append(known, r)
			}
		}
		slices.SortStableFunc(known, func(a, b metrics.Record) int { return a.At.Compare(b.At) })
		if len(known) == 0 {
			continue
		}
		counted := in(known[0].At)
		if counted {
			p.conversations++
		}
		var since, rated time.Time
		var stars rating.Stars
		answers, resolved, reopened := 0, false, false
		for _, r := range known {
			switch r.Type {
			case metrics.KindMessageReceived:
				reopened = reopened || resolved
				resolved = false
				if since.IsZero() {
					since = r.At
				}
			case metrics.KindReplySent:
				if since.IsZero() || r.Automated {
					break
				}
				if d := r.At.Sub(since); in(r.At) {
					p.all = append(p.all, d)
					if answers == 0 {
						p.first = append(p.first, d)
					} else {
						p.next = append(p.next, d)
					}
				}
				answers++
				since = time.Time{}
			case metrics.KindResolved:
				resolved = true
				if !since.IsZero() && in(r.At) {
					p.unanswered++
				}
				since = time.Time{}
			case metrics.KindRatingGiven:
				stars, rated = r.Stars, r.At
			}
		}
		if !since.IsZero() {
			p.waiting++
		}
		if counted && reopened {
			p.reopens++
		}
		if stars > 0 && in(rated) {
			p.stars = append(p.stars, stars)
		}
	}
	return p
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

// Every metric of both spans is what a plain reading of the events gives.
func TestBreakdownFromEvents(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	start := at(t, "2026-03-01T00:00:00Z")
	for range 20 {
		var h history
		for c := range 60 {
			id := metrics.ConversationID(fmt.Sprint(c))
			now := start.Add(time.Duration(r.IntN(20*24*60)) * time.Minute)
			for range 1 + r.IntN(9) {
				now = now.Add(time.Duration(1+r.IntN(900)) * time.Minute)
				switch r.IntN(8) {
				case 0, 1, 2:
					h.append(t, id, metrics.MessageReceived{Conversation: id, At: now, Channel: metrics.Email})
				case 3, 4:
					h.append(t, id, metrics.ReplySent{Conversation: id, At: now, Agent: "ana", Channel: metrics.Chat})
				case 5:
					h.append(t, id, metrics.ReplySent{Conversation: id, At: now, Automated: true})
				case 6:
					h.append(t, id, metrics.Resolved{Conversation: id, At: now, Agent: "ana"})
				case 7:
					h.append(t, id, metrics.RatingGiven{Conversation: id, At: now, Stars: rating.Stars(1 + r.IntN(5))})
				}
			}
		}
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
			f    *metrics.Figures
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
			if n := len(p.all) + int(p.waiting+p.unanswered); n > 0 {
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
	text := func(figures ...*metrics.Figures) string {
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
	var b, a metrics.Figures
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
	if before.Conversations == 0 || text(whole.Before("fax")) != text(&metrics.Figures{AsOf: before.AsOf}) {
		t.Error("the figures of nothing are not empty")
	}
	// What began in a span, and what was rated in it, a later instant knows too.
	if sides.Group("before").Conversations != before.Conversations || sides.Group("after").Ratings != after.Ratings {
		t.Error("a breakdown by side has other conversations")
	}
	if out := sides.Group("outside").Conversations; out+before.Conversations+after.Conversations != 200 {
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
	for n, f := range []*metrics.Figures{before, after} {
		if waiting := f.Elapsed.StillWaiting.Count(); waiting != 1 || f.Elapsed.FirstResponse.Count() != int64(n) {
			t.Errorf("side %d: %d wait, %d were answered", n, waiting, f.Elapsed.FirstResponse.Count())
		}
	}
	// By their start, each wait belongs to one span, and both are open there.
	before, after = h.sides(t, spans, metrics.Rules{ByStart: true}).Total()
	if before.Elapsed.StillWaiting.Count() != 1 || after.Elapsed.StillWaiting.Count() != 1 || after.Elapsed.FirstResponse.Count() != 0 {
		t.Error("by start")
	}
}
