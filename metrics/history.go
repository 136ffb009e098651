package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicequality/servicequality/rating"
)

// History is a conversation as a [Reading] sees it: by [Rules], as of an instant. It
// has the waits and cycles, and the figures that follow from them. By
// [Rules.NewCaseAfter] a conversation may be several cases: then each of them is a
// History, with only its own events, and is counted as a conversation is.
//
// The history of a conversation that counts nowhere (see [History.Counts]) is
// empty: no waits, no cycles, no ratings, no volume. So is the zero History.
type History struct {
	conversation Conversation // the events of the case
	thread       Conversation // all the events of the conversation
	number       int          // of the case in the conversation, from 1
	begins       int64        // when the case begins
	until        int64        // when the next one does, or running
	before       standing     // as the case begins
	terms        *terms       // nil in the zero History only
	moves        *moves       // of the log; nil if there are none
	begun        *begun       // nil unless it is wanted; see [Wait.Began]

	waits   []span
	cycles  []span // outcome is Answered where the conversation was resolved
	holds   []hold
	brought []brought // in the order of waits
	ratings []givenRating
	changes []change // of who is in charge
	volume  Volume   // without requests for ratings
	kinds   kinds    // of its events
	silent  bool     // a message or an Opened names no channel

	requests    []request
	unsolicited int // how many of the ratings, the first of them, answer no request
	handled     []handled

	first    int // number of the wait for the first response, from 1, or 0
	reopens  int
	replies  int // how many count as a person's, up to the last Resolved
	owner    uint32
	customer uint32 // the first that a message of the case names
	channel  uint16
	team     uint16 // in charge in the end
	counts   bool

	discarded bool // in the end
	discards  bool // some event of a conversation of several cases discards it
}

// A span is a wait or a cycle in nanoseconds and numbers.
type span struct {
	start, end int64 // end is running if it has not ended
	agent      uint32
	channel    uint16
	team       uint16
	outcome    Outcome
	unassigned bool // see [Wait.Unassigned]
}

// standing is what goes on from one case of a conversation to the next.
type standing struct {
	channel  uint16 // the first that an event names
	team     uint16 // in charge
	assigned uint32 // the agent in charge
	priority uint32
	customer uint32 // the first that a message names
}

// kinds are a set of kinds of events, a bit for each.
type kinds uint32

// A change is of who is in charge, from an instant on.
type change struct {
	at    int64
	agent uint32
	team  uint16
}

// A hold is a pause in nanoseconds.
type hold struct {
	start, end int64
	reason     uint16
}

// brought are the pauses that stopped a wait before a merger moved it here, at an instant.
type brought struct {
	wait  int // number, from 0
	at    int64
	holds []hold
}

// running stands for the end of what has not ended.
const running = 1<<63 - 1

type givenRating struct {
	at      int64
	agent   uint32
	channel uint16
	team    uint16
	stars   rating.Stars
}

// Terms returns the rules and the instant by which the conversation was read.
func (h *History) Terms() Terms { return h.terms.public() }

// rules returns the rules by which the conversation was read.
func (h *History) rules() *Rules {
	if h.terms == nil {
		return new(Rules)
	}
	return &h.terms.Rules
}

// Clone returns a copy that a [Sink] may keep after its Add has returned.
func (h *History) Clone() *History {
	c := *h
	spans := make([]span, 0, len(h.waits)+len(h.cycles))
	spans = append(append(spans, h.waits...), h.cycles...)
	c.waits, c.cycles = slices.Clip(spans[:len(h.waits)]), spans[len(h.waits):]
	c.holds, c.brought, c.ratings = slices.Clone(h.holds), slices.Clone(h.brought), slices.Clone(h.ratings)
	c.changes, c.requests, c.handled = slices.Clone(h.changes), slices.Clone(h.requests), slices.Clone(h.handled)
	return &c
}

// Conversation returns the conversation that was read, as it was known at the
// instant: the events of the case.
func (h *History) Conversation() Conversation { return h.conversation }

// Case returns the number of the case in its conversation, from 1 on; without
// [Rules.NewCaseAfter] it is 1. Of the zero History it is 0.
func (h *History) Case() int { return h.number }

