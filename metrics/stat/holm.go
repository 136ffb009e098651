package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Holm returns p-values adjusted for their number, in the order given: if one takes
// those at most α, the chance that any of them is false is at most α, however they
// depend on each other. The i-th smallest of m becomes the largest of (m−j+1)·p(j)
// for j ≤ i, at most 1 (Holm 1979, Scandinavian Journal of Statistics 6:65).
// It returns ErrNoData for none and ErrValue for one outside 0…1.
func Holm(p []float64) ([]float64, error) {
	order, err := byP(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	largest := 0.0
	for i, k := range order {
		largest = math.Max(largest, math.Min(1, float64(len(p)-i)*p[k]))
		adjusted[k] = largest
	}
	return adjusted, nil
}

// byP returns the indices of p in ascending order of p.
func byP(p []float64) ([]int, error) {
	if len(p) == 0 {
		return nil, fmt.Errorf("%w: no p-values", ErrNoData)
	}
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("%w: p[%d] is %v", ErrValue, i, v)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	return order, nil
}
