package main

import (
	"time"

	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// figures are what /figures serves.
type figures struct {
	AsOf      time.Time                            `json:"as_of"`
	Events    int64                                `json:"events"`
	AtReceipt int64                                `json:"at_receipt"` // events without an instant of their own
	InShort   inShort                              `json:"in_short"`
	Total     *metrics.Figures                     `json:"total"`
	ByChannel map[metrics.Channel]*metrics.Figures `json:"by_channel"`
	Surveys   map[string]surveyed                  `json:"surveys"`
}

// inShort has the first questions of a desk, as text for people.
type inShort struct {
	Conversations int64  `json:"conversations"`
	Open          int64  `json:"open"`
	Waiting       int64  `json:"waiting"`
	FirstResponse string `json:"first_response"` // the median
	Response      string `json:"response"`       // the median
	Resolution    string `json:"first_resolution"`
	Replies       int64  `json:"replies"`
	Stars         string `json:"stars"`
}

// surveyed is what was answered to a question.
type surveyed struct {
	Question  survey.Question          `json:"question"`
	Sources   []survey.SourceResponses `json:"sources"`
	Index     string                   `json:"index"`
	CallBacks []survey.Response        `json:"call_backs"` // the dissatisfied, the worst first
}

// newFigures returns the figures of a breakdown and of answers, all but the counts of
// events. Answers after asOf are not known yet.
func newFigures(b *metrics.Breakdown[metrics.Channel], asOf time.Time, answers []vendors.Answer) (figures, error) {
	f := figures{
		AsOf: asOf.UTC(), Total: b.Total(),
		ByChannel: make(map[metrics.Channel]*metrics.Figures), Surveys: make(map[string]surveyed),
	}
	for channel := range b.Keys() {
		f.ByChannel[channel] = b.Group(channel)
	}
	stars := text.NoData
	if mean, ok := f.Total.Ratings.Mean(2); ok {
		stars = mean.StringFixed(2)
	}
	f.InShort = inShort{
		Conversations: f.Total.Conversations, Open: f.Total.Backlog, Waiting: f.Total.Elapsed.StillWaiting.Count(),
		FirstResponse: text.DurationIf(f.Total.Elapsed.FirstResponse.Median()),
		Response:      text.DurationIf(f.Total.Elapsed.Response.Median()),
		Resolution:    text.DurationIf(f.Total.Elapsed.FirstResolution.Median()),
		Replies:       f.Total.Volume.Replies,
		Stars:         stars,
	}
	var known []vendors.Answer
	for _, a := range answers {
		if !a.At.After(asOf) {
			known = append(known, a)
		}
	}
	counted, err := surveys(known)
	for name, r := range counted {
		s := surveyed{Question: r.Question(), Sources: r.Sources(), Index: text.NoData, CallBacks: r.CallBacks()}
		if index, err := r.Index(); err == nil {
			s.Index = index.String()
		}
		f.Surveys[name] = s
	}
	return f, err
}
