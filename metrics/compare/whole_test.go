package compare_test

import (
	"encoding"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
)

// wantWhole reports fields of a result that are zero: of the elements of a slice, those
// that are zero in all of them. The fields named in none must be.
func wantWhole(t *testing.T, name string, result any, none ...string) {
	t.Helper()
	set := make(map[string]bool)
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		_, isPeriod := v.Interface().(metrics.Period)
		switch {
		case v.Kind() == reflect.Struct && !isPeriod:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		case v.Kind() == reflect.Slice && v.Len() > 0:
			for i := range v.Len() {
				walk(path+"[]", v.Index(i))
			}
		default:
			set[path] = set[path] || !v.IsZero()
		}
	}
	walk("", reflect.ValueOf(result))
	for path, ok := range set {
		if empty := slices.Contains(none, path); ok == empty {
			t.Errorf("%s: %s is zero: %v, expected %v, in %+v", name, path, !ok, empty, result)
		}
	}
	for _, path := range none {
		if _, ok := set[path]; !ok {
			t.Errorf("%s has no %s: %v", name, path, set)
		}
	}
}

// seven is the index of a survey of seven points, by which all that is asked is answered.
func seven(counts ...int64) (compare.Metric, *compare.Observed) {
	return compare.Asked(stat.ScoreCounts{Name: "ease", Lowest: 1, Counts: counts})
}

