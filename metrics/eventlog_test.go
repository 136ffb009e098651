package metrics_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/commands"
	"github.com/leanovate/gopter/gen"

	"github.com/servicequality/servicequality/metrics"
)

// A logModel is the valid events that a log was given. It is never changed.
type logModel []metrics.Event

// conversations returns the events of each conversation, in the order in which
// their names first came up.
func (m logModel) conversations() (ids []metrics.ConversationID, events [][]metrics.Record) {
	var names []metrics.ConversationID
	for _, e := range m {
		r := metrics.RecordOf(e)
		for _, name := range []metrics.ConversationID{r.Conversation, r.Into} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		if list := m.conversation(name); len(list) > 0 {
			ids, events = append(ids, name), append(events, list)
		}
	}
	return ids, events
}

func (m logModel) conversation(id metrics.ConversationID) []metrics.Record {
	return known(slices.DeleteFunc(slices.Clone(m), func(e metrics.Event) bool {
		return metrics.RecordOf(e).Conversation != id
	}), lastInstant)
}

func (m logModel) len() int {
	n := 0
	_, events := m.conversations()
	for _, list := range events {
		n += len(list)
	}
	return n
}

// A testedLog is a log, and conversations that it once gave with what they were.
type testedLog struct {
	log  metrics.EventLog
	held []metrics.Conversation
	was  []string
}

func describe(c metrics.Conversation) string {
	var list []metrics.Record
	for e := range c.Events() {
		list = append(list, metrics.RecordOf(e))
	}
	if len(list) != c.Len() {
		return fmt.Sprint("length is ", c.Len(), " of ", list)
	}
	return fmt.Sprintf("%q %+v", c.ID(), list)
}

// A logCommand is a call with what it should give, by the model after it.
type logCommand struct {
	name string
	add  metrics.Event // valid, or nil
	run  func(*testedLog) string
	want func(logModel) string
}

func (c logCommand) Run(log commands.SystemUnderTest) commands.Result { return c.run(log.(*testedLog)) }
func (c logCommand) PreCondition(commands.State) bool                 { return true }
func (c logCommand) String() string                                   { return c.name }

func (c logCommand) NextState(state commands.State) commands.State {
	if c.add == nil {
		return state
	}
	return append(slices.Clone(state.(logModel)), c.add)
}

func (c logCommand) PostCondition(state commands.State, result commands.Result) *gopter.PropResult {
	if want := c.want(state.(logModel)); result != want {
		return &gopter.PropResult{
			Status: gopter.PropFalse,
			Labels: []string{fmt.Sprintf("%s:\n\tgot  %s\n\twant %s", c.name, result, want)},
		}
	}
	return &gopter.PropResult{Status: gopter.PropTrue}
}

func appendCommand(s step) commands.Command {
	e := s.event()
	return logCommand{
		name: fmt.Sprintf("Append(%T%+v)", e, e), add: e,
		run:  func(l *testedLog) string { return fmt.Sprint(l.log.Append(e)) },
		want: func(logModel) string { return "<nil>" },
	}
}

// refusedCommand appends an event that is almost the one of the step.
func refusedCommand(s step) commands.Command {
	var e metrics.Event
	want := metrics.ErrNoConversation
	r := metrics.RecordOf(s.event())
	switch s.Bits % 4 {
	case 0:
		e = metrics.MessageReceived{ID: r.ID, At: r.At, Channel: "new", Customer: "new"}
	case 1:
		e, want = metrics.ReplySent{ID: r.ID, Conversation: "new", Agent: "new"}, metrics.ErrNoTime
	case 2:
		e, want = metrics.Merged{Conversation: "new", At: r.At}, metrics.ErrNoConversation
	default:
		want = metrics.ErrKind
	}
	return logCommand{
		name: fmt.Sprintf("Append(%T%+v)", e, e),
		run:  func(l *testedLog) string { return fmt.Sprint(errors.Is(l.log.Append(e), want)) },
		want: func(logModel) string { return "true" },
	}
}

