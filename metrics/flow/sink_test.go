package flow_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

var (
	_ metrics.Accumulator[*flow.Series[string]]  = new(flow.Series[string])
	_ metrics.Accumulator[*flow.HeatMap[string]] = new(flow.HeatMap[string])
	_ metrics.Accumulator[*flow.Backlog[string]] = new(flow.Backlog[string])
	_ metrics.Accumulator[*flow.Returns[string]] = new(flow.Returns[string])
)

// sinks are one of each kind.
type sinks struct {
	series  *flow.Series[channel]
	heatMap *flow.HeatMap[channel]
	backlog *flow.Backlog[channel]
	days    *flow.Backlog[channel]
}

func (s setting) sinks(tb testing.TB) sinks {
	days := []time.Time{s.to(), s.from()}
	for n := range 5 {
		days = append(days, first.AddDate(0, 0, 2*n))
	}
	return sinks{
		series:  s.series(tb),
		heatMap: flow.NewHeatMap(metrics.Facet.Channel, metrics.Span{Start: s.from(), End: s.to()}, s.periods(tb).Zone),
		backlog: flow.NewBacklog(metrics.Facet.Channel),
		days:    flow.NewBacklog(metrics.Facet.Channel, days...),
	}
}

func (s sinks) all() []metrics.Sink { return []metrics.Sink{s.series, s.heatMap, s.backlog, s.days} }

func (s sinks) merge(tb testing.TB, other sinks) {
	merged(tb, s.series, other.series)
	merged(tb, s.heatMap, other.heatMap)
	merged(tb, s.backlog, other.backlog)
	merged(tb, s.days, other.days)
}

// shown is all that the sinks show.
func (s sinks) shown(in setting) string {
	return fmt.Sprint(listed(s.series, in.from(), in.to()), shownHours(s.heatMap), shownStocks(s.backlog), shownStocks(s.days))
}

func shownHours(m *flow.HeatMap[channel]) string {
	text := fmt.Sprint(*m.Total())
	for _, key := range slices.Sorted(m.Keys()) {
		text += fmt.Sprint(key, *m.Hours(key))
	}
	return text
}

func shownStocks(b *flow.Backlog[channel]) string {
	show := func(s flow.Stock) string { return fmt.Sprint(s.At(), s.Count(), s.Oldest(99)) }
	text := show(b.Total())
	for s := range b.Totals() {
		text += show(s)
	}
	for _, key := range slices.Sorted(b.Keys()) {
		text += string(key) + show(b.Stock(key))
		for s := range b.Stocks(key) {
			text += show(s)
		}
	}
	return text
}

