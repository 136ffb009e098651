package standards_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// logOf is a log of conversations named a, b, c and so on.
func logOf(t testing.TB, scripts ...string) *metrics.EventLog {
	t.Helper()
	log := new(metrics.EventLog)
	for i, script := range scripts {
		for _, e := range eventsOf(t, script) {
			r := metrics.RecordOf(e)
			r.Conversation = metrics.ConversationID(rune('a' + i))
			e, err := r.Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return log
}

func TestScores(t *testing.T) {
	log := logOf(t,
		"0 message, 30m reply ana, 50h message",
		"0 message, 3h reply ana",
		"0 message, 30h resolved",
		"0 message, 10m resolved",
		"0 message, 90m reply ben, 20h message, 21h30m reply ben",
		"49h30m message",
		"90h message",
	)
	policy := standards.Policy{Targets: []standards.Target{
		{Within: time.Hour, Goal: ratio(1, 4)},
		{Measure: standards.NextResponse, Within: time.Hour, Goal: ratio(1, 4)},
		{Measure: standards.TimeToAssign, Within: time.Hour, Channels: []metrics.Channel{"none"}, Goal: ratio(1, 2)},
	}}
	scores := policy.Scores(log.Conversations(), after(50*time.Hour))
	if want := (standards.Tally{Met: 1, Breached: 3, Pending: 1, Excluded: 1}); scores[0].Tally != want || want.N() != 6 {
		t.Errorf("first response: %+v, want %+v", scores[0].Tally, want)
	}
	if want := (standards.Tally{Breached: 1, Pending: 1}); scores[1].Tally != want {
		t.Errorf("next response: %+v, want %+v", scores[1].Tally, want)
	}
	if scores[2].Tally != (standards.Tally{}) {
		t.Errorf("nobody: %+v", scores[2].Tally)
	}
	var late []string
	for _, f := range scores[0].Breaches() {
		late = append(late, fmt.Sprint(f.Conversation, " ", -f.Left))
	}
	if got, want := strings.Join(late, ", "), "c 29h0m0s, b 2h0m0s, e 30m0s"; got != want {
		t.Errorf("worst first: %s, want %s", got, want)
	}
	for i, want := range []struct{ attained, ok bool }{{true, true}, {false, true}, {false, false}} {
		if attained, ok := policy.Targets[i].Attained(scores[i].Tally); attained != want.attained || ok != want.ok {
			t.Errorf("goal %d: %v, %v", i, attained, ok)
		}
	}
	if _, ok := (&standards.Target{Within: 1}).Attained(scores[0].Tally); ok {
		t.Error("a target without a goal attains it")
	}
	golden(t, "scores.json", scores)

	// The score of all is that of the parts.
	var whole standards.Score
	parts := make([]standards.Score, 3)
	n := 0
	for c := range log.Conversations() {
		asOf := after(50 * time.Hour)
		for f := range policy.Findings(metrics.HistoryOf(c.AsOf(asOf)), asOf) {
			whole.Add(f)
			parts[n%3].Add(f)
			n++
		}
	}
	merged := standards.Score{}
	for _, i := range []int{2, 0, 1} {
		merged.Merge(&parts[i])
	}
	if merged.Tally != whole.Tally || !reflect.DeepEqual(merged.Breaches(), whole.Breaches()) {
		t.Errorf("merged %+v, want %+v", merged, whole)
	}
}

// Of breaches that are as late in hours of service, the one that is later around
// the clock is worse; ties are broken by what they are.
func TestWorstFirst(t *testing.T) {
	target := func(m standards.Measure, agreement string) *standards.Target {
		return &standards.Target{Measure: m, Agreement: agreement}
	}
	breach := func(id metrics.ConversationID, begin, left, margin time.Duration, to *standards.Target) standards.Finding {
		return standards.Finding{
			Wait: metrics.Wait{Conversation: id, Start: after(begin)}, Target: to,
			Judgement: standards.Judgement{Verdict: standards.Breached, Left: left, Margin: margin},
		}
	}
	want := []standards.Finding{
		breach("z", 9, -3, 0, target(0, "")),
		breach("z", 9, -2, -9, nil),
		breach("z", 9, -2, -8, target(0, "")),
		breach("a", 9, 0, -1, target(0, "")),
		breach("b", 8, 0, -1, target(5, "x")),
		breach("b", 9, 0, -1, target(1, "x")),
		breach("b", 9, 0, -1, target(2, "")),
		breach("b", 9, 0, -1, target(2, "x")),
	}
	for range 20 {
		var s standards.Score
		for _, i := range rand.Perm(len(want)) {
			s.Add(want[i])
		}
		if got := s.Breaches(); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v", got)
		}
	}
}

func TestInterval(t *testing.T) {
	// 16 of 20 at 95 %: 0.5840 to 0.9193 (Wilson 1927, as R's binom.wilson has it).
	iv, ok := standards.Tally{Met: 16, Breached: 4, Pending: 100, Excluded: 100}.Interval(0.95)
	want, err := stat.Proportion(16, 20, 0.95, stat.Wilson)
	if !ok || err != nil || iv != want || fmt.Sprintf("%.4f %.4f", iv.Low, iv.High) != "0.5840 0.9193" {
		t.Errorf("%v, %v", iv, ok)
	}
	if _, ok := (standards.Tally{Pending: 1}).Interval(0.95); ok {
		t.Error("an interval of nothing")
	}
	if _, ok := (standards.Tally{Met: 1}).Interval(1); ok {
		t.Error("a level of 1")
	}
}

func TestEvidence(t *testing.T) {
	pausing := one(standards.NextResponse, time.Hour)
	pausing.Rules.PauseStopsWaits = true
	for _, tt := range []struct {
		script string
		policy standards.Policy
		want   string
	}{
		{
			"0 opened high, 0 message, 1s bot helpbot, 30m message, 1h rated, 2h reply ana, 2h resolved, 3h message", one(standards.FirstResponse, time.Hour),
			"0s opened, 0s message_received, 1s reply_sent, 30m0s message_received, 2h0m0s reply_sent, 2h0m0s resolved",
		},
		{"0 message, 1m reply ana, 2m message, 9m assigned ana", one(standards.NextResponse, time.Hour), "2m0s message_received, 9m0s assigned"},
		{"0 message, 10m paused, 20m resumed, 2h resolved", one(standards.FirstResolution, time.Hour), "0s message_received, 10m0s paused, 20m0s resumed, 2h0m0s resolved"},
		{
			// The hold was there before the customer wrote again.
			"0 message, 1m reply ana, 2m paused, 3m resumed, 4m paused, 5m paused, 10m message, 11m resumed, 3h reply ana",
			pausing,
			"4m0s paused, 10m0s message_received, 11m0s resumed, 3h0m0s reply_sent",
		},
		{
			"0 message, 1m reply ana, 2m paused, 3m resolved, 10m message, 10m paused, 11m resumed, 3h reply ana",
			pausing,
			"10m0s message_received, 10m0s paused, 11m0s resumed, 3h0m0s reply_sent",
		},
	} {
		c := conversation(t, eventsOf(t, tt.script)...)
		asOf := after(9 * time.Hour)
		var score standards.Score
		for f := range tt.policy.Findings(tt.policy.Rules.History(c), asOf) {
			score.Add(f)
		}
		breaches := score.Breaches()
		if len(breaches) != 1 {
			t.Fatalf("%s: %+v", tt.script, breaches)
		}
		var proof []string
		for _, e := range breaches[0].Evidence(c, asOf) {
			r := metrics.RecordOf(e)
			proof = append(proof, fmt.Sprint(r.At.Sub(start), " ", r.Type))
		}
		if got := strings.Join(proof, ", "); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.script, got, tt.want)
		}
	}
}

