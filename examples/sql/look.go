package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// A look reads from the source only what changed since the one before, and keeps in a file
// what it needs for that:
//
//   - of each conversation when it changed last, as the source said;
//   - of a conversation that is live, its events;
//   - of those that are settled and quiet, only figures: a row for each channel and for
//     each day on which conversations had their last event.
//
// All of a look is one transaction of that file. So one that is killed was not there, and
// what it read is read again. A settled conversation that changes dissolves its day: the
// row is deleted, and all conversations of that day are read again. So whatever comes late,
// each conversation is counted once, as it is now.
type look struct {
	figures              figures
	changed, read, gone  int // conversations
	live, settled        int // conversations that are kept, after the look
	dissolved, settledOn int // days
}

func (l look) String() string {
	return fmt.Sprintf("%s changed, %d were read, %d are gone; %d are live, %d settled on %s.",
		text.Counted(int64(l.changed), "conversation"), l.read, l.gone, l.live, l.settled, text.Counted(int64(l.settledOn), "day"))
}

const stateTables = `
CREATE TABLE IF NOT EXISTS state (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  terms TEXT NOT NULL, -- of what the figures are
  as_of TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS seen (
  conversation TEXT PRIMARY KEY,
  changed      INTEGER NOT NULL, -- in microseconds since 1970, as the source says
  first        INTEGER NOT NULL, -- when that was seen first, by the clock here; 0 once it is sure
  day          TEXT NOT NULL     -- on which it was settled; empty while it is live
);
CREATE INDEX IF NOT EXISTS seen_day ON seen (day);
CREATE TABLE IF NOT EXISTS settled (
  day     TEXT NOT NULL,
  channel TEXT NOT NULL,
  figures BLOB NOT NULL,
  PRIMARY KEY (day, channel)
);
`

// unsure is how long the source may still be changing at a mark that was seen: by a
// transaction that stamped its rows and did not show them yet, or by a second change in one
// second of a clock of seconds. What changed so shortly before the last change of all is
// read again, until so much time has passed since it was seen.
const unsure = time.Minute

// listed is a conversation as the source lists it, or as a look left it.
type listed struct {
	changed, first int64
	day            string
}

var errEarlier = errors.New("the report is of an instant before that of the last look")

// look takes a look at the source.
func (p *program) look(ctx context.Context) (look, error) {
	var l look
	state, dialect, err := open(p.state)
	if err != nil {
		return l, err
	}
	defer state.Close()
	if dialect != eventtable.SQLite {
		return l, fmt.Errorf("-state %s: want a file", shown(p.state))
	}
	if p.state == p.dsn {
		return l, fmt.Errorf("-state %s: want another file than that of the events", p.state)
	}
	if err := eventtable.Create(ctx, state, dialect); err != nil {
		return l, err
	}
	for _, statement := range eventtable.Statements(stateTables) {
		if _, err := state.ExecContext(ctx, statement); err != nil {
			return l, err
		}
	}
	tx, err := state.BeginTx(ctx, nil)
	if err != nil {
		return l, err
	}
	defer tx.Rollback()
	k := &keeper{ctx: ctx, tx: tx, statements: make(map[string]*sql.Stmt)}
	if err := p.lookInto(k, &l); err != nil {
		return l, err
	}
	return l, tx.Commit()
}

func (p *program) lookInto(k *keeper, l *look) error {
	if err := k.begin(shown(p.dsn), p.asOf); err != nil {
		return err
	}
	now, err := listSource(k.ctx, p.db)
	if err != nil {
		return err
	}
	before, err := k.seen()
	if err != nil {
		return err
	}
	events, err := p.changed(k, now, before, l)
	if err != nil {
		return err
	}
	if err := k.forget(now, before, events); err != nil {
		return err
	}
	log := new(metrics.EventLog)
	if err := eventtable.Read(k.ctx, k.tx, eventtable.SQLite, 0, log); err != nil {
		return err
	}
	read := slices.Sorted(maps.Keys(events))
	for _, name := range read {
		for _, e := range events[name] {
			if err := log.Append(e); err != nil {
				return err
			}
		}
	}
	days, err := k.settle(log, p.asOf, p.keep)
	if err != nil {
		return err
	}
	marks := p.marks(now, before)
	var live []metrics.Event
	for _, name := range read {
		day := days[name]
		if err := k.exec("INSERT OR REPLACE INTO seen (conversation, changed, first, day) VALUES (?, ?, ?, ?)", string(name), now[name].changed, marks[name], day); err != nil {
			return err
		}
		if day == "" {
			live = append(live, events[name]...)
		}
	}
	if err := eventtable.Insert(k.ctx, k.tx, eventtable.SQLite, live...); err != nil {
		return err
	}
	for name, day := range days {
		if _, ok := events[name]; ok {
			continue
		}
		if err := k.exec("UPDATE seen SET day = ? WHERE conversation = ?", day, string(name)); err != nil {
			return err
		}
		if err := k.forgetEvents(name); err != nil {
			return err
		}
	}
	unsettled := unsettled{newByChannel(), days}
	if err := log.Read(rules, p.asOf).Into(unsettled); err != nil {
		return err
	}
	l.figures = figuresOf(unsettled.byChannel)
	return k.report(l)
}

