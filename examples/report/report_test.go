package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/standards"
)

// output runs the command and returns what it prints.
func output(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(args, strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), status
}

// Inputs beside the samples: a desk with an AI agent, calls that were abandoned and
// tickets that were merged; one with teams, handle times, requests for ratings and
// customers who come back, and its policy; and a tracker of tickets that records no reply.
const (
	contact = "testdata/contact.jsonl"
	desk    = "testdata/desk.jsonl"
	promise = "testdata/desk.policy.json"
	status  = "testdata/status.jsonl"
)

func TestGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"sample.txt":         {},
		"sample.agent.txt":   {"-by", "agent"},
		"sample.md":          {"-format", "markdown"},
		"sample.json":        {"-format", "json"},
		"sample.html":        {"-format", "html"},
		"sample.early.json":  {"-format", "json", "-by", "none", "-as-of", "2026-03-04T12:00:00+01:00"},
		"sample.detail.json": {"-detail"},

		"sample.policy.txt":  {"-policy", "policy.json"},
		"sample.policy.md":   {"-policy", "policy.json", "-format", "markdown", "-by", "none"},
		"sample.policy.json": {"-policy", "policy.json", "-format", "json", "-by", "none"},

		"sample.hours.txt":         {"-calendar", "office.json"},
		"sample.hours.json":        {"-calendar", "office.json", "-format", "json", "-by", "none"},
		"sample.hours.day.txt":     {"-calendar", "office.json", "-by", "none", "-period", "day"},
		"sample.hours.detail.json": {"-calendar", "office.json", "-detail", "-as-of", "2026-03-04T12:00:00Z"},

		"quarter.by.txt":       {"-events", "quarter.jsonl", "-by", "channel,month", "-min", "30"},
		"quarter.by.json":      {"-events", "quarter.jsonl", "-by", "quarter,priority", "-min", "100", "-format", "json"},
		"quarter.txt":          {"-events", "quarter.jsonl", "-policy", "policy.json", "-zone", "Europe/Berlin", "-about", "month", "-period", "week"},
		"quarter.html":         {"-events", "quarter.jsonl", "-policy", "policy.json", "-zone", "Europe/Berlin", "-format", "html", "-link", "https://desk.example/tickets/{id}"},
		"quarter.week.txt":     {"-events", "quarter.jsonl", "-by", "none", "-period", "week", "-min", "30", "-about", "week"},
		"quarter.month.json":   {"-events", "quarter.jsonl", "-by", "none", "-period", "month", "-compare", "previous", "-format", "json"},
		"quarter.month.md":     {"-events", "quarter.jsonl", "-period", "month", "-compare", "previous", "-explain", "-format", "markdown"},
		"quarter.week.html":    {"-events", "quarter.jsonl", "-policy", "policy.json", "-zone", "Europe/Berlin", "-about", "week", "-as-of", "2026-03-23T00:00:00+01:00", "-format", "html"},
		"quarter.survival.txt": {"-events", "quarter.jsonl", "-survival", "-min", "120", "-evidence", "3", "-zone", "Europe/Berlin", "-explain"},
		"contact.txt":          {"-events", contact, "-evidence", "1"},
		"contact.md":           {"-events", contact, "-format", "markdown"},
		"contact.html":         {"-events", contact, "-format", "html"},
		"contact.json":         {"-events", contact, "-by", "none", "-calendar", "office.json", "-format", "json"},
		"contact.detail.json":  {"-events", contact, "-detail"},
		"desk.txt":             {"-events", desk, "-policy", promise, "-by", "team"},
		"desk.md":              {"-events", desk, "-policy", promise, "-by", "channel,team", "-format", "markdown"},
		"desk.html":            {"-events", desk, "-policy", promise, "-min", "3", "-format", "html"},
		"desk.json":            {"-events", desk, "-policy", promise, "-by", "none", "-format", "json"},
		"desk.detail.json":     {"-events", desk, "-policy", promise, "-detail"},
		"desk.week.txt":        {"-events", desk, "-policy", promise, "-by", "team", "-period", "week", "-compare", "previous", "-evidence", "1"},
		"desk.week.json":       {"-events", desk, "-policy", promise, "-by", "none", "-period", "week", "-compare", "previous", "-format", "json"},
		"status.txt":           {"-events", status, "-survival"},
		"status.html":          {"-events", status, "-format", "html"},
		"status.json":          {"-events", status, "-by", "none", "-survival", "-format", "json"},

		"sample.evidence.json": {"-by", "none", "-survival", "-evidence", "2", "-policy", "policy.json", "-calendar", "office.json", "-format", "json"},
	} {
		got, errs, status := output(t, "", args...)
		if status != exitDone || errs != "" {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
		golden.Check(t, name, pagetest.Unstyled(got))
	}
}

