// Package standards judges waits by service standards: measurable small
// promises such as "a first response within two minutes".
//
// A [Target] is a promise, a [Policy] picks the one that holds for a channel,
// and a [Tally] counts how often it was kept:
//
//	policy := standards.ChannelSpeeds()
//	var tally standards.Tally
//	for c := range log.Conversations() {
//		if j, ok := policy.FirstResponse(metrics.HistoryOf(c.AsOf(asOf)), asOf); ok {
//			tally.Add(j.Verdict)
//		}
//	}
//	percent, ok := tally.Compliance().Percent(1, stat.HalfAwayFromZero)
//
// # Met, breached, pending
//
// A promise is met if the answer came at or before its deadline, and breached
// from the deadline on, answered or not: an overdue customer who is still
// waiting, or whose conversation was closed without an answer, is in the
// denominator. Before the deadline it is pending. A wait that was closed or
// merged away in time was neither answered nor overdue, and is not judged.
package standards
