package servicequality_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

func contents(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// between returns what stands between two marks.
func between(t *testing.T, s, start, end string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, start)
	if !ok {
		t.Fatalf("no %q", start)
	}
	s, _, ok = strings.Cut(s, end)
	if !ok {
		t.Fatalf("no %q after %q", end, start)
	}
	return s
}

// The quick start is one text in three places.
func TestQuickstartIsOneText(t *testing.T) {
	program := contents(t, "examples/quickstart/main.go")
	if lines := strings.Count(program, "\n"); lines >= 60 {
		t.Errorf("the quick start has %d lines", lines)
	}
	main := between(t, program, "func main() {\n", "\n}\n")
	if example := between(t, contents(t, "example_test.go"), "func Example() {\n", "\n\t// Output:"); example != main {
		t.Error("the package example differs from examples/quickstart/main.go")
	}
	readme := contents(t, "README.md")
	if !strings.Contains(readme, "```go\n"+program+"```") {
		t.Error("the README does not show examples/quickstart/main.go")
	}
	output, err := exec.Command("go", "run", "./examples/quickstart").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(readme, "```text\n"+string(output)+"```") {
		t.Errorf("the README does not show what the quick start prints:\n%s", output)
	}
}
