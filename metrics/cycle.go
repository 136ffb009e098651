package metrics

import "time"

// Cycle is a time during which a conversation was open: from its first message
// or Opened, or from its reopening, to Resolved or Merged.
type Cycle struct {
	Conversation ConversationID
	Agent        AgentID // who resolved it, else who had the conversation at its end; see [Rules.CreditAssigned]
	Start        time.Time
	End          time.Time // zero while the cycle is open
	Resolved     bool      // whether it ended with Resolved, not with Merged
	Holds        []Span    // pauses within the cycle, which do not count
}

// Duration returns the time from Start to End around the clock, less the Holds.
// It is 0 for an open cycle; see [Cycle.Until].
func (c Cycle) Duration() time.Duration { return c.DurationIn(AroundTheClock) }

// DurationIn returns the time from Start to End in hours of service, less the
// Holds. It is 0 for an open cycle; see [Cycle.Until].
func (c Cycle) DurationIn(cal Calendar) time.Duration { return measure(cal, c.Start, c.End, c.Holds) }

// Until returns the cycle as one that ends at asOf, if it is still open. A cycle
// that has ended is returned as it is.
func (c Cycle) Until(asOf time.Time) Cycle {
	if c.End.IsZero() {
		c.End = asOf
	}
	return c
}