// Waits that moved, that an assistant answered or that the customer gave up are in every
// format, but only if there are any; so is the remark on an input without replies.
func TestShownWhereItOccurs(t *testing.T) {
	for format, words := range map[string]struct{ contact, status []string }{
		"text":     {[]string{"AI assistants", "\nANSWERED BY AN ASSISTANT\n", "\nABANDONED\n", "  moved"}, []string{"no replies in this input", "not measured"}},
		"markdown": {[]string{"| by assistants |", "## Answered by an assistant", "## Abandoned", "| moved |"}, []string{"no replies in this input", "| not measured |"}},
		"json":     {[]string{`"by_assistant": {`, `"abandoned": {`, `"moved": 1`}, []string{`"no_replies": true`}},
	} {
		for file, wanted := range map[string][2][]string{
			contact:        {words.contact, words.status},
			status:         {words.status, words.contact},
			"sample.jsonl": {nil, slices.Concat(words.contact, words.status)},
		} {
			got, errs, _ := output(t, "", "-events", file, "-format", format)
			for i, list := range wanted {
				for _, word := range list {
					if strings.Contains(got, word) != (i == 0) {
						t.Errorf("%s as %s: %q found: %v%s", file, format, word, i == 1, errs)
					}
				}
			}
		}
	}
}

// everything asks for all that a report can have.
var everything = []string{
	"-format", "json", "-by", "channel,agent,week", "-zone", "Europe/Berlin", "-min", "5",
	"-period", "day", "-compare", "previous", "-survival", "-evidence", "3",
}

// Of events of one minute only their numbers tell which came first; README.md shows this
// input.
func TestTies(t *testing.T) {
	const rows = "message_received,7,2026-03-02T09:00:00Z%s\nmessage_received,7,2026-03-02T09:05:00Z%s\nreply_sent,7,2026-03-02T09:05:00Z%s\n"
	for in, waiting := range map[string]int64{
		"type,conversation,at\n" + fmt.Sprintf(rows, "", "", ""):           1,
		"type,conversation,at,seq\n" + fmt.Sprintf(rows, ",2", ",3", ",4"): 0,
		"type,conversation,at,seq\n" + fmt.Sprintf(rows, ",2", ",4", ",3"): 1,
	} {
		g := decoded(t, in, "-events", "-").Groups[0]
		if g.StillWaiting != waiting || g.FirstResponse.Max != 5*time.Minute {
			t.Errorf("%s: %d waiting, first response %v", in, g.StillWaiting, g.FirstResponse.Max)
		}
	}
}

