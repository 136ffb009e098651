package survey

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
)

// maxAnswers is the largest number of answers: every whole number up to it is a
// float64 value, and the sum of so many answers fits in an int64.
const maxAnswers = 1 << 53

// Answers counts the answers to one question, exactly. Every index of a question
// is a function of these counts, so the answers of a day, a team or a source can be
// kept as counts and merged later:
//
//	index(a ++ b) = index(merge(a, b))
//
// The zero value has no scale and no answers. It refuses answers; merged with other
// Answers it becomes those. Answers is a value: copies are independent, and two are
// equal (==) if they count the same.
type Answers struct {
	scale   Scale // canonical
	counts  [maxPoints]int64
	leftOut LeftOut
}

// NewAnswers counts the given answers. The error wraps [ErrScale] if scale is not
// valid, and [ErrOffScale], with the position of the value, if a value is not on it.
func NewAnswers(scale Scale, values ...int) (Answers, error) {
	if err := scale.Check(); err != nil {
		return Answers{}, err
	}
	a := Answers{scale: scale.canonical()}
	for i, v := range values {
		if err := a.Add(v); err != nil {
			return Answers{}, fmt.Errorf("answer %d: %w", i, err)
		}
	}
	return a, nil
}

// AnswersOf returns answers by their counts: counts[i] is how many gave the i-th
// answer of the scale, from its Min. The error wraps [ErrScale] if scale is not
// valid, and [ErrCount] if there are not as many counts as points, if a count is
// negative, or if they add up to more than 2⁵³.
func AnswersOf(scale Scale, counts []int64) (Answers, error) {
	if err := scale.Check(); err != nil {
		return Answers{}, err
	}
	a := Answers{scale: scale.canonical()}
	if points := scale.Points(); len(counts) != points {
		return Answers{}, fmt.Errorf("%w: %d counts for the %d points of %v", ErrCount, len(counts), points, scale)
	}
	var n int64
	for i, c := range counts {
		if c < 0 || c > maxAnswers-n {
			return Answers{}, fmt.Errorf("%w: %d times the answer %d", ErrCount, c, a.value(i))
		}
		n += c
		a.counts[i] = c
	}
	return a, nil
}

// Add counts one answer. An answer that is not on the scale is not counted; the
// error wraps [ErrOffScale] and quotes it. To count it as left out, call LeaveOut. The
// error wraps [ErrCount] if 2⁵³ answers are counted.
func (a *Answers) Add(v int) error {
	i, ok := a.scale.index(v)
	if !ok {
		return fmt.Errorf("%w: %d, want %v", ErrOffScale, v, a.scale)
	}
	if n := a.N(); n >= maxAnswers {
		return fmt.Errorf("%w: 1 more than %d", ErrCount, n)
	}
	a.counts[i]++
	return nil
}

// LeaveOut counts one answer as left out for the reason. Every index shows what was
// left out, but does not count it. The errors are those of [LeftOut.Add].
func (a *Answers) LeaveOut(r Reason) error { return a.leftOut.Add(r, 1) }

// Merge adds what other counts. The error wraps [ErrMismatch] if both have a scale
// and the scales differ, and [ErrCount] if there would be more than 2⁵³ answers, or so
// many left out for one reason. On an error nothing has changed.
func (a *Answers) Merge(other Answers) error {
	leftOut := a.leftOut
	if err := leftOut.Merge(other.leftOut); err != nil {
		return err
	}
	switch {
	case other.scale == Scale{}:
	case a.scale == Scale{}:
		a.scale, a.counts = other.scale, other.counts
	case a.scale != other.scale:
		return fmt.Errorf("%w: answers on the scales %v and %v", ErrMismatch, a.scale, other.scale)
	case other.N() > maxAnswers-a.N():
		return fmt.Errorf("%w: %d and %d answers", ErrCount, a.N(), other.N())
	default:
		for i, n := range other.counts {
			a.counts[i] += n
		}
	}
	a.leftOut = leftOut
	return nil
}

// Scale returns the scale of the answers.
func (a Answers) Scale() Scale { return a.scale }

