package standards_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// levels is a policy that counts by all formulas side by side, as agreements.
func levels(m standards.Measure, within, short time.Duration) (p standards.Policy) {
	for _, f := range slices.Sorted(maps.Keys(formulas)) {
		p.Targets = append(p.Targets, standards.Target{Measure: m, Within: standards.BudgetOf(within), ShortAbandon: short, Formula: f, Agreement: f.String()})
	}
	return p
}

func logOfEvents(t testing.TB, events ...metrics.Event) *metrics.EventLog {
	t.Helper()
	log := new(metrics.EventLog)
	for _, e := range events {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	return log
}

// A call is a wait that ended so many seconds after its start.
type call struct {
	Outcome string `json:"outcome"` // "answered", "abandoned", "closed", or "open"
	After   int    `json:"after_s"`
}

// dial puts calls into a log, each a conversation of its own that begins in time for the
// instant of the reading.
func dial(t testing.TB, asOf time.Time, calls []call) *metrics.EventLog {
	t.Helper()
	log := new(metrics.EventLog)
	for i, c := range calls {
		id := metrics.ConversationID(fmt.Sprint(i))
		begin := asOf.Add(-seconds(c.After))
		events := []metrics.Event{metrics.MessageReceived{Conversation: id, At: begin, Channel: metrics.Phone}}
		switch c.Outcome {
		case "answered":
			events = append(events, metrics.ReplySent{Conversation: id, At: asOf, Agent: "ana"})
		case "abandoned":
			events = append(events, metrics.Abandoned{Conversation: id, At: asOf})
		case "closed":
			events = append(events, metrics.Resolved{Conversation: id, At: asOf})
		case "open":
		default:
			t.Fatalf("outcome %q", c.Outcome)
		}
		for _, e := range events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return log
}

// The rows of other products and of the literature, and those that are recommended.
func TestServiceLevelVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/queue.json")
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID     string    `json:"id"`
		Source string    `json:"source"`
		Why    string    `json:"why"`
		AsOf   time.Time `json:"as_of"`
		Target struct {
			Within string `json:"within"`
			Short  string `json:"short_abandon"`
		} `json:"target"`
		Bulk []struct {
			Count int `json:"count"`
			call
		} `json:"bulk"`
		Events   []json.RawMessage `json:"events"`
		Expected struct {
			Levels map[standards.Formula]stat.Ratio `json:"service_level"`
			Queue  struct {
				Answered, Abandoned int64
			} `json:"queue"`
		} `json:"expected"`
	}
	checked := 0
	for _, row := range parse[[]row](t, data) {
		log := new(metrics.EventLog)
		if row.Bulk != nil {
			row.AsOf = after(time.Hour)
			var calls []call
			for _, b := range row.Bulk {
				calls = append(calls, slices.Repeat([]call{b.call}, b.Count)...)
			}
			log = dial(t, row.AsOf, calls)
		}
		for _, e := range row.Events {
			event, err := parse[metrics.Record](t, e).Event()
			if err == nil {
				err = log.Append(event)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		within, err := time.ParseDuration(row.Target.Within)
		short, err2 := time.ParseDuration(row.Target.Short)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		for _, m := range []standards.Measure{standards.FirstResponse, standards.EveryResponse} {
			policy := levels(m, within, short)
			if err := policy.Validate(); err != nil {
				t.Fatal(err)
			}
			scores := feed(t, log.Read(metrics.Rules{}, row.AsOf), standards.NewScores(metrics.Whole, policy, 0))
			for i, a := range scores.Total() {
				f := standards.Formula(i)
				if want, ok := row.Expected.Levels[f]; ok {
					checked++
					if got := a.Tally.Compliance(); got != want {
						t.Errorf("%s (%s), %v by %v: %v, want %v; %s", row.ID, row.Source, m, f, got, want, row.Why)
					}
				}
				if want := row.Expected.Queue; f == standards.Offered && want.Answered+want.Abandoned > 0 {
					if got := a.Tally.N(); got != want.Answered+want.Abandoned {
						t.Errorf("%s: %d waits, want %+v", row.ID, got, want)
					}
				}
			}
		}
	}
	if checked != 2*(3*6+2) {
		t.Errorf("%d service levels checked", checked)
	}
}

// levelBy counts one formula from plain calls, as its definition says.
func levelBy(f standards.Formula, calls []call, within, short int) stat.Ratio {
	count := func(outcome string, from, to int) (n int64) {
		for _, c := range calls {
			if c.Outcome == outcome && from < c.After && c.After <= to {
				n++
			}
		}
		return n
	}
	const ever = 1 << 30
	all := func(outcome string) int64 { return count(outcome, -1, ever) }
	good := count("answered", -1, within)
	answered, abandoned := all("answered"), all("abandoned")
	missed := count("open", within-1, ever) + count("closed", within, ever)
	switch f {
	case standards.ShortExcluded:
		return stat.Ratio{Part: good, Whole: answered + count("abandoned", short, ever) + missed}
	case standards.AnsweredOnly:
		return stat.Ratio{Part: good, Whole: answered}
	case standards.Offered:
		return stat.Ratio{Part: good, Whole: answered + abandoned + missed}
	case standards.WithinExcluded:
		return stat.Ratio{Part: good, Whole: answered + count("abandoned", within, ever) + missed}
	case standards.WithinMet:
		return stat.Ratio{Part: good + count("abandoned", -1, within), Whole: answered + abandoned + missed}
	}
	return stat.Ratio{Part: good + count("abandoned", -1, short), Whole: answered + abandoned + missed}
}

// Compliance is the service level, counted from plain waits as each formula says, as of
// the end of all of them and whatever else is in the log.
func TestServiceLevelsOfPlainCalls(t *testing.T) {
	seed := seed(t)
	r := rand.New(rand.NewPCG(seed, 0))
	edges := 0
	for range 300 {
		within := 1 + r.IntN(20)
		short := 1 + r.IntN(within)
		limit := short
		if r.IntN(4) == 0 {
			short, limit = 0, within // there is none but the promise
		}
		calls := make([]call, r.IntN(40))
		for i := range calls {
			c := &calls[i]
			c.Outcome = pick(r, "answered", "abandoned", "abandoned", "closed", "open")
			c.After = max(0, pick(r, r.IntN(30), within-1, within, within+1, limit-1, limit, limit+1))
			if c.Outcome == "abandoned" && (c.After == limit || c.After == limit+1) {
				edges++
			}
		}
		reading := dial(t, after(time.Hour), calls).Read(metrics.Rules{}, after(time.Hour))
		policy := levels(pick(r, standards.FirstResponse, standards.EveryResponse), seconds(within), seconds(short))
		scores := feed(t, reading, standards.NewScores(metrics.Facet.Conversation, policy, 3))
		share := make(map[standards.Formula]stat.Ratio)
		for i, a := range scores.Total() {
			f := standards.Formula(i)
			tally := a.Tally
			tally.Merge(a.Unmeasured)
			share[f] = tally.Compliance()
			if want := levelBy(f, calls, within, limit); share[f] != want || tally.N() != int64(len(calls)) {
				t.Fatalf("seed %d: %v of %v within %d s, short up to %d s: %v, want %v", seed, f, calls, within, limit, tally, want)
			}
		}
		// What counts as a miss in one of two and is left out, or met, in the other.
		for _, pair := range [][2]standards.Formula{
			{standards.Offered, standards.ShortExcluded}, {standards.ShortExcluded, standards.WithinExcluded},
			{standards.Offered, standards.ShortMet}, {standards.ShortMet, standards.WithinMet},
			{standards.ShortExcluded, standards.ShortMet}, {standards.WithinExcluded, standards.WithinMet},
		} {
			if low, high := share[pair[0]], share[pair[1]]; low.Defined() && high.Defined() && !high.AtLeast(low) {
				t.Fatalf("seed %d: %v is %v, above %v, %v", seed, pair[0], low, pair[1], high)
			}
		}
	}
	often(t, "abandoned at the limit", edges, 300)
}

// verdicts writes the verdict by each formula, with the second of a breach.
func verdicts(h *metrics.History, p standards.Policy) string {
	all := make([][]string, len(p.Targets))
	for f := range p.Findings(h) {
		text := f.Verdict.String()
		if f.Verdict == standards.Breached {
			text += fmt.Sprint(" ", f.BreachedAt.Sub(start).Seconds())
		}
		all[f.Index] = append(all[f.Index], text)
	}
	var texts []string
	for _, one := range all {
		texts = append(texts, strings.Join(one, " and "))
	}
	return strings.Join(texts, ", ")
}

// When each formula says what: within 20 s, with a short limit of 5 s. The order is short
// excluded, answered only, offered, within excluded, within met, short met.
func TestVerdictsByFormula(t *testing.T) {
	const missed = "breached 20, pending, breached 20, breached 20, breached 20, breached 20"
	for _, tt := range []struct {
		name, script string
		asOf         time.Duration
		want         string
	}{
		{"waits", "0 message", seconds(20) - 1, "pending, pending, pending, pending, pending, pending"},
		{"waits at the deadline", "0 message", seconds(20), missed},
		{"waits long after", "0 message", seconds(90), missed},
		{"answered at the deadline", "0 message, 20s reply ana", seconds(60), "met, met, met, met, met, met"},
		{"answered late", "0 message, 30s reply ana", seconds(60), "breached 20, breached 30, breached 20, breached 20, breached 20, breached 20"},
		{"not answered yet", "0 message, 30s reply ana", seconds(29), missed},
		{"gave up at the short limit", "0 message, 5s abandoned", seconds(60), "excluded, excluded, breached 5, excluded, met, met"},
		{"gave up after the short limit", "0 message, 12s abandoned", seconds(60), "breached 12, excluded, breached 12, excluded, met, breached 12"},
		{"had not given up", "0 message, 12s abandoned", seconds(11), "pending, pending, pending, pending, pending, pending"},
		{"gives up now", "0 message, 12s abandoned", seconds(12), "breached 12, excluded, breached 12, excluded, met, breached 12"},
		{"gave up at the deadline", "0 message, 20s abandoned", seconds(60), "breached 20, excluded, breached 20, excluded, met, breached 20"},
		{"gave up late", "0 message, 21s abandoned", seconds(60), "breached 20, excluded, breached 20, breached 20, breached 20, breached 20"},
		{"gave up at once", "0 message, 0s abandoned", seconds(60), "excluded, excluded, breached 0, excluded, met, met"},
		{"closed by the desk in time", "0 message, 20s resolved", seconds(60), "excluded, excluded, excluded, excluded, excluded, excluded"},
		{"closed by the desk late", "0 message, 21s resolved", seconds(60), "breached 20, excluded, breached 20, breached 20, breached 20, breached 20"},
		{"hung up after the answer", "0 message, 10s reply ana, 30s abandoned", seconds(60), "met, met, met, met, met, met"},
		{"answered by an assistant", "0 message, 10s assistant", seconds(60), "excluded, excluded, excluded, excluded, excluded, excluded"},
		{"by an assistant, late", "0 message, 30s assistant", seconds(60), "breached 20, excluded, breached 20, breached 20, breached 20, breached 20"},
		{"three tries", "0 message, 12s abandoned, 20s message, 60s abandoned, 90s message, 95s reply ana", seconds(99),
			"breached 12 and breached 40 and met, excluded and excluded and met, breached 12 and breached 40 and met, " +
				"excluded and breached 40 and met, met and breached 40 and met, breached 12 and breached 40 and met"},
	} {
		h := read(conversation(t, eventsOf(t, tt.script)...), tt.asOf)
		if got := verdicts(h, levels(standards.EveryResponse, seconds(20), seconds(5))); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// Of several tries in one conversation, one is its first response: a breach, or what was
// answered or is open, or else a try that is met because the customer gave up.
func TestFirstResponseAfterGivingUp(t *testing.T) {
	for _, tt := range []struct{ script, want string }{
		{"0 message, 3s abandoned", "excluded, excluded, breached 3, excluded, met, met"},
		{"0 message, 3s abandoned, 50s message, 51s resolved", "excluded, excluded, breached 3, excluded, met, met"},
		{"0 message, 1s resolved, 50s message, 53s abandoned", "excluded, excluded, breached 53, excluded, met, met"},
		{"0 message, 3s abandoned, 50s message", "pending, pending, breached 3, pending, pending, pending"},
		{"0 message, 3s abandoned, 30s message, 55s reply ana", "breached 50, breached 55, breached 3, breached 50, breached 50, breached 50"},
		{"0 message, 3s abandoned, 30s message, 40s reply ana", "met, met, breached 3, met, met, met"},
		{"0 message, 12s abandoned, 30s message, 40s reply ana", "breached 12, met, breached 12, met, met, breached 12"},
	} {
		h := read(conversation(t, eventsOf(t, tt.script)...), seconds(60))
		policy := levels(standards.FirstResponse, seconds(20), seconds(5))
		if got := verdicts(h, policy); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.script, got, tt.want)
		}
		for i := range policy.Targets {
			target := policy.Targets[i]
			target.Agreement = ""
			f, ok := standards.Policy{Targets: []standards.Target{target}}.FirstResponse(h)
			if verdict := strings.Fields(strings.Split(tt.want, ", ")[i])[0]; ok != (verdict != "excluded") || ok && f.Verdict.String() != verdict {
				t.Errorf("%s by %v: %v, %v, want %s", tt.script, target.Formula, f.Verdict, ok, verdict)
			}
			// Who answered a later try has it, and not a try that was given up.
			if f.Verdict == standards.Met && strings.Contains(tt.script, "reply") && f.Agent != "ana" {
				t.Errorf("%s by %v: agent %q", tt.script, target.Formula, f.Agent)
			}
		}
	}
	// By AnsweredOnly an acknowledgement is no answer, however late.
	ends := metrics.Rules{Automation: metrics.AutomationEnds}
	h := conversation(t, eventsOf(t, "0 message, 30s bot, 40s message, 45s reply ana")...).Read(ends, after(seconds(60)))
	for m, want := range map[standards.Measure]string{standards.FirstResponse: "met", standards.EveryResponse: "breached 30 and met"} {
		if got := strings.Split(verdicts(h, levels(m, seconds(20), 0)), ", ")[standards.AnsweredOnly]; got != want {
			t.Errorf("%v: %s, want %s", m, got, want)
		}
	}
}

// Both limits run down in hours of service, without holds, and only once the clock has
// started.
func TestShortLimitRunsLikeTheDeadline(t *testing.T) {
	const minute = time.Minute
	for _, tt := range []struct {
		name, script string
		calendar     metrics.Calendar
		rules        metrics.Rules
		want         standards.Verdict
	}{
		{"around the clock", "0 message, 11m abandoned", nil, metrics.Rules{}, standards.Breached},
		{"at the limit", "0 message, 10m abandoned", nil, metrics.Rules{}, standards.Excluded},
		{"in the evening", "7h55m message, 9h abandoned", office{}, metrics.Rules{}, standards.Excluded},
		{"in the morning at the limit", "7h55m message, 24h5m abandoned", office{}, metrics.Rules{}, standards.Excluded},
		{"in the morning after it", "7h55m message, 24h5m1s abandoned", office{}, metrics.Rules{}, standards.Breached},
		// The limit is closing time, as a deadline would be.
		{"at closing time", "7h50m message, 8h abandoned", office{}, metrics.Rules{}, standards.Excluded},
		{"after closing time", "7h50m message, 8h1m abandoned", office{}, metrics.Rules{}, standards.Breached},
		{"on hold", "0 message, 5m paused, 30m abandoned", nil, metrics.Rules{PauseStopsWaits: metrics.AnyReason}, standards.Excluded},
		{"after a hold", "0 message, 5m paused, 30m resumed, 35m abandoned", nil, metrics.Rules{PauseStopsWaits: metrics.AnyReason}, standards.Excluded},
		{"long after a hold", "0 message, 5m paused, 30m resumed, 36m abandoned", nil, metrics.Rules{PauseStopsWaits: metrics.AnyReason}, standards.Breached},
		{"nobody in charge", "0 message, 11m abandoned", nil, metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, standards.Excluded},
		{"somebody in charge", "0 message, 1m assigned ana, 12m abandoned", nil, metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, standards.Breached},
		{"in charge at the limit", "0 message, 1m assigned ana, 11m abandoned", nil, metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, standards.Excluded},
	} {
		p := one(standards.EveryResponse, 30*minute)
		p.Targets[0].ShortAbandon, p.Targets[0].Calendar = 10*minute, tt.calendar
		h := conversation(t, eventsOf(t, tt.script)...).Read(tt.rules, after(48*time.Hour))
		for f := range p.Findings(h) {
			if f.Verdict != tt.want || (f.Verdict == standards.Breached) != f.BreachedAt.Equal(f.End) {
				t.Errorf("%s: %v, breached at %v", tt.name, f, f.BreachedAt)
			}
		}
	}
	// Without a deadline too, every abandon is a miss by Offered, and met by ShortMet.
	unassigned := conversation(t, eventsOf(t, "0 message, 11s abandoned")...).
		Read(metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, after(time.Hour))
	if got, want := verdicts(unassigned, levels(standards.EveryResponse, seconds(20), seconds(5))),
		"excluded, excluded, breached 11, excluded, met, met"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A breach by giving up stays, and what becomes known later counts from then on.
func TestGivingUpIsTakenBack(t *testing.T) {
	at := func(n int) time.Time { return after(seconds(n)) }
	begin := metrics.MessageReceived{Conversation: "1", At: start, ID: "m"}
	gaveUp := func(n int) metrics.Event { return metrics.Abandoned{Conversation: "1", At: at(n), ID: "x"} }
	retracted := func(id metrics.EventID, n int) metrics.Event {
		return metrics.Retracted{Conversation: "1", At: at(n), Event: id}
	}
	answer := func(n int) metrics.Event {
		return metrics.ReplySent{Conversation: "1", At: at(n), ID: "r", Agent: "ana"}
	}
	for _, tt := range []struct {
		name   string
		events []metrics.Event
		asOf   int
		want   string
	}{
		{"gave up after all not", []metrics.Event{begin, gaveUp(12), retracted("x", 15)}, 18, "breached 12, pending, breached 12, pending, pending, breached 12"},
		{"and was answered", []metrics.Event{begin, gaveUp(12), retracted("x", 15), answer(18)}, 30, "breached 12, met, breached 12, met, met, breached 12"},
		{"and was not answered", []metrics.Event{begin, gaveUp(12), retracted("x", 25)}, 30, "breached 12, pending, breached 12, breached 25, breached 25, breached 12"},
		{"it was later", []metrics.Event{begin, gaveUp(4), gaveUp(12)}, 30, "breached 12, excluded, breached 4, excluded, met, breached 12"},
		{"the call never was", []metrics.Event{begin, gaveUp(12), retracted("m", 15)}, 30, ", , , , , "},
		{"the answer never was", []metrics.Event{begin, answer(15), retracted("r", 40)}, 50, "breached 40, pending, breached 40, breached 40, breached 40, breached 40"},
		{"the late answer never was", []metrics.Event{begin, answer(30), retracted("r", 40)}, 50, "breached 20, breached 30, breached 20, breached 20, breached 20, breached 20"},
	} {
		h := conversation(t, tt.events...).Read(metrics.Rules{}, at(tt.asOf))
		if got := verdicts(h, levels(standards.EveryResponse, seconds(20), seconds(5))); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// A callback is one wait, from the call to the voice of a person: 120 s in the queue and
// 145 s for the callback are 265 s, by each formula.
func TestCallbackIsOneWait(t *testing.T) {
	log := logOfEvents(t,
		metrics.MessageReceived{Conversation: "call", At: start, Channel: metrics.Phone},
		metrics.Merged{Conversation: "call", At: after(seconds(120)), Into: "callback"},
		metrics.Opened{Conversation: "callback", At: after(seconds(120))},
		metrics.ReplySent{Conversation: "callback", At: after(seconds(265)), Agent: "ana"},
	)
	for within, want := range map[int]standards.Tally{
		100: {Breached: 1}, // before the merger, and where it was, but for AnsweredOnly
		200: {Breached: 1, Excluded: 1}, 264: {Breached: 1, Excluded: 1}, 265: {Met: 1, Excluded: 1},
	} {
		scores := feed(t, log.Read(metrics.Rules{}, after(time.Hour)), standards.NewScores(metrics.Whole, levels(standards.EveryResponse, seconds(within), 0), 1))
		for i, a := range scores.Total() {
			want := want
			if within == 100 && standards.Formula(i) == standards.AnsweredOnly {
				want.Excluded = 1
			}
			if a.Tally != want {
				t.Errorf("within %d s by %v: %+v, want %+v", within, standards.Formula(i), a.Tally, want)
			}
		}
	}
}

// Who waits beyond the promise is overdue on the board, even if only an answer will count.
func TestBoardByFormula(t *testing.T) {
	log := logOf(t, "0 message", "15s message", "20s message", "0 message, 12s abandoned", "0 message, 30s reply ana")
	policy := standards.Policy{Targets: []standards.Target{{
		Measure: standards.EveryResponse, Within: standards.BudgetOf(seconds(20)), Warn: ratio(3, 4), Formula: standards.AnsweredOnly, Name: "80/20",
		Escalations: []standards.Escalation{{Name: "late", After: seconds(5)}},
	}}}
	for _, tt := range []struct {
		asOf int
		want [3]int64
		rows string
	}{
		{19, [3]int64{0, 2, 1}, "a, 80/20: pending, due 2026-03-02 09:00:20 UTC, 1 s left; e, 80/20: pending, due 2026-03-02 09:00:20 UTC, 1 s left; b, 80/20: pending, due 2026-03-02 09:00:35 UTC, 16 s left"},
		{20, [3]int64{2, 0, 2}, "a, 80/20: pending, due 2026-03-02 09:00:20 UTC, 0 s late; e, 80/20: pending, due 2026-03-02 09:00:20 UTC, 0 s late; b, 80/20: pending, due 2026-03-02 09:00:35 UTC, 15 s left; c, 80/20: pending, due 2026-03-02 09:00:40 UTC, 20 s left"},
		{30, [3]int64{1, 1, 1}, "a, 80/20: pending, due 2026-03-02 09:00:20 UTC, 10 s late; b, 80/20: pending, due 2026-03-02 09:00:35 UTC, 5 s left; c, 80/20: pending, due 2026-03-02 09:00:40 UTC, 10 s left"},
	} {
		board := boardOf(t, log, policy, after(seconds(tt.asOf)))
		var rows []string
		for _, f := range board.Rows() {
			rows = append(rows, f.String())
			if f.Warning && f.Margin <= 0 {
				t.Errorf("second %d: %v is near", tt.asOf, f)
			}
		}
		if got := strings.Join(rows, "; "); got != tt.rows {
			t.Errorf("second %d: %s\nwant %s", tt.asOf, got, tt.rows)
		}
		over, near, fine := board.Promises()
		if got := [3]int64{over, near, fine}; got != tt.want {
			t.Errorf("second %d: %v promises, want %v", tt.asOf, got, tt.want)
		}
		over, near, fine = board.Conversations()
		if got := [3]int64{over, near, fine}; got != tt.want {
			t.Errorf("second %d: %v conversations, want %v", tt.asOf, got, tt.want)
		}
	}
	// The step after the deadline is taken, though the promise is still pending.
	for h := range log.Read(metrics.Rules{}, after(seconds(30))).Histories() {
		for f := range policy.Findings(h) {
			n := 0
			for at := range f.Escalations() {
				if n++; !at.Equal(after(seconds(25))) {
					t.Errorf("%v escalated at %v", f, at)
				}
			}
			if late := f.Conversation == "a" || f.Conversation == "e"; late != (n == 1) {
				t.Errorf("%v: %d steps", f, n)
			}
		}
	}
}

func TestFindingOfWhoGaveUp(t *testing.T) {
	for script, want := range map[string]string{
		"0 message, 12s abandoned": "1, every_response: breached, due 2026-03-02 09:00:20 UTC, given up with 8 s left",
		"0 message, 20s abandoned": "1, every_response: breached, due 2026-03-02 09:00:20 UTC, given up with 0 s left",
		"0 message, 23s abandoned": "1, every_response: breached, due 2026-03-02 09:00:20 UTC, 3 s late",
		"0 message, 4s abandoned":  "1, every_response: excluded, due 2026-03-02 09:00:20 UTC, 16 s left",
	} {
		p := levels(standards.EveryResponse, seconds(20), seconds(5))
		p.Targets = p.Targets[:1]
		p.Targets[0].Agreement = ""
		h := read(conversation(t, eventsOf(t, script)...), time.Hour)
		for f := range p.Findings(h) {
			if f.String() != want {
				t.Errorf("%v, want %s", f, want)
			}
		}
	}
}

// A log in which customers gave up tells that nobody answered, even without any reply. Of
// updates, and where nobody waited, it tells nothing.
func TestGivingUpIsMeasured(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{
		{Within: standards.BudgetOf(seconds(20)), Formula: standards.Offered}, {Measure: standards.PeriodicUpdate, Within: standards.BudgetOf(seconds(20))},
	}}
	for _, tt := range []struct {
		scripts  []string
		measured bool
	}{
		{[]string{"0 message, 12s abandoned", "0 message"}, true},
		{[]string{"0 message", "0 message, 12s abandoned, 1m message, 61s resolved, 2m message"}, true},
		{[]string{"0 message", "0 message"}, false},
		{[]string{"0 message", "0 opened, 12s abandoned"}, false},
		{[]string{"0 message", "0 message, 12s abandoned, 13s discarded"}, false},
	} {
		scores := func() *standards.Scores[metrics.Channel] {
			return standards.NewScores(metrics.Facet.Channel, policy, 1)
		}
		reading := logOf(t, tt.scripts...).Read(metrics.Rules{}, after(time.Hour))
		all, again := feed(t, reading, scores()), scores()
		if err := json.Unmarshal([]byte(jsonOf(t, all)), again); err != nil || !equalScores(t, again, all) {
			t.Errorf("%q: reads as %v, %v", tt.scripts, again.Total(), err)
		}
		for _, s := range []*standards.Scores[metrics.Channel]{all, again} {
			if total := s.Total(); (total[0].Tally.N() > 0) != tt.measured || total[0].Unmeasured.N() > 0 == tt.measured || total[1].Tally.N() > 0 {
				t.Errorf("%q: %v", tt.scripts, total)
			}
		}
	}
}

// Results say by which formula they are, and do not mix with those of another.
func TestFormulasDoNotMix(t *testing.T) {
	log := logOf(t, "0 message, 12s abandoned", "0 message, 10s reply ana")
	reading := log.Read(metrics.Rules{}, after(time.Hour))
	of := func(target standards.Target) *standards.Scores[string] {
		target.Within = standards.BudgetOf(seconds(20))
		return standards.NewScores(metrics.Whole, standards.Policy{Targets: []standards.Target{target}}, 1)
	}
	usual := standards.Target{ShortAbandon: seconds(5)}
	for _, tt := range []struct {
		target standards.Target
		form   string // of the JSON
		text   string
		reads  bool // as that of the usual one
	}{
		{usual, `"formula":"short_excluded","short_abandon_ns":5000000000,`, "first_response: 1 of 2 kept, 50.0 %", true},
		{standards.Target{}, `"formula":"short_excluded",`, "first_response: 1 of 1 kept, 100.0 %, 1 excluded", false},
		{standards.Target{ShortAbandon: seconds(6)}, `"formula":"short_excluded","short_abandon_ns":6000000000,`, "first_response: 1 of 2 kept, 50.0 %", false},
		{standards.Target{ShortAbandon: seconds(5), Formula: standards.ShortMet}, `"formula":"short_met","short_abandon_ns":5000000000,`,
			"first_response: 1 of 2 kept, 50.0 %, formula short_met", false},
		// A formula that does without the limit does not name it.
		{standards.Target{ShortAbandon: seconds(5), Formula: standards.Offered}, `"formula":"offered",`, "first_response: 1 of 2 kept, 50.0 %, formula offered", false},
		{standards.Target{Formula: standards.WithinMet, Goal: ratio(1, 2)}, `"formula":"within_met",`,
			"first_response: 2 of 2 kept, 100.0 %, formula within_met, goal attained", false},
		{standards.Target{Measure: standards.PeriodicUpdate}, "", "periodic_update: 1 of 2 kept, 50.0 %, 1 excluded", false},
	} {
		scores := feed(t, reading, of(tt.target))
		if got := scores.Total()[0].String(); got != tt.text {
			t.Errorf("%s, want %s", got, tt.text)
		}
		written := jsonOf(t, scores)
		if _, got, _ := strings.Cut(written, `"measure":"`+tt.target.Measure.String()+`",`); !strings.HasPrefix(got, tt.form+`"met"`) {
			t.Errorf("%v: %s, want %s", tt.target.Formula, got, tt.form)
		}
		merged := of(usual)
		if err := merged.Merge(scores); (err == nil) != tt.reads || err != nil && !errors.Is(err, standards.ErrOtherPolicy) {
			t.Errorf("%+v merges: %v", tt.target, err)
		}
		if err := standards.NewBoard(standards.Policy{Targets: []standards.Target{tt.target}}).
			Merge(standards.NewBoard(standards.Policy{Targets: []standards.Target{usual}})); (err == nil) != tt.reads {
			t.Errorf("boards of %+v merge: %v", tt.target, err)
		}
		if err := json.Unmarshal([]byte(written), of(usual)); (err == nil) != tt.reads || err != nil && !errors.Is(err, standards.ErrOtherPolicy) {
			t.Errorf("%+v reads: %v", tt.target, err)
		}
		if err := json.Unmarshal([]byte(strings.Replace(written, `"formula":`, `"form":`, 1)), of(tt.target)); (err == nil) != (tt.form == "") {
			t.Errorf("%+v reads without a formula: %v", tt.target, err)
		}
		if again := of(tt.target); json.Unmarshal([]byte(written), again) != nil || !equalScores(t, again, scores) {
			t.Errorf("%+v reads as %v", tt.target, again.Total())
		}
	}
}

func TestFormulaText(t *testing.T) {
	for f := range formulas {
		name, err := f.MarshalText()
		var read, scanned standards.Formula
		if err != nil || string(name) != f.String() || read.UnmarshalText(name) != nil || read != f {
			t.Errorf("%v is %q, %v, and reads as %v", f, name, err, read)
		}
		if v, err := f.Value(); err != nil || scanned.Scan(v) != nil || scanned != f {
			t.Errorf("%v is %v in a database, %v", f, v, err)
		}
	}
	if _, err := standards.Formula(6).MarshalText(); err == nil || standards.Formula(6).String() != "Formula(6)" {
		t.Error("6 is a formula")
	}
	var f standards.Formula
	if err := f.UnmarshalText([]byte("erlang")); !errors.Is(err, text.ErrUnknown) || err.Error() != `standards: no such formula: "erlang"` {
		t.Error(err)
	}
}
