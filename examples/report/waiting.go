package main

import (
	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics/text"
)

// mostNamed is how many of those who wait the report names.
const mostNamed = 5

// waitingTable names those who wait for longest.
func waitingTable(r *report) table {
	t := table{
		Title:  "Who is waiting",
		Note:   "Customers who wrote and have no answer of a person yet, the longest first.",
		Header: []string{"", "channel", "with", "wrote", "answer was due", "waits for"},
		Text:   true,
	}
	waiting := &r.Waiting
	list := waiting.Longest.List()
	for _, w := range list[:min(mostNamed, len(list))] {
		due := text.NoData
		if !w.Due.IsZero() {
			due = draw.DateTime(w.Due.In(r.Zone))
		}
		t.Rows = append(t.Rows, []string{
			clean(w.Conversation), draw.ChannelWord(w.Channel), briefing.Who(w.Agent, w.Team), draw.DateTime(w.Since.In(r.Zone)), due, text.Duration(w.Age),
		})
	}
	if more := waiting.N - int64(len(t.Rows)); more > 0 {
		t.Lines = []string{"and " + text.Count(more) + " more"}
	}
	return t
}
