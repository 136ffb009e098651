package servicequality_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// Two conversations, measured: examples/quickstart is the same as a program.
func Example() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	events := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "7", At: at(9, 0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(9, 1), By: metrics.ByAutomation}, // not a response
		metrics.ReplySent{Conversation: "7", At: at(9, 20), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: at(9, 30), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "7", At: at(9, 34), Agent: "ana"},
		metrics.Resolved{Conversation: "7", At: at(10, 30), Agent: "ana"},
		metrics.RatingGiven{Conversation: "7", At: at(11, 0), Stars: 5},
		metrics.MessageReceived{Conversation: "8", At: at(11, 58), Channel: metrics.Chat}, // still waiting
	} {
		if err := events.Append(e); err != nil {
			log.Fatal(err)
		}
	}

	reading := events.Read(metrics.Rules{}, at(12, 0)) // as of noon
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	if err := reading.Into(byChannel); err != nil {
		log.Fatal(err)
	}
	email, chat := byChannel.Group(metrics.Email), byChannel.Group(metrics.Chat)
	mean, _ := email.Elapsed.Response.Mean()
	fmt.Println("email:", email.Elapsed.Response.Count(), "responses, on average after", mean)
	fmt.Println("chat: ", chat.Elapsed.StillWaiting.Count(), "still waiting")

	policy := standards.ChannelSpeeds() // 24 hours by email, 2 minutes on chat
	for h := range reading.Histories() {
		if promise, ok := policy.FirstResponse(h); ok {
			fmt.Printf("conversation %s: first response within %v: %v\n", promise.Conversation, promise.Target.Within, promise.Verdict)
		}
	}

	stars := reading.Figures().Ratings
	tier, _ := stars.Tier(1)
	counts := stars.Counts()
	answers, err := survey.AnswersOf(survey.OneTo(5), counts[:])
	if err != nil {
		log.Fatal(err)
	}
	csat, _ := survey.CSAT(answers)
	fmt.Println("stars:", tier)
	fmt.Println(csat)
	// Output:
	// email: 2 responses, on average after 12m0s
	// chat:  1 still waiting
	// conversation 7: first response within 24h: met
	// conversation 8: first response within 2m: breached
	// stars: Outstanding
	// CSAT (top 2 of 1–5) 100.0 %, 95 % 20.7 to 100.0, n = 1
}

// How fast do we answer, by channel?
func Example_speed() {
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	must(desk().Read(metrics.Rules{}, now).Into(byChannel))
	for _, channel := range slices.Sorted(byChannel.Keys()) {
		fmt.Println(channel, byChannel.Group(channel).Elapsed.FirstResponse)
	}
	// Output:
	// chat 89 × mean 1 min 15 s, median 1 min 13 s, p95 1 min 53 s
	// email 171 × mean 2 h 31 min, median 2 h 18 min, p95 4 h 38 min
	// phone 83 × mean 25 s, median 26 s, p95 38 s
}

// Who is waiting now, and since when?
func Example_waiting() {
	for h := range desk().Read(metrics.Rules{}, now).Histories() {
		if wait, ok := h.StillWaiting(); ok {
			fmt.Println(wait.Conversation, wait.Channel, "for", wait.Duration())
		}
	}
	// Output:
	// Q-455 email for 30h30m0s
	// Q-456 email for 25h0m0s
	// Q-457 chat for 19h30m0s
	// Q-458 phone for 14h0m0s
	// Q-459 email for 8h30m0s
}

