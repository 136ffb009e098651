package metrics

import (
	"time"

	"github.com/servicequality/servicequality/rating"
)

// History is a conversation as [Rules] read it: its waits and cycles, and the
// figures that follow from them, made in one pass over the events.
//
// The history of a conversation that counts nowhere (see [History.Counts]) is
// empty: no waits, no cycles, no ratings, no volume.
type History struct {
	conversation Conversation
	rules        Rules

	waits   []span
	cycles  []span // outcome is Answered where the conversation was resolved
	updates []span
	holds   []hold
	ratings []givenRating
	volume  Volume

	first    int // index of the wait for the first response, or −1
	reopens  int
	replies  int // that count as a person's, up to the last Resolved
	owner    uint32
	channel  uint16
	excluded bool
}

// A span is a wait or a cycle in nanoseconds and numbers.
type span struct {
	start, end int64 // end is running while there is none
	agent      uint32
	channel    uint16
	outcome    Outcome
}

// A hold is a pause in nanoseconds.
type hold struct{ start, end int64 }

// running is the end of what has not ended.
const running = 1<<63 - 1

type givenRating struct {
	at      int64
	agent   uint32
	channel uint16
	stars   rating.Stars
}

// Volume counts what was sent.
type Volume struct {
	Messages        int64 `json:"messages"`         // from the customer
	Replies         int64 `json:"replies"`          // from people
	Automated       int64 `json:"automated"`        // replies of bots, acknowledgements, campaigns
	RatingRequested int64 `json:"rating_requested"` // surveys
}

func (v *Volume) add(other *Volume) {
	v.Messages += other.Messages
	v.Replies += other.Replies
	v.Automated += other.Automated
	v.RatingRequested += other.RatingRequested
}

// count counts a message, a reply or a survey.
func (v *Volume) count(e *packed) {
	switch {
	case e.kind == KindMessageReceived:
		v.Messages++
	case e.kind == KindRatingRequested:
		v.RatingRequested++
	case e.automated():
		v.Automated++
	default:
		v.Replies++
	}
}

// Conversation returns the conversation that was read.
func (h *History) Conversation() Conversation { return h.conversation }

// Counts reports whether the conversation counts: not so if it has no events,
// was discarded, or is left out by [Rules.ExcludeTeamFirst].
func (h *History) Counts() bool { return !h.excluded }

// Channel returns the channel of the conversation: the first one that an event
// names.
func (h *History) Channel() Channel { return h.channelOf(h.channel) }

// Customer returns the first customer that a message names.
func (h *History) Customer() CustomerID {
	return CustomerID(h.names().customers.Text(h.firstParty(KindMessageReceived)))
}

// Priority returns the priority of the conversation: the first one with which it
// was opened.
func (h *History) Priority() Priority {
	return Priority(h.names().priorities.Text(h.firstParty(KindOpened)))
}

// firstParty returns the number of the first party that an event of a kind
// names, or 0.
func (h *History) firstParty(k Kind) uint32 {
	events := h.conversation.events()
	for i := range events {
		if e := &events[i]; e.kind == k && e.party != 0 {
			return e.party
		}
	}
	return 0
}

// channelOf returns the number of the first channel that events name, or 0.
func channelOf(events []packed) uint16 {
	for i := range events {
		if events[i].channel != 0 {
			return events[i].channel
		}
	}
	return 0
}

// Owner returns the agent who has the conversation: the last person who
// replied, else the one who is assigned; by [Rules.CreditAssigned] the other way
// round.
func (h *History) Owner() AgentID { return h.agent(h.owner) }

// Waits returns the customer's waits in order.
func (h *History) Waits() []Wait {
	waits := make([]Wait, len(h.waits))
	for i := range waits {
		waits[i] = h.wait(i)
	}
	return waits
}

// Responses returns the answered waits in order, that for the first response
// among them.
func (h *History) Responses() []Wait {
	var waits []Wait
	for i := range h.waits {
		if h.waits[i].outcome == Answered {
			waits = append(waits, h.wait(i))
		}
	}
	return waits
}

// NextResponses returns the answered waits but the first.
func (h *History) NextResponses() []Wait {
	waits := h.Responses()
	return waits[min(1, len(waits)):]
}

// FirstResponse returns the wait for the first response: the first one that was
// answered, else the one that is open. It returns false if there is neither.
func (h *History) FirstResponse() (Wait, bool) {
	if h.first < 0 {
		return Wait{}, false
	}
	return h.wait(h.first), true
}

// StillWaiting returns the wait that is open, and false if there is none.
// [Wait.Until] gives its age.
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
	}
	return cycles
}

func (h *History) cycle(s *span) Cycle {
	return Cycle{
		Conversation: h.conversation.ID(),
		Agent:        h.agent(s.agent),
		Start:        timeOf(s.start),
		End:          timeOf(s.end),
		Resolved:     s.outcome == Answered,
		Holds:        h.holdsIn(s.start, s.end),
	}
}

