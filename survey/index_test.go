package survey_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

func TestCSATVectors(t *testing.T) {
	for _, v := range vectors(t, "CSAT top-k-box and mean") {
		var in struct {
			Counts []int64 `json:"counts_1_to_K"`
			TopK   int     `json:"top_k"`
			Conf   float64
			Scale  [2]int
		}
		v.decode(t, &in)
		scale := survey.OneTo(in.Scale[1])
		a := answersOf(t, scale, in.Counts...)
		x, err := survey.Measure(survey.TopBox(scale, in.TopK), a)
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			continue
		}
		if float64(x.N()) != v.number(t, "n") || float64(x.Value.Part) != v.number(t, "top_box_count") {
			t.Errorf("%s: %v of n = %d", v.ID, x.Value, x.N())
		}
		share, _ := x.Value.Float64()
		bottom, _ := a.Share(scale.Bottom(2)).Float64()
		normalised, _ := a.Normalised().Float64()
		mean, _ := a.Mean().Float64()
		variance, _ := a.Variance()
		wilson := v.numbers(t, "wilson95_pct")
		d := survey.TopBox(scale, in.TopK)
		d.Statistic = survey.MeanAnswer
		mx, err := survey.Measure(d, a)
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
		}
		ci := v.numbers(t, "mean_t_ci")
		for name, pair := range map[string][2]float64{
			"top box":     {100 * share, v.number(t, "top_box_pct")},
			"bottom 2":    {100 * bottom, v.number(t, "bottom2_pct")},
			"normalised":  {100 * normalised, v.number(t, "normalised_0_100")},
			"mean":        {mean, v.number(t, "mean")},
			"variance":    {variance, v.number(t, "sample_variance")},
			"wilson low":  {100 * x.Interval.Low, wilson[0]},
			"wilson high": {100 * x.Interval.High, wilson[1]},
			"t low":       {mx.Interval.Low, ci[0]},
			"t high":      {mx.Interval.High, ci[1]},
		} {
			if !near(pair[0], pair[1]) {
				t.Errorf("%s: %s is %v, want %v", v.ID, name, pair[0], pair[1])
			}
		}
		// Top k minus bottom k, where they do not meet: the rows count the
		// whole bottom k.
		if net := v.number(t, "net_satisfaction_pct"); 2*in.TopK <= in.Scale[1] {
			got, _ := stat.Ratio{Part: x.Positive().Part - x.Negative().Part, Whole: x.N()}.Float64()
			if !near(100*got, net) {
				t.Errorf("%s: net satisfaction %v, want %v", v.ID, 100*got, net)
			}
		}
	}
}

func TestNPSVectors(t *testing.T) {
	for _, v := range vectors(t, "NPS one sample") {
		var in struct {
			Detractors, Passives, Promoters int64
			Conf                            float64
		}
		v.decode(t, &in)
		x, ok := survey.NPS(nps(t, in.Detractors, in.Passives, in.Promoters))
		if !ok {
			t.Errorf("%s: no index", v.ID)
			continue
		}
		if f, _ := x.Value.Float64(); !near(f, v.number(t, "nps")) {
			t.Errorf("%s: NPS is %v", v.ID, x.Value)
		}
		if shown, _ := x.Shown(); math.Abs(shown.InexactFloat64()-v.number(t, "nps100")) > 0.05 {
			t.Errorf("%s: NPS is shown as %v", v.ID, shown)
		}
		for key, m := range map[string]stat.Method{
			"adjusted_wald_0.75_1.5_0.75": stat.AdjustedWald,
			"score_tango":                 stat.Tango,
		} {
			want := v.numbers(t, key)
			iv, err := x.IntervalAt(in.Conf, m)
			// The rows do not clip Wald intervals to −1…1, nor extend them to the estimate.
			low := math.Min(math.Max(want[0], -1), v.number(t, "nps"))
			high := math.Max(math.Min(want[1], 1), v.number(t, "nps"))
			if err != nil || !near(iv.Low, low) || !near(iv.High, high) {
				t.Errorf("%s: %v, %v, want %v", v.ID, iv, err, want)
			}
			if iv.Method != m || iv.Level != in.Conf {
				t.Errorf("%s: interval says %v", v.ID, iv)
			}
		}
	}
}

