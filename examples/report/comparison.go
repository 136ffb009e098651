package main

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/text"
)

// A comparison holds the last period against one before.
type comparison struct {
	With          string // "previous" or "year"
	Before, After metrics.Period
	Spans         compare.Spans
	Zone          *time.Location
	Groups        []comparedGroup // everything first, then in the order of their keys
}

// A comparedGroup is what changed in a group; its key is that of a [group].
type comparedGroup struct {
	Key         string
	Values      map[string]string
	Differences []compare.Difference
}

// A comparer makes a comparison.
type comparer struct {
	grouping
	result    comparison
	breakdown *compare.Breakdown[key]
	minimum   int64
}

// newComparer compares the period in which the report's instant lies, as far as
// it has gone, or if the instant is its beginning, the whole period before.
// Groups are those of the report, but for stretches of time, which are on one
// side only.
func newComparer(in *input, s settings) (*comparer, error) {
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
	c := &comparer{
		grouping: in.grouping(slices.DeleteFunc(slices.Clone(s.by), func(d dimension) bool { return d.inTime })),
		result:   comparison{With: s.compare, Before: before, After: after, Spans: spans, Zone: in.zone},
		minimum:  s.min,
	}
	c.breakdown = compare.NewBreakdown(spans, in.rules, c.facet)
	return c, nil
}

func (c *comparer) add(conversation metrics.Conversation, _ *metrics.History) {
	c.breakdown.Add(conversation)
}

// comparison asks all that it shows in one family, so that many questions do not
// find a change by chance.
func (c *comparer) comparison() (*comparison, error) {
	family := compare.Family{Level: level, Minimum: c.minimum, Spans: c.result.Spans}
	ask := func(before, after *metrics.Figures) {
		for _, index := range c.indices() {
			family.Change(index, before, after)
		}
	}
	ask(c.breakdown.Total())
	c.result.Groups = []comparedGroup{{}}
	if len(c.by) > 0 {
		for _, k := range slices.SortedFunc(c.breakdown.Keys(), c.compare) {
			ask(c.breakdown.Before(k), c.breakdown.After(k))
			c.result.Groups = append(c.result.Groups, comparedGroup{Key: c.name(k), Values: c.values(k)})
		}
	}
	differences, err := family.Differences()
	if err != nil {
		return nil, err
	}
	each := len(c.indices())
	for i := range c.result.Groups {
		c.result.Groups[i].Differences = differences[i*each : (i+1)*each]
	}
	return &c.result, nil
}

// indices are the usual ones, and how many conversations there were.
func (c *comparer) indices() []compare.Metric {
	return append(compare.Usual(), compare.Conversations)
}

// words say what is held against what.
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
	t.Note = c.words() + ". Each side is what was known at its own end; a wrong verdict of a change among all " +
		text.Count(int64(questions)) + " has a chance of at most 5 % (Holm). Not distinguishable is not the same as unchanged."
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
