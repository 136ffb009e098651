package main

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// deskEnd is an instant after all events.
var deskEnd = deskStart.AddDate(1, 0, 0)

// figures answers what is asked, and has all other figures too.
func (l *library) figures() [][]string {
	return channelRows(l.breakdown(metrics.NewBreakdown[metrics.Channel]))
}

type byChannel = *metrics.Breakdown[metrics.Channel]

// breakdown makes figures by channel.
func (l *library) breakdown(
	create func(metrics.Rules, time.Time, func(metrics.Facet) metrics.Channel) byChannel,
) byChannel {
	return merged(inParallel(l.parts(), func(part iter.Seq[metrics.Conversation]) byChannel {
		by := create(metrics.Rules{}, deskEnd, metrics.Facet.Channel)
		for c := range part {
			by.Add(c)
		}
		return by
	}))
}

type groupKey struct {
	channel metrics.Channel
	agent   metrics.AgentID
	day     metrics.Period
}

// groups makes all figures by channel, agent and day.
func (l *library) groups() *metrics.Breakdown[groupKey] {
	return merged(inParallel(l.parts(), func(part iter.Seq[metrics.Conversation]) *metrics.Breakdown[groupKey] {
		by := metrics.NewBreakdown(metrics.Rules{}, deskEnd, func(f metrics.Facet) groupKey {
			return groupKey{f.Channel(), f.Agent(), f.Period(metrics.Periods{})}
		})
		for c := range part {
			by.Add(c)
		}
		return by
	}))
}

func merged[K comparable](parts []*metrics.Breakdown[K]) *metrics.Breakdown[K] {
	for _, part := range parts[1:] {
		parts[0].Merge(part)
	}
	return parts[0]
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
	f[0], f[1] = float64(s.Count()), milliseconds(mean)
	for i, p := range []float64{0.5, 0.9, 0.99} {
		q, _ := s.Quantile(p)
		f[2+i] = milliseconds(q)
	}
	return f
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// groupRows adds up what is asked of groups that have a response or a rating.
func groupRows(by *metrics.Breakdown[groupKey]) [][]string {
	groups, total := 0, [13]float64{}
	for k := range by.Keys() {
		f := by.Group(k)
		n, good, stars := starFigures(&f.Ratings)
		if n == 0 && f.Elapsed.Response.Count() == 0 {
			continue
		}
		groups++
		first, response := summaryFigures(&f.Elapsed.FirstResponse), summaryFigures(&f.Elapsed.Response)
		for i, x := range slices.Concat(first[:], response[:], []float64{n, good, stars}) {
			total[i] += x
		}
	}
	return [][]string{rowOf(fmt.Sprint(groups), total[:]...)}
}

// times answers what is asked.
func (l *library) times() [][]string {
	return channelRows(l.breakdown(metrics.NewResponseBreakdown[metrics.Channel]))
}

// channelDurations are all durations of a channel.
type channelDurations struct {
	first, response []time.Duration
	ratings         rating.Distribution
}

// exact answers what is asked with exact quantiles, which need all durations.
func (l *library) exact() (rows [][]string) {
	total := make(map[metrics.Channel]*channelDurations)
	for _, part := range inParallel(l.parts(), durationsOf) {
		for channel, t := range part {
			if total[channel] == nil {
				total[channel] = t
				continue
			}
			total[channel].first = append(total[channel].first, t.first...)
			total[channel].response = append(total[channel].response, t.response...)
			total[channel].ratings.Merge(t.ratings)
		}
	}
	for channel, t := range total {
		rows = append(rows, answerRow(channel, durationFigures(t.first), durationFigures(t.response), &t.ratings))
	}
	return rows
}

func durationsOf(conversations iter.Seq[metrics.Conversation]) map[metrics.Channel]*channelDurations {
	by := make(map[metrics.Channel]*channelDurations)
	for c := range conversations {
		h := metrics.HistoryOf(c)
		t := by[h.Channel()]
		if t == nil {
			t = new(channelDurations)
			by[h.Channel()] = t
		}
		for i, w := range h.Responses() {
			if i == 0 {
				t.first = append(t.first, w.Duration())
			}
			t.response = append(t.response, w.Duration())
		}
		for _, stars := range h.Ratings() {
			_ = t.ratings.Add(stars)
		}
	}
	return by
}

func durationFigures(d []time.Duration) (f [5]float64) {
	q, err := metrics.Quantiles(d, 7, 0.5, 0.9, 0.99)
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
