package briefing

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A Series is the desk period by period, from the first event to the report's
// instant.
type Series struct {
	Periods metrics.Periods
	About   metrics.Period // what the report is about
	Rows    []Row
	Indices []Index
	By      map[metrics.Channel]map[metrics.Period]*compare.Observed
}

// A Row is what is known of a period.
type Row struct {
	Partial bool // whether it is not over
	Figures *metrics.Figures
	Flow    flow.Row // what came in and went out, and what stayed
}

// An Index is an index over the periods that are over: of a channel, or with an
// empty one of all together.
type Index struct {
	Channel metrics.Channel
	compare.Timeline
	Trend compare.PeriodTrend
	Chart compare.ControlChart
}

// A spot is a channel in a period.
type spot struct {
	channel metrics.Channel
	period  metrics.Period
}

// A seriesBuilder makes a series of what its sinks are fed.
type seriesBuilder struct {
	periods metrics.Periods
	about   metrics.Period // what the report is about
	spots   *compare.Groups[spot]
	flow    *flow.Series[string]
	policy  *standards.Policy // whose compliance is shown; nil: none
	inHours bool              // whether times are in hours of service
}

func newSeriesBuilder(periods metrics.Periods, about metrics.Period, policy *standards.Policy, inHours bool) *seriesBuilder {
	return &seriesBuilder{
		periods: periods,
		about:   about,
		spots:   compare.NewGroups(func(f metrics.Facet) spot { return spot{f.Channel(), f.Period(periods)} }, policies(policy)...),
		flow:    flow.NewSeries(metrics.Whole, periods),
		policy:  policy,
		inHours: inHours,
	}
}

// policies is the policy as a list of one, or of none if it is nil.
func policies(policy *standards.Policy) []standards.Policy {
	if policy == nil {
		return nil
	}
	return []standards.Policy{*policy}
}

// apart returns the policy with targets that are told apart by their names: one of the same
// name as another, but with another budget, has the budget in its name.
func apart(policy *standards.Policy) *standards.Policy {
	if policy == nil {
		return nil
	}
	p := *policy
	p.Targets = slices.Clone(policy.Targets)
	for i := range p.Targets {
		t := &policy.Targets[i]
		if slices.ContainsFunc(policy.Targets, func(o standards.Target) bool {
			return o.String() == t.String() && o.Agreement == t.Agreement && o.Within != t.Within
		}) {
			p.Targets[i].Name = t.String() + ", " + budget(t.Within)
		}
	}
	return &p
}

// budget writes a budget as policies do.
func budget(b standards.Budget) string {
	if d, ok := b.Duration(); ok {
		return text.Exact(d)
	}
	return b.String()
}

// promises are the compliances with the targets of a policy of which something was
// judged, each once.
func promises(policy *standards.Policy, observed ...*compare.Observed) (all []compare.Metric) {
	if policy == nil {
		return nil
	}
	for i := range policy.Targets {
		metric := compare.Promise(&policy.Targets[i])
		judged := func(o *compare.Observed) bool { return o.Kept[metric].Whole > 0 }
		if !slices.Contains(all, metric) && slices.ContainsFunc(observed, judged) {
			all = append(all, metric)
		}
	}
	return all
}

// series makes the series. Without any reply it does not ask who had one.
func (b *seriesBuilder) series(noReplies bool, asOf time.Time) (*Series, error) {
	s := &Series{Periods: b.periods, About: b.about, By: make(map[metrics.Channel]map[metrics.Period]*compare.Observed)}
	whole, all := make(map[metrics.Period]*compare.Observed), new(compare.Observed)
	for k := range b.spots.Keys() {
		o := b.spots.Group(k)
		if s.By[k.channel] == nil {
			s.By[k.channel] = make(map[metrics.Period]*compare.Observed)
		}
		s.By[k.channel][k.period] = o
		if whole[k.period] == nil {
			whole[k.period] = new(compare.Observed)
		}
		if err := errors.Join(whole[k.period].Merge(o), all.Merge(o)); err != nil {
			return nil, err
		}
	}
	known := slices.SortedFunc(maps.Keys(whole), metrics.Period.Compare)
	if len(known) == 0 {
		return s, nil
	}
	for row := range b.flow.Total(known[0].In(b.periods.Zone).Start, asOf.Add(1)) {
		p := Row{
			Figures: new(metrics.Figures),
			Flow:    row,
			Partial: asOf.Before(row.Period.In(b.periods.Zone).End),
		}
		if o := whole[row.Period]; o != nil {
			p.Figures = &o.Figures
		}
		if !row.Span.Start.Before(asOf) && p.Figures.Conversations == 0 && p.Figures.Volume == (metrics.Volume{}) {
			break // as of midnight the next day has not begun
		}
		s.Rows = append(s.Rows, p)
	}
	return s, b.indices(s, whole, all, noReplies)
}

