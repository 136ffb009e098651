package survey

import "fmt"

// CSAT returns the customer satisfaction score: the share of answers at the best
// points of the scale.
//
//	CSAT = satisfied / n, with a Wilson interval
//
// The satisfied gave one of the best two answers on a scale of 4 to 7 points (4–5 of
// 5), the best one of 2 or 3, or one of the best three of 10. [TopBox] takes another
// number, and [Measure] any definition, such as a threshold or a mean. Customers who
// did not answer do not count. Zendesk, Intercom and Front compute CSAT in this way on
// 1 to 5, and Zendesk also on 1 to 3.
//
// It returns false if there are no answers, or if no number of best answers is
// customary for their scale.
func CSAT(a Answers) (Index, bool) {
	var k int
	switch a.scale.Points() {
	case 2, 3:
		k = 1
	case 4, 5, 6, 7:
		k = 2
	case 10:
		k = 3
	default:
		return Index{}, false
	}
	return measured(TopBox(a.scale, k), a)
}

// TopBox returns the definition of CSAT as the share of the k best answers. The k worst
// answers are negative, unless the two would overlap. If the scale does not have k
// answers, using the definition is an error.
func TopBox(s Scale, k int) Definition {
	d := Definition{
		Name:      fmt.Sprintf("CSAT (top %d of %v)", k, s),
		Source:    "top-box share of satisfied customers",
		Scale:     s.canonical(),
		Statistic: PositiveShare,
		Positive:  s.Top(k),
		Places:    1,
	}
	if 2*k <= s.Points() {
		d.Negative = s.Bottom(k)
	}
	return d
}
