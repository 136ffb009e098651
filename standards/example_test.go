package standards_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// calls are calls, answered after some seconds each.
func calls(seconds ...int) *metrics.EventLog {
	log := new(metrics.EventLog)
	for i, s := range seconds {
		id := metrics.ConversationID(fmt.Sprint("call ", i+1))
		at := time.Date(2026, 3, 2, 9, i, 0, 0, time.UTC)
		for _, e := range []metrics.Event{
			metrics.MessageReceived{Conversation: id, At: at, Channel: metrics.Phone},
			metrics.ReplySent{Conversation: id, At: at.Add(time.Duration(s) * time.Second), Agent: "ana"},
		} {
			if err := log.Append(e); err != nil {
				fmt.Println(err)
			}
		}
	}
	return log
}

// 80 % of calls within 20 seconds, by agent and of all, with the worst breach.
func ExampleScores() {
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "answer a call", Within: standards.BudgetOf(20 * time.Second), Goal: stat.Ratio{Part: 80, Whole: 100}},
		{Name: "take charge", Measure: standards.TimeToAssign, Within: standards.BudgetOf(time.Minute)},
	}}
	scores := standards.NewScores(metrics.Facet.Agent, policy, 1)
	reading := calls(5, 20, 12, 21, 3).Read(metrics.Rules{}, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	if err := reading.Into(scores); err != nil {
		fmt.Println(err)
		return
	}
	for _, attainment := range scores.Total() {
		fmt.Println(attainment)
	}
	ana := scores.Group("ana")[0]
	interval, _ := ana.Tally.Interval(0.95)
	fmt.Println(interval)
	fmt.Println(ana.Breaches[0])
	// Output:
	// answer a call: 4 of 5 kept, 80.0 %, goal attained
	// take charge: not measured, 5 promises
	// 0.8 (95% wilson 0.3755 to 0.9638)
	// call 4, answer a call: breached, due 2026-03-02 09:03:20 UTC, 1 s late
}

// Scores by agent and channel are also those by agent, and those by channel.
func ExampleRegroup() {
	policy := standards.Policy{Targets: []standards.Target{{Name: "answer a call", Within: standards.BudgetOf(20 * time.Second)}}}
	type cell struct {
		agent   metrics.AgentID
		channel metrics.Channel
	}
	scores := standards.NewScores(func(f metrics.Facet) cell { return cell{f.Agent(), f.Channel()} }, policy, 0)
	reading := calls(5, 20, 12, 21, 3).Read(metrics.Rules{}, time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	if err := reading.Into(scores); err != nil {
		fmt.Println(err)
		return
	}
	byAgent := standards.Regroup(scores, func(c cell) metrics.AgentID { return c.agent })
	byChannel := standards.Regroup(scores, func(c cell) metrics.Channel { return c.channel })
	fmt.Println(byAgent.Group("ana"))
	fmt.Println(byChannel.Group(metrics.Phone))
	// Output:
	// [answer a call: 4 of 5 kept, 80.0 %]
	// [answer a call: 4 of 5 kept, 80.0 %]
}

// One day of calls has six service levels, by the six formulas of the field. The counts are
// those of the ICMI (2002): 1,000 calls were answered, 860 of them within 20 seconds; 60
// were given up, 20 of them within 20 seconds and 10 within 5. Agreements show targets of
// one measure side by side.
func ExampleFormula() {
	var policy standards.Policy
	for f := standards.ShortExcluded; f <= standards.ShortMet; f++ {
		policy.Targets = append(policy.Targets, standards.Target{
			Measure: standards.EveryResponse, Within: standards.BudgetOf(20 * time.Second), ShortAbandon: 5 * time.Second,
			Formula: f, Agreement: f.String(),
		})
	}
	var log metrics.EventLog
	begin, n := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), 0
	call := func(count int, seconds time.Duration, answered bool) {
		for range count {
			n++
			id, end := metrics.ConversationID(fmt.Sprint(n)), begin.Add(seconds*time.Second)
			var last metrics.Event = metrics.Abandoned{Conversation: id, At: end}
			if answered {
				last = metrics.ReplySent{Conversation: id, At: end, Agent: "ana"}
			}
			for _, e := range []metrics.Event{metrics.MessageReceived{Conversation: id, At: begin, Channel: metrics.Phone}, last} {
				if err := log.Append(e); err != nil {
					fmt.Println(err)
				}
			}
		}
	}
	call(860, 15, true)
	call(140, 45, true)
	call(10, 4, false)
	call(10, 15, false)
	call(40, 60, false)

	scores := standards.NewScores(metrics.Whole, policy, 0)
	if err := log.Read(metrics.Rules{}, begin.Add(time.Hour)).Into(scores); err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range scores.Total() {
		percent, _ := a.Tally.Compliance().Percent(2, stat.HalfAwayFromZero)
		fmt.Printf("%-15s  %4d of %4d  %s %%\n", a.Target.Formula, a.Tally.Met, a.Tally.Met+a.Tally.Breached, percent.StringFixed(2))
	}
	// Output:
	// short_excluded    860 of 1050  81.90 %
	// answered_only     860 of 1000  86.00 %
	// offered           860 of 1060  81.13 %
	// within_excluded   860 of 1040  82.69 %
	// within_met        880 of 1060  83.02 %
	// short_met         870 of 1060  82.08 %
}

