package compare

import "errors"

var (
	// ErrIndex reports a number or text that names no index.
	ErrIndex = errors.New("compare: no such index")
	// ErrSpans reports spans of time that cannot be held against each other: one
	// is empty, they overlap, or they are in the wrong order.
	ErrSpans = errors.New("compare: spans that do not compare")
)
