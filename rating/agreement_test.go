package rating_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

var kappas = map[rating.Coefficient]func(a, b int) float64{
	rating.CohenKappa: func(a, b int) float64 {
		if a == b {
			return 0
		}
		return 1
	},
	rating.LinearKappa:    func(a, b int) float64 { return math.Abs(float64(a - b)) },
	rating.QuadraticKappa: func(a, b int) float64 { return float64((a - b) * (a - b)) },
}

// kappaOf computes kappa over all pairs of things, with weights on the things:
// the reviewers' marks of one thing are compared with those of every other.
func kappaOf(first, second []int, weight []float64, cost func(a, b int) float64) float64 {
	var observed, expected, n float64
	for i := range first {
		n += weight[i]
		observed += weight[i] * cost(first[i], second[i])
		for j := range second {
			expected += weight[i] * weight[j] * cost(first[i], second[j])
		}
	}
	return 1 - n*observed/expected
}

// kappaSE computes the standard error by the infinitesimal jackknife: how kappa
// moves as each thing gets a little more weight. It shares no formula with the
// one that is tested.
func kappaSE(first, second []int, cost func(a, b int) float64) float64 {
	n := len(first)
	weight := make([]float64, n)
	for i := range weight {
		weight[i] = 1
	}
	const step = 1e-5
	var squares float64
	for i := range weight {
		weight[i] = 1 + step
		up := kappaOf(first, second, weight, cost)
		weight[i] = 1 - step
		down := kappaOf(first, second, weight, cost)
		weight[i] = 1
		squares += math.Pow((up-down)/(2*step), 2)
	}
	return math.Sqrt(squares)
}

func TestKappaAgainstOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		n := 2 + random.IntN(30)
		first, second := make([]int, n), make([]int, n)
		for i := range first {
			first[i], second[i] = random.IntN(5)-1, random.IntN(5)-1
			if random.IntN(2) == 0 {
				second[i] = first[i]
			}
		}
		ones := slices.Repeat([]float64{1}, n)
		for c, cost := range kappas {
			a, err := rating.Kappa(first, second, c, 0.9)
			want := kappaOf(first, second, ones, cost)
			if math.IsNaN(want) {
				refuses(t, "no variation", err, stat.ErrNoVariation)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			z := 1.6448536269514722
			se := kappaSE(first, second, cost)
			name := fmt.Sprint(c, first, second)
			near(t, name, a.Estimate, want, 1e-12)
			near(t, name+" low", a.Low, max(-1, want-z*se), 1e-6)
			near(t, name+" high", a.High, min(1, want+z*se), 1e-6)
			if a.N != n || a.Reviewers != 2 || a.Level != 0.9 || a.Coefficient != c {
				t.Errorf("%+v", a)
			}
		}
	}
}

func TestKappaLaws(t *testing.T) {
	properties := laws(t)
	mark := gen.SliceOfN(12, gen.IntRange(1, 4))
	properties.Property("neither the order of things, nor who is first, nor the origin of the scale changes anything", prop.ForAll(func(x, y []int, seed uint64) bool {
		order := rand.New(rand.NewPCG(seed, 0)).Perm(len(x))
		x2, y2 := make([]int, len(x)), make([]int, len(y))
		for i, j := range order {
			x2[i], y2[i] = x[j]+7, y[j]+7
		}
		for c := range kappas {
			a, err := rating.Kappa(x, y, c, 0.95)
			b, err2 := rating.Kappa(y2, x2, c, 0.95)
			if a != b || (err == nil) != (err2 == nil) {
				return false
			}
			if err == nil && !(-1 <= a.Low && a.Low <= a.Estimate && a.Estimate <= a.High && a.High <= 1) {
				return false
			}
		}
		return true
	}, mark, mark, gen.UInt64()))
	properties.Property("full agreement is 1", prop.ForAll(func(x []int) bool {
		for c := range kappas {
			a, err := rating.Kappa(x, x, c, 0.95)
			if slices.Min(x) == slices.Max(x) {
				if err == nil {
					return false
				}
			} else if a.Estimate != 1 || a.Low != 1 || a.High != 1 {
				return false
			}
		}
		return true
	}, mark))
	properties.Property("of two marks all kappas are the same", prop.ForAll(func(x, y []bool) bool {
		first, second := make([]int, len(x)), make([]int, len(x))
		for i := range x {
			first[i], second[i] = int(boolCount(x[i])), int(boolCount(y[i]))
		}
		a, _ := rating.Kappa(first, second, rating.CohenKappa, 0.95)
		b, _ := rating.Kappa(first, second, rating.QuadraticKappa, 0.95)
		b.Coefficient = a.Coefficient
		return a == b
	}, gen.SliceOfN(9, gen.Bool()), gen.SliceOfN(9, gen.Bool())))
	properties.TestingRun(t)
}