func TestSinkLaws(t *testing.T) {
	properties := laws(t, 300)
	properties.Property("in one pass each counts what it counts alone, and parts merge to the whole", prop.ForAll(func(steps []step, s setting, n int) string {
		reading := s.read(logOf(t, eventsOf(steps)))
		together, alone, parts := s.sinks(t), s.sinks(t), s.sinks(t)
		if err := reading.Into(together.all()...); err != nil {
			return err.Error()
		}
		for _, sink := range alone.all() {
			fed(t, reading, sink)
		}
		if len(reading.Parts(n)) == 0 {
			parts = alone
		}
		for _, part := range slices.Backward(reading.Parts(n)) {
			of := s.sinks(t)
			if err := part.Into(of.all()...); err != nil {
				return err.Error()
			}
			parts.merge(t, of)
		}
		if want := alone.shown(s); together.shown(s) != want || parts.shown(s) != want {
			return want
		}
		return ""
	}, genSteps(), genSetting(), gen.IntRange(1, 4)))
	properties.Property("a log without conversations has its rows, hours and instants", prop.ForAll(func(s setting) bool {
		empty := s.sinks(t)
		if err := s.read(new(metrics.EventLog)).Into(empty.all()...); err != nil {
			return false
		}
		// So has one of which nothing is known yet.
		reading := s.read(logOf(t, []metrics.Event{metrics.MessageReceived{Conversation: "a", At: s.asOf().Add(1)}}))
		full := s.sinks(t)
		return reading.Into(full.all()...) == nil && full.shown(s) == empty.shown(s) && full.series.Terms().AsOf.Equal(s.asOf())
	}, genSetting()))
	properties.Property("what was handed out does not change, nor do histories that are kept", prop.ForAll(func(steps []step, s setting) string {
		all := slices.Collect(s.read(logOf(t, eventsOf(steps))).Histories())
		sinks := s.sinks(t)
		before := fmt.Sprint(all)
		var rows []flow.Row
		var wantRows, wantStocks []string
		var stocks []flow.Stock
		var hours []*flow.WeekHours
		var wantHours []flow.WeekHours
		for _, h := range all {
			for _, sink := range sinks.all() {
				fedBy(t, []*metrics.History{h}, sink)
			}
			for row := range sinks.series.Total(s.from(), s.to()) {
				rows, wantRows = append(rows, row), append(wantRows, string(binaryOf(t, row)))
			}
			for _, stock := range append(slices.Collect(sinks.days.Totals()), sinks.backlog.Total(), sinks.backlog.Stock("email")) {
				stocks, wantStocks = append(stocks, stock), append(wantStocks, fmt.Sprint(stock))
			}
			hours = append(hours, sinks.heatMap.Total(), sinks.heatMap.Hours("email"))
			wantHours = append(wantHours, *sinks.heatMap.Total(), *sinks.heatMap.Hours("email"))
		}
		for i, row := range rows {
			if string(binaryOf(t, row)) != wantRows[i] {
				return "a row"
			}
		}
		for i, stock := range stocks {
			if fmt.Sprint(stock) != wantStocks[i] {
				return "a stock"
			}
		}
		for i, h := range hours {
			if *h != wantHours[i] {
				return "hours"
			}
		}
		if fmt.Sprint(all) != before {
			return "a history"
		}
		return ""
	}, genSteps(), genSetting()))
	properties.Property("a backlog at several instants is that at each", prop.ForAll(func(steps []step, s setting) bool {
		log := logOf(t, eventsOf(steps))
		days := fed(t, s.read(log), s.sinks(t).days)
		var last time.Time
		for stock := range days.Totals() {
			alone := fed(t, s.read(log), flow.NewBacklog(metrics.Facet.Channel, stock.At()))
			if fmt.Sprint(stock.Oldest(99)) != fmt.Sprint(alone.Total().Oldest(99)) || stock.At().Before(last) || stock.At().After(s.asOf()) {
				return false
			}
			last = stock.At()
		}
		return days.Total().At().Equal(last) && days.Total().Count() == byKeys(days)
	}, genSteps(), genSetting()))
	properties.Property("known then is a reading as of then, without what was edited, retracted or discarded since", prop.ForAll(func(steps []step, s setting) bool {
		list := slices.DeleteFunc(eventsOf(steps), func(e metrics.Event) bool {
			r := metrics.RecordOf(e)
			switch {
			case r.Type == metrics.KindMerged && r.Into >= r.Conversation: // what merges later may close a circle
				return true
			case r.Type == metrics.KindAssigned && r.Agent == "bot": // who replies as an assistant later is none yet
				return true
			}
			return r.ID != "" || r.Type == metrics.KindDiscarded || s.rules().ExcludeTeamFirst
		})
		for _, id := range []metrics.ConversationID{"a", "b"} { // are there from the beginning
			list = append(list, metrics.RatingRequested{Conversation: id, At: instantOf(0)})
		}
		log := logOf(t, list)
		at := s.from()
		if at.After(s.asOf()) {
			at = s.asOf()
		}
		then := fed(t, log.Read(s.rules(), at), flow.NewBacklog(metrics.Whole))
		now := fed(t, s.read(log), flow.NewBacklog(metrics.Whole, at))
		return fmt.Sprint(then.Total().Oldest(99)) == fmt.Sprint(now.Total().Oldest(99)) && then.Total().At().Equal(now.Total().At())
	}, genSteps(), genSetting()))
	properties.TestingRun(t)
}

// byKeys returns the count at the last instant, key by key.
func byKeys(b *flow.Backlog[channel]) (n int64) {
	for key := range b.Keys() {
		n += b.Stock(key).Count()
	}
	return n
}

