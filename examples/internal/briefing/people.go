package briefing

import (
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
)

// A Person is an agent in the period that the report is about, held against what the
// colleagues would have had with the same mix of channels: e-mail is slower than chat for
// everybody.
type Person struct {
	Agent         metrics.AgentID    `json:"agent"` // empty: what nobody has taken
	Conversations int64              `json:"conversations"`
	Channels      []OnChannel        `json:"channels"`
	InTime        compare.Difference `json:"in_time"` // first responses within the promise; of the others before
	CSAT          compare.Difference `json:"csat"`
}

// personOnChannel is how fast an agent first answers on a channel.
type OnChannel struct {
	Channel metrics.Channel `json:"channel"`
	N       int64           `json:"n"`
	Median  time.Duration   `json:"median_ns"`
}

// inTime is the metric of the promises of a first response to the customer together. Of
// those that have another time on each channel, the strata of a comparison tell.
const inTime = compare.Metric("promises_kept:first response")

// firstPromises are the metrics of which it is made.
func firstPromises(asked *standards.Policy) (all []compare.Metric) {
	if asked == nil {
		return nil
	}
	for i := range asked.Targets {
		if t := &asked.Targets[i]; t.Measure == standards.FirstResponse && t.Agreement == "" && !slices.Contains(all, compare.Promise(t)) {
			all = append(all, compare.Promise(t))
		}
	}
	return all
}

// A cell is an agent on a channel.
type cell struct {
	agent   metrics.AgentID
	channel metrics.Channel
}

// work is what was observed in a cell, as far as people are compared by it.
type work struct {
	conversations int64
	times         metrics.Summary // to a first response
	kept          stat.Ratio      // of promises of a first response
	ratings       [5]int64
}

// add adds the work of others, or with a factor of −1 takes it away; but for times.
func (w *work) add(o *work, factor int64) {
	w.conversations += factor * o.conversations
	w.kept.Part += factor * o.kept.Part
	w.kept.Whole += factor * o.kept.Whole
	for i, n := range o.ratings {
		w.ratings[i] += factor * n
	}
}

// observed returns the work as metrics are read from it.
func (w *work) observed() (*compare.Observed, error) {
	ratings, err := rating.NewDistribution(w.ratings)
	return &compare.Observed{
		Figures: metrics.Figures{Ratings: ratings},
		Kept:    map[compare.Metric]stat.Ratio{inTime: w.kept},
	}, err
}

// people compares each agent with the others. All of that is one family of questions.
func people(by *comparer, spans compare.Spans) ([]Person, error) {
	promises, inHours := firstPromises(by.asked), InHours(&by.desk.Rules)
	cells, channels := make(map[cell]*work), make(map[metrics.Channel]*work)
	agents := make(map[metrics.AgentID]bool)
	for k := range by.sides.Keys() {
		o := by.sides.After(k)
		f := &o.Figures
		if f.Conversations == 0 && f.Volume.Replies == 0 && f.Ratings.N() == 0 {
			continue
		}
		at := cell{k.agent, k.channel}
		if cells[at] == nil {
			cells[at] = new(work)
		}
		if channels[k.channel] == nil {
			channels[k.channel] = new(work)
		}
		times := &f.Elapsed.FirstResponse
		if inHours {
			times = &f.InHours.FirstResponse
		}
		own := &work{conversations: f.Conversations, ratings: f.Ratings.Counts()}
		for _, m := range promises {
			own.kept.Part += o.Kept[m].Part
			own.kept.Whole += o.Kept[m].Whole
		}
		cells[at].add(own, 1)
		cells[at].times.Merge(times)
		channels[k.channel].add(own, 1)
		agents[k.agent] = true
	}
	inOrder := slices.Sorted(maps.Keys(channels))
	family := compare.Family{Level: Level, Minimum: by.ask.Min, Spans: spans}
	var all []Person
	for _, a := range slices.Sorted(maps.Keys(agents)) {
		p := Person{Agent: a}
		var pairs []compare.Pair
		for _, channel := range inOrder {
			own := cells[cell{a, channel}]
			if own == nil {
				continue
			}
			others := *channels[channel]
			others.add(own, -1)
			after, err := own.observed()
			if err != nil {
				return nil, err
			}
			before, err := others.observed()
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, compare.Pair{Before: before, After: after})
			median, _ := own.times.Median()
			p.Conversations += own.conversations
			p.Channels = append(p.Channels, OnChannel{channel, own.times.Count(), median})
		}
		all = append(all, p)
		family.Indirect(inTime, pairs...)
		family.Indirect(compare.CSAT, pairs...)
	}
	differences, err := family.Differences()
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].InTime, all[i].CSAT = differences[2*i], differences[2*i+1]
	}
	return all, nil
}
