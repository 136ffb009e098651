package metrics

import (
	"cmp"
	"encoding/binary"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/intern"
	"github.com/servicequality/servicequality/metrics/internal/varint"
	"github.com/servicequality/servicequality/rating"
)

// packed is an event of a log in 24 bytes without pointers. Texts are numbers
// in the log's tables.
type packed struct {
	at           int64  // nanoseconds since 1970
	conversation uint32 // number
	party        uint32 // number of the agent, customer, priority or conversation, as the kind has it
	rare         uint32 // number of what few events have: ID, Seq, Until, Took, Event; or 0
	channel      uint16 // number; of a team for Assigned, of what it is for for Paused and Handled
	kind         Kind
	detail       uint8 // stars of a rating; else an Actor
}

func (p *packed) by() Actor           { return Actor(p.detail) }
func (p *packed) stars() rating.Stars { return rating.Stars(p.detail) }

// Limits of what a packed event can refer to.
const (
	maxNumber  = math.MaxInt32
	maxChannel = math.MaxUint16
)

// names are the texts of a log.
type names struct {
	rare          intern.Store // of events, each time they come
	conversations intern.Table
	agents        intern.Table
	customers     intern.Table
	priorities    intern.Table
	channels      intern.Table
	teams         intern.Table
	purposes      intern.Table // reasons and activities
}

// tables returns the tables of names.
func (n *names) tables() [nameTables]*intern.Table {
	return [...]*intern.Table{&n.conversations, &n.agents, &n.customers, &n.priorities, &n.channels, &n.teams, &n.purposes}
}

const (
	nameTables = 7
	firstWay   = 4 // of them; those before are of conversations and parties
)

// reset removes all names, and keeps the room.
func (n *names) reset() {
	n.rare.Reset()
	for _, t := range n.tables() {
		t.Reset()
	}
}

// party returns the text that an event stores as its party. A field that its kind ignores
// is none.
func (r *Record) party() string {
	switch r.Type {
	case KindOpened, KindPrioritized:
		return string(r.Priority)
	case KindMessageReceived:
		return string(r.Customer)
	case KindMerged:
		return string(r.Into)
	case KindReopened, KindAssigned, KindRatingRequested, KindReplySent, KindHandled, KindRatingGiven, KindResolved:
		return string(r.Agent)
	}
	return ""
}

// parties returns the table of the texts that events of kind k store as their party.
func (n *names) parties(k Kind) *intern.Table {
	switch k {
	case KindOpened, KindPrioritized:
		return &n.priorities
	case KindMessageReceived:
		return &n.customers
	case KindMerged:
		return &n.conversations
	}
	return &n.agents
}

// way returns the text that an event stores as its channel, likewise.
func (r *Record) way() string {
	switch r.Type {
	case KindAssigned:
		return string(r.Team)
	case KindPaused:
		if r.For == "" {
			return string(ForCustomer)
		}
		return r.For
	case KindHandled:
		return r.For
	case KindOpened, KindMessageReceived, KindRatingRequested, KindReplySent, KindRatingGiven:
		return string(r.Channel)
	}
	return ""
}

// ways returns the table of the texts that events of kind k store as their channel.
func (n *names) ways(k Kind) *intern.Table {
	switch k {
	case KindAssigned:
		return &n.teams
	case KindPaused, KindHandled:
		return &n.purposes
	}
	return &n.channels
}

