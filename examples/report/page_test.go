package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// month are the flags of the page about the last month of the second sample.
var month = []string{"-events", "quarter.jsonl", "-policy", "policy.json", "-zone", "Europe/Berlin"}

// htmlOf makes a page.
func htmlOf(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got, errs, status := output(t, stdin, append(args, "-format", "html")...)
	if status != exitDone || errs != "" {
		t.Fatalf("%v: status %d, %s", args, status, errs)
	}
	return got
}

// Pages are well made, whatever is on them, and no text of a chart is on another one.
func TestPages(t *testing.T) {
	lines := strings.SplitAfter(good, "\n")
	pages := map[string]string{"an event": htmlOf(t, lines[0], "-events", "-")}
	for _, file := range []string{"sample.jsonl", contact, desk, status} {
		pages[file] = htmlOf(t, "", "-events", file)
	}
	pages["a month"] = htmlOf(t, "", append(month, "-link", "https://desk.example/tickets/{id}")...)
	pages["a week"] = htmlOf(t, "", append(month, "-about", "week")...)
	pages["two events"] = htmlOf(t, good, "-events", "-")
	pages["days"] = htmlOf(t, "", append(month, "-about", "day")...)
	pages["quarters"] = htmlOf(t, "", append(month, "-about", "quarter")...)
	pages["a year before"] = htmlOf(t, "", append(month, "-compare", "year")...)
	pages["hours of service"] = htmlOf(t, "", append(month, "-calendar", "office.json")...)
	pages["many"] = htmlOf(t, manyEvents(100, 25, 150), "-events", "-", "-period", "week")
	pages["no events"], _, _ = output(t, noEvents, "-events", "-", "-format", "html")
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			pagetest.Check(t, page)
			for _, overlap := range pagetest.Overlaps(page) {
				t.Error(overlap)
			}
			if len(page) > 1<<20 {
				t.Errorf("%d bytes", len(page))
			}
		})
	}
}

// manyEvents is a desk of so many weeks, channels and agents.
func manyEvents(weeks, channels, agents int) string {
	var b strings.Builder
	start := time.Date(2024, 4, 1, 9, 0, 0, 0, time.UTC)
	for i := range weeks * 20 {
		at := start.Add(time.Duration(i) * 7 * 24 * time.Hour / 20)
		channel := fmt.Sprintf("a channel with a name of some sixty letters, the number %d", i*i%channels)
		fmt.Fprintf(&b, `{"type":"message_received","conversation":"%d","at":%q,"channel":%q}`+"\n", i, at.Format(time.RFC3339), channel)
		fmt.Fprintf(&b, `{"type":"reply_sent","conversation":"%d","at":%q,"channel":%q,"agent":"agent %d"}`+"\n", i, at.Add(time.Duration(1+i*7919%9000)*time.Second).Format(time.RFC3339), channel, i%agents)
		fmt.Fprintf(&b, `{"type":"rating_given","conversation":"%d","at":%q,"stars":%d}`+"\n", i, at.Add(3*time.Hour).Format(time.RFC3339), 1+i%5)
	}
	return b.String()
}

// The first screen tells what a lead must know.
func TestFirstScreen(t *testing.T) {
	page := pagetest.Text(htmlOf(t, "", month...))
	first, _, _ := strings.Cut(page, "Who is waiting")
	for _, words := range []string{
		"Service quality: March 2026 so far",
		"11 customers wait for an answer, the longest since 5 January, all past the promised time.",
		"satisfied customers (58 % → 93 %)", "chat 1 min 37 s → 54 s, e-mail 3 h 11 min → 1 h 28 min", "promise “first answer” kept (chat 63 % → 88 %)",
		"All 9 promises reached the goal.", "Nothing got worse by more than chance.",
	} {
		if !strings.Contains(first, words) {
			t.Errorf("the first screen does not say %q:\n%s", words, first)
		}
	}
	week := pagetest.Text(htmlOf(t, "", append(month, "-about", "week", "-as-of", "2026-03-23T00:00:00+01:00")...))
	for _, words := range []string{"Service quality: 16 to 22 March 2026", "Compared with 9 to 15 March 2026.", "No clear change from the week of 9 March"} {
		if !strings.Contains(week, words) {
			t.Errorf("the page of a week does not say %q", words)
		}
	}
	// The goals that were missed come before what is well.
	before := pagetest.Text(htmlOf(t, "", append(month, "-as-of", "2026-02-28T18:00:00Z")...))
	if !strings.Contains(before, "Goal missed: first answer on chat within 2 min kept in 62 % of 63 cases; the goal is 80 %.") {
		t.Error(strings.SplitN(before, "Who is waiting", 2)[0])
	}
}

