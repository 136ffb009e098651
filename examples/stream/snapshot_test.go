package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics"
)

func TestSnapshot(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "snapshot.json")
	if s, err := readSnapshot(file); err != nil || !reflect.DeepEqual(s, snapshot{Version: snapshotVersion}) {
		t.Errorf("without a file: %+v, %v", s, err)
	}
	tracker := metrics.NewTracker(rules, newFigures)
	for _, d := range newDesk(20, 1).deliveries {
		var r metrics.Record
		if json.Unmarshal(d.data, &r) == nil {
			if e, err := r.Event(); err != nil || tracker.Append(e) != nil {
				t.Fatal(err)
			}
		}
	}
	if n, err := tracker.Close(firstDay.AddDate(0, 0, 9), nil); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	state, err := tracker.State()
	if err != nil {
		t.Fatal(err)
	}
	for sequence := range uint64(3) {
		want := snapshot{Version: snapshotVersion, Sequence: sequence, Latest: firstDay, Refused: 1, Tracker: state}
		if err := want.write(file); err != nil {
			t.Fatal(err)
		}
		got, err := readSnapshot(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if string(a) != string(b) || got.Tracker.Until.IsZero() || len(got.Tracker.Settled) < 1000 || len(got.Tracker.Events) == 0 {
			t.Errorf("read %s\nwant %s", a, b)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("%d files are left, %v", len(left), err)
	}

	for text, want := range map[string]string{
		"":                  "unexpected end of JSON input",
		`{"version":2,"se`:  "unexpected end of JSON input",
		`{"version":1}`:     "snapshot of version 1, want 2",
		`{"sequence":4711}`: "",
		`{"version":2,"tracker":{"settled":{"email":{}}}}`:                                                     `cell "email": want a day and a channel`,
		`{"version":2,"tracker":{"events":[{"type":"opened","at":"2026-03-02T00:00:00Z","conversation":""}]}}`: "event 0 of state 0 of a tracker",
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := newWorker(file, 1, nil, nil); (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), file)) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	s := snapshot{Version: snapshotVersion}
	if err := s.write(filepath.Join(folder, "no folder", "snapshot.json")); err == nil {
		t.Error("written to nowhere")
	}
	if err := os.Mkdir(filepath.Join(folder, "taken"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := s.write(filepath.Join(folder, "taken")); err == nil {
		t.Error("written over a folder")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 2 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	if _, err := newWorker(folder, 1, nil, nil); err == nil {
		t.Error("a folder was read")
	}
}
