package metrics_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

	"github.com/servicequality/servicequality/metrics"
)

// A trackerModel is every event that a tracker was given, each conversation
// that came back after its closing under a name of its own: what the batch has.
// It is never changed.
type trackerModel struct {
	rules  metrics.Rules
	events []metrics.Event
	lives  map[metrics.ConversationID]int // how often it was closed
	until  int64                          // the last event of what is closed, or −1
	closed int                            // how many the last call closed
}

func lifeName(id metrics.ConversationID, life int) metrics.ConversationID {
	return metrics.ConversationID(fmt.Sprintf("%s#%d", id, life))
}

// live returns the events of the present life of each conversation that has any.
func (m trackerModel) live() map[metrics.ConversationID][]metrics.Record {
	live := make(map[metrics.ConversationID][]metrics.Record)
	for _, id := range []metrics.ConversationID{"a", "b", "c"} {
		of := slices.DeleteFunc(slices.Clone(m.events), func(e metrics.Event) bool {
			return metrics.RecordOf(e).Conversation != lifeName(id, m.lives[id])
		})
		if list := known(of, lastInstant); len(list) > 0 {
			live[id] = list
		}
	}
	return live
}

func (m trackerModel) append(e metrics.Event) trackerModel {
	r := metrics.RecordOf(e)
	r.Conversation = lifeName(r.Conversation, m.lives[r.Conversation])
	if r.Type == metrics.KindMerged {
		r.Into = lifeName(r.Into, m.lives[r.Into])
	}
	e, err := r.Event()
	if err != nil {
		panic(err)
	}
	m.events = append(slices.Clone(m.events), e)
	return m
}

// settled returns from when on a conversation in which nothing is open stays as it is.
func (m trackerModel) settled(o oracle) int64 {
	list := slices.DeleteFunc(slices.Clone(o.list), arrived)
	last := ns(list[len(list)-1])
	for _, c := range o.cases() {
		requests := c.requests(lastInstant)
		if n := len(requests); c.counts() && n > 0 && m.rules.RatingExpires > 0 && requests[n-1].fate == "unanswered" {
			last = max(last, requests[n-1].at+int64(m.rules.RatingExpires))
		}
	}
	return last
}

func (m trackerModel) close(before int64, rated bool) trackerModel {
	lives, live := make(map[metrics.ConversationID]int), m.live()
	maps.Copy(lives, m.lives)
	m.lives, m.closed = lives, 0
	done := make(map[metrics.ConversationID]bool) // by the name of the life
	all := oracles(m.events, m.rules, lastInstant)
	for id := range live {
		name := lifeName(id, m.lives[id])
		o := all[name]
		done[name] = true
		for _, c := range o.cases() {
			open := c.isOpen() || slices.ContainsFunc(c.waits(), func(w oracleSpan) bool { return w.end == still })
			open = open || slices.ContainsFunc(c.requests(lastInstant), func(r oracleRequest) bool { return r.fate == "pending" })
			done[name] = done[name] && m.settled(o) < before && (!c.counts() || !open) && (!rated || c.counts() && len(c.ratings()) > 0)
		}
	}
	// What was merged closes with what it was merged into, and the other way round.
	for range len(live) * len(live) {
		for _, list := range live {
			for _, r := range list {
				if r.Type == metrics.KindMerged && done[r.Conversation] != done[r.Into] {
					done[r.Conversation], done[r.Into] = false, false
				}
			}
		}
	}
	for id := range live {
		if done[lifeName(id, m.lives[id])] {
			lives[id]++
			m.until = max(m.until, m.settled(all[lifeName(id, lives[id]-1)]))
			m.closed++
		}
	}
	return m
}

// A trackerKey is all that a Facet tells but the conversation, as text.
func trackerKey(f metrics.Facet) string {
	return fmt.Sprint(f.Channel(), "/", f.Agent(), "/", f.Customer(), "/", f.Priority(), "/", f.At().UnixNano())
}

func describeGroups(b *metrics.Breakdown[string]) string {
	var groups []string
	for k := range b.Keys() {
		groups = append(groups, k+" "+binaryOf(b.Group(k)))
	}
	slices.Sort(groups)
	return fmt.Sprintln(groups, binaryOf(b.Total()))
}

