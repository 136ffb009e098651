package stat_test

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

func ExampleProportion() {
	// 42 of 50 customers were satisfied.
	share, err := stat.Proportion(42, 50, 0.95, stat.Wilson)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f %% satisfied, 95 %% interval %.1f to %.1f\n", 100*share.Estimate, 100*share.Low, 100*share.High)
	// Output: 84 % satisfied, 95 % interval 71.5 to 91.7
}

func ExampleProportion_everyoneAgrees() {
	// Seven of seven does not mean everybody.
	share, _ := stat.Proportion(7, 7, 0.95, stat.Wilson)
	fmt.Println(share)
	// Output: 1 (95% wilson 0.6457 to 1)
}
