package metrics

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/histogram"
)

// A journal holds the durations that were added to a Summary since its base was made.
// Copies of the Summary share it. Each copy owns the first n durations, which never
// change. The copy that is first to claim the next place may write there; any other
// continues in a journal of its own.
type journal struct {
	durations []time.Duration // as many as there is room for
	used      atomic.Int64    // how many places are claimed

	// whole is the base with some of the durations, remembered for the next
	// reader; nil if nobody has asked yet.
	whole atomic.Pointer[histogram.Histogram]
}

// maxLater is the greatest number of durations in a journal that has a base. A greater
// one would take more memory, a smaller one would mean a new base more often.
const maxLater = 512

// values returns the durations in the journal, which are all durations of s if it has no
// base. The caller must not change them.
func (s *Summary) values() []time.Duration {
	if s.later == nil {
		return nil
	}
	return s.later.durations[:s.n:s.n]
}

// limit returns the greatest number of durations in the journal.
func (s *Summary) limit() int {
	if s.base == nil {
		return histogram.MaxValues
	}
	return int(min(maxLater, math.MaxInt64-s.base.N))
}

// claim returns the places of n more durations, which must be within the limit.
func (s *Summary) claim(n int) []time.Duration {
	start, end := s.n, s.n+n
	s.n = end
	if j := s.later; j == nil || end > len(j.durations) || !j.used.CompareAndSwap(int64(start), int64(end)) {
		room := min(max(8, end, 2*start), s.limit())
		own := &journal{durations: make([]time.Duration, room)}
		if j != nil {
			copy(own.durations, j.durations[:start])
		}
		own.used.Store(int64(end))
		s.later = own
	}
	return s.later.durations[start:end]
}

// fold returns a new histogram of all durations.
func (s *Summary) fold() *histogram.Histogram {
	h := new(histogram.Histogram)
	if s.base != nil {
		h = s.base.Clone()
	}
	h.AddAll(s.values())
	return h
}

// whole returns a histogram of all durations, which the caller must not change. s must
// have a base.
func (s *Summary) whole() *histogram.Histogram {
	if s.n == 0 {
		return s.base
	}
	// A journal belongs to one base, so the number says which durations these are.
	if h := s.later.whole.Load(); h != nil && h.N == s.Count() {
		return h
	}
	h := s.fold()
	s.later.whole.Store(h)
	return h
}

// addTo adds the durations to an accumulator.
func (s *Summary) addTo(a *histogram.Accumulator) {
	if s.base != nil {
		a.MergeHistogram(s.base)
	}
	a.AddAll(s.values())
}

// frozen returns the summary of the durations of both, which does not change when more
// is added to them.
func frozen(a, b *histogram.Accumulator) Summary {
	if a.Len() == 0 {
		a, b = b, a
	}
	if b.Len() > 0 || a.Histogram() != nil {
		var both histogram.Accumulator
		both.Merge(a)
		both.Merge(b)
		a = &both
	}
	if h := a.Histogram(); h != nil {
		return Summary{base: h}
	}
	return summaryOf(a.Values())
}

// summaryOf returns the summary of at most 1,024 durations. It keeps the slice, which
// must not change any more.
func summaryOf(durations []time.Duration) Summary {
	if len(durations) == 0 {
		return Summary{}
	}
	j := &journal{durations: durations}
	j.used.Store(int64(len(durations)))
	return Summary{later: j, n: len(durations)}
}