func TestEscalations(t *testing.T) {
	steps := []standards.Escalation{
		{Name: "manager", After: time.Hour}, {Name: "lead", After: -15 * time.Minute}, {Name: "breach"}, {Name: "too early", After: -2 * time.Hour},
	}
	p := one(standards.FirstResponse, time.Hour)
	p.Targets[0].Escalations = steps
	resolved := one(standards.FirstResolution, time.Hour)
	resolved.Targets[0].Escalations = steps
	evening := one(standards.FirstResponse, time.Hour)
	evening.Targets[0].Escalations, evening.Targets[0].Calendar = steps, weekdays(t)
	for _, tt := range []struct {
		script string
		policy standards.Policy
		asOf   time.Duration
		want   string
	}{
		{"0 message", p, 45*time.Minute - 1, ""},
		{"0 message", p, 45 * time.Minute, "lead 45m0s"},
		{"0 message, 45m reply", p, 9 * time.Hour, ""}, // answered as it came due
		{"0 message, 45m1ns reply", p, 9 * time.Hour, "lead 45m0s"},
		{"0 message", p, time.Hour, "lead 45m0s, breach 1h0m0s"},
		{"0 message, 1h30m reply", p, 9 * time.Hour, "lead 45m0s, breach 1h0m0s"},
		{"0 message", p, 2 * time.Hour, "lead 45m0s, breach 1h0m0s, manager 2h0m0s"},
		{"0 message, 50m paused, 2h resumed", resolved, 9 * time.Hour, "lead 45m0s, breach 2h10m0s, manager 3h10m0s"},
		{"0 message, 90m paused, 3h resumed", resolved, 9 * time.Hour, "lead 45m0s, breach 1h0m0s, manager 3h30m0s"},
		{"0 message, 90m paused", resolved, 9 * time.Hour, "lead 45m0s, breach 1h0m0s"},
		{"6h message", evening, 30 * time.Hour, "lead 6h45m0s, breach 7h0m0s, manager 24h0m0s"},
	} {
		c := conversation(t, eventsOf(t, tt.script)...)
		var got []string
		for f := range tt.policy.Findings(metrics.HistoryOf(c.AsOf(after(tt.asOf))), after(tt.asOf)) {
			for _, s := range f.Escalations(after(tt.asOf)) {
				got = append(got, fmt.Sprint(s.Name, " ", s.At.Sub(start)))
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s as of %v: %s, want %s", tt.script, tt.asOf, got, tt.want)
		}
	}
	if (standards.Finding{}).Escalations(start) != nil {
		t.Error("nothing is escalated")
	}
	c := conversation(t, eventsOf(t, "0 message")...)
	f, _ := p.FirstResponse(metrics.HistoryOf(c), after(9*time.Hour))
	golden(t, "escalations.json", f.Escalations(after(time.Hour)))
}

// Looking now and then gives the steps that one look gives, each once.
func TestEscalationsByPolling(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 50 {
		happened := scenario(r, 60)
		policy := one(pick(r, standards.Measures()...), 10*time.Second)
		policy.Targets[0].Calendar = shifts("oooo.")
		policy.Targets[0].Escalations = []standards.Escalation{{Name: "a", After: -7 * time.Second}, {Name: "b", After: 3 * time.Second}}
		if policy.Targets[0].Measure == standards.FullResolution {
			continue // what was met may be open again, and its steps come due late
		}
		c := conversation(t, slices.Concat(happened...)...)
		look := func(after0, until time.Duration) (steps []string) {
			now := after(until)
			for f := range policy.Findings(policy.Rules.History(c.AsOf(now)), now) {
				for _, s := range f.Escalations(now) {
					if s.At.After(after(after0)) {
						steps = append(steps, fmt.Sprint(f.Start.Sub(start), s.Name, s.At.Sub(start)))
					}
				}
			}
			return steps
		}
		var polled []string
		for s, last := time.Duration(0), -time.Second; s <= 60*time.Second; last, s = s, s+time.Second*time.Duration(1+r.IntN(5)) {
			polled = append(polled, look(last, s)...)
			if s > 55*time.Second {
				want := look(-time.Second, s)
				slices.Sort(want)
				slices.Sort(polled)
				if !slices.Equal(polled, want) {
					t.Fatalf("polled %v, one look gives %v\n%s", polled, want, script(happened))
				}
				break
			}
		}
	}
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
		{Name: "answer", Measure: standards.EveryResponse, Within: time.Hour, Warn: ratio(3, 4), Channels: []metrics.Channel{metrics.Chat}},
		{Name: "solve", Measure: standards.FirstResolution, Within: 3 * time.Hour, Channels: []metrics.Channel{metrics.Chat}},
	}}
	asOf := after(65 * time.Minute)
	board := standards.NewBoard(log.Conversations(), policy, asOf)
	var rows []string
	for _, f := range board.Rows {
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
	if board.Overdue != 2 || board.Warning != 1 || board.Fine != 7 || board.Open() != 10 || !board.AsOf.Equal(asOf) {
		t.Errorf("%d overdue, %d near, %d fine", board.Overdue, board.Warning, board.Fine)
	}
	if board.OverdueShare() != ratio(2, 10) || board.WarningShare() != ratio(1, 10) || board.FineShare() != ratio(7, 10) {
		t.Error("shares are not those of the rows")
	}
	golden(t, "board.json", board)
	empty := standards.NewBoard(new(metrics.EventLog).Conversations(), policy, asOf)
	golden(t, "board_empty.json", empty)
	if empty.OverdueShare().Defined() {
		t.Error("a share of nothing")
	}
}

