package main

import (
	"cmp"
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
	{metrics.CaseAnsweredByAutomation, "left out: answered by automation"},
	{metrics.CaseMoved, "left out: moved"},
	{metrics.CaseNoWait, "left out: nobody waited"},
	{metrics.CaseTeamFirst, "left out: the team wrote first"},
	{metrics.CaseDiscarded, "left out: discarded"},
}

// evidence names the conversations behind the figures of a group.
type evidence struct {
	Cases    map[metrics.CaseKind]*metrics.Top[metrics.Case] `json:"cases"`
	Breached *metrics.Top[standards.Finding]                 `json:"breached"`
}

// An evidenceBuilder makes the evidence of groups.
type evidenceBuilder struct {
	grouping
	in       *input
	limit    int
	cases    *metrics.Evidence[key]
	breached map[key]*metrics.Top[standards.Finding]
}

func newEvidenceBuilder(in *input, g grouping, limit int) *evidenceBuilder {
	return &evidenceBuilder{
		grouping: g, in: in, limit: limit,
		cases:    metrics.NewEvidence(in.rules, in.asOf, limit, g.facet),
		breached: make(map[key]*metrics.Top[standards.Finding]),
	}
}

func (b *evidenceBuilder) add(c metrics.Conversation, h *metrics.History) {
	b.cases.Add(c)
	for f := range b.in.judge(h) {
		if f.Verdict != standards.Breached {
			continue
		}
		k := b.wait(f.Wait, h)
		if b.breached[k] == nil {
			b.breached[k] = b.none()
		}
		b.breached[k].Add(f)
	}
}

// none returns an empty list of breaches, which will have the latest first.
func (b *evidenceBuilder) none() *metrics.Top[standards.Finding] {
	return metrics.NewTop(b.limit, func(x, y standards.Finding) int {
		return cmp.Or(
			cmp.Compare(x.Left, y.Left), cmp.Compare(x.Conversation, y.Conversation),
			x.Start.Compare(y.Start), strings.Compare(x.Target.Name, y.Target.Name), cmp.Compare(x.Target.Measure, y.Target.Measure),
		)
	})
}

func (b *evidenceBuilder) total() *evidence {
	breached := b.none()
	for _, top := range b.breached {
		breached.Merge(top)
	}
	return newEvidence(b.cases.Total, breached)
}

func (b *evidenceBuilder) group(k key) *evidence {
	breached := b.breached[k]
	if breached == nil {
		breached = b.none()
	}
	return newEvidence(func(kind metrics.CaseKind) *metrics.Top[metrics.Case] { return b.cases.Group(k, kind) }, breached)
}

func newEvidence(cases func(metrics.CaseKind) *metrics.Top[metrics.Case], breached *metrics.Top[standards.Finding]) *evidence {
	e := &evidence{Cases: make(map[metrics.CaseKind]*metrics.Top[metrics.Case]), Breached: breached}
	for _, s := range shown {
		e.Cases[s.kind] = cases(s.kind)
	}
	return e
}

// evidenceTable names the conversations behind the figures of everything.
func evidenceTable(r *report) table {
	t := table{
		Title:  "Evidence",
		Note:   "The worst of each kind, of everything, and how many there are.",
		Header: []string{"", "of", "conversation", "channel", "agent", "figure", "from"},
		Text:   true,
	}
	const form = "2006-01-02 15:04"
	e := r.Groups[0].Evidence
	for _, s := range shown {
		top := e.Cases[s.kind]
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
	for _, f := range e.Breached.List() {
		t.Rows = append(t.Rows, []string{
			"breached", text.Count(e.Breached.Count()), string(f.Conversation), orNone(f.Channel), orNone(f.Owner),
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
