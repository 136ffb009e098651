package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
)

// The figures of the desk, counted by hand in its events.
func TestDesk(t *testing.T) {
	out := decoded(t, "", "-events", desk, "-policy", promise, "-by", "channel")
	all := out.Groups[0]
	if all.Conversations != 12 || all.Cases == nil || *all.Cases != 13 {
		t.Errorf("%d conversations, cases %v", all.Conversations, all.Cases)
	}
	// Two of four callers gave up, one of them within five seconds.
	phone := out.Groups[slices.IndexFunc(out.Groups, func(g groupJSON) bool { return g.Key == "phone" })]
	if c := phone.Calls; c.Abandonment.Part != 2 || c.Abandonment.Whole != 4 || *c.Short != 1 || c.WithoutShort.Part != 1 || c.WithoutShort.Whole != 3 {
		t.Errorf("calls: %+v", c)
	}
	// c-3 and c-6 came back within seven days, c-4 after nine; nobody knows who wrote mail-2.
	if f := all.FirstContact; f.Resolved != 5 || f.Returned != 2 || f.Pending != 2 || f.Unknown != 1 || f.Share.Part != 5 || f.Share.Whole != 7 {
		t.Errorf("first contact: %+v", f)
	}
	if a := all.Assistants; a.WithPerson != 1 || a.Confirmed != 1 || a.Unresolved != 1 || a.Pending != 1 ||
		a.Involvement.Part != 4 || a.Involvement.Whole != 13 || a.Resolution.Whole != 3 || a.HandOff.Part != 1 || a.Containment.Part != 2 || a.Automation.Whole != 12 {
		t.Errorf("assistants: %+v", a)
	}
	// The first request about mail-1 was replaced, and that about mail-4 is a few hours old.
	if q := all.Requests; q.Response.Part != 2 || q.Response.Whole != 3 || q.Pending != 1 || q.Replaced != 1 || q.Unsolicited != 1 {
		t.Errorf("requests: %+v", q)
	}
	// Six conversations were handled for 69 minutes, of which ben worked on two at once for
	// three.
	if h := all.HandleTime; h.N != 6 || h.Sum.Int64() != int64(69*time.Minute) || h.Activities["talk"].Sum.Int64() != int64(28*time.Minute) {
		t.Errorf("handle time: %+v", h)
	}
	busy := make(map[string]time.Duration)
	for _, a := range out.Agents {
		busy[a.Agent] = a.Busy
	}
	if busy[""] != 66*time.Minute || busy["ana"] != 7*time.Minute || busy["ben"] != 24*time.Minute || busy["cho"] != 35*time.Minute {
		t.Errorf("busy: %v", busy)
	}
	// Billing had call-4 for 4h 50m, mail-1 for 22h 55m, and has mail-3 for 27h; from 8 to
	// 16 o'clock that is 4h 50m, 6h 55m and 11h.
	if len(out.Teams) != 4 || *all.Transfers != 1 {
		t.Fatalf("teams: %+v, %d transfers", out.Teams, *all.Transfers)
	}
	billing := out.Teams[2]
	if billing.Team != "billing" || billing.InCharge.Sum.Int64() != int64(54*time.Hour+45*time.Minute) ||
		billing.InChargeInHours.Sum.Int64() != int64(22*time.Hour+45*time.Minute) {
		t.Errorf("billing: %+v, in hours %+v", billing.InCharge, billing.InChargeInHours)
	}
}

