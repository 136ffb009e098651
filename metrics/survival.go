package metrics

import (
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

// The mean of the answered alone makes a desk that does not answer look good.
// Survival analysis takes the others into account for as long as they have
// waited. What it needs of a conversation are waits, however they ended.

// AwaitedResponse returns the wait for the first response, however it ended:
// that of [History.FirstResponse]; else, when nobody is waiting and nobody has
// ever been answered, the first wait, which automation answered, or which was
// closed unanswered or moved. It returns false for a conversation in which nobody
// waited, which says nothing about how long an answer takes.
//
// Each conversation is counted once. A customer who was turned away and wrote
// again counts from the wait that was answered, as in the first response time;
// to count that wait too, take each of [History.Waits] by itself.
func (h *History) AwaitedResponse() (Wait, bool) {
	if len(h.waits) == 0 {
		return Wait{}, false
	}
	return h.wait(max(h.first, 0)), true
}

// AwaitedResolution returns the first cycle as a wait for a resolution, however
// it ended: Answered if the conversation was resolved, so that it took what
// [History.FirstResolution] returns; Moved if it was merged away; else Open. Its
// Holds are the pauses, whatever the Rules say of waits; its Agent is who
// resolved it. It returns false if there is no cycle.
func (h *History) AwaitedResolution() (Wait, bool) {
	if len(h.cycles) == 0 {
		return Wait{}, false
	}
	first := &h.cycles[0]
	w := h.waitOf(first)
	w.Channel = h.Channel()
	w.Holds = h.holdsIn(first.start, first.end)
	return w, true
}

// Observation returns how long w was watched, in hours of service or, of a nil
// calendar, around the clock, for [stat.KaplanMeier]: to its end if it was
// answered; else it is censored, at its age as of the instant if it is open, and
// at its end if automation answered it, or it was closed unanswered or moved: how
// long an answer would have taken is not known, but that it would have taken
// longer is. The instant matters only while the wait is open.
//
// The estimate is then of the time to an answer for somebody whom nobody turns
// away. What share of all customers are answered in time is what [Wait.Ending]
// is for.
func (w Wait) Observation(c Calendar, asOf time.Time) stat.Observation {
	return stat.Observation{Time: w.watched(c, asOf), Censored: w.Outcome != Answered}
}

// Ending returns how long w was watched, as [Wait.Observation] does, and how it
// ended, for [stat.CumulativeIncidence]: the cause is the number of its Outcome,
// so that int(ClosedUnanswered) is that of being closed unanswered, and 0 is
// open.
func (w Wait) Ending(c Calendar, asOf time.Time) stat.Ending {
	return stat.Ending{Time: w.watched(c, asOf), Cause: int(w.Outcome)}
}

func (w Wait) watched(c Calendar, asOf time.Time) time.Duration { return w.Until(asOf).DurationIn(c) }