func readCommand(n int) commands.Command {
	ids := []metrics.ConversationID{"a", "b", "c", "elsewhere", "new", ""}
	id := ids[n%len(ids)]
	reads := []logCommand{
		{
			name: "Len",
			run:  func(l *testedLog) string { return fmt.Sprint(l.log.Len()) },
			want: func(m logModel) string { return fmt.Sprint(m.len()) },
		},
		{
			name: "Duplicates",
			run:  func(l *testedLog) string { return fmt.Sprint(l.log.Duplicates()) },
			want: func(m logModel) string { return fmt.Sprint(len(m) - m.len()) },
		},
		{
			name: "Conversations",
			run: func(l *testedLog) (text string) {
				for c := range l.log.Conversations() {
					text += describe(c) + "\n"
				}
				return text
			},
			want: func(m logModel) (text string) {
				ids, events := m.conversations()
				for i, id := range ids {
					text += fmt.Sprintf("%q %+v\n", id, events[i])
				}
				return text
			},
		},
		{
			name: "Conversation(" + string(id) + ")",
			run: func(l *testedLog) string {
				c, ok := l.log.Conversation(id)
				if !ok {
					return fmt.Sprint("none, ", c.Len())
				}
				l.held, l.was = append(l.held, c), append(l.was, describe(c))
				return describe(c)
			},
			want: func(m logModel) string {
				list := m.conversation(id)
				if len(list) == 0 {
					return "none, 0"
				}
				return fmt.Sprintf("%q %+v", id, list)
			},
		},
		{
			name: "the conversations of before",
			run: func(l *testedLog) string {
				for i, c := range l.held {
					if now := describe(c); now != l.was[i] {
						return now + ", and was " + l.was[i]
					}
				}
				return "the same"
			},
			want: func(logModel) string { return "the same" },
		},
	}
	return reads[n/len(ids)%len(reads)]
}

func TestEventLogStateMachine(t *testing.T) {
	properties := laws(t, 400)
	properties.Property("a log is a list without duplicates", commands.Prop(&commands.ProtoCommands{
		NewSystemUnderTestFunc: func(commands.State) commands.SystemUnderTest { return new(testedLog) },
		InitialStateGen:        gen.Const(logModel{}),
		GenCommandFunc: func(commands.State) gopter.Gen {
			return gen.Weighted([]gen.WeightedGen{
				{Weight: 10, Gen: genStep().Map(appendCommand)},
				{Weight: 1, Gen: genStep().Map(refusedCommand)},
				{Weight: 6, Gen: gen.IntRange(0, 29).Map(readCommand)},
			})
		},
	}))
	properties.TestingRun(t)
}

