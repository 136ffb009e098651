package servqual_test

import (
	"testing"

	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// A person who prints a value reads one line with n.
func TestPrinted(t *testing.T) {
	list := pair()
	list[0].Importance[0] = 99
	bad := must(servqual.Study{}.Measure(list))
	list[0].Expected = nothing()
	few := must(servqual.Study{}.Measure(list))
	r := must(servqual.Study{}.Measure(pair()))
	zone := must(servqual.Study{Scale: survey.OneTo(9)}.MeasureZone([]servqual.ZoneRespondent{
		{Desired: flat([5]int{8, 8, 8, 8, 8}), Adequate: flat([5]int{6, 6, 6, 6, 6}), Perceived: flat([5]int{5, 7, 8, 9, 7})},
		{Desired: nothing(), Adequate: nothing(), Perceived: nothing()},
	}))
	for _, tt := range []struct {
		value interface{ String() string }
		want  string
	}{
		{r, "gap −0.50 (95 % −4.31 to 3.31, n = 2), by importance −0.70 (95 % −3.24 to 1.84, n = 2)"},
		{bad, "gap −0.50 (95 % −4.31 to 3.31, n = 2), by importance −0.90 (n = 1) (left out: 1 bad_points)"},
		{few, "gap −0.80 (n = 1), by importance −0.90 (n = 1) (left out: 1 too_few_items)"},
		{servqual.Result{}, "no respondents"},
		{r.Items[21], "item 22 (empathy): gap −1.00 (95 % −13.71 to 11.71, n = 2)"},
		{r.Dimensions[0], "tangibles: gap −0.50 (95 % −6.85 to 5.85, n = 2)"},
		{r.Respondents[1], "respondent 1: gap −0.80, weighted −0.90"},
		{bad.Respondents[0], "respondent 0: gap −0.20"},
		{few.Respondents[0], "respondent 0: too few answers"},
		{zone, "competitive_advantage: 1.20 above adequate, 0.80 below desired, n = 1 (left out: 1 too_few_items)"},
		{zone.Dimensions[0], "competitive_disadvantage: 1.00 below adequate, 3.00 below desired, n = 1"},
		{zone.Dimensions[3].Zone, "customer_franchise: 3.00 above adequate, 1.00 above desired"},
		{servqual.ZoneResult{}, "no respondents"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// nothing returns a column without answers.
func nothing() (c servqual.Column) {
	for i := range c {
		c[i] = missing
	}
	return c
}
