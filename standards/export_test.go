package standards

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Measures are all measures.
func Measures() []Measure {
	all := make([]Measure, len(measureNames.All()))
	for i := range all {
		all[i] = Measure(i)
	}
	return all
}

// Judge judges a wait of the test's own by a target, as of an instant.
func (t *Target) Judge(w metrics.Wait, asOf time.Time) (Finding, bool) {
	if t.IsZero() {
		return Finding{}, false
	}
	f := Finding{Target: t, Start: w.Start, End: w.End, Outcome: w.Outcome, Holds: w.Holds}
	if f.End.IsZero() {
		f.asOf = asOf
	}
	f.judge()
	return f, true
}

// Worse orders breaches, the worst first.
func Worse(a, b Finding) int { return a.worse(&b) }

// Kept returns f as scores keep it.
func Kept(f Finding) Finding {
	f.keep()
	return f
}
