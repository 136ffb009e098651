package stat

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics/text"
)

// Decision is what is decided on a [Contrast], alone or together with others; see
// [Decide]. The zero value decides on nothing: its conclusion is NoData.
type Decision struct {
	// Change is the difference, with its interval at the level at which it was
	// decided on: it leaves 0 out exactly if the conclusion is a change.
	Change Interval `json:"change"`
	// Test is the test of no difference by itself.
	Test Test `json:"test"`
	// AdjustedP is the P of the test, adjusted for the number of contrasts (Holm
	// 1979).
	AdjustedP float64 `json:"adjusted_p"`
	moved     int     // −1 or 1 for a change
}

// Conclusion returns the decision in a word: Better or Worse, Higher or Lower if
// neither way is better, or NotDistinguishable.
func (d Decision) Conclusion(better Direction) Conclusion {
	switch {
	case d.Change.Level == 0:
		return NoData
	case d.moved == 0:
		return NotDistinguishable
	case better == Neither && d.moved > 0:
		return Higher
	case better == Neither:
		return Lower
	case (d.moved > 0) == (better == HigherIsBetter):
		return Better
	}
	return Worse
}

// Decide decides on contrasts together: who asks twenty questions of noise at a
// level of 0.95 is told of one change that is none. The chance that any of the
// decisions is for a change that is none is at most 1 − level, however many there
// are and however they depend on each other ([Holm]). The decisions are in the
// order of the contrasts.
//
// The level of each interval is the one at which Holm's procedure decided on it,
// 1 − (1−level)/k, with k the number of contrasts that were left when it came to
// this one or stopped. For a single contrast that is the level itself.
//
// It returns ErrLevel unless 0 < level < 1, and the errors of Contrast.Interval.
func Decide(level float64, contrasts ...Contrast) ([]Decision, error) {
	if _, err := alphaOf(level); err != nil {
		return nil, err
	}
	if len(contrasts) == 0 {
		return nil, nil
	}
	p, order := make([]float64, len(contrasts)), make([]int, len(contrasts))
	for i, c := range contrasts {
		p[i], order[i] = c.Test().P, i
	}
	adjusted, _ := Holm(p) // of which each lies from 0 to 1
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	decisions := make([]Decision, len(contrasts))
	left := len(contrasts)
	for _, i := range order {
		d := Decision{Test: contrasts[i].Test(), AdjustedP: adjusted[i]}
		// The level of one of many may be too near to 1 for a float64.
		alpha := (1 - level) / float64(left)
		var err error
		if d.Change, err = contrasts[i].at(min(1-alpha, 1-0x1p-53), alpha); err != nil {
			return nil, err
		}
		if d.AdjustedP <= 1-level {
			d.moved = cmp.Compare(d.Change.Low+d.Change.High, 0)
			left--
		}
		decisions[i] = d
	}
	return decisions, nil
}

// String returns the decision for people to read, such as "−0.05 (95%
// miettinen_nurminen −0.09 to −0.01), P = 0.02".
func (d Decision) String() string {
	if d.Change.Level == 0 {
		return NoData.String()
	}
	return fmt.Sprintf("%v, P = %.3g", d.Change, d.AdjustedP)
}

// Conclusion says in a word what a comparison found. The zero value is NoData.
type Conclusion uint8

const (
	NoData             Conclusion = iota // on one side at least
	TooFew                               // data to tell
	NotTested                            // there is no test for it, as where nothing varies
	NotDistinguishable                   // from no change: chance alone would often do as much
	Better
	Worse
	Higher // where neither way is better
	Lower
)

var conclusionNames = text.NewEnum[Conclusion](ErrValue, "no_data", "too_few", "not_tested", "not_distinguishable", "better", "worse", "higher", "lower")

// Changed reports whether something changed: better, worse, higher or lower.
func (c Conclusion) Changed() bool { return c >= Better && c <= Lower }

// String returns the conclusion for people, such as "not distinguishable".
func (c Conclusion) String() string {
	return strings.ReplaceAll(conclusionNames.Name(c), "_", " ")
}

// AppendText implements [encoding.TextAppender], such as "not_distinguishable". A
// number that is no conclusion is ErrValue.
func (c Conclusion) AppendText(b []byte) ([]byte, error) { return conclusionNames.Append(b, c) }

// MarshalText implements [encoding.TextMarshaler].
func (c Conclusion) MarshalText() ([]byte, error) { return c.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is ErrValue.
func (c *Conclusion) UnmarshalText(text []byte) error { return conclusionNames.Parse(c, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (c *Conclusion) Scan(src any) error { return conclusionNames.Scan(c, src) }

// Value implements [driver.Valuer] with the text form.
func (c Conclusion) Value() (driver.Value, error) { return conclusionNames.Value(c) }
