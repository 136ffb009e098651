package compare_test

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// known returns the events of each conversation that are in force as of an instant, in
// order. Which those are, and their order, the tests of metrics and of flow prove.
func known(list []metrics.Event, asOf time.Time) map[metrics.ConversationID][]metrics.Record {
	log := new(metrics.EventLog)
	for _, e := range list {
		if err := log.Append(e); err != nil {
			panic(err)
		}
	}
	all := make(map[metrics.ConversationID][]metrics.Record)
	for c := range log.Conversations() {
		if c = c.AsOf(asOf); c.Len() > 0 {
			all[c.ID()] = slices.Collect(c.Records())
		}
	}
	return all
}
