// Package standards judges a desk by service standards: measurable small
// promises such as "a first response within two minutes".
//
// A [Target] is a promise: a measure, a budget of time, the hours in which it runs
// down, and the share of cases in which the promise should be kept. A [Policy]
// chooses the target that holds, and a [Score] counts what became of it:
//
//	policy := standards.ChannelSpeeds()
//	var score standards.Score
//	for c := range log.Conversations() {
//		if f, ok := policy.FirstResponse(metrics.HistoryOf(c.AsOf(asOf)), asOf); ok {
//			score.Add(f)
//		}
//	}
//	percent, ok := score.Tally.Compliance().Percent(1, stat.HalfAwayFromZero)
//
// [Policy.Scores] does so for all targets, and a [Board] shows what is open now.
//
// # Met, breached, pending, excluded
//
// Whatever a target measures is a wait that starts at some instant: for an answer,
// a resolution, an agent, an update. The deadline is the earliest instant at which
// the budget is used up: closing time rather than the next opening.
//
//   - What is fulfilled at or before the deadline is met; at the deadline itself
//     too.
//   - From the deadline on, what is not fulfilled is breached, at once and whether
//     or not it is fulfilled later: an overdue customer who is still waiting, or
//     whose conversation was closed without an answer, is in the denominator.
//   - Before the deadline it is pending.
//   - What was closed, or merged away, by then without an answer was neither kept
//     nor broken. It is excluded, and not in the denominator.
//
// An answer outside the hours of service takes no more of the budget than one at
// closing time, but if the budget was used up by then, it is late.
//
// Pauses stop resolutions, and everything else only by
// [metrics.Rules.PauseStopsWaits]. A pause that starts before the deadline moves
// it by the hours of service on hold, and until it ends there is no deadline; one
// that starts at the deadline or later moves nothing.
//
// # As of an instant
//
// A verdict as of any instant is the one that somebody who looked every second
// would have come to: it follows from what happened until then, never from when
// anybody looked. What was breached stays breached. What was met stays met, but
// for a full resolution, which is open again when the conversation is reopened.
//
// # Norms
//
// ISO 18295-1:2017 and the COPC CX Standard ask a desk to set figures of its own,
// and set none that holds everywhere. The presets of this package are customs with
// their sources. Nothing here says that a desk conforms to any norm.
package standards
