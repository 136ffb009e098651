package metrics_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// spread moves instants that are close to each other to days, weeks or months
// from each other, in steps that no period is a multiple of.
func spread(steps []step, gap int64) []step {
	moved := make([]step, len(steps))
	for i, s := range steps {
		moved[i] = s
		moved[i].At = spreadAt(s.At, gap)
	}
	return moved
}

func spreadAt(at, gap int64) int64 {
	if at <= 12 {
		at *= gap
	}
	return at
}

// genGap yields what [spread] takes: some hours, days, or weeks.
func genGap() gopter.Gen {
	return gen.OneConstOf(int64(7*time.Hour), int64(19*time.Hour), int64(61*time.Hour), int64(457*time.Hour))
}

// genZone yields zones, some of which change their clocks in the days that are
// looked at.
func genZone() gopter.Gen {
	return gen.OneConstOf("UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe")
}

func zoneOf(t testing.TB, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// storedDays are figures by day in their binary form.
type storedDays map[metrics.Period][]byte

// daysOf makes the figures by day of some of the conversations of a log, as of an
// instant.
func daysOf(reading metrics.Reading, zone *time.Location, has func(*metrics.History) bool) storedDays {
	b := metrics.NewBreakdown(func(f metrics.Facet) metrics.Period {
		return f.Period(metrics.Periods{Zone: zone})
	})
	for h := range reading.Histories() {
		if has(h) {
			if err := b.Add(h); err != nil {
				panic(err)
			}
		}
	}
	days := make(storedDays)
	for day := range b.Keys() {
		data, err := b.Group(day).MarshalBinary()
		if err != nil {
			panic(err)
		}
		days[day] = data
	}
	return days
}

// restored reads the days of shards and merges those that a function gives the
// same name.
func restored(t testing.TB, shards []storedDays, name func(metrics.Period) string) map[string]*metrics.Figures {
	ranges := make(map[string]*metrics.Figures)
	for _, days := range shards {
		for day, data := range days {
			var f metrics.Figures
			if err := f.UnmarshalBinary(data); err != nil {
				t.Fatal(err)
			}
			n := name(day)
			if ranges[n] == nil {
				ranges[n] = new(metrics.Figures)
			}
			if err := ranges[n].Merge(&f); err != nil {
				t.Fatal(err)
			}
		}
	}
	return ranges
}

// A dayRange names what a day is part of, twice: by the library's periods, and by
// what clocks and the calendar of package time say at an instant.
type dayRange struct {
	name  string
	byDay func(metrics.Period) string
	plain func(time.Time) string
}

func dayRanges(from, length int) []dayRange {
	of := func(u metrics.Unit) func(metrics.Period) string {
		return func(day metrics.Period) string {
			year, month, date := day.Date()
			return metrics.PeriodOf(u, year, month, date, time.Monday).String()
		}
	}
	first := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, from).Format(time.DateOnly)
	end := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, from+length).Format(time.DateOnly)
	within := func(date string) string { return fmt.Sprint(date >= first && date < end) }
	return []dayRange{
		{"day", metrics.Period.String, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{"week", of(metrics.Week), func(t time.Time) string {
			year, week := t.ISOWeek()
			return fmt.Sprintf("%04d-W%02d", year, week)
		}},
		{"month", of(metrics.Month), func(t time.Time) string { return t.Format("2006-01") }},
		{"quarter", of(metrics.Quarter), func(t time.Time) string {
			return fmt.Sprintf("%04d-Q%d", t.Year(), (int(t.Month())+2)/3)
		}},
		{"year", of(metrics.Year), func(t time.Time) string { return t.Format("2006") }},
		{"some days", func(day metrics.Period) string { return within(day.String()) }, func(t time.Time) string { return within(t.Format(time.DateOnly)) }},
		{"all days", func(metrics.Period) string { return "" }, func(time.Time) string { return "" }},
	}
}

// The figures by day of the shards of a desk, stored and read again, merge into
// those of any range of days, however its conversations were split: into those that
// a plain recomputation from the events gives, and those of a Breakdown by range.
func TestDaysOfShardsMergeIntoRanges(t *testing.T) {
	properties := laws(t, 400)
	properties.Property("days of shards merge into ranges", prop.ForAll(
		func(steps []step, rules int, asOf, gap int64, zoneName string, split, from, length int) string {
			zone, r := zoneOf(t, zoneName), rulesOf(rules)
			list := events(spread(steps, gap), false)
			asOf = spreadAt(asOf, gap)
			reading := logOf(t, list).Read(r, time.Unix(0, asOf))
			shards := make([]storedDays, 3)
			for i := range shards {
				shards[i] = daysOf(reading, zone, func(h *metrics.History) bool { return shard(h.Conversation().ID(), split) == i })
			}
			want := breakdown(list, r, asOf)
			for _, by := range dayRanges(from, length) {
				got := restored(t, shards, by.byDay)
				plain := coarser(want, func(k groupKey) string { return by.plain(time.Unix(0, k.at).In(zone)) })
				if text := sameFigures(got, plain); text != "" {
					return "by " + by.name + ": " + text
				}
				b := metrics.NewBreakdown(func(f metrics.Facet) string { return by.byDay(f.Period(metrics.Periods{Zone: zone})) })
				if err := reading.Into(b); err != nil {
					return err.Error()
				}
				if text := sameGroups(b, got); text != "" {
					return "a breakdown by " + by.name + ": " + text
				}
			}
			return ""
		}, genSteps(), genRules(), genAt(), genGap(), genZone(), gen.IntRange(0, 26), gen.IntRange(0, 40), gen.IntRange(0, 40)))
	properties.TestingRun(t)
}

