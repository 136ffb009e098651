package briefing

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A Comparison compares the period that the report is about with an earlier one.
type Comparison struct {
	With          string // "previous" or "year"
	Before, After metrics.Period
	Spans         compare.Spans
	Zone          *time.Location
	Whole         []compare.Difference
	Groups        []Group  // in the order of their keys; none if there is one
	NoReplies     bool     // so that what depends on replies is not measured
	People        []Person // each with the others at the same mix of channels, by name

	before, after *compare.Observed // of all
	waitingBefore int64
	waited        map[metrics.Channel]int64 // how many conversations of the period after
}

// A Group is what changed in a group.
type Group struct {
	Key         string // by Ask.Key; the channel, or None, if that is nil
	Differences []compare.Difference
}

// None is the key of conversations on no channel.
const None = "(none)"

// keyOf is the key of a channel.
func keyOf(c metrics.Channel) string { return cmp.Or(string(c), None) }

// Questions returns how many differences were asked for together.
func (c *Comparison) Questions() int {
	n := len(c.Whole)
	for _, g := range c.Groups {
		n += len(g.Differences)
	}
	return n
}

// spansOf returns the spans of a comparison: the period in which an instant lies, as far
// as it has gone, or if the instant is its beginning, the whole period before; and with
// what that is compared. What happens at the instant has happened: the spans end just after
// it, since they are without their ends.
func spansOf(ask Ask, zone *time.Location, asOf time.Time) (before, after metrics.Period, spans compare.Spans, err error) {
	after = PeriodsOf(ask.About, zone).Of(asOf)
	if !after.In(zone).Start.Before(asOf) {
		after = after.Next(-1)
	}
	before = after.Next(-1)
	if ask.Against == "year" {
		before = after.YearBefore()
	}
	spans, err = compare.Periods(before, after, zone, asOf.Add(1))
	return before, after, spans, err
}

// Known returns the instant up to which a side is known: the end of its period, or if it has
// not gone so far, the last instant of its span.
func (c *Comparison) Known(p metrics.Period, s metrics.Span) time.Time {
	if s.End.Before(p.In(c.Zone).End) {
		return s.End.Add(-1)
	}
	return s.End
}

// Of all together, what does not depend on the mix of groups is asked; of each group, how
// long everything took too. The median of all says which channel customers chose, where
// answers take a minute on chat and hours by e-mail.
var (
	ofAll    = []compare.Metric{compare.CSAT, compare.OneTouch, compare.Reopened, compare.Unanswered, compare.Conversations}
	ofGroups = []compare.Metric{compare.FirstResponse, compare.FullResolution, compare.CSAT}
	// ofReplies are those that say nothing if there are no replies.
	ofReplies = []compare.Metric{compare.FirstResponse, compare.OneTouch, compare.Unanswered}
)

// A sideKey tells apart what both sides are compared by.
type sideKey struct {
	group   string
	channel metrics.Channel
	agent   metrics.AgentID
}

// A comparer makes a comparison. What is known at the end of the period after is what the
// report knows, so that its sink is fed with the others; the period before takes a reading
// of its own.
type comparer struct {
	desk       Desk
	ask        Ask
	asked      *standards.Policy
	comparison *Comparison
	sides      *compare.Sides[sideKey]
	after      metrics.Sink
}

func newComparer(desk Desk, ask Ask, asked *standards.Policy, c *Comparison) *comparer {
	if ask.Key == nil {
		ask.Key, ask.Order = func(f metrics.Facet) string { return keyOf(f.Channel()) }, strings.Compare
	}
	sides := compare.NewSides(func(f metrics.Facet) sideKey {
		return sideKey{ask.Key(f), f.Channel(), f.Agent()}
	}, c.Spans, policies(asked)...)
	_, after := sides.Sinks()
	return &comparer{desk, ask, asked, c, sides, after}
}

// A waitCounter counts the customers who wait.
type waitCounter int64

// Add implements [metrics.Sink].
func (w *waitCounter) Add(h *metrics.History) error {
	if _, ok := h.StillWaiting(); ok {
		*w++
	}
	return nil
}

// compare reads the period before, and compares. Without any reply, what depends on
// replies is not asked.
func (c *comparer) compare(noReplies bool) (*Comparison, error) {
	var waiting waitCounter
	before, _ := c.sides.Sinks()
	reading := c.desk.Log.Read(c.desk.Rules, c.comparison.Spans.Before.End)
	if err := reading.Into(c.ask.Kept(before, &waiting)...); err != nil {
		return nil, err
	}
	out := c.comparison
	out.NoReplies, out.waitingBefore = noReplies, int64(waiting)
	out.before, out.after = c.sides.Total()
	out.waited = make(map[metrics.Channel]int64)
	for k := range c.sides.Keys() {
		out.waited[k.channel] += c.sides.After(k).Figures.Conversations
	}
	groups, err := regroup(c.sides, func(k sideKey) string { return k.group })
	if err != nil {
		return nil, err
	}
	if out.People, err = people(c, out.Spans); err != nil {
		return nil, err
	}
	return out, out.ask(c, groups)
}

