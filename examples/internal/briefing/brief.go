package briefing

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
)

// A Brief is about the period of a comparison: what was promised to those who wrote in it,
// how long they waited, what they thought of it, and what is open at its end.
type Brief struct {
	Promises      []Promised                    `json:"promises"`
	NotMeasured   []string                      `json:"not_measured"` // promises
	Waits         []Waits                       `json:"waits"`        // by channel, most customers first
	WaitingBefore int64                         `json:"waiting_before"`
	Flow          flow.Row                      `json:"flow"`
	Backlog       Backlog                       `json:"backlog"`
	Hours         Hours                         `json:"hours"`
	Ratings       Ratings                       `json:"ratings"`
	Low           *metrics.Top[metrics.Exhibit] `json:"rated_worst"`
	Oldest        *metrics.Top[metrics.Exhibit] `json:"open_longest"`
	Slow          *metrics.Top[metrics.Exhibit] `json:"-"` // the slowest first answers
	Volume        metrics.Volume                `json:"volume"`
	Requests      metrics.Requests              `json:"requests"`
	Assistants    flow.Assistants               `json:"assistants"`
}

// A Promised is a promise on a channel to those who wrote in the period, and how the share
// that was kept changed.
type Promised struct {
	Channel metrics.Channel `json:"channel"`
	standards.Attainment
	Change compare.Difference `json:"-"` // in the differences of the comparison
}

// MarshalJSON implements [json.Marshaler].
func (p Promised) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Channel metrics.Channel      `json:"channel"`
		Promise standards.Attainment `json:"promise"`
	}{p.Channel, p.Attainment})
}

// waits are how long the customers of a channel who first wrote in the period waited for an
// answer of a person.
type Waits struct {
	Channel metrics.Channel `json:"channel"`
	Counts  []int64         `json:"counts"`       // by the bounds of waitBounds
	None    int64           `json:"none"`         // no answer of a person yet, or closed or abandoned without one
	Other   int64           `json:"by_assistant"` // answered by an assistant or by automation: in none of the others
}

// N returns how many waited for a person.
func (w *Waits) N() int64 {
	n := w.None
	for _, c := range w.Counts {
		n += c
	}
	return n
}

// waitBounds divide the waits; a class includes its upper bound.
var waitBounds = []time.Duration{
	30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute,
	time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour,
}

// A Backlog is how old what is open is, at the end of the period and at its start.
type Backlog struct {
	Now  []int64       `json:"now"` // by the bounds of ageBounds
	Then []int64       `json:"then"`
	Age  time.Duration `json:"oldest_ns"`
}

// ageBounds divide the ages; a class includes its upper bound.
var ageBounds = []time.Duration{24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour, 60 * 24 * time.Hour}

// weekHours are the arrivals by hour of the week.
type Hours struct {
	Since   time.Time                     `json:"since"` // the first event
	Counts  [metrics.HoursPerWeek]int64   `json:"counts"`
	Rates   [metrics.HoursPerWeek]float64 `json:"rates"`   // an hour
	Closed  [metrics.HoursPerWeek]bool    `json:"closed"`  // mostly outside the hours of service; all false without any
	Outside stat.Ratio                    `json:"outside"` // share of the arrivals in closed hours
}

// bothRatings are those of the period and of the one before.
type Ratings struct {
	Now    rating.Distribution `json:"now"`
	Before rating.Distribution `json:"before"`
}

// How many conversations a brief names of each kind, if not more are asked for.
const mostNamed = 20

// A hoursOfService tells whether a desk is open.
type hoursOfService interface{ IsOpen(time.Time) bool }

// hoursOf returns the hours of service by which a desk is measured, or nil: those of the
// rules, or the first ones of its promises.
func hoursOf(desk *Desk) hoursOfService {
	if hours, ok := desk.Rules.Calendar.(hoursOfService); ok {
		return hours
	}
	for i := range desk.Policy.Targets {
		if hours, ok := desk.Policy.Targets[i].Calendar.(hoursOfService); ok {
			return hours
		}
	}
	return nil
}

// A onSpot is a channel, in the period or not.
type onSpot struct {
	channel metrics.Channel
	within  bool
}

// A briefBuilder makes a brief of what its sinks are fed.
type briefBuilder struct {
	desk     Desk
	after    metrics.Span
	hours    hoursOfService
	scores   *standards.Scores[onSpot]
	evidence *metrics.Evidence[bool]
	returns  *flow.Returns[bool]
	heat     *flow.HeatMap[string]
	backlog  *flow.Backlog[string]
	flow     *flow.Series[string]
	waits    map[metrics.Channel]*Waits
}

func newBriefBuilder(desk Desk, ask Ask, spans compare.Spans) *briefBuilder {
	after := spans.After
	within := func(f metrics.Facet) bool { return f.Within(after) }
	named := max(ask.Named, mostNamed)
	return &briefBuilder{
		desk: desk, after: after, hours: hoursOf(&desk),
		scores:   standards.NewScores(func(f metrics.Facet) onSpot { return onSpot{f.Channel(), within(f)} }, desk.Policy, named),
		evidence: metrics.NewEvidence(within, named),
		returns:  flow.NewReturns(within),
		heat:     flow.NewHeatMap(metrics.Whole, metrics.Span{Start: desk.Log.Earliest(), End: desk.AsOf.Add(1)}, desk.Zone),
		backlog:  flow.NewBacklog(metrics.Whole, after.Start, desk.AsOf),
		flow:     flow.NewSeries(metrics.Whole, PeriodsOf(ask.About, desk.Zone)),
		waits:    make(map[metrics.Channel]*Waits),
	}
}

func (b *briefBuilder) sinks() []metrics.Sink {
	return []metrics.Sink{b.scores, b.evidence, b.returns, b.heat, b.backlog, b.flow, b}
}