// Counts reports whether the conversation counts. It does not if it has no
// events, was discarded, or is left out by [Rules.ExcludeTeamFirst].
func (h *History) Counts() bool { return h.counts }

// Discarded reports whether the conversation was discarded and not restored.
func (h *History) Discarded() bool { return h.discarded }

// Has reports whether the case has an event of a kind.
func (h *History) Has(k Kind) bool { return h.kinds&(1<<k) != 0 }

// Channel returns the channel of the conversation: the first one that an event
// names.
func (h *History) Channel() Channel { return h.channelOf(h.channel) }

// Customer returns the first customer that a message of the case names or, if none
// does, that of the case before.
func (h *History) Customer() CustomerID {
	if number := h.customerNow(); number != 0 {
		return CustomerID(h.names().customers.Text(number))
	}
	return ""
}

func (h *History) customerNow() uint32 { return cmp.Or(h.customer, h.before.customer) }

// firstChannel returns the number of the first channel that events of the case name, or
// else earlier ones, or 0.
func (h *History) firstChannel() uint16 {
	events := h.conversation.events()
	for i := range events {
		if e := &events[i]; e.channel != 0 && e.kind.hasChannel() {
			return e.channel
		}
	}
	return h.before.channel
}

// hasChannel reports whether events of the kind have a channel.
func (k Kind) hasChannel() bool { return k != KindAssigned && k != KindPaused && k != KindHandled }

// Owner returns the agent who has the conversation: the last person who replied, or
// if nobody did, the one who is assigned; by [Rules.CreditAssigned] the other way
// round.
func (h *History) Owner() AgentID { return h.agent(h.owner) }

// Team returns the team that is in charge as of the reading, or was at the end of the
// case. It is empty if none is.
func (h *History) Team() TeamID { return h.teamOf(h.team) }

// Waits returns the customer's waits in order.
func (h *History) Waits() []Wait {
	waits := make([]Wait, len(h.waits))
	for i := range waits {
		waits[i] = h.wait(i)
	}
	return waits
}

// Responses returns the answered waits in order, including that for the first
// response.
func (h *History) Responses() []Wait {
	var waits []Wait
	for i := range h.waits {
		if h.waits[i].outcome == Answered {
			waits = append(waits, h.wait(i))
		}
	}
	return waits
}

// NextResponses returns the answered waits after the first.
func (h *History) NextResponses() []Wait {
	waits := h.Responses()
	return waits[min(1, len(waits)):]
}

// FirstResponse returns the wait for the first response: the first one that was
// answered, or if none was, the one that is open. It returns false if there is
// neither.
func (h *History) FirstResponse() (Wait, bool) {
	if h.first == 0 {
		return Wait{}, false
	}
	return h.wait(h.first - 1), true
}

// StillWaiting returns the wait that is open, whose duration is its age, and
// false if there is none.
func (h *History) StillWaiting() (Wait, bool) {
	if n := len(h.waits) - 1; n >= 0 && h.waits[n].outcome == Open {
		return h.wait(n), true
	}
	return Wait{}, false
}

// Cycles returns the times during which the conversation was open, in order.
func (h *History) Cycles() []Cycle {
	cycles := make([]Cycle, len(h.cycles))
	for i := range cycles {
		cycles[i] = h.cycle(&h.cycles[i])
		if h.begun != nil {
			cycles[i].began = h.began(h.begun.cycles[i])
		}
	}
	return cycles
}

func (h *History) cycle(s *span) Cycle {
	return Cycle{
		Conversation: h.conversation.ID(),
		Agent:        h.agent(s.agent),
		Team:         h.teamOf(s.team),
		Start:        timeOf(s.start),
		End:          timeOf(s.end),
		Resolved:     s.outcome == Answered,
		Holds:        h.holdsIn(s.start, s.end, AnyReason),
		AsOf:         h.asOf(),
	}
}

// FirstResolution returns the time from the start to the first Resolved, less
// pauses; a nil Calendar means around the clock. It returns false if the first cycle
// did not end with Resolved.
func (h *History) FirstResolution(c Calendar) (time.Duration, bool) {
	first, ok := h.firstResolved()
	if !ok {
		return 0, false
	}
	return h.measure(c, first.start, first.end, AnyReason), true
}

