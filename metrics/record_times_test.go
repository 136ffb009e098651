package metrics_test

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// sourceTimes are times as sources write them, with what they are in UTC; the package
// timestamp has more of them.
var sourceTimes = map[string]string{
	"2026-03-02T09:00:00Z":              "2026-03-02T09:00:00Z",
	"2026-03-02t09:00:00.25z":           "2026-03-02T09:00:00.25Z",
	"2026-03-02T08:59:60Z":              "2026-03-02T09:00:00Z",
	"2026-03-02T10:30:00+01:30":         "2026-03-02T09:00:00Z",
	"2026-03-02 09:00:00+00":            "2026-03-02T09:00:00Z",        // PostgreSQL
	"2026-03-02 10:30:00.123456+01:30":  "2026-03-02T09:00:00.123456Z", // PostgreSQL, India and the like
	"2026-03-02T09:00:00.123456+00:00":  "2026-03-02T09:00:00.123456Z", // PostgreSQL in JSON
	"2026-03-02 09:00:00.000000Z":       "2026-03-02T09:00:00Z",        // MySQL, with Z from the query
	"2026-03-02 09:00:00.5+00:00":       "2026-03-02T09:00:00.5Z",      // SQLite by its drivers
	"2026-03-02 09:00:00.123Z":          "2026-03-02T09:00:00.123Z",    // SQLite, strftime
	"2026-03-02T09:00:00.000000001999Z": "2026-03-02T09:00:00.000000001Z",
}

// refusedTimes are times that are refused, with the reason.
var refusedTimes = map[string]string{
	"2026-03-02 09:00:00":       "an offset from UTC such as Z or +01:00 is missing",
	"2026-03-02T09:00:00.5":     "an offset from UTC such as Z or +01:00 is missing",
	"2026-03-02":                "not an RFC 3339 time",
	"2026-03-02 09:00:00+24":    "not an RFC 3339 time",
	"2026-03-02T09:00:00+01:60": "not an RFC 3339 time",
	"2026-03-02T9:00:00Z":       "not an RFC 3339 time",
	"infinity":                  "not an RFC 3339 time",
}

// readTime reads a text as at, and as until, in one of the ways in which events come.
var readTime = map[string]func(at, until string) (metrics.Event, error){
	"JSON Lines": func(at, until string) (metrics.Event, error) {
		line := fmt.Sprintf(`{"type":"paused","conversation":"7","at":%q,"until":%q}`, at, until)
		for e, err := range metrics.DecodeJSONLines(strings.NewReader(line)) {
			return e, err
		}
		return nil, nil
	},
	"JSON": func(at, until string) (metrics.Event, error) {
		var r metrics.Record
		if err := json.Unmarshal(fmt.Appendf(nil, `{"type":"paused","conversation":"7","at":%q,"until":%q}`, at, until), &r); err != nil {
			return nil, err
		}
		return r.Event()
	},
	"CSV": func(at, until string) (metrics.Event, error) {
		for e, err := range metrics.DecodeCSV(strings.NewReader("type,conversation,at,until\npaused,7," + at + "," + until + "\n")) {
			return e, err
		}
		return nil, nil
	},
	"text of a database": func(at, until string) (metrics.Event, error) { return scanned(at, until) },
	"bytes of a database": func(at, until string) (metrics.Event, error) {
		return scanned([]byte(at), []byte(until))
	},
}

// scanned decodes the row of a Paused.
func scanned(at, until driver.Value) (e metrics.Event, err error) {
	d := &tableDriver{columns: []string{"type", "conversation", "at", "until"}, rows: [][]driver.Value{{"paused", "7", at, until}}}
	events, errs := d.decode()
	return append(events, nil)[0], errors.Join(errs...)
}

func TestTimesOfSources(t *testing.T) {
	const late, early = "2026-03-02 12:00:00-00", "2026-03-02T08:00:00Z"
	for way, read := range readTime {
		for text, want := range sourceTimes {
			e, err := read(text, late)
			if got := metrics.RecordOf(e).At.UTC().Format(time.RFC3339Nano); err != nil || got != want {
				t.Errorf("%s, at %s: %s, %v, want %s", way, text, got, err, want)
			}
			e, err = read(early, text)
			if got := metrics.RecordOf(e).Until.UTC().Format(time.RFC3339Nano); err != nil || got != want {
				t.Errorf("%s, until %s: %s, %v, want %s", way, text, got, err, want)
			}
		}
		for text, reason := range refusedTimes {
			for field, texts := range map[string][2]string{"at": {text, late}, "until": {early, text}} {
				e, err := read(texts[0], texts[1])
				if !errors.Is(err, metrics.ErrField) || !strings.Contains(fmt.Sprint(err), fmt.Sprintf("%s: %q", reason, text)) || !strings.Contains(fmt.Sprint(err), field) {
					t.Errorf("%s, %s %s: %v, %v, want %s", way, field, text, e, err, reason)
				}
			}
		}
		if e, err := read(early, ""); err != nil || !metrics.RecordOf(e).Until.IsZero() {
			t.Errorf("%s without until: %v, %v", way, e, err)
		}
		if e, err := read("", late); !errors.Is(err, metrics.ErrNoTime) {
			t.Errorf("%s without at: %v, %v", way, e, err)
		}
	}
}

// TestEmptyTextIsMissing has the fields that are more than a name.
func TestEmptyTextIsMissing(t *testing.T) {
	var r metrics.Record
	in := `{"type":"paused","conversation":"7","at":"2026-03-02T09:00:00Z","until":"","by":"","took":"","for":"","event":""}`
	if err := json.Unmarshal([]byte(in), &r); err != nil || r != (metrics.Record{Type: metrics.KindPaused, Conversation: "7", At: r.At}) {
		t.Errorf("%+v, %v", r, err)
	}
}
