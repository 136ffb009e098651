package main

import (
	"fmt"
	"iter"
	"math/bits"
	"math/rand/v2"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// A desk is made up: the same one for the same numbers.
type desk struct {
	agents, days int
	seed         uint64
	zone         *time.Location // in which its days begin
}

// Conversations that begin for each agent and day.
const (
	onWeekday = 10
	onWeekend = 3
)

var firstDay = metrics.PeriodOf(metrics.Day, 2026, time.January, 1, time.Monday)

// byDay are the desk's days.
func (d desk) byDay() metrics.Periods { return metrics.Periods{Unit: metrics.Day, Zone: d.zone} }

// asOf is the last instant of the day before the n-th: what is still open belongs
// to the day of the instant as of which it is read, and midnight is the next day.
func (d desk) asOf(n int) time.Time { return firstDay.Next(n).In(d.zone).Start.Add(-1) }

// events yields what has happened by the end of the last day, conversation by
// conversation.
func (d desk) events() iter.Seq[metrics.Event] {
	return func(yield func(metrics.Event) bool) {
		end := d.asOf(d.days)
		number := 0
		for n := range d.days {
			day := firstDay.Next(n)
			conversations := d.agents * onWeekday
			if isWeekend(day.Weekday()) {
				conversations = d.agents * onWeekend
			}
			midnight := day.In(d.zone).Start
			for range conversations {
				for _, e := range d.conversation(number, midnight) {
					if !metrics.RecordOf(e).At.After(end) && !yield(e) {
						return
					}
				}
				number++
			}
		}
	}
}

func isWeekend(day time.Weekday) bool { return day == time.Saturday || day == time.Sunday }

// conversation makes up a conversation that begins on the day that begins at an
// instant. Its numbers are whole, so that it is the same on every processor.
func (d desk) conversation(number int, midnight time.Time) []metrics.Event {
	s := &story{
		Rand: rand.New(rand.NewPCG(d.seed, uint64(number))),
		id:   metrics.ConversationID(fmt.Sprintf("T-%09d", number)),
		at:   midnight,
		pace: 30 * time.Minute,
	}
	if isWeekend(midnight.In(d.zone).Weekday()) {
		s.pace = 4 * time.Hour // hardly anybody is there
	}
	s.agent = metrics.AgentID(fmt.Sprintf("agent-%05d", s.IntN(d.agents)))
	s.channel = []metrics.Channel{metrics.Email, metrics.Email, metrics.Chat, metrics.Phone, metrics.Web}[s.IntN(5)]
	if s.oneIn(10) {
		s.within(23 * time.Hour)
	} else {
		s.at = s.at.Add(8 * time.Hour)
		s.within(10 * time.Hour)
	}
	s.tell()
	return s.list
}

// A story is a conversation while it is made up.
type story struct {
	*rand.Rand
	id      metrics.ConversationID
	channel metrics.Channel
	agent   metrics.AgentID
	at      time.Time
	pace    time.Duration // of the answers
	list    []metrics.Event
}

func (s *story) oneIn(n int) bool { return s.IntN(n) == 0 }

// within lets less than so much time pass.
func (s *story) within(d time.Duration) { s.at = s.at.Add(time.Duration(s.Int64N(int64(d)))) }

// about lets some time pass: mostly from a third of so much to three times, now
// and then a sixteenth, or thirty times.
func (s *story) about(d time.Duration) {
	d = d >> 4 << bits.OnesCount8(uint8(s.Uint32()))
	s.at = s.at.Add(d)
	s.within(d)
}

func (s *story) add(e metrics.Event) { s.list = append(s.list, e) }

func (s *story) tell() {
	s.add(metrics.Opened{Conversation: s.id, At: s.at, Channel: s.channel})
	s.write()
	if s.oneIn(3) {
		s.within(time.Minute)
		s.add(metrics.ReplySent{Conversation: s.id, At: s.at, Channel: s.channel, By: metrics.ByAutomation})
	}
	s.within(5 * time.Minute)
	switch s.IntN(50) {
	case 0:
		s.add(metrics.Discarded{Conversation: s.id, At: s.at})
		return
	case 1: // nobody answers
		s.about(4 * 24 * time.Hour)
		s.add(metrics.Resolved{Conversation: s.id, At: s.at})
		return
	}
	s.add(metrics.Assigned{Conversation: s.id, At: s.at, Agent: s.agent})
	s.answer()
	for s.oneIn(2) {
		s.about(2 * time.Hour)
		s.write()
		s.answer()
	}
	s.resolve()
	if s.oneIn(12) {
		s.about(24 * time.Hour)
		s.write() // which reopens it
		s.answer()
		s.resolve()
	}
	if s.oneIn(3) {
		s.rate()
	}
}

func (s *story) write() {
	s.add(metrics.MessageReceived{Conversation: s.id, At: s.at, Channel: s.channel})
}

func (s *story) answer() {
	if s.oneIn(10) {
		s.add(metrics.Paused{Conversation: s.id, At: s.at})
		s.about(12 * time.Hour)
		s.add(metrics.Resumed{Conversation: s.id, At: s.at})
	}
	s.about(s.pace)
	s.add(metrics.ReplySent{Conversation: s.id, At: s.at, Channel: s.channel, Agent: s.agent})
}

func (s *story) resolve() {
	if s.oneIn(20) {
		s.about(7 * 24 * time.Hour) // somebody else is waited for
	} else {
		s.about(time.Hour)
	}
	s.add(metrics.Resolved{Conversation: s.id, At: s.at, Agent: s.agent})
}

// rate lets the customer rate, and now and then think again.
func (s *story) rate() {
	s.add(metrics.RatingRequested{Conversation: s.id, At: s.at, Channel: s.channel, Agent: s.agent})
	for again := true; again; again = s.oneIn(8) {
		s.about(6 * time.Hour)
		s.add(metrics.RatingGiven{
			ID: "rating", Conversation: s.id, At: s.at, Channel: s.channel, Agent: s.agent,
			Stars: rating.Stars(1 + max(s.IntN(5), s.IntN(5))),
		})
	}
}
