package golden

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A recorder is a test that notes whether it failed.
type recorder struct {
	testing.TB
	failed bool
}

func (*recorder) Helper() {}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestCheck(t *testing.T) {
	t.Chdir(t.TempDir())
	path := filepath.Join("testdata", "desk.txt")
	if err := os.Mkdir("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("4 of 5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for got, fails := range map[string]bool{"4 of 5\n": false, "4 of 5": true, "": true} {
		r := &recorder{TB: t}
		if Check(r, "desk.txt", got); r.failed != fails {
			t.Errorf("%q fails: %v", got, r.failed)
		}
	}
	*update = true
	defer func() { *update = false }()
	Check(t, "desk.txt", strings.Repeat("5 of 5\n", 2))
	if written, err := os.ReadFile(path); err != nil || string(written) != "5 of 5\n5 of 5\n" {
		t.Errorf("%q, %v", written, err)
	}
}
