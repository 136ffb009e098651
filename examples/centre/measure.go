package main

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

// calendar returns the hours as the library takes them.
func (d desk) calendar(h hours) (*calendar.Calendar, error) {
	config := calendar.Config{Timezone: d.zone.String()}
	for day := time.Monday; day <= h.last; day++ {
		config.Weekly[day] = []calendar.Hours{calendar.MustParseHours(fmt.Sprintf("%02d:00-%02d:00", h.from, h.to))}
	}
	for _, date := range holidays {
		config.Holidays = append(config.Holidays, calendar.MustParseDate(date))
	}
	return calendar.New(config)
}

// policy returns the promises: to callers, by each formula, and to those who write.
func policy(office *calendar.Calendar) standards.Policy {
	var p standards.Policy
	for f := standards.ShortExcluded; f <= standards.ShortMet; f++ {
		p.Targets = append(p.Targets, standards.Target{
			Measure: standards.EveryResponse, Within: standards.BudgetOf(answerWithin), ShortAbandon: shortAbandon,
			Formula: f, Agreement: f.String(), Channels: []metrics.Channel{metrics.Phone},
		})
	}
	letters := standards.Target{Channels: []metrics.Channel{metrics.Email}, Calendar: office}
	twoDays, sameDay := letters, letters
	twoDays.Name, twoDays.Within, twoDays.Priorities = "answered within two business days", standards.BusinessDays(2), []metrics.Priority{normal}
	sameDay.Name, sameDay.Within, sameDay.Priorities = "urgent: answered on the same day", standards.EndOfBusinessDay(0), []metrics.Priority{urgent}
	p.Targets = append(p.Targets, twoDays, sameDay)
	return p
}

// measure returns the figures that the library finds in the events of a desk, in the
// order of the true ones.
func (d desk) measure(events []metrics.Event) ([]figure, error) {
	log := new(metrics.EventLog)
	for _, e := range events {
		if err := log.Append(e); err != nil {
			return nil, err
		}
	}
	rules := metrics.Rules{NewCaseAfter: newCaseAfter, ShortAbandon: shortAbandon, RatingExpires: ratingExpires, TeamCalendars: make(map[metrics.TeamID]metrics.Calendar)}
	office, err := d.calendar(deskHours)
	if err != nil {
		return nil, err
	}
	rules.Calendar = office
	for team, h := range teamHours {
		if rules.TeamCalendars[metrics.TeamID(team)], err = d.calendar(h); err != nil {
			return nil, err
		}
	}
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	byAgent, byTeam := flow.NewWorkload(metrics.Facet.Agent), flow.NewWorkload(metrics.Facet.Team)
	returns := flow.NewReturns(metrics.Whole)
	scores := standards.NewScores(metrics.Whole, policy(office), 0)
	if err := log.Read(rules, d.asOf).Into(byChannel, byAgent, byTeam, returns, scores); err != nil {
		return nil, err
	}
	contacts := returns.Total()
	first, err := contacts.FirstContact(firstContact)
	if err != nil {
		return nil, err
	}
	alone, err := contacts.Assistants(assistantAlone)
	if err != nil {
		return nil, err
	}
	total, calls := byChannel.Total(), byChannel.Group(metrics.Phone)
	list := []figure{
		number("conversations", total.Conversations),
		number("cases", total.Cases),
		number("cases that were opened again", total.Reopens),
		summed("first response", medians, total.Elapsed.FirstResponse),
		summed("first response in hours of service", medians, total.InHours.FirstResponse),
		summed("answers of persons", times, total.Elapsed.Response),
		summed("answers of the assistant", times, total.Elapsed.ByAssistant),
		summed("first resolution", medians, total.Elapsed.FirstResolution),
		summed("full resolution", medians, total.Elapsed.FullResolution),
		part("abandoned calls", calls.Abandonment()),
		part("abandoned calls without short ones", calls.AbandonmentWithoutShort()),
		summed("speed of answer", medians, calls.Elapsed.FirstResponse),
		summed("time to abandon", medians, calls.Elapsed.Abandoned),
	}
	promises := scores.Total()
	for _, a := range promises[:len(promises)-2] {
		list = append(list, part("service level, "+a.Target.Agreement, a.Tally.Compliance()))
	}
	list = append(list, summed("handle time", medians, total.HandleTime))
	for _, agent := range allAgents() {
		load := byAgent.Group(metrics.AgentID(agent))
		list = append(list, summed("handle time of "+agent, times, load.HandleTime), figure{question: "busy time of " + agent, kind: length, mean: load.Busy})
	}
	list = append(list, number("transfers", total.Transfers))
	for _, team := range teams {
		load := byTeam.Group(metrics.TeamID(team))
		list = append(list, summed("time with "+team, times, load.InCharge), summed("hours with "+team, times, load.InChargeInHours))
	}
	list = append(list,
		part("first contact: resolved", first.Share()),
		number("first contact: pending", first.Pending),
		number("first contact: pending, but back already", first.PendingReturned),
		number("first contact: customer unknown", first.Unknown),
		number("assistant: with a person", alone.WithPerson),
		number("assistant: resolved alone, confirmed", alone.Confirmed),
		number("assistant: resolved alone, assumed", alone.Assumed),
		number("assistant: unresolved", alone.Unresolved),
		number("assistant: open", alone.Open),
		number("assistant: pending", alone.Pending),
		number("assistant: pending, but back already", alone.PendingReturned),
		number("assistant: resolved alone, customer unknown", alone.Unknown),
		part("assistant: involvement", alone.Involvement()),
		part("assistant: resolution", alone.Resolution()),
		part("assistant: hand-off", alone.HandOff()),
		part("assistant: containment", alone.Containment()),
		part("assistant: automation", alone.Automation()),
		part("response rate", total.Requests.Response),
		number("requests that may still be answered", total.Requests.Pending),
		number("requests that another replaced", total.Requests.Replaced),
		number("ratings that nobody asked for", total.Requests.Unsolicited),
		number("ratings", total.Ratings.N()),
	)
	for _, a := range promises[len(promises)-2:] {
		list = append(list, part(a.Target.Name, a.Tally.Compliance()), number(a.Target.Name+", may still be", a.Tally.Pending), number(a.Target.Name+", closed before", a.Tally.Excluded))
	}
	return list, nil
}

func number(question string, n int64) figure { return figure{question: question, n: n} }

func part(question string, r stat.Ratio) figure {
	return figure{question: question, kind: share, part: r.Part, n: r.Whole}
}

func summed(question string, k kind, s metrics.Summary) figure {
	f := figure{question: question, kind: k, n: s.Count()}
	f.mean, _ = s.Mean()
	if k == medians {
		f.median, _ = s.Median()
	}
	return f
}
