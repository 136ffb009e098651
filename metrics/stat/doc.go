// Package stat holds the exact numbers and the estimates that service-quality
// metrics are printed with.
//
// Exact values stay exact until a person reads them. A [Ratio] is a share as
// two counts. It compares with another by 128-bit cross products, so that
// 99,999 of 125,000, which prints as 80.00 %, still misses a goal of 80 %. It
// becomes a decimal once, with the number of places and the [Rounding] given:
//
//	answered := stat.Ratio{Part: 99_999, Whole: 125_000}
//	goal := stat.Ratio{Part: 80, Whole: 100}
//	percent, _ := answered.Percent(2, stat.HalfAwayFromZero) // 80.00
//	met := answered.AtLeast(goal)                            // false
//
// Quantiles of ordered values are interpolated by one of the nine types of Hyndman
// and Fan (1996), which is always named ([HyndmanFan]).
//
// # Estimates
//
// An estimate is a float64 and comes with its uncertainty: an [Interval] has its
// ends, its confidence level and the [Method] that made it.
//
//		satisfied, err := stat.Proportion(42, 50, 0.95, stat.Wilson)
//		fmt.Println(satisfied.Estimate, satisfied.Low, satisfied.High)
//
//	  - a share, net share, mean or rate: [Proportion], [Net], [Sample] (from
//	    [Describe] or [DescribeCounts]), [Weighted], [WeightedNet], [PoissonRate]; a
//	    quantile of ordered values: [QuantileRanks]
//	  - times of which some have not ended: [KaplanMeier]; that may end in several
//	    ways: [CumulativeIncidence]
//	  - many groups, of which some are small: [ShrinkProportions], [ShrinkMeans],
//	    [ShrinkEstimates]
//	  - how many to ask: [RequiredSample], [MarginOfError]; how much a sample tells of
//	    few people: [EffectiveSample]
//	  - two measures of the same people: [Pearson]
//
// # Differences
//
// A [Contrast] holds a difference, the test that there is none and the interval at
// any level, so that the three never contradict each other. The difference is
// always the first less the second. [Decide] draws the conclusions from one
// contrast, or from many that are asked about together:
//
//		change, err := stat.CompareShares(after, before)
//		decisions, err := stat.Decide(0.95, change)
//		fmt.Println(decisions[0].Conclusion(stat.HigherIsBetter)) // better
//
//	  - shares, net shares, means, medians and rates: [CompareShares],
//	    [CompareNets], [CompareMeans], [CompareMedians], [CompareRates]
//	  - a share, net share or mean against a goal: [Ratio.Against], [Net.Against],
//	    [Sample.Against]
//	  - the same people twice: [ComparePairs] for shares, [Sample.Against] for the mean of
//	    their changes, [SignedRanks] for their order
//	  - sums of several, such as a difference in differences: [LinearShares], [Linear]
//	  - answers in order, without taking them for numbers: [MannWhitney]
//	  - times of which some have not ended: [CompareSurvival]
//
// # Over time
//
// [MannKendall] says whether values rise or fall and by how much. A [Chart] shows
// what chance rarely does: [XmR] for values and [LaneyP] for shares, [EWMA] and
// [CUSUM] for small changes that last.
//
// # Errors
//
// No NaN reaches a caller, and every interval contains its estimate. A P that is smaller
// than any float64 is 0. If there are no data the second result is false, or the
// error is [ErrNoData]; bad input is an error that quotes it. The zero value of
// every type is empty and usable.
package stat
