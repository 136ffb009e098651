package flow_test

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

// The oracle of returns compares each case with each other one, and looks for what
// happened in the events, replayed from the beginning.

// A plainCase is a case with what happened in it.
type plainCase struct {
	id                          metrics.ConversationID
	customer                    metrics.CustomerID
	channel                     metrics.Channel
	began                       time.Time // the period
	merged                      bool
	wrote, resolved, reopened   time.Time // zero for never
	part                        string    // of an assistant
	assistedUntil, comeBackHere time.Time // the Resolved that decides that, and the next reopening
}

// plainCases returns the cases of a desk, and those that were merged away.
func plainCases(list []metrics.Event, rules metrics.Rules, asOf time.Time) []plainCase {
	var cases []plainCase
	events := known(list, asOf)
	for _, o := range oracles(list, rules, asOf) {
		if o.excluded() {
			continue
		}
		c := plainCase{id: o.id, channel: o.channel(), began: events[o.id][0].At}
		for i, h := range o.list {
			if h.Type == metrics.KindMessageReceived && !h.brought {
				if c.wrote.IsZero() {
					c.wrote = h.At
				}
				if c.customer == "" {
					c.customer = h.Customer
				}
			}
			was, is := o.state(i), o.state(i+1)
			if was == "open" && is == "closed" {
				c.merged = h.Type == metrics.KindMerged
			}
			c.merged = c.merged && is == "closed"
		}
		if n := o.firstResolved(0); n >= 0 && !c.merged {
			c.resolved, c.reopened = o.list[n].At, o.reopened(n)
			if c.began = c.resolved; rules.ByStart {
				for i := range n {
					if o.state(i) != "open" && o.state(i+1) == "open" {
						c.began = o.list[i].At
					}
				}
			}
		}
		o.assist(&c)
		cases = append(cases, c)
	}
	return cases
}

// firstResolved returns the number of the first happening from n on that resolves the
// case, or -1.
func (o oracle) firstResolved(n int) int {
	for i := n; i < len(o.list); i++ {
		if o.list[i].Type == metrics.KindResolved && o.state(i) == "open" {
			return i
		}
	}
	return -1
}

// reopened returns when the case was next opened after number n, or zero.
func (o oracle) reopened(n int) time.Time {
	for i := n + 1; i < len(o.list); i++ {
		if o.state(i) != "open" && o.state(i+1) == "open" {
			return o.list[i].At
		}
	}
	return time.Time{}
}

// assist tells the part of assistants.
func (o oracle) assist(c *plainCase) {
	replied := slices.IndexFunc(o.list, isAssistant)
	opened := false
	for n := range o.list {
		opened = opened || o.state(n+1) == "open"
	}
	if replied < 0 || !opened || c.merged {
		return
	}
	assistant := func(agent metrics.AgentID) bool {
		return agent != "" && slices.ContainsFunc(o.list, func(h happening) bool { return isAssistant(h) && h.Agent == agent })
	}
	person := func(i int) bool {
		switch h := o.list[i]; h.Type {
		case metrics.KindReplySent:
			return isPerson(h)
		case metrics.KindHandled:
			return !assistant(h.Agent)
		case metrics.KindResolved:
			return h.By == metrics.ByPerson && !assistant(h.Agent) && o.state(i) == "open"
		}
		return false
	}
	before := false
	for i, h := range o.list {
		switch {
		case i < replied:
			before = before || person(i)
		case person(i), i > replied && h.Type == metrics.KindAssigned && (h.Agent != "" && !assistant(h.Agent) || h.Agent == "" && h.Team != ""):
			c.part = "person"
			return
		}
	}
	if n := o.firstResolved(replied); n >= 0 {
		c.assistedUntil, c.comeBackHere = o.list[n].At, o.reopened(n)
		waiting := false
		for _, h := range o.list[:n] {
			if h.Type == metrics.KindMessageReceived {
				waiting = true
			}
			if isPerson(h) || isAssistant(h) {
				waiting = false
			}
		}
		switch c.part = "assumed"; {
		case o.list[n].By == metrics.ByCustomer:
			c.part = "confirmed"
		case o.list[n].By == metrics.ByAutomation && waiting:
			c.part = "timed out"
		}
		return
	}
	switch {
	case o.state(len(o.list)) == "open":
		c.part = "open"
	case before && o.state(replied) != "open" && o.reopened(replied).IsZero():
		c.part = "person"
	default:
		c.part = "unresolved"
	}
}

