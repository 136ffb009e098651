package survey

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/servicequality/servicequality/metrics/stat"
)

const (
	maxDrivers = 14        // Drivers looks at every subset of the items
	maxOverall = 1_000_000 // the largest overall score, by magnitude
)

// Drivers is what an overall score goes with.
type Drivers struct {
	N         int64    `json:"n"` // respondents who answered everything
	LeftOut   LeftOut  `json:"left_out,omitzero"`
	RSquared  float64  `json:"r_squared"` // share of the variation of the overall score that the items explain together
	Adjusted  float64  `json:"adjusted"`  // R² adjusted for the number of items: 1 − (1−R²)(n−1)/(n−k−1)
	Intercept float64  `json:"intercept"` // of the regression of the overall score on the items
	ByItem    []Driver `json:"by_item"`   // in the order of the items
}

// Driver is how one item goes with the overall score.
type Driver struct {
	Item        Item          `json:"item"`
	Mean        float64       `json:"mean"`        // how the item is rated
	Correlation stat.Interval `json:"correlation"` // Pearson's, with Fisher's 95 % interval; a level of 0 with fewer than four respondents
	// Coefficient is by how much the overall score is higher where the item is
	// one point higher and the others are the same, with its 95 % t interval,
	// and Beta the same in standard deviations.
	Coefficient stat.Interval `json:"coefficient"`
	Beta        float64       `json:"beta"`
	// Importance is the item's part of R²: how much the item adds to it, on
	// average over all orders in which the items can be taken (Lindeman, Merenda
	// & Gold 1980). The parts are not negative and add up to R².
	Importance float64 `json:"importance"`
}

// Drivers returns what an overall score goes with: overall[i] is the overall score
// of the respondent who gave rows[i], a whole number on any scale. Only respondents
// who answered everything are used. Reversed items are mirrored first. What goes
// with a score need not drive it: this ranks candidates.
//
// The error wraps those of [Questionnaire.Score], with the number of the row;
// [ErrCount] if there are not as many scores as rows, and [ErrOffScale] if one is
// beyond ±1,000,000; [ErrDefinition] if there are more than 14 items;
// [stat.ErrTooFew] unless more than k+1 respondents answered everything, k being
// the number of items; and [stat.ErrNoVariation] if the overall score or an item
// does not vary, or an item follows from the others.
func (q Questionnaire) Drivers(rows [][]int, overall []int) (Drivers, error) {
	if err := q.checkRows(rows); err != nil {
		return Drivers{}, err
	}
	k := len(q.Items)
	switch {
	case len(overall) != len(rows):
		return Drivers{}, fmt.Errorf("%w: %d overall scores of %d rows", ErrCount, len(overall), len(rows))
	case k > maxDrivers:
		return Drivers{}, fmt.Errorf("%w: %d drivers, at most %d", ErrDefinition, k, maxDrivers)
	}
	var d Drivers
	var used [][]int
	var scores []int
	for i, v := range overall {
		switch {
		case v == Missing:
			d.LeftOut.Add(Unanswered, 1)
		case v < -maxOverall || v > maxOverall:
			return Drivers{}, fmt.Errorf("row %d: %w: overall score %d", i, ErrOffScale, v)
		case slices.Contains(rows[i], Missing):
			d.LeftOut.Add(TooFewItems, 1)
		default:
			used, scores = append(used, rows[i]), append(scores, v)
		}
	}
	columns, _ := q.columns(used, CompleteRows)
	columns = append(columns, scores)
	cov, n := covariances(columns)
	if d.N = n; n <= int64(k)+1 {
		return Drivers{}, fmt.Errorf("%w: %d complete answers for %d drivers", stat.ErrTooFew, n, k)
	}
	for i := range cov {
		if !(cov[i][i] > 0) {
			name := "the overall score"
			if i < k {
				name = quoted(q.Items[i].Name)
			}
			return Drivers{}, fmt.Errorf("%w: all answers to %s are the same", stat.ErrNoVariation, name)
		}
	}
	if err := d.fit(q.Items, columns, cov); err != nil {
		return Drivers{}, err
	}
	return d, nil
}

