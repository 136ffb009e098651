package rating_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// zeroFields returns the paths of the exported fields in v that hold nothing, in structs,
// slices and maps at any depth.
func zeroFields(v any) (paths []string) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			if v.IsZero() {
				paths = append(paths, path)
				return
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		case reflect.Slice, reflect.Array:
			if v.Len() == 0 {
				paths = append(paths, path)
			}
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		default:
			if v.IsZero() {
				paths = append(paths, path)
			}
		}
	}
	walk("", reflect.ValueOf(v))
	return paths
}

// No field of a result is forgotten: where none need be zero, none is.
func TestResultsAreWhole(t *testing.T) {
	card := valueOf(rating.NewScorecard(dec("50"),
		rating.Criterion{ID: "a", Name: "A", Guidance: "?", Section: "s", Weight: dec("2"), Min: 1, Max: 5, AutoFail: true},
		rating.Criterion{ID: "b", Name: "B", Guidance: "?", Section: "s", Weight: dec("1"), Min: 2, Max: 4, AutoFail: true},
	))(t)
	review := func(conversation, reviewer string, a, b int) rating.Review {
		return rating.Review{Conversation: conversation, Agent: "x", Reviewer: reviewer, Marks: map[string]int{"a": a, "b": b}}
	}
	reviews := []rating.Review{
		review("1", "rosa", 2, 3), review("1", "tom", 3, 3), review("2", "rosa", 5, 4), review("2", "tom", 5, 4),
		review("3", "rosa", 4, 2), review("3", "tom", 3, 3), review("4", "rosa", 1, 2), review("4", "tom", 1, 3),
		{Conversation: "5", Reviewer: "rosa", Marks: map[string]int{"a": 2}, NotApplicable: []string{"b"}}, review("5", "tom", 3, 3),
		{Conversation: "6", Reviewer: "tom", Marks: map[string]int{"b": 2}, NotApplicable: []string{"a"}}, review("6", "rosa", 3, 3),
	}
	failed := valueOf(card.Score(review("7", "tom", 3, 2)))(t)
	rungs := []rating.Rung{{Level: rating.Basic, Fact: "a", Unit: "%", AtLeast: ratio(1, 4), AtMost: ratio(3, 4)}, {Level: rating.Expected, Fact: "b", Unit: "stars", AtLeast: ratio(1, 2), AtMost: ratio(3, 4)}}
	ladder := valueOf(rating.NewLadder(rungs...))(t)
	climbed := ladder.Climb(rating.Facts{"a": ratio(1, 2), "b": ratio(1, 4)})
	for name, c := range map[string]struct {
		result any
		zero   []string // what is rightly so
	}{
		"ranked":      {valueOf(rating.Rank(map[string]rating.Distribution{"a": counted(1, 2, 3, 4, 5)}, rating.DirichletBound{}))(t), nil},
		"bayesian":    {valueOf(rating.BayesianAverage{Mean: ratio(3, 1), Weight: 2}.Score(counted(1, 2, 3, 4, 5)))(t), nil},
		"kappa":       {valueOf(rating.Kappa([]int{1, 2, 3, 2, 1, 3, 2}, []int{1, 2, 2, 2, 1, 3, 3}, rating.LinearKappa, 0.9))(t), nil},
		"icc":         {valueOf(rating.ICC([][]float64{{1, 2, 3}, {4, 4, 5}, {2, 3, 1}}, 0.9))(t), nil},
		"calibration": {valueOf(card.Calibrate(reviews, "rosa", "tom", 0.9))(t), nil},
		"score":       {failed, []string{".Passed"}},
		"passed":      {valueOf(card.Score(reviews[2]))(t), []string{".AutoFailed"}},
		"interval":    {valueOf(counted(1, 2, 3, 4, 5).Interval(0.9))(t), nil},
		"assessment":  {climbed, []string{".Rungs[1].Holds"}},
		"criteria":    {card.Criteria(), nil},
		"rungs":       {ladder.Rungs(), nil},
		"part":        {*partOf(t, func() error { _, err := rating.NewLadder(rungs[0], rungs[1], rungs[1]); return err }), nil},
	} {
		if zero := zeroFields(c.result); !slices.Equal(zero, c.zero) {
			t.Errorf("%s: %v hold nothing in %+v", name, zero, c.result)
		}
	}
}

// partOf returns the part that an error is about.
func partOf(t *testing.T, f func() error) *rating.PartError {
	t.Helper()
	err := f()
	part, ok := err.(*rating.PartError)
	if !ok {
		t.Fatalf("%v is no PartError", err)
	}
	return part
}