// How long did an answer take in hours of service?
func Example_hoursOfService() {
	config := calendar.Config{Timezone: "Europe/Berlin"}
	for day := time.Monday; day <= time.Friday; day++ {
		config.Weekly[day] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	office, err := calendar.New(config)
	must(err)
	f := desk().Read(metrics.Rules{Calendar: office}, now).Figures()
	fmt.Println("in hours of service:", f.InHours.FirstResponse)
	fmt.Println("around the clock:   ", f.Elapsed.FirstResponse)
	// Output:
	// in hours of service: 343 × mean 18 min, median 0 s, p95 2 h 27 min
	// around the clock:    343 × mean 1 h 16 min, median 1 min 57 s, p95 4 h 18 min
}

// What share was answered within an hour? Those who are still waiting after an hour
// count, too: a promise has the right denominator, the answered alone do not.
func Example_withinAnHour() {
	hour := standards.Policy{Targets: []standards.Target{{Measure: standards.FirstResponse, Within: standards.BudgetOf(time.Hour)}}}
	scores := standards.NewScores(metrics.Facet.Channel, hour, 0)
	must(desk().Read(metrics.Rules{}, now).Into(scores))
	for _, channel := range slices.Sorted(scores.Keys()) {
		fmt.Println(channel, scores.Group(channel)[0].Tally)
	}
	// Output:
	// chat 89 of 90 kept, 98.9 %
	// email 12 of 174 kept, 6.9 %, 6 excluded
	// phone 83 of 84 kept, 98.8 %, 6 excluded
}

// Did we keep our promises, and which are the worst breaches?
func Example_promises() {
	scores := standards.NewScores(metrics.Whole, standards.ChannelSpeeds(), 1)
	must(desk().Read(metrics.Rules{}, now).Into(scores))
	for _, attainment := range scores.Total() {
		fmt.Println(attainment)
		for _, breach := range attainment.Breaches {
			fmt.Println("  ", breach)
		}
	}
	// Output:
	// chat: 89 of 90 kept, 98.9 %
	//    Q-457, chat: breached, due 2026-03-29 16:32:00 UTC, 19 h 28 min late
	// phone: 83 of 84 kept, 98.8 %, 6 excluded
	//    Q-458, phone: breached, due 2026-03-29 22:02:00 UTC, 13 h 58 min late
	// social: none decided
	// email: 171 of 173 kept, 98.8 %, 1 pending, 6 excluded
	//    Q-455, email: breached, due 2026-03-30 05:30:00 UTC, 6 h 30 min late
}

// What is due in the next hours?
func Example_dueSoon() {
	board := standards.NewBoard(standards.ChannelSpeeds())
	must(desk().Read(metrics.Rules{}, now).Into(board))
	for _, promise := range board.Rows() {
		if !promise.Due.IsZero() && promise.Due.After(now) && promise.Due.Before(now.Add(20*time.Hour)) {
			fmt.Println(promise)
		}
	}
	// Output:
	// Q-459, email: pending, due 2026-03-31 03:30:00 UTC, 15 h 30 min left
}

// Is satisfaction better than in the month before?
func Example_satisfaction() {
	spans, err := compare.LastDays(28, now, time.UTC)
	must(err)
	sides := compare.NewSides(metrics.Whole, spans)
	must(sides.Read(desk(), metrics.Rules{}))
	before, after := sides.Total()
	for _, difference := range compare.Figures(before, after, compare.CSAT) {
		fmt.Println(difference)
	}
	// Output:
	// CSAT 41.7 % → 85.2 % (+43.5 points, 95 % +29.6 to +55.7 points): better
}

// Would customers recommend us?
func Example_recommendation() {
	answers, err := survey.NewAnswers(survey.ZeroTo(10), 10, 9, 9, 8, 10, 6, 9, 3, 10, 7)
	must(err)
	nps, _ := survey.NPS(answers)
	fmt.Println(nps)
	// Output:
	// NPS 40.0, 95 % −12.6 to 74.1, n = 10
}

// Do we reach our goal, or a benchmark?
func Example_goal() {
	answers, err := survey.AnswersOf(survey.OneTo(5), []int64{4, 6, 12, 60, 118})
	must(err)
	csat, _ := survey.CSAT(answers)
	goals, err := survey.CompareGoal(stat.Ratio{Part: 85, Whole: 100}, csat)
	must(err)
	fmt.Println(goals[0])
	// Output:
	// CSAT (top 2 of 1–5) 89.0 %, goal 85.0 %: reached by those who answered, 95 % −1.1 to 7.6 points from it: not distinguishable from the goal
}

// Did the same people change their minds?
func Example_samePeople() {
	var pairs []survey.AnswerPair // what each of thirty customers said in March, and in June
	for i := range 30 {
		pairs = append(pairs, survey.AnswerPair{Before: 2 + i%3, After: min(5, 3+i%3+i%2)})
	}
	change, err := survey.ComparePairs(survey.TopBox(survey.OneTo(5), 2), pairs...)
	must(err)
	fmt.Println(change)
	// Output:
	// up 50.0 points, 95 % 33.0 to 66.8: better
}

// Does NPS rise from month to month?
func Example_npsOverTime() {
	months := metrics.Periods{Unit: metrics.Month}
	var nps compare.Metric
	observed := make(map[metrics.Period]*compare.Observed)
	promoters := []int64{40, 44, 41, 47, 49, 52, 50, 56}
	for i, n := range promoters {
		answers, err := survey.AnswersOf(survey.ZeroTo(10), []int64{0, 0, 0, 20, 0, 0, 0, 0, 80 - n, n, 0})
		must(err)
		index, _ := survey.NPS(answers)
		month := months.Of(time.Date(2026, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC))
		nps, observed[month] = compare.Asked(index.Scores())
	}
	year := months.Between(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC))
	timeline := compare.NewTimeline(nps, year, func(p metrics.Period) *compare.Observed { return observed[p] }, 0.95)
	trend, err := timeline.Trend(0.95)
	must(err)
	fmt.Println(trend)
	// Output:
	// NPS: improving, +2.2 points a month (95 % +1.2 to +3.0 points), 8 months
}

// Whom do we call back?
func Example_callBacks() {
	responses, err := survey.NewResponses(survey.Question{ID: "nps", Definition: survey.NetPromoter()})
	must(err)
	must(responses.Add(survey.Response{Respondent: "ann", Value: 9}))
	must(responses.Add(survey.Response{Respondent: "bob", Value: 4, Comment: "Three agents, three answers."}))
	for _, r := range responses.CallBacks() {
		fmt.Println(r.Respondent, r.Value, r.Comment)
	}
	// Output:
	// bob 4 Three agents, three answers.
}

// What do we show on the page of reviews?
func Example_reviews() {
	ratings := desk().Read(metrics.Rules{}, now).Figures().Ratings
	mean, _ := ratings.Mean(1)
	half, _ := ratings.Half()
	tier, _ := ratings.Tier(30)
	fmt.Println(mean, half, tier, "of", ratings.N(), "ratings")
	// Output:
	// 3.6 3.5 Satisfactory of 248 ratings
}

// How many answer our survey? What went out less than a week ago may still be answered.
func Example_surveys() {
	var events metrics.EventLog
	for i := range 100 {
		id, at := metrics.ConversationID(fmt.Sprint(i)), now.AddDate(0, 0, -1-i)
		must(events.Append(metrics.RatingRequested{Conversation: id, At: at}))
		if i%4 == 0 {
			must(events.Append(metrics.RatingGiven{Conversation: id, At: at.Add(time.Hour), Stars: 4}))
		}
	}
	requests := events.Read(metrics.Rules{RatingExpires: 7 * 24 * time.Hour}, now).Figures().Requests
	fmt.Println("answered:", requests.Response)
	fmt.Println("pending: ", requests.Pending)
	// Output:
	// answered: 25 of 96
	// pending:  4
}

// Is 4.6 of 12 ratings better than 4.4 of 900?
func Example_ranking() {
	few, err := rating.NewDistribution([5]int64{0, 0, 1, 3, 8})
	must(err)
	many, err := rating.NewDistribution([5]int64{10, 20, 70, 300, 500})
	must(err)
	ranked, err := rating.Rank(map[string]rating.Distribution{"few": few, "many": many}, rating.DirichletBound{})
	must(err)
	for _, r := range ranked {
		fmt.Println(r)
	}
	// Output:
	// 1. many: 4.4 of 5 stars, 900 ratings; ranked by 4.35
	// 2. few: 4.6 of 5 stars, 12 ratings; ranked by 3.66
}

