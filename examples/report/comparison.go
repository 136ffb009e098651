package main

import (
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// changedTable says what changed, and of what that cannot be told.
func changedTable(r *report) table {
	b := r.Briefing
	c := b.Comparison
	t := table{
		Title:  "What changed",
		Note:   c.Words() + ". Each side is what was known at its own end. " + text.Counted(int64(c.Questions()), "question") + " were asked together, so strictly that chance alone hardly makes a verdict.",
		Header: []string{"", "where", "before", "now", "change", "verdict"},
		Text:   true,
	}
	changed, same := c.Changes()
	for _, d := range changed {
		t.Rows = append(t.Rows, []string{
			clean(b.Name(d.Metric)), c.Where(d.Key), draw.ValueOf(d.Before) + " (" + text.Count(d.Before.N) + ")", draw.ValueOf(d.After) + " (" + text.Count(d.After.N) + ")",
			draw.ChangeOf(d.Metric, d.Change.Estimate), draw.VerdictOf(d.Difference).Word,
		})
	}
	if len(changed) == 0 {
		t.Lines = append(t.Lines, "Nothing changed by more than what chance alone does. That is not the same as unchanged.")
	}
	for _, conclusion := range []stat.Conclusion{stat.NotDistinguishable, stat.TooFew, stat.NoData, stat.NotTested} {
		if words := namesOf(b, same, conclusion); words != "" {
			t.Lines = append(t.Lines, draw.Verdict(conclusion).Word+": "+words)
		}
	}
	if c.NoReplies {
		t.Lines = append(t.Lines, "there are no replies, so not measured: first answers, and who was left without one")
	}
	return t
}

// namesOf names what has a conclusion, each metric once with where it has it.
func namesOf(b *briefing.Briefing, changes []briefing.Change, conclusion stat.Conclusion) string {
	c := b.Comparison
	var order []string
	where := make(map[string][]string)
	for _, d := range changes {
		if d.Conclusion != conclusion {
			continue
		}
		name := briefing.Lower(b.Name(d.Metric))
		if where[name] == nil {
			order = append(order, name)
		}
		where[name] = append(where[name], c.Where(d.Key))
	}
	for i, name := range order {
		if len(c.Groups) > 0 {
			order[i] = name + " (" + strings.Join(where[name], ", ") + ")"
		}
	}
	return strings.Join(order, "; ")
}

type comparisonJSON struct {
	With    string              `json:"with"`
	Before  sideJSON            `json:"before"`
	After   sideJSON            `json:"after"`
	Partial bool                `json:"partial"` // whether the period after is not over
	Groups  []comparedGroupJSON `json:"groups"`  // all together first
	People  []briefing.Person   `json:"people,omitempty"`
	Brief   *briefing.Brief     `json:"brief"`
}

type sideJSON struct {
	Period metrics.Period `json:"period"`
	Start  time.Time      `json:"start"`
	End    time.Time      `json:"end"`
}

type comparedGroupJSON struct {
	Key         string               `json:"key"`
	Values      map[string]string    `json:"by,omitempty"`
	Differences []compare.Difference `json:"differences"`
}

func (r *report) comparison() *comparisonJSON {
	c := r.Comparison
	out := &comparisonJSON{
		With:    c.With,
		Before:  sideJSON{c.Before, c.Spans.Before.Start, c.Known(c.Before, c.Spans.Before)},
		After:   sideJSON{c.After, c.Spans.After.Start, c.Known(c.After, c.Spans.After)},
		Partial: c.Spans.Partial,
		People:  c.People,
		Brief:   r.Brief,
	}
	out.Groups = append(out.Groups, comparedGroupJSON{Differences: c.Whole})
	for _, g := range c.Groups {
		out.Groups = append(out.Groups, comparedGroupJSON{g.Key, r.Values[g.Key], g.Differences})
	}
	return out
}
