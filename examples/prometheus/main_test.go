package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
)

func runOnce(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(context.Background(), args, strings.NewReader(stdin), &out, &errs, false)
	return status, out.String(), errs.String()
}

func TestOnce(t *testing.T) {
	status, out, errs := runOnce(t, "", "-once")
	if status != exitDone || errs != "" {
		t.Fatalf("%d %s", status, errs)
	}
	golden.Check(t, "sample.txt", out)
	// Without a terminal it prints once too.
	if status, again, errs := runOnce(t, ""); status != exitDone || errs != "" || again != out {
		t.Errorf("%d %s", status, errs)
	}
}

func TestFlags(t *testing.T) {
	const events = `{"type":"message_received","conversation":"1","at":"2026-03-02T08:00:00Z","channel":"email"}
{"type":"message_received","conversation":"2","at":"2026-03-02T08:10:00Z","channel":"fax"}
`
	status, out, errs := runOnce(t, events+"nonsense\n", "-events", "-", "-channels", "email", "-teams", "it", "-as-of", "2026-03-02T08:05:00Z", "-calendar", "../report/office.json")
	if status != exitRejected || !strings.Contains(errs, "line 3") {
		t.Errorf("%d %s", status, errs)
	}
	for _, line := range []string{
		`servicequality_waiting_customers{channel="email",team="none"} 1`,
		`servicequality_longest_wait_seconds{channel="email",team="none"} 300`,
		`servicequality_first_response_while_open_seconds_count{channel="email",team="none"} 0`,
		`servicequality_events_total 1`,
	} {
		if !strings.Contains(out, line+"\n") {
			t.Errorf("there is no %s in\n%s", line, out)
		}
	}
	if _, _, errs := runOnce(t, events+"nonsense\nnonsense\n"+events, "-events", "-"); !strings.Contains(errs, "line 3") || !strings.Contains(errs, "line 4") {
		t.Errorf("%s", errs)
	}
	assigned := events + `{"type":"assigned","conversation":"1","at":"2026-03-02T08:20:00Z","team":"it"}` + "\n" +
		`{"type":"assigned","conversation":"2","at":"2026-03-02T08:20:00Z","team":"billing"}` + "\n"
	if _, out, _ := runOnce(t, assigned, "-events", "-", "-teams", "it"); !strings.Contains(out, `waiting_customers{channel="email",team="it"} 1`) || !strings.Contains(out, `waiting_customers{channel="fax",team="other"} 1`) {
		t.Errorf("%s", out)
	}
	if strings.Contains(out, "fax") || strings.Contains(out, `channel="other"`) {
		t.Error("what comes later is known")
	}
	if _, out, errs := runOnce(t, events, "-events", "-", "-channels", "email"); !strings.Contains(out, `servicequality_waiting_customers{channel="other",team="none"} 1`) ||
		errs != "prometheus: these channels are counted as \"other\": fax\n" {
		t.Errorf("fax is not folded, or nobody says so: %q", errs)
	}
	if status, out, errs := runOnce(t, "type,conversation,at\n", "-events", "-"); status != exitDone || errs != "" || !strings.Contains(out, "servicequality_events_total 0\n") || strings.Contains(out, "timestamp") {
		t.Errorf("%d %s", status, errs)
	}
	empty := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(empty, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"unexpected argument":                 {"file"},
		"-speed 0":                            {"-speed", "0"},
		"-speed 86401":                        {"-speed", "86401"},
		"want one of them":                    {"-once", "-listen", ":0"},
		"no such file":                        {"-events", "no such file"},
		"no such policy":                      {"-policy", "no such policy"},
		"policy.json":                         {"-policy", empty},
		"\"yesterday\" for flag -as-of: want": {"-as-of", "yesterday"},
		"the input is empty":                  {"-events", "-"},
		"open none.json":                      {"-calendar", "none.json"},
		"unexpected end of JSON input":        {"-calendar", empty},
		"flag provided but not defined: -x":   {"-x"},
	} {
		if status, _, errs := runOnce(t, "", args...); status != exitFailed || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s", args, status, errs)
		}
	}
	if status, _, errs := runOnce(t, "", "-listen", "nowhere:-1"); status != exitFailed || errs == "" {
		t.Errorf("%d %s", status, errs)
	}
	if exitDone != 0 || exitRejected != 1 || exitFailed != 2 {
		t.Error("not the statuses of the README")
	}
	if status, _, errs := runOnce(t, "", "-h"); status != exitDone || !strings.Contains(errs, "-events") {
		t.Errorf("%d %s", status, errs)
	}
}

