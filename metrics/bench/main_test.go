package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestComparisons runs each comparison once, briefly: they fail if the libraries
// do not agree.
func TestComparisons(t *testing.T) {
	for name, compare := range comparisons {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := compare(&out, options{repeats: 1, atLeast: time.Microsecond}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), "ratio") {
				t.Errorf("no table:\n%s", &out)
			}
			t.Logf("\n%s", &out)
		})
	}
}
