package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/servicequality/servicequality/metrics"
)

// describe returns the description of a metric. Every name begins with that of the library.
func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("servicequality_"+name, help, labels, nil)
}

// Nothing but the number of events is a counter. Whatever else is counted may fall: a
// conversation is discarded, a rating edited, a reply retracted, a resolution undone. A
// counter that falls by one is taken for one that began anew, and its rate shows all that
// was ever counted as if it had happened at once.
var (
	eventsDesc = describe("events_total",
		"Events that were taken, each delivery counted.")
	asOfDesc = describe("as_of_timestamp_seconds",
		"The instant for which all figures are right.")
	lastEventDesc = describe("last_event_timestamp_seconds",
		"When the latest event happened.")
	foldedDesc = describe("folded_names",
		`Channels and teams that are counted under the value "other", by the label.`, "label")

	conversationsDesc = describe("conversations",
		"Conversations, or cases of them by the rules, that ever came in and were not discarded.", "channel")
	openDesc = describe("open_conversations",
		"Conversations that are open, by how long they have been.", "channel", "team", "age")
	oldestDesc = describe("oldest_open_conversation_age_seconds",
		"For how long the conversation that has been open for longest has been; 0 if none is open.", "channel", "team")
	resolutionsDesc = describe("resolutions",
		"How often a conversation was resolved, again after it was reopened too.", "channel", "team")
	reopeningsDesc = describe("reopenings",
		"How often a conversation was reopened.", "channel", "team")

	waitingDesc = describe("waiting_customers",
		"Conversations in which the customer waits for an answer.", "channel", "team")
	longestDesc = describe("longest_wait_seconds",
		"For how long the customer who has waited for longest has; 0 if nobody waits.", "channel", "team")
	waitsDesc = describe("waits",
		"Waits of customers that are over, by how they ended.", "channel", "team", "outcome")
	messagesDesc = describe("messages",
		"Messages of customers.", "channel", "team")
	repliesDesc = describe("replies",
		"Replies to customers, by who sent them.", "channel", "team", "by")

	ratingsDesc = describe("ratings",
		"Ratings that count, by their stars.", "channel", "team", "stars")
	requestsDesc = describe("rating_requests",
		"Requests for ratings, by what became of them.", "channel", "team", "outcome")

	promisesDesc = describe("promises",
		"Promises by what became of them.", "promise", "measure", "agreement", "channel", "team", "verdict")
	owedDesc = describe("open_promises",
		"Promises of which something is open now: past the limit, near it, or neither.", "promise", "measure", "agreement", "channel", "team", "state")
	goalDesc = describe("promise_goal_ratio",
		"The share of promises that should be kept.", "promise", "measure", "agreement")
	limitDesc = describe("promise_limit_seconds",
		"Within how long it was promised, in hours of service where the promise is; business days are left out.", "promise", "measure", "agreement")
)

// Times of which there is a histogram, around the clock and while the desk is open.
var times = []struct {
	elapsed, open *prometheus.Desc
	of            func(*metrics.Times) *metrics.Summary
}{
	timesOf("first_response", "Times to the first answer by a person", func(t *metrics.Times) *metrics.Summary { return &t.FirstResponse }),
	timesOf("response", "Times to every answer by a person, the first among them", func(t *metrics.Times) *metrics.Summary { return &t.Response }),
	timesOf("assistant_response", "Times to the answers of assistants", func(t *metrics.Times) *metrics.Summary { return &t.ByAssistant }),
	timesOf("abandonment", "Times after which customers gave up", func(t *metrics.Times) *metrics.Summary { return &t.Abandoned }),
	timesOf("first_resolution", "Times from the start to the first resolution, less pauses", func(t *metrics.Times) *metrics.Summary { return &t.FirstResolution }),
}

func timesOf(name, help string, of func(*metrics.Times) *metrics.Summary) (t struct {
	elapsed, open *prometheus.Desc
	of            func(*metrics.Times) *metrics.Summary
}) {
	t.elapsed = describe(name+"_seconds", help+", around the clock.", "channel", "team")
	t.open = describe(name+"_while_open_seconds", help+", in hours of service.", "channel", "team")
	t.of = of
	return t
}

// ages are the classes of the label age: how old what is in them is at most, and their
// names. The last class has no end.
var ages = []struct {
	most time.Duration
	name string
}{
	{24 * time.Hour, "up_to_1d"},
	{3 * 24 * time.Hour, "1d_to_3d"},
	{7 * 24 * time.Hour, "3d_to_7d"},
	{0, "over_7d"},
}
