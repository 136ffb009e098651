package standards

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrBudget reports a target whose budget is zero or negative.
	ErrBudget = errors.New("standards: budget is not positive")
	// ErrMeasure reports a measure that this package does not know, or a target
	// in JSON that names none.
	ErrMeasure = errors.New("standards: no such measure")
	// ErrVerdict reports a verdict that this package does not know.
	ErrVerdict = errors.New("standards: no such verdict")
	// ErrGoal reports a goal that is not a share above 0 and up to 1.
	ErrGoal = errors.New("standards: goal is not a share above 0 and up to 1")
	// ErrWarn reports a share of the budget that is not above 0 and below 1.
	ErrWarn = errors.New("standards: warning is not a share above 0 and below 1")
	// ErrEscalation reports a step as long before the deadline as the budget, or
	// longer: it would come before there is anything to do.
	ErrEscalation = errors.New("standards: escalation before the start")
	// ErrValidity reports a target that ends before it begins.
	ErrValidity = errors.New("standards: valid until before it is valid from")
	// ErrUnused reports a target that can never be chosen, because one before it
	// of the same measure and agreement takes everything.
	ErrUnused = errors.New("standards: target is never chosen")
	// ErrCalendar reports a name of no calendar, or calendars that cannot be
	// written in JSON because they are not those of [Policy.Calendars].
	ErrCalendar = errors.New("standards: no such calendar")
	// ErrPredicate reports a target that cannot be written in JSON, because it
	// has a predicate.
	ErrPredicate = errors.New("standards: predicate has no JSON")
	// ErrSyntax reports JSON of another shape than a policy has: an unknown or
	// repeated field, or a value of the wrong kind.
	ErrSyntax = errors.New("standards: bad policy")
)

// PolicyError says where a policy is wrong.
type PolicyError struct {
	Path  string // where, as in "targets[2].within"
	Input string // what stands there; may be empty
	Err   error  // why: it wraps one of the sentinels above, or is an error of package calendar
}

// Error returns the path, the reason and the quoted input.
func (e *PolicyError) Error() string {
	const prefix = "standards: "
	var b strings.Builder
	b.WriteString(prefix)
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(strings.TrimPrefix(e.Err.Error(), prefix))
	if e.Input != "" {
		fmt.Fprintf(&b, ": %q", quotable(e.Input))
	}
	return b.String()
}

// Unwrap returns e.Err.
func (e *PolicyError) Unwrap() error { return e.Err }

// quotable cuts text to a length that fits in an error message.
func quotable[T string | []byte](text T) T {
	const limit = 120
	if len(text) > limit {
		return text[:limit]
	}
	return text
}
