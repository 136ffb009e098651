package flow

import "errors"

var (
	// ErrRow reports a stored row that is malformed, or that no series can have
	// made.
	ErrRow = errors.New("flow: malformed row")
	// ErrUnlike reports what does not add up: series of other periods, heat maps of
	// other spans or zones, backlogs at other instants, rows of other spans, rows
	// that do not follow each other, and counts of other windows or instants.
	ErrUnlike = errors.New("flow: does not add up")
	// ErrWindow reports a window, in which customers may come back, that is not
	// positive.
	ErrWindow = errors.New("flow: window is not positive")
	// ErrBinary reports a binary form of a [FirstContact] or of [Assistants] that cannot
	// be read: it was cut, bytes follow it, it has another version, or nothing has such
	// counts.
	ErrBinary = errors.New("flow: malformed binary form")
)
