package stat

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Holm returns the p-values adjusted for being many, in the order given: those
// at most α then contain a false one with probability at most α, whatever
// their dependence. The i-th smallest of m becomes the largest of (m−j+1)·p(j)
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

// BenjaminiHochberg returns the p-values adjusted for being many, in the order
// given: of those at most q, a share of at most q is expected to be false, if
// they are independent. The i-th smallest of m becomes the smallest of
// m·p(j)/j for j ≥ i (Benjamini & Hochberg 1995, Journal of the Royal
// Statistical Society B 57:289). It returns ErrNoData for none and ErrValue for
// one outside 0…1.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	order, err := byP(p)
	if err != nil {
		return nil, err
	}
	adjusted := make([]float64, len(p))
	smallest := 1.0
	for i, k := range slices.Backward(order) {
		smallest = math.Min(smallest, float64(len(p))/float64(i+1)*p[k])
		adjusted[k] = smallest
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
