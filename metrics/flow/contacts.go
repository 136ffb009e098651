package flow

import (
	"fmt"
	"iter"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Contacts are cases, each with what the customer did afterwards: those of a group of
// [Returns], all of them, or those of a customer. Cases that were merged into others are
// not among them, but count as returns. The zero value has none.
//
// Settled conversations alone do not tell who came back, because the customer may be in
// one that is open. So where nothing else was added, FirstContact, Assistants and
// TimeToReturn return an error that wraps [metrics.ErrOtherTerms]. Once such [Returns] are
// merged with those of the other conversations, as of the same instant or a later one,
// they know; see [metrics.Reading.Settled].
type Contacts struct {
	trail  *trail
	visits []uint32
}

// Count returns the number of cases.
func (c Contacts) Count() int64 { return int64(len(c.visits)) }

// All yields the cases: the evidence of what is counted in them. They come in the order in
// which they were added or, for [Returns.Customer], in which the customer wrote. Where
// only settled conversations were added, a case may have returns that are not known yet.
func (c Contacts) All() iter.Seq[Contact] {
	return func(yield func(Contact) bool) {
		for _, n := range c.visits {
			if !yield(c.trail.contact(n)) {
				return
			}
		}
	}
}

// check returns why the cases cannot answer for a window, if they cannot.
func (c Contacts) check(within time.Duration) error {
	if within <= 0 {
		return fmt.Errorf("%w: %v", ErrWindow, within)
	}
	return c.know()
}

// know returns why it is not known who came back, if it is not.
func (c Contacts) know() error {
	if c.trail != nil && c.trail.settled {
		return fmt.Errorf("%w: settled conversations alone do not tell who came back", metrics.ErrOtherTerms)
	}
	return nil
}

// FirstContact counts after how many of the cases the customer did not come back within a
// window, such as [FirstContactWindow]. If the window is not positive, the error wraps
// [ErrWindow].
func (c Contacts) FirstContact(within time.Duration) (FirstContact, error) {
	if err := c.check(within); err != nil {
		return FirstContact{}, err
	}
	f := FirstContact{Within: within}
	if c.trail != nil {
		f.AsOf = c.trail.asOf
	}
	for _, n := range c.visits {
		v := c.trail.firstContact(n, within)
		f.add(v)
		if (v == ContactResolved || v == ContactReturned) && !c.trail.isReturn(n, within) {
			f.Issues.Whole++
			if v == ContactResolved {
				f.Issues.Part++
			}
		}
	}
	return f, nil
}

// Assistants counts the outcomes of the cases in which an assistant replied, with a
// window, such as [AssistantWindow], in which the customer must not come back. If it is
// not positive, the error wraps [ErrWindow].
func (c Contacts) Assistants(within time.Duration) (Assistants, error) {
	if err := c.check(within); err != nil {
		return Assistants{}, err
	}
	a := Assistants{Within: within}
	if c.trail != nil {
		a.AsOf = c.trail.asOf
	}
	for _, n := range c.visits {
		v := c.trail.visits.at(n)
		if v.wrote != never || v.solving != absent {
			a.Cases++
		}
		outcome, returned := c.trail.assistant(n, within)
		a.add(outcome)
		switch {
		case outcome == AssistantPending && returned:
			a.PendingReturned++
		case outcome.alone() && v.customer == 0:
			a.Unknown++
		}
	}
	return a, nil
}

// TimeToReturn returns for each case that was resolved how long after that the customer
// came back, for [stat.KaplanMeier], which needs no window. Where the customer has not
// come back, it is censored at the instant of the reading. Cases without a customer, who
// may be anyone, are left out.
func (c Contacts) TimeToReturn() ([]stat.Observation, error) {
	if err := c.know(); err != nil {
		return nil, err
	}
	var all []stat.Observation
	for _, n := range c.visits {
		v := c.trail.visits.at(n)
		if v.customer == 0 || v.resolved == never {
			continue
		}
		at, _ := c.trail.back(n, v.resolved, v.returned)
		o := stat.Observation{Time: time.Duration(at - v.resolved)}
		if at == never {
			o = stat.Observation{Time: c.trail.age(v.resolved), Censored: true}
		}
		all = append(all, o)
	}
	return all, nil
}

// age returns how long before the instant of the reading something was.
func (t *trail) age(at int64) time.Duration { return t.asOf.Sub(instantOf(at)) }

// firstContact returns what a case counts as.
func (t *trail) firstContact(n uint32, within time.Duration) FirstContactVerdict {
	v := t.visits.at(n)
	if v.resolved == never {
		return ContactNone
	}
	if v.customer == 0 {
		return ContactUnknown
	}
	at, _ := t.back(n, v.resolved, v.returned)
	return verdict(t.age(v.resolved), at != never && at-v.resolved <= int64(within), within)
}

// assistant returns the outcome of a case in which an assistant replied, and whether the
// customer came back within the window.
func (t *trail) assistant(n uint32, within time.Duration) (AssistantOutcome, bool) {
	s := t.visits.at(n).solving
	if !s.resolves() {
		return s.outcome(0, false, within), false
	}
	resolved, reopened := t.assistance(n)
	at, _ := t.back(n, resolved, reopened)
	returned := at != never && at-resolved <= int64(within)
	return s.outcome(t.age(resolved), returned, within), returned
}

// Contact is a case with what the customer did afterwards.
type Contact struct {
	Conversation metrics.ConversationID
	Customer     metrics.CustomerID // empty if no message names one
	Wrote        time.Time          // the first message of the customer; zero if there is none
	Resolved     time.Time          // the first time; zero if it never was
	// Returned is when the customer came back after that, whenever it was: in the case,
	// which was reopened, or in another one. It is zero if the customer did not.
	Returned   time.Time
	ReturnedIn metrics.ConversationID // in which conversation that was

	trail *trail
	visit uint32
}

func (t *trail) contact(n uint32) Contact {
	v := t.visits.at(n)
	c := Contact{
		Conversation: metrics.ConversationID(t.conversations.Text(v.conversation)),
		Customer:     metrics.CustomerID(t.customers.Text(v.customer)),
		Wrote:        instantOf(v.wrote),
		Resolved:     instantOf(v.resolved),
		trail:        t, visit: n,
	}
	if at, in := t.back(n, v.resolved, v.returned); at != never {
		c.Returned = instantOf(at)
		c.ReturnedIn = metrics.ConversationID(t.conversations.Text(t.visits.at(in).conversation))
	}
	return c
}

// FirstContact returns what the case counts as in [Contacts.FirstContact] by the same
// window. For one that is not positive it is ContactNone.
func (c Contact) FirstContact(within time.Duration) FirstContactVerdict {
	if c.trail == nil || within <= 0 {
		return ContactNone
	}
	return c.trail.firstContact(c.visit, within)
}

// Assistant returns what the case counts as in [Contacts.Assistants] by the same window.
// For one that is not positive it is AssistantNone.
func (c Contact) Assistant(within time.Duration) AssistantOutcome {
	if c.trail == nil || within <= 0 {
		return AssistantNone
	}
	outcome, _ := c.trail.assistant(c.visit, within)
	return outcome
}