// firstResolved returns the first cycle if it was resolved.
func (h *History) firstResolved() (span, bool) {
	if len(h.cycles) == 0 || h.cycles[0].outcome != Answered {
		return span{}, false
	}
	return h.cycles[0], true
}

// FullResolution returns the time from the start to the last Resolved, less pauses; a
// nil Calendar means around the clock. It includes the time during which the
// conversation lay resolved before it was reopened. It returns false unless the
// conversation is resolved now.
func (h *History) FullResolution(c Calendar) (time.Duration, bool) {
	n := len(h.cycles)
	if n == 0 || h.cycles[n-1].outcome != Answered {
		return 0, false
	}
	return h.measure(c, h.cycles[0].start, h.cycles[n-1].end, AnyReason), true
}

// ActiveTime returns the sum of the cycles, less pauses; a nil Calendar means around
// the clock. It returns false if there are no cycles, or if the last one is open.
func (h *History) ActiveTime(c Calendar) (time.Duration, bool) {
	n := len(h.cycles)
	if n == 0 || h.cycles[n-1].outcome == Open {
		return 0, false
	}
	return h.activeTime(c), true
}

func (h *History) activeTime(c Calendar) time.Duration {
	var sum time.Duration
	for i := range h.cycles {
		sum += h.measure(c, h.cycles[i].start, h.cycles[i].end, AnyReason)
	}
	return sum
}

// Reopens returns how often the conversation was reopened.
func (h *History) Reopens() int { return h.reopens }

// IsOpen reports whether the conversation is open: it is part of the backlog.
func (h *History) IsOpen() bool {
	n := len(h.cycles)
	return n > 0 && h.cycles[n-1].outcome == Open
}

// RepliesToResolve returns the number of replies that people sent up to the last
// Resolved. It returns false unless the conversation is resolved now.
func (h *History) RepliesToResolve() (int, bool) {
	n := len(h.cycles)
	return h.replies, n > 0 && h.cycles[n-1].outcome == Answered
}

// sent returns how many replies count as a person's.
func (h *History) sent() int {
	n := h.volume.Replies
	if h.rules().Automation == AutomationAnswers {
		n += h.volume.Automated
	}
	if h.rules().Assistant == AssistantAnswers {
		n += h.volume.Assistant
	}
	return int(n)
}

// OneTouch reports whether the conversation was resolved with one reply of a person
// and never reopened. If it is not resolved now, both results are false.
func (h *History) OneTouch() (oneTouch, ok bool) {
	replies, ok := h.RepliesToResolve()
	return ok && replies == 1 && h.sent() == 1 && h.reopens == 0, ok
}

// Ratings returns the ratings that count, in order: the last one that answers each
// request, and the last one before any request or, by [Rules.CountEachRating], all.
func (h *History) Ratings() []rating.Stars {
	stars := make([]rating.Stars, len(h.ratings))
	for i, r := range h.ratings {
		stars[i] = r.stars
	}
	return stars
}

// Volume returns how much was sent.
func (h *History) Volume() Volume {
	v := h.volume
	v.RatingRequested = int64(len(h.requests))
	return v
}

// names returns the texts behind the numbers.
func (h *History) names() *names {
	if h.conversation.from == nil {
		return new(names)
	}
	return h.conversation.from.names
}

func (h *History) agent(number uint32) AgentID { return AgentID(h.names().agents.Text(number)) }

func (h *History) teamOf(number uint16) TeamID {
	return TeamID(h.names().teams.Text(uint32(number)))
}

// channelOf returns the channel of a number. Number 0, of an event that names no
// channel, stands for the channel of the conversation.
func (h *History) channelOf(number uint16) Channel {
	if number == 0 {
		number = h.channel
	}
	return Channel(h.names().channels.Text(uint32(number)))
}

// oneSite reports whether no event has another channel or another team than the
// conversation has in the end, so far as the mask has that.
func (h *History) oneSite(mask site) bool {
	if mask>>16 != 0 && (h.before.team != h.team || len(h.changes) > 0) {
		return false
	}
	if uint16(mask) == 0 {
		return true
	}
	events := h.conversation.events()
	for i := range events {
		if c := events[i].channel; c != 0 && c != h.channel && events[i].kind.hasChannel() {
			return false
		}
	}
	return true
}
