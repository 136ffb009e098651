package compare_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// A plainPromise is a wait of a made-up desk, as it was made up.
type plainPromise struct {
	conversation int
	channel      metrics.Channel
	since        time.Time
	until        time.Time // zero if it never ended
	end          string    // "person", "assistant", "closed" or "abandoned"
}

// queue makes up conversations, in which customers wait around an hour, often exactly
// one, or never hear, and returns the waits.
func (h *history) queue(t testing.TB, r *rand.Rand, n int, from time.Time, days int) (waits []plainPromise) {
	t.Helper()
	for c := range n {
		id := metrics.ConversationID(fmt.Sprint("queue ", c))
		channel := []metrics.Channel{metrics.Chat, metrics.Email, metrics.Phone}[r.IntN(3)]
		now := from.Add(time.Duration(r.IntN(days*24*60)) * time.Minute)
		for range 1 + r.IntN(4) {
			w := plainPromise{conversation: c, channel: channel, since: now}
			h.append(t, id, metrics.MessageReceived{Conversation: id, At: now, Channel: channel})
			w.until = now.Add([]time.Duration{time.Hour, time.Hour + 1, time.Hour - 1, time.Duration(1+r.IntN(200)) * time.Minute, time.Duration(r.IntN(9*24)) * time.Hour}[r.IntN(5)])
			switch r.IntN(8) {
			case 0:
				w.end = "closed"
				h.append(t, id, metrics.Resolved{Conversation: id, At: w.until, Agent: "ana"})
			case 1:
				w.end = "abandoned"
				h.append(t, id, metrics.Abandoned{Conversation: id, At: w.until})
			case 2:
				w.end = "assistant"
				h.append(t, id, metrics.ReplySent{Conversation: id, At: w.until, Agent: "bot", By: metrics.ByAssistant})
			case 3:
				w.until = time.Time{}
			default:
				w.end = "person"
				h.append(t, id, metrics.ReplySent{Conversation: id, At: w.until, Agent: "ana"})
			}
			waits = append(waits, w)
			if w.end == "" {
				break
			}
			now = w.until.Add(time.Duration(1+r.IntN(48*60)) * time.Minute)
		}
	}
	return waits
}

// kept counts promises of a limit by hand, as of an instant: of every wait, or of those
// for the first response. Start picks those that count.
func kept(waits []plainPromise, limit time.Duration, asOf time.Time, first bool, counts func(plainPromise) bool) (r stat.Ratio, pending, excluded int64) {
	decided := make(map[int]bool)
	dropped := make(map[int]*plainPromise) // the last wait for a first response that decided nothing
	for _, w := range waits {
		if w.since.After(asOf) || first && decided[w.conversation] {
			continue
		}
		open := w.until.IsZero() || w.until.After(asOf)
		took := w.until.Sub(w.since)
		if open {
			took = asOf.Sub(w.since)
		}
		late := took > limit || open && took == limit
		switch {
		case open, late, w.end == "person":
			decided[w.conversation] = true
		default:
			if dropped[w.conversation] = &w; !first && counts(w) {
				excluded++
			}
			continue
		}
		if !counts(w) {
			continue
		}
		switch {
		case open && !late:
			pending++
		case late:
			r.Whole++
		default:
			r.Part++
			r.Whole++
		}
	}
	if first {
		for c, w := range dropped {
			if !decided[c] && counts(*w) {
				excluded++
			}
		}
	}
	return r, pending, excluded
}