// N returns the number of answers, without those left out.
func (a Answers) N() int64 {
	var n int64
	for _, c := range a.counts {
		n += c
	}
	return n
}

// LeftOut returns how many answers were left out, by reason.
func (a Answers) LeftOut() LeftOut { return a.leftOut }

// Counts returns how often each answer was given, from the Min of the scale to
// its Max.
func (a Answers) Counts() []int64 { return slices.Clone(a.counts[:a.scale.Points()]) }

// Count returns how often the answer v was given, 0 if it is not on the scale.
func (a Answers) Count(v int) int64 {
	if i, ok := a.scale.index(v); ok {
		return a.counts[i]
	}
	return 0
}

// Share returns the share of the answers that lie in the range.
func (a Answers) Share(p Range) stat.Ratio {
	r := stat.Ratio{Whole: a.N()}
	for i, c := range a.counts[:a.scale.Points()] {
		if p.Has(a.value(i)) {
			r.Part += c
		}
	}
	return r
}

// Mean returns the exact mean: the sum of the answers over their number. It is not
// defined if there are no answers.
func (a Answers) Mean() stat.Ratio {
	r := stat.Ratio{Whole: a.N()}
	for i, c := range a.counts[:a.scale.Points()] {
		r.Part += int64(a.value(i)) * c
	}
	return r
}

// Normalised returns where the mean lies between the worst answer, 0, and the
// best, 1: (mean−Min)/(Max−Min), or (Max−mean)/(Max−Min) if lower is better. It is
// not defined if there are no answers. (Mean/Max, which is sometimes seen, is a fifth
// if everybody gives the worst answer on 1 to 5.)
func (a Answers) Normalised() stat.Ratio {
	mean := a.Mean()
	r := stat.Ratio{Whole: mean.Whole * int64(a.scale.Max-a.scale.Min)}
	if a.scale.Direction == stat.LowerIsBetter {
		r.Part = mean.Whole*int64(a.scale.Max) - mean.Part
	} else {
		r.Part = mean.Part - mean.Whole*int64(a.scale.Min)
	}
	return r
}

// Variance returns the sample variance Σ(x−x̄)²/(n−1), computed in whole numbers
// and rounded once. It returns false if there are fewer than two answers.
func (a Answers) Variance() (float64, bool) {
	n := a.N()
	if n < 2 {
		return 0, false
	}
	// Counted from Min, n·Σi² − (Σi)² over n·(n−1), times the step squared.
	sum, squares := new(big.Int), new(big.Int)
	for i, c := range a.counts {
		term := new(big.Int).Mul(big.NewInt(c), big.NewInt(int64(i)))
		sum.Add(sum, term)
		squares.Add(squares, term.Mul(term, big.NewInt(int64(i))))
	}
	num := squares.Mul(squares, big.NewInt(n))
	num.Sub(num, sum.Mul(sum, sum))
	num.Mul(num, big.NewInt(int64(a.scale.Step*a.scale.Step)))
	den := new(big.Int).Mul(big.NewInt(n), big.NewInt(n-1))
	v, _ := new(big.Rat).SetFrac(num, den).Float64()
	return v, true
}

// value returns the i-th answer of the scale.
func (a Answers) value(i int) int { return a.scale.Min + i*a.scale.Step }

// String returns n, the mean, and how often each answer was given, such as
//
//	n = 4 on 1–5, mean 4.00 (3: 1, 4: 2, 5: 1)
func (a Answers) String() string {
	if a.N() == 0 {
		return "no answers" + a.leftOut.note()
	}
	var given []string
	for i, n := range a.counts {
		if n > 0 {
			given = append(given, fmt.Sprintf("%d: %d", a.value(i), n))
		}
	}
	mean, _ := a.Mean().Decimal(2, stat.HalfAwayFromZero)
	return fmt.Sprintf("n = %d on %v, mean %s (%s)%s", a.N(), a.scale, minus(mean.StringFixed(2)), strings.Join(given, ", "), a.leftOut.note())
}
