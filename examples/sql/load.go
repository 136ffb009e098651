package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
)

// batch is how many events one transaction inserts.
const batch = 5000

// loadFile puts the events of a file into the table, as so many desks: the second and
// later ones have other names of conversations and customers. It returns the number of
// events.
//
// A load that was killed can be done again: an event with an ID has one row, and equal rows
// without one are one event.
func loadFile(ctx context.Context, db *sql.DB, d eventtable.Dialect, name string, copies int, refused *refusals) (n int, err error) {
	if err := eventtable.Create(ctx, db, d); err != nil {
		return 0, err
	}
	var events []metrics.Event
	insert := func(least int) error {
		if len(events) < least {
			return nil
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := eventtable.Insert(ctx, tx, d, events...); err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		n += len(events)
		events = events[:0]
		return nil
	}
	for desk := range copies {
		for e, err := range decoded(name) {
			if err := refused.take(err); err != nil {
				return n, err
			}
			if err != nil {
				continue
			}
			if desk > 0 {
				if e, err = elsewhere(e, desk); err != nil {
					return n, err
				}
			}
			events = append(events, e)
			if err := insert(batch); err != nil {
				return n, err
			}
		}
		refused = &refusals{to: io.Discard} // they were told
	}
	return n, insert(1)
}

// elsewhere returns an event as one of another desk.
func elsewhere(e metrics.Event, desk int) (metrics.Event, error) {
	r := metrics.RecordOf(e)
	r.Conversation += metrics.ConversationID(fmt.Sprint("/", desk))
	if r.Customer != "" {
		r.Customer += metrics.CustomerID(fmt.Sprint("/", desk))
	}
	if r.Into != "" {
		r.Into += metrics.ConversationID(fmt.Sprint("/", desk))
	}
	return r.Event()
}

// decoded yields the events of a file of JSON Lines, or of CSV if it does not begin with an
// object.
func decoded(name string) iter.Seq2[metrics.Event, error] {
	return func(yield func(metrics.Event, error) bool) {
		f, err := os.Open(name)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		first := make([]byte, 1)
		if _, err := f.ReadAt(first, 0); err != nil && err != io.EOF {
			yield(nil, err)
			return
		}
		events := metrics.DecodeCSV(f)
		if first[0] == '{' {
			events = metrics.DecodeJSONLines(f)
		}
		for e, err := range events {
			if !yield(e, err) {
				return
			}
		}
	}
}
