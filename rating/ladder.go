package rating

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Facts are measured values by their names, each an exact ratio: a share such
// as 81 of 100, a mean such as d.Total() of a [Distribution], or an amount over
// its unit: a duration d in minutes is
//
//	stat.Ratio{Part: int64(d), Whole: int64(time.Minute)}
//
// A ratio that is not defined is a fact that was not measured.
type Facts map[string]stat.Ratio

// Rung is one criterion of a level: what a fact must be for the level to hold.
// One of the two bounds may be left out.
type Rung struct {
	Level Level  `json:"level"`
	Fact  string `json:"fact"`
	// Unit is how people read the fact: what stands after its value, such as
	// "minutes to the first response" or "% of reviews passed", with the value in
	// percent if it begins with %. It decides nothing.
	Unit    string     `json:"unit,omitzero"`
	AtLeast stat.Ratio `json:"at_least,omitzero"` // included
	AtMost  stat.Ratio `json:"at_most,omitzero"`  // included
}

// holds reports whether the fact was measured and is within the bounds.
func (r Rung) holds(fact stat.Ratio) bool {
	return fact.AtLeast(r.AtLeast) && (!r.AtMost.Defined() || fact.Compare(r.AtMost) <= 0)
}

// String returns what must be, such as "at least 60 % of reviews passed" or, without
// a unit, "csat at least 0.9".
func (r Rung) String() string {
	if r.Unit == "" {
		return r.Fact + r.bounds("")
	}
	return strings.TrimSpace(r.bounds("") + " " + r.Unit)
}

// mostPlaces is the number of decimal places with which a value is written at most.
const mostPlaces = 9

// bounds writes the bounds, each with its unit.
func (r Rung) bounds(unit string) string {
	var b strings.Builder
	if r.AtLeast.Defined() {
		b.WriteString(" at least " + r.value(r.AtLeast, mostPlaces).String() + unit)
	}
	if r.AtMost.Defined() {
		if b.Len() > 0 {
			b.WriteString(" and")
		}
		b.WriteString(" at most " + r.value(r.AtMost, mostPlaces).String() + unit)
	}
	return b.String()
}

// value returns a fact in the unit that people read, rounded once.
func (r Rung) value(fact stat.Ratio, places int32) decimal.Decimal {
	in := fact.Decimal
	if strings.HasPrefix(r.Unit, "%") {
		in = fact.Percent
	}
	d, _ := in(places, stat.HalfAwayFromZero)
	return d
}

// measured returns a fact with as few decimal places as leave it on the same side of
// the bounds: 59.6 % does not show as the 60 % that are needed.
func (r Rung) measured(fact stat.Ratio) string {
	places := int32(2)
	if strings.HasPrefix(r.Unit, "%") {
		places = 0
	}
	for ; places < mostPlaces; places++ {
		shown := r.value(fact, places)
		agrees := func(bound stat.Ratio) bool {
			return !bound.Defined() || shown.Cmp(r.value(bound, mostPlaces)) == fact.Compare(bound)
		}
		if agrees(r.AtLeast) && agrees(r.AtMost) {
			break
		}
	}
	return r.value(fact, places).String()
}

// Ladder says by which criteria a desk holds each [Level]. It is climbed from
// the bottom while every criterion of the level holds: what is surprising on
// one level does not make up for what is missing on a lower one. The zero value
// has no criterion.
type Ladder struct{ rungs []Rung }

// rungLimit bounds the criteria of a ladder.
const rungLimit = 1000

// NewLadder returns the ladder of the given criteria, in any order. The error
// wraps [ErrDefinition], in a [*PartError], if there is none; if one has no level,
// no fact, no bound, or bounds that exclude each other; if a level asks for the
// same fact twice; if there are more than 1,000; or if a level below the highest one has
// no criterion, since everybody would hold it.
func NewLadder(rungs ...Rung) (Ladder, error) {
	if len(rungs) == 0 {
		return Ladder{}, definition("rung", 0, "", "there is none")
	}
	if len(rungs) > rungLimit {
		return Ladder{}, definition("rung", rungLimit, rungs[rungLimit].Fact, "one of %d, want %d at most", len(rungs), rungLimit)
	}
	type question struct {
		level Level
		fact  string
	}
	asked := make(map[question]bool, len(rungs))
	var has [Unbelievable + 1]bool
	highest := Basic
	for i, r := range rungs {
		if r.Level < Basic || r.Level > Unbelievable {
			return Ladder{}, definition("rung", i, r.Fact, "no such level: %d", uint8(r.Level))
		}
		switch {
		case r.Fact == "":
			return Ladder{}, definition("rung", i, "", "no fact")
		case !r.AtLeast.Defined() && !r.AtMost.Defined():
			return Ladder{}, definition("rung", i, r.Fact, "no bound")
		case r.AtLeast.Defined() && r.AtMost.Defined() && r.AtLeast.Compare(r.AtMost) > 0:
			return Ladder{}, definition("rung", i, r.Fact, "at least %v and at most %v exclude each other", r.AtLeast, r.AtMost)
		case asked[question{r.Level, r.Fact}]:
			return Ladder{}, definition("rung", i, r.Fact, "%v asks for it twice", r.Level)
		}
		asked[question{r.Level, r.Fact}] = true
		has[r.Level], highest = true, max(highest, r.Level)
	}
	for l := Basic; l < highest; l++ {
		if !has[l] {
			return Ladder{}, fmt.Errorf("%w: ladder: %v has no criterion, and %v above it has", ErrDefinition, l, highest)
		}
	}
	rungs = slices.Clone(rungs)
	slices.SortStableFunc(rungs, func(a, b Rung) int { return int(a.Level) - int(b.Level) })
	return Ladder{rungs}, nil
}

