package main

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A report is everything that is printed, in numbers.
type report struct {
	AsOf       time.Time
	Zone       *time.Location // of periods and hours
	Events     int
	Duplicates int // deliveries that were repeated, replaced or retracted
	Rejected   int
	NoReplies  bool      // whether there are conversations, but nothing that could answer a customer
	InHours    bool      // whether times in hours of service stand beside the others
	Min        int64     // figures of fewer are marked; 0: none are
	Groups     []group   // everything first, then in the order of their keys
	Channels   []channel // all together first, then in the order of their names
	Agents     []worker  // all together first; those who handled anything
	Teams      []worker  // all together first; those that were in charge of anything
	Rules      metrics.Rules
	Policy     *standards.Policy            // nil: the customary speeds
	Briefing   *briefing.Briefing           // of a period, as far as it was asked for; who waits
	Values     map[string]map[string]string // by dimension, of the groups that are compared, if there are several dimensions
	Survival   bool                         // whether the groups have it
	Evidence   int                          // how many exhibits of each kind the groups have
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
		rest     = counter{groups: metrics.NewGrouping(by.key), survival: s.survival}
	)
	sinks := []metrics.Sink{figures, scores, returns, agents, teams, &rest}
	if s.evidence > 0 {
		sinks = append(sinks, evidence)
	}
	compared := by.compared()
	builder, err := briefing.New(in.desk(), briefing.Ask{
		About: s.about, Against: s.compare, Course: s.period, Min: s.min, Link: s.link, Key: compared.key, Order: compared.order,
	})
	if err != nil {
		return nil, err
	}
	sinks = append(sinks, builder.Sinks()...)
	if err := from.Into(sinks...); err != nil {
		return nil, err
	}
	promises := standards.Regroup(scores, func(k channelKey) key { return k.key })
	channels := standards.Regroup(scores, func(k channelKey) metrics.Channel { return k.channel })
	r := &report{
		AsOf: in.asOf, Zone: in.zone, Events: rest.events, Duplicates: in.log.Taken(in.asOf) - rest.events, Rejected: in.rejected,
		InHours: in.inHours(), Min: s.min, Channels: channelsOf(channels),
		Agents: workers(agents, handleTime), Teams: workers(teams, inCharge),
		Rules: in.rules, Policy: s.policy, Survival: s.survival, Evidence: s.evidence,
	}
	r.Groups = []group{{
		Figures: figures.Total(), Standard: together(promises.Total(), s.evidence),
		Endings: slices.Concat(rest.endings...), Exhibits: exhibitsOf(evidence.Total),
	}}
	if err := r.Groups[0].returned(returns.Total()); err != nil {
		return nil, err
	}
	for _, k := range by.keys(figures.Keys(), promises.Keys(), returns.Keys(), rest.groups.Keys()) {
		r.Groups = append(r.Groups, group{
			Key: by.name(k), Values: by.values(k),
			Figures: figures.Group(k), Standard: together(promises.Group(k), s.evidence),
			Endings: rest.of(k), Exhibits: exhibitsOf(func(kind metrics.ExhibitKind) *metrics.Top[metrics.Exhibit] { return evidence.Group(k, kind) }),
		})
		if err := r.Groups[len(r.Groups)-1].returned(returns.Group(k)); err != nil {
			return nil, err
		}
	}
	if r.Briefing, err = builder.Briefing(r.Groups[0].Figures); err != nil {
		return nil, err
	}
	r.NoReplies, r.Values = r.Briefing.NoReplies, compared.values
	r.Briefing.Events, r.Briefing.Duplicates, r.Briefing.Rejected = r.Events, r.Duplicates, r.Rejected
	return r, nil
}

// desk is what a briefing is about.
func (in *input) desk() briefing.Desk {
	return briefing.Desk{Log: &in.log, Rules: in.rules, Policy: in.policy, Own: in.own, Zone: in.zone, AsOf: in.asOf}
}

// A counter counts what no other sink does.
type counter struct {
	events   int
	survival bool // whether endings are asked for
	groups   metrics.Grouping[key]
	endings  [][]stat.Ending // by the numbers of the groups
}

// Add implements [metrics.Sink].
func (c *counter) Add(h *metrics.History) error {
	c.events += h.Conversation().Len()
	if !c.survival {
		return nil
	}
	awaited, ok := briefing.Awaited(h)
	if !ok {
		return nil
	}
	n := c.groups.Of(awaited.Facet())
	if n >= len(c.endings) {
		c.endings = append(c.endings, nil)
	}
	c.endings[n] = append(c.endings[n], stat.Ending{Time: awaited.Took(nil), Cause: int(awaited.Outcome())})
	return nil
}

// of returns the endings of a group.
func (c *counter) of(k key) []stat.Ending {
	if n, ok := c.groups.Number(k); ok {
		return c.endings[n]
	}
	return nil
}
