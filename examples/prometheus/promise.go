package main

import (
	"fmt"
	"slices"

	"github.com/servicequality/servicequality/standards"
)

// customer is the agreement of promises made to customers.
const customer = "customer"

// A promise is how a target of the policy is named in labels.
type promise struct {
	target                   *standards.Target
	name, measure, agreement string
}

func (p promise) labels(more ...string) []string {
	return append([]string{p.name, p.measure, p.agreement}, more...)
}

// promisesOf names the targets of a policy, in its order. No two have the same name: where
// the policy gives one twice, its limit is added, and then its number.
func promisesOf(policy standards.Policy) []promise {
	promises := make([]promise, len(policy.Targets))
	given := make(map[string]int)
	for i := range promises {
		t := &policy.Targets[i]
		promises[i] = promise{t, value(t.String()), t.Measure.String(), customer}
		if t.Agreement != "" {
			promises[i].agreement = value(t.Agreement)
		}
		given[promises[i].name]++
	}
	taken := make(map[string]bool)
	for i := range promises {
		p := &promises[i]
		if given[p.name] > 1 {
			p.name = fmt.Sprintf("%s, %s", p.name, p.target.Within)
		}
		for n, name := i+1, p.name; taken[p.name]; n++ {
			p.name = fmt.Sprintf("%s #%d", name, n)
		}
		taken[p.name] = true
	}
	return promises
}

// concerns reports whether the promise may be made in any conversation with a key. It
// leaves out rows of zeros, such as those of a promise on chats by e-mail.
func (p promise) concerns(k key) bool {
	return (len(p.target.Channels) == 0 || slices.Contains(p.target.Channels, k.channel)) &&
		(len(p.target.Teams) == 0 || slices.Contains(p.target.Teams, k.team))
}
