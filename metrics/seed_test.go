package metrics_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// seed returns the seed of a random test: TEST_SEED of the environment, else
// another one each time. It is printed when the test fails.
func seed(t testing.TB) int64 {
	t.Helper()
	n := time.Now().UnixNano()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", n)
	return n
}

func source(t testing.TB) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed(t)), 0))
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

// laws returns properties that are tried n times each; see rounds.
func laws(t *testing.T, n int) *gopter.Properties {
	p := gopter.DefaultTestParametersWithSeed(seed(t))
	p.MinSuccessfulTests = rounds(n)
	p.MinSize, p.MaxSize = 1, 20
	return gopter.NewProperties(p)
}

// A step is an event in three numbers, which shrink well. Any numbers are a
// valid event.
type step struct {
	Kind uint8 // modulo the number of kinds
	At   int64 // nanoseconds since 1970
	Bits int64 // everything else
}

// lastInstant is the last nanosecond of 2261.
const lastInstant = 9214646399_999999999

// digits takes small numbers off the front of a large one.
type digits uint64

func (d *digits) below(n int64) int64 {
	v := int64(uint64(*d) % uint64(n))
	*d /= digits(n)
	return v
}

func pick[T any](d *digits, values ...T) T { return values[d.below(int64(len(values)))] }

func (s step) event() metrics.Event {
	d := digits(s.Bits)
	r := metrics.Record{
		Type:         metrics.Kind(s.Kind%16) + 1,
		At:           time.Unix(0, min(max(s.At, 0), lastInstant)).UTC(),
		Conversation: pick[metrics.ConversationID](&d, "a", "b", "c"),
		ID:           pick[metrics.EventID](&d, "", "", "", "1", "2", "3"),
		Channel:      pick[metrics.Channel](&d, "", "email", "chat"),
		Agent:        pick[metrics.AgentID](&d, "", "ana", "ben", "email"),
		Customer:     pick[metrics.CustomerID](&d, "", "zoe", "yan"),
		Priority:     pick[metrics.Priority](&d, "", "high", "low"),
		Seq:          pick[int64](&d, 0, 0, 0, 1, 2),
		Team:         pick[metrics.TeamID](&d, "", "", "billing", "email"),
	}
	switch r.Type {
	case metrics.KindReplySent:
		r.By = pick(&d, metrics.ByPerson, metrics.ByPerson, metrics.ByAssistant, metrics.ByAutomation)
	case metrics.KindResolved:
		r.By = pick(&d, metrics.ByPerson, metrics.ByCustomer, metrics.ByAssistant, metrics.ByAutomation)
	case metrics.KindPaused:
		r.For = pick(&d, "", "customer", "third_party", "parts")
		if n := d.below(8); n > 4 && r.At.UnixNano() < lastInstant-4 {
			r.Until = r.At.Add(time.Duration(n - 4))
		}
	case metrics.KindHandled:
		r.Took, r.For = pick[metrics.Took](&d, 1, 5), pick(&d, "", "talk", "email")
	case metrics.KindRetracted:
		r.Retracts = pick[metrics.EventID](&d, "1", "2", "3", "none")
	case metrics.KindRatingGiven:
		r.Stars = pick[rating.Stars](&d, 1, 2, 3, 4, 5)
	case metrics.KindMerged:
		r.Into = pick[metrics.ConversationID](&d, "a", "b", "elsewhere")
	}
	e, err := r.Event()
	if err != nil {
		panic(err)
	}
	return e
}

// events returns the events of the steps. With one set, all are of conversation
// "a".
func events(steps []step, one bool) []metrics.Event {
	list := make([]metrics.Event, len(steps))
	for i, s := range steps {
		if one {
			s.Bits = max(s.Bits, 0) / 3 * 3
		}
		list[i] = s.event()
	}
	return list
}

