// Package servqual measures service quality as the gap between what customers
// expect and what they perceive, in the five dimensions of SERVQUAL.
//
//	result, err := servqual.Study{}.Measure(respondents)
//	if err != nil {
//		return err
//	}
//	fmt.Println(result.Unweighted) // the mean gap, its 95 % interval and n
//
// A [Respondent] gave 22 expectations and 22 perceptions, and perhaps divided 100
// importance points over the dimensions. A [Study] says which form and scale were used.
// [Study.Measure] returns the gaps, perception minus expectation, by item, by dimension
// and by respondent, unweighted and weighted, and the perceptions alone (SERVPERF).
// [Study.MeasureZone] takes the desired, adequate and perceived service and returns the
// zone of tolerance.
//
// Respondents are the sample. Each has one gap for each dimension, the mean of the gaps
// of its items, and the intervals are Student's t over these. A respondent has a gap for
// a dimension if at least half of its items have both an expectation and a perception.
// Missing answers are never filled in; what was left out is counted.
//
// The package has the structure of the questionnaire but not its wording, which belongs
// to the authors. Sources: Parasuraman, Zeithaml and Berry (1988), Journal of Retailing
// 64(1):12, and (1991) 67(4):420; Cronin and Taylor (1992), Journal of Marketing
// 56(3):55; Parasuraman, Zeithaml and Berry (1994), Journal of Retailing 70(3):201.
package servqual
