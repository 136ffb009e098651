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
		if _, err := s.js.Publish(ctx, s.subject(), d.data); err != nil {
			return err
		}
	}
	return nil
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
