package briefing

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A Now is what a desk owes its customers at the instant of a reading: who waits, what is
// due next, and what is past its promise.
//
//	now := briefing.NewNow(desk, ask)
//	err := desk.Log.Read(desk.Rules, desk.AsOf).Into(now.Sinks()...)
//	sections := now.Sections()
type Now struct {
	of       Briefing // of nothing but who waits
	ask      Ask
	board    *standards.Board
	assigned bool // whether the events tell of any assignment
	late     []standards.Finding
	next     []standards.Finding
}

// NewNow returns one that its sinks fill.
func NewNow(desk Desk, ask Ask) *Now {
	return &Now{
		of:  Briefing{Desk: desk, Link: ask.Link, Waiting: newWaiting(&desk.Policy, max(ask.Named, mostWaiting)), behind: ask.Behind},
		ask: ask, board: standards.NewBoard(desk.Policy),
	}
}

// Sinks returns what must be fed a reading of the desk, as of its instant.
func (n *Now) Sinks() []metrics.Sink {
	return n.ask.Kept(&n.of.Waiting, n.board, n)
}

// Add implements [metrics.Sink].
func (n *Now) Add(h *metrics.History) error {
	n.assigned = n.assigned || h.Has(metrics.KindAssigned)
	return nil
}

// Waiting are the customers who wait.
func (n *Now) Waiting() *Waiting { return &n.of.Waiting }

// promises sets late, the latest first, and next, the next first: of open promises to
// customers those that have a deadline. What is on hold has none.
func (n *Now) promises() {
	if n.late != nil || n.next != nil {
		return
	}
	n.late, n.next = []standards.Finding{}, []standards.Finding{}
	for _, f := range n.board.Rows() { // by due time
		switch {
		case f.Target.Agreement != "" || f.Due.IsZero():
		case f.Target.Measure == standards.TimeToAssign && !n.assigned:
			// Nobody can know; it would be late everywhere.
		case isLate(&f):
			n.late = append(n.late, f)
		default:
			n.next = append(n.next, f)
		}
	}
	slices.SortStableFunc(n.late, func(a, b standards.Finding) int { return b.Due.Compare(a.Due) })
}

func isLate(f *standards.Finding) bool { return f.Verdict == standards.Breached }

// soon is how long before its deadline a promise is about to be late, whatever the policy
// says.
const soon = 2 * time.Hour

func isSoon(f *standards.Finding) bool { return f.Warning || f.Margin <= soon }

// Counts returns how many conversations there are in which a promise is late, and of the
// others, in which one is about to be.
func (n *Now) Counts() (late, near int64) {
	n.promises()
	seen := make(map[metrics.ConversationID]bool)
	count := func(all []standards.Finding, is func(*standards.Finding) bool) (found int64) {
		for i := range all {
			if id := all[i].Conversation; is(&all[i]) && !seen[id] {
				seen[id] = true
				found++
			}
		}
		return found
	}
	late = count(n.late, isLate)
	return late, count(n.next, isSoon)
}

// List names the conversations behind a figure of now. It is empty for other kinds.
func (n *Now) List(of Behind) List {
	l := newList(of.Kind)
	n.promises()
	add := func(one Listed) {
		if of.Channel == nil || *of.Channel == one.Channel {
			l.Rows = append(l.Rows, one)
		}
	}
	switch of.Kind {
	case Waiters:
		for _, w := range n.of.Waiting.Longest.List() {
			add(Listed{Conversation: w.Conversation, Channel: w.Channel, Agent: w.Agent, Team: w.Team, Since: w.Since, Due: w.Due, Took: w.Age, Overdue: w.Overdue})
		}
		if of.Channel == nil {
			l.All = n.of.Waiting.N
			return l
		}
	case Late:
		for i := range n.late {
			add(listed(&n.late[i]))
		}
	case Due:
		for i := range n.next {
			add(listed(&n.next[i]))
		}
	}
	l.All = int64(len(l.Rows))
	return l
}

// ListSection puts a list of now on a page; see [Briefing.ListSection].
func (n *Now) ListSection(l List, most int, csv string) draw.Section {
	return n.of.ListSection(l, most, csv)
}

