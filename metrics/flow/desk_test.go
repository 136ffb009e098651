package flow_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// laws returns properties that are tried n times each; see rounds. The seed is printed,
// and can be set by TEST_SEED.
func laws(t *testing.T, n int) *gopter.Properties {
	t.Helper()
	seed := time.Now().UnixNano()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", seed)
	p := gopter.DefaultTestParametersWithSeed(seed)
	p.MinSuccessfulTests = rounds(n)
	p.MinSize, p.MaxSize = 1, 30
	return gopter.NewProperties(p)
}

// rounds returns how often a random test tries what is tried n times with
// TEST_THOROUGH=1 in the environment: a quarter of that without it, and a tenth with
// -short.
func rounds(n int) int {
	switch {
	case testing.Short():
		n /= 10
	case os.Getenv("TEST_THOROUGH") == "":
		n /= 4
	}
	return max(n, 20)
}

// A step is an event in three numbers, which shrink well. Any numbers are a
// valid event.
type step struct {
	Kind uint8
	Slot int64 // see instantOf
	Bits int64 // everything else
}

// first is the first instant of the tests: Wednesday, two days before the week in
// which the clocks of Berlin go forward, on Sunday, 29 March 2026, at 01:00 UTC.
var first = time.Date(2026, 3, 25, 0, 0, 0, 0, time.UTC)

const slots = 3 * 10 * 48 // ten days

// instantOf returns an instant on a half hour, or a nanosecond before or after.
func instantOf(slot int64) time.Time {
	return first.Add(time.Duration(slot/3)*30*time.Minute + time.Duration(slot%3-1))
}

func genSlot() gopter.Gen {
	return gen.Weighted([]gen.WeightedGen{
		{Weight: 4, Gen: gen.Int64Range(0, slots)},
		{Weight: 1, Gen: gen.Int64Range(3*22*2, 3*26*2)}, // around a midnight: events that meet
	})
}

// digits takes small numbers off the front of a large one.
type digits uint64

func (d *digits) below(n int) int {
	v := int(uint64(*d) % uint64(n))
	*d /= digits(n)
	return v
}

func pick[T any](d *digits, values ...T) T { return values[d.below(len(values))] }

func (s step) event() metrics.Event {
	d := digits(s.Bits)
	r := metrics.Record{
		Type:         metrics.Kind(s.Kind%16) + 1,
		At:           instantOf(s.Slot),
		Conversation: pick[metrics.ConversationID](&d, "a", "b", "b", "c", "c", "d"),
		ID:           pick[metrics.EventID](&d, "", "", "1", "2"),
		Seq:          pick[int64](&d, 0, 0, 0, 0, 1),
		Channel:      pick[metrics.Channel](&d, "", "email", "chat"),
		Agent:        pick[metrics.AgentID](&d, "", "ana", "ben", "bot"),
	}
	if d.below(2) == 0 {
		r.At = instantOf(s.Slot / 288 * 288) // one of five, where many meet
	}
	switch r.Type {
	case metrics.KindMessageReceived:
		r.Customer = pick[metrics.CustomerID](&d, "", "kim", "kim", "lee")
	case metrics.KindReplySent:
		r.By = pick(&d, metrics.ByPerson, metrics.ByAssistant, metrics.ByAssistant, metrics.ByAutomation)
	case metrics.KindAssigned:
		r.Team = pick[metrics.TeamID](&d, "", "", "returns")
		if r.Agent == "bot" {
			r.Team = "" // a team of assistants is a question of its own
		}
	case metrics.KindPaused:
		r.For = pick(&d, "", string(metrics.ForCustomer), string(metrics.ForThirdParty), "parts")
		if d.below(4) == 0 {
			r.Until = r.At.Add(5 * time.Hour)
		}
	case metrics.KindPrioritized:
		r.Priority = pick[metrics.Priority](&d, "", "high")
	case metrics.KindHandled:
		r.Took = metrics.Took(time.Minute)
	case metrics.KindRatingGiven:
		r.Stars = pick[rating.Stars](&d, 1, 5)
	case metrics.KindMerged:
		r.Into = pick[metrics.ConversationID](&d, "a", "a", "b", "elsewhere")
	case metrics.KindRetracted:
		r.Retracts = pick[metrics.EventID](&d, "1", "2")
	}
	e, err := r.Event()
	if err != nil {
		panic(err)
	}
	return e
}

// genSteps makes events that have nothing to do with each other or, in a third of the
// cases, what desks do.
func genSteps() gopter.Gen {
	return gen.Weighted([]gen.WeightedGen{
		{Weight: 2, Gen: genAnySteps()},
		{Weight: 1, Gen: gen.Int64Range(0, 1<<40).Map(plausibleSteps)},
	})
}

