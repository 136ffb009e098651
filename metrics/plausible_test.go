package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// A plausible desk does what desks do: customers write, assistants and people answer,
// conversations are put on hold, solved, merged, opened again and rated. Its clock often
// stands still, so that there are ties of all kinds.
type plausible struct {
	random *rand.Rand
	now    int64
	seqs   bool // whether the source numbers its rows
	list   []metrics.Event
	taken  map[metrics.ConversationID][]metrics.EventID
}

// plausibleDesk returns the events of three conversations in the order in which they
// happened.
func plausibleDesk(seed int64) []metrics.Event {
	p := &plausible{random: rand.New(rand.NewPCG(uint64(seed), 1)), taken: make(map[metrics.ConversationID][]metrics.EventID)}
	p.seqs = p.random.IntN(4) == 0
	state := map[metrics.ConversationID]string{"a": "new", "b": "new", "c": "new"}
	for range 20 + p.random.IntN(40) {
		if p.random.IntN(3) > 0 {
			p.now += p.random.Int64N(4)
		}
		id := one(p.random, metrics.ConversationID("a"), "a", "b", "c")
		state[id] = p.happen(id, state[id])
	}
	return p.list
}

func one[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// happen adds an event that fits a state, and returns the state after it.
func (p *plausible) happen(id metrics.ConversationID, state string) string {
	what := map[string][]string{
		"new":     {"message", "message", "opened", "reply", "assigned"},
		"waiting": {"reply", "reply", "reply", "assistant", "assistant", "assistant", "assistant", "bot", "message", "assigned", "paused", "merged", "merged", "resolved", "abandoned", "prioritized"},
		"helped":  {"assigned", "assigned", "assigned", "message", "resolved", "paused"},
		"heard":   {"message", "message", "resolved", "resolved", "paused", "assigned", "requested", "rated", "reply", "handled", "retracted"},
		"held":    {"message", "resumed", "resumed", "reply", "paused", "resolved"},
		"closed":  {"message", "reopened", "reopened", "rated", "rated", "requested", "requested", "handled", "handled", "paused", "retracted", "merged", "discarded"},
		"asked":   {"rated", "rated", "rated", "rated", "requested", "assigned", "assigned", "reply", "assistant", "message", "reopened", "retracted"},
		"gone":    {"reopened", "message", "reply"},
	}[state]
	r := metrics.Record{
		Conversation: id, At: time.Unix(0, p.now).UTC(),
		Agent: one(p.random, metrics.AgentID("ana"), "ben", ""), Channel: one(p.random, metrics.Channel(""), "email", "chat"),
	}
	if p.seqs {
		r.Seq = int64(len(p.list))
	}
	if p.random.IntN(3) == 0 {
		r.ID = metrics.EventID(fmt.Sprint(len(p.list)))
		p.taken[id] = append(p.taken[id], r.ID)
	}
	switch one(p.random, what...) {
	case "message":
		r.Type, state = metrics.KindMessageReceived, "waiting"
	case "opened":
		r.Type, state = metrics.KindOpened, "heard"
	case "reply":
		r.Type, state = metrics.KindReplySent, "heard"
	case "assistant":
		r.Type, r.By, r.Agent, state = metrics.KindReplySent, metrics.ByAssistant, "fin", "helped"
	case "bot":
		r.Type, r.By = metrics.KindReplySent, metrics.ByAutomation
	case "assigned":
		r.Type, r.Team = metrics.KindAssigned, one(p.random, metrics.TeamID(""), "billing", "billing", "repairs")
		r.Agent = one(p.random, metrics.AgentID("ana"), "ana", "ben", "ben", "fin", "")
		if state == "helped" {
			state = "waiting"
		}
	case "prioritized":
		r.Type, r.Priority = metrics.KindPrioritized, one(p.random, metrics.Priority("high"), "low")
	case "paused":
		r.Type, r.For = metrics.KindPaused, one(p.random, "", "customer", "third_party", "parts")
		if p.random.IntN(4) == 0 {
			r.Until = r.At.Add(time.Duration(1 + p.random.IntN(5)))
		}
		if state != "closed" {
			state = "held"
		}
	case "resumed":
		r.Type, state = metrics.KindResumed, "heard"
	case "handled":
		r.Type, r.Took = metrics.KindHandled, one(p.random, metrics.Took(2), 3)
		r.For = one(p.random, "", "talk", "wrap_up")
	case "resolved":
		r.Type, r.By, state = metrics.KindResolved, one(p.random, metrics.ByPerson, metrics.ByCustomer, metrics.ByAssistant), "closed"
	case "abandoned":
		r.Type, state = metrics.KindAbandoned, "closed"
	case "merged":
		r.Type, r.Into = metrics.KindMerged, one(p.random, metrics.ConversationID("a"), "b", "c", "a", "b", "c", "elsewhere")
		state = "closed"
	case "discarded":
		r.Type, state = metrics.KindDiscarded, "gone"
	case "reopened":
		r.Type, state = metrics.KindReopened, "heard"
	case "requested":
		r.Type, state = metrics.KindRatingRequested, "asked"
	case "rated":
		r.Type, r.Stars = metrics.KindRatingGiven, rating.Stars(1+p.random.IntN(5))
	case "retracted":
		r.Type, r.Retracts = metrics.KindRetracted, "nothing"
		if ids := p.taken[id]; len(ids) > 0 {
			r.Retracts = one(p.random, ids...)
		}
	}
	r = fitting(r)
	e, err := r.Event()
	if err != nil {
		panic(fmt.Sprint(err, " ", r))
	}
	p.list = append(p.list, e)
	return state
}

// fitting drops the agent and channel of an event that has none.
func fitting(r metrics.Record) metrics.Record {
	switch r.Type {
	case metrics.KindReplySent, metrics.KindRatingGiven, metrics.KindRatingRequested:
	case metrics.KindOpened, metrics.KindMessageReceived:
		r.Agent = ""
	case metrics.KindAssigned, metrics.KindHandled, metrics.KindResolved, metrics.KindReopened:
		r.Channel = ""
	default:
		r.Agent, r.Channel = "", ""
	}
	return r
}

// TestPlausibleDesks compares every conversation of many desks with the oracle, mergers
// among them, and sees that their events may come in any order.
func TestPlausibleDesks(t *testing.T) {
	seen := make(map[string]int)
	desks := 0
	properties := laws(t, 3000)
	properties.Property("every accessor, and every order", prop.ForAll(func(seed int64, rules int, asOf int64) string {
		list, r := plausibleDesk(seed), rulesOf(rules)
		if seed%3 != 0 {
			asOf = lastInstant
		}
		if seed%2 != 0 {
			r.Assistant, r.FirstResponseFrom = metrics.AssistantEnds, metrics.FromWait
		}
		desks++
		log, at := logOf(t, list), time.Unix(0, asOf).UTC()
		all, figures := oracles(list, r, asOf), breakdown(list, r, asOf)
		for h := range log.Read(r, at).Histories() {
			o := all[h.Conversation().ID()].cases()[h.Case()-1]
			note(seen, o, asOf)
			if text := differences(reportOf(h), o.report(asOf)); text != "" {
				return fmt.Sprintf("%+v as of %d, conversation %s\n%s\n%+v", r, asOf, h.Conversation().ID(), text, list)
			}
		}
		if text := sameGroups(added(log, r, asOf, keyOf), figures); text != "" {
			return fmt.Sprintf("%+v as of %d\n%s\n%+v", r, asOf, text, list)
		}
		shuffled := slices.Clone(list)
		rand.New(rand.NewPCG(uint64(seed), 2)).Shuffle(len(list), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if text := sameGroups(added(logOf(t, shuffled), r, asOf, keyOf), figures); text != "" {
			return fmt.Sprintf("in another order, %+v as of %d\n%s\n%+v", r, asOf, text, list)
		}
		return ""
	}, gen.Int64Range(0, 1<<40), genRules(), gen.Int64Range(0, 40)))
	properties.TestingRun(t)
	for what, n := range seen {
		if n < desks/10 && !testing.Short() {
			t.Errorf("%s in %d of %d desks, which is too rare to prove anything", what, n, desks)
		}
	}
}

// note counts what is worth testing in a conversation.
func note(seen map[string]int, o oracle, asOf int64) {
	var kinds [20]int
	ties := 0
	for i, r := range o.list {
		kinds[r.Type]++
		ties += int(count(i > 0 && r.At.Equal(o.list[i-1].At)))
	}
	outcomes := make(map[metrics.Outcome]int)
	for _, w := range o.waits() {
		outcomes[w.outcome]++
	}
	_, reopens := o.cycles()
	fates := make(map[string]int)
	for _, r := range o.requests(asOf) {
		fates[r.fate]++
	}
	again := false // rated twice after one request
	for i, r := range o.list {
		again = again || isRating(r) && i > 0 && isRating(o.list[i-1]) && o.before(i, isRequest)
	}
	unsolicited := slices.ContainsFunc(o.ratings(), func(r oracleRating) bool { return r.unsolicited })
	for what, is := range map[string]bool{
		"a second response": outcomes[metrics.Answered] > 1, "an assistant's answer": outcomes[metrics.AnsweredByAssistant] > 0,
		"a wait that moved": outcomes[metrics.Moved] > 0, "a wait that arrived": slices.ContainsFunc(o.list, arrived),
		"a second pause": len(o.holds()) > 1, "two ratings": kinds[metrics.KindRatingGiven] > 1,
		"an answered request": fates["answered"] > 0, "an unanswered request": fates["unanswered"] > 0,
		"a replaced request": fates["replaced"] > 0, "two requests": fates["answered"]+fates["unanswered"] > 1,
		"a second thought": again, "an unsolicited rating": unsolicited, "one beside requests": unsolicited && len(fates) > 0,
		"two activities": len(o.handling()) > 1,
		"a reopening":    reopens > 0, "three ties": ties > 2, "a second case": o.number > 0,
		"a second station": len(o.stations()) > 1,
		"a hand-off":       slices.ContainsFunc(o.waits(), func(w oracleSpan) bool { return w.handedOff }),
	} {
		seen[what] += int(count(is))
	}
}
