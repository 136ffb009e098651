package main

import "time"

// A clock tells the instant as of which pages are.
type clock interface{ now() time.Time }

// wallClock is the time of day.
type wallClock struct{}

func (wallClock) now() time.Time { return time.Now().UTC().Truncate(time.Second) }

// A sampleClock begins at an instant of the sample, goes on quickly, and stops at the end.
type sampleClock struct {
	started    time.Time // of the program
	begin, end time.Time
	speed      float64
}

func (c *sampleClock) now() time.Time {
	passed := time.Duration(float64(time.Since(c.started)) * c.speed)
	if at := c.begin.Add(passed).Truncate(time.Second); passed >= 0 && at.Before(c.end) {
		return at
	}
	return c.end
}
