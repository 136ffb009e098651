package main

import (
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A report is everything that is printed, in numbers.
type report struct {
	AsOf       time.Time
	Zone       *time.Location // of periods and hours
	Events     int
	Duplicates int
	Rejected   int
	InHours    bool              // whether times in hours of service stand beside the others
	Min        int64             // what is made of fewer is marked; 0: nothing is
	Groups     []group           // everything first, then in the order of their keys
	Channels   []group           // by channel, whatever the groups are
	Policy     *standards.Policy // nil: the customary speeds
	Promises   []promise         // of the policy, in its order
	Series     *series           // nil: not asked for
	Comparison *comparison       // nil: not asked for
	Survival   bool              // whether the groups have it
	Evidence   int               // how many cases of each kind the groups have
}

// A group is what has one value of each dimension, or, with an empty key,
// everything.
type group struct {
	Key       string
	Values    map[string]string // by dimension, if there are several
	Figures   *metrics.Figures
	Standard  standards.Tally
	Histogram histogram
	Endings   []stat.Ending // of the waits for a first response; only by -survival
	Evidence  *evidence     // nil: not asked for
}

func (g group) label() string {
	if g.Key == "" {
		return "all"
	}
	return g.Key
}

// A part of the report takes each conversation once, as it was known at the
// report's instant, and its history.
type part interface {
	add(metrics.Conversation, *metrics.History)
}

// build makes the report in one pass over the conversations.
func build(in *input, s settings) (*report, error) {
	r := &report{
		AsOf: in.asOf, Zone: in.zone, Rejected: in.rejected, InHours: in.rules.Calendar != nil,
		Min: s.min, Policy: in.policy, Survival: s.survival, Evidence: s.evidence,
	}
	byChannel, err := parseDimensions("channel")
	if err != nil {
		return nil, err
	}
	groups := newGrouper(in, s.by, s.survival, s.evidence)
	channels := groups
	parts := []part{groups}
	if len(s.by) != 1 || s.by[0].name != "channel" {
		channels = newGrouper(in, byChannel, false, 0)
		parts = append(parts, channels)
	}
	promised := newPromiseTallies(in)
	parts = append(parts, promised)
	var periods *seriesBuilder
	if s.period != nil {
		periods = newSeriesBuilder(in, *s.period)
		parts = append(parts, periods)
	}
	var compared *comparer
	if s.compare != "" && !in.asOf.IsZero() {
		if compared, err = newComparer(in, s); err != nil {
			return nil, err
		}
		parts = append(parts, compared)
	}
	for c := range in.log.Conversations() {
		c = c.AsOf(in.asOf)
		r.Events += c.Len()
		h := in.rules.History(c)
		for _, p := range parts {
			p.add(c, h)
		}
	}
	r.Duplicates = in.taken - r.Events
	r.Groups, r.Channels, r.Promises = groups.groups(), channels.groups(), promised.promises()
	if periods != nil {
		if r.Series, err = periods.series(); err != nil {
			return nil, err
		}
	}
	if compared != nil {
		if r.Comparison, err = compared.comparison(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// A grouper makes the groups.
type grouper struct {
	grouping
	in        *input
	breakdown *metrics.Breakdown[key]
	byKey     map[key]*group
	survival  bool
	evidence  *evidenceBuilder // nil: not asked for
}

func newGrouper(in *input, by []dimension, survival bool, evidence int) *grouper {
	g := &grouper{survival: survival, grouping: in.grouping(by), in: in, byKey: make(map[key]*group)}
	g.breakdown = metrics.NewBreakdown(in.rules, in.asOf, g.facet)
	if evidence > 0 {
		g.evidence = newEvidenceBuilder(in, g.grouping, evidence)
	}
	return g
}

func (g *grouper) at(k key) *group {
	if g.byKey[k] == nil {
		g.byKey[k] = &group{Key: g.name(k), Values: g.values(k)}
	}
	return g.byKey[k]
}

func (g *grouper) add(c metrics.Conversation, h *metrics.History) {
	g.breakdown.Add(c)
	for f := range g.in.judge(h) {
		g.at(g.wait(f.Wait, h)).Standard.Add(f.Verdict)
	}
	for _, w := range h.Responses() {
		g.at(g.wait(w, h)).Histogram.add(w.Duration())
	}
	if w, ok := h.AwaitedResponse(); ok && g.survival {
		at := g.at(g.wait(w, h))
		at.Endings = append(at.Endings, w.Ending(metrics.AroundTheClock, g.asOf))
	}
	if g.evidence != nil {
		g.evidence.add(c, h)
	}
}

// groups returns everything, and then the groups in the order of their keys.
func (g *grouper) groups() []group {
	all := group{Figures: g.breakdown.Total()}
	var sorted []group
	for k := range g.breakdown.Keys() {
		g.at(k)
	}
	if g.evidence != nil {
		all.Evidence = g.evidence.total()
	}
	for _, k := range slices.SortedFunc(maps.Keys(g.byKey), g.compare) {
		of := g.at(k)
		of.Figures = g.breakdown.Group(k)
		if g.evidence != nil {
			of.Evidence = g.evidence.group(k)
		}
		all.Standard.Merge(of.Standard)
		all.Histogram.merge(of.Histogram)
		all.Endings = append(all.Endings, of.Endings...)
		sorted = append(sorted, *of)
	}
	if len(g.by) == 0 {
		return []group{all}
	}
	return append([]group{all}, sorted...)
}

// A histogram counts response times between bounds; each bar includes its lower
// bound.
type histogram [8]int64

var histogramBounds = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour,
}

var histogramLabels = [...]string{"< 1 min", "1–5 min", "5–15 min", "15–60 min", "1–4 h", "4–8 h", "8–24 h", "≥ 24 h"}

func (h *histogram) add(d time.Duration) {
	bar := 0
	for bar < len(histogramBounds) && d >= histogramBounds[bar] {
		bar++
	}
	h[bar]++
}

func (h *histogram) merge(other histogram) {
	for i, n := range other {
		h[i] += n
	}
}
