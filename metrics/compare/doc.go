// Package compare says what changed between the figures of a helpdesk, and
// whether the change is more than chance.
//
// An [Index] is what a desk watches: its median first response, its CSAT. Of
// figures it gives a [Value] with the interval within which chance leaves it:
//
//	v, ok := compare.FirstResponse.Of(figures, 0.95)
//	fmt.Println(v.Index, v, v.N) // median first response 42m 1204
//
// An index knows which way is better, what kind of number it is, and the counts,
// sample or durations behind it, which merge where values do not.
package compare
