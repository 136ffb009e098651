package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
)

// watched are the indices that the training may have changed. Each more makes
// every verdict harder to reach.
var watched = [...]compare.Metric{
	compare.CSAT, compare.OneTouch, compare.FirstResponse, compare.FullResolution, compare.Reopened, compare.Unanswered,
}

// mixed is the index that is compared at the same mix of channels too.
const mixed = compare.CSAT

// group says whose work something was.
type group uint8

const (
	nobody group = iota // no agent is named
	trained
	others
)

// cell is a group on a channel.
type cell struct {
	group   group
	channel metrics.Channel
}

// finding is what became of an index.
type finding struct {
	index           compare.Metric
	trained, others compare.Difference
	beyond          compare.Difference
	sameMix         compare.Difference // of the trained, at the same mix of channels; only for mixed
	hasMix          bool
}

// report is everything that is printed.
type report struct {
	spans    compare.Spans
	zone     *time.Location
	days     int
	level    float64
	asked    int // questions that were tested
	agents   map[group][]metrics.AgentID
	figures  map[group][2]*compare.Observed // before and after
	findings []finding
	evidence *metrics.Evidence[group] // after the training
	heard    heard
	explain  bool // whether the text says by which methods the changes were judged
}

// evaluate compares the days from the training on with as many before.
func evaluate(log *metrics.EventLog, s settings, zone *time.Location, day metrics.Period) (*report, error) {
	days := s.days
	if days == 0 {
		var err error
		if days, err = covered(log, zone, day); err != nil {
			return nil, err
		}
	}
	spans, err := compare.Around(day.In(zone).Start, days, zone)
	if err != nil {
		return nil, err
	}
	r := &report{spans: spans, zone: zone, days: days, level: s.level}
	groupOf := func(f metrics.Facet) group {
		switch agent := f.Agent(); {
		case agent == "":
			return nobody
		case slices.Contains(s.trained, agent):
			return trained
		}
		return others
	}
	sides := compare.NewSides(func(f metrics.Facet) cell { return cell{groupOf(f), f.Channel()} }, spans)
	byAgent := compare.NewSides(metrics.Facet.Agent, spans)
	r.evidence = metrics.NewEvidence(func(f metrics.Facet) group {
		if !f.Within(spans.After) {
			return nobody
		}
		return groupOf(f)
	}, listed)
	// One pass for each side: it is read as of its own end.
	before, after := spans.Read(log, metrics.Rules{})
	sidesBefore, sidesAfter := sides.Sinks()
	agentBefore, agentAfter := byAgent.Sinks()
	if err := before.Into(sidesBefore, agentBefore); err != nil {
		return nil, err
	}
	if err := after.Into(sidesAfter, agentAfter, r.evidence); err != nil {
		return nil, err
	}
	r.name(byAgent, s.trained)
	if len(r.agents[trained]) == 0 {
		return nil, fmt.Errorf("the events name none of the trained agents %v", s.trained)
	}
	return r, r.compare(sides)
}

// covered returns how many days before and after the training have events: whole
// weeks, if there is one, so that both sides have the same days of the week.
func covered(log *metrics.EventLog, zone *time.Location, day metrics.Period) (int, error) {
	var first, last time.Time
	for c := range log.Conversations() {
		for e := range c.Events() {
			at := metrics.RecordOf(e).At
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
	}
	days := metrics.Periods{Zone: zone}
	before, after := 0, 0
	for p := range days.Between(first, last.Add(time.Nanosecond)) {
		if p.Compare(day) < 0 {
			before++
		} else {
			after++
		}
	}
	n := min(before, after)
	if n == 0 {
		return 0, errors.New("there are no events before or none after the training")
	}
	if n >= 7 {
		n -= n % 7
	}
	return n, nil
}

// name notes which agents did anything in the spans.
func (r *report) name(byAgent *compare.Sides[metrics.AgentID], all []metrics.AgentID) {
	r.agents = make(map[group][]metrics.AgentID)
	for agent := range byAgent.Keys() {
		switch {
		case agent == "":
		case slices.Contains(all, agent):
			r.agents[trained] = append(r.agents[trained], agent)
		default:
			r.agents[others] = append(r.agents[others], agent)
		}
	}
	for _, agents := range r.agents {
		slices.Sort(agents)
	}
}

// compare asks all questions of the report as one family.
func (r *report) compare(sides *compare.Sides[cell]) error {
	r.figures = make(map[group][2]*compare.Observed)
	var strata []compare.Pair
	for _, g := range []group{nobody, trained, others} {
		r.figures[g] = [2]*compare.Observed{new(compare.Observed), new(compare.Observed)}
	}
	for c := range sides.Keys() {
		s := compare.Pair{Before: sides.Before(c), After: sides.After(c)}
		if err := errors.Join(r.figures[c.group][0].Merge(s.Before), r.figures[c.group][1].Merge(s.After)); err != nil {
			return err
		}
		if c.group == trained {
			strata = append(strata, s)
		}
	}
	family := compare.Family{Level: r.level, Spans: r.spans}
	t, o := r.figures[trained], r.figures[others]
	for _, i := range watched {
		family.Change(i, t[0], t[1])
		family.Change(i, o[0], o[1])
		family.Beyond(i, t[0], t[1], o[0], o[1])
		if i == mixed {
			family.Standardised(i, strata...)
		}
	}
	answers, err := family.Differences()
	if err != nil {
		return err
	}
	for _, d := range answers {
		if d.Change.Level > 0 {
			r.asked++
		}
	}
	for _, i := range watched {
		f := finding{index: i, trained: answers[0], others: answers[1], beyond: answers[2], hasMix: i == mixed}
		answers = answers[3:]
		if f.hasMix {
			f.sameMix, answers = answers[0], answers[1:]
		}
		r.findings = append(r.findings, f)
	}
	return nil
}
