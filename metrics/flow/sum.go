package flow

import (
	"fmt"
	"iter"

	"github.com/servicequality/servicequality/metrics"
)

// Sum returns the rows of one key over consecutive periods as one row, such as
// January to March as a quarter: with the opening backlog of the first and the
// closing backlog of the last one, the sums of what happened between, and a mean
// backlog in which each period weighs as long as it is. The sum of one row is that
// row; the Period of more is the zero Period, and their Span says what they cover.
// The sum of none is the zero Row.
//
// If a row does not begin when, and with the backlog with which, the one before
// ended, or if only some have hours of service, the error wraps [ErrUnlike]; if they count
// more together than 2⁶³−1 of anything, as no desk does, [stat.ErrCount].
func Sum(rows iter.Seq[Row]) (Row, error) {
	var sum Row
	first := true
	for row := range rows {
		if first {
			first, sum = false, Row{Period: row.Period, Span: metrics.Span{Start: row.Span.Start, End: row.Span.Start}, Opening: row.Opening}
		} else {
			sum.Period = metrics.Period{}
		}
		switch {
		case !row.Span.Start.Equal(sum.Span.End):
			return Row{}, fmt.Errorf("%w: a row from %s after rows from %s", ErrUnlike, textOf(row.Span), textOf(sum.Span))
		case row.Opening != sum.Closing():
			return Row{}, fmt.Errorf("%w: a row that opens with %d after one that closes with %d", ErrUnlike, row.Opening, sum.Closing())
		}
		if err := sum.add(&row); err != nil {
			return Row{}, err
		}
		sum.Span.End = row.Span.End
	}
	return sum, nil
}