// genAt yields instants close to each other and at the edges.
func genAt() gopter.Gen {
	return gen.Weighted([]gen.WeightedGen{
		{Weight: 20, Gen: gen.Int64Range(0, 12)},
		{Weight: 2, Gen: gen.Int64Range(0, lastInstant)},
		{Weight: 1, Gen: gen.OneConstOf(int64(0), int64(lastInstant), int64(lastInstant-1))},
	})
}

// genKind yields the kinds that make histories more often than the others, and
// a discarded conversation rarely.
func genKind() gopter.Gen {
	one := func(k metrics.Kind) gopter.Gen { return gen.Const(uint8(k) - 1) }
	return gen.Weighted([]gen.WeightedGen{
		{Weight: 20, Gen: gen.UInt8Range(0, 10)},
		{Weight: 12, Gen: one(metrics.KindMessageReceived)},
		{Weight: 10, Gen: one(metrics.KindReplySent)},
		{Weight: 6, Gen: one(metrics.KindResolved)},
		{Weight: 4, Gen: one(metrics.KindRatingRequested)},
		{Weight: 6, Gen: one(metrics.KindRatingGiven)},
		{Weight: 4, Gen: one(metrics.KindHandled)},
		{Weight: 1, Gen: one(metrics.KindDiscarded)},
	})
}

func genStep() gopter.Gen {
	return gopter.DeriveGen(
		func(kind uint8, at, bits int64) step { return step{kind, at, bits} },
		func(s step) (uint8, int64, int64) { return s.Kind, s.At, s.Bits },
		genKind(), genAt(), gen.Int64Range(0, 1<<40))
}

// genSteps yields steps of any kinds and, one time in four, those of conversations as desks
// have them, which shrink to others.
func genSteps() gopter.Gen {
	any := gen.SliceOf(genStep())
	return func(p *gopter.GenParameters) *gopter.GenResult {
		result := any(p)
		if p.Rng.Intn(4) == 0 {
			result.Result = plausibleSteps(p.Rng.Int63())
		}
		return result
	}
}

// plausibleSteps returns the steps of one conversation, and of another one now and then:
// the customer writes, is answered, put on hold, helped and asked how it was, and comes back.
func plausibleSteps(seed int64) (steps []step) {
	random := rand.New(rand.NewPCG(uint64(seed), 4))
	now := int64(0)
	add := func(k metrics.Kind, special int64) {
		// The digits of [step.event], from the last to the first.
		bits := special
		for _, d := range [...]struct{ digit, below int64 }{
			{random.Int64N(4), 4}, {0, 5}, {random.Int64N(3), 3}, {random.Int64N(3), 3}, {random.Int64N(4), 4}, {random.Int64N(3), 3},
			{max(0, random.Int64N(20)-14), 6}, {max(0, random.Int64N(12)-9), 3},
		} {
			bits = bits*d.below + d.digit
		}
		steps = append(steps, step{uint8(k) - 1, now, bits})
		now += random.Int64N(3)
	}
	add(metrics.KindMessageReceived, 0)
	for range 6 + random.IntN(8) {
		switch random.IntN(9) {
		case 0, 1:
			add(metrics.KindMessageReceived, 0)
			add(metrics.KindReplySent, random.Int64N(4))
		case 2:
			add(metrics.KindReplySent, 0)
		case 3, 4:
			add(metrics.KindPaused, random.Int64N(4))
			add(metrics.KindResumed, 0)
		case 5, 6:
			add(metrics.KindResolved, random.Int64N(4))
			if random.IntN(2) == 0 {
				add(metrics.KindRatingRequested, 0)
			}
			add(metrics.KindRatingGiven, random.Int64N(5))
			add(metrics.KindReopened, 0)
		case 7:
			add(metrics.KindAssigned, 0)
		default:
			add(metrics.Kind(1+random.IntN(10)), 0)
		}
	}
	if random.IntN(2) == 0 {
		add(metrics.KindResolved, 0)
	}
	return steps
}

