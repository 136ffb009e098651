package metrics

import "time"

// Facet tells what a measured thing belongs to: a wait, a cycle, a rating, a
// reply, or a conversation as a whole. A [Breakdown] groups by what a function
// makes of it.
type Facet struct {
	history *History
	at      int64
	agent   uint32
	channel uint16
}

// Conversation returns the conversation.
func (f Facet) Conversation() ConversationID { return f.history.conversation.ID() }

// Channel returns the channel of the wait, rating or reply; else the
// conversation's.
func (f Facet) Channel() Channel { return f.history.channelOf(f.channel) }

// Agent returns who has the credit for a reply, the wait that it ended, or a
// resolution; whose work was rated; else who has the conversation. It is empty
// if nobody is named.
func (f Facet) Agent() AgentID { return f.history.agent(f.agent) }

// Customer returns the first customer that a message of the conversation names.
func (f Facet) Customer() CustomerID { return f.history.Customer() }

// Priority returns the priority with which the conversation was opened.
func (f Facet) Priority() Priority { return f.history.Priority() }

// At returns the instant that decides the period: the end of a wait or cycle, or
// by [Rules.ByStart] its start; the instant of a rating or reply; the first
// event of a conversation. What is still open belongs to the instant as of which
// it is looked at.
func (f Facet) At() time.Time { return timeOf(f.at) }
