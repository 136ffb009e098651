package compare

import "errors"

var (
	// ErrIndex reports a number or text that names no index.
	ErrIndex = errors.New("compare: no such index")
)
