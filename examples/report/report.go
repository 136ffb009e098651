package main

import (
	"slices"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A report is everything that is printed, in numbers.
type report struct {
	*briefing.Briefing                              // of a period, as far as it was asked for; who waits
	Groups             []group                      // everything first, then in the order of their keys
	Channels           []channel                    // all together first, then in the order of their names
	Agents             []worker                     // all together first; those who handled anything
	Teams              []worker                     // all together first; those that were in charge of anything
	Values             map[string]map[string]string // by dimension, of the groups that are compared, if there are several dimensions
	Known              bool                         // whether there is an instant
	Survival           bool                         // whether the groups have it
	Evidence           int                          // how many exhibits of each kind the groups have
}

// A group is everything with the same value of each dimension or, with an empty
// key, everything.
type group struct {
	Key      string
	Values   map[string]string // by dimension, if there are several
	Figures  *metrics.Figures
	Standard standards.Attainment // of all promises to the customer together
	// What customers did after their cases were resolved, and what assistants resolved.
	FirstContact flow.FirstContact
	Assistants   flow.Assistants
	Endings      []stat.Ending // of the waits for a first response; only by -survival
	Exhibits     exhibits      // only by -evidence
}

func (g group) label() string { return labelOf(g.Key) }

// labelOf names the group of a key for people.
func labelOf(key string) string {
	if key == "" {
		return "all"
	}
	return key
}

// A reader is a [metrics.Reading], or in tests one that counts how often it reads.
type reader interface {
	Into(sinks ...metrics.Sink) error
}

// build makes the report of a reading, which it feeds into all sinks at once, so
// that each conversation is read a single time. Only a comparison reads the log once
// more, as it was at the end of the period before.
func build(in *input, s settings, from reader) (*report, error) {
	by := grouping{s.by, in.zone}
	var (
		figures  = metrics.NewBreakdown(by.key)
		scores   = standards.NewScores(by.onChannel, in.policy, s.evidence)
		evidence = metrics.NewEvidence(by.key, s.evidence)
		returns  = flow.NewReturns(by.key)
		agents   = flow.NewWorkload(metrics.Facet.Agent)
		teams    = flow.NewWorkload(metrics.Facet.Team)
		endings  = endings{groups: metrics.NewGrouping(by.key)}
		compared = by.compared()
	)
	sinks := []metrics.Sink{figures, scores, returns}
	for _, s := range []struct {
		sink   metrics.Sink
		wanted bool
	}{
		{agents, in.log.Has(metrics.KindHandled)}, {teams, in.log.Has(metrics.KindAssigned)},
		{evidence, s.evidence > 0}, {&endings, s.survival},
	} {
		if s.wanted {
			sinks = append(sinks, s.sink)
		}
	}
	brief, err := briefed(in, s, compared, from, figures.Total, sinks...)
	if err != nil {
		return nil, err
	}
	promises := standards.Regroup(scores, func(k channelKey) key { return k.key })
	channels := standards.Regroup(scores, func(k channelKey) metrics.Channel { return k.channel })
	r := &report{
		Briefing: brief, Channels: channelsOf(channels), Agents: workers(agents, handleTime), Teams: workers(teams, inCharge),
		Values: compared.values, Known: in.known, Survival: s.survival, Evidence: s.evidence,
	}
	r.Groups = []group{{
		Figures: brief.Figures, Standard: together(promises.Total(), s.evidence),
		Endings: slices.Concat(endings.all...), Exhibits: exhibitsOf(evidence.Total),
	}}
	if err := r.Groups[0].returned(returns.Total()); err != nil {
		return nil, err
	}
	for _, k := range by.keys(figures.Keys(), promises.Keys(), returns.Keys(), endings.groups.Keys()) {
		r.Groups = append(r.Groups, group{
			Key: by.name(k), Values: by.values(k),
			Figures: figures.Group(k), Standard: together(promises.Group(k), s.evidence),
			Endings: endings.of(k), Exhibits: exhibitsOf(func(kind metrics.ExhibitKind) *metrics.Top[metrics.Exhibit] { return evidence.Group(k, kind) }),
		})
		if err := r.Groups[len(r.Groups)-1].returned(returns.Group(k)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// pageOf makes what a page shows of a reading, which needs none of the report's groups.
func pageOf(in *input, s settings, from reader) (*briefing.Briefing, error) {
	all := metrics.NewBreakdown(metrics.Whole)
	return briefed(in, s, grouping{s.by, in.zone}.compared(), from, all.Total, all)
}

// briefed makes the briefing of a reading, which it feeds into other sinks too, one of which
// makes the figures of everything.
func briefed(in *input, s settings, compared *comparing, from reader, all func() *metrics.Figures, others ...metrics.Sink) (*briefing.Briefing, error) {
	builder, err := briefing.New(in.desk(), briefing.Ask{
		About: s.about, Against: s.compare, Course: s.period, Min: s.min, Link: s.link, Key: compared.key, Order: compared.order,
	})
	if err != nil {
		return nil, err
	}
	if err := from.Into(append(others, builder.Sinks()...)...); err != nil {
		return nil, err
	}
	return builder.Briefing(all())
}

// desk is what a briefing is about.
func (in *input) desk() briefing.Desk {
	return briefing.Desk{Log: &in.log, Rules: in.rules, Policy: in.policy, Own: in.own, Zone: in.zone, AsOf: in.asOf, Rejected: in.rejected}
}

// endings are how the waits for a first response ended, by group.
type endings struct {
	groups metrics.Grouping[key]
	all    [][]stat.Ending // by the numbers of the groups
}

// Add implements [metrics.Sink].
func (e *endings) Add(h *metrics.History) error {
	awaited, ok := briefing.Awaited(h)
	if !ok {
		return nil
	}
	n := e.groups.Of(awaited.Facet())
	if n >= len(e.all) {
		e.all = append(e.all, nil)
	}
	e.all[n] = append(e.all[n], stat.Ending{Time: awaited.Took(nil), Cause: int(awaited.Outcome())})
	return nil
}

// of returns the endings of a group.
func (e *endings) of(k key) []stat.Ending {
	if n, ok := e.groups.Number(k); ok {
		return e.all[n]
	}
	return nil
}
