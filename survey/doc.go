// Package survey turns answers to survey questions into indices of service
// quality, each with its n, its definition and its uncertainty.
//
//	answers, err := survey.NewAnswers(survey.OneTo(5), 5, 4, 4, 2, 5)
//	if err != nil {
//		return err
//	}
//	csat, ok := survey.CSAT(answers)
//	fmt.Println(csat, ok) // CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4, n = 5 true
//
// # Answers
//
// A [Scale] says which whole numbers are answers and which end is good. [Answers]
// counts them exactly; it merges and serialises, and every index of one question
// is a function of it. What is no answer is refused by error, or counted as left
// out with its [Reason]; it is never taken for a bad answer.
//
// [Responses] keeps the answers one by one, from several sources: what is delivered
// twice is one, of several answers of one respondent the last counts, and each
// source has its response rate.
//
// # Indices
//
// A [Definition] says of which answers an index is made and which figure it is.
// [CSAT], [NPS] and [CES] are the common ones; [Measure] computes any other: another
// definition of the field, such as [NetEasy], a vendor's, or one's own. The
// [Index] that comes back carries its definition, the distribution, what was left
// out, the exact value as a [stat.Ratio], and a 95 % interval with its method;
// nothing is rounded before it is shown.
//
// [Compare] tells whether an index changed, or whether two groups differ, and says
// so in words; [CompareGroups] takes many groups at once; [MeasureGroups] keeps
// groups that are too small from being shown. [PostStratify] and
// [Responses.Weighted] weight answers.
//
// Beside the indices of one question there are rates of customers ([Retention],
// [CohortRetention], [RepeatRate]) and of unasked [Feedback]; [ACSI]; and the scores
// of a [Questionnaire] of several items, such as [UWES9]: by group
// ([Questionnaire.Profile]), percent favourable, and reliability. SERVQUAL is in
// package servqual.
//
// # Accuracy
//
// Counts, shares, net shares and means are exact. Intervals, p-values and what is
// made of several items are float64 estimates. Answers in one [Answers] are at most
// 2⁵³, so that no sum leaves an int64.
//
// # Errors
//
// The short calls return false where there is no index; [Measure] says why. No
// answers are [ErrNoAnswers], never an index of 0. No result is NaN or infinite.
package survey
