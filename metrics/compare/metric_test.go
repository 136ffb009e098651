package compare_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// constants are all constants of Index.
var constants = []compare.Metric{
	compare.FirstResponse, compare.Response, compare.NextResponse, compare.FirstResolution, compare.FullResolution,
	compare.Active, compare.CSAT, compare.Stars, compare.OneTouch, compare.Reopened, compare.Unanswered,
	compare.Automated, compare.RepliesToResolve, compare.Conversations,
}

// metrics are all metrics: a time has six readings.
func indices() []compare.Metric {
	var all []compare.Metric
	for _, i := range constants {
		all = append(all, i)
		if i.Unit() == "seconds" {
			all = append(all, i.Mean(), i.P90(), i.InHours(), i.Mean().InHours(), i.P90().InHours())
		}
	}
	return all
}

// minutes returns a summary of whole minutes.
func minutes(all ...int) metrics.Summary {
	var s metrics.Summary
	for _, m := range all {
		s.Add(time.Duration(m) * time.Minute)
	}
	return s
}

// desk returns figures in which no two metrics are alike.
func desk(t testing.TB) *compare.Observed {
	f := &compare.Observed{Figures: metrics.Figures{
		Cases:            40,
		Conversations:    40,
		Volume:           metrics.Volume{Messages: 70, Replies: 60, Assistant: 5, Automated: 15},
		ClosedUnanswered: 3, Moved: 7,
		Reopened: 4, Reopens: 6,
		OneTouch: stat.Ratio{Part: 12, Whole: 30}, RepliesToResolve: stat.Ratio{Part: 51, Whole: 30},
	}}
	for i, times := range []*metrics.Times{&f.Figures.Elapsed, &f.Figures.InHours} {
		times.FirstResponse = minutes(1+i, 2, 3, 4, 5, 6, 700)
		times.Response = minutes(11+i, 2, 3, 4, 5, 16, 80, 90)
		times.NextResponse = minutes(21+i, 22, 23, 54, 5, 26)
		times.FirstResolution = minutes(31+i, 32, 33, 64, 95)
		times.FullResolution = minutes(41+i, 42, 44, 44)
		times.Active = minutes(51+i, 52, 56)
		times.StillWaiting = minutes(100, 200)
		times.Abandoned = minutes(3)
		times.ByAssistant = minutes(1, 1, 1)
		times.ByAutomation = minutes(1, 2)
	}
	var err error
	if f.Figures.Ratings, err = rating.NewDistribution([5]int64{1, 2, 3, 4, 5}); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestMetricOf(t *testing.T) {
	f := desk(t)
	const minute = 60.0
	poisson, _ := stat.PoissonRate(1, 1, 0.95)
	for _, tt := range []struct {
		index    compare.Metric
		n        int64
		value    float64
		interval stat.Method // stat.DefaultMethod: none
	}{
		{compare.FirstResponse, 7, 4 * minute, stat.OrderStatistics},
		{compare.FirstResponse.Median(), 7, 4 * minute, stat.OrderStatistics},
		{compare.FirstResponse.Mean(), 7, 103 * minute, stat.StudentT},
		{compare.FirstResponse.P90(), 7, (6 + 0.4*694) * minute, stat.DefaultMethod},
		{compare.FirstResponse.InHours(), 7, 4 * minute, stat.OrderStatistics},
		{compare.FirstResponse.InHours().Mean(), 7, 722 * minute / 7, stat.StudentT},
		{compare.Response, 8, 8 * minute, stat.OrderStatistics},
		{compare.Response.InHours(), 8, 8.5 * minute, stat.OrderStatistics},
		{compare.Response.Mean().InHours().Elapsed(), 8, 211 * minute / 8, stat.StudentT},
		{compare.NextResponse, 6, 22.5 * minute, stat.OrderStatistics},
		{compare.NextResponse.Mean(), 6, 151 * minute / 6, stat.StudentT},
		{compare.FirstResolution, 5, 33 * minute, stat.DefaultMethod},
		{compare.FirstResolution.Mean(), 5, 51 * minute, stat.StudentT},
		{compare.FullResolution, 4, 43 * minute, stat.DefaultMethod},
		{compare.FullResolution.Mean(), 4, 42.75 * minute, stat.StudentT},
		{compare.Active, 3, 52 * minute, stat.DefaultMethod},
		{compare.Active.P90().Mean(), 3, 53 * minute, stat.StudentT},
		{compare.CSAT, 15, 0.6, stat.Wilson},
		{compare.Stars, 15, 55.0 / 15, stat.StudentT},
		{compare.OneTouch, 30, 0.4, stat.Wilson},
		{compare.Reopened, 40, 0.1, stat.Wilson},
		{compare.Unanswered, 19, 6.0 / 19, stat.Wilson}, // 3 closed, 1 abandoned, 2 open; 8 answered, 3 by assistants, 2 by automation
		{compare.Automated, 80, 0.25, stat.Wilson},
		{compare.RepliesToResolve, 30, 1.7, poisson.Method},
		{compare.Conversations, 40, 40, poisson.Method},
	} {
		v, ok := tt.index.Of(f, 0.95)
		if !ok || v.Metric != tt.index || v.N != tt.n || math.Abs(v.Value-tt.value) > 1e-9*tt.value {
			t.Errorf("%v is %+v, %v, want %v of %d", tt.index, v, ok, tt.value, tt.n)
		}
		if v.Interval.Method != tt.interval || v.HasInterval() != (tt.interval != stat.DefaultMethod) {
			t.Errorf("%v has the interval %v", tt.index, v.Interval)
		}
		if v.HasInterval() && (v.Interval.Level != 0.95 || v.Interval.Estimate != v.Value || !v.Interval.Contains(v.Value)) {
			t.Errorf("%v has the interval %v about %v", tt.index, v.Interval, v.Value)
		}
	}
}

// The intervals are those of package stat for the same numbers.
func TestIntervalOf(t *testing.T) {
	f := desk(t)
	describe := func(x ...float64) stat.Interval {
		s, _ := stat.Describe(x)
		iv, _ := s.Interval(0.9)
		return iv
	}
	times := []float64{60, 120, 180, 240, 300, 360, 42000}
	mean := describe(times...)
	low, high, _, _ := stat.QuantileRanks(7, 0.5, 0.9)
	median := stat.Interval{Estimate: 240, Low: times[low-1], High: times[high-1], Level: 0.9, Method: stat.OrderStatistics}
	stars := describe(1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5)
	unanswered, _ := stat.Proportion(6, 19, 0.9, stat.Wilson)
	replies, _ := stat.PoissonRate(51, 30, 0.9)
	conversations, _ := stat.PoissonRate(40, 1, 0.9)
	for index, want := range map[compare.Metric]stat.Interval{
		compare.FirstResponse: median, compare.FirstResponse.Mean(): mean, compare.Stars: stars,
		compare.Unanswered: unanswered, compare.RepliesToResolve: replies, compare.Conversations: conversations,
	} {
		v, _ := index.Of(f, 0.9)
		if got := v.Interval; got.Level != want.Level || got.Method != want.Method ||
			math.Abs(got.Low-want.Low) > 1e-9*want.High || math.Abs(got.High-want.High) > 1e-9*want.High {
			t.Errorf("%v: %+v, want %+v", index, got, want)
		}
	}
	for _, level := range []float64{0, 1, -1, math.NaN()} {
		for _, i := range indices() {
			if v, ok := i.Of(f, level); !ok || v.HasInterval() {
				t.Errorf("%v at level %v: %+v, %v", i, level, v, ok)
			}
		}
	}
}

func TestNoData(t *testing.T) {
	for _, i := range indices() {
		v, ok := i.Of(new(compare.Observed), 0.95)
		if count := i == compare.Conversations; ok != count || v.N != 0 || v.Value != 0 || v.HasInterval() != count {
			t.Errorf("%v of nothing is %+v, %v", i, v, ok)
		}
	}
	// A desk that answers nobody has no response time, and says so elsewhere.
	f := &compare.Observed{Figures: metrics.Figures{Cases: 3, Conversations: 3, ClosedUnanswered: 1}}
	f.Figures.Elapsed.StillWaiting = minutes(10, 20)
	if v, ok := compare.FirstResponse.Of(f, 0.95); ok {
		t.Errorf("nobody was answered, in %v", v)
	}
	if v, ok := compare.Unanswered.Of(f, 0.95); !ok || v.Value != 1 || v.N != 3 {
		t.Errorf("nobody was answered: %+v, %v", v, ok)
	}
	// Without a calendar there are no hours of service.
	f = desk(t)
	f.Figures.InHours = metrics.Times{}
	if v, ok := compare.FirstResponse.InHours().Of(f, 0.95); ok {
		t.Errorf("%v without a calendar", v)
	}
}

// What a metric exposes is of its kind, and merges into what it gives of the
// merged figures.
func TestParts(t *testing.T) {
	f := desk(t)
	double := new(compare.Observed)
	if err := errors.Join(double.Merge(f), double.Merge(f)); err != nil {
		t.Fatal(err)
	}
	for _, i := range indices() {
		summary, isTime := i.Summary(f)
		ratio, isRatio := i.Ratio(f)
		sample, isMean := i.Sample(f)
		if isTime != (i.Unit() == "seconds") || isRatio != (i.Unit() == "fraction" || i == compare.RepliesToResolve) ||
			isMean != (strings.HasPrefix(i.String(), "mean")) {
			t.Errorf("%v: durations %v, ratio %v, sample %v", i, isTime, isRatio, isMean)
		}
		once, _ := i.Of(f, 0.95)
		twice, _ := i.Of(double, 0.95)
		switch {
		case isTime && summary.Count() != once.N, isMean && (sample.N != once.N || sample.Mean != once.Value), isRatio && ratio.Whole != once.N:
			t.Errorf("%v: %+v is not of its parts", i, once)
		case twice.N != 2*once.N:
			t.Errorf("%v: n is %d, and doubled %d", i, once.N, twice.N)
		case (isRatio || isMean) && math.Abs(twice.Value-once.Value) > 1e-12*once.Value:
			t.Errorf("%v: %v, and of the same twice %v", i, once.Value, twice.Value)
		}
	}
}

// The variance is that of the durations: to the last digits while a summary
// holds them, and within its buckets' width of many.
func TestSampleOfDurations(t *testing.T) {
	for _, n := range []int{1, 2, 30, 1024, 1025, 20_000} {
		var f compare.Observed
		var seconds []float64
		for i := range n {
			d := time.Duration(math.Exp(float64(i%1999)/200)*1e6) * time.Second / 1000
			f.Figures.Elapsed.Response.Add(d)
			seconds = append(seconds, d.Seconds())
		}
		want, err := stat.Describe(seconds)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := 1e-9
		if n > 1024 {
			tolerance = 1.0 / 64
		}
		got, ok := compare.Response.Mean().Sample(&f)
		if !ok || got.N != want.N || math.Abs(got.Mean-want.Mean) > 1e-9*want.Mean || math.Abs(got.Variance-want.Variance) > tolerance*want.Variance {
			t.Errorf("%d durations: %+v, %v, want %+v", n, got, ok, want)
		}
	}
}

func TestMetricText(t *testing.T) {
	for index, want := range map[compare.Metric][2]string{
		compare.FirstResponse:                   {"median_first_response", "median first response"},
		compare.FirstResponse.Mean().InHours():  {"mean_first_response_in_hours", "mean first response in hours of service"},
		compare.FullResolution.P90():            {"p90_full_resolution", "p90 full resolution"},
		compare.CSAT:                            {"csat", "CSAT"},
		compare.RepliesToResolve.InHours():      {"replies_to_resolve", "replies to resolve"},
		compare.Conversations.Mean().P90():      {"conversations", "conversations"},
		compare.NextResponse.InHours().Median(): {"median_next_response_in_hours", "median next response in hours of service"},
	} {
		text, err := index.MarshalText()
		if err != nil || string(text) != want[0] || index.String() != want[1] {
			t.Errorf("%q and %q, %v, want %q", text, index, err, want)
		}
	}
	names := make(map[string]bool)
	for _, i := range indices() {
		text, err := i.MarshalText()
		var back compare.Metric
		if err != nil || back.UnmarshalText(text) != nil || back != i {
			t.Errorf("%v: %q, %v, read as %v", i, text, err, back)
		}
		names[string(text)], names[i.String()] = true, true
	}
	// CSAT's two names differ, and those of shares of one word are the same.
	if want := 2*len(indices()) - 4; len(names) != want {
		t.Errorf("%d names, want %d", len(names), want)
	}
	for text, want := range map[string]compare.Metric{
		"first_response": compare.FirstResponse, "full_resolution_in_hours": compare.FullResolution.InHours(),
	} {
		var got compare.Metric
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"CSAT", "mean_csat", "csat_in_hours", "median_", "mean_mean_response", "first_response_mean", "median_conversations", "_in_hours"} {
		index := compare.Stars
		if err := index.UnmarshalText([]byte(text)); !errors.Is(err, compare.ErrMetric) || index != compare.Stars {
			t.Errorf("%q: %v, %v", text, index, err)
		}
	}
}

// Text that names no metric measures nothing, and the zero value neither.
func TestNoMetric(t *testing.T) {
	valid, f := indices(), desk(t)
	var none []compare.Metric
	for _, i := range append(valid, "first_response_within_1h", "promises_kept:chat") {
		// All that is one letter away.
		for n := range len(i) {
			none = append(none, i[:n]+i[n+1:], i[:n]+"_"+i[n:])
		}
	}
	none = append(none, "", "Metric", "p90_csat", "median_", "_in_hours", "median_first_response_in_hours_in_hours", "promises_kept:",
		"median_first_response_within_1h", "first_response_within_60m", "first_response_within_0s", "first_response_within_-1h",
		"first_response_within_", "busy_within_1h", "csat_within_1h", "first_response_within_1h_within_1h")
	for _, i := range none {
		if slices.Contains(valid, i) || strings.HasPrefix(string(i), "promises_kept:") && i != "promises_kept:" {
			continue
		}
		if i.Unit() != "" && strings.HasPrefix(string(i), "first_response_within_1") {
			continue // another limit
		}
		if _, err := i.MarshalText(); (err == nil) != (i == "") || err != nil && !errors.Is(err, compare.ErrMetric) {
			t.Fatalf("%q: %v", string(i), err)
		}
		if _, ok := i.Of(f, 0.95); ok || i.Direction() != stat.Neither || i.Unit() != "" || i.Mean() != i || i.InHours() != i || i.Within(time.Hour) != i {
			t.Fatalf("%q measures something", string(i))
		}
		_, time := i.Summary(f)
		_, share := i.Ratio(f)
		_, mean := i.Sample(f)
		if time || share || mean {
			t.Fatalf("%q has parts", string(i))
		}
	}
	if got := compare.Metric("x").String(); got != `Metric("x")` {
		t.Error(got)
	}
}

// Of nothing at all there is nothing.
func TestMetricOfNil(t *testing.T) {
	for _, i := range indices() {
		_, value := i.Of(nil, 0.95)
		_, time := i.Summary(nil)
		_, share := i.Ratio(nil)
		_, mean := i.Sample(nil)
		if value || time || share || mean {
			t.Errorf("%v of nil", i)
		}
	}
}

func TestDirection(t *testing.T) {
	for _, i := range indices() {
		want := stat.LowerIsBetter
		switch i {
		case compare.CSAT, compare.Stars, compare.OneTouch:
			want = stat.HigherIsBetter
		case compare.Automated, compare.Conversations:
			want = stat.Neither
		}
		if i.Direction() != want {
			t.Errorf("%v: %v", i, i.Direction())
		}
	}
}

func TestValueString(t *testing.T) {
	f := desk(t)
	for index, want := range map[compare.Metric]string{
		compare.FirstResponse: "4 min", compare.NextResponse: "23 min", compare.FirstResponse.P90(): "4 h 44 min",
		compare.CSAT: "60.0 %", compare.Stars: "3.67", compare.RepliesToResolve: "1.70", compare.Conversations: "40",
	} {
		if v, _ := index.Of(f, 0.95); v.String() != want {
			t.Errorf("%v is %q, want %q", index, v, want)
		}
	}
	for _, tt := range []struct {
		index compare.Metric
		value float64
		want  string
	}{
		{compare.Response, 0, "0 s"},
		{compare.Response, 1e-9, "under 1 s"},
		{compare.Response, 0.4, "under 1 s"},
		{compare.Response, 0.5, "1 s"},
		{compare.Response, 59.6, "1 min"},
		{compare.Response, 3599.4, "1 h"},
		{compare.Response, 3599.6, "1 h"},
		{compare.Response, 86370, "1 d"},
		{compare.Response, 90000, "1 d 1 h"},
		{compare.Response, -90, "−1 min 30 s"},
		{compare.Response, 9223372036.854775807, "106752 days"}, // the longest duration
		{compare.Response, -9223372036.854775807, "−106752 days"},
		{compare.Response, 1e300, "106752 days"},
		{compare.Response, -1e300, "−106752 days"},
		{compare.CSAT, 0.0625, "6.3 %"},
		{compare.CSAT, -0.0001, "0.0 %"},
		{compare.Conversations, 1234567, "1,234,567"},
		{compare.Conversations, 999, "999"},
	} {
		if got := (compare.Value{Metric: tt.index, Value: tt.value}).String(); got != tt.want {
			t.Errorf("%v %v is %q, want %q", tt.index, tt.value, got, tt.want)
		}
	}
}
