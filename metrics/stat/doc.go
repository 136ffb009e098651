// Package stat holds the exact numbers and the estimates that service-quality
// metrics are printed with.
//
// Exact values stay exact until a person reads them. A [Ratio] is a share as
// two counts; it compares with another by 128-bit cross products, so that
// 99,999 of 125,000, which prints as 80.00 %, still misses a goal of 80 %. It
// becomes a decimal once, with the number of places and the [Rounding] given:
//
//	answered := stat.Ratio{Part: 99_999, Whole: 125_000}
//	goal := stat.Ratio{Part: 80, Whole: 100}
//	percent, _ := answered.Percent(2, stat.HalfAwayFromZero) // 80.00
//	met := answered.AtLeast(goal)                            // false
//
// Quantiles of a slice are exact order statistics, interpolated by one of the
// nine types of Hyndman and Fan (1996), which is always named ([QuantileType]).
//
// # Estimates
//
// What is estimated is float64, and comes with its uncertainty: an [Interval]
// has its ends, its confidence level and the [Method] that made it.
//
//	satisfied, err := stat.Proportion(42, 50, 0.95, stat.DefaultMethod) // Wilson
//	fmt.Println(satisfied.Estimate, satisfied.Low, satisfied.High)
//
// All take exact counts or slices, the larger questions first:
//
//   - one share, net share, mean, median or rate: [Proportion], [Net], [Mean],
//     [Moments] (mergeable), [MedianInterval], [PoissonRate], [DescribeWeighted]
//   - two of them: [ProportionDifference], [ProportionTest], [NetDifference],
//     [MeanDifference], [MedianDifference], [NewRanks], [RateRatio]; several tests
//     at once: [Holm], [BenjaminiHochberg]
//   - tables: [ChiSquare], [ProportionTrend]
//   - times of which some have not ended: [KaplanMeier], [CompareSurvival]; that
//     may end in several ways: [CumulativeIncidence]
//   - many of them, of which some are small: [ShrinkProportions], [ShrinkMeans]
//   - how many to ask: [RequiredSample], [MarginOfError], [RequiredPerGroup]
//   - over time: [MannKendallTrend], [TheilSen], and the charts [PChart],
//     [LaneyPChart], [XmR], [EWMA], [CUSUM]
//   - two measures of the same: [Pearson], [Spearman], [LeastSquares]
//
// The difference of two is always the first less the second.
//
// Distributions ([NewStudentT] and its like; the zero [Distribution] is the
// standard normal) are near double precision, also far out in the tails.
//
// No NaN reaches a caller: where there is no data the second result is false,
// or the error is [ErrNoData]; bad input is an error that quotes it.
package stat
