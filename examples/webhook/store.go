package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// A store keeps events and answers in a file of SQLite.
type store struct{ db *sql.DB }

// openStore opens a file, and makes the tables that are not there.
func openStore(ctx context.Context, file string) (*store, error) {
	// What is committed is on the disk, whatever happens to the process or the machine.
	options := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)"},
		"_txlock": {"immediate"},
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &store{db}
	if err = eventtable.Create(ctx, db, eventtable.SQLite); err == nil {
		_, err = db.ExecContext(ctx, answerTable)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	return s, nil
}

// answerTable has the answers to surveys, the latest version of each.
const answerTable = `CREATE TABLE IF NOT EXISTS survey_answers (
  question   TEXT NOT NULL,
  id         TEXT NOT NULL,
  asked      INTEGER NOT NULL,
  at         TEXT NOT NULL,
  answer     TEXT NOT NULL, -- as JSON
  PRIMARY KEY (question, id, asked)
) WITHOUT ROWID`

// taken is what a delivery changed in the table.
type taken struct {
	events []metrics.Event // that are new, or newer versions
	new    int             // events and answers
	back   bool            // an event came for a conversation of which nothing was known after an instant
}

// take stores events and answers in one transaction. What is there already changes nothing:
//
//   - An event that is equal to one in the table.
//   - An older version of one. Of two versions at one instant, the one with the greater text
//     is newer, so that the order of deliveries does not matter.
//   - Another event with the ID of one that has the instant of its receipt: the first
//     delivery had the better instant.
//
// If an event is new for a conversation whose other events are all before quiet, back is
// true.
func (s *store) take(ctx context.Context, records []metrics.Record, answers []vendors.Answer, quiet time.Time) (t taken, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return t, err
	}
	defer tx.Rollback()
	known := make(map[metrics.ConversationID][]metrics.Record)
	for _, r := range records {
		for _, c := range []metrics.ConversationID{r.Conversation, r.Into} {
			if _, ok := known[c]; ok || c == "" {
				continue
			}
			if known[c], err = s.conversation(ctx, tx, c); err != nil {
				return t, err
			}
			last := time.Time{}
			for _, k := range known[c] {
				last = latest(last, k.At)
			}
			t.back = t.back || !last.IsZero() && last.Before(quiet)
		}
		if !isNews(r, known[r.Conversation]) {
			continue
		}
		known[r.Conversation] = append(known[r.Conversation], r)
		e, err := r.Event()
		if err != nil {
			return t, err
		}
		t.events = append(t.events, e)
	}
	if err := eventtable.Insert(ctx, tx, eventtable.SQLite, t.events...); err != nil {
		return t, err
	}
	t.new = len(t.events)
	t.back = t.back && t.new > 0
	for _, a := range answers {
		n, err := s.takeAnswer(ctx, tx, a)
		if err != nil {
			return t, err
		}
		t.new += n
	}
	return t, tx.Commit()
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// conversation returns the events of a conversation.
func (s *store) conversation(ctx context.Context, tx *sql.Tx, c metrics.ConversationID) ([]metrics.Record, error) {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM service_events WHERE conversation = ?", string(c))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var records []metrics.Record
	for e, err := range metrics.DecodeRows(rows) {
		if err != nil {
			return nil, err
		}
		records = append(records, metrics.RecordOf(e))
	}
	return records, nil
}

// isNews reports whether a record changes the events of its conversation.
func isNews(r metrics.Record, known []metrics.Record) bool {
	for _, k := range known {
		switch {
		case k.Type != r.Type || k.ID != r.ID:
		case r.ID == "":
			if line(k) == line(r) {
				return false
			}
		case strings.HasPrefix(string(r.ID), vendors.AtReceipt):
			return false
		case k.At.After(r.At), k.At.Equal(r.At) && line(k) >= line(r):
			return false
		}
	}
	return true
}

// line returns a record as a line of text, which is equal for equal events.
func line(r metrics.Record) string {
	r.At, r.Until = r.At.UTC(), r.Until.UTC()
	b, err := json.Marshal(r)
	if err != nil {
		return fmt.Sprint(r)
	}
	return string(b)
}

// takeAnswer stores an answer unless a newer version is there, and returns how many are new.
func (s *store) takeAnswer(ctx context.Context, tx *sql.Tx, a vendors.Answer) (int, error) {
	a.At = a.At.UTC()
	text, err := json.Marshal(a)
	if err != nil {
		return 0, err
	}
	const instant = "2006-01-02T15:04:05.000000000Z"
	result, err := tx.ExecContext(ctx, `INSERT INTO survey_answers (question, id, asked, at, answer) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET at = excluded.at, answer = excluded.answer
WHERE (excluded.at, excluded.answer) > (at, answer) AND substr(id, 1, ?) <> ?`,
		a.Question, a.ID, a.Asked, a.At.Format(instant), string(text), len(vendors.AtReceipt), vendors.AtReceipt)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// answers returns all answers, in an order that does not depend on that of the deliveries.
func (s *store) answers(ctx context.Context) ([]vendors.Answer, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT answer FROM survey_answers ORDER BY at, answer")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var answers []vendors.Answer
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		var a vendors.Answer
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&a); err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, rows.Err()
}

// sortAnswers puts answers in the order of store.answers.
func sortAnswers(answers []vendors.Answer) error {
	var bad error
	key := func(a vendors.Answer) string {
		a.At = a.At.UTC()
		text, err := json.Marshal(a)
		bad = errors.Join(bad, err)
		return string(text)
	}
	slices.SortFunc(answers, func(a, b vendors.Answer) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(key(a), key(b))
	})
	return bad
}

// read appends all events to a log.
func (s *store) read(ctx context.Context, to func(metrics.Event) error) error {
	rows, err := eventtable.Rows(ctx, s.db, eventtable.SQLite, 0)
	if err != nil {
		return err
	}
	defer rows.Close()
	for e, err := range metrics.DecodeRows(rows) {
		if err == nil {
			err = to(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// count returns how many events there are, and how many of them have the instant of their
// receipt.
func (s *store) count(ctx context.Context) (events, received int64, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT count(*), count(*) FILTER (WHERE substr(id, 1, ?) = ?) FROM service_events", len(vendors.AtReceipt), vendors.AtReceipt).Scan(&events, &received)
	return events, received, err
}
