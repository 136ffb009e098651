package main

import (
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics"
)

// A cell is what figures are grouped by: a channel and a day in UTC.
type cell struct {
	channel metrics.Channel
	day     string // 2006-01-02
}

func cellOf(f metrics.Facet) cell {
	return cell{f.Channel(), f.Period(metrics.Periods{Unit: metrics.Day}).String()}
}

// rules are those by which the worker, and the batch, read conversations.
var rules = metrics.Rules{}

// newFigures returns the figures of no conversation.
func newFigures() *metrics.Breakdown[cell] { return metrics.NewBreakdown(cellOf) }

// String returns the cell as text, such as "2026-03-02 email".
func (c cell) String() string { return c.day + " " + string(c.channel) }

// MarshalText implements [encoding.TextMarshaler]: a cell is a key in the JSON
// of a snapshot.
func (c cell) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *cell) UnmarshalText(text []byte) error {
	day, channel, ok := strings.Cut(string(text), " ")
	if !ok {
		return fmt.Errorf("cell %q: want a day and a channel", text)
	}
	*c = cell{metrics.Channel(channel), day}
	return nil
}
