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
	// ErrContacts reports a stored [FirstContact], or stored [Assistants], that cannot be
	// read: it was cut, something follows it, it has another version or unknown fields, or
	// nothing has such counts.
	ErrContacts = errors.New("flow: malformed counts of contacts")
)
