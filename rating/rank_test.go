package rating_test

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"testing"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

func ids[K ~string](ranked []rating.Ranked[K]) []K {
	var out []K
	for i, r := range ranked {
		if r.Place != i+1 {
			return nil
		}
		out = append(out, r.ID)
	}
	return out
}

// The ordering that the page of the Dirichlet code shows.
func TestRankDirichletOrder(t *testing.T) {
	items := map[string]rating.Distribution{
		"ten": counted(0, 0, 0, 0, 10), "many": counted(25, 20, 75, 80, 60), "five": counted(0, 0, 0, 0, 5),
	}
	ranked := valueOf(rating.Rank(items, rating.DirichletBound{}))(t)
	if got := ids(ranked); !slices.Equal(got, []string{"ten", "many", "five"}) {
		t.Errorf("order %v", got)
	}
	// The zero level is 0.95.
	same := valueOf(rating.Rank(items, rating.DirichletBound{Level: 0.95}))(t)
	if !slices.Equal(ranked, same) {
		t.Errorf("%v, at 0.95 %v", ranked, same)
	}
	near(t, "bound", ranked[1].By, 3.3688, 5e-5)
}

func TestRankBreaksTies(t *testing.T) {
	type agent string
	items := map[agent]rating.Distribution{
		"none": {}, "one of one": counted(1, 0, 0, 0, 0), "two of one": counted(2, 0, 0, 0, 0),
		"b": counted(0, 0, 0, 9, 0), "a": counted(0, 0, 0, 9, 0), "c": counted(0, 0, 0, 9, 0),
	}
	for range 20 { // the order of a map differs each time
		ranked := valueOf(rating.Rank(items, meanStars{}))(t)
		if got := ids(ranked); !slices.Equal(got, []agent{"a", "b", "c", "two of one", "one of one", "none"}) {
			t.Fatalf("order %v", got)
		}
		last := ranked[5]
		if last.Shown.Defined() || last.N != 0 || last.By != 0 || ranked[0].Shown != ratio(36, 9) || ranked[0].N != 9 {
			t.Fatalf("%+v", ranked)
		}
	}
	// More than a sort keeps in order by chance.
	many := make(map[string]rating.Distribution)
	var want []string
	for i := range 100 {
		want = append(want, strconv.Itoa(100+i))
		many[want[i]] = counted(0, 0, 1, 0, 0)
	}
	if got := ids(valueOf(rating.Rank(many, meanStars{}))(t)); !slices.Equal(got, want) {
		t.Errorf("order %v", got)
	}
	// Equal averages: the one with more ratings is first.
	prior := rating.BayesianAverage{Mean: ratio(4, 1), Weight: 7}
	stars := map[string]rating.Distribution{"few": counted(0, 0, 0, 1, 0), "more": counted(0, 0, 1, 0, 1), "unrated": {}}
	if got := ids(valueOf(rating.Rank(stars, prior))(t)); !slices.Equal(got, []string{"more", "few", "unrated"}) {
		t.Errorf("order %v", got)
	}
}

// meanStars is a ranking of a user's own.
type meanStars struct{}

func (meanStars) Score(d rating.Distribution) (rating.RankScore, error) {
	mean, _ := d.Total().Float64()
	return rating.RankScore{N: d.N(), Shown: d.Total(), By: mean}, nil
}

func TestRankStrings(t *testing.T) {
	ranked := valueOf(rating.Rank(map[string]rating.Distribution{
		"ana": counted(4, 100, 0, 188, 608), "ben": counted(0, 0, 0, 1, 0), "chen": {},
	}, rating.BayesianAverage{Mean: ratio(3, 1), Weight: 10}))(t)
	want := []string{
		"1. ana: 4.4 of 5 stars, 900 ratings; ranked by 4.42",
		"2. ben: 4.0 of 5 stars, 1 rating; ranked by 3.09",
		"3. chen: no ratings; ranked by 3.00",
	}
	for i, r := range ranked {
		if r.String() != want[i] {
			t.Errorf("%q, want %q", r, want[i])
		}
	}
}

