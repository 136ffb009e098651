// Package survey turns answers to survey questions into indices of service quality,
// each with its definition, its n and its uncertainty.
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
// counts them exactly; it can be merged and stored, and every index of the question is a
// function of it. What is not an answer is refused with an error, or left out and counted
// by its [Reason]; it never counts as a bad answer.
//
// [Responses] keeps the answers one by one, from several sources, with comments. A
// response that is delivered twice counts once; if a respondent answers several times,
// the last answer counts, of equal instants the last taken; and an exclusion beats what
// it excludes. Each source and group of which it is known who was asked has its response
// rate. [Responses.CallBacks] lists the dissatisfied, and [AnswersBy] gives the answers of
// each week, team or both.
//
// # Indices
//
// A [Definition] says which answers count and how the index is computed. [CSAT], [NPS]
// and [CES] are the common indices; [Measure] computes any other: one more of the field,
// such as [NetEasy], a vendor's, or your own. The [Index] has its definition, the
// distribution of the answers, what was left out, the exact value as a [stat.Ratio], and
// a 95 % interval with its method. Nothing is rounded before it is shown.
//
// [Compare] tells whether an index changed, or whether two groups differ, and says so in
// words, and [CompareAll] does so for several; [ComparePairs] asks the same people twice;
// [CompareGroups] compares many groups, and [LargestFirst] sorts what they found;
// [CompareGoal] holds indices against a goal or benchmark; [MeasureGroups] does not show
// groups that are too small. Where all are known who could answer, as a staff is,
// [Index.OfPopulation] says how little is uncertain.
// [PostStratify] and [Responses.Weighted] weight answers. For the margin of error and the
// size of a sample see package stat.
//
// [Index.Scores] hands an index to package compare: there it has a trend and a control
// chart over periods, groups are ranked with shrinkage, each against the rest, and an
// index and the times of a desk are judged together.
//
// Beside the indices of one question there are rates of customers ([Retention],
// [CohortRetention], [RepeatRate]), the response rates of a sample ([Dispositions]), the
// coefficients of [Kano], [Feedback] that nobody asked for, the ACSI-style index
// ([ACSI]), and scores of a [Questionnaire] of several items, such as [UWES9]: profiles of
// groups, percent favourable, and reliability. SERVQUAL is in package servqual.
//
// # Accuracy
//
// Counts, shares, net shares and means are exact. Intervals, p-values and results from
// several items are float64 estimates. One [Answers] holds at most 2⁵³ answers, so no sum
// leaves an int64.
//
// # Errors
//
// The short calls return false if there is no index; [Measure] returns the reason.
// Without answers the error is [ErrNoAnswers], never an index of 0. No result is NaN or
// infinite.
package survey
