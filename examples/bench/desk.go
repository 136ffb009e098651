package main

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// A deskEvent is an event of the made-up helpdesk that all peers measure.
type deskEvent struct {
	at           int64  // milliseconds since 1970
	conversation uint32 // from 0, in the order in which they begin
	agent        int16  // from 0, or −1 for none
	kind         deskKind
	channel      uint8 // index into deskChannels
	stars        uint8 // of a rating
}

type deskKind uint8

// The numbers are in the files, and in the queries of the peers.
const (
	deskMessage deskKind = iota
	deskReply
	deskAutomated
	deskRating
	deskResolved
	deskReopened
)

const (
	deskAgents = 200
	deskDays   = 90
)

// deskStart is the midnight, UTC, at which the desk opens.
var deskStart = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// deskChannels are the channels with their share of conversations and the median
// time that a customer waits there.
var deskChannels = [...]struct {
	name  string
	share float64
	wait  time.Duration
}{
	{"email", 0.40, 150 * time.Minute},
	{"chat", 0.27, 70 * time.Second},
	{"social", 0.15, 45 * time.Minute},
	{"phone", 0.08, 3 * time.Minute},
	{"web", 0.10, 100 * time.Minute},
}

// deskEvents makes n events in the order of time, always the same for a seed. They
// are of 3 conversations for 20 events, which go on at the same time: bursts of
// messages, automated acknowledgements, replies within a log-normal time, waits
// that nobody answers, resolutions, reopenings, ratings. No two events of a
// conversation are of the same millisecond.
func deskEvents(seed uint64, n int) []deskEvent {
	for conversations := n*3/20 + 1; ; conversations += conversations/20 + 1 {
		d := desk{random: rand.New(rand.NewPCG(seed, 0x6465736b))}
		d.events = make([]deskEvent, 0, n+n/16)
		starts := make([]int64, conversations)
		for i := range starts {
			starts[i] = d.start()
		}
		slices.Sort(starts)
		for i, at := range starts {
			d.converse(uint32(i), at)
		}
		if len(d.events) < n {
			continue
		}
		slices.SortFunc(d.events, func(a, b deskEvent) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.conversation, b.conversation))
		})
		// What is cut off is the end of the last conversations: they are open.
		return d.events[:n]
	}
}

type desk struct {
	random *rand.Rand
	events []deskEvent
}

// start draws the beginning of a conversation: three in four by day, few at
// weekends.
func (d *desk) start() int64 {
	for {
		t := d.random.Int64N(deskDays * 24 * time.Hour.Milliseconds())
		hour, day := t/time.Hour.Milliseconds()%24, t/(24*time.Hour).Milliseconds()%7
		keep := 0.3
		if hour >= 7 && hour < 21 {
			keep = 1
		}
		if day >= 5 {
			keep /= 2
		}
		if d.random.Float64() < keep {
			return deskStart.UnixMilli() + t
		}
	}
}

// converse makes the events of a conversation.
func (d *desk) converse(number uint32, at int64) {
	r := d.random
	channel, share := 0, r.Float64()
	for share >= deskChannels[channel].share && channel < len(deskChannels)-1 {
		share -= deskChannels[channel].share
		channel++
	}
	wait := deskChannels[channel].wait
	agent := int16(r.IntN(deskAgents))
	add := func(kind deskKind, by int16, stars uint8, after time.Duration) {
		at += after.Milliseconds()
		d.events = append(d.events, deskEvent{at, number, by, kind, uint8(channel), stars})
	}
	if r.Float64() < 0.03 { // the team writes first
		add(deskReply, agent, 0, 0)
		add(deskMessage, -1, 0, d.logNormal(wait))
	} else {
		add(deskMessage, -1, 0, 0)
	}
	d.exchange(add, &agent, wait, 0.34)
	if r.Float64() < 0.11 {
		add(deskReopened, -1, 0, d.between(time.Hour, 3*24*time.Hour))
		add(deskMessage, -1, 0, time.Second)
		d.exchange(add, &agent, wait, 0.25)
	}
	if r.Float64() < 0.3 {
		stars := uint8(5)
		for stars > 1 && r.Float64() < 0.45 {
			stars--
		}
		add(deskRating, agent, stars, d.between(time.Minute, 8*time.Hour))
	}
}

// exchange makes what follows on a message, to the resolution; on is the
// probability that the customer answers a reply.
func (d *desk) exchange(add func(deskKind, int16, uint8, time.Duration), agent *int16, wait time.Duration, on float64) {
	r := d.random
	for {
		if r.Float64() < 0.4 {
			add(deskAutomated, -1, 0, d.between(time.Second, 4*time.Second))
		}
		for r.Float64() < 0.42 { // a burst
			add(deskMessage, -1, 0, d.between(2*time.Second, time.Minute))
		}
		if r.Float64() < 0.05 {
			break // nobody answers
		}
		add(deskReply, *agent, 0, d.logNormal(wait))
		for r.Float64() < 0.14 { // one more thing
			add(deskReply, *agent, 0, d.between(5*time.Second, 2*time.Minute))
		}
		if r.Float64() >= on {
			break
		}
		if r.Float64() < 0.06 { // handed on
			*agent = int16(r.IntN(deskAgents))
		}
		add(deskMessage, -1, 0, d.logNormal(wait*3/2))
	}
	add(deskResolved, *agent, 0, d.between(time.Minute, time.Hour))
}

func (d *desk) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.random.Int64N(int64(high-low)))
}

// logNormal draws a time of the given median, from a second to ten days.
func (d *desk) logNormal(median time.Duration) time.Duration {
	t := median.Seconds() * math.Exp(1.2*d.random.NormFloat64())
	return time.Duration(min(max(t, 1), 10*24*3600) * float64(time.Second))
}

// conversationName returns the name of a conversation: a random UUID in text.
func conversationName(number uint32) string {
	a, b := mix(2*uint64(number)), mix(2*uint64(number)+1)
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

// conversationNames returns the names of the conversations from 0 to n−1.
func conversationNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = conversationName(uint32(i))
	}
	return names
}

// agentName returns the name of an agent; that of nobody is empty.
func agentName(number int16) string {
	if number < 0 {
		return ""
	}
	return fmt.Sprintf("agent-%03d", number)
}

// mix is the finalizer of SplitMix64 (Steele, Lea & Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// deskEventBytes is the size of an event in the binary file.
const deskEventBytes = 17

func (e deskEvent) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(e.at))
	b = binary.LittleEndian.AppendUint32(b, e.conversation)
	b = binary.LittleEndian.AppendUint16(b, uint16(e.agent))
	return append(b, byte(e.kind), e.channel, e.stars)
}

func deskEventOf(b []byte) deskEvent {
	return deskEvent{
		at:           int64(binary.LittleEndian.Uint64(b)),
		conversation: binary.LittleEndian.Uint32(b[8:]),
		agent:        int16(binary.LittleEndian.Uint16(b[12:])),
		kind:         deskKind(b[14]),
		channel:      b[15],
		stars:        b[16],
	}
}
