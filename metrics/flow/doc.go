// Package flow counts what came in, what went out, and what is left: arrivals,
// throughput and backlog of a helpdesk by period, by hour of the week, and at an
// instant, with the hand-offs on the way.
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
// instant and its age, and a [HeatMap] has the hours of the week. All of them are
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
// # What can be added up, and kept
//
// Series, Backlog and HeatMap of two sets of conversations merge into those of
// both, in whatever order. What does not add up is an error: other rules, another
// instant, the same conversations again, other periods, spans or zones.
//
// They are not stored themselves, because their keys are functions, but their
// parts are. A [Row] has a JSON form, and a binary one that begins with its version.
// Rows of one period merge over shards and keys ([Row.Merge]), and those of one key
// add up over consecutive periods ([Sum]). [Counts] and [WeekHours] are plain structs
// with a JSON form; the ages of a [Stock] are a [metrics.Summary].
package flow
