package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// A shift is the work on a stream, which one worker after another does.
type shift struct {
	broker  *broker
	stream  string
	file    string // of the snapshot
	every   uint64 // messages between two snapshots
	ackWait time.Duration
	deaths  []death // still to come
	out     io.Writer
	errs    io.Writer
}

// A death is when a worker dies.
type death struct {
	at       moment
	sequence uint64
}

// deaths are those of the story: the first with work that is in no snapshot, the
// second with a snapshot that the server does not know of.
func deaths(last uint64) []death {
	return []death{{taking, last / 3}, {acking, 2 * last / 3}}
}

// finish has workers take messages up to the last one. Each works until it dies,
// and the next one knows only what is on the disk. It returns the last worker.
func (s *shift) finish(ctx context.Context, last uint64) (*worker, error) {
	for {
		w, err := newWorker(s.file, s.every, s.out, s.errs)
		if err != nil {
			return nil, err
		}
		live, _ := w.live()
		fmt.Fprintf(s.out, "A worker begins after message %d; %d conversations are live.\n", w.saved, live)
		w.dies = func(at moment, sequence uint64) error {
			if len(s.deaths) > 0 && at == s.deaths[0].at && sequence >= s.deaths[0].sequence {
				s.deaths = s.deaths[1:]
				return errKilled
			}
			return nil
		}
		if err := s.work(ctx, w, last); !errors.Is(err, errKilled) {
			return w, err
		}
		fmt.Fprintf(s.out, "The worker is killed. Of %d messages taken, %d are in its snapshot; %d are not acknowledged.\n", w.state.Sequence, w.saved, len(w.taken))
	}
}

// work lets a worker take messages over a connection of its own.
func (s *shift) work(ctx context.Context, w *worker, last uint64) error {
	nc, js, err := s.broker.connect()
	if err != nil {
		return err
	}
	defer nc.Close()
	stream, err := js.Stream(ctx, s.stream)
	if err != nil {
		return err
	}
	consumer, err := stream.CreateOrUpdateConsumer(ctx, consumerConfig(s.ackWait))
	if err != nil {
		return err
	}
	if err := w.begin(ctx, stream, consumer); err != nil {
		return err
	}
	return w.run(ctx, consumer, last)
}