// plausibleSteps are conversations in which one thing leads to another: customers write,
// assistants and people answer, conversations are put on hold, solved, merged and opened
// again. The clock often stands still.
func plausibleSteps(seed int64) []step {
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	state := []string{"new", "new", "new"} // of a, b and c
	slot := random.Int64N(slots / 2)
	var steps []step
	for range 20 + random.IntN(40) {
		if random.IntN(3) > 0 {
			slot += 1 + random.Int64N(12)
		}
		n := random.IntN(len(state))
		kinds := map[string][]metrics.Kind{
			"new":     {metrics.KindMessageReceived, metrics.KindMessageReceived, metrics.KindOpened, metrics.KindAssigned},
			"waiting": {metrics.KindReplySent, metrics.KindReplySent, metrics.KindReplySent, metrics.KindReplySent, metrics.KindReplySent, metrics.KindAssigned, metrics.KindPaused, metrics.KindMerged, metrics.KindAbandoned},
			"heard":   {metrics.KindMessageReceived, metrics.KindMessageReceived, metrics.KindResolved, metrics.KindPaused, metrics.KindAssigned, metrics.KindHandled},
			"held":    {metrics.KindResumed, metrics.KindMessageReceived, metrics.KindReplySent, metrics.KindPaused},
			"closed":  {metrics.KindMessageReceived, metrics.KindReopened, metrics.KindRatingRequested, metrics.KindRatingGiven},
		}[state[n]]
		kind := kinds[random.IntN(len(kinds))]
		switch kind {
		case metrics.KindMessageReceived:
			state[n] = "waiting"
		case metrics.KindReplySent, metrics.KindResumed, metrics.KindReopened, metrics.KindOpened:
			state[n] = "heard"
		case metrics.KindPaused:
			state[n] = "held"
		case metrics.KindResolved, metrics.KindAbandoned, metrics.KindMerged:
			state[n] = "closed"
		}
		meet := int64(1) // not at an instant at which many do
		if random.IntN(8) == 0 {
			meet = 0
		}
		// The digits that step.event takes off, in reverse. Few have an ID.
		bits := random.Int64N(1 << 20)
		if kind == metrics.KindReplySent && random.IntN(5) < 3 {
			bits -= bits % 4 // by a person
		}
		for _, digit := range [...]struct{ base, value int64 }{
			{2, meet}, {4, random.Int64N(4)}, {3, random.Int64N(3)}, {5, 0}, {4, random.Int64N(9) / 4}, {6, []int64{0, 1, 3}[n]},
		} {
			bits = bits*digit.base + digit.value
		}
		steps = append(steps, step{uint8(kind) - 1, slot, bits})
	}
	return steps
}

// TestPlausibleSteps counts how often what matters comes up.
func TestPlausibleSteps(t *testing.T) {
	seen := make(map[string]int)
	n := 0
	for seed := range rounds(2000) {
		reading := logOf(t, eventsOf(plausibleSteps(int64(seed)))).Read(metrics.Rules{}, instantOf(2*slots))
		for h := range reading.Histories() {
			n++
			responses := 0
			for w := range h.WaitSpells() {
				if w.Outcome() == metrics.Answered {
					responses++
				}
			}
			holds := 0
			for _, c := range h.Cycles() {
				holds = max(holds, len(c.Holds))
			}
			for what, is := range map[string]bool{
				"a second response": responses > 1, "two cycles": len(h.Cycles()) > 1, "a pause": holds > 0, "two pauses in a cycle": holds > 1,
				"a reopening": h.Reopens() > 0, "an assistant": h.Volume().Assistant > 0, "two stations": len(h.Stations()) > 1,
				"merged": h.Has(metrics.KindMerged), "work": h.Has(metrics.KindHandled),
			} {
				if is {
					seen[what]++
				}
			}
		}
	}
	if len(seen) != 9 {
		t.Error(seen)
	}
	for what, count := range seen {
		t.Logf("%s in %d of %d conversations", what, count, n)
		if count < n/20 && !testing.Short() {
			t.Errorf("%s in %d of %d conversations, which is too rare to prove anything", what, count, n)
		}
	}
}

