package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
)

func output(stdin string, args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), status
}

// few is a desk of three days: one agent is trained, one is not, and nobody has
// the last conversation.
const few = `{"type":"message_received","conversation":"1","at":"2026-03-01T09:00:00Z"}
{"type":"reply_sent","conversation":"1","at":"2026-03-01T09:30:00Z","agent":"ana"}
{"type":"resolved","conversation":"1","at":"2026-03-01T10:00:00Z","agent":"ana"}
{"type":"message_received","conversation":"2","at":"2026-03-02T09:00:00Z"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T09:10:00Z","agent":"ana"}
{"type":"rating_given","conversation":"2","at":"2026-03-02T11:10:00Z","stars":2,"agent":"ana"}
{"type":"message_received","conversation":"3","at":"2026-03-02T09:00:00Z"}
{"type":"reply_sent","conversation":"3","at":"2026-03-02T09:20:00Z","agent":"ben"}
{"type":"message_received","conversation":"4","at":"2026-03-02T09:00:00Z"}
`

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		stdin string
		args  []string
	}{
		"sample.txt":  {"", nil},
		"explain.txt": {"", []string{"-explain", "-days", "7"}},
		"few.txt":     {few, []string{"-events", "-", "-trained", "ana, cleo", "-from", "2026-03-02"}},
	} {
		got, errs, status := output(c.stdin, c.args...)
		if status != exitDone || errs != "" {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
		golden.Check(t, name, got)
	}
}

func TestFileIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(path, sample, 0o644); err != nil {
		t.Fatal(err)
	}
	bundled, _, _ := output("")
	answers := filepath.Join(t.TempDir(), "answers.csv")
	if err := os.WriteFile(answers, sampleAnswers, 0o644); err != nil {
		t.Fatal(err)
	}
	got, errs, status := output("", "-events", path, "-answers", answers, "-trained", sampleTrained, "-from", sampleFrom, "-zone", sampleZone, "-days", "21")
	if status != exitDone || got != bundled {
		t.Errorf("status %d, %s", status, errs)
	}
	// A week on either side, and another level, are other questions.
	got, errs, status = output("", "-days", "7", "-level", "0.8")
	if status != exitDone || !strings.Contains(got, "the 7 days from Monday 13 April 2026 on") || !strings.Contains(strings.Join(strings.Fields(got), " "), "at most 20 times in a hundred") {
		t.Errorf("status %d, %s\n%s", status, errs, got)
	}
}

