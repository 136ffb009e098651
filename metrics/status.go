package metrics

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// State says what a status of a source means. The zero value means nothing.
type State uint8

const (
	StateOpen               State = iota + 1 // somebody works on it, or will
	StateWaitingForCustomer                  // on hold for the customer
	StateWaitingForOthers                    // on hold for a supplier, another department, a spare part
	StateResolved
	StateClosed // as resolved, for sources that have both
)

// ErrStatus reports a status of a source to which no [State] was given.
var ErrStatus = errors.New("metrics: status without a state")

// errNoState is the error of a text that names no [State].
var errNoState = errors.New("metrics: unknown state")

var stateNames = text.NewEnum[State](errNoState,
	"", "open", "waiting_for_customer", "waiting_for_others", "resolved", "closed",
)

// String returns the name of the state, such as "waiting_for_customer".
func (s State) String() string { return stateNames.Name(s) }

// AppendText implements [encoding.TextAppender].
func (s State) AppendText(b []byte) ([]byte, error) { return stateNames.Append(b, s) }

// MarshalText implements [encoding.TextMarshaler].
func (s State) MarshalText() ([]byte, error) { return s.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler], so that a map from statuses to
// states can be read from JSON. Empty text is the zero value. Unknown text is an error
// that quotes it.
func (s *State) UnmarshalText(text []byte) error { return stateNames.Parse(s, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL and empty text are
// the zero value.
func (s *State) Scan(src any) error { return stateNames.Scan(s, src) }

// Value implements [driver.Valuer] with the text form.
func (s State) Value() (driver.Value, error) { return stateNames.Value(s) }

// StatusRow is a row of a status log: from At on, the conversation has this status.
type StatusRow struct {
	Conversation ConversationID
	At           time.Time
	Status       string // in the words of the source
}

// StatusError says which row of a status log was refused, and why.
type StatusError struct {
	Index int       // the position of the row among those given, from 0
	Row   StatusRow // the row
	Err   error
}

// Error returns the reason with the position and the row.
func (e *StatusError) Error() string {
	return fmt.Sprintf("row %d: %v: status %q of conversation %q at %v",
		e.Index, e.Err, quotable(e.Row.Status), quotable(string(e.Row.Conversation)), e.Row.At)
}

// Unwrap returns Err.
func (e *StatusError) Unwrap() error { return e.Err }

// FromStatuses makes events of a status log, which is all that many exports of ITSM
// systems have. Of each status that occurs, states says what it means.
//
//   - The first row of a conversation makes an [Opened], whatever its status.
//   - A waiting state makes a [Paused], for the customer ([ForCustomer]) or for others
//     ([ForThirdParty]), and the next other state a [Resumed].
//   - Resolved and closed make a [Resolved]; the one after the other makes nothing.
//   - Any other state after these makes a [Reopened].
//   - A state that the conversation has already makes nothing.
//
// The rows may be in any order. Those of one conversation at one instant count in the
// order in which they are given, which Seq keeps; reverse an export that has the newest
// first. All rows of a conversation must be given together: later ones alone would open
// it again.
//
// The events come in the order of their instants. A row whose status has no state is a
// [*StatusError] that wraps [ErrStatus] in the place of its events, and so is one without
// a conversation or a valid instant, with the errors of [Record.Event]. It changes
// nothing, and the caller decides whether to go on.
//
// A status log has no messages and no replies. So it has no waits: resolution times,
// reopenings, holds and the backlog are all that it can tell.
func FromStatuses(rows []StatusRow, states map[string]State) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		order := make([]int, len(rows))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return rows[i].At.Compare(rows[j].At) })
		tickets := make(map[ConversationID]ticket)
		for _, i := range order {
			row := &rows[i]
			first := Record{Type: KindOpened, Conversation: row.Conversation, At: row.At}
			_, err := first.Event()
			state := states[row.Status]
			if err == nil && (state < StateOpen || state > StateClosed) {
				err = ErrStatus
			}
			if err != nil {
				if !yield(nil, &StatusError{i, *row, err}) {
					return
				}
				continue
			}
			t := tickets[row.Conversation]
			for _, e := range t.enter(row, state) {
				if !yield(e, nil) {
					return
				}
			}
			tickets[row.Conversation] = t
		}
	}
}

// A ticket is a conversation of a status log, as of some row.
type ticket struct {
	state State
	at    time.Time // of the last event
	seq   int64     // of the next event at that instant
}

// enter follows a row and returns its events.
func (t *ticket) enter(row *StatusRow, to State) (events []Event) {
	from := t.state
	t.state = to
	if from == to {
		return nil
	}
	if !row.At.Equal(t.at) {
		t.at, t.seq = row.At, 0
	}
	next := func() int64 { t.seq++; return t.seq - 1 }
	switch {
	case from == 0:
		events = append(events, Opened{Conversation: row.Conversation, At: row.At, Seq: next()})
	case from.over() && to.over():
		return nil
	case from.over():
		events = append(events, Reopened{Conversation: row.Conversation, At: row.At, Seq: next()})
	case from != StateOpen:
		events = append(events, Resumed{Conversation: row.Conversation, At: row.At, Seq: next()})
	}
	switch to {
	case StateWaitingForCustomer:
		events = append(events, Paused{Conversation: row.Conversation, At: row.At, Seq: next(), For: ForCustomer})
	case StateWaitingForOthers:
		events = append(events, Paused{Conversation: row.Conversation, At: row.At, Seq: next(), For: ForThirdParty})
	case StateResolved, StateClosed:
		events = append(events, Resolved{Conversation: row.Conversation, At: row.At, Seq: next()})
	}
	return events
}

// over reports whether nobody works on the conversation any more.
func (s State) over() bool { return s >= StateResolved }
