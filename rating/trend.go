package rating

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Direction says where ratings go. The zero value is Steady: the ratings at
// hand cannot tell the change from chance.
type Direction uint8

const (
	Steady Direction = iota
	Rising
	Falling
)

var directionNames = text.NewEnum[Direction](errors.New("rating: no such direction"),
	"steady", "rising", "falling",
)

// String returns "steady", "rising" or "falling".
func (d Direction) String() string { return directionNames.Name(d) }

// AppendText implements [encoding.TextAppender] with the text of String.
func (d Direction) AppendText(b []byte) ([]byte, error) { return directionNames.Append(b, d) }

// MarshalText implements [encoding.TextMarshaler].
func (d Direction) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (d *Direction) UnmarshalText(text []byte) error { return directionNames.Parse(d, text) }

// Scan implements [sql.Scanner] for the text form; NULL is Steady.
func (d *Direction) Scan(src any) error { return directionNames.Scan(d, src) }

// Value implements [driver.Valuer] with the text form.
func (d Direction) Value() (driver.Value, error) { return directionNames.Value(d) }

// Trend compares the ratings of two periods.
type Trend struct {
	// Direction is Steady unless the ranks differ at the level asked for.
	Direction Direction `json:"direction"`
	// Before and After are the numbers of ratings.
	Before int64 `json:"before"`
	After  int64 `json:"after"`
	// Change is the mean after minus the mean before, in stars, with its Welch
	// interval. It is the zero Interval if there is none: a period of a single
	// rating, or no variation in either.
	Change stat.Interval `json:"change,omitzero"`
	// Superiority is the probability that a rating after is the higher of two,
	// one of each period, ties counting half.
	Superiority float64 `json:"superiority"`
	// Test is the Mann–Whitney test that decides. It is the zero Test if all
	// ratings of both periods are the same.
	Test stat.Test `json:"test,omitzero"`
}

// TrendOf compares the ratings of two periods at a level such as 0.95. Stars
// are ranks, not measures, so the Direction is decided by ranks: Rising or
// Falling if the test has P ≤ 1−level, by whether Superiority is above ½. The
// change of the mean stands beside it for people; at the edge the two may
// disagree. The ratings of the periods must be independent: a customer who
// rates in both, or many times, makes the P too small.
//
// The error wraps [stat.ErrNoData] if a period has no rating, [stat.ErrLevel],
// and [stat.ErrTooMany] beyond 2⁶¹ pairs of ratings.
func TrendOf(before, after Distribution, level float64) (Trend, error) {
	t := Trend{Before: before.N(), After: after.N()}
	if !(level > 0 && level < 1) {
		return Trend{}, fmt.Errorf("rating: trend: %w: %v", stat.ErrLevel, level)
	}
	ranks, err := stat.RanksOfCounts(after.counts[:], before.counts[:])
	if err != nil {
		return Trend{}, fmt.Errorf("rating: trend: %w", err)
	}
	t.Superiority, _ = ranks.Superiority()
	t.Test, err = ranks.MannWhitney()
	if err != nil && !errors.Is(err, stat.ErrNoVariation) {
		return Trend{}, fmt.Errorf("rating: trend: %w", err)
	}
	if err == nil && t.Test.P <= 1-level {
		t.Direction = Rising
		if t.Superiority < 0.5 {
			t.Direction = Falling
		}
	}
	if c, err := stat.MeanDifference(after.sample(), before.sample(), level, stat.Welch); err == nil {
		t.Change = c.Difference
	}
	return t, nil
}
