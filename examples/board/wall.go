package main

import (
	"cmp"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// wall is what a wall display shows, in plain values. Names are as the data have them.
type wall struct {
	view
	Desk     string
	Today    today
	Events   int // of the file
	Rejected int // lines of the file that could not be read
	settings settings
}

// lookWall returns what a wall display shows of a reading.
func lookWall(r metrics.Reading, p standards.Policy, s settings) (wall, error) {
	asOf := r.Terms().AsOf.In(s.zone)
	came, first := newArrivals(asOf), newFirst(p, asOf)
	v, err := look(r, p, s, came, first)
	if err != nil {
		return wall{}, err
	}
	w := wall{view: v, Desk: p.Name, Today: came.today(), settings: s}
	w.Today.First = firstOf(first)
	return w, nil
}

// writePage prints the page of a wall display, of one look.
func writePage(s settings, in *input, policy standards.Policy, asOf time.Time, out io.Writer) error {
	policy, unmeasured := measured(&in.log, policy)
	w, err := lookWall(in.log.Read(in.rules, asOf), policy, s)
	if err != nil {
		return err
	}
	w.Unmeasured, w.Events, w.Rejected = unmeasured, in.log.Len(), in.rejected
	return w.page().Write(out)
}

// page puts the board on a page that is read from across a room.
func (w *wall) page() draw.Page {
	page := draw.Page{Desk: plain.Name(w.Desk), Title: "Now", Wall: true, Refresh: w.settings.again}
	foot := w.fileWords()
	if w.Events == 0 {
		page.About = []string{"There are no events yet."}
	} else {
		page.Clock = w.AsOf.Format("15:04")
		page.About = []string{w.AsOf.Format("Monday, 2 January 2006") + "; times of " + w.AsOf.Location().String()}
		page.Cards = []draw.Card{w.overdueCard(), w.nearCard(), w.waitingCard(), w.todayCard()}
		page.Sections = []draw.Section{{Title: "Promises", Parts: w.promiseParts()}, {Title: "Today", Parts: w.todayParts()}}
		foot = append(w.boardWords(), foot...)
	}
	page.Foot = strings.Join(foot, " ")
	return page
}

// fact is a name with a conversation.
func (w *wall) fact(name, conversation string) draw.Fact {
	return draw.Fact{Name: name, Value: plain.Name(conversation), Link: w.settings.link.To(conversation)}
}

func (w *wall) overdueCard() draw.Card {
	c := w.Conversations
	card := draw.Card{
		Title: "Past the promise", Urgent: c.Overdue > 0, Figures: conversations(c.Overdue),
		Facts: []draw.Fact{{Name: "Open in all", Value: text.Count(c.all() + w.Unpromised)}},
	}
	if len(w.Overdue.Rows) > 0 {
		card.Facts = append(card.Facts, draw.Fact{Name: "Longest", Value: text.Remaining(w.Overdue.Rows[0].Late)})
	}
	return card
}

// conversations is a large number of them.
func conversations(n int64) []draw.Figure {
	value, what, _ := strings.Cut(text.Counted(n, "conversation"), " ")
	return []draw.Figure{{Value: value, Small: what}}
}

func (w *wall) nearCard() draw.Card {
	card := draw.Card{Title: w.nearTitle(), Figures: conversations(w.Near)}
	if rows := w.Next.Rows; len(rows) > 0 && !rows[0].Due.IsZero() {
		card.Facts = []draw.Fact{{Name: "Next", Value: rows[0].due(w.AsOf)}, w.fact("Which", rows[0].Conversation)}
	}
	return card
}

func (w *wall) nearTitle() string {
	if w.Warned {
		return "Due soon"
	}
	return "Due within " + text.Duration(near)
}

func (w *wall) waitingCard() draw.Card {
	card := draw.Card{Title: "Customers who wait", Figures: []draw.Figure{{Value: text.Count(w.Waiting), Small: "for an answer"}}}
	if w.Waiting > 0 {
		card.Facts = []draw.Fact{{Name: "Longest", Value: text.Remaining(w.Longest)}, w.fact("Which", w.LongestIn)}
	}
	return card
}

func (w *wall) todayCard() draw.Card {
	t := &w.Today
	card := draw.Card{Title: "Came in today", Figures: conversations(t.Came)}
	card.Facts = []draw.Fact{{Name: "Usual by " + w.AsOf.Format("15:04"), Value: t.usualWords()}, {Name: "Solved today", Value: text.Count(t.Solved)}}
	return card
}

// usualWords says what is usual, and the fewest and the most if they differ.
func (t *today) usualWords() string {
	mean, ok := t.usual().Float64()
	if !ok {
		return "not known yet"
	}
	words := rough(mean)
	if least, most := slices.Min(t.Before), slices.Max(t.Before); least < most {
		words += " (" + text.Range(text.Count(least), text.Count(most)) + ")"
	}
	return words
}

// rough writes a mean: to one place below one, else as a count.
func rough(mean float64) string {
	if mean > 0 && mean < 1 {
		return text.Number(mean, 1)
	}
	return text.Count(int64(math.Round(mean)))
}

// promiseParts are the lists of what is due, and of what is past its promise.
func (w *wall) promiseParts() []draw.Part {
	due := draw.Table{
		Caption: "What is due next", Empty: "Nothing is due.",
		Columns: w.columns(draw.Column{Name: "Used", Minor: true}, draw.Column{Name: "Due"}), Groups: []draw.Group{{Rows: w.cells(w.Next.Rows)}},
	}
	late := draw.Table{
		Caption: "What is past its promise", Empty: "Nothing is past its promise.",
		Columns: w.columns(draw.Column{Name: "Late by"}), Groups: []draw.Group{{Rows: w.cells(w.Overdue.Rows)}},
	}
	shown := len(w.Overdue.Rows)
	if latest := shown / 2; w.Overdue.More > 0 && latest > 0 {
		late.By = "Which"
		late.Groups = []draw.Group{
			{Name: "longest", Rows: w.cells(w.Overdue.Rows[:shown-latest])},
			{Name: "latest", Rows: w.cells(w.Latest.Rows[:latest])},
		}
	}
	return []draw.Part{
		draw.Box{Title: "Due next" + of(len(w.Next.Rows), w.Next.More), Parts: []draw.Part{due}},
		draw.Box{Title: "Past the promise" + of(shown, w.Overdue.More), Parts: []draw.Part{late}},
	}
}

// of says how many are shown, if that is not all.
func of(shown, more int) string {
	if more == 0 {
		return ""
	}
	return ", " + text.Count(int64(shown)) + " of " + text.Count(int64(shown+more))
}

// columns are those of both lists, with some of their own at the end.
func (w *wall) columns(own ...draw.Column) []draw.Column {
	all := []draw.Column{{Name: "Conversation"}, {Name: "Channel", Left: true, Minor: true}}
	if w.named() {
		all = append(all, draw.Column{Name: "With", Left: true, Minor: true})
	}
	return append(append(all, draw.Column{Name: "Promise", Left: true}), own...)
}

// named reports whether it is told who has a conversation.
func (w *wall) named() bool {
	if w.settings.agents {
		return true
	}
	for _, l := range []list{w.Next, w.Overdue, w.Latest} {
		for i := range l.Rows {
			if l.Rows[i].Team != "" {
				return true
			}
		}
	}
	return false
}

// with names who has a conversation: the agent, if agents are named, or the team.
func (w *wall) with(r *row) string {
	switch {
	case w.settings.agents && r.Agent != "":
		return plain.Name(r.Agent)
	case r.Team != "":
		return plain.Name(r.Team)
	case w.settings.agents:
		return "nobody"
	}
	return text.NoData
}

func (w *wall) cells(rows []row) []draw.Cells {
	all := make([]draw.Cells, len(rows))
	for i := range rows {
		r := &rows[i]
		channel := draw.ChannelName(metrics.Channel(r.Channel))
		cells := draw.Cells{
			{Text: plain.Name(r.Conversation), Link: w.settings.link.To(r.Conversation), Narrow: channel},
			{Text: channel},
		}
		if w.named() {
			cells = append(cells, draw.Cell{Text: w.with(r)})
		}
		cells = append(cells, draw.Cell{Text: plain.Name(r.Promise), Note: plain.Name(r.Step)})
		if !r.Overdue {
			cells = append(cells, used(r))
		}
		due := draw.Cell{Text: r.due(w.AsOf), Strong: true}
		if r.Soon {
			due.Chip = draw.Chip{Mark: draw.Alert, Word: "soon"}
		}
		all[i] = append(cells, due)
	}
	return all
}

// used is how much of its budget a promise has used, in words and as a bar.
func used(r *row) draw.Cell {
	share, ok := r.Used.Float64()
	if !ok {
		return draw.Cell{Text: text.NoData}
	}
	bar := &draw.Bar{Share: share}
	if r.Soon {
		bar.Mark = draw.Alert
	}
	return draw.Cell{Text: text.Share(r.Used.Part, r.Used.Whole, 0), Bar: bar}
}

// todayParts are the chart of the day by hour, and the first answers.
func (w *wall) todayParts() []draw.Part {
	return []draw.Part{w.hours(), w.firstAnswers()}
}

// fewestHours is how many hours a chart has at least, so that its bars are no towers.
const fewestHours = 10

// hours is the chart of what came in by hour: of the hours from the first to the last in
// which anything came in today, or came in on the days before.
func (w *wall) hours() draw.Part {
	const title = "Came in today, by hour"
	t := &w.Today
	from, to := 24, -1
	for hour := range t.Hours {
		if t.Hours[hour]+t.HoursBefore[hour] > 0 {
			from, to = min(from, hour), hour
		}
	}
	if to < 0 {
		return draw.Box{Title: title, Parts: []draw.Part{draw.Prose("Nothing came in today.")}}
	}
	now := w.AsOf.Hour()
	from, to = min(from, now), max(to, now)
	to = max(to, min(23, from+fewestHours-1))
	from = min(from, to-fewestHours+1)
	chart := draw.Hours{ID: "hours", Title: title, Sub: "conversations; hollow: so far", From: from, Counts: t.Hours[from : to+1], Now: now}
	if days := len(t.Before); days > 0 {
		for _, n := range t.HoursBefore[from : to+1] {
			chart.Usual = append(chart.Usual, float64(n)/float64(days))
		}
		chart.Sub += "; line: usual"
	}
	return draw.Charts{chart}
}

// daysBefore names the days that tell what is usual.
func (w *wall) daysBefore() string {
	if len(w.Today.Before) == 1 {
		return "the " + w.AsOf.Weekday().String() + " before"
	}
	return "the " + strconv.Itoa(len(w.Today.Before)) + " " + w.AsOf.Weekday().String() + "s before"
}

// Of first answers so many promises are shown, those with the most cases, unless all of
// every list is; and with enough cases they are judged.
const (
	mostFirst = 6
	enough    = 20
)

func (w *wall) firstAnswers() draw.Part {
	first, more := w.Today.First, 0
	if w.settings.rows > 0 && len(first) > mostFirst {
		more = len(first) - mostFirst
		first = mostCases(first, mostFirst)
	}
	t := draw.Table{
		Caption: "First answers to those who wrote today, within the promise", Hidden: true, Empty: "None is due yet.",
		Columns: []draw.Column{{Name: "Promise"}, {Name: "Kept"}, {Name: "Goal"}},
	}
	var rows []draw.Cells
	for i := range first {
		rows = append(rows, firstCells(&first[i]))
	}
	t.Groups = []draw.Group{{Rows: rows}}
	return draw.Box{Title: "First answers today, within the promise" + of(len(first), more), Parts: []draw.Part{t}}
}

// mostCases returns the n promises with the most cases, in the order in which they are.
func mostCases(all []firstAnswers, n int) []firstAnswers {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(all[j].Tally.N(), all[i].Tally.N()) })
	order = order[:n]
	slices.Sort(order)
	most := make([]firstAnswers, n)
	for k, i := range order {
		most[k] = all[i]
	}
	return most
}