// indices adds the metrics whose course is shown: of all together what does not depend on
// the mix of channels, and of each channel how long everything took, in hours of service if
// there are any.
func (b *seriesBuilder) indices(s *Series, whole map[metrics.Period]*compare.Observed, all *compare.Observed, noReplies bool) error {
	ofAll := []compare.Metric{compare.Conversations, compare.CSAT}
	if unanswered, _ := compare.Unanswered.Ratio(all); unanswered.Part > 0 && !noReplies {
		ofAll = append(ofAll, compare.Unanswered)
	}
	for _, m := range ofAll {
		if err := s.add(m, "", whole, b.about); err != nil {
			return err
		}
	}
	ofChannels := append([]compare.Metric{compare.FirstResponse, compare.FirstResponse.P90(), compare.FirstResolution}, promises(b.policy, all)...)
	for _, m := range ofChannels {
		if b.inHours {
			m = m.InHours()
		}
		for _, channel := range slices.Sorted(maps.Keys(s.By)) {
			if err := s.add(m, channel, s.By[channel], b.about); err != nil {
				return err
			}
		}
	}
	return nil
}

// fewest is how many periods before what the report is about set the limits of charts. With
// fewer, all periods do.
const fewest = 6

// add adds a metric, if there is anything to show. The limits of its chart are those of the
// periods before what the report is about, so that a change is seen: with limits from all
// periods, it would be in them.
func (s *Series) add(m compare.Metric, channel metrics.Channel, observed map[metrics.Period]*compare.Observed, about metrics.Period) error {
	of := Index{Channel: channel, Timeline: compare.NewTimeline(m, s.over(), func(p metrics.Period) *compare.Observed { return observed[p] }, Level)}
	if len(of.Values()) == 0 {
		return nil
	}
	before, values := 0, 0
	start := about.In(s.Periods.Zone).Start
	for _, p := range of.Points {
		if p.Period.In(s.Periods.Zone).End.After(start) {
			break
		}
		before++
		if !p.Missing {
			values++
		}
	}
	if values >= fewest {
		of.Baseline = before
	}
	of.Chart = of.Control()
	var err error
	if of.Trend, err = of.Timeline.Trend(Level); err != nil {
		return err
	}
	s.Indices = append(s.Indices, of)
	return nil
}

// over yields the periods that are over.
func (s *Series) over() iter.Seq[metrics.Period] {
	return func(yield func(metrics.Period) bool) {
		for _, row := range s.Rows {
			if !row.Partial && !yield(row.Flow.Period) {
				return
			}
		}
	}
}

// Name names a period, and says whether it goes on.
func (p Row) Name() string {
	name := p.Flow.Period.String()
	if p.Flow.Period.Unit() == metrics.Week {
		y, m, d := p.Flow.Period.Date()
		name += ", " + draw.Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	}
	if p.Partial {
		name += " so far"
	}
	return name
}

// FirstResponses are the times to a first response in what was observed, which may be nil.
func FirstResponses(o *compare.Observed, inHours bool) *metrics.Summary {
	switch {
	case o == nil:
		return new(metrics.Summary)
	case inHours:
		return &o.Figures.InHours.FirstResponse
	}
	return &o.Figures.Elapsed.FirstResponse
}

// Channels returns those with the most first responses, of which the course is shown.
func (s *Series) Channels(inHours bool) []metrics.Channel {
	n := make(map[metrics.Channel]int64)
	for c, periods := range s.By {
		for _, o := range periods {
			n[c] += FirstResponses(o, inHours).Count()
		}
	}
	maps.DeleteFunc(n, func(_ metrics.Channel, count int64) bool { return count == 0 })
	all := slices.SortedFunc(maps.Keys(n), func(a, b metrics.Channel) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	return all[:min(charted, len(all))]
}
