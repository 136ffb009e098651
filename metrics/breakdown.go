package metrics

import (
	"iter"
	"maps"
	"time"
)

// Breakdown groups the figures of conversations by a key that a function makes
// of each measured thing: its channel, its agent, its day, or anything else.
// Every wait, resolution, rating, message and reply is in exactly one group, so
// the groups merge into the total.
//
//	byChannel := metrics.NewBreakdown(metrics.Rules{}, asOf, metrics.Facet.Channel)
//	for c := range log.Conversations() {
//		byChannel.Add(c)
//	}
//	median, ok := byChannel.Group(metrics.Email).Elapsed.FirstResponse.Median()
type Breakdown[K comparable] struct {
	rules     Rules
	calendars []Calendar // nil for around the clock, and the hours of service if there are any
	asOf      time.Time
	key       func(Facet) K // nil: one group
	groups    map[K]*Figures
	history   History // reused
	scope     scope
	recent    [8]placed // the groups that were found last
	latest    int       // the last of them
	from      *EventLog // of the conversation that was added last
}

// placed is the group of all facets that agree in what the key function looked
// at: agent, channel and conversation where the masks are not 0, and the
// instants.
type placed struct {
	group                 *Figures // nil: none yet
	from, to              int64
	agent, conversation   uint32
	agents, conversations uint32 // masks
	channel, channels     uint16 // channels is a mask
}

func (p *placed) has(f *Facet) bool {
	return f.at >= p.from && f.at < p.to && (f.agent^p.agent)&p.agents == 0 &&
		(f.channel^p.channel)&p.channels == 0 &&
		(f.history.conversation.number^p.conversation)&p.conversations == 0
}

// NewBreakdown returns an empty breakdown of what is known as of an instant,
// read by the given rules; an instant after 2261 is held to the end of that
// year. The key function must make the same key whenever what it looks at in the
// facet is the same: it is asked once for many things that agree in that. With a
// nil function all is in the group of the zero key.
func NewBreakdown[K comparable](rules Rules, asOf time.Time, key func(Facet) K) *Breakdown[K] {
	b := &Breakdown[K]{rules: rules, asOf: asOf, key: key, groups: make(map[K]*Figures)}
	b.history.brief = true
	b.calendars = append(b.calendars, nil)
	if rules.Calendar != nil {
		b.calendars = append(b.calendars, rules.Calendar)
	}
	return b
}

// Keys returns the keys of the groups, in no order.
func (b *Breakdown[K]) Keys() iter.Seq[K] { return maps.Keys(b.groups) }

// Group returns the figures of a group. Of a key that nothing belongs to they
// are those of no conversation.
func (b *Breakdown[K]) Group(key K) *Figures {
	if f, ok := b.groups[key]; ok {
		return f
	}
	return new(Figures)
}

// Total returns the figures of all groups together.
func (b *Breakdown[K]) Total() *Figures {
	total := new(Figures)
	for _, f := range b.groups {
		total.Merge(f)
	}
	return total
}

// Merge adds the groups of other, which must be of the same rules, instant and
// key, and of other conversations.
func (b *Breakdown[K]) Merge(other *Breakdown[K]) {
	for key, f := range other.groups {
		b.group(key).Merge(f)
	}
}

// Add takes a conversation, as it was known at the breakdown's instant. Each
// conversation must be added once.
func (b *Breakdown[K]) Add(c Conversation) {
	h := &b.history
	h.read(c.AsOf(b.asOf), &b.rules)
	if c.log != b.from { // whose numbers are others
		b.from, b.recent = c.log, [len(b.recent)]placed{}
	}
	if h.excluded {
		return
	}
	whole := b.at(h.conversation.events[0].at, h.owner, h.channel)
	whole.Conversations++
	b.addWaits()
	b.addCycles(whole)
	b.addVolume(whole)
	for _, r := range h.ratings {
		// The stars were checked when the log took them.
		_ = b.at(r.at, r.agent, r.channel).Ratings.Add(r.stars)
	}
}

