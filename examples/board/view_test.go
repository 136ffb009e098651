package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

var begin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday

// randomLog makes up some hours of a desk, in which several things happen at one instant.
func randomLog(t *testing.T, r *rand.Rand) *metrics.EventLog {
	log := new(metrics.EventLog)
	for c := range 12 {
		id := metrics.ConversationID(fmt.Sprint("c", c))
		for range 1 + r.IntN(9) {
			at := begin.Add(time.Duration(r.IntN(240)) * time.Minute)
			key := metrics.EventID([]string{"", "x", "y"}[r.IntN(3)])
			var e metrics.Event
			switch r.IntN(15) {
			case 0, 1, 2, 3, 4:
				e = metrics.MessageReceived{Conversation: id, At: at, ID: key, Channel: []metrics.Channel{metrics.Chat, metrics.Email}[r.IntN(2)]}
			case 5, 6:
				e = metrics.ReplySent{Conversation: id, At: at, ID: key, Agent: "ana"}
			case 7:
				e = metrics.Opened{Conversation: id, At: at}
			case 8:
				e = metrics.Prioritized{Conversation: id, At: at, ID: key, Priority: []metrics.Priority{"high", "low"}[r.IntN(2)]}
			case 9:
				e = metrics.Assigned{Conversation: id, At: at, ID: key, Agent: []metrics.AgentID{"", "ben"}[r.IntN(2)], Team: []metrics.TeamID{"", "it"}[r.IntN(2)]}
			case 10:
				e = metrics.Paused{Conversation: id, At: at, ID: key}
			case 11:
				e = metrics.Resolved{Conversation: id, At: at, ID: key, Agent: "ana"}
			case 12:
				e = metrics.Reopened{Conversation: id, At: at, ID: key}
			case 13:
				e = metrics.Retracted{Conversation: id, At: at, Event: []metrics.EventID{"x", "y"}[r.IntN(2)]}
			default:
				e = metrics.Merged{Conversation: id, At: at, ID: key, Into: metrics.ConversationID(fmt.Sprint("c", r.IntN(12)))}
			}
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return log
}

// manyPromises are of all measures, around the clock and in hours of service.
func manyPromises(t *testing.T) standards.Policy {
	office, err := calendar.New(calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("10:00-12:00")}, time.Tuesday: {calendar.MustParseHours("10:00-12:00")}}})
	if err != nil {
		t.Fatal(err)
	}
	var p standards.Policy
	for i := range 9 {
		m := standards.Measure(i)
		p.Targets = append(p.Targets,
			standards.Target{Measure: m, Within: standards.BudgetOf(time.Duration(20+10*i) * time.Minute), Priorities: []metrics.Priority{"high"}, Warn: stat.Ratio{Part: 1, Whole: 2}},
			standards.Target{Measure: m, Within: standards.BudgetOf(90 * time.Minute), Channels: []metrics.Channel{metrics.Chat}, Calendar: office, Warn: stat.Ratio{Part: 1, Whole: 2}},
			standards.Target{Measure: m, Within: standards.BudgetOf(2 * time.Hour), Formula: formulaOf(m)},
		)
	}
	return p
}

func formulaOf(m standards.Measure) standards.Formula {
	if m == standards.NextResponse {
		return standards.AnsweredOnly // not broken until the answer comes
	}
	return 0
}

// urgency tells how urgent a promise is: what is overdue before what is due, and that before
// what has no deadline.
func urgency(f standards.Finding, asOf time.Time) (class int, due time.Time) {
	switch {
	case f.Due.IsZero():
		return 3, time.Time{}
	case f.Due.After(asOf):
		return 2, f.Due
	}
	return 1, f.Due
}

func moreUrgent(f, g standards.Finding, asOf time.Time) bool {
	fc, fd := urgency(f, asOf)
	gc, gd := urgency(g, asOf)
	return fc < gc || fc == gc && fd.Before(gd)
}

