package standards

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// ChannelSpeeds returns the speeds to a first response by a person that are
// customary in the practice of service standards: 2 minutes on chat and on the
// phone, 60 minutes on social media, 24 hours by e-mail, all around the clock.
// Other channels have no target, and none has a goal.
//
// They are customs, not a norm: ISO 18295-1:2017 and the COPC CX Standard leave
// the figures to each desk. Measure by them to begin with, and set your own.
func ChannelSpeeds() Policy {
	return Policy{
		Name:   "channel speeds",
		Source: "customs of the practice of service standards, no norm",
		Targets: []Target{
			{Name: "chat", Within: BudgetOf(2 * time.Minute), Channels: []metrics.Channel{metrics.Chat}},
			{Name: "phone", Within: BudgetOf(2 * time.Minute), Channels: []metrics.Channel{metrics.Phone}},
			{Name: "social", Within: BudgetOf(60 * time.Minute), Channels: []metrics.Channel{metrics.Social}},
			{Name: "email", Within: BudgetOf(24 * time.Hour), Channels: []metrics.Channel{metrics.Email}},
		},
	}
}

// ContactCentre returns the service level that is customary for calls: 80 % of
// them answered within 20 seconds, known as 80/20. Each try is a wait of its own, of
// several calls in one conversation too. Calls that were given up in time are excluded,
// and those given up later are breaches; for another way to count them, set
// [Target.Formula].
//
// It is a custom of call centres, whose origin nobody could name; no norm asks
// for it, and ISO 18295-1:2017 and the COPC CX Standard set no universal figure.
func ContactCentre() Policy {
	return Policy{
		Name:   "80/20",
		Source: "custom of call centres, no norm",
		Targets: []Target{{
			Name: "80/20", Measure: EveryResponse, Within: BudgetOf(20 * time.Second), Goal: stat.Ratio{Part: 80, Whole: 100},
			Channels: []metrics.Channel{metrics.Phone},
		}},
	}
}
