package rating

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

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
	Level   Level      `json:"level"`
	Fact    string     `json:"fact"`
	AtLeast stat.Ratio `json:"at_least,omitzero"` // included
	AtMost  stat.Ratio `json:"at_most,omitzero"`  // included
}

// holds reports whether the fact was measured and is within the bounds.
func (r Rung) holds(fact stat.Ratio) bool {
	return fact.AtLeast(r.AtLeast) && (!r.AtMost.Defined() || fact.Compare(r.AtMost) <= 0)
}

// String returns what must be, such as "csat at least 9 of 10" or "wait at most
// 60".
func (r Rung) String() string {
	text := r.Fact
	if r.AtLeast.Defined() {
		text += " at least " + amount(r.AtLeast)
	}
	if r.AtMost.Defined() {
		text += " at most " + amount(r.AtMost)
	}
	return text
}

// amount prints a whole number as such, and a share by its counts.
func amount(r stat.Ratio) string {
	if r.Whole == 1 {
		return strconv.FormatInt(r.Part, 10)
	}
	return r.String()
}

// Ladder says by which criteria a desk holds each [Level]. It is climbed from
// the bottom while every criterion of the level holds: what is surprising on
// one step does not make up for what is missing on a lower one. The zero value
// has no step.
type Ladder struct{ rungs []Rung }

// NewLadder returns the ladder of the given criteria, in any order. The error
// wraps [ErrDefinition], in a [*PartError], if there is none, if one has no
// level, no fact, no bound, or bounds that exclude each other, if a level asks
// for the same fact twice, or if a level below the highest one has none: a
// level without criteria would be held by everybody.
func NewLadder(rungs ...Rung) (Ladder, error) {
	if len(rungs) == 0 {
		return Ladder{}, definition("rung", 0, "", "there is none")
	}
	var has [Unbelievable + 1]bool
	highest := Basic
	for i, r := range rungs {
		if r.Level < Basic || r.Level > Unbelievable {
			return Ladder{}, definition("rung", i, r.Fact, "no such level: %d", uint8(r.Level))
		}
		same := func(other Rung) bool { return other.Level == r.Level && other.Fact == r.Fact }
		switch {
		case r.Fact == "":
			return Ladder{}, definition("rung", i, "", "no fact")
		case !r.AtLeast.Defined() && !r.AtMost.Defined():
			return Ladder{}, definition("rung", i, r.Fact, "no bound")
		case r.AtLeast.Defined() && r.AtMost.Defined() && r.AtLeast.Compare(r.AtMost) > 0:
			return Ladder{}, definition("rung", i, r.Fact, "at least %v and at most %v exclude each other", r.AtLeast, r.AtMost)
		case slices.ContainsFunc(rungs[:i], same):
			return Ladder{}, definition("rung", i, r.Fact, "%v asks for it twice", r.Level)
		}
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

// Finding is a criterion with the fact that was measured for it.
type Finding struct {
	Rung
	Measured stat.Ratio `json:"measured"` // not defined if the fact was not measured
	Holds    bool       `json:"holds"`
}

// String returns the criterion and the fact, such as
// "csat at least 9 of 10: 17 of 20".
func (f Finding) String() string {
	if !f.Measured.Defined() {
		return f.Rung.String() + ": not measured"
	}
	return f.Rung.String() + ": " + amount(f.Measured)
}

// Standing is how high a desk stands on a [Ladder].
type Standing struct {
	// Level is the highest one of which, and of all below it, every criterion
	// holds. Zero: not even the lowest.
	Level Level `json:"level"`
	// Next is the level to reach. Zero: the ladder goes no higher.
	Next Level `json:"next"`
	// Findings are all criteria with their facts, lowest level first.
	Findings []Finding `json:"findings"`
}

// Missing returns the criteria of the next level that do not hold, a fact that
// was not measured among them.
func (s Standing) Missing() []Finding {
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f Finding) bool { return f.Holds || f.Level != s.Next })
}

// Climb returns the standing of a desk with these facts. Facts that no
// criterion asks for are ignored.
func (l Ladder) Climb(facts Facts) Standing {
	s := Standing{Findings: make([]Finding, len(l.rungs))}
	for i, r := range l.rungs {
		fact := facts[r.Fact]
		s.Findings[i] = Finding{r, fact, r.holds(fact)}
	}
	for _, f := range s.Findings {
		if !f.Holds {
			s.Next = f.Level
			s.Level = f.Level - 1
			return s
		}
		s.Level = f.Level
	}
	return s
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
// An empty array is the zero value.
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
