package main

import (
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// shown are the kinds of cases that are named, in their order, and what they are
// called.
var shown = []struct {
	kind metrics.CaseKind
	name string
}{
	{metrics.CaseFirstResponse, "slowest first response"},
	{metrics.CaseFirstResolution, "slowest first resolution"},
	{metrics.CaseStillWaiting, "still waiting"},
	{metrics.CaseBacklog, "open for longest"},
	{metrics.CaseRating, "rated worst"},
	{metrics.CaseReopened, "reopened most"},
	{metrics.CaseClosedUnanswered, "left out: closed unanswered"},
	{metrics.CaseAbandoned, "left out: abandoned"},
	{metrics.CaseAnsweredByAssistant, "left out: answered by an assistant"},
	{metrics.CaseAnsweredByAutomation, "left out: answered by automation"},
	{metrics.CaseMoved, "left out: moved"},
	{metrics.CaseNoWait, "left out: nobody waited"},
	{metrics.CaseTeamFirst, "left out: the team wrote first"},
	{metrics.CaseDiscarded, "left out: discarded"},
}

// cases are the conversations behind the figures of a group.
type cases map[metrics.CaseKind]*metrics.Top[metrics.Case]

func casesOf(kind func(metrics.CaseKind) *metrics.Top[metrics.Case]) cases {
	c := make(cases)
	for _, s := range shown {
		c[s.kind] = kind(s.kind)
	}
	return c
}

// evidenceJSON has the promises that were breached too.
type evidenceJSON struct {
	Cases    cases        `json:"cases"`
	Breached breachesJSON `json:"breached"`
}

type breachesJSON struct {
	N   int64               `json:"n"`
	Top []standards.Finding `json:"top"`
}

func evidenceOf(g group) *evidenceJSON {
	return &evidenceJSON{g.Cases, breachesJSON{g.Standard.Tally.Breached, append([]standards.Finding{}, g.Standard.Breaches...)}}
}

// evidenceTable names the conversations behind the first row of each table.
func evidenceTable(r *report) table {
	t := table{
		Title:  "Evidence",
		Note:   "The worst conversations of each kind, and how many there are.",
		Header: []string{"", "of", "conversation", "channel", "agent", "figure", "from"},
		Text:   true,
	}
	const form = "2006-01-02 15:04"
	all := r.Groups[0]
	for _, s := range shown {
		top := all.Cases[s.kind]
		for _, c := range top.List() {
			from := text.NoData
			if !c.Start.IsZero() {
				from = c.Start.In(r.Zone).Format(form)
			}
			t.Rows = append(t.Rows, []string{
				s.name, text.Count(top.Count()), string(c.Conversation), orNone(c.Channel), orNone(c.Agent), figure(c, r.InHours), from,
			})
		}
	}
	for _, f := range all.Standard.Breaches {
		t.Rows = append(t.Rows, []string{
			"breached", text.Count(all.Standard.Tally.Breached), string(f.Conversation), orNone(f.Channel), orNone(f.Owner),
			text.Duration(-f.Left) + " late", f.Start.In(r.Zone).Format(form),
		})
	}
	return t
}

// figure is the number for which a case is named.
func figure(c metrics.Case, inHours bool) string {
	switch c.Kind {
	case metrics.CaseRating:
		return strings.Repeat("★", int(c.Number))
	case metrics.CaseReopened:
		return counted(int(c.Number), "reopening")
	case metrics.CaseNoWait, metrics.CaseTeamFirst, metrics.CaseDiscarded:
		return text.NoData
	}
	if inHours {
		return text.Duration(c.InHours) + " in hours"
	}
	return text.Duration(c.Elapsed)
}