// Is an agent slower than the others? Agents have other channels, and over all of them
// who has the e-mails looks slow. So each is held against what the desk does with the same
// tickets.
func Example_agents() {
	type group struct {
		agent   metrics.AgentID
		channel metrics.Channel
	}
	by := compare.NewGroups(func(f metrics.Facet) group { return group{f.Agent(), f.Channel()} })
	must(desk().Read(metrics.Rules{}, now).Into(by))
	agents := slices.Values([]metrics.AgentID{"ana", "ben", "cleo"})
	channels := slices.Values([]metrics.Channel{metrics.Chat, metrics.Email, metrics.Phone})
	of := func(a metrics.AgentID, c metrics.Channel) *compare.Observed { return by.Group(group{a, c}) }
	credit, err := compare.NewCredit(compare.FirstResponse.Mean(), agents, channels, of, 0.95)
	must(err)
	for _, place := range credit.Places {
		fmt.Println(place)
	}
	// Output:
	// 1. ana: 1 h 16 min (95 % 1 h 11 min to 1 h 21 min), by itself 1 h 13 min of 119, 1 h 17 min expected, not distinguishable from the rest
	// 1. ben: 1 h 16 min (95 % 1 h 11 min to 1 h 21 min), by itself 1 h 17 min of 106, 1 h 16 min expected, not distinguishable from the rest
	// 1. cleo: 1 h 16 min (95 % 1 h 11 min to 1 h 21 min), by itself 1 h 19 min of 118, 1 h 15 min expected, not distinguishable from the rest
}

// Are promises kept better than in the month before, and which weeks stand out?
func Example_compliance() {
	policy := standards.ChannelSpeeds()
	hour := compare.FirstResponse.Within(time.Hour)
	spans, err := compare.LastDays(28, now, time.UTC)
	must(err)
	sides := compare.NewSides(metrics.Whole, spans, policy, compare.Limits(nil, hour))
	must(sides.Read(desk(), metrics.Rules{}))
	before, after := sides.Total()
	for _, difference := range compare.Figures(before, after, compare.Promise(&policy.Targets[0]), hour) {
		fmt.Println(difference)
	}
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	byChannel := compare.NewTimelines(metrics.Facet.Channel, weeks, policy)
	must(desk().Read(metrics.Rules{}, now).Into(byChannel))
	for _, channel := range slices.Sorted(byChannel.Keys()) {
		timeline := byChannel.Timeline(compare.FirstResponse, channel, weeks.Between(now.AddDate(0, 0, -84), now.AddDate(0, 0, -7)), 0.95)
		fmt.Println(channel, len(timeline.Control().Signals), "signals")
	}
	// Output:
	// promises kept (chat) 100.0 % → 96.7 % (−3.3 points, 97.5 % −19.8 to +11.5 points): not distinguishable
	// first response within 1h 50.0 % → 58.6 % (+8.6 points, 97.5 % −6.0 to +22.9 points): not distinguishable
	// chat 3 signals
	// email 4 signals
	// phone 2 signals
}

// Did the training help, beyond what changed for the others?
func Example_training() {
	spans, err := compare.Around(now.AddDate(0, 0, -28), 28, time.UTC)
	must(err)
	byAgent := compare.NewSides(metrics.Facet.Agent, spans)
	must(byAgent.Read(desk(), metrics.Rules{}))
	var family compare.Family
	family.Beyond(compare.CSAT, byAgent.Before("ana"), byAgent.After("ana"), byAgent.Before("ben"), byAgent.After("ben"))
	differences, err := family.Differences()
	must(err)
	fmt.Println(differences[0])
	// Output:
	// CSAT 46.9 % → 83.9 %, others 35.7 % → 88.5 % (−15.8 points beyond the others, 95 % −45.4 to +15.5 points): not distinguishable
}

// How often is a conversation reopened, or resolved with one reply?
func Example_resolution() {
	f := desk().Read(metrics.Rules{}, now).Figures()
	fmt.Println("reopened", stat.Ratio{Part: f.Reopened, Whole: f.Conversations})
	fmt.Println("with one reply", f.OneTouch)
	// Output:
	// reopened 24 of 360
	// with one reply 289 of 325
}

// How did the backlog and its age change?
func Example_backlog() {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	series := flow.NewSeries(metrics.Whole, weeks)
	ages := flow.NewBacklog(metrics.Whole, now.AddDate(0, 0, -14), now.AddDate(0, 0, -7), now)
	must(desk().Read(metrics.Rules{}, now).Into(series, ages))
	for row := range series.Total(now.AddDate(0, 0, -14), now) {
		fmt.Println(row.Period, row.Opening, "+", row.Arrivals, "−", row.Resolutions, "=", row.Closing())
	}
	for stock := range ages.Totals() {
		fmt.Println(stock.At().Format(time.DateOnly), stock.Count(), "open:", stock.Ages(nil))
	}
	// Output:
	// 2026-W12 25 + 30 − 29 = 28
	// 2026-W13 28 + 30 − 26 = 34
	// 2026-W14 34 + 1 − 0 = 35
	// 2026-03-16 26 open: 26 × mean 34 days, median 34 days, p95 65 days
	// 2026-03-23 29 open: 29 × mean 37 days, median 37 days, p95 72 days
	// 2026-03-30 35 open: 35 × mean 36 days, median 35 days, p95 78 days
}

