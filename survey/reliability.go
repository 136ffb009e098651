package survey

import (
	"fmt"
	"math"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Reliability says how well the items of a questionnaire measure one thing.
type Reliability struct {
	Items   int     `json:"items"`
	N       int64   `json:"n"`                 // respondents who answered every item
	LeftOut LeftOut `json:"left_out,omitzero"` // the others, as TooFewItems

	// Alpha is Cronbach's alpha, k/(k−1)·(1 − Σ variances/variance of the sum),
	// with Feldt's 95 % interval. It is at most 1, and below 0 if items go against
	// each other.
	Alpha     float64 `json:"alpha"`
	AlphaLow  float64 `json:"alpha_low"`
	AlphaHigh float64 `json:"alpha_high"`

	// Standardised is alpha for standardised items, k·r̄/(1+(k−1)·r̄), where r̄ is
	// AverageR, the mean correlation of two items. HasStandardised is false if the
	// sum of the standardised items does not vary.
	Standardised    float64 `json:"standardised"`
	HasStandardised bool    `json:"has_standardised"`
	AverageR        float64 `json:"average_r"`

	// Omega is McDonald's omega, (Σλ)²/((Σλ)² + Σθ), for one factor fitted by
	// maximum likelihood. Unlike alpha, it does not assume that all items are
	// equally good. HasOmega is false if there are fewer than three items or no
	// proper factor fits.
	Omega    float64 `json:"omega"`
	HasOmega bool    `json:"has_omega"`

	ByItem []ItemReliability `json:"by_item"`
}

// String returns the coefficients, such as
//
//	alpha 0.94 (95 % 0.78 to 0.99), omega 0.95, 3 items, n = 8 (left out: 1 too_few_items)
func (r Reliability) String() string {
	if r.N == 0 {
		return "no reliability"
	}
	omega := ""
	if r.HasOmega {
		omega = ", omega " + number(r.Omega)
	}
	return fmt.Sprintf("alpha %s (95 %% %s to %s)%s, %d items, n = %d%s", number(r.Alpha), number(r.AlphaLow), number(r.AlphaHigh),
		omega, r.Items, r.N, r.LeftOut.note())
}

// ItemReliability says how well an item goes with the others.
type ItemReliability struct {
	Item Item    `json:"item"`
	Mean float64 `json:"mean"` // mirrored if the item is reversed
	SD   float64 `json:"sd"`
	// ItemRest is the correlation of the item with the sum of the others.
	// HasItemRest is false if that sum does not vary.
	ItemRest    float64 `json:"item_rest"`
	HasItemRest bool    `json:"has_item_rest"`
	// Dropped is alpha without the item. HasDropped is false if fewer than two
	// items are left or their sum does not vary.
	Dropped    float64 `json:"dropped"`
	HasDropped bool    `json:"has_dropped"`
	// Suspect reports that the item goes against the others (ItemRest is below 0).
	// It may be worded the other way and not marked Reversed.
	Suspect bool `json:"suspect,omitzero"`
}

// String returns how the item goes with the others, such as
//
//	q1: mean 3.50, item-rest 0.93, alpha without it 0.85
func (x ItemReliability) String() string {
	text := fmt.Sprintf("%s: mean %s", x.Item.Name, number(x.Mean))
	if x.HasItemRest {
		text += ", item-rest " + number(x.ItemRest)
	}
	if x.HasDropped {
		text += ", alpha without it " + number(x.Dropped)
	}
	return text
}

// Reliability returns how well the items measure one thing, and each item's part in it.
// Only respondents who answered every item count. Reversed items are mirrored
// first. Sources: Cronbach (1951), Psychometrika 16:297; Feldt (1965), Psychometrika
// 30:357, whose interval is 1 − (1−alpha)·F with n−1 and (n−1)(k−1) degrees of
// freedom; McDonald (1999), Test Theory.
//
// The error wraps those of [Questionnaire.Score], with the number of the row;
// [ErrDefinition] if there are fewer than two items; [stat.ErrTooFew] if fewer than
// two respondents answered every item; and [stat.ErrNoVariation] if an item, which
// it names, or the sum of all items does not vary.
func (q Questionnaire) Reliability(rows [][]int) (Reliability, error) {
	if err := q.checkRows(rows); err != nil {
		return Reliability{}, err
	}
	k := len(q.Items)
	if k < 2 {
		return Reliability{}, fmt.Errorf("%w: the reliability of one item", ErrDefinition)
	}
	r := Reliability{Items: k}
	columns := make([][]int, k)
	for _, row := range rows {
		if slices.Contains(row, Missing) {
			r.LeftOut.leave(TooFewItems)
			continue
		}
		for i, v := range row {
			columns[i] = append(columns[i], q.keyed(i, v))
		}
	}
	r.N = int64(len(columns[0]))
	if r.N < 2 {
		return Reliability{}, fmt.Errorf("%w: %d of %d rows are complete", stat.ErrTooFew, r.N, len(rows))
	}
	cov := covariances(columns)
	for i, item := range q.Items {
		if !(cov[i][i] > 0) {
			return Reliability{}, fmt.Errorf("%w: all answers to %s are the same", stat.ErrNoVariation, text.Quote(item.Name))
		}
	}
	var ok bool
	if r.Alpha, ok = cov.alpha(allItems); !ok {
		return Reliability{}, fmt.Errorf("%w: the items add up to the same for all", stat.ErrNoVariation)
	}
	var err error
	if r.AlphaLow, r.AlphaHigh, err = feldt(r.Alpha, r.N, k); err != nil {
		return Reliability{}, err
	}
	cor := cov.correlations()
	r.AverageR = (cor.total(allItems) - float64(k)) / float64(k*(k-1))
	if d := 1 + float64(k-1)*r.AverageR; d > 1e-9 {
		r.Standardised, r.HasStandardised = float64(k)*r.AverageR/d, true
	}
	r.Omega, r.HasOmega = omega(cov, cor)
	for i, item := range q.Items {
		r.ByItem = append(r.ByItem, itemReliability(item, i, cov, columns[i]))
	}
	return r, nil
}

// allItems is the item to leave out where none is.
const allItems = -1

// total returns the sum of all values but those of one item.
func (m matrix) total(without int) float64 {
	var sum float64
	for i, row := range m {
		for j, v := range row {
			if i != without && j != without {
				sum += v
			}
		}
	}
	return sum
}

// alpha returns Cronbach's alpha of covariances without one item, or false if the sum of
// the items does not vary.
func (m matrix) alpha(without int) (float64, bool) {
	total, own, k := m.total(without), 0.0, 0.0
	for i := range m {
		if i != without {
			own += m[i][i]
			k++
		}
	}
	if !(total > 1e-12*own) {
		return 0, false
	}
	return k / (k - 1) * (1 - own/total), true
}

// feldt returns the 95 % interval of alpha for k items and n rows.
func feldt(alpha float64, n int64, k int) (low, high float64, err error) {
	df := float64(n - 1)
	upper, err := stat.FQuantile((1+Level)/2, df, df*float64(k-1))
	if err != nil {
		return 0, 0, err
	}
	lower, err := stat.FQuantile((1-Level)/2, df, df*float64(k-1))
	return 1 - (1-alpha)*upper, 1 - (1-alpha)*lower, err
}

func itemReliability(item Item, i int, cov matrix, column []int) ItemReliability {
	s := sumPairs(column, column)
	x := ItemReliability{Item: item, Mean: float64(s.x) / float64(s.n), SD: math.Sqrt(cov[i][i])}
	var withRest float64 // covariance with the sum of the others
	for j := range cov {
		if j != i {
			withRest += cov[i][j]
		}
	}
	if v := cov.total(i); v > 1e-12*cov[i][i] {
		x.ItemRest = max(-1, min(1, withRest/math.Sqrt(cov[i][i]*v)))
		x.HasItemRest = true
		x.Suspect = x.ItemRest < 0
	}
	if len(cov) > 2 {
		x.Dropped, x.HasDropped = cov.alpha(i)
	}
	return x
}
