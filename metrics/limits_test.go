package metrics_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

var (
	firstOfAll = time.Unix(0, 0).UTC()
	lastOfAll  = time.Unix(0, lastInstant).UTC()
	// farTimes are the ends of what a time.Time holds, beyond which it wraps by itself, and of
	// the nanoseconds of an int64.
	farTimes = []time.Time{
		time.Unix(math.MinInt64, 0), time.Unix(math.MinInt64, 999_999_999), time.Unix(math.MaxInt64-62135596800, 0),
		time.Unix(0, math.MinInt64), time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64).Add(-1), time.Unix(0, math.MaxInt64).Add(1),
		{}, firstOfAll.Add(-1), lastOfAll.Add(1), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2262, 4, 11, 23, 47, 16, 854775807, time.UTC),
	}
)

// TestFarEventsAreRefused offers events of instants that no event has.
func TestFarEventsAreRefused(t *testing.T) {
	var log metrics.EventLog
	tracker := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[string] { return metrics.NewBreakdown(metrics.Whole) })
	for _, at := range farTimes {
		for _, e := range []metrics.Event{
			metrics.Opened{Conversation: "a", At: at},
			metrics.Paused{Conversation: "a", At: nine, Until: at},
		} {
			if p, ok := e.(metrics.Paused); ok && p.Until.IsZero() {
				continue
			}
			for _, err := range []error{log.Append(e), tracker.Append(e)} {
				if !errors.Is(err, metrics.ErrTime) && !errors.Is(err, metrics.ErrNoTime) {
					t.Errorf("%+v: %v", e, err)
				}
			}
		}
	}
	if log.Len() != 0 || !log.Earliest().IsZero() || !log.Latest().IsZero() {
		t.Errorf("%d events from %v to %v", log.Len(), log.Earliest(), log.Latest())
	}
}

// TestDurationsOfCenturies has events at the first and at the last instant of all, and sums
// of waits that ran at the same time.
func TestDurationsOfCenturies(t *testing.T) {
	const all = time.Duration(lastInstant)
	rules := metrics.Rules{PauseStopsWaits: "parts", Calendar: metrics.AroundTheClock, RatingExpires: math.MaxInt64, ShortAbandon: math.MaxInt64}
	list := []metrics.Event{
		metrics.MessageReceived{Conversation: "long", At: firstOfAll},
		metrics.ReplySent{Conversation: "long", At: lastOfAll, Agent: "ana"},
		metrics.Resolved{Conversation: "long", At: lastOfAll, Agent: "ana", Seq: math.MaxInt64},
		metrics.Handled{Conversation: "long", At: lastOfAll, Agent: "ana", Took: math.MaxInt64},
		metrics.Handled{Conversation: "long", At: lastOfAll, Agent: "ben", Took: math.MaxInt64},
		metrics.RatingRequested{Conversation: "long", At: firstOfAll},
		metrics.MessageReceived{Conversation: "open", At: firstOfAll},
		metrics.MessageReceived{Conversation: "held", At: firstOfAll},
		metrics.Paused{Conversation: "held", At: firstOfAll.Add(1), For: "parts", Until: lastOfAll},
		metrics.ReplySent{Conversation: "held", At: lastOfAll},
		metrics.MessageReceived{Conversation: "gone", At: firstOfAll},
		metrics.Abandoned{Conversation: "gone", At: lastOfAll},
	}
	// Three waits of nearly all time go on in one conversation, one after another.
	for i, from := range []metrics.ConversationID{"x", "y", "z"} {
		at := lastOfAll.Add(time.Duration(3*i - 10))
		list = append(list,
			metrics.MessageReceived{Conversation: from, At: firstOfAll},
			metrics.Merged{Conversation: from, At: at, Into: "sum"},
			metrics.ReplySent{Conversation: "sum", At: at.Add(1), Agent: "ana"})
	}
	list = append(list, metrics.Opened{Conversation: "sum", At: firstOfAll}, metrics.Resolved{Conversation: "sum", At: lastOfAll})
	log := logOf(t, list)
	if !log.Earliest().Equal(firstOfAll) || !log.Latest().Equal(lastOfAll) {
		t.Errorf("from %v to %v", log.Earliest(), log.Latest())
	}
	for _, asOf := range []time.Time{lastOfAll, lastOfAll.Add(1), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(math.MaxInt64-62135596800, 0)} {
		reading := log.Read(rules, asOf)
		at := reading.Terms().AsOf
		e := metrics.NewEvidence(metrics.Whole, 9)
		b := metrics.NewBreakdown(metrics.Whole)
		if err := reading.Into(b, e); err != nil {
			t.Fatal(err)
		}
		f := b.Total()
		most := func(s metrics.Summary) time.Duration { d, _ := s.Max(); return d }
		for name, tt := range map[string]struct{ got, want time.Duration }{
			"a response":       {most(f.Elapsed.Response), all},
			"in hours":         {most(f.InHours.Response), all},
			"an open wait":     {most(f.Elapsed.StillWaiting), at.Sub(firstOfAll)},
			"abandoned":        {most(f.Elapsed.Abandoned), all},
			"a resolution":     {most(f.Elapsed.FullResolution), all},
			"a sum of waits":   {most(f.Elapsed.RequesterWait), math.MaxInt64},
			"the handle time":  {most(f.HandleTime), math.MaxInt64},
			"the open exhibit": {e.Total(metrics.ExhibitStillWaiting).List()[0].Elapsed, at.Sub(firstOfAll)},
			"the handled one":  {e.Total(metrics.ExhibitHandleTime).List()[0].Elapsed, math.MaxInt64},
		} {
			if tt.got != tt.want {
				t.Errorf("as of %v, %s took %v, want %v", asOf, name, tt.got, tt.want)
			}
		}
		if least, _ := f.Elapsed.Response.Min(); least != 1 {
			t.Errorf("as of %v, the held one took %v", asOf, least)
		}
		// Of one held, three moved and one long response: the sum needs more than 64 bits.
		if got, want := f.Elapsed.Response.Sum().Shift(9).String(), "36858585599999999979"; got != want {
			t.Errorf("as of %v, the responses took %s, want %s", asOf, got, want)
		}
		if mean, _ := f.Elapsed.Response.Mean(); mean != 7371717119999999996 {
			t.Errorf("as of %v, the mean is %d", asOf, mean)
		}
		if f.Requests.Pending != 1 || f.ShortAbandoned != 1 {
			t.Errorf("as of %v: %+v", asOf, f.Requests)
		}
		for h := range reading.Conversation("sum") {
			if sum, ok := h.RequesterWait(nil); !ok || sum != math.MaxInt64 {
				t.Errorf("the waits took %v", sum)
			}
		}
		for h := range reading.Conversation("long") {
			if sum, _ := h.HandleTime(); sum != math.MaxInt64 {
				t.Errorf("handled for %v", sum)
			}
			if before := h.Before(asOf.Add(time.Hour)); before.Conversation().Len() != h.Conversation().Len() {
				t.Errorf("before %v there are %d events", asOf, before.Conversation().Len())
			}
		}
	}
	for _, asOf := range []time.Time{{}, time.Unix(math.MinInt64, 0), time.Unix(0, math.MinInt64), firstOfAll.Add(-1)} {
		reading := log.Read(rules, asOf)
		if f := reading.Figures(); f.Cases != 0 || !f.AsOf.Equal(firstOfAll.Add(-1)) {
			t.Errorf("as of %v: %d cases, as of %v", asOf, f.Cases, f.AsOf)
		}
		for h := range log.Read(rules, lastOfAll).Histories() {
			if h.AsOf(asOf).Conversation().Len()+h.Before(asOf).Conversation().Len() != 0 {
				t.Errorf("something happened before %v", asOf)
			}
			if team, agent := h.InCharge(asOf); team != "" || agent != "" {
				t.Errorf("%s of %s is in charge at %v", agent, team, asOf)
			}
		}
	}
}

