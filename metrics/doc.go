// Package metrics turns the events of a helpdesk into exact figures of its
// service: response and resolution times, backlog, replies, ratings.
//
// Put events into an [EventLog], in any order. Then read the log by [Rules], as of
// an instant, into whatever counts:
//
//	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
//	if err := log.Read(metrics.Rules{}, asOf).Into(byChannel); err != nil {
//		return err
//	}
//	median, ok := byChannel.Group(metrics.Email).Elapsed.FirstResponse.Median()
//
// [EventLog.Load] reads a file of events, JSON Lines or CSV, on several processors with
// [Pieces]; [DecodeJSONLines] and [DecodeCSV] yield its events one by one, and [DecodeRows]
// those of a database. [FromStatuses] makes events of a log of statuses, which is all that
// many ITSM exports have. [NewConversation] takes the events of a single conversation.
//
// # Readings and sinks
//
// Every figure depends on three things: the events, the rules, and the instant as
// of which the events are known. [EventLog.Read] fixes all three. The [Reading] that
// it returns gives a [History] of each conversation, and [Reading.Into] feeds these
// histories to any number of sinks in one pass:
//
//   - A [Breakdown] has the [Figures] of each group, and of all of them. Its key is
//     a function of a [Facet], such as Facet.Channel, Facet.Agent, or one that
//     combines a channel with a [Period]. [Whole] is the key of one group for
//     everything.
//   - [Evidence] names the conversations behind the figures, by the same keys.
//   - The packages flow, standards and compare have further sinks, by the same keys.
//
// [Reading.Figures] is the short call for totals, [Reading.Histories] is for a loop
// of your own, and [Reading.Parts] splits the work among goroutines: each feeds its
// own sinks, which then merge.
//
// For a [Sink] of your own, write a method Add, and embed a [Binding]. It refuses
// histories of other [Terms] and conversations that were counted before.
//
// # What is measured
//
// A [Wait] is a time during which the customer waited: from the first message
// while no wait is running to the first reply of a person, or of an assistant, whose
// answers have times of their own. Further messages do not move its start.
// Acknowledgements and other replies of automation do not end it. A reply that nobody
// waits for is counted as volume, not as a response. When an assistant that answered
// hands the conversation to a person, the customer waits again. A wait also ends,
// unanswered, when the conversation is resolved or the customer gives up; otherwise it
// is open.
//
// When the conversation is merged into another one, the wait goes on there, from its own
// start. If the customer waits there too, the earlier start counts. Where pauses stop
// waits, those of the one conversation count up to the merger, and those of the other one
// from then on. By [FromAssigned], a clock that runs counts before one that does not, and
// one that does not starts at the merger if an agent is in charge there. So conversations that are merged must be in one log. Where the other one is
// missing or discarded, or mergers lead round in a circle, the merger has no effect.
//
// The first response time is that of the first wait that a person answered. The response time
// is that of every answered wait, including the first: replies after 20, 3 and 10
// minutes are a response time of 11 minutes. Waits that are still open, or were
// closed unanswered, are counted beside them, because a mean of the answered waits
// alone flatters a desk that does not answer. [History.AwaitedResponse] and
// [Wait.Observation] take them into account by survival analysis, and a target of
// package standards counts them in a service level.
//
// A [Cycle] is a time during which a conversation was open. The first resolution
// time is that of the first cycle, the full resolution time runs from the start to
// the last Resolved, and the active time is the sum of the cycles. Pauses are
// subtracted from all three.
//
// In a thread that goes on for years, as in a messenger, [Rules.NewCaseAfter] makes a new
// case of what comes long after the conversation was resolved. Each case is a [History]
// of its own, and everything counts cases as it counts conversations.
//
// A [Station] is a time during which a team or an agent is in charge. Waits, cycles and
// replies belong to the team that had the conversation then, whoever has it today:
// [Facet.Team] groups by it.
//
// Each duration is measured around the clock and, with [Rules.Calendar], in hours
// of service, which teams and channels may have of their own. Other fields of [Rules] change what counts, for all figures at once.
//
// On the phone, picking up is a reply, so the first response is the speed of answer.
// [Figures.Abandonment] is the share of the waits that customers gave up. The wait of a
// caller begins at the queue: leave out the time in a menu that comes before it. The
// handle time of a conversation is the sum of its [Handled], by all agents.
//
// # Ratings
//
// Ratings answer requests. The last rating between a request and the next one counts, and
// so does the last one that nobody asked for, before the first request or where there is
// none. The response rate is that of the requests, not of the ratings; see [Requests]. A
// rating is credited to the agent whom it names, else to the one about whom it was asked,
// never to who took over afterwards; see [Facet.Agent].
//
// # What may be added up
//
// [Figures] are right for the instant of their reading: tomorrow, some customers who
// wait today have their answer, and some conversations that are resolved today are
// open again. So figures, breakdowns and other sinks merge only if they were read by
// the same rules as of the same instant, and have no conversation in common. Anything
// else is an error ([ErrOtherTerms], [ErrTwice]), and then nothing is added.
//
// Figures of [Reading.Settled] are the exception. They leave out whatever is still
// open or pending, so they are right for every later instant too, as long as no event comes
// for these conversations. They may be stored, and added to those of a later
// reading that has other conversations.
//
// # Live figures
//
// A [Tracker] feeds a sink while events come in. It needs memory for live
// conversations only, and a [TrackerState] lets it go on after a restart.
//
// # Instants
//
// No function reads a clock, and events after the instant of a reading are ignored,
// so yesterday's report can be made again tomorrow. Events of one instant count in
// the order of Seq, and then as [Kind] says: the same events give the same figures, in
// whatever order they came. An event that is delivered again counts once, and one that
// was edited or retracted counts as it was at the instant of the reading.
//
// # Numbers
//
// Instants and durations are whole nanoseconds, from 1970 to 2261. Sums have 128
// bits. Nothing is rounded before it is counted. A [Summary] has the exact count,
// sum, mean, least and greatest duration; its quantiles are exact up to 1,024
// durations, and beyond that within 1/128. Figures hold counts and summaries, never
// means or shares, so that those of two sets of conversations merge into those of
// both. They have a JSON form and a binary one.
package metrics
