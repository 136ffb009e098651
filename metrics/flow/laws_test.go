package flow_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

func seconds(d time.Duration) string { return decimal.New(int64(d), -9).String() }

func quotient(a, b int64) float64 {
	f, _ := big.NewRat(a, b).Float64()
	return f
}

type channel = metrics.Channel

func (s setting) series(tb testing.TB) *flow.Series[channel] {
	return flow.NewSeries(metrics.Facet.Channel, s.periods(tb))
}

func seriesOf(tb testing.TB, s setting, reading metrics.Reading) *flow.Series[channel] {
	return fed(tb, reading, s.series(tb))
}

// listed returns all that a series shows, by key, and in total.
func listed(series *flow.Series[channel], from, to time.Time) string {
	var text []string
	for _, key := range slices.Sorted(series.Keys()) {
		for row := range series.Rows(key, from, to) {
			text = append(text, fmt.Sprintf("%s %+v", key, plain(row)))
		}
	}
	for row := range series.Total(from, to) {
		text = append(text, fmt.Sprintf("%+v", plain(row)))
	}
	return fmt.Sprint(text)
}

func TestSeriesLaws(t *testing.T) {
	properties := laws(t, 600)
	properties.Property("rows are what the oracle counts", prop.ForAll(func(steps []step, s setting) string {
		list, periods := eventsOf(steps), s.periods(t)
		series := fedBy(t, shuffled(s.read(logOf(t, list)), 0), s.series(t))
		all := oracles(list, s.rules(), s.asOf())
		check := func(all []oracle, rows func(yield func(flow.Row) bool)) string {
			var got []flow.Row
			for row := range rows {
				got = append(got, row)
			}
			i := 0
			for p := range periods.Between(s.from(), s.to()) {
				span := p.In(periods.Zone)
				if span.Start.After(s.asOf()) {
					break
				}
				want := expected(all, s.rules(), p, span, s.asOf())
				if i >= len(got) || plain(got[i]) != want {
					return fmt.Sprintf("row %d of %d\nwant %+v", i, len(got), want)
				}
				i++
			}
			if i != len(got) {
				return fmt.Sprintf("%d rows, want %d", len(got), i)
			}
			return ""
		}
		if text := check(all, series.Total(s.from(), s.to())); text != "" {
			return "total: " + text
		}
		for _, key := range []channel{"", "email", "chat"} {
			of := slices.DeleteFunc(slices.Clone(all), func(o oracle) bool { return o.channel() != key })
			if text := check(of, series.Rows(key, s.from(), s.to())); text != "" {
				return string(key) + ": " + text
			}
		}
		return ""
	}, genSteps(), genSetting()))
	properties.Property("stock and flow agree, and with the backlog at each end", prop.ForAll(func(steps []step, s setting) bool {
		reading := s.read(logOf(t, eventsOf(steps)))
		series := seriesOf(t, s, reading)
		for _, key := range []channel{"", "email", "chat"} {
			var last *flow.Row
			for row := range series.Rows(key, s.from(), s.to()) {
				if row.Closing() != row.Opening+row.Arrivals+row.Reopenings-row.Resolutions-row.Abandoned-row.Moved || row.Opening < 0 {
					return false
				}
				if last != nil && last.Closing() != row.Opening {
					return false
				}
				at := row.Span.End.Add(-1)
				if row.Span.End.Equal(s.asOf()) {
					// Then the row may be one that ends there in any case.
					at = s.asOf()
					if row.Period.In(s.periods(t).Zone).End.Equal(at) {
						at = at.Add(-1)
					}
				}
				if fed(t, reading, flow.NewBacklog(metrics.Facet.Channel, at)).Stock(key).Count() != row.Closing() {
					return false
				}
				last = &row
			}
		}
		return true
	}, genSteps(), genSetting()))
	properties.Property("the series of two sets of conversations merge into that of both, in any order", prop.ForAll(func(steps []step, s setting, seed int64, cut int) bool {
		reading := s.read(logOf(t, eventsOf(steps)))
		all := shuffled(reading, seed)
		cut = min(cut, len(all))
		a, b := fedBy(t, all[:cut], s.series(t)), fedBy(t, all[cut:], s.series(t))
		if len(all) == 0 {
			a = seriesOf(t, s, reading) // or it would not know its instant
		}
		before := listed(b, s.from(), s.to())
		merged(t, a, b)
		want := listed(seriesOf(t, s, reading), s.from(), s.to())
		return listed(a, s.from(), s.to()) == want && listed(b, s.from(), s.to()) == before
	}, genSteps(), genSetting(), gen.Int64(), gen.IntRange(0, 4)))
	properties.Property("the rows of all keys merge into the total", prop.ForAll(func(steps []step, s setting) bool {
		series := seriesOf(t, s, s.read(logOf(t, eventsOf(steps))))
		var rows []flow.Row
		for _, key := range []channel{"", "email", "chat"} {
			i := 0
			for row := range series.Rows(key, s.from(), s.to()) {
				if i == len(rows) {
					rows = append(rows, flow.Row{})
				}
				if err := rows[i].Merge(&row); err != nil {
					t.Fatal(err)
				}
				i++
			}
		}
		i := 0
		for row := range series.Total(s.from(), s.to()) {
			if plain(row) != plain(rows[i]) || string(binaryOf(t, row)) != string(binaryOf(t, rows[i])) {
				return false
			}
			i++
		}
		return i == len(rows)
	}, genSteps(), genSetting()))
	properties.Property("no share is greater than one", prop.ForAll(func(steps []step, s setting) bool {
		series := seriesOf(t, s, s.read(logOf(t, eventsOf(steps))))
		for row := range series.Total(s.from(), s.to()) {
			for _, r := range shares(row.Counts) {
				if r.Part < 0 || r.Part > r.Whole {
					return false
				}
			}
		}
		return true
	}, genSteps(), genSetting()))
	properties.TestingRun(t)
}

