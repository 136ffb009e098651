package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A dimension is something by which groups are told apart. Facet is for what a
// breakdown measures. Wait is for waits, of which an unanswered one belongs to
// whoever has the conversation.
type dimension struct {
	name   string
	facet  func(metrics.Facet, *time.Location) string
	wait   func(waiting) string
	order  func(a, b string) int
	inTime bool // whether its values are stretches of time that do not come again
}

// waiting is a wait with the conversation that it is of, and the instant that
// decides its period.
type waiting struct {
	metrics.Wait
	history *metrics.History
	at      time.Time
	zone    *time.Location
}

// dimensions are all there are, in the order in which they are listed.
var dimensions = [...]dimension{
	{
		name:  "channel",
		facet: func(f metrics.Facet, _ *time.Location) string { return orNone(f.Channel()) },
		wait:  func(w waiting) string { return orNone(w.Channel) },
		order: strings.Compare,
	},
	{
		name:  "agent",
		facet: func(f metrics.Facet, _ *time.Location) string { return orNone(f.Agent()) },
		wait: func(w waiting) string {
			if w.Outcome == metrics.Answered {
				return orNone(w.Agent)
			}
			return orNone(w.history.Owner())
		},
		order: strings.Compare,
	},
	{
		name:  "customer",
		facet: func(f metrics.Facet, _ *time.Location) string { return orNone(f.Customer()) },
		wait:  func(w waiting) string { return orNone(w.history.Customer()) },
		order: strings.Compare,
	},
	{
		name:  "priority",
		facet: func(f metrics.Facet, _ *time.Location) string { return orNone(f.Priority()) },
		wait:  func(w waiting) string { return orNone(w.history.Priority()) },
		order: strings.Compare,
	},
	{
		name:  "hour",
		facet: func(f metrics.Facet, zone *time.Location) string { return f.HourOfWeek(zone).String() },
		wait:  func(w waiting) string { return metrics.HourOfWeekAt(w.at, w.zone).String() },
		order: compareHours,
	},
	byPeriod(metrics.Day),
	byPeriod(metrics.Week),
	byPeriod(metrics.Month),
	byPeriod(metrics.Quarter),
}

// byPeriod is the dimension of a unit of the calendar. The names of its periods
// are in the order of time.
func byPeriod(u metrics.Unit) dimension {
	return dimension{
		name:   u.String(),
		facet:  func(f metrics.Facet, zone *time.Location) string { return f.Period(periodsOf(u, zone)).String() },
		wait:   func(w waiting) string { return periodsOf(u, w.zone).Of(w.at).String() },
		order:  strings.Compare,
		inTime: true,
	}
}

// periodsOf are the periods of a unit, with weeks that begin on Monday.
func periodsOf(u metrics.Unit, zone *time.Location) metrics.Periods {
	return metrics.Periods{Unit: u, WeekStart: time.Monday, Zone: zone}
}

// compareHours orders hours of the week by their names, such as "Mon 09:00".
func compareHours(a, b string) int {
	const week = "Mon Tue Wed Thu Fri Sat Sun"
	return cmp.Or(cmp.Compare(strings.Index(week, a[:3]), strings.Index(week, b[:3])), strings.Compare(a, b))
}

// none stands for a channel, agent, customer or priority that is not known.
const none = "(none)"

func orNone[T ~string](key T) string {
	if key == "" {
		return none
	}
	return string(key)
}

// parseDimensions reads a list such as "channel,month". "none" is the empty list.
func parseDimensions(list string) ([]dimension, error) {
	if list == "none" {
		return nil, nil
	}
	var by []dimension
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(dimensions[:], func(d dimension) bool { return d.name == name })
		if i < 0 {
			return nil, fmt.Errorf("-by %q: want a list of %s, or none", list, strings.Join(dimensionNames(dimensions[:]), ", "))
		}
		if slices.Contains(dimensionNames(by), name) {
			return nil, fmt.Errorf("-by %q: %s is there twice", list, name)
		}
		by = append(by, dimensions[i])
	}
	return by, nil
}

func dimensionNames(by []dimension) []string {
	names := make([]string, len(by))
	for i, d := range by {
		names[i] = d.name
	}
	return names
}

// A key has the value of each dimension of a grouping, in its order.
type key [len(dimensions)]string

// A grouping makes the keys of groups.
type grouping struct {
	by     []dimension
	zone   *time.Location
	asOf   time.Time
	before bool // whether a wait belongs to the period in which it started
}

func (in *input) grouping(by []dimension) grouping {
	return grouping{by: by, zone: in.zone, asOf: in.asOf, before: in.rules.ByStart}
}

func (g grouping) facet(f metrics.Facet) (k key) {
	for i, d := range g.by {
		k[i] = d.facet(f, g.zone)
	}
	return k
}

func (g grouping) wait(w metrics.Wait, h *metrics.History) (k key) {
	at := w.Until(g.asOf).End
	if g.before {
		at = w.Start
	}
	for i, d := range g.by {
		k[i] = d.wait(waiting{w, h, at, g.zone})
	}
	return k
}

// compare orders keys by their first dimension, then by the next.
func (g grouping) compare(a, b key) int {
	for i, d := range g.by {
		if order := d.order(a[i], b[i]); order != 0 {
			return order
		}
	}
	return 0
}

// name joins the values of a key.
func (g grouping) name(k key) string { return strings.Join(k[:len(g.by)], " · ") }

// values names the values of a key, if there are several.
func (g grouping) values(k key) map[string]string {
	if len(g.by) < 2 {
		return nil
	}
	values := make(map[string]string)
	for i, d := range g.by {
		values[d.name] = k[i]
	}
	return values
}