// shard returns which of three shards a conversation is in: a split is one of the
// 27 ways of doing that for the three conversations that there are.
func shard(id metrics.ConversationID, split int) int {
	d := digits(split)
	for range id[0] - 'a' {
		d.below(3)
	}
	return int(d.below(3))
}

// sameFigures compares figures by name; what is missing has none.
func sameFigures(got, want map[string]*metrics.Figures) string {
	names := make(map[string]bool)
	for _, figures := range []map[string]*metrics.Figures{got, want} {
		for n := range figures {
			names[n] = true
		}
	}
	of := func(figures map[string]*metrics.Figures, name string) *metrics.Figures {
		if f := figures[name]; f != nil {
			return f
		}
		none := new(metrics.Figures)
		for _, f := range want {
			none.AsOf, none.Settled = f.AsOf, f.Settled
		}
		return none
	}
	var difference strings.Builder
	for n := range names {
		if g, w := of(got, n), of(want, n); !same(g, w) {
			fmt.Fprintf(&difference, "%q:\n\tgot  %s\n\twant %s\n", n, text(g), text(w))
		}
	}
	return difference.String()
}

// From one instant to a later one, the days that change are those of the two
// instants, and those of all the events of the conversations that got one in
// between, and of those that mergers connect with them. By start, what was open is on the
// days of its events too, and so is a request for a rating that was pending.
func TestDaysThatChange(t *testing.T) {
	properties := laws(t, 2000)
	changes := 0
	properties.Property("only these days change", prop.ForAll(
		func(steps []step, rules int, a, b, gap int64, zoneName string) string {
			zone, r := zoneOf(t, zoneName), rulesOf(rules)
			a, b = spreadAt(min(a, b), gap), spreadAt(max(a, b), gap)
			log := logOf(t, events(spread(steps, gap), false))
			before, after := daysOf(log.Read(r, time.Unix(0, a)), zone, all), daysOf(log.Read(r, time.Unix(0, b)), zone, all)

			dayOf := func(at time.Time) string { return at.In(zone).Format(time.DateOnly) }
			from, to := time.Unix(0, a), time.Unix(0, b)
			may := map[string]bool{dayOf(from): true, dayOf(to): true}
			changed := make(map[metrics.ConversationID]bool)
			for c := range log.Conversations() {
				was, is := fmt.Sprint(slices.Collect(c.AsOf(from).Events())), fmt.Sprint(slices.Collect(c.AsOf(to).Events()))
				changed[c.ID()] = was != is
				for h := range log.Read(r, from).Conversation(c.ID()) {
					changed[c.ID()] = changed[c.ID()] || r.ByStart && !isSettled(h) || h.Requests().Pending > 0
				}
			}
			connect(log, changed)
			for c := range log.Conversations() {
				if !changed[c.ID()] {
					continue
				}
				for _, version := range []metrics.Conversation{c.AsOf(from), c.AsOf(to)} {
					for e := range version.Events() {
						may[dayOf(metrics.RecordOf(e).At)] = true
					}
				}
			}
			for _, days := range []storedDays{before, after} {
				for day := range days {
					if !sameButForTheInstant(before[day], after[day]) {
						changes++
						if !may[day.String()] {
							return fmt.Sprintf("%v changes from %v to %v", day, from.UTC(), to.UTC())
						}
					}
				}
			}
			return ""
		}, genSteps(), genRules(), genAt(), genAt(), genGap(), genZone()))
	properties.TestingRun(t)
	if changes == 0 {
		t.Error("no day changed")
	}
}

// connect marks what mergers connect with what is marked.
func connect(log *metrics.EventLog, marked map[metrics.ConversationID]bool) {
	for range len(marked) {
		for c := range log.Conversations() {
			for e := range c.Events() {
				if m, ok := e.(metrics.Merged); ok && (marked[m.Conversation] || marked[m.Into]) {
					marked[m.Conversation], marked[m.Into] = true, true
				}
			}
		}
	}
}

func all(*metrics.History) bool { return true }

