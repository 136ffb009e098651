// Package rating turns star ratings, and the scores of reviewers, into what they
// say of a service.
//
// Customers give whole [Stars], 1 to 5. A [Distribution] counts them; it never
// forgets how many there were, merges with other distributions, and answers
// with exact values: the mean as a decimal, the nearest half star for display,
// the share of any upper part, and the [Tier].
//
//	var d rating.Distribution
//	for _, s := range []rating.Stars{5, 4, 4, 3} {
//		if err := d.Add(s); err != nil {
//			return err
//		}
//	}
//	tier, ok := d.Tier(1) // High, true: the mean is 4.00
//
// The mean is rounded once, for display. Tiers and half stars are decided on
// the exact mean, in integers; [Tiers] do so with thresholds of your own, on any
// exact ratio.
//
// # Few ratings
//
// A mean of few ratings misleads. [Distribution.Tier] takes a minimum,
// [Distribution.Interval] says how far off the mean may be, and [TrendOf] tells
// a change from chance. [Rank] puts items in order by what their ratings are
// worth: by a [BayesianAverage], whose prior is always stated, a
// [DirichletBound], or, for votes up and down, a [WilsonBound]. What is shown
// and what is ranked by stay two numbers.
//
// # Reviews
//
// A [Scorecard] scores what a reviewer made of a conversation, from 0 to 100, by
// criteria with weights: [FiveElements], [FourCriteria], or your own. A
// [ReviewTally] adds scores up by agent or team, with an interval.
// [Scorecard.Calibrate] tells how far two reviewers agree, by [Kappa] and [ICC];
// scores of reviewers who do not agree measure the reviewer.
//
// # The desk as a whole
//
// A [Ladder] says which of five levels of service, from [Basic] to
// [Unbelievable], a desk holds by measured [Facts], and what is missing for the
// next. A [Composite] makes one index of several measures, and lists what each
// adds.
//
// # Numbers and errors
//
// Counts, shares, scores and indices are exact, and are compared before they are
// rounded. Intervals and coefficients of agreement are float64: estimates. No
// NaN reaches a caller. Definitions are checked when they are made, by a New
// function or from JSON: errors wrap [ErrDefinition] and, in a [*PartError], say
// which part is wrong. What accumulates ([Distribution], [ReviewTally]) merges,
// and has a JSON and a binary form.
package rating