// Nothing is left out of a result.
func TestResultsAreWhole(t *testing.T) {
	ease, low := seven(5, 9, 30, 40, 20, 9, 3)
	_, high := seven(2, 4, 9, 20, 40, 30, 9)
	_, rest := seven(4, 9, 20, 33, 20, 10, 4)
	value, ok := ease.Of(low, 0.9)
	if !ok || value.Interval.Level != 0.9 {
		t.Errorf("%+v", value)
	}
	wantWhole(t, "value", value)

	family := compare.Family{Level: 0.9}
	_, single := seven(0, 0, 0, 0, 0, 0, 1)
	family.Change(ease, low, high)
	family.Beyond(ease, low, high, rest, low)
	family.Standardised(ease, compare.Pair{Before: low, After: high}, compare.Pair{Before: single, After: rest})
	family.Indirect(ease, compare.Pair{Before: low, After: high}, compare.Pair{Before: single, After: rest})
	differences, err := family.Differences()
	if err != nil {
		t.Fatal(err)
	}
	others := []string{".OthersBefore.N", ".OthersBefore.Value", ".OthersBefore.Metric", ".OthersAfter.N", ".OthersAfter.Value", ".OthersAfter.Metric"}
	for _, of := range []string{".OthersBefore", ".OthersAfter"} {
		for _, f := range []string{"Estimate", "Low", "High", "Level", "Method"} {
			others = append(others, of+".Interval."+f)
		}
	}
	standardised := slices.Clone(others) // sums have no interval
	for _, of := range []string{".Before", ".After"} {
		for _, f := range []string{"Estimate", "Low", "High", "Level", "Method"} {
			standardised = append(standardised, of+".Interval."+f)
		}
	}
	wantWhole(t, "change", differences[0], append([]string{".Design", ".LeftOut"}, others...)...)
	wantWhole(t, "beyond", differences[1], ".LeftOut")
	wantWhole(t, "standardised", differences[2], standardised...)
	wantWhole(t, "indirect", differences[3], standardised...)

	// Where nothing varies, what was found out has its level and method too.
	_, threes := seven(0, 0, 50, 0, 0, 0, 0)
	same := compare.Family{Level: 0.9}
	same.Change(ease, threes, threes)
	differences, err = same.Differences()
	if err != nil {
		t.Fatal(err)
	}
	if c := differences[0].Change; c.Level != 0.9 || c.Method != stat.Welch || c.Estimate != 0 || c.Width() != 0 || differences[0].Test.Method != stat.Welch {
		t.Errorf("%+v", differences[0])
	}

	observed := []*compare.Observed{low, high, rest}
	credit, err := compare.NewCredit(ease, slices.Values([]int{1, 2, 3}), nil, func(k int, _ struct{}) *compare.Observed { return observed[k-1] }, 0.9)
	if err != nil || credit.Level != 0.9 {
		t.Fatalf("%+v, %v", credit, err)
	}
	restOf := []string{".Places[].Rest.Design", ".Places[].Rest.LeftOut"}
	for _, path := range others {
		restOf = append(restOf, ".Places[].Rest"+path)
	}
	wantWhole(t, "credit", credit, append([]string{".Places[].Expected", ".Places[].Ratio.Estimate", ".Places[].Ratio.Low", ".Places[].Ratio.High",
		".Places[].Ratio.Level", ".Places[].Ratio.Method"}, restOf...)...)
	strata := []*compare.Observed{low, high, rest, low, high, high}
	credit, err = compare.NewCredit(compare.CSAT, slices.Values([]int{1, 2, 3}), slices.Values([]int{0, 1}), func(k, s int) *compare.Observed {
		o := new(compare.Observed)
		*o = *strata[2*(k-1)+s]
		for i := range 40 + 7*k {
			if i%(k+s+1) == 0 {
				o.Figures.Ratings.Add(1)
			} else {
				o.Figures.Ratings.Add(5)
			}
		}
		return o
	}, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	restOf = []string{".Places[].Rest.LeftOut", ".Places[].Rest.Test.DF"}
	for _, path := range standardised {
		restOf = append(restOf, ".Places[].Rest"+path)
	}
	wantWhole(t, "credit of strata", credit, restOf...)

	shares := []stat.Ratio{{Part: 50, Whole: 100}, {Part: 52, Whole: 100}, {}, {Part: 49, Whole: 100}, {Part: 51, Whole: 100}, {Part: 50, Whole: 100}, {Part: 95, Whole: 100}, {Part: 96, Whole: 100}}
	timeline := weeklyShares(shares...)
	timeline.Baseline = 6
	wantWhole(t, "timeline", timeline)
	wantWhole(t, "p′ chart", timeline.Control(), ".RangeLimit", ".Signals[].Rule")
	values := weekly(60, 61, 59, 60, noValue, 62, 60, 200, 201, 202, 203, 204, 205, 206, 207, 208)
	values.Baseline = 7
	for name, c := range map[string]struct {
		chart compare.ControlChart
		none  []string
	}{
		"XmR":   {values.Control(), []string{".Method", ".Signals[].Method"}},
		"EWMA":  {values.EWMA(), []string{".RangeLimit", ".Signals[].Rule"}},
		"CUSUM": {values.CUSUM(), []string{".RangeLimit", ".Signals[].Rule"}},
	} {
		wantWhole(t, name, c.chart, c.none...)
	}
	trend, err := values.Trend(0.9)
	if err != nil || trend.Level != 0.9 || trend.Test.Slope.Level != 0.9 {
		t.Errorf("%+v, %v", trend, err)
	}
	wantWhole(t, "trend", trend, ".Test.Test.DF")
}

// A fall of less than 1 is one, in a metric that moves by less.
func TestJumpOfStars(t *testing.T) {
	values := []float64{4.5, 4.51, 4.5, 4.49, 4.5, 4.51, 4.1, 4.11, 4.5, 4.49}
	s := compare.Timeline{Metric: compare.Stars}
	for i, period := range slices.Collect(weeksFrom2026(len(values))) {
		s.Points = append(s.Points, compare.Point{Period: period, Value: compare.Value{Metric: compare.Stars, Value: values[i]}})
	}
	s.Baseline = 6
	var jumps []bool
	for _, signal := range s.Control().Signals {
		if signal.Rule == compare.LargeJump {
			jumps = append(jumps, signal.Up)
		}
	}
	if !slices.Equal(jumps, []bool{false, true}) {
		t.Errorf("%v", s.Control().Signals)
	}
}

// The zero value is of no metric, and is written as a plain number.
func TestValueOfNoMetric(t *testing.T) {
	if got := (compare.Value{Value: 1234.56}).String(); got != "1235" {
		t.Errorf("%q", got)
	}
	if got := (compare.Difference{}).String(); got != `Metric(""): no data` {
		t.Errorf("%q", got)
	}
}

// From ten on, a change of a count is whole.
func TestTrendOfCountsIsWholeFromTen(t *testing.T) {
	trend := compare.PeriodTrend{Metric: compare.Conversations, Unit: metrics.Week, N: 9, Tendency: compare.Rising}
	trend.Test.Variance = 1
	for change, want := range map[float64]string{9.9: "+9.9", 10.5: "+11", -9.94: "−9.9", -10.4: "−10", 0: "0", 0.04: "0", -0.04: "0"} {
		trend.Test.Slope = stat.Interval{Estimate: change, Low: change, High: change, Level: 0.95}
		if got := trend.String(); got != "conversations: rising, "+want+" a week (95 % "+want+" to "+want+"), 9 weeks" {
			t.Errorf("%v: %s", change, got)
		}
	}
}

// Sums of rates do not depend on the order in which the pairs came, to the last digit.
func TestIndirectRatesInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 3))
	for range 20 {
		var pairs []compare.Pair
		for range 12 {
			pair := compare.Pair{Before: new(compare.Observed), After: new(compare.Observed)}
			for _, o := range []*compare.Observed{pair.Before, pair.After} {
				o.Figures.RepliesToResolve = stat.Ratio{Part: 1 + random.Int64N(90), Whole: 1 + random.Int64N(70)}
			}
			pairs = append(pairs, pair)
		}
		asked := func() compare.Difference {
			family := compare.Family{}
			family.Indirect(compare.RepliesToResolve, pairs...)
			differences, err := family.Differences()
			if err != nil || differences[0].Change.Level == 0 {
				t.Fatalf("%v, %v", differences, err)
			}
			return differences[0]
		}
		want := asked()
		for range 5 {
			random.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
			if got := asked(); got != want {
				t.Fatalf("%+v, in another order %+v", want, got)
			}
		}
	}
}

