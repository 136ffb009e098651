package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
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
			if e, err := r.Event(); err != nil || r.At.Before(d.due) && tracker.Append(e) != nil {
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
		want := snapshot{Version: snapshotVersion, Stream: "s", Sequence: sequence, Latest: firstDay, Refused: 1, Ahead: 2, Tracker: state}
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
		`{"version":3,"se`:              "unexpected EOF",
		`{}`:                            "snapshot of version 0, want 3: remove it",
		`null`:                          "snapshot of version 0, want 3: remove it",
		`{"version":2}`:                 "snapshot of version 2, want 3: remove it",
		`{"version":"3"}`:               "cannot unmarshal string",
		`{"sequence":4711}`:             "snapshot of version 0, want 3: remove it",
		`{"version":3,"seqence":4711}`:  `unknown field "seqence"`,
		`{"version":3,"sequence":4711}`: "",
		`{"version":3,"tracker":{"settled":{"email":{}}}}`:                                                     `cell "email": want a day and a channel`,
		`{"version":3,"tracker":{"events":[{"type":"opened","at":"2026-03-02T00:00:00Z","conversation":""}]}}`: "event 0 of state 0 of a tracker",
	} {
		if err := os.WriteFile(file, sealed([]byte(text)), 0o644); err != nil {
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

// Whichever bit of a snapshot is another one, and wherever it ends early or goes on, it is
// refused in words that say what to do.
func TestDamagedSnapshot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "snapshot.json")
	s := snapshot{Version: snapshotVersion, Stream: "s", Sequence: 4711, Latest: firstDay, Refused: 1}
	if err := s.write(file); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := unsealed(whole); !ok || len(whole) < 150 {
		t.Fatalf("%q is refused", whole)
	}
	for bit := range 8 * len(whole) {
		other := bytes.Clone(whole)
		other[bit/8] ^= 1 << (bit % 8)
		if content, ok := unsealed(other); ok {
			t.Errorf("bit %d of byte %d: %s", bit%8, bit/8, content)
		}
	}
	for n := range whole {
		if _, ok := unsealed(whole[:n]); ok {
			t.Errorf("the first %d bytes of %d are taken", n, len(whole))
		}
	}
	for _, text := range []string{"", "\n", string(whole) + "\n", string(whole) + string(whole), `{"version":3}`, strings.ToUpper(string(whole))} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := newWorker(file, 1, nil, nil); !errors.Is(err, errDamaged) || !strings.HasPrefix(err.Error(), file+": damaged") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// What a killed writer left is removed, and nothing else.
func TestLeftovers(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "snapshot.json")
	for _, name := range []string{"snapshot.json.4179043434", "snapshot.json.1", "snapshot.json.old", "snapshot.json.", "snapshot.jsonl.7", "other.json.4179043434", "snapshot.json.12a"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(file+".2", 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := newWorker(file, 1, nil, nil); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if want := []string{"other.json.4179043434", "snapshot.json.", "snapshot.json.12a", "snapshot.json.2", "snapshot.json.old", "snapshot.jsonl.7"}; !slices.Equal(names, want) {
		t.Errorf("%q are left, want %q", names, want)
	}
	if _, err := newWorker(filepath.Join(folder, "no folder", "snapshot.json"), 1, nil, nil); err == nil {
		t.Error("a worker without a folder begins")
	}
}