func TestKappaRefuses(t *testing.T) {
	many := make([]int, 4097)
	for i := range many {
		many[i] = i
	}
	for name, c := range map[string]struct {
		first, second []int
		coefficient   rating.Coefficient
		level         float64
		want          error
	}{
		"length":      {[]int{1, 2}, []int{1}, rating.CohenKappa, 0.95, stat.ErrLength},
		"one":         {[]int{1}, []int{1}, rating.CohenKappa, 0.95, stat.ErrTooFew},
		"none":        {nil, nil, rating.CohenKappa, 0.95, stat.ErrTooFew},
		"alike":       {[]int{3, 3}, []int{3, 3}, rating.CohenKappa, 0.95, stat.ErrNoVariation},
		"low":         {[]int{1, -1<<20 - 1}, []int{1, 2}, rating.CohenKappa, 0.95, stat.ErrValue},
		"high":        {[]int{1, 2}, []int{1<<20 + 1, 2}, rating.CohenKappa, 0.95, stat.ErrValue},
		"distinct":    {many, make([]int, len(many)), rating.CohenKappa, 0.95, stat.ErrTooMany},
		"distinct 2":  {make([]int, len(many)), many, rating.CohenKappa, 0.95, stat.ErrTooMany},
		"level":       {[]int{1, 2}, []int{1, 2}, rating.CohenKappa, 95, stat.ErrLevel},
		"coefficient": {[]int{1, 2}, []int{1, 2}, rating.ICC21, 0.95, stat.ErrMethod},
		"no such":     {[]int{1, 2}, []int{1, 2}, 0, 0.95, stat.ErrMethod},
	} {
		a, err := rating.Kappa(c.first, c.second, c.coefficient, c.level)
		if refuses(t, name, err, c.want); a != (rating.Agreement{}) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	// Disagreement without exception.
	if a := valueOf(rating.Kappa([]int{0, 1}, []int{1, 0}, rating.CohenKappa, 0.95))(t); a.Estimate != -1 || a.Low != -1 {
		t.Errorf("%+v", a)
	}
	edge := valueOf(rating.Kappa([]int{-1 << 20, 1 << 20}, []int{-1 << 20, 1 << 20}, rating.QuadraticKappa, 0.95))(t)
	if edge.Estimate != 1 {
		t.Errorf("%+v", edge)
	}
}

// iccOf computes ICC(2,1) of whole marks exactly, by sums of squares of totals.
func iccOf(marks [][]int64) (float64, bool) {
	n, k := int64(len(marks)), int64(len(marks[0]))
	var total, squares, things, reviewers int64
	columns := make([]int64, k)
	for _, row := range marks {
		var sum int64
		for j, m := range row {
			sum += m
			columns[j] += m
			squares += m * m
		}
		total += sum
		things += sum * sum
	}
	for _, sum := range columns {
		reviewers += sum * sum
	}
	correction := big.NewRat(total*total, n*k)
	less := func(part, whole int64) *big.Rat {
		r := big.NewRat(part, whole)
		return r.Sub(r, correction)
	}
	ssB, ssJ, ssT := less(things, k), less(reviewers, n), less(squares, 1)
	ssE := new(big.Rat).Sub(ssT, ssB)
	ssE.Sub(ssE, ssJ)
	over := func(r *big.Rat, by int64) *big.Rat { return new(big.Rat).Quo(r, big.NewRat(by, 1)) }
	b, j, e := over(ssB, n-1), over(ssJ, k-1), over(ssE, (n-1)*(k-1))
	below := new(big.Rat).Mul(e, big.NewRat(k-1, 1))
	below.Add(below, b)
	below.Add(below, new(big.Rat).Mul(new(big.Rat).Sub(j, e), big.NewRat(k, n)))
	if below.Sign() <= 0 {
		return 0, false
	}
	v, _ := b.Sub(b, e).Quo(b, below).Float64()
	return v, true
}

func TestICCAgainstOracle(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		n, k := 2+random.IntN(6), 2+random.IntN(3)
		exact, marks, shifted := make([][]int64, n), make([][]float64, n), make([][]float64, n)
		for i := range marks {
			base := random.Int64N(6)
			for range k {
				m := base + random.Int64N(3)
				exact[i] = append(exact[i], m)
				marks[i] = append(marks[i], float64(m))
				shifted[i] = append(shifted[i], float64(m)*2+1e8)
			}
		}
		want, ok := iccOf(exact)
		a, err := rating.ICC(marks, 0.95)
		if !ok {
			refuses(t, "no variation", err, stat.ErrNoVariation)
			continue
		}
		if err != nil {
			t.Fatalf("%v: %v", marks, err)
		}
		near(t, fmt.Sprint(marks), a.Estimate, want, 1e-9)
		if !(a.Low <= a.Estimate && a.Estimate <= a.High && a.High <= 1) || math.IsInf(a.Low, 0) {
			t.Errorf("%v: %+v", marks, a)
		}
		wide := valueOf(rating.ICC(marks, 0.99))(t)
		if wide.Low > a.Low+1e-12 || wide.High < a.High-1e-12 {
			t.Errorf("%v: %+v at 0.99, %+v at 0.95", marks, wide, a)
		}
		moved := valueOf(rating.ICC(shifted, 0.95))(t)
		near(t, fmt.Sprint(marks, " shifted"), moved.Estimate, a.Estimate, 1e-6)
		near(t, fmt.Sprint(marks, " shifted, low"), moved.Low, a.Low, 1e-5)
	}
}

