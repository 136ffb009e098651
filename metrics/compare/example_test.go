package compare_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
)

// The figures of two months: 240 and 260 conversations, answered after so many
// minutes.
func exampleMonths() (february, march *compare.Observed) {
	february, march = new(compare.Observed), new(compare.Observed)
	for i := range 240 {
		february.Figures.Elapsed.FirstResponse.Add(time.Duration(20+i*i%77) * time.Minute)
	}
	for i := range 260 {
		march.Figures.Elapsed.FirstResponse.Add(time.Duration(10+i*i%67) * time.Minute)
	}
	february.Figures.OneTouch = stat.Ratio{Part: 96, Whole: 230}
	march.Figures.OneTouch = stat.Ratio{Part: 112, Whole: 250}
	return february, march
}

func ExampleFigures() {
	february, march := exampleMonths()
	for _, d := range compare.Figures(february, march, compare.FirstResponse, compare.OneTouch, compare.CSAT) {
		fmt.Println(d)
	}
	// Output:
	// median first response 56 min → 39 min (−17 min, 97.5 % −26 min to −8 min 20 s): better
	// one-touch 41.7 % → 44.8 % (+3.1 points, 95 % −5.8 to +11.9 points): not distinguishable
	// CSAT: no data
}

func ExampleMetric_Of() {
	february, _ := exampleMonths()
	for _, i := range []compare.Metric{compare.FirstResponse, compare.FirstResponse.Mean(), compare.FirstResponse.P90(), compare.OneTouch} {
		v, ok := i.Of(february, 0.95)
		fmt.Println(i, v, v.N, v.Interval.Method, ok)
	}
	// Output:
	// median first response 56 min 240 order_statistics true
	// mean first response 56 min 240 student_t true
	// p90 first response 1 h 27 min 240 order_statistics true
	// one-touch 41.7 % 230 wilson true
}

// A period that is not over is held against as much of the one before, by the
// calendar and the clocks of the desk.
func ExamplePeriods() {
	march := metrics.PeriodOf(metrics.Month, 2026, time.March, 1, time.Monday)
	asOf := time.Date(2026, time.March, 10, 14, 0, 0, 0, time.UTC)
	spans, err := compare.Periods(march.Next(-1), march, time.UTC, asOf)
	if err != nil {
		fmt.Println(err)
		return
	}
	const layout = "2 January 15:04"
	fmt.Println(spans.Before.Start.Format(layout), "to", spans.Before.End.Format(layout))
	fmt.Println(spans.After.Start.Format(layout), "to", spans.After.End.Format(layout))
	fmt.Println(spans.Partial)
	// Output:
	// 1 February 00:00 to 10 February 14:00
	// 1 March 00:00 to 10 March 14:00
	// true
}

// Two sides of one training: what became of those who had it, and how much of
// that came to the others without it.
func ExampleFamily_Beyond() {
	before, after := exampleMonths()
	others, _ := exampleMonths() // to whom nothing happened
	var family compare.Family
	family.Change(compare.FirstResponse, before, after)
	family.Beyond(compare.FirstResponse, before, after, others, others)
	differences, err := family.Differences()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range differences {
		fmt.Println(d)
	}
	// Output:
	// median first response 56 min → 39 min (−17 min, 97.5 % −26 min to −8 min 20 s): better
	// median first response 56 min → 39 min, others 56 min → 56 min (−17 min beyond the others, 95 % −28 min to −5 min 46 s): better
}

// On each channel more tickets take one touch than before, and in total fewer:
// there is more of the channel on which that is hard.
func ExampleFamily_Standardised() {
	touches := func(part, whole int64) *compare.Observed {
		return &compare.Observed{Figures: metrics.Figures{OneTouch: stat.Ratio{Part: part, Whole: whole}}}
	}
	chat := compare.Pair{Before: touches(720, 800), After: touches(192, 200)}
	email := compare.Pair{Before: touches(100, 200), After: touches(480, 800)}
	var family compare.Family
	family.Change(compare.OneTouch, touches(820, 1000), touches(672, 1000))
	family.Standardised(compare.OneTouch, chat, email)
	differences, err := family.Differences()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range differences {
		fmt.Println(d)
	}
	// Output:
	// one-touch 82.0 % → 67.2 % (−14.8 points, 97.5 % −19.1 to −10.5 points): worse
	// one-touch at the same mix 70.0 % → 78.0 % (+8.0 points, 95 % +3.7 to +12.1 points): better
}
