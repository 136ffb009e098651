package servicequality_test

import (
	"encoding"
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// A v1Value holds the values of a type by which its stored forms are pinned.
type v1Value struct {
	values    []any      // pointers
	blank     func() any // returns a pointer into which a form is read
	writeOnly bool       // it is not read by the library
}

type v1Table map[reflect.Type]v1Value

// of returns the values of a type: those of the table, each number of an enum that has a
// text, or one with something in each exported field.
func (table v1Table) of(typ reflect.Type) v1Value {
	v, given := table[typ]
	if v.blank == nil {
		v.blank = func() any { return reflect.New(typ).Interface() }
	}
	switch {
	case given && v.values != nil:
	case isEnum(typ):
		for n := range 256 {
			one := reflect.New(typ)
			one.Elem().SetUint(uint64(n))
			if _, err := one.Interface().(encoding.TextMarshaler).MarshalText(); err == nil {
				v.values = append(v.values, one.Interface())
			}
		}
	default:
		one, n := reflect.New(typ), int64(1)
		table.fill(one.Elem(), &n)
		v.values = []any{one.Interface()}
	}
	return v
}

// fill gives each exported field a value of its own, as far as it has enough of them.
func (table v1Table) fill(v reflect.Value, n *int64) {
	*n++
	if given := table[v.Type()].values; given != nil {
		v.Set(reflect.ValueOf(given[len(given)-1]).Elem())
		return
	}
	if isEnum(v.Type()) {
		v.SetUint(1)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				table.fill(v.Field(i), n)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			if i == 0 || i == v.Len()-1 || v.Len() < 24 {
				table.fill(v.Index(i), n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		table.fill(v.Index(0), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		table.fill(key, n)
		table.fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		table.fill(v.Elem(), n)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("text " + big.NewInt(*n).String())
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.5)
	case reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(*n)
	}
}

// nine is when the values of version 1 begin.
var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// after returns some minutes after nine.
func after(minutes int) time.Time { return nine.Add(time.Duration(minutes) * time.Minute) }

// v1Events are events of every kind, with every field set.
func v1Events() []metrics.Event {
	return []metrics.Event{
		metrics.Opened{ID: "e1", Conversation: "7", At: after(0), Seq: 1, Channel: metrics.Email, Priority: "high"},
		metrics.MessageReceived{ID: "e2", Conversation: "7", At: after(0).Add(time.Nanosecond), Seq: 2, Channel: metrics.Email, Customer: "zoe"},
		metrics.Assigned{ID: "e3", Conversation: "7", At: after(1), Seq: 3, Agent: "ana", Team: "billing"},
		metrics.Prioritized{ID: "e4", Conversation: "7", At: after(2), Seq: 4, Priority: "low"},
		metrics.ReplySent{ID: "e5", Conversation: "7", At: after(20), Seq: 5, Channel: metrics.Chat, Agent: "iris", By: metrics.ByAssistant},
		metrics.Handled{ID: "e6", Conversation: "7", At: after(21), Seq: 6, Agent: "ana", Took: 100*time.Second + time.Nanosecond, For: metrics.WrapUp},
		metrics.Paused{ID: "e7", Conversation: "7", At: after(22), Seq: 7, For: metrics.ForThirdParty, Until: after(30)},
		metrics.Resumed{ID: "e8", Conversation: "7", At: after(25), Seq: 8},
		metrics.Resolved{ID: "e9", Conversation: "7", At: after(40), Seq: 9, Agent: "ana", By: metrics.ByCustomer},
		metrics.RatingRequested{ID: "e10", Conversation: "7", At: after(41), Seq: 10, Channel: "sms", Agent: "ana"},
		metrics.RatingGiven{ID: "e11", Conversation: "7", At: after(50), Seq: 11, Stars: 4, Channel: "sms", Agent: "ana"},
		metrics.Reopened{ID: "e12", Conversation: "7", At: after(60), Seq: 12, Agent: "bo", By: metrics.ByAutomation},
		metrics.Abandoned{ID: "e13", Conversation: "7", At: after(61), Seq: 13},
		metrics.Retracted{ID: "e14", Conversation: "7", At: after(62), Seq: 14, Event: "e11"},
		metrics.Merged{ID: "e15", Conversation: "8", At: after(63), Seq: 15, Into: "7"},
		metrics.Discarded{ID: "e16", Conversation: "9", At: after(64), Seq: 16},
	}
}

// readingOf returns the reading of a desk on which a promise of half an hour was kept,
// broken and is open.
func readingOf(t *testing.T) metrics.Reading {
	t.Helper()
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: after(0), Channel: metrics.Email},
		metrics.Assigned{Conversation: "1", At: after(1), Agent: "ana", Team: "billing"},
		metrics.ReplySent{Conversation: "1", At: after(20), Agent: "ana"},
		metrics.Opened{Conversation: "2", At: after(5), Channel: metrics.Email, Priority: "high"},
		metrics.MessageReceived{Conversation: "2", At: after(5), Channel: metrics.Email, Customer: "zoe"},
		metrics.Assigned{Conversation: "2", At: after(6), Agent: "bo", Team: "billing"},
		metrics.Paused{Conversation: "2", At: after(7), For: metrics.ForThirdParty},
		metrics.Resumed{Conversation: "2", At: after(9)},
		metrics.ReplySent{Conversation: "2", At: after(65), Agent: "bo"},
		metrics.MessageReceived{Conversation: "3", At: after(40), Channel: metrics.Chat},
		metrics.MessageReceived{Conversation: "4", At: after(62), Channel: metrics.Chat},
		metrics.MessageReceived{Conversation: "5", At: after(89), Channel: metrics.Chat},
	} {
		if err := log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	return log.Read(metrics.Rules{PauseStopsWaits: metrics.AnyReason}, after(90))
}

// all returns the table's entry of some values of a type.
func all[T any](values ...T) v1Value {
	var v v1Value
	for i := range values {
		v.values = append(v.values, &values[i])
	}
	return v
}

// written returns all of them for a type that the library does not read.
func written[T any](values ...T) v1Value {
	v := all(values...)
	v.writeOnly = true
	return v
}

// sure returns v of a call that cannot fail.
func sure[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// v1Values returns the values of the types that cannot be filled field by field.
func v1Values(t *testing.T) v1Table {
	t.Helper()
	table := make(v1Table)
	add := func(v v1Value) { table[reflect.TypeOf(v.values[0]).Elem()] = v }

	// Of everywhere.
	add(all(time.Date(2026, 3, 2, 9, 0, 0, 1, time.UTC)))
	add(all(decimal.RequireFromString("12.5")))
	add(all(stat.Ratio{Part: 3, Whole: 4}))
	add(all(90 * time.Second))

	// Of metrics.
	var few, many metrics.Summary
	for i := range 2000 {
		many.Add(time.Duration(i*i) * time.Millisecond)
		if i%700 == 1 {
			few.Add(time.Duration(i) * time.Second)
		}
	}
	add(all(metrics.Summary{}, many, few))
	kinds := table.of(reflect.TypeFor[metrics.Kind]())
	kinds.values = kinds.values[1:] // the zero value is no event's
	add(kinds)
	add(all(metrics.Took(0), metrics.Took(100*time.Second+time.Nanosecond)))
	add(all(
		metrics.PeriodOf(metrics.Day, 2026, 3, 2, time.Monday), metrics.PeriodOf(metrics.Week, 2026, 3, 2, time.Sunday),
		metrics.PeriodOf(metrics.Month, 2026, 3, 2, time.Monday), metrics.PeriodOf(metrics.Quarter, 2026, 3, 2, time.Monday),
		metrics.PeriodOf(metrics.Year, 2026, 3, 2, time.Monday), metrics.PeriodOf(metrics.Week, 2026, 3, 2, time.Monday),
	))
	add(all(metrics.HoldReasons(""), metrics.AnyReason, metrics.HoldReasons("third_party,parts")))
	var records []metrics.Record
	for _, e := range v1Events() {
		records = append(records, metrics.RecordOf(e))
	}
	add(all(records...))
	add(all(metrics.Rules{
		Automation: 1, Assistant: 1, MessageResumes: 1, FirstResponseFrom: 1, ByStart: true, CountEachRating: true,
		CreditAssigned: true, ExcludeTeamFirst: true, ReopenExplicitly: true, PauseStopsWaits: "third_party,parts",
		NewCaseAfter: 168 * time.Hour, RatingExpires: 48 * time.Hour, ShortAbandon: 5 * time.Second,
	}))
	add(all(metrics.TrackerState{Settled: []byte(`{"email":{}}`), Until: after(0), Events: records}))

	// Of calendar.
	add(all(calendar.MustParseDate("2026-12-24")))
	add(all(calendar.MustParseMonthDay("12-25")))
	hours := calendar.MustParseHours("08:30-18:00")
	add(all(hours.Open, hours.Close))
	add(all(hours))
	add(all(calendar.Weekly{
		{calendar.MustParseHours("10:00-11:00")}, {hours}, {hours}, {hours}, {hours}, {calendar.MustParseHours("08:00-12:00"), calendar.MustParseHours("13:00-17:00")},
		{calendar.MustParseHours("22:00-02:00")},
	}))
	config := calendar.Config{
		Timezone: "Europe/Berlin", Weekly: *table[reflect.TypeFor[calendar.Weekly]()].values[0].(*calendar.Weekly),
		Holidays: []calendar.Date{calendar.MustParseDate("2026-04-03")}, RecurringHolidays: []calendar.MonthDay{calendar.MustParseMonthDay("12-25")},
		HolidayCloses: calendar.ClosesShift,
		Overrides:     map[calendar.Date][]calendar.Hours{calendar.MustParseDate("2026-12-24"): {calendar.MustParseHours("08:00-12:00")}},
		Breaks:        map[calendar.Date][]calendar.Hours{calendar.MustParseDate("2026-03-02"): {calendar.MustParseHours("10:00-12:00")}},
	}
	add(all(config))

	// Of what is read from a desk.
	reading := readingOf(t)
	byChannel := func(f metrics.Facet) string { return string(f.Channel()) }
	newBreakdown := func() *metrics.Breakdown[string] { return metrics.NewBreakdown(byChannel) }
	breakdown := newBreakdown()
	office := calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("08:00-18:00")}}}
	policy := standards.Policy{
		Name: "promises", Source: "the contract", Calendars: map[string]calendar.Config{"office": office, "berlin": config},
		Targets: []standards.Target{{
			Name: "half an hour", Agreement: "gold", Measure: standards.FirstResponse, Within: standards.BudgetOf(30 * time.Minute),
			Formula: standards.WithinMet, ShortAbandon: 5 * time.Second, Goal: stat.Ratio{Part: 4, Whole: 5}, Warn: stat.Ratio{Part: 3, Whole: 4},
			Channels: []metrics.Channel{metrics.Email, metrics.Chat}, Priorities: []metrics.Priority{"high", ""}, From: after(-60), Until: after(6000),
			Escalations: []standards.Escalation{{Name: "lead", After: 10 * time.Minute}},
		}, {
			Name: "two days", Measure: standards.FullResolution, Within: standards.BusinessDays(2), WarnDays: 1,
			Calendar: sure[*calendar.Calendar](t)(calendar.New(office)), CalendarName: "office",
			Teams: []metrics.TeamID{"billing"}, Customers: []metrics.CustomerID{"zoe"},
			Escalations: []standards.Escalation{{Name: "head", Days: 1}},
		}},
	}
	board := standards.NewBoard(policy)
	newScores := func() *standards.Scores[string] {
		return standards.NewScores(byChannel, policy, 10)
	}
	scores := newScores()
	if err := reading.Into(breakdown, board, scores); err != nil {
		t.Fatal(err)
	}
	table[reflect.TypeFor[metrics.Breakdown[string]]()] = v1Value{values: []any{breakdown}, blank: func() any { return newBreakdown() }}
	top := metrics.NewTop(2, func(a, b int) int { return b - a })
	for _, v := range []int{7, 9, 8} {
		top.Add(v)
	}
	table[reflect.TypeFor[metrics.Top[int]]()] = v1Value{values: []any{top}, writeOnly: true}

	// Of compare and flow.
	add(all(
		compare.Conversations, compare.FirstResponse, compare.Response, compare.NextResponse, compare.FirstResolution, compare.FullResolution,
		compare.Active, compare.CSAT, compare.Stars, compare.OneTouch, compare.Reopened, compare.RepliesToResolve, compare.Unanswered, compare.Automated,
		compare.FirstResponse.Mean(), compare.FirstResponse.P90(), compare.FullResolution.InHours(), compare.Metric("promises_kept:half an hour"),
		compare.FirstResponse.Within(time.Hour),
	))
	var counts flow.Counts
	n := int64(0)
	table.fill(reflect.ValueOf(&counts).Elem(), &n)
	counts.HandOffs, counts.Arrivals, counts.Resolutions, counts.Assignments, counts.Volume.Replies = few.Count(), 80, 60, 90, 100
	series := flow.NewSeries(metrics.Whole, metrics.Periods{Unit: metrics.Day})
	if err := reading.Into(series); err != nil {
		t.Fatal(err)
	}
	for row := range series.Total(nine, after(24*60)) {
		row.HandOffTime, row.HandOffInHours = few, few
		row.Opening, row.Counts = 100, counts
		add(all(row))
	}
	add(all(flow.FirstContact{
		AsOf: nine, Within: time.Hour, Issues: stat.Ratio{Part: 5, Whole: 7}, Resolved: 8, Returned: 3, Pending: 4, PendingReturned: 2, Unknown: 1,
	}))
	add(all(flow.Assistants{
		AsOf: nine, Within: time.Hour, Cases: 40, WithPerson: 8, Confirmed: 7, Assumed: 6, Unresolved: 5, Open: 4, Pending: 3, PendingReturned: 2, Unknown: 1,
	}))

	// Of rating.
	add(all(rating.Stars(4)))
	add(all(sure[rating.Distribution](t)(rating.NewDistribution([5]int64{1, 2, 3, 4, 5}))))
	card := sure[rating.Scorecard](t)(rating.NewScorecard(decimal.RequireFromString("77.5"),
		rating.Criterion{ID: "greeting", Name: "Greets", Section: "form", Guidance: "by name", Weight: decimal.RequireFromString("33.5"), Min: -1, Max: 4},
		rating.Criterion{ID: "solution", Name: "Solves", Section: "matter", Guidance: "for good", Weight: decimal.RequireFromString("66.5"), Min: 1, Max: 5, AutoFail: true},
	))
	add(all(card))
	score := sure[rating.ReviewScore](t)(card.Score(rating.Review{Conversation: "7", Agent: "ana", Reviewer: "bo", Marks: map[string]int{"greeting": 4, "solution": 4}}))
	failed := sure[rating.ReviewScore](t)(card.Score(rating.Review{Conversation: "8", Marks: map[string]int{"greeting": 2, "solution": 1}}))
	add(written(rating.Points{}, score.Score))
	add(written(score, failed))
	add(written(score.Sections...))
	var tally rating.ReviewTally
	tally.Add(score)
	tally.Add(failed)
	add(all(tally))
	rung := rating.Rung{Level: rating.Basic, Fact: "share answered", AtLeast: stat.Ratio{Part: 4, Whole: 5}, Unit: "%"}
	limit := rating.Rung{Level: rating.Expected, Fact: "reopened", AtMost: stat.Ratio{Part: 1, Whole: 10}, Unit: "%"}
	add(all(rung, limit))
	measured := []rating.MeasuredRung{
		{Rung: rung, Measured: stat.Ratio{Part: 9, Whole: 10}, Holds: true}, {Rung: limit, Measured: stat.Ratio{Part: 2, Whole: 10}},
	}
	add(all(measured...))
	add(all(rating.Assessment{Level: rating.Basic, Next: rating.Expected, Rungs: measured}))
	add(all(sure[rating.Ladder](t)(rating.NewLadder(rung, limit))))

	// Of standards.
	add(all(policy))
	add(all(standards.BudgetOf(90*time.Second), standards.BusinessDays(1), standards.BusinessDays(2), standards.EndOfBusinessDay(1)))
	table[reflect.TypeFor[standards.Board]()] = v1Value{values: []any{board}, writeOnly: true}
	table[reflect.TypeFor[standards.Scores[string]]()] = v1Value{
		values: []any{scores}, blank: func() any { return newScores() },
	}
	var breach standards.Finding
	for _, a := range scores.Total() {
		for _, f := range a.Breaches {
			if !f.End.IsZero() {
				breach = f
			}
		}
	}
	breach.InCharge, breach.Warning, breach.Index = "ana", true, 1
	add(written(append(board.Rows(), breach)...))
	add(written(append(scores.Total(), standards.Attainment{
		Target: breach.Target, Tally: standards.Tally{Met: 8, Breached: 1, Pending: 2, Excluded: 3},
		Unmeasured: standards.Tally{Met: 4, Breached: 3, Pending: 2, Excluded: 1}, Breaches: []standards.Finding{breach},
	})...))

	// Of survey.
	answers := sure[survey.Answers](t)(survey.NewAnswers(survey.Scale{Min: 2, Max: 10, Step: 2, Direction: stat.LowerIsBetter}, 2, 4, 4, 8, 10))
	add(all(answers))
	var feedback survey.Feedback
	if err := feedback.AddContacts(1200); err != nil {
		t.Fatal(err)
	}
	for kind := survey.FeedbackKind(0); feedback.Add(kind, int64(kind)+3) == nil; kind++ {
	}
	add(all(feedback))
	var left survey.LeftOut
	for reason := survey.Reason(1); ; reason++ {
		if _, err := reason.MarshalText(); err != nil {
			break
		}
		left.Add(reason, int64(reason)+1)
	}
	add(all(left))
	definition := survey.TopBox(survey.OneTo(5), 2)
	responses := sure[*survey.Responses](t)(survey.NewResponses(survey.Question{ID: "q1", Text: "How was it?", Definition: definition}))
	for i, r := range []survey.Response{
		{Source: "email", ID: "1", Respondent: "zoe", About: "7", At: after(1), Group: "north", Value: 4, Weight: 1.5, Comment: "good"},
		{Source: "phone", ID: "2", Respondent: "max", About: "8", At: after(2), Group: "south", Left: survey.Unanswered},
	} {
		if err := responses.Add(r); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := responses.Invite("email", "north", 12); err != nil {
		t.Fatal(err)
	}
	table[reflect.TypeFor[survey.Responses]()] = v1Value{values: []any{responses}}
	var column servqual.Column
	for i := range column {
		column[i] = i%7 + 1
	}
	column[21] = survey.Missing
	add(all(column))
	return table
}