func TestCESVectors(t *testing.T) {
	for _, v := range vectors(t, "CES 2.0 (7-point agreement)") {
		var in struct {
			Counts []int64 `json:"counts_1_to_7"`
		}
		v.decode(t, &in)
		a := answersOf(t, survey.OneTo(7), in.Counts...)
		x, ok := survey.CES(a)
		agree, err := survey.Measure(survey.CES2Agree(), a)
		net, err2 := survey.Measure(survey.NetEasy(), a)
		if !ok || err != nil || err2 != nil {
			t.Fatal(v.ID, ok, err, err2)
		}
		mean, _ := x.Value.Float64()
		share, _ := agree.Value.Float64()
		easy, _ := net.Value.Float64()
		normalised, _ := a.Normalised().Float64()
		wilson := v.numbers(t, "wilson95_pct")
		for name, pair := range map[string][2]float64{
			"n":          {float64(x.N()), v.number(t, "n")},
			"mean":       {mean, v.number(t, "mean")},
			"agree":      {100 * share, v.number(t, "top3_pct")},
			"low":        {100 * agree.Interval.Low, wilson[0]},
			"high":       {100 * agree.Interval.High, wilson[1]},
			"net":        {100 * easy, v.number(t, "net_easy_pct")},
			"normalised": {100 * normalised, v.number(t, "normalised_0_100")},
		} {
			if !near(pair[0], pair[1]) {
				t.Errorf("%s: %s is %v, want %v", v.ID, name, pair[0], pair[1])
			}
		}
	}
}

// By hand: four answers 1, 2, 2, 5 of effort, where lower is better.
func TestCES1(t *testing.T) {
	a := must(survey.NewAnswers(survey.OneTo(5).LowerIsBetter(), 1, 2, 2, 5))
	x, ok := survey.CES(a)
	if !ok || x.Definition.Name != "CES 1.0" || x.Value != (stat.Ratio{Part: 10, Whole: 4}) {
		t.Errorf("CES 1.0 is %v, %v", x, ok)
	}
	if !x.Definition.LowerIsBetter() || x.Positive().Part != 3 || x.Negative().Part != 1 || x.Neutral().Part != 0 {
		t.Errorf("low effort %v, high effort %v", x.Positive(), x.Negative())
	}
	if _, ok := survey.CES(must(survey.NewAnswers(survey.OneTo(5), 1, 2, 2, 5))); ok {
		t.Error("CES of a scale from 1 to 5 on which higher is better")
	}
	d := survey.CES1()
	d.Statistic = survey.NormalisedMean
	n, err := survey.Measure(d, a)
	if err != nil || n.Value != (stat.Ratio{Part: 10, Whole: 16}) || n.Definition.LowerIsBetter() {
		t.Errorf("normalised: %v, %v", n, err)
	}
	// The interval of the normalised mean is the turned one of the mean.
	if want := (5 - x.Interval.High) / 4; !near(n.Interval.Low, want) {
		t.Errorf("normalised low %v, want %v", n.Interval.Low, want)
	}
	if want := (5 - x.Interval.Low) / 4; !near(n.Interval.High, want) {
		t.Errorf("normalised high %v, want %v", n.Interval.High, want)
	}
}

func TestNoIndex(t *testing.T) {
	empty := must(survey.NewAnswers(survey.OneTo(5)))
	for name, ok := range map[string]bool{
		"CSAT of nothing":            second(survey.CSAT(empty)),
		"CSAT of the zero value":     second(survey.CSAT(survey.Answers{})),
		"NPS of nothing":             second(survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10))))),
		"NPS of the zero value":      second(survey.NPS(survey.Answers{})),
		"NPS of 1 to 10":             second(survey.NPS(must(survey.NewAnswers(survey.OneTo(10), 9)))),
		"CES of the zero value":      second(survey.CES(survey.Answers{})),
		"CES of 0 to 10":             second(survey.CES(must(survey.NewAnswers(survey.ZeroTo(10), 9)))),
		"CSAT of 0 to 10":            second(survey.CSAT(must(survey.NewAnswers(survey.ZeroTo(10), 9)))),
		"NPS where 0 is the best":    second(survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10).LowerIsBetter(), 9)))),
		"CSAT of a scale of 8 to 10": second(survey.CSAT(must(survey.NewAnswers(survey.OneTo(8), 8)))),
	} {
		if ok {
			t.Error(name)
		}
	}
	if _, err := survey.Measure(survey.TopBox(survey.OneTo(5), 2), empty); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	if _, err := survey.Measure(survey.NetPromoter(), must(survey.NewAnswers(survey.OneTo(5), 4))); !errors.Is(err, survey.ErrMismatch) {
		t.Error(err)
	}
	if _, err := survey.Measure(survey.Definition{}, empty); !errors.Is(err, survey.ErrScale) {
		t.Error(err)
	}
	if got := (survey.Index{}).String(); got != "no answers" {
		t.Error(got)
	}
	if _, err := (survey.Index{}).IntervalAt(0.95, 0); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
}