// What is kept of every limit and promise, by channel and week and on both sides, is what
// a plain count of made-up waits gives, and what waits is where it began.
func TestKeptFromWaits(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 8))
	hour, first := compare.Response.Within(time.Hour), compare.FirstResponse.Within(time.Hour)
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "fast", Measure: standards.EveryResponse, Within: standards.BudgetOf(40 * time.Minute), Channels: []metrics.Channel{metrics.Chat}},
		{Name: "fast", Measure: standards.EveryResponse, Within: standards.BudgetOf(time.Hour), Channels: []metrics.Channel{metrics.Phone}},
		{Measure: standards.FirstResponse, Within: standards.BudgetOf(2 * time.Hour)},
	}}
	fast, nameless := compare.Promise(&policy.Targets[0]), compare.Promise(&policy.Targets[2])
	from := at(t, "2026-03-02T00:00:00Z")
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	var seen struct{ pending, excluded, exact int64 }
	for range 16 {
		var h history
		waits := h.queue(t, r, 60, from, 28)
		for week := range 3 {
			middle := from.AddDate(0, 0, 7*(week+1))
			spans, err := compare.NewSpans(metrics.Span{Start: middle.AddDate(0, 0, -7), End: middle}, metrics.Span{Start: middle, End: middle.AddDate(0, 0, 7)})
			if err != nil {
				t.Fatal(err)
			}
			sides := compare.NewSides(metrics.Facet.Channel, spans, policy, compare.Limits(nil, hour, first))
			byWeek := compare.NewTimelines(metrics.Facet.Channel, weeks, policy, compare.Limits(nil, hour, first))
			before, after := spans.Read(&h.log, metrics.Rules{})
			b, a := sides.Sinks()
			if err := errors.Join(before.Into(b), after.Into(a, byWeek)); err != nil {
				t.Fatal(err)
			}
			check := func(o *compare.Observed, channel metrics.Channel, span metrics.Span, asOf time.Time) {
				t.Helper()
				in := func(w plainPromise) bool {
					return w.channel == channel && !w.since.Before(span.Start) && w.since.Before(span.End)
				}
				limits := map[metrics.Channel]time.Duration{metrics.Chat: 40 * time.Minute, metrics.Phone: time.Hour}
				of := func(metric compare.Metric, limit time.Duration, first bool) {
					t.Helper()
					want, pending, excluded := kept(waits, limit, asOf, first, in)
					if got, ok := metric.Ratio(o); !ok || got != want {
						t.Errorf("%v of %v in %v: %v, want %v", metric, channel, span, got, want)
					}
					seen.pending, seen.excluded = seen.pending+pending, seen.excluded+excluded
				}
				of(hour, time.Hour, false)
				of(first, time.Hour, true)
				of(nameless, 2*time.Hour, true)
				if limit, ok := limits[channel]; ok {
					of(fast, limit, false)
				} else if _, ok := fast.Of(o, 0.95); ok {
					t.Error("a promise that was not made has data")
				}
				open := int64(0)
				for _, w := range waits {
					if in(w) && !w.since.After(asOf) && (w.until.IsZero() || w.until.After(asOf)) {
						open++
					}
					if w.until.Sub(w.since) == time.Hour {
						seen.exact++
					}
				}
				if n := o.Figures.Elapsed.StillWaiting.Count(); n != open {
					t.Errorf("%d wait on %v in %v, want %d", n, channel, span, open)
				}
			}
			for _, channel := range []metrics.Channel{metrics.Chat, metrics.Email, metrics.Phone} {
				check(sides.Before(channel), channel, spans.Before, spans.Before.End.Add(-1))
				check(sides.After(channel), channel, spans.After, spans.After.End.Add(-1))
				for past := range week + 2 {
					p := weeks.Of(from.AddDate(0, 0, 7*past))
					check(byWeek.Group(channel, p), channel, p.In(nil), spans.After.End.Add(-1))
				}
				// The period of the side after, as of its end, is the side after.
				if got, want := jsonOf(t, byWeek.Group(channel, weeks.Of(middle))), jsonOf(t, sides.After(channel)); got != want {
					t.Errorf("the week on %v is\n\t%s, and the side\n\t%s", channel, got, want)
				}
			}
		}
	}
	if seen.pending < 50 || seen.excluded < 50 || seen.exact < 50 {
		t.Errorf("too few of what matters: %+v", seen)
	}
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Groups of parts merge into those of the whole, the groups add up to the total, which is
// that of a breakdown, and a timeline of a channel is that of the channel's conversations.
func TestGroupsMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 15))
	var h history
	from := at(t, "2026-03-02T00:00:00Z")
	h.queue(t, r, 120, from, 28)
	for c := range 30 {
		id := metrics.ConversationID(fmt.Sprint(c))
		h.append(t, id, metrics.RatingRequested{Conversation: id, At: from})
		h.wander(t, r, id, from.Add(time.Duration(r.IntN(20*24*60))*time.Minute))
	}
	policy := compare.Limits(halfTime{}, compare.Response.Within(time.Hour), compare.FirstResponse.Within(2*time.Hour).InHours())
	rules := metrics.Rules{Calendar: halfTime{}}
	asOf := from.AddDate(0, 0, 28)
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	type cell struct {
		channel metrics.Channel
		agent   metrics.AgentID
	}
	key := func(f metrics.Facet) cell { return cell{f.Channel(), f.Agent()} }
	whole, merged := compare.NewGroups(key, policy), compare.NewGroups(key, policy)
	lines, mergedLines := compare.NewTimelines(metrics.Facet.Channel, weeks, policy), compare.NewTimelines(metrics.Facet.Channel, weeks, policy)
	plain, scores := metrics.NewBreakdown(metrics.Whole), standards.NewScores(metrics.Whole, policy, 0)
	reading := h.log.Read(rules, asOf)
	if err := reading.Into(whole, lines, plain, scores); err != nil {
		t.Fatal(err)
	}
	for _, part := range reading.Parts(3) {
		g, l := compare.NewGroups(key, policy), compare.NewTimelines(metrics.Facet.Channel, weeks, policy)
		if err := errors.Join(part.Into(g, l), merged.Merge(g), mergedLines.Merge(l)); err != nil {
			t.Fatal(err)
		}
		if err := merged.Merge(g); !errors.Is(err, metrics.ErrTwice) {
			t.Errorf("twice: %v", err)
		}
	}
	var sum, open compare.Observed
	n := 0
	for k := range whole.Keys() {
		n++
		if err := sum.Merge(whole.Group(k)); err != nil {
			t.Fatal(err)
		}
		if jsonOf(t, whole.Group(k)) != jsonOf(t, merged.Group(k)) {
			t.Errorf("%v of parts differs", k)
		}
	}
	if got := slices.Collect(merged.Keys()); len(got) != n || n < 6 {
		t.Errorf("%d keys, and of parts %d", n, len(got))
	}
	for _, other := range map[string]*compare.Observed{"total": whole.Total(), "parts": merged.Total()} {
		if jsonOf(t, &sum) != jsonOf(t, other) {
			t.Error("the groups do not add up")
		}
	}
	if jsonOf(t, sum.Figures) != jsonOf(t, plain.Total()) {
		t.Error("the figures are not those of a breakdown")
	}
	for _, a := range scores.Total() {
		if sum.Kept[compare.Promise(a.Target)] != a.Tally.Compliance() || a.Tally.Compliance().Whole < 50 {
			t.Errorf("%v, and by scores %v", sum.Kept, a)
		}
	}
	for w := range weeks.Between(from.AddDate(0, 0, -7), asOf) {
		if err := open.Merge(lines.Total(w)); err != nil {
			t.Fatal(err)
		}
		if jsonOf(t, lines.Total(w)) != jsonOf(t, mergedLines.Total(w)) {
			t.Errorf("%v of parts differs", w)
		}
	}
	if jsonOf(t, &open) != jsonOf(t, &sum) {
		t.Error("the weeks do not add up")
	}
	channels := slices.Sorted(lines.Keys())
	if want := []metrics.Channel{metrics.Chat, metrics.Email, metrics.Phone}; !slices.Equal(slices.DeleteFunc(channels, func(c metrics.Channel) bool { return c == "" }), want) {
		t.Errorf("channels %v", channels)
	}
	// Times by channel are those of a breakdown by both.
	type spot struct {
		channel metrics.Channel
		week    metrics.Period
	}
	both := metrics.NewBreakdown(func(f metrics.Facet) spot { return spot{f.Channel(), f.Period(weeks)} })
	if err := reading.Into(both); err != nil {
		t.Fatal(err)
	}
	for _, metric := range []compare.Metric{compare.FirstResponse, compare.Response.Mean(), compare.FirstResolution.P90().InHours(), compare.Reopened} {
		got := lines.Timeline(metric, metrics.Email, weeks.Between(from, asOf), 0.95)
		want := compare.NewTimeline(metric, weeks.Between(from, asOf), func(p metrics.Period) *compare.Observed {
			return &compare.Observed{Figures: *both.Group(spot{metrics.Email, p})}
		}, 0.95)
		if jsonOf(t, got) != jsonOf(t, want) || len(got.Values()) < 3 {
			t.Errorf("%v: %+v, want %+v", metric, got, want)
		}
	}
}