// atEveryInstant describes what a function gives as of instants among the events
// and at the edges.
func atEveryInstant(at func(int64) string) string {
	var b bytes.Buffer
	for i := int64(-1); i < 15; i++ {
		fmt.Fprintf(&b, "as of %d: %s", i, at(i))
	}
	for _, i := range []int64{lastInstant - 1, lastInstant} {
		fmt.Fprintf(&b, "as of %d: %s", i, at(i))
	}
	return b.String()
}

func (m trackerModel) view() string {
	list := new(metrics.EventLog)
	for _, e := range m.events {
		if err := list.Append(e); err != nil {
			return err.Error()
		}
	}
	return atEveryInstant(func(asOf int64) string {
		if asOf < m.until {
			return "before what is closed\n"
		}
		return describeGroups(added(list, m.rules, asOf, trackerKey))
	})
}

// A testedTracker is a tracker, and what it gave once with what that was.
type testedTracker struct {
	*metrics.Tracker[*metrics.Breakdown[string]]
	rules     metrics.Rules
	breakdown *metrics.Breakdown[string]
	state     metrics.TrackerState
	was       string
}

func (t *testedTracker) view() string {
	return atEveryInstant(func(asOf int64) string {
		b, err := t.AsOf(time.Unix(0, asOf))
		if errors.Is(err, metrics.ErrOtherTerms) {
			return "before what is closed\n"
		}
		if err != nil {
			return err.Error()
		}
		return describeGroups(b)
	})
}

// hold takes a breakdown and a state.
func (t *testedTracker) hold() (err error) {
	if t.breakdown, err = t.AsOf(time.Unix(0, lastInstant)); err != nil {
		return err
	}
	t.state = stateOf(t.Tracker)
	t.was = t.held()
	return nil
}

func (t *testedTracker) held() string {
	text, err := json.Marshal(t.state)
	if t.breakdown == nil || err != nil {
		return fmt.Sprint(err)
	}
	return fmt.Sprintf("%s %s", text, describeGroups(t.breakdown))
}

// restart replaces the tracker by one restored from its state, which was
// written and read.
func (t *testedTracker) restart(write func(any) ([]byte, error), read func([]byte, any) error) string {
	data, err := write(stateOf(t.Tracker))
	if err != nil {
		return err.Error()
	}
	var s metrics.TrackerState
	if err := read(data, &s); err != nil {
		return err.Error()
	}
	t.Tracker, err = restore(t.rules, trackerKey, s)
	if err != nil {
		return err.Error()
	}
	return "restarted"
}