// marks returns when the last change of each conversation was seen first, and 0 of those
// that are sure.
func (p *program) marks(now, before map[metrics.ConversationID]listed) map[metrics.ConversationID]int64 {
	clock := p.clock()
	last := lastChange(now, clock)
	marks := make(map[metrics.ConversationID]int64)
	for name, is := range now {
		was, ok := before[name]
		switch {
		case !ok || was.changed != is.changed:
			if is.changed > last-p.unsure.Microseconds() && p.unsure > 0 {
				marks[name] = clock.UnixMicro()
			}
		case was.first > clock.Add(-p.unsure).UnixMicro():
			marks[name] = was.first
		}
	}
	return marks
}

// lastChange returns the last change in the source. One that is more than a day ahead of the
// clock here is a mistake, by which all others would be old at once and sure; it counts only
// if there is no other.
func lastChange(now map[metrics.ConversationID]listed, clock time.Time) int64 {
	var last, plausible int64
	for _, is := range now {
		last = max(last, is.changed)
		if is.changed <= clock.Add(24*time.Hour).UnixMicro() {
			plausible = max(plausible, is.changed)
		}
	}
	return cmp.Or(plausible, last)
}

// changed returns the events of each conversation that must be read: those that changed, and
// those that were settled on a day with them.
func (p *program) changed(k *keeper, now, before map[metrics.ConversationID]listed, l *look) (map[metrics.ConversationID][]metrics.Event, error) {
	wanted := make(map[metrics.ConversationID]bool)
	days := make(map[string]bool)
	for name, was := range before {
		if _, ok := now[name]; !ok {
			l.gone++
			days[was.day] = true
		}
	}
	for name, is := range now {
		was, ok := before[name]
		if !ok || was.changed != is.changed {
			l.changed++
		} else if was.first == 0 {
			continue
		}
		wanted[name] = true
		days[was.day] = true
	}
	events := make(map[metrics.ConversationID][]metrics.Event)
	for {
		delete(days, "") // those are live
		for name, was := range before {
			if _, ok := now[name]; ok && days[was.day] {
				wanted[name] = true
			}
		}
		missing := make(map[metrics.ConversationID]bool)
		for name := range wanted {
			if _, ok := events[name]; !ok {
				missing[name] = true
			}
		}
		if len(missing) == 0 {
			l.read, l.dissolved = len(events), len(days)
			return events, k.dissolve(days)
		}
		if err := p.readSome(k.ctx, missing, events); err != nil {
			return nil, err
		}
		// What is merged into a conversation that is settled brings that one back.
		for name := range missing {
			for _, e := range events[name] {
				if merged, ok := e.(metrics.Merged); ok {
					days[before[merged.Into].day] = true
				}
			}
		}
	}
}

// mostNamed is how many conversations a query names. For more, all are read, and those that
// are not wanted are passed over.
const mostNamed = 500

// readSome reads the events of the conversations that are wanted.
func (p *program) readSome(ctx context.Context, wanted map[metrics.ConversationID]bool, events map[metrics.ConversationID][]metrics.Event) error {
	for name := range wanted {
		events[name] = nil
	}
	query := "SELECT * FROM service_events"
	var args []any
	if len(wanted) <= p.mostNamed {
		places := make([]string, 0, len(wanted))
		for name := range wanted {
			args = append(args, string(name))
			places = append(places, p.dialect.Argument(len(args)))
		}
		query += " WHERE conversation IN (" + strings.Join(places, ", ") + ")"
	}
	rows, err := p.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for e, err := range metrics.DecodeRows(rows) {
		if err := p.refused.take(err); err != nil {
			return err
		}
		if err != nil {
			continue
		}
		if name := metrics.RecordOf(e).Conversation; wanted[name] {
			events[name] = append(events[name], e)
		}
	}
	return nil
}