// A response by e-mail within 24 hours of business time, which is three days of
// eight hours.
func ExamplePolicy_UnmarshalJSON() {
	var policy standards.Policy
	err := json.Unmarshal([]byte(`{
		"calendars": {"office": {"timezone": "Europe/Berlin", "weekly": {
			"mon": [["09:00","17:00"]], "tue": [["09:00","17:00"]], "wed": [["09:00","17:00"]],
			"thu": [["09:00","17:00"]], "fri": [["09:00","17:00"]]}}},
		"targets": [{"measure": "first_response", "channels": ["email"], "within": "24h", "calendar": "office"}]
	}`), &policy)
	if err != nil {
		fmt.Println(err)
		return
	}
	friday := time.Date(2026, 3, 6, 14, 0, 0, 0, time.UTC) // 15 o'clock in Berlin
	c, err := metrics.NewConversation(metrics.MessageReceived{Conversation: "7", At: friday, Channel: metrics.Email})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := policy.FirstResponse(c.Read(metrics.Rules{}, friday.AddDate(0, 0, 3)))
	fmt.Println(f.Verdict, "due", f.Due.Format("Monday 15:04"), "with", f.Left, "left")

	err = json.Unmarshal([]byte(`{"targets": [{"measure": "first_response", "within": "0s"}]}`), &policy)
	fmt.Println(err)
	// Output:
	// pending due Wednesday 14:00 with 16h0m0s left
	// standards: targets[0].within: budget is not positive: "0s"
}

// Who is about to breach.
func ExampleNewBoard() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	var log metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "T-1", At: at(9, 0), Channel: metrics.Social},
		metrics.MessageReceived{Conversation: "T-2", At: at(9, 10), Channel: metrics.Social},
		metrics.MessageReceived{Conversation: "T-3", At: at(9, 30), Channel: metrics.Social},
		metrics.MessageReceived{Conversation: "T-4", At: at(9, 40), Channel: metrics.Social},
		metrics.ReplySent{Conversation: "T-4", At: at(9, 50), Agent: "ana"},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
			return
		}
	}
	policy := standards.ChannelSpeeds()
	for i := range policy.Targets {
		policy.Targets[i].Warn = stat.Ratio{Part: 3, Whole: 4}
	}
	board := standards.NewBoard(policy)
	if err := log.Read(metrics.Rules{}, at(10, 0)).Into(board); err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range board.Rows() {
		switch {
		case f.Verdict == standards.Breached:
			fmt.Println(f.Conversation, "is overdue by", -f.Left)
		case f.Warning:
			fmt.Println(f.Conversation, "is about to breach, in", f.Left)
		}
	}
	overdue, near, fine := board.Promises()
	fmt.Println(overdue, "overdue,", near, "near,", fine, "fine")
	// Output:
	// T-1 is overdue by 0s
	// T-2 is about to breach, in 10m0s
	// 1 overdue, 1 near, 1 fine
}

