//go:build unix

package main

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
)

// kinds are the databases of the tests.
var kinds = []string{"sqlite", "postgres", "mysql"}

// everything has an event of each kind, with every field that it can have, and names that
// are hard to keep apart.
func everything() []metrics.Event {
	// PostgreSQL keeps microseconds.
	at := func(n int) time.Time { return time.Date(2026, 3, 2, 9, n, 0, 123_456_000, time.UTC) }
	const odd = `a "quoted" 'name' \ü with ☎ and 💬`
	return []metrics.Event{
		metrics.Opened{ID: "1", Conversation: odd, At: at(0), Seq: 9, Channel: metrics.Email, Priority: "high"},
		metrics.MessageReceived{ID: "1", Conversation: odd, At: at(1), Channel: metrics.Email, Customer: "Zoë"},
		metrics.MessageReceived{ID: "A", Conversation: "x", At: at(1)},
		metrics.MessageReceived{ID: "a", Conversation: "X", At: at(1)},
		metrics.MessageReceived{ID: "á", Conversation: "X", At: at(2), Customer: odd},
		metrics.Assigned{ID: "1", Conversation: odd, At: at(2), Agent: "ana", Team: "billing"},
		metrics.Assigned{Conversation: odd, At: at(3)},
		metrics.Prioritized{Conversation: odd, At: at(3), Priority: "low"},
		metrics.Paused{Conversation: odd, At: at(4), For: metrics.ForThirdParty, Until: at(40)},
		metrics.Resumed{Conversation: odd, At: at(5)},
		metrics.ReplySent{ID: "2", Conversation: odd, At: at(6), Channel: metrics.Email, Agent: "ana", By: metrics.ByAssistant},
		metrics.Handled{Conversation: odd, At: at(7), Agent: "ana", Took: 100 * time.Second, For: metrics.Talk},
		metrics.Resolved{ID: "2", Conversation: odd, At: at(8), Agent: "ana", By: metrics.ByCustomer},
		metrics.Reopened{ID: "3", Conversation: odd, At: at(9), By: metrics.ByAutomation},
		metrics.RatingRequested{ID: "3", Conversation: odd, At: at(9), Channel: metrics.Email, Agent: "ana"},
		metrics.RatingGiven{ID: "3", Conversation: odd, At: at(10), Stars: 4, Channel: metrics.Email, Agent: "ana"},
		metrics.Retracted{ID: "4", Conversation: odd, At: at(11), Event: "3"},
		metrics.Abandoned{ID: "5", Conversation: "X", At: at(12)},
		metrics.Merged{ID: "6", Conversation: "x", At: at(13), Into: odd},
		metrics.Discarded{ID: "7", Conversation: "y", At: at(14)},
	}
}

// A table is one of events, in a database of its own.
type table struct {
	*sql.DB
	dialect eventtable.Dialect
}

func newTable(t *testing.T, kind string) table {
	t.Helper()
	return tableOf(t, newDSN(t, kind))
}

func tableOf(t *testing.T, dsn string) table {
	t.Helper()
	db, dialect, err := open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for range 2 { // the second time the tables are there
		if err := eventtable.Create(t.Context(), db, dialect); err != nil {
			t.Fatal(err)
		}
	}
	return table{db, dialect}
}