// back returns when the customer of a case came back after an instant, in it or in
// another case, and in which.
func back(cases []plainCase, c plainCase, after, here time.Time) (at time.Time, in metrics.ConversationID) {
	at, in = here, c.id
	if here.IsZero() {
		in = ""
	}
	for _, d := range cases {
		if d.id == c.id || c.customer == "" || d.customer != c.customer || !d.wrote.After(after) {
			continue
		}
		if at.IsZero() || d.wrote.Before(at) || d.wrote.Equal(at) && in != c.id && d.id < in {
			at, in = d.wrote, d.id
		}
	}
	return at, in
}

// inTime reports whether something happened within a window after an instant.
func inTime(at, after time.Time, within time.Duration) bool {
	return !at.IsZero() && !at.After(after.Add(within))
}

// firstContact returns what a case counts as.
func (c plainCase) firstContact(cases []plainCase, within time.Duration, asOf time.Time) string {
	if c.resolved.IsZero() {
		return "none"
	}
	if c.customer == "" {
		return "unknown"
	}
	at, _ := back(cases, c, c.resolved, c.reopened)
	text := "yes"
	if inTime(at, c.resolved, within) {
		text = "no"
	}
	if c.resolved.Add(within).After(asOf) {
		return map[string]string{"yes": "pending", "no": "pending_returned"}[text]
	}
	return text
}

// assistant returns the outcome of a case, and whether the customer came back.
func (c plainCase) assistant(cases []plainCase, within time.Duration, asOf time.Time) (string, bool) {
	switch c.part {
	case "":
		return "not_involved", false
	case "person":
		return "with_person", false
	case "open", "unresolved":
		return c.part, false
	}
	at, _ := back(cases, c, c.assistedUntil, c.comeBackHere)
	returned := inTime(at, c.assistedUntil, within)
	switch {
	case c.assistedUntil.Add(within).After(asOf):
		return "pending", returned
	case returned || c.part == "timed out":
		return "unresolved", returned
	}
	return "resolved_" + c.part, returned
}

// isReturn reports whether a case is a return after another one.
func (c plainCase) isReturn(cases []plainCase, within time.Duration) bool {
	return slices.ContainsFunc(cases, func(d plainCase) bool {
		return d.id != c.id && c.customer != "" && d.customer == c.customer && !d.resolved.IsZero() &&
			c.wrote.After(d.resolved) && inTime(c.wrote, d.resolved, within)
	})
}

// plainReturns returns what is counted in some of the cases.
func plainReturns(some, cases []plainCase, within time.Duration, asOf time.Time) (flow.FirstContact, flow.Assistants) {
	first, assistants := flow.FirstContact{AsOf: asOf, Within: within}, flow.Assistants{AsOf: asOf, Within: within}
	for _, c := range some {
		verdict := c.firstContact(cases, within, asOf)
		switch verdict {
		case "yes":
			first.Resolved++
		case "no":
			first.Returned++
		case "pending":
			first.Pending++
		case "pending_returned":
			first.Pending++
			first.PendingReturned++
		case "unknown":
			first.Unknown++
		}
		if (verdict == "yes" || verdict == "no") && !c.isReturn(cases, within) {
			issue := stat.Ratio{Whole: 1}
			if verdict == "yes" {
				issue.Part = 1
			}
			first.Issues = first.Issues.Pool(issue)
		}
		outcome, returned := c.assistant(cases, within, asOf)
		if !c.wrote.IsZero() || outcome != "not_involved" {
			assistants.Cases++
		}
		switch outcome {
		case "with_person":
			assistants.WithPerson++
		case "resolved_confirmed":
			assistants.Confirmed++
		case "resolved_assumed":
			assistants.Assumed++
		case "unresolved":
			assistants.Unresolved++
		case "open":
			assistants.Open++
		case "pending":
			assistants.Pending++
			if returned {
				assistants.PendingReturned++
			}
		}
		if c.customer == "" && (outcome == "resolved_confirmed" || outcome == "resolved_assumed") {
			assistants.Unknown++
		}
	}
	return first, assistants
}