func second[A, B any](_ A, b B) B { return b }

// The usual number of best answers by the points of the scale.
func TestCSATBoxes(t *testing.T) {
	for points, k := range map[int]int64{2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 10: 3} {
		counts := make([]int64, points)
		for i := range counts {
			counts[i] = 1
		}
		for _, s := range []survey.Scale{survey.OneTo(points), survey.OneTo(points).LowerIsBetter()} {
			x, ok := survey.CSAT(answersOf(t, s, counts...))
			if !ok || x.Value != (stat.Ratio{Part: k, Whole: int64(points)}) {
				t.Errorf("%v: %v, %v", s, x, ok)
			}
		}
	}
}

func TestTopBox(t *testing.T) {
	for _, tt := range []struct {
		points, k          int
		positive, negative string
	}{{4, 2, "3–4", "1–2"}, {5, 2, "4–5", "1–2"}, {5, 3, "3–5", "none"}, {3, 1, "3", "1"}} {
		d := survey.TopBox(survey.OneTo(tt.points), tt.k)
		if d.Positive.String() != tt.positive || d.Negative.String() != tt.negative || d.Check() != nil {
			t.Errorf("%+v: %+v", tt, d)
		}
	}
	if err := survey.TopBox(survey.OneTo(5), 6).Check(); !errors.Is(err, survey.ErrDefinition) {
		t.Error(err)
	}
}

func TestOneAnswer(t *testing.T) {
	if x, ok := survey.CSAT(must(survey.NewAnswers(survey.OneTo(5), 5))); !ok || x.Interval.Level != 0.95 || x.Interval.High != 1 {
		t.Errorf("CSAT of one answer: %v, %v", x, ok)
	}
	if x, ok := survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10), 0))); !ok || x.Interval.Level != 0.95 || x.Interval.Low > -0.9 {
		t.Errorf("NPS of one answer: %v, %v", x, ok)
	}
	x, ok := survey.CES(must(survey.NewAnswers(survey.OneTo(7), 5)))
	if !ok || x.Interval != (stat.Interval{}) {
		t.Errorf("CES of one answer: %v, %v", x, ok)
	}
	if got, want := x.String(), "CES 2.0 5.00, n = 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := x.IntervalAt(0.95, 0); !errors.Is(err, stat.ErrTooFew) {
		t.Error(err)
	}
}

func TestIntervalErrors(t *testing.T) {
	csat, _ := survey.CSAT(must(survey.NewAnswers(survey.OneTo(5), 5, 4, 1)))
	nps, _ := survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10), 5, 4, 10)))
	ces, _ := survey.CES(must(survey.NewAnswers(survey.OneTo(7), 5, 4, 1)))
	for _, x := range []survey.Index{csat, nps, ces} {
		for _, level := range []float64{0, 1, -1, 95, math.NaN(), math.Inf(1)} {
			if _, err := x.IntervalAt(level, 0); !errors.Is(err, stat.ErrLevel) {
				t.Errorf("%v: level %v: %v", x, level, err)
			}
		}
		if _, err := x.IntervalAt(0.9, stat.Welch); !errors.Is(err, stat.ErrMethod) {
			t.Errorf("%v: %v", x, err)
		}
		for _, level := range []float64{1e-8, 0.5, 0.9999999} {
			iv, err := x.IntervalAt(level, 0)
			if err != nil || !(iv.Low <= iv.High) {
				t.Errorf("%v: level %v: %v, %v", x, level, iv, err)
			}
		}
	}
}

