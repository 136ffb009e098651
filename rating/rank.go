package rating

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// RankScore is what an item shows and what it is ranked by, which are two numbers:
// a mean of 4.56 from sixteen ratings may rank below 4.44 from five hundred, and
// a reader who sees only one of the two takes the order for a mistake. The zero
// value is the score of an item without ratings.
type RankScore struct {
	N     int64      `json:"n"`         // ratings
	Shown stat.Ratio `json:"shown"`     // the mean of stars; not defined if n is 0
	By    float64    `json:"ranked_by"` // in stars; higher is better
}

// String returns both numbers, such as "4.4 of 5 stars, 900 ratings; ranked by 4.37".
func (s RankScore) String() string {
	return starsText(s.Shown) + "; ranked by " + strconv.FormatFloat(s.By, 'f', 2, 64)
}

// Ranking says by what to rank a distribution of ratings: [BayesianAverage],
// [DirichletBound], or an implementation of your own.
type Ranking interface {
	Score(Distribution) (RankScore, error)
}

// Ranked is an item in its place.
type Ranked[K ~string] struct {
	Place int `json:"place"` // from 1; no two items share one
	ID    K   `json:"id"`
	RankScore
}

// String returns the item as a line for people, such as
// "1. ana: 4.7 of 5 stars, 200 ratings; ranked by 4.57".
func (r Ranked[K]) String() string {
	return fmt.Sprintf("%d. %s: %v", r.Place, string(r.ID), r.RankScore)
}

// Rank returns the items, best first: by RankScore.By, then the one with more
// ratings, then by id, so that equal input gives equal order. If an item has no
// score, the error is that of the first such item by id, and quotes the id. A score
// that is not a number is [stat.ErrValue].
func Rank[K ~string](items map[K]Distribution, by Ranking) ([]Ranked[K], error) {
	ranked := make([]Ranked[K], 0, len(items))
	for id := range items {
		ranked = append(ranked, Ranked[K]{ID: id})
	}
	slices.SortFunc(ranked, func(a, b Ranked[K]) int { return cmp.Compare(a.ID, b.ID) })
	for i := range ranked {
		r := &ranked[i]
		var err error
		if r.RankScore, err = by.Score(items[r.ID]); err != nil {
			return nil, fmt.Errorf("rating: ranking of %s: %w", text.Quote(string(r.ID)), err)
		}
		if math.IsNaN(r.By) {
			return nil, fmt.Errorf("rating: ranking of %s: %w: score is not a number", text.Quote(string(r.ID)), stat.ErrValue)
		}
	}
	slices.SortFunc(ranked, func(a, b Ranked[K]) int {
		return cmp.Or(cmp.Compare(b.By, a.By), cmp.Compare(b.N, a.N), cmp.Compare(a.ID, b.ID))
	})
	for i := range ranked {
		ranked[i].Place = i + 1
	}
	return ranked, nil
}

// BayesianAverage ranks by the mean of the ratings together with Weight imaginary
// ratings, the prior, of Mean stars each:
//
//	(Weight·Mean + sum of stars) / (Weight + n)
//
// Few ratings stay near the prior, many outweigh it. The prior must be given; the
// usual Mean is that of all items, d.Total() of their merged distribution, and the
// usual Weight a typical number of ratings. The zero value has no prior and ranks
// nothing.
type BayesianAverage struct {
	Mean   stat.Ratio `json:"mean"`   // from 1 to 5 stars
	Weight int64      `json:"weight"` // in ratings, at least 1
}

// Of returns the Bayesian average, exact until it is rounded once to the given
// number of decimal places, half away from zero. Without ratings it is Mean.
// The error wraps [ErrDefinition] if the prior is out of its bounds.
func (b BayesianAverage) Of(d Distribution, places int32) (decimal.Decimal, error) {
	average, err := b.exact(d)
	if err != nil {
		return decimal.Decimal{}, err
	}
	return stat.HalfAwayFromZero.Quotient(average.Num(), average.Denom(), places), nil
}

// Score implements [Ranking]. By is the float64 nearest to the exact average.
func (b BayesianAverage) Score(d Distribution) (RankScore, error) {
	average, err := b.exact(d)
	if err != nil {
		return RankScore{}, err
	}
	by, _ := average.Float64()
	return RankScore{d.N(), d.Total(), by}, nil
}

func (b BayesianAverage) exact(d Distribution) (*big.Rat, error) {
	if !b.Mean.AtLeast(stat.Ratio{Part: 1, Whole: 1}) || !(stat.Ratio{Part: 5, Whole: 1}).AtLeast(b.Mean) {
		return nil, fmt.Errorf("%w: prior mean of %v, want 1 to 5 stars", ErrDefinition, b.Mean)
	}
	if b.Weight < 1 {
		return nil, fmt.Errorf("%w: prior weight of %d ratings, want at least 1", ErrDefinition, b.Weight)
	}
	total, weight := d.Total(), big.NewInt(b.Weight)
	sum := new(big.Rat).Mul(big.NewRat(b.Mean.Part, b.Mean.Whole), new(big.Rat).SetInt(weight))
	sum.Add(sum, new(big.Rat).SetInt64(total.Part))
	return sum.Quo(sum, new(big.Rat).SetInt(weight.Add(weight, big.NewInt(total.Whole)))), nil
}

// DirichletBound ranks by a lower bound of the mean, which rewards both many
// stars and many ratings. One imaginary rating of each number of stars is
// added; with n ratings, n(s) of them with s stars, and N = n + 5,
//
//	m = Σ s·(n(s)+1)/N, q = Σ s²·(n(s)+1)/N
//	bound = m − z·√((q − m²)/(N + 1))
//
// z being the normal quantile of Level (Miller, "Ranking Items With Star
// Ratings", 2014): the normal approximation of a Dirichlet posterior. Without
// ratings the bound is that of the prior alone, about 2.05 at the default.
type DirichletBound struct {
	// Level is how sure the bound is, one-sided, above ½ and below 1. Zero
	// means 0.95.
	Level float64 `json:"level,omitzero"`
}

// Score implements [Ranking]. The error wraps [stat.ErrLevel].
func (b DirichletBound) Score(d Distribution) (RankScore, error) {
	level := cmp.Or(b.Level, 0.95)
	if !(level > 0.5 && level < 1) {
		return RankScore{}, fmt.Errorf("%w: lower bound at %v, want above 0.5 and below 1", stat.ErrLevel, level)
	}
	z, err := stat.NormalQuantile(level)
	if err != nil {
		return RankScore{}, err
	}
	n, sum, squares := big.NewInt(5), big.NewInt(15), big.NewInt(55)
	for i, count := range d.counts {
		c, s := big.NewInt(count), big.NewInt(int64(i+1))
		n.Add(n, c)
		sum.Add(sum, c.Mul(c, s))
		squares.Add(squares, new(big.Int).Mul(c, s))
	}
	// (q − m²)/(N + 1) = (N·squares − sum²) / N²(N + 1)
	above := new(big.Int).Mul(n, squares)
	above.Sub(above, new(big.Int).Mul(sum, sum))
	below := new(big.Int).Mul(n, n)
	below.Mul(below, new(big.Int).Add(n, big.NewInt(1)))
	mean, _ := new(big.Rat).SetFrac(sum, n).Float64()
	variance, _ := new(big.Rat).SetFrac(above, below).Float64()
	return RankScore{d.N(), d.Total(), mean - z*math.Sqrt(variance)}, nil
}