// When do customers write?
func Example_hoursOfTheWeek() {
	month := metrics.Span{Start: now.AddDate(0, 0, -28), End: now}
	heat := flow.NewHeatMap(metrics.Whole, month, time.UTC)
	must(desk().Read(metrics.Rules{}, now).Into(heat))
	hours := heat.Total()
	for h := range metrics.HourOfWeek(24) {
		if n := hours.Counts[h].Arrivals; n > 0 {
			fmt.Println(h, n)
		}
	}
	// Output:
	// Mon 03:00 4
	// Mon 12:00 4
	// Mon 17:00 4
	// Mon 23:00 4
}

// How much does the bot do alone?
func Example_bot() {
	months := flow.NewSeries(metrics.Whole, metrics.Periods{Unit: metrics.Month})
	must(desk().Read(metrics.Rules{}, now).Into(months))
	quarter, err := flow.Sum(months.Total(now.AddDate(0, -3, 0), now))
	must(err)
	fmt.Println("handed off:", quarter.HandOffs, "resolved by the bot:", quarter.Deflections)
	// Output:
	// handed off: 24 resolved by the bot: 12
}

// How often do customers come back within a week of a resolution? The last week is
// pending.
func Example_firstContact() {
	byChannel := flow.NewReturns(metrics.Facet.Channel)
	must(returning().Read(metrics.Rules{}, now).Into(byChannel))
	for _, channel := range slices.Sorted(byChannel.Keys()) {
		first, err := byChannel.Group(channel).FirstContact(flow.FirstContactWindow)
		must(err)
		fmt.Println(channel+":", first)
	}
	for contact := range byChannel.Customer("kim").All() {
		fmt.Println("kim:", contact.Conversation, contact.FirstContact(flow.FirstContactWindow))
	}
	// Output:
	// chat: 1 of 3 at first contact, 33.3 %, 1 pending
	// email: 1 of 1 at first contact, 100.0 %
	// kim: a no
	// kim: b yes
}

// What does the AI agent resolve alone, after which the customer does not come back?
func Example_resolvedAlone() {
	returns := flow.NewReturns(metrics.Whole)
	must(returning().Read(metrics.Rules{}, now).Into(returns))
	bot, err := returns.Total().Assistants(flow.AssistantWindow)
	must(err)
	fmt.Println(bot)
	fmt.Println("involved:", bot.Involvement(), "automated:", bot.Automation())
	// Output:
	// 1 of 3 resolved alone, 33.3 %, 1 with a person, 1 unresolved, 1 pending
	// involved: 4 of 5 automated: 1 of 4
}

// returning is a desk with an AI agent: kim comes back by another channel, and lee wants
// a person.
func returning() *metrics.EventLog {
	events := new(metrics.EventLog)
	day := func(n, hour int) time.Time { return now.AddDate(0, 0, n-30).Add(time.Duration(hour) * time.Hour) }
	for _, c := range []struct {
		conversation metrics.ConversationID
		channel      metrics.Channel
		customer     metrics.CustomerID
		day          int
		bot, person  bool
		by           metrics.Actor
	}{
		{"a", metrics.Chat, "kim", 1, true, false, metrics.ByAutomation},
		{"b", metrics.Email, "kim", 3, false, true, metrics.ByPerson},
		{"c", metrics.Chat, "lee", 5, true, true, metrics.ByPerson},
		{"d", metrics.Chat, "max", 6, true, false, metrics.ByCustomer},
		{"e", metrics.Chat, "zoe", 29, true, false, metrics.ByAutomation},
	} {
		must(events.Append(metrics.MessageReceived{Conversation: c.conversation, At: day(c.day, 0), Channel: c.channel, Customer: c.customer}))
		if c.bot {
			must(events.Append(metrics.ReplySent{Conversation: c.conversation, At: day(c.day, 1), Agent: "bot", By: metrics.ByAssistant}))
		}
		if c.person {
			must(events.Append(metrics.ReplySent{Conversation: c.conversation, At: day(c.day, 2), Agent: "ana"}))
		}
		must(events.Append(metrics.Resolved{Conversation: c.conversation, At: day(c.day, 3), By: c.by}))
	}
	must(events.Append(metrics.MessageReceived{Conversation: "c", At: day(6, 0), Customer: "lee"}))
	must(events.Append(metrics.Resolved{Conversation: "c", At: day(6, 1), Agent: "ana"}))
	return events
}

// How fast are people, and how fast is the AI agent? The log says who replied, and the
// rules whom to count.
func Example_assistant() {
	var events metrics.EventLog
	for i, by := range []metrics.Actor{metrics.ByAssistant, metrics.ByPerson, metrics.ByPerson, metrics.ByPerson} {
		id, at := metrics.ConversationID(fmt.Sprint(i)), now.Add(-8*time.Hour)
		must(events.Append(metrics.MessageReceived{Conversation: id, At: at}))
		must(events.Append(metrics.ReplySent{Conversation: id, At: at.Add(time.Second), By: metrics.ByAutomation}))
		must(events.Append(metrics.ReplySent{Conversation: id, At: at.Add(7*time.Second + time.Duration(i)*time.Hour), By: by}))
	}
	usual := events.Read(metrics.Rules{}, now).Figures()
	either := events.Read(metrics.Rules{Assistant: metrics.AssistantAnswers}, now).Figures()
	acknowledged := events.Read(metrics.Rules{Automation: metrics.AutomationEnds}, now).Figures()
	fmt.Println("people:       ", usual.Elapsed.FirstResponse)
	fmt.Println("AI agent:     ", usual.Elapsed.ByAssistant)
	fmt.Println("either:       ", either.Elapsed.FirstResponse)
	fmt.Println("acknowledged: ", acknowledged.Elapsed.ByAutomation)
	// Output:
	// people:        3 × mean 2 h, median 2 h, p95 2 h 54 min
	// AI agent:      1 × mean 7 s, median 7 s, p95 7 s
	// either:        4 × mean 1 h 30 min, median 1 h 30 min, p95 2 h 51 min
	// acknowledged:  4 × mean 1 s, median 1 s, p95 1 s
}

