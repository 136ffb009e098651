package metrics

import (
	"github.com/servicequality/servicequality/metrics/internal/histogram"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A cell is a group that is being counted: its counts beside each other, and its
// durations by what is measured.
type cell struct {
	number               uint32 // of the cell in its counter; beside the counts, which are read with it
	conversations        int64
	volume               Volume
	answeredByAutomation int64
	closedUnanswered     int64
	moved                int64
	backlog              int64
	reopened             int64
	reopens              int64
	oneTouch             stat.Ratio
	repliesToResolve     stat.Ratio
	ratings              rating.Distribution

	elapsed durations
	inHours *durations // nil: none
}

// durations are those of each thing that is measured.
type durations [onlyResolution + 1]histogram.Accumulator

// measured says what a duration is a measure of.
type measured uint32

const (
	stillWaiting measured = iota
	firstResponse
	nextResponse
	firstResolution
	fullResolution
	activeTime
	onlyResolution                   // of a conversation that was never reopened: all three
	inHours        measured = 1 << 3 // added to one of the others
	measuredBits            = 4
)

// counts returns all the counts of c, as [Figures.counts] does.
func (c *cell) counts() [15]*int64 {
	return [...]*int64{
		&c.conversations, &c.volume.Messages, &c.volume.Replies, &c.volume.Automated, &c.volume.RatingRequested,
		&c.answeredByAutomation, &c.closedUnanswered, &c.moved, &c.backlog, &c.reopened, &c.reopens,
		&c.oneTouch.Part, &c.oneTouch.Whole, &c.repliesToResolve.Part, &c.repliesToResolve.Whole,
	}
}

// of returns the durations of what is measured.
func (c *cell) of(m measured) *histogram.Accumulator {
	if m < inHours {
		return &c.elapsed[m]
	}
	if c.inHours == nil {
		c.inHours = new(durations)
	}
	return &c.inHours[m-inHours]
}

// merge adds what other counted.
func (c *cell) merge(other *cell) {
	from := other.counts()
	for i, n := range c.counts() {
		*n += *from[i]
	}
	c.ratings.Merge(other.ratings)
	for m := range other.elapsed {
		c.elapsed[m].Merge(&other.elapsed[m])
	}
	if other.inHours != nil {
		for m := range other.inHours {
			c.of(inHours + measured(m)).Merge(&other.inHours[m])
		}
	}
}

// mergeFigures adds figures. All responses are the first ones and the next ones.
func (c *cell) mergeFigures(f *Figures) {
	from := f.counts()
	for i, n := range c.counts() {
		*n += *from[i]
	}
	c.ratings.Merge(f.Ratings)
	for i, t := range f.times() {
		for m, s := range map[measured]*Summary{
			stillWaiting: &t.StillWaiting, firstResponse: &t.FirstResponse, nextResponse: &t.NextResponse,
			firstResolution: &t.FirstResolution, fullResolution: &t.FullResolution, activeTime: &t.Active,
		} {
			if s.Count() > 0 {
				s.addTo(c.of(m + inHours*measured(i)))
			}
		}
	}
}

// figures returns the figures as they are now, frozen.
func (c *cell) figures() *Figures {
	f := &Figures{Ratings: c.ratings, Elapsed: c.elapsed.times()}
	to := f.counts()
	for i, n := range c.counts() {
		*to[i] = *n
	}
	if c.inHours != nil {
		f.InHours = c.inHours.times()
	}
	return f
}

func (d *durations) times() Times {
	none, only := new(histogram.Accumulator), &d[onlyResolution]
	return Times{
		FirstResponse:   frozen(&d[firstResponse], none),
		Response:        frozen(&d[firstResponse], &d[nextResponse]),
		NextResponse:    frozen(&d[nextResponse], none),
		FirstResolution: frozen(&d[firstResolution], only),
		FullResolution:  frozen(&d[fullResolution], only),
		Active:          frozen(&d[activeTime], only),
		StillWaiting:    frozen(&d[stillWaiting], none),
	}
}
