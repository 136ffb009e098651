package standards_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

func boardOf(t testing.TB, log *metrics.EventLog, p standards.Policy, asOf time.Time) *standards.Board {
	t.Helper()
	board := standards.NewBoard(p)
	if err := log.Read(metrics.Rules{}, asOf).Into(board); err != nil {
		t.Fatal(err)
	}
	return board
}

func TestBoard(t *testing.T) {
	log := logOf(t,
		"0 message chat, 5m reply ana, 55m message chat",   // a: fine
		"0 message chat, 30m assigned ben",                 // b: overdue
		"0 opened high, 15m message chat",                  // c: near
		"0 message chat, 1h reply ana, 1h resolved",        // d: nothing is open
		"0 message chat, 10m reply ana, 20m paused",        // e: on hold
		"0 message chat, 2h reply ana",                     // f: not yet
		"0 message phone",                                  // g: nothing promised
		"0 message chat, 1h1m resolved, 1h2m message chat", // h: broken once, and waiting again
	)
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "answer", Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Hour), Warn: ratio(3, 4), Channels: []metrics.Channel{metrics.Chat}},
		{Name: "solve", Measure: standards.FirstResolution, Within: standards.BudgetOf(3 * time.Hour), Channels: []metrics.Channel{metrics.Chat}},
	}}
	asOf := after(65 * time.Minute)
	board := boardOf(t, log, policy, asOf)
	var rows []string
	for _, f := range board.Rows() {
		due := "never"
		if !f.Due.IsZero() {
			due = f.Due.Sub(start).String()
		}
		rows = append(rows, fmt.Sprint(f.Conversation, " ", f.Target.Name, " ", due, " ", f.Verdict, map[bool]string{true: " near"}[f.Warning]))
	}
	want := []string{
		"b answer 1h0m0s breached", "f answer 1h0m0s breached", "c answer 1h15m0s pending near",
		"a answer 1h55m0s pending", "h answer 2h2m0s pending",
		"a solve 3h0m0s pending", "b solve 3h0m0s pending", "f solve 3h0m0s pending", "c solve 3h0m0s pending", "e solve never pending",
	}
	slices.SortFunc(want[5:9], func(a, b string) int { return cmp.Compare(a, b) })
	slices.SortStableFunc(rows[min(5, len(rows)):min(9, len(rows))], func(a, b string) int { return cmp.Compare(a, b) })
	if !slices.Equal(rows, want) {
		t.Errorf("%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if overdue, near, fine := board.Promises(); overdue != 2 || near != 1 || fine != 7 || !board.Terms().AsOf.Equal(asOf) {
		t.Errorf("promises: %d overdue, %d near, %d fine", overdue, near, fine)
	}
	// a and e are fine, b and f overdue, c is near, h is fine: each conversation once.
	if overdue, near, fine := board.Conversations(); overdue != 2 || near != 1 || fine != 3 {
		t.Errorf("conversations: %d overdue, %d near, %d fine", overdue, near, fine)
	}
	// What was handed out is the caller's own.
	board.Rows()[0].Conversation = "changed"
	if board.Rows()[0].Conversation != "b" {
		t.Error("a row was changed")
	}
	golden(t, "board.json", board)
	golden(t, "board_empty.json", boardOf(t, new(metrics.EventLog), policy, asOf))
}

