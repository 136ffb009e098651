package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/standards"
)

// A key is what figures are grouped by: the channel, and the team in charge.
type key struct {
	channel metrics.Channel
	team    metrics.TeamID
}

func keyOf(f metrics.Facet) key { return key{f.Channel(), f.Team()} }

// MarshalText implements [encoding.TextMarshaler]: a key is one in the JSON of what a
// tracker saves.
func (k key) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d %s%s", len(k.channel), k.channel, k.team), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *key) UnmarshalText(text []byte) error {
	length, names, _ := strings.Cut(string(text), " ")
	var n int
	if _, err := fmt.Sscan(length, &n); err != nil || n < 0 || n > len(names) {
		return fmt.Errorf("prometheus: malformed key %q", text)
	}
	k.channel, k.team = metrics.Channel(names[:n]), metrics.TeamID(names[n:])
	return nil
}

// counts are what a desk has done so far. They add up over conversations that are closed,
// so a [metrics.Tracker] can keep them.
type counts struct {
	metrics.Binding
	figures *metrics.Breakdown[key]
	scores  *standards.Scores[key]
}

func newCounts(p standards.Policy) *counts {
	return &counts{figures: metrics.NewBreakdown(keyOf), scores: standards.NewScores(keyOf, p, 0)}
}

// Add implements [metrics.Sink].
func (c *counts) Add(h *metrics.History) error {
	if err := c.Check(h); err != nil {
		return err
	}
	if err := c.figures.Add(h); err != nil {
		return err
	}
	return c.scores.Add(h)
}

// Merge adds what other counts.
func (c *counts) Merge(other *counts) error {
	if err := c.Join(&other.Binding); err != nil {
		return err
	}
	if err := c.scores.Merge(other.scores); err != nil {
		return err
	}
	return c.figures.Merge(other.figures)
}

// storedCounts are counts as a tracker saves them.
type storedCounts struct {
	Figures *metrics.Breakdown[key] `json:"figures"`
	Scores  *standards.Scores[key]  `json:"scores"`
}

// MarshalJSON implements [json.Marshaler], for [metrics.Tracker.State].
func (c *counts) MarshalJSON() ([]byte, error) {
	return json.Marshal(storedCounts{c.figures, c.scores})
}

// UnmarshalJSON implements [json.Unmarshaler]. The counts must be of the same policy.
func (c *counts) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &storedCounts{c.figures, c.scores})
}

// A snapshot is what is known of a desk at one instant.
type snapshot struct {
	asOf    time.Time
	taken   int       // events that came, each delivery counted; it never falls
	last    time.Time // the latest event; zero if there is none
	rules   metrics.Rules
	counts  *counts
	board   *standards.Board // what is open
	backlog *flow.Backlog[key]
}

// newSnapshot returns the snapshot of what counts has, and of what is open in a reading:
// that of a log, or of the live conversations of a tracker.
func newSnapshot(c *counts, open metrics.Reading, p standards.Policy) (*snapshot, error) {
	terms := open.Terms()
	s := &snapshot{
		asOf: terms.AsOf, rules: terms.Rules, counts: c,
		board: standards.NewBoard(p), backlog: flow.NewBacklog(keyOf),
	}
	return s, open.Into(s.board, s.backlog)
}