// A survey of another tool, with its own columns, answers in words, and lines that are
// wrong.
func TestAnswers(t *testing.T) {
	events := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(events, []byte(few), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(text string, args ...string) (stdout, stderr string, status int) {
		path := filepath.Join(t.TempDir(), "answers.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return output("", append([]string{"-events", events, "-trained", "ana", "-from", "2026-03-02", "-answers", path}, args...)...)
	}
	const text = "when;case;how;why\n02.03.2026 10:00;1;Very satisfied;kind\n03.03.2026 10:00;3;Very dissatisfied;\n03.03.2026 11:00;99;Neutral;\n;1;Neutral;\nsoon;2;7;\n"
	args := []string{"-columns", "at=when,about=case,csat=how,comment=why", "-guess"}
	stdout, errs, status := run(text, args...)
	for _, want := range []string{
		"survey   2 answers about their conversations; 2 more have no time, or are about\n         none of them\n",
		"    1        ana               ★★★★★, Mon 2 Mar 10:00, “kind”",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%s\nwant %s", stdout, want)
		}
	}
	if status != exitRejected || !strings.Contains(errs, `training: answers: line 6: csat: 7 is not on the scale 1–5`) {
		t.Errorf("status %d, %s", status, errs)
	}
	// Of several questions, the one about satisfaction counts, and of several ratings the
	// last.
	stdout, _, status = run("favourable,csat,at,ticket\n1,5,2026-03-02 12:00,2\n")
	if want := "    2        ana               ★★★★★, Mon 2 Mar 12:00"; status != exitDone || !strings.Contains(stdout, want) {
		t.Errorf("status %d\n%s\nwant %s", status, stdout, want)
	}
	for want, c := range map[string][]string{
		`no column is named like a question`: {text},
		`there is no column of times`:        {"csat,ticket\n5,1\n"},
		`-columns about=2`:                   {"csat,at\n5,2026-03-02\n"},
		`-columns csat=3`:                    {"nps,at,ticket\n5,2026-03-02,1\n"},
		`add -guess`:                         {text, args[0], args[1]},
		`"x" is neither a question`:          {text, "-columns", "x=1"},
	} {
		if stdout, errs, status := run(c[0], c[1:]...); status != exitFailed || stdout != "" || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, %s\nwant %s", c, status, errs, want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		stdin string
		args  []string
		want  string
	}{
		{"", []string{"x"}, `unexpected argument "x"`},
		{"", []string{"-format", "pdf"}, `-format "pdf": want text or html`},
		{"", []string{"-explain", "-format", "html"}, "-explain: only of the format text"},
		{"", []string{"-days", "-1"}, "-days -1"},
		{"", []string{"-level", "1"}, "-level 1"},
		{"", []string{"-level", "NaN"}, "-level NaN"},
		{"", []string{"-trained", "ana"}, "are for -events"},
		{"", []string{"-answers", "answers.csv"}, "are for -events"},
		{few, []string{"-events", "-", "-trained", "ana", "-from", "2026-03-02", "-answers", "no such file"}, "no such file"},
		{"", []string{"-events", "-"}, "-events needs -trained and -from"},
		{"", []string{"-events", "-", "-trained", "ana"}, "-events needs -trained and -from"},
		{few, []string{"-events", "-", "-trained", ",", "-from", "2026-03-02"}, `-trained "," names nobody`},
		{few, []string{"-events", "-", "-trained", "ana", "-from", "2026-03"}, `-from "2026-03" is not a day`},
		{few, []string{"-events", "-", "-trained", "ana", "-from", "Monday"}, `-from "Monday" is not a day`},
		{few, []string{"-events", "-", "-trained", "ana", "-from", "2026-03-02", "-zone", "Mars/Base"}, "-zone"},
		{few, []string{"-events", "-", "-trained", "zoe", "-from", "2026-03-02"}, "name none of the trained agents [zoe]"},
		{few, []string{"-events", "-", "-trained", "ana", "-from", "2026-03-01"}, "no events before"},
		{few, []string{"-events", "-", "-trained", "ana", "-from", "2027-03-01"}, "none after"},
		{"", []string{"-events", "-", "-trained", "ana", "-from", "2026-03-02"}, "the input is empty"},
		{"type,conversation,at\n", []string{"-events", "-", "-trained", "ana", "-from", "2026-03-02"}, "no events"},
		{"{}\n", []string{"-events", "-", "-trained", "ana", "-from", "2026-03-02"}, "line 1"},
		{"", []string{"-events", "no such file", "-trained", "ana", "-from", "2026-03-02"}, "no such file"},
	} {
		stdout, errs, status := output(tt.stdin, tt.args...)
		if status != exitFailed || stdout != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: status %d, %q, want %q", tt.args, status, errs, tt.want)
		}
	}
	if _, errs, status := output("", "-help"); status != exitDone || !strings.Contains(errs, "-trained") {
		t.Errorf("-help: status %d, %s", status, errs)
	}
}

