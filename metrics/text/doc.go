// Package text says how figures and enumerations are written: durations, shares
// and counts for people, and the names of enums in JSON, CSV and SQL.
//
//	text.Duration(5640 * time.Second)  // "1 h 34 min"
//	text.Change(-43 * time.Second)     // "−43 s"
//	text.Share(374, 597, 1)            // "62.6 %"
//	text.Shares(1, 374, 223)           // "62.6 %" and "37.4 %": 100 % in all
//	text.ShareAgainst(796, 1000, 4, 5) // "79.6 %", as 80 % would be the goal
//	text.Signed(text.Points(0.163, 0)) // "+16 points"
//	text.Count(1234567)                // "1,234,567"
//
// Every figure is rounded once, from its exact value; only of [Shares], one may be a unit
// of its last place off, so that they add up, and [Remaining] is cut. A negative figure has
// the sign "−" (U+2212), which is as wide as a digit, and never stands before a zero; a
// positive one has a sign if it is [Signed]. Between a number and its unit is a common
// space. What has no data is [NoData].
//
// [Enum] holds the names of an enum, of which the text and SQL methods of the enum
// are one line each, and [DecodeJSON] reads JSON strictly for methods that unmarshal. The
// package imports nothing of this module.
package text
