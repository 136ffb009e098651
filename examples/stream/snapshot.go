package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A snapshot is what a worker must know to go on after a restart: what the
// tracker knows, together with how much of the stream is in it. One without the
// other would count messages twice, or not at all.
type snapshot struct {
	Version  int                  `json:"version"`  // 0 is that of no snapshot
	Stream   string               `json:"stream"`   // whose messages are in it; empty before the first
	Sequence uint64               `json:"sequence"` // of the last message that is in it; the first has 1
	Latest   time.Time            `json:"latest"`   // the latest event so far
	Refused  int                  `json:"refused"`  // messages that are not events
	Ahead    int                  `json:"ahead"`    // messages of events from the future
	Tracker  metrics.TrackerState `json:"tracker"`
}

// snapshotVersion is raised when the rules, the cells or the form of a snapshot
// change: then the figures must be made anew from the stream.
const snapshotVersion = 3

// errDamaged reports a snapshot that is not as it was written.
var errDamaged = errors.New("damaged, cut or of an older program: its checksum is not that of its content; put back a copy that is whole, or remove it and count the stream anew (see README.md)")

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
	content, ok := unsealed(data)
	if !ok {
		return s, fmt.Errorf("%s: %w", name, errDamaged)
	}
	s = snapshot{}
	strict := json.NewDecoder(bytes.NewReader(content))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&s); err != nil {
		return s, fmt.Errorf("%s: %w", name, err)
	}
	if s.Version != snapshotVersion {
		return s, fmt.Errorf("%s: snapshot of version %d, want %d: remove it and count the stream anew (see README.md)", name, s.Version, snapshotVersion)
	}
	return s, nil
}

// sealed returns the content of a snapshot with the line that proves it whole, such as
// "sha256 9f86d0…", below.
func sealed(content []byte) []byte {
	return fmt.Appendf(bytes.Clone(content), "\nsha256 %x\n", sha256.Sum256(content))
}

// unsealed returns the content that was sealed, and false if anything of it, or of the line
// below, is different.
func unsealed(data []byte) (content []byte, ok bool) {
	content, _, ok = bytes.Cut(data, []byte("\n"))
	return content, ok && bytes.Equal(data, sealed(content))
}

// write replaces the snapshot in a file. When it returns, the new one is on the
// disk, and so is its name; if anything goes wrong or the program ends before, the old
// one is.
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
	_, err = f.Write(sealed(data))
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(name))
	}
	return err
}

// removeLeftovers removes what writers of a snapshot left beside it that were killed. No
// other worker may be writing it.
func removeLeftovers(name string) error {
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return err
	}
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), filepath.Base(name)+".")
		if ok && digits != "" && strings.Trim(digits, "0123456789") == "" && e.Type().IsRegular() {
			if err := os.Remove(filepath.Join(filepath.Dir(name), e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
