package rating

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Coefficient names a measure of how far reviewers agree. The zero value is
// none.
type Coefficient uint8

const (
	CohenKappa     Coefficient = iota + 1 // any disagreement counts the same (Cohen 1960)
	LinearKappa                           // a disagreement counts by its distance (Cohen 1968)
	QuadraticKappa                        // by the square of its distance (Fleiss & Cohen 1973)
	ICC21                                 // two-way random, absolute agreement, single rater (Shrout & Fleiss 1979)
)

var coefficientNames = text.NewEnum[Coefficient](errors.New("rating: no such coefficient"),
	"", "cohen_kappa", "linear_kappa", "quadratic_kappa", "icc_2_1",
)

var coefficientLabels = text.NewEnum[Coefficient](nil,
	"", "Cohen's kappa", "linear kappa", "quadratic kappa", "ICC(2,1)",
)

// String returns the name for people, such as "quadratic kappa"; it is empty for
// none.
func (c Coefficient) String() string { return coefficientLabels.Name(c) }

// AppendText implements [encoding.TextAppender]: "cohen_kappa", "linear_kappa",
// "quadratic_kappa", "icc_2_1", or nothing for none.
func (c Coefficient) AppendText(b []byte) ([]byte, error) { return coefficientNames.Append(b, c) }

