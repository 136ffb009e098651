package main

import (
	"cmp"
	"iter"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A promise is what became of a target of the policy.
type promise struct {
	Target   *standards.Target
	All      standards.Tally
	Channels []channelTally // in the order of their names
}

type channelTally struct {
	Channel string
	Tally   standards.Tally
}

// judge yields what the promises to the customer say of a conversation: those of
// the policy, or the customary speeds of each channel to the first response.
func (in *input) judge(h *metrics.History) iter.Seq[standards.Finding] {
	return func(yield func(standards.Finding) bool) {
		if in.policy == nil {
			if f, ok := in.speeds.FirstResponse(h, in.asOf); ok {
				yield(f)
			}
			return
		}
		for f := range in.policy.Findings(h, in.asOf) {
			if f.Target.Agreement == "" && !yield(f) {
				return
			}
		}
	}
}

// promiseTallies count what became of each target of the policy, by channel.
type promiseTallies struct {
	in       *input
	byTarget map[*standards.Target]map[string]standards.Tally
}

func newPromiseTallies(in *input) *promiseTallies {
	return &promiseTallies{in, make(map[*standards.Target]map[string]standards.Tally)}
}

func (p *promiseTallies) add(_ metrics.Conversation, h *metrics.History) {
	if p.in.policy == nil {
		return
	}
	for f := range p.in.policy.Findings(h, p.in.asOf) {
		byChannel := p.byTarget[f.Target]
		if byChannel == nil {
			byChannel = make(map[string]standards.Tally)
			p.byTarget[f.Target] = byChannel
		}
		tally := byChannel[orNone(f.Channel)]
		tally.Add(f.Verdict)
		byChannel[orNone(f.Channel)] = tally
	}
}

func (p *promiseTallies) promises() []promise {
	if p.in.policy == nil {
		return nil
	}
	all := make([]promise, len(p.in.policy.Targets))
	for i := range all {
		all[i].Target = &p.in.policy.Targets[i]
		for channel, tally := range p.byTarget[all[i].Target] {
			all[i].All.Merge(tally)
			all[i].Channels = append(all[i].Channels, channelTally{channel, tally})
		}
		slices.SortFunc(all[i].Channels, func(a, b channelTally) int { return cmp.Compare(a.Channel, b.Channel) })
	}
	return all
}

// level is the confidence level of the intervals.
const level = 0.95

// promiseTable shows each promise by channel.
func promiseTable(r *report) table {
	t := table{
		Title: "Promises",
		Note:  "Each promise of the policy by channel; overdue is breached, fulfilled or not; what was closed or moved in time without an answer is excluded.",
		Header: []string{
			"", "channel", "within", "goal", "judged", "met", "breached", "pending", "excluded",
			"compliance", "95 % interval", "goal attained",
		},
	}
	for _, p := range r.Promises {
		rows := append([]channelTally{{"all", p.All}}, p.Channels...)
		if len(p.Channels) == 1 {
			rows = rows[1:]
		}
		for _, row := range rows {
			t.Rows = append(t.Rows, append([]string{
				p.label(), row.Channel, text.Duration(p.Target.Within), percent(p.Target.Goal),
			}, p.cells(r, row.Tally)...))
		}
	}
	return t
}

// label names a promise.
func (p promise) label() string {
	name := p.Target.Name
	if name == "" {
		name = p.Target.Measure.String()
	}
	if p.Target.Agreement != "" {
		name += " (" + p.Target.Agreement + ")"
	}
	return name
}

func (p promise) cells(r *report, s standards.Tally) []string {
	interval, attained := text.NoData, text.NoData
	if iv, ok := s.Interval(level); ok {
		interval = percents(iv.Low, iv.High)
	}
	if yes, ok := p.Target.Attained(s); ok {
		attained = map[bool]string{true: "yes", false: "no"}[yes]
	}
	return []string{
		r.count(s.Met + s.Breached), text.Count(s.Met), text.Count(s.Breached), text.Count(s.Pending), text.Count(s.Excluded),
		percent(s.Compliance()), interval, attained,
	}
}