// How many callers hang up, and when? How long does a call take us, all in all?
func Example_calls() {
	var events metrics.EventLog
	for i := range 50 {
		id, at := metrics.ConversationID(fmt.Sprint(i)), now.Add(time.Duration(i-60)*time.Minute)
		must(events.Append(metrics.MessageReceived{Conversation: id, At: at, Channel: metrics.Phone}))
		waited := time.Duration(i) * time.Second
		if i%5 == 0 {
			must(events.Append(metrics.Abandoned{Conversation: id, At: at.Add(waited)}))
			continue
		}
		must(events.Append(metrics.ReplySent{Conversation: id, At: at.Add(waited), Agent: "ana"}))
		must(events.Append(metrics.Handled{Conversation: id, At: at.Add(3 * time.Minute), Agent: "ana", Took: 2 * time.Minute, For: metrics.Talk}))
		if i%2 == 0 {
			must(events.Append(metrics.Handled{Conversation: id, At: at.Add(4 * time.Minute), Agent: "ana", Took: time.Minute, For: metrics.WrapUp}))
		}
	}
	f := events.Read(metrics.Rules{ShortAbandon: 5 * time.Second}, now).Figures()
	fmt.Println("hung up:        ", f.Abandonment())
	fmt.Println("after 5 seconds:", f.AbandonmentWithoutShort())
	fmt.Println("time to abandon:", f.Elapsed.Abandoned)
	fmt.Println("speed of answer:", f.Elapsed.FirstResponse)
	fmt.Println("handle time:    ", f.HandleTime)
	fmt.Println("wrap-up:        ", f.Handling[metrics.WrapUp])
	// Output:
	// hung up:         10 of 50
	// after 5 seconds: 8 of 48
	// time to abandon: 10 × mean 23 s, median 23 s, p95 43 s
	// speed of answer: 40 × mean 25 s, median 25 s, p95 47 s
	// handle time:     40 × mean 2 min 30 s, median 2 min 30 s, p95 3 min
	// wrap-up:         20 × mean 1 min, median 1 min, p95 1 min
}

// What do customers expect, and what do they get?
func Example_newCase() {
	log := new(metrics.EventLog)
	january, february := now.AddDate(0, -2, 0), now.AddDate(0, -1, 0)
	for _, at := range []time.Time{january, february} {
		must(log.Append(metrics.MessageReceived{Conversation: "chat of kim", At: at, Channel: metrics.Chat}))
		must(log.Append(metrics.ReplySent{Conversation: "chat of kim", At: at.Add(20 * time.Minute), Agent: "ana"}))
		must(log.Append(metrics.Resolved{Conversation: "chat of kim", At: at.Add(time.Hour)}))
	}
	for _, rules := range []metrics.Rules{{}, {NewCaseAfter: 72 * time.Hour}} {
		f := log.Read(rules, now).Figures()
		fmt.Println(f.Cases, "of", f.Conversations, "thread; resolved:", f.Elapsed.FullResolution)
	}
	// Output:
	// 1 of 1 thread; resolved: 1 × mean 31 days, median 31 days, p95 31 days
	// 2 of 1 thread; resolved: 2 × mean 1 h, median 1 h, p95 1 h
}

func Example_teams() {
	log := new(metrics.EventLog)
	start := now.Add(-10 * time.Hour)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "7", At: start},
		metrics.Assigned{Conversation: "7", At: start, Team: "first line", Agent: "ana"},
		metrics.Assigned{Conversation: "7", At: start.Add(2 * time.Hour), Team: "repairs", Agent: "ben"},
		metrics.Assigned{Conversation: "7", At: start.Add(8 * time.Hour), Team: "first line", Agent: "ana"},
		metrics.Resolved{Conversation: "7", At: start.Add(9 * time.Hour), Agent: "ana"},
	} {
		must(log.Append(e))
	}
	byTeam := flow.NewWorkload(metrics.Facet.Team)
	reading := log.Read(metrics.Rules{}, now)
	must(reading.Into(byTeam))
	for _, team := range slices.Sorted(byTeam.Keys()) {
		fmt.Println(team+":", byTeam.Group(team).InCharge)
	}
	fmt.Println(reading.Figures().Transfers, "transfers")
	// Output:
	// first line: 1 × mean 3 h, median 3 h, p95 3 h
	// repairs: 1 × mean 6 h, median 6 h, p95 6 h
	// 2 transfers
}

// cells stand for the *sql.Rows that a query returns.
type cells struct {
	columns []string
	rows    [][]any
}

func (c *cells) Columns() ([]string, error) { return c.columns, nil }
func (c *cells) Next() bool                 { return len(c.rows) > 0 }
func (c *cells) Err() error                 { return nil }
func (c *cells) Scan(to ...any) error {
	for i, v := range c.rows[0] {
		must(to[i].(sql.Scanner).Scan(v))
	}
	c.rows = c.rows[1:]
	return nil
}

// A view has a row for each event, under our names. Keys and times are as the database has
// them.
func Example_database() {
	rows := &cells{[]string{"type", "conversation", "at", "agent"}, [][]any{
		{"message_received", int64(4711), int64(1772442000), nil},
		{"reply_sent", int64(4711), "2026-03-02 10:20:00+01", int64(12)},
	}}
	log := new(metrics.EventLog)
	for e, err := range metrics.DecodeRows(rows) {
		must(err)
		must(log.Append(e))
	}
	fmt.Println("answered:", log.Read(metrics.Rules{}, now).Figures().Elapsed.FirstResponse)
	// Output:
	// answered: 1 × mean 20 min, median 20 min, p95 20 min
}

