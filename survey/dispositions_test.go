package survey_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/servicequality/servicequality/survey"
)

func TestDispositionVectors(t *testing.T) {
	for _, v := range vectors(t, "response rate (AAPOR)") {
		var in struct {
			I, P, R, NC, O, UH, UO int64
			E                      float64 `json:"e"`
		}
		v.decode(t, &in)
		d := survey.Dispositions{Complete: in.I, Partial: in.P, Refusal: in.R, NonContact: in.NC, Other: in.O, UnknownHousehold: in.UH, UnknownOther: in.UO}
		for n := 1; n <= 6; n++ {
			if got, err := d.ResponseRate(n, in.E); err != nil || !near(got, v.number(t, fmt.Sprintf("RR%d", n))) {
				t.Errorf("%s: RR%d is %v, %v", v.ID, n, got, err)
			}
		}
		for n := 1; n <= 4; n++ {
			r, err := d.CooperationRate(n)
			if f, _ := r.Value.Float64(); err != nil || !near(f, v.number(t, fmt.Sprintf("COOP%d", n))) {
				t.Errorf("%s: COOP%d is %v, %v", v.ID, n, r, err)
			}
		}
		twice := d
		twice.Merge(d)
		if a, b := must(d.ResponseRate(4, 0.3)), must(twice.ResponseRate(4, 0.3)); a != b || twice.UnknownOther != 2*d.UnknownOther {
			t.Errorf("%v, %v", a, b)
		}
	}
	d := survey.Dispositions{Complete: 1}
	for _, e := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := d.ResponseRate(3, e); !errors.Is(err, survey.ErrDefinition) {
			t.Errorf("%v: %v", e, err)
		}
		if _, err := d.ResponseRate(1, e); err != nil {
			t.Errorf("RR1 uses e: %v", err)
		}
	}
	for _, n := range []int{0, 7} {
		if _, err := d.ResponseRate(n, 0); !errors.Is(err, survey.ErrDefinition) {
			t.Error(err)
		}
		if _, err := d.CooperationRate(n); !errors.Is(err, survey.ErrDefinition) {
			t.Error(err)
		}
	}
	if _, err := (survey.Dispositions{Partial: -1}).ResponseRate(1, 0); !errors.Is(err, survey.ErrCount) {
		t.Error(err)
	}
	if _, err := (survey.Dispositions{Other: -1}).CooperationRate(3); !errors.Is(err, survey.ErrCount) {
		t.Error(err)
	}
	if _, err := (survey.Dispositions{UnknownOther: 5}).ResponseRate(5, 0); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
	if _, err := (survey.Dispositions{}).CooperationRate(1); !errors.Is(err, survey.ErrNoAnswers) {
		t.Error(err)
	}
}

func TestKanoVectors(t *testing.T) {
	for _, v := range vectors(t, "Kano coefficients (Berger et al. 1993)") {
		var in struct{ A, O, M, I, R, Q int64 }
		v.decode(t, &in)
		k := survey.Kano{Attractive: in.A, OneDimensional: in.O, MustBe: in.M, Indifferent: in.I, Reverse: in.R, Questionable: in.Q}
		better, _ := k.Better().Float64()
		worse, _ := k.Worse().Float64()
		if !near(better, v.number(t, "better")) || !near(worse, v.number(t, "worse")) {
			t.Errorf("%s: %v, %v", v.ID, better, worse)
		}
		sum := k
		sum.Merge(k)
		if sum.Better().Compare(k.Better()) != 0 || sum.Worse().Compare(k.Worse()) != 0 || sum.Reverse != 2*k.Reverse || sum.Questionable != 2*k.Questionable || sum.Indifferent != 2*k.Indifferent {
			t.Errorf("%+v", sum)
		}
	}
	if (survey.Kano{Reverse: 3}).Better().Defined() || (survey.Kano{}).Worse().Defined() {
		t.Error("a coefficient of nothing")
	}
}