// What does not add up is an error, and leaves everything as it was. Nothing has its
// instant, and the zero values work.
func TestGroupsRefuse(t *testing.T) {
	var h history
	start := at(t, "2026-03-02T09:00:00Z")
	h.ticket(t, metrics.Chat, start, time.Minute, 5)
	asOf := start.AddDate(0, 0, 1)
	fast := standards.Policy{Targets: []standards.Target{{Name: "fast", Within: standards.BudgetOf(time.Minute)}}}
	slow := standards.Policy{Targets: []standards.Target{{Name: "fast", Within: standards.BudgetOf(time.Hour)}}}
	groups := func(r metrics.Reading, policies ...standards.Policy) *compare.Groups[string] {
		t.Helper()
		g := compare.NewGroups(metrics.Whole, policies...)
		if err := r.Into(g); err != nil {
			t.Fatal(err)
		}
		return g
	}
	var other history
	other.ticket(t, metrics.Chat, start, time.Minute, 5)
	g := groups(h.log.Read(metrics.Rules{}, asOf), fast)
	before := jsonOf(t, g.Total())
	for name, tt := range map[string]struct {
		other *compare.Groups[string]
		want  error
	}{
		"another policy":  {groups(other.log.Read(metrics.Rules{}, asOf), slow), standards.ErrOtherPolicy},
		"no policy":       {groups(other.log.Read(metrics.Rules{}, asOf)), standards.ErrOtherPolicy},
		"two policies":    {groups(other.log.Read(metrics.Rules{}, asOf), fast, slow), standards.ErrOtherPolicy},
		"another instant": {groups(other.log.Read(metrics.Rules{}, asOf.Add(1)), fast), metrics.ErrOtherTerms},
		"itself":          {g, metrics.ErrTwice},
	} {
		if err := g.Merge(tt.other); !errors.Is(err, tt.want) || jsonOf(t, g.Total()) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := g.Merge(groups(other.log.Read(metrics.Rules{}, asOf), fast)); err != nil || g.Total().Kept[compare.Promise(&fast.Targets[0])] != (stat.Ratio{Part: 2, Whole: 2}) {
		t.Errorf("%v, %v", g.Total().Kept, err)
	}

	empty := groups(new(metrics.EventLog).Read(metrics.Rules{}, asOf), fast)
	if o := empty.Group(""); !o.Figures.AsOf.Equal(asOf) || len(o.Kept) != 0 || len(slices.Collect(empty.Keys())) != 0 {
		t.Errorf("nothing is %+v", o)
	}
	var zero compare.Groups[string]
	var lines compare.Timelines[string]
	if err := h.log.Read(metrics.Rules{}, asOf).Into(&zero, &lines); err != nil || zero.Group("").Figures.Conversations != 1 ||
		lines.Group("", metrics.Periods{}.Of(start)).Figures.Conversations != 1 || lines.Group("", metrics.Periods{}.Of(asOf)).Figures.Conversations != 0 {
		t.Errorf("zero values: %v", err)
	}
}

// What is handed out is the caller's own, and has a JSON form.
func TestObserved(t *testing.T) {
	promise := compare.Promise(&standards.Target{Name: "fast", Within: standards.BudgetOf(time.Minute)})
	a := compare.Observed{Figures: metrics.Figures{Conversations: 3}, Kept: map[compare.Metric]stat.Ratio{promise: {Part: 1, Whole: 3}}}
	b := compare.Observed{Figures: metrics.Figures{Conversations: 4}, Kept: map[compare.Metric]stat.Ratio{promise: {Part: 4, Whole: 4}, compare.Response.Within(time.Minute): {Part: 1, Whole: 2}}}
	sum := a
	if err := sum.Merge(&b); err != nil {
		t.Fatal(err)
	}
	want := map[compare.Metric]stat.Ratio{promise: {Part: 5, Whole: 7}, "response_within_1m": {Part: 1, Whole: 2}}
	if !maps.Equal(sum.Kept, want) || sum.Figures.Conversations != 7 || len(a.Kept) != 1 || a.Kept[promise].Whole != 3 {
		t.Errorf("%v, and %v", sum.Kept, a.Kept)
	}
	var back compare.Observed
	text := jsonOf(t, sum)
	if err := json.Unmarshal([]byte(text), &back); err != nil || jsonOf(t, back) != text || !maps.Equal(back.Kept, want) {
		t.Errorf("%s read as %+v, %v", text, back, err)
	}
	if !strings.Contains(text, `"kept":{"promises_kept:fast":{"part":5,"whole":7},"response_within_1m":{"part":1,"whole":2}}`) {
		t.Error(text)
	}
	if err := json.Unmarshal([]byte(`{"kept":{"fast":{"part":1,"whole":2}}}`), &back); !errors.Is(err, compare.ErrMetric) {
		t.Errorf("no metric: %v", err)
	}
	late := compare.Observed{Figures: metrics.Figures{AsOf: time.Unix(1, 0)}, Kept: want}
	early := compare.Observed{Figures: metrics.Figures{AsOf: time.Unix(0, 0).UTC()}}
	if err := early.Merge(&late); !errors.Is(err, metrics.ErrOtherTerms) || early.Kept != nil {
		t.Errorf("another instant: %v", err)
	}
}

func TestPromiseMetrics(t *testing.T) {
	hour := compare.FirstResponse.Within(time.Hour)
	for metric, want := range map[compare.Metric][2]string{
		hour: {"first_response_within_1h", "first response within 1h"},
		compare.Response.Mean().Within(90 * time.Minute).InHours():                                       {"response_within_1h30m_in_hours", "response within 1h30m in hours of service"},
		compare.NextResponse.InHours().Within(20 * time.Second):                                          {"next_response_within_20s_in_hours", "next response within 20s in hours of service"},
		compare.FirstResolution.P90().Within(48*time.Hour + time.Second):                                 {"first_resolution_within_48h0m1s", "first resolution within 48h0m1s"},
		compare.FullResolution.Within(1500 * time.Millisecond):                                           {"full_resolution_within_1.5s", "full resolution within 1.5s"},
		hour.InHours().Elapsed().Mean().P90().Median():                                                   {"first_response_within_1h", "first response within 1h"},
		hour.Within(10 * time.Minute):                                                                    {"first_response_within_10m", "first response within 10m"},
		compare.Promise(&standards.Target{Measure: standards.TimeToAssign}):                              {"promises_kept:time_to_assign", "promises kept (time_to_assign)"},
		compare.Promise(&standards.Target{Name: "take charge", Agreement: "inner"}):                      {"promises_kept:take charge (inner)", "promises kept (take charge (inner))"},
		compare.Promise(&standards.Target{Name: "within an hour _in_hours"}).Mean():                      {"promises_kept:within an hour _in_hours", "promises kept (within an hour _in_hours)"},
		compare.CSAT.Within(time.Hour):                                                                   {"csat", "CSAT"},
		compare.Active.Within(time.Hour):                                                                 {"active_within_1h", "active time within 1h"},
		compare.Active.Mean().InHours().Within(time.Minute):                                              {"active_within_1m_in_hours", "active time within 1m in hours of service"},
		compare.Promise(&standards.Target{Agreement: string(hour), Within: standards.BudgetOf(1)}):       {"promises_kept:first_response (first_response_within_1h)", "promises kept (first_response (first_response_within_1h))"},
		compare.Promise(&standards.Target{Agreement: string(hour), Within: standards.BudgetOf(1 << 40)}): {"promises_kept:first_response (first_response_within_1h)", "promises kept (first_response (first_response_within_1h))"},
		compare.Promise(&standards.Target{Agreement: string(hour), Within: standards.BudgetOf(time.Hour), Measure: standards.NextResponse}): {
			"promises_kept:next_response (first_response_within_1h)", "promises kept (next_response (first_response_within_1h))"},
	} {
		text, err := metric.MarshalText()
		var back compare.Metric
		if err != nil || string(text) != want[0] || metric.String() != want[1] || back.UnmarshalText(text) != nil || back != metric {
			t.Errorf("%q and %q, %v, want %q", text, metric, err, want)
		}
		if metric.Unit() == "fraction" && (metric.Direction() != stat.HigherIsBetter || metric.IsInHours() != strings.HasSuffix(want[1], "hours of service")) {
			t.Errorf("%v goes %v", metric, metric.Direction())
		}
	}
	for _, limit := range []time.Duration{0, -1} {
		if got := compare.FirstResponse.Within(limit); got != "" {
			t.Errorf("within %v: %q", limit, got)
		}
	}
	if got := compare.FirstResponse.Within(1); got != "first_response_within_1ns" {
		t.Errorf("within a nanosecond: %q", got)
	}
	// Limits are of limits only, and in hours of service only with hours.
	by := []compare.Metric{compare.CSAT, hour, compare.FullResolution.Within(time.Minute).InHours(), "", "promises_kept:x"}
	if got := compare.Limits(nil, by...).Targets; len(got) != 1 || compare.Promise(&got[0]) != hour || got[0].Name != hour.String() || got[0].Calendar != nil {
		t.Errorf("%+v", got)
	}
	got := compare.Limits(halfTime{}, by...)
	if err := got.Validate(); err != nil || len(got.Targets) != 2 || got.Targets[0].Calendar != nil || got.Targets[1].Calendar != (halfTime{}) ||
		compare.Promise(&got.Targets[1]) != by[2] || got.Targets[1].Measure != standards.FullResolution || got.Targets[1].Within != standards.BudgetOf(time.Minute) {
		t.Errorf("%+v, %v", got, err)
	}
}

// A promise of which nobody can know whether it was kept has no data, as in a log
// without assignments, and changes of compliance are decided like any other.
func TestPromisesAsMetrics(t *testing.T) {
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "charge", Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Minute)},
		{Name: "answer", Within: standards.BudgetOf(10 * time.Minute)},
	}}
	charge, answer := compare.Promise(&policy.Targets[0]), compare.Promise(&policy.Targets[1])
	spans := twoWeeks(t)
	var h history
	for n := range 100 {
		at := spans.Before.Start.Add(time.Duration(n) * time.Hour)
		h.ticket(t, metrics.Chat, at, time.Duration(5+10*(n%2))*time.Minute, 0)
		h.ticket(t, metrics.Chat, at.AddDate(0, 0, 7), time.Duration(5+10*(n%20/19))*time.Minute, 0)
	}
	sides := compare.NewSides(metrics.Whole, spans, policy)
	if err := sides.Read(&h.log, metrics.Rules{}); err != nil {
		t.Fatal(err)
	}
	before, after := sides.Total()
	got := compare.Figures(before, after, charge, answer)
	if got[0].Conclusion != stat.NoData || got[1].Conclusion != stat.Better || got[1].Before.Value != 0.5 || got[1].After.Value != 0.95 {
		t.Errorf("%v", got)
	}
	if text := got[1].String(); !strings.HasPrefix(text, "promises kept (answer) 50.0 % → 95.0 % (+45.0 points, ") || !strings.HasSuffix(text, ": better") {
		t.Error(text)
	}
	score, err := stat.CompareShares(stat.Ratio{Part: 95, Whole: 100}, stat.Ratio{Part: 50, Whole: 100})
	if err != nil || score.Test() != got[1].Test {
		t.Errorf("%+v, want %+v", got[1].Test, score.Test())
	}
	wilson, err := stat.Proportion(95, 100, 0.95, stat.Wilson)
	if err != nil || got[1].After.Interval != wilson {
		t.Errorf("%+v, want %+v", got[1].After.Interval, wilson)
	}
	// Charts of compliance are those of shares.
	days := compare.NewTimelines(metrics.Whole, metrics.Periods{}, policy)
	if err := h.log.Read(metrics.Rules{}, spans.After.End).Into(days); err != nil {
		t.Fatal(err)
	}
	line := days.Timeline(answer, "", metrics.Periods{}.Between(spans.Before.Start, spans.After.End), 0.95)
	if c := line.Control(); c.Method != compare.LaneyP || !c.Limited || len(line.Values()) != 10 || c.Center != 0.725 {
		t.Errorf("%+v", c)
	}
	if trend, err := line.Trend(0.95); err != nil || trend.Tendency != compare.Improving {
		t.Errorf("%v, %v", trend, err)
	}
}

