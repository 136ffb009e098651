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

// sums holds the exact sums of a pair of columns.
type sums struct{ n, x, y, xx, xy, yy int64 }

// covariances returns the sample covariances of the columns. It sums in whole numbers,
// so that an offset does not cost digits.
func covariances(columns [][]int) matrix {
	m := newMatrix(len(columns))
	for i := range columns {
		for j := range i + 1 {
			m[i][j] = sumPairs(columns[i], columns[j]).covariance()
			m[j][i] = m[i][j]
		}
	}
	return m
}

func sumPairs(x, y []int) sums {
	s := sums{n: int64(len(x))}
	for k := range x {
		a, b := int64(x[k]), int64(y[k])
		s.x += a
		s.y += b
		s.xx += a * a
		s.xy += a * b
		s.yy += b * b
	}
	return s
}

// covariance returns (n·Σxy − Σx·Σy)/(n·(n−1)), rounded once.
func (s sums) covariance() float64 {
	num := new(big.Int).Mul(big.NewInt(s.n), big.NewInt(s.xy))
	num.Sub(num, new(big.Int).Mul(big.NewInt(s.x), big.NewInt(s.y)))
	f, _ := new(big.Rat).SetFrac(num, new(big.Int).Mul(big.NewInt(s.n), big.NewInt(s.n-1))).Float64()
	return f
}

// correlations returns the correlations for covariances with positive variances.
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