func Example_statuses() {
	states := map[string]metrics.State{"New": metrics.StateOpen, "Pending": metrics.StateWaitingForCustomer, "Done": metrics.StateResolved}
	log := new(metrics.EventLog)
	for e, err := range metrics.FromStatuses([]metrics.StatusRow{
		{Conversation: "4711", At: now.Add(-5 * time.Hour), Status: "New"},
		{Conversation: "4711", At: now.Add(-4 * time.Hour), Status: "Pending"},
		{Conversation: "4711", At: now.Add(-2 * time.Hour), Status: "New"},
		{Conversation: "4711", At: now.Add(-time.Hour), Status: "Done"},
	}, states) {
		must(err)
		must(log.Append(e))
	}
	f := log.Read(metrics.Rules{}, now).Figures()
	fmt.Println("resolved:", f.Elapsed.FirstResolution)
	fmt.Println("replies:", f.Volume.Replies)
	// Output:
	// resolved: 1 × mean 2 h, median 2 h, p95 2 h
	// replies: 0
}

func Example_servqual() {
	expected, got := servqual.Column{}, servqual.Column{}
	for item := range expected {
		expected[item], got[item] = 6, 5+item%2
	}
	result, err := servqual.Study{}.Measure([]servqual.Respondent{{Expected: expected, Perceived: got}})
	must(err)
	fmt.Println(result)
	// Output:
	// gap −0.50 (n = 1)
}

// How good was a conversation, by our scorecard?
func Example_scorecard() {
	card, err := rating.NewScorecard(decimal.NewFromInt(80), rating.FiveElements()...)
	must(err)
	marks := make(map[string]int)
	for _, criterion := range card.Criteria() {
		marks[criterion.ID] = criterion.Max
	}
	score, err := card.Score(rating.Review{Conversation: "Q-100", Reviewer: "eve", Marks: marks})
	must(err)
	fmt.Println(score)
	// Output:
	// 100.0 of 100, passed
}

// May the figures of two nights be added up? Not those that can still change: yesterday's
// waits are among today's. What is settled may.
func Example_stored() {
	events := desk()
	monday, tuesday := events.Read(metrics.Rules{}, now.AddDate(0, 0, -1)), events.Read(metrics.Rules{}, now)
	err := monday.Figures().Merge(tuesday.Figures())
	fmt.Println(errors.Is(err, metrics.ErrOtherTerms), err)
	stored, err := json.Marshal(monday.Settled().Figures())
	must(err)
	var read metrics.Figures
	must(json.Unmarshal(stored, &read))
	fmt.Println(read.Conversations, "settled", read.Settled, strings.HasPrefix(read.AsOf.String(), "2026-03-29"))
	// Output:
	// true metrics: read by other terms: as of 2026-03-29 12:00:00 UTC and as of 2026-03-30 12:00:00 UTC
	// 325 settled true true
}

// What are the figures now, while events come in?
func Example_live() {
	tracker := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[metrics.Channel] {
		return metrics.NewBreakdown(metrics.Facet.Channel)
	})
	for c := range desk().Conversations() {
		for e := range c.Events() {
			must(tracker.Append(e))
		}
	}
	closed, err := tracker.Close(now.AddDate(0, 0, -7), nil)
	must(err)
	live, err := tracker.AsOf(now)
	must(err)
	fmt.Println(closed, "closed;", live.Group(metrics.Chat).Elapsed.FirstResponse)
	// Output:
	// 302 closed; 89 × mean 1 min 15 s, median 1 min 13 s, p95 1 min 53 s
}

// The median of two days is not the mean of their medians, and neither is any other
// percentile. Summaries merge, and are asked afterwards.
func Example_medianOfMedians() {
	var monday, tuesday metrics.Summary
	for range 90 {
		monday.Add(time.Minute)
	}
	for range 10 {
		tuesday.Add(time.Hour)
	}
	first, _ := monday.Median()
	second, _ := tuesday.Median()
	monday.Merge(&tuesday)
	both, _ := monday.Median()
	fmt.Println("mean of the medians:", (first+second)/2)
	fmt.Println("median of both days:", both)
	// Output:
	// mean of the medians: 30m30s
	// median of both days: 1m0s
}

// A desk takes the easy tickets and leaves the hard ones. What it resolves it resolves
// faster each week; what it has not resolved is in no resolution time, but in the backlog.
func Example_survivors() {
	var events metrics.EventLog
	monday := now.Add(-4*7*24*time.Hour - 3*time.Hour)
	for week := range 4 {
		for ticket := range 5 {
			id, at := metrics.ConversationID(fmt.Sprint(week, ticket)), monday.AddDate(0, 0, 7*week)
			must(events.Append(metrics.MessageReceived{Conversation: id, At: at}))
			if ticket < 5-week {
				must(events.Append(metrics.Resolved{Conversation: id, At: at.Add(time.Duration(4-week) * time.Hour)}))
			}
		}
	}
	week := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	byWeek := metrics.NewBreakdown(func(f metrics.Facet) metrics.Period { return f.Period(week) })
	midnight := now.Add(-12 * time.Hour)
	backlog := flow.NewBacklog(metrics.Whole, midnight.AddDate(0, 0, -21), midnight.AddDate(0, 0, -14), midnight.AddDate(0, 0, -7), midnight)
	must(events.Read(metrics.Rules{}, now).Into(byWeek, backlog))
	for stock := range backlog.Totals() {
		f := byWeek.Group(week.Of(stock.At().AddDate(0, 0, -1)))
		mean, _ := f.Elapsed.FirstResolution.Mean()
		oldest, ok := stock.Ages(nil).Max()
		fmt.Println("resolved after", mean, "on average; open:", stock.Count(), "oldest:", text.DurationIf(oldest, ok))
	}
	// Output:
	// resolved after 4h0m0s on average; open: 0 oldest: –
	// resolved after 3h0m0s on average; open: 1 oldest: 7 days
	// resolved after 2h0m0s on average; open: 3 oldest: 14 days
	// resolved after 1h0m0s on average; open: 6 oldest: 21 days
}