func TestStrings(t *testing.T) {
	a := must(survey.NewAnswers(survey.OneTo(5), 5, 4, 4, 2, 5))
	a.LeaveOut(survey.Unanswered)
	a.LeaveOut(survey.Unanswered)
	a.LeaveOut(survey.OffScale)
	x, _ := survey.CSAT(a)
	want := "CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4, n = 5 (left out: 2 unanswered, 1 off_scale)"
	if x.String() != want {
		t.Errorf("%q, want %q", x, want)
	}
	n, _ := survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10), 10, 9, 8, 6, 10, 3, 9, 7)))
	if got, want := n.String(), "NPS 25.0, 95 % −29.4 to 65.8, n = 8"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := n.Definition.String() + (survey.Definition{Scale: survey.OneTo(5), Statistic: survey.MeanAnswer}).String(); got != "NPSmean of 1–5" {
		t.Error(got)
	}
}

// The usual definitions, and two of vendors: Trengo shows (average − 1)/4 · 100, and
// FreeScout ⌈% great − % not good⌉ (its issue 2064).
func definitions() []survey.Definition {
	return []survey.Definition{
		survey.NetPromoter(), survey.EmployeeNet(), survey.CES1(), survey.CES2(), survey.CES2Agree(), survey.NetEasy(), survey.Favourable(),
		survey.TopBox(survey.OneTo(5), 2), survey.TopBox(survey.OneTo(3), 1), survey.TopBox(survey.OneTo(7), 3), trengo(), freeScout(),
	}
}

func trengo() survey.Definition {
	d := survey.TopBox(survey.OneTo(5), 2)
	d.Statistic = survey.NormalisedMean
	return d
}

func freeScout() survey.Definition {
	d := survey.TopBox(survey.OneTo(3), 1)
	d.Statistic, d.Places, d.Rounding = survey.NetShare, 0, stat.Ceiling
	return d
}

// Shares of all definitions, by exact arithmetic over the raw answers.
func TestDefinitionsOracle(t *testing.T) {
	for _, d := range definitions() {
		if err := d.Check(); err != nil {
			t.Errorf("%v: %v", d, err)
			continue
		}
		if d.Name == "" || d.Source == "" {
			t.Errorf("%v: no name or source", d)
		}
		var values []int
		for v := d.Scale.Min; v <= d.Scale.Max; v++ {
			for range 1 + (v*v+3)%5 {
				values = append(values, v)
			}
		}
		x, err := survey.Measure(d, must(survey.NewAnswers(d.Scale, values...)))
		if err != nil {
			t.Errorf("%v: %v", d, err)
			continue
		}
		sum := new(big.Rat)
		for _, v := range values {
			term := new(big.Rat)
			switch good, bad := d.Positive.From <= v && v < d.Positive.Below, d.Negative.From <= v && v < d.Negative.Below; {
			case d.Statistic == survey.MeanAnswer:
				term.SetInt64(int64(v))
			case d.Statistic == survey.NormalisedMean:
				term.SetFrac64(int64(v-d.Scale.Min), int64(d.Scale.Max-d.Scale.Min))
			case good:
				term.SetInt64(1)
			case bad && d.Statistic == survey.NetShare:
				term.SetInt64(-1)
			}
			sum.Add(sum, term)
		}
		sum.Quo(sum, big.NewRat(int64(len(values)), 1))
		if big.NewRat(x.Value.Part, x.Value.Whole).Cmp(sum) != 0 {
			t.Errorf("%v: %v, want %v", d, x.Value, sum)
		}
		if got := x.Positive().Part + x.Neutral().Part + x.Negative().Part; got != int64(len(values)) {
			t.Errorf("%v: shares add up to %d of %d", d, got, len(values))
		}
		if !x.Interval.Contains(x.Interval.Estimate) {
			t.Errorf("%v: %v", d, x.Interval)
		}
	}
}

