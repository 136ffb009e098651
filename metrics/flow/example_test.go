package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

// desk is a few days of a small desk.
const desk = `
{"type":"message_received","conversation":"1","at":"2026-03-01T16:00:00Z","channel":"email"}
{"type":"message_received","conversation":"2","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T09:00:05Z","agent":"bot","by":"assistant"}
{"type":"reply_sent","conversation":"2","at":"2026-03-02T09:06:05Z","agent":"ana"}
{"type":"resolved","conversation":"2","at":"2026-03-02T10:00:00Z"}
{"type":"message_received","conversation":"3","at":"2026-03-02T09:30:00Z","channel":"chat"}
{"type":"reply_sent","conversation":"3","at":"2026-03-02T09:30:05Z","agent":"bot","by":"assistant"}
{"type":"resolved","conversation":"3","at":"2026-03-02T09:31:00Z"}
{"type":"message_received","conversation":"2","at":"2026-03-04T09:10:00Z"}
{"type":"reply_sent","conversation":"1","at":"2026-03-04T12:00:00Z","agent":"ben"}
{"type":"resolved","conversation":"1","at":"2026-03-04T12:00:00Z"}
`

func read(lines string) *metrics.EventLog {
	log := new(metrics.EventLog)
	for event, err := range metrics.DecodeJSONLines(strings.NewReader(lines)) {
		if err == nil {
			err = log.Append(event)
		}
		if err != nil {
			panic(err)
		}
	}
	return log
}

func date(day int) time.Time { return time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC) }

func Example() {
	series := flow.NewSeries(metrics.Whole, metrics.Periods{Unit: metrics.Day})
	if err := read(desk).Read(metrics.Rules{}, date(5)).Into(series); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("day        opening new reopened resolved closing mean")
	for day := range series.Total(date(2), date(5)) {
		mean, _ := day.MeanBacklog()
		fmt.Printf("%v %7d %3d %8d %8d %7d %4.2f\n",
			day.Period, day.Opening, day.Arrivals, day.Reopenings, day.Resolutions, day.Closing(), mean)
	}
	// Output:
	// day        opening new reopened resolved closing mean
	// 2026-03-02       1   2        0        2       1 1.04
	// 2026-03-03       1   0        0        0       1 1.00
	// 2026-03-04       1   0        1        1       1 1.12
}

func ExampleSeries_Rows() {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	byChannel := flow.NewSeries(metrics.Facet.Channel, weeks)
	if err := read(desk).Read(metrics.Rules{}, date(5)).Into(byChannel); err != nil {
		fmt.Println(err)
		return
	}
	for _, channel := range slices.Sorted(byChannel.Keys()) {
		for week := range byChannel.Rows(channel, date(2), date(5)) {
			fmt.Println(week.Period, channel, week.Inflow(), "in", week.Outflow(), "out", week.Closing(), "open")
		}
	}
	// Output:
	// 2026-W10 chat 3 in 2 out 1 open
	// 2026-W10 email 0 in 1 out 0 open
}

// Hand-offs from assistants to people, and what assistants resolved alone.
func ExampleCounts_HandOffRate() {
	series := flow.NewSeries(metrics.Whole, metrics.Periods{Unit: metrics.Month})
	if err := read(desk).Read(metrics.Rules{}, date(5)).Into(series); err != nil {
		fmt.Println(err)
		return
	}
	for month := range series.Total(date(1), date(5)) {
		fmt.Println("first replies by people that came after an assistant's:", month.HandOffRate())
		fmt.Println("how long until then:", &month.HandOffTime)
		fmt.Println("resolutions by assistants alone:", month.DeflectionRate())
		fmt.Println("answers by assistants:", month.AssistantShare())
		fmt.Println("resolutions that did not last:", month.ReopenRate())
	}
	// Output:
	// first replies by people that came after an assistant's: 1 of 2
	// how long until then: 1 × mean 6 min, median 6 min, p95 6 min
	// resolutions by assistants alone: 1 of 3
	// answers by assistants: 2 of 4
	// resolutions that did not last: 1 of 3
}

func ExampleNewBacklog() {
	at := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	backlog := flow.NewBacklog(metrics.Whole)
	if err := read(desk).Read(metrics.Rules{}, at).Into(backlog); err != nil {
		fmt.Println(err)
		return
	}
	open := backlog.Total()
	fmt.Println(open.Count(), "open:", open.Ages(nil))
	fmt.Println("older than a day:", open.Older(24*time.Hour, nil))
	for _, item := range open.Oldest(10) {
		fmt.Println(item.Conversation, "since", item.Since.Format(time.DateTime))
	}
	// Output:
	// 2 open: 2 × mean 1 d 9 h, median 1 d 9 h, p95 2 d 15 h
	// older than a day: 1
	// 1 since 2026-03-01 16:00:00
	// 2 since 2026-03-04 09:10:00
}

// The age of the backlog at the end of each day, in one pass.
func ExampleBacklog_Totals() {
	backlog := flow.NewBacklog(metrics.Whole, date(3), date(4), date(5))
	if err := read(desk).Read(metrics.Rules{}, date(5)).Into(backlog); err != nil {
		fmt.Println(err)
		return
	}
	for open := range backlog.Totals() {
		oldest, _ := open.Ages(nil).Max()
		fmt.Println(open.At().Format(time.DateTime), open.Count(), "open, the oldest for", oldest)
	}
	// Output:
	// 2026-03-03 00:00:00 1 open, the oldest for 32h0m0s
	// 2026-03-04 00:00:00 1 open, the oldest for 56h0m0s
	// 2026-03-05 00:00:00 1 open, the oldest for 14h50m0s
}

// Three days as one row.
func ExampleSum() {
	series := flow.NewSeries(metrics.Whole, metrics.Periods{Unit: metrics.Day})
	if err := read(desk).Read(metrics.Rules{}, date(5)).Into(series); err != nil {
		fmt.Println(err)
		return
	}
	sum, err := flow.Sum(series.Total(date(2), date(5)))
	mean, _ := sum.MeanBacklog()
	fmt.Printf("%d + %d - %d = %d, mean %.2f, %v\n", sum.Opening, sum.Inflow(), sum.Outflow(), sum.Closing(), mean, err)
	_, err = flow.Sum(slices.Values([]flow.Row{sum, sum}))
	fmt.Println(err)
	// Output:
	// 1 + 3 - 3 = 1, mean 1.05, <nil>
	// flow: does not add up: a row from 2026-03-02T00:00:00Z to 2026-03-05T00:00:00Z after rows from 2026-03-02T00:00:00Z to 2026-03-05T00:00:00Z
}

func ExampleWeekHours_Busiest() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		fmt.Println(err)
		return
	}
	weeks := metrics.Span{Start: date(1), End: date(29)}
	heatMap := flow.NewHeatMap(metrics.Whole, weeks, berlin)
	if err := read(desk).Read(metrics.Rules{}, date(31)).Into(heatMap); err != nil {
		fmt.Println(err)
		return
	}
	hours := heatMap.Total()
	messages := func(n flow.Counts) int64 { return n.Volume.Messages }
	for _, hour := range hours.Busiest(2, messages) {
		perHour, _ := hours.Rate(hour, messages)
		fmt.Println(hour, perHour, "per hour")
	}
	// Output:
	// Mon 10:00 0.5 per hour
	// Wed 10:00 0.25 per hour
}
