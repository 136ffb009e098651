package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/servicequality/servicequality/metrics"
)

// forged begins what a name would like to be: a row of its own.
const forged = "forged row"

// names are those of agents, channels, customers and whatever else has a name.
var names = []string{
	"\x1b[31mRED\x1b[0m\x1b]0;owned\x07",
	"x\n\n" + forged + "  100.00  1",
	"y\r\n\r\n" + forged + " | 100.00 | 1 |",
	"\u202egnp.exe\u202c",
	"\u2066isolate\u2069",
	"a\x00b\x08\x7f",
	"\u009b31m",
	"z\u2028" + forged + "\u2029" + forged + "\u0085" + forged,
	"\u200b\u200c\ufeff",
	"| a | b |",
	"`c` <script>alert(1)</script> [d](javascript:e) *f* _g_ # h",
	"e" + strings.Repeat("\u0301", 3000),
	"\t\v\f",
	"=1+1",
}

// long are names that are too long for any table, and differ only at their ends.
var long = []string{strings.Repeat("n", 60_000) + "a", strings.Repeat("n", 60_000) + "b"}

// steered writes the events of a desk whose names are all hostile, in JSON Lines.
func steered(names []string, weeks int) func(io.Writer) {
	return func(w io.Writer) {
		out := json.NewEncoder(w)
		for week := range weeks {
			for i, name := range names {
				at := time.Date(2026, time.March, 2, 9, i, 0, 0, time.UTC).AddDate(0, 0, 7*week)
				id := metrics.ConversationID(fmt.Sprint(week) + name)
				r := func(kind metrics.Kind, after time.Duration, more metrics.Record) {
					more.Type, more.Conversation, more.At = kind, id, at.Add(after)
					if err := out.Encode(more); err != nil {
						panic(err) // of a name that is no text
					}
				}
				channel, agent := metrics.Channel(name), metrics.AgentID(name)
				r(metrics.KindOpened, 0, metrics.Record{Channel: channel, Priority: metrics.Priority(name)})
				r(metrics.KindMessageReceived, 0, metrics.Record{Channel: channel, Customer: metrics.CustomerID(name)})
				r(metrics.KindAssigned, time.Minute, metrics.Record{Agent: agent, Team: metrics.TeamID(name)})
				if (i+week)%3 == 0 {
					continue // which waits
				}
				r(metrics.KindReplySent, 10*time.Minute, metrics.Record{Agent: agent, ID: "reply"})
				r(metrics.KindPaused, 11*time.Minute, metrics.Record{For: name})
				r(metrics.KindResumed, 12*time.Minute, metrics.Record{})
				r(metrics.KindHandled, 20*time.Minute, metrics.Record{Agent: agent, Took: metrics.Took(time.Minute), For: name})
				r(metrics.KindResolved, time.Hour, metrics.Record{Agent: agent})
				r(metrics.KindRatingGiven, 2*time.Hour, metrics.Record{Stars: 2, Agent: agent, ID: "rating"})
				if i%4 == 0 {
					r(metrics.KindMessageReceived, 3*time.Hour, metrics.Record{Channel: channel})
					r(metrics.KindMerged, 4*time.Hour, metrics.Record{Into: metrics.ConversationID(fmt.Sprint(week) + names[(i+1)%len(names)])})
				}
			}
		}
	}
}

// promises writes a policy whose names are all hostile.
func promises(names []string) func(io.Writer) {
	return func(w io.Writer) {
		calendars := make(map[string]any)
		var targets []any
		for _, name := range names {
			calendars[name] = json.RawMessage(`{"timezone":"UTC","weekly":{"mon":[["09:00","17:00"]]}}`)
			targets = append(targets,
				map[string]any{"name": name, "measure": "first_response", "channels": []string{name}, "within": "5m", "goal": "90%", "calendar": name, "escalations": []any{map[string]any{"name": name, "after": "2m"}}},
				map[string]any{"name": name, "measure": "first_resolution", "teams": []string{name}, "within": "30m", "goal": "80%"})
		}
		err := json.NewEncoder(w).Encode(map[string]any{"name": strings.Join(names[:2], " "), "calendars": calendars, "targets": targets})
		if err != nil {
			panic(err) // of a name that is no text
		}
	}
}

