package main

import (
	"errors"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A broker is where the stream is: a NATS server with JetStream.
type broker struct {
	url      string
	embedded *server.Server // nil if it runs elsewhere
}

// newBroker returns the server at a URL, or without one a server of its own in
// this process, which keeps its streams in a folder and listens to nobody else.
func newBroker(url, folder string) (*broker, error) {
	if url != "" {
		return &broker{url: url}, nil
	}
	s, err := server.NewServer(&server.Options{JetStream: true, StoreDir: folder, DontListen: true, NoSigs: true})
	if err != nil {
		return nil, err
	}
	go s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		s.Shutdown()
		return nil, errors.New("the embedded server does not start")
	}
	return &broker{embedded: s}, nil
}

// connect returns a connection of its own.
func (b *broker) connect() (*nats.Conn, jetstream.JetStream, error) {
	var options []nats.Option
	if b.embedded != nil {
		options = append(options, nats.InProcessServer(b.embedded))
	}
	nc, err := nats.Connect(b.url, options...)
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return nc, js, nil
}

func (b *broker) close() {
	if b.embedded != nil {
		b.embedded.Shutdown()
		b.embedded.WaitForShutdown()
	}
}
