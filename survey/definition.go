package survey

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Statistic says how an index is computed from the answers.
type Statistic uint8

const (
	NoStatistic    Statistic = iota // the question declares no index: there is only the distribution
	PositiveShare                   // the share of positive answers: CSAT, percent favourable
	NetShare                        // the share of positive answers minus that of negative ones: NPS, NES
	MeanAnswer                      // the mean, in points of the scale: CES
	NormalisedMean                  // where the mean lies between the worst answer, 0, and the best, 1
)

var statisticNames = text.NewEnum[Statistic](errors.New("survey: no such statistic"),
	"", "positive_share", "net_share", "mean", "normalised_mean",
)

// String returns the name of the statistic, such as "net_share".
func (s Statistic) String() string { return statisticNames.Name(s) }

// AppendText implements [encoding.TextAppender].
func (s Statistic) AppendText(b []byte) ([]byte, error) { return statisticNames.Append(b, s) }

// MarshalText implements [encoding.TextMarshaler].
func (s Statistic) MarshalText() ([]byte, error) { return s.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (s *Statistic) UnmarshalText(text []byte) error { return statisticNames.Parse(s, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (s *Statistic) Scan(src any) error { return statisticNames.Scan(s, src) }

// Value implements [driver.Valuer] with the text form.
func (s Statistic) Value() (driver.Value, error) { return statisticNames.Value(s) }

// Definition says what an index is: the scale, which answers count as positive and
// negative, and the statistic. Vendors mean different things by one name, so every
// result carries its definition, and only results with the same definition are
// compared. A Definition is a value; two are the same if they are equal (==).
//
// [TopBox], [NetPromoter], [CES1], [CES2], [NetEasy] and others return the usual
// definitions. Any other is a literal:
//
//	survey.Definition{
//		Name: "Satisfied with the repair", Scale: survey.OneTo(10),
//		Statistic: survey.PositiveShare, Positive: survey.OneTo(10).AtLeast(8),
//	}
type Definition struct {
	Name      string    `json:"name"`               // as people see it, such as "CSAT (top 2 of 1–5)"
	Source    string    `json:"source,omitzero"`    // where the definition comes from
	Scale     Scale     `json:"scale"`              // answers on another scale are refused
	Statistic Statistic `json:"statistic,omitzero"` // how the index is computed
	Positive  Range     `json:"positive,omitzero"`  // the satisfied, promoters, those who agree
	Negative  Range     `json:"negative,omitzero"`  // the dissatisfied, detractors; the rest is neutral

	// Places, from 0 to 15, and Rounding say how the index is shown to people; it is
	// computed without rounding.
	Places   int32         `json:"places,omitzero"`
	Rounding stat.Rounding `json:"rounding,omitzero"`
}

// Check returns an error that wraps [ErrScale] or [ErrDefinition] unless an index can
// be computed by d: the scale is valid; there is a statistic; a share has positive
// answers, and a net share negative ones too; both are on the scale and do not
// overlap; and there are at most 15 places.
func (d Definition) Check() error {
	if err := d.Scale.Check(); err != nil {
		return fmt.Errorf("%w (of %s)", err, text.Quote(d.Name))
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", ErrDefinition, text.Quote(d.Name), fmt.Sprintf(format, args...))
	}
	if d.Statistic == NoStatistic || d.Statistic > NormalisedMean {
		return fail("no statistic: %d", uint8(d.Statistic))
	}
	for _, p := range []Range{d.Positive, d.Negative} {
		if p != (Range{}) && (p.Empty() || !d.Scale.Has(p.From) || !d.Scale.Has(p.Below-1)) {
			return fail("%d to below %d is not a range of %v", p.From, p.Below, d.Scale)
		}
	}
	switch {
	case d.Places < 0 || d.Places > maxPlaces:
		return fail("%d places, want 0 to %d", d.Places, maxPlaces)
	case d.Positive.Empty() && (d.Statistic == PositiveShare || d.Statistic == NetShare):
		return fail("%v needs positive answers", d.Statistic)
	case d.Negative.Empty() && d.Statistic == NetShare:
		return fail("%v needs negative answers", d.Statistic)
	case !d.Positive.Empty() && !d.Negative.Empty() &&
		d.Positive.From < d.Negative.Below && d.Negative.From < d.Positive.Below:
		return fail("positive answers %v and negative answers %v overlap", d.Positive, d.Negative)
	}
	return nil
}

// maxPlaces is the largest number of decimal places of an index.
const maxPlaces = 15

// LowerIsBetter reports whether a lower value of the index is better. It is true for
// a mean on a scale on which lower is better. For shares, which count positive
// answers, and for normalised means, which are turned round, higher is better.
func (d Definition) LowerIsBetter() bool {
	return d.Statistic == MeanAnswer && d.Scale.Direction == stat.LowerIsBetter
}

// value returns the exact value of the index. The answers are on the scale.
func (d Definition) value(a Answers) stat.Ratio {
	switch d.Statistic {
	case PositiveShare:
		return a.Share(d.Positive)
	case NetShare:
		r := a.Share(d.Positive)
		r.Part -= a.Share(d.Negative).Part
		return r
	case MeanAnswer:
		return a.Mean()
	}
	return a.Normalised()
}

// String returns the name, or the statistic and the scale if there is no name.
func (d Definition) String() string {
	if d.Name != "" {
		return d.Name
	}
	return fmt.Sprintf("%v of %v", d.Statistic, d.Scale)
}

// quoted returns the name as it stands in errors.
func (d Definition) quoted() string { return text.Quote(d.String()) }

// Question is what was asked, and which index the answers are for: a question is not
// an NPS just because its scale is 0 to 10. If its definition has [NoStatistic], the
// question declares no index.
type Question struct {
	ID         string     `json:"id"`
	Text       string     `json:"text,omitzero"` // the wording
	Definition Definition `json:"definition"`
}

// difference says how two questions differ that are not equal.
func (q Question) difference(other Question) string {
	a, b := q.Definition, other.Definition
	switch {
	case a.Scale != b.Scale:
		return fmt.Sprintf("answers on the scales %v and %v, to the questions %s and %s", a.Scale, b.Scale, text.Quote(q.ID), text.Quote(other.ID))
	case a != b:
		return fmt.Sprintf("the questions %s and %s have different definitions, %s and %s", text.Quote(q.ID), text.Quote(other.ID), a.quoted(), b.quoted())
	case q.ID != other.ID:
		return fmt.Sprintf("the questions %s and %s have different IDs; their definitions are equal", text.Quote(q.ID), text.Quote(other.ID))
	}
	return fmt.Sprintf("the question %s has different texts, %s and %s", text.Quote(q.ID), text.Quote(q.Text), text.Quote(other.Text))
}

// score returns the score of an answer; the index is the mean of the scores.
func (d Definition) score(v int) float64 {
	switch d.Statistic {
	case PositiveShare:
		return float64(b2i(d.Positive.Has(v)))
	case NetShare:
		return float64(b2i(d.Positive.Has(v)) - b2i(d.Negative.Has(v)))
	case NormalisedMean:
		factor, offset := d.Scale.normaliser()
		return math.FMA(factor, float64(v), offset)
	}
	return float64(v)
}

// bounds returns the least and the greatest value of the index.
func (d Definition) bounds() (low, high float64) {
	switch d.Statistic {
	case NetShare:
		return -1, 1
	case MeanAnswer:
		return float64(d.Scale.Min), float64(d.Scale.Max)
	}
	return 0, 1
}
