package metrics

import "slices"

func (r *reader) reply(e *packed) {
	if r.terms.Rules.ExcludeTeamFirst && !r.spoken {
		r.counts = false
	}
	switch e.by() {
	case ByPerson:
		r.volume.Replies++
		r.answer(e)
	case ByAssistant:
		r.volume.Assistant++
		r.assist(e)
	default:
		r.volume.Automated++
		r.acknowledge(e)
	}
}

func (r *reader) assign(e *packed) {
	if r.assigned != e.party || r.team != e.channel {
		r.changes = append(r.changes, change{e.at, e.party, e.channel})
	}
	r.assigned, r.team = e.party, e.channel
	if e.party == 0 && e.channel == 0 {
		return
	}
	if e.party != 0 && r.waiting && r.waits[len(r.waits)-1].unassigned {
		r.waits[len(r.waits)-1].start, r.waits[len(r.waits)-1].unassigned = e.at, false
	}
	// A hand-off from an assistant starts a wait for a person.
	if r.assisted && !r.waiting && r.state == inProgress && !r.isAssistant(e.party) {
		r.startWait(e.at, 0)
	}
}

// isAssistant reports whether an agent sends a reply as an assistant in the case, perhaps later.
// Nobody is no assistant: a team alone is one of persons.
func (r *reader) isAssistant(agent uint32) bool {
	if agent == 0 {
		return false
	}
	if r.assists == nil {
		r.assists = assistsOf(r.thread)
	}
	at, found := r.assists.next(agent, r.rest.first)
	if !found || at >= r.ends {
		return false
	}
	r.presumed = max(r.presumed, at+1)
	return true
}

// assists are the replies of assistants in a conversation: where in its log they are, in
// order, by agent.
type assists struct{ by map[uint32][]uint32 }

func assistsOf(c Conversation) *assists {
	by := make(map[uint32][]uint32)
	events := c.events()
	for i := range events {
		if e := &events[i]; e.kind == KindReplySent && e.by() == ByAssistant {
			by[e.party] = append(by[e.party], c.first+uint32(i))
		}
	}
	return &assists{by}
}

// next returns where an agent's next reply as an assistant is, from a place on.
func (a *assists) next(agent, from uint32) (at uint32, found bool) {
	all := a.by[agent]
	i, _ := slices.BinarySearch(all, from)
	if i == len(all) {
		return 0, false
	}
	return all[i], true
}

// acknowledge takes a reply of automation.
func (r *reader) acknowledge(e *packed) {
	switch r.terms.Rules.Automation {
	case AutomationEnds:
		r.endWait(e.at, AnsweredByAutomation, e.party)
		r.tell(e.at, AnsweredByAutomation, e.party)
	case AutomationAnswers:
		r.answer(e)
	}
}

// assist takes a reply of an assistant.
func (r *reader) assist(e *packed) {
	switch r.terms.Rules.Assistant {
	case AssistantEnds:
		if e.party != 0 {
			r.spoke = e.party
		}
		r.endWait(e.at, AnsweredByAssistant, e.party)
		r.tell(e.at, AnsweredByAssistant, e.party)
		r.assisted = !r.answered
	case AssistantAnswers:
		r.answer(e)
	}
}

// answer takes a reply of a person, or one that counts as such.
func (r *reader) answer(e *packed) {
	if e.party != 0 {
		r.replier, r.spoke = e.party, e.party
	}
	agent := r.credit(e.party)
	r.assisted, r.answered = false, true
	r.endWait(e.at, Answered, agent)
	r.tell(e.at, Answered, agent)
}

// credit returns the agent who has the credit for what the given one did.
func (r *reader) credit(agent uint32) uint32 {
	if r.terms.Rules.CreditAssigned && r.assigned != 0 {
		return r.assigned
	}
	return agent
}

// inCharge returns the agent who has the conversation.
func (r *reader) inCharge() uint32 {
	if r.terms.Rules.CreditAssigned && r.assigned != 0 || r.replier == 0 {
		return r.assigned
	}
	return r.replier
}