// The proof of a breach is the events between its start and its end.
func ExampleFinding_Evidence() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "T-1", At: at(9, 0), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "T-1", At: at(9, 1), Agent: "bot", By: metrics.ByAutomation},
		metrics.MessageReceived{Conversation: "T-1", At: at(9, 2), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "T-1", At: at(9, 5), Agent: "ana"},
		metrics.Resolved{Conversation: "T-1", At: at(9, 9), Agent: "ana"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := standards.ChannelSpeeds().FirstResponse(c.Read(metrics.Rules{}, at(12, 0)))
	fmt.Println(f.Verdict, "at", f.Due.Format("15:04"), "and late by", -f.Left)
	for _, e := range f.Evidence(c) {
		r := metrics.RecordOf(e)
		fmt.Println(r.At.Format("15:04"), r.Type, "automated:", r.By == metrics.ByAutomation)
	}
	// Output:
	// breached at 09:02 and late by 3m0s
	// 09:00 message_received automated: false
	// 09:01 reply_sent automated: true
	// 09:02 message_received automated: false
	// 09:05 reply_sent automated: false
}

// A lead is told a quarter of an hour before the deadline, a manager an hour after
// it.
func ExampleFinding_Escalations() {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	policy := standards.Policy{Targets: []standards.Target{{
		Within: standards.BudgetOf(time.Hour),
		Escalations: []standards.Escalation{
			{Name: "tell the lead", After: -15 * time.Minute},
			{Name: "tell the manager", After: time.Hour},
		},
	}}}
	c, err := metrics.NewConversation(metrics.MessageReceived{Conversation: "T-1", At: at(9, 0)})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, _ := policy.FirstResponse(c.Read(metrics.Rules{}, at(10, 30)))
	for due, step := range f.Escalations() {
		fmt.Println(due.Format("15:04"), step.Name)
	}
	// Output: 09:45 tell the lead
}