// The numbers of the page are those of JSON.
func TestPageAsJSON(t *testing.T) {
	page := pagetest.Text(htmlOf(t, "", month...))
	out := decoded(t, "", append(month, "-about", "month")...)
	c, b := out.Comparison, out.Comparison.Brief
	want := []string{
		text.Count(out.Waiting.N), text.Count(out.Waiting.Overdue) + " past the promise",
		text.Count(b.Ratings.Now.N()) + " ratings",
		text.Count(b.Flow.Inflow()) + " in, " + text.Count(b.Flow.Outflow()) + " out",
		text.Share(b.Hours.Outside.Part, b.Hours.Outside.Whole, 0) + " of all came then",
		text.Duration(b.Backlog.Age),
		text.Count(b.Volume.Automated) + " beside " + text.Count(b.Volume.Replies) + " of people",
	}
	for _, w := range b.Waits {
		want = append(want, text.Counted(w.N(), "customer")+" = 100 %")
	}
	for _, g := range c.Groups {
		for _, d := range g.Differences {
			want = append(want, draw.ValueOf(d.Before), draw.ValueOf(d.After))
		}
	}
	for _, p := range c.People {
		want = append(want, string(p.Agent), draw.ValueOf(p.InTime.After), draw.ValueOf(p.CSAT.After))
	}
	for _, words := range want {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not have %q", words)
		}
	}
	// What an independent reading of the sample gives for March.
	if all := b.Hours.Outside; all.Part != 95 || all.Whole != 597 || b.Hours.Counts[3*24+13] != 20 || b.Hours.Counts[15] != 19 {
		t.Errorf("arrivals: %v, %d on Thursdays at 13, %d on Mondays at 15", all, b.Hours.Counts[3*24+13], b.Hours.Counts[15])
	}
	if d := c.Groups[0].Differences[0]; d.Before.N != 73 || d.After.N != 99 || d.After.Value != 92.0/99 || d.Before.Value != 42.0/73 {
		t.Errorf("CSAT: %v", d)
	}
}

// Names that come from data do no harm.
func TestHostilePage(t *testing.T) {
	for _, name := range []string{"<script>alert(1)</script>", `\"><img src=x onerror=alert(1)>`, `\u001b[31m`, `\u202eevil`, "javascript:alert(1)", strings.Repeat("x", 60_000)} {
		in := strings.NewReplacer(`"chat"`, `"`+name+`"`, `"7"`, `"`+name+`"`, `"ana"`, `"`+name+`"`).Replace(good)
		if len(name) > 1000 { // names have a limit, past which a line is refused
			in = strings.NewReplacer(`"7"`, `"`+name+`"`).Replace(good)
		}
		page, _, _ := output(t, in, "-events", "-", "-format", "html", "-link", "https://desk.example/tickets/{id}")
		for _, evil := range []string{"<script", "<img", "\x1b", "\u202e", `href="javascript`} {
			if strings.Contains(page, evil) {
				t.Errorf("%.40q: the page has %q", name, evil)
			}
		}
		pagetest.Check(t, page)
		if len(page) > 200_000 {
			t.Errorf("%.40q: %d bytes", name, len(page))
		}
	}
}

// Links lead to the desk, with names that cannot leave their place.
func TestLink(t *testing.T) {
	in := strings.ReplaceAll(good, `"7"`, `"7/../8?a=b&c#d"`)
	in, _, _ = strings.Cut(in, "\n")
	page := htmlOf(t, in+"\n", "-events", "-", "-link", "https://desk.example/tickets/{id}")
	if !strings.Contains(page, `href="https://desk.example/tickets/7%2F..%2F8%3Fa%3Db%26c%23d"`) {
		t.Error(page)
	}
}

// A step between periods is beyond the limits that come from the periods before it.
func TestStepStandsOut(t *testing.T) {
	out := decoded(t, "", append(month, "-period", "week")...)
	for _, c := range out.Periods.Charts {
		if c.Metric != "csat" {
			continue
		}
		if c.Baseline != 7 || len(c.Signals) != 1 || c.Signals[0].From.String() != "2026-W10" || !c.Signals[0].Up {
			t.Errorf("limits by %d weeks, signals %v", c.Baseline, c.Signals)
		}
	}
	// Of too few periods before it, all set the limits.
	if out := decoded(t, "", append(month, "-period", "month", "-about", "month")...); out.Periods.Charts[0].Baseline != 0 {
		t.Errorf("limits by %d of 3 months", out.Periods.Charts[0].Baseline)
	}
}

// What the report is about follows from the flags.
func TestAbout(t *testing.T) {
	for flags, want := range map[string]string{
		"":                             "month - ",
		"-period day":                  "month day ",
		"-period week":                 "month week ",
		"-period quarter":              "quarter quarter ",
		"-about week":                  "week - previous",
		"-about week -period day":      "week day previous",
		"-compare year":                "month - year",
		"-format html":                 "month week previous",
		"-format html -about week":     "week week previous",
		"-format html -about quarter":  "quarter month previous",
		"-format html -about day":      "day day previous",
		"-format html -compare year":   "month week year",
		"-format html -period quarter": "quarter quarter previous",
	} {
		s, err := parse(strings.Fields(flags), os.Stderr)
		if err != nil {
			t.Fatal(err)
		}
		course := "-"
		if s.period != nil {
			course = s.period.String()
		}
		if got := s.about.String() + " " + course + " " + s.compare; got != want {
			t.Errorf("%s: %s, want %s", flags, got, want)
		}
	}
	if s, _ := parse([]string{"-format", "html"}, os.Stderr); *s.period != metrics.Week || len(s.by) != 1 || s.by[0].name != "channel" {
		t.Errorf("%+v", s)
	}
}
