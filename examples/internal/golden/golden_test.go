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
	const want = "4 of 5\n0.30000000000000004 1e400.00000000000e400\n"
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
	for got, fails := range map[string]bool{
		want: false, strings.TrimSpace(want): true, "": true,
		strings.Replace(want, "00004", "00011", 1):             false,
		strings.Replace(want, "0.3000", "0.3001", 1):           true,
		strings.Replace(want, "4 of 5", "4.00 of 5", 1):        true,
		strings.Replace(want, "0.30000000000000004", "0.3", 1): false,
	} {
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

func TestDifference(t *testing.T) {
	for _, tt := range [][3]string{
		{"a\nb", "a\nc", `line 2: "b", want "c"`},
		{"a\nb", "a", "line 2"},
		{"a", "a\n", "line 2"},
	} {
		if got := Difference(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%q and %q: %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
}
