package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// site returns the page that the flags make, after it has been checked.
func site(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got, errs, status := output(stdin, append(args, "-format", "html")...)
	if status != exitDone || errs != "" {
		t.Fatalf("%v: status %d, %s", args, status, errs)
	}
	pagetest.Check(t, got)
	for _, f := range pagetest.Overlaps(got) {
		t.Errorf("%v: %v", args, f)
	}
	return got
}

// says fails the test unless a page says all of that.
func says(t *testing.T, page string, want ...string) {
	t.Helper()
	text := pagetest.Text(page)
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the page does not say %q:\n%s", w, text)
		}
	}
}

var fewArgs = []string{"-events", "-", "-trained", "ana, cleo", "-from", "2026-03-02"}

func TestPage(t *testing.T) {
	page := site(t, "")
	golden.Check(t, "sample.html", pagetest.Unstyled(page))
	says(t, page,
		"The training improved: solved with one reply (32 % → 57 %, others 32 % → 30 %); solution (4 h 6 min → 1 h 47 min, others 3 h 56 min → 3 h 38 min).",
		"Better, but perhaps not by the training: satisfied customers (62 % → 85 %, others 54 % → 65 %).",
		"Better with the others too: first answer (50 min → 28 min, others 50 min → 27 min). Something else did this.",
		"551 answers about conversations of the helpdesk", "Nobody read what I wrote",
	)
	page = site(t, few, fewArgs...)
	golden.Check(t, "few.html", pagetest.Unstyled(page))
	says(t, page, "There is not enough on either side for a verdict.", "Too few to tell:", "There is none: satisfied customers are those who gave 4 or 5 of 5 stars", "– no data")
	if strings.Contains(page, "✓") || strings.Contains(page, "✗") {
		t.Error("few conversations are judged")
	}
}

// The changes of the page are those of the text, rounded to whole points.
func TestPageSaysWhatTheTextSays(t *testing.T) {
	said, _, _ := output("")
	said = strings.ReplaceAll(said, "\n"+strings.Repeat(" ", len("  trained  ")), " ") // lines that go on
	page := pagetest.Text(site(t, ""))
	found := regexp.MustCompile(`(?m)^  (trained|others|beyond|same mix) .*\((.*?)(?: beyond the others)?, probably (.*)\): (.*)$`).FindAllStringSubmatch(said, -1)
	if len(found) != 19 {
		t.Fatalf("%d changes in\n%s", len(found), said)
	}
	words := map[string]string{"better": "✓ better", "worse": "✗ worse", "not distinguishable": "≈ no clear change"}
	for _, f := range found {
		row := regexp.MustCompile(`(?m)^.*` + whole(f[2]) + ` ` + whole(f[3]) + ` ` + regexp.QuoteMeta(words[f[4]]) + `$`).FindString(page)
		if row == "" {
			t.Errorf("the page has no row for %q: %s %s %s", f[0], whole(f[2]), whole(f[3]), words[f[4]])
		}
	}
}

// whole returns a pattern of a text with its numbers rounded to whole ones, where they have
// one place. A 5 may have been rounded before.
func whole(words string) string {
	number := regexp.MustCompile(`[+−]?[0-9]+\.[0-9]`)
	var b strings.Builder
	for {
		at := number.FindStringIndex(words)
		if at == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(words[:at[0]]))
		v, _ := strconv.ParseFloat(strings.Replace(words[at[0]:at[1]], "−", "-", 1), 64)
		var ways []string
		for _, v := range []float64{v - 0.05, v + 0.04} {
			way := text.Number(v, 0)
			if words[at[0]] == '+' {
				way = text.Signed(way)
			}
			ways = append(ways, regexp.QuoteMeta(way))
		}
		b.WriteString("(?:" + strings.Join(ways, "|") + ")")
		words = words[at[1]:]
	}
	return strings.Replace(b.String()+regexp.QuoteMeta(words), " points", " points?", 1)
}

