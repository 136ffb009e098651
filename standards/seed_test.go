package standards_test

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// seed returns the seed of a random test: TEST_SEED of the environment, else
// another one each time. It is printed when the test fails.
func seed(t testing.TB) uint64 {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", n)
	return n
}

// thorough reports whether tests are to try as much as they can.
func thorough() bool { return os.Getenv("TEST_THOROUGH") != "" && !testing.Short() }

// rounds returns how often a random test tries what is tried n times with
// TEST_THOROUGH=1 in the environment: a quarter of that without it, and a tenth with
// -short.
func rounds(n int) int {
	switch {
	case testing.Short():
		n /= 10
	case !thorough():
		n /= 4
	}
	return max(n, 20)
}

// often fails the test if something came up fewer than least times, which would prove
// too little. With -short it may.
func often(t testing.TB, what string, n, least int) {
	t.Helper()
	t.Logf("%s: %d times", what, n)
	if n < least && !testing.Short() {
		t.Errorf("%s: %d times, want %d at least", what, n, least)
	}
}
