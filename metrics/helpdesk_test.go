package metrics_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A peerCase is a row of testdata/helpdesk.json: what other helpdesks' tests and
// documents say of a conversation that is measured around the clock. Each row
// names its source. Whether a target was missed is for package standards.
type peerCase struct {
	ID         string         `json:"id"`
	Source     string         `json:"source"`
	Timeline   []peerEvent    `json:"timeline"`
	EvaluateAt time.Time      `json:"evaluate_at"`
	Expected   map[string]any `json:"expected"`
}

type peerEvent struct {
	At            time.Time      `json:"t"`
	Kind          string         `json:"kind"`
	Count         int            `json:"count"`
	Values        []rating.Stars `json:"values"`
	Seconds       []int64        `json:"values_s"`
	FirstResponse []int64        `json:"first_response_s"`
	Resolution    []int64        `json:"resolution_s"`
}

func peerCases(t *testing.T) map[string]peerCase {
	data, err := os.ReadFile("testdata/helpdesk.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []peerCase
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	byID := make(map[string]peerCase)
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID
}

// conversation makes events of a timeline. Who opens a conversation, or reopens
// it, writes, unless the timeline has messages of its own.
func (row peerCase) conversation(t *testing.T, snoozePauses bool) metrics.Conversation {
	const id = "7"
	silent := !slices.ContainsFunc(row.Timeline, func(e peerEvent) bool { return e.Kind == "customer_message" })
	var list []metrics.Event
	paused := false
	for _, e := range row.Timeline {
		message := metrics.MessageReceived{Conversation: id, At: e.At}
		switch e.Kind {
		case "created", "start":
			if e.Kind == "start" && len(list) > 0 {
				list = append(list, metrics.Reopened{Conversation: id, At: e.At})
				continue
			}
			list = append(list, metrics.Opened{Conversation: id, At: e.At})
			if silent {
				list = append(list, message)
			}
		case "customer_message":
			list = append(list, message)
		case "reopened":
			if paused {
				list = append(list, metrics.Resumed{Conversation: id, At: e.At})
				paused = false
				continue
			}
			list = append(list, metrics.Reopened{Conversation: id, At: e.At}, message)
		case "agent_reply":
			list = append(list, metrics.ReplySent{Conversation: id, At: e.At, Agent: "ana"})
		case "bot_resolved", "resolved", "closed", "stop":
			list = append(list, metrics.Resolved{Conversation: id, At: e.At})
		case "snoozed":
			if paused = snoozePauses; paused {
				list = append(list, metrics.Paused{Conversation: id, At: e.At})
			}
		case "bot_handoff", "agent_note":
		default:
			t.Fatalf("%s: kind %s", row.ID, e.Kind)
		}
	}
	c, err := metrics.NewConversation(list...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// seconds returns a duration as JSON has it, and nil for none.
func seconds(d time.Duration, ok bool) any {
	if !ok {
		return nil
	}
	return d.Seconds()
}

// measured answers the questions that the rows ask of a conversation.
func (row peerCase) measured(c metrics.Conversation) map[string]any {
	asOf := row.EvaluateAt
	if asOf.IsZero() {
		asOf = time.Unix(0, lastInstant)
	}
	h := c.Read(metrics.Rules{}, asOf)
	all := map[string]any{"first_response_s": nil, "waiting_s": nil}
	replies := []any{}
	for _, w := range h.Responses() {
		replies = append(replies, w.Duration().Seconds())
	}
	if len(replies) > 0 {
		first, _ := h.FirstResponse()
		all["first_response_s"] = first.Duration().Seconds()
		all["first_response_clock_start"] = first.Start.Format(time.RFC3339)
	}
	all["reply_times_s"] = replies
	closed, open := 0, 0
	for _, w := range h.Waits() {
		switch w.Outcome {
		case metrics.ClosedUnanswered:
			closed++
		case metrics.Open:
			open++
			all["waiting_s"] = w.Duration().Seconds()
		}
	}
	all["turns_closed_without_reply"], all["open_turns"] = float64(closed), float64(open)
	cycles := []any{}
	for _, c := range h.Cycles() {
		cycles = append(cycles, c.Duration().Seconds())
		all["resolution_cycle_s_last"] = c.Duration().Seconds()
	}
	all["every_cycle_s"] = cycles
	all["first_resolution_s"] = seconds(h.FirstResolution(metrics.AroundTheClock))
	all["full_resolution_s"] = seconds(h.FullResolution(metrics.AroundTheClock))
	all["resolution_s"] = all["full_resolution_s"]
	all["open_only_resolution_s"] = seconds(h.ActiveTime(metrics.AroundTheClock))
	return all
}

func TestPeersConversations(t *testing.T) {
	cases := peerCases(t)
	for _, id := range []string{
		"chatwoot-16", // The bot's closing ends the first wait unanswered, so that the clock starts at the reopening.
		"chatwoot-19",
		"chatwoot-20", // Nothing is answered; the wait is open and has an age.
		"chatwoot-22",
		"chatwoot-23", // One wait, not one for each message; see below.
		"chatwoot-26", // Reopened while it is open changes nothing, and a snooze is no pause unless the source says Paused.
		"chatwoot-30", // A hand-off is no event; the customer who reopens it writes, and waits from there.
		"chatwoot-32", // The thanks are a wait that was closed unanswered.
		"jira-02",     // Cycles are what they are; first, full and active time are three readings of them.
		"bird-01",
		"bird-02", // The source replaces the first resolution; here both are there, and the time it was open.
	} {
		row, ok := cases[id]
		if !ok {
			t.Fatalf("no row %s", id)
		}
		got := row.measured(row.conversation(t, false))
		for question, want := range row.Expected {
			if strings.Contains(question, "breached") {
				continue
			}
			answer, ok := got[question]
			if !ok || fmt.Sprint(answer) != fmt.Sprint(want) {
				t.Errorf("%s (%s): %s is %v, want %v", id, row.Source, question, answer, want)
			}
		}
	}
	if got := cases["chatwoot-23"].measured(cases["chatwoot-23"].conversation(t, false)); got["turns_closed_without_reply"] != 1.0 {
		t.Errorf("chatwoot-23: %v waits closed unanswered, want 1", got["turns_closed_without_reply"])
	}
	// The alternatives of the same rows, where the library has them too.
	if got := cases["chatwoot-26"].measured(cases["chatwoot-26"].conversation(t, true)); got["resolution_cycle_s_last"] != 3600.0 {
		t.Errorf("chatwoot-26 with snooze as a pause: %v", got["resolution_cycle_s_last"])
	}
	jira := cases["jira-02"].measured(cases["jira-02"].conversation(t, false))
	if jira["first_resolution_s"] != 3600.0 || jira["open_only_resolution_s"] != 5400.0 || jira["full_resolution_s"] != 12600.0 {
		t.Errorf("jira-02: first %v, active %v, full %v", jira["first_resolution_s"], jira["open_only_resolution_s"], jira["full_resolution_s"])
	}
	// From the opening, which the source of this row reports as its bug. The
	// wait that starts at Opened was closed unanswered, so the first response is
	// that after the reopening by these rules too.
	first, _ := historyOf(cases["chatwoot-16"].conversation(t, false), metrics.Rules{FirstResponseFrom: metrics.FromOpened}).FirstResponse()
	if first.Duration() != 10*time.Minute {
		t.Errorf("chatwoot-16 from Opened: %v", first.Duration())
	}
}

// TestPeersSamples has the rows that are not about conversations.
func TestPeersSamples(t *testing.T) {
	cases := peerCases(t)
	of := func(values []int64) *metrics.Summary {
		s := new(metrics.Summary)
		for _, v := range values {
			s.Add(time.Duration(v) * time.Second)
		}
		return s
	}
	row := cases["sendbird-01"]
	first, _ := of(row.Timeline[0].FirstResponse).Mean()
	resolution, _ := of(row.Timeline[0].Resolution).Mean()
	if first.Seconds() != row.Expected["mean_first_response_s"] || resolution.Seconds() != row.Expected["mean_resolution_s"] {
		t.Errorf("sendbird-01: %v and %v, want %v", first, resolution, row.Expected)
	}

	// A Summary has no histogram of chosen edges; all the samples are in it.
	row = cases["chatwoot-28"]
	samples := of(row.Timeline[0].Seconds)
	var n float64
	for _, count := range row.Expected {
		n += count.(float64)
	}
	if low, _ := samples.Min(); samples.Count() != int64(n) || low != 0 {
		t.Errorf("chatwoot-28: %v, want %v values, zero among them", samples, n)
	}

	// No answers are no data here, where the source says 0.
	row = cases["chatwoot-29"]
	var log metrics.EventLog
	for i, e := range slices.Concat(slices.Repeat(row.Timeline[:1], row.Timeline[0].Count), slices.Repeat(row.Timeline[1:], len(row.Timeline[1].Values))) {
		id := metrics.ConversationID(fmt.Sprint(i % row.Timeline[0].Count))
		var event metrics.Event = metrics.RatingRequested{Conversation: id, At: e.At}
		if e.Kind == "ratings" {
			event = metrics.RatingGiven{Conversation: id, At: e.At, Stars: e.Values[i-row.Timeline[0].Count]}
		}
		if err := log.Append(event); err != nil {
			t.Fatal(err)
		}
	}
	f := added[string](&log, metrics.Rules{}, lastInstant, nil).Total()
	percent := func(part, whole int64) any {
		d, _ := stat.Ratio{Part: part, Whole: whole}.Percent(4, stat.HalfAwayFromZero)
		return d.InexactFloat64()
	}
	top := f.Ratings.AtLeast(4)
	if percent(top.Part, top.Whole) != row.Expected["csat_percent"] ||
		percent(f.Requests.Response.Part, f.Requests.Response.Whole) != row.Expected["response_rate_percent"] {
		t.Errorf("chatwoot-29: %v of 4 and 5 stars, %v requests answered", top, f.Requests.Response)
	}
	shares := row.Expected["distribution_percent"].(map[string]any)
	for i, n := range f.Ratings.Counts() {
		if stars := fmt.Sprint(i + 1); percent(n, f.Ratings.N()) != shares[stars] {
			t.Errorf("chatwoot-29: %v %% with %s stars, want %v", percent(n, f.Ratings.N()), stars, shares[stars])
		}
	}
	if _, ok := (stat.Ratio{}).Percent(0, 0); ok {
		t.Error("no answers have a share")
	}
}
