package flow

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// solving is what an assistant came to in a case, as far as that depends on no window.
type solving uint8

const (
	absent     solving = iota // no assistant replied
	withPerson                // a person took part
	unsolved                  // it is closed, and no Resolved came after the assistant's reply
	unfinished                // it is open, and no Resolved came after the assistant's reply
	confirmed                 // Resolved by the customer
	assumed                   // Resolved by the assistant, or by automation when the customer did not wait
	timedOut                  // Resolved by automation while the customer waited
)

// resolves reports whether a Resolved decides, once a window after it has passed.
func (s solving) resolves() bool { return s >= confirmed }

// outcome returns what it counts as, if the Resolved was so long ago, and the customer
// came back within the window or did not.
func (s solving) outcome(age time.Duration, returned bool, within time.Duration) AssistantOutcome {
	switch s {
	case absent:
		return AssistantNone
	case withPerson:
		return AssistantWithPerson
	case unsolved:
		return AssistantUnresolved
	case unfinished:
		return AssistantOpen
	}
	switch {
	case age < within:
		return AssistantPending
	case returned || s == timedOut:
		return AssistantUnresolved
	case s == confirmed:
		return AssistantConfirmed
	}
	return AssistantAssumed
}

// assistance follows the part of assistants in one case after another.
type assistance struct {
	history    *metrics.History
	cycles     []cycle
	arrivals   []time.Time              // of waits that mergers bring
	arrived    int                      // how many of them have
	assistants map[metrics.AgentID]bool // empty until it is asked for

	begun   int  // how many of the cycles have
	open    bool // the last of these has not ended
	waits   bool // the customer wrote, and no assistant replied since
	person  bool // a person took part before any assistant
	replied bool // an assistant has
	closed  int  // how many cycles had begun then, if the case was closed; else -1
	solving solving
	solved  int // how many cycles had begun before the Resolved that decides
}

// cyclesOf returns the times during which a case was open. They are good until the next
// call.
func (a *assistance) cyclesOf(h *metrics.History) []cycle {
	a.cycles = a.cycles[:0]
	for open := range h.CycleSpells() {
		c := cycle{open.Start().UnixNano(), never, open.Outcome()}
		if c.outcome != metrics.Open {
			c.end = open.End().UnixNano()
		}
		a.cycles = append(a.cycles, c)
	}
	return a.cycles
}

// of returns what an assistant came to in a case in which one replied, whose cycles were
// the last that were asked for. If a Resolved decides, it returns when that was, and when
// the case was first reopened after it.
func (a *assistance) of(h *metrics.History) (s solving, resolved, returned int64) {
	clear(a.assistants)
	*a = assistance{history: h, cycles: a.cycles, arrivals: a.arrivals[:0], assistants: a.assistants, closed: -1}
	a.arrivals = slices.AppendSeq(a.arrivals, h.Arrivals())
	for m := range h.Moments() {
		// At its instant, a wait arrives before anything that could end it.
		for a.arrived < len(a.arrivals) && !a.arrivals[a.arrived].After(m.At()) {
			a.write(a.arrivals[a.arrived])
			a.arrived++
		}
		if a.next(m); a.solving == withPerson {
			return withPerson, 0, 0
		}
	}
	switch {
	case a.solving.resolves():
		resolved, returned = resolution(a.cycles, a.solved-1)
		return a.solving, resolved, returned
	case a.cycles[len(a.cycles)-1].outcome == metrics.Open:
		return unfinished, 0, 0
	case a.closed == len(a.cycles) && a.person:
		// The assistant only wrote when a person was done.
		return withPerson, 0, 0
	}
	return unsolved, 0, 0
}

// next takes the next event of the case.
func (a *assistance) next(m metrics.Moment) {
	person := false
	switch m.Kind() {
	case metrics.KindOpened, metrics.KindReopened:
		a.start(m.At())
	case metrics.KindMessageReceived:
		a.write(m.At())
	case metrics.KindReplySent:
		switch m.By() {
		case metrics.ByPerson:
			person = true
		case metrics.ByAssistant:
			a.waits = false
			if !a.replied && !a.open {
				a.closed = a.begun
			}
			a.replied = true
		}
	case metrics.KindAssigned:
		// Who has a case before the assistant replies need not have looked at it.
		person = a.replied && (m.Agent() != "" || m.Team() != "") && !a.isAssistant(m.Agent())
	case metrics.KindHandled:
		person = !a.isAssistant(m.Agent())
	case metrics.KindResolved:
		if !a.open {
			break
		}
		a.open = false
		person = m.By() == metrics.ByPerson && !a.isAssistant(m.Agent())
		if a.replied {
			a.resolve(m.By())
		}
	case metrics.KindAbandoned:
		a.open = false
	case metrics.KindMerged:
		// Mergers without effect leave it open.
		if a.open && a.cycles[a.begun-1].outcome == metrics.Moved && a.cycles[a.begun-1].end == m.At().UnixNano() {
			a.open = false
		}
	}
	switch {
	case person && a.replied:
		a.solving = withPerson
	case person:
		a.person = true
	}
}

// write takes what the customer wrote. By rules that want an explicit Reopened it opens
// nothing but a new case, though a Reopened of that instant may come after it.
func (a *assistance) write(at time.Time) {
	a.waits = true
	if a.begun == 0 || !a.history.Terms().Rules.ReopenExplicitly {
		a.start(at)
	}
}

// start takes something that may open the case.
func (a *assistance) start(at time.Time) {
	if !a.open && a.begun < len(a.cycles) && a.cycles[a.begun].start == at.UnixNano() {
		a.open = true
		a.begun++
	}
}

// resolve takes a Resolved by someone, of which the first after an assistant's reply
// decides.
func (a *assistance) resolve(by metrics.Actor) {
	switch {
	case a.solving != absent:
		return
	case by == metrics.ByCustomer:
		a.solving = confirmed
	case by == metrics.ByAutomation && a.waits:
		a.solving = timedOut
	default:
		a.solving = assumed
	}
	a.solved = a.begun
}

// isAssistant reports whether an agent sent a reply as an assistant in the case.
func (a *assistance) isAssistant(agent metrics.AgentID) bool {
	if agent == "" {
		return false
	}
	if len(a.assistants) == 0 {
		for m := range a.history.Moments() {
			if m.Kind() == metrics.KindReplySent && m.By() == metrics.ByAssistant {
				if a.assistants == nil {
					a.assistants = make(map[metrics.AgentID]bool)
				}
				a.assistants[m.Agent()] = true
			}
		}
	}
	return a.assistants[agent]
}