// channels returns those of either side, the one with the most conversations first.
func (c *Comparison) channels() []metrics.Channel {
	return slices.SortedFunc(maps.Keys(c.waited), func(a, b metrics.Channel) int {
		return cmp.Or(cmp.Compare(c.waited[b], c.waited[a]), cmp.Compare(a, b))
	})
}

// regroup puts groups together by another key, which is made of theirs.
func regroup[K comparable](sides *compare.Sides[sideKey], key func(sideKey) K) (map[K]*compare.Pair, error) {
	all := make(map[K]*compare.Pair)
	for k := range sides.Keys() {
		to := key(k)
		if all[to] == nil {
			all[to] = &compare.Pair{Before: new(compare.Observed), After: new(compare.Observed)}
		}
		if err := errors.Join(all[to].Before.Merge(sides.Before(k)), all[to].After.Merge(sides.After(k))); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ask asks all questions, as one family, so that asking many finds no change by chance.
func (c *Comparison) ask(by *comparer, groups map[string]*compare.Pair) error {
	kept, inHours := promises(by.asked, c.before, c.after), InHours(&by.desk.Rules)
	asked := func(metrics ...[]compare.Metric) []compare.Metric {
		all := slices.Concat(metrics...)
		if c.NoReplies {
			all = slices.DeleteFunc(all, func(m compare.Metric) bool { return slices.Contains(ofReplies, m) })
		}
		for i := range all {
			if inHours {
				all[i] = all[i].InHours()
			}
		}
		return all
	}
	ofAll, ofGroups := asked(ofAll), asked(ofGroups, kept)
	if len(groups) < 2 {
		ofAll, ofGroups = asked([]compare.Metric{compare.FirstResponse, compare.FullResolution}, ofAll, kept), nil
	}
	family := compare.Family{Level: Level, Minimum: by.ask.Min, Spans: c.Spans}
	for _, m := range ofAll {
		family.Change(m, c.before, c.after)
	}
	keys := slices.SortedFunc(maps.Keys(groups), by.ask.Order)
	asking := make([]int, len(keys)) // how many questions of each group
	for i, k := range keys {
		pair := groups[k]
		for _, m := range ofGroups {
			if slices.Contains(kept, m) && pair.Before.Kept[m].Whole+pair.After.Kept[m].Whole == 0 {
				continue // nothing was promised there
			}
			family.Change(m, pair.Before, pair.After)
			asking[i]++
		}
	}
	differences, err := family.Differences()
	if err != nil {
		return err
	}
	c.Whole, differences = differences[:len(ofAll)], differences[len(ofAll):]
	if len(ofGroups) == 0 {
		return nil
	}
	for i, k := range keys {
		c.Groups = append(c.Groups, Group{k, differences[:asking[i]]})
		differences = differences[asking[i]:]
	}
	return nil
}

// Earlier names the period before: with its year, if that is another one.
func (c *Comparison) Earlier() draw.PeriodNames {
	n := draw.NamesOf(c.Before)
	if c.With == "year" {
		n.Short, n.In = n.Title, "in "+n.Title
	}
	return n
}

// Words say which periods are compared.
func (c *Comparison) Words() string {
	after, before := draw.NamesOf(c.After).Title, c.Earlier().Title
	if !c.Spans.Partial {
		return after + " against " + before
	}
	const form = "2 January 2006, 15:04"
	return after + " so far, to " + c.Spans.After.End.In(c.Zone).Format(form) +
		", against as much of " + before + ", to " + c.Spans.Before.End.In(c.Zone).Format(form)
}

// A Change is a difference of a group, or with an empty key of all.
type Change struct {
	Key string
	compare.Difference
}

// Changes returns what changed, and what did not or cannot be told, each in the order in
// which it was asked.
func (c *Comparison) Changes() (changed, same []Change) {
	take := func(key string, all []compare.Difference) {
		for _, d := range all {
			if d.Conclusion.Changed() {
				changed = append(changed, Change{key, d})
			} else {
				same = append(same, Change{key, d})
			}
		}
	}
	take("", c.Whole)
	for _, g := range c.Groups {
		take(g.Key, g.Differences)
	}
	return changed, same
}

// Where says on which channel something changed, or in which other group.
func (c *Comparison) Where(key string) string {
	switch {
	case key == "" && len(c.Groups) > 0:
		return "all"
	case key == "":
		return text.NoData
	}
	return draw.ChannelWord(metrics.Channel(key))
}
