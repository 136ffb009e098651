package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// lookEvery is how much simulated time passes between two looks at the figures.
const lookEvery = 6 * time.Hour

// nextLook returns when to look after an instant.
func nextLook(t time.Time) time.Time { return t.Truncate(lookEvery).Add(lookEvery) }

// look prints the figures of everything that was taken so far.
func (w *worker) look() error {
	b, err := w.tracker.AsOf(w.state.Latest)
	if err != nil {
		return err
	}
	f := b.Total()
	conversations, events := w.live()
	_, err = fmt.Fprintf(w.out, "%s  message %5d  conversations %4d: open %3d, waiting %3d; first response %s; live %3d with %4d events\n",
		w.state.Latest.Format("Mon 15:04"), w.state.Sequence+1, f.Conversations, f.Backlog, f.Elapsed.StillWaiting.Count(),
		text.DurationIf(f.Elapsed.FirstResponse.Median()), conversations, events)
	return err
}

// live returns how many conversations are live, and how many events they have.
func (w *worker) live() (conversations, events int) {
	for h := range w.tracker.Live(w.state.Latest).Histories() {
		conversations++
		events += h.Conversation().Len()
	}
	return conversations, events
}

// writeCells prints the figures of each cell.
func writeCells(w io.Writer, b *metrics.Breakdown[cell]) {
	fmt.Fprintf(w, "%-10s  %-7s  %13s  %8s  %14s  %15s  %7s  %s\n", "day", "channel", "conversations", "replies", "first response", "full resolution", "ratings", "mean")
	for _, c := range slices.SortedFunc(b.Keys(), func(a, b cell) int { return strings.Compare(a.String(), b.String()) }) {
		f := b.Group(c)
		mean := text.NoData
		if m, ok := f.Ratings.Mean(2); ok {
			mean = m.StringFixed(2)
		}
		fmt.Fprintf(w, "%-10s  %-7s  %13d  %8d  %14s  %15s  %7d  %s\n", c.day, c.channel, f.Conversations, f.Volume.Replies,
			text.DurationIf(f.Elapsed.FirstResponse.Median()), text.DurationIf(f.Elapsed.FullResolution.Median()), f.Ratings.N(), mean)
	}
}
