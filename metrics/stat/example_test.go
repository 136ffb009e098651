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

func ExampleDistribution_UpperTail() {
	// The zero Distribution is the standard normal.
	p, _ := stat.Distribution{}.UpperTail(1.96)
	fmt.Printf("%.4f\n", p)
	far, _ := stat.Distribution{}.UpperTail(20)
	fmt.Printf("%.4g\n", far)
	// Output:
	// 0.0250
	// 2.754e-89
}

func ExampleDistribution_Quantile() {
	t, err := stat.NewStudentT(9)
	if err != nil {
		fmt.Println(err)
		return
	}
	q, _ := t.Quantile(0.975)
	fmt.Printf("%.4f\n", q)
	// Output: 2.2622
}
