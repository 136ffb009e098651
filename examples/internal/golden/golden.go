// Package golden compares what a program prints with a file. It is for tests of
// examples.
package golden

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Check fails the test unless got is what testdata/name holds. With -update it writes
// that instead. Of numbers with more than ten decimal places, ten digits are compared: in
// the last ones processors differ, of which some multiply and add in one step.
func Check(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := rounded(got), rounded(string(want)); got != want {
		t.Errorf("%s differs at %s\ngo test -update rewrites it", path, Difference(got, want))
	}
}

// Difference returns the first line in which two texts differ.
func Difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d: %q, want %q", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("line %d", min(len(g), len(w))+1)
}

var manyPlaces = regexp.MustCompile(`[0-9]+\.[0-9]{11,}(e[-+]?[0-9]+)?`)

func rounded(text string) string {
	return manyPlaces.ReplaceAllStringFunc(text, func(number string) string {
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		return strconv.FormatFloat(v, 'g', 10, 64)
	})
}
