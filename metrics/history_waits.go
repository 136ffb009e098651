package metrics

import (
	"iter"
	"slices"
	"sort"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Besides a response and a resolution, a desk owes its customers somebody who is in
// charge, and news now and then. Assignment and Updates return these as waits.

// Assignment returns the wait for an agent in charge: from the start of the
// first cycle to the first Assigned that names an agent, which is the start
// itself if one was assigned before. Otherwise it ends with the cycle, as closed
// unanswered or moved, or is still open; a reply does not end it. It returns
// false if there is no cycle.
func (h *History) Assignment() (Wait, bool) {
	taken, ok := h.assignment()
	if !ok {
		return Wait{}, false
	}
	w := h.duty(&taken)
	if h.begun != nil {
		w.began = h.began(h.begun.cycles[0])
	}
	return w, true
}

func (h *History) assignment() (taken span, ok bool) {
	if len(h.cycles) == 0 {
		return span{}, false
	}
	first := &h.cycles[0]
	taken = span{start: first.start, end: first.end, team: first.team, outcome: first.outcome.unanswered(), agent: h.before.assigned}
	end, events := first.end, h.conversation.events()
	if taken.agent != 0 {
		end, taken.team = first.start, h.before.team
	}
	started := false
	brought := slices.ContainsFunc(h.moves.into(h.conversation.number), func(m move) bool { return m.at == first.start })
	for i := range events {
		e := &events[i]
		if brought && e.at == first.start && e.kind >= KindMessageReceived {
			started = true // a wait arrives before that
		}
		if e.at > first.end || (started || e.at > first.start) && taken.agent != 0 {
			break
		}
		switch e.kind {
		case KindOpened, KindReopened, KindMessageReceived:
			started = started || e.at == first.start
		case KindAssigned:
			taken.agent, taken.team, end = e.party, e.channel, max(e.at, first.start)
		}
		started = started || e.at > first.start
		closes := e.kind == KindResolved || e.kind == KindAbandoned || e.kind == KindMerged
		if started && (taken.agent != 0 || closes && e.at == first.end) {
			break
		}
	}
	if taken.agent != 0 {
		taken.end, taken.outcome = end, Answered
	}
	return taken, true
}

// Updates returns the times during which the customer heard nothing while the
// conversation was open, in order: from the start of a cycle to the first reply,
// from each reply to the next one, and to the end of the cycle, where they are
// closed unanswered or moved, or still open. Whether the customer wrote makes no
// difference. Automated replies count as [Rules.Automated] says.
//
// It reads the conversation again, because nothing else needs these times.
func (h *History) Updates() []Wait {
	if len(h.cycles) == 0 {
		return nil
	}
	r := reader{History: History{terms: h.terms, moves: h.moves}, updating: true}
	if h.begun != nil {
		r.begun = new(begun)
	}
	r.again(h)
	r.next()
	waits := make([]Wait, len(r.updates))
	for i := range waits {
		waits[i] = h.duty(&r.updates[i])
		if h.begun != nil {
			waits[i].began = h.began(r.begun.updates[i])
		}
	}
	return waits
}

// WholeCycle returns all cycles as one, from the start of the first to the end of the
// last, including the time during which the conversation lay resolved before it was
// reopened. This is what [History.FullResolution] measures. It returns false if there
// is no cycle.
func (h *History) WholeCycle() (Cycle, bool) {
	n := len(h.cycles)
	if n == 0 {
		return Cycle{}, false
	}
	whole := h.cycles[n-1]
	whole.start = h.cycles[0].start
	return h.cycle(&whole), true
}

// duty returns a wait that no message started.
func (h *History) duty(s *span) Wait {
	w := h.waitOf(s)
	w.Channel, w.Holds = h.Channel(), h.holdsIn(s.start, s.end, h.rules().PauseStopsWaits)
	return w
}

// A mean of the answered waits alone flatters a desk that does not answer. Survival
// analysis takes the others into account for as long as they lasted. For this it needs
// waits, however they ended.

// AwaitedResponse returns the wait for the first response, however it ended: that of
// [History.FirstResponse] or, if there is none, the first wait, which then was
// answered by automation, closed unanswered, or moved. It returns false for a
// conversation in which nobody waited, which does not show how long an answer takes.
//
// Each conversation is counted once. A customer who was turned away and wrote
// again counts from the wait that was answered, as in the first response time;
// to count that wait too, take each of [History.Waits] by itself.
func (h *History) AwaitedResponse() (Wait, bool) {
	if len(h.waits) == 0 {
		return Wait{}, false
	}
	return h.wait(max(h.first-1, 0)), true
}

// AwaitedResolution returns the first cycle as a wait for a resolution, however
// it ended: Answered if the conversation was resolved, and then its duration is that
// of [History.FirstResolution]; Moved if it was merged away; otherwise Open. Its Holds
// are the pauses, whatever the Rules say of waits. Its Agent is who resolved it. It
// returns false if there is no cycle.
func (h *History) AwaitedResolution() (Wait, bool) {
	if len(h.cycles) == 0 {
		return Wait{}, false
	}
	first := &h.cycles[0]
	w := h.duty(first)
	w.Holds = h.holdsIn(first.start, first.end, AnyReason)
	return w, true
}

// Arrivals yields the instants at which mergers brought waits into the conversation, in
// order. Each counts as a message of the customer that comes before other messages of
// that instant.
func (h *History) Arrivals() iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		for _, m := range h.arrivals() {
			if m.at > h.terms.at || !yield(timeOf(m.at)) {
				return
			}
		}
	}
}

