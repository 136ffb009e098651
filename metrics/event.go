package metrics

import (
	"time"

	"github.com/servicequality/servicequality/rating"
)

// Event is something that happened in a conversation: one of the types [Opened],
// [Reopened], [Prioritized], [MessageReceived], [Assigned], [Paused], [Resumed],
// [RatingRequested], [ReplySent], [Handled], [RatingGiven], [Resolved], [Abandoned],
// [Merged], [Discarded] and [Retracted], or a pointer to one. No other type
// implements it; nil is an error.
//
// Every event has a Conversation and an instant At, which are required. At is from
// 1970 to 2261, so that instants are whole nanoseconds in 64 bits and the time
// between any two of them is an exact [time.Duration]. Its location does not matter.
//
// ID is the source's key, and optional. An event is known by its conversation, its
// kind and its ID: one row of a source may be both a reply and a resolution. Events
// of the same kind with the same ID are deliveries of one event, and the one taken
// last wins. Without an ID, events that are equal in every field are one.
//
// Seq is the source's own order of events, from 0, and optional. It decides between
// events of one instant; see [Kind].
//
// Private notes are not events, because the customer does not see them.
type Event interface{ event() }

// Opened says that the record of the conversation was created, no matter by whom.
// The priority of a later one, if it has one, counts as Prioritized.
type Opened struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Channel      Channel
	Priority     Priority
}

// Reopened says that a resolved conversation is open again, or that a discarded one
// is restored.
type Reopened struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Agent        AgentID // who reopened it, if an agent did
	By           Actor
}

// Prioritized says that the priority is this from now on.
type Prioritized struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Priority     Priority
}

// MessageReceived says that the customer wrote, called, or spoke.
type MessageReceived struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Channel      Channel
	Customer     CustomerID
}

// Assigned says that an agent, of a team, is in charge from now on. If both are empty,
// nobody is.
type Assigned struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Agent        AgentID
	Team         TeamID
}

// Paused says that the conversation is on hold. While it is, another Paused changes
// nothing.
type Paused struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	For          HoldReason // empty is read as ForCustomer
	Until        time.Time  // when it ends by itself, as a snooze does; zero if it does not
}

// Resumed says that work goes on in a conversation that was on hold.
type Resumed struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
}

// RatingRequested says that a survey went out. The ratings up to the next one answer it.
type RatingRequested struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Channel      Channel
	Agent        AgentID // whose work the survey asks about; if it does not say, see [Facet.Agent]
}

// ReplySent says that something was sent to the customer that the customer can see.
// On the phone, picking up is a reply.
type ReplySent struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Channel      Channel
	Agent        AgentID
	By           Actor // a person, an assistant that answers the question, or automation; not the customer
}

// Handled says that an agent worked on the conversation for so long, up to At. It
// answers nothing.
type Handled struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Agent        AgentID
	Took         time.Duration // above 0
	For          Activity      // such as Talk; empty if the source does not say
}

// RatingGiven says that the customer gave 1 to 5 stars.
type RatingGiven struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Stars        rating.Stars
	Channel      Channel
	Agent        AgentID // whose work was rated; if it does not say, see [Facet.Agent]
}

// Resolved says that the conversation was solved.
type Resolved struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Agent        AgentID // who solved it, if an agent did
	By           Actor
}

// Abandoned says that the customer gave up: hung up, or left the queue or the chat.
type Abandoned struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
}

// Merged says that the conversation goes on in another one.
type Merged struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Into         ConversationID
}

// Discarded says that the conversation was spam, a test, or deleted: it counts
// nowhere, from the beginning, until a Reopened restores it.
type Discarded struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
}

// Retracted says that from At on every event of an ID in the conversation never was:
// a message that failed or was deleted, a rating that was withdrawn. A version of the
// event whose instant is later is in force again.
type Retracted struct {
	ID           EventID
	Conversation ConversationID
	At           time.Time
	Seq          int64
	Event        EventID
}

func (Opened) event()          {}
func (Reopened) event()        {}
func (Prioritized) event()     {}
func (MessageReceived) event() {}
func (Assigned) event()        {}
func (Paused) event()          {}
func (Resumed) event()         {}
func (RatingRequested) event() {}
func (ReplySent) event()       {}
func (Handled) event()         {}
func (RatingGiven) event()     {}
func (Resolved) event()        {}
func (Abandoned) event()       {}
func (Merged) event()          {}
func (Discarded) event()       {}
func (Retracted) event()       {}