// A wait is pending and in no share until the limit, a miss from then on, and in no share
// if it ended in time without a person's answer.
func TestWithinAnHour(t *testing.T) {
	start := at(t, "2026-03-02T09:00:00Z")
	hour := compare.FirstResponse.Within(time.Hour)
	for _, tt := range []struct {
		name string
		end  metrics.Event // nil if it is open
		asOf time.Duration
		want stat.Ratio
	}{
		{"answered at the limit", metrics.ReplySent{At: start.Add(time.Hour), Agent: "ana"}, 9 * time.Hour, stat.Ratio{Part: 1, Whole: 1}},
		{"answered after it", metrics.ReplySent{At: start.Add(time.Hour + 1), Agent: "ana"}, 9 * time.Hour, stat.Ratio{Whole: 1}},
		{"open before it", nil, time.Hour - 1, stat.Ratio{}},
		{"open at it", nil, time.Hour, stat.Ratio{Whole: 1}},
		{"given up at it", metrics.Abandoned{At: start.Add(time.Hour)}, 9 * time.Hour, stat.Ratio{}},
		{"given up after it", metrics.Abandoned{At: start.Add(time.Hour + 1)}, 9 * time.Hour, stat.Ratio{Whole: 1}},
		{"closed at it", metrics.Resolved{At: start.Add(time.Hour)}, 9 * time.Hour, stat.Ratio{}},
		{"closed after it", metrics.Resolved{At: start.Add(time.Hour + 1)}, 9 * time.Hour, stat.Ratio{Whole: 1}},
		{"by an assistant", metrics.ReplySent{At: start.Add(time.Minute), By: metrics.ByAssistant}, 9 * time.Hour, stat.Ratio{}},
		{"late by an assistant", metrics.ReplySent{At: start.Add(2 * time.Hour), By: metrics.ByAssistant}, 9 * time.Hour, stat.Ratio{Whole: 1}},
	} {
		events := []metrics.Event{
			metrics.MessageReceived{Conversation: "1", At: start},
			// Someone else was answered, so that answers are known.
			metrics.MessageReceived{Conversation: "2", At: start.AddDate(0, -1, 0)},
			metrics.ReplySent{Conversation: "2", At: start.AddDate(0, -1, 0), Agent: "ana"},
		}
		if tt.end != nil {
			r := metrics.RecordOf(tt.end)
			r.Conversation = "1"
			end, err := r.Event()
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, end)
		}
		var log metrics.EventLog
		for _, e := range events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		months := compare.NewTimelines(metrics.Whole, metrics.Periods{Unit: metrics.Month}, compare.Limits(nil, hour))
		if err := log.Read(metrics.Rules{}, start.Add(tt.asOf)).Into(months); err != nil {
			t.Fatal(err)
		}
		if got, _ := hour.Ratio(months.Total(period(t, "2026-03"))); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The time between the cycles of a conversation is not active, and what was in time may be
// late when it is reopened.
func TestActiveWithinAnHour(t *testing.T) {
	start := at(t, "2026-03-02T09:00:00Z")
	hour, full := compare.Active.Within(time.Hour), compare.FullResolution.Within(time.Hour)
	message := func(after time.Duration) metrics.Event {
		return metrics.MessageReceived{Conversation: "1", At: start.Add(after)}
	}
	resolved := func(after time.Duration) metrics.Event {
		return metrics.Resolved{Conversation: "1", At: start.Add(after), Agent: "ana"}
	}
	kept, missed := stat.Ratio{Part: 1, Whole: 1}, stat.Ratio{Whole: 1}
	for _, tt := range []struct {
		name         string
		events       []metrics.Event
		active, full stat.Ratio
	}{
		{"at the limit", []metrics.Event{message(0), resolved(time.Hour)}, kept, kept},
		{"after it", []metrics.Event{message(0), resolved(time.Hour + 1)}, missed, missed},
		{"twice half an hour", []metrics.Event{message(0), resolved(30 * time.Minute), message(5 * time.Hour), resolved(5*time.Hour + 30*time.Minute)}, kept, missed},
		{"and a moment more", []metrics.Event{message(0), resolved(30 * time.Minute), message(5 * time.Hour), resolved(5*time.Hour + 30*time.Minute + 1)}, missed, missed},
		{"on hold", []metrics.Event{
			message(0), metrics.Paused{Conversation: "1", At: start.Add(time.Minute), For: metrics.ForThirdParty},
			metrics.Resumed{Conversation: "1", At: start.Add(8 * time.Hour)}, resolved(8*time.Hour + 59*time.Minute),
		}, kept, kept},
		{"open", []metrics.Event{message(0)}, stat.Ratio{Whole: 1}, stat.Ratio{Whole: 1}},
		{"open for little", []metrics.Event{message(0), resolved(30 * time.Minute), message(9 * time.Hour)}, stat.Ratio{}, missed},
	} {
		var log metrics.EventLog
		for _, e := range tt.events {
			if err := log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
		// Someone else was helped, so that resolutions are known.
		if err := errors.Join(log.Append(metrics.Opened{Conversation: "2", At: start.AddDate(0, -1, 0)}),
			log.Append(metrics.Resolved{Conversation: "2", At: start.AddDate(0, -1, 0)})); err != nil {
			t.Fatal(err)
		}
		months := compare.NewTimelines(metrics.Whole, metrics.Periods{Unit: metrics.Month}, compare.Limits(nil, hour, full))
		if err := log.Read(metrics.Rules{}, start.Add(9*time.Hour+29*time.Minute)).Into(months); err != nil {
			t.Fatal(err)
		}
		march := months.Total(period(t, "2026-03"))
		if got, _ := hour.Ratio(march); got != tt.active {
			t.Errorf("%s: active %v, want %v", tt.name, got, tt.active)
		}
		if got, _ := full.Ratio(march); got != tt.full {
			t.Errorf("%s: full %v, want %v", tt.name, got, tt.full)
		}
	}
}

// A group may have nothing but a promise, or nothing but a wait that was moved there and
// has been open since before.
func TestKeysOfLittle(t *testing.T) {
	start := at(t, "2026-03-02T09:00:00Z")
	var h history
	h.append(t, "1", metrics.MessageReceived{Conversation: "1", At: start})
	h.append(t, "1", metrics.Assigned{Conversation: "1", At: start.Add(time.Minute), Agent: "ben"})
	h.append(t, "1", metrics.Assigned{Conversation: "1", At: start.Add(2 * time.Minute), Agent: "ana"})
	h.append(t, "2", metrics.RatingRequested{Conversation: "2", At: start.AddDate(0, 0, 5), Agent: "ana"})
	h.append(t, "1", metrics.Merged{Conversation: "1", At: start.AddDate(0, 0, 6), Into: "2"})
	// And many have all of it.
	for i := range 40 {
		id := metrics.ConversationID(fmt.Sprint("other ", i))
		h.append(t, id, metrics.MessageReceived{Conversation: id, At: start})
		h.append(t, id, metrics.Assigned{Conversation: id, At: start, Agent: "ana"})
	}
	policy := standards.Policy{Targets: []standards.Target{{Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Hour)}}}
	type cell struct {
		conversation metrics.ConversationID
		day          string
		agent        metrics.AgentID
	}
	g := compare.NewGroups(func(f metrics.Facet) cell {
		return cell{f.Conversation(), f.At().Format("01-02"), f.Agent()}
	}, policy)
	if err := h.log.Read(metrics.Rules{}, start.AddDate(0, 0, 9)).Into(g); err != nil {
		t.Fatal(err)
	}
	keys := slices.Collect(g.Keys())
	for _, key := range []cell{{"1", "03-02", "ben"}, {"2", "03-02", ""}} {
		if !slices.Contains(keys, key) {
			t.Errorf("%v is not in %v", key, keys)
		}
	}
	if n := g.Group(cell{"2", "03-02", ""}).Figures.Elapsed.StillWaiting.Count(); n != 1 {
		t.Errorf("%d wait since they wrote", n)
	}
	if kept := g.Group(cell{"1", "03-02", "ben"}).Kept[compare.Promise(&policy.Targets[0])]; kept != (stat.Ratio{Part: 1, Whole: 1}) {
		t.Errorf("%v", kept)
	}
	for n := range len(keys) {
		got := 0
		for range g.Keys() {
			if got++; got > n {
				break
			}
		}
		if got != n+1 {
			t.Errorf("%d keys, want %d", got, n+1)
		}
	}
	seen := make(map[cell]bool)
	for _, key := range keys {
		if seen[key] {
			t.Errorf("%v twice", key)
		}
		seen[key] = true
	}
}
