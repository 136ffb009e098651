package survey

import "github.com/servicequality/servicequality/metrics/stat"

// CES returns the customer effort score, by the scale of the answers:
//
//	OneTo(7)                  CES 2.0, agreement with "they made it easy": the mean, higher is better
//	OneTo(5).LowerIsBetter()  CES 1.0, effort put forth: the mean, lower is better
//
// with Student's t interval. Positive of the result is the share of customers who agree
// (5–7) or report low effort (1–2). The two are different questions; their answers do
// not merge, because their scales differ. Sources: Dixon,
// Freeman and Toman (2010), Harvard Business Review 88(7/8):116; Dixon, Toman and
// DeLisi (2013), The Effortless Experience.
//
// It returns false if there are no answers, or if they are on another scale. See
// [CES2Agree] and [NetEasy] for shares.
func CES(a Answers) (Index, bool) {
	if a.scale.Direction == stat.LowerIsBetter {
		return measured(CES1(), a)
	}
	return measured(CES2(), a)
}