// In each list, the most urgent promise of each conversation stands in order, beside the
// number of its others, and the lists have as many rows as the board has conversations in
// these states. With a row for each promise they have as many as it has promises.
func TestMostUrgent(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 6))
	rules := metrics.Rules{NewCaseAfter: 30 * time.Minute, PauseStopsWaits: metrics.AnyReason}
	var overdue, soon, onHold, ties, unpromised, others, waiting, cut, nears int
	for range 400 {
		policy := manyPromises(t)
		r.Shuffle(len(policy.Targets), func(i, k int) {
			policy.Targets[i], policy.Targets[k] = policy.Targets[k], policy.Targets[i]
		})
		policy.Targets = policy.Targets[:1+r.IntN(len(policy.Targets))]
		log := randomLog(t, r)
		asOf := begin.Add(time.Duration(r.IntN(300)) * time.Minute)
		reading := log.Read(rules, asOf)
		board := standards.NewBoard(policy)
		if err := reading.Into(board); err != nil {
			t.Fatal(err)
		}
		all := board.Rows()
		var urgent []standards.Finding // of each conversation
		open := make(map[metrics.ConversationID]int)
		for _, f := range all {
			open[f.Conversation]++
			at := slices.IndexFunc(urgent, func(g standards.Finding) bool { return g.Conversation == f.Conversation })
			switch {
			case at < 0:
				urgent = append(urgent, f)
			case moreUrgent(f, urgent[at], asOf):
				urgent[at] = f
			case !moreUrgent(urgent[at], f, asOf):
				ties++
			}
		}
		for _, each := range []bool{false, true} {
			want := slices.Clone(urgent)
			over, near, fine := board.Conversations()
			if each {
				want = all
				over, near, fine = board.Promises()
			}
			for i := range want { // insertion sort
				for k := i; k > 0 && moreUrgent(want[k], want[k-1], asOf); k-- {
					want[k], want[k-1] = want[k-1], want[k]
				}
			}
			most := r.IntN(4)
			v, err := look(reading, policy, settings{zone: time.UTC, rows: most, each: each})
			if err != nil {
				t.Fatal(err)
			}
			whole, err := look(reading, policy, settings{zone: time.UTC, each: each})
			if err != nil {
				t.Fatal(err)
			}
			if len(whole.Overdue.Rows) != int(over) || len(whole.Next.Rows) != int(near+fine) || whole.Overdue.More+whole.Next.More != 0 {
				t.Fatalf("%d and %d rows, but the board has %d overdue, %d near, %d fine", len(whole.Overdue.Rows), len(whole.Next.Rows), over, near, fine)
			}
			for _, l := range [][2]list{{v.Overdue, whole.Overdue}, {v.Latest, whole.Latest}, {v.Next, whole.Next}} {
				n := len(l[1].Rows)
				if most > 0 {
					n = min(n, most)
				}
				if !slices.Equal(l[0].Rows, l[1].Rows[:n]) || l[0].More != len(l[1].Rows)-n {
					t.Fatalf("with at most %d rows: %d and %d more of %d", most, len(l[0].Rows), l[0].More, len(l[1].Rows))
				}
				cut += l[0].More
			}
			rows := slices.Concat(whole.Overdue.Rows, whole.Next.Rows)
			if n := len(whole.Overdue.Rows); n != len(whole.Latest.Rows) {
				t.Fatalf("%d are overdue, and %d from the end", n, len(whole.Latest.Rows))
			} else {
				for i := range n {
					if whole.Latest.Rows[i] != rows[n-1-i] {
						t.Fatalf("row %d from the end is %+v, want %+v", i, whole.Latest.Rows[i], rows[n-1-i])
					}
				}
			}
			for i, f := range want {
				got := rows[i]
				beside := open[f.Conversation] - 1
				if each {
					beside = 0
				}
				class, due := urgency(f, asOf)
				if got.Conversation != string(f.Conversation) || got.Promise != f.Target.String() || !got.Due.Equal(due) ||
					got.Overdue != (class == 1) || got.Soon != f.Warning || got.Others != beside ||
					got.Overdue && got.Late != asOf.Sub(due) || !got.Overdue && got.Late != 0 ||
					got.Used.Part != int64(f.Used) || got.Used.Whole != int64(f.Used+f.Left) {
					t.Fatalf("row %d is %+v, want %v and %d more", i, got, f, beside)
				}
				if class == 3 != (got.Hold && got.Left > 0) || got.Hold && got.OfficeHours != (f.Target.Calendar != nil) {
					t.Fatalf("row %d is %+v, want %v", i, got, f)
				}
				if got.Overdue {
					overdue++
				}
				if got.Soon {
					soon++
				}
				if got.Hold {
					onHold++
				}
				others += got.Others
			}
			pressing := 0 // conversations that are due soon, and not overdue
			for id := range open {
				overdue, soon := false, false
				for _, f := range all {
					if f.Conversation == id {
						class, due := urgency(f, asOf)
						overdue = overdue || class == 1
						soon = soon || f.Warning || class == 2 && !due.After(asOf.Add(2*time.Hour))
					}
				}
				if soon && !overdue {
					pressing++
				}
			}
			if v.Near != int64(pressing) {
				t.Fatalf("%d are near, want %d", v.Near, pressing)
			}
			nears += pressing
			if each {
				continue
			}
			if c := v.Conversations; c != (counts{over, near, fine}) {
				t.Fatalf("%+v, but the board has %d overdue, %d near, %d fine", c, over, near, fine)
			}
			over, near, fine = board.Promises()
			if c := v.Promises; c != (counts{over, near, fine}) || c.all() != int64(len(all)) {
				t.Fatalf("%+v, but the board has %d overdue, %d near, %d fine", c, over, near, fine)
			}
			without, waits, longest, in := 0, 0, time.Duration(-1), ""
			for h := range reading.Histories() {
				id := h.Conversation().ID()
				if h.IsOpen() && open[id] == 0 {
					without++
				}
				if h.IsOpen() {
					for _, row := range rows {
						if row.Conversation == string(id) && row.Team != string(h.Team()) {
							t.Fatalf("%+v is with %q", row, h.Team())
						}
					}
				}
				for _, w := range h.Waits() {
					if w.Outcome != metrics.Open {
						continue
					}
					waits++
					if d := w.Duration(); d > longest || d == longest && string(id) < in {
						longest, in = d, string(id)
					}
				}
			}
			if v.Unpromised != int64(without) || v.Waiting != int64(waits) || waits > 0 && (v.Longest != longest || v.LongestIn != in) {
				t.Fatalf("%d without a promise, %d wait, the longest %v in %q; want %d, %d, %v in %q",
					v.Unpromised, v.Waiting, v.Longest, v.LongestIn, without, waits, longest, in)
			}
			unpromised, waiting = unpromised+without, waiting+waits
		}
	}
	for what, n := range map[string]int{"overdue": overdue, "soon": soon, "on hold": onHold, "equally urgent": ties, "without a promise": unpromised, "beside another": others, "waiting": waiting, "left out": cut, "near": nears} {
		if n < 50 {
			t.Errorf("only %d were %s", n, what)
		}
	}
	t.Logf("%d overdue, %d soon, %d on hold, %d ties, %d without a promise, %d beside, %d wait, %d cut, %d near", overdue, soon, onHold, ties, unpromised, others, waiting, cut, nears)
}

