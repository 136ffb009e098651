// Package compare says what changed between the figures of a helpdesk, and
// whether the change is more than chance.
//
// This month against as much of the one before:
//
//	spans, err := compare.Periods(month.Next(-1), month, zone, asOf)
//	byChannel := compare.NewSides(metrics.Facet.Channel, spans)
//	err = byChannel.Read(log, metrics.Rules{})
//	for _, d := range compare.Figures(byChannel.Total()) {
//		fmt.Println(d) // median first response 42 min → 31 min (−11 min, 95 % −18 to −4 min): better
//	}
//
// # Metrics
//
// A [Metric] is what a desk watches: its median first response, its CSAT, the share
// answered within an hour ([Metric.Within]), the compliance with a target ([Promise]). It
// knows which way is better and what kind of number it is, and gives its [Value]
// in whatever was [Observed], with an interval, and the counts, sample or durations behind
// it, which merge although values do not.
//
// An index of a survey, such as NPS, is a metric too, by [Asked].
//
// [Groups] observe conversations by any key, [Sides] on two sides, and [Timelines] by
// period too. All of them count the promises of the policies that they are given, in the
// same pass. A promise, and a wait that is open, belong to the period in which they began.
//
// # Spans
//
// [Spans] are two half-open spans of time: a period and the one before, or the
// same a year before ([Periods]), the days around a change ([Around]), the last
// days and those before ([LastDays]), or any other ([NewSpans]). No instant is in
// both, and a period that is not over is compared with as much of the other. [Sides]
// look at each as of its own end, so that neither has learned more than the other.
// A wait that is open at an end belongs to the span in which it began.
//
// # Conclusions
//
// A [Difference] has the two values, the change with its interval, the P of the
// test of no change, and a [stat.Conclusion]: better or worse, higher or lower if
// neither way is better, not distinguishable, or why there is nothing to say. The
// questions of a [Family] are answered together by [stat.Decide]: the chance that
// any of its conclusions is for a change that is none is at most 1 − Level, however
// many questions there are. Each interval has the level at which it was decided on,
// mostly above that of the family, so that it leaves 0 out exactly if the
// conclusion is a change.
//
// "Not distinguishable" does not mean that nothing changed. It means that chance
// alone would often do as much: the interval says how large the change may be.
//
// # Causes
//
// A total may get worse while each of its parts gets better, because the mix
// changed: [Family.Standardised] compares at the same mix. An agent who has the e-mails
// looks slower than one who has the chats: [Family.Indirect] compares with what others
// would have had with the same tickets, and so does [NewCredit] with strata. A change after a
// training may have happened without it: [Family.Beyond] compares with the change
// of those who had no training.
//
// # Assumptions
//
// Intervals and tests assume that the values of a metric are independent of each
// other. First responses to different customers nearly are. Several responses in
// one conversation, or all those during an outage, are not, and then the interval is
// too sure of itself. Figures are read as a sample of how the desk works. As a
// record of what happened, the values are exact.
package compare
