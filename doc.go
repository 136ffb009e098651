// Package servicequality is the root of a library of service-quality metrics
// for helpdesks: response times in hours of service, service standards and
// their compliance, satisfaction indices, and star rating tiers. It exports
// nothing itself; import the packages that answer your question.
//
//	events ──▶ Reading ──▶ History ──▶ Wait / Cycle ──▶ time.Duration ──▶ Summary, Tally ──▶ Ratio ──▶ decimal
//	(typed)    (a log, by   (one case,  (which span)    (Calendar:        (mergeable,        (exact)   (rounded once,
//	           Rules, as    as of then)                  how long)         exact)                       for people)
//	           of an instant)
//
// Put typed events into a log, and read it once by rules, as of an instant. The
// reading feeds whatever counts, in one pass:
//
//	reading := log.Read(metrics.Rules{}, asOf)
//	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
//	scores := standards.NewScores(metrics.Facet.Channel, policy, 10)
//	err := reading.Into(byChannel, scores)
//
// # From a question to a call
//
// Each of these has an example below, most of them on the same made-up desk.
//
//	question                                      call                                               example
//	How fast do we answer, by channel?            metrics.NewBreakdown(metrics.Facet.Channel)        speed
//	Who is waiting now, and since when?           History.StillWaiting                               waiting
//	How long is that in hours of service?         metrics.Rules{Calendar: office}                    hoursOfService
//	What share was answered within an hour?       standards.NewScores with a target of an hour       withinAnHour
//	Did we keep our promises? What proves it?     standards.NewScores, Attainment.Breaches           promises
//	What is due next?                             standards.NewBoard                                 dueSoon
//	Is satisfaction better than last month?       compare.NewSides, compare.Figures                  satisfaction
//	Would customers recommend us?                 survey.NPS                                         recommendation
//	Do we reach our goal, or a benchmark?         survey.CompareGoal                                 goal
//	Did the same people change their minds?       survey.ComparePairs                                samePeople
//	Does NPS rise from month to month?            compare.Asked, compare.NewTimeline                 npsOverTime
//	Whom do we call back?                         Responses.CallBacks                                callBacks
//	How many answer our survey?                   Figures.Requests                                   surveys
//	What do we show on the page of reviews?       Figures.Ratings: Mean, Half, Tier                  reviews
//	Is 4.6 of 12 better than 4.4 of 900?          rating.Rank                                        ranking
//	Is an agent slower than the others?           compare.NewCredit, at the same mix of channels     agents
//	Are promises kept better than before?         compare.Promise, Metric.Within, NewTimelines       compliance
//	Did the training help?                        compare.Family.Beyond                              training
//	How often do we solve it at once, or not?     Figures.OneTouch, Figures.Reopened                 resolution
//	How did the backlog and its age change?       flow.NewSeries, flow.NewBacklog                    backlog
//	When do customers write?                      flow.NewHeatMap                                    hoursOfTheWeek
//	How much does the bot do alone?               flow.Sum of a series: HandOffs, Deflections        bot
//	How often do customers come back?             flow.NewReturns, Contacts.FirstContact             firstContact
//	What does the AI agent resolve alone?         flow.NewReturns, Contacts.Assistants               resolvedAlone
//	How fast are people, and the AI agent?        Rules.Assistant, Times.ByAssistant                 assistant
//	How many callers hang up, and when?           Figures.Abandonment, Times.Abandoned               calls
//	How long does a call take us, all in all?     Figures.HandleTime, Figures.Handling               calls
//	When is an old thread a new request?          Rules.NewCaseAfter, Figures.Cases                  newCase
//	How long does each team have it?              flow.NewWorkload(metrics.Facet.Team)               teams
//	Our events are in a database: what now?       metrics.DecodeRows                                 database
//	Our export has only statuses: what now?       metrics.FromStatuses                               statuses
//	What do customers expect, and get?            servqual.Study.Measure                             servqual
//	How good was a conversation?                  rating.NewScorecard                                scorecard
//	May stored figures be added up?               Reading.Settled, Figures.Merge                     stored
//	What are the figures now?                     metrics.NewTracker                                 live
//
// # Packages
//
//   - [github.com/servicequality/servicequality/metrics]: events, the log, its
//     readings by rules, waits and cycles, summaries, breakdowns. Start here.
//   - [github.com/servicequality/servicequality/metrics/compare]: what changed,
//     and whether it is more than chance.
//   - [github.com/servicequality/servicequality/metrics/flow]: arrivals,
//     throughput, backlog, hand-offs, hours of the week, returns of customers.
//   - [github.com/servicequality/servicequality/metrics/calendar]: hours of
//     service, with holidays, zones and clock changes.
//   - [github.com/servicequality/servicequality/metrics/stat]: exact ratios and
//     quantiles; intervals, comparisons, survival, control charts.
//   - [github.com/servicequality/servicequality/metrics/text]: how durations,
//     shares and counts are written for people.
//   - [github.com/servicequality/servicequality/standards]: targets, policies,
//     and whether a promise was met, breached, or is pending.
//   - [github.com/servicequality/servicequality/rating]: stars, their
//     distribution and their tiers, scorecards.
//   - [github.com/servicequality/servicequality/survey]: CSAT, NPS, CES and other
//     indices, each with n, definition and interval.
//
// metrics/docs has a glossary in five languages, why numbers differ from those of
// other products, and pitfalls, each with the test that shows it.
//
// Every arrow is a pure function on values: the library does no I/O of its
// own, starts no goroutine, reads no clock, and keeps no state in package
// variables.
//
// # Stability
//
// From version 1 on the API, stored forms, texts of enums and the meaning of each number
// stay. A number that has to change is announced with an input, the old figure and the
// new one; see metrics/docs/compatibility.md.
package servicequality
