// Package servicequality is the root of a library of service-quality metrics
// for helpdesks: response times in hours of service, service standards and
// their compliance, satisfaction indices, and star rating tiers. It exports
// nothing itself; import the packages that answer your question.
//
//	events ──▶ Conversation ──▶ Wait / Cycle ──▶ time.Duration ──▶ Summary, Tally ──▶ Ratio ──▶ decimal
//	(typed)    (time-ordered)   (Rules: which   (Calendar: how    (mergeable, exact)  (exact)   (rounded once,
//	                             spans count)    long, in hours                                  for people)
//	                                             of service)
//
// Where to go:
//
//   - [github.com/servicequality/servicequality/metrics]: events, the log, waits
//     and cycles by rules, summaries, breakdowns. Start here.
//   - [github.com/servicequality/servicequality/metrics/compare]: what changed,
//     and whether it is more than chance.
//   - [github.com/servicequality/servicequality/metrics/flow]: arrivals,
//     throughput, backlog, hand-offs, hours of the week.
//   - [github.com/servicequality/servicequality/metrics/calendar]: hours of
//     service, with holidays, zones and clock changes.
//   - [github.com/servicequality/servicequality/metrics/stat]: exact ratios and
//     quantiles; intervals, comparisons, survival, control charts.
//   - [github.com/servicequality/servicequality/metrics/text]: how durations,
//     shares and counts are written for people.
//   - [github.com/servicequality/servicequality/standards]: targets, policies,
//     and whether a promise was met, breached, or is pending.
//   - [github.com/servicequality/servicequality/rating]: stars, their
//     distribution and their tiers.
//   - [github.com/servicequality/servicequality/survey]: CSAT, NPS, CES and other
//     indices, each with n, definition and interval.
//
// Every arrow is a pure function on values: the library does no I/O of its
// own, starts no goroutine, reads no clock, and keeps no state in package
// variables.
package servicequality
