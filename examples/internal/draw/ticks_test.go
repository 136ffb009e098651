package draw

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func texts(ticks []Tick) string {
	var all []string
	for _, t := range ticks {
		all = append(all, t.Text)
	}
	return strings.Join(all, ", ")
}

func TestTimeTicks(t *testing.T) {
	for top, want := range map[time.Duration]string{
		-time.Hour:           "0, 1 s",
		0:                    "0, 1 s",
		time.Second:          "0, 1 s",
		3 * time.Second:      "0, 1 s, 2 s, 3 s",
		54 * time.Second:     "0, 15 s, 30 s, 45 s, 1 min",
		97 * time.Second:     "0, 30 s, 1 min, 90 s, 2 min",
		121 * time.Second:    "0, 1 min, 2 min, 3 min",
		260 * time.Second:    "0, 2 min, 4 min, 6 min",
		59 * time.Minute:     "0, 15 min, 30 min, 45 min, 1 h",
		4 * time.Hour:        "0, 1 h, 2 h, 3 h, 4 h",
		285 * time.Minute:    "0, 2 h, 4 h, 6 h",
		11 * time.Hour:       "0, 3 h, 6 h, 9 h, 12 h",
		25 * time.Hour:       "0, 8 h, 16 h, 1 d, 32 h",
		81 * 24 * time.Hour:  "0, 28 d, 56 d, 84 d",
		300 * 24 * time.Hour: "0, 112 d, 224 d, 336 d",
	} {
		if got := texts(TimeTicks(top.Seconds())); got != want {
			t.Errorf("%v: %s, want %s", top, got, want)
		}
	}
}

func TestCountTicks(t *testing.T) {
	for top, want := range map[float64]string{
		-1: "0, 1", 0: "0, 1", 1: "0, 1", 3: "0, 1, 2, 3", 5: "0, 2, 4, 6", 9: "0, 5, 10", 28: "0, 10, 20, 30", 88: "0, 25, 50, 75, 100",
		101: "0, 50, 100, 150", 1234: "0, 500, 1,000, 1,500", 4e6: "0, 1,000,000, 2,000,000, 3,000,000, 4,000,000",
	} {
		if got := texts(CountTicks(top)); got != want {
			t.Errorf("%v: %s, want %s", top, got, want)
		}
	}
	if got := texts(ShareTicks()); got != "0 %, 25 %, 50 %, 75 %, 100 %" {
		t.Error(got)
	}
}

// Ticks begin at 0, are equally far from each other, at most five, and only the last one is
// not below the top.
func TestTicksReachTheTop(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 5000 {
		top := math.Exp(r.Float64() * 40)
		for name, ticks := range map[string][]Tick{"time": TimeTicks(min(top, 9e9)), "count": CountTicks(top)} {
			top := top
			if name == "time" {
				top = max(1, min(top, 9e9))
			}
			n := len(ticks) - 1
			if n < 1 || n > most || ticks[0].Value != 0 || ticks[n].Value < top || ticks[n-1].Value >= top {
				t.Fatalf("seed %d: %s of %v: %v", seed, name, top, ticks)
			}
			for i := range n {
				if step := ticks[i+1].Value - ticks[i].Value; math.Abs(step-ticks[1].Value) > 1e-6*ticks[1].Value {
					t.Fatalf("seed %d: %s of %v: steps of %v and %v", seed, name, top, ticks[1].Value, step)
				}
			}
		}
	}
}