// The desk opens on Saturdays, too, from March on. With the new hours alone, a wait of
// February would be judged by a Saturday on which nobody was there.
func Example_hoursChange() {
	weekdays := calendar.Config{Timezone: "Europe/Berlin"}
	for day := time.Monday; day <= time.Friday; day++ {
		weekdays.Weekly[day] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	saturdays := weekdays
	saturdays.Weekly[time.Saturday] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	today, err := calendar.New(saturdays)
	must(err)
	versions, err := calendar.NewVersions([]calendar.Version{
		{From: calendar.MustParseDate("2020-01-01"), Config: weekdays},
		{From: calendar.MustParseDate("2026-03-01"), Config: saturdays},
	})
	must(err)
	friday := time.Date(2026, 2, 6, 16, 0, 0, 0, today.Location())
	monday := time.Date(2026, 2, 9, 10, 0, 0, 0, today.Location())
	fmt.Println("by the hours of today:", today.Between(friday, monday))
	fmt.Println("by the hours of then: ", versions.Between(friday, monday))
	// Output:
	// by the hours of today: 10h0m0s
	// by the hours of then:  2h0m0s
}

// A merger takes no customer's wait away: it goes on in the other conversation, from its
// own start.
func Example_merged() {
	var events metrics.EventLog
	nine := now.Add(-3 * time.Hour)
	must(events.Append(metrics.MessageReceived{Conversation: "8", At: nine, Customer: "kim"}))
	must(events.Append(metrics.MessageReceived{Conversation: "7", At: nine.Add(time.Hour), Customer: "kim"}))
	must(events.Append(metrics.Merged{Conversation: "8", At: nine.Add(2 * time.Hour), Into: "7"}))
	must(events.Append(metrics.ReplySent{Conversation: "7", At: nine.Add(150 * time.Minute), Agent: "ana"}))
	for h := range events.Read(metrics.Rules{}, now).Histories() {
		if wait, ok := h.FirstResponse(); ok {
			fmt.Println(wait.Conversation, "answered after", wait.Duration())
		}
	}
	// Output:
	// 7 answered after 2h30m0s
}

// A customer writes at half past eleven in the evening in Riga. On which day? Only the zone
// of the report can tell.
func Example_zoneOfTheReport() {
	var events metrics.EventLog
	must(events.Append(metrics.MessageReceived{Conversation: "7", At: time.Date(2026, 3, 2, 21, 30, 0, 0, time.UTC)}))
	for _, zone := range []string{"UTC", "Europe/Riga", "Asia/Almaty"} {
		place, err := time.LoadLocation(zone)
		must(err)
		days := metrics.Periods{Zone: place}
		byDay := metrics.NewBreakdown(func(f metrics.Facet) metrics.Period { return f.Period(days) })
		must(events.Read(metrics.Rules{ByStart: true}, now).Into(byDay))
		for day := range byDay.Keys() {
			fmt.Println(zone, day)
		}
	}
	// Output:
	// UTC 2026-03-02
	// Europe/Riga 2026-03-02
	// Asia/Almaty 2026-03-03
}

// A goal of 100 % is missed by the first breach of the month, and from then on nothing that
// the desk does can change it.
func Example_goalOfEverything() {
	every := standards.Target{Within: standards.BudgetOf(time.Hour), Goal: stat.Ratio{Part: 100, Whole: 100}}
	most := standards.Target{Within: standards.BudgetOf(time.Hour), Goal: stat.Ratio{Part: 95, Whole: 100}}
	for _, tally := range []standards.Tally{{Met: 1000}, {Met: 999, Breached: 1}, {Met: 900, Breached: 100}} {
		all, _ := every.Attained(tally)
		enough, _ := most.Attained(tally)
		fmt.Println(tally, "goal of 100 %:", all, "goal of 95 %:", enough)
	}
	// Output:
	// 1000 of 1000 kept, 100.0 % goal of 100 %: true goal of 95 %: true
	// 999 of 1000 kept, 99.9 % goal of 100 %: false goal of 95 %: true
	// 900 of 1000 kept, 90.0 % goal of 100 %: false goal of 95 %: false
}

// Two ways to keep a promise without helping anybody: a first answer that says nothing, and
// a resolution that is none. Other measures see them.
func Example_gamed() {
	var events metrics.EventLog
	nine := now.Add(-9 * time.Hour)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "7", At: nine},
		metrics.ReplySent{Conversation: "7", At: nine.Add(time.Minute), Agent: "ana"}, // "we are on it"
		metrics.Resolved{Conversation: "7", At: nine.Add(2 * time.Minute), Agent: "ana"},
		metrics.MessageReceived{Conversation: "7", At: nine.Add(time.Hour)},
		metrics.ReplySent{Conversation: "7", At: nine.Add(8 * time.Hour), Agent: "ana"},
		metrics.Resolved{Conversation: "7", At: nine.Add(8 * time.Hour), Agent: "ana"},
	} {
		must(events.Append(e))
	}
	hour := standards.BudgetOf(time.Hour)
	policy := standards.Policy{Targets: []standards.Target{
		{Measure: standards.FirstResponse, Within: hour}, {Measure: standards.FirstResolution, Within: hour},
		{Measure: standards.NextResponse, Within: hour}, {Measure: standards.ActiveResolution, Within: hour},
	}}
	for h := range events.Read(metrics.Rules{}, now).Histories() {
		for finding := range policy.Findings(h) {
			fmt.Println(finding.Target.Measure, finding.Verdict)
		}
		fmt.Println("reopened", h.Reopens())
	}
	// Unordered output:
	// first_response met
	// first_resolution met
	// next_response breached
	// active_resolution breached
	// reopened 1
}

// An event that is refused is refused alone: the log keeps the others. So look at every
// error, and count what is missing.
func Example_refused() {
	var events metrics.EventLog
	file := `{"type":"message_received","conversation":"7","at":"2026-03-30T09:00:00Z"}
{"type":"reply_sent","conversation":"7","at":"yesterday","agent":"ana"}
{"type":"resolved","conversation":"7","at":"2026-03-30T10:00:00Z"}
`
	for err := range events.Load(strings.NewReader(file)) {
		fmt.Println(errors.Is(err, metrics.ErrField), err.Error()[:6])
	}
	fmt.Println(events.Append(metrics.ReplySent{At: now}))
	fmt.Println(events.Len(), "events")
	// Output:
	// true line 2
	// metrics: event without a conversation
	// 2 events
}

