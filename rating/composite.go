package rating

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Measure is one part of a [Composite]: a fact, the value at which it counts 0
// and the value at which it counts 100. A Target below the Floor means that
// lower is better, as for a waiting time.
type Measure struct {
	Fact   string          `json:"fact"`
	Floor  stat.Ratio      `json:"floor"`
	Target stat.Ratio      `json:"target"`
	Weight decimal.Decimal `json:"weight"` // relative to the others; above 0
}

// points puts a fact on 0 to 100: linear between floor and target, held to the
// ends beyond them.
func (m Measure) points(fact stat.Ratio) Points {
	floor, target := rat(m.Floor), rat(m.Target)
	part := new(big.Rat).Sub(rat(fact), floor)
	p := pointsOf(part, target.Sub(target, floor))
	switch {
	case p.r.Sign() < 0:
		return Points{}
	case p.r.Cmp(hundred()) > 0:
		return Points{hundred()}
	}
	return p
}

func rat(r stat.Ratio) *big.Rat { return big.NewRat(r.Part, r.Whole) }

// Composite makes one index of several measures. Each is put on 0 to 100
// between its floor and its target, and the index is their weighted mean over
// what was measured:
//
//	index = Σ weight·points / Σ weight
//
// A measure that is missing leaves its weight to the others, and the coverage
// says how much weight is left; below a minimum there is no index. An index
// hides as much as it tells: it lists its contributions.
//
// A Composite is immutable. The zero value has no measure.
type Composite struct {
	minimum  stat.Ratio
	measures []Measure
}

// NewComposite returns the composite of the measures, which has an index only
// where measures with at least the share minimum of the weight, from 0 to 1,
// were measured. The error wraps [ErrDefinition], in a [*PartError] if a measure
// is wrong: without a fact or with one that comes twice, with a floor or target
// that is not defined, with floor and target equal, or with a weight that is
// not positive or has more than 18 places.
func NewComposite(minimum stat.Ratio, measures ...Measure) (Composite, error) {
	if !minimum.AtLeast(stat.Ratio{Whole: 1}) || !(stat.Ratio{Part: 1, Whole: 1}).AtLeast(minimum) {
		return Composite{}, fmt.Errorf("%w: minimum coverage of %v, want a share", ErrDefinition, minimum)
	}
	if len(measures) == 0 {
		return Composite{}, definition("measure", 0, "", "there is none")
	}
	for i, m := range measures {
		same := func(other Measure) bool { return other.Fact == m.Fact }
		switch fault := checkWeight(m.Weight); {
		case m.Fact == "":
			return Composite{}, definition("measure", i, "", "no fact")
		case slices.ContainsFunc(measures[:i], same):
			return Composite{}, definition("measure", i, m.Fact, "the fact comes twice")
		case fault != "":
			return Composite{}, definition("measure", i, m.Fact, "weight %s %s", short(m.Weight), fault)
		case m.Weight.IsZero():
			return Composite{}, definition("measure", i, m.Fact, "weight 0")
		case !m.Floor.Defined() || !m.Target.Defined() || m.Floor.Compare(m.Target) == 0:
			return Composite{}, definition("measure", i, m.Fact, "floor %v, target %v", m.Floor, m.Target)
		}
	}
	return Composite{minimum, slices.Clone(measures)}, nil
}

// Measures returns the measures, in their order.
func (c Composite) Measures() []Measure { return slices.Clone(c.measures) }

// Index is the value of a [Composite].
type Index struct {
	Value Points `json:"value"`
	// Coverage is the weight of what was measured, in percent of all.
	Coverage Points `json:"coverage"`
	// Contributions are the measures in their order; those that were measured
	// add up to Value.
	Contributions []Contribution `json:"contributions"`
}

// Contribution is what one measure adds to an [Index].
type Contribution struct {
	Fact     string     `json:"fact"`
	Measured stat.Ratio `json:"measured"` // not defined if it is missing
	Points   Points     `json:"points"`   // of the measure, from 0 at its floor to 100 at its target
	Share    Points     `json:"share"`    // of the weight that was measured, in percent
	Adds     Points     `json:"adds"`     // Points times Share
}

// Index returns the index of these facts. Facts that are no measure are
// ignored. The error wraps [ErrCoverage], and names what is missing, if too
// little or nothing was measured, and [ErrDefinition] for the zero Composite.
func (c Composite) Index(facts Facts) (Index, error) {
	if len(c.measures) == 0 {
		return Index{}, fmt.Errorf("%w: composite without measures", ErrDefinition)
	}
	var measured, all big.Rat
	var missing []string
	for _, m := range c.measures {
		all.Add(&all, m.Weight.Rat())
		if facts[m.Fact].Defined() {
			measured.Add(&measured, m.Weight.Rat())
		} else {
			missing = append(missing, m.Fact)
		}
	}
	coverage := pointsOf(&measured, &all)
	if needed := pointsOf(rat(c.minimum), big.NewRat(1, 1)); measured.Sign() == 0 || coverage.Compare(needed) < 0 {
		return Index{}, fmt.Errorf("%w: %v %% of the weight, want %v %%; missing: %.200q", ErrCoverage, coverage, needed, missing)
	}
	index := Index{Coverage: coverage, Contributions: make([]Contribution, len(c.measures))}
	value := new(big.Rat)
	for i, m := range c.measures {
		fact := facts[m.Fact]
		index.Contributions[i] = Contribution{Fact: m.Fact}
		if !fact.Defined() {
			continue
		}
		points, share := m.points(fact), pointsOf(m.Weight.Rat(), &measured)
		adds := new(big.Rat).Mul(points.rat(), share.rat())
		adds.Quo(adds, hundred())
		value.Add(value, adds)
		index.Contributions[i] = Contribution{m.Fact, fact, points, share, Points{adds}}
	}
	index.Value = Points{value}
	return index, nil
}

type compositeJSON struct {
	Minimum  stat.Ratio `json:"minimum_coverage"`
	Measures []Measure  `json:"measures"`
}

// MarshalJSON implements [json.Marshaler]:
//
//	{"minimum_coverage": {"part": 1, "whole": 2}, "measures": [
//	  {"fact": "csat", "floor": {"part": 50, "whole": 100},
//	   "target": {"part": 90, "whole": 100}, "weight": "2"}]}
func (c Composite) MarshalJSON() ([]byte, error) {
	w := compositeJSON{c.minimum, c.measures}
	if w.Measures == nil {
		w.Measures = []Measure{}
	}
	return json.Marshal(w)
}

// UnmarshalJSON implements [json.Unmarshaler] with the checks of
// [NewComposite]. An object without measures and minimum is the zero value.
func (c *Composite) UnmarshalJSON(data []byte) error {
	var w compositeJSON
	null, err := strict(data, &w, "composite")
	if null || err != nil {
		return err
	}
	var read Composite
	if len(w.Measures) > 0 || w.Minimum != (stat.Ratio{}) {
		if read, err = NewComposite(w.Minimum, w.Measures...); err != nil {
			return err
		}
	}
	*c = read
	return nil
}