func writeGob(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func readGob(data []byte, v any) error { return gob.NewDecoder(bytes.NewReader(data)).Decode(v) }

// A trackerCommand is a call, what it does to the model, and what it should give
// by the model after it.
type trackerCommand struct {
	name string
	run  func(*testedTracker) string
	next func(trackerModel) trackerModel // nil: nothing
	want func(trackerModel) string
}

func (c trackerCommand) Run(t commands.SystemUnderTest) commands.Result {
	return c.run(t.(*testedTracker))
}
func (c trackerCommand) PreCondition(commands.State) bool { return true }
func (c trackerCommand) String() string                   { return c.name }

func (c trackerCommand) NextState(state commands.State) commands.State {
	if c.next == nil {
		return state
	}
	return c.next(state.(trackerModel))
}

func (c trackerCommand) PostCondition(state commands.State, result commands.Result) *gopter.PropResult {
	if want := c.want(state.(trackerModel)); result != want {
		return &gopter.PropResult{
			Status: gopter.PropFalse,
			Labels: []string{fmt.Sprintf("%s:\n\tgot  %s\n\twant %s", c.name, result, want)},
		}
	}
	return &gopter.PropResult{Status: gopter.PropTrue}
}

func trackCommand(s step) commands.Command {
	e := s.event()
	return trackerCommand{
		name: fmt.Sprintf("Append(%T%+v)", e, e),
		run:  func(t *testedTracker) string { return fmt.Sprint(t.Append(e)) },
		next: func(m trackerModel) trackerModel { return m.append(e) },
		want: func(trackerModel) string { return "<nil>" },
	}
}

// untrackedCommand appends an event that is not valid, of a conversation that may be
// closed.
func untrackedCommand(s step) commands.Command {
	e := metrics.ReplySent{Conversation: metrics.RecordOf(s.event()).Conversation, Agent: "new"}
	return trackerCommand{
		name: fmt.Sprintf("Append(%T%+v)", e, e),
		run:  func(t *testedTracker) string { return fmt.Sprint(errors.Is(t.Append(e), metrics.ErrNoTime)) },
		want: func(trackerModel) string { return "true" },
	}
}

func hasRatings(h *metrics.History) bool { return len(h.Ratings()) > 0 }

func closeCommand(n int) commands.Command {
	before, rated := int64(n%15), n >= 15
	if before == 14 {
		before = lastInstant + 1
	}
	return trackerCommand{
		name: fmt.Sprintf("Close(%d, rated: %v)", before, rated),
		run: func(t *testedTracker) string {
			which := hasRatings
			if !rated {
				which = nil
			}
			return fmt.Sprint("closed ", closeSettled(t.Tracker, time.Unix(0, before), which), ", live ", liveIn(t.Tracker))
		},
		next: func(m trackerModel) trackerModel { return m.close(before, rated) },
		want: func(m trackerModel) string { return fmt.Sprint("closed ", m.closed, ", live ", len(m.live())) },
	}
}

func lookCommand(n int) commands.Command {
	return []trackerCommand{
		{
			name: "Breakdown",
			run:  (*testedTracker).view,
			want: trackerModel.view,
		},
		{
			name: "Live",
			run: func(t *testedTracker) string {
				lives := make(map[metrics.ConversationID][]metrics.Record)
				for h := range t.Live(time.Unix(0, lastInstant)).Histories() { // a case each
					c := h.Conversation()
					lives[c.ID()] = slices.AppendSeq(lives[c.ID()], c.Records())
				}
				var list []string
				for id, records := range lives {
					list = append(list, fmt.Sprintf("%q %+v", id, records))
				}
				slices.Sort(list)
				return fmt.Sprint(list)
			},
			want: func(m trackerModel) string {
				var list []string
				for id, events := range m.live() {
					for i := range events {
						events[i].Conversation = id
						if into, _, ok := strings.Cut(string(events[i].Into), "#"); ok {
							events[i].Into = metrics.ConversationID(into)
						}
					}
					list = append(list, fmt.Sprintf("%q %+v", id, events))
				}
				slices.Sort(list)
				return fmt.Sprint(list)
			},
		},
		{
			name: "hold",
			run:  func(t *testedTracker) string { return fmt.Sprint(t.hold()) },
			want: func(trackerModel) string { return "<nil>" },
		},
		{
			name: "what was held",
			run:  func(t *testedTracker) string { return fmt.Sprint(t.breakdown == nil || t.held() == t.was) },
			want: func(trackerModel) string { return "true" },
		},
		{
			name: "restart from JSON",
			run:  func(t *testedTracker) string { return t.restart(json.Marshal, json.Unmarshal) },
			want: func(trackerModel) string { return "restarted" },
		},
		{
			name: "restart from gob",
			run:  func(t *testedTracker) string { return t.restart(writeGob, readGob) },
			want: func(trackerModel) string { return "restarted" },
		},
	}[n]
}

// A tracker is the batch at every instant, whatever is closed and however often
// it is restarted.
func TestTrackerStateMachine(t *testing.T) {
	properties := laws(t, 1200)
	properties.Property("a tracker is a breakdown of all the events", commands.Prop(&commands.ProtoCommands{
		NewSystemUnderTestFunc: func(state commands.State) commands.SystemUnderTest {
			rules := state.(trackerModel).rules
			return &testedTracker{Tracker: trackerOf(rules, trackerKey), rules: rules}
		},
		InitialStateGen: genRules().Map(func(n int) trackerModel {
			return trackerModel{rules: rulesOf(n), until: -1}
		}),
		GenCommandFunc: func(commands.State) gopter.Gen {
			return gen.Weighted([]gen.WeightedGen{
				{Weight: 20, Gen: genStep().Map(trackCommand)},
				{Weight: 1, Gen: genStep().Map(untrackedCommand)},
				{Weight: 5, Gen: gen.IntRange(0, 29).Map(closeCommand)},
				{Weight: 4, Gen: gen.Const(0).Map(lookCommand)},
				{Weight: 5, Gen: gen.IntRange(1, 5).Map(lookCommand)},
			})
		},
	}))
	properties.TestingRun(t)
}
