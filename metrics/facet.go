package metrics

import (
	"math"
	"time"
)

// Facet tells what a measured thing belongs to: a wait, a cycle, a rating, a
// reply, or a conversation as a whole. A [Breakdown] groups by what a function
// makes of it.
type Facet struct {
	history *History
	scope   *scope
	at      int64
	agent   uint32
	channel uint16
}

// Conversation returns the conversation, such as to look up its team or tag.
func (f Facet) Conversation() ConversationID {
	f.scope.conversation = true
	return f.history.conversation.ID()
}

// Channel returns the channel of the wait, rating or reply; else the
// conversation's.
func (f Facet) Channel() Channel {
	f.scope.channel = true
	return f.history.channelOf(f.channel)
}

// Agent returns who has the credit for a reply, the wait that it ended, or a
// resolution; whose work was rated; else who has the conversation. It is empty
// if nobody is named.
func (f Facet) Agent() AgentID {
	f.scope.agent = true
	return f.history.agent(f.agent)
}

// Customer returns the first customer that a message of the conversation names.
func (f Facet) Customer() CustomerID {
	f.scope.conversation = true
	return f.history.Customer()
}

// Priority returns the priority with which the conversation was opened.
func (f Facet) Priority() Priority {
	f.scope.conversation = true
	return f.history.Priority()
}

// At returns the instant that decides the period: the end of a wait or cycle, or
// by [Rules.ByStart] its start; the instant of a rating or reply; the first
// event of a conversation. What is still open belongs to the instant as of which
// it is looked at.
func (f Facet) At() time.Time {
	f.scope.narrow(f.at, f.at+1)
	return timeOf(f.at)
}

// Period returns the period in which At lies.
func (f Facet) Period(p Periods) Period { return f.scope.period(p, f.at) }

// HourOfWeek returns the hour of the week that the clocks of a zone show at At;
// nil is UTC.
func (f Facet) HourOfWeek(zone *time.Location) HourOfWeek {
	hour := HourOfWeekAt(timeOf(f.at), zone)
	f.scope.narrow(clockHour(f.at, zone))
	return hour
}

// clockHour returns from when to when clocks show the hour that they show at an
// instant; if they are changed in it, that instant.
func clockHour(at int64, zone *time.Location) (from, to int64) {
	second := floorDiv(at, 1e9)
	offset := int64(0)
	if zone != nil {
		offset = offsetAt(second, zone)
	}
	first := floorDiv(second+offset, 3600)*3600 - offset
	if zone != nil && (offsetAt(first, zone) != offset || offsetAt(first+3599, zone) != offset) {
		return at, at + 1
	}
	return first * 1e9, (first + 3600) * 1e9
}

// A scope is what a key function looked at when it made a key. The function
// depends on nothing else, so it makes the same key of each facet that agrees in
// that, and need not be asked again.
type scope struct {
	agent, channel, conversation bool
	from, to                     int64 // the instants that agree, without to

	// The period that was looked up last: most things happen in the same one
	// as what was looked at before them.
	periods Periods
	last    Period
	lastIn  hold
}

// widen forgets what was looked at.
func (s *scope) widen() {
	s.agent, s.channel, s.conversation = false, false, false
	s.from, s.to = math.MinInt64, math.MaxInt64
}

func (s *scope) narrow(from, to int64) {
	s.from, s.to = max(s.from, from), min(s.to, to)
}

func (s *scope) period(p Periods, at int64) Period {
	if p != s.periods || at < s.lastIn.start || at >= s.lastIn.end {
		period, from, to := p.of(floorDiv(at, 1e9))
		s.periods, s.last, s.lastIn = p, period, hold{nanoseconds(from), nanoseconds(to)}
	}
	s.narrow(s.lastIn.start, s.lastIn.end)
	return s.last
}

// nanoseconds returns the nanoseconds of Unix seconds, held to what is
// representable.
func nanoseconds(second int64) int64 {
	return max(firstSecond, min(second, math.MaxInt64/int64(1e9))) * 1e9
}
