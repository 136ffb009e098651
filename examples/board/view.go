package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// view is what the board shows, in plain values, which can be written for a terminal or
// for a page. Names are as the data have them.
type view struct {
	AsOf          time.Time // in the zone of all times
	Conversations counts    // each by the worst of its open promises
	Promises      counts
	Unpromised    int64 // open conversations in which no promise is open
	Near          int64 // conversations in which nothing is overdue, and something is due soon or within two hours
	Warned        bool  // whether the policy says of any promise when it is due soon

	Waiting   int64         // conversations in which the customer waits for an answer
	Longest   time.Duration // the longest of these waits
	LongestIn string        // the conversation of the longest

	Unmeasured []string // the promises that are not shown, because nothing tells of them

	Each    bool // whether each promise has a row
	Overdue list // most overdue first
	Latest  list // the same from its end
	Next    list // least time left first, and last what has no deadline
}

// counts are how many are overdue, due soon, and neither.
type counts struct{ Overdue, Soon, InTime int64 }

func countsOf(overdue, near, fine int64) counts { return counts{overdue, near, fine} }

func (c counts) all() int64 { return c.Overdue + c.Soon + c.InTime }

// list is the beginning of a list.
type list struct {
	Rows []row
	More int // rows after these
}

// row is a conversation with its most urgent promise, or one promise of several.
type row struct {
	Conversation, Channel, Priority, Agent, Team string

	Promise string
	Due     time.Time     // zero if there is no deadline
	Overdue bool          // whether it is in the list of what is
	Late    time.Duration // the time since the deadline, around the clock
	Soon    bool
	Used    stat.Ratio // of the budget; what is overdue has used up all of it
	Hold    bool       // whether there is no deadline because the conversation is on hold
	// Left is what is left of the budget if there is no deadline: in office hours, or else
	// around the clock.
	Left        time.Duration
	OfficeHours bool
	Step        string // the last escalation that came due
	Others      int    // how many other promises of the conversation are open, which have no rows
}

// desk is what the histories say of a desk beside its promises.
type desk struct {
	open    []metrics.ConversationID
	teams   map[metrics.ConversationID]metrics.TeamID
	waiting int64
	longest metrics.Wait
}

// Add implements [metrics.Sink].
func (d *desk) Add(h *metrics.History) error {
	id := h.Conversation().ID()
	if h.IsOpen() {
		d.open = append(d.open, id)
	}
	if d.teams == nil {
		d.teams = make(map[metrics.ConversationID]metrics.TeamID)
	}
	d.teams[id] = h.Team() // of the last case, which is the one that can be open
	if w, ok := h.StillWaiting(); ok {
		// Of equal ones it is the first by name, in whatever order they come.
		if d.waiting == 0 || cmp.Or(cmp.Compare(d.longest.Duration(), w.Duration()), cmp.Compare(id, d.longest.Conversation)) < 0 {
			d.longest = w
		}
		d.waiting++
	}
	return nil
}

// near is how long before its deadline a promise is near, whatever the policy says.
const near = 2 * time.Hour

// look returns what the board shows of a reading, by the settings. It feeds the sinks
// beside, too.
func look(r metrics.Reading, p standards.Policy, s settings, beside ...metrics.Sink) (view, error) {
	board, d := standards.NewBoard(p), new(desk)
	if err := r.Into(append(beside, board, d)...); err != nil {
		return view{}, err
	}
	v := view{
		AsOf:          board.Terms().AsOf.In(s.zone),
		Conversations: countsOf(board.Conversations()),
		Promises:      countsOf(board.Promises()),
		Warned:        slices.ContainsFunc(p.Targets, func(t standards.Target) bool { return t.Warn.Defined() || t.WarnDays != 0 }),
		Waiting:       d.waiting,
		Each:          s.each,
	}
	if d.waiting > 0 {
		v.Longest, v.LongestIn = d.longest.Duration(), string(d.longest.Conversation)
	}
	rows := mostUrgentFirst(board.Rows(), v.AsOf, d.teams)
	at := make(map[string]int)        // the row of a conversation
	pressing := make(map[string]bool) // whether something is overdue or near
	kept := rows[:0]
	for _, r := range rows {
		if r.Overdue || r.Soon || !r.Due.IsZero() && r.Due.Sub(v.AsOf) <= near {
			if !r.Overdue && !pressing[r.Conversation] {
				v.Near++
			}
			pressing[r.Conversation] = true
		}
		if i, ok := at[r.Conversation]; ok && !s.each {
			kept[i].Others++
			continue
		}
		at[r.Conversation] = len(kept)
		kept = append(kept, r)
	}
	for _, id := range d.open {
		if _, ok := at[string(id)]; !ok {
			v.Unpromised++
		}
	}
	next := slices.IndexFunc(kept, func(r row) bool { return !r.Overdue })
	if next < 0 {
		next = len(kept)
	}
	latest := slices.Clone(kept[:next])
	slices.Reverse(latest)
	v.Overdue, v.Latest, v.Next = listOf(kept[:next], s.rows), listOf(latest, s.rows), listOf(kept[next:], s.rows)
	return v, nil
}

// listOf returns at most so many rows of a list, or all if most is 0.
func listOf(rows []row, most int) list {
	if most == 0 || most > len(rows) {
		most = len(rows)
	}
	return list{rows[:most], len(rows) - most}
}

// mostUrgentFirst returns a row for each of the promises: first what is overdue, by how long
// it has been, then what is due, by the time that is left, and then what has no deadline.
// Equal ones stay in order.
func mostUrgentFirst(promises []standards.Finding, asOf time.Time, teams map[metrics.ConversationID]metrics.TeamID) []row {
	rows := make([]row, len(promises))
	for i := range promises {
		rows[i] = rowOf(&promises[i], asOf)
		rows[i].Team = string(teams[promises[i].Conversation])
	}
	class := func(r *row) int {
		switch {
		case r.Overdue:
			return 0
		case !r.Due.IsZero():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(rows, func(r, s row) int {
		return cmp.Or(cmp.Compare(class(&r), class(&s)), cmp.Compare(s.Late, r.Late), r.Due.Compare(s.Due))
	})
	return rows
}

func rowOf(f *standards.Finding, asOf time.Time) row {
	r := row{
		Conversation: string(f.Conversation), Channel: string(f.Channel), Priority: string(f.Priority), Agent: string(f.Owner),
		Promise: f.Target.String(),
		Overdue: f.Verdict == standards.Breached || !f.Due.IsZero() && f.Margin <= 0,
		Soon:    f.Warning,
		Used:    stat.Ratio{Part: int64(f.Used), Whole: int64(f.Used + f.Left)},
	}
	if !f.Due.IsZero() {
		r.Due = f.Due.In(asOf.Location())
	}
	switch {
	case r.Overdue:
		r.Late = -f.Margin
	case r.Due.IsZero():
		n := len(f.Holds)
		r.Hold = n > 0 && f.Holds[n-1].End.IsZero()
		r.Left, r.OfficeHours = f.Left, f.Target.Calendar != nil
	}
	for _, step := range f.Escalations() {
		r.Step = step.Name
	}
	return r
}
