package main

import (
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/text"
)

// A comparison compares the last period with an earlier one.
type comparison struct {
	With          string // "previous" or "year"
	Before, After metrics.Period
	Spans         compare.Spans
	Zone          *time.Location
	Groups        []comparedGroup // everything first, then in the order of their keys
	NoReplies     bool            // so that what depends on replies is not measured
}

// A comparedGroup is what changed in a group; its key is that of a [group].
type comparedGroup struct {
	Key         string
	Values      map[string]string
	Differences []compare.Difference
}

// ofReplies are the indices that say nothing if there are no replies.
var ofReplies = [...]compare.Metric{compare.FirstResponse, compare.Response, compare.OneTouch, compare.Unanswered}

// compareSides compares the period in which the report's instant lies, as far as
// it has gone, or if the instant is its beginning, the whole period before. Each
// side is what was known at its own end, so a comparison takes two more readings,
// of which each reads a conversation once. Groups are those of the report, but for
// stretches of time, which are on one side only. Without any reply, what depends on
// replies is not asked.
func compareSides(in *input, s settings, noReplies bool) (*comparison, error) {
	after := periodsOf(*s.period, in.zone).Of(in.asOf)
	if !after.In(in.zone).Start.Before(in.asOf) {
		after = after.Next(-1)
	}
	before := after.Next(-1)
	if s.compare == "year" {
		before = after.YearBefore()
	}
	spans, err := compare.Periods(before, after, in.zone, in.asOf)
	if err != nil {
		return nil, err
	}
	by := grouping{slices.DeleteFunc(slices.Clone(s.by), func(d dimension) bool { return d.inTime }), in.zone}
	sides := compare.NewSides(by.key, spans, policies(s.policy)...)
	if err := sides.Read(&in.log, in.rules); err != nil {
		return nil, err
	}
	wholeBefore, wholeAfter := sides.Total()
	// All questions are one family, so that asking many finds no change by chance.
	family := compare.Family{Level: level, Minimum: s.min, Spans: spans}
	indices := append(compare.Usual(), compare.Conversations)
	if noReplies {
		indices = slices.DeleteFunc(indices, func(index compare.Metric) bool { return slices.Contains(ofReplies[:], index) })
	}
	indices = append(indices, promises(s.policy, wholeBefore, wholeAfter)...)
	ask := func(before, after *compare.Observed) {
		for _, index := range indices {
			family.Change(index, before, after)
		}
	}
	ask(wholeBefore, wholeAfter)
	groups := []comparedGroup{{}}
	if len(by.by) > 0 {
		for _, k := range slices.SortedFunc(sides.Keys(), by.compare) {
			ask(sides.Before(k), sides.After(k))
			groups = append(groups, comparedGroup{Key: by.name(k), Values: by.values(k)})
		}
	}
	differences, err := family.Differences()
	if err != nil {
		return nil, err
	}
	for i := range groups {
		groups[i].Differences = differences[i*len(indices) : (i+1)*len(indices)]
	}
	return &comparison{s.compare, before, after, spans, in.zone, groups, noReplies}, nil
}

// words say which periods are compared.
func (c *comparison) words() string {
	if !c.Spans.Partial {
		return c.After.String() + " against " + c.Before.String()
	}
	const form = "2 January 2006, 15:04 MST"
	return c.After.String() + " so far, to " + c.Spans.After.End.In(c.Zone).Format(form) +
		", against as much of " + c.Before.String() + ", to " + c.Spans.Before.End.In(c.Zone).Format(form)
}

// comparisonTable says what changed.
func comparisonTable(c *comparison) table {
	questions := 0
	t := table{
		Title:  "What changed",
		Header: []string{"", "before → after (change with its interval): verdict"},
		Text:   true,
	}
	for _, g := range c.Groups {
		label := g.Key
		if label == "" {
			label = "all"
		}
		for _, d := range g.Differences {
			t.Rows = append(t.Rows, []string{label, d.String()})
		}
		questions += len(g.Differences)
	}
	t.Note = c.words() + ". Each side is what was known at its own end. The chance that any of the " +
		text.Count(int64(questions)) + " verdicts reports a change where there is none is at most 5 %. Not distinguishable is not the same as unchanged."
	if c.NoReplies {
		names := make([]string, len(ofReplies))
		for i, index := range ofReplies {
			names[i] = index.String()
		}
		t.Lines = append(t.Lines, "there are no replies, so not measured: "+strings.Join(names, ", "))
	}
	return t
}

type comparisonJSON struct {
	With    string              `json:"with"`
	Before  sideJSON            `json:"before"`
	After   sideJSON            `json:"after"`
	Partial bool                `json:"partial"` // whether the period after is not over
	Groups  []comparedGroupJSON `json:"groups"`
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

func comparisonOf(c *comparison) *comparisonJSON {
	out := &comparisonJSON{
		With:    c.With,
		Before:  sideJSON{c.Before, c.Spans.Before.Start, c.Spans.Before.End},
		After:   sideJSON{c.After, c.Spans.After.Start, c.Spans.After.End},
		Partial: c.Spans.Partial,
	}
	for _, g := range c.Groups {
		out.Groups = append(out.Groups, comparedGroupJSON(g))
	}
	return out
}
