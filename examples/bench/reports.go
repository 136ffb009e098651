package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// deskEnd is an instant after all events.
var deskEnd = deskStart.AddDate(1, 0, 0)

// figures answers what is asked, and has all other figures too.
func (l *library) figures() ([][]string, error) {
	by, err := breakdown(l, metrics.Facet.Channel)
	if err != nil {
		return nil, err
	}
	return channelRows(by), nil
}

type groupKey struct {
	channel metrics.Channel
	agent   metrics.AgentID
	day     metrics.Period
}

// breakdowns makes all figures by channel, agent and day.
func (l *library) breakdowns() (*metrics.Breakdown[groupKey], error) {
	return breakdown(l, groupKeyOf)
}

func groupKeyOf(f metrics.Facet) groupKey {
	return groupKey{f.Channel(), f.Agent(), f.Period(metrics.Periods{})}
}

// breakdown makes all figures by a key.
func breakdown[K comparable](l *library, key func(metrics.Facet) K) (*metrics.Breakdown[K], error) {
	readings, err := l.readings()
	if err != nil {
		return nil, err
	}
	parts, err := inParallel(readings, func(r metrics.Reading) (*metrics.Breakdown[K], error) {
		by := metrics.NewBreakdown(key)
		return by, r.Into(by)
	})
	if err != nil {
		return nil, err
	}
	return merged(parts)
}

// merged adds sinks of one kind up.
func merged[S interface{ Merge(S) error }](parts []S) (S, error) {
	for _, part := range parts[1:] {
		if err := parts[0].Merge(part); err != nil {
			return parts[0], err
		}
	}
	return parts[0], nil
}

// sinks are three of what a report has: figures by channel and by agent, and the
// conversations behind them.
type sinks struct {
	channels *metrics.Breakdown[metrics.Channel]
	agents   *metrics.Breakdown[metrics.AgentID]
	evidence *metrics.Evidence[metrics.Channel]
}

func (s *sinks) Merge(other *sinks) error {
	return errors.Join(s.channels.Merge(other.channels), s.agents.Merge(other.agents), s.evidence.Merge(other.evidence))
}

// onePassEach feeds sinks as [metrics.Reading.Into] does, each in a pass of its own.
func onePassEach(r metrics.Reading, sinks ...metrics.Sink) error {
	for _, s := range sinks {
		if err := r.Into(s); err != nil {
			return err
		}
	}
	return nil
}

// three answers what is asked by one of three sinks, which are fed together or one
// after another.
func (l *library) three(feed func(metrics.Reading, ...metrics.Sink) error) ([][]string, error) {
	readings, err := l.readings()
	if err != nil {
		return nil, err
	}
	parts, err := inParallel(readings, func(r metrics.Reading) (*sinks, error) {
		s := &sinks{
			metrics.NewBreakdown(metrics.Facet.Channel), metrics.NewBreakdown(metrics.Facet.Agent),
			metrics.NewEvidence(metrics.Facet.Channel, 5),
		}
		return s, feed(r, s.channels, s.agents, s.evidence)
	})
	if err != nil {
		return nil, err
	}
	s, err := merged(parts)
	if err != nil {
		return nil, err
	}
	// Each has seen everything, or they would not count the same.
	want := s.channels.Total().Elapsed.Response.Count()
	if n := s.agents.Total().Elapsed.Response.Count(); n != want {
		return nil, fmt.Errorf("%d responses by agent, %d by channel", n, want)
	}
	if n := s.evidence.Total(metrics.ExhibitResponse).Count(); n != want {
		return nil, fmt.Errorf("%d responses in evidence, %d by channel", n, want)
	}
	return channelRows(s.channels), nil
}

// channelRows prints what is asked of figures by channel.
func channelRows(by *metrics.Breakdown[metrics.Channel]) (rows [][]string) {
	for channel := range by.Keys() {
		f := by.Group(channel)
		first, response := &f.Elapsed.FirstResponse, &f.Elapsed.Response
		rows = append(rows, answerRow(channel, summaryFigures(first), summaryFigures(response), &f.Ratings))
	}
	return rows
}

