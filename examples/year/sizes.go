package main

import (
	"github.com/servicequality/servicequality/metrics"
)

// A size is what the figures of one weekday take, of a desk of so many agents.
type size struct {
	agents, conversations int
	durations             int64 // in the summaries
	whole, split          int   // bytes, in one value and in one for each shard
}

// measureSizes makes up all that becomes of the conversations that begin on one
// weekday. On each day of a desk as much ends as begins, if not of the same
// conversations: so its figures are of that size.
func measureSizes(s settings, desks []int) ([]size, error) {
	var sizes []size
	for _, agents := range desks {
		d := desk{agents: agents, days: 1, seed: s.seed, zone: s.zone}
		one := size{agents: agents, conversations: agents * onWeekday}
		whole := new(metrics.Figures)
		logs := make([]metrics.EventLog, s.shards)
		midnight := firstDay.In(d.zone).Start
		for n := range one.conversations {
			for _, e := range d.conversation(n, midnight) {
				if err := logs[shardOf(metrics.RecordOf(e).Conversation, s.shards)].Append(e); err != nil {
					return nil, err
				}
			}
		}
		for i := range logs {
			b := metrics.NewBreakdown[metrics.Period](metrics.Rules{}, s.asOf(s.days).AddDate(10, 0, 0), nil)
			for c := range logs[i].Conversations() {
				b.Add(c)
			}
			part := b.Total()
			data, err := part.MarshalBinary()
			if err != nil {
				return nil, err
			}
			one.split += len(data)
			whole.Merge(part)
		}
		data, err := whole.MarshalBinary()
		if err != nil {
			return nil, err
		}
		one.whole = len(data)
		t := &whole.Elapsed
		for _, s := range []*metrics.Summary{
			&t.FirstResponse, &t.Response, &t.NextResponse, &t.FirstResolution, &t.FullResolution, &t.Active, &t.StillWaiting,
		} {
			one.durations += s.Count()
		}
		sizes = append(sizes, one)
	}
	return sizes, nil
}
