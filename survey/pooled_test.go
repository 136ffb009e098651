package survey_test

import (
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// How many answers an NPS needs for a margin of error.
func TestNPSSampleSizeVectors(t *testing.T) {
	for _, v := range vectors(t, "sample size for an NPS margin of error") {
		var in struct {
			Promoters  float64 `json:"promoter_share"`
			Detractors float64 `json:"detractor_share"`
			Margin     float64
			Conf       float64
		}
		v.decode(t, &in)
		variance := in.Promoters + in.Detractors - (in.Promoters-in.Detractors)*(in.Promoters-in.Detractors)
		n, err := stat.RequiredSample(variance, in.Margin, in.Conf, 0)
		if err != nil || float64(n) != v.number(t, "n_ceiling") || !near(variance, v.number(t, "variance")) {
			t.Errorf("%s: %d, %v", v.ID, n, err)
		}
	}
}

// Merged counts are pooled, which the average of two averages is not.
func TestPooledVectors(t *testing.T) {
	for _, v := range vectors(t, "average of averages vs pooled (pitfall)") {
		var in struct {
			Means []int   `json:"group_means"`
			N     []int64 `json:"group_n"`
		}
		v.decode(t, &in)
		var all survey.Answers
		for i, mean := range in.Means {
			counts := make([]int64, 5)
			counts[mean-1] = in.N[i]
			if err := all.Merge(answersOf(t, survey.OneTo(5), counts...)); err != nil {
				t.Fatal(err)
			}
		}
		if f, _ := all.Mean().Float64(); !near(f, v.number(t, "pooled_mean")) {
			t.Errorf("%s: %v", v.ID, f)
		}
	}
}
