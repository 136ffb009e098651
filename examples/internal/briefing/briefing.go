// Package briefing is about a period of a desk, held against the one before: who waits,
// what changed, which promises were kept, and what proves it, in numbers and as a page.
//
//	builder, err := briefing.New(desk, ask)
//	err = desk.Log.Read(desk.Rules, desk.AsOf).Into(builder.Sinks()...)
//	b, err := builder.Briefing(all)
//	err = b.Page().Write(w)
package briefing

import (
	"time"

	"github.com/servicequality/servicequality/examples/internal/link"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A Desk is what a briefing is about.
type Desk struct {
	Log    *metrics.EventLog
	Rules  metrics.Rules
	Policy standards.Policy // by which is judged
	Own    bool             // whether the policy is that of the desk, and not only what is customary
	Zone   *time.Location   // of periods and hours of the week
	AsOf   time.Time        // the instant of the reading

	Rejected int // lines that could not be read
}

// Level is the confidence level of intervals, and of all conclusions together.
const Level = 0.95

// InHours reports whether anything is measured in hours of service.
func InHours(rules *metrics.Rules) bool {
	return rules.Calendar != nil || len(rules.TeamCalendars) > 0 || len(rules.ChannelCalendars) > 0
}

// Ask says what a briefing is asked.
type Ask struct {
	About   metrics.Unit  // of the period that it is about
	Against string        // the "previous" one, or that of the "year" before; empty: no comparison
	Course  *metrics.Unit // of the course; nil: none
	Min     int64         // fewer values make no verdict; 0 is read as 20
	Link    link.Template // of a conversation in the desk

	// Key makes the groups of which is said what changed, and Order sorts them; nil is by
	// channels. What is about channels alone, as most of the page is, stays so.
	Key   func(metrics.Facet) string
	Order func(a, b string) int
	// Keep leaves out conversations for which it returns false; nil keeps all. It must not
	// depend on the instant.
	Keep func(*metrics.History) bool

	Named int // how many conversations are named of each kind; 0: as many as a page shows
	// Behind returns the address of the conversations behind a figure; nil: there is none.
	Behind func(Behind) string
}

// CourseOf returns the usual unit of the course of a period: the next smaller one, but weeks
// of a week.
func CourseOf(about metrics.Unit) metrics.Unit {
	switch about {
	case metrics.Month:
		return metrics.Week
	case metrics.Quarter:
		return metrics.Month
	}
	return about
}

// A Briefing is what is known of the period, and what is open.
type Briefing struct {
	Desk
	Link       link.Template
	Min        int64
	Asked      *standards.Policy // the policy of the desk with targets that are told apart by name; nil: it has none
	Figures    *metrics.Figures  // of all time
	NoReplies  bool              // whether there are conversations, but nothing that could answer a customer
	Waiting    Waiting
	Series     *Series     // nil: not asked for
	Comparison *Comparison // nil: not asked for, or there are no events
	Brief      *Brief      // of the comparison
	Now        *Now        // nil: who waits is told as of the instant of the briefing

	Events     int // that were read
	Duplicates int // deliveries that were repeated, replaced or retracted; not told of a part of the desk
	names      names
	behind     func(Behind) string
}

// InHours reports whether times are in hours of service.
func (b *Briefing) InHours() bool { return InHours(&b.Rules) }

// A Builder makes a briefing of what its sinks are fed.
type Builder struct {
	desk     Desk
	ask      Ask
	asked    *standards.Policy
	events   eventCount
	waiting  Waiting
	comparer *comparer
	briefs   *briefBuilder
	course   *seriesBuilder
}

// New returns a builder.
func New(desk Desk, ask Ask) (*Builder, error) {
	b := &Builder{desk: desk, ask: ask, waiting: newWaiting(&desk.Policy, max(ask.Named, mostWaiting))}
	if desk.Own {
		b.asked = apart(&desk.Policy)
	}
	before, after, spans, err := spansOf(ask, desk.Zone, desk.AsOf)
	if ask.Against != "" && !(desk.AsOf.IsZero() && desk.Log.Latest().IsZero()) {
		if err != nil {
			return nil, err
		}
		b.comparer = newComparer(desk, ask, b.asked, &Comparison{With: ask.Against, Before: before, After: after, Spans: spans, Zone: desk.Zone})
		b.briefs = newBriefBuilder(desk, ask, spans)
	}
	if ask.Course != nil {
		b.course = newSeriesBuilder(PeriodsOf(*ask.Course, desk.Zone), after, b.asked, InHours(&desk.Rules))
	}
	return b, nil
}

// PeriodsOf are the periods of a unit, with weeks that begin on Monday.
func PeriodsOf(u metrics.Unit, zone *time.Location) metrics.Periods {
	return metrics.Periods{Unit: u, WeekStart: time.Monday, Zone: zone}
}

// Sinks returns what must be fed a reading of the desk, as of its instant.
func (b *Builder) Sinks() []metrics.Sink {
	all := []metrics.Sink{&b.events, &b.waiting}
	if b.comparer != nil {
		all = append(append(all, b.comparer.after), b.briefs.sinks()...)
	}
	if b.course != nil {
		all = append(all, b.course.spots, b.course.flow)
	}
	return b.ask.Kept(all...)
}

// eventCount counts events.
type eventCount int

// Add implements [metrics.Sink].
func (n *eventCount) Add(h *metrics.History) error {
	*n += eventCount(h.Conversation().Len())
	return nil
}

// Kept returns sinks that feed the given ones only what is kept.
func (a *Ask) Kept(sinks ...metrics.Sink) []metrics.Sink {
	if a.Keep != nil {
		for i, s := range sinks {
			sinks[i] = keeper{s, a.Keep}
		}
	}
	return sinks
}

// A keeper feeds a sink what is kept.
type keeper struct {
	metrics.Sink
	keep func(*metrics.History) bool
}

// Add implements [metrics.Sink].
func (k keeper) Add(h *metrics.History) error {
	if !k.keep(h) {
		return nil
	}
	return k.Sink.Add(h)
}

// Briefing makes the briefing of what the sinks were fed, beside the figures of all of it.
// The period before takes another reading of the log.
func (b *Builder) Briefing(all *metrics.Figures) (*Briefing, error) {
	out := &Briefing{
		Desk: b.desk, Link: b.ask.Link, Min: b.ask.Min, Asked: b.asked, Figures: all, NoReplies: noReplies(all, &b.desk.Rules),
		Waiting: b.waiting, Events: int(b.events), names: namesOf(b.asked, &b.desk.Policy), behind: b.ask.Behind,
	}
	if b.ask.Keep == nil {
		out.Duplicates = b.desk.Log.Taken(b.desk.AsOf) - out.Events
	}
	var err error
	if b.course != nil {
		if out.Series, err = b.course.series(out.NoReplies, b.desk.AsOf); err != nil {
			return nil, err
		}
	}
	if b.comparer != nil {
		if out.Comparison, err = b.comparer.compare(out.NoReplies); err != nil {
			return nil, err
		}
		out.Brief, err = b.briefs.brief(out.Comparison, b.asked)
	}
	return out, err
}

// noReplies reports whether there are conversations, and no reply that could end a wait.
func noReplies(all *metrics.Figures, rules *metrics.Rules) bool {
	n := all.Volume.Replies
	if rules.Assistant != metrics.AssistantIgnored {
		n += all.Volume.Assistant
	}
	if rules.Automation != metrics.AutomationIgnored {
		n += all.Volume.Automated
	}
	return n == 0 && all.Conversations > 0
}