// scenarios makes up the events of some conversations.
func scenarios(t *testing.T, r *rand.Rand, conversations int) []metrics.Event {
	t.Helper()
	var events []metrics.Event
	for i := range conversations {
		for _, e := range slices.Concat(scenario(r, 60)...) {
			record := metrics.RecordOf(e)
			record.Conversation = metrics.ConversationID(fmt.Sprint(i))
			if record.Into != "" {
				record.Into = metrics.ConversationID(fmt.Sprint(i ^ 1)) // the one beside it
			}
			e, err := record.Event()
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
	}
	return events
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever order conversations and events come in, the board is the same, and its
// rows are in order.
func TestBoardInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	policy := standards.Policy{}
	for _, m := range standards.Measures() {
		policy.Targets = append(policy.Targets, standards.Target{Measure: m, Within: standards.BudgetOf(20 * time.Second), Calendar: shifts("oo..")})
	}
	events := scenarios(t, r, 40)
	var first *standards.Board
	for range 5 {
		r.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
		log := new(metrics.EventLog)
		for _, e := range events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		board := boardOf(t, log, policy, after(50*time.Second))
		rows := board.Rows()
		for i := 1; i < len(rows); i++ {
			a, b := rows[i-1].Due, rows[i].Due
			if a.IsZero() && !b.IsZero() || !b.IsZero() && b.Before(a) {
				t.Fatalf("row %d is due %v, before %v", i, b, a)
			}
		}
		if first == nil {
			first = board
		} else if !reflect.DeepEqual(rows, first.Rows()) || jsonOf(t, board) != jsonOf(t, first) {
			t.Fatal("another board")
		}
		// The parts of the log merge to the same.
		parts := standards.NewBoard(policy)
		for _, part := range log.Read(metrics.Rules{}, after(50*time.Second)).Parts(3) {
			board := standards.NewBoard(policy)
			if err := part.Into(board); err != nil {
				t.Fatal(err)
			}
			if err := parts.Merge(board); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(parts.Rows(), rows) || jsonOf(t, parts) != jsonOf(t, board) {
			t.Fatal("the parts make another board")
		}
	}
	if len(first.Rows()) < 40 {
		t.Errorf("only %d rows", len(first.Rows()))
	}
}

// scenario makes up a conversation, second by second, in the order in which
// events of one instant count.
func scenario(r *rand.Rand, seconds int) [][]metrics.Event {
	happened := make([][]metrics.Event, seconds+1)
	for range 2 + r.IntN(12) {
		s := r.IntN(seconds)
		if r.IntN(4) == 0 {
			s -= s % 10 // some at one instant
		}
		at := after(time.Duration(s) * time.Second)
		var e metrics.Event
		switch r.IntN(14) {
		case 0:
			e = metrics.Opened{Conversation: "1", At: at}
		case 1:
			e = metrics.Reopened{Conversation: "1", At: at}
		case 2, 3, 4:
			e = metrics.MessageReceived{Conversation: "1", At: at}
		case 5:
			e = metrics.Assigned{Conversation: "1", At: at, Agent: []metrics.AgentID{"", "ana", "ben"}[r.IntN(3)]}
		case 6:
			e = metrics.Paused{Conversation: "1", At: at}
		case 7:
			e = metrics.Resumed{Conversation: "1", At: at}
		case 8, 9, 10:
			e = metrics.ReplySent{Conversation: "1", At: at, Agent: "ana"}
		case 11:
			e = metrics.ReplySent{Conversation: "1", At: at, By: metrics.ByAutomation}
		case 12:
			e = metrics.Resolved{Conversation: "1", At: at}
		default:
			e = metrics.Merged{Conversation: "1", At: at, Into: "2"}
		}
		if !slices.Contains(happened[s], e) { // equal events are one
			happened[s] = append(happened[s], e)
		}
	}
	for _, events := range happened {
		slices.SortFunc(events, func(a, b metrics.Event) int {
			ra, rb := metrics.RecordOf(a), metrics.RecordOf(b)
			if ra.Type != rb.Type {
				return int(ra.Type) - int(rb.Type)
			}
			if (ra.By == metrics.ByAutomation) != (rb.By == metrics.ByAutomation) {
				return map[bool]int{false: -1, true: 1}[ra.By == metrics.ByAutomation]
			}
			return strings.Compare(string(ra.Agent), string(rb.Agent))
		})
	}
	return happened
}

func script(happened [][]metrics.Event) string {
	var b strings.Builder
	for s, events := range happened {
		for _, e := range events {
			fmt.Fprintf(&b, "%d %T %v\n", s, e, metrics.RecordOf(e).Agent)
		}
	}
	return b.String()
}
