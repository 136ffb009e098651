package metrics

// Channel names the way by which a customer and the desk spoke. It is open: any
// text is a channel of its own, and is compared letter by letter. The constants
// are the names that the presets of package standards know. The empty channel
// is one that is not known.
type Channel string

const (
	Email     Channel = "email"
	Chat      Channel = "chat"      // live chat on a site or in an app
	Messaging Channel = "messaging" // messengers, where nobody expects an answer at once
	SMS       Channel = "sms"
	Phone     Channel = "phone"
	Video     Channel = "video"
	Social    Channel = "social" // public posts and comments
	Web       Channel = "web"    // a form on a site
	Portal    Channel = "portal" // a customer portal
	API       Channel = "api"
	InPerson  Channel = "in_person"
	Post      Channel = "post" // letters
)
