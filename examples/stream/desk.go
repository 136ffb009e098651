package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// A delivery is an event on its way: an event comes some time after it happened,
// may come twice, and an edited one comes in several versions.
type delivery struct {
	due  time.Time // when it is sent
	data []byte    // a metrics.Record as JSON
}

// What the made-up desk keeps within. The worker relies on it when it closes
// conversations; a real desk would measure it.
const (
	latestDelivery = 2 * time.Hour // after the event, the second delivery included
	latestReturn   = 4 * time.Hour // of a customer, after the conversation was resolved or rated
	latestRating   = 6 * time.Hour // after the conversation was resolved
)

// firstDay is the day on which the made-up desk begins.
var firstDay = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

// A desk makes up what the sources of a helpdesk deliver, always the same.
type desk struct {
	random        *rand.Rand
	deliveries    []delivery
	events        int
	conversations int // those that others were merged into among them
}

// newDesk returns a desk with the deliveries of a number of conversations that begin
// within a number of days, in the order in which they are sent.
func newDesk(conversations, days int) *desk {
	d := &desk{random: rand.New(rand.NewPCG(2026, 3))}
	for i := range conversations {
		start := firstDay.AddDate(0, 0, d.random.IntN(days)).Add(7 * time.Hour).Add(d.upTo(12 * time.Hour))
		d.conversation(metrics.ConversationID(fmt.Sprintf("%05d", 10_000+i)), start)
	}
	slices.SortStableFunc(d.deliveries, func(a, b delivery) int { return a.due.Compare(b.due) })
	// One message of another program, which is not an event.
	broken := d.deliveries[len(d.deliveries)/3]
	broken.data = []byte(`{"type":"ticket.created","conversation":"10000"}`)
	d.deliveries = slices.Insert(d.deliveries, len(d.deliveries)/3, broken)
	// One of a source whose clock is wrong by decades.
	early := d.deliveries[len(d.deliveries)/2]
	early.data = []byte(`{"type":"message_received","conversation":"10000","at":"2062-03-03T12:00:00Z","channel":"email"}`)
	d.deliveries = slices.Insert(d.deliveries, len(d.deliveries)/2, early)
	return d
}

// upTo returns a duration of whole seconds.
func (d *desk) upTo(most time.Duration) time.Duration {
	return time.Duration(1+d.random.Int64N(int64(most/time.Second))) * time.Second
}

// chance reports true in the given percentage of cases.
func (d *desk) chance(percent int) bool { return d.random.IntN(100) < percent }

// happen takes an event, and makes its deliveries.
func (d *desk) happen(r metrics.Record) {
	d.events++
	// A record of nothing but text, numbers and an instant has a JSON form.
	data, _ := json.Marshal(r)
	lag := d.upTo(2 * time.Second)
	switch {
	case d.chance(3):
		lag = d.upTo(time.Hour)
	case d.chance(12):
		lag = d.upTo(10 * time.Minute)
	}
	d.deliveries = append(d.deliveries, delivery{r.At.Add(lag), data})
	if d.chance(6) {
		d.deliveries = append(d.deliveries, delivery{r.At.Add(d.upTo(latestDelivery)), data})
	}
}

var (
	channels = []metrics.Channel{metrics.Email, metrics.Email, metrics.Chat, metrics.Chat, metrics.Social}
	agents   = []metrics.AgentID{"ana", "ben", "cleo", "dan"}
	pace     = map[metrics.Channel]time.Duration{metrics.Email: 3 * time.Hour, metrics.Chat: 6 * time.Minute, metrics.Social: time.Hour}
)

// conversation makes up a conversation that begins at an instant.
func (d *desk) conversation(id metrics.ConversationID, at time.Time) {
	d.conversations++
	channel, agent := channels[d.random.IntN(len(channels))], agents[d.random.IntN(len(agents))]
	keyed := d.chance(50) // whether the source gives its events keys
	event := func(kind metrics.Kind, after time.Duration) metrics.Record {
		at = at.Add(after)
		r := metrics.Record{Type: kind, Conversation: id, At: at, Channel: channel, Agent: agent}
		if keyed {
			r.ID = metrics.EventID(fmt.Sprintf("%s-%d", id, d.events))
		}
		return r
	}
	d.happen(event(metrics.KindMessageReceived, 0))
	if d.chance(2) {
		d.happen(event(metrics.KindDiscarded, d.upTo(latestDelivery)))
		return
	}
	if d.chance(20) {
		acknowledgement := event(metrics.KindReplySent, time.Second)
		acknowledgement.Agent, acknowledgement.By = "bot", metrics.ByAutomation
		d.happen(acknowledgement)
	}
	d.happen(event(metrics.KindAssigned, d.upTo(pace[channel]/4)))
	for range 1 + d.random.IntN(3) {
		if d.chance(6) {
			return // never answered: it stays open
		}
		d.happen(event(metrics.KindReplySent, d.upTo(pace[channel])))
		if d.chance(5) {
			d.happen(event(metrics.KindPaused, d.upTo(time.Minute)))
			d.happen(event(metrics.KindResumed, d.upTo(2*time.Hour)))
		}
		if d.chance(50) {
			d.happen(event(metrics.KindMessageReceived, d.upTo(2*pace[channel])))
		}
	}
	if d.chance(2) {
		// The customer wrote again elsewhere, and the wait goes on there.
		merged := event(metrics.KindMerged, d.upTo(time.Hour))
		merged.Into = id + "-again"
		d.happen(merged)
		d.conversation(merged.Into, at.Add(-d.upTo(10*time.Minute)))
		return
	}
	d.happen(event(metrics.KindResolved, d.upTo(time.Hour)))
	if d.chance(40) {
		d.rate(event)
	}
	if d.chance(8) {
		d.happen(event(metrics.KindMessageReceived, d.upTo(latestReturn)))
		d.happen(event(metrics.KindReplySent, d.upTo(pace[channel])))
		d.happen(event(metrics.KindResolved, d.upTo(time.Hour)))
	}
}

// rate makes up a rating, which some customers change.
func (d *desk) rate(event func(metrics.Kind, time.Duration) metrics.Record) {
	given := event(metrics.KindRatingGiven, d.upTo(latestRating))
	given.ID = metrics.EventID(fmt.Sprintf("rating-%s-%d", given.Conversation, d.events))
	given.Stars = rating.Stars(1 + d.random.IntN(5))
	d.happen(given)
	if d.chance(20) {
		edited := event(metrics.KindRatingGiven, d.upTo(30*time.Minute))
		edited.ID, edited.Stars = given.ID, rating.Stars(1+d.random.IntN(5))
		d.happen(edited)
	}
}
