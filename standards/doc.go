// Package standards judges a desk by service standards: measurable small
// promises such as "a first response within two minutes".
//
// A [Target] is a promise: a measure, a budget of time, the hours in which it runs
// down, and the share of cases in which the promise should be kept. A [Policy]
// chooses the target that applies, and [Scores] count what became of it:
//
//	scores := standards.NewScores(metrics.Facet.Channel, standards.ChannelSpeeds(), 10)
//	err := log.Read(metrics.Rules{}, asOf).Into(scores)
//	...
//	for _, a := range scores.Total() {
//		fmt.Println(a) // chat: 82 of 132 kept, 62.1 %
//	}
//
// A [Board] shows what is open now. Both are fed in the one pass of a reading, with
// all other sinks. [Policy.Findings] is for a loop of one's own.
//
// # Met, breached, pending, excluded
//
// Whatever a target measures is a wait that starts at some instant: for an answer,
// a resolution, an agent, an update. The deadline is the earliest instant at which
// the budget is used up: closing time rather than the next opening.
//
//   - What is fulfilled at or before the deadline is met.
//   - From the deadline on, what is not fulfilled is breached, at once and whether
//     or not it is fulfilled later: an overdue customer who is still waiting, or
//     whose conversation was closed without an answer, is in the denominator.
//   - Before the deadline it is pending.
//   - What was closed, given up by the customer, or merged away by then without an
//     answer was neither kept nor broken. It is excluded, and not in the denominator.
//     So is a wait for a person that an assistant answered in time, unless
//     [metrics.Rules.Assistant] counts assistants as persons; for a periodic update
//     the news of an assistant is enough.
//
// An answer outside the hours of service takes no more of the budget than one at
// closing time, but it is late if the budget was used up by then.
//
// Pauses stop resolutions, and other waits only by [metrics.Rules.PauseStopsWaits].
// A pause that starts before the deadline moves it by the hours of service on hold,
// and until it ends there is no deadline; one that starts at the deadline or later
// moves nothing.
//
// Where the clock of the first response starts at an assignment, by
// [metrics.FromAssigned], there is no deadline until an agent is in charge: the promise
// is pending, and what is answered before that is met.
//
// # As of an instant
//
// A history is judged as of the instant of its reading, by what was known then. A
// verdict is the one that somebody who looked every second would have come to: it
// follows from what happened, never from when anybody looked.
//
// What was breached stays breached, by the target and the deadline by which it was,
// and a step that came due stays due: no later assignment, edit or rule takes it
// back. Only these do:
//
//   - Discarded takes all findings of the conversation, until it is restored.
//   - Retracted, if it says that what began the wait never was.
//   - A merger that never was, or has no effect any more, takes the findings of the
//     waits that it had moved; these are judged where they are then.
//
// What was met may be found to be late: if the reply is retracted, or if its time is
// changed to a later one, the promise is breached from then on, not before; see
// [Finding.BreachedAt]. A full resolution is open again when the conversation is
// reopened.
//
// # Mergers
//
// The wait of a conversation that is merged into another one goes on there, and is
// judged there, by the target that applies there, from its own start, and breached not
// before the merger. In the conversation that it left it is excluded. But if the promise
// had been broken there by then, the breach stays there, and the wait is not judged
// again. A [Board] shows it nevertheless where the customer waits. If a customer was
// waiting in both conversations, the earlier start counts from the merger on; a promise
// that was broken here before is counted here.
//
// # Not measured
//
// A log without a single assignment says nothing of the time to assign, and so for
// replies and resolutions. Such promises are not measured, which is not the same
// as never kept; see [Attainment.Unmeasured].
//
// # Norms
//
// ISO 18295-1:2017 and the COPC CX Standard ask a desk to set figures of its own,
// and set none that holds everywhere. The presets of this package are customs with
// their sources. Nothing here says that a desk conforms to any norm.
package standards
