package vendors

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/survey"
)

// An Answer is one to a question of a vendor that is not asked in stars: good or bad,
// three faces, five faces. It has a scale of its own and is counted by package survey;
// stars would need a guess of how many a face is worth.
type Answer struct {
	Question   string    `json:"question"` // the name of a question of questions
	ID         string    `json:"id,omitzero"`
	Respondent string    `json:"respondent,omitzero"`
	About      string    `json:"about,omitzero"` // the conversation
	At         time.Time `json:"at"`
	Agent      string    `json:"agent,omitzero"` // whose work it is about, if the vendor says
	Asked      bool      `json:"asked,omitzero"` // the customer was asked, and has not answered by this
	Value      int       `json:"value,omitzero"`
}

// Questions are those that vendors ask, by the vendor.
var Questions = map[string]survey.Question{
	"chatwoot": {ID: "chatwoot", Text: "five faces, or stars where the inbox shows stars", Definition: survey.TopBox(survey.OneTo(5), 2)},
	"intercom": {ID: "intercom", Text: "five faces", Definition: survey.TopBox(survey.OneTo(5), 2)},
	"zendesk":  {ID: "zendesk", Text: "bad, good", Definition: survey.TopBox(survey.OneTo(2), 1)},
	// Happy customers only: "okay" is neutral, as in the happiness score of Help Scout.
	"helpscout": {ID: "helpscout", Text: "not good, okay, great", Definition: survey.TopBox(survey.OneTo(3), 1)},
	"freescout": {ID: "freescout", Text: "not good, okay, great", Definition: survey.TopBox(survey.OneTo(3), 1)},
	// A scale of three or five uses some of the seven points.
	"freshdesk": {ID: "freshdesk", Text: "extremely unhappy to extremely happy", Definition: survey.TopBox(survey.OneTo(7), 3)},
}

// Check returns an error that wraps ErrForm for an answer that nobody can have given.
func (a Answer) Check() error {
	q, ok := Questions[a.Question]
	switch {
	case !ok:
		return fmt.Errorf("%w: no question %q", ErrForm, a.Question)
	case !a.Asked && !q.Definition.Scale.Has(a.Value):
		return fmt.Errorf("%w: %d is not an answer of %s", ErrForm, a.Value, a.Question)
	}
	return nil
}