func record(t *testing.T, line string) metrics.Record {
	t.Helper()
	var r metrics.Record
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// events gives the sample line by line.
func events() []string {
	return strings.Split(strings.TrimSpace(string(sample)), "\n")
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	// Of an edited event the version that is taken last wins; the others go,
	// so that there is nothing in the order that means anything.
	last := make(map[metrics.EventID]string)
	for _, line := range events() {
		last[record(t, line).ID] = line
	}
	lines := slices.Sorted(maps.Values(last))
	for _, args := range [][]string{{"-format", "json"}, {"-format", "text", "-by", "agent"}, {"-detail"}, everything} {
		args = append(slices.Clone(args), "-events", "-")
		want, _, _ := output(t, strings.Join(lines, "\n"), args...)
		slices.Reverse(lines)
		got, _, _ := output(t, strings.Join(lines, "\n"), args...)
		if got != want {
			t.Errorf("%v: reversed input changes the report at %s", args, golden.Difference(got, want))
		}
	}
}

func TestFutureIsIgnored(t *testing.T) {
	asOf := time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)
	var past []string
	for _, line := range events() {
		if !record(t, line).At.After(asOf) {
			past = append(past, line)
		}
	}
	for _, args := range [][]string{{"-format", "json"}, {"-format", "text", "-by", "agent"}, {"-detail"}, everything} {
		args = append(slices.Clone(args), "-as-of", asOf.Format(time.RFC3339))
		want, _, _ := output(t, "", args...)
		got, _, _ := output(t, strings.Join(past, "\n"), append(args, "-events", "-")...)
		if got != want {
			t.Errorf("%v: the future changes the report at %s", args, golden.Difference(got, want))
		}
	}
}

const good = `{"type":"message_received","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:01:00Z","channel":"chat","agent":"ana"}
`

func TestMalformedLines(t *testing.T) {
	in := strings.Replace(good, "\n", "\n{\"type\":\"yawned\",\"conversation\":\"7\",\"at\":\"2026-03-02T09:00:30Z\"}\n", 1) +
		strings.Repeat("x", 1<<20) + "\n" + `{"type":"rating_given","conversation":"7","at":"2026-03-02T09:02:00Z","stars":6}` + "\n"
	got, errs, status := output(t, in, "-events", "-", "-format", "json", "-by", "none")
	if status != exitRejected {
		t.Errorf("status %d, want %d", status, exitRejected)
	}
	wantErrs := `report: line 2: metrics: unknown event type: "yawned": "{\"type\":\"yawned\",\"conversation\":\"7\",\"at\":\"2026-03-02T09:00:30Z\"}"
report: line 4: metrics: line too long: "` + strings.Repeat("x", 120) + `"
report: line 5: rating: stars outside 1 to 5: 6: "{\"type\":\"rating_given\",\"conversation\":\"7\",\"at\":\"2026-03-02T09:02:00Z\",\"stars\":6}"
`
	if errs != wantErrs {
		t.Errorf("messages:\n%s\nwant:\n%s", errs, wantErrs)
	}
	var out reportJSON
	if err := json.Unmarshal([]byte(got), &out); err != nil {
		t.Fatal(err)
	}
	if out.Events != 2 || out.Rejected != 3 || out.Groups[0].FirstResponse.Mean != time.Minute {
		t.Errorf("the good lines give %s", got)
	}

	got, errs, status = output(t, in, "-events", "-", "-strict")
	if got != "" || !strings.HasPrefix(errs, "report: line 2: ") || status != exitRejected {
		t.Errorf("strictly: status %d, %q, %q", status, got, errs)
	}
}