// viewAt reads a script of events, and looks.
func viewAt(t *testing.T, rules metrics.Rules, asOf time.Duration, p standards.Policy, events ...metrics.Event) view {
	t.Helper()
	log := new(metrics.EventLog)
	for _, e := range events {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	v, err := look(log.Read(rules, begin.Add(asOf)), p, settings{zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What has no deadline says why, and how much of the budget is left.
func TestNoDeadline(t *testing.T) {
	message := metrics.MessageReceived{Conversation: "7", At: begin, Channel: metrics.Email}
	paused := metrics.Paused{Conversation: "7", At: begin.Add(10 * time.Minute)}
	clock := standards.Target{Name: "solve", Measure: standards.FirstResolution, Within: standards.BudgetOf(time.Hour)}
	office := clock
	office.Calendar = manyPromises(t).Targets[1].Calendar
	answer := standards.Target{Name: "answer", Measure: standards.FirstResponse, Within: standards.BudgetOf(time.Hour)}
	for _, tt := range []struct {
		name   string
		target standards.Target
		rules  metrics.Rules
		events []metrics.Event
		want   string
	}{
		{"on hold", clock, metrics.Rules{}, []metrics.Event{message, paused}, "id  channel  promise  due      left\n7   email    solve    on hold  50 min"},
		{"office hours", office, metrics.Rules{}, []metrics.Event{message, paused}, "id  channel  promise  due      left\n7   email    solve    on hold  1 h of office hours"},
		{"not assigned", answer, metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, []metrics.Event{message}, "id  channel  promise  due          left\n7   email    answer   no deadline  1 h"},
		{"resumed", clock, metrics.Rules{}, []metrics.Event{message, paused, metrics.Resumed{Conversation: "7", At: begin.Add(20 * time.Minute)}}, "id  channel  promise  due\n7   email    solve    in 40 min"},
	} {
		v := viewAt(t, tt.rules, 30*time.Minute, standards.Policy{Targets: []standards.Target{tt.target}}, tt.events...)
		if got := v.write(terminal{}, 80); !strings.HasSuffix(got, "\nDue next\n"+tt.want+"\n") {
			t.Errorf("%s:\n%s", tt.name, got)
		}
	}
}

// Conversations in which nothing is promised are counted, too.
func TestSentences(t *testing.T) {
	target := standards.Target{Name: "answer", Measure: standards.FirstResponse, Within: standards.BudgetOf(time.Hour), Channels: []metrics.Channel{metrics.Chat},
		Escalations: []standards.Escalation{{After: -30 * time.Minute, Name: "call\x07"}, {After: 0, Name: "shout"}}}
	policy := standards.Policy{Targets: []standards.Target{target}}
	chat := metrics.MessageReceived{Conversation: "7", At: begin, Channel: metrics.Chat}
	email := metrics.MessageReceived{Conversation: "8", At: begin.Add(time.Minute), Channel: metrics.Email}
	const head = "Board as of Monday, 2 March 2026, "
	for _, tt := range []struct {
		asOf time.Duration
		want string
	}{
		{-time.Second, head + "08:59:59 (UTC)\n\nNo conversation is open.\nNo promise is open.\nNobody waits for an answer.\n"},
		{45 * time.Minute, head + `09:45:00 (UTC)

2 conversations are open: 0 past a promise, 1 in time, 1 without an open
  promise.
1 promise is open: 0 past, 1 in time.
In 2 conversations the customer waits for an answer, the longest for 45 min (7).

Nothing is overdue.

Due next
id  channel  promise  due        note
7   chat     answer   in 15 min  call?
`},
		{2 * time.Hour, head + `11:00:00 (UTC)

2 conversations are open: 1 past a promise, 0 in time, 1 without an open
  promise.
1 promise is open: 1 past, 0 in time.
In 2 conversations the customer waits for an answer, the longest for 2 h (7).

Overdue longest
id  channel  promise  late by  note
7   chat     answer   1 h      shout

No promise is due in any other conversation.
`},
	} {
		v := viewAt(t, metrics.Rules{}, tt.asOf, policy, email, chat)
		if got := v.write(terminal{}, 80); got != tt.want {
			t.Errorf("%s\nwant\n%s", got, tt.want)
		}
	}
	v := viewAt(t, metrics.Rules{}, 2*time.Hour, policy, chat)
	v.Each = true
	if got := v.write(terminal{}, 80); !strings.HasSuffix(got, "\n\nNo other promise is due.\n") {
		t.Error(got)
	}
	v = viewAt(t, metrics.Rules{}, time.Hour, policy, email)
	if got, want := v.write(terminal{}, 80), head+"10:00:00 (UTC)\n\n1 conversation is open: 0 past a promise, 0 in time, 1 without an open promise.\nNo promise is open.\nIn 1 conversation the customer waits for an answer, for 59 min (8).\n"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Where nobody is ever assigned, promises to assign in time are not measured.
func TestMeasured(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "take charge", Agreement: "inner", Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Minute)},
		{Name: "answer", Measure: standards.FirstResponse, Within: standards.BudgetOf(time.Hour)},
		{Name: "take charge", Agreement: "inner", Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Hour)},
		{Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Hour)},
	}}
	log := new(metrics.EventLog)
	add := func(e metrics.Event) {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	add(metrics.MessageReceived{Conversation: "7", At: begin})
	rest, names := measured(log, policy)
	if want := []string{"take charge (inner)", "time_to_assign"}; !slices.Equal(names, want) || len(rest.Targets) != 1 || rest.Targets[0].Name != "answer" {
		t.Errorf("%q, and %v", names, rest.Targets)
	}
	if len(policy.Targets) != 4 || policy.Targets[0].Name != "take charge" {
		t.Error("the policy was changed")
	}
	add(metrics.Assigned{Conversation: "8", At: begin, Agent: "ana"})
	if rest, names := measured(log, policy); len(names) != 0 || len(rest.Targets) != 4 {
		t.Errorf("%q, and %v", names, rest.Targets)
	}
}