// answered writes answers to a survey whose texts are all hostile, as CSV.
func answered(names []string, about bool) func(io.Writer) {
	return func(w io.Writer) {
		rows := [][]string{{"id", "at", "question", "source", "respondent", "group", "about", "answer", "comment"}}
		for week := range 6 {
			for i, name := range names {
				at := time.Date(2026, time.March, 2, 15, i, 0, 0, time.UTC).AddDate(0, 0, 7*week)
				conversation := name
				if about {
					conversation = fmt.Sprint(week) + name
				}
				for _, question := range []string{"csat", "nps"} {
					rows = append(rows, []string{fmt.Sprintf("%d-%d", week, i), at.Format(time.RFC3339), question, name, name, name, conversation, fmt.Sprint(1 + (i+week)%5), name})
				}
			}
		}
		row := make([]string, len(rows[0]))
		for i := range row {
			row[i] = names[i%len(names)]
		}
		rows = append(rows, row)
		csv.NewWriter(w).WriteAll(rows)
	}
}

// reviewed writes reviews whose names are all hostile.
func reviewed(names []string) func(io.Writer) {
	return func(w io.Writer) {
		var criteria, reviews, ladder []any
		marks := make(map[string]int)
		facts := make(map[string]any)
		for i, name := range names {
			criteria = append(criteria, map[string]any{"id": name, "name": name, "guidance": name, "section": name, "weight": "1", "min": 1, "max": 5, "auto_fail": i == 0})
			marks[name] = 1 + i%4
			facts[name] = json.RawMessage(`{"part":1,"whole":2}`)
			ladder = append(ladder, map[string]any{"level": "basic", "fact": name, "unit": "% " + name, "at_least": json.RawMessage(`{"part":3,"whole":4}`)})
		}
		for _, agent := range names {
			for k := range 2 {
				reviews = append(reviews, map[string]any{"conversation": agent, "agent": agent, "reviewer": names[k], "marks": marks})
			}
		}
		err := json.NewEncoder(w).Encode(map[string]any{
			"scorecard": map[string]any{"pass_mark": "70", "criteria": criteria}, "ladder": ladder, "facts": facts, "reviews": reviews,
		})
		if err != nil {
			panic(err) // of a name that is no text
		}
	}
}

func programAttacks() (all []attack) {
	all = append(all, nameAttacks("names", names, []func(*outcome) string{harmless, unforged})...)
	all = append(all, nameAttacks("names of 60 kB", long, []func(*outcome) string{harmless, shorter(2 << 20)})...)
	all = append(all, flagAttacks()...)
	all = append(all, fileAttacks()...)
	return append(all, instantAttacks()...)
}

