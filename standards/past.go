package standards

import (
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// What was breached stays breached, and a step that came due stays due, though events are
// edited and retracted later, and other conversations merged. So a conversation is judged
// as it was known before each time at which it came to be read otherwise, in turn, and
// each time what was found before is kept.

// version is a conversation as it was known from one instant to the next.
type version struct {
	*metrics.History
	since     time.Time // zero for the first version
	revised   time.Time // when events were last edited or retracted; zero if none was
	standings standings
	moves     *moves // nil if no mergers moved waits into the conversation
	with      *[]timeWith
}

// moves remembers which of the waits that mergers moved had broken their promise before, so
// that a chain of mergers takes no more time than the sum of its parts.
type moves struct{ stood map[move]bool }

// A move is a wait that left a conversation, as it was known since events were last edited or
// retracted, and the number of the first target by which it is judged.
type move struct {
	conversation metrics.ConversationID
	number       int // of the case
	end, revised int64
	target       int
}

// now returns a conversation as it is known now.
func (p Policy) now(h *metrics.History) version {
	return version{History: h, standings: p.standings(h)}
}

// versions returns the versions of a conversation, the last of which is as h. Most
// conversations have one; for these it returns nil.
//
// Of what is known of waits that were moved, some may be known already, or nil.
func (p Policy) versions(h *metrics.History, known *moves) []version {
	revisions := h.Revisions()
	if len(revisions) == 0 && !joined(h) {
		return nil
	}
	if known == nil {
		known = &moves{make(map[move]bool)}
	}
	var all []version
	var since, revised time.Time
	add := func(h *metrics.History) {
		v := p.now(h)
		v.since, v.revised, v.moves = since, revised, known
		all = append(all, v)
	}
	addAll := func(known *metrics.History) {
		for at := range known.Arrivals() {
			if at.After(since) {
				add(known.Before(at))
				since = at
			}
		}
		add(known)
	}
	for _, at := range revisions {
		addAll(h.AsOf(at.Add(-1)))
		since, revised = at, at
	}
	addAll(h.AsOf(h.Terms().AsOf))
	return all
}

// joined reports whether mergers moved waits into the conversation.
func joined(h *metrics.History) bool {
	for range h.Arrivals() {
		return true
	}
	return false
}

// beginning is what a promise is known by while events change: the event that began the
// wait, in whichever conversation.
type beginning struct {
	conversation metrics.ConversationID
	kind         metrics.Kind
	id           metrics.EventID
	at           time.Time      // where there is no ID
	team         metrics.TeamID // whose time it is
}

func beginningOf(r *metrics.Record, team metrics.TeamID) beginning {
	b := beginning{conversation: r.Conversation, kind: r.Type, id: r.ID, team: team}
	if b.id == "" {
		b.at = r.At
	}
	return b
}

// began returns the event that began a wait of a measure.
func (v *version) began(m Measure, w metrics.Wait) (metrics.Record, beginning) {
	if m == TimeWith {
		r := v.beganWith(&w)
		return r, beginningOf(&r, w.Team)
	}
	if m.once() {
		w, _ = v.Assignment() // which begins with the first cycle, too
	}
	r, _ := w.Began()
	return r, beginningOf(&r, "")
}

// own reports whether the wait began in the conversation itself.
func (v *version) own(b beginning) bool { return b.conversation == v.Conversation().ID() }

// without returns the entries of a book but for those that began with what never was, as is
// known now.
func (v *version) without(book []*entry) []*entry {
	type event struct {
		kind metrics.Kind
		id   metrics.EventID
	}
	known := make(map[metrics.ConversationID]map[event]bool)
	return slices.DeleteFunc(book, func(e *entry) bool {
		if e.id == "" {
			return false
		}
		events, ok := known[e.conversation]
		if !ok {
			events = make(map[event]bool)
			known[e.conversation] = events
			c := v.Conversation()
			if !v.own(e.beginning) {
				c, _ = v.Joined(e.conversation)
			}
			for r := range c.Records() {
				events[event{r.Type, r.ID}] = true
			}
		}
		return !events[event{e.kind, e.id}]
	})
}

// elsewhere reports whether a wait that had been moved here is not, as is known now: it
// is judged where it is now, or nowhere if its conversation was discarded.
func (v *version) elsewhere(b beginning) bool {
	if v.own(b) {
		return false
	}
	_, here := v.Joined(b.conversation)
	return !here
}

// once reports whether a conversation has at most one finding by the measure and an
// agreement, whatever became of the first.
func (m Measure) once() bool {
	return m >= FirstResolution && m <= TimeToAssign
}

// entry is what was found of one promise so far: a breach, or steps that came due.
type entry struct {
	beginning
	finding Finding
	seen    bool      // in the version at hand
	ran     time.Time // up to when its clock did, as was known then
}

// run notes that the clock ran to the end of the version in which the promise was seen, or
// until it ended.
func (e *entry) run(until time.Time) {
	if end := e.finding.End; !end.IsZero() {
		until = end
	}
	if e.seen && until.After(e.ran) {
		e.ran = until
	}
}

// replay returns what the versions of a conversation say by the measure and agreement of
// the i-th target, in the order of time.
func (p Policy) replay(i int, versions []version) []Finding {
	m := p.Targets[i].Measure
	var book []*entry
	var all []Finding
	for k := range versions {
		v := &versions[k]
		all = all[:0]
		book = v.without(book)
		before := make(map[beginning][]*entry) // those that were not seen again so far
		for _, e := range book {
			e.run(v.since)
			e.seen = false
			before[e.beginning] = append(before[e.beginning], e)
		}
		if v.Discarded() {
			continue // and if it is restored, what was found before is back
		}
		for _, w := range m.waits(v) {
			began, b := v.began(m, w)
			e := v.entry(book, before, m, b)
			broken := e != nil && e.finding.Verdict == Breached
			if !broken && m <= EveryResponse && p.stood(i, v.moves, v.revised, v.History, &w) {
				continue
			}
			var done []step
			if e != nil {
				done = e.finding.done
			}
			f, ok := p.judged(i, v, &w, done)
			if !ok && !broken {
				continue
			}
			if broken { // and stays so, though no target applies any more
				f.since = v.since
				if f.since.Before(began.At) {
					f.since = began.At // nothing comes due before it is open again
				}
				if began.At.Before(w.Start) && m <= EveryResponse && !e.finding.unassigned { // the clock was started again
					idle, _ := v.Before(w.Start).StillWaiting()
					f.Holds = holdsAfter(idle.Holds, f.Holds, w.Start)
				}
				f = f.after(&e.finding, e.ran)
			}
			if e == nil {
				e = &entry{beginning: b}
				book = append(book, e)
			}
			f.settleSteps()
			f.settled = true
			if list := before[b]; len(list) > 0 && list[0] == e {
				before[b] = list[1:]
			}
			e.finding, e.seen = f, true
			all = append(all, f)
		}
		for _, e := range book {
			if e.seen || v.elsewhere(e.beginning) {
				continue
			}
			f := &e.finding
			f.lose(v.since)
			f.Owner = v.Owner()
			all = append(all, *f)
		}
		book = slices.DeleteFunc(book, func(e *entry) bool { return e.finding.Verdict != Breached && len(e.finding.done) == 0 })
	}
	slices.SortStableFunc(all, func(f, g Finding) int { return f.Start.Compare(g.Start) })
	return all
}

// entry returns what was found before of the promise by a measure that b began, or nil.
func (v *version) entry(book []*entry, before map[beginning][]*entry, m Measure, b beginning) *entry {
	if m.once() {
		if at := slices.IndexFunc(book, func(e *entry) bool { return v.own(e.beginning) }); at >= 0 {
			return book[at]
		}
	}
	if list := before[b]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// date says when a breach began: at the deadline, at the end that broke the promise, or
// when it became known.
func (f *Finding) date() {
	if f.Verdict != Breached || !f.BreachedAt.IsZero() {
		return
	}
	f.BreachedAt = f.Due
	if f.brokenByItsEnd() {
		f.BreachedAt = f.End.UTC()
	}
	if gap, ok := f.gapAt(f.Due); ok && !gap.End.IsZero() {
		f.BreachedAt = gap.End
	}
	if f.BreachedAt.Before(f.since) {
		f.BreachedAt = f.since
	}
}

// after returns f as what follows an earlier finding of the same promise, which was broken,
// and the clock of which ran up to an instant. It takes nothing of that back: what was
// broken has its target, clock and deadline for good, and the steps that come due are
// those of its target.
func (f Finding) after(before *Finding, ran time.Time) Finding {
	if !before.unassigned { // else its clock had not started
		f.Start, f.Holds, f.unassigned = before.Start, holdsAfter(before.Holds, f.Holds, ran), false
	}
	f.Target, f.Index, f.Channel = before.Target, before.Index, before.Channel
	f.Priority, f.Team, f.InCharge = before.Priority, before.Team, before.InCharge
	f.BreachedAt, f.done, f.settled = before.BreachedAt, before.done, false
	f.judge()
	f.Verdict, f.Warning = Breached, false
	return f
}

// holdsAfter returns the pauses of a promise: as they were known while its clock ran, up to
// an instant, and from then on as they are known now.
func holdsAfter(before, now []metrics.Span, ran time.Time) []metrics.Span {
	var holds []metrics.Span
	for _, h := range before {
		if h.End.IsZero() || h.End.After(ran) {
			h.End = ran
		}
		if h.Start.Before(h.End) {
			holds = append(holds, h)
		}
	}
	for _, h := range now {
		if h.Start.Before(ran) {
			h.Start = ran
		}
		if h.End.IsZero() || h.Start.Before(h.End) {
			holds = append(holds, h)
		}
	}
	return holds
}

// lose ends what the conversation does not have any more, as of an instant.
func (f *Finding) lose(at time.Time) {
	f.lost = true
	breached := f.Verdict == Breached
	if f.End.IsZero() {
		f.End, f.Outcome, f.asOf = at, metrics.ClosedUnanswered, time.Time{}
		f.judge()
	}
	if f.Verdict, f.Warning = Excluded, false; breached {
		f.Verdict = Breached
	}
}

// stood reports whether a wait goes on here that mergers moved away from conversations in
// one of which the promise to respond, by the agreement of the i-th target, was broken. What
// was known of that before is known as long as nothing is edited or retracted.
func (p Policy) stood(i int, known *moves, revised time.Time, h *metrics.History, w *metrics.Wait) bool {
	for from, moved := range h.Sources(*w) {
		of := move{from.Conversation().ID(), from.Case(), moved.End.UnixNano(), revised.UnixNano(), i}
		stood, ok := known.stood[of]
		if !ok {
			stood = p.stood(i, known, revised, from, &moved) || p.broken(i, known, from, &moved)
			known.stood[of] = stood
		}
		if stood {
			return true
		}
	}
	return false
}

// broken reports whether the promise was broken before a wait was moved away.
func (p Policy) broken(i int, known *moves, h *metrics.History, w *metrics.Wait) bool {
	every := p.Targets[i].Measure == EveryResponse
	v, past := p.now(h), p.versions(h, known)
	for k := range p.openings() {
		m := p.Targets[k].Measure
		if p.Targets[k].Agreement != p.Targets[i].Agreement || m > EveryResponse || every != (m == EveryResponse) {
			continue
		}
		for f := range p.waits(k, &v, past) {
			if f.Outcome == metrics.Moved && f.End.Equal(w.End) && f.Verdict == Breached && !f.lost {
				return true
			}
		}
	}
	return false
}