// What is wrong is named by its position, from 0, and its name.
func TestPartsAreNamed(t *testing.T) {
	good := rating.Rung{Level: rating.Basic, Fact: "a", AtLeast: ratio(1, 2)}
	criterion := rating.Criterion{ID: "a", Weight: dec("1"), Max: 1}
	ladder := func(bad rating.Rung) func() error {
		return func() error { _, err := rating.NewLadder(good, named(good, "b"), bad); return err }
	}
	card := func(bad rating.Criterion) func() error {
		second := criterion
		second.ID = "b"
		return func() error { _, err := rating.NewScorecard(dec("1"), criterion, second, bad); return err }
	}
	for want, f := range map[string]func() error{
		`rating: rung 2 "c": unusable definition: no such level: 0`:                                            ladder(rating.Rung{Fact: "c"}),
		`rating: rung 2 "c": unusable definition: no such level: 6`:                                            ladder(rating.Rung{Level: 6, Fact: "c"}),
		`rating: rung 2: unusable definition: no fact`:                                                         ladder(rating.Rung{Level: rating.Basic, AtLeast: ratio(1, 2)}),
		`rating: rung 2 "c": unusable definition: no bound`:                                                    ladder(rating.Rung{Level: rating.Basic, Fact: "c"}),
		`rating: rung 2 "c": unusable definition: at least 2 of 3 and at most 1 of 2 exclude each other`:       ladder(rating.Rung{Level: rating.Basic, Fact: "c", AtLeast: ratio(2, 3), AtMost: ratio(1, 2)}),
		`rating: rung 2 "b": unusable definition: Basic asks for it twice`:                                     ladder(named(good, "b")),
		`rating: rung 0: unusable definition: there is none`:                                                   func() error { _, err := rating.NewLadder(); return err },
		`rating: criterion 0: unusable definition: there is none`:                                              func() error { _, err := rating.NewScorecard(dec("1")); return err },
		`rating: criterion 2 "C": unusable definition: no id`:                                                  card(rating.Criterion{Name: "C", Weight: dec("1"), Max: 1}),
		`rating: criterion 2 "b": unusable definition: the id comes twice`:                                     card(rating.Criterion{ID: "b", Weight: dec("1"), Max: 1}),
		`rating: criterion 2 "c": unusable definition: scale of 3 to 3`:                                        card(rating.Criterion{ID: "c", Weight: dec("1"), Min: 3, Max: 3}),
		`rating: criterion 2 "c": unusable definition: weight of 1 digits and exponent 19 has too many digits`: card(rating.Criterion{ID: "c", Weight: dec("1e19"), Max: 1}),
		`rating: criterion 2 "c": unusable definition: weight 0.0000000000000000001 has too many digits`:       card(rating.Criterion{ID: "c", Weight: dec("1e-19"), Max: 1}),
	} {
		if got := partOf(t, f).Error(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	marks := [][]float64{{1, 2}, {3, 4}, {5, 6}}
	for want, bad := range map[string][]float64{
		"rating: icc: stat: slices of different lengths: 3 marks of thing 3, 2 of the first": {1, 2, 3},
		"rating: icc: stat: value out of range: mark 1e+10 of thing 3 by reviewer 1":         {1, 1e10},
		"rating: icc: stat: value out of range: mark -1e+10 of thing 3 by reviewer 0":        {-1e10, 1},
	} {
		if _, err := rating.ICC(append(marks, bad), 0.95); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for want, bad := range map[string][][]float64{
		"rating: icc: stat: too few data: 0 things, 0 reviewers": nil, "rating: icc: stat: too few data: 1 things, 2 reviewers": {{1, 2}}, "rating: icc: stat: too few data: 2 things, 1 reviewers": {{1}, {2}},
		fmt.Sprintf("rating: icc: stat: value out of range: mark %v of thing 1 by reviewer 1", math.Nextafter(1e9, 2e9)): {{1e9, -1e9}, {1, math.Nextafter(1e9, 2e9)}},
	} {
		if _, err := rating.ICC(bad, 0.95); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := rating.Kappa([]int{1, 2, 3}, []int{1, 2}, rating.CohenKappa, 0.95); err == nil || err.Error() != "rating: kappa: stat: slices of different lengths: 3 and 2 marks" {
		t.Error(err)
	}
	many := make([]int, 4098)
	for i := range many {
		many[i] = min(i, 4096)
	}
	few := make([]int, len(many))
	few[0] = 1
	if _, err := rating.Kappa(many, few, rating.CohenKappa, 0.95); err == nil || err.Error() != "rating: kappa: stat: too many data: 4097 and 2 distinct marks" {
		t.Error(err)
	}
	const end = 1 << 20
	if a, err := rating.Kappa([]int{-end, end, 0}, []int{-end, end, 1}, rating.CohenKappa, 0.95); err != nil || a.N != 3 {
		t.Errorf("%v, %v", a, err)
	}
	for want, second := range map[string][]int{
		"rating: kappa: stat: value out of range: mark 2000000 at 2": {1, 2, 2_000_000}, "rating: kappa: stat: value out of range: mark -2000000 at 0": {-2_000_000, 1, 1},
	} {
		if _, err := rating.Kappa([]int{1, 2, 3}, second, rating.CohenKappa, 0.95); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Of several items without a score the first by its id is named, whatever the order of
// the map.
func TestRankNamesTheFirst(t *testing.T) {
	items := map[string]rating.Distribution{"d": {}, "a": {}, "c": counted(1, 0, 0, 0, 0), "b": counted(1, 0, 0, 0, 0), "e": counted(1, 0, 0, 0, 0)}
	for range 20 {
		_, err := rating.Rank(items, onlyUnrated{})
		if want := `rating: ranking of "b": stat: no data`; err == nil || err.Error() != want {
			t.Fatalf("%v, want %s", err, want)
		}
		_, err = rating.Rank(items, notANumber{})
		if want := `rating: ranking of "a": stat: value out of range: score is not a number`; err == nil || err.Error() != want {
			t.Fatalf("%v, want %s", err, want)
		}
	}
}

// onlyUnrated is a ranking that fails for what has ratings.
type onlyUnrated struct{}

func (onlyUnrated) Score(d rating.Distribution) (rating.RankScore, error) {
	if d.N() > 0 {
		return rating.RankScore{}, stat.ErrNoData
	}
	return rating.RankScore{}, nil
}

func named(r rating.Rung, fact string) rating.Rung {
	r.Fact = fact
	return r
}
