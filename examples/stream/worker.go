package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/servicequality/servicequality/examples/internal/plain"
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

// newWorker returns a worker that goes on from the snapshot in a file, and removes what
// killed writers left beside it.
func newWorker(file string, every uint64, out, errs io.Writer) (*worker, error) {
	if err := removeLeftovers(file); err != nil {
		return nil, err
	}
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

// begin holds the snapshot against the stream, before anything is taken: the server sends
// no message again that was acknowledged, so one that is not in the snapshot is lost to it.
func (w *worker) begin(ctx context.Context, stream jetstream.Stream, consumer jetstream.Consumer) error {
	info, err := stream.Info(ctx)
	if err != nil {
		return err
	}
	name := info.Config.Name
	if w.state.Stream != "" && w.state.Stream != name {
		return fmt.Errorf("%s: a snapshot of the stream %q, not of %q: name another file", w.file, w.state.Stream, name)
	}
	if w.state.Sequence > info.State.LastSeq {
		return fmt.Errorf("%s: a snapshot up to message %d, but the stream %q ends with message %d: it is another stream of this name; name another file",
			w.file, w.state.Sequence, name, info.State.LastSeq)
	}
	w.state.Stream = name
	_, err = w.pending(ctx, consumer)
	return err
}

// pending returns how many messages the server has sent that are not acknowledged. It is an
// error if the next message of the stream does not come any more, for which the worker would
// wait for ever: if all up to a later one are acknowledged, or if all that the server waits
// for are held back behind it.
func (w *worker) pending(ctx context.Context, consumer jetstream.Consumer) (int, error) {
	info, err := consumer.Info(ctx)
	if err != nil {
		return 0, err
	}
	behind := len(w.early) > 0 && info.NumAckPending == len(w.early)
	if info.AckFloor.Stream > w.state.Sequence || behind {
		return 0, fmt.Errorf("%s: the figures end with message %d, but the server does not send the next one any more, which is acknowledged or no longer in the stream: put back the snapshot that has it, or remove the snapshot and the consumer %q and count the stream anew (see README.md)",
			w.file, w.state.Sequence, info.Name)
	}
	return info.NumAckPending, nil
}

// run takes messages until it has the last one, and the server knows.
func (w *worker) run(ctx context.Context, consumer jetstream.Consumer, last uint64) error {
	idle := 0 // times in a row without anything new
	for {
		sequence, early := w.state.Sequence, len(w.early)
		batch, err := consumer.Fetch(100, jetstream.FetchMaxWait(100*time.Millisecond))
		if err != nil {
			return err
		}
		for m := range batch.Messages() {
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
		if idle++; w.state.Sequence > sequence || len(w.early) > early {
			idle = 0
		}
		ended := w.state.Sequence >= last
		if !ended && (idle == 0 || idle%3 > 0) {
			continue
		}
		// What was taken shall not wait for more.
		if err := w.save(); err != nil {
			return err
		}
		pending, err := w.pending(ctx, consumer)
		if err != nil || ended && pending == 0 {
			return err
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
		if err := w.take(m.Data(), sentAt(m)); err != nil {
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

// furthestAhead is how far after the instant at which its message was sent an event may have
// happened: as far as the clocks of sources are apart. One event from the future would close
// all conversations that are still going on.
const furthestAhead = 5 * time.Minute

// errAhead reports an event from the future.
var errAhead = errors.New("the event is from the future")

// eventOf returns the event of a message that was sent at an instant.
func eventOf(data []byte, sent time.Time) (r metrics.Record, e metrics.Event, err error) {
	if err = json.Unmarshal(data, &r); err != nil {
		return r, nil, err
	}
	if e, err = r.Event(); err == nil && r.At.After(sent.Add(furthestAhead)) {
		err = fmt.Errorf("%w: it happened at %s, and was sent at %s", errAhead, r.At.UTC().Format(time.RFC3339), sent.UTC().Format(time.RFC3339))
	}
	return r, e, err
}

// take adds a message to the figures that was sent at an instant. What is not an event, or
// one from the future, is reported and counted, and not asked for again.
func (w *worker) take(data []byte, sent time.Time) error {
	r, e, err := eventOf(data, sent)
	if err != nil {
		if errors.Is(err, errAhead) {
			w.state.Ahead++
		} else {
			w.state.Refused++
		}
		fmt.Fprintf(w.errs, "stream: message %d: %s\n", w.state.Sequence+1, plain.Line(err.Error()))
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
// without a rating when no rating can be either. The latest event may be early.
func (w *worker) close() error {
	const settled = latestReturn + latestDelivery + furthestAhead
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
