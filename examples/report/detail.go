package main

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
)

// detailJSON is the line of one case.
type detailJSON struct {
	Conversation     metrics.ConversationID `json:"conversation"`
	Case             int                    `json:"case,omitempty"` // only if it is not the first
	FirstResponse    *time.Duration         `json:"first_response_ns"`
	Response         []time.Duration        `json:"response_ns"`
	Waits            []waitJSON             `json:"waits"`
	ClosedUnanswered int                    `json:"closed_unanswered"`
	Abandoned        int                    `json:"abandoned,omitempty"`
	Moved            int                    `json:"moved,omitempty"`
	StillWaiting     int                    `json:"still_waiting"`
	Reopens          int                    `json:"reopens"`
	FirstResolution  *time.Duration         `json:"first_resolution_ns"`
	Active           *time.Duration         `json:"active_ns"`
	InHours          *detailInHoursJSON     `json:"in_hours,omitempty"`
}

// detailInHoursJSON are the durations in hours of service.
type detailInHoursJSON struct {
	FirstResponse   *time.Duration  `json:"first_response_ns"`
	Response        []time.Duration `json:"response_ns"`
	FirstResolution *time.Duration  `json:"first_resolution_ns"`
	Active          *time.Duration  `json:"active_ns"`
}

type waitJSON struct {
	Start   time.Time       `json:"start"`
	End     *time.Time      `json:"end"`
	Outcome metrics.Outcome `json:"outcome"`
	Agent   metrics.AgentID `json:"agent"`
}

// writeDetail prints a line per case that counts, in the order of the names of their
// conversations.
func writeDetail(w io.Writer, in *input) error {
	histories := slices.SortedFunc(in.log.Read(in.rules, in.asOf).Histories(), func(a, b *metrics.History) int {
		return cmp.Or(cmp.Compare(a.Conversation().ID(), b.Conversation().ID()), cmp.Compare(a.Case(), b.Case()))
	})
	enc := json.NewEncoder(plain.JSON(w))
	for _, h := range histories {
		if !h.Counts() {
			continue
		}
		if err := enc.Encode(detailOf(h)); err != nil {
			return err
		}
	}
	return nil
}

func detailOf(h *metrics.History) detailJSON {
	d := detailJSON{
		Conversation: h.Conversation().ID(),
		Response:     []time.Duration{},
		Waits:        []waitJSON{},
		Reopens:      h.Reopens(),
	}
	if h.Case() > 1 {
		d.Case = h.Case()
	}
	for _, wait := range h.Waits() {
		switch wait.Outcome {
		case metrics.Answered:
			d.Response = append(d.Response, wait.Duration())
		case metrics.ClosedUnanswered:
			d.ClosedUnanswered++
		case metrics.GaveUp:
			d.Abandoned++
		case metrics.Moved:
			d.Moved++
		case metrics.Open:
			d.StillWaiting++
		}
		line := waitJSON{Start: wait.Start, Outcome: wait.Outcome, Agent: wait.Agent}
		if !wait.End.IsZero() {
			line.End = &wait.End
		}
		d.Waits = append(d.Waits, line)
	}
	d.FirstResponse = first(d.Response)
	d.FirstResolution = optional(h.FirstResolution(metrics.AroundTheClock))
	d.Active = optional(h.ActiveTime(metrics.AroundTheClock))
	if hours := h.Hours(); hours != nil {
		in := detailInHoursJSON{Response: []time.Duration{}}
		for _, wait := range h.Responses() {
			in.Response = append(in.Response, wait.DurationIn(hours))
		}
		in.FirstResponse = first(in.Response)
		in.FirstResolution = optional(h.FirstResolution(hours))
		in.Active = optional(h.ActiveTime(hours))
		d.InHours = &in
	}
	return d
}

// first returns the first of the answered waits, or nil if there is none.
func first(responses []time.Duration) *time.Duration {
	if len(responses) == 0 {
		return nil
	}
	return &responses[0]
}

// optional returns d, or nil where there is none.
func optional(d time.Duration, ok bool) *time.Duration {
	if !ok {
		return nil
	}
	return &d
}
