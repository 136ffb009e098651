package compare_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/survey"
)

// The NPS of each month, with its trend and its chart, from answers one by one.
func ExampleAsked() {
	responses, err := survey.NewResponses(survey.Question{ID: "nps", Definition: survey.NetPromoter()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for month, won := range []int{0, 4, 2, 9, 7, 12, 15, 21} { // by shorter waits
		for i := range 60 {
			answer := []int{10, 8, 3}[i%3]
			if i < won {
				answer = 9
			}
			at := time.Date(2026, time.January+time.Month(month), 10, 9, 0, 0, 0, time.UTC)
			if err := responses.Add(survey.Response{At: at, Value: answer}); err != nil {
				fmt.Println(err)
				return
			}
		}
	}

	months := metrics.Periods{Unit: metrics.Month}
	answers := survey.AnswersBy(responses, func(r survey.Response) metrics.Period { return months.Of(r.At) })
	var nps compare.Metric
	observed := make(map[metrics.Period]*compare.Observed)
	for month, a := range answers {
		if index, err := survey.Measure(survey.NetPromoter(), a); err == nil {
			nps, observed[month] = compare.Asked(index.Scores())
		}
	}
	all := months.Between(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC))
	timeline := compare.NewTimeline(nps, all, func(p metrics.Period) *compare.Observed { return observed[p] }, 0.95)
	trend, err := timeline.Trend(0.95)
	fmt.Println(trend, err)
	fmt.Println(len(timeline.Control().Signals), "signals")
	first, last := timeline.Points[0].Period, timeline.Points[7].Period
	fmt.Println(compare.Figures(observed[first], observed[last], nps)[0])
	// Output:
	// NPS: improving, +5.0 points a month (95 % +2.5 to +7.5 points), 8 months <nil>
	// 1 signals
	// NPS 0.0 → 35.0 (+35.0 points, 95 % +5.0 to +61.7 points): better
}
