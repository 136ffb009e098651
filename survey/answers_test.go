package survey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

func TestScale(t *testing.T) {
	for _, s := range []survey.Scale{
		survey.OneTo(2), survey.OneTo(5), survey.ZeroTo(10), survey.ZeroTo(100), survey.OneTo(101),
		{Min: 0, Max: 500, Step: 5}, {Min: -3, Max: 3}, {Min: -500, Max: 500, Step: 10}, survey.OneTo(5).LowerIsBetter(),
	} {
		if err := s.Check(); err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
	for _, s := range []survey.Scale{
		{}, survey.OneTo(1), survey.OneTo(0), survey.ZeroTo(0), survey.ZeroTo(101), {Min: 0, Max: 10, Step: 3},
		{Min: 0, Max: 10, Step: -1}, {Min: 5, Max: 1}, {Min: -501, Max: -450}, {Min: 450, Max: 501},
		{Min: math.MinInt, Max: math.MaxInt}, {Min: 1, Max: 5, Direction: 2}, {Step: 1},
	} {
		if err := s.Check(); !errors.Is(err, survey.ErrScale) {
			t.Errorf("%v: %v", s, err)
		}
		if s.Points() != 0 {
			t.Errorf("%v has %d points", s, s.Points())
		}
		if _, err := survey.NewAnswers(s); !errors.Is(err, survey.ErrScale) {
			t.Errorf("%v: %v", s, err)
		}
		if _, err := survey.AnswersOf(s, nil); !errors.Is(err, survey.ErrScale) {
			t.Errorf("%v: %v", s, err)
		}
	}
	if !(survey.Scale{Min: 1, Max: 5}).Same(survey.OneTo(5)) {
		t.Error("a step of 0 is not a step of 1")
	}
	if survey.OneTo(5).Same(survey.OneTo(5).LowerIsBetter()) {
		t.Error("direction makes no difference")
	}
	for s, want := range map[survey.Scale]string{
		{}:                                       "no scale",
		{Min: 1, Max: 5}:                         "1–5",
		{Min: 0, Max: 100, Step: 10}:             "0–100 by 10",
		survey.OneTo(5).LowerIsBetter():          "1–5, lower is better",
		{Min: -2, Max: 2, Step: 2, Direction: 1}: "-2–2 by 2, lower is better",
	} {
		if s.String() != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}

func TestScaleRanges(t *testing.T) {
	tens := survey.Scale{Min: 0, Max: 100, Step: 10}
	effort := survey.OneTo(5).LowerIsBetter()
	for _, tt := range []struct {
		got  survey.Range
		want string
	}{
		{survey.OneTo(5).Top(2), "4–5"},
		{survey.OneTo(5).Top(5), "1–5"},
		{survey.OneTo(5).Top(0), "none"},
		{survey.OneTo(5).Top(6), "none"},
		{survey.OneTo(5).Bottom(1), "1"},
		{survey.ZeroTo(10).Bottom(1), "0"},
		{tens.Top(2), "90–100"},
		{tens.Bottom(2), "0–10"},
		{tens.AtLeast(80), "80–100"},
		{tens.AtLeast(85), "none"},
		{tens.Above(80), "90–100"},
		{effort.Top(2), "1–2"},
		{effort.Bottom(2), "4–5"},
		{effort.AtLeast(2), "1–2"},
		{effort.Above(2), "1"},
		{effort.Above(1), "none"},
		{survey.OneTo(5).AtLeast(4), "4–5"},
		{survey.OneTo(5).AtLeast(1), "1–5"},
		{survey.OneTo(5).Above(4), "5"},
		{survey.OneTo(5).Above(5), "none"},
		{survey.OneTo(5).Above(9), "none"},
		{survey.OneTo(5).AtLeast(0), "none"},
		{survey.Scale{}.Top(1), "none"},
	} {
		if tt.got.String() != tt.want || tt.got.Empty() != (tt.want == "none") {
			t.Errorf("%v, want %s", tt.got, tt.want)
		}
	}
	if p := survey.ZeroTo(10).Bottom(1); !p.Has(0) || p.Has(1) || p.Has(-1) {
		t.Errorf("%v has 0: %v, 1: %v, -1: %v", p, p.Has(0), p.Has(1), p.Has(-1))
	}
	if (survey.Range{}).Has(0) {
		t.Error("the empty span has 0")
	}
	if got := survey.OneTo(7).Mirror(6); got != 2 {
		t.Errorf("the mirror of 6 of 7 is %d", got)
	}
	if got := survey.ZeroTo(6).Mirror(6); got != 0 {
		t.Errorf("the mirror of 6 of 0 to 6 is %d", got)
	}
}

func TestScaleParse(t *testing.T) {
	tens := survey.Scale{Min: 0, Max: 100, Step: 10}
	for text, want := range map[string]int{"0": 0, " 20\n": 20, "+30": 30, "100": 100, "20.0": 20, " 10.000 ": 10, "-0.0": 0} {
		if v, err := tens.Parse(text); err != nil || v != want {
			t.Errorf("%q: %v, %v", text, v, err)
		}
	}
	for _, text := range []string{"", "n/a", "5.0", "20.", ".0", "20.5", "20.01", "20.0.0", "20. 0", "20,0", "1e1", "99999999999999999999", "5", "-10", "110"} {
		if v, err := tens.Parse(text); !errors.Is(err, survey.ErrOffScale) || v != 0 || !strings.Contains(err.Error(), strconv.Quote(text)) {
			t.Errorf("%q: %v, %v", text, v, err)
		}
	}
}

func TestAnswersErrors(t *testing.T) {
	if _, err := survey.NewAnswers(survey.OneTo(5), 5, 6); !errors.Is(err, survey.ErrOffScale) || err.Error() != "answer 1: survey: not an answer on the scale: 6, want 1–5" {
		t.Error(err)
	}
	var zero survey.Answers
	if err := zero.Add(0); !errors.Is(err, survey.ErrOffScale) {
		t.Error(err)
	}
	for _, counts := range [][]int64{{1}, {1, 1, 1, 1, -1}, {1, 1, 1, 1, 1, 1}, {1 << 53, 1, 0, 0, 0}, {math.MaxInt64, math.MaxInt64, 0, 0, 0}} {
		if _, err := survey.AnswersOf(survey.OneTo(5), counts); !errors.Is(err, survey.ErrCount) {
			t.Errorf("%d: %v", counts, err)
		}
	}
	full := answersOf(t, survey.OneTo(5), 1<<52, 0, 0, 0, 1<<52)
	a := full
	if err := a.Merge(full); !errors.Is(err, survey.ErrCount) || a != full {
		t.Error(err)
	}
	if err := a.Merge(answersOf(t, survey.OneTo(7), 1, 0, 0, 0, 0, 0, 0)); !errors.Is(err, survey.ErrMismatch) || a != full {
		t.Error(err)
	}
	if err := a.Merge(answersOf(t, survey.OneTo(5).LowerIsBetter(), 1, 0, 0, 0, 0)); !errors.Is(err, survey.ErrMismatch) {
		t.Error(err)
	}
	least := answersOf(t, survey.OneTo(5), 0, 0, 1<<53-1, 0, 0)
	if err := least.Merge(answersOf(t, survey.OneTo(5), 1, 0, 0, 0, 0)); err != nil || least.N() != 1<<53 {
		t.Error(err, least.N())
	}
	// 0, 50, 100: variance 2500.
	if v, ok := must(survey.NewAnswers(survey.Scale{Min: 0, Max: 100, Step: 10}, 0, 50, 100)).Variance(); !ok || v != 2500 {
		t.Errorf("variance %v", v)
	}
	// The largest counts overflow nothing.
	wide := answersOf(t, survey.Scale{Min: -500, Max: 500, Step: 10}, append(make([]int64, 100), 1<<53)...)
	if r := wide.Mean(); r.Part != 500<<53 {
		t.Errorf("mean %v", r)
	}
	if r := wide.Normalised(); r.Part != 1000<<53 || r.Whole != 1000<<53 {
		t.Errorf("normalised %v", r)
	}
	if v, ok := wide.Variance(); !ok || v != 0 {
		t.Errorf("variance %v", v)
	}
	if v, ok := full.Variance(); !ok || !near(v, 4) {
		t.Errorf("variance %v", v)
	}
	if _, ok := must(survey.NewAnswers(survey.OneTo(5), 3)).Variance(); ok {
		t.Error("variance of one answer")
	}
}

// Answers are a value: a copy does not follow.
func TestAnswersValue(t *testing.T) {
	a := must(survey.NewAnswers(survey.OneTo(5), 1))
	b := a
	if err := b.Add(5); err != nil || a.N() != 1 || b.N() != 2 || a.Count(5) != 0 || b.Count(5) != 1 || b.Count(9) != 0 {
		t.Errorf("%v: %v, %v", err, a, b)
	}
	counts := a.Counts()
	counts[0] = 99
	if a.Count(1) != 1 {
		t.Error("counts can be written through")
	}
	if (survey.Answers{}).Mean().Defined() || (survey.Answers{}).Normalised().Defined() || (survey.Answers{}).Share(survey.Range{}).Defined() {
		t.Error("the zero value has a value")
	}
}

// genValues yields answers from 0 to 10.
func genValues() gopter.Gen { return gen.SliceOf(gen.IntRange(0, 10)) }

func count(values []int) survey.Answers {
	a := must(survey.NewAnswers(survey.ZeroTo(10), values...))
	for range len(values) % 3 {
		a.LeaveOut(survey.Reason(1 + len(values)%9))
	}
	return a
}

func merged(list ...survey.Answers) survey.Answers {
	var sum survey.Answers
	for _, a := range list {
		if err := sum.Merge(a); err != nil {
			panic(err)
		}
	}
	return sum
}

func TestAnswersLaws(t *testing.T) {
	laws := gopter.NewProperties(nil)
	laws.Property("counts of a ++ b are the merged counts", prop.ForAll(func(a, b []int) bool {
		both := must(survey.NewAnswers(survey.ZeroTo(10), append(slices.Clone(a), b...)...))
		return merged(must(survey.NewAnswers(survey.ZeroTo(10), a...)), must(survey.NewAnswers(survey.ZeroTo(10), b...))) == both
	}, genValues(), genValues()))
	laws.Property("merging is associative, commutative, and the zero value changes nothing", prop.ForAll(func(a, b, c []int) bool {
		x, y, z := count(a), count(b), count(c)
		return merged(merged(x, y), z) == merged(x, merged(y, z)) && merged(x, y) == merged(y, x) &&
			merged(x, survey.Answers{}) == x && merged(survey.Answers{}, x) == x
	}, genValues(), genValues(), genValues()))
	laws.Property("order makes no difference", prop.ForAll(func(a []int) bool {
		back := slices.Clone(a)
		slices.Reverse(back)
		return count(a) == count(back)
	}, genValues()))
	laws.Property("mean, normalised mean and variance are those of big.Rat", prop.ForAll(func(values []int) bool {
		a := count(values)
		if len(values) == 0 {
			return !a.Mean().Defined() && !a.Normalised().Defined()
		}
		n := big.NewRat(int64(len(values)), 1)
		sum, squares := new(big.Rat), new(big.Rat)
		for _, v := range values {
			sum.Add(sum, big.NewRat(int64(v), 1))
		}
		mean := sum.Quo(sum, n)
		for _, v := range values {
			d := new(big.Rat).Sub(big.NewRat(int64(v), 1), mean)
			squares.Add(squares, d.Mul(d, d))
		}
		got := big.NewRat(a.Mean().Part, a.Mean().Whole)
		scaled := big.NewRat(a.Normalised().Part, a.Normalised().Whole)
		if got.Cmp(mean) != 0 || scaled.Cmp(new(big.Rat).Quo(mean, big.NewRat(10, 1))) != 0 {
			return false
		}
		v, ok := a.Variance()
		if len(values) == 1 {
			return !ok
		}
		want, _ := squares.Quo(squares, new(big.Rat).Sub(n, big.NewRat(1, 1))).Float64()
		return ok && v == want
	}, genValues()))
	laws.Property("JSON and binary come back", prop.ForAll(func(values []int) bool {
		a := count(values)
		text, err1 := json.Marshal(a)
		data, err2 := a.MarshalBinary()
		var b, c survey.Answers
		return err1 == nil && err2 == nil && json.Unmarshal(text, &b) == nil && c.UnmarshalBinary(data) == nil && a == b && a == c
	}, genValues()))
	laws.TestingRun(t)
}

// Intervals mirror with the answers, nest in the level, grow with the promoters,
// and stay within bounds.
func TestIntervalLaws(t *testing.T) {
	counts := gen.Int64Range(0, 40)
	laws := gopter.NewProperties(nil)
	methods := []stat.Method{stat.AdjustedWald, stat.Tango}
	laws.Property("net share", prop.ForAll(func(d, q, p int64) bool {
		if d+q+p == 0 {
			return true
		}
		x, _ := survey.NPS(nps(t, d, q, p))
		y, _ := survey.NPS(nps(t, p, q, d))
		up, _ := survey.NPS(nps(t, d, q, p+1))
		for _, m := range methods {
			var last stat.Interval
			for _, level := range []float64{0.5, 0.8, 0.95, 0.99} {
				iv := must(x.IntervalAt(level, m))
				mirror := must(y.IntervalAt(level, m))
				more := must(up.IntervalAt(level, m))
				if !within(iv.Low, -mirror.High, 1e-12) || !within(iv.High, -mirror.Low, 1e-12) {
					return false
				}
				if iv.Low < -1 || iv.High > 1 || iv.Low > iv.High {
					return false
				}
				if last.Level != 0 && (iv.Low > last.Low || iv.High < last.High) {
					return false
				}
				if m == stat.Tango && (more.Low < iv.Low-1e-12 || more.High < iv.High-1e-12) {
					return false
				}
				if m == stat.Tango && !iv.Contains(iv.Estimate) {
					return false
				}
				last = iv
			}
		}
		return true
	}, counts, counts, counts))
	laws.Property("mean of the turned scale", prop.ForAll(func(values []int) bool {
		if len(values) < 2 {
			return true
		}
		turned := make([]int, len(values))
		for i, v := range values {
			turned[i] = survey.ZeroTo(10).Mirror(v)
		}
		d := survey.Definition{Scale: survey.ZeroTo(10), Statistic: survey.MeanAnswer}
		x := must(survey.Measure(d, must(survey.NewAnswers(d.Scale, values...)))).Interval
		y := must(survey.Measure(d, must(survey.NewAnswers(d.Scale, turned...)))).Interval
		return within(x.Low, 10-y.High, 1e-9) && within(x.High, 10-y.Low, 1e-9) && x.Contains(x.Estimate) && x.Low >= 0 && x.High <= 10
	}, genValues()))
	laws.TestingRun(t)
}

// Mean coverage of 95 % intervals of NPS by exact trinomial sums, as tabulated in
// Rocks (2016) and its successors: the adjusted Wald interval keeps its level.
func TestNetShareCoverage(t *testing.T) {
	profiles := [][2]float64{{0.5, 0.5}, {0.3, 0.3}, {0.5, 0.2}, {0.6, 0.1}, {0.7, 0.05}, {0.2, 0.6}, {0.1, 0.1}, {0.85, 0.05}}
	for _, tt := range []struct {
		n         int64
		m         stat.Method
		low, high float64
	}{
		{10, stat.AdjustedWald, 0.935, 0.960},
		{10, stat.Tango, 0.945, 0.970},
		{20, stat.AdjustedWald, 0.940, 0.965},
		{20, stat.Tango, 0.945, 0.965},
	} {
		covered := make([]float64, len(profiles))
		for d := range tt.n + 1 {
			for p := range tt.n + 1 - d {
				x, _ := survey.NPS(nps(t, d, tt.n-d-p, p))
				iv := must(x.IntervalAt(0.95, tt.m))
				for i, pr := range profiles {
					if iv.Contains(pr[0] - pr[1]) {
						covered[i] += trinomial(tt.n, p, d, pr[0], pr[1])
					}
				}
			}
		}
		var mean float64
		for _, c := range covered {
			mean += c / float64(len(covered))
		}
		t.Logf("n = %d, %v: %.3f", tt.n, tt.m, mean)
		if mean < tt.low || mean > tt.high {
			t.Errorf("n = %d, %v covers %.4f on average, want %v to %v", tt.n, tt.m, mean, tt.low, tt.high)
		}
	}
}

// trinomial returns the probability of p promoters and d detractors of n.
func trinomial(n, p, d int64, pp, pd float64) float64 {
	f := new(big.Int).Binomial(n, p)
	f.Mul(f, new(big.Int).Binomial(n-p, d))
	ways, _ := new(big.Float).SetInt(f).Float64()
	return ways * math.Pow(pp, float64(p)) * math.Pow(pd, float64(d)) * math.Pow(max(0, 1-pp-pd), float64(n-p-d))
}

func TestAnswersGolden(t *testing.T) {
	a := must(survey.NewAnswers(survey.OneTo(5).LowerIsBetter(), 5, 4, 4, 2))
	if err := errors.Join(a.LeaveOut(survey.OffScale), a.LeaveOut(survey.Superseded)); err != nil {
		t.Fatal(err)
	}
	golden(t, "answers.json", a)
	golden(t, "answers_zero.json", survey.Answers{})
	data := must(a.MarshalBinary())
	want := []byte{1, 2, 10, 2, 1, 5, 0, 1, 0, 2, 1, 9, 0, 0, 0, 1, 0, 1, 0, 0, 0}
	if !bytes.Equal(data, want) {
		t.Errorf("binary %v, want %v", data, want)
	}
	for i := range data {
		if err := new(survey.Answers).UnmarshalBinary(data[:i]); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("cut to %d bytes: %v", i, err)
		}
	}
	for _, bad := range [][]byte{
		append(slices.Clone(data), 0), {2}, {1, 2, 10, 0, 1, 5, 0, 1, 0, 2, 1, 0}, {1, 2, 10, 2, 7, 5, 0, 1, 0, 2, 1, 0},
		{1, 2, 10, 2, 0, 4, 0, 1, 0, 2, 0}, {1, 0, 0, 0, 0, 1, 5, 0},
	} {
		if err := new(survey.Answers).UnmarshalBinary(bad); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	for _, bad := range []string{
		``, `[]`, `{"scale":{"min":1,"max":2},"n":1,"counts":[0,2]}`, `{"n":0,"counts":[],"mean":3}`,
		`{"scale":{"min":1,"max":2},"n":2,"counts":[0,1,1]}`, `{"n":1,"counts":[1]}`,
		`{"scale":{"min":1,"max":2,"direction":"up"},"n":2,"counts":[1,1]}`,
		`{"n":0,"counts":[],"left_out":{"counted":1}}`, `{"n":0,"counts":[],"left_out":{"lost":1}}`,
		`{"n":0,"counts":[],"left_out":{"off_scale":-1}}`, `{"n":0,"counts":[],"left_out":[]}`,
	} {
		if err := new(survey.Answers).UnmarshalJSON([]byte(bad)); !errors.Is(err, survey.ErrMalformed) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestLeftOut(t *testing.T) {
	var l survey.LeftOut
	for r, n := range map[survey.Reason]int64{survey.Counted: 5, survey.Excluded + 1: 5, 99: 5, survey.OffScale: -5, survey.Unanswered: 1<<53 + 1} {
		if err := l.Add(r, n); !errors.Is(err, survey.ErrCount) {
			t.Errorf("%d as %v: %v", n, r, err)
		}
	}
	if !l.IsZero() || l.String() != "nothing" || l.Count(survey.Counted) != 0 || l.Count(99) != 0 {
		t.Errorf("%v", l)
	}
	if err := errors.Join(l.Add(survey.Excluded, 2), l.Add(survey.Unanswered, 1), l.Add(survey.TooFewItems, 0)); err != nil {
		t.Error(err)
	}
	if l.Total() != 3 || l.Count(survey.Excluded) != 2 || l.String() != "1 unanswered, 2 excluded" {
		t.Errorf("%v", l)
	}
}

func TestEnums(t *testing.T) {
	for r := survey.Counted; r <= survey.Excluded; r++ {
		var back survey.Reason
		if text, err := r.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != r || string(text) != r.String() {
			t.Errorf("%v: %q, %v", r, text, err)
		}
	}
	for s := survey.NoStatistic; s <= survey.NormalisedMean; s++ {
		var back survey.Statistic
		if text, err := s.MarshalText(); err != nil || back.UnmarshalText(text) != nil || back != s || string(text) != s.String() {
			t.Errorf("%v: %q, %v", s, text, err)
		}
	}
	if _, err := survey.Reason(99).MarshalText(); err == nil || survey.Reason(99).String() != "Reason(99)" {
		t.Error(err, survey.Reason(99))
	}
	var s survey.Statistic
	if err := s.UnmarshalText([]byte("median")); err == nil || err.Error() != `survey: no such statistic: "median"` {
		t.Error(err)
	}
}

func FuzzAnswersJSON(f *testing.F) {
	f.Add([]byte(`{"scale":{"min":1,"max":5},"n":4,"counts":[0,0,1,2,1],"left_out":{"off_scale":2}}`))
	f.Add([]byte(`{"n":0,"counts":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b survey.Answers
		if json.Unmarshal(data, &a) != nil {
			return
		}
		if err := json.Unmarshal(must(json.Marshal(a)), &b); err != nil || a != b {
			t.Errorf("%s: %v", data, err)
		}
	})
}

func FuzzAnswersBinary(f *testing.F) {
	f.Add(must(must(survey.NewAnswers(survey.OneTo(5), 5, 4)).MarshalBinary()))
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b survey.Answers
		if a.UnmarshalBinary(data) != nil {
			return
		}
		if err := b.UnmarshalBinary(must(a.MarshalBinary())); err != nil || a != b {
			t.Errorf("%v: %v", data, err)
		}
	})
}

func FuzzScaleParse(f *testing.F) {
	f.Add("5")
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := survey.ZeroTo(10).Parse(text); err == nil && (v < 0 || v > 10) {
			t.Errorf("%q is %d", text, v)
		}
	})
}
