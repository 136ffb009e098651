package survey

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Rate is a share of customers with its name and its 95 % Wilson interval.
type Rate struct {
	Name     string        `json:"name"`
	Value    stat.Ratio    `json:"value"` // exact and unrounded
	Interval stat.Interval `json:"interval,omitzero"`
}

// newRate returns the rate with the given value. The error wraps ErrCount unless the
// part is from 0 to the whole, and ErrNoAnswers if the whole is 0.
func newRate(name string, value stat.Ratio) (Rate, error) {
	switch {
	case value.Part < 0 || value.Part > value.Whole:
		return Rate{}, fmt.Errorf("%w: %s of %v", ErrCount, name, value)
	case value.Whole == 0:
		return Rate{}, fmt.Errorf("%w: %s of nobody", ErrNoAnswers, name)
	}
	iv, err := stat.Proportion(value.Part, value.Whole, Level, stat.Wilson)
	if err != nil {
		return Rate{}, err
	}
	return Rate{Name: name, Value: value, Interval: iv}, nil
}

// Complement returns the rate of the others under the given name, such as churn from
// retention.
func (r Rate) Complement(name string) Rate {
	iv := r.Interval
	iv.Estimate, iv.Low, iv.High = 1-iv.Estimate, 1-iv.High, 1-iv.Low
	if iv.Level == 0 {
		iv = stat.Interval{}
	}
	return Rate{Name: name, Value: r.Value.Complement(), Interval: iv}
}

// String returns the rate in percent, such as
//
//	retention 90.0 %, 95 % 85.1 to 93.4, n = 200
func (r Rate) String() string {
	name := r.Name
	if name == "" {
		name = "rate"
	}
	p, ok := r.Value.Percent(1, stat.HalfAwayFromZero)
	if !ok {
		return name + ": no data"
	}
	return fmt.Sprintf("%s %s %%, 95 %% %.1f to %.1f, n = %d", name, p.StringFixed(1), 100*r.Interval.Low, 100*r.Interval.High, r.Value.Whole)
}

// Retention returns the share of the customers at the start of a period who are still
// customers at its end. end counts all customers at the end, acquired those who came
// during the period:
//
//	retention = (end − acquired) / start
//
// Churn is its Complement. The error wraps [ErrNoAnswers] if there were no customers at
// the start, and [ErrCount] if a count is negative or end − acquired, those who stayed,
// is not from 0 to start. If customers were observed for different lengths of time, use
// [stat.KaplanMeier].
func Retention(start, end, acquired int64) (Rate, error) {
	if start < 0 || end < 0 || acquired < 0 {
		return Rate{}, fmt.Errorf("%w: retention of %d customers, %d at the end, %d of them new", ErrCount, start, end, acquired)
	}
	return newRate("retention", stat.Ratio{Part: end - acquired, Whole: start})
}

// RepeatRate returns the share of customers who came back: of those with at least one
// order (contact, visit), those with two or more. orders has one number for each
// customer. The error wraps [ErrCount] if a number is negative, and [ErrNoAnswers] if
// nobody ordered.
func RepeatRate(orders []int64) (Rate, error) {
	var r stat.Ratio
	for i, n := range orders {
		if n < 0 {
			return Rate{}, fmt.Errorf("%w: customer %d has %d orders", ErrCount, i, n)
		}
		r.Part += int64(b2i(n >= 2))
		r.Whole += int64(b2i(n >= 1))
	}
	return newRate("repeat rate", r)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// CohortRetention returns the retention by age of several cohorts together.
// active[c][a] is how many customers of cohort c were active in their period a, and
// active[c][0] is the size of the cohort; younger cohorts have shorter rows. At each age,
// the cohorts that have reached it are pooled:
//
//	retention(a) = Σ active[c][a] / Σ active[c][0], over c with a period a
//
// (An average of rates would give a cohort of ten the weight of a cohort of ten
// thousand.) The error wraps [ErrCount] if a number is negative or larger than its
// cohort, or if the cohorts have more than 2⁵³ customers together, and [ErrNoAnswers] if no
// cohort has customers.
func CohortRetention(active [][]int64) ([]Rate, error) {
	var pooled []stat.Ratio
	for c, row := range active {
		for a, n := range row {
			if n < 0 || n > row[0] {
				return nil, fmt.Errorf("%w: cohort %d has %d of %d in period %d", ErrCount, c, n, row[0], a)
			}
			if a == len(pooled) {
				pooled = append(pooled, stat.Ratio{})
			}
			pooled[a].Part += n
			if err := addCount(&pooled[a].Whole, row[0]); err != nil {
				return nil, fmt.Errorf("cohort %d: %w", c, err)
			}
		}
	}
	rates := make([]Rate, len(pooled))
	for a, value := range pooled {
		var err error
		if rates[a], err = newRate(fmt.Sprintf("retention at age %d", a), value); err != nil {
			return nil, err
		}
	}
	if len(rates) == 0 {
		return nil, fmt.Errorf("%w: no cohorts", ErrNoAnswers)
	}
	return rates, nil
}
