package rating_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

func sampleLadder(t *testing.T) rating.Ladder {
	t.Helper()
	return valueOf(rating.NewLadder(
		rating.Rung{Level: rating.Desired, Fact: "csat", AtLeast: ratio(9, 10)},
		rating.Rung{Level: rating.Basic, Fact: "answered", Unit: "% of messages answered", AtLeast: ratio(9, 10)},
		rating.Rung{Level: rating.Expected, Fact: "wait", Unit: "minutes to a reply", AtMost: ratio(60, 1)},
		rating.Rung{Level: rating.Expected, Fact: "csat", AtLeast: ratio(7, 10)},
		rating.Rung{Level: rating.Desired, Fact: "load", AtLeast: ratio(1, 2), AtMost: ratio(3, 4)},
	))(t)
}

func TestClimb(t *testing.T) {
	ladder := sampleLadder(t)
	all := rating.Facts{"answered": ratio(95, 100), "wait": ratio(30, 1), "csat": ratio(95, 100), "load": ratio(6, 10), "other": ratio(0, 1)}
	for _, c := range []struct {
		name        string
		change      rating.Facts
		level, next rating.Level
		missing     string
	}{
		{"all hold", nil, rating.Desired, 0, ""},
		{"at the bounds", rating.Facts{"answered": ratio(9, 10), "wait": ratio(60, 1), "csat": ratio(9, 10), "load": ratio(3, 4)}, rating.Desired, 0, ""},
		{"at the other bound", rating.Facts{"load": ratio(1, 2)}, rating.Desired, 0, ""},
		{"above a range", rating.Facts{"load": ratio(76, 100)}, rating.Expected, rating.Desired, "load 0.76; needs at least 0.5 and at most 0.75"},
		{"below a range", rating.Facts{"load": ratio(49, 100)}, rating.Expected, rating.Desired, "load 0.49; needs at least 0.5 and at most 0.75"},
		{"just below", rating.Facts{"csat": ratio(8_999, 10_000)}, rating.Expected, rating.Desired, "csat 0.8999; needs at least 0.9"},
		{"too slow", rating.Facts{"wait": ratio(601, 10)}, rating.Basic, rating.Expected, "60.1 minutes to a reply; needs at most 60 minutes"},
		{"two missing", rating.Facts{"wait": ratio(61, 1), "csat": ratio(1, 2)}, rating.Basic, rating.Expected, "61 minutes to a reply; needs at most 60 minutes\ncsat 0.5; needs at least 0.7"},
		{"the lowest fails", rating.Facts{"answered": ratio(8, 10)}, 0, rating.Basic, "80 % of messages answered; needs at least 90 %"},
		{"not measured", rating.Facts{"answered": {}}, 0, rating.Basic, "at least 90 % of messages answered: not measured"},
		{"no upper bound if not measured", rating.Facts{"wait": {}}, rating.Basic, rating.Expected, "at most 60 minutes to a reply: not measured"},
	} {
		facts := rating.Facts{}
		for name, f := range all {
			facts[name] = f
		}
		for name, f := range c.change {
			facts[name] = f
		}
		s := ladder.Climb(facts)
		var missing []string
		for _, f := range s.Missing() {
			missing = append(missing, f.String())
		}
		if s.Level != c.level || s.Next != c.next || strings.Join(missing, "\n") != c.missing || len(s.Rungs) != 5 {
			t.Errorf("%s: %v, next %v, missing %q", c.name, s.Level, s.Next, missing)
		}
	}
	if s := (rating.Ladder{}).Climb(all); s.Level != 0 || s.Next != 0 || len(s.Missing()) != 0 {
		t.Errorf("no ladder: %+v", s)
	}
	if s := ladder.Climb(nil); s.Level != 0 || s.Next != rating.Basic {
		t.Errorf("no facts: %+v", s)
	}
	given := []rating.Rung{{Level: rating.Expected, Fact: "b", AtLeast: ratio(1, 2)}, {Level: rating.Basic, Fact: "a", AtLeast: ratio(1, 2)}}
	two := valueOf(rating.NewLadder(given...))(t)
	if given[0].Fact != "b" {
		t.Error("the slice that was given is sorted")
	}
	given[1].Fact, two.Rungs()[0].Fact = "changed", "changed"
	if two.Rungs()[0].Fact != "a" {
		t.Error("changed from outside")
	}
	if r := ladder.Rungs(); r[0].Fact != "answered" || r[1].Fact != "wait" || r[2].Fact != "csat" || r[4].Fact != "load" {
		t.Errorf("order %v", r)
	}
}

