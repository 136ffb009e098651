package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// A crew says which agents are not people. Vendors let AI agents and automations send
// under the account of an agent, and then nothing else tells them from people.
type crew map[string]metrics.Actor

// parseCrew reads lists of agents, separated by commas.
func parseCrew(assistants, automations string) crew {
	c := make(crew)
	for list, actor := range map[string]metrics.Actor{assistants: metrics.ByAssistant, automations: metrics.ByAutomation} {
		for name := range strings.SplitSeq(list, ",") {
			if name = strings.TrimSpace(name); name != "" {
				c[name] = actor
			}
		}
	}
	return c
}

// scope returns the events of a vendor as records for the table: the names that a vendor
// gives are those of the vendor ("zendesk/5158"), since two vendors count from 1, and
// agents of the crew are no people. An error wraps vendors.ErrForm.
func (c crew) scope(vendor string, events []metrics.Event) ([]metrics.Record, error) {
	records := make([]metrics.Record, len(events))
	for i, e := range events {
		r := metrics.RecordOf(e)
		r.Conversation = scoped(vendor, r.Conversation)
		r.Customer = scoped(vendor, r.Customer)
		r.Agent = scoped(vendor, r.Agent)
		r.Team = scoped(vendor, r.Team)
		r.Into = scoped(vendor, r.Into)
		switch r.Type {
		case metrics.KindReplySent, metrics.KindResolved, metrics.KindReopened:
			r.By = cmp.Or(c[string(r.Agent)], r.By)
		}
		if _, err := r.Event(); err != nil {
			return nil, fmt.Errorf("%w: %w", vendors.ErrForm, err)
		}
		records[i] = r
	}
	return records, nil
}

func scoped[T ~string](vendor string, name T) T {
	if name == "" {
		return ""
	}
	return T(vendor) + "/" + name
}
