package calendar_test

import (
	"os"
	"testing"
)

// rounds returns how often a random test tries what is tried n times with
// TEST_THOROUGH=1 in the environment: a quarter of that without it, and a tenth with
// -short.
func rounds(n int) int {
	switch {
	case testing.Short():
		n /= 10
	case os.Getenv("TEST_THOROUGH") == "":
		n /= 4
	}
	return max(n, 20)
}