// Keys may be left at any of them.
func TestKeysLeftEarly(t *testing.T) {
	log := busyDesk(t, busyFrom, 200)
	lines := compare.NewTimelines(metrics.Facet.Agent, metrics.Periods{Unit: metrics.Day})
	if err := log.Read(metrics.Rules{}, busyUntil).Into(lines); err != nil {
		t.Fatal(err)
	}
	spans, err := compare.LastDays(7, busyUntil, nil)
	if err != nil {
		t.Fatal(err)
	}
	sides := compare.NewSides(metrics.Facet.Agent, spans)
	if err := sides.Read(log, metrics.Rules{}); err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string]func(func(metrics.AgentID) bool){"timelines": lines.Keys(), "sides": sides.Keys()} {
		all := slices.Collect(keys)
		if len(all) < 12 {
			t.Errorf("%s: %d keys", name, len(all))
		}
		for n := range all {
			got := 0
			for range keys {
				if got++; got > n {
					break
				}
			}
			if got != n+1 {
				t.Errorf("%s: %d keys, want %d", name, got, n+1)
			}
		}
	}
	// A chart that cannot be drawn beyond a stretch has no limits.
	s := compare.Timeline{Metric: compare.Stars, Baseline: 4}
	for i, period := range slices.Collect(weeksFrom2026(12)) {
		p := compare.Point{Period: period, Missing: i == 5, Value: compare.Value{Value: float64(i % 2)}}
		if i == 7 {
			p.Value.Value = -1.7e308
		} else if i == 8 {
			p.Value.Value = 1.7e308
		}
		s.Points = append(s.Points, p)
	}
	s.Points[9].Value.Value, s.Points[10].Value.Value = 1.7e308, 1.7e308
	if c := s.CUSUM(); c.Limited || len(c.Signals) != 0 {
		t.Errorf("%+v", c)
	}
}

// Text is read as what writes it, and other text is refused.
func FuzzTexts(f *testing.F) {
	for _, text := range []string{
		"", "csat", "first_response", "p90_active_in_hours", "first_response_within_1h30m", "promises_kept:x", "index:higher_is_better:percent:0:2:CSAT",
		"index:lower_is_better:points:-5:7:a:b", "standardised", "improving", "laney_p", "run_of_eight", "response_within_1h_in_hours", "median_median_active",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, name string) {
		metric := compare.Stars
		if err := metric.UnmarshalText([]byte(name)); err != nil {
			if metric != compare.Stars || !errors.Is(err, compare.ErrMetric) || len(err.Error()) > 1000 {
				t.Errorf("%q: %v, and %v", name, err, metric)
			}
			if _, err := compare.Metric(name).MarshalText(); err == nil {
				t.Errorf("%q is written and not read", name)
			}
		} else {
			text, err := metric.MarshalText()
			var back compare.Metric
			if err != nil || string(text) != name && string(text) != "median_"+name || back.UnmarshalText(text) != nil || back != metric {
				t.Errorf("%q reads as %q, which writes %q, %v, and reads as %q", name, metric, text, err, back)
			}
			for _, other := range []compare.Metric{metric.Mean(), metric.Median(), metric.P90(), metric.InHours(), metric.Elapsed(), metric.Within(time.Hour)} {
				if _, err := other.MarshalText(); err != nil || (other.Unit() == "") != (metric.Unit() == "") {
					t.Errorf("%q of %q: %v", other, metric, err)
				}
			}
			if v, ok := metric.Of(new(compare.Observed), 0.95); ok && (v.N != 0 || metric.Unit() != "conversations") {
				t.Errorf("%q of nothing is %v", metric, v)
			}
		}
		for _, to := range []interface {
			encoding.TextMarshaler
			encoding.TextUnmarshaler
		}{new(compare.Design), new(compare.Tendency), new(compare.ChartMethod), new(compare.SignalRule)} {
			if err := to.UnmarshalText([]byte(name)); err != nil {
				continue
			}
			if text, err := to.MarshalText(); err != nil || string(text) != name {
				t.Errorf("%q is written as %q, %v", name, text, err)
			}
		}
	})
}