func TestCSV(t *testing.T) {
	in := "conversation,at,type,agent,channel,stars\n" +
		"7,2026-03-02T09:00:00Z,message_received,,chat,\n" +
		"7,2026-03-02T09:01:00Z,reply_sent,ana,chat,\n" +
		"7,2026-03-02T09:05:00Z,rating_given,,chat,5\n"
	got, errs, status := output(t, in, "-events", "-", "-by", "agent")
	if status != exitDone || errs != "" {
		t.Fatalf("status %d: %s", status, errs)
	}
	for _, want := range []string{"Outstanding", "ana", "1 min  "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// noEvents is a file of a desk that nobody has written to.
const noEvents = "type,conversation,at\n"

func TestNoEvents(t *testing.T) {
	const note = "report: no events in the input; README.md says how they are written\n"
	for format := range formats {
		if _, errs, status := output(t, noEvents, "-events", "-", "-format", format); status != exitDone || errs != note {
			t.Errorf("%s: status %d: %s", format, status, errs)
		}
		args := append(slices.Clone(everything), "-events", "-", "-format", format)
		if _, errs, status := output(t, "\n\n"+noEvents, args...); status != exitDone || errs != note {
			t.Errorf("%v: status %d: %s", args, status, errs)
		}
	}
	got, _, _ := output(t, noEvents, "-events", "-", "-format", "json")
	golden.Check(t, "empty.json", got)
}

// The customary speeds as a policy give what the report gives without one.
func TestSpeedsAsAPolicy(t *testing.T) {
	data, err := json.Marshal(standards.ChannelSpeeds())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "speeds.json")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	read := func(args ...string) (out reportJSON) {
		got, errs, status := output(t, "", append(args, "-format", "json")...)
		if err := json.Unmarshal([]byte(got), &out); err != nil || status != exitDone {
			t.Fatal(err, status, errs)
		}
		return out
	}
	for _, by := range []string{"channel", "agent"} {
		want, got := read("-by", by), read("-by", by, "-policy", path)
		met := int64(0)
		for i, g := range want.Groups {
			if got.Groups[i].Key != g.Key || got.Groups[i].Standard != g.Standard {
				t.Errorf("%s %q: %+v, want %+v", by, g.Key, got.Groups[i].Standard, g.Standard)
			}
		}
		for _, p := range got.Promises {
			met += p.Channels[0].Met
		}
		if met != want.Groups[0].Standard.Met {
			t.Errorf("%d met, want %d", met, want.Groups[0].Standard.Met)
		}
	}
}

// A budget in business days is printed as it is written.
func TestPromisesInDays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(path, []byte(`{
		"calendars": {"office": {"timezone": "UTC", "weekly": {"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}}},
		"targets": [
			{"measure": "first_response", "within": "end of 1 business day", "calendar": "office"},
			{"measure": "active_resolution", "within": "4h", "calendar": "office"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	got, errs, status := output(t, "", "-policy", path)
	if status != exitDone || !strings.Contains(got, " end of 1 business day ") || !strings.Contains(got, "active_resolution") {
		t.Errorf("status %d: %s\n%s", status, errs, got)
	}
	got, errs, status = output(t, "", "-policy", path, "-format", "json")
	var out reportJSON
	if err := json.Unmarshal([]byte(got), &out); err != nil || status != exitDone || len(out.Promises) != 2 {
		t.Fatal(err, status, errs)
	}
	if p := out.Promises[0]; p.Days == nil || *p.Days != standards.EndOfBusinessDay(1) || p.Within != 0 {
		t.Errorf("%+v", p)
	}
	if p := out.Promises[1]; p.Days != nil || p.Within != 4*time.Hour {
		t.Errorf("%+v", p)
	}
}

func TestWrongPolicy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(path, []byte(`{"targets": [{"measure": "first_response", "within": "-1m"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	_, errs, status := output(t, "", "-policy", path)
	if want := `standards: targets[0].within: budget is not positive: "-1m"`; status != exitFailed || !strings.Contains(errs, want) {
		t.Errorf("status %d: %s", status, errs)
	}
	if _, errs, status := output(t, "", "-policy", "no such file"); status != exitFailed || !strings.Contains(errs, "no such file") {
		t.Errorf("status %d: %s", status, errs)
	}
}

func TestWrongUse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-by", "planet"}, `report: -by "planet": want a list of channel, agent, team, customer, priority, hour, day, week, month, quarter, or none`},
		{[]string{"-by", "channel,none"}, `report: -by "channel,none": want a list of channel, agent, team, customer, priority, hour, day, week, month, quarter, or none`},
		{[]string{"-by", ""}, `report: -by "": want a list of channel, agent, team, customer, priority, hour, day, week, month, quarter, or none`},
		{[]string{"-by", "agent,week,agent"}, `report: -by "agent,week,agent": agent is there twice`},
		{[]string{"-explain", "-format", "html"}, `report: -explain: only of the formats text and markdown`},
		{[]string{"-format", "pdf"}, `report: -format "pdf": want text, markdown, json or html`},
		{[]string{"-events", "no such file"}, "report: open no such file: no such file or directory"},
		{[]string{"file.jsonl"}, `report: unexpected argument "file.jsonl"; name the file with -events`},
	} {
		got, errs, status := output(t, "", tt.args...)
		if got != "" || strings.TrimSpace(errs) != tt.want || status != exitFailed {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, got, errs)
		}
	}
	if _, errs, status := output(t, "", "-calendar", "sample.jsonl"); status != exitFailed || !strings.Contains(errs, "sample.jsonl") {
		t.Errorf("status %d: %s", status, errs)
	}
	if _, errs, status := output(t, "", "-as-of", "yesterday"); status != exitFailed || !strings.Contains(errs, "yesterday") {
		t.Errorf("status %d: %s", status, errs)
	}
	for _, tt := range [][]string{
		{"-period", "year", "want day, week, month or quarter"},
		{"-period", "", "want day, week, month or quarter"},
		{"-compare", "next", "want previous or year"},
		{"-about", "year", "want day, week, month or quarter"},
		{"-link", "tickets/{id}", "want an address such as https://desk.example/tickets/{id}"},
		{"-link", "https://desk.example/tickets", "want an address such as https://desk.example/tickets/{id}"},
		{"-link", "javascript:alert({id})", "want an address such as https://desk.example/tickets/{id}"},
		{"-min", "0", "want a whole number from 1"},
		{"-min", "many", "want a whole number from 1"},
		{"-evidence", "-1", "want a whole number from 1"},
		{"-evidence", "1.5", "want a whole number from 1"},
		{"-zone", "", "want a name such as Europe/Berlin, or UTC"},
		{"-zone", "Local", "want a name such as Europe/Berlin, or UTC"},
		{"-zone", "Mars/Olympus", "unknown time zone Mars/Olympus"},
	} {
		want := fmt.Sprintf("report: invalid value %q for flag %s: %s", tt[1], tt[0], tt[2])
		if got, errs, status := output(t, "", tt[:2]...); got != "" || status != exitFailed || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, %q", tt, status, errs)
		}
	}
	if _, errs, status := output(t, "kind,what\n1,2\n", "-events", "-"); status != exitFailed || !strings.Contains(errs, "bad header") || !strings.Contains(errs, `"kind"`) {
		t.Errorf("status %d: %s", status, errs)
	}
	if _, errs, status := output(t, "", "-h"); status != exitDone || !strings.Contains(errs, "-detail") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// Goroutines that decode make no difference, nor does what they refuse.
func TestJobs(t *testing.T) {
	in := strings.Repeat(string(sample)+"{}\n", 5)
	want, wantErrs, wantStatus := output(t, in, "-events", "-")
	for _, jobs := range []string{"2", "5", "1000000"} {
		got, errs, status := output(t, in, "-events", "-", "-jobs", jobs)
		if got != want || errs != wantErrs || status != wantStatus || status != exitRejected {
			t.Errorf("-jobs %s: status %d and another report", jobs, status)
		}
		_, errs, status = output(t, in, "-events", "-", "-jobs", jobs, "-strict")
		if status != exitRejected || strings.Count(errs, "\n") != 1 {
			t.Errorf("-jobs %s -strict: status %d, %s", jobs, status, errs)
		}
		_, errs, status = output(t, "[]", "-events", "-", "-jobs", jobs)
		if status != exitFailed || !strings.Contains(errs, "jq") {
			t.Errorf("-jobs %s of an array: status %d, %s", jobs, status, errs)
		}
	}
	if _, errs, status := output(t, in, "-events", "-", "-jobs", "0"); status != exitFailed {
		t.Errorf("-jobs 0: status %d, %s", status, errs)
	}
}

// An event in the future makes a report of then, which is told.
func TestFutureEvent(t *testing.T) {
	in := `{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z"}` + "\n" + `{"type":"opened","conversation":"8","at":"2199-01-01T00:00:00Z"}`
	if got, errs, status := output(t, in, "-events", "-"); status != exitDone || !strings.Contains(errs, "in the future, at 2199-01-01T00:00:00Z") || !strings.Contains(got, "2199") {
		t.Errorf("status %d, %s\n%s", status, errs, got)
	}
	if _, errs, _ := output(t, in, "-events", "-", "-as-of", "2026-03-03T00:00:00Z"); errs != "" {
		t.Errorf("with -as-of: %s", errs)
	}
}

// What is no file of events makes no report, and says why.
func TestNoFileOfEvents(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "the input is empty",
		"\n \n":                    "the input is empty",
		"\x00\x00\x00\x00":         "it begins with zeros",
		good[:40] + "\r{}":         "turn them into line feeds, as by tr",
		"{\n\"type\": \"opened\"}": "write each on one, as by jq -c '.'",
		"\x1f\x8b\x08":             "unpack it first, as by gunzip -c",
		"\xff\xfe{\x00":            "save it as UTF-8",
		"[{}]":                     "as by jq -c '.[]'",
		"{}\n[]\n":                 "no line is an event, and 2 lines could not be read",
		"type,\xff\n":              "no line is an event, and 1 line could not be read",
	} {
		for _, args := range [][]string{{"-format", "text"}, {"-format", "html"}, {"-detail"}, {"-jobs", "2"}} {
			got, errs, status := output(t, text, append(args, "-events", "-")...)
			lines := strings.Split(strings.TrimSuffix(errs, "\n"), "\n")
			if status != exitFailed || got != "" || !strings.Contains(lines[len(lines)-1], want) {
				t.Errorf("%.20q %v: status %d, %q, %q", text, args, status, got, errs)
			}
		}
	}
}

// One event of a clock that is wrong changes all figures, which is told.
func TestStrayEvent(t *testing.T) {
	in := string(sample) + `{"type":"opened","conversation":"late","at":"2099-01-01T00:00:00Z"}` + "\n"
	for _, args := range [][]string{nil, {"-as-of", "2026-03-14T00:00:00Z"}} {
		_, errs, status := output(t, in, append(args, "-events", "-")...)
		if status != exitDone || !strings.Contains(errs, "is more than 90 days later than all others, at 2099-01-01T00:00:00Z") {
			t.Errorf("%v: status %d, %q", args, status, errs)
		}
	}
}

// The first instant of the year 1 is as good as another: nothing is known as of it.
func TestAsOfTheYear1(t *testing.T) {
	for format := range formats {
		args := []string{"-format", format, "-about", "month", "-period", "week", "-as-of"}
		got, errs, status := output(t, "", append(args, "0001-01-01T00:00:00Z")...)
		if status != exitDone || errs != "" {
			t.Errorf("%s: status %d, %s", format, status, errs)
		}
		if format == "text" && (!strings.HasPrefix(got, "Service quality as of Monday, 1 January 0001, 00:00 UTC\n0 events.") || strings.Contains(got, "730")) {
			t.Errorf("%s", got)
		}
		if format == "json" && (!strings.Contains(got, `"as_of": "0001-01-01T00:00:00Z"`) || !strings.Contains(got, `"events": 0,`)) {
			t.Errorf("%s", got)
		}
	}
}

// A file that cannot be read is told in the last line, which is the only one.
func TestBadFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.json")
	for _, content := range []string{"", "{", "[]", "{}x", `{"timezone": "Mars/Base"}`, "\x1f\x8b"} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, flag := range []string{"-policy", "-calendar"} {
			got, errs, status := output(t, "", flag, path)
			if status != exitFailed || got != "" || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "report: ") || !strings.Contains(errs, path) {
				t.Errorf("%s %q: status %d, %q", flag, content, status, errs)
			}
		}
	}
	for _, args := range [][]string{{"-as-of", "noon"}, {"-zone", "Mars/Base"}, {"-min", "-1"}, {"-link", "x"}, {"-nonsense"}, {"-events", "no \x1b[31m\nfile"}} {
		if got, errs, status := output(t, "", args...); status != exitFailed || got != "" || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "\x1b") {
			t.Errorf("%q: status %d, %q", args, status, errs)
		}
	}
}