// The values of the report, counted from the lines of the sample.
func TestSampleByHand(t *testing.T) {
	s, err := parse(nil, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	zone, day, err := s.change()
	if err != nil {
		t.Fatal(err)
	}
	log, err := read("", nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := listen(log, sampleAnswers, s.form); err != nil {
		t.Fatal(err)
	}
	r, err := evaluate(log, s, zone, day)
	if err != nil {
		t.Fatal(err)
	}
	// Before and after, of the trained and of the others.
	var satisfied, ratings [2][2]int64
	var waits [2][2][]time.Duration
	agents := make(map[metrics.ConversationID]metrics.AgentID)
	asked, answered := make(map[metrics.ConversationID]time.Time), make(map[metrics.ConversationID]bool)
	for e, err := range metrics.DecodeJSONLines(bytes.NewReader(sample)) {
		if err != nil {
			t.Fatal(err)
		}
		record := metrics.RecordOf(e)
		// The sample begins and ends with its spans.
		side, who := 0, 0
		if !record.At.Before(time.Date(2026, 4, 12, 22, 0, 0, 0, time.UTC)) {
			side = 1
		}
		if !slices.Contains(s.trained, record.Agent) {
			who = 1
		}
		switch record.Type {
		case metrics.KindMessageReceived:
			if asked[record.Conversation].IsZero() {
				asked[record.Conversation] = record.At
			}
		case metrics.KindReplySent:
			if !answered[record.Conversation] {
				answered[record.Conversation] = true
				waits[who][side] = append(waits[who][side], record.At.Sub(asked[record.Conversation]))
			}
		}
		if record.Agent != "" {
			agents[record.Conversation] = record.Agent
		}
	}
	// Each answer is about the work of the one agent of its conversation.
	rows, err := csv.NewReader(bytes.NewReader(sampleAnswers)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, fields := range rows[1:] {
		side, who := 0, 0
		if fields[2] >= "2026-04-12 22:00:00" {
			side = 1
		}
		if !slices.Contains(s.trained, agents[metrics.ConversationID(fields[1])]) {
			who = 1
		}
		ratings[who][side]++
		if fields[3] >= "4" {
			satisfied[who][side]++
		}
	}
	check := func(v compare.Value, n int64, want float64) {
		t.Helper()
		if v.N != n || math.Abs(v.Value-want) > 1e-9*want {
			t.Errorf("%v is %v of %d, by hand %v of %d", v.Metric, v.Value, v.N, want, n)
		}
	}
	for who, pick := range []func(finding) compare.Difference{
		func(f finding) compare.Difference { return f.trained }, func(f finding) compare.Difference { return f.others },
	} {
		for _, f := range r.findings {
			d := pick(f)
			for side, v := range []compare.Value{d.Before, d.After} {
				switch f.index {
				case compare.CSAT:
					check(v, ratings[who][side], float64(satisfied[who][side])/float64(ratings[who][side]))
				case compare.FirstResponse:
					slices.Sort(waits[who][side])
					n := len(waits[who][side])
					check(v, int64(n), (waits[who][side][(n-1)/2]+waits[who][side][n/2]).Seconds()/2)
				}
			}
		}
	}
	if fmt.Sprint(r.agents[trained], r.agents[others]) != "[ana ben cleo dev] [eva finn gus hana]" || r.days != 21 {
		t.Errorf("%v, %d days", r.agents, r.days)
	}
}

func TestWords(t *testing.T) {
	verdicts := func(trained, others, beyond stat.Conclusion) string {
		f := finding{index: compare.CSAT}
		f.trained.Conclusion, f.others.Conclusion, f.beyond.Conclusion = trained, others, beyond
		return f.words()
	}
	const same = stat.NotDistinguishable
	for want, got := range map[string]string{
		"by more than the others":        verdicts(stat.Better, same, stat.Better),
		"fell behind":                    verdicts(stat.Worse, same, stat.Worse),
		"not enough":                     verdicts(stat.Better, stat.TooFew, stat.TooFew),
		"so did the others":              verdicts(stat.Better, stat.Better, same),
		"got worse, and so did":          verdicts(stat.Worse, stat.Worse, same),
		"that chance is ruled out":       verdicts(stat.Better, same, same),
		"Only the others changed":        verdicts(same, stat.Worse, same),
		"chance alone often makes":       verdicts(same, same, same),
		"others: no data.":               verdicts(stat.Better, stat.NoData, stat.NoData),
		"got worse, but not so much mor": verdicts(stat.Worse, same, same),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q, want %q in it", got, want)
		}
	}
}

// Names and comments neither steer the terminal nor make lines of their own, and methods
// are only for whoever asks.
func TestPlain(t *testing.T) {
	in := strings.ReplaceAll(strings.ReplaceAll(few, `"ana"`, `"an\u001b[2Ja\u202e"`), `"conversation":"2"`, `"conversation":"2\r\n  trained `+strings.Repeat("x", 20_000)+`"`)
	got, errs, status := output(in, "-events", "-", "-trained", "an\x1b[2Ja\u202e", "-from", "2026-03-02")
	if status != exitDone {
		t.Fatal(errs)
	}
	for line := range strings.Lines(got) {
		if line = strings.TrimSuffix(line, "\n"); strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || len(line) > 400 {
			t.Errorf("%.200q", line)
		}
	}
	short, _, _ := output("")
	long, _, _ := output("", "-explain")
	if methods, ok := strings.CutPrefix(long, short); !ok || !strings.Contains(methods, "Holm") || strings.Contains(short, "Holm") || strings.Contains(short, "99.") {
		t.Errorf("explained by %s", methods)
	}
}
