package main

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// deskNames are the names of conversations and agents.
type deskNames struct {
	conversations []string
	agents        [deskAgents]string
}

func (d dataset) names() (*deskNames, error) {
	d, err := d.known()
	if err != nil {
		return nil, err
	}
	n := &deskNames{conversations: conversationNames(d.conversations)}
	for i := range n.agents {
		n.agents[i] = agentName(int16(i))
	}
	return n, nil
}

func (n *deskNames) agent(number int16) string {
	if number < 0 {
		return ""
	}
	return n.agents[number]
}

// event returns an event in the types of package metrics.
func (n *deskNames) event(e deskEvent) metrics.Event {
	conversation := metrics.ConversationID(n.conversations[e.conversation])
	at := time.UnixMilli(e.at).UTC()
	channel := metrics.Channel(deskChannels[e.channel].name)
	agent := metrics.AgentID(n.agent(e.agent))
	switch e.kind {
	case deskMessage:
		return metrics.MessageReceived{Conversation: conversation, At: at, Channel: channel}
	case deskReply:
		return metrics.ReplySent{Conversation: conversation, At: at, Channel: channel, Agent: agent}
	case deskAutomated:
		return metrics.ReplySent{Conversation: conversation, At: at, Channel: channel, By: metrics.ByAutomation}
	case deskRating:
		return metrics.RatingGiven{Conversation: conversation, At: at, Channel: channel, Agent: agent, Stars: rating.Stars(e.stars)}
	case deskResolved:
		return metrics.Resolved{Conversation: conversation, At: at, Agent: agent}
	default:
		return metrics.Reopened{Conversation: conversation, At: at}
	}
}