// TestFarSpans asks for spans, periods and hours of all times.
func TestFarSpans(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.Opened{Conversation: "first", At: firstOfAll}, metrics.Opened{Conversation: "last", At: lastOfAll},
	})
	for i, from := range farTimes {
		for _, to := range farTimes[i+1:] {
			b := metrics.NewBreakdown(func(f metrics.Facet) bool { return f.Within(metrics.Span{Start: from, End: to}) })
			if err := log.Read(metrics.Rules{}, lastOfAll).Into(b); err != nil {
				t.Fatal(err)
			}
			want := int64(0)
			for _, at := range []time.Time{firstOfAll, lastOfAll} {
				if !at.Before(from) && (to.IsZero() || at.Before(to)) {
					want++
				}
			}
			if got := b.Group(true).Cases; got != want {
				t.Errorf("from %v to %v there are %d cases, want %d", from, to, got, want)
			}
		}
		for _, unit := range []metrics.Unit{metrics.Day, metrics.Week, metrics.Month, metrics.Quarter, metrics.Year} {
			for _, zone := range []*time.Location{nil, lordHowe, time.FixedZone("", 14*3600), time.FixedZone("", -12*3600)} {
				periods := metrics.Periods{Unit: unit, Zone: zone}
				p := periods.Of(from)
				if year, _, _ := p.Date(); year < -10000 || year > 10000 { // by a day
					t.Errorf("%v is of the year %d", from, year)
				}
				if p.Next(1).Compare(p) <= 0 || p.Next(-1).Compare(p) >= 0 {
					t.Errorf("%v is not after %v", p.Next(1), p)
				}
			}
		}
		if h := metrics.HourOfWeekAt(from, lordHowe); h >= 7*24 {
			t.Errorf("hour %d of the week", h)
		}
	}
	for _, year := range []int{math.MinInt, -10000, 10000, math.MaxInt} {
		for _, month := range []time.Month{math.MinInt, 1, math.MaxInt} {
			for _, day := range []int{math.MinInt, 1, math.MaxInt} {
				p := metrics.PeriodOf(metrics.Month, year, month, day, time.Monday)
				for _, n := range []int{math.MinInt, math.MinInt / 3, math.MaxInt / 3, math.MaxInt} {
					next := p.Next(n)
					if order := next.Compare(p); order < 0 != (n < 0) || order == 0 {
						t.Errorf("%v comes %d after %v", next, n, p)
					}
					if at, _, _ := next.Date(); at < -12100 || at > 12100 {
						t.Errorf("%v is too far", next)
					}
				}
			}
		}
	}
	n := 0
	for range (metrics.Periods{Unit: metrics.Year}).Between(time.Date(9990, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(math.MaxInt64-62135596800, 0)) {
		n++
	}
	if n < 10 || n > 3000 {
		t.Errorf("%d years to the end of time", n)
	}
}
