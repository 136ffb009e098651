package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// Made-up conversations come in ranges, and through several gateways: each
// delivers some of the events of a conversation, so that no worker reads all of
// it.
const (
	rangeLength = 2000
	gateways    = 3
)

// generatedParts returns the parts of n made-up conversations.
func generatedParts(n int64) []part {
	var all []part
	for gateway := range int64(gateways) {
		for from := int64(0); from < n; from += rangeLength {
			all = append(all, part{
				Number: int64(len(all)), Generated: true, Gateway: gateway, From: from, To: min(from+rangeLength, n),
			})
		}
	}
	return all
}

// generate delivers what came through the part's gateway.
func (p part) generate(deliver func(metrics.Record)) {
	for n := p.From; n < p.To; n++ {
		for i, r := range conversation(n) {
			if int64(i)%gateways == p.Gateway {
				deliver(r)
			}
		}
	}
}

var (
	madeUpStart    = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	madeUpChannels = [...]metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone, metrics.Social, ""}
)

const (
	madeUpDays   = 14
	madeUpAgents = 40
)

// A story is a conversation while it is made up.
type story struct {
	*rand.Rand
	number  int64
	id      metrics.ConversationID
	channel metrics.Channel
	agent   metrics.AgentID
	at      time.Time
	records []metrics.Record
}

// conversation makes up the n-th conversation: the same one each time, on every
// worker. Some events come twice, some ratings are edited, and some events come
// late.
func conversation(n int64) []metrics.Record {
	s := &story{Rand: rand.New(rand.NewPCG(uint64(n), 2026)), number: n, id: idOf(n)}
	s.channel = madeUpChannels[s.IntN(len(madeUpChannels))]
	s.at = madeUpStart.Add(time.Duration(s.Int64N(int64(madeUpDays * 24 * time.Hour))))
	s.handOver()
	s.tell()
	if s.oneIn(10) {
		s.Shuffle(len(s.records), func(i, j int) { s.records[i], s.records[j] = s.records[j], s.records[i] })
	}
	return s.records
}

func idOf(n int64) metrics.ConversationID { return metrics.ConversationID(fmt.Sprintf("C-%06d", n)) }

func (s *story) oneIn(n int) bool { return s.IntN(n) == 0 }

func (s *story) handOver() {
	s.agent = metrics.AgentID(fmt.Sprintf("agent-%02d", s.IntN(madeUpAgents)))
}

// later lets up to so much time pass; now and then none, so that events of one
// instant meet.
func (s *story) later(d time.Duration) {
	if !s.oneIn(5) {
		s.at = s.at.Add(time.Duration(s.Int64N(int64(d))))
	}
}

// add records an event, now and then twice.
func (s *story) add(r metrics.Record) {
	r.Conversation, r.At = s.id, s.at
	if s.oneIn(4) {
		r.Seq = int64(len(s.records))
	}
	if !s.oneIn(4) {
		r.ID = metrics.EventID(fmt.Sprintf("%s/%d", s.id, len(s.records)))
	}
	s.records = append(s.records, r)
	if s.oneIn(12) {
		s.records = append(s.records, r)
	}
}

func (s *story) tell() {
	s.add(metrics.Record{Type: metrics.KindOpened, Channel: s.channel})
	s.add(metrics.Record{Type: metrics.KindMessageReceived, Channel: s.channel, Customer: metrics.CustomerID(fmt.Sprint("customer-", s.IntN(1000)))})
	switch s.IntN(40) {
	case 0:
		s.later(time.Hour)
		s.add(metrics.Record{Type: metrics.KindDiscarded})
		return
	case 1:
		s.later(time.Hour)
		// A neighbour, which may be merged itself, or this one, or one that never was.
		s.add(metrics.Record{Type: metrics.KindMerged, Into: idOf(s.number + s.Int64N(9) - 4)})
		return
	case 2:
		return // nobody answers
	case 3:
		s.later(time.Hour)
		s.add(metrics.Record{Type: metrics.KindAbandoned})
		return
	}
	if s.oneIn(4) {
		s.later(time.Second)
		by := metrics.ByAutomation
		if s.oneIn(3) {
			by = metrics.ByAssistant
		}
		s.add(metrics.Record{Type: metrics.KindReplySent, Channel: s.channel, By: by})
	}
	if s.oneIn(10) {
		s.add(metrics.Record{Type: metrics.KindPrioritized, Priority: "high"})
	}
	s.add(metrics.Record{Type: metrics.KindAssigned, Agent: s.agent})
	for range 1 + s.IntN(3) {
		s.turn()
	}
	if s.oneIn(8) {
		return // still open
	}
	s.close()
	if s.oneIn(8) {
		s.later(48 * time.Hour)
		s.add(metrics.Record{Type: metrics.KindReopened})
		s.turn()
		s.close()
	}
	if s.oneIn(3) {
		s.rate()
	}
}

// turn lets the agent answer, and mostly the customer write again.
func (s *story) turn() {
	s.later(8 * time.Hour)
	if s.oneIn(10) {
		s.handOver()
	}
	s.add(metrics.Record{Type: metrics.KindReplySent, Channel: s.channel, Agent: s.agent})
	if sent := s.records[len(s.records)-1]; sent.ID != "" && s.oneIn(12) {
		s.later(time.Hour)
		s.add(metrics.Record{Type: metrics.KindRetracted, Retracts: sent.ID})
	}
	if s.oneIn(5) {
		s.add(metrics.Record{Type: metrics.KindHandled, Agent: s.agent, Took: metrics.Took(time.Minute), For: "talk"})
	}
	switch s.IntN(12) {
	case 0:
		s.add(metrics.Record{Type: metrics.KindPaused})
		s.later(24 * time.Hour)
		s.add(metrics.Record{Type: metrics.KindResumed})
	case 1:
		s.add(metrics.Record{Type: metrics.KindPaused, For: "third_party", Until: s.at.Add(12 * time.Hour)})
	}
	if !s.oneIn(4) {
		s.later(2 * time.Hour)
		s.add(metrics.Record{Type: metrics.KindMessageReceived, Channel: s.channel})
	}
}

func (s *story) close() {
	s.later(24 * time.Hour)
	s.add(metrics.Record{Type: metrics.KindResolved, Agent: s.agent})
}

// rate lets the customer rate, and now and then change the rating: another version
// of the same event, of the same instant or of a later one.
func (s *story) rate() {
	s.add(metrics.Record{Type: metrics.KindRatingRequested, Channel: s.channel, Agent: s.agent})
	s.later(24 * time.Hour)
	r := metrics.Record{
		Type: metrics.KindRatingGiven, ID: metrics.EventID(s.id) + "/rating", Conversation: s.id, At: s.at,
		Channel: s.channel, Agent: s.agent, Stars: rating.Stars(1 + s.IntN(5)),
	}
	s.records = append(s.records, r)
	for s.oneIn(2) {
		s.later(time.Hour)
		r.At, r.Stars = s.at, rating.Stars(1+s.IntN(5))
		s.records = append(s.records, r)
	}
}
