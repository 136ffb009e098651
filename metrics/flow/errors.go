package flow

import "errors"

var (
	// ErrRow reports a stored row that is malformed, or that no series can have
	// made.
	ErrRow = errors.New("flow: malformed row")
	// ErrUnlike reports what does not add up: series of other periods, heat maps of
	// other spans or zones, backlogs at other instants, rows of other spans, and
	// rows that do not follow each other.
	ErrUnlike = errors.New("flow: does not add up")
)