// TestGeneratedSteps looks how often what the laws are about comes in what they are given.
func TestGeneratedSteps(t *testing.T) {
	const draws = 3000
	p := gopter.DefaultGenParameters().WithSize(20)
	p.Rng.Seed(seed(t))
	steps, seen := genSteps(), make(map[string]int)
	for range draws {
		value, _ := steps(p).Retrieve()
		list := events(value.([]step), true)
		if len(list) == 0 {
			continue
		}
		o := oracles(list, metrics.Rules{}, lastInstant)["a"]
		note(seen, o, lastInstant)
		cycles, _ := o.cycles()
		twice := false
		for _, c := range cycles {
			n := 0
			for _, h := range o.holds() {
				n += int(count(h.start >= c.start && h.start < c.end))
			}
			twice = twice || n > 1
		}
		h := logOf(t, list)
		for h := range h.Read(metrics.Rules{}, time.Unix(0, lastInstant)).Histories() {
			once, _ := h.OneTouch()
			seen["one touch"] += int(count(once))
		}
		seen["two cycles"] += int(count(len(cycles) > 1))
		seen["two pauses in a cycle"] += int(count(twice))
		seen["an edit"] += int(count(h.Duplicates() > 0))
	}
	// Each floor is far below what 20 seeds gave.
	for what, least := range map[string]int{
		"a second response": 200, "two cycles": 700, "two pauses in a cycle": 180, "two ratings": 600, "one touch": 15,
		"a second pause": 270, "an edit": 500, "three ties": 900,
	} {
		t.Logf("%s: %d of %d", what, seen[what], draws)
		if seen[what] < least {
			t.Errorf("%s comes %d times in %d, want %d", what, seen[what], draws, least)
		}
	}
}

// genRules yields numbers that [rulesOf] makes Rules of.
func genRules() gopter.Gen { return gen.IntRange(0, allRules-1) }

const allRules = 3 * 3 * 3 * 3 * 3 * 32 * 2 * 4 * 3

// rulesOf returns the n-th of all combinations of options.
func rulesOf(n int) metrics.Rules {
	d := digits(n)
	flag := func() bool { return d.below(2) == 1 }
	r := metrics.Rules{
		Automation:        metrics.AutomationReplies(d.below(3)),
		Assistant:         metrics.AssistantReplies(d.below(3)),
		MessageResumes:    metrics.MessageResumes(d.below(3)),
		PauseStopsWaits:   pick[metrics.HoldReasons](&d, "", metrics.AnyReason, "customer,parts"),
		FirstResponseFrom: metrics.ClockStart(d.below(3)),
		ExcludeTeamFirst:  flag(),
		ReopenExplicitly:  flag(),
		CreditAssigned:    flag(),
		ByStart:           flag(),
		CountEachRating:   flag(),
	}
	if flag() {
		r.NewCaseAfter = 2
	}
	if flag() {
		r.RatingExpires = 4
	}
	if flag() {
		r.ShortAbandon = 2
	}
	switch d.below(3) {
	case 1:
		r.Calendar = shifts{open: 2, period: 3}
	case 2:
		r.TeamCalendars = map[metrics.TeamID]metrics.Calendar{"billing": shifts{open: 1, period: 3}}
		r.ChannelCalendars = map[metrics.Channel]metrics.Calendar{"email": shifts{open: 2, period: 5}}
	}
	return r
}

// shifts is a calendar that is open for the first nanoseconds of each period
// since 1970.
type shifts struct{ open, period int64 }

func (s shifts) Between(start, end time.Time) time.Duration {
	return s.since(end) - s.since(start)
}

func (s shifts) since(t time.Time) time.Duration {
	n := t.UnixNano()
	whole, rest := n/s.period, n%s.period
	if rest < 0 {
		whole, rest = whole-1, rest+s.period
	}
	return time.Duration(whole*s.open + min(rest, s.open))
}

// logOf returns a log of the events.
func logOf(t testing.TB, list []metrics.Event) *metrics.EventLog {
	log := new(metrics.EventLog)
	for _, e := range list {
		if err := log.Append(e); err != nil {
			t.Fatalf("Append(%T%+v): %v", e, e, err)
		}
	}
	return log
}
