package metrics

// Identifiers are the source's own. They are compared byte by byte, and may have
// any form.
type (
	// EventID is the source's key of an event, unique in its conversation among
	// the events of one kind; see [Event].
	EventID string
	// ConversationID names a conversation: a ticket, a thread, a case.
	ConversationID string
	// AgentID names an agent. Empty means nobody, or an unknown agent.
	AgentID string
	// TeamID names a team. Empty means none, or an unknown team.
	TeamID string
	// CustomerID names a customer. Empty means an unknown customer.
	CustomerID string
	// Priority is any label, such as "high". Priorities have no order here.
	Priority string
)

// Channel names the way by which a customer and the desk communicate. Any text is
// a channel, and is compared byte by byte; the constants are the usual ones, among
// them those of the presets of package standards. Empty means an unknown channel.
type Channel string

const (
	Email     Channel = "email"
	Chat      Channel = "chat"      // live chat on a site or in an app
	Messaging Channel = "messaging" // messengers, where nobody expects an answer at once
	SMS       Channel = "sms"
	Phone     Channel = "phone"
	Social    Channel = "social" // public posts and comments
	Web       Channel = "web"    // a form on a site
)

// HoldReason says what a conversation on hold waits for. Any text is one.
type HoldReason string

const (
	ForCustomer   HoldReason = "customer"    // an answer of the customer
	ForThirdParty HoldReason = "third_party" // a supplier, another department
)

// Activity says what the time of a [Handled] was spent on. Any text is one.
type Activity string

const (
	Talk   Activity = "talk"    // with the customer
	Hold   Activity = "hold"    // with the customer on hold
	WrapUp Activity = "wrap_up" // after the contact
)
