package survey_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

const missing = survey.Missing

func TestUWESVectors(t *testing.T) {
	for _, v := range vectors(t, "UWES-9 scoring") {
		var in struct {
			Items []int `json:"items_1_to_9"`
		}
		v.decode(t, &in)
		scores, err := survey.UWES9().Score(in.Items)
		if err != nil || len(scores) != 4 {
			t.Fatalf("%s: %v, %v", v.ID, scores, err)
		}
		for _, s := range scores {
			key := s.Dimension
			if key == "" {
				key = "total"
			}
			if f, ok := s.Value.Float64(); !ok || !near(f, v.number(t, key)) {
				t.Errorf("%s: %s is %v", v.ID, key, s.Value)
			}
		}
		for _, key := range []string{"vigor", "dedication", "absorption"} {
			want := v.numbers(t, key+"_items")
			var got []float64
			for i, item := range survey.UWES9().Items {
				if item.Dimension == key {
					got = append(got, float64(i+1))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s is items %v, want %v", v.ID, key, got, want)
			}
		}
	}
}

// Schaufeli & Bakker (2004): the items of the 17-item form by scale.
func TestUWES17(t *testing.T) {
	want := map[string][]int{
		"vigor": {1, 4, 8, 12, 15, 17}, "dedication": {2, 5, 7, 10, 13}, "absorption": {3, 6, 9, 11, 14, 16},
	}
	q := survey.UWES17()
	if len(q.Items) != 17 || q.Scale != survey.ZeroTo(6) {
		t.Errorf("%d items on %v", len(q.Items), q.Scale)
	}
	for name, items := range want {
		var got []int
		for i, item := range q.Items {
			if item.Dimension == name {
				got = append(got, i+1)
			}
		}
		if !slices.Equal(got, items) {
			t.Errorf("%s: %v, want %v", name, got, items)
		}
	}
	if !slices.Equal(q.Dimensions(), []string{"vigor", "dedication", "absorption"}) {
		t.Error(q.Dimensions())
	}
}

func TestScoreMissing(t *testing.T) {
	q := survey.Questionnaire{Name: "q", Scale: survey.OneTo(5), Items: []survey.Item{
		{Name: "a1", Dimension: "a"}, {Name: "a2", Dimension: "a", Reversed: true}, {Name: "b1", Dimension: "b"}, {Name: "b2", Dimension: "b"}, {Name: "b3", Dimension: "b"},
	}}
	for _, tt := range []struct {
		row  []int
		want []stat.Ratio
	}{
		{[]int{5, 1, 3, 4, 5}, []stat.Ratio{{Part: 10, Whole: 2}, {Part: 12, Whole: 3}, {Part: 22, Whole: 5}}},
		{[]int{missing, 2, 3, missing, 5}, []stat.Ratio{{Part: 4, Whole: 1}, {Part: 8, Whole: 2}, {Part: 12, Whole: 3}}},
		{[]int{5, 1, 3, missing, missing}, []stat.Ratio{{Part: 10, Whole: 2}, {}, {}}},
		{[]int{missing, missing, missing, missing, missing}, []stat.Ratio{{}, {}, {}}},
	} {
		scores, err := q.Score(tt.row)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range scores {
			if s.Value != tt.want[i] {
				t.Errorf("%v: %+v, want %v", tt.row, s, tt.want[i])
			}
		}
	}
	// Items without a dimension are in the whole only.
	loose := survey.Questionnaire{Scale: survey.OneTo(5), Items: []survey.Item{{Name: "x"}, {Name: "y"}, {Name: "z"}}}
	if scores := must(loose.Score([]int{5, 4, missing})); len(scores) != 1 || scores[0].Value != (stat.Ratio{Part: 9, Whole: 2}) || scores[0].Items != 3 {
		t.Errorf("%+v", scores)
	}
	if scores := must(loose.Score([]int{5, missing, missing})); scores[0].Value.Defined() {
		t.Errorf("%+v", scores)
	}
	for name, tt := range map[string]struct {
		q    survey.Questionnaire
		row  []int
		want error
	}{
		"too short": {q, []int{1}, survey.ErrCount},
		"off scale": {q, []int{1, 2, 3, 4, 6}, survey.ErrOffScale},
		"no scale":  {survey.Questionnaire{Items: q.Items}, []int{1, 2, 3, 4, 5}, survey.ErrScale},
		"no items":  {survey.Questionnaire{Scale: q.Scale}, nil, survey.ErrDefinition},
	} {
		if _, err := tt.q.Score(tt.row); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFavourable(t *testing.T) {
	q := survey.Questionnaire{Name: "pulse", Scale: survey.OneTo(5), Items: []survey.Item{
		{Name: "a1", Dimension: "a"}, {Name: "a2", Dimension: "a", Reversed: true}, {Name: "b1", Dimension: "b"}, {Name: "c1", Dimension: "c"},
	}}
	rows := [][]int{{5, 1, 3, missing}, {4, 5, 4, missing}, {2, 3, missing, missing}, {1, 2, 5, missing}}
	indices, favour, err := q.Favourable(survey.Favourable(), rows)
	if err != nil {
		t.Fatal(err)
	}
	// By hand: a1 2/4; a2, mirrored 5 1 3 4, 2/4; b1 2/3; c1 nobody.
	for i, want := range []stat.Ratio{{Part: 2, Whole: 4}, {Part: 2, Whole: 4}, {Part: 2, Whole: 3}, {}} {
		if indices[i].Value != want {
			t.Errorf("%s: %v, want %v", q.Items[i].Name, indices[i].Value, want)
		}
	}
	if got := indices[2].Answers.LeftOut().Count(survey.Unanswered); got != 1 {
		t.Errorf("%d unanswered", got)
	}
	want := []survey.Favour{{Dimension: "a", Items: 2, Share: 0.5}, {Dimension: "b", Items: 1, Share: 2.0 / 3}, {Dimension: "", Items: 3, Share: 5.0 / 9}}
	if len(favour) != len(want) {
		t.Fatal(favour)
	}
	for i := range want {
		if favour[i].Dimension != want[i].Dimension || favour[i].Items != want[i].Items || !near(favour[i].Share, want[i].Share) {
			t.Errorf("%+v, want %+v", favour[i], want[i])
		}
	}
	if _, _, err := q.Favourable(survey.Favourable(), nil); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	if _, _, err := q.Favourable(survey.NetPromoter(), rows); !errors.Is(err, survey.ErrMismatch) {
		t.Error(err)
	}
	if _, _, err := q.Favourable(survey.Favourable(), [][]int{{9, 1, 1, 1}}); !errors.Is(err, survey.ErrOffScale) {
		t.Error(err)
	}
	// Without dimensions there is only the whole.
	plain := survey.Questionnaire{Scale: survey.OneTo(5), Items: []survey.Item{{Name: "x"}, {Name: "y"}}}
	if _, favour, err := plain.Favourable(survey.Favourable(), [][]int{{5, 1}}); err != nil || len(favour) != 1 || favour[0].Share != 0.5 || favour[0].Items != 2 {
		t.Errorf("%+v, %v", favour, err)
	}
}

func TestFavourableVectors(t *testing.T) {
	items, rows := attitude(t)
	for _, v := range vectors(t, "percent favourable / column summary") {
		var in struct{ Column string }
		v.decode(t, &in)
		a := must(survey.NewAnswers(survey.ZeroTo(100)))
		for _, row := range rows {
			if err := a.Add(row[slices.Index(items, in.Column)]); err != nil {
				t.Fatal(err)
			}
		}
		share := a.Share(a.Scale().AtLeast(70))
		f, _ := share.Float64()
		mean, _ := a.Mean().Float64()
		variance, _ := a.Variance()
		if float64(share.Part) != v.number(t, "n_ge_70") || !near(f, v.number(t, "share_ge_70")) || !near(mean, v.number(t, "mean")) || !near(math.Sqrt(variance), v.number(t, "sd")) {
			t.Errorf("%s: %v, mean %v, variance %v", v.ID, share, mean, variance)
		}
	}
}

func TestProfile(t *testing.T) {
	q := survey.UWES9()
	row := func(v int) []int { return []int{v, v, 6, 6, v, 0, 6, 0, 0} }
	groups := map[string][][]int{"night": {row(1), row(2), {1, 1, missing, missing, 1, 1, 1, 1, 1}}}
	for i := range 6 {
		groups["chat"] = append(groups["chat"], row(i%3))
		groups["phone"] = append(groups["phone"], row(5))
	}
	list, err := q.Profile(0, groups)
	if err != nil || len(list) != 4 {
		t.Fatal(list, err)
	}
	if all := list[3]; all.Group != "all" || all.LeftOut.Count(survey.TooFewItems) != 1 || all.N != 14 || all.Suppressed {
		t.Errorf("%+v", all)
	}
	// night is small, and chat, the earlier of the next two, hides with it.
	for i, want := range []struct {
		group      string
		suppressed bool
	}{{"chat", true}, {"night", true}, {"phone", false}} {
		if g := list[i]; g.Group != want.group || g.Suppressed != want.suppressed || g.Suppressed && (g.N != 0 || g.Dimensions != nil) || !g.LeftOut.IsZero() {
			t.Errorf("%+v, want %+v", g, want)
		}
	}
	phone := list[2]
	if phone.N != 6 || len(phone.Dimensions) != 4 || phone.Dimensions[0].Mean.Estimate != 5 || phone.Dimensions[1].Mean.Estimate != 6 || phone.Dimensions[3].Dimension != "" || !near(phone.Dimensions[3].Mean.Estimate, 33.0/9) {
		t.Errorf("%+v", phone)
	}
	shown, err := q.Profile(1, groups)
	if err != nil {
		t.Fatal(err)
	}
	chat := shown[0].Dimensions[0]
	// Vigor 0 0 1 1 2 2: mean 1, sd √(4/5), t(5) = 2.570581835636314.
	half := 2.570581835636314 * math.Sqrt(0.8/6)
	if !near(chat.Mean.Low, 1-half) || !near(chat.Mean.High, 1+half) || !near(chat.SD, math.Sqrt(0.8)) || chat.N != 6 {
		t.Errorf("%+v", chat)
	}
	solo := map[string][][]int{"none": nil, "solo": {row(4)}}
	one, err := q.Profile(1, solo)
	if err != nil || one[2].Dimensions[0].Mean != (stat.Interval{Estimate: 4}) || one[2].Dimensions[0].SD != 0 || one[0].Suppressed || one[0].Dimensions != nil {
		t.Errorf("%+v, %v", one, err)
	}
	if alone, err := q.Profile(0, solo); err != nil || !alone[1].Suppressed || !alone[2].Suppressed || alone[2].Dimensions != nil {
		t.Errorf("%+v, %v", alone, err)
	}
	if _, err := q.Profile(0, nil); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	bad := map[string][][]int{"x": {row(1), {7, 0, 0, 0, 0, 0, 0, 0, 0}}}
	if _, err := q.Profile(0, bad); !errors.Is(err, survey.ErrOffScale) || !strings.HasPrefix(err.Error(), `group "x": row 1: `) {
		t.Error(err)
	}
	if _, err := (survey.Questionnaire{}).Profile(0, nil); !errors.Is(err, survey.ErrScale) {
		t.Error(err)
	}
}

func TestACSIVectors(t *testing.T) {
	for _, v := range vectors(t, "ACSI-style index") {
		var in struct{ Means, Weights [3]float64 }
		v.decode(t, &in)
		// Ten respondents with these means.
		rows := make([][3]int, 10)
		for i, mean := range in.Means {
			sum := int(math.Round(10 * mean))
			for n := range rows {
				rows[n][i] = sum / 10
				if n < sum%10 {
					rows[n][i]++
				}
			}
		}
		s, err := survey.ACSI(rows, in.Weights)
		if err != nil || !near(s.Score.Estimate, v.number(t, "score")) {
			t.Errorf("%s: %+v, %v", v.ID, s, err)
		}
		for i := range s.Means {
			if !near(s.Means[i], in.Means[i]) {
				t.Errorf("%s: %v", v.ID, s.Means)
			}
		}
		for i := range in.Weights {
			in.Weights[i] *= 1e300
		}
		if scaled, err := survey.ACSI(rows, in.Weights); err != nil || !near(scaled.Score.Low, s.Score.Low) || !near(scaled.Score.Estimate, s.Score.Estimate) {
			t.Errorf("%s: scaled weights: %+v, %v", v.ID, scaled, err)
		}
	}
	if huge, err := survey.ACSI([][3]int{{4, 5, 6}}, [3]float64{1.7e308, 1.7e308, 1.7e308}); err != nil || !near(huge.Score.Estimate, 1200.0/27) {
		t.Errorf("%+v, %v", huge, err)
	}
	// Equal weights: (x1 + x2 + x3 − 3)/27·100.
	s := must(survey.ACSI([][3]int{{1, 1, 1}, {10, 10, 10}, {4, 5, 6}, {4, missing, 4}}, [3]float64{}))
	scores := []float64{0, 100, 1200.0 / 27}
	want := must(must(stat.Describe(scores)).Interval(0.95))
	if s.N != 3 || s.LeftOut.Count(survey.Unanswered) != 1 || !near(s.Score.Estimate, want.Estimate) || s.Score.Low != 0 || s.Score.High != 100 {
		t.Errorf("%+v, want %v", s, want)
	}
	one := must(survey.ACSI([][3]int{{4, 5, 6}}, [3]float64{}))
	if one.Score.Level != 0 || !near(one.Score.Estimate, scores[2]) {
		t.Errorf("%+v", one)
	}
	for _, w := range [][3]float64{{-1, 1, 1}, {math.NaN(), 1, 1}, {1, math.Inf(1), 1}} {
		if _, err := survey.ACSI([][3]int{{1, 1, 1}}, w); !errors.Is(err, survey.ErrDefinition) {
			t.Errorf("%v: %v", w, err)
		}
	}
	if _, err := survey.ACSI([][3]int{{1, 1, 1}, {0, 1, 1}}, [3]float64{}); !errors.Is(err, survey.ErrOffScale) || err.Error() != "row 1: survey: not an answer on the scale: 0, want 1–10" {
		t.Error(err)
	}
	if _, err := survey.ACSI(nil, [3]float64{}); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
}