// FirstResolution returns the time from the start to the first Resolved, less
// pauses. It returns false if the first cycle did not end with Resolved.
func (h *History) FirstResolution(c Calendar) (time.Duration, bool) {
	first, ok := h.firstResolved()
	if !ok {
		return 0, false
	}
	return h.measure(c, first.start, first.end, true), true
}

// firstResolved returns the first cycle if it was resolved.
func (h *History) firstResolved() (span, bool) {
	if len(h.cycles) == 0 || h.cycles[0].outcome != Answered {
		return span{}, false
	}
	return h.cycles[0], true
}

// FullResolution returns the time from the start to the last Resolved, less
// pauses: the time during which the conversation lay resolved before it was
// reopened is part of it. It returns false unless the conversation is resolved
// now.
func (h *History) FullResolution(c Calendar) (time.Duration, bool) {
	n := len(h.cycles)
	if n == 0 || h.cycles[n-1].outcome != Answered {
		return 0, false
	}
	return h.measure(c, h.cycles[0].start, h.cycles[n-1].end, true), true
}

// ActiveTime returns the sum of the cycles, less pauses. It returns false if
// there is none, or if the last one is open.
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
		sum += h.measure(c, h.cycles[i].start, h.cycles[i].end, true)
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

// RepliesToResolve returns the number of replies that people sent until the
// last Resolved. It returns false unless the conversation is resolved now.
func (h *History) RepliesToResolve() (int, bool) {
	n := len(h.cycles)
	return h.replies, n > 0 && h.cycles[n-1].outcome == Answered
}

// sent returns how many replies count as a person's.
func (h *History) sent() int {
	n := h.volume.Replies
	if h.rules.Automated == AutomatedAnswers {
		n += h.volume.Automated
	}
	return int(n)
}

// OneTouch reports whether the conversation was resolved with one reply of a
// person and never reopened. Of a conversation that is not resolved now it
// returns false twice.
func (h *History) OneTouch() (oneTouch, ok bool) {
	replies, ok := h.RepliesToResolve()
	return ok && replies == 1 && h.sent() == 1 && h.reopens == 0, ok
}

// Ratings returns the ratings that count, in order: the last one, or by
// [Rules.CountEachRating] all.
func (h *History) Ratings() []rating.Stars {
	stars := make([]rating.Stars, len(h.ratings))
	for i, r := range h.ratings {
		stars[i] = r.stars
	}
	return stars
}

// Volume returns how much was sent.
func (h *History) Volume() Volume { return h.volume }

// names returns the texts behind the numbers; of no conversation, none.
func (h *History) names() *names {
	if h.conversation.from == nil {
		return new(names)
	}
	return h.conversation.from.names
}

func (h *History) agent(number uint32) AgentID { return AgentID(h.names().agents.Text(number)) }

// channelOf returns the channel of a number; what came by no channel that is
// named came by the conversation's.
func (h *History) channelOf(number uint16) Channel {
	if number == 0 {
		number = h.channel
	}
	return Channel(h.names().channels.Text(uint32(number)))
}

// oneChannel reports whether all events came by the channel of the conversation.
func (h *History) oneChannel(events []packed) bool {
	for i := range events {
		if c := events[i].channel; c != 0 && c != h.channel {
			return false
		}
	}
	return true
}

func (h *History) wait(i int) Wait {
	w := h.waitOf(&h.waits[i])
	w.First = i == h.first
	return w
}

func (h *History) waitOf(s *span) Wait {
	w := Wait{
		Conversation: h.conversation.ID(),
		Channel:      h.channelOf(s.channel),
		Start:        timeOf(s.start),
		End:          timeOf(s.end),
		Outcome:      s.outcome,
	}
	if s.outcome == Answered || s.outcome == AnsweredByAutomation {
		w.Agent = h.agent(s.agent)
	}
	if h.rules.PauseStopsWaits {
		w.Holds = h.holdsIn(s.start, s.end)
	}
	return w
}

// holdsIn returns the pauses that reach into a span, cut to it.
func (h *History) holdsIn(start, end int64) []Span {
	var spans []Span
	for _, p := range h.holds {
		if from, to := max(p.start, start), min(p.end, end); from < to {
			spans = append(spans, Span{timeOf(from), timeOf(to)})
		}
	}
	return spans
}

// measure returns the time from start to end, less pauses if they stop it.
func (h *History) measure(c Calendar, start, end int64, pauses bool) time.Duration {
	d := between(c, start, end)
	if pauses {
		for _, p := range h.holds {
			if from, to := max(p.start, start), min(p.end, end); from < to {
				d -= between(c, from, to)
			}
		}
	}
	return d
}

// between measures nanoseconds on a calendar. Around the clock that is their
// difference, which needs no call; so that it need not even be recognised, a nil
// calendar stands for it too.
func between(c Calendar, start, end int64) time.Duration {
	if c == nil || c == AroundTheClock {
		return time.Duration(end - start)
	}
	return c.Between(timeOf(start), timeOf(end))
}

// timeOf returns the instant, or the zero time for what is running.
func timeOf(at int64) time.Time {
	if at == running {
		return time.Time{}
	}
	return time.Unix(0, at).UTC()
}
