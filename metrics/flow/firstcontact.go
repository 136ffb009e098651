package flow

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// FirstContactWindow is the window of first contact resolution that is used most: seven
// days. Desks also use 1, 3, 14 and 30.
const FirstContactWindow = 7 * 24 * time.Hour

// FirstContact counts after how many cases that were resolved the customer did not come
// back within a window. The zero value is empty.
type FirstContact struct {
	AsOf   time.Time     `json:"as_of,omitzero"` // the instant of the reading
	Within time.Duration `json:"within_ns"`

	Resolved        int64 `json:"resolved"`         // cases after which the customer did not come back
	Returned        int64 `json:"returned"`         // cases after which the customer did
	Pending         int64 `json:"pending"`          // cases that were resolved less than the window ago, whatever happened since
	PendingReturned int64 `json:"pending_returned"` // those of them after which the customer has come back already
	Unknown         int64 `json:"unknown"`          // resolved cases of which no message names a customer

	// Issues is the share of issues that took one case. A return within the window,
	// and a return after that one, are part of the same issue, so that the first case
	// decides.
	Issues stat.Ratio `json:"issues"`
}

func (f *FirstContact) add(v FirstContactVerdict) {
	switch v {
	case ContactResolved:
		f.Resolved++
	case ContactReturned:
		f.Returned++
	case ContactPending:
		f.Pending++
	case ContactPendingReturned:
		f.Pending++
		f.PendingReturned++
	case ContactUnknown:
		f.Unknown++
	}
}

// Share returns the first contact resolution: the share of the cases whose window has
// passed after which the customer did not come back. What is pending or unknown is not
// part of it.
func (f FirstContact) Share() stat.Ratio {
	return stat.Ratio{Part: f.Resolved, Whole: f.Resolved + f.Returned}
}

// Interval returns the Wilson interval of the share at a confidence level such as 0.95,
// as an estimate of how often a desk like this resolves at first contact. It returns
// false if the window of no case has passed, or the level is not above 0 and below 1.
func (f FirstContact) Interval(level float64) (stat.Interval, bool) {
	iv, err := stat.Proportion(f.Resolved, f.Resolved+f.Returned, level, stat.Wilson)
	return iv, err == nil
}

// Merge adds the counts of other cases, by the same window as of the same instant. The
// zero FirstContact becomes a copy of other, and one that is added changes nothing. If
// the windows or instants differ, the error wraps [ErrUnlike]; if there are more than 2⁶³−1
// cases together, [stat.ErrCount]; and f is as it was.
//
// Counts of groups add up. Those of logs do only if they have no customer in common;
// otherwise merge their [Returns].
func (f *FirstContact) Merge(other *FirstContact) error {
	if other.Within == 0 {
		return nil
	}
	if f.Within == 0 {
		*f = *other
		return nil
	}
	if f.Within != other.Within || !f.AsOf.Equal(other.AsOf) {
		return fmt.Errorf("%w: first contact within %v as of %v, and within %v as of %v", ErrUnlike, f.Within, f.AsOf, other.Within, other.AsOf)
	}
	sum := *f
	if !addAll(sum.counts(), other.counts()) || !fit(sum.Resolved, sum.Returned, sum.Pending, sum.Unknown) {
		return fmt.Errorf("flow: first contact: %w: more than 2⁶³−1 cases", stat.ErrCount)
	}
	*f = sum
	return nil
}

// counts returns all the counts of f.
func (f *FirstContact) counts() []*int64 {
	return []*int64{&f.Resolved, &f.Returned, &f.Pending, &f.PendingReturned, &f.Unknown, &f.Issues.Part, &f.Issues.Whole}
}

// valid reports whether f can have been counted.
func (f *FirstContact) valid() bool {
	return sane(f.AsOf, f.Within, f.counts()) && fit(f.Resolved, f.Returned, f.Pending, f.Unknown) &&
		f.PendingReturned <= f.Pending && f.Issues.Part <= f.Resolved && f.Issues.Whole-f.Issues.Part <= f.Returned && f.Issues.Part <= f.Issues.Whole
}

// String returns the share, and what is not in it, such as
// "82 of 132 at first contact, 62.1 %, 3 pending, 1 unknown" or "none decided, 2 pending".
func (f FirstContact) String() string {
	return shown(f.Share(), "at first contact", counted{f.Pending, "pending"}, counted{f.Unknown, "unknown"})
}

// FirstContactVerdict says what a case counts as in a [FirstContact]. The zero value is
// ContactNone.
type FirstContactVerdict uint8

const (
	ContactNone            FirstContactVerdict = iota // nothing: it was not resolved
	ContactResolved                                   // the customer did not come back within the window
	ContactReturned                                   // the customer did
	ContactPending                                    // the window has not passed, and the customer has not come back so far
	ContactPendingReturned                            // the window has not passed, and the customer has come back
	ContactUnknown                                    // who the customer was is not known
)

var firstContactNames = text.NewEnum[FirstContactVerdict](errors.New("flow: no such verdict on a first contact"),
	"none", "yes", "no", "pending", "pending_returned", "unknown",
)

// verdict judges a case that was resolved so long ago.
func verdict(age time.Duration, returned bool, within time.Duration) FirstContactVerdict {
	switch pending := age < within; {
	case pending && returned:
		return ContactPendingReturned
	case pending:
		return ContactPending
	case returned:
		return ContactReturned
	}
	return ContactResolved
}

// String returns "none", "yes", "no", "pending", "pending_returned" or "unknown".
func (v FirstContactVerdict) String() string { return firstContactNames.Name(v) }

// AppendText implements [encoding.TextAppender].
func (v FirstContactVerdict) AppendText(b []byte) ([]byte, error) {
	return firstContactNames.Append(b, v)
}

// MarshalText implements [encoding.TextMarshaler].
func (v FirstContactVerdict) MarshalText() ([]byte, error) { return v.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (v *FirstContactVerdict) UnmarshalText(text []byte) error {
	return firstContactNames.Parse(v, text)
}

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (v *FirstContactVerdict) Scan(src any) error { return firstContactNames.Scan(v, src) }

// Value implements [driver.Valuer] with the text form.
func (v FirstContactVerdict) Value() (driver.Value, error) { return firstContactNames.Value(v) }