// listSource returns when each conversation of the source changed last.
func listSource(ctx context.Context, db *sql.DB) (map[metrics.ConversationID]listed, error) {
	rows, err := db.QueryContext(ctx, "SELECT conversation, changed FROM service_changes")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make(map[metrics.ConversationID]listed)
	for rows.Next() {
		var name string
		var one listed
		if err := rows.Scan(&name, &one.changed); err != nil {
			return nil, err
		}
		list[metrics.ConversationID(name)] = one
	}
	return list, rows.Err()
}

// A keeper reads and writes what looks keep, in the transaction of one.
type keeper struct {
	ctx        context.Context
	tx         *sql.Tx
	statements map[string]*sql.Stmt
}

// exec executes a statement, which is parsed once.
func (k *keeper) exec(query string, args ...any) error {
	if k.statements[query] == nil {
		statement, err := k.tx.PrepareContext(k.ctx, query)
		if err != nil {
			return err
		}
		k.statements[query] = statement
	}
	_, err := k.statements[query].ExecContext(k.ctx, args...)
	return err
}

// instant is the form of instants in the state.
const instant = "2006-01-02T15:04:05.000000000Z"

// begin checks that what is kept is of the same source and rules, and of an earlier
// instant.
func (k *keeper) begin(source string, asOf time.Time) error {
	usual, err := json.Marshal(rules)
	if err != nil {
		return err
	}
	terms, at := fmt.Sprintf("%s by %s", source, usual), asOf.UTC().Format(instant)
	var kept, keptAt string
	err = k.tx.QueryRowContext(k.ctx, "SELECT terms, as_of FROM state").Scan(&kept, &keptAt)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case kept != terms:
		return fmt.Errorf("the state is of %s, not of %s: take another file", kept, terms)
	case keptAt > at:
		return fmt.Errorf("%w: %s, %s", errEarlier, at, keptAt)
	}
	return k.exec("INSERT OR REPLACE INTO state (one, terms, as_of) VALUES (1, ?, ?)", terms, at)
}

// seen returns what was seen of each conversation.
func (k *keeper) seen() (map[metrics.ConversationID]listed, error) {
	rows, err := k.tx.QueryContext(k.ctx, "SELECT conversation, changed, first, day FROM seen")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make(map[metrics.ConversationID]listed)
	for rows.Next() {
		var name string
		var one listed
		if err := rows.Scan(&name, &one.changed, &one.first, &one.day); err != nil {
			return nil, err
		}
		list[metrics.ConversationID(name)] = one
	}
	return list, rows.Err()
}

// dissolve deletes the figures of days.
func (k *keeper) dissolve(days map[string]bool) error {
	for day := range days {
		if err := k.exec("DELETE FROM settled WHERE day = ?", day); err != nil {
			return err
		}
	}
	return nil
}