// The rules and the calendars of a policy apply.
func TestPolicy(t *testing.T) {
	const events = `{"type":"message_received","conversation":"1","at":"2026-03-02T20:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"1","at":"2026-03-02T20:01:00Z","by":"automation"}
`
	const calendars = `"calendars": {"office": {"timezone": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}}}`
	for policy, lines := range map[string][]string{
		`{"targets": []}`: {`waiting_customers{channel="chat",team="none"} 1`},
		`{"rules": {"automation": "answers"}, "targets": []}`: {
			`waiting_customers{channel="chat",team="none"} 0`, `first_response_seconds_sum{channel="chat",team="none"} 60`,
		},
		`{"rules": {"automation": "answers"}, "channel_calendars": {"chat": "office"}, ` + calendars + `, "targets": []}`: {
			`first_response_while_open_seconds_sum{channel="chat",team="none"} 0`,
		},
		`{"rules": {"automation": "answers"}, "team_calendars": {"it": "office"}, ` + calendars + `, "targets": []}`: {
			`first_response_while_open_seconds_count{channel="chat",team="none"} 1`,
		},
	} {
		name := filepath.Join(t.TempDir(), "policy.json")
		if err := os.WriteFile(name, []byte(policy), 0o600); err != nil {
			t.Fatal(err)
		}
		status, out, errs := runOnce(t, events, "-events", "-", "-policy", name)
		if status != exitDone || strings.Contains(out, "while_open") != strings.Contains(policy, "calendars") {
			t.Errorf("%s: %d %s", policy, status, errs)
		}
		for _, line := range lines {
			if !strings.Contains(out, "servicequality_"+line+"\n") {
				t.Errorf("%s: there is no %s", policy, line)
			}
		}
	}
}

// It serves until it is told to end, figures of an instant that goes on.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	read, out := io.Pipe()
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-speed", "86400"}, nil, out, os.Stderr, false)
	}()
	line := make([]byte, 200)
	n, err := read.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url := regexp.MustCompile(`http://127\.0\.0\.1:\d+/metrics`).FindString(string(line[:n]))
	if url == "" {
		t.Fatalf("%q", line[:n])
	}
	asOf := regexp.MustCompile(`(?m)^servicequality_as_of_timestamp_seconds (.*)$`)
	get := func(url, accept string) (int, string, string) {
		t.Helper()
		request, err := http.NewRequest("GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", accept)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.Header.Get("Content-Type"), string(body)
	}
	status, kind, first := get(url, "text/plain")
	if status != http.StatusOK || !strings.HasPrefix(kind, "text/plain") || len(asOf.FindStringSubmatch(first)) != 2 {
		t.Errorf("%d %s %s", status, kind, first)
	}
	time.Sleep(20 * time.Millisecond)
	if _, _, second := get(url, "text/plain"); asOf.FindString(first) == asOf.FindString(second) {
		t.Errorf("time stands at %s", asOf.FindString(first))
	}
	if status, kind, body := get(url, "application/openmetrics-text;version=1.0.0"); status != http.StatusOK || !strings.HasPrefix(kind, "application/openmetrics-text") || !strings.HasSuffix(body, "# EOF\n") {
		t.Errorf("%d %s", status, kind)
	}
	if status, _, body := get(strings.TrimSuffix(url, "/metrics"), "*/*"); status != http.StatusOK || !strings.Contains(body, "/metrics") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := get(url+"/x", "*/*"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
	stop()
	if status := <-ended; status != exitDone {
		t.Errorf("status %d", status)
	}
}

// The README explains every metric that there is, and no other.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	d := sampleDesk(t)
	d.rules.Calendar = office(t)
	_, families := scrape(t, d.collector(d.log.Latest(), namesIn(&d.log)))
	explained := make(map[string]bool)
	for _, m := range regexp.MustCompile("(?m)^\\| `(servicequality_\\w+)`").FindAllSubmatch(text, -1) {
		explained[string(m[1])] = true
		if families[string(m[1])] == nil {
			t.Errorf("there is no %s", m[1])
		}
	}
	for name := range families {
		if base := strings.Replace(name, "_while_open", "", 1); !explained[base] {
			t.Errorf("%s is not explained", name)
		}
	}
	for _, sentence := range []string{fmt.Sprintf("The first %d channels and %d teams", mostChannels, mostTeams), "`" + usualAddress + "`"} {
		if !bytes.Contains(text, []byte(sentence)) {
			t.Errorf("it does not say %q", sentence)
		}
	}
	for _, m := range regexp.MustCompile(`ServiceQuality\w+`).FindAll(text, -1) {
		if rules, err := os.ReadFile("rules.yml"); err != nil || !bytes.Contains(rules, append([]byte("alert: "), m...)) {
			t.Errorf("there is no alert %s: %v", m, err)
		}
	}
	for _, g := range readRules(t).Groups {
		for _, r := range g.Rules {
			if r.Alert != "" && !bytes.Contains(text, []byte(r.Alert+"`")) {
				t.Errorf("%s is not explained", r.Alert)
			}
		}
	}
}