// A name cannot become markup, steer anything, or make the page large.
func TestPageOfHostileNames(t *testing.T) {
	long := strings.Repeat("long name ", 3000)
	var b strings.Builder
	var answers strings.Builder
	answers.WriteString("csat,at,ticket,comment\n")
	add := func(event map[string]any) {
		line, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	for i, name := range []string{"<script>alert(1)</script>", "\x1b[31mred\a", `"><img src=x onerror=alert(1)>`, "\u202eevil", long, "a&b;c"} {
		for day := 1; day <= 4; day++ {
			id := fmt.Sprint(day, name)
			at := func(hour int) string { return fmt.Sprintf("2026-03-0%dT%02d:0%d:00Z", day, hour, i) }
			add(map[string]any{"type": "message_received", "conversation": id, "at": at(9), "channel": name})
			add(map[string]any{"type": "reply_sent", "conversation": id, "at": at(10), "agent": name})
			fmt.Fprintf(&answers, "1,2026-03-0%d 12:00,%[2]s,%[2]s\n", day, `"`+strings.ReplaceAll(id, `"`, `""`)+`"`)
		}
	}
	path := filepath.Join(t.TempDir(), "answers.csv")
	if err := os.WriteFile(path, []byte(answers.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	page := site(t, b.String(), "-events", "-", "-answers", path, "-trained", "<script>alert(1)</script>,a&b;c,\u202eevil,"+strings.TrimSpace(long), "-from", "2026-03-03")
	for _, not := range []string{"<script", "<img", "\x1b", "\a", "\u202e", "ZgotmplZ"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %q", not)
		}
	}
	says(t, page, "<script>alert(1)</script>", "a&b;c")
	if len(page) > 200_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

// What could not be read, or belongs nowhere, is told.
func TestPageOfRejected(t *testing.T) {
	dir := t.TempDir()
	events, answers := filepath.Join(dir, "events.jsonl"), filepath.Join(dir, "answers.csv")
	if err := os.WriteFile(events, []byte(few), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(answers, []byte("csat,at,ticket\n5,2026-03-02,2\n9,2026-03-02,2\n4,2026-03-02,77\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	page, _, status := output("", "-events", events, "-answers", answers, "-trained", "ana", "-from", "2026-03-02", "-format", "html")
	if status != exitRejected {
		t.Errorf("status %d", status)
	}
	says(t, page, "1 answer about conversations of the helpdesk; 1 more have no time, or are about none of them; 1 line could not be read.")
}

func TestJudged(t *testing.T) {
	value := func(n int64) compare.Value { return compare.Value{Metric: compare.CSAT, N: n, Value: 0.5} }
	d := func(before, after, othersBefore, othersAfter int64, c stat.Conclusion) compare.Difference {
		d := compare.Difference{Metric: compare.CSAT, Before: value(before), After: value(after), Conclusion: c}
		if othersBefore > 0 {
			d.OthersBefore, d.OthersAfter = value(othersBefore), value(othersAfter)
		}
		return d
	}
	for _, c := range []struct {
		d    compare.Difference
		want stat.Conclusion
	}{
		{d(20, 20, 0, 0, stat.NotDistinguishable), stat.NotDistinguishable},
		{d(20, 19, 0, 0, stat.NotDistinguishable), stat.TooFew},
		{d(19, 20, 0, 0, stat.NotDistinguishable), stat.TooFew},
		{d(20, 20, 19, 20, stat.NotDistinguishable), stat.TooFew},
		{d(20, 20, 20, 19, stat.NotDistinguishable), stat.TooFew},
		{d(20, 20, 20, 20, stat.NotDistinguishable), stat.NotDistinguishable},
		{d(6, 6, 6, 6, stat.Better), stat.Better}, // the test knows how few there are
		{d(0, 6, 0, 0, stat.NoData), stat.NoData},
	} {
		if got := judged(c.d); got != c.want {
			t.Errorf("%+v: %v, want %v", c.d, got, c.want)
		}
	}
}

// Every effect has a verdict of its own, and a sentence.
func TestEffects(t *testing.T) {
	const same = stat.NotDistinguishable
	for _, c := range []struct {
		trained, others, beyond stat.Conclusion
		effect                  effect
		chip                    draw.Chip
		lead                    string
	}{
		{stat.Better, same, stat.Better, ofTraining, draw.Chip{Mark: draw.Good, Word: "the training’s"}, "The training improved:"},
		{same, stat.Better, stat.Worse, behind, draw.Chip{Mark: draw.Bad, Word: "fell behind"}, "The trained fell behind the others:"},
		{stat.Better, stat.Better, same, everybodys, draw.Chip{Mark: draw.Same, Word: "better, the others too"}, "Better with the others too:"},
		{stat.Worse, stat.Worse, same, everybodys, draw.Chip{Mark: draw.Same, Word: "worse, the others too"}, "Worse with the others too:"},
		{stat.Better, same, same, uncertain, draw.Chip{Mark: draw.Same, Word: "better, cause unclear"}, "Better, but perhaps not by the training:"},
		{stat.Worse, same, same, uncertain, draw.Chip{Mark: draw.Same, Word: "worse, cause unclear"}, "Worse, but perhaps not by the training:"},
		{same, stat.Worse, same, othersOnly, draw.Chip{Mark: draw.Same, Word: "only others changed"}, "No clear change:"},
		{same, same, same, noChange, draw.Chip{Mark: draw.Same, Word: "no clear change"}, "No clear change:"},
		{stat.Better, stat.TooFew, stat.TooFew, untold, draw.Chip{Mark: draw.Few, Word: "too few to tell"}, "Too few to tell:"},
		{stat.NoData, same, stat.NoData, untold, draw.Chip{Mark: draw.None, Word: "no data"}, "Too few to tell:"},
	} {
		f := finding{index: compare.CSAT}
		for _, side := range []struct {
			d *compare.Difference
			c stat.Conclusion
		}{{&f.trained, c.trained}, {&f.others, c.others}, {&f.beyond, c.beyond}} {
			side.d.Conclusion = side.c
			side.d.Before = compare.Value{Metric: compare.CSAT, N: 100, Value: 0.5}
			side.d.After = side.d.Before
		}
		says := page{&report{findings: []finding{f}}}.short()
		if f.effect() != c.effect || f.chip() != c.chip || len(says) != 1 || says[0].Lead != c.lead {
			t.Errorf("%+v: %d, %v, %+v", c, f.effect(), f.chip(), says)
		}
	}
}
