package rating

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// Tier is one of five tiers of service that star ratings stand for. The zero
// value is no tier: too few people have rated, or nobody.
type Tier uint8

const (
	Disappointing Tier = iota + 1 // 1 and 1½ stars
	PartlyMet                     // 2 and 2½ stars
	Satisfactory                  // 3 and 3½ stars
	High                          // 4 and 4½ stars
	Outstanding                   // 5 stars
)

var tierNames = text.NewEnum[Tier](errors.New("rating: no such tier"),
	"", "disappointing", "partly_met", "satisfactory", "high", "outstanding",
)

var tiers = [...]struct{ name, meaning, advice string }{
	{},
	{
		"Disappointing",
		"Customers' needs are not met: they wait long, feel unheard, and say so in public.",
		"Stop the harm first: answer what is overdue, call back whoever rated one star, and find the one cause behind most of these ratings.",
	},
	{
		"Partly met",
		"Needs are met in part: answers are unclear, incomplete, or unprofessional in tone.",
		"Read the conversations rated two stars for what was missing, and mend it in training and in prepared answers.",
	},
	{
		"Satisfactory",
		"Customers are content, and see room for improvement.",
		"Keep improving: pick the slowest channel or the most frequent complaint, change one thing, and measure again.",
	},
	{
		"High",
		"Service is where most companies aim to be.",
		"Make small and careful adjustments only, and watch that none of them lowers the rating.",
	},
	{
		"Outstanding",
		"Service exceeds what customers need, and does so consistently.",
		"This is the hardest tier to hold: write down what the desk does, guard its staffing, and watch for the first drop.",
	},
}

// String returns the name for people, such as "Partly met"; it is empty for no
// tier.
func (t Tier) String() string {
	if int(t) < len(tiers) {
		return tiers[t].name
	}
	return fmt.Sprintf("Tier(%d)", uint8(t))
}

// Meaning says in a sentence what the tier tells of the service. It is empty
// for no tier.
func (t Tier) Meaning() string {
	if int(t) < len(tiers) {
		return tiers[t].meaning
	}
	return ""
}

// Advice says in a sentence what to do next. It is empty for no tier.
func (t Tier) Advice() string {
	if int(t) < len(tiers) {
		return tiers[t].advice
	}
	return ""
}

// AppendText implements [encoding.TextAppender]: "disappointing", "partly_met",
// "satisfactory", "high", "outstanding", or nothing for no tier.
func (t Tier) AppendText(b []byte) ([]byte, error) { return tierNames.Append(b, t) }

// MarshalText implements [encoding.TextMarshaler].
func (t Tier) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (t *Tier) UnmarshalText(text []byte) error { return tierNames.Parse(t, text) }

// Scan implements [sql.Scanner] for the text form; NULL is no tier.
func (t *Tier) Scan(src any) error { return tierNames.Scan(t, src) }

// Value implements [driver.Valuer] with the text form.
func (t Tier) Value() (driver.Value, error) { return tierNames.Value(t) }
