package compare_test

import (
	"fmt"
	"log"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// exampleDesk is four weeks of chats, which are answered sooner in the second half, and of
// e-mails, which are not.
func exampleDesk(from time.Time) *metrics.EventLog {
	events := new(metrics.EventLog)
	for n := range 56 * 4 {
		for _, channel := range []metrics.Channel{metrics.Chat, metrics.Email} {
			id, at := metrics.ConversationID(fmt.Sprint(channel, n)), from.Add(time.Duration(n)*3*time.Hour)
			wait := time.Duration(20+n*n%100) * time.Minute
			switch {
			case channel == metrics.Chat && n < 28*4:
				wait = time.Duration(30+n*n%100) * time.Second
			case channel == metrics.Chat:
				wait = time.Duration(5+n*n%80) * time.Second
			}
			agent := metrics.AgentID("ana") // has six of seven chats
			if (n%7 == 0) == (channel == metrics.Chat) {
				agent = "ben"
			}
			for _, e := range []metrics.Event{
				metrics.MessageReceived{Conversation: id, At: at, Channel: channel},
				metrics.ReplySent{Conversation: id, At: at.Add(wait), Agent: agent},
			} {
				if err := events.Append(e); err != nil {
					log.Fatal(err)
				}
			}
		}
	}
	return events
}

// Promises are kept more often than before, and more is answered within the hour.
func ExamplePromise() {
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	policy := standards.Policy{Targets: []standards.Target{{Name: "answer a chat", Within: standards.BudgetOf(75 * time.Second), Channels: []metrics.Channel{metrics.Chat}}}}
	hour := compare.FirstResponse.Within(time.Hour)
	spans, err := compare.LastDays(14, from.AddDate(0, 0, 28), time.UTC)
	if err != nil {
		log.Fatal(err)
	}
	sides := compare.NewSides(metrics.Facet.Channel, spans, policy, compare.Limits(nil, hour))
	if err := sides.Read(exampleDesk(from), metrics.Rules{}); err != nil {
		log.Fatal(err)
	}
	var family compare.Family
	family.Change(compare.Promise(&policy.Targets[0]), sides.Before(metrics.Chat), sides.After(metrics.Chat))
	family.Change(hour, sides.Before(metrics.Email), sides.After(metrics.Email))
	differences, err := family.Differences()
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range differences {
		fmt.Println(d)
	}
	// Output:
	// promises kept (answer a chat) 61.6 % → 100.0 % (+38.4 points, 97.5 % +28.8 to +49.0 points): better
	// first response within 1h 54.5 % → 50.0 % (−4.5 points, 95 % −17.4 to +8.6 points): not distinguishable
}

// The median of everything hardly moves, for it lies between chats and e-mails. By channel
// it says which of them went better.
func ExampleTimelines() {
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	asOf := from.AddDate(0, 0, 28)
	days := metrics.Periods{Unit: metrics.Day}
	byChannel := compare.NewTimelines(metrics.Facet.Channel, days)
	if err := exampleDesk(from).Read(metrics.Rules{}, asOf).Into(byChannel); err != nil {
		log.Fatal(err)
	}
	for _, channel := range slices.Sorted(byChannel.Keys()) {
		timeline := byChannel.Timeline(compare.FirstResponse, channel, days.Between(from, asOf), 0.95)
		timeline.Baseline = 14
		trend, err := timeline.Trend(0.95)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(channel, trend)
		for _, signal := range timeline.Control().Signals {
			fmt.Println(channel, signal)
		}
	}
	// Output:
	// chat median first response: improving, −2 s a day (95 % −3 to −1 s), 28 days
	// chat 2026-03-14 to 2026-03-29: 8 or more in a row below the center (improving)
	// chat 2026-03-17: below the lower limit (improving)
	// chat 2026-03-22: below the lower limit (improving)
	// chat 2026-03-27: below the lower limit (improving)
	// email median first response: no clear trend, 0 s a day (95 % −56 to +34 s), 28 days
}

// Ben has the e-mails, and looks slow. At the mix that each of them has, they are alike.
func ExampleNewCredit_strata() {
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	type cell struct {
		agent   metrics.AgentID
		channel metrics.Channel
	}
	by := compare.NewGroups(func(f metrics.Facet) cell { return cell{f.Agent(), f.Channel()} })
	if err := exampleDesk(from).Read(metrics.Rules{}, from.AddDate(0, 0, 28)).Into(by); err != nil {
		log.Fatal(err)
	}
	agents := slices.Values([]metrics.AgentID{"ana", "ben"})
	channels := slices.Values([]metrics.Channel{metrics.Chat, metrics.Email})
	credit, err := compare.NewCredit(compare.FirstResponse.Mean(), agents, channels, func(a metrics.AgentID, c metrics.Channel) *compare.Observed {
		return by.Group(cell{a, c})
	}, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	for _, place := range credit.Places {
		fmt.Println(place)
	}
	// Output:
	// 1. ana: 31 min (95 % 29 to 33 min), by itself 8 min 52 s of 224, 9 min 20 s expected, not distinguishable from the rest
	// 1. ben: 31 min (95 % 29 to 33 min), by itself 52 min of 224, 52 min expected, not distinguishable from the rest
}

// What one agent has is held against what others would have had with the same tickets.
func ExampleFamily_Indirect() {
	touches := func(part, whole int64) *compare.Observed {
		return &compare.Observed{Figures: metrics.Figures{OneTouch: stat.Ratio{Part: part, Whole: whole}}}
	}
	var family compare.Family
	family.Change(compare.OneTouch, touches(480, 700), touches(44, 100))
	family.Indirect(compare.OneTouch,
		compare.Pair{Before: touches(400, 500), After: touches(8, 10)}, // chats
		compare.Pair{Before: touches(80, 200), After: touches(36, 90)}, // e-mails
	)
	differences, err := family.Differences()
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range differences {
		fmt.Println(d)
	}
	// Output:
	// one-touch 68.6 % → 44.0 % (−24.6 points, 97.5 % −35.9 to −12.7 points): worse
	// one-touch at the same mix 44.0 % → 44.0 % (0.0 points, 95 % −11.4 to +11.0 points): not distinguishable
}