// MarshalText implements [encoding.TextMarshaler].
func (c Coefficient) MarshalText() ([]byte, error) { return c.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (c *Coefficient) UnmarshalText(text []byte) error { return coefficientNames.Parse(c, text) }

// Scan implements [sql.Scanner] for the text form; NULL is none.
func (c *Coefficient) Scan(src any) error { return coefficientNames.Scan(c, src) }

// Value implements [driver.Valuer] with the text form.
func (c Coefficient) Value() (driver.Value, error) { return coefficientNames.Value(c) }

// Agreement is how far reviewers agree beyond chance: 1 for full agreement, 0
// for what chance alone would give, negative for less. It is an estimate; Low and
// High are the ends of its interval at Level. The zero value is no estimate.
type Agreement struct {
	Coefficient Coefficient `json:"coefficient"`
	N           int         `json:"n"` // conversations, or other things reviewed
	Reviewers   int         `json:"reviewers"`
	Estimate    float64     `json:"estimate"`
	Low         float64     `json:"low"`
	High        float64     `json:"high"`
	Level       float64     `json:"level"`
}

// String returns the estimate with its interval and what it is of, such as
// "0.73 (95 % 0.52 to 0.94), quadratic kappa of 2 reviewers on 18 conversations", or
// "no agreement measured" for the zero value.
func (a Agreement) String() string {
	if a == (Agreement{}) {
		return "no agreement measured"
	}
	return fmt.Sprintf("%.2f (%.4g %% %.2f to %.2f), %v of %d reviewers on %d conversations",
		a.Estimate, 100*a.Level, a.Low, a.High, a.Coefficient, a.Reviewers, a.N)
}

// kappaMarks bounds marks, and kappaDistinct the number of distinct ones: a
// table of kappaDistinct² cells is summed.
const (
	kappaMarks    = 1 << 20
	kappaDistinct = 1 << 12
)

// Kappa returns the agreement of two reviewers who marked the same things on
// the same scale: first[i] and second[i] are the marks of the i-th.
//
//	κ = 1 − Σ p(a,b)·v(a,b) / Σ p(a)·q(b)·v(a,b)
//
// with p(a,b) the share of things marked a by the first and b by the second,
// p(a) and q(b) those of either, and v the cost of a disagreement: 1
// (CohenKappa), |a−b| (LinearKappa) or (a−b)² (QuadraticKappa). For ordered
// marks the quadratic one is the usual choice. The interval is estimate ± z·SE
// with the large-sample standard error of Fleiss, Cohen & Everitt (1969), which
// needs a few dozen things; it is clamped to −1…1. Special cases are:
//
//   - without any disagreement κ is 1, and if one reviewer gave everything the same
//     mark it is 0; both have an interval without width, which says nothing.
//
// The error wraps [stat.ErrLength] if the slices differ in length,
// [stat.ErrTooFew] for fewer than two things, [stat.ErrNoVariation] if both
// reviewers gave one and the same mark to all, so that chance explains
// everything, [stat.ErrValue] for marks beyond ±2²⁰, [stat.ErrTooMany] for more
// than 4,096 distinct ones, [stat.ErrLevel], and [stat.ErrMethod] for another
// coefficient.
func Kappa(first, second []int, c Coefficient, level float64) (Agreement, error) {
	cost, ok := map[Coefficient]func(a, b int64) int64{
		CohenKappa:     func(a, b int64) int64 { return min(1, distance(a, b)) },
		LinearKappa:    distance,
		QuadraticKappa: func(a, b int64) int64 { return (a - b) * (a - b) },
	}[c]
	if !ok {
		return Agreement{}, fmt.Errorf("rating: kappa: %w: %v", stat.ErrMethod, c)
	}
	z, err := normalFactor(level)
	if err != nil {
		return Agreement{}, fmt.Errorf("rating: kappa: %w", err)
	}
	t, err := crossTable(first, second)
	if err != nil {
		return Agreement{}, fmt.Errorf("rating: kappa: %w", err)
	}
	estimate, se, ok := t.kappa(cost)
	if !ok {
		return Agreement{}, fmt.Errorf("rating: kappa: %w: both gave all %d the mark %d", stat.ErrNoVariation, len(first), first[0])
	}
	return Agreement{
		c, len(first), 2, estimate,
		max(-1, estimate-z*se), min(1, estimate+z*se), level,
	}, nil
}

func distance(a, b int64) int64 { return max(a-b, b-a) }

// normalFactor returns the z of a two-sided interval.
func normalFactor(level float64) (float64, error) {
	if !(level > 0 && level < 1) {
		return 0, fmt.Errorf("%w: %v", stat.ErrLevel, level)
	}
	z, err := stat.NormalQuantile((1 - level) / 2)
	return -z, err
}

// table counts pairs of marks.
type table struct {
	n             int64
	pairs         map[[2]int64]int64
	first, second map[int64]int64
}

func crossTable(first, second []int) (*table, error) {
	if len(first) != len(second) {
		return nil, fmt.Errorf("%w: %d and %d marks", stat.ErrLength, len(first), len(second))
	}
	if len(first) < 2 {
		return nil, fmt.Errorf("%w: %d marks of either reviewer", stat.ErrTooFew, len(first))
	}
	t := &table{int64(len(first)), make(map[[2]int64]int64), make(map[int64]int64), make(map[int64]int64)}
	for i := range first {
		for _, m := range [...]int{first[i], second[i]} {
			if m < -kappaMarks || m > kappaMarks {
				return nil, fmt.Errorf("%w: mark %d at %d", stat.ErrValue, m, i)
			}
		}
		a, b := int64(first[i]), int64(second[i])
		t.pairs[[2]int64{a, b}]++
		t.first[a]++
		t.second[b]++
	}
	if len(t.first) > kappaDistinct || len(t.second) > kappaDistinct {
		return nil, fmt.Errorf("%w: %d and %d distinct marks", stat.ErrTooMany, len(t.first), len(t.second))
	}
	return t, nil
}

// kappa returns the estimate and its standard error. All sums are of whole
// numbers, so that the order of the marks cannot be seen in the result. It is
// false if chance gives no disagreement.
func (t *table) kappa(cost func(a, b int64) int64) (estimate, se float64, ok bool) {
	n := big.NewInt(t.n)
	observed := new(big.Int) // n·qo, with qo the mean cost
	expected := new(big.Int) // n²·qe, with qe the mean cost by chance
	for pair, count := range t.pairs {
		observed.Add(observed, product(count, cost(pair[0], pair[1])))
	}
	// n times the mean cost of a mark against all marks of the other reviewer.
	costFirst, costSecond := make(map[int64]*big.Int), make(map[int64]*big.Int)
	for a, na := range t.first {
		sum := new(big.Int)
		for b, nb := range t.second {
			sum.Add(sum, product(nb, cost(a, b)))
		}
		costFirst[a] = sum
		expected.Add(expected, new(big.Int).Mul(big.NewInt(na), sum))
	}
	if expected.Sign() == 0 {
		return 0, 0, false
	}
	for b := range t.second {
		sum := new(big.Int)
		for a, na := range t.first {
			sum.Add(sum, product(na, cost(a, b)))
		}
		costSecond[b] = sum
	}
	ratio := new(big.Rat).SetFrac(new(big.Int).Mul(n, observed), expected)
	estimate, _ = ratio.Sub(big.NewRat(1, 1), ratio).Float64()
	// n·SE² = (Σ p·((v̄a + v̄b)·qo − v·qe)² − (qo·qe)²) / qe⁴, in whole numbers:
	// each term is taken n² times.
	squares := new(big.Int)
	for pair, count := range t.pairs {
		term := new(big.Int).Add(costFirst[pair[0]], costSecond[pair[1]])
		term.Mul(term, observed)
		term.Sub(term, new(big.Int).Mul(big.NewInt(cost(pair[0], pair[1])), expected))
		term.Mul(term, term)
		squares.Add(squares, term.Mul(term, big.NewInt(count)))
	}
	above := new(big.Int).Mul(observed, expected)
	above.Mul(above, above)
	// n·squares − (observed·expected)² is n⁶ times the variance of the terms,
	// and expected⁴ is n⁸·qe⁴.
	above.Sub(squares.Mul(squares, n), above)
	above.Mul(above, n)
	below := new(big.Int).Mul(expected, expected)
	below.Mul(below, below)
	variance, _ := new(big.Rat).SetFrac(above, below).Float64()
	return estimate, math.Sqrt(max(0, variance)), true
}

func product(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }
