package metrics

// The identifiers are the source's own, compared letter by letter; none has a
// form that this package would know of.
type (
	// EventID is the source's key of an event, unique in its conversation. It
	// is optional. Events of a conversation with the same ID are one event,
	// taken several times; the last taken wins.
	EventID string
	// ConversationID names a conversation: a ticket, a thread, a case.
	ConversationID string
	// AgentID names an agent. Empty is nobody, or nobody known.
	AgentID string
	// CustomerID names a customer. Empty is nobody known.
	CustomerID string
	// Priority is a label such as "high". It is open, and has no order here.
	Priority string
)