// Sections are the key figures, what is due next, and who waits.
func (n *Now) Sections() []draw.Section {
	n.promises()
	return []draw.Section{
		{ID: "now", Nav: "Now", Title: "Now", Parts: []draw.Part{draw.Cards{n.lateCard(), n.nearCard(), n.of.waitingCard()}}},
		n.dueSection(), n.of.waitingSection(),
	}
}

func (n *Now) lateCard() draw.Card {
	late, _ := n.Counts()
	card := draw.Card{Title: "Past the promise", Sub: "of an answer or a solution", Urgent: late > 0, Figures: []draw.Figure{{Value: text.Count(late), Small: "conversations"}}}
	if late == 1 {
		card.Figures[0].Small = "conversation"
	}
	if len(n.late) > 0 {
		f := &n.late[0]
		card.Facts = []draw.Fact{
			{Name: "Latest", Value: text.Duration(max(0, -f.Margin)) + " late"},
			{Name: "Which", Value: clean(string(f.Conversation)), Link: n.of.linkTo(f.Conversation)},
		}
		card.More = n.of.more(Behind{Kind: Late}, "All that are late", "")
	}
	return card
}

func (n *Now) nearCard() draw.Card {
	_, near := n.Counts()
	card := draw.Card{Title: "About to be late", Sub: "if nobody answers or solves it", Figures: []draw.Figure{{Value: text.Count(near), Small: "within " + text.Duration(soon)}}}
	if slices.ContainsFunc(n.of.Policy.Targets, func(t standards.Target) bool { return t.Warn.Defined() || t.WarnDays != 0 }) {
		card.Figures[0].Small = "due soon"
	}
	if len(n.next) > 0 {
		f := &n.next[0]
		card.Facts = []draw.Fact{
			{Name: "Next", Value: n.due(f)},
			{Name: "Which", Value: clean(string(f.Conversation)), Link: n.of.linkTo(f.Conversation)},
		}
		card.More = n.of.more(Behind{Kind: Due}, "All that is due", "")
	}
	return card
}

// due says when a promise is due: how long that is, if it is today, or the day.
func (n *Now) due(f *standards.Finding) string {
	switch {
	case f.Margin < 12*time.Hour:
		return "in " + text.Remaining(f.Margin)
	case f.Margin < 6*24*time.Hour:
		return f.Due.In(n.of.Zone).Format("Mon 15:04")
	}
	return n.of.dateTime(f.Due)
}

func (n *Now) dueSection() draw.Section {
	columns := []draw.Column{
		{Name: "Conversation"}, {Name: "Channel", Left: true, Minor: true}, {Name: "With", Left: true, Minor: true},
		{Name: "Promise", Left: true}, {Name: "Used", Left: true, Minor: true}, {Name: "Due"},
	}
	var rows []draw.Cells
	for i := range n.next[:min(mostNamed, len(n.next))] {
		f := &n.next[i]
		channel := draw.ChannelName(f.Channel)
		id := n.of.linked(f.Conversation)
		id.Narrow = channel
		used := draw.Cell{Text: text.NoData}
		if share, ok := (stat.Ratio{Part: int64(f.Used), Whole: int64(f.Used + f.Left)}).Float64(); ok {
			used = draw.Cell{Text: text.Percent(share, 0), Bar: &draw.Bar{Share: share}}
		}
		due := draw.Cell{Text: n.due(f), Strong: true}
		if isSoon(f) {
			due.Chip = draw.Chip{Mark: draw.Alert, Word: "soon"}
			if used.Bar != nil {
				used.Bar.Mark = draw.Alert
			}
		}
		rows = append(rows, draw.Cells{id, {Text: channel}, {Text: Who(f.Owner, f.Team)}, {Text: clean(f.Target.String())}, used, due})
	}
	box := draw.Box{Parts: foldedList("What is due next", "Nothing is due.", columns, rows, int64(len(n.next)))}
	return draw.Section{
		ID: "due", Nav: "Due", Title: "What is due next",
		Intro: "Promises to customers that can still be kept, the next first.", Parts: []draw.Part{box},
	}
}
