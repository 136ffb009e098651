//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

func output(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), status
}

// The sample is loaded once, and reported each time.
func TestSample(t *testing.T) {
	folder, err := filepath.Abs("../report")
	if err != nil {
		t.Fatal(err)
	}
	desk := t.TempDir()
	if err := os.Symlink(folder, filepath.Join(desk, "report")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(desk, "sql"), 0o777); err != nil {
		t.Fatal(err)
	}
	expected, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(expected, filepath.Join(desk, "sql", "testdata")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(desk, "sql"))
	for i, told := range []string{"739 events put into sample.db.\n", ""} {
		got, errs, status := output(t)
		if errs != told || status != exitDone {
			t.Errorf("run %d: status %d, %q", i, status, errs)
		}
		golden.Check(t, "sample.txt", got)
	}
	if got, errs, status := output(t, "-times"); status != exitDone || !strings.HasPrefix(errs, "730 events in ") || !strings.Contains(errs, " %) in the library") || got == "" {
		t.Errorf("status %d: %s", status, errs)
	}
	got, errs, status := output(t, "-state", "state.db", "-as-of", "2026-03-13T17:02:08Z")
	if status != exitDone || !strings.HasPrefix(errs, "95 conversations changed, 95 were read, 0 are gone; ") {
		t.Errorf("status %d: %s", status, errs)
	}
	golden.Check(t, "sample.txt", got)
}

// Each desk of several has the events of the file.
func TestCopies(t *testing.T) {
	dsn := newDSN(t, "sqlite")
	for _, copies := range []string{"1", "3"} { // the second time the first desk is there
		if _, errs, status := output(t, "-dsn", dsn, "-load", "../report/quarter.jsonl", "-copies", copies); status != exitDone {
			t.Fatalf("status %d: %s", status, errs)
		}
	}
	log := read(t, dsn)
	one := make(map[string]int)
	for c := range log.Conversations() {
		name, desk, _ := strings.Cut(string(c.ID()), "/")
		one[name]++
		if desk != "" && desk != "1" && desk != "2" {
			t.Errorf("conversation %s", c.ID())
		}
		for r := range c.Records() {
			if customer := string(r.Customer); customer != "" && strings.Contains(customer, "/") != (desk != "") {
				t.Errorf("customer %s in %s", customer, c.ID())
			}
		}
	}
	if len(one) == 0 {
		t.Error("no conversations")
	}
	for name, n := range one {
		if n != 3 {
			t.Errorf("%s is in %d desks", name, n)
		}
	}
}

// Of another desk are the conversations, what they are merged into, and the customers.
func TestElsewhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.jsonl")
	if err := os.WriteFile(file, []byte(`{"type":"message_received","conversation":"7","at":"2026-03-02T09:00:00Z","customer":"c"}
{"type":"message_received","conversation":"8","at":"2026-03-02T09:01:00Z"}
{"type":"merged","conversation":"8","at":"2026-03-02T09:02:00Z","into":"7"}
`), 0o666); err != nil {
		t.Fatal(err)
	}
	dsn := newDSN(t, "sqlite")
	if _, errs, status := output(t, "-dsn", dsn, "-load", file, "-copies", "2"); status != exitDone || !strings.Contains(errs, "6 events") {
		t.Fatalf("status %d: %s", status, errs)
	}
	var got []string
	for c := range read(t, dsn).Conversations() {
		for r := range c.Records() {
			got = append(got, row(r))
		}
	}
	slices.Sort(got)
	want := []string{
		"7 09:00:00 message_received customer c", "7/1 09:00:00 message_received customer c/1", "8 09:01:00 message_received",
		"8 09:02:00 merged into 7", "8/1 09:01:00 message_received", "8/1 09:02:00 merged into 7/1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if err := os.WriteFile(file, []byte("type,conversation,at\nopened,9,2026-03-02T09:00:00Z\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, errs, _ := output(t, "-dsn", dsn, "-load", file); !strings.HasPrefix(errs, "1 event put into ") || read(t, dsn).Len() != 7 {
		t.Errorf("%s", errs)
	}
}

func TestWrongUse(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-copies", "0"}, "sql: -copies 0: want 1 to 10000\n"},
		{[]string{"-keep", "-1s"}, "sql: -keep -1s: want 0 or more\n"},
		{[]string{"-as-of", "noon"}, `sql: invalid value "noon" for flag -as-of: want an instant such as 2026-03-14T18:00:00Z` + "\n"},
		{[]string{"events.db"}, `sql: unexpected argument "events.db"` + "\n"},
		{[]string{"-dsn", "empty.db"}, "sql: SQL logic error: no such table: service_events (1)\n"},
		{[]string{"-dsn", "other.db", "-load", "missing.jsonl"}, "sql: open missing.jsonl: no such file or directory\n"},
		{[]string{"-dsn", "mysql://somewhere"}, "sql: invalid DSN: missing the slash separating the database name\n"},
	} {
		got, errs, status := output(t, tt.args...)
		if got != "" || errs != tt.want || status != exitFailed {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, got, errs)
		}
	}
	if _, errs, status := output(t, "-h"); status != exitDone || !strings.Contains(errs, "-policy") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// What is no event is told, and the rest is reported.