func TestICCEdges(t *testing.T) {
	full := valueOf(rating.ICC([][]float64{{1, 1, 1}, {4, 4, 4}, {2, 2, 2}}, 0.95))(t)
	if full.Estimate != 1 || full.Low != 1 || full.High != 1 || full.N != 3 || full.Reviewers != 3 {
		t.Errorf("%+v", full)
	}
	thirds := valueOf(rating.ICC([][]float64{{1. / 3, 1. / 3}, {2. / 3, 2. / 3}, {.1, .1}}, 0.95))(t)
	near(t, "thirds", thirds.Estimate, 1, 1e-12)
	near(t, "thirds, low", thirds.Low, 1, 1e-12)
	// At a level so low that both quantiles of F are on one side of 1.
	for _, marks := range [][][]float64{{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}}, {{1, 3}, {3, 1}, {2, 2}, {2, 3}, {1, 1}}} {
		if a := valueOf(rating.ICC(marks, 0.001))(t); !(a.Low <= a.Estimate && a.Estimate <= a.High) {
			t.Errorf("%+v", a)
		}
	}
	// One reviewer is a point more generous throughout: not the same marks.
	step := valueOf(rating.ICC([][]float64{{1, 2}, {3, 4}, {5, 6}}, 0.95))(t)
	near(t, "in step", step.Estimate, 8.0/9, 1e-12) // B = 8, J = 1.5, E = 0: 8/(8 + 2·1.5/3)
	// B = 4, J = 1, E = 0, and F(0.975; 1, 1) = 647.789: 8/(2·F + 8) to 8·F/(2 + 8·F).
	few := valueOf(rating.ICC([][]float64{{1, 2}, {3, 4}}, 0.95))(t)
	near(t, "two in step", few.Estimate, 0.8, 1e-12)
	near(t, "two in step, low", few.Low, 0.0061370, 1e-6)
	near(t, "two in step, high", few.High, 0.9996142, 1e-6)
	// Of the same means, but not the same marks: B = 9, J = 0, E = 1/3, so df = 3, and
	// F(0.975; 3, 3) = 15.4392: 4·(9 − F/3)/(2·F/3 + 36) to 4·(9·F − 1/3)/(2/3 + 36·F).
	level := valueOf(rating.ICC([][]float64{{1, 2}, {2, 1}, {5, 5}, {0, 0}}, 0.95))(t)
	near(t, "level", level.Estimate, 52.0/55, 1e-12)
	near(t, "level, low", level.Low, 0.332977, 1e-6)
	near(t, "level, high", level.High, 0.996406, 1e-6)
	for name, c := range map[string]struct {
		marks [][]float64
		level float64
		want  error
	}{
		"none":         {nil, 0.95, stat.ErrTooFew},
		"one thing":    {[][]float64{{1, 2}}, 0.95, stat.ErrTooFew},
		"one reviewer": {[][]float64{{1}, {2}}, 0.95, stat.ErrTooFew},
		"no reviewer":  {[][]float64{{}, {}}, 0.95, stat.ErrTooFew},
		"ragged":       {[][]float64{{1, 2}, {2}}, 0.95, stat.ErrLength},
		"NaN":          {[][]float64{{1, 2}, {2, math.NaN()}}, 0.95, stat.ErrValue},
		"large":        {[][]float64{{1, 2}, {2, 1.1e9}}, 0.95, stat.ErrValue},
		"small":        {[][]float64{{1, 2}, {2, math.Inf(-1)}}, 0.95, stat.ErrValue},
		"alike":        {[][]float64{{1, 1}, {1, 1}}, 0.95, stat.ErrNoVariation},
		"alike thirds": {[][]float64{{1. / 3, 1. / 3, 1. / 3}, {1. / 3, 1. / 3, 1. / 3}}, 0.95, stat.ErrNoVariation},
		"crossed":      {[][]float64{{1, 0}, {0, 1}}, 0.95, stat.ErrNoVariation},
		"level":        {[][]float64{{1, 2}, {2, 1}}, 0, stat.ErrLevel},
		"contrary":     {[][]float64{{11, -10}, {0, 0}}, 0.95, stat.ErrOverflow}, // B = 0.25, J = E = 110.25: 0.00001 degrees of freedom
	} {
		_, err := rating.ICC(c.marks, c.level)
		refuses(t, name, err, c.want)
	}
}

