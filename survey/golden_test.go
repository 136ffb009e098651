package survey_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// golden compares the JSON of v with a file of testdata: the wire format does not
// change unnoticed.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !sameForm(got, want) {
		t.Errorf("%s: the wire form is\n%s\nwant\n%s", name, got, want)
	}
}

// longNumber matches the number of an estimate. Processors that multiply and add in one
// step differ in its last digits, which golden files leave out.
var longNumber = regexp.MustCompile(`([0-9]\.[0-9]{12})[0-9]+`)

func sameForm(a, b []byte) bool {
	return bytes.Equal(longNumber.ReplaceAll(a, []byte("$1")), longNumber.ReplaceAll(b, []byte("$1")))
}