// firstCells are the row of a promise on a channel. With few cases there is no verdict, and
// none that may be chance.
func firstCells(f *firstAnswers) draw.Cells {
	kept := f.Tally.Compliance()
	name := draw.Cell{Text: draw.ChannelName(f.Channel) + ", " + draw.Within(f.Target)}
	goal := draw.Cell{Soft: true}
	if f.Target.Goal.Defined() {
		goal.Text = "goal " + draw.Goal(f.Target)
	}
	if f.Unmeasured.N() > 0 {
		return draw.Cells{name, {Text: "not measured"}, goal}
	}
	share := draw.Cell{Text: draw.Kept(f.Target, kept), Strong: true, Note: "n " + text.Count(kept.Whole)}
	if kept.Whole == 0 {
		share.Note = "none is due yet"
		return draw.Cells{name, share, goal}
	}
	switch attained, ok := f.Target.Attained(f.Tally); {
	case kept.Whole < enough:
		share.Note += ", few"
	case !ok || draw.MayBeChance(f.Target, f.Tally):
	case attained:
		goal.Chip = draw.Chip{Mark: draw.Good, Word: "met"}
	default:
		goal.Chip = draw.Chip{Mark: draw.Bad, Word: "missed"}
	}
	return draw.Cells{name, share, goal}
}

// boardWords say what the page does not show, and what its words mean.
func (w *wall) boardWords() (words []string) {
	if w.Warned {
		words = append(words, "Due soon: within "+text.Duration(near)+", or when the policy warns.")
	}
	if len(w.Today.Before) > 0 {
		words = append(words, "Usual: the mean of "+w.daysBefore()+", in brackets the fewest and the most.")
	}
	if len(w.Unmeasured) > 0 {
		words = append(words, "Not measured: "+names(w.Unmeasured)+", because no event assigns a conversation to anybody.")
	}
	return words
}

// fileWords say how the file was read, and when that will be again.
func (w *wall) fileWords() (words []string) {
	if w.Rejected > 0 {
		words = append(words, text.Counted(int64(w.Rejected), "line")+" of the file could not be read.")
	}
	if w.settings.again > 0 {
		words = append(words, "Loaded again every "+text.Duration(w.settings.again)+".")
	}
	return words
}