// arrivals returns the waits that mergers brought here in the case.
func (h *History) arrivals() []move {
	all := h.moves.into(h.conversation.number)
	from := func(at int64) int { return sort.Search(len(all), func(i int) bool { return all[i].at >= at }) }
	if h.until != running {
		all = all[:from(h.until)]
	}
	if h.number > 1 {
		all = all[from(h.begins):]
	}
	return all
}

// Observation returns how long w was observed, for [stat.KaplanMeier]; a nil calendar
// means around the clock. If w was answered, that is its duration. Otherwise it is
// censored: at its age if it is open, and at its end if an assistant or automation
// answered it, or if it was closed unanswered, abandoned or moved. An answer would have taken longer than that, but how
// much longer is not known.
//
// The estimate is then that of the time to an answer for a customer who is not turned
// away. For the share of all customers who are answered in time, use [Wait.Ending].
func (w Wait) Observation(c Calendar) stat.Observation {
	return stat.Observation{Time: w.DurationIn(c), Censored: w.Outcome != Answered}
}

// Ending returns how long w was observed, as [Wait.Observation] does, and how it ended,
// for [stat.CumulativeIncidence]. The cause is the number of its Outcome, such as
// int(ClosedUnanswered); 0 is open.
func (w Wait) Ending(c Calendar) stat.Ending {
	return stat.Ending{Time: w.DurationIn(c), Cause: int(w.Outcome)}
}

func (h *History) wait(i int) Wait {
	w := h.waitOf(&h.waits[i])
	w.Holds = spansOf(h.waitPauses(i, h.waits[i].end))
	w.First, w.FirstResponse = i == 0, i == h.first-1
	if h.begun != nil {
		w.began = h.began(h.begun.waits[i])
	}
	return w
}

func (h *History) waitOf(s *span) Wait {
	w := Wait{
		Conversation: h.conversation.ID(),
		Channel:      h.channelOf(s.channel),
		Team:         h.teamOf(s.team),
		Start:        timeOf(s.start),
		End:          timeOf(s.end),
		Outcome:      s.outcome,
		Unassigned:   s.unassigned,
		AsOf:         h.asOf(),
	}
	if s.outcome.replied() {
		w.Agent = h.agent(s.agent)
	}
	return w
}

// holdsIn returns the pauses within a span that have one of the reasons. Those that
// reach beyond it are cut.
func (h *History) holdsIn(start, end int64, reasons HoldReasons) []Span {
	return spansOf(h.pauses(start, end, reasons))
}

func spansOf(holds iter.Seq[hold]) []Span {
	var spans []Span
	for p := range holds {
		spans = append(spans, Span{timeOf(p.start), timeOf(p.end)})
	}
	return spans
}

// measure returns the time from start to end, less the pauses that have one of the
// reasons.
func (h *History) measure(c Calendar, start, end int64, reasons HoldReasons) time.Duration {
	d := between(c, start, end)
	if h.neverPaused() {
		return d
	}
	for p := range h.pauses(start, end, reasons) {
		d -= between(c, p.start, p.end)
	}
	return d
}

