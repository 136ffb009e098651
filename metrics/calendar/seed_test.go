package calendar_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/leanovate/gopter"
)

// seed returns the seed of a random test: TEST_SEED of the environment, else
// another one each time. It is printed when the test fails.
func seed(t testing.TB) uint64 {
	t.Helper()
	n := time.Now().UnixNano()
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", n)
	return uint64(n)
}

func source(t testing.TB) *rand.Rand { return rand.New(rand.NewPCG(seed(t), 0)) }

// share returns the part of n that a random test tries: all with TEST_THOROUGH=1 in
// the environment, a quarter without it, and a tenth with -short, but not less than
// least.
func share(n, least int) int {
	switch {
	case testing.Short():
		n /= 10
	case os.Getenv("TEST_THOROUGH") == "":
		n /= 4
	}
	return max(n, least)
}

// rounds returns how often a random test tries what is tried n times at most; see
// share.
func rounds(n int) int { return share(n, 20) }

// laws returns properties that are tried n times each; see share.
func laws(t *testing.T, n int) *gopter.Properties {
	p := gopter.DefaultTestParametersWithSeed(int64(seed(t)))
	p.MinSuccessfulTests = rounds(n)
	return gopter.NewProperties(p)
}
