package briefing

import (
	"strings"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/standards"
)

// groupName names the group of a difference, which is mostly a channel.
func groupName(key string) string {
	if key == "" {
		return "all"
	}
	return draw.ChannelName(metrics.Channel(strings.TrimSuffix(key, None)))
}

// names are what the targets of a policy are called, by their metrics.
type names map[compare.Metric]string

func namesOf(asked, policy *standards.Policy) names {
	n := make(names)
	if asked != nil {
		for i := range asked.Targets {
			n[compare.Promise(&asked.Targets[i])] = "Promise kept: " + clean(policy.Targets[i].String())
		}
	}
	return n
}

// Name returns what a metric is called.
func (p *Briefing) Name(m compare.Metric) string {
	if name, ok := p.names[m.Elapsed()]; ok {
		return name
	}
	return draw.NameOf(m)
}

// clean returns a name from data that can do no harm.
func clean[T ~string](name T) string { return plain.Name(string(name)) }
