package compare

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Design is how a [Difference] was made.
type Design uint8

const (
	Plain        Design = iota // after less before
	Standardised               // the same, at the same mix of groups on both sides
	Indirect                   // the same, at the mix of groups after
	Beyond                     // less the change of others in the same time: a difference in differences
)

var designNames = text.NewEnum[Design](errors.New("compare: no such design"),
	"plain", "standardised", "indirect", "beyond",
)

// String returns the name of the design, such as "standardised".
func (d Design) String() string { return designNames.Name(d) }

// AppendText implements [encoding.TextAppender].
func (d Design) AppendText(b []byte) ([]byte, error) { return designNames.Append(b, d) }

// MarshalText implements [encoding.TextMarshaler].
func (d Design) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (d *Design) UnmarshalText(text []byte) error { return designNames.Parse(d, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (d *Design) Scan(src any) error { return designNames.Scan(d, src) }

// Value implements [driver.Valuer] with the text form.
func (d Design) Value() (driver.Value, error) { return designNames.Value(d) }

// Difference is how a metric changed, and whether that is more than chance. It
// comes from a [Family].
type Difference struct {
	Metric Metric `json:"metric"`
	Design Design `json:"design"`
	Before Value  `json:"before"`
	After  Value  `json:"after"`
	// OthersBefore and OthersAfter are the values of the others with whose change
	// this one is compared; only by Beyond.
	OthersBefore Value `json:"others_before,omitzero"`
	OthersAfter  Value `json:"others_after,omitzero"`
	// LeftOut is how many were in groups that the other side does not have: of both
	// sides together by Standardised, and of After by Indirect.
	LeftOut int64 `json:"left_out,omitzero"`

	// Change is the value after less the one before, in the unit of the metric; for
	// a rate or count, their ratio less 1. Its level is the one at which the family
	// decided on it, and it leaves 0 out exactly if the conclusion is a change. It
	// is the zero Interval if there was no test.
	Change stat.Interval `json:"change,omitzero"`
	// Test is the test of no change by itself.
	Test stat.Test `json:"test,omitzero"`
	// Adjusted is its P, adjusted for the number of questions of the family
	// (Holm 1979). It is 1 if there was no test.
	Adjusted   float64         `json:"adjusted"`
	Conclusion stat.Conclusion `json:"conclusion"`
}

// String returns the difference as a sentence for people:
//
//	median first response 42m → 31m (−11m, 95 % −18m to −4m): better
func (d Difference) String() string {
	name := d.Metric.String()
	if d.Design == Standardised || d.Design == Indirect {
		name += " at the same mix"
	}
	if d.Conclusion == stat.NoData || d.Conclusion == stat.NotTested && d.Before.N == 0 {
		return name + ": " + d.Conclusion.String()
	}
	text := name + " " + d.side(d.Before) + " → " + d.side(d.After)
	if d.Design == Beyond {
		text += ", others " + d.side(d.OthersBefore) + " → " + d.side(d.OthersAfter)
	}
	if d.Change.Level > 0 {
		beyond := ""
		if d.Design == Beyond {
			beyond = " beyond the others"
		}
		text += fmt.Sprintf(" (%s%s, %s %s to %s)", d.signed(d.Change.Estimate), beyond,
			percentLevel(d.Change.Level), d.signedEnd(d.Change.Low), d.signedEnd(d.Change.High))
	}
	return text + ": " + d.Conclusion.String()
}

// side writes a value, with its n if the conclusion is that there are too few.
func (d Difference) side(v Value) string {
	if d.Conclusion == stat.TooFew && d.Metric.kind() != count {
		return v.String() + " of " + text.Count(v.N)
	}
	return v.String()
}

// signed writes a change with its sign and its unit.
func (d Difference) signed(change float64) string {
	switch {
	case d.relative():
		return d.signedEnd(change)
	case d.Metric.Unit() == fraction, d.Metric.Unit() == netPoints:
		return d.signedEnd(change) + " points"
	}
	return d.signedEnd(change)
}

// signedEnd writes an end of the interval of a change with its sign.
func (d Difference) signedEnd(change float64) string {
	var text string
	switch {
	case d.relative():
		text = fixed(100*change, 1) + " %"
	case d.Metric.Unit() == fraction:
		text = fixed(100*change, 1)
	default:
		text = strings.Replace(format(d.Metric.Unit(), change), minus, "-", 1)
	}
	switch {
	case text[0] == '-':
		return minus + text[1:]
	case change > 0:
		return "+" + text
	}
	return text
}

// relative reports whether the change is a ratio less 1.
func (d Difference) relative() bool {
	kind := d.Metric.kind()
	return kind == rate || kind == count
}

// percentLevel writes a level, such as "95 %" or "99.17 %".
func percentLevel(level float64) string {
	return strconv.FormatFloat(100*level, 'g', 4, 64) + " %"
}