// An event that comes late belongs to the instant at which it happened. So the report of
// last night, made again, has it, and the print-out of last night has not.
func Example_late() {
	var events metrics.EventLog
	midnight := now.Add(-12 * time.Hour)
	must(events.Append(metrics.MessageReceived{Conversation: "7", At: midnight.Add(-2 * time.Hour)}))
	printed := events.Read(metrics.Rules{}, midnight).Figures()
	must(events.Append(metrics.ReplySent{Conversation: "7", At: midnight.Add(-time.Hour), Agent: "ana"})) // comes at noon
	again := events.Read(metrics.Rules{}, midnight).Figures()
	fmt.Println("printed at midnight:", printed.Elapsed.FirstResponse.Count(), "answered,", printed.Elapsed.StillWaiting.Count(), "waiting")
	fmt.Println("made again at noon: ", again.Elapsed.FirstResponse.Count(), "answered,", again.Elapsed.StillWaiting.Count(), "waiting")
	// Output:
	// printed at midnight: 0 answered, 1 waiting
	// made again at noon:  1 answered, 0 waiting
}

// The source has only minutes. What came first within one? Nobody can know, unless the
// source has an order of its own: give it as Seq.
func Example_ties() {
	ten := now.Add(-2 * time.Hour)
	for _, seq := range []int64{0, 2} {
		var events metrics.EventLog
		must(events.Append(metrics.MessageReceived{Conversation: "7", At: ten.Add(-time.Hour), Seq: 0}))
		must(events.Append(metrics.Resolved{Conversation: "7", At: ten, Seq: seq / 2}))
		must(events.Append(metrics.MessageReceived{Conversation: "7", At: ten, Seq: seq})) // "it is still broken"
		f := events.Read(metrics.Rules{}, now).Figures()
		fmt.Println("open:", f.Backlog, "waiting:", f.Elapsed.StillWaiting.Count())
	}
	// Output:
	// open: 0 waiting: 0
	// open: 1 waiting: 1
}

// Nothing was measured, and that is not 0: each such call has a second result.
func Example_noData() {
	f := new(metrics.EventLog).Read(metrics.Rules{}, now).Figures()
	mean, ok := f.Elapsed.FirstResponse.Mean()
	fmt.Println(mean, ok, "–", f.Elapsed.FirstResponse)
	fmt.Println(f.Abandonment().Defined(), standards.Tally{})
	// Output:
	// 0s false – no data
	// false none decided
}

// now is when the examples look at their desk: a Monday at noon.
var now = time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC)

// desk returns the log of the examples: twelve weeks of a made-up desk, thirty
// conversations a week, by e-mail, chat and phone. From the ninth week on it answers
// twice as fast, and its customers are more content. Each tenth conversation is
// answered by a bot first, a third of them by nobody else, and each fifteenth is
// reopened.
func desk() *metrics.EventLog {
	var events metrics.EventLog
	channels := []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone, metrics.Email}
	waits := []time.Duration{90 * time.Minute, time.Minute, 20 * time.Second, 150 * time.Minute}
	agents := []metrics.AgentID{"ana", "ben", "cleo"}
	for i := range 360 {
		week, n := i/30, i%30
		start := now.AddDate(0, 0, 7*(week-12)).Add(time.Duration(n*330) * time.Minute)
		wait := waits[i%4] + time.Duration(i*37%60)*waits[i%4]/60
		stars := []rating.Stars{2, 5, 3, 4, 1, 3, 4}[i%7]
		if week >= 8 {
			wait, stars = wait/2, min(5, stars+2)
		}
		id, agent, channel := metrics.ConversationID(fmt.Sprint("Q-", 100+i)), agents[i%3], channels[i%4]
		take := func(list ...metrics.Event) {
			for _, e := range list {
				must(events.Append(e))
			}
		}
		take(metrics.Opened{Conversation: id, At: start, Channel: channel, Priority: metrics.Priority([]string{"normal", "high"}[i%2])},
			metrics.MessageReceived{Conversation: id, At: start, Channel: channel, Customer: metrics.CustomerID(fmt.Sprint("C-", i%90))})
		if i%10 == 0 {
			take(metrics.ReplySent{Conversation: id, At: start.Add(time.Second), Channel: channel, Agent: "bot", By: metrics.ByAssistant})
		}
		if i%30 == 10 {
			take(metrics.Resolved{Conversation: id, At: start.Add(5 * time.Minute)})
			continue // the bot's answer was enough
		}
		if i >= 355 {
			continue // they are still waiting
		}
		if i%10 == 0 {
			take(metrics.Assigned{Conversation: id, At: start.Add(2 * time.Second), Agent: agent}) // the bot hands over
		}
		answered, resolved := start.Add(wait), start.Add(3*wait)
		take(metrics.ReplySent{Conversation: id, At: answered, Channel: channel, Agent: agent})
		if i%12 == 5 {
			continue // they are worked on
		}
		take(metrics.Resolved{Conversation: id, At: resolved, Agent: agent})
		if i%15 == 7 {
			take(metrics.MessageReceived{Conversation: id, At: resolved.Add(time.Hour), Channel: channel},
				metrics.ReplySent{Conversation: id, At: resolved.Add(time.Hour + wait), Channel: channel, Agent: agent},
				metrics.Resolved{Conversation: id, At: resolved.Add(2*time.Hour + wait), Agent: agent})
		}
		if i%5 != 1 {
			take(metrics.RatingGiven{Conversation: id, At: resolved.Add(30 * time.Minute), Stars: stars, Agent: agent})
		}
	}
	return &events
}

// must ends the program of an example.
func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
