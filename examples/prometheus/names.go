package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
)

// Values of the labels channel and team beside names of the desk.
const (
	none  = "none"  // the channel is unknown, nobody is in charge
	other = "other" // names that have no value of their own
)

// How many names of the log have a label value of their own, unless they are given.
const (
	mostChannels = 10
	mostTeams    = 20
)

// names are the channels and teams that have a label value of their own. All others are
// folded into one, so that the number of series is bounded whatever the data say. Which
// ones these are is decided once and never changes with the counts: a rule such as "the ten
// busiest" would end one series and begin another whenever two of them change places.
type names struct {
	channels, teams map[string]bool
}

func newNames(channels []metrics.Channel, teams []metrics.TeamID) names {
	return names{valuesOf(channels), valuesOf(teams)}
}

func valuesOf[S ~string](list []S) map[string]bool {
	values := make(map[string]bool)
	for _, name := range list {
		values[value(name)] = true
	}
	return values
}

// namesIn returns the names that came first in a log, by the instants of their events. Those
// that come later than the log is long never push one of them out.
func namesIn(log *metrics.EventLog) names {
	channels, teams := inOrder(log)
	return names{setOf(channels[:min(mostChannels, len(channels))]), setOf(teams[:min(mostTeams, len(teams))])}
}

// inOrder returns the label values of all channels and teams in a log, in the order in which
// they came.
func inOrder(log *metrics.EventLog) (channels, teams []string) {
	firstChannels, firstTeams := make(map[string]time.Time), make(map[string]time.Time)
	note := func(first map[string]time.Time, name string, at time.Time) {
		if before, ok := first[name]; name != none && (!ok || at.Before(before)) {
			first[name] = at
		}
	}
	for c := range log.Conversations() {
		for r := range c.Records() {
			note(firstChannels, value(r.Channel), r.At)
			note(firstTeams, value(r.Team), r.At)
		}
	}
	return sorted(firstChannels), sorted(firstTeams)
}

func sorted(first map[string]time.Time) []string {
	return slices.SortedFunc(maps.Keys(first), func(a, b string) int {
		return cmp.Or(first[a].Compare(first[b]), cmp.Compare(a, b))
	})
}

func setOf(values []string) map[string]bool {
	set := make(map[string]bool)
	for _, v := range values {
		set[v] = true
	}
	return set
}

// tell says which channels and teams of a log are folded.
func (n names) tell(w io.Writer, log *metrics.EventLog) {
	channels, teams := inOrder(log)
	for _, of := range []struct {
		what   string
		values []string
		own    map[string]bool
	}{{"channels", channels, n.channels}, {"teams", teams, n.teams}} {
		folded := slices.DeleteFunc(of.values, func(v string) bool { return of.own[v] || v == other })
		if len(folded) == 0 {
			continue
		}
		more := ""
		if rest := len(folded) - mostTold; rest > 0 {
			more = fmt.Sprintf(" and %d more", rest)
			folded = folded[:mostTold]
		}
		fmt.Fprintf(w, "prometheus: these %s are counted as %q: %s%s\n", of.what, other, strings.Join(folded, ", "), more)
	}
}

// mostTold is how many folded names are told.
const mostTold = 10

// A group is what a key becomes: the values of the labels channel and team.
type group struct{ channel, team string }

func (n names) group(k key) group {
	return group{fold(n.channels, value(k.channel)), fold(n.teams, value(k.team))}
}

func fold(own map[string]bool, value string) string {
	if value == none || own[value] {
		return value
	}
	return other
}

// value returns a name as the value of a label: in UTF-8, without controls and line ends,
// and no longer than a legend can show.
func value[S ~string](name S) string {
	return cmp.Or(plain.Name(string(name)), none)
}

// folded returns how many channels and teams of some keys have no value of their own.
func (n names) folded(keys map[key]bool) (channels, teams int) {
	c, t := make(map[metrics.Channel]bool), make(map[metrics.TeamID]bool)
	for k := range keys {
		g := n.group(k)
		if g.channel == other && !n.channels[other] {
			c[k.channel] = true
		}
		if g.team == other && !n.teams[other] {
			t[k.team] = true
		}
	}
	return len(c), len(t)
}
