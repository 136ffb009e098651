// Package text says how figures and enumerations are written: durations, shares
// and counts for people, and the names of enums in JSON, CSV and SQL.
//
//	text.Duration(5640 * time.Second) // "1h 34m"
//	text.Share(374, 597, 1)           // "62.6 %"
//	text.Shares(1, 374, 223)          // "62.6 %" and "37.4 %": 100 % in all
//	text.Count(1234567)               // "1,234,567"
//
// Every figure is rounded once, from its exact value; only of [Shares], one may be a unit
// of its last place off, so that they add up. A negative one has the sign
// "−" (U+2212), which is as wide as a digit, and never stands before a zero. What
// has no data is [NoData].
//
// [Enum] holds the names of an enum, of which the text and SQL methods of the enum
// are one line each. The package imports nothing of this module.
package text
