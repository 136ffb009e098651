package main

import (
	"github.com/servicequality/servicequality/metrics"
)

// A size is what the figures of one weekday take for a desk of so many agents.
type size struct {
	agents, conversations int
	durations             int64 // in the summaries
	whole, split          int   // bytes, in one row and in one for each shard
}

// measureSizes makes up all that becomes of the conversations that begin on one
// weekday. On each day of a desk as many conversations end as begin, though not the
// same ones, so the figures of a day are of that size.
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
			part := logs[i].Read(rules, s.asOf(s.days).AddDate(10, 0, 0)).Figures()
			data, err := part.MarshalBinary()
			if err != nil {
				return nil, err
			}
			one.split += len(data)
			if err := whole.Merge(part); err != nil {
				return nil, err
			}
		}
		data, err := whole.MarshalBinary()
		if err != nil {
			return nil, err
		}
		one.whole = len(data)
		t := &whole.Elapsed
		for _, s := range []*metrics.Summary{
			&t.FirstResponse, &t.Response, &t.NextResponse, &t.ByAssistant, &t.ByAutomation, &t.Abandoned,
			&t.FirstResolution, &t.FullResolution, &t.CycleResolution, &t.Active, &t.RequesterWait, &t.StillWaiting,
		} {
			one.durations += s.Count()
		}
		for _, s := range t.OnHold {
			one.durations += s.Count()
		}
		sizes = append(sizes, one)
	}
	return sizes, nil
}