// The last event is in the comparison, whose default instant is its own.
func TestLastEventIsCompared(t *testing.T) {
	lines := []string{
		`{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z","channel":"email"}`,
		`{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:10:00Z","agent":"ana"}`,
		`{"type":"resolved","conversation":"1","at":"2026-03-02T10:10:00Z","agent":"ana"}`,
		`{"type":"message_received","conversation":"2","at":"2026-03-02T10:30:00Z","channel":"chat"}`,
		`{"type":"reply_sent","conversation":"2","at":"2026-03-02T10:31:00Z","agent":"ana"}`,
	}
	for n := 4; n <= 5; n++ {
		in := strings.Join(lines[:n], "\n")
		c := decoded(t, in, "-events", "-", "-about", "month").Comparison
		var compared []string
		for _, g := range c.Groups {
			compared = append(compared, g.Key)
			for _, d := range g.Differences {
				if want := int64(n - 3); g.Key == "" && d.Metric == compare.Conversations && d.After.N != 2 || g.Key == "chat" && d.Metric == compare.FirstResponse && d.After.N != want-1 {
					t.Errorf("%d events: %q: %v of %d", n, g.Key, d.Metric, d.After.N)
				}
			}
		}
		if want := []string{"", "chat", "email"}; !slices.Equal(compared, want) {
			t.Errorf("%d events: %q are compared, want %q", n, compared, want)
		}
		// What is said is up to the event, not after it.
		last := record(t, lines[n-1]).At
		if c.After.End != last || c.Before.End != last.AddDate(0, -1, 0) {
			t.Errorf("%d events: to %v and %v, want %v", n, c.Before.End, c.After.End, last)
		}
	}
	page := htmlOf(t, strings.Join(lines, "\n"), "-events", "-")
	first, _, _ := strings.Cut(page[strings.Index(page, "First answer"):], "</article>")
	for _, channel := range []string{"Chat", "E-mail"} {
		if !strings.Contains(first, channel) {
			t.Errorf("%s is not on the first card: %.600s", channel, first)
		}
	}
}