// Rungs returns the criteria, from the lowest level to the highest.
func (l Ladder) Rungs() []Rung { return slices.Clone(l.rungs) }

// MeasuredRung is a criterion with the fact that was measured for it.
type MeasuredRung struct {
	Rung
	Measured stat.Ratio `json:"measured"` // not defined if the fact was not measured
	Holds    bool       `json:"holds"`
}

// String returns the fact and the criterion, such as "59 % of reviews passed; needs at
// least 60 %" or, without a unit, "csat 0.85; needs at least 0.9".
func (m MeasuredRung) String() string {
	if !m.Measured.Defined() {
		return m.Rung.String() + ": not measured"
	}
	value := m.measured(m.Measured)
	if m.Unit == "" {
		return m.Fact + " " + value + "; needs" + m.bounds("")
	}
	short, _, _ := strings.Cut(m.Unit, " ")
	return value + " " + m.Unit + "; needs" + m.bounds(" "+short)
}

// Assessment is how high a desk stands on a [Ladder].
type Assessment struct {
	// Level is the highest level for which every criterion holds, as for all levels
	// below it. Zero: not even the lowest.
	Level Level `json:"level"`
	// Next is the level to reach. Zero: the ladder goes no higher.
	Next Level `json:"next"`
	// Rungs are all criteria with their facts, lowest level first.
	Rungs []MeasuredRung `json:"rungs"`
}

// Missing returns the criteria of the next level that do not hold, including those
// whose fact was not measured.
func (a Assessment) Missing() []MeasuredRung {
	return slices.DeleteFunc(slices.Clone(a.Rungs), func(m MeasuredRung) bool { return m.Holds || m.Level != a.Next })
}

// String returns the level and what is missing for the next, such as "Basic; Expected
// needs 1 more of its 3 criteria".
func (a Assessment) String() string {
	level := cmp.Or(a.Level.String(), "No level")
	missing := a.Missing()
	if len(missing) == 0 {
		return level
	}
	all := 0
	for _, m := range a.Rungs {
		if m.Level == a.Next {
			all++
		}
	}
	return fmt.Sprintf("%s; %v needs %d more of its %d criteria", level, a.Next, len(missing), all)
}

// Climb assesses a desk with these facts. Facts that no criterion asks for are
// ignored.
func (l Ladder) Climb(facts Facts) Assessment {
	a := Assessment{Rungs: make([]MeasuredRung, len(l.rungs))}
	for i, r := range l.rungs {
		fact := facts[r.Fact]
		a.Rungs[i] = MeasuredRung{r, fact, r.holds(fact)}
	}
	for _, m := range a.Rungs {
		if !m.Holds {
			a.Next, a.Level = m.Level, m.Level-1
			return a
		}
		a.Level = m.Level
	}
	return a
}

// MarshalJSON implements [json.Marshaler]: an array of criteria, lowest level
// first.
func (l Ladder) MarshalJSON() ([]byte, error) {
	if l.rungs == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(l.rungs)
}

// UnmarshalJSON implements [json.Unmarshaler] with the checks of [NewLadder].
// An empty array is the zero value. The error wraps [ErrSyntax] for JSON that is none of
// a ladder, unknown fields included.
func (l *Ladder) UnmarshalJSON(data []byte) error {
	var rungs []Rung
	null, err := strict(data, &rungs, "ladder")
	if null || err != nil {
		return err
	}
	var read Ladder
	if len(rungs) > 0 {
		if read, err = NewLadder(rungs...); err != nil {
			return err
		}
	}
	*l = read
	return nil
}
