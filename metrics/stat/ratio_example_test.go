package stat_test

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// A share that prints as the goal can still miss it.
func ExampleRatio_AtLeast() {
	answered := stat.Ratio{Part: 99_999, Whole: 125_000}
	goal := stat.Ratio{Part: 80, Whole: 100}
	percent, _ := answered.Percent(2, stat.HalfAwayFromZero)
	fmt.Printf("%s %%, goal attained: %t\n", percent.StringFixed(2), answered.AtLeast(goal))
	// Output: 80.00 %, goal attained: false
}

// Shares of groups are pooled, never averaged.
func ExampleRatio_Pool() {
	small := stat.Ratio{Part: 2, Whole: 2}
	large := stat.Ratio{Part: 49, Whole: 98}
	percent, _ := small.Pool(large).Percent(0, stat.HalfAwayFromZero)
	fmt.Println(small.Pool(large), "is", percent, "%")
	// Output: 51 of 100 is 51 %
}
