package flow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

// conversation makes events of a conversation: "09:00 message" is on 2 March
// 2026, and "+2 09:00 message" two days later, in UTC. What follows is the agent, or the
// conversation into which it is merged.
func conversation(t *testing.T, id metrics.ConversationID, lines ...string) []metrics.Event {
	t.Helper()
	kinds := map[string]metrics.Record{
		"opened": {Type: metrics.KindOpened}, "message": {Type: metrics.KindMessageReceived},
		"reply": {Type: metrics.KindReplySent}, "bot": {Type: metrics.KindReplySent, By: metrics.ByAssistant},
		"ack":      {Type: metrics.KindReplySent, By: metrics.ByAutomation},
		"assigned": {Type: metrics.KindAssigned}, "paused": {Type: metrics.KindPaused}, "resumed": {Type: metrics.KindResumed},
		"resolved": {Type: metrics.KindResolved}, "reopened": {Type: metrics.KindReopened},
		"abandoned": {Type: metrics.KindAbandoned}, "merged": {Type: metrics.KindMerged, Into: "elsewhere"}, "discarded": {Type: metrics.KindDiscarded},
	}
	var list []metrics.Event
	for _, line := range lines {
		var days, hour, minute int
		var kind string
		var agent metrics.AgentID
		if line[0] != '+' {
			line = "+0 " + line
		}
		if n, err := fmt.Sscanf(line, "+%d %d:%d %s %s", &days, &hour, &minute, &kind, &agent); n < 4 {
			t.Fatal(line, err)
		}
		r, ok := kinds[kind]
		if !ok {
			t.Fatal(line)
		}
		r.Conversation, r.At = id, time.Date(2026, 3, 2+days, hour, minute, 0, 0, time.UTC)
		if r.Type == metrics.KindReplySent || r.Type == metrics.KindAssigned {
			r.Agent = agent
		}
		if r.Type == metrics.KindMerged && agent != "" {
			r.Into = metrics.ConversationID(agent)
		}
		e, err := r.Event()
		if err != nil {
			t.Fatal(line, err)
		}
		list = append(list, e)
	}
	return list
}

func total(t *testing.T, rules metrics.Rules, periods metrics.Periods, asOf, from, to time.Time, list []metrics.Event) []flow.Row {
	t.Helper()
	series := fed(t, logOf(t, list).Read(rules, asOf), flow.NewSeries(metrics.Whole, periods))
	return slices.Collect(series.Total(from, to))
}

