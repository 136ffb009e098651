package compare

import (
	"database/sql/driver"
	"errors"
	"fmt"

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
//	median first response 42 min → 31 min (−11 min, 95 % −18 to −4 min): better
func (d Difference) String() string {
	name := d.Metric.String()
	if d.Design == Standardised || d.Design == Indirect {
		name += " at the same mix"
	}
	if d.Conclusion == stat.NoData || d.Conclusion == stat.NotTested && d.Before.N == 0 {
		return name + ": " + d.Conclusion.String()
	}
	line := name + " " + d.side(d.Before) + " → " + d.side(d.After)
	if d.Design == Beyond {
		line += ", others " + d.side(d.OthersBefore) + " → " + d.side(d.OthersAfter)
	}
	if d.Change.Level > 0 {
		beyond := ""
		if d.Design == Beyond {
			beyond = " beyond the others"
		}
		line += fmt.Sprintf(" (%s%s, %s %s)", d.Metric.changed(d.Change.Estimate), beyond,
			text.Level(d.Change.Level), text.Range(d.Metric.changed(d.Change.Low), d.Metric.changed(d.Change.High)))
	}
	return line + ": " + d.Conclusion.String()
}

// side writes a value, with its n if the conclusion is that there are too few.
func (d Difference) side(v Value) string {
	if d.Conclusion == stat.TooFew && d.Metric.kind() != count {
		return v.String() + " of " + text.Count(v.N)
	}
	return v.String()
}

// changed writes a change, of which that of a rate or count is relative, with its sign
// and its unit.
func (i Metric) changed(change float64) string {
	if kind := i.kind(); kind == rate || kind == count {
		return text.Signed(text.Percent(change, 1))
	}
	return i.moved(change)
}

// moved writes a change in the unit of the metric, with its sign; of shares in points.
func (i Metric) moved(change float64) string {
	switch unit := i.Unit(); unit {
	case fraction, netPoints:
		return text.Signed(text.Points(change, 1))
	default:
		return text.Signed(format(unit, change))
	}
}
