package main

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// detailJSON is the line of one conversation.
type detailJSON struct {
	Conversation     metrics.ConversationID `json:"conversation"`
	FirstResponse    *time.Duration         `json:"first_response_ns"`
	Response         []time.Duration        `json:"response_ns"`
	Waits            []waitJSON             `json:"waits"`
	ClosedUnanswered int                    `json:"closed_unanswered"`
	StillWaiting     int                    `json:"still_waiting"`
	Reopens          int                    `json:"reopens"`
	FirstResolution  *time.Duration         `json:"first_resolution_ns"`
	Active           *time.Duration         `json:"active_ns"`
}

type waitJSON struct {
	Start   time.Time       `json:"start"`
	End     *time.Time      `json:"end"`
	Outcome metrics.Outcome `json:"outcome"`
	Agent   metrics.AgentID `json:"agent"`
}

// writeDetail prints a line per conversation that counts, in the order of their
// names.
func writeDetail(w io.Writer, in *input) error {
	conversations := slices.SortedFunc(in.log.Conversations(), func(a, b metrics.Conversation) int {
		return cmp.Compare(a.ID(), b.ID())
	})
	enc := json.NewEncoder(w)
	for _, c := range conversations {
		h := metrics.HistoryOf(c.AsOf(in.asOf))
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
	if first, ok := h.FirstResponse(); ok && first.Outcome == metrics.Answered {
		d.FirstResponse = optional(first.Duration(), true)
	}
	for _, wait := range h.Waits() {
		switch wait.Outcome {
		case metrics.Answered:
			d.Response = append(d.Response, wait.Duration())
		case metrics.ClosedUnanswered:
			d.ClosedUnanswered++
		case metrics.Open:
			d.StillWaiting++
		}
		line := waitJSON{Start: wait.Start, Outcome: wait.Outcome, Agent: wait.Agent}
		if !wait.End.IsZero() {
			line.End = &wait.End
		}
		d.Waits = append(d.Waits, line)
	}
	d.FirstResolution = optional(h.FirstResolution(metrics.AroundTheClock))
	d.Active = optional(h.ActiveTime(metrics.AroundTheClock))
	return d
}

// optional returns d, or nil where there is none.
func optional(d time.Duration, ok bool) *time.Duration {
	if !ok {
		return nil
	}
	return &d
}