// TestEventLogOfLongConversations has conversations that are too long to be
// sorted by insertion, in the worst order.
func TestEventLogOfLongConversations(t *testing.T) {
	const n = 3000
	var log metrics.EventLog
	for i := range n {
		for _, id := range []metrics.ConversationID{"backwards", "forwards", "mixed"} {
			at := map[metrics.ConversationID]int{"backwards": n - i, "forwards": i, "mixed": i * 1237 % n}[id]
			e := metrics.MessageReceived{Conversation: id, At: time.Unix(int64(at), 0).UTC(), Customer: metrics.CustomerID(strconv.Itoa(at))}
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	if log.Len() != 3*n || log.Duplicates() != 0 {
		t.Errorf("%d events, %d duplicates", log.Len(), log.Duplicates())
	}
	for c := range log.Conversations() {
		last := time.Unix(-1, 0)
		for e := range c.Events() {
			if at := metrics.RecordOf(e).At; !at.After(last) {
				t.Fatalf("%s: %v after %v", c.ID(), at, last)
			} else {
				last = at
			}
		}
		for range c.Events() {
			break
		}
	}
	for range log.Conversations() {
		break
	}
}

// TestEventLogOfManyNames fills the tables of names past several doublings.
func TestEventLogOfManyNames(t *testing.T) {
	const n = 20_000
	var log metrics.EventLog
	name := func(kind string, i int) string { return kind + strconv.Itoa(i*7919%n) }
	for i := range n {
		r := metrics.Record{
			Type: metrics.KindReplySent, At: time.Unix(int64(i), 0).UTC(), ID: metrics.EventID(name("e", i)),
			Conversation: metrics.ConversationID(name("c", i)), Agent: metrics.AgentID(name("a", i)), Channel: metrics.Channel(name("h", i)),
		}
		e, err := r.Event()
		if err != nil || log.Append(e) != nil {
			t.Fatal(err)
		}
	}
	i := 0
	for c := range log.Conversations() {
		want := metrics.ReplySent{
			ID: metrics.EventID(name("e", i)), Conversation: metrics.ConversationID(name("c", i)), At: time.Unix(int64(i), 0).UTC(),
			Agent: metrics.AgentID(name("a", i)), Channel: metrics.Channel(name("h", i)),
		}
		if got := slices.Collect(c.Events()); len(got) != 1 || got[0] != metrics.Event(want) {
			t.Fatalf("conversation %d is %+v, want %+v", i, got, want)
		}
		i++
	}
	if i != n {
		t.Errorf("%d conversations, want %d", i, n)
	}
	if _, ok := log.Conversation("c"); ok {
		t.Error("a conversation that is not there")
	}
}

// Each kind of name has a limit of its own, past which that event alone is refused.
func TestEventLogFull(t *testing.T) {
	var log metrics.EventLog
	named := []func(name string, at time.Time) metrics.Event{
		func(name string, at time.Time) metrics.Event {
			return metrics.ReplySent{Conversation: "7", At: at, Channel: metrics.Channel(name)}
		},
		func(name string, at time.Time) metrics.Event {
			return metrics.Assigned{Conversation: "7", At: at, Team: metrics.TeamID(name)}
		},
		func(name string, at time.Time) metrics.Event {
			return metrics.Paused{Conversation: "7", At: at, For: metrics.HoldReason(name)}
		},
	}
	const most = 1<<16 - 1
	for n, event := range named {
		for i := range most {
			if err := log.Append(event("name "+strconv.Itoa(i), nine.Add(time.Duration(i)))); err != nil {
				t.Fatalf("kind %d, name %d: %v", n, i, err)
			}
		}
		if err := log.Append(event("one more", nine)); !errors.Is(err, metrics.ErrFull) {
			t.Errorf("kind %d: the 65,536th name: %v", n, err)
		}
		if err := log.Append(event("name 4711", nine.Add(4711))); err != nil {
			t.Errorf("kind %d: a known name: %v", n, err)
		}
	}
	// Reasons and activities are of one kind, and channels of another.
	var reasons metrics.EventLog
	for i := range most {
		if err := reasons.Append(named[2]("name "+strconv.Itoa(i), nine)); err != nil {
			t.Fatal(err)
		}
	}
	if err := reasons.Append(metrics.Handled{Conversation: "7", At: nine, Took: 1, For: "one more"}); !errors.Is(err, metrics.ErrFull) {
		t.Errorf("an activity after all reasons: %v", err)
	}
	if err := reasons.Append(metrics.ReplySent{Conversation: "7", At: nine, Channel: "one more"}); err != nil {
		t.Errorf("a channel after all reasons: %v", err)
	}
	if err := log.Append(metrics.Handled{Conversation: "7", At: nine, Took: 1, For: "one more"}); !errors.Is(err, metrics.ErrFull) {
		t.Errorf("an activity: %v", err)
	}
	for _, e := range []metrics.Event{
		metrics.ReplySent{Conversation: "8", At: nine, Agent: "new"},
		metrics.Assigned{Conversation: "8", At: nine, Agent: "newer"},
		metrics.Paused{Conversation: "8", At: nine, For: "name 0"},
		metrics.Handled{Conversation: "8", At: nine, Took: 1, For: "name 1"},
	} {
		if err := log.Append(e); err != nil {
			t.Errorf("%T: %v", e, err)
		}
	}
	c, ok := log.Conversation("8")
	if log.Duplicates() != len(named) || log.Len() != len(named)*most+4 || !ok || c.Len() != 4 {
		t.Errorf("%d events, %d duplicates, %d of another conversation", log.Len(), log.Duplicates(), c.Len())
	}
}

// What a refused event names is not taken.
func TestEventLogTakesNothingOfTheRefused(t *testing.T) {
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.Merged{Conversation: "7", At: nine, Into: "\xff"},
		metrics.Retracted{Conversation: "7", At: nine, Event: "\xff"},
		metrics.Paused{Conversation: "7", At: nine, For: "\xff", Until: nine.Add(1)},
		metrics.Assigned{Conversation: "7", At: nine, Team: "\xff"},
		metrics.Handled{ID: "\xff", Conversation: "7", At: nine, Took: 1},
	} {
		if err := log.Append(e); !errors.Is(err, metrics.ErrText) {
			t.Errorf("%T: %v", e, err)
		}
	}
	if _, ok := log.Conversation("7"); ok || log.Len() != 0 || log.Duplicates() != 0 {
		t.Errorf("%d events, %d duplicates", log.Len(), log.Duplicates())
	}
	// Names that are known are not looked at again; the ID is.
	if err := log.Append(metrics.Opened{Conversation: "7", At: nine}); err != nil {
		t.Fatal(err)
	}
	if err := log.Append(metrics.Opened{ID: "\xff", Conversation: "7", At: nine}); !errors.Is(err, metrics.ErrText) || log.Len() != 1 {
		t.Errorf("%v, %d events", err, log.Len())
	}
}

// An event is known by its conversation, its kind and its ID, and without an ID by all
// its fields.
func TestEventLogKnowsEvents(t *testing.T) {
	at := func(minute int) time.Time { return nine.Add(time.Duration(minute) * time.Minute) }
	for _, tt := range []struct {
		name   string
		events []metrics.Event
		want   []metrics.Event
	}{
		{"one row that is two events",
			[]metrics.Event{metrics.ReplySent{ID: "1", Conversation: "7", At: at(5)}, metrics.Resolved{ID: "1", Conversation: "7", At: at(5)}},
			[]metrics.Event{metrics.ReplySent{ID: "1", Conversation: "7", At: at(5)}, metrics.Resolved{ID: "1", Conversation: "7", At: at(5)}}},
		{"the version that was taken last",
			[]metrics.Event{metrics.RatingGiven{ID: "1", Conversation: "7", At: at(9), Stars: 5}, metrics.RatingGiven{ID: "1", Conversation: "7", At: at(5), Stars: 2}},
			[]metrics.Event{metrics.RatingGiven{ID: "1", Conversation: "7", At: at(5), Stars: 2}}},
		{"another Seq of the same ID",
			[]metrics.Event{metrics.Resumed{ID: "1", Conversation: "7", At: at(5), Seq: 3}, metrics.Resumed{ID: "1", Conversation: "7", At: at(5), Seq: 2}},
			[]metrics.Event{metrics.Resumed{ID: "1", Conversation: "7", At: at(5), Seq: 2}}},
		{"equal in every field",
			[]metrics.Event{metrics.Handled{Conversation: "7", At: at(5), Seq: 1, Took: 7}, metrics.Handled{Conversation: "7", At: at(5), Seq: 1, Took: 7}},
			[]metrics.Event{metrics.Handled{Conversation: "7", At: at(5), Seq: 1, Took: 7}}},
		{"another Took, Seq, reason, end",
			[]metrics.Event{
				metrics.Handled{Conversation: "7", At: at(5), Took: 7}, metrics.Handled{Conversation: "7", At: at(5), Took: 6},
				metrics.Handled{Conversation: "7", At: at(5), Seq: 1, Took: 7}, metrics.Handled{Conversation: "7", At: at(5), Took: 7, For: "talk"},
				metrics.Paused{Conversation: "7", At: at(1), For: "b", Until: at(3)}, metrics.Paused{Conversation: "7", At: at(1), For: "b", Until: at(2)},
				metrics.Paused{Conversation: "7", At: at(1), For: "a", Until: at(4)},
			},
			[]metrics.Event{
				metrics.Paused{Conversation: "7", At: at(1), For: "a", Until: at(4)},
				metrics.Paused{Conversation: "7", At: at(1), For: "b", Until: at(2)}, metrics.Paused{Conversation: "7", At: at(1), For: "b", Until: at(3)},
				metrics.Handled{Conversation: "7", At: at(5), Took: 6}, metrics.Handled{Conversation: "7", At: at(5), Took: 7},
				metrics.Handled{Conversation: "7", At: at(5), Took: 7, For: "talk"}, metrics.Handled{Conversation: "7", At: at(5), Seq: 1, Took: 7},
			}},
		{"retractions of two events, one of them twice",
			[]metrics.Event{
				metrics.Retracted{Conversation: "7", At: at(5), Event: "b"}, metrics.Retracted{Conversation: "7", At: at(5), Event: "a"},
				metrics.Retracted{Conversation: "7", At: at(5), Event: "b"},
			},
			[]metrics.Event{metrics.Retracted{Conversation: "7", At: at(5), Event: "a"}, metrics.Retracted{Conversation: "7", At: at(5), Event: "b"}}},
		{"an ID of another conversation is another one",
			[]metrics.Event{metrics.Retracted{Conversation: "8", At: at(9), Event: "1"}, metrics.Resumed{ID: "1", Conversation: "7", At: at(5)}},
			[]metrics.Event{metrics.Resumed{ID: "1", Conversation: "7", At: at(5)}}},
	} {
		c, _ := logOf(t, tt.events).Conversation("7")
		if got := slices.Collect(c.Events()); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n\tgot  %+v\n\twant %+v", tt.name, got, tt.want)
		}
	}
}