// forget deletes the events that are kept of live conversations which were read again, and
// all of those that are gone.
func (k *keeper) forget(now, before map[metrics.ConversationID]listed, events map[metrics.ConversationID][]metrics.Event) error {
	for name, was := range before {
		_, there := now[name]
		_, read := events[name]
		if was.day == "" && (read || !there) {
			if err := k.forgetEvents(name); err != nil {
				return err
			}
		}
		if !there {
			if err := k.exec("DELETE FROM seen WHERE conversation = ?", string(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetEvents deletes the events of a conversation.
func (k *keeper) forgetEvents(name metrics.ConversationID) error {
	for _, table := range []string{"service_events", "service_changes"} {
		if err := k.exec("DELETE FROM "+table+" WHERE conversation = ?", string(name)); err != nil {
			return err
		}
	}
	return nil
}

// settle adds conversations of the log to the figures of their day: those that are settled,
// with all that they are merged with, if none had an event since so long before the instant.
// It returns the day of each.
func (k *keeper) settle(log *metrics.EventLog, asOf time.Time, keep time.Duration) (map[metrics.ConversationID]string, error) {
	logs := make(map[string]*metrics.EventLog)
	days := make(map[metrics.ConversationID]string)
	reading := log.Read(rules, asOf)
	for _, family := range families(log) {
		day, ok := family.settledOn(log, reading, asOf.Add(-keep))
		if !ok {
			continue
		}
		if logs[day] == nil {
			logs[day] = new(metrics.EventLog)
		}
		for _, name := range family {
			days[name] = day
			c, _ := log.Conversation(name)
			for e := range c.Events() {
				if err := logs[day].Append(e); err != nil {
					return nil, err
				}
			}
		}
	}
	for day, some := range logs {
		ofDay := newByChannel()
		if err := some.Read(rules, asOf).Settled().Into(ofDay); err != nil {
			return nil, err
		}
		for channel, f := range figuresOf(ofDay) {
			if err := k.addTo(day, channel, f); err != nil {
				return nil, err
			}
		}
	}
	return days, nil
}

// addTo merges figures into those of a day.
func (k *keeper) addTo(day string, channel metrics.Channel, f *metrics.Figures) error {
	var data []byte
	err := k.tx.QueryRowContext(k.ctx, "SELECT figures FROM settled WHERE day = ? AND channel = ?", day, string(channel)).Scan(&data)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		var kept metrics.Figures
		if err := kept.UnmarshalBinary(data); err != nil {
			return err
		}
		if err := f.Merge(&kept); err != nil {
			return err
		}
	}
	if data, err = f.MarshalBinary(); err != nil {
		return err
	}
	return k.exec("INSERT OR REPLACE INTO settled (day, channel, figures) VALUES (?, ?, ?)", day, string(channel), data)
}

// report adds the settled days to the figures of what is live.
func (k *keeper) report(l *look) error {
	rows, err := k.tx.QueryContext(k.ctx, "SELECT channel, figures FROM settled")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var channel string
		var data []byte
		if err := rows.Scan(&channel, &data); err != nil {
			return err
		}
		var f metrics.Figures
		if err := f.UnmarshalBinary(data); err != nil {
			return err
		}
		if err := l.figures.add(metrics.Channel(channel), &f); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return k.tx.QueryRowContext(k.ctx,
		"SELECT COALESCE(SUM(day = ''), 0), COALESCE(SUM(day <> ''), 0), COUNT(DISTINCT NULLIF(day, '')) FROM seen").Scan(&l.live, &l.settled, &l.settledOn)
}

// unsettled counts all conversations but those that are settled.
type unsettled struct {
	*byChannel
	days map[metrics.ConversationID]string // on which others were settled
}

func (u unsettled) Add(h *metrics.History) error {
	if u.days[h.Conversation().ID()] != "" {
		return nil
	}
	return u.byChannel.Add(h)
}

// A family is conversations that were merged with each other, or one that was not.
type family []metrics.ConversationID

// families returns the conversations of a log, each in one family. The targets of mergers
// that are not in the log are in them too.
func families(log *metrics.EventLog) []family {
	parent := make(map[metrics.ConversationID]metrics.ConversationID)
	root := func(name metrics.ConversationID) metrics.ConversationID {
		for parent[name] != "" && parent[name] != name {
			name = parent[name]
		}
		parent[name] = name
		return name
	}
	for c := range log.Conversations() {
		root(c.ID())
		for e := range c.Events() {
			if merged, ok := e.(metrics.Merged); ok {
				parent[root(c.ID())] = root(merged.Into)
			}
		}
	}
	members := make(map[metrics.ConversationID]family)
	for name := range parent {
		members[root(name)] = append(members[root(name)], name)
	}
	list := make([]family, 0, len(members))
	for _, one := range members {
		slices.Sort(one)
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b family) int { return cmp.Compare(a[0], b[0]) })
	return list
}

// settledOn returns the day of the last event of a family, if nothing in it can change but
// by another event, and none came after an instant.
func (f family) settledOn(log *metrics.EventLog, reading metrics.Reading, quiet time.Time) (day string, ok bool) {
	var last time.Time
	for _, name := range f {
		c, ok := log.Conversation(name)
		if !ok {
			return "", false // merged into what may come yet
		}
		for e := range c.Events() {
			if at := metrics.RecordOf(e).At; at.After(last) {
				last = at
			}
		}
	}
	if last.After(quiet) {
		return "", false
	}
	for _, name := range f {
		cases, settled := 0, 0
		for range reading.Conversation(name) {
			cases++
		}
		for range reading.Settled().Conversation(name) {
			settled++
		}
		if settled != cases {
			return "", false
		}
	}
	return last.UTC().Format(time.DateOnly), true
}