// pack fills p from a record that was checked except for its texts. Texts that the log
// knows were checked when they first came. The others are checked before any of them is
// added, so that a record that is refused leaves nothing behind; unless the caller did
// so.
func (n *names) pack(r *Record, p *packed, checked bool) error {
	parties, party := n.parties(r.Type), r.party()
	ways, way := n.ways(r.Type), r.way()
	conversation, hash := n.conversations.Find(string(r.Conversation))
	number, partyHash := parties.Find(party)
	channel, wayHash := ways.Find(way)
	strange, unknown, rare := number == 0 && party != "", channel == 0 && way != "", r.isRare()
	if conversation == 0 || strange || unknown || rare {
		if !checked {
			if err := r.checkTexts(); err != nil {
				return err
			}
		}
		// A merger may name two conversations that are not known.
		if conversation == 0 && n.conversations.Len()+1 >= maxNumber || strange && parties.Len()+1 >= maxNumber ||
			unknown && ways.Len() >= maxChannel || rare && n.rare.Len() >= maxNumber {
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
	if unknown {
		channel = ways.Insert(way, wayHash)
	}
	p.at, p.kind = r.At.UnixNano(), r.Type
	p.conversation, p.party, p.channel = conversation, number, uint16(channel)
	p.detail = uint8(r.Stars) | uint8(r.By) // of which a kind has one
	p.rare = 0
	if rare {
		var room [maxRareHead]byte
		n.rare.Add(r.rareHead(room[:0]), string(r.ID))
		p.rare = uint32(n.rare.Len())
	}
	return nil
}

// isRare reports whether r has anything that few events have.
func (r *Record) isRare() bool {
	return r.ID != "" || r.Seq|int64(r.Took) != 0 || r.Retracts != "" || !r.Until.IsZero()
}

// What few events have is one text: a byte that says what is there, then numbers as
// varints, then the Event after its length, then the ID.
const (
	hasSeq = 1 << iota
	hasUntil
	hasTook
	hasEvent

	maxRareHead = 1 + 4*binary.MaxVarintLen64
)

// rareHead appends what few events have, but for the texts of the ID.
func (r *Record) rareHead(b []byte) []byte {
	b = append(b, 0)
	if r.Seq != 0 {
		b[0] |= hasSeq
		b = binary.AppendUvarint(b, uint64(r.Seq))
	}
	if !r.Until.IsZero() {
		b[0] |= hasUntil
		b = binary.AppendUvarint(b, uint64(r.Until.UnixNano()))
	}
	if r.Took != 0 {
		b[0] |= hasTook
		b = binary.AppendUvarint(b, uint64(r.Took))
	}
	if r.Retracts != "" {
		b[0] |= hasEvent
		b = binary.AppendUvarint(b, uint64(len(r.Retracts)))
		b = append(b, r.Retracts...)
	}
	return b
}

// rarity is what few events have.
type rarity struct {
	seq, until, took int64
	event, id        string
}

// rarityOf returns what few events have, of p.
func (n *names) rarityOf(p *packed) rarity {
	var r rarity
	if p.rare == 0 {
		return r
	}
	text := n.rare.Text(p.rare)
	flags := text[0]
	if text = text[1:]; flags == 0 {
		r.id = text
		return r
	}
	number := func(flag byte) int64 {
		if flags&flag == 0 {
			return 0
		}
		v, size := varint.Unsigned(text)
		text = text[size:]
		return int64(v)
	}
	r.seq, r.until, r.took = number(hasSeq), number(hasUntil), number(hasTook)
	size := number(hasEvent)
	r.event, r.id = text[:size], text[size:]
	return r
}

// seqOf returns the Seq of p.
func (n *names) seqOf(p *packed) int64 {
	if p.rare == 0 {
		return 0
	}
	return n.rarityOf(p).seq
}

// unpack returns p as a record.
func (n *names) unpack(p *packed) Record {
	rare := n.rarityOf(p)
	r := Record{
		Type:         p.kind,
		ID:           EventID(rare.id),
		Conversation: ConversationID(n.conversations.Text(p.conversation)),
		At:           time.Unix(0, p.at).UTC(),
		Seq:          rare.seq,
		Took:         Took(rare.took),
		Retracts:     EventID(rare.event),
	}
	if rare.until != 0 {
		r.Until = time.Unix(0, rare.until).UTC()
	}
	switch party := n.parties(p.kind).Text(p.party); p.kind {
	case KindOpened, KindPrioritized:
		r.Priority = Priority(party)
	case KindMessageReceived:
		r.Customer = CustomerID(party)
	case KindMerged:
		r.Into = ConversationID(party)
	default:
		r.Agent = AgentID(party)
	}
	switch way := n.ways(p.kind).Text(uint32(p.channel)); p.kind {
	case KindAssigned:
		r.Team = TeamID(way)
	case KindPaused, KindHandled:
		r.For = way
	default:
		r.Channel = Channel(way)
	}
	if p.kind == KindRatingGiven {
		r.Stars = p.stars()
	} else {
		r.By = p.by()
	}
	return r
}

// compare orders the events of one conversation: by instant, by Seq, by kind, and then by
// what they say, so that the order in which they came makes no difference. Only equal
// events compare as 0.
func (n *names) compare(a, b *packed) int {
	if a.at != b.at {
		return cmp.Compare(a.at, b.at)
	}
	if a.rare|b.rare != 0 {
		if seq := cmp.Compare(n.seqOf(a), n.seqOf(b)); seq != 0 {
			return seq
		}
	}
	if a.kind != b.kind {
		return cmp.Compare(a.kind, b.kind)
	}
	// A person's reply before an assistant's, fewer stars before more.
	if a.detail != b.detail {
		return cmp.Compare(a.detail, b.detail)
	}
	if a.party != b.party {
		return cmp.Compare(n.parties(a.kind).Text(a.party), n.parties(b.kind).Text(b.party))
	}
	if a.channel != b.channel {
		return cmp.Compare(n.ways(a.kind).Text(uint32(a.channel)), n.ways(b.kind).Text(uint32(b.channel)))
	}
	if a.rare|b.rare == 0 {
		return 0
	}
	x, y := n.rarityOf(a), n.rarityOf(b)
	return cmp.Or(cmp.Compare(x.until, y.until), cmp.Compare(x.took, y.took), cmp.Compare(x.event, y.event), cmp.Compare(x.id, y.id))
}
