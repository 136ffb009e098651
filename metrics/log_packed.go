package metrics

import (
	"cmp"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/intern"
	"github.com/servicequality/servicequality/rating"
)

// packed is an event of a log in 24 bytes without pointers. Texts are numbers
// in the log's tables.
type packed struct {
	at           int64  // nanoseconds since 1970
	conversation uint32 // number
	party        uint32 // number of the agent, customer, priority or conversation, as the kind has it
	id           uint32 // number
	channel      uint16 // number
	kind         Kind
	detail       uint8 // stars of a rating; 1 for a reply that is automated
}

func (p *packed) automated() bool     { return p.detail != 0 }
func (p *packed) stars() rating.Stars { return rating.Stars(p.detail) }

// Limits of what a packed event can refer to.
const (
	maxNumber  = math.MaxInt32
	maxChannel = math.MaxUint16
)

// names are the texts of a log.
type names struct {
	ids           intern.Store // of events, each time they come
	conversations intern.Table
	agents        intern.Table
	customers     intern.Table
	priorities    intern.Table
	channels      intern.Table
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

// parties returns the table of the texts that events of kind k store as their party.
func (n *names) parties(k Kind) *intern.Table {
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

// pack fills p from a record that was checked except for its texts. Texts that the log
// knows were checked when they first came. The others are checked before any of them is
// added, so that a record that is refused leaves nothing behind.
func (n *names) pack(r *Record, p *packed) error {
	parties, party := n.parties(r.Type), r.party()
	conversation, hash := n.conversations.Find(string(r.Conversation))
	number, partyHash := parties.Find(party)
	channel, channelHash := n.channels.Find(string(r.Channel))
	strange := number == 0 && party != ""
	if conversation == 0 || strange || channel == 0 && r.Channel != "" || r.ID != "" {
		if err := r.checkTexts(); err != nil {
			return err
		}
		if n.full() {
			return ErrFull
		}
	}
	if conversation == 0 {
		conversation = n.conversations.Insert(string(r.Conversation), hash)
		if r.Type == KindMerged && strange { // perhaps into itself
			number, partyHash = parties.Find(party)
			strange = number == 0
		}
	}
	if strange {
		number = parties.Insert(party, partyHash)
	}
	if channel == 0 && r.Channel != "" {
		channel = n.channels.Insert(string(r.Channel), channelHash)
	}
	p.at, p.kind = r.At.UnixNano(), r.Type
	p.conversation, p.party, p.channel = conversation, number, uint16(channel)
	p.detail = uint8(r.Stars)
	if r.Automated {
		p.detail = 1
	}
	p.id = 0
	if r.ID != "" {
		n.ids.Add(string(r.ID))
		p.id = uint32(n.ids.Len())
	}
	return nil
}

// full reports whether one of the tables has no room for another name.
func (n *names) full() bool {
	return max(n.ids.Len(), n.conversations.Len()+1, n.agents.Len(), n.customers.Len(), n.priorities.Len()) >= maxNumber ||
		n.channels.Len() >= maxChannel
}

// unpack returns p as a record.
func (n *names) unpack(p *packed) Record {
	r := Record{
		Type:         p.kind,
		ID:           EventID(n.ids.Text(p.id)),
		Conversation: ConversationID(n.conversations.Text(p.conversation)),
		At:           time.Unix(0, p.at).UTC(),
		Channel:      Channel(n.channels.Text(uint32(p.channel))),
	}
	switch party := n.parties(p.kind).Text(p.party); p.kind {
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

// compare orders the events of one conversation: by instant, then by kind, then by what
// they say, so that the order in which they came makes no difference. Only equal events
// compare as 0.
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
		return cmp.Compare(n.parties(a.kind).Text(a.party), n.parties(b.kind).Text(b.party))
	}
	if a.channel != b.channel {
		return cmp.Compare(n.channels.Text(uint32(a.channel)), n.channels.Text(uint32(b.channel)))
	}
	return cmp.Compare(n.ids.Text(a.id), n.ids.Text(b.id))
}
