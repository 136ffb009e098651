package rating

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// ReviewTally counts reviews, at most 2³⁶ (69 billion), and adds up their scores: of an
// agent, a team, a month. The zero value is empty and ready to use. A ReviewTally is a value:
// copies are independent, and two are equal (==) when they hold the same.
//
// Scores are stored in millionths of a point, each rounded once. Sums are therefore
// whole numbers, and results do not depend on order or on merging.
type ReviewTally struct {
	n, passed, autoFailed int64
	sum                   int64     // millionths of a point
	squares               [2]uint64 // their squares, low word first
}

// scorePlaces is the number of decimal places of a score in a tally.
const scorePlaces = 6

// fullScore is 100 points in the unit of a tally.
const fullScore = 100_000_000

// maxReviews is the largest number of reviews: the sum of so many scores fits in an int64.
const maxReviews = 1 << 36

// Add counts one review. Its Score is added even if it auto-failed: such a review
// is counted as failed, but keeps the marks that it earned. The error wraps [ErrCount] if
// 2³⁶ reviews are counted; then nothing changes.
func (t *ReviewTally) Add(s ReviewScore) error {
	if t.n == maxReviews {
		return fmt.Errorf("%w: 1 more than %d reviews", ErrCount, t.n)
	}
	v := s.Score.Decimal(scorePlaces).Shift(scorePlaces).IntPart()
	t.n++
	if s.Passed {
		t.passed++
	}
	if len(s.AutoFailed) > 0 {
		t.autoFailed++
	}
	t.sum += v
	t.addSquares([2]uint64{uint64(v) * uint64(v), 0})
	return nil
}

// Merge adds the reviews that other counts. The error wraps [ErrCount] if there would be
// more than 2³⁶; then nothing changes.
func (t *ReviewTally) Merge(other ReviewTally) error {
	if other.n > maxReviews-t.n {
		return fmt.Errorf("%w: %d and %d reviews", ErrCount, t.n, other.n)
	}
	t.n += other.n
	t.passed += other.passed
	t.autoFailed += other.autoFailed
	t.sum += other.sum
	t.addSquares(other.squares)
	return nil
}

func (t *ReviewTally) addSquares(s [2]uint64) {
	var carry uint64
	t.squares[0], carry = bits.Add64(t.squares[0], s[0], 0)
	t.squares[1], _ = bits.Add64(t.squares[1], s[1], carry)
}

// N returns the number of reviews.
func (t ReviewTally) N() int64 { return t.n }

// Passed returns the share of reviews that passed. Its interval is that of
// [stat.Proportion].
func (t ReviewTally) Passed() stat.Ratio { return stat.Ratio{Part: t.passed, Whole: t.n} }

// AutoFailed returns the share of reviews that a single criterion failed.
func (t ReviewTally) AutoFailed() stat.Ratio { return stat.Ratio{Part: t.autoFailed, Whole: t.n} }

// Mean returns the mean score, with equal weight for every review, rounded to the
// given number of decimal places, half away from zero. It returns false if
// there is no review.
func (t ReviewTally) Mean(places int32) (decimal.Decimal, bool) {
	if t.n == 0 {
		return decimal.Decimal{}, false
	}
	whole := new(big.Int).Mul(big.NewInt(t.n), big.NewInt(1_000_000))
	return stat.HalfAwayFromZero.Quotient(big.NewInt(t.sum), whole, places), true
}

// Interval returns the t interval of the mean score, in points and clamped to
// 0…100. It treats the reviews as a random sample of an agent's conversations.
// With fewer than about ten it is wide, as it should be; if all scores are alike
// it has no width and says nothing. The error wraps [stat.ErrNoData]
// if there is no review, [stat.ErrTooFew] if there is one, and [stat.ErrLevel].
func (t ReviewTally) Interval(level float64) (stat.Interval, error) {
	s := stat.Sample{N: t.n}
	if t.n > 0 {
		n, sum := big.NewInt(t.n), big.NewInt(t.sum)
		unit := big.NewInt(fullScore / 100)
		s.Mean, _ = new(big.Rat).SetFrac(sum, new(big.Int).Mul(n, unit)).Float64()
		if t.n > 1 {
			above := new(big.Int).Mul(n, t.bigSquares())
			above.Sub(above, new(big.Int).Mul(sum, sum))
			below := new(big.Int).Mul(n, big.NewInt(t.n-1))
			below.Mul(below, unit).Mul(below, unit)
			s.Variance, _ = new(big.Rat).SetFrac(above, below).Float64()
		}
	}
	iv, err := s.Interval(level)
	if err != nil {
		return stat.Interval{}, fmt.Errorf("rating: interval of the mean score: %w", err)
	}
	return clip(iv, 0, 100), nil
}

func (t ReviewTally) bigSquares() *big.Int {
	s := new(big.Int).SetUint64(t.squares[1])
	return s.Lsh(s, 64).Add(s, new(big.Int).SetUint64(t.squares[0]))
}

// check returns an error for sums that no reviews add up to.
func (t ReviewTally) check() error {
	if t.n < 0 || t.n > maxReviews || t.passed < 0 || t.autoFailed < 0 || t.passed > t.n || t.autoFailed > t.n-t.passed {
		return fmt.Errorf("%w: %d reviews, %d passed, %d auto-failed", ErrCount, t.n, t.passed, t.autoFailed)
	}
	n, sum, squares := big.NewInt(t.n), big.NewInt(t.sum), t.bigSquares()
	most := new(big.Int).Mul(n, big.NewInt(fullScore))
	least := new(big.Int).Mul(sum, sum) // n·Σv² ≥ (Σv)²
	if sum.Cmp(most) > 0 ||
		new(big.Int).Mul(n, squares).Cmp(least) < 0 ||
		squares.Cmp(new(big.Int).Mul(sum, big.NewInt(fullScore))) > 0 {
		return fmt.Errorf("%w: no %d scores add up to %s with squares of %s", ErrCount, t.n, sum, squares)
	}
	return nil
}

// String returns the mean score and the share that passed, such as "73.7 of 100, 59 %
// of 44 reviews passed", or "no reviews".
func (t ReviewTally) String() string {
	mean, ok := t.Mean(1)
	if !ok {
		return "no reviews"
	}
	return mean.StringFixed(1) + " of 100, " + text.Share(t.passed, t.n, 0) + " of " + text.Counted(t.n, "review") + " passed"
}