func (b table) insert(t *testing.T, events ...metrics.Event) {
	t.Helper()
	tx, err := b.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if err := eventtable.Insert(t.Context(), tx, b.dialect, events...); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func (b table) exec(t *testing.T, statement string) {
	t.Helper()
	if _, err := b.Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// since returns the events of what changed after a mark, in the order of their text.
func (b table) since(t *testing.T, mark int64) []string {
	t.Helper()
	rows, err := eventtable.Rows(t.Context(), b, b.dialect, mark)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []metrics.Event
	for e, err := range metrics.DecodeRows(rows) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return texts(list)
}

func (b table) mark(t *testing.T) int64 {
	t.Helper()
	n, err := eventtable.Mark(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func texts(events []metrics.Event) []string {
	var list []string
	for _, e := range events {
		r := metrics.RecordOf(e)
		r.At, r.Until = r.At.UTC(), r.Until.UTC()
		list = append(list, fmt.Sprintf("%+v", r))
	}
	slices.Sort(list)
	return list
}

func TestTable(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			b, events := newTable(t, kind), everything()
			b.insert(t)
			if n := b.mark(t); n != 0 {
				t.Errorf("an empty table has the mark %d", n)
			}
			b.insert(t, events...)
			if got, want := b.since(t, 0), texts(events); !slices.Equal(got, want) {
				t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}

			// Again: what has an ID takes its own place, all others get another row.
			first := b.mark(t)
			var bare []metrics.Event
			for _, e := range events {
				if metrics.RecordOf(e).ID == "" {
					bare = append(bare, e)
				}
			}
			b.insert(t, events...)
			if got, want := b.since(t, 0), texts(slices.Concat(events, bare)); !slices.Equal(got, want) {
				t.Errorf("after the second time\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			second := b.mark(t)
			if second <= first {
				t.Errorf("mark %d after %d", second, first)
			}
			if got := b.since(t, second); len(got) != 0 {
				t.Errorf("nothing changed, and %q was read", got)
			}

			// An edit changes the row. Only its conversation is read, with all its events.
			edited := metrics.MessageReceived{ID: "á", Conversation: "X", At: events[4].(metrics.MessageReceived).At.Add(time.Minute)}
			b.insert(t, edited)
			if got, want := b.since(t, second), texts([]metrics.Event{events[3], edited, events[17]}); !slices.Equal(got, want) {
				t.Errorf("after an edit\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}

			// A clock that is behind, as that of another writer may be, is no earlier mark.
			b.exec(t, "UPDATE service_clock SET changed = 4000000000000000")
			for range 2 {
				before := b.mark(t)
				b.insert(t, edited)
				if after := b.mark(t); after <= before {
					t.Errorf("mark %d after %d", after, before)
				}
			}

			// Of mergers, all that is merged is read.
			third := b.mark(t)
			at := edited.At
			b.insert(t,
				metrics.Merged{ID: "8", Conversation: "m1", At: at, Into: "m2"},
				metrics.Merged{ID: "8", Conversation: "m2", At: at, Into: "m3"},
				metrics.Merged{ID: "8", Conversation: "m4", At: at, Into: "m2"},
				metrics.Opened{ID: "8", Conversation: "m3", At: at},
				metrics.Opened{ID: "8", Conversation: "m5", At: at},
			)
			family := b.since(t, third)
			if len(family) != 5 {
				t.Errorf("%d changed", len(family))
			}
			fourth := b.mark(t)
			for _, of := range []metrics.ConversationID{"m1", "m3", "m4"} {
				b.insert(t, metrics.Opened{ID: "9", Conversation: of, At: at})
				if got := b.since(t, fourth); len(got) < 5 || strings.Contains(strings.Join(got, ""), "m5") {
					t.Errorf("of %s were read\n%s", of, strings.Join(got, "\n"))
				}
				fourth = b.mark(t)
			}
		})
	}
}

// Writers at the same time: who reads up to each mark in turn has all events at the end, and
// each row once.
func TestWriters(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			b := newTable(t, kind)
			const writers, each = 4, 30
			done := make(chan error)
			for w := range writers {
				go func() {
					done <- func() error {
						for n := range each {
							tx, err := b.Begin()
							if err != nil {
								return err
							}
							e := metrics.Opened{ID: "1", Conversation: metrics.ConversationID(fmt.Sprint(w, "-", n)), At: time.Unix(1_780_000_000, 0)}
							if err := eventtable.Insert(t.Context(), tx, b.dialect, e); err != nil {
								return err
							}
							time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond)
							if err := tx.Commit(); err != nil {
								return err
							}
						}
						return nil
					}()
				}()
			}
			seen := make(map[string]int)
			var upTo int64
			look := func() {
				next := b.mark(t)
				for _, e := range b.since(t, upTo) {
					seen[e]++
				}
				upTo = next
			}
			for ended := 0; ended < writers; {
				select {
				case err := <-done:
					if err != nil {
						t.Fatal(err)
					}
					ended++
				default:
					look()
				}
			}
			look()
			if len(seen) != writers*each {
				t.Errorf("%d events were seen, want %d", len(seen), writers*each)
			}
			if got := b.since(t, 0); len(got) != writers*each {
				t.Errorf("%d rows", len(got))
			}
		})
	}
}
