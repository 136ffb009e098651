package main

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A stream is the desk's events in JetStream, under a name that no other run
// has. Its messages are numbered from 1.
type stream struct {
	name string
	nc   *nats.Conn
	js   jetstream.JetStream
}

func newStream(ctx context.Context, b *broker) (*stream, error) {
	nc, js, err := b.connect()
	if err != nil {
		return nil, err
	}
	s := &stream{name: "servicequality-" + rand.Text(), nc: nc, js: js}
	if _, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: s.name, Subjects: []string{s.subject()}}); err != nil {
		nc.Close()
		return nil, err
	}
	return s, nil
}

func (s *stream) subject() string { return s.name + ".events" }

// publish sends what a desk delivers, one simulated hour after another at the
// given pace; 0 is at once. It waits until the server has stored each message.
// The deliveries of a source that repeats itself are messages of their own: they
// carry no Nats-Msg-Id, by which the server would leave out some of them.
func (s *stream) publish(ctx context.Context, deliveries []delivery, perHour time.Duration) error {
	started := time.Now()
	for _, d := range deliveries {
		due := time.Duration(d.due.Sub(firstDay).Hours() * float64(perHour))
		if wait := due - time.Since(started); wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		message := &nats.Msg{Subject: s.subject(), Data: d.data, Header: nats.Header{sentHeader: {d.due.UTC().Format(time.RFC3339)}}}
		if _, err := s.js.PublishMsg(ctx, message); err != nil {
			return err
		}
	}
	return nil
}

// sentHeader has the instant at which the made-up desk sent a message, since its hours are
// not those of the server.
const sentHeader = "Desk-Sent"

// sentAt returns when a message was sent, in the time of the made-up desk: never, so that
// all its events are from the future, if it does not say. With a real desk it is the
// Timestamp of the message's Metadata, which the server sets and no sender can.
func sentAt(m jetstream.Msg) time.Time {
	sent, err := time.Parse(time.RFC3339, m.Headers().Get(sentHeader))
	if err != nil {
		return time.Time{}
	}
	return sent
}

// remove takes the stream off the server, also after an interruption.
func (s *stream) remove() error {
	defer s.nc.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return s.js.DeleteStream(ctx, s.name)
}

// consumerConfig asks for every message until it is acknowledged. What was
// delivered to a worker that has died comes again after ackWait.
func consumerConfig(ackWait time.Duration) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:       "figures",
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       ackWait,
		MaxAckPending: 2000, // the most that a worker holds back behind a gap
	}
}
