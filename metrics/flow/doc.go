// Package flow counts what came in, what went out, what is left, and who came back:
// arrivals, throughput and backlog of a helpdesk by period, by hour of the week, and at
// an instant, with the hand-offs on the way, first contact resolution, and what
// assistants resolve alone.
//
//	days := metrics.Periods{Unit: metrics.Day, Zone: berlin}
//	series := flow.NewSeries(metrics.Whole, days)
//	err := log.Read(metrics.Rules{}, asOf).Into(series)
//	...
//	for day := range series.Total(from, to) {
//		fmt.Println(day.Period, day.Opening, day.Arrivals, day.Resolutions, day.Closing())
//	}
//
// A [Series] has a [Row] for each period, a [Backlog] has what is open at an
// instant and its age, a [HeatMap] has the hours of the week, and [Returns] follow
// customers from one case to the next. All of them are
// sinks: a [metrics.Reading] feeds any of them in one pass, and they count by its
// rules, as of its instant. Each groups conversations by a key, such as
// [metrics.Facet.Channel], or a function that looks up the team of
// [metrics.Facet.Agent]. For response and resolution times, one-touch and reopened
// conversations, and ratings, see [metrics.Breakdown].
//
// # Stock and flow
//
// The backlog is the number of conversations that are open: in a [metrics.Cycle]
// that has not ended. A conversation on hold is part of it. It grows by arrivals
// (the first time that a conversation is open) and by reopenings, and shrinks by
// resolutions, by customers who give up, and by mergers into other conversations, so
// that for each period and each key
//
//	Closing = Opening + Arrivals + Reopenings − Resolutions − Abandoned − Moved
//
// What happened before the first period that is asked for is in its opening
// backlog. A conversation that is opened and resolved at one instant is an
// arrival and a resolution, and is in no backlog. A message or a Resolved that
// changes nothing, because the conversation is open or resolved already, is not
// counted as a flow. A wait that a merger brings is like a message: it may be the
// arrival or the reopening of the conversation in which it goes on. A merger without
// effect, such as one into a conversation that is not in the log, moves nothing.
//
// A conversation that is discarded was never there: it counts as discarded, at the
// instant since which it is, and in nothing else. If it was restored, it is a
// conversation like any other, and never was discarded. What was retracted never
// happened. What the rules leave out is not counted at all.
//
// Periods are half-open and follow each other without gap, in days of 23, 24 or
// 25 hours. What happened at the instant at which a period begins belongs to it,
// so its opening and the closing of the one before are the stock just before
// that instant. Periods in which nothing happened have rows of zeros. The period
// in which the instant of the reading lies ends there, with what happened at it.
//
// # Mean backlog
//
// [Row.MeanBacklog] weighs each number of open conversations by the time for
// which it lasted: ten conversations for six hours and none for eighteen are a
// mean of 2½. Little's law (J. D. C. Little 1961, A Proof for the Queuing
// Formula L = λW, Operations Research 9:383–387) says that over a stretch of time
// that begins and ends with an empty backlog
//
//	mean backlog = (arrivals + reopenings) per hour × mean hours in the backlog
//
// exactly, whatever the order of service (Little 2011, Little's Law as Viewed on
// Its 50th Anniversary, Operations Research 59:536–549). Time in the backlog
// includes pauses, which resolution times leave out. Over a stretch that begins
// or ends with open conversations it holds approximately, the better the longer
// the stretch: a mean backlog of 120 with 40 arrivals a day is a mean of some
// three days until a conversation is resolved.
//
// # Hand-offs
//
// A conversation is handed off from an assistant to a person when a person replies for
// the first time and an assistant's reply came before; the time from the assistant's
// first reply to that one is [Row.HandOffTime]. It is deflected when it is resolved
// after replies of an assistant and none of a person; if it is reopened later and then
// comes to a person, it is a hand-off too, each at its own instant. A reply at the very
// instant of a resolution is part of it. Who replied is what the event says, whatever
// [metrics.Rules] have the replies of assistants and automation do to waits.
//
// Automation (acknowledgements, campaigns, macros) has no part in this: a conversation
// that was acknowledged is not handed off, and one that was only acknowledged is not
// deflected. [Counts.AssistantShare] is of answers, [Counts.AutomatedShare] of all that
// was sent.
//
// A deflection is of a resolution, and does not ask whether the customer came back.
// [Contacts.Assistants] is of cases, and does.
//
// From agent to agent there are two kinds. An assignment puts a named agent in
// charge who is not; it is a reassignment if another agent had been in charge
// before, even if nobody was in between. A takeover is a person's reply by
// another agent than the named one who replied before. Each share is one of
// things that happened in the same time, so it is never greater than one.
//
// # Hours of the week
//
// A [HeatMap] divides what happened in an hour of the week by how often clocks
// showed that hour: between two instants some hours occur once more than others,
// and where clocks are changed an hour occurs twice or not at all. [WeekHours.Rate]
// of arrivals is what staffing starts from; [WeekHours.Busiest] ranks the hours.
//
// # First contact resolution
//
// Each [metrics.History] that counts is a case. [Contacts.FirstContact] takes those that
// were resolved, from the first time on, and tells after how many of them the customer did
// not come back within a window, seven days by default. The customer comes back
//
//   - in the case itself, when a message or Reopened opens it again by the rules;
//   - in another case, on any channel, in which the first message of the same customer is
//     later than the resolution. A case that began before, and goes on, is not a return.
//
// The window is time elapsed, and a return at its very end is within it. A case that was
// merged into another one was not resolved, but counts as a return at its own first
// message. A conversation that is discarded is neither a case nor a return.
//
// A case enters the share when the window after its resolution has passed, whatever
// happened. Until then it is pending. If it entered when the customer came back, the
// last days would have all their failures and none of their successes. A case in which
// no message names a customer is unknown, even if it was opened again. What is pending
// or unknown is counted beside the share.
//
// A return is a case too, and may be the one that settles the issue. So of two cases one
// may be resolved at first contact. [FirstContact.Issues] takes a chain of returns as one
// issue, which was not. The time to a return, for survival analysis, needs no window; see
// [Contacts.TimeToReturn].
//
// # What assistants resolve
//
// An assistant is involved in a case that was opened, and in which it replied. Each of
// these has one [AssistantOutcome]; the first that applies is
//
//   - with a person: after the assistant's first reply a person replied, worked on the
//     case, resolved it, or was assigned it. Any agent who did not reply as an assistant
//     there is a person, and so is a team. So is whoever replied before, if the assistant
//     only wrote when the case was closed, and it was not opened again;
//   - pending: after the assistant's first reply the case was resolved, for the first time
//     less than a window ago, 72 hours by default;
//   - unresolved: within that window the customer came back, as for first contact; or
//     automation resolved it while the customer waited for a reply;
//   - resolved alone: confirmed if the customer was who resolved it, otherwise assumed;
//   - open, if it is; otherwise unresolved, because the customer gave up.
//
// Replies of automation answer nothing. Where no message names a customer, only the case
// itself shows a return. What the replies of assistants and automation do to waits, by
// the rules, makes no difference.
//
// The shares of cases with a person, resolved alone and unresolved add up to one. What
// is open or pending is in none of them. Times of people and of assistants are in a
// [metrics.Breakdown] by the same key.
//
// # What can be added up, and kept
//
// Series, Backlog, HeatMap and Returns of two sets of conversations merge into those
// of both, in whatever order. What does not add up is an error: other rules, another
// instant, the same conversations again, other periods, spans or zones.
//
// They are not stored themselves, because their keys are functions, but their
// parts are. A [Row] has a JSON form, and a binary one that begins with its version.
// Rows of one period merge over shards and keys ([Row.Merge]), and those of one key
// add up over consecutive periods ([Sum]). [Counts] and [WeekHours] are plain structs
// with a JSON form; the ages of a [Stock] are a [metrics.Summary]. [FirstContact] and
// [Assistants] have a JSON form and a binary one. They merge over keys, but not over logs
// with a common customer, and not over time: a window may begin in one and end in another.
package flow
