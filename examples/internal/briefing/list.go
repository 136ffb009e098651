package briefing

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A Kind is a kind of conversations that are named.
type Kind string

const (
	Waiters Kind = "waiting" // customers who wait now, the longest first
	Late    Kind = "late"    // open promises that are broken now, the latest first
	Due     Kind = "due"     // open promises that are not, the next first
	Slow    Kind = "slow"    // first answers of the period, the slowest first
	Broken  Kind = "broken"  // promises of the period that were broken, the latest first
	Low     Kind = "low"     // ratings of 1 to 3 stars of the period, the lowest and latest first
	Oldest  Kind = "open"    // open conversations, the oldest first
)

// Kinds returns all of them.
func Kinds() []Kind { return []Kind{Waiters, Late, Due, Slow, Broken, Low, Oldest} }

// Now reports whether a list is of a [Now], and not of a period.
func (k Kind) Now() bool { return k == Waiters || k == Late || k == Due }

// A Behind is a figure, behind which there are conversations.
type Behind struct {
	Kind    Kind
	Promise int              // the place of a Broken promise in the policy, from 1; 0: of any
	Channel *metrics.Channel // nil: of any
}

// A List names the conversations behind a figure.
type List struct {
	Kind   Kind
	Title  string
	Empty  string // what is said if there are none
	All    int64  // how many there are; Rows may be fewer
	Rows   []Listed
	inTime timeNames
}

// A Listed is a conversation on a list, with what a list of its kind has.
type Listed struct {
	Conversation metrics.ConversationID
	Channel      metrics.Channel
	Agent        metrics.AgentID
	Team         metrics.TeamID
	Promise      string
	Since        time.Time
	Due          time.Time     // zero: there is none
	Took         time.Duration // see the name of the column
	Overdue      bool          // whether Due is past
	Stars        int
}

// timeNames are the names of the columns of times; a list has those that are not empty.
type timeNames struct{ since, due, took string }

var listNames = map[Kind]struct {
	title, empty string
	timeNames
}{
	Waiters: {"Customers who wait", "Nobody waits for an answer.", timeNames{"Wrote", "Answer due", "Waits for"}},
	Late:    {"Open promises that are broken, the latest first", "Nothing is past its promise.", timeNames{"Since", "Was due", "Late by"}},
	Due:     {"Open promises, the next due first", "Nothing is due.", timeNames{"Since", "Due", "Left"}},
	Slow:    {"First answers, the slowest first", "Nobody was answered.", timeNames{"Wrote", "", "Answered after"}},
	Broken:  {"Promises that were broken, the latest first", "No promise was broken.", timeNames{"Since", "Was due", "Late by"}},
	Low:     {"Ratings of 1 to 3 stars, the lowest and latest first", "Nobody gave 1 to 3 stars.", timeNames{"Rated", "", ""}},
	Oldest:  {"Open conversations, the oldest first", "Nothing is open.", timeNames{"Open since", "", "Open for"}},
}

func newList(k Kind) List {
	n := listNames[k]
	return List{Kind: k, Title: n.title, Empty: n.empty, inTime: n.timeNames}
}

// promised reports whether a list is of promises.
func (l *List) promised() bool { return l.Kind == Late || l.Kind == Due || l.Kind == Broken }

// List names the conversations behind a figure of the period, at most as many as were asked
// for. It is empty for a kind of a [Now], and without a comparison.
func (p *Briefing) List(of Behind) List {
	l := newList(of.Kind)
	if p.Brief == nil {
		return l
	}
	on := func(c metrics.Channel) bool { return of.Channel == nil || *of.Channel == c }
	exhibits := func(list []metrics.Exhibit, all int64) {
		l.All = all
		for _, e := range list {
			if !on(e.Channel) {
				continue
			}
			took := e.Elapsed
			if of.Kind == Slow && p.InHours() {
				took = e.InHours
			}
			l.Rows = append(l.Rows, Listed{Conversation: e.Conversation, Channel: e.Channel, Agent: e.Agent, Team: e.Team, Since: e.Start, Took: took, Stars: int(e.Number)})
		}
		if of.Channel != nil {
			l.All = int64(len(l.Rows))
		}
	}
	switch of.Kind {
	case Slow:
		exhibits(p.Brief.Slow.List(), p.Brief.Slow.Count())
	case Oldest:
		exhibits(p.Brief.Oldest.List(), p.Brief.Oldest.Count())
	case Low:
		low := p.unsatisfied()
		counts := p.Brief.Ratings.Now.Counts()
		exhibits(low, counts[0]+counts[1]+counts[2])
	case Broken:
		for _, f := range latestFirst(p.broken(of)) {
			l.Rows = append(l.Rows, listed(&f))
		}
		for i := range p.Brief.Promises {
			if m := &p.Brief.Promises[i]; p.within(m, of) {
				l.All += m.Tally.Breached
			}
		}
	}
	return l
}

// within reports whether a promise is one of those behind a figure: of any, or a certain
// one. Those of inner agreements are behind their own figures only.
func (p *Briefing) within(m *Promised, of Behind) bool {
	if of.Channel != nil && *of.Channel != m.Channel {
		return false
	}
	if of.Promise == 0 {
		return m.Target.Agreement == ""
	}
	return of.Promise <= len(p.Policy.Targets) && m.Target == &p.Policy.Targets[of.Promise-1]
}

