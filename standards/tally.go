package standards

import "github.com/servicequality/servicequality/metrics/stat"

// Tally counts verdicts. The zero value is empty and ready to use. A Tally is a
// value: two are equal (==) when they count the same.
type Tally struct {
	Met      int64 `json:"met"`
	Breached int64 `json:"breached"`
	Pending  int64 `json:"pending"`
}

// Add counts a verdict.
func (t *Tally) Add(v Verdict) {
	switch v {
	case Met:
		t.Met++
	case Breached:
		t.Breached++
	default:
		t.Pending++
	}
}

// Merge adds what other counts.
func (t *Tally) Merge(other Tally) {
	t.Met += other.Met
	t.Breached += other.Breached
	t.Pending += other.Pending
}

// Compliance returns the share of promises that were kept: met, of those met
// and breached. What is pending is decided neither way.
func (t Tally) Compliance() stat.Ratio {
	return stat.Ratio{Part: t.Met, Whole: t.Met + t.Breached}
}
