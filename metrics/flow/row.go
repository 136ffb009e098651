package flow

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Row is what happened in a period, and the backlog before and after it. The zero
// value has no time, and nothing happened in it.
//
// The backlog agrees with the flows, in every row:
//
//	Closing = Opening + Arrivals + Reopenings − Resolutions − Abandoned − Moved
//
// and the opening backlog of a row is the closing backlog of the one before.
type Row struct {
	Period metrics.Period // the zero Period in a [Sum] of several
	// Span is from when to when the period is in the zone. It ends at the instant
	// of the reading, if that is within the period.
	Span metrics.Span
	// Opening is the number of conversations that were open when the period
	// began: before what happened at that very instant.
	Opening int64
	Counts

	// HandOffTime is how long conversations were with an assistant before they came
	// to a person: from the first reply of an assistant to the first one that a
	// person sent, for each of the HandOffs; around the clock.
	HandOffTime metrics.Summary
	// HandOffInHours is the same in hours of service; empty without
	// [metrics.Rules.Calendar].
	HandOffInHours metrics.Summary

	open nanoseconds // that conversations spent in the backlog
}

func rowOf(p metrics.Period, span metrics.Span, opening int64, c *cell) Row {
	r := Row{
		Period: p, Span: span, Opening: opening, Counts: c.Counts,
		HandOffTime: c.handOff, HandOffInHours: c.handOffInHours,
	}
	// What was there from the beginning, and what came in, spent the whole period in
	// the backlog, but for the offset of what came in; what went out did not spend
	// the rest of it there.
	open := r.times(r.Closing())
	open.Sub(open, c.offset.big())
	r.open, _ = nanosecondsOf(open) // at most 2⁶³ conversations for a year
	return r
}

// times returns n times the length of the row in nanoseconds.
func (r *Row) times(n int64) *big.Int {
	length := big.NewInt(int64(r.Span.End.Sub(r.Span.Start)))
	return length.Mul(length, big.NewInt(n))
}

// Closing returns the number of conversations that were open when the period
// ended: before what happened at that very instant, unless the span ends at the
// instant of the reading, which is known with what happened at it.
func (r *Row) Closing() int64 { return r.Opening + r.Net() }

// OpenTime returns the time that all conversations together spent in the backlog
// during the period, in seconds, exact to the nanosecond: an hour of three open
// conversations is 10,800. Pauses are part of it.
func (r *Row) OpenTime() decimal.Decimal { return decimal.NewFromBigInt(r.open.big(), -9) }

// MeanBacklog returns the mean of the backlog over time: OpenTime by the length
// of the span, as the float64 nearest to the exact quotient. It returns false if
// the span has no length.
//
// By Little's law (J. D. C. Little 1961, A Proof for the Queuing Formula L = λW,
// Operations Research 9:383–387) it is the rate of arrivals and reopenings times
// the mean time in the backlog, exactly so over a stretch that begins and ends
// with an empty backlog (Little 2011, Little's Law as Viewed on Its 50th
// Anniversary, Operations Research 59:536–549).
func (r *Row) MeanBacklog() (float64, bool) {
	length := r.times(1)
	if length.Sign() <= 0 {
		return 0, false
	}
	mean, _ := new(big.Rat).SetFrac(r.open.big(), length).Float64()
	return mean, true
}

// Merge adds the row of other conversations in the same span, such as that of
// another shard or key, read as of the same instant. The zero Row becomes a copy of
// other, and one that is added changes nothing. If the periods or spans differ, or
// if only one of the two has hours of service, the error wraps [ErrUnlike]; if they count
// more together than 2⁶³−1 of anything, as no desk does, [stat.ErrCount]; and r is as it
// was. For the rows of one key over several periods, see [Sum].
func (r *Row) Merge(other *Row) error {
	if other.isZero() {
		return nil
	}
	sum := *r
	if r.isZero() {
		sum.Period, sum.Span = other.Period, other.Span
	}
	if sum.Period != other.Period || !sameSpan(sum.Span, other.Span) {
		return fmt.Errorf("%w: rows of %v and %v, from %s and %s", ErrUnlike, r.Period, other.Period, textOf(r.Span), textOf(other.Span))
	}
	if r.Opening > math.MaxInt64-other.Opening {
		return tooMany(r, other)
	}
	sum.Opening += other.Opening
	if err := sum.add(other); err != nil {
		return err
	}
	*r = sum
	return nil
}

func tooMany(r, other *Row) error {
	return fmt.Errorf("flow: rows: %w: more than 2⁶³−1 in %s and %s", stat.ErrCount, textOf(r.Span), textOf(other.Span))
}

// isZero reports whether r is that of no time, in which nothing happened.
func (r *Row) isZero() bool {
	return r.Period == (metrics.Period{}) && sameSpan(r.Span, metrics.Span{}) && r.Opening == 0 && r.Counts == (Counts{})
}

func textOf(s metrics.Span) string {
	return s.Start.Format(time.RFC3339Nano) + " to " + s.End.Format(time.RFC3339Nano)
}

func sameSpan(a, b metrics.Span) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }

// add adds what happened in other. After an error r is as it was.
func (r *Row) add(other *Row) error {
	if r.HandOffs > 0 && other.HandOffs > 0 && (r.HandOffInHours.Count() == 0) != (other.HandOffInHours.Count() == 0) {
		return fmt.Errorf("%w: rows with and without hours of service", ErrUnlike)
	}
	if sum := r.Counts; !sum.fits(&other.Counts) {
		return tooMany(r, other)
	} else if sum.Merge(&other.Counts); !balanced(r.Opening, &sum) {
		return tooMany(r, other)
	}
	r.Counts.Merge(&other.Counts)
	r.HandOffTime.Merge(&other.HandOffTime)
	r.HandOffInHours.Merge(&other.HandOffInHours)
	r.open.merge(other.open)
	return nil
}