// sameButForTheInstant compares figures in their binary form, for whatever instant
// they are right.
func sameButForTheInstant(data, other []byte) bool {
	var f, g metrics.Figures
	for figures, data := range map[*metrics.Figures][]byte{&f: data, &g: other} {
		if len(data) > 0 && figures.UnmarshalBinary(data) != nil {
			return false
		}
		figures.AsOf = time.Time{}
	}
	return same(&f, &g)
}

// isSettled reports whether nothing in a case is open, and no request for a rating pending.
func isSettled(h *metrics.History) bool {
	_, waiting := h.StillWaiting()
	return !waiting && !h.IsOpen() && h.Requests().Pending == 0
}

// The days of what is settled are the same as of any later instant. With those of
// what is live they are all.
func TestSettledDaysAndLiveEvents(t *testing.T) {
	properties := laws(t, 1000)
	properties.Property("settled days and live conversations are all", prop.ForAll(
		func(steps []step, rules int, asOf, gap int64, zoneName string) string {
			zone, r := zoneOf(t, zoneName), rulesOf(rules)
			asOf = spreadAt(asOf, gap)
			known := slices.DeleteFunc(events(spread(steps, gap), false), func(e metrics.Event) bool {
				return metrics.RecordOf(e).At.UnixNano() > asOf
			})
			log := logOf(t, known)
			now, later := log.Read(r, time.Unix(0, asOf)), log.Read(r, time.Unix(0, lastInstant)).Settled()
			type key struct {
				id     metrics.ConversationID
				number int
			}
			lives := make(map[key]bool)
			for h := range now.Histories() {
				lives[key{h.Conversation().ID(), h.Case()}] = !isSettled(h)
			}
			live := func(h *metrics.History) bool { return lives[key{h.Conversation().ID(), h.Case()}] }
			settled := daysOf(now.Settled(), zone, all)
			for day, data := range daysOf(later, zone, func(h *metrics.History) bool { return !live(h) }) {
				if !sameButForTheInstant(data, settled[day]) {
					return fmt.Sprintf("what was settled changes on %v", day)
				}
			}
			parts := []storedDays{settled, daysOf(now, zone, live)}
			got := restored(t, parts, metrics.Period.String)
			for _, f := range got {
				f.Settled = false // those of a day on which nothing is live
			}
			return sameFigures(got, restored(t, []storedDays{daysOf(now, zone, all)}, metrics.Period.String))
		}, genSteps(), genRules(), genAt(), genGap(), genZone()))
	properties.TestingRun(t)
}

// Events must not be cut at midnight: a conversation that goes on past it is whole
// on neither side. And what is still waiting at the end of a day is of that day
// only as of its last instant.
func TestDaysAreNoCutsOfTheEvents(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	list := []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: at(1, 23, 50)},
		metrics.ReplySent{Conversation: "1", At: at(2, 0, 20)},
		metrics.Resolved{Conversation: "1", At: at(2, 9, 0)},
		metrics.MessageReceived{Conversation: "2", At: at(2, 22, 0)},
	}
	day := func(n int) metrics.Period { return metrics.PeriodOf(metrics.Day, 2026, time.March, n, 0) }
	figuresOf := func(list []metrics.Event, asOf time.Time, n int) *metrics.Figures {
		return added(logOf(t, list), metrics.Rules{}, asOf.UnixNano(), func(f metrics.Facet) metrics.Period {
			return f.Period(metrics.Periods{})
		}).Group(day(n))
	}
	end := at(3, 0, 0).Add(-1)
	first, second := figuresOf(list, end, 1), figuresOf(list, end, 2)
	if n := second.Elapsed.FirstResponse.Count(); n != 1 || first.Elapsed.FirstResponse.Count() != 0 {
		t.Errorf("%d first responses on the second day, want 1", n)
	}
	if d, _ := second.Elapsed.FirstResponse.Max(); d != 30*time.Minute {
		t.Errorf("first response after %v", d)
	}
	if first.Conversations != 1 || second.Conversations != 1 || first.Backlog != 0 || second.Backlog != 1 {
		t.Errorf("%d and %d conversations, %d and %d open", first.Conversations, second.Conversations, first.Backlog, second.Backlog)
	}
	if d, _ := second.Elapsed.StillWaiting.Max(); d != 2*time.Hour-1 {
		t.Errorf("still waiting for %v", d)
	}
	if n := figuresOf(list, end.Add(1), 2).Elapsed.StillWaiting.Count(); n != 0 {
		t.Errorf("as of midnight, %d are still waiting on the day before", n)
	}

	// The figures of two evenings do not add up, and say so.
	cut, later := figuresOf(list[:1], at(2, 0, 0).Add(-1), 1), figuresOf(list[1:], end, 2)
	before := binaryOf(cut)
	if err := cut.Merge(later); !errors.Is(err, metrics.ErrOtherTerms) || binaryOf(cut) != before {
		t.Errorf("cut at midnight, the days add up: %v", err)
	}
}
