package metrics

import (
	"cmp"
	"time"

	"github.com/servicequality/servicequality/rating"
)

// packed is an event of a log in 24 bytes without pointers. Texts are numbers
// of the log's interners.
type packed struct {
	at           int64  // nanoseconds since 1970
	conversation uint32 // number
	party        uint32 // number of the agent, customer, priority or conversation, as the kind has it
	id           uint32 // 1 + index into the log's identifiers, 0 for none
	channel      uint16 // number
	kind         Kind
	detail       uint8 // stars of a rating; 1 for a reply that is automated
}

func (p *packed) automated() bool     { return p.detail != 0 }
func (p *packed) stars() rating.Stars { return rating.Stars(p.detail) }

// names are the texts of a log.
type names struct {
	ids           textStore // of events; not distinct
	conversations interner
	agents        interner
	customers     interner
	priorities    interner
	channels      interner
}

// party returns the text that an event of kind k stores as its party.
func (r *Record) party() string {
	switch r.Type {
	case KindOpened:
		return string(r.Priority)
	case KindMessageReceived:
		return string(r.Customer)
	case KindMerged:
		return string(r.Into)
	}
	return string(r.Agent)
}

// parties returns the interner of what an event of kind k stores as its party.
func (n *names) parties(k Kind) *interner {
	switch k {
	case KindOpened:
		return &n.priorities
	case KindMessageReceived:
		return &n.customers
	case KindMerged:
		return &n.conversations
	}
	return &n.agents
}

// pack returns the packed form of a checked record, or false if the names are
// full.
func (n *names) pack(r *Record) (packed, bool) {
	p := packed{at: r.At.UnixNano(), kind: r.Type, detail: uint8(r.Stars)}
	if r.Automated {
		p.detail = 1
	}
	if n.ids.len() >= maxNumber {
		return p, false
	}
	var channel uint32
	var ok [3]bool
	p.conversation, ok[0] = n.conversations.number(string(r.Conversation), maxNumber)
	p.party, ok[1] = n.parties(r.Type).number(r.party(), maxNumber)
	channel, ok[2] = n.channels.number(string(r.Channel), maxChannel)
	if r.ID != "" {
		p.id = n.ids.add(string(r.ID)) + 1
	}
	p.channel = uint16(channel)
	return p, ok == [3]bool{true, true, true}
}

// unpack returns the record of p.
func (n *names) unpack(p *packed) Record {
	r := Record{
		Type:         p.kind,
		ID:           EventID(n.id(p)),
		Conversation: ConversationID(n.conversations.text(p.conversation)),
		At:           time.Unix(0, p.at).UTC(),
		Channel:      Channel(n.channels.text(uint32(p.channel))),
	}
	switch party := n.parties(p.kind).text(p.party); p.kind {
	case KindOpened:
		r.Priority = Priority(party)
	case KindMessageReceived:
		r.Customer = CustomerID(party)
	case KindMerged:
		r.Into = ConversationID(party)
	default:
		r.Agent = AgentID(party)
	}
	switch p.kind {
	case KindReplySent:
		r.Automated = p.automated()
	case KindRatingGiven:
		r.Stars = p.stars()
	}
	return r
}

func (n *names) id(p *packed) string {
	if p.id == 0 {
		return ""
	}
	return n.ids.at(p.id - 1)
}

// compare orders the events of one conversation: by instant, then by kind, and
// where both are the same by what the events say, so that the order in which
// they came does not show. Only equal events compare as 0.
func (n *names) compare(a, b *packed) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	if a.kind != b.kind {
		return cmp.Compare(a.kind, b.kind)
	}
	// A person's reply before an automated one, fewer stars before more.
	if a.detail != b.detail {
		return cmp.Compare(a.detail, b.detail)
	}
	if a.party != b.party {
		return cmp.Compare(n.parties(a.kind).text(a.party), n.parties(b.kind).text(b.party))
	}
	if a.channel != b.channel {
		return cmp.Compare(n.channels.text(uint32(a.channel)), n.channels.text(uint32(b.channel)))
	}
	return cmp.Compare(n.id(a), n.id(b))
}
