package metrics

import "time"

// Cycle is a time during which a conversation was open: from its first message
// or Opened, or from its reopening, to Resolved or Merged.
type Cycle struct {
	Conversation ConversationID
	Agent        AgentID // who resolved it or, if nobody is named, had the conversation at its end; see [Rules.CreditAssigned]
	Team         TeamID  // in charge at the end or, of an open cycle, now
	Start        time.Time
	End          time.Time // zero while the cycle is open
	Resolved     bool      // whether it ended with Resolved rather than with Merged
	Holds        []Span    // pauses, which do not count
	AsOf         time.Time // the instant of the reading, up to which the age of an open cycle counts

	began *Record // see [Cycle.Began]
}

// Began returns the event that began the cycle. If a merger did, it is an event of the
// conversation in which the wait began that it moved here. It returns false for cycles of
// other histories than those of [History.AsOf] and [History.Before].
func (c Cycle) Began() (Record, bool) {
	if c.began == nil {
		return Record{}, false
	}
	return *c.began, true
}

// Duration returns the time from Start to End around the clock, less the Holds.
// For an open cycle it is the age as of the instant of its reading.
func (c Cycle) Duration() time.Duration { return c.DurationIn(AroundTheClock) }

// DurationIn returns the time from Start to End in hours of service, less the
// Holds; nil means around the clock. For an open cycle it is the age as of the
// instant of its reading.
func (c Cycle) DurationIn(cal Calendar) time.Duration {
	return measure(cal, c.Start, c.End, c.AsOf, c.Holds)
}