// TestEventLogLongTexts keeps texts of all lengths up to the longest.
func TestEventLogLongTexts(t *testing.T) {
	var log metrics.EventLog
	text := func(n int) metrics.ConversationID {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('a' + (i+n)%26)
		}
		return metrics.ConversationID(b)
	}
	lengths := []int{1, 255, 256, 257, 1 << 15, maxText, 2, maxText - 1, 3}
	for range 20 { // more than a block holds
		for _, n := range lengths {
			if err := log.Append(metrics.Opened{ID: metrics.EventID(text(n)), Conversation: text(n), At: nine}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, n := range lengths {
		c, ok := log.Conversation(text(n))
		if !ok || c.Len() != 1 || c.ID() != text(n) {
			t.Fatalf("%d bytes: %v, %d events", n, ok, c.Len())
		}
		for e := range c.Events() {
			if r := metrics.RecordOf(e); r.ID != metrics.EventID(text(n)) {
				t.Errorf("%d bytes: another ID", n)
			}
		}
	}
}

// TestEventLogReadTogether has something to find under the race detector.
func TestEventLogReadTogether(t *testing.T) {
	log := logOf(t, wireEvents())
	rules := metrics.Rules{}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			n := 0
			for c := range log.Conversations() {
				n += c.AsOf(nine.Add(time.Hour)).Len() + len(historyOf(c, rules).Waits())
			}
			c, ok := log.Conversation("7")
			if log.Len() != len(wireEvents())-1 || log.Duplicates() != 1 || !ok || c.Len() != 16 || n == 0 {
				t.Error("read together, the log is another")
			}
		})
	}
	wait.Wait()
}

