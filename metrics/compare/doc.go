// Package compare says what changed between the figures of a helpdesk, and
// whether the change is more than chance.
//
// This month against as much of the one before:
//
//	spans, err := compare.Periods(month.Next(-1), month, zone, asOf)
//	b := compare.NewBreakdown(spans, metrics.Rules{}, metrics.Facet.Channel)
//	for c := range log.Conversations() {
//		b.Add(c)
//	}
//	for _, d := range compare.Figures(b.Total()) {
//		fmt.Println(d) // median first response 42m → 31m (−11m, 95 % −18m to −4m): better
//	}
//
// # Indices
//
// An [Index] is what a desk watches: its median first response, its CSAT. It
// knows which way is better and what kind of number it is, and gives its [Value]
// in any figures, with an interval, and the counts, sample or durations behind
// it, which merge where values do not.
//
// # Spans
//
// [Spans] are two half-open spans of time: a period and the one before, or the
// same a year before ([Periods]), the days around a change ([Around]), the last
// days and those before ([LastDays]), or any other ([NewSpans]). Nothing is in
// both, and a period that is not over is held against as much of the other. A
// [Breakdown] looks at each as of its own end, so that neither has learned more
// than the other.
//
// # Verdicts
//
// A [Difference] has the two values, the change with its interval, the P of the
// test of no change, and a [Verdict]: better or worse, higher or lower where
// neither is better, not distinguishable, or why there is nothing to say. The
// questions of a [Family] are answered together: Holm's procedure keeps the
// chance of any wrong verdict of a change at 1 − Level, however many questions
// there are. Each interval has the level at which the procedure decided on it,
// mostly above that of the family, so that it leaves 0 out exactly if the
// verdict is that there is a change.
//
// "Not distinguishable" does not mean that nothing changed. It means that chance
// alone would often do as much: the interval says how large the change may be.
//
// # What a change is due to
//
// A total may get worse while each of its parts gets better, because the mix
// changed: [Family.Standardised] compares at the same mix. A change after a
// training may have come without it: [Family.Beyond] compares with the change of
// those who had none.
//
// # What is assumed
//
// Intervals and tests take the values of one index to be independent of each
// other. First responses of different customers nearly are. Several responses of
// one conversation, or all of one outage's, are less so, and then the truth is
// less certain than the interval. Figures are read as a sample of how the desk
// works, not as a census of what happened: what happened is exactly the values.
package compare