// TestCounts has a row for each rule of what is counted. The numbers follow from
// the package documentation.
func TestCounts(t *testing.T) {
	type counts = flow.Counts
	volume := func(messages, replies, assistant int64) metrics.Volume {
		return metrics.Volume{Messages: messages, Replies: replies, Assistant: assistant}
	}
	acknowledged := func(v metrics.Volume, times int64) metrics.Volume {
		v.Automated = times
		return v
	}
	tests := []struct {
		name    string
		rules   metrics.Rules
		lines   []string
		want    counts
		closing int64
	}{
		{"a message begins it", metrics.Rules{}, []string{"09:00 message", "09:30 message"},
			counts{Volume: volume(2, 0, 0), Arrivals: 1}, 1},
		{"a record begins it", metrics.Rules{}, []string{"09:00 opened", "09:30 message"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1}, 1},
		{"a reply alone does not", metrics.Rules{}, []string{"09:00 reply ana"},
			counts{Volume: volume(0, 1, 0), FirstReplies: 1}, 0},
		{"resolved once, whatever is repeated", metrics.Rules{}, []string{"09:00 message", "10:00 resolved", "11:00 resolved"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1, Resolutions: 1}, 0},
		{"in and out at one instant", metrics.Rules{}, []string{"09:00 message", "09:00 resolved"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1, Resolutions: 1}, 0},
		{"a message reopens", metrics.Rules{}, []string{"09:00 message", "10:00 resolved", "11:00 message"},
			counts{Volume: volume(2, 0, 0), Arrivals: 1, Reopenings: 1, Resolutions: 1, Reopened: 1}, 1},
		{"but not by the rule", metrics.Rules{ReopenExplicitly: true}, []string{"09:00 message", "10:00 resolved", "11:00 message"},
			counts{Volume: volume(2, 0, 0), Arrivals: 1, Resolutions: 1}, 0},
		{"an explicit reopening", metrics.Rules{ReopenExplicitly: true}, []string{"09:00 message", "10:00 resolved", "11:00 reopened", "12:00 reopened"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1, Reopenings: 1, Resolutions: 1, Reopened: 1}, 1},
		{"known from its reopening on", metrics.Rules{}, []string{"09:00 reopened", "10:00 resolved"},
			counts{Reopenings: 1, Resolutions: 1}, 0},
		{"known from its resolution on", metrics.Rules{}, []string{"09:00 resolved", "10:00 message"},
			counts{Volume: volume(1, 0, 0), Reopenings: 1}, 1},
		{"given up", metrics.Rules{}, []string{"09:00 message", "09:05 abandoned", "09:06 abandoned"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1, Abandoned: 1}, 0},
		{"given up, and called again", metrics.Rules{}, []string{"09:00 message", "09:05 abandoned", "10:00 message", "10:01 reply ana"},
			counts{Volume: volume(2, 1, 0), Arrivals: 1, Reopenings: 1, Abandoned: 1, FirstReplies: 1}, 1},
		{"merged into what is not there", metrics.Rules{}, []string{"09:00 message", "10:00 merged"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1}, 1},
		{"on hold it is in the backlog", metrics.Rules{}, []string{"09:00 message", "10:00 paused"},
			counts{Volume: volume(1, 0, 0), Arrivals: 1}, 1},
		{"discarded", metrics.Rules{}, []string{"09:00 message", "10:00 bot", "11:00 discarded", "12:00 discarded", "13:00 message"},
			counts{Discarded: 1}, 0},
		{"discarded again, after it was restored", metrics.Rules{}, []string{"09:00 message", "10:00 discarded", "11:00 reopened", "12:00 discarded"},
			counts{Discarded: 1}, 0},
		{"restored", metrics.Rules{}, []string{"09:00 message", "10:00 discarded", "11:00 reopened", "12:00 reply ana"},
			counts{Volume: volume(1, 1, 0), Arrivals: 1, FirstReplies: 1}, 1},
		{"restored, and left out", metrics.Rules{ExcludeTeamFirst: true}, []string{"09:00 reply ana", "10:00 discarded", "11:00 reopened"},
			counts{}, 0},
		{"left out", metrics.Rules{ExcludeTeamFirst: true}, []string{"09:00 reply ana", "10:00 message", "11:00 resolved"},
			counts{}, 0},
		{"left out, and discarded", metrics.Rules{ExcludeTeamFirst: true}, []string{"09:00 reply ana", "10:00 discarded"},
			counts{Discarded: 1}, 0},
		{"handed to a person", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:02 bot", "09:30 reply ana", "09:40 reply ana"},
			counts{Volume: volume(1, 2, 2), Arrivals: 1, FirstReplies: 1, HandOffs: 1}, 1},
		{"a person first", metrics.Rules{}, []string{"09:00 message", "09:01 reply ana", "09:02 bot", "09:30 reply ana"},
			counts{Volume: volume(1, 2, 1), Arrivals: 1, FirstReplies: 1}, 1},
		{"at one instant a person first", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:01 reply ana"},
			counts{Volume: volume(1, 1, 1), Arrivals: 1, FirstReplies: 1}, 1},
		{"an assistant that counts as a person is an assistant", metrics.Rules{Assistant: metrics.AssistantAnswers}, []string{"09:00 message", "09:01 bot", "09:30 reply ana"},
			counts{Volume: volume(1, 1, 1), Arrivals: 1, FirstReplies: 1, HandOffs: 1}, 1},
		{"an acknowledgement is no hand-off", metrics.Rules{Automation: metrics.AutomationAnswers}, []string{"09:00 message", "09:01 ack", "09:30 reply ana"},
			counts{Volume: acknowledged(volume(1, 1, 0), 1), Arrivals: 1, FirstReplies: 1}, 1},
		{"acknowledged, answered by an assistant, handed over", metrics.Rules{}, []string{"09:00 message", "09:00 ack", "09:01 bot", "09:20 assigned ana", "09:30 reply ana"},
			counts{Volume: acknowledged(volume(1, 1, 1), 1), Arrivals: 1, FirstReplies: 1, HandOffs: 1, Assignments: 1}, 1},
		{"only acknowledged is not deflected", metrics.Rules{}, []string{"09:00 message", "09:01 ack", "09:30 resolved"},
			counts{Volume: acknowledged(volume(1, 0, 0), 1), Arrivals: 1, Resolutions: 1}, 0},
		{"assigned, but never answered by a person", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:10 assigned ana", "09:30 resolved"},
			counts{Volume: volume(1, 0, 1), Arrivals: 1, Resolutions: 1, Deflections: 1, Assignments: 1}, 0},
		{"given up with an assistant is not deflected", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:30 abandoned"},
			counts{Volume: volume(1, 0, 1), Arrivals: 1, Abandoned: 1}, 0},
		{"deflected", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:30 resolved"},
			counts{Volume: volume(1, 0, 1), Arrivals: 1, Resolutions: 1, Deflections: 1}, 0},
		{"deflected with the last reply", metrics.Rules{}, []string{"09:00 message", "09:30 bot", "09:30 resolved"},
			counts{Volume: volume(1, 0, 1), Arrivals: 1, Resolutions: 1, Deflections: 1}, 0},
		{"nobody replied", metrics.Rules{}, []string{"09:00 message", "09:30 resolved", "10:00 bot"},
			counts{Volume: volume(1, 0, 1), Arrivals: 1, Resolutions: 1}, 0},
		{"a person replied with the resolution", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:30 reply ana", "09:30 resolved"},
			counts{Volume: volume(1, 1, 1), Arrivals: 1, Resolutions: 1, FirstReplies: 1, HandOffs: 1}, 0},
		{"deflected, and handed over later", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:30 resolved", "10:00 message", "10:01 bot", "11:00 reply ana", "11:00 resolved"},
			counts{Volume: volume(2, 1, 2), Arrivals: 1, Reopenings: 1, Resolutions: 2, Reopened: 1, Deflections: 1, FirstReplies: 1, HandOffs: 1}, 0},
		{"taken over twice", metrics.Rules{}, []string{"09:00 message", "09:01 reply ana", "09:02 reply", "09:03 reply ana", "09:04 reply ben", "09:05 bot eve", "09:06 reply ben", "09:07 reply ana"},
			counts{Volume: volume(1, 6, 1), Arrivals: 1, FirstReplies: 1, Takeovers: 2}, 1},
		{"assigned", metrics.Rules{}, []string{"09:00 assigned ana", "09:01 assigned ana", "09:02 assigned", "09:03 assigned ana", "09:04 assigned", "09:05 assigned ben", "09:06 assigned ana"},
			counts{Assignments: 4, Reassignments: 2}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows := total(t, test.rules, metrics.Periods{}, date(3), date(2), date(3), conversation(t, "7", test.lines...))
			if len(rows) != 1 || rows[0].Counts != test.want || rows[0].Closing() != test.closing {
				t.Errorf("got %+v, want %+v", rows, test.want)
			}
		})
	}
}

