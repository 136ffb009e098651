// Package survey turns answers to survey questions into indices of service
// quality, each with its n, its definition and its uncertainty.
//
//	answers, err := survey.NewAnswers(survey.OneTo(5), 5, 4, 4, 2, 5)
//	if err != nil {
//		return err
//	}
//	csat, ok := survey.CSAT(answers)
//	fmt.Println(csat, ok) // CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4 (wilson), n = 5 true
//
// # Answers
//
// A [Scale] says which whole numbers are answers and which end is good. [Answers]
// counts them exactly; it merges and serialises, and every index of one question
// is a function of it. What is no answer is refused by error, or counted as left
// out with its [Reason]; it is never taken for a bad answer.
//
// # Indices
//
// A [Definition] says of which answers an index is made and which figure it is.
// [CSAT], [NPS] and [CES] are the common ones; [Measure] computes any other: one
// of the [Preset] definitions of the field and of vendors, or one's own. The
// [Index] that comes back carries its definition, the distribution, what was left
// out, the exact value as a [stat.Ratio], and a 95 % interval with its method;
// nothing is rounded before it is shown.
//
// # Errors
//
// The short calls return false where there is no index; [Measure] says why. No
// answers are [ErrNoAnswers], never an index of 0. No result is NaN or infinite.
package survey
