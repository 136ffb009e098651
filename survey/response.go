package survey

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Source is where a survey reached the customer, such as "email", "phone", "in_app",
// or "after_service" for the end of a chat or the counter.
type Source string

// Response is one answer to the question of [Responses], as it came from a source.
type Response struct {
	Source Source `json:"source"`
	// ID is the source's key of the answer, if it has one. Deliveries with one
	// Source and ID are one response: the latest.
	ID string `json:"id,omitzero"`
	// Respondent is who answered, by a name that is the same in all sources. Of
	// several answers of one respondent About one thing, the last counts.
	// Responses without a respondent are all different.
	Respondent string `json:"respondent,omitzero"`
	// About is what the answer is about: a ticket, a month; empty if the
	// respondent is asked once.
	About  string    `json:"about,omitzero"`
	At     time.Time `json:"at,omitzero"` // when it was given
	Group  string    `json:"group,omitzero"`
	Value  int       `json:"value"`           // the answer
	Left   Reason    `json:"left,omitzero"`   // why there is no answer, or it does not count; Value is then not looked at
	Weight float64   `json:"weight,omitzero"` // how much it counts if weights are asked for; 0 is read as 1
}

// ErrResponse reports a response that no survey can have: a weight that is
// negative or not finite, an unknown reason, text that is not valid UTF-8 or
// longer than 65,535 bytes, an instant outside the years 1 to 9999.
var ErrResponse = errors.New("survey: impossible response")

// compare puts responses in an order that depends on nothing else: by time first.
func (r Response) compare(s Response) int {
	return cmp.Or(
		r.At.Compare(s.At),
		strings.Compare(string(r.Source), string(s.Source)),
		strings.Compare(r.ID, s.ID),
		strings.Compare(r.Respondent, s.Respondent),
		strings.Compare(r.About, s.About),
		strings.Compare(r.Group, s.Group),
		// An answer is later than none.
		-cmp.Compare(r.Left, s.Left),
		cmp.Compare(r.Value, s.Value),
		cmp.Compare(r.weight(), s.weight()),
	)
}

func (r Response) weight() float64 {
	if r.Weight == 0 {
		return 1
	}
	return r.Weight
}

// check returns an error that wraps ErrResponse if r cannot be.
func (r Response) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s (of %s)", ErrResponse, fmt.Sprintf(format, args...), quoted(r.Respondent))
	}
	if !(r.Weight >= 0) || r.Weight-r.Weight != 0 {
		return fail("weight %v", r.Weight)
	}
	if r.Left >= reasons {
		return fail("%v", r.Left)
	}
	if y := r.At.Year(); y < 1 || y > 9999 {
		return fail("year %d", y)
	}
	for _, text := range []string{string(r.Source), r.ID, r.Respondent, r.About, r.Group} {
		if len(text) > 1<<16-1 || strings.ToValidUTF8(text, "") != text {
			return fail("text %s", quoted(text))
		}
	}
	return nil
}

// normal returns r in the form in which it is kept: equal responses are ==.
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
