package metrics

import (
	"iter"
	"time"
)

// Moment is an event of a [History] for code that counts and needs few texts: its
// kind, its instant, and who replied or was assigned. The zero value has kind 0 and the
// zero time.
type Moment struct {
	history *History
	event   *packed
	charge  change // who is in charge after the event
}

// Moments yields the events in order, in a fraction of the time of
// [Conversation.Records], which looks up all texts.
func (h *History) Moments() iter.Seq[Moment] {
	return func(yield func(Moment) bool) {
		events := h.conversation.events()
		m := Moment{history: h, charge: change{agent: h.before.assigned, team: h.before.team}}
		for i := range events {
			if m.event = &events[i]; m.event.kind == KindAssigned {
				m.charge.agent, m.charge.team = m.event.party, m.event.channel
			}
			if !yield(m) {
				return
			}
		}
	}
}

// Kind returns the kind of the event.
func (m Moment) Kind() Kind {
	if m.event == nil {
		return 0
	}
	return m.event.kind
}

// At returns the instant of the event, in UTC.
func (m Moment) At() time.Time {
	if m.event == nil {
		return time.Time{}
	}
	return timeOf(m.event.at)
}

// By returns who acted: who sent a reply, resolved or reopened the conversation. For
// other events it is ByPerson.
func (m Moment) By() Actor {
	switch m.Kind() {
	case KindReplySent, KindResolved, KindReopened:
		return m.event.by()
	}
	return ByPerson
}

// Agent returns the agent whom the event names. It is empty if there is none.
func (m Moment) Agent() AgentID {
	if !m.Kind().hasAgent() {
		return ""
	}
	return m.history.agent(m.event.party)
}

// Team returns the team that is in charge after the event: of an Assigned, the one that
// it puts in charge. It is empty if none is.
func (m Moment) Team() TeamID {
	if m.event == nil {
		return ""
	}
	return m.history.teamOf(m.charge.team)
}

// Took returns how long a Handled took, and 0 of other events.
func (m Moment) Took() time.Duration {
	if m.Kind() != KindHandled {
		return 0
	}
	return time.Duration(m.history.names().rarityOf(m.event).took)
}

// Activity returns what a Handled was for. It is empty of other events.
func (m Moment) Activity() Activity {
	if m.Kind() != KindHandled {
		return ""
	}
	return Activity(m.history.names().purposes.Text(uint32(m.event.channel)))
}

// Facet returns the facet of the event: its instant, its channel, the agent whom it names
// or, if it names none, the one in charge, and the team in charge.
func (m Moment) Facet() Facet {
	if m.event == nil {
		return Facet{}
	}
	f := Facet{history: m.history, at: m.event.at, agent: m.charge.agent, channel: m.history.channel, team: m.charge.team}
	if m.event.channel != 0 && m.event.kind.hasChannel() {
		f.channel = m.event.channel
	}
	if m.event.party != 0 && m.event.kind.hasAgent() {
		f.agent = m.event.party
	}
	return f
}

// hasAgent reports whether the party of events of the kind is an agent.
func (k Kind) hasAgent() bool {
	switch k {
	case KindReplySent, KindRatingRequested, KindRatingGiven, KindAssigned, KindHandled, KindResolved, KindReopened:
		return true
	}
	return false
}