func TestBacklogLaws(t *testing.T) {
	properties := laws(t, 600)
	properties.Property("the backlog is what the oracle counts", prop.ForAll(func(steps []step, s setting, seed int64, cut int) bool {
		list := eventsOf(steps)
		reading := s.read(logOf(t, list))
		all := shuffled(reading, seed)
		cut = min(cut, len(all))
		empty := func() *flow.Backlog[channel] { return flow.NewBacklog(metrics.Facet.Channel, s.from()) }
		b := merged(t, fedBy(t, all[:cut], empty()), fedBy(t, all[cut:], empty()))
		if len(all) == 0 {
			b = fed(t, reading, empty())
		}
		at := s.from()
		if s.asOf().Before(at) {
			at = s.asOf()
		}
		stocks := map[string]flow.Stock{"total": b.Total(), "": b.Stock(""), "email": b.Stock("email"), "chat": b.Stock("chat")}
		for key, stock := range stocks {
			var items []flow.OpenConversation
			var older [2]int64
			var ages [2]time.Duration
			for _, o := range oracles(list, s.rules(), s.asOf()) {
				since, open := o.openAt(at)
				if open && (key == "total" || string(o.channel()) == key) {
					items = append(items, flow.OpenConversation{Conversation: o.id, Since: since})
					for i, c := range []metrics.Calendar{metrics.AroundTheClock, minutes(20)} {
						age := c.Between(since, at)
						ages[i] += age
						if age > 10*time.Hour {
							older[i]++
						}
					}
				}
			}
			slices.SortFunc(items, func(a, b flow.OpenConversation) int {
				if c := a.Since.Compare(b.Since); c != 0 {
					return c
				}
				return int(a.Conversation[0]) - int(b.Conversation[0])
			})
			switch {
			case !slices.Equal(stock.Oldest(10), items), stock.Count() != int64(len(items)), !stock.At().Equal(at):
				return false
			case stock.Older(10*time.Hour, nil) != older[0], stock.Older(10*time.Hour, minutes(20)) != older[1]:
				return false
			case stock.Ages(nil).Sum().String() != seconds(ages[0]), stock.Ages(minutes(20)).Sum().String() != seconds(ages[1]):
				return false
			case stock.Ages(nil).Count() != stock.Count(), len(stock.Oldest(1)) != min(1, len(items)), len(stock.Oldest(-1)) != 0:
				return false
			}
		}
		for key := range b.Keys() {
			if b.Stock(key).Count() == 0 {
				return false
			}
		}
		return true
	}, genSteps(), genSetting(), gen.Int64(), gen.IntRange(0, 4)))
	properties.TestingRun(t)
}

func TestHeatMapLaws(t *testing.T) {
	properties := laws(t, 300)
	properties.Property("hours of the week are what the oracle counts", prop.ForAll(func(steps []step, s setting, seed int64, cut int) bool {
		list := eventsOf(steps)
		all := shuffled(s.read(logOf(t, list)), seed)
		cut = min(cut, len(all))
		zone := s.periods(t).Zone
		span := metrics.Span{Start: s.from(), End: s.to()}
		empty := func() *flow.HeatMap[channel] { return flow.NewHeatMap(metrics.Facet.Channel, span, zone) }
		m := merged(t, fedBy(t, all[:cut], empty()), fedBy(t, all[cut:], empty()))
		var total flow.WeekHours
		for _, key := range []channel{"", "email", "chat"} {
			var want [metrics.HoursPerWeek]flow.Counts
			for _, o := range oracles(list, s.rules(), s.asOf()) {
				if o.channel() != key {
					continue
				}
				// At each instant at which anything happened.
				for i, r := range o.list {
					if i > 0 && o.list[i-1].At.Equal(r.At) || r.At.Before(span.Start) || !r.At.Before(span.End) {
						continue
					}
					n := o.counts(r.At, r.At.Add(1))
					want[metrics.HourOfWeekAt(r.At, zone)].Merge(&n)
				}
			}
			if m.Hours(key).Counts != want {
				return false
			}
			for i := range want {
				total.Counts[i].Merge(&want[i])
			}
		}
		return m.Total().Counts == total.Counts && m.Total().Time == m.Hours("email").Time
	}, genSteps(), genSetting(), gen.Int64(), gen.IntRange(0, 4)))
	properties.TestingRun(t)
}

func shares(c flow.Counts) []stat.Ratio {
	return []stat.Ratio{
		c.AutomatedShare(), c.AssistantShare(), c.ReopenRate(), c.DeflectionRate(), c.HandOffRate(), c.TakeoverRate(), c.ReassignmentRate(),
	}
}

func binaryOf(tb testing.TB, r flow.Row) []byte {
	tb.Helper()
	b, err := r.MarshalBinary()
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