// fit fills in the regression of the last column on the others.
func (d *Drivers) fit(items []Item, columns [][]int, cov matrix) error {
	k := len(items)
	cor := cov.correlations()
	explained, ok := cor.explained()
	if !ok {
		return fmt.Errorf("%w: an item follows from the others", stat.ErrNoVariation)
	}
	all := make([]int, k)
	for i := range all {
		all[i] = i
	}
	l, ok := cor.part(all).cholesky()
	if !ok {
		return fmt.Errorf("%w: an item follows from the others", stat.ErrNoVariation)
	}
	betas := l.solve(cor[k][:k])
	df := float64(d.N - int64(k) - 1)
	d.RSquared = explained[len(explained)-1]
	d.Adjusted = 1 - (1-d.RSquared)*float64(d.N-1)/df
	student, err := stat.NewStudentT(df)
	if err != nil {
		return err
	}
	t, err := student.UpperQuantile((1 - Level) / 2)
	if err != nil {
		return err
	}
	importance := shapley(explained, k)
	d.Intercept = mean(columns[k])
	for i, item := range items {
		x := Driver{Item: item, Mean: mean(columns[i]), Beta: betas[i], Importance: importance[i]}
		unit := make([]float64, k)
		unit[i] = 1
		ratio := math.Sqrt(cov[k][k] / cov[i][i])
		b := betas[i] * ratio
		se := ratio * math.Sqrt((1-d.RSquared)/df*l.solve(unit)[i])
		x.Coefficient = stat.Interval{Estimate: b, Low: b - t*se, High: b + t*se, Level: Level, Method: stat.StudentT}
		d.Intercept -= b * x.Mean
		x.Correlation = stat.Interval{Estimate: cor[k][i]}
		if d.N >= 4 {
			r, err := stat.Pearson(floats(columns[i]), floats(columns[k]), Level)
			if err != nil {
				return err
			}
			x.Correlation = r.R
		}
		d.ByItem = append(d.ByItem, x)
	}
	return nil
}

// explained returns R² of the last variable on each subset of the others, given
// their correlations: element s is that of the variables whose bits are set in s.
// It returns false if a variable follows from others.
func (r matrix) explained() ([]float64, bool) {
	k := len(r) - 1
	list := make([]float64, 1<<k)
	for s := 1; s < len(list); s++ {
		var keep []int
		var b []float64
		for i := range k {
			if s>>i&1 == 1 {
				keep = append(keep, i)
				b = append(b, r[k][i])
			}
		}
		l, ok := r.part(keep).cholesky()
		if !ok {
			return nil, false
		}
		for i, beta := range l.solve(b) {
			list[s] += beta * b[i]
		}
		list[s] = max(0, min(1, list[s]))
	}
	return list, true
}

// shapley returns what each of k variables adds to R², on average over all orders:
// with a subset s before it, an order has the probability |s|!(k−1−|s|)!/k!.
func shapley(explained []float64, k int) []float64 {
	parts := make([]float64, k)
	for i := range parts {
		for s, without := range explained {
			if s>>i&1 == 1 {
				continue
			}
			// The probability is 1 over k times the subsets of that size.
			size := bits.OnesCount(uint(s))
			orders := float64(k)
			for j := range size {
				orders = orders * float64(k-1-j) / float64(j+1)
			}
			parts[i] += (explained[s|1<<i] - without) / orders
		}
		parts[i] = max(0, parts[i])
	}
	return parts
}

func mean(column []int) float64 {
	var sum int64
	for _, v := range column {
		sum += int64(v)
	}
	return float64(sum) / float64(len(column))
}

func floats(column []int) []float64 {
	list := make([]float64, len(column))
	for i, v := range column {
		list[i] = float64(v)
	}
	return list
}
