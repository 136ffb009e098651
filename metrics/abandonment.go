package metrics

import (
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Abandonment returns the share of the waits that the customer gave up: abandoned ÷
// (answered by a person + abandoned + closed unanswered). Open waits are in neither, nor
// are those that moved or that an assistant or automation answered. Its Whole is 0 if
// there is no such wait.
//
// A conversation counts as often as its customer waited, each time by how that ended. A
// caller who tries three times counts three times. A callback is one wait, from the call
// to the person's voice, if it is recorded as one conversation, or as two that are
// merged.
func (f *Figures) Abandonment() stat.Ratio {
	abandoned := f.Elapsed.Abandoned.Count()
	return stat.Ratio{Part: abandoned, Whole: f.Elapsed.Response.Count() + abandoned + f.ClosedUnanswered}
}

// AbandonmentWithoutShort returns Abandonment without the waits that count as short by
// [Rules.ShortAbandon], which are in neither number.
func (f *Figures) AbandonmentWithoutShort() stat.Ratio {
	share := f.Abandonment()
	share.Part -= f.ShortAbandoned
	share.Whole -= f.ShortAbandoned
	return share
}

// isShort reports whether a wait of that length, which the customer gave up, was short.
func (r *Rules) isShort(abandoned time.Duration) bool {
	return r.ShortAbandon > 0 && abandoned <= r.ShortAbandon
}