// nameAttacks give all programs that print names hostile ones, wherever a name can stand.
func nameAttacks(what string, names []string, checks []func(*outcome) string) (all []attack) {
	files := map[string]func(io.Writer){
		"events.jsonl": steered(names, 6), "policy.json": promises(names), "answers.csv": answered(names, false), "about.csv": answered(names, true), "reviews.json": reviewed(names),
	}
	add := func(program string, args ...string) {
		a := attack{name: what + ": " + program + " " + strings.ReplaceAll(strings.Join(args, " "), "{folder}/", ""), program: program, args: args, files: files}
		a.checks = append(a.checks, checks...)
		a.checks = append(a.checks, ended(0, 1, 2))
		line := strings.Join(args, " ")
		if !strings.Contains(line, "html") && !strings.Contains(line, "markdown") && !strings.Contains(line, "json ") && !strings.Contains(line, "-detail") {
			a.checks = append(a.checks, narrow(800)) // a message may be of 600
		}
		if strings.Contains(line, "markdown") {
			a.checks = append(a.checks, even)
		}
		all = append(all, a)
	}
	const events, policy = "{folder}/events.jsonl", "{folder}/policy.json"
	for _, format := range []string{"text", "markdown", "json", "html"} {
		add("report", "-format", format, "-events", events, "-policy", policy, "-by", "channel,agent", "-about", "month", "-period", "week", "-evidence", "5", "-survival")
	}
	for _, by := range []string{"team", "customer", "priority,hour"} {
		add("report", "-events", events, "-by", by, "-explain")
		add("report", "-events", events, "-by", by, "-explain", "-format", "markdown")
	}
	add("report", "-events", events, "-detail")
	for _, format := range []string{"text", "html"} {
		add("board", "-once", "-format", format, "-events", events, "-policy", policy, "-agents", "-promises", "-rows", "0")
		add("survey", "-format", format, "-answers", "{folder}/answers.csv", "-changed", "2026-03-20", "-period", "week")
		add("training", "-format", format, "-events", events, "-trained", "=1+1,| a | b |,\u009b31m,\x1b[31mRED\x1b[0m\x1b]0;owned\x07", "-from", "2026-03-22")
		add("training", "-format", format, "-events", events, "-trained", names[0], "-from", "2026-03-22", "-answers", "{folder}/about.csv")
		add("scorecard", "-format", format, "-reviews", "{folder}/reviews.json")
	}
	add("survey", "-explain", "-answers", "{folder}/answers.csv", "-columns", "comment=9")
	add("scorecard", "-explain", "-reviews", "{folder}/reviews.json")
	for i, a := range all { // a name of 60 kB is no argument of a process, nor one with a NUL
		for k, arg := range a.args {
			if len(arg) > 10_000 {
				all[i].args[k] = arg[:10_000]
			}
		}
	}
	return all
}

// flagAttacks put hostile text where flags and names of files stand.
func flagAttacks() (all []attack) {
	const evil = "no \x1b[31m\u202e\u009b31m\n" + forged + " such"
	for program, flags := range map[string][]string{
		"report": {"-events", "-policy", "-calendar", "-by", "-as-of", "-zone", "-format", "-link"}, "board": {"-events", "-policy", "-as-of", "-zone", "-format", "-link"},
		"survey": {"-answers", "-servqual", "-changed", "-period", "-goal", "-format"}, "training": {"-events", "-trained", "-from", "-level"},
		"scorecard": {"-reviews", "-level", "-format"}, "centre": {"-customers", "-seed"}, "year": {"-agents", "-seed"},
	} {
		for _, args := range append([][]string{{evil}, {"-" + evil}}, pairs(flags, evil)...) {
			all = append(all, attack{
				name: fmt.Sprintf("flags: %s %.12q", program, args), program: program, args: args,
				checks: []func(*outcome) string{harmless, unforged, refused(program + ": "), shorter(2000)},
			})
		}
	}
	return all
}

func pairs(flags []string, value string) (all [][]string) {
	for _, f := range flags {
		all = append(all, []string{f, value})
	}
	return all
}

