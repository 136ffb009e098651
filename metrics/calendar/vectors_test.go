package calendar_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// A row is a question with its answer.
type row struct {
	ID         string
	Source     string
	TZ         string
	Weekly     json.RawMessage
	Holidays   json.RawMessage
	Overrides  json.RawMessage
	Breaks     json.RawMessage
	Op         string
	Convention string
	From       time.Time
	To         time.Time
	At         time.Time
	DurationS  float64 `json:"duration_s"`
	UnitS      float64 `json:"unit_s"`
	Holds      [][2]time.Time

	Expected      json.RawMessage
	ExpectedS     *float64 `json:"expected_s"`
	ExpectedUnits *float64 `json:"expected_units"`
}

// calendar returns the calendar of a row. Some rows come from programs that take
// what this one refuses: a whole day written 00:00-00:00, or a date that is both
// holiday and override. They must be refused, and then hold in other words.
func (r row) calendar(t *testing.T) (*calendar.Calendar, error) {
	t.Helper()
	data := r.json(t)
	if equal := []byte(`["00:00","00:00"]`); bytes.Contains(data, equal) {
		var cfg calendar.Config
		if err := json.Unmarshal(data, &cfg); !errors.Is(err, calendar.ErrHours) {
			t.Errorf("reading 00:00-00:00: %v, want %v", err, calendar.ErrHours)
		}
		data = bytes.ReplaceAll(data, equal, []byte(`["00:00","24:00"]`))
	}
	cfg := readConfig(t, string(data))
	cal, err := calendar.New(cfg)
	if errors.Is(err, calendar.ErrConflict) {
		for _, d := range cfg.Holidays {
			delete(cfg.Overrides, d)
		}
		return calendar.New(cfg)
	}
	return cal, err
}

func (r row) json(t *testing.T) []byte {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"timezone": r.TZ, "weekly": r.Weekly, "holidays": r.Holidays, "overrides": r.Overrides, "breaks": r.Breaks,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readConfig(t testing.TB, data string) calendar.Config {
	t.Helper()
	var cfg calendar.Config
	if err := json.Unmarshal([]byte(data), &cfg); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func readRows(t *testing.T, file string) []row {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestVectors(t *testing.T) {
	for _, file := range []struct {
		name string
		rows int
	}{
		{"testdata/business_hours_oracle.json", 202}, // by brute force
		{"testdata/business_hours.json", 384},        // from the suites of 16 other programs
	} {
		rows := readRows(t, file.name)
		if len(rows) != file.rows {
			t.Errorf("%s has %d rows, want %d", file.name, len(rows), file.rows)
		}
		for _, r := range rows {
			t.Run(r.ID, func(t *testing.T) { r.test(t) })
		}
	}
}

func (r row) test(t *testing.T) {
	if r.Convention != "" {
		t.Skip(r.Convention)
	}
	cal, err := r.calendar(t)
	if errors.Is(err, calendar.ErrNeverOpens) {
		if r.ExpectedS != nil && *r.ExpectedS != 0 || r.Expected != nil && string(r.Expected) != "null" {
			t.Errorf("New refuses a calendar that opens: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	seconds := func(d time.Duration) float64 { return d.Seconds() }
	switch r.Op {
	case "elapsed":
		if got := seconds(cal.Between(r.From, r.To)); got != *r.ExpectedS {
			t.Errorf("Between(%s, %s) = %vs, want %vs", r.From, r.To, got, *r.ExpectedS)
		}
	case "elapsed_held":
		var holds []calendar.Window
		for _, h := range r.Holds {
			holds = append(holds, calendar.Window{Start: h[0], End: h[1]})
		}
		if got := seconds(cal.BetweenWithHolds(r.From, r.To, holds)); got != *r.ExpectedS {
			t.Errorf("BetweenWithHolds(%s, %s) = %vs, want %vs", r.From, r.To, got, *r.ExpectedS)
		}
	case "elapsed_trunc_units":
		got := float64(int(seconds(cal.Between(r.From, r.To)) / r.UnitS))
		if got != *r.ExpectedUnits {
			t.Errorf("Between(%s, %s) = %v units, want %v", r.From, r.To, got, *r.ExpectedUnits)
		}
	case "is_open":
		var want bool
		r.expected(t, &want)
		if got := cal.IsOpen(r.At); got != want {
			t.Errorf("IsOpen(%s) = %v, want %v", r.At, got, want)
		}
	default:
		var want time.Time
		r.expected(t, &want)
		got, err := r.move(cal)
		if err != nil || !got.Equal(want) {
			t.Errorf("%s: got %v, %v, want %v", r.Op, got.UTC(), err, want)
		}
	}
}

func (r row) expected(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(r.Expected, v); err != nil {
		t.Fatal(err)
	}
}

func (r row) move(cal *calendar.Calendar) (time.Time, error) {
	switch r.Op {
	case "add":
		d := time.Duration(r.DurationS * float64(time.Second))
		if d < 0 {
			return cal.Before(r.From, -d)
		}
		return cal.Deadline(r.From, d)
	case "next_open":
		return cal.NextOpen(r.At)
	case "next_close":
		return cal.NextClose(r.At)
	case "next_start": // the next opening, also while open
		if cal.IsOpen(r.At) {
			end, err := cal.NextClose(r.At)
			if err != nil {
				return end, err
			}
			return cal.NextOpen(end)
		}
		return cal.NextOpen(r.At)
	case "prev_close": // the last instant at which work could have ended
		if cal.IsOpen(r.At) {
			return r.At, nil
		}
		last, err := cal.Before(r.At, time.Nanosecond)
		return last.Add(time.Nanosecond), err
	}
	return time.Time{}, errors.New("unknown op " + r.Op)
}