// neverPaused reports whether there are no pauses at all, as in most conversations.
func (h *History) neverPaused() bool { return len(h.holds)+len(h.brought) == 0 }

// pauses yields the pauses within a span that have one of the reasons, cut to it. They
// are disjoint and in order, so that all spans of a conversation that are disjoint too
// take linear time.
func (h *History) pauses(start, end int64, reasons HoldReasons) iter.Seq[hold] {
	return func(yield func(hold) bool) {
		if len(h.holds) == 0 || reasons == "" {
			return
		}
		first := sort.Search(len(h.holds), func(i int) bool { return h.holds[i].end > start })
		for _, p := range h.holds[first:] {
			if p.start >= end {
				return
			}
			if reasons != AnyReason && !reasons.Has(h.reason(p)) {
				continue
			}
			p.start, p.end = max(p.start, start), min(p.end, end)
			if p.start < p.end && !yield(p) {
				return
			}
		}
	}
}

// waitPauses yields the pauses that stopped the i-th wait up to an instant: those of the
// conversation that it was in at the time.
func (h *History) waitPauses(i int, end int64) iter.Seq[hold] {
	start, reasons := h.waits[i].start, h.rules().PauseStopsWaits
	at, found := slices.BinarySearchFunc(h.brought, i, func(b brought, i int) int { return b.wait - i })
	if !found {
		return h.pauses(start, end, reasons)
	}
	b := &h.brought[at]
	return func(yield func(hold) bool) {
		for _, p := range b.holds {
			if p.start = max(p.start, start); p.start < p.end && !yield(p) {
				return
			}
		}
		h.pauses(max(start, b.at), end, reasons)(yield)
	}
}

// waitTime returns the time of the i-th wait up to an instant, less the pauses that
// stopped it.
func (h *History) waitTime(c Calendar, i int, end int64) time.Duration {
	d := between(c, h.waits[i].start, end)
	if h.neverPaused() {
		return d
	}
	for p := range h.waitPauses(i, end) {
		d -= between(c, p.start, p.end)
	}
	return d
}

// reason returns what a pause is for.
func (h *History) reason(p hold) HoldReason {
	return HoldReason(h.names().purposes.Text(uint32(p.reason)))
}

// OnHold returns how long the conversation was on hold for the reasons, from its start
// to the end of its last cycle, or to the instant of the reading if that is open. A nil
// calendar means around the clock.
func (h *History) OnHold(c Calendar, reasons HoldReasons) time.Duration {
	if len(h.cycles) == 0 {
		return 0
	}
	var sum time.Duration
	end := min(h.cycles[len(h.cycles)-1].end, h.terms.at)
	for p := range h.pauses(h.cycles[0].start, end, reasons) {
		sum += between(c, p.start, p.end)
	}
	return sum
}

// RequesterWait returns the sum of the customer's waits. An open wait counts with its
// age, and one that moved counts where it went on. It returns false if the customer
// never waited. A nil calendar means around the clock. Waits that were moved here may
// have run at the same time; a sum above the longest [time.Duration], 292 years, is that.
func (h *History) RequesterWait(c Calendar) (sum time.Duration, waited bool) {
	for i := range h.waits {
		if w := &h.waits[i]; w.outcome != Moved {
			sum = longer(sum, h.waitTime(c, i, min(w.end, h.terms.at)))
			waited = true
		}
	}
	return sum, waited
}

// between measures the time from start to end by a calendar. Around the clock, and with
// a nil calendar, that is their difference, and needs no call.
func between(c Calendar, start, end int64) time.Duration {
	if c == nil || c == AroundTheClock {
		return time.Duration(end - start)
	}
	return c.Between(timeOf(start), timeOf(end))
}

// asOf returns the instant as of which the conversation was read.
func (h *History) asOf() time.Time {
	if h.terms == nil {
		return time.Time{}
	}
	return h.terms.AsOf
}

func (h *History) asOfNanoseconds() int64 {
	if h.terms == nil {
		return 0
	}
	return h.terms.at
}

// timeOf returns the instant of nanoseconds since 1970, or the zero time for running.
func timeOf(at int64) time.Time {
	if at == running {
		return time.Time{}
	}
	return time.Unix(0, at).UTC()
}
