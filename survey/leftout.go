package survey

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics/text"
)

// Reason says why an answer was left out of an index. The zero value, [Counted], means
// that the answer counts.
type Reason uint8

const (
	Counted       Reason = iota // not left out
	Unanswered                  // shown or sent, not answered: neither good nor bad
	NotApplicable               // the respondent said that the question does not apply
	Unreadable                  // not a whole number
	OffScale                    // a number that is not an answer on the scale
	Repeated                    // the same answer delivered again
	Superseded                  // the respondent answered again later
	TooFewItems                 // too few items of the questionnaire answered
	BadPoints                   // importance points that do not add up to 100
	Excluded                    // left out by the caller, such as a test or an employee
	reasons                     // how many there are
)

var reasonNames = text.NewEnum[Reason](errors.New("survey: no such reason"),
	"counted", "unanswered", "not_applicable", "unreadable", "off_scale", "repeated",
	"superseded", "too_few_items", "bad_points", "excluded",
)

// String returns the name of the reason, such as "off_scale".
func (r Reason) String() string { return reasonNames.Name(r) }

// AppendText implements [encoding.TextAppender].
func (r Reason) AppendText(b []byte) ([]byte, error) { return reasonNames.Append(b, r) }

// MarshalText implements [encoding.TextMarshaler].
func (r Reason) MarshalText() ([]byte, error) { return r.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (r *Reason) UnmarshalText(text []byte) error { return reasonNames.Parse(r, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (r *Reason) Scan(src any) error { return reasonNames.Scan(r, src) }

// Value implements [driver.Valuer] with the text form.
func (r Reason) Value() (driver.Value, error) { return reasonNames.Value(r) }

// LeftOut counts what was left out of an index, by reason. In the zero value nothing is.
// LeftOut is a value: two are equal (==) if their counts are.
type LeftOut struct {
	counts [reasons - 1]int64
}

// Add counts n more left out for the reason. The error wraps [ErrCount] if r is [Counted]
// or not one of the constants, if n is negative, or if more than 2⁵³ would be left out for
// the reason.
func (l *LeftOut) Add(r Reason, n int64) error {
	if r == Counted || r >= reasons {
		return fmt.Errorf("%w: %d left out as %v", ErrCount, n, r)
	}
	return addCount(&l.counts[r-1], n)
}

// leave counts one more of those in a list.
func (l *LeftOut) leave(r Reason) { l.counts[r-1]++ }

// Merge adds what other counts. The error wraps [ErrCount] if more than 2⁵³ would be left
// out for a reason. On an error nothing has changed.
func (l *LeftOut) Merge(other LeftOut) error {
	sum := *l
	for i, n := range other.counts {
		if err := addCount(&sum.counts[i], n); err != nil {
			return err
		}
	}
	*l = sum
	return nil
}

// Count returns how many were left out for the reason.
func (l LeftOut) Count(r Reason) int64 {
	if r == Counted || r >= reasons {
		return 0
	}
	return l.counts[r-1]
}

// Total returns how many were left out.
func (l LeftOut) Total() int64 {
	var n int64
	for _, c := range l.counts {
		n += c
	}
	return n
}

// IsZero reports whether nothing was left out.
func (l LeftOut) IsZero() bool { return l == LeftOut{} }

// String lists the counts, such as "3 unanswered, 1 off_scale", or "nothing".
func (l LeftOut) String() string {
	var parts []string
	for i, n := range l.counts {
		if n != 0 {
			parts = append(parts, fmt.Sprintf("%d %v", n, Reason(i+1)))
		}
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return strings.Join(parts, ", ")
}

// note returns what was left out as it stands after a figure, or nothing.
func (l LeftOut) note() string {
	if l.IsZero() {
		return ""
	}
	return fmt.Sprintf(" (left out: %v)", l)
}

// MarshalJSON implements [json.Marshaler]: {"off_scale": 1, "unanswered": 3}.
func (l LeftOut) MarshalJSON() ([]byte, error) {
	counts := make(map[Reason]int64)
	for i, n := range l.counts {
		if n != 0 {
			counts[Reason(i+1)] = n
		}
	}
	return json.Marshal(counts)
}

// UnmarshalJSON implements [json.Unmarshaler]. Its errors wrap [ErrMalformed].
func (l *LeftOut) UnmarshalJSON(data []byte) error {
	var counts map[Reason]int64
	if null, err := decode(data, &counts, "left out"); null || err != nil {
		return err
	}
	var read LeftOut
	for r, n := range counts {
		if err := read.Add(r, n); err != nil {
			return malformed("left out", err)
		}
	}
	*l = read
	return nil
}
