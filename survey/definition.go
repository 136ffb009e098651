package survey

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Statistic says which figure of the answers an index is.
type Statistic uint8

const (
	NoStatistic    Statistic = iota // the question declares no index: only its distribution is told
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

// Definition says what an index is: of which answers, on which scale, which
// figure. Vendors mean different things by one name, so the definition travels
// in the result, and only results of one definition are compared. A Definition
// is a value; two are the same if they are equal (==).
//
// [TopBox], [NetPromoter], [CES1], [CES2], [NetEasy] and others return the usual
// ones. One's own is a literal:
//
//	survey.Definition{
//		Name: "Satisfied with the repair", Scale: survey.OneTo(10),
//		Statistic: survey.PositiveShare, Positive: survey.OneTo(10).AtLeast(8),
//	}
type Definition struct {
	Name      string    `json:"name"`               // as shown to people, "CSAT (top 2 of 1–5)"
	Source    string    `json:"source,omitzero"`    // where the definition comes from
	Scale     Scale     `json:"scale"`              // answers on another scale are refused
	Statistic Statistic `json:"statistic,omitzero"` // which figure
	Positive  Range     `json:"positive,omitzero"`  // the satisfied, promoters, those who agree
	Negative  Range     `json:"negative,omitzero"`  // the dissatisfied, detractors; the rest is neutral

	// Places and Rounding say how the index is shown to people; computation
	// never rounds.
	Places   int32         `json:"places,omitzero"`
	Rounding stat.Rounding `json:"rounding,omitzero"`
}

// Check returns an error that wraps [ErrScale] or [ErrDefinition] unless an index
// can be computed by d: its scale is one; its statistic is named; a share has a
// positive span, a net share a negative one too; both hold answers of the scale
// only, and none in common.
func (d Definition) Check() error {
	if err := d.Scale.Check(); err != nil {
		return fmt.Errorf("%w (of %q)", err, d.Name)
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %q: %s", ErrDefinition, d.Name, fmt.Sprintf(format, args...))
	}
	if d.Statistic == NoStatistic || d.Statistic > NormalisedMean {
		return fail("no statistic: %d", uint8(d.Statistic))
	}
	for _, p := range []Range{d.Positive, d.Negative} {
		if p != (Range{}) && (p.Empty() || !d.Scale.Has(p.From) || !d.Scale.Has(p.Below-1)) {
			return fail("%d to below %d is not a stretch of %v", p.From, p.Below, d.Scale)
		}
	}
	switch {
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

// LowerIsBetter reports whether a lower value of the index is the better one,
// which is so of a mean on a scale where lower is better. Shares count positive
// answers, and normalised means are turned, so that higher is better for them.
func (d Definition) LowerIsBetter() bool {
	return d.Statistic == MeanAnswer && d.Scale.Direction == LowerIsBetter
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

// String returns the name, or what the definition says if it has none.
func (d Definition) String() string {
	if d.Name != "" {
		return d.Name
	}
	return fmt.Sprintf("%v of %v", d.Statistic, d.Scale)
}

// Question is what was asked, and which index its answers are for: that a scale
// goes from 0 to 10 does not make a question an NPS. A question whose definition
// has [NoStatistic] declares none.
type Question struct {
	ID         string     `json:"id"`
	Text       string     `json:"text,omitzero"` // the wording
	Definition Definition `json:"definition"`
}