func answerRow(channel metrics.Channel, first, response [5]float64, ratings *rating.Distribution) []string {
	n, good, stars := starFigures(ratings)
	return rowOf(string(channel), slices.Concat(first[:], response[:], []float64{n, good / max(1, n), stars / max(1, n)})...)
}

// starFigures returns how many ratings there are, how many of them are 4 or 5
// stars, and the sum of stars.
func starFigures(d *rating.Distribution) (n, good, stars float64) {
	for i, count := range d.Counts() {
		n += float64(count)
		stars += float64(count) * float64(i+1)
		if i >= 3 {
			good += float64(count)
		}
	}
	return n, good, stars
}

// summaryFigures returns the number, mean and three quantiles in milliseconds.
func summaryFigures(s *metrics.Summary) (f [5]float64) {
	mean, ok := s.Mean()
	if !ok {
		return f
	}
	quantiles, _ := s.Quantiles(0.5, 0.9, 0.99)
	f[0], f[1] = float64(s.Count()), milliseconds(mean)
	for i, q := range quantiles {
		f[2+i] = milliseconds(q)
	}
	return f
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// groupRows adds up what is asked of groups that have a response or a rating.
func groupRows(by *metrics.Breakdown[groupKey]) [][]string {
	var d digest
	for k := range by.Keys() {
		f := by.Group(k)
		if f.Ratings.N() > 0 || f.Elapsed.Response.Count() > 0 {
			d.add(summaryFigures(&f.Elapsed.FirstResponse), summaryFigures(&f.Elapsed.Response), &f.Ratings)
		}
	}
	return d.rows()
}

// A digest adds groups up to one row.
type digest struct {
	groups int
	total  [13]float64
}

func (d *digest) add(first, response [5]float64, ratings *rating.Distribution) {
	d.groups++
	n, good, stars := starFigures(ratings)
	for i, x := range slices.Concat(first[:], response[:], []float64{n, good, stars}) {
		d.total[i] += x
	}
}

func (d *digest) rows() [][]string { return [][]string{rowOf(fmt.Sprint(d.groups), d.total[:]...)} }

// askedBy answers what is asked by a key.
func askedBy[K comparable](l *library, key func(metrics.Facet) K) (*asked[K], error) {
	readings, err := l.readings()
	if err != nil {
		return nil, err
	}
	parts, err := inParallel(readings, func(r metrics.Reading) (*asked[K], error) {
		a := &asked[K]{by: metrics.NewGrouping(key)}
		return a, r.Into(a)
	})
	if err != nil {
		return nil, err
	}
	return merged(parts)
}

// exact answers what is asked by channel, with exact quantiles, which need all
// durations.
func (l *library) exact() (rows [][]string, err error) {
	by, err := askedBy(l, metrics.Facet.Channel)
	if err != nil {
		return nil, err
	}
	for channel, g := range by.groups() {
		rows = append(rows, answerRow(channel, durationFigures(g.first), durationFigures(g.response), g.ratings))
	}
	return rows, nil
}

// exactGroups answers what is asked by channel, agent and day.
func (l *library) exactGroups() ([][]string, error) {
	by, err := askedBy(l, groupKeyOf)
	if err != nil {
		return nil, err
	}
	var d digest
	for _, g := range by.groups() {
		d.add(durationFigures(g.first), durationFigures(g.response), g.ratings)
	}
	return d.rows(), nil
}

func durationFigures(d []time.Duration) (f [5]float64) {
	q, err := metrics.Quantiles(d, stat.HyndmanFan(7), 0.5, 0.9, 0.99)
	if err != nil {
		return f
	}
	var sum float64
	for _, x := range d {
		sum += milliseconds(x)
	}
	n := float64(len(d))
	return [5]float64{n, sum / n, milliseconds(q[0]), milliseconds(q[1]), milliseconds(q[2])}
}