// What each definition makes of the same answers, by its author's own formula.
func TestDefinitionValues(t *testing.T) {
	five := answersOf(t, survey.OneTo(5), 1, 2, 3, 4, 10) // mean 4
	three := answersOf(t, survey.OneTo(3), 3, 4, 10)      // of 17
	seven := answersOf(t, survey.OneTo(7), 1, 1, 1, 1, 2, 2, 2)
	for _, tt := range []struct {
		d    survey.Definition
		a    survey.Answers
		want string
	}{
		{survey.TopBox(survey.OneTo(5), 2), five, "70.0"},
		{survey.TopBox(survey.OneTo(3), 1), three, "58.8"},
		{trengo(), five, "75.0"},
		{freeScout(), three, "42"}, // ⌈58.82 − 17.65⌉ = ⌈41.18⌉
		{survey.TopBox(survey.OneTo(7), 3), seven, "60.0"},
		{survey.Favourable(), five, "70.0"},
		{survey.CES2(), seven, "4.60"},
		{survey.CES2Agree(), seven, "60.0"},
		{survey.NetEasy(), seven, "30.0"},
	} {
		x, err := survey.Measure(tt.d, tt.a)
		if err != nil {
			t.Errorf("%v: %v", tt.d, err)
			continue
		}
		if got, ok := x.Shown(); !ok || got.StringFixed(x.Definition.Places) != tt.want {
			t.Errorf("%v shows %v, want %s", tt.d, got, tt.want)
		}
	}
}

func TestDefinitionCheck(t *testing.T) {
	five := survey.OneTo(5)
	share := survey.Definition{Scale: five, Statistic: survey.PositiveShare, Positive: survey.Range{From: 4, Below: 6}}
	if err := share.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*survey.Definition){
		"no statistic":         func(d *survey.Definition) { d.Statistic = survey.NoStatistic },
		"unknown statistic":    func(d *survey.Definition) { d.Statistic = 99 },
		"no positive":          func(d *survey.Definition) { d.Positive = survey.Range{} },
		"positive off scale":   func(d *survey.Definition) { d.Positive.Below = 7 },
		"positive from below":  func(d *survey.Definition) { d.Positive.From = 0 },
		"positive upside down": func(d *survey.Definition) { d.Positive = survey.Range{From: 5, Below: 3} },
		"negative off scale":   func(d *survey.Definition) { d.Negative = survey.Range{From: 0, Below: 3} },
		"negative upside down": func(d *survey.Definition) { d.Negative = survey.Range{From: 3, Below: 2} },
		"no negative":          func(d *survey.Definition) { d.Statistic = survey.NetShare },
		"overlap":              func(d *survey.Definition) { d.Negative = survey.Range{From: 1, Below: 5} },
		"overlap from above":   func(d *survey.Definition) { d.Negative = survey.Range{From: 5, Below: 6} },
		"net without positive": func(d *survey.Definition) {
			d.Statistic, d.Positive, d.Negative = survey.NetShare, survey.Range{}, survey.Range{From: 1, Below: 3}
		},
	} {
		d := share
		change(&d)
		if err := d.Check(); !errors.Is(err, survey.ErrDefinition) {
			t.Errorf("%s: %v", name, err)
		}
	}
	touching := share
	touching.Negative = survey.Range{From: 1, Below: 4}
	if err := touching.Check(); err != nil {
		t.Errorf("touching spans: %v", err)
	}
	if err := (survey.Definition{Statistic: survey.MeanAnswer}).Check(); !errors.Is(err, survey.ErrScale) {
		t.Error(err)
	}
	// A threshold, inclusive and strict.
	a := answersOf(t, five, 1, 1, 1, 1, 1)
	for span, want := range map[survey.Range]int64{five.AtLeast(4): 2, five.Above(4): 1} {
		d := share
		d.Positive = span
		if x, err := survey.Measure(d, a); err != nil || x.Value.Part != want {
			t.Errorf("%v: %v, %v", span, x, err)
		}
	}
	// The step need not be spelled out.
	d := share
	d.Scale.Step = 0
	if _, err := survey.Measure(d, a); err != nil {
		t.Error(err)
	}
}

func TestIndexJSON(t *testing.T) {
	x, _ := survey.NPS(must(survey.NewAnswers(survey.ZeroTo(10), 10, 9, 8, 6)))
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	var back survey.Index
	if err := json.Unmarshal(text, &back); err != nil || back != x {
		t.Errorf("%s: %v", text, err)
	}
	golden(t, "index.json", x)
}
