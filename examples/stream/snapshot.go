package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A snapshot is what a worker must know to go on after a restart: what the
// tracker knows, together with how much of the stream is in it. One without the
// other would count messages twice, or not at all.
type snapshot struct {
	Version  int                  `json:"version"`
	Sequence uint64               `json:"sequence"` // of the last message that is in it; the first has 1
	Latest   time.Time            `json:"latest"`   // the latest event so far
	Refused  int                  `json:"refused"`  // messages that are not events
	Tracker  metrics.TrackerState `json:"tracker"`
}

// snapshotVersion is raised when the rules, the cells or the form of a snapshot
// change: then the figures must be made anew from the stream.
const snapshotVersion = 2

// readSnapshot returns the last snapshot in a file, and the empty one if there
// is none yet.
func readSnapshot(name string) (snapshot, error) {
	s := snapshot{Version: snapshotVersion}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	if s.Version != snapshotVersion {
		return s, fmt.Errorf("%s: snapshot of version %d, want %d", name, s.Version, snapshotVersion)
	}
	return s, nil
}

// write replaces the snapshot in a file. When it returns, the new one is on the
// disk; if anything goes wrong or the program ends before, the old one is.
func (s *snapshot) write(name string) (err error) {
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return err
}
