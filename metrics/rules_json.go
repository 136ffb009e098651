package metrics

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// plainRules are Rules without methods.
type plainRules Rules

// rulesJSON is the JSON form of Rules.
type rulesJSON struct {
	plainRules
	// These take the place of the fields of the same names.
	NewCaseAfter  durationText `json:"new_case_after,omitzero"`
	RatingExpires durationText `json:"rating_expires,omitzero"`
	ShortAbandon  durationText `json:"short_abandon,omitzero"`
}

// MarshalJSON implements [json.Marshaler]. Durations are text, such as "168h", and
// fields of zero value are left out.
func (r Rules) MarshalJSON() ([]byte, error) {
	return json.Marshal(rulesJSON{plainRules(r), durationText(r.NewCaseAfter), durationText(r.RatingExpires), durationText(r.ShortAbandon)})
}

// UnmarshalJSON implements [json.Unmarshaler]. Fields that are missing stay as they are.
// A field that is unknown or comes twice is an error, and so are a duration below 0 and
// whatever follows.
func (r *Rules) UnmarshalJSON(data []byte) error {
	w := rulesJSON{plainRules(*r), durationText(r.NewCaseAfter), durationText(r.RatingExpires), durationText(r.ShortAbandon)}
	if _, err := text.DecodeJSON(data, &w); err != nil {
		return err
	}
	*r = Rules(w.plainRules)
	r.NewCaseAfter = time.Duration(w.NewCaseAfter)
	r.RatingExpires, r.ShortAbandon = time.Duration(w.RatingExpires), time.Duration(w.ShortAbandon)
	return nil
}

// durationText is a duration of Rules as text.
type durationText time.Duration

// MarshalText implements [encoding.TextMarshaler].
func (d durationText) MarshalText() ([]byte, error) { return []byte(text.Exact(time.Duration(d))), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *durationText) UnmarshalText(given []byte) error {
	read, err := time.ParseDuration(string(given))
	if err != nil || read < 0 {
		return fmt.Errorf("metrics: not a duration of 0 or more such as 1m40s: %q", quotable(given))
	}
	*d = durationText(read)
	return nil
}