func TestRankRefuses(t *testing.T) {
	d := counted(0, 0, 0, 0, 1)
	for _, level := range []float64{0.5, 1, -0.1, 95, math.NaN(), math.Inf(1)} {
		_, err := rating.DirichletBound{Level: level}.Score(d)
		refuses(t, "dirichlet", err, stat.ErrLevel)
	}
	for _, b := range []rating.BayesianAverage{
		{}, {Mean: ratio(4, 1)}, {Mean: ratio(4, 1), Weight: -1}, {Weight: 5},
		{Mean: ratio(99, 100), Weight: 5}, {Mean: ratio(501, 100), Weight: 5}, {Mean: ratio(4, 0), Weight: 5},
	} {
		_, err := b.Score(d)
		refuses(t, "bayesian", err, rating.ErrDefinition)
		_, err = b.Of(d, 2)
		refuses(t, "bayesian", err, rating.ErrDefinition)
		_, err = rating.Rank(map[string]rating.Distribution{"it": d}, b)
		refuses(t, "rank", err, rating.ErrDefinition)
	}
	for _, mean := range []stat.Ratio{ratio(1, 1), ratio(5, 1)} {
		if got := valueOf(rating.BayesianAverage{Mean: mean, Weight: 1}.Of(rating.Distribution{}, 1))(t); !got.Equal(dec(strconv.FormatInt(mean.Part, 10))) {
			t.Errorf("prior of %v gives %v", mean, got)
		}
	}
	_, err := rating.Rank(map[string]rating.Distribution{"it": d}, notANumber{})
	refuses(t, "NaN", err, stat.ErrValue)
	if ranked := valueOf(rating.Rank(map[string]rating.Distribution{}, notANumber{}))(t); len(ranked) != 0 {
		t.Errorf("nothing is ranked %v", ranked)
	}
}

// notANumber is a ranking of a careless user.
type notANumber struct{}

func (notANumber) Score(rating.Distribution) (rating.RankScore, error) {
	return rating.RankScore{By: math.NaN()}, nil
}

func TestRankLaws(t *testing.T) {
	properties := laws(t)
	better := func(by rating.Ranking) func(rating.Distribution, int) bool {
		return func(d rating.Distribution, s int) bool {
			before, err := by.Score(d)
			worse, better := merged(d, counted(counts(s)...)), merged(d, counted(counts(s+1)...))
			w, err2 := by.Score(worse)
			b, err3 := by.Score(better)
			return err == nil && err2 == nil && err3 == nil && w.N == d.N()+1 && before.Shown == d.Total() && w.By <= b.By
		}
	}
	small := gen.SliceOfN(5, gen.Int64Range(0, 40)).Map(func(c []int64) rating.Distribution { return counted(c...) })
	properties.Property("the Dirichlet bound is below the prior mean of the posterior", prop.ForAll(func(d rating.Distribution) bool {
		s, err := rating.DirichletBound{}.Score(d)
		n, total := d.N(), d.Total().Part
		return err == nil && s.By < float64(total+15)/float64(n+5)
	}, small))
	properties.Property("a better rating never lowers the Bayesian average", prop.ForAll(
		better(rating.BayesianAverage{Mean: ratio(7, 2), Weight: 10}), small, gen.IntRange(1, 4)))
	properties.Property("the Bayesian average agrees with big.Rat", prop.ForAll(func(d rating.Distribution, part, weight int64) bool {
		b := rating.BayesianAverage{Mean: ratio(part, 1000), Weight: weight}
		s, err := b.Score(d)
		sum := big.NewRat(part*weight, 1000)
		n := new(big.Rat).SetInt64(weight)
		for i, c := range d.Counts() {
			sum.Add(sum, new(big.Rat).Mul(big.NewRat(int64(i+1), 1), big.NewRat(c, 1)))
			n.Add(n, big.NewRat(c, 1))
		}
		want, _ := sum.Quo(sum, n).Float64()
		return err == nil && s.By == want
	}, genDistribution(), gen.Int64Range(1000, 5000), gen.Int64Range(1, 1000)))
	properties.TestingRun(t)
}

// counts are those of one rating.
func counts(s int) []int64 {
	c := make([]int64, 5)
	c[s-1] = 1
	return c
}
