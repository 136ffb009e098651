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
//     How a customer who gave up counts may be set for each target; see below.
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
// moves nothing. For an active resolution the time that the conversation lay closed is
// a pause too.
//
// # Business days
//
// A [Budget] is a length of time, or business days:
//
//	within                     asked on Monday at 10:00, from 9:00 to 17:00 on weekdays
//	"16h"                      Wednesday at 10:00
//	"2 business days"          Wednesday at 10:00, or when the desk closes before that
//	"end of 2 business days"   Wednesday at 17:00
//	"end of 0 business days"   Monday at 17:00
//
// Days are counted by the calendar of the target, by its methods DeadlineDays and
// DeadlineEndOfDay; those of package calendar say exactly what a business day is. A
// policy is refused where the calendar has no such methods, as around the clock.
//
// The budget of a wait is the open time from its start to that deadline. The rest follows
// as from a length of time: a hold moves the deadline on by the open time that it takes
// before the deadline that it moves, what is used and left is open time, and so is the
// budget of which a warning is a share. A warning and an escalation may be in business
// days too: that of one day before the end of two days is at the end of one day, moved
// on by the same holds.
//
// Where the clock of the first response starts at an assignment, by
// [metrics.FromAssigned], there is no deadline until an agent is in charge: the promise
// is pending, and what is answered before that is met.
//
// # Calls that are given up
//
// The field has six formulas of the service level, which differ in the calls that are
// given up; see [Formula]. A target names one, and its limit of short abandons; both are
// in the JSON of the results, and scores of unlike ones do not merge. By the usual one, a
// customer who gives up within the limit is excluded, and one who does later is a breach
// at that instant, even before the deadline. Unless a limit is set, it is the promise.
//
// Calls are promised by [EveryResponse]: each try is a wait, whether it is a conversation
// of its own or one of several. By [FirstResponse] one wait decides for the conversation.
// The wait begins where the source says that the customer wrote: at the queue, and not at
// the menu before it.
//
// # Priorities and teams
//
// A target may be for priorities, teams or customers. It is chosen anew whenever one of
// these changes while somebody waits; the clock goes on. A priority that is raised so
// late that the new deadline has passed breaks the promise when it is raised; one that
// is eased in time gives the longer deadline; and what was broken stays broken, under the
// target by which it was. What changes after the end changes nothing. A [Finding] names
// the team and the agent who were in charge when the promise was broken, whoever has the
// conversation now, and [Scores] count it for them.
//
// [TimeWith] is a promise of a team rather than of the desk: how long it may have a
// conversation, all its stays in a cycle together. What other teams take does not count,
// and a team that hands the conversation over with nothing left has kept within its time.
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
//     waits that it had moved; these are judged where they are then. So does Discarded in
//     the conversation in which they began.
//
// Nor is the clock of what was breached turned back. Time that ran while the conversation
// was known to be open and not on hold counts towards the steps after the deadline, even if
// it becomes known later that the conversation was closed then, or on hold.
//
// What was met may be found to be late: if the reply is retracted, or if its time is
// changed to a later one, the promise is breached from then on, not before; see
// [Finding.BreachedAt]. A full resolution is open again when the conversation is
// reopened, and so is an active one.
//
// # Mergers
//
// The wait of a conversation that is merged into another one goes on there, and is
// judged there, by the target that applies there, from its own start, and breached not
// before the merger. In the conversation that it left it is excluded. But if the promise
// had been broken there by then, the breach stays there, and the wait is not judged
// again. A [Board] shows it nevertheless where the customer waits. If a customer was
// waiting in both conversations, the earlier start counts from the merger on; a promise
// that was broken here before is counted here, by its own clock.
//
// If the merger is found to be of another time, or the other conversation is discarded
// and restored, one wait may have been broken in both, each at a time at which it was
// there. Both breaches stay.
//
// Pauses that stop waits are those of the conversation in which the wait was at the time.
//
// # Not measured
//
// A log without a single assignment says nothing of the time to assign, one without a
// team nothing of the time with it, and so for replies and resolutions. Such promises are
// not measured, which is not the same as never kept; see [Attainment.Unmeasured].
//
// # Norms
//
// ISO 18295-1:2017 and the COPC CX Standard ask a desk to set figures of its own,
// and set none that holds everywhere. The presets of this package are customs with
// their sources. Nothing here says that a desk conforms to any norm.
package standards
