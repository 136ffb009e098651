package compare_test

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
)

func TestDifferenceString(t *testing.T) {
	d := compare.Difference{
		Metric: compare.FirstResponse,
		Before: compare.Value{Metric: compare.FirstResponse, N: 1204, Value: 2520},
		After:  compare.Value{Metric: compare.FirstResponse, N: 1310, Value: 1860},
		Change: stat.Interval{Estimate: -660, Low: -1080, High: -240, Level: 0.95}, Conclusion: stat.Better,
	}
	csat := d
	csat.Metric = compare.CSAT
	csat.Before, csat.After = compare.Value{Metric: compare.CSAT, N: 90, Value: 0.781}, compare.Value{Metric: compare.CSAT, N: 12, Value: 0.84}
	csat.Change = stat.Interval{Estimate: 0.059, Low: -0.012, High: 0.1301, Level: 1 - 0.05/7}
	csat.Conclusion = stat.NotDistinguishable
	few := csat
	few.Change, few.Conclusion = stat.Interval{}, stat.TooFew
	mix := csat
	mix.Design = compare.Standardised
	beyond := d
	beyond.Design = compare.Beyond
	beyond.OthersBefore, beyond.OthersAfter = d.Before, d.Before
	replies := csat
	replies.Metric = compare.RepliesToResolve
	replies.Before, replies.After = compare.Value{Metric: replies.Metric, Value: 2.31}, compare.Value{Metric: replies.Metric, Value: 2.05}
	replies.Change = stat.Interval{Estimate: -0.1126, Low: -0.15, High: 0, Level: 0.9}
	for _, tt := range []struct {
		d    compare.Difference
		want string
	}{
		{d, "median first response 42 min → 31 min (−11 min, 95 % −18 to −4 min): better"},
		{csat, "CSAT 78.1 % → 84.0 % (+5.9 points, 99.29 % −1.2 to +13.0 points): not distinguishable"},
		{few, "CSAT 78.1 % of 90 → 84.0 % of 12: too few"},
		{mix, "CSAT at the same mix 78.1 % → 84.0 % (+5.9 points, 99.29 % −1.2 to +13.0 points): not distinguishable"},
		{beyond, "median first response 42 min → 31 min, others 42 min → 42 min (−11 min beyond the others, 95 % −18 to −4 min): better"},
		{replies, "replies to resolve 2.31 → 2.05 (−11.3 %, 90 % −15.0 to 0.0 %): not distinguishable"},
		{compare.Difference{Metric: compare.CSAT}, "CSAT: no data"},
	} {
		if got := tt.d.String(); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

func TestDesignText(t *testing.T) {
	for d := compare.Plain; d <= compare.Beyond; d++ {
		text, err := d.MarshalText()
		var back compare.Design
		if err != nil || back.UnmarshalText(text) != nil || back != d || d.String() != string(text) {
			t.Errorf("%v: %q, %v, read as %v", d, text, err, back)
		}
	}
}

// The form in JSON is that of the golden file, which reads back into the same.
func TestDifferenceJSON(t *testing.T) {
	value := func(i compare.Metric, n int64, v float64) compare.Value {
		return compare.Value{Metric: i, N: n, Value: v, Interval: stat.Interval{Estimate: v, Low: v / 2, High: 2 * v, Level: 0.95, Method: stat.Wilson}}
	}
	first := compare.FirstResponse.Mean().InHours()
	all := []compare.Difference{
		{
			Metric: first, Before: value(first, 240, 3360), After: value(first, 260, 2340),
			Change: stat.Interval{Estimate: -1020, Low: -1575, High: -465, Level: 0.975, Method: stat.Welch},
			Test:   stat.Test{Method: stat.Welch, Statistic: -4.5, DF: 480.25, P: 0.125e-4}, Adjusted: 0.25e-4, Conclusion: stat.Better,
		},
		{
			Metric: compare.CSAT, Design: compare.Beyond, Before: value(compare.CSAT, 30, 0.5), After: value(compare.CSAT, 30, 0.25),
			OthersBefore: value(compare.CSAT, 40, 0.5), OthersAfter: value(compare.CSAT, 50, 0.5),
			Change: stat.Interval{Estimate: -0.25, Low: -0.5, High: 0.125, Level: 0.95, Method: stat.AdjustedWald},
			Test:   stat.Test{Method: stat.AdjustedWald, Statistic: -1.25, P: 0.25}, Adjusted: 0.25, Conclusion: stat.NotDistinguishable,
		},
		{
			Metric: compare.OneTouch, Design: compare.Standardised, Before: compare.Value{Metric: compare.OneTouch, N: 7, Value: 0.5},
			After: compare.Value{Metric: compare.OneTouch, N: 70, Value: 0.75}, LeftOut: 3, Adjusted: 1, Conclusion: stat.TooFew,
		},
	}
	got, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/differences.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("the form in JSON is now\n%s", got)
	}
	var back []compare.Difference
	if err := json.Unmarshal(want, &back); err != nil || !reflect.DeepEqual(back, all) {
		t.Errorf("%v: read as %+v", err, back)
	}
}
