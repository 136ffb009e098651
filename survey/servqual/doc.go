// Package servqual measures service quality as the gap between what customers
// expect and what they perceive, by the five dimensions of SERVQUAL.
//
//	result, err := servqual.Study{}.Measure(respondents)
//	if err != nil {
//		return err
//	}
//	fmt.Println(result.Unweighted) // the mean gap, its 95 % interval and n
//
// A [Respondent] gave 22 expectations and 22 perceptions, and perhaps 100
// importance points over the dimensions. A [Study] says of which form and on which
// scale. [Study.Measure] returns the gaps perception minus expectation by item, by
// dimension and by respondent, unweighted and weighted, and the perceptions alone
// (SERVPERF). [Study.MeasureZone] takes desired, adequate and perceived service and
// returns the zone of tolerance.
//
// Respondents are the sample: each gives one gap for each dimension, the mean of
// the gaps of its items, and the intervals are Student's t over these. A respondent
// has a gap of a dimension if at least half of its items have both an expectation
// and a perception; answers are never made up. What was left out is counted.
//
// The wording of the items belongs to its authors and is not here; the structure
// is. Sources: Parasuraman, Zeithaml and Berry (1988), Journal of Retailing
// 64(1):12, and (1991) 67(4):420; Cronin and Taylor (1992), Journal of Marketing
// 56(3):55; Parasuraman, Zeithaml and Berry (1994), Journal of Retailing 70(3):201.
package servqual
