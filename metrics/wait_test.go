package metrics_test

import (
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// TestHoldsOutside has holds that reach over the ends of a wait, as when it is
// looked at as of an earlier instant.
func TestHoldsOutside(t *testing.T) {
	holds := []metrics.Span{
		{Start: at(8, 30), End: at(8, 40)}, {Start: at(8, 50), End: at(9, 5)}, {Start: at(9, 7), End: at(9, 8)},
		{Start: at(9, 15), End: at(9, 30)}, {Start: at(9, 40)},
	}
	wait := metrics.Wait{Start: at(9, 0), End: at(9, 20), Outcome: metrics.Answered, Holds: holds}
	cycle := func(end time.Time) metrics.Cycle { return metrics.Cycle{Start: at(9, 0), End: end, Holds: holds} }
	if d := wait.Duration(); d != 9*time.Minute {
		t.Errorf("20 minutes less 5, 1 and 5 are %v", d)
	}
	if d := cycle(at(9, 20)).Duration(); d != 9*time.Minute {
		t.Errorf("the same of a cycle are %v", d)
	}
	if d := cycle(at(9, 50)).Duration(); d != 19*time.Minute {
		t.Errorf("50 minutes less 5, 1, 15 and 10 are %v", d)
	}
	if d := cycle(time.Time{}).Duration() + (metrics.Wait{Start: at(9, 0)}).Duration(); d != 0 {
		t.Errorf("what is open, and was not read, has the duration %v", d)
	}
	if d := cycle(at(8, 0)).Duration(); d != 0 {
		t.Errorf("as of before its start: %v", d)
	}
}
