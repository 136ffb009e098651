// Package metrics turns the events of a helpdesk into response times, and other
// figures of its service, that are exact.
//
// Put events into an [EventLog] in any order, and add its conversations to a
// [Breakdown]:
//
//	var log metrics.EventLog
//	for e, err := range metrics.DecodeJSONLines(file) {
//		...
//		err = log.Append(e)
//	}
//	total := metrics.NewBreakdown[string](metrics.Rules{}, asOf, nil)
//	for c := range log.Conversations() {
//		total.Add(c)
//	}
//	f := total.Total()
//	f.Elapsed.FirstResponse // a Summary: count, mean, quantiles
//
// For a single conversation, [NewConversation] takes its events, and a [History]
// has its waits, cycles and figures.
//
// # What is measured
//
// A [Wait] is a time during which the customer waited: from the first message
// while no wait is running, to the first reply that a person sent. Further
// messages do not move its start; automated replies do not end it; a reply that
// nobody waits for is volume, no response. A wait also ends, unanswered, when
// the conversation is resolved or merged into another one; otherwise it is open.
//
// The first response time is the first answered wait. The response time is every
// answered wait, the first among them: replies after 20, 3 and 10 minutes are a
// response time of 11 minutes. What is still waiting, or was closed unanswered,
// is counted beside them, because a mean over the answered alone makes a desk
// that does not answer look good.
//
// A [Cycle] is a time during which a conversation was open. The first resolution
// time is the first cycle; the full resolution time goes to the last Resolved;
// the active time is the sum of the cycles. Pauses are subtracted from all three.
//
// [Rules] choose another reading of each of these, for all figures at once.
//
// # Groups, periods, evidence
//
// A [Breakdown] groups by any key that a function makes of a [Facet]: channel,
// agent, a team that the caller looks up, the hour of the week, the day, week,
// month or quarter of a zone, or several of them. Its groups merge into the
// total. [Evidence] names the conversations behind the figures, by the same keys.
// [History.AwaitedResponse] and [Wait.Observation] give survival analysis what is
// still waiting.
//
// # Much, and live
//
// [EventLog.Partitions] lets several goroutines read one log. A [Tracker] has the
// figures of all events so far while they come in, in memory bounded by the
// conversations that are live. [Figures] have a binary form, so those of days and
// shards are kept and merged.
//
// # As of an instant
//
// No function reads a clock. Figures are those known as of an instant that is
// given, and events after it are ignored, so that yesterday's report can be made
// again tomorrow. Events of one instant count in the order of their [Kind], so
// that the same events give the same figures in whatever order they came.
//
// # Numbers
//
// Instants and durations are whole nanoseconds, from 1970 to 2261. Sums have 128
// bits. Nothing is rounded before it is counted. A [Summary] gives exact counts,
// sums, means and extremes, and quantiles that are exact up to 1,024 values and
// within 1/128 of more; [Figures] hold counts
// and summaries only, so that figures of two sets of conversations merge into
// those of both.
package metrics