// What did not happen takes no room, in any format.
func TestDeskShownWhereItOccurs(t *testing.T) {
	titles := []string{"Calls", "First contact", "Assistants", "Handle time", "Teams", "Requests for ratings"}
	fields := []string{"calls", "first_contact", "assistants", "handle_time", "teams", "requests", "agents", "transfers", "cases"}
	for format, form := range map[string]string{"text": "\n%s\n", "markdown": "\n## %s\n", "json": "%q:"} {
		words := titles
		if format == "json" {
			words = fields
		}
		for _, word := range words {
			if format == "text" {
				word = strings.ToUpper(word)
			}
			word = fmt.Sprintf(form, word)
			if got, errs, _ := output(t, "", "-events", desk, "-policy", promise, "-format", format); !strings.Contains(got, word) {
				t.Errorf("%s has no %q%s", format, word, errs)
			}
			if got, errs, _ := output(t, good, "-events", "-", "-format", format); strings.Contains(got, word) {
				t.Errorf("%s has %q%s", format, word, errs)
			}
		}
	}
	// Short ones are there only if the rules say what is short.
	if out := decoded(t, "", "-events", desk); out.Groups[0].Calls.Short != nil || out.Groups[0].Cases != nil {
		t.Errorf("%+v, cases %v", out.Groups[0].Calls, out.Groups[0].Cases)
	}
	// Without any name of an activity there is no table of them.
	handled := good + `{"type":"handled","conversation":"7","at":"2026-03-02T09:01:00Z","agent":"ana","took":"30s"}`
	if got, _, _ := output(t, handled, "-events", "-"); !strings.Contains(got, "\nHANDLE TIME BY AGENT\n") || strings.Contains(got, "\nHANDLE TIME BY ACTIVITY\n") {
		t.Error(got)
	}
	handled += "\n" + `{"type":"handled","conversation":"7","at":"2026-03-02T09:02:00Z","agent":"ana","took":"20s","for":"talk"}`
	if got, _, _ := output(t, handled, "-events", "-"); !strings.Contains(got, "\nHANDLE TIME BY ACTIVITY\n") {
		t.Error(got)
	}
}

// A team is the one in charge then, and each has hours of its own.
func TestByTeam(t *testing.T) {
	out := decoded(t, "", "-events", desk, "-policy", promise, "-by", "team,month")
	var keys []string
	for _, g := range out.Groups[1:] {
		keys = append(keys, g.By["team"])
		if g.By["month"] != "2026-03" {
			t.Errorf("%+v", g.By)
		}
	}
	if want := []string{none, "billing", "first line"}; !slices.Equal(keys, want) {
		t.Fatalf("teams %q, want %q", keys, want)
	}
	// mail-1 came at 10 on Wednesday, and was answered at 8:30 on Thursday.
	billing := out.Groups[2]
	if billing.FirstResponse.Max != 22*time.Hour+30*time.Minute || billing.InHours.FirstResponse.Max != 6*time.Hour+30*time.Minute {
		t.Errorf("%+v, in hours %+v", billing.FirstResponse, billing.InHours.FirstResponse)
	}
}

