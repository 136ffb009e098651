package metrics_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// channelOrAgent is a key that looks at one thing or the other.
func channelOrAgent(f metrics.Facet) string {
	if f.Channel() == metrics.Email {
		return "email"
	}
	return "agent " + string(f.Agent())
}

// A desk of sinks is several that are fed together or each alone.
type sinks struct {
	byChannel *metrics.Breakdown[metrics.Channel]
	byBoth    *metrics.Breakdown[string]
	total     *metrics.Breakdown[string]
	evidence  *metrics.Evidence[metrics.AgentID]
}

func newSinks() sinks {
	return sinks{
		metrics.NewBreakdown(metrics.Facet.Channel), metrics.NewBreakdown(channelOrAgent), metrics.NewBreakdown(metrics.Whole),
		metrics.NewEvidence(metrics.Facet.Agent, 2),
	}
}

func (s sinks) all() []metrics.Sink {
	return []metrics.Sink{s.byChannel, s.byBoth, s.total, s.evidence}
}

func (s sinks) merge(other sinks) error {
	return errors.Join(s.byChannel.Merge(other.byChannel), s.byBoth.Merge(other.byBoth), s.total.Merge(other.total), s.evidence.Merge(other.evidence))
}

func (s sinks) String() string {
	return groupsOf(s.byChannel) + groupsOf(s.byBoth) + groupsOf(s.total) + casesOf(s.evidence)
}

func groupsOf[K ~string](b *metrics.Breakdown[K]) string {
	var text strings.Builder
	for _, key := range slices.Sorted(b.Keys()) {
		fmt.Fprintf(&text, "%s: %s\n", key, binaryOf(b.Group(key)))
	}
	return fmt.Sprintln(text.String(), binaryOf(b.Total()), b.Terms())
}

func casesOf[K ~string](e *metrics.Evidence[K]) string {
	var text strings.Builder
	for _, key := range slices.Sorted(e.Keys()) {
		for _, kind := range exhibitKinds() {
			top := e.Group(key, kind)
			fmt.Fprintf(&text, "%s, %v: %d %+v\n", key, kind, top.Count(), top.List())
		}
	}
	return text.String()
}

