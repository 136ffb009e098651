package rating_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// published is a row of testdata/vectors.json: a number of another program, a
// paper or exact arithmetic, with its source.
type published struct {
	ID, What, Source string
	Input            struct {
		Counts [5]int64 `json:"counts_1_to_K"`
		X, Y   []int
		Mean   json.Number
		N      int64
		Table  [][]int
		Marks  [][]float64
	}
	Params struct {
		Conf      float64
		Z         float64
		Prior     int         `json:"prior_per_star"`
		Weight    int64       `json:"prior_weight"`
		PriorMean json.Number `json:"prior_mean"`
	}
	Expected  map[string]json.RawMessage
	Tolerance float64
}

// forEach runs f on the rows about what, of which there must be as many as
// stated.
func forEach(t *testing.T, what string, rows int, f func(*testing.T, published)) {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []published
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.What == what {
			rows--
			t.Run(v.ID, func(t *testing.T) { f(t, v) })
		}
	}
	if rows != 0 {
		t.Errorf("%d rows about %q are missing", rows, what)
	}
}

func (v published) number(t *testing.T, key string) float64 {
	t.Helper()
	var f float64
	v.expect(t, key, &f)
	return f
}

func (v published) expect(t *testing.T, key string, into any) {
	t.Helper()
	if err := json.Unmarshal(v.Expected[key], into); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
}

// near compares with an absolute and relative tolerance.
func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", name, got, want)
	}
}

// valueOf returns v, failing the test on an error.
func valueOf[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refuses fails the test unless err wraps want and says everything in says.
func refuses(t *testing.T, name string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want one that wraps %v", name, err, want)
	}
}

func counted(counts ...int64) rating.Distribution {
	d, err := rating.NewDistribution([5]int64(counts))
	if err != nil {
		panic(err)
	}
	return d
}

func starsOf(t testing.TB, stars []int) rating.Distribution {
	t.Helper()
	var d rating.Distribution
	for _, s := range stars {
		if err := d.Add(rating.Stars(s)); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func ratio(part, whole int64) stat.Ratio { return stat.Ratio{Part: part, Whole: whole} }

// ratioOf reads a decimal exactly.
func ratioOf(t *testing.T, text string) stat.Ratio {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("not a number: %q", text)
	}
	return ratio(r.Num().Int64(), r.Denom().Int64())
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestDirichletVectors(t *testing.T) {
	forEach(t, "star rating Dirichlet lower bound", 14, func(t *testing.T, v published) {
		if v.Params.Prior != 1 {
			t.Fatalf("prior of %d", v.Params.Prior)
		}
		level := math.Erfc(-v.Params.Z/math.Sqrt2) / 2
		s := valueOf(rating.DirichletBound{Level: level}.Score(rating.Distribution(counted(v.Input.Counts[:]...))))(t)
		near(t, "bound", s.By, v.number(t, "lower_bound"), 1e-12)
		if n := int64(v.number(t, "n")); s.N != n {
			t.Errorf("n = %d, want %d", s.N, n)
		}
		if mean, ok := s.Shown.Float64(); ok {
			near(t, "shown", mean, v.number(t, "raw_mean"), 1e-15)
		} else if s.N != 0 {
			t.Error("nothing shown")
		}
	})
}

func TestBayesianVectors(t *testing.T) {
	forEach(t, "Bayesian average rating", 2, func(t *testing.T, v published) {
		b := rating.BayesianAverage{Mean: ratioOf(t, v.Params.PriorMean.String()), Weight: v.Params.Weight}
		// The row gives a mean; a sum of 4.4354·540 = 2395.116 stars is not
		// whole, so both are taken a thousand times.
		mean := ratioOf(t, v.Input.Mean.String())
		n := v.Input.N * 1000
		sum := mean.Part * n / mean.Whole
		if sum*mean.Whole != mean.Part*n {
			t.Fatal("the sum is not whole")
		}
		b.Weight *= 1000
		fives := (sum - n) / 4
		rest := sum - n - 4*fives
		d := counted(n-fives-min(rest, 1), 0, 0, 0, fives)
		if rest > 0 {
			d = merged(d, counted(0, boolCount(rest == 1), boolCount(rest == 2), boolCount(rest == 3), 0))
		}
		if d.Total() != ratio(sum, n) {
			t.Fatalf("built %v, want %d of %d", d.Total(), sum, n)
		}
		want := v.number(t, "bayesian_average")
		near(t, "score", valueOf(b.Score(d))(t).By, want, 1e-15)
		near(t, "average", valueOf(b.Of(d, 12))(t).InexactFloat64(), want, 1e-12)
	})
}

func boolCount(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func TestIntervalVectors(t *testing.T) {
	forEach(t, "mean, sd, t interval", 3, func(t *testing.T, v published) {
		d := starsOf(t, v.Input.X)
		iv := valueOf(d.Interval(v.Params.Conf))(t)
		var ends [2]float64
		v.expect(t, "ci", &ends)
		near(t, "mean", iv.Estimate, v.number(t, "mean"), 1e-12)
		near(t, "low", iv.Low, max(1, ends[0]), 1e-9)
		near(t, "high", iv.High, min(5, ends[1]), 1e-9)
		if median, ok := d.Median(); !ok || float64(median) != 2*v.number(t, "median") {
			t.Errorf("median %v", median)
		}
	})
}

func TestKappaVectors(t *testing.T) {
	forEach(t, "kappa", 5, func(t *testing.T, v published) {
		var first, second []int
		for a, row := range v.Input.Table {
			for b, n := range row {
				for range n {
					first, second = append(first, a), append(second, b)
				}
			}
		}
		for _, c := range []rating.Coefficient{rating.CohenKappa, rating.LinearKappa, rating.QuadraticKappa} {
			name := valueOf(c.MarshalText())(t)
			if _, ok := v.Expected[string(name)]; !ok {
				continue
			}
			var want []float64
			v.expect(t, string(name), &want)
			checkAgreement(t, v, valueOf(rating.Kappa(first, second, c, v.Params.Conf))(t), want)
		}
	})
}

func TestICCVector(t *testing.T) {
	forEach(t, "icc", 1, func(t *testing.T, v published) {
		var want []float64
		v.expect(t, "icc_2_1", &want)
		a := valueOf(rating.ICC(v.Input.Marks, v.Params.Conf))(t)
		checkAgreement(t, v, a, want)
		if a.N != 6 || a.Reviewers != 4 || a.Coefficient != rating.ICC21 || a.Level != 0.95 {
			t.Errorf("%+v", a)
		}
	})
}

func checkAgreement(t *testing.T, v published, a rating.Agreement, want []float64) {
	t.Helper()
	for i, got := range []float64{a.Estimate, a.Low, a.High}[:len(want)] {
		near(t, a.Coefficient.String(), got, want[i], v.Tolerance)
	}
}
