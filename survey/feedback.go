package survey

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// FeedbackKind is a kind of feedback that customers give without being asked.
type FeedbackKind uint8

const (
	Thanks        FeedbackKind = iota // thank-you notes and praise
	Reviews                           // public reviews
	Referrals                         // customers sent by customers
	Awards                            // prizes and mentions
	Complaints                        // the only kind of which fewer are better
	feedbackKinds                     // how many there are
)

var feedbackNames = text.NewEnum[FeedbackKind](errors.New("survey: no such kind of feedback"),
	"thanks", "reviews", "referrals", "awards", "complaints",
)

// String returns the name of the kind, such as "thanks".
func (k FeedbackKind) String() string { return feedbackNames.Name(k) }

// AppendText implements [encoding.TextAppender].
func (k FeedbackKind) AppendText(b []byte) ([]byte, error) { return feedbackNames.Append(b, k) }

// MarshalText implements [encoding.TextMarshaler].
func (k FeedbackKind) MarshalText() ([]byte, error) { return k.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (k *FeedbackKind) UnmarshalText(text []byte) error { return feedbackNames.Parse(k, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (k *FeedbackKind) Scan(src any) error { return feedbackNames.Scan(k, src) }

// Value implements [driver.Valuer] with the text form.
func (k FeedbackKind) Value() (driver.Value, error) { return feedbackNames.Value(k) }

// Feedback counts feedback that customers gave without being asked, and the contacts
// with them. The zero value is empty. Feedback is a value: two are equal (==) if they
// count the same.
type Feedback struct {
	contacts int64
	counts   [feedbackKinds]int64
}

// AddContacts counts n more contacts, such as conversations, calls or visits. The error
// wraps [ErrCount] if n is negative or the total would exceed 2⁵³.
func (f *Feedback) AddContacts(n int64) error { return addCount(&f.contacts, n) }

// Add counts n more pieces of feedback of the kind. The error wraps [ErrCount] if n is
// negative, if the total would exceed 2⁵³, or if the kind is not one of the constants.
func (f *Feedback) Add(k FeedbackKind, n int64) error {
	if k >= feedbackKinds {
		return fmt.Errorf("%w: %v", ErrCount, k)
	}
	return addCount(&f.counts[k], n)
}

// addCount adds n to a total, if both are counts and so is their sum.
func addCount(total *int64, n int64) error {
	if n < 0 || *total < 0 || n > maxAnswers-*total {
		return fmt.Errorf("%w: %d more than %d", ErrCount, n, *total)
	}
	*total += n
	return nil
}

// addCounts adds to each total the count at its place.
func addCounts(totals, counts []*int64) error {
	for i, total := range totals {
		if err := addCount(total, *counts[i]); err != nil {
			return err
		}
	}
	return nil
}

// Merge adds what other counts. The error wraps [ErrCount] if a total would exceed 2⁵³.
// On an error nothing has changed.
func (f *Feedback) Merge(other Feedback) error {
	sum := *f
	if err := sum.AddContacts(other.contacts); err != nil {
		return err
	}
	for k, n := range other.counts {
		if err := sum.Add(FeedbackKind(k), n); err != nil {
			return err
		}
	}
	*f = sum
	return nil
}

// Contacts returns the number of contacts.
func (f Feedback) Contacts() int64 { return f.contacts }

// Count returns the number of pieces of feedback of the kind.
func (f Feedback) Count(k FeedbackKind) int64 {
	if k >= feedbackKinds {
		return 0
	}
	return f.counts[k]
}

// Rate returns the pieces of feedback of the kind per contact, which may exceed 1, with
// the exact 95 % interval of a Poisson rate, as if they came independently. It returns
// false if there are no contacts or if the kind is not one of the constants.
// Source: Garwood (1936), Biometrika 28:437.
func (f Feedback) Rate(k FeedbackKind) (stat.Interval, bool) {
	if f.contacts <= 0 || k >= feedbackKinds {
		return stat.Interval{}, false
	}
	iv, err := stat.PoissonRate(f.counts[k], float64(f.contacts), Level)
	return iv, err == nil
}

// String returns the rate per 1,000 contacts of each kind that was given, such as
//
//	1200 contacts; per 1,000 of them: thanks 12.5 (95 % 7.0 to 20.6)
func (f Feedback) String() string {
	if f.contacts == 0 {
		return "no contacts"
	}
	var rates []string
	for k, n := range f.counts {
		if iv, ok := f.Rate(FeedbackKind(k)); ok && n > 0 {
			rates = append(rates, fmt.Sprintf("%v %.1f (95 %% %.1f to %.1f)", FeedbackKind(k), 1000*iv.Estimate, 1000*iv.Low, 1000*iv.High))
		}
	}
	if rates == nil {
		return fmt.Sprintf("%d contacts; no feedback", f.contacts)
	}
	return fmt.Sprintf("%d contacts; per 1,000 of them: %s", f.contacts, strings.Join(rates, ", "))
}

// MarshalJSON implements [json.Marshaler]:
//
//	{"contacts": 1200, "counts": {"thanks": 15}}
//
// Kinds that were not given are omitted.
func (f Feedback) MarshalJSON() ([]byte, error) {
	counts := make(map[FeedbackKind]int64)
	for k, n := range f.counts {
		if n != 0 {
			counts[FeedbackKind(k)] = n
		}
	}
	return json.Marshal(feedbackJSON{f.contacts, counts})
}

type feedbackJSON struct {
	Contacts int64                  `json:"contacts"`
	Counts   map[FeedbackKind]int64 `json:"counts"`
}

// UnmarshalJSON implements [json.Unmarshaler]. Its errors wrap [ErrMalformed].
func (f *Feedback) UnmarshalJSON(data []byte) error {
	var w feedbackJSON
	if null, err := decode(data, &w, "feedback"); null || err != nil {
		return err
	}
	var read Feedback
	if err := read.AddContacts(w.Contacts); err != nil {
		return malformed("feedback", err)
	}
	for k, n := range w.Counts {
		if err := read.Add(k, n); err != nil {
			return malformed("feedback", err)
		}
	}
	*f = read
	return nil
}

// feedbackVersion is the first byte of the binary form.
const feedbackVersion = 1

// AppendBinary implements [encoding.BinaryAppender]: a version byte, then a list of
// the contacts and the counts by kind, as unsigned varints after their number.
func (f Feedback) AppendBinary(b []byte) ([]byte, error) {
	return appendCounts(append(b, feedbackVersion), append([]int64{f.contacts}, f.counts[:]...)), nil
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (f Feedback) MarshalBinary() ([]byte, error) { return f.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. The error wraps
// [ErrMalformed] if the bytes are cut short, damaged, or of a version other than 1.
func (f *Feedback) UnmarshalBinary(data []byte) error {
	r := binaryReader{rest: data}
	if version := r.byte(); !r.bad && version != feedbackVersion {
		return fmt.Errorf("%w feedback: version %d, want %d", ErrMalformed, version, feedbackVersion)
	}
	counts := r.counts(1 + int(feedbackKinds))
	if r.bad || len(r.rest) != 0 || len(counts) != 1+int(feedbackKinds) {
		return malformed("feedback", errCut)
	}
	*f = Feedback{contacts: counts[0], counts: [feedbackKinds]int64(counts[1:])}
	return nil
}