// Names that differ only at their ends, or are of kilobytes, are told apart, and tables stay
// narrow.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("support-", 8)
	for _, names := range [][2]string{{long + "north", long + "south"}, {strings.Repeat("n", 5000) + "a", strings.Repeat("n", 5000) + "b"}} {
		var in strings.Builder
		for i, name := range names {
			fmt.Fprintf(&in, `{"type":"message_received","conversation":"%d","at":"2026-03-02T09:00:00Z","channel":%q}`+"\n", i, name)
			fmt.Fprintf(&in, `{"type":"reply_sent","conversation":"%d","at":"2026-03-02T09:10:00Z","agent":%q}`+"\n", i, name)
		}
		for format := range formats {
			got, errs, status := output(t, in.String(), "-events", "-", "-format", format, "-about", "month", "-evidence", "2")
			if status != exitDone || errs != "" {
				t.Fatalf("status %d: %s", status, errs)
			}
			if format == "json" {
				continue // which is for programs
			}
			for _, name := range names {
				if end := "…" + name[len(name)-13:]; !strings.Contains(got, end) {
					t.Errorf("%s: no %q", format, end)
				}
			}
			for line := range strings.Lines(got) {
				if n := plain.Width(line); format == "text" && n > 2*plain.Columns || n > 20_000 {
					t.Errorf("%s: a line of %d columns: %.100s", format, n, line)
				}
			}
		}
	}
}