// fileAttacks give files that are none of events, and those of no end.
func fileAttacks() (all []attack) {
	event := func(i int) string {
		return fmt.Sprintf(`{"type":"opened","conversation":"%d","at":"2026-03-02T09:00:00Z","channel":"chat"}`+"\n", i)
	}
	text := func(change func(string) string) func(io.Writer, int) {
		return func(w io.Writer, n int) {
			var b bytes.Buffer
			each(event)(&b, n)
			io.WriteString(w, change(b.String())) // whoever reads may end earlier
		}
	}
	for _, tt := range []struct {
		name, want string
		input      func(io.Writer, int)
	}{
		{"gzip", "gunzip -c", func(w io.Writer, n int) {
			z := gzip.NewWriter(w)
			each(event)(z, n)
			z.Close()
		}},
		{"zstd", "zstd -dc", repeated("\x28\xb5\x2f\xfd\x00")},
		{"a spreadsheet", "save it as CSV", repeated("PK\x03\x04\x00")},
		{"UTF-16 with a mark", "save it as UTF-8", text(func(s string) string { return "\xff\xfe" + utf16Of(s) })},
		{"UTF-16 without a mark", "save it as UTF-8", text(utf16Of)},
		{"NUL", "begins with zeros", repeated("\x00")},
		{"a JSON array", "jq -c '.[]'", text(func(s string) string { return "[" + strings.ReplaceAll(strings.TrimSpace(s), "\n", ",\n") + "]" })},
		{"pretty JSON", "jq -c '.'", text(func(s string) string { return strings.ReplaceAll(s, ",", ",\n  ") })},
		{"lone carriage returns", "tr '\\r' '\\n'", text(func(s string) string { return strings.ReplaceAll(s, "\n", "\r") })},
		{"HTML", "HTML", repeated("<!DOCTYPE html>\n")},
		{"nothing", "the input is empty", repeated("")},
		{"empty lines", "the input is empty", repeated("\n")},
		{"other JSON", "no line is an event", repeated("{\"a\":1}\n")},
		{"random bytes", "", each(func(i int) string { return string([]byte{byte(i * 7), byte(i * 31), byte(i >> 3), 0x80}) })},
		{"a line of 200 MB", "", nil},
	} {
		size := 1000
		if tt.input == nil {
			tt.input, size = between("{", "a", ""), 200_000_000
		}
		for _, args := range [][]string{{"report", "-events", "-"}, {"board", "-once", "-events", "-"}, {"training", "-events", "-", "-trained", "ana", "-from", "2026-03-02"}} {
			want := tt.want
			if args[0] == "training" && strings.HasPrefix(want, "no line") {
				want = "line 1" // at which it ends
			}
			all = append(all, attack{
				name: "files: " + tt.name + " through " + args[0], input: tt.input, size: size, program: args[0], args: args[1:],
				checks: []func(*outcome) string{refused(want), harmless, shorter(200_000)},
			})
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "half an object": "{", "an array": "[]", "two values": "{}{}", "gzip": "\x1f\x8b\x08", "UTF-16": "\xff\xfe{\x00", "NUL": "\x00\x00", "brackets": strings.Repeat("[", 100_000),
	} {
		file := map[string]func(io.Writer){"bad.json": func(w io.Writer) { io.WriteString(w, text) }}
		for _, args := range [][]string{{"report", "-policy"}, {"report", "-calendar"}, {"board", "-policy"}, {"scorecard", "-reviews"}} {
			all = append(all, attack{
				name: "files: " + name + " for " + strings.Join(args, " "), program: args[0], args: []string{args[1], "{folder}/bad.json"}, files: file,
				checks: []func(*outcome) string{refused("bad.json"), harmless, shorter(1500)},
			})
		}
	}
	return all
}

func utf16Of(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// instantAttacks ask for instants before and after everything.
func instantAttacks() (all []attack) {
	for _, at := range []string{"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"} {
		for _, args := range [][]string{{"report", "-about", "month", "-period", "week"}, {"report", "-format", "html"}, {"report", "-format", "json"}, {"report", "-detail"}, {"board", "-once"}, {"board", "-format", "html"}} {
			a := attack{name: "instants: " + strings.Join(args, " ") + " -as-of " + at[:4], program: args[0], args: append(args[1:], "-as-of", at), checks: []func(*outcome) string{ended(0), harmless}}
			switch {
			case at[0] == '9':
			case len(args) == 5:
				a.checks = append(a.checks, says("1 January "+at[:4]), says("\n0 events."))
			case args[0] == "board" && len(args) == 2:
				a.checks = append(a.checks, says("No conversation is open."))
			}
			all = append(all, a)
		}
	}
	stray := func(w io.Writer, n int) {
		each(func(i int) string {
			return fmt.Sprintf(`{"type":"opened","conversation":"%d","at":"2026-03-02T09:00:%02dZ"}`+"\n", i, i%60)
		})(w, n)
		io.WriteString(w, `{"type":"opened","conversation":"late","at":"2099-01-01T00:00:00Z"}`+"\n")
	}
	for _, args := range [][]string{{"report", "-events", "-"}, {"board", "-once", "-events", "-"}} {
		all = append(all, attack{name: "instants: an event of 2099 through " + args[0], input: stray, size: 100, program: args[0], args: args[1:],
			checks: []func(*outcome) string{ended(0), says("more than 90 days later than all others, at 2099-01-01T00:00:00Z")}})
	}
	return all
}
