package flow

import (
	"math"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Counts are what happened in a set of conversations during some time: flows,
// each counted at its own instant. They are plain sums, so the counts of two
// sets, or of two stretches of time, add up to those of both. In the zero value
// nothing happened. A count, or a sum of counts, above 2⁶³−1, which no desk has, is
// treated as that.
type Counts struct {
	Volume metrics.Volume `json:"volume"` // messages, replies of people, assistants and automation, surveys

	Arrivals    int64 `json:"arrivals"`    // conversations that began, by a message or by Opened
	Reopenings  int64 `json:"reopenings"`  // conversations that were opened again
	Resolutions int64 `json:"resolutions"` // open conversations that were resolved: the throughput
	Abandoned   int64 `json:"abandoned"`   // open conversations that the customer gave up
	Moved       int64 `json:"moved"`       // open conversations that were merged into others
	Discarded   int64 `json:"discarded"`   // conversations that are discarded, which count in nothing else

	Reopened    int64 `json:"reopened"`    // resolutions after which the conversation was reopened, at any time
	Deflections int64 `json:"deflections"` // resolutions until which an assistant had replied, and no person

	FirstReplies int64 `json:"first_replies"` // conversations in which a person replied for the first time
	HandOffs     int64 `json:"hand_offs"`     // first replies in conversations in which an assistant had replied before
	Takeovers    int64 `json:"takeovers"`     // replies by an agent who was not the one who had replied before

	Assignments   int64 `json:"assignments"`   // of agents who were not in charge
	Reassignments int64 `json:"reassignments"` // assignments after another agent had been in charge
}

// Inflow returns how many conversations came into the backlog: arrivals and
// reopenings.
func (c Counts) Inflow() int64 { return plus(c.Arrivals, c.Reopenings) }

// Outflow returns how many conversations left the backlog: they were
// resolved, abandoned or moved.
func (c Counts) Outflow() int64 { return plus(plus(c.Resolutions, c.Abandoned), c.Moved) }

// Net returns by how much the backlog grew: Inflow − Outflow.
func (c Counts) Net() int64 { return c.Inflow() - c.Outflow() }

// AutomatedShare returns the share of all replies that no person sent, but an assistant
// or automation, as [metrics.Figures.AutomatedShare] does.
func (c Counts) AutomatedShare() stat.Ratio {
	automated := plus(c.Volume.Assistant, c.Volume.Automated)
	return stat.Ratio{Part: automated, Whole: plus(automated, c.Volume.Replies)}
}

// AssistantShare returns the share of answers that assistants sent: of the replies of
// people and assistants. Acknowledgements and campaigns answer nothing.
func (c Counts) AssistantShare() stat.Ratio {
	return stat.Ratio{Part: c.Volume.Assistant, Whole: plus(c.Volume.Assistant, c.Volume.Replies)}
}

// ReopenRate returns the share of resolutions that did not last: after which the
// conversation was reopened, whenever that was. The last resolutions before the
// instant of the reading have had little time for it.
func (c Counts) ReopenRate() stat.Ratio {
	return stat.Ratio{Part: c.Reopened, Whole: c.Resolutions}
}

// DeflectionRate returns the share of resolutions until which an assistant had replied,
// and no person.
func (c Counts) DeflectionRate() stat.Ratio {
	return stat.Ratio{Part: c.Deflections, Whole: c.Resolutions}
}

// HandOffRate returns the share of conversations with a first reply by a person in
// which an assistant had replied before.
func (c Counts) HandOffRate() stat.Ratio {
	return stat.Ratio{Part: c.HandOffs, Whole: c.FirstReplies}
}

// TakeoverRate returns the share of people's replies whose agent was not the one
// who had replied before.
func (c Counts) TakeoverRate() stat.Ratio {
	return stat.Ratio{Part: c.Takeovers, Whole: c.Volume.Replies}
}

// ReassignmentRate returns the share of assignments that took a conversation
// from one agent to another.
func (c Counts) ReassignmentRate() stat.Ratio {
	return stat.Ratio{Part: c.Reassignments, Whole: c.Assignments}
}

// Merge adds the counts of other.
func (c *Counts) Merge(other *Counts) {
	from := other.counts()
	for i, n := range c.counts() {
		*n = plus(*n, *from[i])
	}
}

// fits reports whether no count of c and other together is above 2⁶³−1.
func (c *Counts) fits(other *Counts) bool {
	from := other.counts()
	for i, n := range c.counts() {
		if *n > math.MaxInt64-*from[i] {
			return false
		}
	}
	return true
}

// plus returns the sum of two counts or, if that is too large for one, the largest that
// there is.
func plus(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// counts returns all the counts of c.
func (c *Counts) counts() [18]*int64 {
	return [...]*int64{
		&c.Volume.Messages, &c.Volume.Replies, &c.Volume.Assistant, &c.Volume.Automated, &c.Volume.RatingRequested,
		&c.Arrivals, &c.Reopenings, &c.Resolutions, &c.Abandoned, &c.Moved, &c.Discarded,
		&c.Reopened, &c.Deflections, &c.FirstReplies, &c.HandOffs, &c.Takeovers,
		&c.Assignments, &c.Reassignments,
	}
}

// valid reports whether c can have been counted: no count is negative, and no
// part greater than its whole.
func (c *Counts) valid() bool {
	for _, n := range c.counts() {
		if *n < 0 {
			return false
		}
	}
	return c.Reopened <= c.Resolutions && c.Deflections <= c.Resolutions && c.HandOffs <= c.FirstReplies &&
		c.FirstReplies <= c.Volume.Replies && c.Takeovers <= c.Volume.Replies-c.FirstReplies && c.Reassignments <= c.Assignments
}