// Names that are shorter, as long, and longer than what a log remembers of those
// seen lately are told apart, also when there are more of them than it remembers.
func TestEventLogNamesSeenLately(t *testing.T) {
	const conversations, rounds = 40_000, 3
	name := func(i int) metrics.ConversationID {
		return metrics.ConversationID(fmt.Sprintf("%0*d", 50+i%12, i))
	}
	log := new(metrics.EventLog)
	for round := range rounds {
		for i := range conversations {
			// Most names come again soon, and each comes again late.
			for _, j := range []int{i, i / 2} {
				e := metrics.MessageReceived{Conversation: name(j), At: nine.Add(time.Duration(round*conversations+i) * time.Second)}
				if err := log.Append(e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	n := 0
	for c := range log.Conversations() {
		if c.ID() != name(n) {
			t.Fatalf("conversation %d is %s", n, c.ID())
		}
		want := rounds // and again for both of 2n and 2n+1, of which only 0 is itself
		if n < conversations/2 {
			want += 2 * rounds
		}
		if n == 0 {
			want -= rounds
		}
		if c.Len() != want {
			t.Errorf("conversation %d has %d events, want %d", n, c.Len(), want)
		}
		n++
	}
	if n != conversations {
		t.Errorf("%d conversations", n)
	}
}

// TestTiesAfterSeveralAssistants assigns a conversation to an assistant of two, which is not a
// hand-off, whichever name the log has first: the message afterwards is not one that waits
// already, and comes before its answer of the same instant.
func TestTiesAfterSeveralAssistants(t *testing.T) {
	for _, first := range []metrics.AgentID{"b1", "b2"} {
		log := logOf(t, []metrics.Event{
			metrics.Assigned{Conversation: "other", At: minute(0), Agent: first},
			metrics.ReplySent{Conversation: "7", At: minute(3), Agent: "b1", By: metrics.ByAssistant},
			metrics.ReplySent{Conversation: "7", At: minute(2), Agent: "b2", By: metrics.ByAssistant},
			metrics.MessageReceived{Conversation: "7", At: minute(1), Channel: metrics.Chat},
			metrics.Assigned{Conversation: "7", At: minute(4), Agent: "b2"},
			metrics.MessageReceived{Conversation: "7", At: minute(5), Channel: metrics.Chat},
			metrics.ReplySent{Conversation: "7", At: minute(5), Agent: "ana"},
			metrics.Resolved{Conversation: "7", At: minute(5)},
			metrics.Reopened{Conversation: "7", At: minute(5)},
		})
		for h := range log.Read(metrics.Rules{}, minute(9)).Histories() {
			if h.Conversation().ID() != "7" {
				continue
			}
			if w := h.Waits(); len(w) != 2 || w[1].Outcome != metrics.Answered || w[1].Agent != "ana" {
				t.Errorf("with %s first: %v", first, w)
			}
		}
	}
}