// Whatever order conversations and events come in, the board is the same, and its
// rows are in order.
func TestBoardInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	policy := standards.Policy{}
	for _, m := range standards.Measures() {
		policy.Targets = append(policy.Targets, standards.Target{Measure: m, Within: 20 * time.Second, Calendar: shifts("oo..")})
	}
	var events []metrics.Event
	for i := range 40 {
		for _, e := range slices.Concat(scenario(r, 60)...) {
			record := metrics.RecordOf(e)
			record.Conversation = metrics.ConversationID(fmt.Sprint(i))
			e, err := record.Event()
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
	}
	var first *standards.Board
	for range 5 {
		r.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
		log := new(metrics.EventLog)
		for _, e := range events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		board := standards.NewBoard(log.Conversations(), policy, after(50*time.Second))
		for i := 1; i < len(board.Rows); i++ {
			a, b := board.Rows[i-1].Due, board.Rows[i].Due
			if a.IsZero() && !b.IsZero() || !b.IsZero() && b.Before(a) {
				t.Fatalf("row %d is due %v, before %v", i, b, a)
			}
		}
		if first == nil {
			first = board
		} else if !reflect.DeepEqual(board, first) {
			t.Fatal("another board")
		}
	}
	if len(first.Rows) < 40 {
		t.Errorf("only %d rows", len(first.Rows))
	}
}

func TestFindingJSON(t *testing.T) {
	p := one(standards.FirstResolution, time.Hour)
	p.Targets[0].Name, p.Targets[0].Agreement, p.Targets[0].Warn = "solve", "second line", ratio(1, 2)
	var all []any
	for _, script := range []string{
		"0 opened high, 0 message chat, 2h reply ana, 3h resolved ana", "0 message, 10m paused", "0 message, 9m reply ben", "8h30m message", "0 message, 1h merged",
	} {
		c := conversation(t, eventsOf(t, script)...)
		for f := range p.Findings(metrics.HistoryOf(c), after(9*time.Hour)) {
			all = append(all, f, f.Judgement)
		}
	}
	all = append(all, standards.Finding{})
	golden(t, "findings.json", all)
}
