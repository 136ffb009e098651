package standards

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrTarget reports a target that cannot be: a budget that is not positive, one
	// of business days that its calendar does not know, or of too many; a limit of short
	// abandons that is negative or longer than the budget, such a limit or a formula for
	// what is no wait for an answer; a goal that is not a share above 0 and up to 1; a
	// warning that is not a share above 0 and below 1, or not within the business days
	// of the budget; an escalation that would come before the start, or in business days
	// where the budget is not; an end before the beginning; a target that is never
	// chosen, because one before
	// it of the same measure and agreement takes everything; or more than 10,000 targets, or
	// 100 escalations of one. The path of a
	// [PolicyError] and its text say which.
	ErrTarget = errors.New("standards: bad target")
	// ErrCalendar reports a name of no calendar, or calendars that cannot be
	// written in JSON because they are not those of [Policy.Calendars].
	ErrCalendar = errors.New("standards: no such calendar")
	// ErrPredicate reports a target that cannot be written in JSON, because it
	// has a predicate.
	ErrPredicate = errors.New("standards: predicate has no JSON")
	// ErrSyntax reports JSON of another shape than a policy has: an unknown or
	// repeated field, or a value of the wrong kind.
	ErrSyntax = errors.New("standards: bad policy")
	// ErrBudget reports text that is not that of a [Budget].
	ErrBudget = errors.New("standards: no budget")
	// ErrTally reports a stored tally, or stored scores, that nothing can have counted: a
	// count is negative, the counts add up to more than 2⁶³−1, a field is unknown or comes
	// twice, bytes are missing or too many; and tallies that do not add up to one, because
	// they count more than 2⁶³−1 verdicts together.
	ErrTally = errors.New("standards: bad tally")
	// ErrOtherPolicy reports scores or boards that do not merge, because their
	// policies differ.
	ErrOtherPolicy = errors.New("standards: judged by another policy")
)

// A fault is what is wrong with a target. It is an ErrTarget.
type fault string

const (
	faultBudget     fault = "budget is not positive"
	faultDays       fault = "calendar does not know business days"
	faultManyDays   fault = "more than 10000 business days"
	faultShort      fault = "short limit is not between 0 and the budget"
	faultFormula    fault = "service level of what is no wait for an answer"
	faultGoal       fault = "goal is not a share above 0 and up to 1"
	faultWarn       fault = "warning is not a share above 0 and below 1"
	faultWarnDays   fault = "warning is not within the business days of the budget"
	faultEscalation fault = "escalation before the start"
	faultStepDays   fault = "escalation in business days of a budget that is not"
	faultStep       fault = "escalation after a time and business days, too"
	faultValidity   fault = "valid until before it is valid from"
	faultUnused     fault = "target is never chosen"
	faultTargets    fault = "more than 10000 targets"
	faultSteps      fault = "more than 100 escalations"
)

func (f fault) Error() string { return "standards: " + string(f) }

func (f fault) Is(err error) bool { return err == ErrTarget }

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
	if e.Err != nil {
		b.WriteString(strings.TrimPrefix(e.Err.Error(), prefix))
	}
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