// TestTrackerLaws tracks each sink, with conversations that are closed on the way,
// of which nothing comes any more, and into which none is merged any more.
func TestTrackerLaws(t *testing.T) {
	properties := laws(t, 200)
	properties.Property("a tracker shows what a log of all events shows", prop.ForAll(func(steps []step, s setting) string {
		list := eventsOf(steps)
		slices.SortFunc(list, func(a, b metrics.Event) int { return metrics.RecordOf(a).At.Compare(metrics.RecordOf(b).At) })
		series := metrics.NewTracker(s.rules(), func() *flow.Series[channel] { return s.sinks(t).series })
		heatMap := metrics.NewTracker(s.rules(), func() *flow.HeatMap[channel] { return s.sinks(t).heatMap })
		backlog := metrics.NewTracker(s.rules(), func() *flow.Backlog[channel] { return s.sinks(t).backlog })
		days := metrics.NewTracker(s.rules(), func() *flow.Backlog[channel] { return s.sinks(t).days })
		gone := make(map[metrics.ConversationID]bool)
		var taken []metrics.Event
		for i, e := range list {
			r := metrics.RecordOf(e)
			if gone[r.Conversation] || gone[r.Into] {
				continue
			}
			taken = append(taken, e)
			for _, err := range []error{series.Append(e), heatMap.Append(e), backlog.Append(e), days.Append(e)} {
				if err != nil {
					return err.Error()
				}
			}
			if i%5 == 4 {
				closing := func(h *metrics.History) bool {
					gone[h.Conversation().ID()] = true
					return true
				}
				for _, closed := range []func(time.Time, func(*metrics.History) bool) (int, error){series.Close, heatMap.Close, backlog.Close, days.Close} {
					if _, err := closed(r.At, closing); err != nil {
						return err.Error()
					}
				}
			}
		}
		asOf := instantOf(slots + 3*48)
		want := s.sinks(t)
		if err := logOf(t, taken).Read(s.rules(), asOf).Into(want.all()...); err != nil {
			return err.Error()
		}
		var got sinks
		var errs [4]error
		got.series, errs[0] = series.AsOf(asOf)
		got.heatMap, errs[1] = heatMap.AsOf(asOf)
		got.backlog, errs[2] = backlog.AsOf(asOf)
		got.days, errs[3] = days.AsOf(asOf)
		if err := errors.Join(errs[:]...); err != nil {
			return err.Error()
		}
		if got, want := got.shown(s), want.shown(s); got != want {
			return got + "\nwant\n" + want
		}
		return ""
	}, genSteps(), genSetting()))
	properties.TestingRun(t)
}