// Add implements [metrics.Sink]: it counts the waits for a first response.
func (b *briefBuilder) Add(h *metrics.History) error {
	first, ok := Awaited(h)
	if !ok || first.Start().Before(b.after.Start) || !first.Start().Before(b.after.End) {
		return nil
	}
	w := b.waits[first.Channel()]
	if w == nil {
		w = &Waits{Channel: first.Channel(), Counts: make([]int64, len(waitBounds)+1)}
		b.waits[w.Channel] = w
	}
	switch first.Outcome() {
	case metrics.Answered:
		w.Counts[draw.Class(waitBounds, first.Took(nil))]++
	case metrics.AnsweredByAssistant, metrics.AnsweredByAutomation:
		w.Other++
	case metrics.Moved:
	default:
		w.None++
	}
	return nil
}

// Awaited returns the wait that decides the first response, as [metrics.History.AwaitedResponse]
// has it, as a spell.
func Awaited(h *metrics.History) (awaited metrics.Spell, ok bool) {
	for w := range h.WaitSpells() {
		if !ok || w.FirstResponse() {
			awaited, ok = w, true
		}
	}
	return awaited, ok
}

// ages counts the ages of a stock by the bounds of ageBounds.
func ages(stock flow.Stock) []int64 {
	counts, older := make([]int64, len(ageBounds)+1), stock.Count()
	for i, bound := range ageBounds {
		rest := stock.Older(bound, nil)
		counts[i], older = older-rest, rest
	}
	counts[len(ageBounds)] = older
	return counts
}

// brief makes the brief of the comparison.
func (b *briefBuilder) brief(c *Comparison, asked *standards.Policy) (*Brief, error) {
	out := &Brief{
		WaitingBefore: c.waitingBefore,
		Ratings:       Ratings{c.after.Figures.Ratings, c.before.Figures.Ratings},
		Volume:        c.after.Figures.Volume,
		Requests:      c.after.Figures.Requests,
		Low:           b.evidence.Group(true, metrics.ExhibitRating),
		Oldest:        b.evidence.Total(metrics.ExhibitBacklog),
		Slow:          b.evidence.Group(true, metrics.ExhibitFirstResponse),
		Hours:         b.weekHours(),
	}
	for _, channel := range c.channels() {
		if w := b.waits[channel]; w != nil {
			out.Waits = append(out.Waits, *w)
		}
	}
	slices.SortStableFunc(out.Waits, func(x, y Waits) int { return int(y.N() - x.N()) })
	b.promises(out, c, asked)
	for row := range b.flow.Total(b.after.Start, b.after.End) {
		out.Flow = row
	}
	var stocks []flow.Stock
	for s := range b.backlog.Totals() {
		stocks = append(stocks, s)
	}
	out.Backlog = Backlog{Then: ages(stocks[0]), Now: ages(stocks[1])}
	out.Backlog.Age, _ = stocks[1].Ages(nil).Max()
	var err error
	out.Assistants, err = b.returns.Group(true).Assistants(flow.AssistantWindow)
	return out, err
}

// promises adds the promises of the period, each on each channel by itself.
func (b *briefBuilder) promises(out *Brief, c *Comparison, asked *standards.Policy) {
	if asked == nil {
		asked = &b.desk.Policy
	}
	for i := range b.desk.Policy.Targets {
		judged, unmeasured := false, false
		for _, channel := range c.channels() {
			a := b.scores.Group(onSpot{channel, true})[i]
			before := b.scores.Group(onSpot{channel, false})[i]
			if a.Tally.N() == 0 && before.Tally.N() == 0 {
				unmeasured = unmeasured || a.Unmeasured.N()+before.Unmeasured.N() > 0
				continue
			}
			judged = true
			out.Promises = append(out.Promises, Promised{channel, a, c.difference(channel, compare.Promise(&asked.Targets[i]))})
		}
		if unmeasured && !judged {
			out.NotMeasured = append(out.NotMeasured, b.desk.Policy.Targets[i].String())
		}
	}
}

// difference returns what became of a metric on a channel: nothing if that was not asked.
func (c *Comparison) difference(channel metrics.Channel, m compare.Metric) compare.Difference {
	all := c.Whole
	for _, g := range c.Groups {
		if g.Key == keyOf(channel) {
			all = g.Differences
		}
	}
	for _, d := range all {
		if d.Metric == m {
			return d
		}
	}
	return compare.Difference{Metric: m}
}

// weekHours are the arrivals by hour of the week.
func (b *briefBuilder) weekHours() Hours {
	heat := b.heat.Total()
	arrivals := func(c flow.Counts) int64 { return c.Arrivals }
	w := Hours{Since: b.desk.Log.Earliest()}
	for h := range w.Counts {
		w.Counts[h] = heat.Counts[h].Arrivals
		w.Rates[h], _ = heat.Rate(metrics.HourOfWeek(h), arrivals)
	}
	if b.hours == nil {
		return w
	}
	// An hour of the week is closed if it mostly was in the last quarter of a year, so
	// that a holiday does not close it.
	var open, shut [metrics.HoursPerWeek]int
	for at := b.desk.AsOf.AddDate(0, 0, -91).Truncate(time.Hour).Add(30 * time.Minute); at.Before(b.desk.AsOf); at = at.Add(time.Hour) {
		if h := metrics.HourOfWeekAt(at, b.desk.Zone); b.hours.IsOpen(at) {
			open[h]++
		} else {
			shut[h]++
		}
	}
	for h := range w.Closed {
		w.Outside.Whole += w.Counts[h]
		if w.Closed[h] = shut[h] > open[h]; w.Closed[h] {
			w.Outside.Part += w.Counts[h]
		}
	}
	return w
}
