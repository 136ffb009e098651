//go:build unix

package main

import (
	"os"
	"strings"
	"testing"
)

// README.md shows the short program as it is, and asks MySQL as the test does.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	short, err := os.ReadFile("short/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```go\n"+string(short)+"```\n") {
		t.Error("README.md shows another program than short/main.go")
	}
	if !strings.Contains(string(readme), strings.ReplaceAll(asObject, "'", `"`)) {
		t.Errorf("README.md does not have %s", asObject)
	}
}
