package main

import (
	"slices"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// A table is a part of the report for people: text on the left, figures on the
// right.
type table struct {
	Title  string
	Note   string
	Header []string
	Rows   [][]string
	Names  int      // how many columns name the row; 0 is one
	Text   bool     // whether all columns are text
	Lines  []string // said below it
}

// tables returns the parts of the report in the order in which a desk needs them: what must
// be done, what changed, and then what proves it.
func tables(r *report) []table {
	var all []table
	when := func(is bool, tables ...table) {
		if is {
			all = append(all, tables...)
		}
	}
	when(r.Waiting.N > 0, waitingTable(r))
	if r.Comparison != nil {
		all = append(all, changedTable(r))
	}
	if r.Series != nil {
		all = append(all, periodTable(r), trendTable(r))
	}
	all = append(all, firstResponseTables(r)...)
	all = append(all, timesTables(r, "Response", "Every wait that a person ended with a reply, not only the first of a conversation.", "answered",
		func(t *metrics.Times) *metrics.Summary { return &t.Response })...)
	all = append(all, otherEnds(r)...)
	when(r.hasCalls(), callTable(r))
	when(r.Survival, survivalTable(r))
	all = append(all, resolutionTables(r)...)
	all = append(all, standardTable(r))
	if r.Own {
		all = append(all, promiseTable(r))
	}
	all = append(all, conversationTable(r), satisfactionTable(r))
	when(r.hasRequests(), requestTable(r))
	when(r.hasFirstContact(), firstContactTable(r))
	when(r.hasHandled(), handleTables(r)...)
	when(r.hasTeams(), teamTables(r)...)
	when(r.hasAssistants(), assistantTables(r)...)
	for i := range all {
		all[i].explainMarks(r)
	}
	when(r.Evidence > 0, evidenceTable(r))
	for i := range all {
		if all[i].Text {
			all[i].clean(plain.Line)
		} else {
			all[i].clean(plain.Name)
		}
	}
	legend(all)
	return all
}

// satisfactionTable has what customers gave.
func satisfactionTable(r *report) table {
	return table{
		Title:  "Satisfaction",
		Note:   "What customers gave, from 1 to 5 stars. Satisfied is who gave 4 or 5; the share of them is known as CSAT, customer satisfaction.",
		Header: []string{"", "ratings", "1★", "2★", "3★", "4★", "5★", "mean stars", "satisfied", between},
	}.fill(r, func(f *metrics.Figures, _ group) []string { return satisfaction(r, f) })
}

// standardTable has what became of all promises together.
func standardTable(r *report) table {
	return table{
		Title:  "Service standard",
		Note:   standardNote(r),
		Header: []string{"", "promises", "kept", "broken", "still open", "share kept"},
	}.fill(r, func(_ *metrics.Figures, g group) []string {
		return append(r.verdicts(g.Standard)[:4], compliance(g.Standard))
	})
}

// clean makes every cell one that can be printed: names come from the data.
func (t *table) clean(cell func(string) string) {
	for _, row := range t.Rows {
		for i := range row {
			if !strings.ContainsAny(row[i], bars) { // a line of bars has spaces for its gaps
				row[i] = cell(row[i])
			}
		}
	}
	t.Note = plain.Line(t.Note)
	for i := range t.Lines {
		t.Lines[i] = plain.Line(t.Lines[i])
	}
}

// bars are what lines of bars are drawn of.
const bars = "▁▂▃▄▅▆▇█"

// conversationTable has the volume. Replies of assistants are a column only if there are
// any, and cases only if they are not the conversations.
func conversationTable(r *report) table {
	header := []string{"", "conversations", "open", "messages", "replies", "by assistants", "automatic", "share of these"}
	assisted := r.Groups[0].Figures.Volume.Assistant > 0
	note := "What customers wrote, what people replied, and what is open now. Automatic are acknowledgements and the like, which answer nobody; the share is of all that was sent."
	if !assisted {
		header = slices.Delete(header, 5, 6)
	} else {
		note = "What customers wrote, what people and AI assistants replied, and what is open now. Automatic are acknowledgements and the like, which answer nobody; the share is that of assistants and automation in all that was sent."
		header[7] = "share not by people"
	}
	if r.hasCases() {
		header = slices.Insert(header, 2, "cases")
	}
	t := table{Title: "Conversations", Note: note, Header: header, Lines: r.explainCases()}
	return t.fill(r, func(f *metrics.Figures, _ group) []string {
		cells := []string{text.Count(f.Conversations)}
		if r.hasCases() {
			cells = append(cells, text.Count(f.Cases))
		}
		cells = append(cells, text.Count(f.Backlog), text.Count(f.Volume.Messages), text.Count(f.Volume.Replies))
		if assisted {
			cells = append(cells, text.Count(f.Volume.Assistant))
		}
		return append(cells, text.Count(f.Volume.Automated), percent(f.AutomatedShare()))
	})
}

// firstResponseTables have how fast people answered, and who got no answer. How often
// customers gave up, and waits moved, is a column only if it happened.
func firstResponseTables(r *report) []table {
	all := r.Groups[0].Figures
	gaveUp, moved := all.Elapsed.Abandoned.Count() > 0, all.Moved > 0
	without := table{
		Title:  "Without a first response",
		Note:   "Customers who still wait for a reply of a person, and how long the one who has waited longest; and those who can wait no more, because the conversation was closed.",
		Header: []string{"", "still waiting", "longest of these", "closed unanswered"},
	}
	if gaveUp {
		without.Header = append(without.Header, "gave up")
		without.Note = strings.Replace(without.Note, "was closed", "was closed or they gave up", 1)
	}
	if moved {
		without.Header = append(without.Header, "moved")
		without.Lines = append(without.Lines, "moved: the conversation was merged, and the customer's wait goes on in the other one, from its own start")
	}
	without = without.fill(r, func(f *metrics.Figures, _ group) []string {
		cells := []string{text.Count(f.Elapsed.StillWaiting.Count()), text.DurationIf(f.Elapsed.StillWaiting.Max()), text.Count(f.ClosedUnanswered)}
		if gaveUp {
			cells = append(cells, text.Count(f.Elapsed.Abandoned.Count()))
		}
		if moved {
			cells = append(cells, text.Count(f.Moved))
		}
		return cells
	})
	return append(timesTables(r, "First response",
		"How long customers waited for the first reply of a person, from their first message. Half waited no longer than the median, and nine of ten no longer than the figure beside it.",
		"answered", func(t *metrics.Times) *metrics.Summary { return &t.FirstResponse }), without)
}

// resolutionTables have how long it took to resolve a case.
func resolutionTables(r *report) []table {
	tables := timesTables(r, "Resolution",
		"From the beginning of a conversation to the first time that it was resolved, less pauses. Reopened are those that did not stay resolved; one touch is the share of those resolved now for which one reply was enough.",
		"resolved", func(t *metrics.Times) *metrics.Summary { return &t.FirstResolution })
	t := &tables[0]
	t.Header = append(t.Header, "reopened", "one touch", "of")
	for i, g := range r.Groups {
		f := g.Figures
		t.Rows[i] = append(t.Rows[i], text.Count(f.Reopened), r.orNotMeasured(percent(f.OneTouch)), text.Count(f.OneTouch.Whole))
	}
	return tables
}

// otherEnds are the tables of the waits that ended, but not with a person's reply. Each
// is there only if such waits are.
func otherEnds(r *report) (all []table) {
	for _, t := range []struct {
		title, note, count string
		of                 func(*metrics.Times) *metrics.Summary
	}{
		{
			"Answered by an assistant", "Every wait that ended with a reply of an AI agent.", "answered",
			func(t *metrics.Times) *metrics.Summary { return &t.ByAssistant },
		},
		{
			"Answered by automation", "Every wait that ended with a reply of automation.", "answered",
			func(t *metrics.Times) *metrics.Summary { return &t.ByAutomation },
		},
		{
			"Abandoned", "Every wait that the customer gave up, and how long it was.", "gave up",
			func(t *metrics.Times) *metrics.Summary { return &t.Abandoned },
		},
	} {
		if t.of(&r.Groups[0].Figures.Elapsed).Count() > 0 {
			all = append(all, timesTables(r, t.title, t.note, t.count, t.of)...)
		}
	}
	return all
}

// timesTables show one time, around the clock and, if the report has them, in hours of
// service: each is a table.
func timesTables(r *report, title, note, count string, of func(*metrics.Times) *metrics.Summary) []table {
	tables := []table{table{Title: title, Note: note, Header: header(count)}.fill(r, func(f *metrics.Figures, _ group) []string {
		return times(r, of(&f.Elapsed))
	})}
	if r.InHours() {
		tables[0].Note += aroundTheClock
		tables = append(tables, inHours(title).fill(r, func(f *metrics.Figures, _ group) []string { return times(r, of(&f.InHours))[1:] }))
	}
	return tables
}

const aroundTheClock = " Times are around the clock; office hours are in the next table."

// inHours is a table of a time in hours of service.
func inHours(title string) table {
	return table{
		Title:  title + " in office hours",
		Note:   "The same, while the desk was open: 8 h are a day of eight office hours, and what was answered while it was closed took 0 s.",
		Header: slices.Delete(header(""), 1, 2),
	}
}

// notMeasured stands for a share if nothing that was read could tell it.
const notMeasured = "not measured"

// orNotMeasured replaces a share of what was answered if there is no reply at all.
func (r *report) orNotMeasured(share string) string {
	if r.NoReplies {
		return notMeasured
	}
	return share
}

// standardNote says by what was judged.
func standardNote(r *report) string {
	if !r.Own {
		return "The first response is promised within 2 minutes on chat and phone, 60 minutes on social media and 24 hours by e-mail, as is customary. What is overdue is broken, answered or not."
	}
	name := plain.Name(r.Policy.Name)
	if name == "" {
		name = "the policy"
	}
	return "All promises to customers of " + name + ", together. What is overdue is broken, fulfilled or not."
}

func (t table) fill(r *report, cells func(*metrics.Figures, group) []string) table {
	for _, g := range r.Groups {
		t.Rows = append(t.Rows, append([]string{g.label()}, cells(g.Figures, g)...))
	}
	return t
}

// mark stands after a number of waits or ratings that are few.
const mark = "*"

// count prints a number of waits or ratings, with a mark if they are few.
func (r *report) count(n int64) string {
	if n > 0 && r.few(n) {
		return text.Count(n) + mark
	}
	return text.Count(n)
}

func (r *report) few(n int64) bool { return n < r.Min }

// explainMarks says what the marks mean, if there are any.
func (t *table) explainMarks(r *report) {
	if r.Min == 0 {
		return
	}
	for _, row := range t.Rows {
		for _, cell := range row[1:] {
			if strings.HasSuffix(cell, mark) {
				t.Lines = append(t.Lines, mark+" fewer than "+text.Count(r.Min)+": the figures of this row owe much to chance")
				return
			}
		}
	}
}

// header names the columns of a time.
func header(count string) []string {
	return []string{"", count, "median", "nine of ten within", "longest"}
}

// times are the figures of a time.
func times(r *report, s *metrics.Summary) []string {
	q := quantiles(s, 0.50, 0.90)
	return []string{r.count(s.Count()), q[0], q[1], text.DurationIf(s.Max())}
}

// between is over the interval of a share.
const between = "probably between"

func satisfaction(r *report, f *metrics.Figures) []string {
	cells := []string{r.count(f.Ratings.N())}
	for _, n := range f.Ratings.Counts() {
		cells = append(cells, text.Count(n))
	}
	mean := text.NoData
	if m, ok := f.Ratings.Mean(2); ok {
		mean = m.StringFixed(2)
	}
	score, interval := csatCells(f)
	return append(cells, mean, score, interval)
}

// csatCells are the satisfaction of those who rated, and its interval.
func csatCells(f *metrics.Figures) (score, interval string) {
	index, ok := csat(f)
	if !ok {
		return text.NoData, text.NoData
	}
	return percent(index.Value), percents(index.Interval.Low, index.Interval.High)
}

// percents prints an interval of shares in percent.
func percents(low, high float64) string {
	return text.Range(text.Percent(low, 0), text.Percent(high, 0))
}

// csat returns the satisfaction of those who rated, and false if nobody did.
func csat(f *metrics.Figures) (survey.Index, bool) {
	counts := f.Ratings.Counts()
	answers, err := survey.AnswersOf(survey.OneTo(len(counts)), counts[:])
	if err != nil {
		return survey.Index{}, false
	}
	return survey.CSAT(answers)
}

// title is the first line of the report.
func title(r *report) string {
	if !r.Known {
		return "Service quality: no events"
	}
	return "Service quality as of " + r.AsOf.UTC().Format("Monday, 2 January 2006, 15:04 UTC")
}

// verdict says what the tier of everything means and what to do next.
func verdict(r *report) string {
	tier, ok := r.Groups[0].Figures.Ratings.Tier(1)
	if !ok {
		return "Nobody has rated the service yet."
	}
	return tier.String() + ": " + tier.Meaning() + " " + tier.Advice()
}
