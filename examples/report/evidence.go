package main

import (
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// shown are the kinds of exhibits that are named, in their order, and what they are
// called.
var shown = []struct {
	kind metrics.ExhibitKind
	name string
}{
	{metrics.ExhibitFirstResponse, "slowest first response"},
	{metrics.ExhibitFirstResolution, "slowest first resolution"},
	{metrics.ExhibitStillWaiting, "still waiting"},
	{metrics.ExhibitBacklog, "open for longest"},
	{metrics.ExhibitRating, "rated worst"},
	{metrics.ExhibitReopened, "reopened most"},
	{metrics.ExhibitHandleTime, "handled for longest"},
	{metrics.ExhibitClosedUnanswered, "left out: closed unanswered"},
	{metrics.ExhibitAbandoned, "left out: abandoned"},
	{metrics.ExhibitAnsweredByAssistant, "left out: answered by an assistant"},
	{metrics.ExhibitAnsweredByAutomation, "left out: answered by automation"},
	{metrics.ExhibitMoved, "left out: moved"},
	{metrics.ExhibitNoWait, "left out: nobody waited"},
	{metrics.ExhibitTeamFirst, "left out: the team wrote first"},
	{metrics.ExhibitDiscarded, "left out: discarded"},
}

// exhibits are the conversations behind the figures of a group.
type exhibits map[metrics.ExhibitKind]*metrics.Top[metrics.Exhibit]

func exhibitsOf(kind func(metrics.ExhibitKind) *metrics.Top[metrics.Exhibit]) exhibits {
	c := make(exhibits)
	for _, s := range shown {
		if top := kind(s.kind); s.kind != metrics.ExhibitHandleTime || top.Count() > 0 {
			c[s.kind] = top
		}
	}
	return c
}

// evidenceJSON has the promises that were breached too.
type evidenceJSON struct {
	Exhibits exhibits     `json:"exhibits"`
	Breached breachesJSON `json:"breached"`
}

type breachesJSON struct {
	N   int64               `json:"n"`
	Top []standards.Finding `json:"top"`
}

func evidenceOf(g group) *evidenceJSON {
	return &evidenceJSON{g.Exhibits, breachesJSON{g.Standard.Tally.Breached, append([]standards.Finding{}, g.Standard.Breaches...)}}
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
		top := all.Exhibits[s.kind]
		if top == nil {
			continue
		}
		for _, c := range top.List() {
			from := text.NoData
			if !c.Start.IsZero() {
				from = c.Start.In(r.Zone).Format(form)
			}
			t.Rows = append(t.Rows, []string{
				s.name, text.Count(top.Count()), clean(c.Conversation), clean(orNone(c.Channel)), clean(orNone(c.Agent)), figure(c, r.InHours()), from,
			})
		}
	}
	for _, f := range all.Standard.Breaches {
		t.Rows = append(t.Rows, []string{
			"breached", text.Count(all.Standard.Tally.Breached), clean(f.Conversation), clean(orNone(f.Channel)), clean(orNone(f.Owner)),
			text.Duration(-f.Left) + " late", f.Start.In(r.Zone).Format(form),
		})
	}
	return t
}

// figure is the number for which an exhibit is named.
func figure(c metrics.Exhibit, inHours bool) string {
	switch c.Kind {
	case metrics.ExhibitRating:
		return strings.Repeat("★", int(c.Number))
	case metrics.ExhibitReopened:
		return text.Counted(c.Number, "reopening")
	case metrics.ExhibitNoWait, metrics.ExhibitTeamFirst, metrics.ExhibitDiscarded:
		return text.NoData
	case metrics.ExhibitHandleTime:
		return text.Duration(c.Elapsed) // work has no hours of service
	}
	if inHours {
		return text.Duration(c.InHours) + " in hours"
	}
	return text.Duration(c.Elapsed)
}
