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
// Every arrow is a pure function on values: the library does no I/O of its
// own, starts no goroutine, reads no clock, and keeps no state in package
// variables.
package servicequality
