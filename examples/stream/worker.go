package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/servicequality/servicequality/metrics"
)

// A worker keeps the figures of a stream. It is given each message at least
// once, in any order, and takes each exactly once, in the order of the stream:
//
//   - What comes early is held back until the gap before it is filled, so that
//     the last version of an edited event is the last one taken.
//   - What was taken is not acknowledged before a snapshot with it is on the disk.
//   - What comes again is known by its sequence, which is part of the snapshot.
type worker struct {
	file    string // of the snapshot
	every   uint64 // messages between two snapshots
	out     io.Writer
	errs    io.Writer
	tracker *metrics.Tracker[*metrics.Breakdown[cell]]
	state   snapshot                 // without what the tracker knows
	saved   uint64                   // the sequence of the last snapshot
	next    time.Time                // of the next look; zero before the first event
	early   map[uint64]jetstream.Msg // beyond a gap
	taken   map[uint64]jetstream.Msg // to be acknowledged
	dies    func(moment, uint64) error
}

// A moment is one at which a worker can die, to show that it may.
type moment uint8

const (
	taking moment = iota // before the message of the sequence is taken
	saving               // before the snapshot of the sequence is written
	acking               // after that, before anything in it is acknowledged
)

// errKilled is the end of a worker that dies.
var errKilled = errors.New("killed")

// newWorker returns a worker that goes on from the snapshot in a file.
func newWorker(file string, every uint64, out, errs io.Writer) (*worker, error) {
	s, err := readSnapshot(file)
	if err != nil {
		return nil, err
	}
	tracker := metrics.NewTracker(rules, newFigures)
	if err := tracker.Restore(s.Tracker); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s.Tracker = metrics.TrackerState{}
	w := &worker{
		file: file, every: every, out: out, errs: errs, tracker: tracker, state: s, saved: s.Sequence,
		early: make(map[uint64]jetstream.Msg), taken: make(map[uint64]jetstream.Msg),
		dies: func(moment, uint64) error { return nil },
	}
	if !s.Latest.IsZero() {
		w.next = nextLook(s.Latest)
	}
	return w, nil
}

// run takes messages until it has the last one, and the server knows.
func (w *worker) run(ctx context.Context, consumer jetstream.Consumer, last uint64) error {
	idle := 0
	for {
		batch, err := consumer.Fetch(100, jetstream.FetchMaxWait(100*time.Millisecond))
		if err != nil {
			return err
		}
		idle++
		for m := range batch.Messages() {
			idle = 0
			if err := w.receive(m); err != nil {
				return err
			}
		}
		if err := batch.Error(); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		ended := w.state.Sequence >= last
		if ended || idle == 3 { // what was taken shall not wait for more
			if err := w.save(); err != nil {
				return err
			}
		}
		if ended {
			info, err := consumer.Info(ctx)
			if err != nil || info.NumAckPending == 0 {
				return err
			}
		}
	}
}

// receive takes a message and what it is followed by, if it is the next one.
func (w *worker) receive(m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	if meta.Sequence.Stream <= w.state.Sequence {
		// It is in the figures; the server does not know yet.
		w.taken[meta.Sequence.Stream] = m
		return nil
	}
	w.early[meta.Sequence.Stream] = m
	for {
		sequence := w.state.Sequence + 1
		m, ok := w.early[sequence]
		if !ok {
			return nil
		}
		if err := w.dies(taking, sequence); err != nil {
			return err
		}
		delete(w.early, sequence)
		if err := w.take(m.Data()); err != nil {
			return err
		}
		w.state.Sequence = sequence
		w.taken[sequence] = m
		if sequence%w.every == 0 {
			if err := w.save(); err != nil {
				return err
			}
		}
	}
}

// take adds a message to the figures. What is not an event is reported and counted,
// and not asked for again.
func (w *worker) take(data []byte) error {
	var r metrics.Record
	err := json.Unmarshal(data, &r)
	var e metrics.Event
	if err == nil {
		e, err = r.Event()
	}
	if err != nil {
		w.state.Refused++
		fmt.Fprintf(w.errs, "stream: message %d: %v\n", w.state.Sequence+1, err)
		return nil
	}
	if err := w.tracker.Append(e); err != nil {
		return err
	}
	if r.At.After(w.state.Latest) {
		w.state.Latest = r.At.UTC()
	}
	if w.state.Latest.Before(w.next) {
		return nil
	}
	first := w.next.IsZero()
	w.next = nextLook(w.state.Latest)
	if first {
		return nil
	}
	if err := w.close(); err != nil {
		return err
	}
	return w.look()
}

// close closes the conversations for which nothing more is expected: a rated one
// when no delivery and no return of the customer can be on its way any more, one
// without a rating when no rating can be either.
func (w *worker) close() error {
	const settled = latestReturn + latestDelivery
	rated := func(h *metrics.History) bool { return len(h.Ratings()) > 0 }
	if _, err := w.tracker.Close(w.state.Latest.Add(-settled), rated); err != nil {
		return err
	}
	_, err := w.tracker.Close(w.state.Latest.Add(-settled-latestRating), nil)
	return err
}

// save writes a snapshot, and then acknowledges what is in it.
func (w *worker) save() error {
	if w.state.Sequence > w.saved {
		if err := w.dies(saving, w.state.Sequence); err != nil {
			return err
		}
		s := w.state
		var err error
		if s.Tracker, err = w.tracker.State(); err != nil {
			return err
		}
		if err := s.write(w.file); err != nil {
			return err
		}
		w.saved = s.Sequence
		if err := w.dies(acking, w.saved); err != nil {
			return err
		}
	}
	for _, m := range w.taken {
		if err := m.Ack(); err != nil {
			return err
		}
	}
	clear(w.taken)
	return nil
}
