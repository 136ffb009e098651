package rating

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Criterion is one line of a [Scorecard]: what a reviewer marks, on which
// scale, and how much it weighs.
type Criterion struct {
	ID       string          `json:"id"` // the key of its mark in a Review
	Name     string          `json:"name,omitzero"`
	Guidance string          `json:"guidance,omitzero"` // what the reviewer asks
	Section  string          `json:"section,omitzero"`
	Weight   decimal.Decimal `json:"weight"` // relative to the others; 0 or more
	// Min and Max are the worst and the best mark, both whole numbers from −1000
	// to 1000: 0 and 1 for no and yes, 1 and 5 for a scale of five.
	Min int `json:"min"`
	Max int `json:"max"`
	// AutoFail makes the worst mark fail the whole review, whatever its score:
	// for what must never happen.
	AutoFail bool `json:"auto_fail,omitzero"`
}

// Limits of a card: of its marks, and of its criteria.
const (
	markLimit     = 1000
	criteriaLimit = 1000
)

// Scorecard scores reviewed conversations by weighted criteria. With mark m on
// a scale from min to max, over the criteria that apply,
//
//	score = 100 · Σ weight·(m − min)/(max − min) / Σ weight
//
// A criterion that does not apply leaves its weight to the others, and the worst
// marks give 0 on any scale. The score is exact. Weights are relative: multiplying
// all by a constant changes nothing.
//
// A Scorecard is immutable. The zero value has no criterion and scores nothing.
type Scorecard struct {
	passMark decimal.Decimal
	criteria []Criterion
}

// NewScorecard returns the scorecard of the given criteria, such as those of
// [FiveElements]. A review passes if its score is at least passMark, from 0 to
// 100, and nothing failed it at once.
//
// The error wraps [ErrDefinition], in a [*PartError] if a criterion is wrong:
// no ID or one that comes twice, a negative weight or one of more than 18
// places, a scale without range or beyond ±1000. A card without criteria, with more than
// 1,000, or whose weights are all 0, is an error.
func NewScorecard(passMark decimal.Decimal, criteria ...Criterion) (Scorecard, error) {
	if len(criteria) == 0 {
		return Scorecard{}, definition("criterion", 0, "", "there is none")
	}
	if len(criteria) > criteriaLimit {
		return Scorecard{}, definition("criterion", criteriaLimit, criteria[criteriaLimit].ID, "one of %d, want %d at most", len(criteria), criteriaLimit)
	}
	if checkWeight(passMark) != "" || passMark.GreaterThan(decimal.New(100, 0)) {
		return Scorecard{}, fmt.Errorf("%w: pass mark %s, want 0 to 100", ErrDefinition, short(passMark))
	}
	weighed, known := false, make(map[string]bool, len(criteria))
	for i, c := range criteria {
		switch fault := checkWeight(c.Weight); {
		case c.ID == "":
			return Scorecard{}, definition("criterion", i, c.Name, "no id")
		case known[c.ID]:
			return Scorecard{}, definition("criterion", i, c.ID, "the id comes twice")
		case fault != "":
			return Scorecard{}, definition("criterion", i, c.ID, "weight %s %s", short(c.Weight), fault)
		case c.Min >= c.Max || c.Min < -markLimit || c.Max > markLimit:
			return Scorecard{}, definition("criterion", i, c.ID, "scale of %d to %d", c.Min, c.Max)
		}
		weighed, known[c.ID] = weighed || !c.Weight.IsZero(), true
	}
	if !weighed {
		return Scorecard{}, fmt.Errorf("%w: scorecard: all weights are 0", ErrDefinition)
	}
	return Scorecard{passMark, slices.Clone(criteria)}, nil
}

// short writes a decimal for an error message. With a large exponent it would be a
// long row of zeros.
func short(d decimal.Decimal) string {
	if e := d.Exponent(); e > weightLimit || e < -10*weightLimit || d.Coefficient().BitLen() > 512 {
		return fmt.Sprintf("of %d digits and exponent %d", d.NumDigits(), e)
	}
	return d.String()
}

// PassMark returns the score from which on a review passes.
func (c Scorecard) PassMark() decimal.Decimal { return c.passMark }

// Criteria returns the criteria, in their order.
func (c Scorecard) Criteria() []Criterion { return slices.Clone(c.criteria) }

type scorecardJSON struct {
	PassMark decimal.Decimal `json:"pass_mark"`
	Criteria []Criterion     `json:"criteria"`
}

// MarshalJSON implements [json.Marshaler]:
//
//	{"pass_mark": "80", "criteria": [
//	  {"id": "empathy", "weight": "1.5", "min": 1, "max": 5}]}
//
// with name, guidance, section and auto_fail where a criterion has them.
func (c Scorecard) MarshalJSON() ([]byte, error) {
	w := scorecardJSON{c.passMark, c.criteria}
	if w.Criteria == nil {
		w.Criteria = []Criterion{}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler] with the checks of
// [NewScorecard]. An object without criteria and pass mark is the zero value. The error
// wraps [ErrSyntax] for JSON that is none of a card, unknown fields and numbers of more
// than 64 bytes included.
func (c *Scorecard) UnmarshalJSON(data []byte) error {
	var w struct {
		PassMark number `json:"pass_mark"`
		Criteria []struct {
			Criterion
			Weight number `json:"weight"`
		} `json:"criteria"`
	}
	null, err := strict(data, &w, "scorecard")
	if null || err != nil {
		return err
	}
	criteria := make([]Criterion, len(w.Criteria))
	for i, crit := range w.Criteria {
		criteria[i] = crit.Criterion
		criteria[i].Weight = crit.Weight.Decimal
	}
	var read Scorecard
	if len(criteria) > 0 || !w.PassMark.IsZero() {
		if read, err = NewScorecard(w.PassMark.Decimal, criteria...); err != nil {
			return err
		}
	}
	*c = read
	return nil
}