// TestUnlike merges what does not add up.
func TestUnlike(t *testing.T) {
	rules := metrics.Rules{}
	log, other := read(desk), read(desk)
	days, weeks := metrics.Periods{}, metrics.Periods{Unit: metrics.Week}
	span := metrics.Span{Start: date(1), End: date(4)}
	berlin := zone(t, "Europe/Berlin")
	series := func(log *metrics.EventLog, rules metrics.Rules, asOf time.Time, p metrics.Periods) *flow.Series[string] {
		return fed(t, log.Read(rules, asOf), flow.NewSeries(metrics.Whole, p))
	}
	heatMap := func(log *metrics.EventLog, rules metrics.Rules, asOf time.Time, span metrics.Span, zone *time.Location) *flow.HeatMap[string] {
		return fed(t, log.Read(rules, asOf), flow.NewHeatMap(metrics.Whole, span, zone))
	}
	backlog := func(log *metrics.EventLog, rules metrics.Rules, asOf time.Time, at ...time.Time) *flow.Backlog[string] {
		return fed(t, log.Read(rules, asOf), flow.NewBacklog(metrics.Whole, at...))
	}
	byStart := metrics.Rules{ByStart: true}
	s, m, b := series(log, rules, date(5), days), heatMap(log, rules, date(5), span, berlin), backlog(log, rules, date(5), date(3))
	shown := func() string {
		return fmt.Sprint(plainRows(s), s.Terms(), *m.Total(), m.Terms(), b.Total(), b.Terms())
	}
	before := shown()
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"series of weeks", s.Merge(series(other, rules, date(5), weeks)), flow.ErrUnlike},
		{"series in Berlin", s.Merge(series(other, rules, date(5), metrics.Periods{Zone: berlin})), flow.ErrUnlike},
		{"series of other rules", s.Merge(series(other, byStart, date(5), days)), metrics.ErrOtherTerms},
		{"series as of another instant", s.Merge(series(other, rules, date(6), days)), metrics.ErrOtherTerms},
		{"the same series", s.Merge(s), metrics.ErrTwice},
		{"a series of the same log", s.Merge(series(log, rules, date(5), days)), metrics.ErrTwice},
		{"another reading", log.Read(rules, date(6)).Into(s), metrics.ErrOtherTerms},
		{"the same reading", log.Read(rules, date(5)).Into(s), metrics.ErrTwice},
		{"heat maps of other spans", m.Merge(heatMap(other, rules, date(5), metrics.Span{Start: date(1), End: date(5)}, berlin)), flow.ErrUnlike},
		{"heat maps of other zones", m.Merge(heatMap(other, rules, date(5), span, nil)), flow.ErrUnlike},
		{"heat maps of other rules", m.Merge(heatMap(other, byStart, date(5), span, berlin)), metrics.ErrOtherTerms},
		{"the same heat map", m.Merge(m), metrics.ErrTwice},
		{"backlogs at other instants", b.Merge(backlog(other, rules, date(5), date(4))), flow.ErrUnlike},
		{"backlogs at more instants", b.Merge(backlog(other, rules, date(5), date(3), date(4))), flow.ErrUnlike},
		{"backlogs at the reading's instant", b.Merge(backlog(other, rules, date(5))), flow.ErrUnlike},
		{"backlogs of other rules", b.Merge(backlog(other, byStart, date(5), date(3))), metrics.ErrOtherTerms},
		{"the same backlog", b.Merge(b), metrics.ErrTwice},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.err, test.want)
		}
	}
	if got := shown(); got != before {
		t.Errorf("an error changed something:\n%s\n%s", before, got)
	}
	// A history of other terms is refused by Add, too.
	for h := range log.Read(rules, date(6)).Histories() {
		for _, err := range []error{s.Add(h), m.Add(h), b.Add(h)} {
			if !errors.Is(err, metrics.ErrOtherTerms) {
				t.Error(err)
			}
		}
	}
	if got := shown(); got != before {
		t.Errorf("an error changed something:\n%s\n%s", before, got)
	}
	// The same things, made anew: a zone that was loaded again, and a week that
	// begins on no other day where there is none.
	merged(t, s, series(other, rules, date(5), metrics.Periods{WeekStart: time.Monday, Zone: time.UTC}))
	merged(t, m, heatMap(other, rules, date(5), metrics.Span{Start: date(1).In(berlin), End: date(4)}, zone(t, "Europe/Berlin")))
	merged(t, b, backlog(other, rules, date(5), date(3).In(berlin)))
	if got := b.Total().Count(); got != 2 {
		t.Errorf("%d open", got)
	}
}

func plainRows(s *flow.Series[string]) (rows []plainRow) {
	for row := range s.Total(date(1), date(9)) {
		rows = append(rows, plain(row))
	}
	return rows
}

// TestZonesThatAreUnlike merges series whose zones have one name, or one offset
// now.
func TestZonesThatAreUnlike(t *testing.T) {
	in := func(zone *time.Location) *flow.Series[string] {
		return flow.NewSeries(metrics.Whole, metrics.Periods{Zone: zone})
	}
	for _, test := range []struct {
		a, b *time.Location
		same bool
	}{
		{nil, time.UTC, true},
		{nil, time.FixedZone("here", 0), true},
		{time.FixedZone("here", 3600), time.FixedZone("here", 3600), true},
		{time.FixedZone("here", 3600), time.FixedZone("here", 7200), false},
		{zone(t, "America/New_York"), zone(t, "America/New_York"), true},
		{zone(t, "Europe/Berlin"), zone(t, "Europe/Paris"), false}, // which was ahead in the summer of 1976
		{zone(t, "Africa/Casablanca"), zone(t, "Africa/Casablanca"), true},
	} {
		if err := in(test.a).Merge(in(test.b)); (err == nil) != test.same || err != nil && !errors.Is(err, flow.ErrUnlike) {
			t.Errorf("%v and %v: %v", test.a, test.b, err)
		}
	}
}

// TestZeroSinks feeds zero values: everything is in the zero key.
func TestZeroSinks(t *testing.T) {
	var series flow.Series[int]
	var heatMap flow.HeatMap[int]
	var backlog flow.Backlog[int]
	if err := read(desk).Read(metrics.Rules{}, date(5)).Into(&series, &heatMap, &backlog); err != nil {
		t.Fatal(err)
	}
	want := fed(t, read(desk).Read(metrics.Rules{}, date(5)), flow.NewSeries(metrics.Whole, metrics.Periods{}))
	var rows []plainRow
	for row := range series.Rows(0, date(1), date(9)) {
		rows = append(rows, plain(row))
	}
	if !slices.Equal(rows, plainRows(want)) || len(rows) != 5 {
		t.Errorf("%+v", rows)
	}
	if backlog.Stock(0).Count() != 1 || !backlog.Stock(1).At().Equal(date(5)) || *heatMap.Total() != (flow.WeekHours{}) {
		t.Errorf("%v, %v", backlog.Total(), heatMap.Total())
	}
}

