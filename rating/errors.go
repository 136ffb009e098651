package rating

import (
	"errors"
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics/text"
)

// Errors of this package wrap one of these or, for confidence levels and too few
// data, one of package stat. Text that names no tier, level or coefficient wraps
// [text.ErrUnknown].
var (
	// ErrStars reports a rating that is not a whole number from 1 to 5.
	ErrStars = errors.New("rating: stars outside 1 to 5")
	// ErrCount reports an impossible count: negative, or beyond 2⁵³ ratings or 2³⁶
	// reviews in total.
	ErrCount = errors.New("rating: impossible count")
	// ErrDefinition reports a ladder, a scorecard or a prior that contradicts
	// itself or leaves out what it needs.
	ErrDefinition = errors.New("rating: unusable definition")
	// ErrReview reports a review that does not fit its scorecard: a mark that
	// is missing, off its scale, or for an unknown criterion, or no criterion with
	// a weight that applies, so that there is nothing to score.
	ErrReview = errors.New("rating: review does not fit the scorecard")
	// ErrSyntax reports JSON or bytes that are not a form of the value.
	ErrSyntax = errors.New("rating: malformed")
)

// PartError says which part of a definition or of a review is wrong.
type PartError struct {
	What  string // "criterion", "rung", "review"
	Index int    // from 0
	Name  string // of the part, if it has one
	Err   error
}

// Error counts parts from 0, as slices do, and quotes the name.
func (e *PartError) Error() string {
	what := fmt.Sprintf("%s %d", e.What, e.Index)
	if e.Name != "" {
		what += " " + text.Quote(e.Name)
	}
	if e.Err != nil { // nil only in a zero value
		what += ": " + strings.TrimPrefix(e.Err.Error(), "rating: ")
	}
	return "rating: " + what
}

// Unwrap returns Err.
func (e *PartError) Unwrap() error { return e.Err }

// definition returns the error for a part that cannot be used.
func definition(what string, index int, name, format string, args ...any) error {
	return &PartError{what, index, name, fmt.Errorf("%w: "+format, append([]any{ErrDefinition}, args...)...)}
}
