package main

import (
	"fmt"
	"slices"
	"strings"

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
	Text   bool     // whether all columns are text
	Plain  bool     // whether the first row is one like the others
	Lines  []string // said below it
	Drawn  bool     // whether html has charts in its place
}

// tables returns the parts of the report.
func tables(r *report) []table {
	all := append([]table{
		conversationTable(r),
		firstResponseTable(r),
		timesTable(r, "Response", "Every wait that a person answered, the first among them.",
			func(t *metrics.Times) *metrics.Summary { return &t.Response }),
	}, otherEnds(r)...)
	when := func(is bool, tables ...table) {
		if is {
			all = append(all, tables...)
		}
	}
	when(r.hasCalls(), callTable(r))
	all = append(all,
		table{
			Title:  "Resolution",
			Note:   "To the first time that a conversation was resolved, less pauses." + beside(r),
			Header: header(r, "reopened", "one-touch", "of resolved"),
		}.fill(r, func(f *metrics.Figures, _ group) []string {
			return append(times(r, &f.Elapsed.FirstResolution, &f.InHours.FirstResolution),
				text.Count(f.Reopened), r.orNotMeasured(percent(f.OneTouch)), text.Count(f.OneTouch.Whole))
		}),
	)
	when(r.hasFirstContact(), firstContactTable(r))
	when(r.hasAssistants(), assistantTables(r)...)
	when(r.hasHandled(), handleTables(r)...)
	when(r.hasTeams(), teamTable(r))
	all = append(all,
		table{
			Title:  "Satisfaction",
			Note:   "Stars from 1 to 5; CSAT is the share of 4 and 5, with its 95 % interval.",
			Header: []string{"", "n", "1★", "2★", "3★", "4★", "5★", "mean", "tier", "CSAT", "95 % interval"},
		}.fill(r, func(f *metrics.Figures, _ group) []string { return satisfaction(r, f) }),
	)
	when(r.hasRequests(), requestTable(r))
	all = append(all,
		table{
			Title:  "Service standard",
			Note:   standardNote(r),
			Header: []string{"", "judged", "met", "breached", "pending", "compliance"},
		}.fill(r, func(_ *metrics.Figures, g group) []string {
			return append(r.verdicts(g.Standard)[:4], compliance(g.Standard))
		}),
	)
	if r.Policy != nil {
		all = append(all, promiseTable(r))
	}
	if r.Survival {
		all = append(all, survivalTable(r))
	}
	if r.Series != nil {
		all = append(all, periodTable(r), trendTable(r))
	}
	for i := range all {
		all[i].explainMarks(r)
	}
	if r.Comparison != nil {
		all = append(all, comparisonTable(r.Comparison))
	}
	if r.Evidence > 0 {
		all = append(all, evidenceTable(r))
	}
	return all
}

