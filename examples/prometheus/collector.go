package main

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A collector is a [prometheus.Collector] of a desk. It asks for a snapshot at each scrape,
// and has no clock and no state of its own. If there is no snapshot, the scrape fails, and
// the server knows that the desk cannot be seen.
type collector struct {
	source   func() (*snapshot, error)
	names    names
	promises []promise
	bounds   []time.Duration
}

// newCollector returns the collector of a desk with a policy. The source may be called by
// several goroutines at the same time, and each snapshot is the collector's own.
func newCollector(p standards.Policy, n names, source func() (*snapshot, error)) *collector {
	return &collector{source, n, promisesOf(p), boundsOf(p)}
}

// Describe implements [prometheus.Collector].
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		eventsDesc, asOfDesc, lastEventDesc, foldedDesc,
		conversationsDesc, openDesc, oldestDesc, resolutionsDesc, reopeningsDesc,
		waitingDesc, longestDesc, waitsDesc, messagesDesc, repliesDesc, ratingsDesc, requestsDesc,
		promisesDesc, owedDesc, goalDesc, limitDesc,
	} {
		ch <- d
	}
	for _, t := range times {
		ch <- t.elapsed
		ch <- t.open
	}
}

// Collect implements [prometheus.Collector].
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	e := exposition{c, ch}
	s, err := c.source()
	if err == nil {
		err = e.snapshot(s)
	}
	if err != nil {
		ch <- prometheus.NewInvalidMetric(asOfDesc, err)
	}
}

// An exposition is one answer to a scrape.
type exposition struct {
	*collector
	ch chan<- prometheus.Metric
}

func (e exposition) send(kind prometheus.ValueType, d *prometheus.Desc, v float64, labels ...string) {
	m, err := prometheus.NewConstMetric(d, kind, v, labels...)
	if err != nil {
		m = prometheus.NewInvalidMetric(d, err)
	}
	e.ch <- m
}

func (e exposition) gauge(d *prometheus.Desc, v float64, labels ...string) {
	e.send(prometheus.GaugeValue, d, v, labels...)
}

func (e exposition) count(d *prometheus.Desc, n int64, labels ...string) {
	e.gauge(d, float64(n), labels...)
}

func (e exposition) histogram(d *prometheus.Desc, s *metrics.Summary, labels ...string) {
	m, err := newHistogram(d, e.bounds, s, labels...)
	if err != nil {
		m = prometheus.NewInvalidMetric(d, err)
	}
	e.ch <- m
}

