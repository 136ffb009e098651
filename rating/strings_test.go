package rating_test

import (
	"fmt"
	"testing"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/rating"
)

// What fmt prints of a value is for people.
func TestStrings(t *testing.T) {
	tallyOf := func(scores ...rating.ReviewScore) (tally rating.ReviewTally) {
		for _, s := range scores {
			if err := tally.Add(s); err != nil {
				t.Error(err)
			}
		}
		return tally
	}
	one := tallyOf(rating.ReviewScore{Passed: true})
	score := valueOf(sampleCard(t).Score(rating.Review{
		Marks:         map[string]int{"empathy": 4, "right": 2, "privacy": 1},
		NotApplicable: []string{"greeting", "spare"},
	}))(t)
	tally := tallyOf(rating.ReviewScore{Score: score.Score, Passed: true}, rating.ReviewScore{AutoFailed: []string{"privacy"}})
	failed := score
	failed.AutoFailed, failed.Passed = []string{"privacy", "tone"}, false
	once := failed
	once.AutoFailed = []string{"privacy"}
	high := score
	high.Passed = true
	for _, c := range []struct {
		value any
		want  string
	}{
		{rating.Distribution{}, "no ratings"},
		{counted(0, 0, 0, 1, 0), "4.0 of 5 stars, 1 rating"},
		{counted(4, 100, 0, 188, 608), "4.4 of 5 stars, 900 ratings"},
		{counted(0, 0, 0, 0, 1234567), "5.0 of 5 stars, 1,234,567 ratings"},
		{rating.RankScore{}, "no ratings; ranked by 0.00"},
		{rating.ReviewTally{}, "no reviews"},
		{one, "0.0 of 100, 100 % of 1 review passed"},
		{tally, "34.7 of 100, 50 % of 2 reviews passed"},
		{high, "69.4 of 100, passed"},
		{failed, "69.4 of 100, failed by privacy, tone"},
		{once, "69.4 of 100, failed by privacy"},
		{score, "69.4 of 100, not passed"},
		{rating.Agreement{}, "no agreement measured"},
		{valueOf(rating.Kappa([]int{1, 2, 1, 2}, []int{1, 2, 2, 2}, rating.LinearKappa, 0.995))(t),
			"0.50 (99.5 % -0.55 to 1.00), linear kappa of 2 reviewers on 4 conversations"},
		{rating.Assessment{}, "No level"},
		{rating.Points{}, "0.00"},
	} {
		if got := fmt.Sprint(c.value); got != c.want {
			t.Errorf("%T: %q, want %q", c.value, got, c.want)
		}
	}
}

func TestRemove(t *testing.T) {
	d := counted(0, 1, 0, 0, 0)
	refuses(t, "none of five", d.Remove(5), rating.ErrCount)
	refuses(t, "no stars", d.Remove(0), rating.ErrStars)
	refuses(t, "six stars", d.Remove(6), rating.ErrStars)
	if d != counted(0, 1, 0, 0, 0) {
		t.Errorf("changed to %v", d)
	}
	properties := laws(t)
	properties.Property("Remove undoes Add", prop.ForAll(func(d rating.Distribution, stars int) bool {
		edited := d
		s := rating.Stars(stars)
		return edited.Add(s) == nil && edited != d && edited.Remove(s) == nil && edited == d
	}, genDistribution(), gen.IntRange(1, 5)))
	properties.TestingRun(t)
}
