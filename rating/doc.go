// Package rating turns star ratings, and the scores that reviewers give, into what
// they say about the service.
//
// Customers give whole [Stars], 1 to 5. A [Distribution] counts them. It knows how
// many there were, merges with other distributions, and answers with exact values:
// the mean as a decimal, the nearest half star for display, the share of ratings
// from any number of stars up, and the [Tier].
//
//	var d rating.Distribution
//	for _, s := range []rating.Stars{5, 4, 4, 3} {
//		if err := d.Add(s); err != nil {
//			return err
//		}
//	}
//	tier, ok := d.Tier(1) // High, true: the mean is 4.00
//
// The mean is rounded once, for display. Tiers and half stars are decided on the
// exact mean, in integers.
//
// # Few ratings
//
// A mean of few ratings misleads. [Distribution.Tier] takes a minimum, and
// [Distribution.Interval] says how far off the mean may be. [Rank] puts items in
// order by what their ratings are worth: by a [BayesianAverage], whose prior is
// always stated, or a [DirichletBound]. What is shown and what is ranked by stay two
// numbers. Whether ratings have changed between two periods is a question for package
// compare.
//
// # Reviews
//
// A [Scorecard] scores a reviewed conversation from 0 to 100 by weighted criteria:
// [FiveElements], [FourCriteria], or your own. A [ReviewTally] adds scores up by
// agent or team, with an interval. [Scorecard.Calibrate] tells how far two reviewers
// agree, by [Kappa] and [ICC]: if reviewers do not agree, their scores measure the
// reviewer.
//
// # The desk as a whole
//
// A [Ladder] says which of five levels of service, from [Basic] to [Unbelievable], a
// desk holds by measured [Facts], and what is missing for the next.
//
// # Numbers and errors
//
// Counts, shares and scores are exact, and are compared before they are rounded.
// Intervals and coefficients of agreement are estimates, and float64. No NaN reaches
// a caller. Definitions are checked when they are made, by a New function or from
// JSON: errors wrap [ErrDefinition] and, in a [*PartError], say which part is wrong.
// What accumulates ([Distribution], [ReviewTally]) merges, and has a JSON and a binary
// form. The zero value of every type is usable.
package rating
