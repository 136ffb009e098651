package main

import (
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// A worker is an agent or a team with its work.
type worker struct {
	Name string
	flow.Load
}

// workers are everything together first, then those who had anything of what is asked
// for, in the order of their names.
func workers[K ~string](w *flow.Workload[K], of func(*flow.Load) *metrics.Summary) []worker {
	all := []worker{{"", w.Total()}}
	for _, name := range slices.Sorted(w.Keys()) {
		if load := w.Group(name); of(&load).Count() > 0 {
			all = append(all, worker{orNone(name), load})
		}
	}
	return all
}

func inCharge(l *flow.Load) *metrics.Summary   { return &l.InCharge }
func handleTime(l *flow.Load) *metrics.Summary { return &l.HandleTime }

// returned counts what customers did after a case was resolved.
func (g *group) returned(contacts flow.Contacts) (err error) {
	if g.FirstContact, err = contacts.FirstContact(flow.FirstContactWindow); err != nil {
		return err
	}
	g.Assistants, err = contacts.Assistants(flow.AssistantWindow)
	return err
}

// The parts of the report that are there only if something of theirs happened.

func (r *report) hasCases() bool {
	all := r.Groups[0].Figures
	return all.Cases != all.Conversations
}

func (r *report) hasCalls() bool { return r.Groups[0].Figures.Elapsed.Abandoned.Count() > 0 }

func (r *report) hasHandled() bool { return r.Groups[0].Figures.HandleTime.Count() > 0 }

func (r *report) hasTeams() bool {
	return slices.ContainsFunc(r.Teams[1:], func(w worker) bool { return w.Name != none })
}

func (r *report) hasRequests() bool {
	asked := r.Groups[0].Figures.Requests
	return asked.Response.Whole+asked.Pending+asked.Replaced > 0
}

func (r *report) hasFirstContact() bool {
	first := r.Groups[0].FirstContact
	return first.Resolved+first.Returned+first.Pending > 0
}

func (r *report) hasAssistants() bool { return r.Groups[0].Assistants.Involved() > 0 }

// explainCases says what the cases are, if some are not conversations of their own.
func (r *report) explainCases() []string {
	if !r.hasCases() {
		return nil
	}
	return []string{"cases: a conversation that is opened again " + text.Duration(r.Rules.NewCaseAfter) +
		" after it was resolved, or later, is another case; the other tables are of cases"}
}

// callTable shows the customers who gave up. Short waits are a column only if the rules
// say which ones are short.
func callTable(r *report) table {
	t := table{
		Title:  "Calls",
		Note:   "Of the waits that a person answered, that were closed without an answer or that the customer gave up: the share given up, which is known as abandonment. Times are means, around the clock.",
		Header: []string{"", "waits", "gave up", "share", between, "answered after", "gave up after"},
	}
	short := r.Rules.ShortAbandon > 0
	if short {
		t.Header = append(t.Header, "short", "waits without short", "share", between)
		t.Lines = append(t.Lines, "short: the customer gave up within "+text.Duration(r.Rules.ShortAbandon))
	}
	return t.fill(r, func(f *metrics.Figures, _ group) []string {
		share := f.Abandonment()
		cells := []string{
			r.count(share.Whole), text.Count(share.Part), r.orNotMeasured(percent(share)), r.orNotMeasured(wilson(share)),
			text.DurationIf(f.Elapsed.FirstResponse.Mean()), text.DurationIf(f.Elapsed.Abandoned.Mean()),
		}
		if short {
			share = f.AbandonmentWithoutShort()
			cells = append(cells, text.Count(f.ShortAbandoned), r.count(share.Whole), r.orNotMeasured(percent(share)), r.orNotMeasured(wilson(share)))
		}
		return cells
	})
}

// wilson prints the interval of a share.
func wilson(share stat.Ratio) string {
	if iv := intervalOf(share); iv != nil {
		return percents(iv.Low, iv.High)
	}
	return text.NoData
}

// intervalOf returns the Wilson interval of a share, or nil where there is no data.
func intervalOf(share stat.Ratio) *stat.Interval {
	iv, err := stat.Proportion(share.Part, share.Whole, level, stat.Wilson)
	if err != nil {
		return nil
	}
	return &iv
}

// firstContactTable tells after how many cases the customer did not come back.
func firstContactTable(r *report) table {
	return table{
		Title: "First contact",
		Note: "Of the cases that were resolved at least " + text.Duration(flow.FirstContactWindow) +
			" ago: the share after which the customer did not come back within that time, in this case or another one. What was resolved later is too young to tell; where no message names the customer, nobody knows.",
		Header: []string{"", "cases", "stayed away", "share", between, "too young", "unknown"},
	}.fill(r, func(_ *metrics.Figures, g group) []string {
		share := g.FirstContact.Share()
		return []string{
			r.count(share.Whole), text.Count(share.Part), percent(share), wilson(share),
			text.Count(g.FirstContact.Pending), text.Count(g.FirstContact.Unknown),
		}
	})
}

// assistantTables show what became of the cases in which an assistant replied, and what
// that is of all of them.
func assistantTables(r *report) []table {
	return []table{
		table{
			Title: "Assistants",
			Note: "What became of each case in which an AI agent replied. It is resolved alone if no person took part and the customer did not come back within " +
				text.Duration(flow.AssistantWindow) + ": confirmed if the customer said so. Until then it is pending.",
			Header: []string{"", "cases", "with a person", "confirmed", "assumed", "unresolved", "open", "pending"},
		}.fill(r, func(_ *metrics.Figures, g group) []string {
			a := g.Assistants
			cells := []string{r.count(a.Involved())}
			for _, n := range []int64{a.WithPerson, a.Confirmed, a.Assumed, a.Unresolved, a.Open, a.Pending} {
				cells = append(cells, text.Count(n))
			}
			return cells
		}),
		table{
			Title: "What assistants resolve",
			Note: "Involvement is the share of all cases in which an AI agent replied, automation that of those that it resolved alone. " +
				"The others are of the decided ones, neither open nor pending: resolved alone, handed to a person, and contained, which is not handed to a person, resolved or not.",
			Header: []string{"", "cases", "involvement", "automation", "decided", "resolution", between, "hand-off", "containment"},
		}.fill(r, func(_ *metrics.Figures, g group) []string {
			a := g.Assistants
			return []string{
				r.count(a.Involvement().Whole), percent(a.Involvement()), percent(a.Automation()),
				r.count(a.Resolution().Whole), percent(a.Resolution()), wilson(a.Resolution()), percent(a.HandOff()), percent(a.Containment()),
			}
		}),
	}
}

// handleTables show how long agents worked on a conversation. Activities are a table only
// if any is named.
func handleTables(r *report) []table {
	columns := header("handled")
	cells := func(name string, s *metrics.Summary) []string { return append([]string{name}, times(r, s)...) }
	byGroup := table{
		Title:  "Handle time",
		Note:   "How long agents worked on a conversation, all of them together.",
		Header: columns,
	}.fill(r, func(f *metrics.Figures, _ group) []string { return cells("", &f.HandleTime)[1:] })
	byActivity := table{
		Title:  "Handle time by activity",
		Note:   "Of the conversations that had it.",
		Header: columns,
	}
	handling := r.Groups[0].Figures.Handling
	for _, activity := range slices.Sorted(maps.Keys(handling)) {
		s := handling[activity]
		byActivity.Rows = append(byActivity.Rows, cells(orNone(activity), &s))
	}
	all := []table{byGroup}
	if _, ok := handling[""]; len(handling) > 1 || !ok {
		all = append(all, byActivity)
	}
	byAgent := table{
		Title:  "Handle time by agent",
		Note:   "Of the conversations on which the agent worked. Busy is the time in which the agent worked on anything, at several things at once or not.",
		Header: append(slices.Clone(columns), "busy"),
	}
	for _, w := range r.Agents {
		byAgent.Rows = append(byAgent.Rows, append(cells(labelOf(w.Name), &w.HandleTime), text.Duration(w.Busy)))
	}
	return append(all, byAgent)
}

// teamTables show how long teams were in charge.
func teamTables(r *report) []table {
	t := table{
		Title:  "Teams",
		Note:   "How long each team was in charge of a conversation that was open, up to now if it still is.",
		Header: header("in charge of"),
		Lines:  []string{text.Counted(r.Groups[0].Figures.Transfers, "transfer") + " from one team to another"},
	}
	open := inHours(t.Title)
	for _, w := range r.Teams {
		t.Rows = append(t.Rows, append([]string{labelOf(w.Name)}, times(r, &w.InCharge)...))
		open.Rows = append(open.Rows, append([]string{labelOf(w.Name)}, times(r, &w.InChargeInHours)[1:]...))
	}
	if !r.InHours() {
		return []table{t}
	}
	t.Note += aroundTheClock
	return []table{t, open}
}

// requestTable shows what became of the requests for ratings.
func requestTable(r *report) table {
	t := table{
		Title:  "Requests for ratings",
		Note:   "The response rate is of the requests, not of the ratings. One that was replaced by a later one, and ratings that nobody asked for, are in no rate.",
		Header: []string{"", "requests", "answered", "response rate", between, "pending", "replaced", "not asked for"},
	}
	if r.Rules.RatingExpires > 0 {
		t.Note += " One without an answer is pending for " + text.Duration(r.Rules.RatingExpires) + "."
	}
	return t.fill(r, func(f *metrics.Figures, _ group) []string {
		asked := f.Requests
		return []string{
			r.count(asked.Response.Whole), text.Count(asked.Response.Part), percent(asked.Response), wilson(asked.Response),
			text.Count(asked.Pending), text.Count(asked.Replaced), text.Count(asked.Unsolicited),
		}
	})
}

// deskJSON has the parts of a group that are there only if something of theirs happened.
type deskJSON struct {
	Calls        *callsJSON        `json:"calls,omitempty"`
	HandleTime   *handlingJSON     `json:"handle_time,omitempty"`
	Transfers    *int64            `json:"transfers,omitempty"`
	Requests     *requestsJSON     `json:"requests,omitempty"`
	FirstContact *firstContactJSON `json:"first_contact,omitempty"`
	Assistants   *assistantsJSON   `json:"assistants,omitempty"`
}

type callsJSON struct {
	Abandonment  intervalJSON  `json:"abandonment"`
	Short        *int64        `json:"short,omitempty"` // only if the rules say what is short
	WithoutShort *intervalJSON `json:"abandonment_without_short,omitempty"`
}

// intervalJSON is a share with its interval, which is null where there is no data.
type intervalJSON struct {
	shareJSON
	Interval *stat.Interval `json:"interval"`
}

// handlingJSON are times, and those of each activity.
type handlingJSON struct {
	timesJSON
	Activities map[metrics.Activity]*timesJSON `json:"activities"`
}

type requestsJSON struct {
	Response    intervalJSON `json:"response"`
	Pending     int64        `json:"pending"`
	Replaced    int64        `json:"replaced"`
	Unsolicited int64        `json:"unsolicited"`
}

// Counts without their methods, which would decode them alone and not what stands beside
// them.
type (
	firstContactCounts flow.FirstContact
	assistantCounts    flow.Assistants
)

type firstContactJSON struct {
	firstContactCounts
	Share intervalJSON `json:"share"`
}

type assistantsJSON struct {
	assistantCounts
	Involvement shareJSON    `json:"involvement"`
	Automation  shareJSON    `json:"automation"`
	Resolution  intervalJSON `json:"resolution"`
	HandOff     shareJSON    `json:"hand_off"`
	Containment shareJSON    `json:"containment"`
}

// agentJSON is an agent's work; teamJSON that of a team.
type agentJSON struct {
	Agent      string        `json:"agent"`
	HandleTime *handlingJSON `json:"handle_time"`
	Busy       time.Duration `json:"busy_ns"`
}

type teamJSON struct {
	Team            string     `json:"team"`
	InCharge        *timesJSON `json:"in_charge"`
	InChargeInHours *timesJSON `json:"in_charge_in_hours,omitempty"`
}

func (r *report) deskOf(g group) (out deskJSON) {
	f := g.Figures
	if r.hasCalls() {
		out.Calls = &callsJSON{Abandonment: r.intervalOf(f.Abandonment())}
		if r.Rules.ShortAbandon > 0 {
			without := r.intervalOf(f.AbandonmentWithoutShort())
			out.Calls.Short, out.Calls.WithoutShort = &f.ShortAbandoned, &without
		}
	}
	out.HandleTime = r.handlingOf(&f.HandleTime, f.Handling)
	if r.hasTeams() {
		out.Transfers = &f.Transfers
	}
	if r.hasRequests() {
		asked := f.Requests
		out.Requests = &requestsJSON{r.intervalOf(asked.Response), asked.Pending, asked.Replaced, asked.Unsolicited}
	}
	if r.hasFirstContact() {
		first := g.FirstContact
		first.AsOf = time.Time{} // that of the report
		out.FirstContact = &firstContactJSON{firstContactCounts(first), r.intervalOf(first.Share())}
	}
	if r.hasAssistants() {
		a := g.Assistants
		a.AsOf = time.Time{}
		out.Assistants = &assistantsJSON{
			assistantCounts(a), r.ratioOf(a.Involvement()), r.ratioOf(a.Automation()), r.intervalOf(a.Resolution()), r.ratioOf(a.HandOff()), r.ratioOf(a.Containment()),
		}
	}
	return out
}

func (r *report) intervalOf(share stat.Ratio) intervalJSON {
	return intervalJSON{r.ratioOf(share), intervalOf(share)}
}

// handlingOf returns nil if nothing was handled.
func (r *report) handlingOf(s *metrics.Summary, activities map[metrics.Activity]metrics.Summary) *handlingJSON {
	if s.Count() == 0 {
		return nil
	}
	out := &handlingJSON{*r.timesOf(s), make(map[metrics.Activity]*timesJSON)}
	for activity, s := range activities {
		out.Activities[activity] = r.timesOf(&s)
	}
	return out
}

// agentsOf are those who handled anything, after all together.
func (r *report) agentsOf() (all []agentJSON) {
	if !r.hasHandled() {
		return nil
	}
	for _, w := range r.Agents {
		all = append(all, agentJSON{w.Name, r.handlingOf(&w.HandleTime, w.Activities), w.Busy})
	}
	return all
}

// teamsOf are those that were in charge of anything, after all together.
func (r *report) teamsOf() (all []teamJSON) {
	if !r.hasTeams() {
		return nil
	}
	for _, w := range r.Teams {
		all = append(all, teamJSON{w.Name, r.timesOf(&w.InCharge), r.timesOf(&w.InChargeInHours)})
	}
	return all
}
