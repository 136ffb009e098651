package rating

import (
	"encoding/json"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Band is one tier of a user's own: what it is called, and from which value on
// it holds. It ends where the next begins.
type Band struct {
	Name    string     `json:"name"`
	From    stat.Ratio `json:"from"` // included
	Meaning string     `json:"meaning,omitzero"`
	Advice  string     `json:"advice,omitzero"`
}

// Tiers sort a value into bands with thresholds of the user's own: a mean of
// stars, a share of satisfied customers, any [stat.Ratio]. Bands are half-open,
// each from its threshold up to, and without, the next; the last has no end.
// Values are compared as exact ratios, so that 99,999 of 125,000 is below a
// threshold of 80 %. The zero value has no band.
type Tiers struct{ bands []Band }

// NewTiers returns tiers of the bands, lowest first. The error wraps
// [ErrDefinition], in a [*PartError], if there is no band, a name is empty or
// comes twice, or a threshold is not defined or not above the one before.
func NewTiers(bands ...Band) (Tiers, error) {
	if len(bands) == 0 {
		return Tiers{}, definition("tier", 0, "", "there is none")
	}
	for i, b := range bands {
		switch {
		case b.Name == "":
			return Tiers{}, definition("tier", i, "", "no name")
		case slices.ContainsFunc(bands[:i], func(other Band) bool { return other.Name == b.Name }):
			return Tiers{}, definition("tier", i, b.Name, "the name comes twice")
		case !b.From.Defined():
			return Tiers{}, definition("tier", i, b.Name, "threshold of %v", b.From)
		case i > 0 && b.From.Compare(bands[i-1].From) <= 0:
			return Tiers{}, definition("tier", i, b.Name, "threshold of %v is not above %v", b.From, bands[i-1].From)
		}
	}
	return Tiers{slices.Clone(bands)}, nil
}

// StarTiers returns the five tiers of [Tier] as thresholds on the mean of
// stars: 1, 1.75, 2.75, 3.75 and 4.75, from which on the mean shows as that
// many stars or half a star more.
func StarTiers() Tiers {
	t := Tiers{make([]Band, Outstanding)}
	for i := range t.bands {
		tier := Tier(i + 1)
		t.bands[i] = Band{tier.String(), stat.Ratio{Part: 4*int64(tier) - 1, Whole: 4}, tier.Meaning(), tier.Advice()}
	}
	t.bands[0].From = stat.Ratio{Part: 1, Whole: 1}
	return t
}

// Of returns the band that a value lies in. It returns false if the value is
// not defined, below the lowest threshold, or counted from fewer than minimum
// (its Whole): what five customers say decides nothing. For the mean of a
// [Distribution] d the value is d.Total().
func (t Tiers) Of(value stat.Ratio, minimum int64) (Band, bool) {
	if !value.Defined() || value.Whole < minimum {
		return Band{}, false
	}
	for _, b := range slices.Backward(t.bands) {
		if value.Compare(b.From) >= 0 {
			return b, true
		}
	}
	return Band{}, false
}

// Bands returns the bands, lowest first.
func (t Tiers) Bands() []Band { return slices.Clone(t.bands) }

// MarshalJSON implements [json.Marshaler]: an array of bands, lowest first.
func (t Tiers) MarshalJSON() ([]byte, error) {
	if t.bands == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(t.bands)
}

// UnmarshalJSON implements [json.Unmarshaler] with the checks of [NewTiers]. An
// empty array is the zero value.
func (t *Tiers) UnmarshalJSON(data []byte) error {
	var bands []Band
	null, err := strict(data, &bands, "tiers")
	if null || err != nil {
		return err
	}
	var read Tiers
	if len(bands) > 0 {
		if read, err = NewTiers(bands...); err != nil {
			return err
		}
	}
	*t = read
	return nil
}
