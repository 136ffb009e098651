package main

import (
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A report is everything that is printed, in numbers.
type report struct {
	AsOf       time.Time
	Events     int
	Duplicates int
	Rejected   int
	InHours    bool              // whether times in hours of service stand beside the others
	Groups     []group           // everything first, then by key
	Channels   []group           // by channel, whatever the groups are
	Policy     *standards.Policy // nil: the customary speeds
	Promises   []promise         // of the policy, in its order
}

// A group is a channel, an agent, or, with an empty key, everything.
type group struct {
	Key       string
	Figures   *metrics.Figures
	Standard  standards.Tally
	Histogram histogram
}

// none stands for a channel or agent that is not known.
const none = "(none)"

func orNone[T ~string](key T) string {
	if key == "" {
		return none
	}
	return string(key)
}

// A keying groups what is measured. The second function is for waits, of which
// an unanswered one belongs to whoever has the conversation.
type keying struct {
	facet func(metrics.Facet) string
	wait  func(metrics.Wait, *metrics.History) string
}

var byChannel = keying{
	facet: func(f metrics.Facet) string { return orNone(f.Channel()) },
	wait:  func(w metrics.Wait, _ *metrics.History) string { return orNone(w.Channel) },
}

var keys = map[string]keying{
	"channel": byChannel,
	"agent": {
		facet: func(f metrics.Facet) string { return orNone(f.Agent()) },
		wait: func(w metrics.Wait, h *metrics.History) string {
			if w.Outcome == metrics.Answered {
				return orNone(w.Agent)
			}
			return orNone(h.Owner())
		},
	},
	"none": {},
}

// build makes the report.
func build(in *input, by string) *report {
	r := &report{AsOf: in.asOf, Rejected: in.rejected, InHours: in.rules.Calendar != nil, Policy: in.policy, Promises: promises(in)}
	for c := range in.log.Conversations() {
		r.Events += c.AsOf(in.asOf).Len()
	}
	r.Duplicates = in.taken - r.Events
	r.Channels = groups(in, byChannel)
	switch by {
	case "channel":
		r.Groups = r.Channels
	case "none":
		r.Groups = r.Channels[:1]
	default:
		r.Groups = groups(in, keys[by])
	}
	return r
}

// groups returns everything, and then the groups in the order of their keys.
func groups(in *input, k keying) []group {
	breakdown := metrics.NewBreakdown(in.rules, in.asOf, k.facet)
	byKey := make(map[string]*group)
	at := func(key string) *group {
		if byKey[key] == nil {
			byKey[key] = &group{Key: key}
		}
		return byKey[key]
	}
	for c := range in.log.Conversations() {
		c = c.AsOf(in.asOf)
		breakdown.Add(c)
		h := in.rules.History(c)
		for f := range in.judge(h) {
			at(k.wait(f.Wait, h)).Standard.Add(f.Verdict)
		}
		for _, w := range h.Responses() {
			at(k.wait(w, h)).Histogram.add(w.Duration())
		}
	}
	all := group{Figures: breakdown.Total()}
	var sorted []group
	for key := range breakdown.Keys() {
		at(key)
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		g := at(key)
		g.Figures = breakdown.Group(key)
		all.Standard.Merge(g.Standard)
		all.Histogram.merge(g.Histogram)
		sorted = append(sorted, *g)
	}
	return append([]group{all}, sorted...)
}

// A histogram counts response times between bounds; each bar includes its lower
// bound.
type histogram [8]int64

var histogramBounds = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour,
}

var histogramLabels = [...]string{"< 1 min", "1–5 min", "5–15 min", "15–60 min", "1–4 h", "4–8 h", "8–24 h", "≥ 24 h"}

func (h *histogram) add(d time.Duration) {
	bar := 0
	for bar < len(histogramBounds) && d >= histogramBounds[bar] {
		bar++
	}
	h[bar]++
}

func (h *histogram) merge(other histogram) {
	for i, n := range other {
		h[i] += n
	}
}
