package main

import (
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/survey"
)

// surveys counts answers by question. The same answers give the same counts in whatever
// order they are given, if those of one instant are in the order of their texts.
func surveys(answers []vendors.Answer) (map[string]*survey.Responses, error) {
	counted := make(map[string]*survey.Responses)
	for _, a := range answers {
		r := counted[a.Question]
		if r == nil {
			var err error
			if r, err = survey.NewResponses(vendors.Questions[a.Question]); err != nil {
				return nil, err
			}
			counted[a.Question] = r
		}
		source := survey.Source(a.Question)
		var err error
		if a.Asked {
			err = r.Invite(source, "", 1)
		} else {
			err = r.Add(survey.Response{
				Source: source, ID: a.ID, Respondent: a.Respondent, About: a.About, At: a.At, Group: a.Agent, Value: a.Value,
			})
		}
		if err != nil {
			return nil, err
		}
	}
	return counted, nil
}