func TestReadingLaws(t *testing.T) {
	properties := laws(t, 1000)
	read := func(steps []step, rules int, asOf int64) metrics.Reading {
		return logOf(t, events(steps, false)).Read(rulesOf(rules), time.Unix(0, asOf))
	}
	properties.Property("one pass for all sinks is a pass for each", prop.ForAll(func(steps []step, rules int, asOf int64) bool {
		together, apart, byHand := newSinks(), newSinks(), newSinks()
		r := read(steps, rules, asOf)
		if err := r.Into(together.all()...); err != nil {
			return false
		}
		for _, s := range apart.all() {
			if err := r.Into(s); err != nil {
				return false
			}
		}
		for h := range r.Histories() {
			for _, s := range byHand.all() {
				if err := s.Add(h); err != nil {
					return false
				}
			}
		}
		_ = r.Parts(0)
		bound := r.Terms()
		if !bound.AsOf.Equal(time.Unix(0, asOf)) || together.total.Terms().String() != bound.String() {
			return false
		}
		equal := fmt.Sprint(together) == fmt.Sprint(apart) && same(r.Figures(), together.total.Total()) &&
			same(r.Figures(), together.total.Group(metrics.Whole(metrics.Facet{})))
		if len(slices.Collect(r.Histories())) > 0 { // a loop of one's own does not tell the terms of nothing
			equal = equal && fmt.Sprint(together) == fmt.Sprint(byHand)
		}
		return equal
	}, genSteps(), genRules(), genAt()))
	properties.Property("parts merge to the whole, in any order", prop.ForAll(func(steps []step, rules int, asOf int64, n int) bool {
		r, whole, merged := read(steps, rules, asOf), newSinks(), newSinks()
		parts := r.Parts(n)
		slices.Reverse(parts)
		for _, part := range parts {
			s := newSinks()
			if err := errors.Join(part.Into(s.all()...), merged.merge(s)); err != nil {
				return false
			}
		}
		return r.Into(whole.all()...) == nil && (len(parts) == 0 || fmt.Sprint(whole) == fmt.Sprint(merged))
	}, genSteps(), genRules(), genAt(), gen.IntRange(-1, 4)))
	properties.Property("histories that are kept do not change", prop.ForAll(func(steps []step, rules int, asOf int64, more []step) bool {
		log := logOf(t, events(steps, false))
		r := log.Read(rulesOf(rules), time.Unix(0, asOf))
		kept := slices.Collect(r.Histories())
		tell := func() string {
			var text strings.Builder
			for _, h := range kept {
				fmt.Fprintf(&text, "%+v %+v %+v %v %v %v\n", h.Waits(), h.Cycles(), h.Updates(), h.Ratings(), h.Volume(), h.Owner())
			}
			return text.String()
		}
		was, s := tell(), newSinks()
		for _, e := range events(more, false) {
			if err := log.Append(e); err != nil {
				return false
			}
		}
		again := newSinks()
		return r.Into(s.all()...) == nil && tell() == was &&
			log.Read(rulesOf(rules), time.Unix(0, asOf)).Into(again.all()...) == nil && tell() == was
	}, genSteps(), genRules(), genAt(), genSteps()))
	properties.Property("a conversation is read alone as among others", prop.ForAll(func(steps []step, rules int, asOf int64) bool {
		r := read(steps, rules, asOf)
		for h := range r.Histories() {
			id := h.Conversation().ID()
			if h.Conversation().Len() == 0 {
				continue
			}
			alone := slices.Collect(r.Conversation(id))
			parts := 0
			for _, part := range r.Parts(3) {
				parts += len(slices.Collect(part.Conversation(id)))
			}
			_, waiting := h.StillWaiting()
			settled := false
			for s := range r.Settled().Conversation(id) {
				settled = settled || s.Case() == h.Case()
			}
			if parts != len(alone) || settled == (waiting || h.IsOpen() || h.Requests().Pending > 0) {
				return false
			}
			again := alone[h.Case()-1]
			if fmt.Sprintf("%+v", again.Waits()) != fmt.Sprintf("%+v", h.Waits()) || again.Conversation().ID() != id {
				return false
			}
		}
		return len(slices.Collect(r.Conversation("none of them"))) == 0
	}, genSteps(), genRules(), genAt()))
	properties.TestingRun(t)
}

