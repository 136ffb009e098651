package flow

import "errors"

// ErrRow reports a stored row that is malformed, or that no series can have
// made.
var ErrRow = errors.New("flow: malformed row")
