package metrics

import (
	"github.com/servicequality/servicequality/metrics/internal/histogram"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A cell holds what was counted in a group: counts, and durations by what they
// measure.
type cell struct {
	number           uint32 // of the cell in its counter; beside the counts, which are read with it
	cases            int64
	conversations    int64
	transfers        int64
	volume           Volume
	waited           int64
	closedUnanswered int64
	moved            int64
	backlog          int64
	reopened         int64
	reopens          int64
	oneTouch         stat.Ratio
	repliesToResolve stat.Ratio
	ratings          rating.Distribution
	requests         Requests
	shortAbandoned   int64
	handled          *handleTimes                             // nil if there are none
	holds            map[HoldReason]*[2]histogram.Accumulator // around the clock, and in hours of service

	elapsed durations
	inHours *durations // nil if there are none
}

// durations has an accumulator for each thing that is measured.
type durations [onlyResolution + 1]histogram.Accumulator

// measured says what a duration is a measure of.
type measured uint32

const (
	stillWaiting measured = iota
	firstResponse
	nextResponse
	byAssistant
	byAutomation
	abandoned
	firstResolution
	fullResolution
	cycleResolution
	activeTime
	requesterWait
	onlyResolution                   // first, full, each cycle's and active time in one; see [durations.times]
	inHours        measured = 1 << 4 // added to one of the others
	measuredBits            = 5
)

// counts returns all the counts of c, as [Figures.counts] does.
func (c *cell) counts() [24]*int64 {
	r := c.requests.counts()
	return [...]*int64{
		&c.cases, &c.conversations, &c.transfers, &c.waited, &c.volume.Messages, &c.volume.Replies, &c.volume.Assistant, &c.volume.Automated,
		&c.volume.RatingRequested, &c.closedUnanswered, &c.moved, &c.backlog, &c.reopened, &c.reopens,
		&c.oneTouch.Part, &c.oneTouch.Whole, &c.repliesToResolve.Part, &c.repliesToResolve.Whole,
		r[0], r[1], r[2], r[3], r[4], &c.shortAbandoned,
	}
}

// of returns the accumulator of what is measured.
func (c *cell) of(m measured) *histogram.Accumulator {
	if m < inHours {
		return &c.elapsed[m]
	}
	if c.inHours == nil {
		c.inHours = new(durations)
	}
	return &c.inHours[m-inHours]
}

// onHold returns the accumulators of the time on hold for a reason, around the clock and
// in hours of service.
func (c *cell) onHold(reason HoldReason) *[2]histogram.Accumulator {
	sums := c.holds[reason]
	if sums == nil {
		if c.holds == nil {
			c.holds = make(map[HoldReason]*[2]histogram.Accumulator)
		}
		sums = new([2]histogram.Accumulator)
		c.holds[reason] = sums
	}
	return sums
}

// merge adds what other counted.
func (c *cell) merge(other *cell) {
	from := other.counts()
	for i, n := range c.counts() {
		*n += *from[i]
	}
	_ = c.ratings.Merge(other.ratings) // it is refused only past 2⁵³ ratings
	c.mergeHandling(other)
	for m := range other.elapsed {
		c.elapsed[m].Merge(&other.elapsed[m])
	}
	if other.inHours != nil {
		for m := range other.inHours {
			c.of(inHours + measured(m)).Merge(&other.inHours[m])
		}
	}
	for reason, sums := range other.holds {
		for i := range sums {
			c.onHold(reason)[i].Merge(&sums[i])
		}
	}
}

// mergeFigures adds figures. It does not need Response, which is FirstResponse and
// NextResponse together.
func (c *cell) mergeFigures(f *Figures) {
	from := f.counts()
	for i, n := range c.counts() {
		*n += *from[i]
	}
	_ = c.ratings.Merge(f.Ratings) // as in merge
	c.mergeHandlingOf(f)
	for i, t := range f.times() {
		for m, s := range map[measured]*Summary{
			stillWaiting: &t.StillWaiting, firstResponse: &t.FirstResponse, nextResponse: &t.NextResponse,
			byAssistant: &t.ByAssistant, byAutomation: &t.ByAutomation, abandoned: &t.Abandoned,
			firstResolution: &t.FirstResolution, fullResolution: &t.FullResolution, cycleResolution: &t.CycleResolution,
			activeTime: &t.Active, requesterWait: &t.RequesterWait,
		} {
			if s.Count() > 0 {
				s.addTo(c.of(m + inHours*measured(i)))
			}
		}
		for reason, s := range t.OnHold {
			s.addTo(&c.onHold(reason)[i])
		}
	}
}

// figures returns the figures as they are now.
func (c *cell) figures() *Figures {
	f := &Figures{Ratings: c.ratings, Elapsed: c.elapsed.times()}
	to := f.counts()
	for i, n := range c.counts() {
		*to[i] = *n
	}
	if c.inHours != nil {
		f.InHours = c.inHours.times()
	}
	c.handlingInto(f)
	for reason, sums := range c.holds {
		for i, t := range f.times() {
			if sums[i].Len() > 0 {
				if t.OnHold == nil {
					t.OnHold = make(map[HoldReason]Summary)
				}
				t.OnHold[reason] = frozen(&sums[i], new(histogram.Accumulator))
			}
		}
	}
	return f
}

// times returns the summaries as they are now. In a conversation that was never
// reopened the first resolution, the full one, that of its cycle and the active time are
// the same: such a time is added once, as onlyResolution, and here becomes part of all.
func (d *durations) times() Times {
	none, only := new(histogram.Accumulator), &d[onlyResolution]
	return Times{
		FirstResponse:   frozen(&d[firstResponse], none),
		Response:        frozen(&d[firstResponse], &d[nextResponse]),
		NextResponse:    frozen(&d[nextResponse], none),
		ByAssistant:     frozen(&d[byAssistant], none),
		ByAutomation:    frozen(&d[byAutomation], none),
		Abandoned:       frozen(&d[abandoned], none),
		FirstResolution: frozen(&d[firstResolution], only),
		FullResolution:  frozen(&d[fullResolution], only),
		CycleResolution: frozen(&d[cycleResolution], only),
		Active:          frozen(&d[activeTime], only),
		RequesterWait:   frozen(&d[requesterWait], none),
		StillWaiting:    frozen(&d[stillWaiting], none),
	}
}
