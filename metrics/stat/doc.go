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
// No NaN reaches a caller: where there is no data the second result is false,
// or the error is [ErrNoData]; bad input is an error that quotes it.
package stat
