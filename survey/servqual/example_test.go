package servqual_test

import (
	"fmt"

	"github.com/servicequality/servicequality/survey/servqual"
)

// Three customers, here with the same answer to all items of a dimension.
func ExampleStudy_Measure() {
	fill := func(values [servqual.Dimensions]int) (c servqual.Column) {
		for d, v := range values {
			for _, item := range servqual.Dimension(d).Items() {
				c[item-1] = v
			}
		}
		return c
	}
	expected := fill([5]int{5, 7, 6, 6, 6})
	points := [servqual.Dimensions]float64{11, 32, 22, 19, 16} // of importance, 100 in all
	result, err := servqual.Study{}.Measure([]servqual.Respondent{
		{Expected: expected, Perceived: fill([5]int{6, 5, 5, 6, 6}), Importance: points},
		{Expected: expected, Perceived: fill([5]int{5, 6, 4, 6, 5}), Importance: points},
		{Expected: expected, Perceived: fill([5]int{6, 6, 5, 7, 6}), Importance: points},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range result.Dimensions {
		fmt.Printf("%-15v %v\n", d.Dimension, d.Gap)
	}
	fmt.Println("unweighted", result.Unweighted)
	fmt.Println("weighted", result.Weighted)
	// Output:
	// tangibles       0.67 (95 % −0.77 to 2.10, n = 3)
	// reliability     −1.33 (95 % −2.77 to 0.10, n = 3)
	// responsiveness  −1.33 (95 % −2.77 to 0.10, n = 3)
	// assurance       0.33 (95 % −1.10 to 1.77, n = 3)
	// empathy         −0.33 (95 % −1.77 to 1.10, n = 3)
	// unweighted −0.40 (95 % −1.39 to 0.59, n = 3)
	// weighted −0.64 (95 % −1.52 to 0.24, n = 3)
}

func ExampleNewZone() {
	zone, _ := servqual.NewZone(8, 6, 7.5) // desired, adequate, perceived
	fmt.Println(zone.Position, zone.Fraction)
	// Output: competitive_advantage 0.75
}