func genAnySteps() gopter.Gen {
	one := func(k metrics.Kind) gopter.Gen { return gen.Const(uint8(k) - 1) }
	kind := gen.Weighted([]gen.WeightedGen{
		{Weight: 28, Gen: gen.UInt8Range(0, 13)},
		{Weight: 16, Gen: one(metrics.KindMessageReceived)},
		{Weight: 16, Gen: one(metrics.KindReplySent)},
		{Weight: 10, Gen: one(metrics.KindAssigned)},
		{Weight: 8, Gen: one(metrics.KindResolved)},
		{Weight: 3, Gen: one(metrics.KindAbandoned)},
		{Weight: 9, Gen: one(metrics.KindMerged)},
		{Weight: 3, Gen: one(metrics.KindDiscarded)},
		{Weight: 4, Gen: one(metrics.KindRetracted)},
	})
	return gen.SliceOf(gopter.DeriveGen(
		func(kind uint8, slot, bits int64) step { return step{kind, slot, bits} },
		func(s step) (uint8, int64, int64) { return s.Kind, s.Slot, s.Bits },
		kind, genSlot(), gen.Int64Range(0, 1<<50)))
}

// A setting is everything that a series is asked with, in numbers.
type setting struct {
	Rules, Unit     int
	AsOf, From, Len int64 // slots
}

func genSetting() gopter.Gen {
	return gopter.DeriveGen(
		func(rules, unit int, asOf, from, length int64) setting {
			return setting{rules, unit, asOf, from, length}
		},
		func(s setting) (int, int, int64, int64, int64) { return s.Rules, s.Unit, s.AsOf, s.From, s.Len },
		gen.IntRange(0, 3*3*2*2*2-1), gen.IntRange(0, 9), gen.Int64Range(slots/3, slots+3*48), genSlot(), gen.Int64Range(-3, slots))
}

func (s setting) rules() metrics.Rules {
	d := digits(s.Rules)
	r := metrics.Rules{
		Automation:       metrics.AutomationReplies(d.below(3)),
		Assistant:        metrics.AssistantReplies(d.below(3)),
		ReopenExplicitly: d.below(2) == 1,
		ExcludeTeamFirst: d.below(2) == 1,
	}
	if d.below(2) == 1 {
		r.Calendar = minutes(20)
	}
	return r
}

func (s setting) periods(tb testing.TB) metrics.Periods {
	p := metrics.Periods{Unit: metrics.Unit(s.Unit / 2), WeekStart: time.Monday}
	if s.Unit%2 == 1 {
		p.Zone = zone(tb, "Europe/Berlin")
	}
	return p
}

func (s setting) read(log *metrics.EventLog) metrics.Reading { return log.Read(s.rules(), s.asOf()) }

func (s setting) asOf() time.Time { return instantOf(s.AsOf) }
func (s setting) from() time.Time { return instantOf(s.From) }
func (s setting) to() time.Time   { return instantOf(s.From + s.Len) }

// minutes is a calendar that is open for so many minutes of each hour.
type minutes int64

func (m minutes) Between(start, end time.Time) time.Duration { return m.since(end) - m.since(start) }

func (m minutes) since(t time.Time) time.Duration {
	whole, rest := t.UnixNano()/int64(time.Hour), t.UnixNano()%int64(time.Hour)
	return time.Duration(whole*int64(m))*time.Minute + min(time.Duration(rest), time.Duration(m)*time.Minute)
}

// logOf returns a log of events.
func logOf(tb testing.TB, list []metrics.Event) *metrics.EventLog {
	tb.Helper()
	log := new(metrics.EventLog)
	for _, e := range list {
		if err := log.Append(e); err != nil {
			tb.Fatalf("Append(%T%+v): %v", e, e, err)
		}
	}
	return log
}

// fed returns a sink that was fed with a reading.
func fed[S metrics.Sink](tb testing.TB, reading metrics.Reading, sink S) S {
	tb.Helper()
	if err := reading.Into(sink); err != nil {
		tb.Fatal(err)
	}
	return sink
}

// fedBy returns a sink to which histories were added one by one.
func fedBy[S metrics.Sink](tb testing.TB, histories []*metrics.History, sink S) S {
	tb.Helper()
	for _, h := range histories {
		if err := sink.Add(h); err != nil {
			tb.Fatal(err)
		}
	}
	return sink
}

// merged returns a sink into which others were merged.
func merged[S metrics.Accumulator[S]](tb testing.TB, sink S, others ...S) S {
	tb.Helper()
	for _, other := range others {
		if err := sink.Merge(other); err != nil {
			tb.Fatal(err)
		}
	}
	return sink
}

func eventsOf(steps []step) []metrics.Event {
	list := make([]metrics.Event, len(steps))
	for i, s := range steps {
		list[i] = s.event()
	}
	return list
}

// shuffled returns the histories of a reading in another order.
func shuffled(reading metrics.Reading, seed int64) []*metrics.History {
	all := slices.Collect(reading.Histories())
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}