// The compliance of a month is that of the promises made in it, and on each side of a
// comparison what was known at its end.
func TestCompliance(t *testing.T) {
	path := t.TempDir() + "/policy.json"
	if err := os.WriteFile(path, []byte(`{"targets": [{"name": "answer", "measure": "first_response", "within": "4h"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-events", "quarter.jsonl", "-policy", path, "-by", "channel,month", "-period", "month"}
	type cell struct{ channel, month string }
	months := func(asOf string) map[cell]float64 {
		shares := make(map[cell]float64)
		for _, g := range decoded(t, "", append(slices.Clone(args), "-as-of", asOf)...).Groups[1:] {
			shares[cell{g.By["channel"], g.By["month"]}] = float64(g.Standard.Met) / float64(g.Standard.Met+g.Standard.Breached)
		}
		return shares
	}
	const asOf = "2026-04-01T00:00:00Z"
	out := decoded(t, "", append(slices.Clone(args), "-as-of", asOf, "-compare", "previous")...)
	const metric = compare.Metric("promises_kept:answer")
	want, charts := months(asOf), 0
	for _, c := range out.Periods.Charts {
		if c.Metric != metric {
			continue
		}
		charts++
		for _, p := range c.Points {
			if want := want[cell{string(c.Channel), p.Period.String()}]; p.Value != want {
				t.Errorf("%s, %v: %v, want %v", c.Channel, p.Period, p.Value, want)
			}
		}
		if len(c.Points) != 3 {
			t.Errorf("%s: %d months", c.Channel, len(c.Points))
		}
	}
	before, after := months("2026-02-28T23:59:59.999999999Z"), months("2026-03-31T23:59:59.999999999Z")
	for _, g := range out.Comparison.Groups[1:] {
		last := g.Differences[len(g.Differences)-1]
		if before, after := before[cell{g.Key, "2026-02"}], after[cell{g.Key, "2026-03"}]; last.Metric != metric || last.Before.Value != before || last.After.Value != after {
			t.Errorf("%s: %v, want %v before and %v after", g.Key, last, before, after)
		}
	}
	if groups := len(out.Comparison.Groups); charts != 3 || groups != 4 {
		t.Errorf("%d charts, %d groups", charts, groups)
	}
	// Two targets of one name and different budgets are told apart, and one of which nothing
	// is judged is left out.
	shown := make(map[compare.Metric]int)
	for _, trend := range decoded(t, "", "-events", "quarter.jsonl", "-policy", "policy.json", "-period", "month").Periods.Trends {
		shown[trend.Metric]++
	}
	if shown["promises_kept:first answer, 2m"] != 2 || shown["promises_kept:first answer, 8h"] != 1 || shown["promises_kept:solution"] != 3 || shown["promises_kept:take charge (inner)"] != 0 {
		t.Errorf("%v", shown)
	}
}

// A customer who still waits is unanswered in the month in which the wait began.
func TestUnanswered(t *testing.T) {
	lines, _, _ := output(t, "", "-events", "quarter.jsonl", "-detail")
	parts, wholes := make(map[string]int), make(map[string]int)
	open := 0
	for line := range strings.Lines(lines) {
		var detail detailJSON
		if err := json.Unmarshal([]byte(line), &detail); err != nil {
			t.Fatal(err)
		}
		for _, w := range detail.Waits {
			at := w.Start
			if w.End != nil {
				at = *w.End
			} else {
				open++
			}
			month := at.UTC().Format("2006-01")
			wholes[month]++
			if w.Outcome != metrics.Answered {
				parts[month]++
			}
		}
	}
	out := decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-as-of", "2026-04-30T00:00:00Z")
	i := slices.IndexFunc(out.Periods.Charts, func(c chartJSON) bool { return c.Metric == compare.Unanswered })
	points := out.Periods.Charts[i].Points
	if len(points) != 3 || open == 0 {
		t.Fatalf("%d months, %d open waits", len(points), open)
	}
	for _, p := range points {
		month := p.Period.String()
		if want := float64(parts[month]) / float64(wholes[month]); math.Abs(p.Value-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", month, p.Value, want)
		}
	}
}

// Whatever the groups are, each thing of the desk is in exactly one of them.
func TestDeskAddsUp(t *testing.T) {
	for _, by := range []string{"channel", "agent", "team", "customer", "priority", "hour", "day", "week", "team,channel", "day,agent,team"} {
		out := decoded(t, "", "-events", desk, "-policy", promise, "-by", by)
		var sum [14]int64
		of := func(g groupJSON) (n [14]int64) {
			n = [...]int64{
				*g.Cases, g.Calls.Abandonment.Part, g.Calls.Abandonment.Whole, *g.Calls.Short, *g.Transfers,
				g.Requests.Response.Part, g.Requests.Response.Whole, g.Requests.Pending, g.Requests.Unsolicited,
				g.FirstContact.Share.Part, g.FirstContact.Share.Whole, g.FirstContact.Pending + g.FirstContact.Unknown,
				(*flow.Assistants)(&g.Assistants.assistantCounts).Involved(), 0,
			}
			if g.HandleTime != nil {
				n[13] = g.HandleTime.Sum.Int64()
			}
			return n
		}
		for _, g := range out.Groups[1:] {
			for i, n := range of(g) {
				sum[i] += n
			}
		}
		if want := of(out.Groups[0]); sum != want {
			t.Errorf("%s: groups add up to %v, want %v", by, sum, want)
		}
	}
}

// Compared groups name the value of each dimension, as the others do.
func TestComparedTeams(t *testing.T) {
	out := decoded(t, "", "-events", desk, "-by", "channel,team", "-period", "week", "-compare", "previous")
	for _, g := range out.Comparison.Groups[1:] {
		if g.Key != g.Values["channel"]+" · "+g.Values["team"] || len(g.Values) != 2 {
			t.Errorf("%q: %v", g.Key, g.Values)
		}
	}
	if n := len(out.Comparison.Groups); n < 5 {
		t.Errorf("%d groups", n)
	}
}

// The order of the lines changes nothing of the desk.
func TestDeskInAnyOrder(t *testing.T) {
	data, err := os.ReadFile(desk)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	slices.Reverse(lines)
	for _, args := range [][]string{{"-by", "team"}, {"-format", "json", "-by", "agent,team", "-period", "day", "-compare", "previous"}, {"-detail"}} {
		args = append(args, "-policy", promise, "-events")
		want, _, _ := output(t, "", append(slices.Clone(args), desk)...)
		got, _, _ := output(t, strings.Join(lines, "\n"), append(slices.Clone(args), "-")...)
		if got != want {
			t.Errorf("%v: reversed input changes the report at %s", args, golden.Difference(got, want))
		}
	}
}
