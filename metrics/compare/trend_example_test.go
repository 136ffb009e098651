package compare_test

import (
	"fmt"
	"log"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
)

// Each week's answers took a little less time than those of the week before. The
// desk was closed in one week, of which the series says nothing.
func ExampleTimeline_Trend() {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	asOf := from.AddDate(0, 0, 7*9)
	byWeek := compare.NewGroups(func(f metrics.Facet) metrics.Period { return f.Period(weeks) })
	for week, minutes := range []int{50, 48, 49, 45, 0, 44, 40, 41, 37} {
		if minutes == 0 {
			continue
		}
		at := from.AddDate(0, 0, 7*week).Add(9 * time.Hour)
		c, err := metrics.NewConversation(
			metrics.MessageReceived{Conversation: "7", At: at},
			metrics.ReplySent{Conversation: "7", At: at.Add(time.Duration(minutes) * time.Minute), Agent: "ana"},
		)
		if err != nil {
			log.Fatal(err)
		}
		if err := byWeek.Add(c.Read(metrics.Rules{}, asOf)); err != nil {
			log.Fatal(err)
		}
	}
	series := compare.NewTimeline(compare.FirstResponse, weeks.Between(from, asOf), byWeek.Group, 0.95)
	for _, p := range series.Points[3:6] {
		if p.Missing {
			fmt.Println(p.Period, "no data")
		} else {
			fmt.Println(p.Period, p.Value)
		}
	}
	trend, err := series.Trend(0.95)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(trend)
	// Output:
	// 2026-W13 45 min
	// 2026-W14 no data
	// 2026-W15 44 min
	// median first response: improving, −1 min 36 s a week (95 % −2 to −1 min), 8 weeks and 1 without a value
}

// The limits are those of the weeks before a change. What came after it is held
// against them.
func ExampleTimeline_Control() {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	reopened := []int64{12, 15, 11, 14, 13, 12, 16, 13, 12, 14, 5, 9, 8, 6, 9, 10, 8, 9}
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	first := weeks.Of(from)
	series := compare.NewTimeline(compare.Reopened, weeks.Between(from, from.AddDate(0, 0, 7*len(reopened))),
		func(p metrics.Period) *compare.Observed {
			for week, n := range reopened {
				if first.Next(week) == p {
					return &compare.Observed{Figures: metrics.Figures{Cases: 200, Conversations: 200, Reopened: n}}
				}
			}
			return nil
		}, 0.95)
	series.Baseline = 10
	chart := series.Control()
	fmt.Printf("%v: %.1f %%, usually from %.1f to %.1f\n", chart.Method, 100*chart.Center, 100*chart.Points[0].Low, 100*chart.Points[0].High)
	for _, signal := range chart.Signals {
		fmt.Println(signal)
	}
	// Output:
	// Laney p′: 6.6 %, usually from 3.4 to 9.8
	// 2026-W20: below the lower limit (improving)
	// 2026-W20 to 2026-W27: 8 or more in a row below the center (improving)
	// 2026-W23: below the lower limit (improving)
}
