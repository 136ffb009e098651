package compare

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// Promise returns the compliance with a target: of the promises that were kept or broken,
// the share that were kept; see [standards.Tally.Compliance]. Pending and excluded ones
// are not in it, and a target that is not measured has no data. Higher is better. A
// promise belongs where and when it was made; see [standards.NewScores].
//
// It is counted by [Groups], [Sides] and [Timelines] that were given the policy of the
// target. Targets are told apart by their String: those of one name, such as the nameless
// targets of one measure for several channels, count together.
func Promise(t *standards.Target) Metric {
	limit := Metric(t.Agreement)
	if p := limit.parts(); p.limit > 0 && t.Within == standards.BudgetOf(p.limit) && limited[p.time] == t.Measure {
		return limit
	}
	return Metric(promise + t.String())
}

// limited are the times of which a share within a limit can be counted.
var limited = map[string]standards.Measure{
	"first_response":   standards.FirstResponse,
	"response":         standards.EveryResponse,
	"next_response":    standards.NextResponse,
	"first_resolution": standards.FirstResolution,
	"full_resolution":  standards.FullResolution,
	"active":           standards.ActiveResolution,
}

// Within returns the share of those who waited that had what they waited for at or
// before a limit, such as FirstResponse.Within(time.Hour). Higher is better. Who had no
// answer at all is in it, as in the promises of package standards:
//
//	in time / (answered or resolved + without it beyond the limit)
//
// Without it are those who still wait, who gave up, and whose conversation was closed,
// if that took longer than the limit. Not in it at all are those who still wait but not
// yet so long, and those who gave up, whose conversation was closed or moved, or who had
// the answer of an assistant or automation by then. A wait belongs to the period in
// which it began.
//
// It is counted by [Groups], [Sides] and [Timelines] that were given its [Limits]. A
// limit that is not above 0 gives no metric. Any metric that is not a time is returned as
// it is.
func (i Metric) Within(limit time.Duration) Metric {
	p := i.parts()
	if _, ok := limited[p.time]; !ok {
		return i
	}
	if limit <= 0 {
		return ""
	}
	p.statistic, p.limit = "", limit
	return p.metric()
}

// Limits returns the policy by which metrics of [Metric.Within] are counted, each as an
// agreement of its own. Those in hours of service are measured by the given hours, mostly
// the Calendar of the Rules, and are left out if that is nil. Other metrics are left out.
//
//	hour := compare.FirstResponse.Within(time.Hour)
//	sides := compare.NewSides(metrics.Facet.Channel, spans, policy, compare.Limits(nil, hour))
func Limits(hours metrics.Calendar, by ...Metric) standards.Policy {
	var policy standards.Policy
	for _, i := range by {
		p := i.parts()
		if p.limit == 0 || p.inHours && hours == nil {
			continue
		}
		t := standards.Target{Name: i.String(), Measure: limited[p.time], Within: standards.BudgetOf(p.limit), Agreement: string(i)}
		if p.inHours {
			t.Calendar = hours
		}
		policy.Targets = append(policy.Targets, t)
	}
	return policy
}
