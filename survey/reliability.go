package survey

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// MissingRule says what a statistic of several items does about rows with missing
// answers. The choice can matter: on one published table Cronbach's alpha is .802
// by one rule and .733 by the other.
type MissingRule uint8

const (
	CompleteRows MissingRule = iota // only rows with all answers are used
	PairwiseRows                    // each covariance uses the rows with both answers; there is then no interval
)

var missingNames = text.NewEnum[MissingRule](errors.New("survey: no such rule for missing answers"),
	"complete_rows", "pairwise_rows",
)

// String returns the name of the rule, such as "complete_rows".
func (m MissingRule) String() string { return missingNames.Name(m) }

// AppendText implements [encoding.TextAppender].
func (m MissingRule) AppendText(b []byte) ([]byte, error) { return missingNames.Append(b, m) }

// MarshalText implements [encoding.TextMarshaler].
func (m MissingRule) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (m *MissingRule) UnmarshalText(text []byte) error { return missingNames.Parse(m, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (m *MissingRule) Scan(src any) error { return missingNames.Scan(m, src) }

// Value implements [driver.Valuer] with the text form.
func (m MissingRule) Value() (driver.Value, error) { return missingNames.Value(m) }

// Range is an interval whose method is told by the name of the field that holds it.
// A level of 0 is no interval.
type Range struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Level float64 `json:"level"`
}

// Reliability is how far the items of a questionnaire measure one thing.
type Reliability struct {
	Items   int         `json:"items"`
	N       int64       `json:"n"` // rows used; the least of any pair of items, with PairwiseRows
	Missing MissingRule `json:"missing"`
	LeftOut LeftOut     `json:"left_out,omitzero"` // rows that were not used

	// Alpha is Cronbach's: k/(k−1)·(1 − Σ variances/variance of the sum), at
	// most 1; below 0 if items go against each other. Feldt is its 95 %
	// interval.
	Alpha float64 `json:"alpha"`
	Feldt Range   `json:"feldt,omitzero"`

	// Standardised is alpha of the standardised items, k·r̄/(1+(k−1)·r̄), r̄ being
	// AverageR, the mean correlation of two items. HasStandardised is false if
	// the standardised items add up to nothing.
	Standardised    float64 `json:"standardised"`
	HasStandardised bool    `json:"has_standardised"`
	AverageR        float64 `json:"average_r"`

	// Omega is McDonald's, of one factor fitted by maximum likelihood:
	// (Σλ)²/((Σλ)² + Σθ). Unlike alpha it does not take all items to be equally
	// good. HasOmega is false with fewer than three items, and if no proper
	// factor fits.
	Omega    float64 `json:"omega"`
	HasOmega bool    `json:"has_omega"`

	ByItem []ItemReliability `json:"by_item"`
}

// ItemReliability is how an item goes with the others.
type ItemReliability struct {
	Item Item    `json:"item"`
	Mean float64 `json:"mean"` // mirrored if the item is reversed
	SD   float64 `json:"sd"`
	// ItemRest is the correlation of the item with the sum of the others.
	// HasItemRest is false if that sum does not vary.
	ItemRest    float64 `json:"item_rest"`
	HasItemRest bool    `json:"has_item_rest"`
	// Dropped is alpha without the item; HasDropped is false if two items or
	// fewer are left to speak of, or their sum does not vary.
	Dropped    float64 `json:"dropped"`
	HasDropped bool    `json:"has_dropped"`
	// Suspect reports that the item goes against the others (ItemRest below 0):
	// is it worded the other way, and not marked Reversed?
	Suspect bool `json:"suspect,omitzero"`
}

// Reliability returns how far the items measure one thing, and which of them does
// not. Reversed items are mirrored first. Sources: Cronbach (1951), Psychometrika
// 16:297; Feldt (1965), Psychometrika 30:357, whose interval is 1 − (1−alpha)·F
// with n−1 and (n−1)(k−1) degrees of freedom; McDonald (1999), Test Theory.
//
// The error wraps those of [Questionnaire.Score], with the number of the row;
// [ErrDefinition] if there are fewer than two items; [stat.ErrTooFew] if fewer than
// two rows can be used, of any two items with PairwiseRows; and
// [stat.ErrNoVariation] if an item, which it names, or the sum of all does not
// vary.
func (q Questionnaire) Reliability(rows [][]int, missing MissingRule) (Reliability, error) {
	if err := q.checkRows(rows); err != nil {
		return Reliability{}, err
	}
	if _, err := missing.MarshalText(); err != nil {
		return Reliability{}, fmt.Errorf("%w: %v", ErrDefinition, missing)
	}
	k := len(q.Items)
	if k < 2 {
		return Reliability{}, fmt.Errorf("%w: the reliability of one item", ErrDefinition)
	}
	r := Reliability{Items: k, Missing: missing}
	columns, leftOut := q.columns(rows, missing)
	r.LeftOut = leftOut
	var cov matrix
	cov, r.N = covariances(columns)
	if r.N < 2 {
		return Reliability{}, fmt.Errorf("%w: %d rows can be used, of %d", stat.ErrTooFew, r.N, len(rows))
	}
	for i, item := range q.Items {
		if !(cov[i][i] > 0) {
			return Reliability{}, fmt.Errorf("%w: all answers to %q are the same", stat.ErrNoVariation, item.Name)
		}
	}
	var ok bool
	if r.Alpha, ok = cov.alpha(); !ok {
		return Reliability{}, fmt.Errorf("%w: the items add up to the same for all", stat.ErrNoVariation)
	}
	if missing == CompleteRows {
		var err error
		if r.Feldt, err = feldt(r.Alpha, r.N, k); err != nil {
			return Reliability{}, err
		}
	}
	cor := cov.correlations()
	r.AverageR = (cor.total() - float64(k)) / float64(k*(k-1))
	if d := 1 + float64(k-1)*r.AverageR; d > 1e-9 {
		r.Standardised, r.HasStandardised = float64(k)*r.AverageR/d, true
	}
	r.Omega, r.HasOmega = omega(cov, cor)
	for i, item := range q.Items {
		r.ByItem = append(r.ByItem, itemReliability(item, i, cov, columns[i]))
	}
	return r, nil
}

// columns returns the answers by item, mirrored if reversed, of the rows that the
// rule lets through.
func (q Questionnaire) columns(rows [][]int, missing MissingRule) (columns [][]int, leftOut LeftOut) {
	columns = make([][]int, len(q.Items))
	for _, row := range rows {
		answered := 0
		for _, v := range row {
			answered += b2i(v != Missing)
		}
		if answered < len(row) && missing == CompleteRows || answered == 0 {
			leftOut.Add(TooFewItems, 1)
			continue
		}
		for i, v := range row {
			if v != Missing {
				v = q.keyed(i, v)
			}
			columns[i] = append(columns[i], v)
		}
	}
	return columns, leftOut
}

func (m matrix) total() float64 {
	var sum float64
	for _, row := range m {
		for _, v := range row {
			sum += v
		}
	}
	return sum
}

// alpha returns Cronbach's alpha of covariances, or false if the sum of the items
// does not vary.
func (m matrix) alpha() (float64, bool) {
	total, own := m.total(), 0.0
	for i := range m {
		own += m[i][i]
	}
	if !(total > 1e-12*own) {
		return 0, false
	}
	k := float64(len(m))
	return k / (k - 1) * (1 - own/total), true
}

// feldt returns the 95 % interval of alpha of k items and n rows.
func feldt(alpha float64, n int64, k int) (Range, error) {
	df := float64(n - 1)
	f, err := stat.NewF(df, df*float64(k-1))
	if err != nil {
		return Range{}, err
	}
	upper, err := f.UpperQuantile((1 - Level) / 2)
	if err != nil {
		return Range{}, err
	}
	lower, err := f.Quantile((1 - Level) / 2)
	if err != nil {
		return Range{}, err
	}
	return Range{Low: 1 - (1-alpha)*upper, High: 1 - (1-alpha)*lower, Level: Level}, nil
}

func itemReliability(item Item, i int, cov matrix, column []int) ItemReliability {
	s := sumPairs(column, column)
	x := ItemReliability{Item: item, Mean: float64(s.x) / float64(s.n), SD: math.Sqrt(cov[i][i])}
	var withRest float64 // covariance with the sum of the others
	rest := make([]int, 0, len(cov)-1)
	for j := range cov {
		if j != i {
			withRest += cov[i][j]
			rest = append(rest, j)
		}
	}
	others := cov.part(rest)
	if v := others.total(); v > 1e-12*cov[i][i] {
		x.ItemRest = max(-1, min(1, withRest/math.Sqrt(cov[i][i]*v)))
		x.HasItemRest = true
		x.Suspect = x.ItemRest < 0
	}
	if len(rest) > 1 {
		x.Dropped, x.HasDropped = others.alpha()
	}
	return x
}