func TestReadingParts(t *testing.T) {
	random := source(t)
	for range 200 {
		var list []metrics.Event
		for range random.IntN(60) {
			list = append(list, step{Kind: uint8(random.IntN(13)), At: random.Int64N(100), Bits: random.Int64()}.event())
		}
		log := logOf(t, list)
		var want, got []string
		longest := 0
		for c := range log.Conversations() {
			want = append(want, describe(c))
			longest = max(longest, c.Len())
		}
		n := random.IntN(12) - 1
		parts := log.Read(metrics.Rules{}, time.Unix(0, lastInstant)).Parts(n)
		if len(parts) > max(n, 1) {
			t.Fatalf("%d parts in place of %d", len(parts), n)
		}
		for _, part := range parts {
			events := 0
			for h := range part.Histories() {
				got = append(got, describe(h.Conversation()))
				events += h.Conversation().Len()
			}
			for range part.Histories() { // may be left
				break
			}
			if share := log.Len()/max(n, 1) + 1; events == 0 || events > share+longest {
				t.Fatalf("a part of %d has %d of %d events", n, events, log.Len())
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%d parts have %q, want %q", n, got, want)
		}
	}
}

func TestReadingOfNothing(t *testing.T) {
	for name, r := range map[string]metrics.Reading{
		"the zero Reading": {}, "an empty log": new(metrics.EventLog).Read(metrics.Rules{}, nine),
	} {
		s := newSinks()
		if err := r.Into(s.all()...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		n := len(slices.Collect(r.Histories())) + len(slices.Collect(r.Conversation("7"))) + len(r.Parts(3)) + len(r.Settled().Parts(1))
		if f := r.Figures(); n != 0 || f.Conversations != 0 || !f.AsOf.Equal(r.Terms().AsOf) {
			t.Errorf("%s has %d histories and %+v", name, n, f)
		}
		// Sinks know of when nothing happened.
		if !s.total.Terms().AsOf.Equal(r.Terms().AsOf) {
			t.Errorf("%s: %v", name, s.total.Terms())
		}
		if err := r.Into(s.all()...); err != nil { // nothing twice is nothing
			t.Errorf("%s, again: %v", name, err)
		}
	}
}

// hours is a calendar that cannot be compared.
type hours struct{ open []time.Duration }

func (hours) Between(start, end time.Time) time.Duration { return end.Sub(start) / 2 }

// sameHours can.
type sameHours struct{ hours }

func (h sameHours) Equal(other any) bool {
	o, ok := other.(sameHours)
	return ok && slices.Equal(h.open, o.open)
}

// What may be added up: rows of two readings, and whether the sum is right, and for
// which instant.
func TestTermsThatAddUp(t *testing.T) {
	log := logOf(t, []metrics.Event{metrics.MessageReceived{Conversation: "7", At: nine}, metrics.Resolved{Conversation: "7", At: nine}})
	other := logOf(t, []metrics.Event{metrics.MessageReceived{Conversation: "8", At: nine}, metrics.Resolved{Conversation: "8", At: nine}})
	usual := metrics.Rules{}
	by := func(c metrics.Calendar) metrics.Rules { return metrics.Rules{Calendar: c} }
	uncomparable := hours{[]time.Duration{1}}
	for _, tt := range []struct {
		name string
		a, b metrics.Reading
		want time.Time // zero: they do not add up
	}{
		{"the same", log.Read(usual, minute(1)), other.Read(usual, minute(1)), minute(1)},
		{"another instant", log.Read(usual, minute(1)), other.Read(usual, minute(2)), time.Time{}},
		{"other rules", log.Read(usual, minute(1)), other.Read(metrics.Rules{ByStart: true}, minute(1)), time.Time{}},
		{"hours of service and none", log.Read(usual, minute(1)), other.Read(by(metrics.AroundTheClock), minute(1)), time.Time{}},
		{"other hours", log.Read(by(shifts{1, 2}), minute(1)), other.Read(by(shifts{1, 3}), minute(1)), time.Time{}},
		{"equal hours", log.Read(by(shifts{1, 2}), minute(1)), other.Read(by(shifts{1, 2}), minute(1)), minute(1)},
		{"hours of another type", log.Read(by(shifts{1, 2}), minute(1)), other.Read(by(uncomparable), minute(1)), time.Time{}},
		{"hours that cannot be compared", log.Read(by(uncomparable), minute(1)), other.Read(by(uncomparable), minute(1)), time.Time{}},
		{"hours that say they are equal", log.Read(by(sameHours{uncomparable}), minute(1)), other.Read(by(sameHours{hours{[]time.Duration{1}}}), minute(1)), minute(1)},
		{"hours that say they are not", log.Read(by(sameHours{uncomparable}), minute(1)), other.Read(by(sameHours{}), minute(1)), time.Time{}},
		{"settled at two instants", log.Read(usual, minute(1)).Settled(), other.Read(usual, minute(2)).Settled(), minute(2)},
		{"settled before", log.Read(usual, minute(1)).Settled(), other.Read(usual, minute(2)), minute(2)},
		{"settled at the same instant", log.Read(usual, minute(1)).Settled(), other.Read(usual, minute(1)), minute(1)},
		{"settled afterwards", log.Read(usual, minute(2)).Settled(), other.Read(usual, minute(1)), time.Time{}},
		{"settled by other rules", log.Read(usual, minute(1)).Settled(), other.Read(metrics.Rules{ByStart: true}, minute(2)), time.Time{}},
	} {
		for range 2 {
			settled := tt.a.Terms().Settled && tt.b.Terms().Settled
			a, b := metrics.NewBreakdown(metrics.Whole), metrics.NewBreakdown(metrics.Whole)
			if err := errors.Join(tt.a.Into(a), tt.b.Into(b)); err != nil {
				t.Fatal(err)
			}
			check := func(how string, err error, got *metrics.Figures, terms metrics.Terms) {
				t.Helper()
				if tt.want.IsZero() {
					if !errors.Is(err, metrics.ErrOtherTerms) || got.Conversations != 1 || terms.AsOf != tt.a.Terms().AsOf {
						t.Errorf("%s, %s: %v, %d conversations %v", tt.name, how, err, got.Conversations, terms)
					}
				} else if err != nil || got.Conversations != 2 || !got.AsOf.Equal(tt.want) || got.Settled != settled || !terms.AsOf.Equal(tt.want) || terms.Settled != settled {
					t.Errorf("%s, %s: %v, %d conversations as of %v (settled: %v), %v", tt.name, how, err, got.Conversations, got.AsOf, got.Settled, terms)
				}
			}
			// Figures know nothing of rules.
			f := a.Total()
			refused := tt.name == "another instant" || tt.name == "settled afterwards"
			if err := f.Merge(b.Total()); errors.Is(err, metrics.ErrOtherTerms) != refused || !tt.want.IsZero() && !f.AsOf.Equal(tt.want) {
				t.Errorf("%s, figures: %v, as of %v", tt.name, err, f.AsOf)
			}
			fed := metrics.NewBreakdown(metrics.Whole)
			if err := tt.a.Into(fed); err != nil {
				t.Fatal(err)
			}
			err := tt.b.Into(fed)
			check("fed", err, fed.Total(), fed.Terms())
			err = a.Merge(b)
			check("merged", err, a.Total(), a.Terms())
			tt.a, tt.b = tt.b, tt.a
		}
		if x, y := tt.a.Terms(), tt.b.Terms(); x.Equal(y) && tt.want.IsZero() || !x.Equal(y) && tt.name == "the same" {
			t.Errorf("%s: %v and %v", tt.name, x, y)
		}
	}
}

// The same conversations are not counted twice, and what is refused leaves all sinks
// as they were.
func TestNothingIsCountedTwice(t *testing.T) {
	var list []metrics.Event
	for i := range 9 {
		list = append(list, metrics.MessageReceived{Conversation: metrics.ConversationID(fmt.Sprint(i)), At: nine})
	}
	log := logOf(t, list)
	r := log.Read(metrics.Rules{}, nine)
	parts := r.Parts(3)
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	for name, feed := range map[string]func(a, b sinks) error{
		"a reading again":        func(a, _ sinks) error { return errors.Join(r.Into(a.all()...), r.Into(a.all()...)) },
		"one sink twice":         func(a, _ sinks) error { return r.Into(a.total, a.total) },
		"a part of it":           func(a, _ sinks) error { return errors.Join(r.Into(a.all()...), parts[1].Into(a.total)) },
		"the whole after a part": func(a, _ sinks) error { return errors.Join(parts[2].Into(a.total), r.Into(a.evidence, a.total)) },
		"a part again": func(a, _ sinks) error {
			return errors.Join(parts[2].Into(a.total), parts[0].Into(a.total), parts[2].Into(a.total))
		},
		"merged": func(a, b sinks) error { return errors.Join(r.Into(a.all()...), parts[1].Into(b.all()...), a.merge(b)) },
		"merged of two parts": func(a, b sinks) error {
			return errors.Join(parts[0].Into(b.all()...), parts[2].Into(b.all()...), a.merge(b), parts[2].Into(a.total))
		},
		"the second of two parts": func(a, b sinks) error {
			return errors.Join(parts[0].Into(b.all()...), parts[2].Into(b.all()...), parts[2].Into(a.all()...), a.merge(b))
		},
		"merged into two parts": func(a, b sinks) error {
			return errors.Join(parts[0].Into(a.all()...), parts[2].Into(a.all()...), parts[2].Into(b.all()...), a.merge(b))
		},
		"with itself": func(a, _ sinks) error { return errors.Join(r.Into(a.all()...), a.merge(a)) },
		"the log of later": func(a, _ sinks) error {
			err := r.Into(a.all()...)
			track(t, log, metrics.MessageReceived{Conversation: "later", At: nine})
			return errors.Join(err, log.Read(metrics.Rules{}, nine).Into(a.all()...))
		},
	} {
		a, b := newSinks(), newSinks()
		if err := feed(a, b); !errors.Is(err, metrics.ErrTwice) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The last of the sinks refuses: the others can be fed.
	a, b := newSinks(), newSinks()
	if err := r.Into(a.evidence); err != nil {
		t.Fatal(err)
	}
	if err := r.Into(a.all()...); !errors.Is(err, metrics.ErrTwice) || a.total.Total().Conversations != 0 || !a.total.Terms().Equal(metrics.Terms{}) {
		t.Errorf("%v, and %d conversations", err, a.total.Total().Conversations)
	}
	for _, part := range []int{0, 2, 1} {
		if err := parts[part].Into(a.byChannel, a.byBoth, a.total); err != nil {
			t.Error(err)
		}
	}
	if err := r.Into(b.all()...); err != nil || fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("parts in any order: %v\n%v\n%v", err, a, b)
	}
}

// counted is a sink of a caller's that has had enough after so many histories.
type counted struct {
	n, limit int
}

var errEnough = errors.New("enough")

func (c *counted) Add(*metrics.History) error {
	if c.n++; c.n > c.limit {
		return errEnough
	}
	return nil
}

func TestReadingEndsWithTheErrorOfASink(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.Opened{Conversation: "1", At: nine}, metrics.Opened{Conversation: "2", At: nine}, metrics.Opened{Conversation: "3", At: nine},
	})
	s, before := &counted{limit: 1}, metrics.NewBreakdown(metrics.Whole)
	if err := log.Read(metrics.Rules{}, nine).Into(before, s); err != errEnough || s.n != 2 || before.Total().Conversations != 2 {
		t.Errorf("%v after %d histories", err, s.n)
	}
	if err := new(metrics.Breakdown[string]).Add(new(metrics.History)); !errors.Is(err, metrics.ErrOtherTerms) {
		t.Errorf("a history of no reading: %v", err)
	}
}

// A tracker of any sink is equal to that sink fed with everything.
func TestTrackerOfEvidence(t *testing.T) {
	d := newDesk(2000)
	log := new(metrics.EventLog)
	empty := func() *metrics.Evidence[metrics.AgentID] { return metrics.NewEvidence(metrics.Facet.Agent, 3) }
	tracker := metrics.NewTracker(metrics.Rules{}, empty)
	closes := 0
	for i := range 12_000 {
		e := d.event()
		track(t, log, e)
		track(t, tracker, e)
		if i%2000 == 1999 {
			n, err := tracker.Close(time.Unix(d.now, 0), hasRatings)
			if err != nil {
				t.Fatal(err)
			}
			closes += n
			want := empty()
			if err := log.Read(metrics.Rules{}, time.Unix(d.now, 0)).Into(want); err != nil {
				t.Fatal(err)
			}
			got, err := tracker.AsOf(time.Unix(d.now, 0))
			if err != nil || casesOf(got) != casesOf(want) {
				t.Fatalf("after %d events: %v\n%s\n%s", i, err, casesOf(got), casesOf(want))
			}
		}
	}
	if closes == 0 {
		t.Error("nothing was closed")
	}
}
