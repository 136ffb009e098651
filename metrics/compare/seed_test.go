package compare_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
)

// seed returns the seed of a random test: TEST_SEED of the environment, else
// another one each time. It is printed when the test fails.
func seed(t testing.TB) int64 {
	t.Helper()
	n := time.Now().UnixNano()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", n)
	return n
}

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

// laws returns properties that are tried n times each; see rounds.
func laws(t *testing.T, n int) *gopter.Properties {
	p := gopter.DefaultTestParametersWithSeed(seed(t))
	p.MinSuccessfulTests, p.MaxSize = rounds(n), 40
	return gopter.NewProperties(p)
}
