package standards

import (
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Tally counts verdicts, up to 2⁶³−1 in all. The zero value is empty and ready to use. A
// Tally is a value: two are equal (==) when they count the same.
type Tally struct {
	Met      int64 `json:"met"`
	Breached int64 `json:"breached"`
	Pending  int64 `json:"pending"`
	Excluded int64 `json:"excluded,omitzero"`
}

// Add counts a verdict. One that this package does not know counts as pending. A Tally that
// has counted as many as it can counts no more.
func (t *Tally) Add(v Verdict) {
	if t.N() == math.MaxInt64 {
		return
	}
	switch v {
	case Met:
		t.Met++
	case Breached:
		t.Breached++
	case Excluded:
		t.Excluded++
	default:
		t.Pending++
	}
}

// Merge adds what other counts. If that is more than 2⁶³−1 verdicts, or if nothing can have
// counted one of the two, the error wraps [ErrTally], and t is as it was.
func (t *Tally) Merge(other Tally) error {
	if !t.valid() || !other.valid() || t.N() > math.MaxInt64-other.N() {
		return errCounts
	}
	t.add(other)
	return nil
}

// add is Merge of what is known to add up.
func (t *Tally) add(other Tally) {
	t.Met += other.Met
	t.Breached += other.Breached
	t.Pending += other.Pending
	t.Excluded += other.Excluded
}

var errCounts = fmt.Errorf("%w: a count below 0, or more than 2⁶³−1 verdicts", ErrTally)

// valid reports whether t can have been counted.
func (t Tally) valid() bool {
	var sum int64
	for _, n := range [...]int64{t.Met, t.Breached, t.Pending, t.Excluded} {
		if n < 0 || n > math.MaxInt64-sum {
			return false
		}
		sum += n
	}
	return true
}

// N returns how many verdicts are counted.
func (t Tally) N() int64 { return t.Met + t.Breached + t.Pending + t.Excluded }

// Compliance returns the share of promises that were kept: met, of those met
// and breached. What is pending is not decided yet, and what is excluded never
// will be.
func (t Tally) Compliance() stat.Ratio {
	return stat.Ratio{Part: t.Met, Whole: t.Met + t.Breached}
}

// Interval returns the Wilson interval of the compliance at a confidence level
// such as 0.95, as an estimate of how well a desk like this keeps its promises. It
// returns false if nothing was met or breached, or the level is not above 0 and
// below 1.
func (t Tally) Interval(level float64) (stat.Interval, bool) {
	iv, err := stat.Proportion(t.Met, t.Met+t.Breached, level, stat.Wilson)
	return iv, err == nil
}

// String returns the compliance, and what is not in it, such as
// "82 of 132 kept, 62.1 %, 3 pending, 1 excluded" or "none decided, 2 pending".
func (t Tally) String() string {
	text := "none decided"
	if percent, ok := t.Compliance().Percent(1, stat.HalfAwayFromZero); ok {
		text = fmt.Sprintf("%v kept, %s %%", t.Compliance(), percent.StringFixed(1))
	}
	if t.Pending != 0 {
		text += fmt.Sprintf(", %d pending", t.Pending)
	}
	if t.Excluded != 0 {
		text += fmt.Sprintf(", %d excluded", t.Excluded)
	}
	return text
}