// officeHours are those of a desk in Berlin, from 9 to 17 o'clock on weekdays.
func officeHours() *calendar.Calendar {
	var week calendar.Weekly
	for day := time.Monday; day <= time.Friday; day++ {
		week[day] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	office, err := calendar.New(calendar.Config{Timezone: "Europe/Berlin", Weekly: week})
	if err != nil {
		fmt.Println(err)
	}
	return office
}

// When is what a customer asked on Friday at 10:30 due?
func ExampleBudget() {
	friday := time.Date(2026, 3, 6, 9, 30, 0, 0, time.UTC) // 10:30 in Berlin
	office := officeHours()
	for _, within := range []standards.Budget{
		standards.BudgetOf(8 * time.Hour), standards.BusinessDays(2), standards.EndOfBusinessDay(0), standards.EndOfBusinessDay(1),
	} {
		target := standards.Target{Within: within, Calendar: office}
		due, _ := target.Due(metrics.Wait{Start: friday})
		fmt.Printf("%v: %s\n", within, due.Format("Monday 15:04 MST"))
	}
	// Output:
	// 8h: Monday 09:30 UTC
	// 2 business days: Tuesday 09:30 UTC
	// end of 0 business days: Friday 16:00 UTC
	// end of 1 business day: Monday 16:00 UTC
}

func ExampleBusinessDays() {
	promise := standards.Policy{Targets: []standards.Target{{
		Measure: standards.FirstResolution, Within: standards.BusinessDays(2), WarnDays: 1, Calendar: officeHours(),
		Escalations: []standards.Escalation{{Name: "tell the lead", Days: -1}},
	}}}
	friday := time.Date(2026, 3, 6, 9, 30, 0, 0, time.UTC)
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: friday},
		metrics.Paused{Conversation: "7", At: friday.Add(time.Hour), For: metrics.ForCustomer},
		metrics.Resumed{Conversation: "7", At: friday.Add(3 * time.Hour)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range promise.Findings(c.Read(metrics.Rules{}, friday.AddDate(0, 0, 4))) {
		fmt.Println(f.Verdict, "due", f.Due.Format("Monday 15:04"), "with", f.Left, "left, near:", f.Warning)
		for at, step := range f.Escalations() {
			fmt.Println(at.Format("Monday 15:04"), step.Name)
		}
	}
	// Output:
	// pending due Tuesday 11:30 with 2h0m0s left, near: true
	// Monday 11:30 tell the lead
}

// The promise of a day's end is kept until the desk closes.
func ExampleEndOfBusinessDay() {
	promise := standards.Target{Within: standards.EndOfBusinessDay(1), Calendar: officeHours()}
	for _, hour := range []int{6, 9, 20} {
		asked := time.Date(2026, 3, 6, hour, 0, 0, 0, time.UTC) // a Friday
		due, _ := promise.Due(metrics.Wait{Start: asked})
		fmt.Println(asked.Format("Monday 15:04"), "is due", due.Format("Monday 15:04"))
	}
	// Output:
	// Friday 06:00 is due Monday 16:00
	// Friday 09:00 is due Monday 16:00
	// Friday 20:00 is due Monday 16:00
}

func ExampleParseBudget() {
	for _, text := range []string{"90m", "1 business day", "end of 2 business days", "2 days"} {
		budget, err := standards.ParseBudget(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		length, known := budget.Duration()
		fmt.Println(budget, length, known)
	}
	// Output:
	// 1h30m 1h30m0s true
	// 1 business day 0s false
	// end of 2 business days 0s false
	// standards: no budget: want a duration such as "2m", "2 business days" or "end of 1 business day": "2 days"
}

// Seven hours to solve it: resolved after four, reopened two hours later. The full
// resolution is due as if it had never been resolved; the active one two hours later.
func ExampleMeasure() {
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: at(9)},
		metrics.Resolved{Conversation: "7", At: at(13)},
		metrics.Reopened{Conversation: "7", At: at(15)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	within := standards.BudgetOf(7 * time.Hour)
	policy := standards.Policy{Targets: []standards.Target{
		{Measure: standards.FirstResolution, Within: within},
		{Measure: standards.FullResolution, Within: within},
		{Measure: standards.ActiveResolution, Within: within},
	}}
	for f := range policy.Findings(c.Read(metrics.Rules{}, at(17))) {
		fmt.Println(f)
	}
	// Output:
	// 7, first_resolution: met, due 2026-03-02 16:00:00 UTC, 3 h left
	// 7, full_resolution: breached, due 2026-03-02 16:00:00 UTC, 1 h late
	// 7, active_resolution: pending, due 2026-03-02 18:00:00 UTC, 1 h left
}

// A desk of three teams. The front may have a case for four hours in all, the specialists
// for two days and everybody else for a day; and what is urgent is answered within an hour.
func ExampleTimeWith() {
	var policy standards.Policy
	err := json.Unmarshal([]byte(`{"targets": [
		{"name": "urgent", "measure": "first_response", "priorities": ["urgent"], "within": "1h"},
		{"name": "answer", "measure": "first_response", "within": "8h"},
		{"name": "front", "measure": "time_with", "teams": ["front"], "within": "4h"},
		{"name": "specialists", "measure": "time_with", "teams": ["specialists"], "within": "48h"},
		{"name": "others", "measure": "time_with", "within": "24h"}]}`), &policy)
	if err != nil {
		fmt.Println(err)
		return
	}
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "T-1", At: at(9)},
		metrics.Assigned{Conversation: "T-1", At: at(9), Team: "front", Agent: "ana"},
		metrics.Assigned{Conversation: "T-1", At: at(11), Team: "specialists", Agent: "ben"},
		metrics.Prioritized{Conversation: "T-1", At: at(12), Priority: "urgent"},
		metrics.Assigned{Conversation: "T-1", At: at(13), Team: "billing", Agent: "cleo"},
		metrics.ReplySent{Conversation: "T-1", At: at(14), Agent: "cleo"},
		metrics.Assigned{Conversation: "T-1", At: at(15), Team: "front", Agent: "ana"},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
			return
		}
	}
	for h := range log.Read(metrics.Rules{}, at(16)).Histories() {
		for f := range policy.Findings(h) {
			fmt.Println(f)
			if f.Verdict == standards.Breached {
				fmt.Printf("  broken at %v, when %s of the %s had it\n", f.BreachedAt.Format("15:04"), f.InCharge, f.Team)
			}
		}
	}
	// Output:
	// T-1, urgent: breached, due 2026-03-02 10:00:00 UTC, 4 h late
	//   broken at 12:00, when ben of the specialists had it
	// T-1, front: pending, due 2026-03-02 17:00:00 UTC, 1 h left
	// T-1, specialists: pending, not with specialists, 1 d 22 h left
	// T-1, others: pending, not with billing, 22 h left
}