func TestEventsBeforeTheFirstPeriodAreInTheOpeningBacklog(t *testing.T) {
	list := slices.Concat(
		conversation(t, "before", "09:00 message"),
		conversation(t, "resolved before", "09:00 message", "10:00 resolved"),
		conversation(t, "at the beginning", "+1 00:00 message"),
		conversation(t, "until the beginning", "09:00 message", "+1 00:00 resolved"),
		conversation(t, "after", "+2 00:00 message"),
	)
	rows := total(t, metrics.Rules{}, metrics.Periods{}, date(9), date(3), date(4), list)
	if len(rows) != 1 {
		t.Fatal(rows)
	}
	r := rows[0]
	if r.Opening != 2 || r.Arrivals != 1 || r.Resolutions != 1 || r.Closing() != 2 || r.OpenTime().String() != "172800" {
		t.Errorf("%+v, open for %v", r, r.OpenTime())
	}
}

func TestPeriodsInWhichNothingHappened(t *testing.T) {
	rows := total(t, metrics.Rules{}, metrics.Periods{}, date(6), date(1), date(31), conversation(t, "7", "09:00 message", "+3 12:00 resolved"))
	// Days 1 to 6: the last one has just begun, and the rest is not known.
	want := []struct {
		opening, closing int64
		mean             float64
		ok               bool
	}{{0, 0, 0, true}, {0, 1, 0.625, true}, {1, 1, 1, true}, {1, 1, 1, true}, {1, 0, 0.5, true}, {0, 0, 0, false}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i, w := range want {
		mean, ok := rows[i].MeanBacklog()
		if rows[i].Opening != w.opening || rows[i].Closing() != w.closing || mean != w.mean || ok != w.ok {
			t.Errorf("row %d: %d to %d, mean %v, %v; want %v", i, rows[i].Opening, rows[i].Closing(), mean, ok, w)
		}
	}
	empty := rows[0]
	if empty.Counts != (flow.Counts{}) {
		t.Errorf("%+v", empty)
	}
	for _, share := range shares(empty.Counts) {
		if share.Defined() {
			t.Errorf("a share of nothing is %v", share)
		}
	}
	// There are rows of a log without conversations, and for a key with no members.
	series := fed(t, new(metrics.EventLog).Read(metrics.Rules{}, date(6)), flow.NewSeries(metrics.Facet.Channel, metrics.Periods{}))
	if n := len(slices.Collect(series.Rows(metrics.Email, date(1), date(4)))); n != 3 {
		t.Errorf("%d rows", n)
	}
	if n := len(slices.Collect(series.Total(date(4), date(4)))) + len(slices.Collect(series.Total(date(4), date(1)))); n != 0 {
		t.Errorf("%d rows of no time", n)
	}
	if slices.Collect(series.Keys()) != nil {
		t.Error("asking made a key")
	}
	for range series.Total(date(1), date(9)) {
		break
	}
}

func TestDeskThatNeverAnswers(t *testing.T) {
	var list []metrics.Event
	for i := range 5 {
		list = append(list, conversation(t, metrics.ConversationID(fmt.Sprint(i)), fmt.Sprintf("+%d 12:00 message", i))...)
	}
	backlog := int64(0)
	for i, r := range total(t, metrics.Rules{}, metrics.Periods{}, date(9), date(2), date(7), list) {
		mean, ok := r.MeanBacklog()
		if r.Opening != backlog || r.Arrivals != 1 || r.Outflow() != 0 || !ok || mean != float64(i)+0.5 {
			t.Errorf("%+v, mean %v", r, mean)
		}
		backlog++
		if r.ReopenRate().Defined() || r.HandOffRate().Defined() || r.HandOffTime.Count() != 0 {
			t.Errorf("%+v", r)
		}
	}
	b := fed(t, logOf(t, list).Read(metrics.Rules{}, date(7)), flow.NewBacklog(metrics.Whole))
	ages := b.Total().Ages(nil)
	mean, _ := ages.Mean()
	if oldest, _ := ages.Max(); ages.Count() != 5 || oldest != 108*time.Hour || mean != 60*time.Hour {
		t.Errorf("ages %v", ages)
	}
	// Exactly 36 hours is not older than 36 hours.
	if n := b.Total().Older(36*time.Hour, nil); n != 3 {
		t.Errorf("%d older than 36 hours", n)
	}
}

// In 2026 the days on which the clocks of Berlin are changed have 23 and 25
// hours (29 March and 25 October).
func TestDaysOnWhichClocksAreChanged(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, test := range []struct {
		month time.Month
		day   int
		hours int64
	}{{time.March, 29, 23}, {time.October, 25, 25}} {
		midnight := time.Date(2026, test.month, test.day, 0, 0, 0, 0, berlin)
		next := time.Date(2026, test.month, test.day+1, 0, 0, 0, 0, berlin)
		list := []metrics.Event{
			metrics.MessageReceived{Conversation: "7", At: midnight.Add(-24 * time.Hour)},
			metrics.MessageReceived{Conversation: "8", At: next.Add(-time.Hour)},
			metrics.MessageReceived{Conversation: "9", At: next.Add(-1)},
			metrics.MessageReceived{Conversation: "10", At: next},
		}
		rows := total(t, metrics.Rules{}, metrics.Periods{Zone: berlin}, next.Add(time.Hour), midnight, next.Add(1), list)
		if len(rows) != 2 {
			t.Fatal(rows)
		}
		want := decimal.New(test.hours*3600+3600, 0).Add(decimal.New(1, -9))
		r := rows[0]
		if r.Opening != 1 || r.Arrivals != 2 || !r.OpenTime().Equal(want) || !r.Span.Start.Equal(midnight) || !r.Span.End.Equal(next) {
			t.Errorf("%+v, open for %v", r, r.OpenTime())
		}
		if rows[1].Opening != 3 || rows[1].Closing() != 4 {
			t.Errorf("%+v", rows[1])
		}
	}
}

// TestLittle holds the mean backlog against Little's law (1961): over a stretch
// that begins and ends empty, L = λW exactly.
func TestLittle(t *testing.T) {
	properties := laws(t, 500)
	properties.Property("L = λW", prop.ForAll(func(steps []step, s setting) bool {
		list := eventsOf(steps)
		for _, id := range []metrics.ConversationID{"a", "b", "c", "d"} { // ends with nothing open
			list = append(list, metrics.Resolved{Conversation: id, At: instantOf(slots + 3)})
		}
		asOf := instantOf(slots + 6)
		rows := total(t, s.rules(), s.periods(t), asOf, first.AddDate(-2, 0, 0), asOf.AddDate(2, 0, 0), list)
		var came int64          // λ times the length
		var spent time.Duration // W times came
		for h := range logOf(t, list).Read(s.rules(), asOf).Histories() {
			for _, cycle := range h.Cycles() {
				came++
				spent += cycle.End.Sub(cycle.Start)
			}
		}
		var inflow int64
		open := decimal.Zero // L times the length
		for _, r := range rows {
			inflow += r.Inflow()
			open = open.Add(r.OpenTime())
		}
		return rows[0].Opening == 0 && rows[len(rows)-1].Closing() == 0 && inflow == came && open.String() == seconds(spent)
	}, genSteps(), genSetting()))
	properties.TestingRun(t)

	// By hand: 4 conversations in a day, for 1, 2, 3 and 6 hours: λ = 1/6 per
	// hour, W = 3 hours, L = ½.
	rows := total(t, metrics.Rules{}, metrics.Periods{}, date(9), date(2), date(3), slices.Concat(
		conversation(t, "1", "08:00 message", "09:00 resolved"),
		conversation(t, "2", "08:30 message", "10:30 resolved"),
		conversation(t, "3", "13:00 message", "14:00 paused", "15:00 resumed", "16:00 abandoned"),
		conversation(t, "4", "15:00 message", "21:00 resolved"),
	))
	if mean, ok := rows[0].MeanBacklog(); mean != 0.5 || !ok {
		t.Errorf("mean backlog %v, want ½", mean)
	}
}

// The nanoseconds of 293 years need 64 bits: 400 conversations that are open for
// a year have more.
func TestOpenTimeOf128Bits(t *testing.T) {
	const n = 400
	var list []metrics.Event
	for i := range n {
		id := metrics.ConversationID(fmt.Sprint(i))
		list = append(list,
			metrics.MessageReceived{Conversation: id, At: date(2)},
			metrics.Resolved{Conversation: id, At: date(2).AddDate(2, 0, 0)},
		)
	}
	years := metrics.Periods{Unit: metrics.Year}
	rows := total(t, metrics.Rules{}, years, date(2).AddDate(9, 0, 0), date(2), date(2).AddDate(3, 0, 0), list)
	// In 2026 from 2 March on 305 days, in 2027 365, in 2028 until 2 March 61.
	for i, days := range []int64{305, 365, 61, 0} {
		if want := decimal.New(n*days*86400, 0); !rows[i].OpenTime().Equal(want) {
			t.Errorf("%v: open for %v, want %v", rows[i].Period, rows[i].OpenTime(), want)
		}
	}
	if mean, ok := rows[1].MeanBacklog(); mean != n || !ok {
		t.Errorf("mean %v", mean)
	}
}
