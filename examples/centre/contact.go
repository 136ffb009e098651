package main

import "time"

type channel string

const (
	phone channel = "phone"
	chat  channel = "chat"
	email channel = "email"
)

// link says what a contact has to do with the one before.
type link uint8

const (
	none        link = iota
	reopens          // the case, in the same thread
	reopensLate      // when nobody holds it against the desk any more
	another          // conversation of the same customer, who came back
	anotherLate      // the same later, with another matter
	newCase          // in the same thread, after a month
)

func (l link) sameThread() bool { return l.sameCase() || l == newCase }

func (l link) sameCase() bool { return l == reopens || l == reopensLate }

// ending says how a contact ended.
type ending uint8

const (
	open ending = iota
	gaveUp
	byPerson
	byCustomer
	byAssistant
	byTimeout  // nobody wrote any more
	timedOut   // while the customer waited for the assistant
	unanswered // a person closed it without a word
)

func (e ending) resolved() bool { return e >= byPerson }

// A contact is all that was decided about one time that a customer came.
type contact struct {
	thread, customer string
	channel          channel
	link             link
	wrote            time.Time
	writes           []time.Time // again, to the assistant
	urgent           bool        // in the end
	urgentFrom       time.Time   // zero if it was from the beginning, or never is
	bot, handOff     time.Time   // when the assistant replied, and when it let a person go on
	carried          bool        // whoever had the thread last time has it from the beginning
	turns            []turn
	answers          []answer
	pauses           []pause
	work             []work
	ending           ending
	closed           time.Time
	requests         []request
	ratings          []time.Time
	unsolicited      bool
}

// A turn is a time of which somebody is in charge, up to the next turn or the end.
type turn struct {
	team, agent string // the agent is empty while nobody in the team is in charge
	from        time.Time
}

// An answer is what a person said to a customer who asked.
type answer struct {
	asked, at time.Time
	agent     string
}

// A pause is for the customer, who wrote at its end or did not.
type pause struct {
	from, to time.Time
	written  bool
}

type work struct {
	agent, activity string
	from, to        time.Time
}

type request struct {
	at   time.Time
	fate fate
}

type fate uint8

const (
	silent fate = iota
	answered
	replaced
)