// conversationTable has the volume. Replies of assistants are a column only if there are
// any, and cases only if they are not the conversations.
func conversationTable(r *report) table {
	header := []string{"", "conversations", "open", "messages", "replies", "by assistant", "automated", "of replies"}
	assisted := r.Groups[0].Figures.Volume.Assistant > 0
	if !assisted {
		header = slices.Delete(header, 5, 6)
	}
	if r.hasCases() {
		header = slices.Insert(header, 2, "cases")
	}
	t := table{Title: "Conversations", Note: "Volume, and what is open now.", Header: header, Lines: r.explainCases()}
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

// firstResponseTable has how fast people answered, and who got no answer. How often
// customers gave up, and waits moved, is a column only if it happened.
func firstResponseTable(r *report) table {
	all := r.Groups[0].Figures
	others := []string{"still waiting", "oldest", "closed unanswered"}
	gaveUp, moved := all.Elapsed.Abandoned.Count() > 0, all.Moved > 0
	if gaveUp {
		others = append(others, "abandoned")
	}
	if moved {
		others = append(others, "moved")
	}
	t := table{
		Title:  "First response",
		Note:   "From the customer's first message to the first reply of a person." + beside(r),
		Header: header(r, others...),
	}.fill(r, func(f *metrics.Figures, _ group) []string {
		cells := append(times(r, &f.Elapsed.FirstResponse, &f.InHours.FirstResponse),
			text.Count(f.Elapsed.StillWaiting.Count()), peopleOr(f.Elapsed.StillWaiting.Max()), text.Count(f.ClosedUnanswered))
		if gaveUp {
			cells = append(cells, text.Count(f.Elapsed.Abandoned.Count()))
		}
		if moved {
			cells = append(cells, text.Count(f.Moved))
		}
		return cells
	})
	if moved {
		t.Lines = append(t.Lines, "moved: the conversation was merged, and the customer's wait goes on in the other one, from its own start")
	}
	return t
}

// otherEnds are the tables of the waits that ended, but not with a person's reply. Each
// is there only if such waits are.
func otherEnds(r *report) (all []table) {
	for _, t := range []struct {
		title, note string
		of          func(*metrics.Times) *metrics.Summary
	}{
		{
			"Answered by an assistant", "Every wait that ended with a reply of an AI agent.",
			func(t *metrics.Times) *metrics.Summary { return &t.ByAssistant },
		},
		{
			"Answered by automation", "Every wait that ended with a reply of automation.",
			func(t *metrics.Times) *metrics.Summary { return &t.ByAutomation },
		},
		{
			"Abandoned", "Every wait that the customer gave up, and how long it was.",
			func(t *metrics.Times) *metrics.Summary { return &t.Abandoned },
		},
	} {
		if t.of(&r.Groups[0].Figures.Elapsed).Count() > 0 {
			all = append(all, timesTable(r, t.title, t.note, t.of))
		}
	}
	return all
}

// timesTable shows one time metric.
func timesTable(r *report, title, note string, of func(*metrics.Times) *metrics.Summary) table {
	return table{Title: title, Note: note + beside(r), Header: header(r)}.fill(r, func(f *metrics.Figures, _ group) []string {
		return times(r, of(&f.Elapsed), of(&f.InHours))
	})
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
	if r.Policy == nil {
		return "First response within 2 minutes on chat and phone, 60 minutes on social media, 24 hours by e-mail; overdue is breached, answered or not."
	}
	name := r.Policy.Name
	if name == "" {
		name = "the policy"
	}
	return "All promises to the customer of " + name + " together; overdue is breached, fulfilled or not."
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

// beside says what the second column of each figure is, if there is one.
func beside(r *report) string {
	if !r.InHours {
		return ""
	}
	return " Around the clock, and beside it in hours of service."
}

// header names the columns of a time metric, and others after them.
func header(r *report, others ...string) []string {
	names := []string{"", "n"}
	for _, name := range []string{"mean", "median", "p90", "p95", "longest"} {
		names = append(names, name)
		if r.InHours {
			names = append(names, "in hours")
		}
	}
	return append(names, others...)
}

// times are the figures of a time metric, around the clock and, if the report
// has them, in hours of service.
func times(r *report, elapsed, inHours *metrics.Summary) []string {
	figures := func(s *metrics.Summary) []string {
		q := quantiles(s, 0.50, 0.90, 0.95)
		return []string{peopleOr(s.Mean()), q[0], q[1], q[2], peopleOr(s.Max())}
	}
	cells, within := []string{r.count(elapsed.Count())}, figures(inHours)
	for i, cell := range figures(elapsed) {
		cells = append(cells, cell)
		if r.InHours {
			cells = append(cells, within[i])
		}
	}
	return cells
}

func satisfaction(r *report, f *metrics.Figures) []string {
	cells := []string{r.count(f.Ratings.N())}
	for _, n := range f.Ratings.Counts() {
		cells = append(cells, text.Count(n))
	}
	mean := text.NoData
	if m, ok := f.Ratings.Mean(2); ok {
		mean = m.StringFixed(2)
	}
	tier := text.NoData
	if t, ok := f.Ratings.Tier(1); ok {
		tier = t.String()
	}
	score, interval := csatCells(f)
	return append(cells, mean, tier, score, interval)
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
func percents(low, high float64) string { return fmt.Sprintf("%.1f–%.1f", 100*low, 100*high) }

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
	if r.AsOf.IsZero() {
		return "Service quality: no events"
	}
	return "Service quality as of " + r.AsOf.UTC().Format("Monday, 2 January 2006, 15:04 UTC")
}

// sources says what the report is made from.
func sources(r *report) string {
	text := counted(r.Events, "event")
	if r.Duplicates > 0 {
		text += ", " + counted(r.Duplicates, "repeated, replaced or retracted event") + " left out"
	}
	if r.Rejected > 0 {
		text += ", " + counted(r.Rejected, "malformed line") + " left out"
	}
	if r.NoReplies {
		return text + ". There are no replies in this input, so it does not tell who was answered, or how fast."
	}
	return text + "."
}

// verdict says what the tier of everything means and what to do next.
func verdict(r *report) string {
	tier, ok := r.Groups[0].Figures.Ratings.Tier(1)
	if !ok {
		return "Nobody has rated the service yet."
	}
	return tier.String() + ": " + tier.Meaning() + " " + tier.Advice()
}
