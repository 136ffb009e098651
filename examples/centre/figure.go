package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// A figure is the answer to a question: a count, a share, lengths of time, or one length.
type figure struct {
	question string
	kind     kind
	part, n  int64 // a count is n
	mean     time.Duration
	median   time.Duration
}

type kind uint8

const (
	count kind = iota
	share
	times   // with a mean
	medians // with a mean and a median
	length  // in mean
)

// exactMedians is how many lengths of time the library keeps as they are. Of more, it
// promises their median to 1/128.
const exactMedians = 1024

// agrees reports whether a figure that was measured is the true one.
func (f figure) agrees(measured figure) bool {
	if off := (f.median - measured.median).Abs(); f.n > exactMedians && off <= f.median/128 {
		measured.median = f.median
	}
	return f == measured
}

func (f figure) String() string {
	switch f.kind {
	case share:
		return fmt.Sprintf("%s of %s, %s", text.Count(f.part), text.Count(f.n), text.Share(f.part, f.n, 1))
	case times:
		return fmt.Sprintf("%s × mean %s", text.Count(f.n), text.Duration(f.mean))
	case medians:
		return fmt.Sprintf("%s × mean %s, median %s", text.Count(f.n), text.Duration(f.mean), text.Duration(f.median))
	case length:
		return text.Duration(f.mean)
	}
	return text.Count(f.n)
}

// sample has lengths of time.
type sample []time.Duration

func (s *sample) add(d time.Duration) { *s = append(*s, d) }

// figure returns the mean, rounded to a nanosecond, and the median if it is wanted.
func (s sample) figure(question string, k kind) figure {
	f := figure{question: question, kind: k, n: int64(len(s))}
	if len(s) == 0 {
		return f
	}
	var sum time.Duration
	for _, d := range s {
		sum += d
	}
	n := time.Duration(len(s))
	f.mean = (sum + n/2) / n
	if k == medians {
		slices.Sort(s)
		f.median = (s[(n-1)/2] + s[n/2]) / 2
	}
	return f
}
