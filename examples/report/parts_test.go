package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// decoded runs the command and reads the JSON that it prints.
func decoded(t *testing.T, stdin string, args ...string) (out reportJSON) {
	t.Helper()
	got, errs, status := output(t, stdin, append(args, "-format", "json")...)
	if status != exitDone || errs != "" {
		t.Fatalf("%v: status %d, %s", args, status, errs)
	}
	if err := json.Unmarshal([]byte(got), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// quarter gives the records of the second sample.
func quarter(t *testing.T) []metrics.Record {
	t.Helper()
	data, err := os.ReadFile("quarter.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var records []metrics.Record
	for line := range strings.Lines(string(data)) {
		records = append(records, record(t, line))
	}
	return records
}

// Whatever the groups are, each thing is in exactly one of them.
func TestGroupsAddUp(t *testing.T) {
	for _, by := range []string{
		"channel", "agent", "team", "customer", "priority", "hour", "day", "week", "month", "quarter",
		"channel,agent", "month,hour", "priority, customer, channel", "channel,agent,team,customer,priority,hour,day,week,month,quarter",
	} {
		out := decoded(t, "", "-events", "quarter.jsonl", "-by", by, "-zone", "America/New_York", "-survival")
		total, groups := out.Groups[0], out.Groups[1:]
		var sum groupJSON
		var responses, waited int64
		seen := make(map[string]bool)
		for _, g := range groups {
			sum.Conversations += g.Conversations
			sum.StillWaiting += g.StillWaiting
			sum.CSAT.Whole += g.CSAT.Whole
			if err := (*standards.Tally)(&sum.Standard.tallyCounts).Merge(standards.Tally(g.Standard.tallyCounts)); err != nil {
				t.Fatal(err)
			}
			waited += g.Survival.N
			if g.Response != nil {
				responses += g.Response.N
			}
			// Waits are counted by a sink of the report's own, in the same groups.
			if answered := g.Survival.N - g.Survival.Censored; g.FirstResponse != nil && g.FirstResponse.N != answered || g.FirstResponse == nil && answered != 0 {
				t.Errorf("%s: %d of %q are answered, first response %+v", by, answered, g.Key, g.FirstResponse)
			}
			if seen[g.Key] || g.Key == "" {
				t.Errorf("%s: %q is there twice, or is everything", by, g.Key)
			}
			seen[g.Key] = true
			// These are the same for all that is in a conversation.
			if judged := g.Standard.Met + g.Standard.Breached + g.Standard.Pending; (by == "customer" || by == "priority") && judged > g.Conversations {
				t.Errorf("%s: %d judged of %d conversations of %q", by, judged, g.Conversations, g.Key)
			}
			if want := strings.Count(by, ",") + 1; want > 1 && len(g.By) != want || want == 1 && g.By != nil {
				t.Errorf("%s: %q has the values %v", by, g.Key, g.By)
			}
		}
		if sum.Conversations != total.Conversations || sum.StillWaiting != total.StillWaiting || responses != total.Response.N ||
			sum.CSAT.Whole != total.CSAT.Whole || sum.Standard != total.Standard || waited != total.Survival.N {
			t.Errorf("%s: groups add up to %+v, %d responses, %d waited; want %+v", by, sum, responses, waited, total)
		}
	}
}

// Keys are in the order of time, and in the zone: Sunday evening in New York is
// Monday in London.
func TestGroupsInTime(t *testing.T) {
	const in = `{"type":"message_received","conversation":"7","at":"2026-03-02T02:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"7","at":"2026-03-02T02:30:00Z","channel":"chat","agent":"ana"}
{"type":"message_received","conversation":"8","at":"2026-03-06T15:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"8","at":"2026-03-06T15:30:00Z","channel":"chat","agent":"ana"}
`
	calendar := t.TempDir() + "/hours.json"
	if err := os.WriteFile(calendar, []byte(`{"timezone":"America/New_York","weekly":{"mon":[["09:00","17:00"]]}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{[]string{"-by", "day"}, []string{"2026-03-02", "2026-03-06"}},
		{[]string{"-by", "day", "-zone", "America/New_York"}, []string{"2026-03-01", "2026-03-06"}},
		{[]string{"-by", "day", "-calendar", calendar}, []string{"2026-03-01", "2026-03-06"}},
		{[]string{"-by", "day", "-calendar", calendar, "-zone", "UTC"}, []string{"2026-03-02", "2026-03-06"}},
		{[]string{"-by", "week"}, []string{"2026-W10"}},
		{[]string{"-by", "week", "-zone", "America/New_York"}, []string{"2026-W09", "2026-W10"}},
		{[]string{"-by", "month"}, []string{"2026-03"}},
		{[]string{"-by", "quarter"}, []string{"2026-Q1"}},
		{[]string{"-by", "hour"}, []string{"Mon 02:00", "Fri 15:00"}},
		{[]string{"-by", "hour", "-zone", "America/New_York"}, []string{"Fri 10:00", "Sun 21:00"}},
		{[]string{"-by", "hour,channel"}, []string{"Mon 02:00 · chat", "Fri 15:00 · chat"}},
		{[]string{"-by", "none"}, nil},
	} {
		out := decoded(t, in, append(tt.args, "-events", "-")...)
		var got []string
		for _, g := range out.Groups[1:] {
			got = append(got, g.Key)
			if g.Standard.Met+g.Standard.Breached == 0 {
				t.Errorf("%v: %q has no wait that was judged", tt.args, g.Key)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%v: %q, want %q", tt.args, got, tt.want)
		}
	}
	for i := range metrics.HourOfWeek(metrics.HoursPerWeek) {
		for j := range metrics.HourOfWeek(metrics.HoursPerWeek) {
			if got := compareHours(i.String(), j.String()); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Fatalf("%v and %v: %d", i, j, got)
			}
		}
	}
}

// A wait belongs to the period in which it ended, or by the rules began, and a
// promise to the one in which it was made.
func TestWaitsByStart(t *testing.T) {
	policy := t.TempDir() + "/policy.json"
	if err := os.WriteFile(policy, []byte(`{"rules":{"by_start":true},"targets":[{"measure":"first_response","within":"1h"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-policy", policy}, "2026-03-02"},
		{nil, "2026-03-03"},
	} {
		in := strings.ReplaceAll(good, "2026-03-02T09:01", "2026-03-03T09:01")
		out := decoded(t, in, append(tt.args, "-events", "-", "-by", "day")...)
		for _, g := range out.Groups[1:] {
			if judged := g.Standard.Met + g.Standard.Breached; (judged == 1) != (g.Key == "2026-03-02") {
				t.Errorf("%v: %d judged on %s", tt.args, judged, g.Key)
			}
			if (g.FirstResponse != nil) != (g.Key == tt.want) {
				t.Errorf("%v: first response on %s: %v", tt.args, g.Key, g.FirstResponse)
			}
		}
	}
}

// The rows agree with a plain count of the events, and the backlog with what
// came and went.
func TestPeriods(t *testing.T) {
	records := quarter(t)
	discarded := make(map[metrics.ConversationID]bool)
	for _, r := range records {
		if r.Type == metrics.KindDiscarded {
			discarded[r.Conversation] = true
		}
	}
	started, rated := make(map[string]int64), make(map[string]int64)
	last := make(map[metrics.ConversationID]metrics.Record)
	seen := make(map[metrics.ConversationID]bool)
	for _, r := range records {
		if discarded[r.Conversation] {
			continue
		}
		if day := r.At.UTC().Format(time.DateOnly); !seen[r.Conversation] {
			seen[r.Conversation] = true
			started[day]++
		}
		if r.Type == metrics.KindRatingGiven {
			last[r.Conversation] = r
		}
	}
	for _, r := range last {
		rated[r.At.UTC().Format(time.DateOnly)]++
	}
	out := decoded(t, "", "-events", "quarter.jsonl", "-period", "day", "-by", "none").Periods
	day := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	var responses, closing int64
	for i, row := range out.Rows {
		name := day.AddDate(0, 0, i).Format(time.DateOnly)
		if row.Period.String() != name || row.Conversations != started[name] || row.CSAT.Whole != rated[name] {
			t.Errorf("%v: %d conversations, %d ratings; want %s, %d, %d", row.Period, row.Conversations, row.CSAT.Whole, name, started[name], rated[name])
		}
		if f := row.Flow; f.Opening != closing || f.Opening+f.Arrivals+f.Reopenings-f.Resolutions-f.Abandoned-f.Moved != f.Closing {
			t.Errorf("%s: %+v does not agree, after %d", name, f, closing)
		}
		closing = row.Flow.Closing
		if row.FirstResponse != nil {
			responses += row.FirstResponse.N
		}
		if row.Partial != (i == len(out.Rows)-1) {
			t.Errorf("%s: partial is %v", name, row.Partial)
		}
		if closed := name >= "2026-02-16" && name < "2026-02-23"; closed && (row.FirstResponse != nil || row.CSAT.Percent != nil) {
			t.Errorf("%s has figures, but the desk was closed", name)
		}
	}
	total := decoded(t, "", "-events", "quarter.jsonl", "-by", "none").Groups[0]
	if len(out.Rows) != 82 || responses != total.FirstResponse.N || closing != 28 {
		t.Errorf("%d rows, %d responses, backlog %d", len(out.Rows), responses, closing)
	}
	for i, chart := range out.Charts {
		if n := len(chart.Points); n != len(out.Rows)-1 || !chart.Points[42].Missing || chart.Metric != out.Trends[i].Metric {
			t.Errorf("chart of %v: %d points, %+v", chart.Metric, n, chart.Points[42])
		}
	}
}

// As of midnight a day is over, and the next has not begun, unless something
// happened at that very instant.
func TestPeriodsAsOfMidnight(t *testing.T) {
	for _, tt := range []struct {
		at   string
		want int
	}{{"2026-03-02T23:59:59Z", 1}, {"2026-03-03T00:00:00Z", 2}} {
		in := strings.ReplaceAll(good, "2026-03-02T09:01:00Z", tt.at)
		rows := decoded(t, in, "-events", "-", "-period", "day", "-as-of", "2026-03-03T00:00:00Z").Periods.Rows
		if len(rows) != tt.want || rows[0].Partial || !rows[len(rows)-1].Partial && tt.want == 2 {
			t.Errorf("%s: %+v", tt.at, rows)
		}
	}
}

func TestComparison(t *testing.T) {
	for _, tt := range []struct {
		asOf, with, before, after string
		partial                   bool
		ends                      string // of the side before
	}{
		{"2026-03-27T14:00:00Z", "previous", "2026-02", "2026-03", true, "2026-02-27T14:00:00Z"},
		{"2026-03-31T14:00:00Z", "previous", "2026-02", "2026-03", true, "2026-03-01T00:00:00Z"},
		{"2026-03-01T00:00:00Z", "previous", "2026-01", "2026-02", false, "2026-02-01T00:00:00Z"},
		{"2026-03-27T14:00:00Z", "year", "2025-03", "2026-03", true, "2025-03-27T14:00:00Z"},
	} {
		c := decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", tt.with, "-as-of", tt.asOf, "-by", "channel,week").Comparison
		if c.With != tt.with || c.Before.Period.String() != tt.before || c.After.Period.String() != tt.after ||
			c.Partial != tt.partial || c.Before.End.Format(time.RFC3339) != tt.ends {
			t.Errorf("%+v: %+v", tt, c)
		}
		var keys []string
		for _, g := range c.Groups {
			keys = append(keys, g.Key)
			for _, d := range g.Differences {
				if tt.with == "year" && d.Metric != compare.Conversations && d.Conclusion != stat.NoData {
					t.Errorf("%+v: %v of a year without data", tt, d)
				}
			}
		}
		// Weeks are on one side only, so they are no groups here.
		if want := []string{"", "chat", "email", "phone"}; !slices.Equal(keys, want) {
			t.Errorf("%+v: groups %q, want %q", tt, keys, want)
		}
	}
	// The sample is made so that answers take about half as long from March on, and
	// that more customers are satisfied.
	c := decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", "previous").Comparison
	for _, g := range c.Groups {
		for _, d := range g.Differences {
			if g.Key == "email" && (d.Metric == compare.FirstResponse || d.Metric == compare.CSAT) && d.Conclusion != stat.Better {
				t.Errorf("by e-mail, %v", d)
			}
			if d.Metric == compare.Reopened && d.Conclusion != stat.NotDistinguishable {
				t.Errorf("%q: %v, which did not change", g.Key, d)
			}
		}
	}
	// March has more days than February, which is no reason for more conversations.
	c = decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", "previous", "-as-of", "2026-04-01T00:00:00Z").Comparison
	for _, d := range c.Groups[0].Differences {
		want := d.After.Value/31/(d.Before.Value/28) - 1
		if d.Metric == compare.Conversations && math.Abs(d.Change.Estimate-want) > 1e-12 {
			t.Errorf("%v: change %v, want %v", d, d.Change.Estimate, want)
		}
	}
	// Months are those of the zone.
	c = decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", "previous", "-zone", "America/New_York").Comparison
	if got := c.Before.Start.Format(time.RFC3339) + " " + c.After.Start.Format(time.RFC3339); got != "2026-02-01T05:00:00Z 2026-03-01T05:00:00Z" {
		t.Errorf("in New York months begin at %s", got)
	}
	for asOf, want := range map[string]string{
		"2026-03-01T04:59:59Z": "2026-02 so far", "2026-03-01T05:00:00Z": "2026-02", "2026-03-01T05:00:01Z": "2026-03 so far",
	} {
		c = decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", "previous", "-zone", "America/New_York", "-as-of", asOf).Comparison
		if got := c.After.Period.String(); c.Partial != strings.HasSuffix(want, " so far") || got != strings.TrimSuffix(want, " so far") {
			t.Errorf("as of %s: %s, partial %v; want %s", asOf, got, c.Partial, want)
		}
	}
	c = decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", "previous", "-zone", "Europe/Berlin", "-as-of", "2026-02-28T23:30:00Z").Comparison
	if got := c.After.Period.String(); got != "2026-03" || !c.Partial {
		t.Errorf("in Berlin half an hour into March: %s, partial %v", got, c.Partial)
	}
	var empty reportJSON
	text, _, _ := output(t, noEvents, "-format", "json", "-events", "-", "-period", "month", "-compare", "previous")
	if err := json.Unmarshal([]byte(text), &empty); err != nil || empty.Comparison != nil || len(empty.Periods.Rows) != 0 {
		t.Errorf("of no events: %v, %+v, %+v", err, empty.Comparison, empty.Periods)
	}
	// Fewer than -min on a side give no verdict.
	c = decoded(t, "", "-events", "quarter.jsonl", "-period", "month", "-compare", "previous", "-min", "100000").Comparison
	for _, d := range c.Groups[0].Differences {
		if d.Conclusion != stat.TooFew {
			t.Errorf("-min 100000: %v", d)
		}
	}
}

// Answered after 10 and 20 minutes, closed unanswered after 30, waiting for an
// hour. Naive: 15 minutes. Product-limit: ¾ are left after 10, ½ after 20 and for as
// long as anybody was watched, to 60; the middle of that is 40.
func TestSurvival(t *testing.T) {
	const in = `{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z"}
{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:10:00Z"}
{"type":"message_received","conversation":"2","at":"2026-03-02T09:00:00Z"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T09:20:00Z"}
{"type":"message_received","conversation":"3","at":"2026-03-02T09:00:00Z"}
{"type":"resolved","conversation":"3","at":"2026-03-02T09:30:00Z"}
{"type":"message_received","conversation":"4","at":"2026-03-02T09:00:00Z"}
`
	g := decoded(t, in, "-events", "-", "-survival", "-min", "5", "-as-of", "2026-03-02T10:00:00Z").Groups[0]
	s := g.Survival
	if s.N != 4 || s.Censored != 2 || s.Median == nil || *s.Median != 40*time.Minute || g.FirstResponse.P50 != 15*time.Minute ||
		s.Within == nil || s.Within.Estimate != 0.5 || s.Few == nil || !*s.Few {
		t.Errorf("%+v, naive %v", s, g.FirstResponse.P50)
	}
	// While nothing is censored the two medians are one.
	both := strings.Join(strings.SplitAfter(in, "\n")[:4], "")
	if g := decoded(t, both, "-events", "-", "-survival").Groups[0]; *g.Survival.Median != 15*time.Minute || g.FirstResponse.P50 != 15*time.Minute {
		t.Errorf("of two: %v, naive %v", *g.Survival.Median, g.FirstResponse.P50)
	}
	if g := decoded(t, in, "-events", "-").Groups[0]; g.Survival != nil || g.Evidence != nil || g.FirstResponse.Few != nil {
		t.Errorf("%+v without being asked for", g)
	}
}

// What is named is what the figures count.
func TestEvidence(t *testing.T) {
	args := []string{"-by", "channel", "-evidence", "1", "-format", "json"}
	var named struct {
		Groups []struct {
			Evidence struct {
				Exhibits map[metrics.ExhibitKind]struct {
					N   int64             `json:"n"`
					Top []metrics.Exhibit `json:"top"`
				} `json:"exhibits"`
				Breached struct {
					N int64 `json:"n"`
				} `json:"breached"`
			} `json:"evidence"`
		} `json:"groups"`
	}
	got, _, _ := output(t, "", args...)
	if err := json.Unmarshal([]byte(got), &named); err != nil {
		t.Fatal(err)
	}
	for i, g := range decoded(t, "", args[:2]...).Groups {
		evidence := named.Groups[i].Evidence
		for kind, want := range map[metrics.ExhibitKind]int64{
			metrics.ExhibitStillWaiting: g.StillWaiting, metrics.ExhibitClosedUnanswered: g.ClosedUnanswered,
			metrics.ExhibitReopened: g.Reopened, metrics.ExhibitRating: g.Ratings.N(),
		} {
			if got := evidence.Exhibits[kind].N; got != want {
				t.Errorf("%q: %d of %v, want %d", g.Key, got, kind, want)
			}
		}
		if evidence.Breached.N != g.Standard.Breached {
			t.Errorf("%q: %d breaches, want %d", g.Key, evidence.Breached.N, g.Standard.Breached)
		}
		if g.FirstResponse == nil {
			continue
		}
		if slowest := evidence.Exhibits[metrics.ExhibitFirstResponse].Top; len(slowest) != 1 || slowest[0].Elapsed != g.FirstResponse.Max {
			t.Errorf("%q: the slowest is %v, want %v", g.Key, slowest, g.FirstResponse.Max)
		}
	}
}

// A promise that nothing in the events can tell kept or broken is not 0 % kept: in
// the quarter nobody is ever assigned.
func TestNotMeasured(t *testing.T) {
	args := []string{"-events", "quarter.jsonl", "-policy", "policy.json", "-by", "none"}
	for format, want := range map[string]string{
		"text":     `(?s)take charge \(inner\) +chat +1 office hour +– +not measured +–\n.*take charge \(inner\) +chat +– +– +– +– +–`,
		"markdown": `\| take charge \(inner\) \| chat \| 1 office hour \| – \| not measured \| – \| – \| – \| – \| – \| – \| – \|`,
		"html":     `Not measured: “take charge \(inner\)”`,
	} {
		if got, _, _ := output(t, "", append(args, "-format", format)...); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: no %s in\n%s", format, want, got)
		}
	}
	promises := decoded(t, "", args...).Promises
	for _, c := range promises[4].Channels {
		if c.tallyCounts != (tallyCounts{}) || c.Unmeasured.N() == 0 || c.Compliance.Percent != nil || c.Interval != nil || c.Attained != nil {
			t.Errorf("%q: %+v", c.Channel, c)
		}
	}
	if all := promises[4].Channels[0].Unmeasured.N(); len(promises[4].Channels) != 4 || all != 597 {
		t.Errorf("%d channels, %d promises", len(promises[4].Channels), all)
	}
	// Nobody answers at all: then no promise of an answer is measured.
	asked, _, _ := strings.Cut(good, "\n")
	got, _, _ := output(t, asked, "-events", "-", "-as-of", "2026-03-02T10:00:00Z")
	if !regexp.MustCompile(`(?m)^  chat +– +– +– +– +not measured$`).MatchString(got) {
		t.Errorf("nobody answers:\n%s", got)
	}
	if g := decoded(t, asked, "-events", "-", "-as-of", "2026-03-02T10:00:00Z").Groups[0]; g.Standard.Unmeasured.Breached != 1 || standards.Tally(g.Standard.tallyCounts).N() != 0 {
		t.Errorf("nobody answers: %+v", g.Standard)
	}
}

// Without replies there is no share of what was answered: neither in a period nor between
// two of them.
func TestNoReplies(t *testing.T) {
	var in strings.Builder
	for month := 2; month <= 3; month++ {
		for day := 1; day <= 28; day++ {
			for hour, kind := range map[int]string{9: "message_received", 12: "resolved"} {
				fmt.Fprintf(&in, `{"type":%q,"conversation":"%d/%d","at":"2026-%02d-%02dT%02d:00:00Z"}`+"\n", kind, month, day, month, day, hour)
			}
		}
	}
	args := []string{"-events", "-", "-by", "none", "-period", "month", "-compare", "previous", "-survival"}
	got, _, _ := output(t, in.String(), args...)
	for _, share := range regexp.MustCompile(`(?m)^.*(one-touch|unanswered|within) .*[0-9] %.*$`).FindAllString(got, -1) {
		if !strings.Contains(share, "between") {
			t.Errorf("%q in a log without replies", share)
		}
	}
	if want := " there are no replies, so not measured: first answers, and who was left without one "; !strings.Contains(strings.Join(strings.Fields(got), " ")+" ", want) {
		t.Errorf("no %q in\n%s", want, got)
	}
	out := decoded(t, in.String(), args...)
	if s := out.Groups[0].Survival; !out.NoReplies || s.Within != nil || s.N != 56 || len(out.Comparison.Groups[0].Differences) != 4 {
		t.Errorf("%+v, %+v", s, out.Comparison)
	}
	if again := decoded(t, in.String()+good, args...); again.NoReplies || again.Groups[0].Survival.Within == nil || len(again.Comparison.Groups[0].Differences) != 5 {
		t.Errorf("with a reply: %+v", again.Comparison)
	}
}

// countedReader counts how often each conversation is read.
type countedReader struct {
	metrics.Reading
	read map[metrics.ConversationID]int
}

func (r countedReader) Into(sinks ...metrics.Sink) error {
	return r.Reading.Into(append(sinks, r)...)
}

func (r countedReader) Add(h *metrics.History) error {
	r.read[h.Conversation().ID()]++
	return nil
}

// Whatever is asked for, a report reads each conversation once.
func TestReadsOnce(t *testing.T) {
	for _, args := range [][]string{nil, append(slices.Clone(everything), "-policy", "policy.json", "-calendar", "office.json")} {
		s, err := parse(args, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		in, err := read(s, nil, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		r := countedReader{in.log.Read(in.rules, in.asOf), make(map[metrics.ConversationID]int)}
		if _, err := build(in, s, r); err != nil {
			t.Fatal(err)
		}
		for c := range in.log.Conversations() {
			if n := r.read[c.ID()]; n != 1 {
				t.Errorf("%v: %s is read %d times", args, c.ID(), n)
			}
		}
	}
}

func TestFew(t *testing.T) {
	one := decoded(t, good, "-events", "-", "-min", "1").Groups[0]
	if one.FirstResponse.Few == nil || *one.FirstResponse.Few || one.CSAT.Few == nil || !*one.CSAT.Few {
		t.Errorf("one wait and no rating: %+v", one)
	}
	if share := (&report{Briefing: &briefing.Briefing{Min: 2}}).ratioOf(stat.Ratio{Part: 1, Whole: 2}); *share.Few {
		t.Errorf("one of two is of two: %+v", share)
	}
	got, _, _ := output(t, good, "-events", "-", "-min", "2", "-by", "none")
	if strings.Count(got, "1*") != 3 || strings.Count(got, "* fewer than 2:") != 3 {
		t.Errorf("marks of first response, response and standard in\n%s", got)
	}
	got, _, _ = output(t, good, "-events", "-", "-min", "1")
	if strings.Contains(got, "*") {
		t.Errorf("marks in\n%s", got)
	}
}

func TestSparkline(t *testing.T) {
	for _, tt := range []struct {
		values  []float64
		missing []bool
		want    string
	}{
		{nil, nil, ""},
		{[]float64{0, 1, 2, 3, 4, 5, 6, 7}, nil, "▁▂▃▄▅▆▇█"},
		{[]float64{5, 0, 6, 7}, []bool{false, true, false, false}, "▁ ▅█"},
		{[]float64{3, 3, 3}, nil, "▄▄▄"},
		{[]float64{0, 0}, []bool{true, true}, "  "},
		{[]float64{-1, 1}, nil, "▁█"},
	} {
		if got := sparkline(tt.values, tt.missing); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.values, got, tt.want)
		}
	}
}