// seconds returns the Unix time of an instant.
func seconds(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

// A stock is what is open in a group.
type stock struct {
	older  []int64 // for each of the ages but the last: how many are older
	all    int64
	oldest time.Duration
	states []([3]int64) // of each promise: overdue, near, fine
}

var stateNames = [3]string{"overdue", "near", "fine"}

// A member is what a group has.
type member struct {
	keys    []key
	figures metrics.Figures
	stock   stock
}

func (e exposition) snapshot(s *snapshot) error {
	e.send(prometheus.CounterValue, eventsDesc, float64(s.taken))
	if s.asOf.Unix() >= 0 { // before 1970 lies what has no instant
		e.gauge(asOfDesc, seconds(s.asOf))
	}
	if !s.last.IsZero() {
		e.gauge(lastEventDesc, seconds(s.last))
	}
	for _, p := range e.promises {
		if whole := p.target.Goal.Whole; whole != 0 {
			e.gauge(goalDesc, float64(p.target.Goal.Part)/float64(whole), p.labels()...)
		}
		if d, ok := p.target.Within.Duration(); ok {
			e.gauge(limitDesc, d.Seconds(), p.labels()...)
		}
	}
	members, err := e.members(s)
	if err != nil {
		return err
	}
	conversations := make(map[string]int64)
	for g, m := range members {
		conversations[g.channel] += m.figures.Cases
		e.figures(g, &m.figures, s.rules)
		e.open(g, &m.stock)
	}
	for channel, n := range conversations {
		e.count(conversationsDesc, n, channel)
	}
	e.kept(s, members)
	return nil
}

// members folds the keys of a snapshot into groups. Each channel that is named has one, even
// if nothing happened there: where a series begins with the first thing that it counts, the
// change to that is not seen.
func (e exposition) members(s *snapshot) (map[group]*member, error) {
	members, keys := make(map[group]*member), make(map[key]bool)
	of := func(k key) *member {
		g := e.names.group(k)
		m := members[g]
		if m == nil {
			m = &member{stock: stock{older: make([]int64, len(ages)-1), states: make([][3]int64, len(e.promises))}}
			members[g] = m
		}
		if !keys[k] {
			keys[k] = true
			m.keys = append(m.keys, k)
		}
		return m
	}
	for channel := range e.names.channels {
		of(key{channel: metrics.Channel(channel)})
	}
	for k := range s.counts.figures.Keys() {
		if err := of(k).figures.Merge(s.counts.figures.Group(k)); err != nil {
			return nil, err
		}
	}
	for k := range s.counts.scores.Keys() {
		of(k)
	}
	for k := range s.backlog.Keys() {
		m, open := of(k), s.backlog.Stock(k)
		m.stock.all += open.Count()
		for i := range m.stock.older {
			m.stock.older[i] += open.Older(ages[i].most, nil)
		}
		if age, ok := open.Ages(nil).Max(); ok {
			m.stock.oldest = max(m.stock.oldest, age)
		}
	}
	for _, f := range s.board.Rows() {
		m := of(key{f.Channel, f.Team})
		m.stock.states[f.Index][stateOf(f, s.asOf)]++
	}
	channels, teams := e.names.folded(keys)
	e.gauge(foldedDesc, float64(channels), "channel")
	e.gauge(foldedDesc, float64(teams), "team")
	return members, nil
}

// stateOf returns the number of the state of an open promise.
func stateOf(f standards.Finding, asOf time.Time) int {
	switch {
	case f.Verdict == standards.Breached, !f.Due.IsZero() && !asOf.Before(f.Due):
		return 0
	case f.Warning:
		return 1
	}
	return 2
}

// figures sends what a group has done.
func (e exposition) figures(g group, f *metrics.Figures, rules metrics.Rules) {
	labels := []string{g.channel, g.team}
	by := func(d *prometheus.Desc, n int64, value string) { e.count(d, n, g.channel, g.team, value) }

	e.count(resolutionsDesc, f.Elapsed.CycleResolution.Count(), labels...)
	e.count(reopeningsDesc, f.Reopens, labels...)
	e.count(waitingDesc, f.Elapsed.StillWaiting.Count(), labels...)
	longest, _ := f.Elapsed.StillWaiting.Max()
	e.gauge(longestDesc, longest.Seconds(), labels...)

	by(waitsDesc, f.Elapsed.Response.Count(), metrics.Answered.String())
	by(waitsDesc, f.Elapsed.ByAssistant.Count(), metrics.AnsweredByAssistant.String())
	by(waitsDesc, f.Elapsed.ByAutomation.Count(), metrics.AnsweredByAutomation.String())
	by(waitsDesc, f.ClosedUnanswered, metrics.ClosedUnanswered.String())
	by(waitsDesc, f.Elapsed.Abandoned.Count(), metrics.GaveUp.String())
	by(waitsDesc, f.Moved, metrics.Moved.String())

	e.count(messagesDesc, f.Volume.Messages, labels...)
	by(repliesDesc, f.Volume.Replies, metrics.ByPerson.String())
	by(repliesDesc, f.Volume.Assistant, metrics.ByAssistant.String())
	by(repliesDesc, f.Volume.Automated, metrics.ByAutomation.String())

	for i, n := range f.Ratings.Counts() {
		by(ratingsDesc, n, strconv.Itoa(i+1))
	}
	answers := f.Requests.Response
	by(requestsDesc, answers.Part, "answered")
	by(requestsDesc, answers.Whole-answers.Part, "unanswered")
	by(requestsDesc, f.Requests.Pending, "pending")
	by(requestsDesc, f.Requests.Replaced, "replaced")

	for _, t := range times {
		e.histogram(t.elapsed, t.of(&f.Elapsed), labels...)
		if measuresHours(rules) {
			e.histogram(t.open, t.of(&f.InHours), labels...)
		}
	}
}

// measuresHours reports whether times are measured in hours of service too.
func measuresHours(r metrics.Rules) bool {
	return r.Calendar != nil || len(r.TeamCalendars) > 0 || len(r.ChannelCalendars) > 0
}

// open sends what is open in a group.
func (e exposition) open(g group, s *stock) {
	left := s.all
	for i, age := range ages {
		older := int64(0)
		if i < len(s.older) {
			older = s.older[i]
		}
		e.count(openDesc, left-older, g.channel, g.team, age.name)
		left = older
	}
	e.gauge(oldestDesc, s.oldest.Seconds(), g.channel, g.team)
}

// kept sends what became of the promises, and what is open of them. Where nothing could show
// that a promise was kept, nothing of it is open either: without any assignment, every
// conversation would be past the time to assign it.
func (e exposition) kept(s *snapshot, members map[group]*member) {
	total := s.counts.scores.Total()
	scores := standards.Regroup(s.counts.scores, e.names.group)
	for g, m := range members {
		for i, a := range scores.Group(g) {
			p, states := e.promises[i], m.stock.states[i]
			applies := a.Tally.N()+a.Unmeasured.N()+states[0]+states[1]+states[2] > 0
			for _, k := range m.keys {
				applies = applies || p.concerns(k)
			}
			if !applies {
				continue
			}
			labels := func(last string) []string { return p.labels(g.channel, g.team, last) }
			e.count(promisesDesc, a.Tally.Met, labels(standards.Met.String())...)
			e.count(promisesDesc, a.Tally.Breached, labels(standards.Breached.String())...)
			e.count(promisesDesc, a.Tally.Pending, labels(standards.Pending.String())...)
			e.count(promisesDesc, a.Tally.Excluded, labels(standards.Excluded.String())...)
			e.count(promisesDesc, a.Unmeasured.N(), labels("not_measured")...)
			if total[i].Unmeasured.N() > 0 {
				states = [3]int64{}
			}
			for state, n := range states {
				e.count(owedDesc, n, labels(stateNames[state])...)
			}
		}
	}
}
