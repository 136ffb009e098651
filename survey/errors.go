package survey

import (
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// Errors of this package wrap one of these.
var (
	// ErrScale reports a scale that is not valid: it has no range, a step that does
	// not divide it, more than 101 points, or an end beyond ±500.
	ErrScale = errors.New("survey: not a scale")
	// ErrOffScale reports a value that is not an answer on its scale: another
	// number, or text that is not a whole number.
	ErrOffScale = errors.New("survey: not an answer on the scale")
	// ErrMismatch reports answers on different scales, or to different questions,
	// where they should be the same.
	ErrMismatch = errors.New("survey: mismatch")
	// ErrCount reports an impossible count: negative, or beyond 2⁵³ in total.
	ErrCount = errors.New("survey: impossible count")
	// ErrDefinition reports a definition that contradicts itself or does not
	// say what its statistic needs.
	ErrDefinition = errors.New("survey: unusable definition")
	// ErrNoAnswers reports that there are no answers to compute a result from.
	ErrNoAnswers = errors.New("survey: no answers")
	// ErrMalformed reports bytes that are not the JSON or binary form of the value.
	ErrMalformed = errors.New("survey: malformed")
)

// malformed returns an error that wraps ErrMalformed and what is wrong.
func malformed(value string, err error) error {
	return fmt.Errorf("%w %s: %w", ErrMalformed, value, err)
}

// decode reads JSON into v as [text.DecodeJSON] does; its errors wrap ErrMalformed. By the
// convention of encoding/json, null changes nothing.
func decode(data []byte, v any, value string) (null bool, err error) {
	if null, err = text.DecodeJSON(data, v); err != nil {
		return false, malformed(value, err)
	}
	return null, nil
}
