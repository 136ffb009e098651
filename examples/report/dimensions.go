package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/metrics"
)

// A dimension is something by which groups are told apart.
type dimension struct {
	name   string
	value  func(metrics.Facet, *time.Location) string
	order  func(a, b string) int
	inTime bool // whether its values are stretches of time that do not come again
}

var byChannel = named("channel", metrics.Facet.Channel)

// dimensions are all there are, in the order in which they are listed.
var dimensions = [...]dimension{
	byChannel,
	named("agent", metrics.Facet.Agent),
	named("team", metrics.Facet.Team),
	named("customer", metrics.Facet.Customer),
	named("priority", metrics.Facet.Priority),
	{
		name:  "hour",
		value: func(f metrics.Facet, zone *time.Location) string { return f.HourOfWeek(zone).String() },
		order: compareHours,
	},
	byPeriod(metrics.Day),
	byPeriod(metrics.Week),
	byPeriod(metrics.Month),
	byPeriod(metrics.Quarter),
}

// named is a dimension of names, which may be missing.
func named[T ~string](name string, of func(metrics.Facet) T) dimension {
	return dimension{
		name:  name,
		value: func(f metrics.Facet, _ *time.Location) string { return orNone(of(f)) },
		order: strings.Compare,
	}
}

// byPeriod is the dimension of a unit of the calendar. The names of its periods
// are in the order of time.
func byPeriod(u metrics.Unit) dimension {
	return dimension{
		name: u.String(),
		value: func(f metrics.Facet, zone *time.Location) string {
			return f.Period(briefing.PeriodsOf(u, zone)).String()
		},
		order:  strings.Compare,
		inTime: true,
	}
}

// compareHours orders hours of the week by their names, such as "Mon 09:00".
func compareHours(a, b string) int {
	const week = "Mon Tue Wed Thu Fri Sat Sun"
	return cmp.Or(cmp.Compare(strings.Index(week, a[:3]), strings.Index(week, b[:3])), strings.Compare(a, b))
}

// none stands for a channel, agent, team, customer or priority that is not known.
const none = briefing.None

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
	by   []dimension
	zone *time.Location
}

func (g grouping) key(f metrics.Facet) (k key) {
	for i, d := range g.by {
		k[i] = d.value(f, g.zone)
	}
	return k
}

// A comparing makes the keys of groups that are compared: stretches of time are on one side
// only, so that they make none.
type comparing struct {
	by     grouping
	keys   map[string]key
	values map[string]map[string]string // of several dimensions, by the names of keys
}

// compared returns how groups are compared; by channels, if nothing else is left.
func (g grouping) compared() *comparing {
	g.by = slices.DeleteFunc(slices.Clone(g.by), func(d dimension) bool { return d.inTime })
	if len(g.by) == 0 {
		g.by = []dimension{byChannel}
	}
	return &comparing{g, make(map[string]key), make(map[string]map[string]string)}
}

// key names the group of a facet.
func (c *comparing) key(f metrics.Facet) string {
	k := c.by.key(f)
	name := c.by.name(k)
	if _, ok := c.keys[name]; !ok {
		c.keys[name], c.values[name] = k, c.by.values(k)
	}
	return name
}

// order orders names as their groups.
func (c *comparing) order(a, b string) int { return c.by.compare(c.keys[a], c.keys[b]) }

// A channelKey is a key on one channel.
type channelKey struct {
	key     key
	channel metrics.Channel
}

func (g grouping) onChannel(f metrics.Facet) channelKey { return channelKey{g.key(f), f.Channel()} }

// compare orders keys by their first dimension, then by the next.
func (g grouping) compare(a, b key) int {
	for i, d := range g.by {
		if order := d.order(a[i], b[i]); order != 0 {
			return order
		}
	}
	return 0
}

// keys returns all keys, each once and in order; none if everything is one group.
func (g grouping) keys(all ...iter.Seq[key]) []key {
	if len(g.by) == 0 {
		return nil
	}
	known := make(map[key]bool)
	for _, keys := range all {
		for k := range keys {
			known[k] = true
		}
	}
	return slices.SortedFunc(maps.Keys(known), g.compare)
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