// What is shown is on the same side of the bound as the exact fact.
func TestMeasuredShowsWhatDecides(t *testing.T) {
	for _, c := range []struct {
		unit           string
		least, most, m stat.Ratio
		want, rung     string
	}{
		{"% of reviews passed", ratio(3, 5), stat.Ratio{}, ratio(26, 44), "59 % of reviews passed; needs at least 60 %", "at least 60 % of reviews passed"},
		{"% of reviews passed", ratio(3, 5), stat.Ratio{}, ratio(598, 1000), "59.8 % of reviews passed; needs at least 60 %", "at least 60 % of reviews passed"},
		{"% of reviews passed", ratio(3, 5), stat.Ratio{}, ratio(599_999, 1_000_000), "59.9999 % of reviews passed; needs at least 60 %", "at least 60 % of reviews passed"},
		{"% of reviews passed", ratio(3, 5), stat.Ratio{}, ratio(3, 5), "60 % of reviews passed; needs at least 60 %", "at least 60 % of reviews passed"},
		{"%", ratio(1, 3), stat.Ratio{}, ratio(1, 3), "33.333333333 %; needs at least 33.333333333 %", "at least 33.333333333 %"},
		{"% lost", stat.Ratio{}, ratio(5, 100), ratio(1, 44), "2 % lost; needs at most 5 %", "at most 5 % lost"},
		{"minutes to a reply", stat.Ratio{}, ratio(60, 1), ratio(6001, 100), "60.01 minutes to a reply; needs at most 60 minutes", "at most 60 minutes to a reply"},
		{"stars", ratio(9, 2), ratio(5, 1), ratio(3996, 900), "4.44 stars; needs at least 4.5 stars and at most 5 stars", "at least 4.5 and at most 5 stars"},
		{"% lost", stat.Ratio{}, ratio(5, 100), ratio(54, 1000), "5.4 % lost; needs at most 5 %", "at most 5 % lost"},
		{"stars", ratio(9, 2), stat.Ratio{}, ratio(40, 9), "4.44 stars; needs at least 4.5 stars", "at least 4.5 stars"},
		{"", ratio(9, 2), stat.Ratio{}, ratio(3996, 900), "fact 4.44; needs at least 4.5", "fact at least 4.5"},
	} {
		rung := rating.Rung{Level: rating.Basic, Fact: "fact", Unit: c.unit, AtLeast: c.least, AtMost: c.most}
		if got := (rating.MeasuredRung{Rung: rung, Measured: c.m}).String(); got != c.want || rung.String() != c.rung {
			t.Errorf("%q, want %q\n%q, want %q", got, c.want, rung.String(), c.rung)
		}
	}
}

