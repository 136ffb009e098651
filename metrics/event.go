package metrics

import (
	"time"

	"github.com/servicequality/servicequality/rating"
)

// Event is something that happened in a conversation: one of the types
// [Opened], [Reopened], [MessageReceived], [Assigned], [Paused], [Resumed],
// [RatingRequested], [ReplySent], [RatingGiven], [Resolved], [Merged] and
// [Discarded], as a value. No other type implements it.
//
// Every event has a Conversation and an instant At, which are required, and an
// optional ID. At is from 1970 to 2261, so that instants are whole nanoseconds in
// 64 bits and the time between any two of them is an exact [time.Duration]. Its
// location does not matter.
//
// Private notes are not events, because the customer does not see them.
type Event interface{ event() }

// Opened says that the record of the conversation was created, no matter by whom.
type Opened struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Channel      Channel
	Priority     Priority
}

// Reopened says that a resolved conversation is open again.
type Reopened struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Agent        AgentID // who reopened it, if an agent did
}

// MessageReceived says that the customer wrote, called, or spoke.
type MessageReceived struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Channel      Channel
	Customer     CustomerID
}

// Assigned says that an agent is in charge from now on; an empty Agent means that
// nobody is.
type Assigned struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Agent        AgentID
}

// Paused says that the conversation is on hold: it waits for the customer or
// for a third party. A second one in a row changes nothing.
type Paused struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
}

// Resumed says that a paused conversation is worked on again.
type Resumed struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
}

// RatingRequested says that a survey went out.
type RatingRequested struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Channel      Channel
	Agent        AgentID // whose work the survey asks about
}

// ReplySent says that the customer was sent something that they can see.
type ReplySent struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Channel      Channel
	Agent        AgentID
	Automated    bool // whether it came from a bot, an auto-acknowledgement or a campaign
}

// RatingGiven says that the customer gave 1 to 5 stars.
type RatingGiven struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Stars        rating.Stars
	Channel      Channel
	Agent        AgentID // whose work was rated
}

// Resolved says that the conversation was solved.
type Resolved struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Agent        AgentID // who solved it; empty if a rule or a bot did
}

// Merged says that the conversation goes on in another one.
type Merged struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Into         ConversationID
}

// Discarded says that the conversation was spam, a test, or deleted: as of any
// instant from At on, it counts nowhere.
type Discarded struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
}

func (Opened) event()          {}
func (Reopened) event()        {}
func (MessageReceived) event() {}
func (Assigned) event()        {}
func (Paused) event()          {}
func (Resumed) event()         {}
func (RatingRequested) event() {}
func (ReplySent) event()       {}
func (RatingGiven) event()     {}
func (Resolved) event()        {}
func (Merged) event()          {}
func (Discarded) event()       {}
