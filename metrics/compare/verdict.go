package compare

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/text"
)

// Verdict says in a word what a comparison found.
type Verdict uint8

const (
	NoData             Verdict = iota // on one side at least
	TooFew                            // fewer than [Family.Minimum] on one side
	NotTested                         // there is no test for it; see [Family]
	NotDistinguishable                // from no change
	Better
	Worse
	Higher // of an index of which neither way is better
	Lower
)

var verdictNames = text.NewEnum[Verdict](errors.New("compare: no such verdict"),
	"no_data", "too_few", "not_tested", "not_distinguishable", "better", "worse", "higher", "lower",
)

var verdictLabels = text.NewEnum[Verdict](nil, "no data", "too few", "not tested", "not distinguishable", "better", "worse", "higher", "lower")

// String returns the verdict for people, such as "not distinguishable".
func (v Verdict) String() string { return verdictLabels.Name(v) }

// Changed reports whether the verdict is that something changed: better, worse,
// higher or lower.
func (v Verdict) Changed() bool { return v >= Better && v <= Lower }

// AppendText implements [encoding.TextAppender], such as "not_distinguishable".
func (v Verdict) AppendText(b []byte) ([]byte, error) { return verdictNames.Append(b, v) }

// MarshalText implements [encoding.TextMarshaler].
func (v Verdict) MarshalText() ([]byte, error) { return v.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (v *Verdict) UnmarshalText(text []byte) error { return verdictNames.Parse(v, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (v *Verdict) Scan(src any) error { return verdictNames.Scan(v, src) }

// Value implements [driver.Valuer] with the text form.
func (v Verdict) Value() (driver.Value, error) { return verdictNames.Value(v) }

// moved returns the verdict on an index that went up or down for sure.
func moved(up bool, d Direction) Verdict {
	switch {
	case d == Neither && up:
		return Higher
	case d == Neither:
		return Lower
	case up == (d == HigherIsBetter):
		return Better
	}
	return Worse
}
