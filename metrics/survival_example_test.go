package metrics_test

import (
	"fmt"
	"log"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Six of twelve customers were answered, soon, and the median of their waits is what a
// desk likes to show. Two were closed unanswered, and four are still waiting.
func ExampleHistory_AwaitedResponse() {
	var events metrics.EventLog
	take := func(e metrics.Event) {
		if err := events.Append(e); err != nil {
			log.Fatal(err)
		}
	}
	for i, minutes := range []int{5, 10, 15, 25, 40, 70, 0, 0, 0, 0, 0, 0} {
		id := metrics.ConversationID(fmt.Sprint(i + 1))
		take(metrics.MessageReceived{Conversation: id, At: at(9, i)})
		switch {
		case minutes > 0:
			take(metrics.ReplySent{Conversation: id, At: at(9, i+minutes), Agent: "ana"})
		case i < 8:
			take(metrics.Resolved{Conversation: id, At: at(9, i+20)}) // closed unanswered
		}
	}
	asOf := at(11, 0)
	var naive metrics.Summary
	var observations []stat.Observation
	var endings []stat.Ending
	for c := range events.Conversations() {
		if wait, ok := c.Read(metrics.Rules{}, asOf).AwaitedResponse(); ok {
			observations = append(observations, wait.Observation(metrics.AroundTheClock))
			endings = append(endings, wait.Ending(metrics.AroundTheClock))
			if wait.Outcome == metrics.Answered {
				naive.Add(wait.Duration())
			}
		}
	}
	median, _ := naive.Median()
	fmt.Println("median of the answered:", median, "n =", naive.Count())

	// The data do not close the interval: its end is not known yet.
	curve, err := stat.KaplanMeier(observations)
	if err != nil {
		log.Fatal(err)
	}
	honest, err := curve.QuantileInterval(0.5, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("median of all:", honest.Estimate, "from", honest.Low, "to a known end:", honest.HasHigh, "n =", curve.N())

	incidence, err := stat.CumulativeIncidence(endings)
	if err != nil {
		log.Fatal(err)
	}
	for _, outcome := range []metrics.Outcome{metrics.Answered, metrics.ClosedUnanswered} {
		within, err := incidence.At(int(outcome), time.Hour, 0.95)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(outcome, "within an hour:", within)
	}
	// Output:
	// median of the answered: 20m0s n = 6
	// median of all: 1h10m0s from 10m0s to a known end: false n = 12
	// answered within an hour: 0.4167 (95% log_log 0.1525 to 0.6653)
	// closed_unanswered within an hour: 0.1667 (95% log_log 0.02651 to 0.413)
}
