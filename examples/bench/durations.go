package main

import (
	"math"
	"math/rand/v2"
	"time"
)

// logNormalDurations returns waits of a helpdesk, always the same, in whole
// milliseconds from 1 ms to 30 days: log-normal about half an hour.
func logNormalDurations(n int) []time.Duration {
	r := rand.New(rand.NewPCG(5, 8))
	d := make([]time.Duration, n)
	for i := range d {
		ms := 30 * 60_000 * math.Exp(1.2*r.NormFloat64())
		d[i] = time.Duration(min(max(ms, 1), 30*24*3_600_000)) * time.Millisecond
	}
	return d
}
