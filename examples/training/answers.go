package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"

	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/survey"
)

// sampleAnswers is what the customers of the sample answered to a survey.
//
//go:embed answers.csv
var sampleAnswers []byte

// heard is what a survey said about the conversations of a log.
type heard struct {
	asked    bool // whether there is a survey
	ratings  int  // answers about conversations of the log
	unplaced int  // answers that count, but have no time, or are about no such conversation
	rejected []surveyfile.Problem
	comments map[metrics.ConversationID]string
}

// readAnswers returns the survey that the settings name.
func readAnswers(s settings) ([]byte, error) {
	if s.events == "" {
		return sampleAnswers, nil
	}
	if s.answers == "" {
		return nil, nil
	}
	return os.ReadFile(s.answers)
}

// listen adds the answers of a survey to the log, each as the rating of the conversation
// that it is about: so satisfaction is compared by the same agents, channels and days as
// the times to respond.
func listen(log *metrics.EventLog, data []byte, form surveyfile.Form) (heard, error) {
	var h heard
	if data == nil {
		return h, nil
	}
	h.asked, h.comments = true, make(map[metrics.ConversationID]string)
	form.NeedTimes = true
	file, err := surveyfile.Read(data, form)
	if err != nil {
		return h, err
	}
	h.rejected = file.Problems
	known := make(map[metrics.ConversationID]bool)
	for c := range log.Conversations() {
		known[c.ID()] = true
	}
	for _, q := range file.Questions {
		if !q.Definition.Scale.Same(survey.OneTo(5)) || q.ID != "csat" {
			continue
		}
		answers, err := q.Counted()
		if err != nil {
			return h, err
		}
		for _, a := range answers {
			id := metrics.ConversationID(a.About)
			if !known[id] || a.At.IsZero() {
				h.unplaced++
				continue
			}
			err := log.Append(metrics.RatingGiven{
				ID: metrics.EventID(fmt.Sprintf("answer in line %d", a.Line)), Conversation: id, At: a.At, Stars: rating.Stars(a.Value),
			})
			if err != nil {
				return h, fmt.Errorf("line %d: %w", a.Line, err)
			}
			h.ratings++
			h.comments[id] = a.Comment
		}
		if h.ratings == 0 {
			return h, errors.New("no answer is about a conversation of the events: the column about, such as -columns about=2, must have their names")
		}
		return h, nil
	}
	return h, errors.New("no column is satisfaction from 1 to 5: say which it is, such as -columns csat=3")
}
