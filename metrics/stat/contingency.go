package stat

import (
	"fmt"
	"math"
)

// Contingency is the outcome of a chi-square test of a table.
type Contingency struct {
	Test
	MinExpected float64 `json:"min_expected"` // the smallest expected count; below 5 the test is rough
	CramerV     float64 `json:"cramer_v"`     // association from 0 to 1 (Cramér 1946)
}

// ChiSquare tests whether rows and columns of a table of counts are
// independent: k teams by satisfied and not, say, or two months by answer.
//
//	χ² = Σ (O−E)²/E, E = row total · column total / total (Pearson 1900)
//
// with (rows−1)(columns−1) degrees of freedom; rows and columns that are empty
// count neither there nor in the sum. There is no continuity correction.
//
// It returns ErrLength if the rows differ in length, ErrCount for a negative
// count or a total above 2⁵³, and ErrNoData if fewer than two rows or two
// columns have any counts.
func ChiSquare(table [][]int64) (Contingency, error) {
	var rows, columns []float64
	for i, row := range table {
		if len(row) != len(table[0]) {
			return Contingency{}, fmt.Errorf("%w: row %d has %d columns, not %d", ErrLength, i, len(row), len(table[0]))
		}
		columns = append(columns, make([]float64, len(row)-len(columns))...)
		rows = append(rows, 0)
		for j, count := range row {
			if count < 0 {
				return Contingency{}, fmt.Errorf("%w: table[%d][%d] is %d", ErrCount, i, j, count)
			}
			rows[i] += float64(count)
			columns[j] += float64(count)
		}
	}
	var total float64
	for _, r := range rows {
		total += r
	}
	if total > 1<<53 {
		return Contingency{}, fmt.Errorf("%w: total of %v", ErrCount, total)
	}
	usedRows, usedColumns := countPositive(rows), countPositive(columns)
	if usedRows < 2 || usedColumns < 2 {
		return Contingency{}, fmt.Errorf("%w: %d rows and %d columns with counts", ErrNoData, usedRows, usedColumns)
	}
	var x float64
	least := math.MaxFloat64
	for i, row := range table {
		for j, count := range row {
			if expected := rows[i] / total * columns[j]; expected > 0 {
				d := float64(count) - expected
				x += d * d / expected
				least = math.Min(least, expected)
			}
		}
	}
	df := float64((usedRows - 1) * (usedColumns - 1))
	v := math.Sqrt(x / total / float64(min(usedRows, usedColumns)-1))
	return Contingency{chiSquareTest(PearsonChiSquare, x, df), least, math.Min(1, v)}, nil
}

func countPositive(x []float64) (n int) {
	for _, v := range x {
		if v > 0 {
			n++
		}
	}
	return n
}

// ProportionTrend tests whether the shares x[i] of n[i] of ordered groups rise
// or fall with the groups' scores:
//
//	z = Σ s(x − np̄) / √(p̄q̄(Σ ns² − (Σ ns)²/N)), p̄ = Σx/N
//
// (Cochran 1954; Armitage 1955), positive if they rise. Nil scores are 0, 1,
// 2, …; only their spacing matters. Groups with n = 0 count for nothing.
//
// It returns ErrLength for slices of different lengths, ErrCount for
// impossible counts, ErrValue for scores that are not finite, ErrNoData if
// all groups are empty, and ErrNoVariation if all answers or all scores are
// alike.
func ProportionTrend(x, n []int64, scores []float64) (Test, error) {
	if len(x) != len(n) || scores != nil && len(scores) != len(n) {
		return Test{}, fmt.Errorf("%w: %d parts, %d wholes, %d scores", ErrLength, len(x), len(n), len(scores))
	}
	if err := checkFinite("scores", scores); err != nil {
		return Test{}, err
	}
	var sumX, sumN, sumNS float64
	score := func(i int) float64 {
		if scores == nil {
			return float64(i)
		}
		return scores[i]
	}
	for i := range n {
		if n[i] == 0 && x[i] == 0 {
			continue
		}
		if err := checkPart(x[i], n[i]); err != nil {
			return Test{}, fmt.Errorf("%w (group %d)", err, i)
		}
		sumX += float64(x[i])
		sumN += float64(n[i])
		sumNS += float64(n[i]) * score(i)
	}
	if sumN == 0 {
		return Test{}, fmt.Errorf("%w: all groups are empty", ErrNoData)
	}
	p, center := sumX/sumN, sumNS/sumN
	var above, spread float64
	for i := range n {
		s := score(i) - center
		above += s * (float64(x[i]) - float64(n[i])*p)
		spread += float64(n[i]) * s * s
	}
	se := math.Sqrt(p * ((sumN - sumX) / sumN) * spread)
	if se == 0 {
		return Test{}, fmt.Errorf("%w: no trend in %v of %v", ErrNoVariation, sumX, sumN)
	}
	if z := above / se; isFinite(z) {
		return normalTest(CochranArmitage, z), nil
	}
	return Test{}, fmt.Errorf("%w: scores up to %v", ErrOverflow, scores)
}
