package survey

import (
	"math"
	"math/big"
)

// matrix is a square matrix by rows.
type matrix [][]float64

func newMatrix(n int) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}

// pairSums holds the exact sums of a pair of columns, over the rows in which both
// are given.
type pairSums struct{ n, x, y, xx, xy, yy int64 }

// covariances returns the covariances of the columns, each over the rows in which
// both are given, with n−1 below, and the least number of such rows. It sums in
// whole numbers, so that offsets cost no digits. Pairs with fewer than two rows
// have a covariance of 0.
func covariances(columns [][]int) (m matrix, least int64) {
	m = newMatrix(len(columns))
	for i := range columns {
		for j := range i + 1 {
			s := sumPairs(columns[i], columns[j])
			m[i][j] = s.covariance()
			m[j][i] = m[i][j]
			if i+j == 0 || s.n < least {
				least = s.n
			}
		}
	}
	return m, least
}

func sumPairs(x, y []int) pairSums {
	var s pairSums
	for k, v := range x {
		if w := y[k]; v != Missing && w != Missing {
			a, b := int64(v), int64(w)
			s.n++
			s.x += a
			s.y += b
			s.xx += a * a
			s.xy += a * b
			s.yy += b * b
		}
	}
	return s
}

func (s pairSums) covariance() float64 {
	if s.n < 2 {
		return 0
	}
	return centred(s.n, s.xy, s.x, s.y, s.n-1)
}

// centred returns (n·xy − x·y)/(n·below), rounded once.
func centred(n, xy, x, y, below int64) float64 {
	num := new(big.Int).Mul(big.NewInt(n), big.NewInt(xy))
	num.Sub(num, new(big.Int).Mul(big.NewInt(x), big.NewInt(y)))
	f, _ := new(big.Rat).SetFrac(num, new(big.Int).Mul(big.NewInt(n), big.NewInt(below))).Float64()
	return f
}

// correlations returns the correlations that belong to covariances with positive
// variances.
func (m matrix) correlations() matrix {
	r := newMatrix(len(m))
	for i := range m {
		for j := range m {
			r[i][j] = m[i][j] / math.Sqrt(m[i][i]*m[j][j])
		}
		r[i][i] = 1
	}
	return r
}

// part returns the rows and columns of m with the given numbers.
func (m matrix) part(keep []int) matrix {
	p := newMatrix(len(keep))
	for i, a := range keep {
		for j, b := range keep {
			p[i][j] = m[a][b]
		}
	}
	return p
}