// broken returns the breaches behind a figure.
func (p *Briefing) broken(of Behind) (all []standards.Finding) {
	for i := range p.Brief.Promises {
		if m := &p.Brief.Promises[i]; p.within(m, of) {
			all = append(all, m.Breaches...)
		}
	}
	return all
}

// latestFirst sorts by the beginning.
func latestFirst(all []standards.Finding) []standards.Finding {
	slices.SortStableFunc(all, func(a, b standards.Finding) int { return a.Start.Compare(b.Start) })
	slices.Reverse(all)
	return all
}

// listed is a promise on a list.
func listed(f *standards.Finding) Listed {
	l := Listed{
		Conversation: f.Conversation, Channel: f.Channel, Agent: f.Owner, Team: f.Team, Promise: f.Target.String(),
		Since: f.Start, Due: f.Due, Overdue: isLate(f),
	}
	if l.Took = f.Margin; l.Overdue {
		l.Took = max(0, -f.Margin)
	}
	return l
}

// listTable puts at most so many rows of a list into a table.
func (p *Briefing) listTable(l *List, most int) draw.Table {
	t := draw.Table{Caption: l.Title, Empty: l.Empty, Columns: []draw.Column{{Name: "Conversation"}}}
	column := func(is bool, c draw.Column) {
		if is {
			t.Columns = append(t.Columns, c)
		}
	}
	column(l.Kind == Low, draw.Column{Name: "Stars", Left: true})
	column(l.promised(), draw.Column{Name: "Promise", Left: true})
	column(true, draw.Column{Name: "Channel", Left: true, Minor: true})
	column(true, draw.Column{Name: "With", Left: true, Minor: true})
	column(true, draw.Column{Name: l.inTime.since, Left: true})
	column(l.inTime.due != "", draw.Column{Name: l.inTime.due, Left: true, Minor: true})
	column(l.inTime.took != "", draw.Column{Name: l.inTime.took})
	rows := make([]draw.Cells, 0, min(most, len(l.Rows)))
	for _, r := range l.Rows[:min(most, len(l.Rows))] {
		channel := draw.ChannelName(r.Channel)
		cells := draw.Cells{p.linked(r.Conversation)}
		if l.Kind == Low {
			cells = append(cells, draw.Cell{Stars: r.Stars})
		}
		if l.promised() {
			cells = append(cells, draw.Cell{Text: clean(r.Promise), Narrow: channel})
		} else {
			cells[0].Narrow = channel
		}
		cells = append(cells, draw.Cell{Text: channel}, draw.Cell{Text: Who(r.Agent, r.Team)}, draw.Cell{Text: p.dateTime(r.Since)})
		if l.inTime.due != "" {
			due := draw.Cell{Text: text.NoData}
			if !r.Due.IsZero() {
				due.Text = p.dateTime(r.Due)
				if l.Kind == Waiters && !r.Overdue {
					due.Note = "to come"
				}
			}
			cells = append(cells, due)
		}
		if l.inTime.took != "" {
			cells = append(cells, draw.Cell{Text: text.Duration(r.Took), Strong: true})
		}
		rows = append(rows, cells)
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return t
}

// ListSection puts at most so many rows of a list on a page, with a link to all of them as CSV.
func (p *Briefing) ListSection(l List, most int, csv string) draw.Section {
	words := text.Counted(l.All, "conversation")
	if l.promised() {
		words = text.Counted(l.All, "promise")
	} else if l.Kind == Low {
		words = text.Counted(l.All, "rating")
	}
	if shown := min(most, len(l.Rows)); int64(shown) < l.All {
		words += ", of which " + text.Count(int64(shown)) + " are shown"
	}
	box := draw.Box{Parts: []draw.Part{p.listTable(&l, most)}}
	if len(l.Rows) > 0 {
		box.Parts = append(box.Parts, draw.Links{{Text: "As CSV", Address: csv, Said: text.Count(int64(len(l.Rows))) + " rows as CSV"}})
	}
	return draw.Section{ID: "list", Title: l.Title, Intro: words + ".", Parts: []draw.Part{box}}
}

// WriteCSV prints all rows of a list, with instants in a zone and times in seconds.
func (l *List) WriteCSV(w io.Writer, zone *time.Location) error {
	head := []string{"conversation", "channel", "agent", "team"}
	column := func(is bool, name string) {
		if is {
			head = append(head, name)
		}
	}
	name := func(title string) string { return strings.ReplaceAll(strings.ToLower(title), " ", "_") }
	column(l.Kind == Low, "stars")
	column(l.promised(), "promise")
	column(true, name(l.inTime.since))
	column(l.inTime.due != "", name(l.inTime.due))
	column(l.inTime.took != "", name(l.inTime.took)+"_seconds")
	lines := [][]string{head}
	for _, r := range l.Rows {
		row := []string{inert(r.Conversation), inert(r.Channel), inert(r.Agent), inert(r.Team)}
		if l.Kind == Low {
			row = append(row, strconv.Itoa(r.Stars))
		}
		if l.promised() {
			row = append(row, inert(r.Promise))
		}
		row = append(row, instant(r.Since, zone))
		if l.inTime.due != "" {
			row = append(row, instant(r.Due, zone))
		}
		if l.inTime.took != "" {
			row = append(row, strconv.FormatFloat(r.Took.Seconds(), 'f', -1, 64))
		}
		lines = append(lines, row)
	}
	return csv.NewWriter(w).WriteAll(lines)
}

func instant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}

// inert returns a name that no spreadsheet takes for a formula.
func inert[T ~string](name T) string {
	s := string(name)
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
