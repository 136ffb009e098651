package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/servicequality/servicequality/metrics"
)

// refusals counts rows and lines that are no events, and tells of the first few.
type refusals struct {
	to io.Writer
	n  int
}

const toldRefusals = 5

// take returns err unless it is that of a row or a line, which is counted.
func (r *refusals) take(err error) error {
	var row *metrics.RowError
	var line *metrics.LineError
	if err == nil || !errors.As(err, &row) && !errors.As(err, &line) {
		return err
	}
	if r.n++; r.n <= toldRefusals {
		fmt.Fprintln(r.to, "sql:", err)
	}
	return nil
}

// end tells how many were refused.
func (r *refusals) end() {
	if r.n > toldRefusals {
		fmt.Fprintf(r.to, "sql: and %d more were refused\n", r.n-toldRefusals)
	}
}
