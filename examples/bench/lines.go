package main

import (
	"strconv"
	"time"
)

// textLine appends a line of text.csv.
func (n *deskNames) textLine(b []byte, e deskEvent) []byte {
	b = strconv.AppendInt(b, e.at, 10)
	b = append(append(b, ','), n.conversations[e.conversation]...)
	b = append(append(b, ','), deskChannels[e.channel].name...)
	b = append(append(b, ','), n.agent(e.agent)...)
	return e.appendRest(b)
}

// numberLine appends a line of number.csv.
func (n *deskNames) numberLine(b []byte, e deskEvent) []byte {
	b = strconv.AppendInt(b, e.at, 10)
	b = strconv.AppendUint(append(b, ','), uint64(e.conversation), 10)
	b = strconv.AppendUint(append(b, ','), uint64(e.channel), 10)
	b = strconv.AppendInt(append(b, ','), int64(e.agent), 10)
	return e.appendRest(b)
}

func (e deskEvent) appendRest(b []byte) []byte {
	return append(b, ',', '0'+byte(e.kind), ',', '0'+e.stars, '\n')
}

// deskTypes are the types of events by their kind, and who replied if not a person.
var deskTypes = [...]struct{ name, by string }{
	deskMessage:   {"message_received", ""},
	deskReply:     {"reply_sent", ""},
	deskAutomated: {"reply_sent", "automation"},
	deskRating:    {"rating_given", ""},
	deskResolved:  {"resolved", ""},
	deskReopened:  {"reopened", ""},
}

// deskTime is RFC 3339 with milliseconds.
const deskTime = "2006-01-02T15:04:05.000Z"

// jsonLine appends a line of desk.jsonl. No name needs an escape.
func (n *deskNames) jsonLine(b []byte, e deskEvent) []byte {
	field := func(key, value string) {
		if value != "" {
			b = append(append(append(append(b, key...), '"'), value...), '"')
		}
	}
	field(`{"type":`, deskTypes[e.kind].name)
	field(`,"conversation":`, n.conversations[e.conversation])
	b = time.UnixMilli(e.at).UTC().AppendFormat(append(b, `,"at":"`...), deskTime)
	field(`","channel":`, deskChannels[e.channel].name)
	field(`,"agent":`, n.agent(e.agent))
	field(`,"by":`, deskTypes[e.kind].by)
	if e.stars > 0 {
		b = append(append(b, `,"stars":`...), '0'+e.stars)
	}
	return append(b, '}', '\n')
}

// csvLine appends a line of desk.csv.
func (n *deskNames) csvLine(b []byte, e deskEvent) []byte {
	b = append(b, deskTypes[e.kind].name...)
	b = append(append(b, ','), n.conversations[e.conversation]...)
	b = time.UnixMilli(e.at).UTC().AppendFormat(append(b, ','), deskTime)
	b = append(append(b, ','), deskChannels[e.channel].name...)
	b = append(append(b, ','), n.agent(e.agent)...)
	b = append(append(b, ','), deskTypes[e.kind].by...)
	b = append(b, ',')
	if e.stars > 0 {
		b = append(b, '0'+e.stars)
	}
	return append(b, '\n')
}