func TestAssessmentString(t *testing.T) {
	ladder := sampleLadder(t)
	for want, facts := range map[string]rating.Facts{
		"No level; Basic needs 1 more of its 1 criteria":   nil,
		"Basic; Expected needs 2 more of its 2 criteria":   {"answered": ratio(1, 1)},
		"Basic; Expected needs 1 more of its 2 criteria":   {"answered": ratio(1, 1), "wait": ratio(1, 1)},
		"Expected; Desired needs 1 more of its 2 criteria": {"answered": ratio(1, 1), "wait": ratio(1, 1), "csat": ratio(1, 1)},
		"Desired": {"answered": ratio(1, 1), "wait": ratio(1, 1), "csat": ratio(1, 1), "load": ratio(2, 3)},
	} {
		if got := ladder.Climb(facts).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestLadderRefuses(t *testing.T) {
	basic := rating.Rung{Level: rating.Basic, Fact: "a", AtLeast: ratio(1, 2)}
	for name, rungs := range map[string][]rating.Rung{
		"none":       {},
		"no level":   {{Fact: "a", AtLeast: ratio(1, 2)}},
		"level 6":    {basic, {Level: 6, Fact: "a", AtLeast: ratio(1, 2)}},
		"no fact":    {{Level: rating.Basic, AtLeast: ratio(1, 2)}},
		"no bound":   {{Level: rating.Basic, Fact: "a"}},
		"exclude":    {{Level: rating.Basic, Fact: "a", AtLeast: ratio(3, 4), AtMost: ratio(2, 3)}},
		"twice":      {basic, basic},
		"no basic":   {{Level: rating.Expected, Fact: "a", AtLeast: ratio(1, 2)}},
		"none below": {basic, {Level: rating.Desired, Fact: "a", AtLeast: ratio(3, 4)}},
	} {
		_, err := rating.NewLadder(rungs...)
		refuses(t, name, err, rating.ErrDefinition)
	}
	point := rating.Rung{Level: rating.Basic, Fact: "a", AtLeast: ratio(1, 2), AtMost: ratio(2, 4)}
	if s := valueOf(rating.NewLadder(point))(t).Climb(rating.Facts{"a": ratio(3, 6)}); s.Level != rating.Basic {
		t.Errorf("a range of one value: %+v", s)
	}
}

func TestClimbingLaws(t *testing.T) {
	ladder := sampleLadder(t)
	properties := laws(t)
	properties.Property("a better fact never lowers the level", prop.ForAll(func(answered, csat, wait, more int64) bool {
		at := func(answered, csat, wait int64) rating.Level {
			return ladder.Climb(rating.Facts{"answered": ratio(answered, 20), "csat": ratio(csat, 20), "wait": ratio(wait, 1), "load": ratio(2, 3)}).Level
		}
		level := at(answered, csat, wait)
		return at(answered+more, csat, wait) >= level && at(answered, csat+more, wait) >= level && at(answered, csat, wait-more) >= level
	}, gen.Int64Range(15, 20), gen.Int64Range(10, 20), gen.Int64Range(50, 70), gen.Int64Range(0, 10)))
	properties.TestingRun(t)
}

// Every text form goes there and back, by text and by database.
func TestEnumsInText(t *testing.T) {
	type enum interface {
		MarshalText() ([]byte, error)
		String() string
	}
	check := func(name string, n int, at func(uint8) enum, scan func(any) (enum, error)) {
		seen := make(map[string]bool)
		for i := range n {
			v := at(uint8(i))
			text, err := v.MarshalText()
			if err != nil || seen[string(text)] || string(text) != strings.ToLower(string(text)) {
				t.Errorf("%s %d: %q, %v", name, i, text, err)
			}
			seen[string(text)] = true
			for _, src := range []any{string(text), text} {
				if back, err := scan(src); err != nil || back != v {
					t.Errorf("%s %q: back %v, %v", name, text, back, err)
				}
			}
		}
		if _, err := at(uint8(n)).MarshalText(); err == nil || !strings.Contains(err.Error(), "no such") {
			t.Errorf("%s %d: %v", name, n, err)
		}
		if s := at(uint8(n)).String(); !strings.Contains(s, "(") {
			t.Errorf("%s %d is %q", name, n, s)
		}
		if v, err := scan(nil); err != nil || v != at(0) {
			t.Errorf("%s of NULL: %v, %v", name, v, err)
		}
		for _, src := range []any{"Nonsense", []byte("x"), 5} {
			if v, err := scan(src); err == nil || v != at(0) {
				t.Errorf("%s of %v: %v", name, src, v)
			}
		}
	}
	check("tier", 6, func(v uint8) enum { return rating.Tier(v) }, func(src any) (enum, error) { var v rating.Tier; err := v.Scan(src); return v, err })
	check("level", 6, func(v uint8) enum { return rating.Level(v) }, func(src any) (enum, error) { var v rating.Level; err := v.Scan(src); return v, err })
	check("coefficient", 5, func(v uint8) enum { return rating.Coefficient(v) }, func(src any) (enum, error) {
		var v rating.Coefficient
		err := v.Scan(src)
		return v, err
	})
	for l := rating.Basic; l <= rating.Unbelievable; l++ {
		if l.Meaning() == "" || l.String() == "" {
			t.Errorf("level %d says nothing", l)
		}
		var back rating.Level
		if v, err := l.Value(); err != nil || back.UnmarshalText([]byte(v.(string))) != nil || back != l {
			t.Errorf("%v as a column: %v", l, v)
		}
	}
	if rating.Level(0).Meaning() != "" || rating.Level(9).Meaning() != "" {
		t.Error("no level means something")
	}
	if v, err := rating.High.Value(); v != "high" || err != nil {
		t.Errorf("a tier as a column: %v", v)
	}
	if v, err := rating.ICC21.Value(); v != "icc_2_1" || err != nil {
		t.Errorf("a coefficient as a column: %v", v)
	}
}

// TestDefinitionsInJSON reads definitions back, and refuses what the
// constructors refuse.
func TestDefinitionsInJSON(t *testing.T) {
	const ladder = `[{"level":"basic","fact":"a","at_least":{"part":1,"whole":2}},{"level":"expected","fact":"b","at_most":{"part":60,"whole":1}}]`
	const card = `{"pass_mark":"80","criteria":[{"id":"a","name":"A","guidance":"?","section":"s","weight":"1.5","min":1,"max":5,"auto_fail":true},{"id":"b","weight":"0","min":0,"max":1}]}`
	for name, c := range map[string]struct {
		into        interface{ UnmarshalJSON([]byte) error }
		text, empty string
		bad         []string
	}{
		"ladder": {new(rating.Ladder), ladder, `[]`, []string{`[{"level":"basic","fact":"a"}]`, `[{"level":"top"}]`, `{}`, `[{"x":1}]`, `[] 1`, `[`, ``}},
		"scorecard": {new(rating.Scorecard), card, `{"pass_mark":"0","criteria":[]}`, []string{
			`{"pass_mark":"80"}`, `{"criteria":[{"id":"a"}]}`, `{"x":1}`, `[]`, `{"criteria":[{"id":"a","weight":"1e1000000000","min":0,"max":1}]}`,
			`{"criteria":[{"id":"a","weight":"1e-1000000000","min":0,"max":1}]}`, `{"pass_mark":"1e1000000000","criteria":[{"id":"a","weight":"1","min":0,"max":1}]}`,
		}},
	} {
		if text, err := json.Marshal(c.into); err != nil || string(text) != c.empty {
			t.Errorf("%s: zero value is %s, %v", name, text, err)
		}
		for _, text := range []string{c.empty, "null"} {
			if err := json.Unmarshal([]byte(text), c.into); err != nil {
				t.Errorf("%s: %s: %v", name, text, err)
			}
		}
		if err := json.Unmarshal([]byte(c.text), c.into); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, bad := range c.bad {
			err := c.into.UnmarshalJSON([]byte(bad))
			if !errors.Is(err, rating.ErrSyntax) && !errors.Is(err, rating.ErrDefinition) {
				t.Errorf("%s: %s: %v", name, bad, err)
			} else if !strings.HasPrefix(err.Error(), "rating: ") || len(err.Error()) > 400 {
				t.Errorf("%s: %s: %v", name, bad, err)
			}
		}
		if err := json.Unmarshal([]byte("null"), c.into); err != nil {
			t.Errorf("%s: null: %v", name, err)
		}
		if text, err := json.Marshal(c.into); err != nil || string(text) != c.text {
			t.Errorf("%s: back %s, %v", name, text, err)
		}
		if err := json.Unmarshal([]byte(c.empty), c.into); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if text, _ := json.Marshal(c.into); string(text) != c.empty {
			t.Errorf("%s: emptied, %s", name, text)
		}
	}
	if text, _ := json.Marshal(rating.Facts{"a": ratio(1, 2)}); string(text) != `{"a":{"part":1,"whole":2}}` {
		t.Errorf("facts %s", text)
	}
	text, err := json.Marshal(sampleLadder(t).Climb(rating.Facts{"answered": stat.Ratio{Part: 1, Whole: 1}}))
	if err != nil || !strings.HasPrefix(string(text), `{"level":"basic","next":"expected","rungs":[{"level":"basic","fact":"answered","unit":"% of messages answered","at_least":{"part":9,"whole":10},"measured":{"part":1,"whole":1},"holds":true}`) {
		t.Errorf("assessment %s, %v", text, err)
	}
}
