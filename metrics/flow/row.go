package flow

import (
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
)

// Row is what happened in a period, and the backlog before and after it. The zero
// value is that of no time.
//
// The backlog agrees with the flows, in every row:
//
//	Closing = Opening + Arrivals + Reopenings − Resolutions − Moved
//
// and the opening backlog of a row is the closing backlog of the one before.
type Row struct {
	Period metrics.Period
	// Span is from when to when the period is in the zone; it ends at the
	// instant as of which is counted, if that is within the period.
	Span metrics.Span
	// Opening is the number of conversations that were open when the period
	// began: before what happened at that very instant.
	Opening int64
	Counts

	// HandOffTime is how long conversations were with a bot before they came to
	// a person: from the first automated reply to the first one that a person
	// sent, for each of the HandOffs; around the clock.
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
	// What was there from the beginning spent all the period in the backlog, and
	// so did what came in, but for its offset; from what went out the rest of
	// the period is missing.
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
// instant as of which is counted, at which what happened is known.
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
// another shard or key. The zero Row becomes a copy of other.
func (r *Row) Merge(other *Row) {
	if r.Span.Start.IsZero() && r.Span.End.IsZero() {
		r.Period, r.Span = other.Period, other.Span
	}
	r.Opening += other.Opening
	r.Counts.Merge(&other.Counts)
	r.HandOffTime.Merge(&other.HandOffTime)
	r.HandOffInHours.Merge(&other.HandOffInHours)
	r.open.merge(other.open)
}
