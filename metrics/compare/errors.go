package compare

import "errors"

var (
	// ErrMetric reports a number or text that names no metric, or a metric by which
	// nobody is ranked; see [NewCredit].
	ErrMetric = errors.New("compare: no such metric")
	// ErrSpans reports spans of time that cannot be compared: one is empty, they overlap, or they are in the wrong order.
	ErrSpans = errors.New("compare: spans that do not compare")
)
