// Package rating turns star ratings into what they say of a service.
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
// the exact mean, in integers.
package rating
