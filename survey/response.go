package survey

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/text"
)

// Source is where a survey reached the customer, such as "email", "phone", "in_app",
// or "after_service" for the end of a chat or the counter.
type Source string

// Response is one answer to the question of [Responses], as it came from a source.
type Response struct {
	Source Source `json:"source"`
	// ID is the source's key for the answer, if it has one. Deliveries with the same
	// Source and ID are one response; the latest counts, see [Responses.Resolved].
	ID string `json:"id,omitzero"`
	// Respondent is who answered, by a name that is the same in all sources. If one
	// respondent answers several times About one thing, the last answer counts.
	// Responses without a respondent are by different people.
	Respondent string `json:"respondent,omitzero"`
	// About is what the answer is about, such as a ticket or a month; empty if
	// each respondent is asked once.
	About  string    `json:"about,omitzero"`
	At     time.Time `json:"at,omitzero"` // when it was given
	Group  string    `json:"group,omitzero"`
	Value  int       `json:"value"`           // the answer
	Left   Reason    `json:"left,omitzero"`   // why there is no answer, or why it does not count; Value is then ignored
	Weight float64   `json:"weight,omitzero"` // how much it counts in a weighted index; 0 is read as 1
	// Comment is what the respondent wrote beside the answer. It counts nowhere; it is
	// carried along for whoever calls back.
	Comment string `json:"comment,omitzero"`
}

// ErrResponse reports an impossible response: its weight is negative or not finite, its
// reason is unknown, a text is not valid UTF-8 or is longer than 65,535 bytes, or its
// instant is outside the years 1 to 9999 in UTC.
var ErrResponse = errors.New("survey: impossible response")

func (r Response) weight() float64 {
	if r.Weight == 0 {
		return 1
	}
	return r.Weight
}

// check returns an error that wraps ErrResponse if r is impossible.
func (r Response) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s (of %s)", ErrResponse, fmt.Sprintf(format, args...), text.Quote(r.Respondent))
	}
	if !(r.Weight >= 0) || r.Weight-r.Weight != 0 {
		return fail("weight %v", r.Weight)
	}
	if r.Left >= reasons {
		return fail("%v", r.Left)
	}
	if y := r.At.UTC().Year(); y < 1 || y > 9999 {
		return fail("year %d", y)
	}
	for _, s := range []string{string(r.Source), r.ID, r.Respondent, r.About, r.Group, r.Comment} {
		if len(s) > 1<<16-1 || !utf8.ValidString(s) {
			return fail("text %s", text.Quote(s))
		}
	}
	return nil
}

// normal returns r in the form in which it is stored: equal responses are ==.
func (r Response) normal(s Scale) Response {
	r.At = r.At.UTC().Round(0)
	if r.Weight == 1 {
		r.Weight = 0
	}
	if r.Left == Counted && !s.Has(r.Value) {
		r.Left = OffScale
	}
	if r.Left != Counted && r.Left != OffScale {
		r.Value = 0
	}
	return r
}