func TestRefused(t *testing.T) {
	dsn := newDSN(t, "sqlite")
	db := opened(t, dsn)
	for _, statement := range []string{
		"CREATE TABLE service_events (type, conversation, at, agent)",
		"INSERT INTO service_events VALUES ('message_received', 7, '2026-03-02T09:00:00Z', NULL), ('reply_sent', 7, 1772443200, 3)",
		"INSERT INTO service_events VALUES ('called', 1, 0, 0), ('opened', 2, 'noon', 0), ('opened', 3, '2026-03-02', 0), ('opened', NULL, 0, 0), ('opened', 5, 12, 0), ('opened', 6, 13, 0)",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	got, errs, status := output(t, "-dsn", dsn)
	if status != exitRefused || strings.Count(errs, "sql: row ") != 5 || !strings.HasSuffix(errs, "sql: and 1 more were refused\n") {
		t.Errorf("status %d: %s", status, errs)
	}
	if !strings.HasPrefix(got, "1 conversation as of 2026-03-02 09:20:00 UTC\n") || !strings.Contains(got, "20 min") {
		t.Errorf("%s", got)
	}
	file := filepath.Join(t.TempDir(), "events.csv")
	if err := os.WriteFile(file, []byte("type,conversation,at\nopened,8,2026-03-02T09:00:00Z\nopened,,\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, errs, status = output(t, "-dsn", newDSN(t, "sqlite"), "-load", file, "-copies", "2")
	if status != exitRefused || strings.Count(errs, "line 3") != 1 || !strings.Contains(errs, "2 events put into ") {
		t.Errorf("status %d: %s", status, errs)
	}
}

func TestShown(t *testing.T) {
	for dsn, want := range map[string]string{
		"events.db":                            "events.db",
		"/var/desk/events.db":                  "/var/desk/events.db",
		"postgres://ana:secret@db.example/d?x": "postgres://db.example/d",
		"postgres:///d?host=/run&password=s":   "postgres:///d",
		"mysql://ana:sec@ret@tcp(db)/d":        "mysql://tcp(db)/d",
	} {
		if got := shown(dsn); got != want {
			t.Errorf("%s is shown as %s, want %s", dsn, got, want)
		}
	}
}

// The policy of LibreDesk is that of its teams, in their hours, and survives JSON.
func TestPolicy(t *testing.T) {
	for _, kind := range products[0].kinds() {
		if kind == "mysql" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			dsn := products[0].desk(t, kind)
			got, errs, status := output(t, "-dsn", dsn, "-policy")
			if status != exitDone {
				t.Fatalf("status %d: %s", status, errs)
			}
			golden.Check(t, "policy.json", got)
			var policy standards.Policy
			if err := json.Unmarshal([]byte(got), &policy); err != nil {
				t.Fatal(err)
			}

			// By hand: a wait in each team that begins on a Friday evening and when it is due.
			friday := time.Date(2026, 3, 6, 17, 0, 0, 0, time.UTC)
			for team, want := range map[metrics.TeamID]time.Time{
				"1": time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC),  // Berlin, 9:00 to 17:30: an hour of Monday
				"2": friday.Add(15 * time.Minute),                 // always open
				"3": time.Date(2026, 3, 8, 4, 0, 0, 0, time.UTC),  // New York, from 22:00 on Saturday
				"5": time.Date(2026, 3, 9, 3, 45, 0, 0, time.UTC), // Kolkata, as the desk: 9:15
				"6": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),  // has no policy
				"4": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),  // has hours alone
			} {
				var log metrics.EventLog
				for _, e := range []metrics.Event{
					metrics.Assigned{Conversation: "7", At: friday.Add(-1), Team: team},
					metrics.MessageReceived{Conversation: "7", At: friday},
				} {
					if err := log.Append(e); err != nil {
						t.Fatal(err)
					}
				}
				for h := range log.Read(rules, friday).Histories() {
					finding, ok := policy.FirstResponse(h)
					if !ok {
						finding.Due = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
					}
					if !finding.Due.Equal(want) {
						t.Errorf("team %s: due %v, want %v", team, finding.Due.UTC(), want)
					}
				}
			}
		})
	}
}

// What a desk stores and a calendar refuses is an error that says which.
func TestPolicyRefuses(t *testing.T) {
	for change, want := range map[string]string{
		`UPDATE business_hours SET hours = '{"Monday": {"open": "09:00", "close": "09:00"}}'`:    `team 1: business hours "Office"`,
		`UPDATE business_hours SET hours = '{"Monday": {"open": "9", "close": "10"}}'`:           `business hours "Office": hours`,
		`UPDATE business_hours SET holidays = '[{"date": "3 April"}]'`:                           `business hours "Office": holidays`,
		`UPDATE teams SET timezone = 'Berlin'`:                                                   `team 1: business hours "Office"`,
		`UPDATE sla_policies SET first_response_time = 'soon'`:                                   `SLA policy "Default": first_response`,
		`UPDATE business_hours SET hours = '{"Wednesday": {"open": "00:00", "close": "00:00"}}'`: `business hours "Office"`,
	} {
		dsn := products[0].desk(t, "sqlite")
		db := opened(t, dsn)
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		if _, err := libreDeskPolicy(t.Context(), db); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", change, err, want)
		}
	}
	// Hours that nobody has are no hours.
	db := opened(t, products[0].desk(t, "sqlite"))
	if _, err := db.Exec("DELETE FROM business_hours"); err != nil {
		t.Fatal(err)
	}
	policy, err := libreDeskPolicy(t.Context(), db)
	if err != nil || len(policy.Targets) == 0 || policy.Targets[0].Calendar != nil || len(policy.Calendars) > 0 {
		t.Errorf("%+v, %v", policy, err)
	}
}