func (b *Breakdown[K]) addWaits() {
	h := &b.history
	for i := range h.waits {
		wait := &h.waits[i]
		end := wait.end
		if wait.outcome == Open {
			end = instant(b.asOf)
		}
		f := b.period(wait.start, end, wait)
		switch wait.outcome {
		case AnsweredByAutomation:
			f.AnsweredByAutomation++
		case ClosedUnanswered:
			f.ClosedUnanswered++
		case Moved:
			f.Moved++
		default:
			for j, calendar := range b.calendars {
				d := h.measure(calendar, wait.start, end, b.rules.PauseStopsWaits)
				f.times(j).addWait(wait.outcome, i == h.first, d)
			}
		}
	}
}

func (b *Breakdown[K]) addCycles(whole *Figures) {
	h := &b.history
	if h.reopens > 0 {
		whole.Reopened++
		whole.Reopens += int64(h.reopens)
	}
	if h.IsOpen() {
		whole.Backlog++
	}
	if first, ok := h.firstResolved(); ok {
		f := b.period(first.start, first.end, &first)
		for i, calendar := range b.calendars {
			f.times(i).FirstResolution.Add(h.measure(calendar, first.start, first.end, true))
		}
	}
	if len(h.cycles) == 0 || h.IsOpen() {
		return
	}
	last := &h.cycles[len(h.cycles)-1]
	f := b.period(h.cycles[0].start, last.end, last)
	for i, calendar := range b.calendars {
		if d, ok := h.FullResolution(calendar); ok {
			f.times(i).FullResolution.Add(d)
		}
		if d, ok := h.ActiveTime(calendar); ok {
			f.times(i).Active.Add(d)
		}
	}
	if replies, ok := h.RepliesToResolve(); ok {
		f.RepliesToResolve.Whole++
		f.RepliesToResolve.Part += int64(replies)
		f.OneTouch.Whole++
		if oneTouch, _ := h.OneTouch(); oneTouch {
			f.OneTouch.Part++
		}
	}
}

// addVolume counts each message and reply in its own group, which takes another
// look at the events only if there are groups.
func (b *Breakdown[K]) addVolume(whole *Figures) {
	h := &b.history
	if b.key == nil {
		whole.Volume.add(&h.volume)
		return
	}
	for i := range h.conversation.events {
		e := &h.conversation.events[i]
		switch e.kind {
		case KindMessageReceived:
			b.at(e.at, h.owner, e.channel).Volume.Messages++
		case KindRatingRequested:
			agent := e.party
			if agent == 0 {
				agent = h.owner
			}
			b.at(e.at, agent, e.channel).Volume.RatingRequested++
		case KindReplySent:
			v := &b.at(e.at, e.party, e.channel).Volume
			if e.automated() {
				v.Automated++
			} else {
				v.Replies++
			}
		}
	}
}

// period returns the group of something from start to end.
func (b *Breakdown[K]) period(start, end int64, s *span) *Figures {
	if b.rules.ByStart {
		end = start
	}
	return b.at(end, s.agent, s.channel)
}

// at returns the group of something that belongs to an instant, an agent and a
// channel. The key function is asked only if it looked at anything that is not
// as it was when it was asked before: most of what is measured in a conversation
// belongs to one group.
func (b *Breakdown[K]) at(at int64, agent uint32, channel uint16) *Figures {
	if channel == 0 {
		channel = b.history.channel
	}
	f := Facet{history: &b.history, scope: &b.scope, at: at, agent: agent, channel: channel}
	for i := range b.recent {
		if p := &b.recent[(b.latest+i)%len(b.recent)]; p.has(&f) && p.group != nil {
			return p.group
		}
	}
	b.scope.widen()
	var key K
	if b.key != nil {
		key = b.key(f)
	}
	b.latest = (b.latest + len(b.recent) - 1) % len(b.recent)
	b.recent[b.latest] = placed{
		group: b.group(key), from: b.scope.from, to: b.scope.to,
		agent: agent, agents: mask[uint32](b.scope.agent),
		channel: channel, channels: mask[uint16](b.scope.channel),
		conversation: b.history.conversation.number, conversations: mask[uint32](b.scope.conversation),
	}
	return b.recent[b.latest].group
}

func mask[T uint16 | uint32](on bool) T {
	if on {
		return ^T(0)
	}
	return 0
}

func (b *Breakdown[K]) group(key K) *Figures {
	f, ok := b.groups[key]
	if !ok {
		f = new(Figures)
		b.groups[key] = f
	}
	return f
}
