package briefing

import (
	"cmp"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// waiting are the customers who wait for an answer of a person as of the report's instant.
type Waiting struct {
	N       int64                `json:"n"`
	Overdue int64                `json:"overdue"` // past what they were promised
	Longest *metrics.Top[Waiter] `json:"longest"`
	policy  *standards.Policy
}

// A Waiter is one of them.
type Waiter struct {
	Conversation metrics.ConversationID `json:"conversation"`
	Channel      metrics.Channel        `json:"channel"`
	Agent        metrics.AgentID        `json:"agent,omitzero"` // who has the conversation
	Team         metrics.TeamID         `json:"team,omitzero"`
	Since        time.Time              `json:"since"`
	Age          time.Duration          `json:"age_ns"`
	Due          time.Time              `json:"due,omitzero"` // zero: nothing was promised
	Overdue      bool                   `json:"overdue"`
}

// mostWaiting is how many of them are named, if not more are asked for.
const mostWaiting = 50

func newWaiting(policy *standards.Policy, most int) Waiting {
	return Waiting{policy: policy, Longest: metrics.NewTop(most, func(a, b Waiter) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Conversation, b.Conversation))
	})}
}

// Add implements [metrics.Sink].
func (w *Waiting) Add(h *metrics.History) error {
	wait, ok := h.StillWaiting()
	if !ok {
		return nil
	}
	one := Waiter{
		Conversation: wait.Conversation, Channel: wait.Channel, Agent: h.Owner(), Team: h.Team(),
		Since: wait.Start, Age: wait.Duration(),
	}
	for f := range w.policy.Open(h) {
		switch f.Target.Measure {
		case standards.FirstResponse, standards.NextResponse, standards.EveryResponse:
			if f.Target.Agreement == "" && !f.Due.IsZero() && (one.Due.IsZero() || f.Due.Before(one.Due)) {
				one.Due, one.Overdue = f.Due, f.Verdict == standards.Breached
			}
		}
	}
	w.N++
	if one.Overdue {
		w.Overdue++
	}
	w.Longest.Add(one)
	return nil
}