func TestCalibrate(t *testing.T) {
	card := valueOf(rating.NewScorecard(dec("60"),
		rating.Criterion{ID: "x", Weight: dec("1"), Min: 1, Max: 5},
		rating.Criterion{ID: "y", Weight: dec("1"), Min: 0, Max: 1},
	))(t)
	review := func(conversation, reviewer string, x, y int) rating.Review {
		r := rating.Review{Conversation: conversation, Reviewer: reviewer, Marks: map[string]int{"x": x}}
		if y < 0 {
			r.NotApplicable = []string{"y"}
		} else {
			r.Marks["y"] = y
		}
		return r
	}
	reviews := []rating.Review{
		review("1", "ana", 5, 1), review("1", "ben", 4, 1), review("2", "ben", 2, 1), review("2", "ana", 2, 1),
		review("3", "ana", 3, -1), review("3", "ben", 5, -1), review("4", "ana", 1, 1), review("4", "ben", 1, -1),
		review("5", "ana", 1, 0), review("6", "ben", 1, 0), {Conversation: "1", Reviewer: "cem"},
	}
	c := valueOf(card.Calibrate(reviews, "ana", "ben", 0.95))(t)
	if c.First != "ana" || c.Second != "ben" || c.Conversations != 4 || len(c.Criteria) != 2 {
		t.Errorf("%+v", c)
	}
	x, y := c.Criteria[0], c.Criteria[1]
	wantX := valueOf(rating.Kappa([]int{5, 2, 3, 1}, []int{4, 2, 5, 1}, rating.QuadraticKappa, 0.95))(t)
	cohenX := valueOf(rating.Kappa([]int{5, 2, 3, 1}, []int{4, 2, 5, 1}, rating.CohenKappa, 0.95))(t)
	if x.Criterion != "x" || x.Same != ratio(2, 4) || x.Disputed != 0 || x.Quadratic != wantX || x.Cohen != cohenX {
		t.Errorf("%+v", x)
	}
	if y.Criterion != "y" || y.Same != ratio(2, 2) || y.Disputed != 1 || y.Cohen != (rating.Agreement{}) || y.Quadratic != (rating.Agreement{}) {
		t.Errorf("%+v", y)
	}
	scores := [][]float64{{100, 87.5}, {62.5, 62.5}, {50, 100}, {50, 0}}
	if want := valueOf(rating.ICC(scores, 0.95))(t); c.Score != want {
		t.Errorf("%+v, want %+v", c.Score, want)
	}
	back := valueOf(card.Calibrate(reviews, "ben", "ana", 0.95))(t)
	if back.Criteria[0] != x || back.Criteria[1] != y {
		t.Errorf("%+v", back)
	}
	single := valueOf(card.Calibrate(reviews[:2], "ana", "ben", 0.95))(t)
	if single.Score != (rating.Agreement{}) || single.Criteria[0].Same != ratio(0, 1) {
		t.Errorf("%+v", single)
	}
	_, err := card.Calibrate(reviews, "ana", "dan", 0.95)
	refuses(t, "nobody", err, stat.ErrNoData)
	_, err = card.Calibrate(reviews, "ana", "ana", 0.95)
	refuses(t, "the same", err, rating.ErrReview)
	_, err = card.Calibrate(reviews, "ana", "cem", 0.95)
	refuses(t, "unmarked", err, rating.ErrReview)
	_, err = card.Calibrate(append(reviews, review("1", "ben", 4, 1)), "ana", "ben", 0.95)
	if refuses(t, "twice", err, rating.ErrReview); err.Error() != `rating: review 11 "1": review does not fit the scorecard: "ben" reviewed it twice` {
		t.Error(err)
	}
	_, err = card.Calibrate(reviews, "ana", "ben", 1)
	refuses(t, "level", err, stat.ErrLevel)
}