func TestSumLaws(t *testing.T) {
	properties := laws(t, 300)
	properties.Property("the sum of consecutive rows is what the oracle counts in all of it", prop.ForAll(func(steps []step, s setting) string {
		list := eventsOf(steps)
		series := seriesOf(t, s, s.read(logOf(t, list)))
		rows := slices.Collect(series.Total(s.from(), s.to()))
		got, err := flow.Sum(slices.Values(rows))
		if err != nil {
			return err.Error()
		}
		switch len(rows) {
		case 0:
			if plain(got) != plain(flow.Row{}) {
				return "a sum of nothing"
			}
			return ""
		case 1:
			if !bytes.Equal(binaryOf(t, got), binaryOf(t, rows[0])) {
				return "a sum of one row"
			}
			return ""
		}
		last := rows[len(rows)-1]
		all := oracles(list, s.rules(), s.asOf())
		span := metrics.Span{Start: rows[0].Span.Start, End: last.Period.In(s.periods(t).Zone).End}
		if want := expected(all, s.rules(), metrics.Period{}, span, s.asOf()); plain(got) != want {
			return fmt.Sprintf("%+v\nwant %+v", plain(got), want)
		}
		again(t, got)
		// A gap, an overlap and another order are errors.
		for _, bad := range [][]flow.Row{{rows[0], rows[0]}, {rows[1], rows[0]}, append([]flow.Row{rows[len(rows)-1]}, rows...)} {
			if _, err := flow.Sum(slices.Values(bad)); !errors.Is(err, flow.ErrUnlike) && rows[0].Span.Start.Before(rows[0].Span.End) && rows[1].Span.Start.Before(rows[1].Span.End) {
				return fmt.Sprint("no error: ", err)
			}
		}
		return ""
	}, genSteps(), genSetting()))
	properties.TestingRun(t)
}

func TestRowsThatAreUnlike(t *testing.T) {
	rows := storedRows(t)[1:]
	three := slices.Values(rows)
	if sum, err := flow.Sum(three); err != nil || sum.Closing() != rows[2].Closing() || sum.Period != (metrics.Period{}) {
		t.Errorf("%+v, %v", sum, err)
	}
	withoutHours := rows[1]
	withoutHours.HandOffInHours = metrics.Summary{}
	later := withoutHours
	later.Span.Start, later.Span.End, later.Opening = rows[1].Span.End, rows[1].Span.End.AddDate(0, 0, 7), rows[1].Closing()
	other := rows[2]
	other.Opening++
	for name, list := range map[string][]flow.Row{
		"a gap":              {rows[0], rows[2]},
		"an overlap":         {rows[0], rows[1], rows[1]},
		"another backlog":    {rows[0], rows[1], other},
		"hours of some only": {rows[0], rows[1], later},
		"the zero Row":       {rows[0], {}},
	} {
		if sum, err := flow.Sum(slices.Values(list)); !errors.Is(err, flow.ErrUnlike) || plain(sum) != plain(flow.Row{}) {
			t.Errorf("the sum with %s: %v", name, err)
		}
	}
	before := binaryOf(t, rows[1])
	cut := rows[1]
	cut.Span.End = cut.Span.End.Add(-1)
	day := rows[1]
	day.Period = metrics.Period{}
	for name, r := range map[string]flow.Row{"another week": rows[0], "another end": cut, "another period": day, "no hours": withoutHours} {
		if err := rows[1].Merge(&r); !errors.Is(err, flow.ErrUnlike) || !bytes.Equal(binaryOf(t, rows[1]), before) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := rows[1].Merge(new(flow.Row)); err != nil || !bytes.Equal(binaryOf(t, rows[1]), before) {
		t.Errorf("the zero Row: %v", err)
	}
	// Neither has hand-offs, so both agree with any hours.
	if err := rows[0].Merge(&rows[0]); err != nil {
		t.Error(err)
	}
}
