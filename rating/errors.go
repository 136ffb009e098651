package rating

import (
	"errors"
	"fmt"
	"strings"
)

// Errors of this package wrap one of these, or one of package stat for what
// has to do with levels and too few data.
var (
	// ErrStars reports a rating that is not a whole number from 1 to 5.
	ErrStars = errors.New("rating: stars outside 1 to 5")
	// ErrCount reports an impossible count: negative, or beyond 64 bits in
	// total.
	ErrCount = errors.New("rating: impossible count")
	// ErrDefinition reports tiers, a ladder, a scorecard, a composite or a
	// prior that contradicts itself or leaves out what it needs.
	ErrDefinition = errors.New("rating: unusable definition")
	// ErrReview reports a review that does not fit its scorecard: a mark that
	// is off its scale, missing, or of no criterion.
	ErrReview = errors.New("rating: review does not fit the scorecard")
	// ErrNothingApplies reports a review in which no criterion with a weight
	// applies, so that there is nothing to score.
	ErrNothingApplies = errors.New("rating: nothing applies")
	// ErrCoverage reports a composite of which too little was measured.
	ErrCoverage = errors.New("rating: too little was measured")
	// ErrBinary reports bytes that are not the binary form of the value.
	ErrBinary = errors.New("rating: malformed binary form")
)

// PartError says which part of a definition or of a review is wrong.
type PartError struct {
	What  string // "criterion", "tier", "rung", "measure", "review"
	Index int    // from 0
	Name  string // of the part, if it has one
	Err   error
}

// Error counts parts from 0, as slices do, and quotes the name.
func (e *PartError) Error() string {
	what := fmt.Sprintf("%s %d", e.What, e.Index)
	if e.Name != "" {
		what += " " + quoted(e.Name)
	}
	return "rating: " + what + ": " + strings.TrimPrefix(e.Err.Error(), "rating: ")
}

// Unwrap returns Err.
func (e *PartError) Unwrap() error { return e.Err }

// definition is the error of a part that cannot be used.
func definition(what string, index int, name, format string, args ...any) error {
	return &PartError{what, index, name, fmt.Errorf("%w: "+format, append([]any{ErrDefinition}, args...)...)}
}

// quoted cuts text to a length that fits in an error message, and quotes it.
func quoted[T string | []byte](text T) string {
	const limit = 120
	if len(text) > limit {
		return fmt.Sprintf("%q…", text[:limit])
	}
	return fmt.Sprintf("%q", text)
}
