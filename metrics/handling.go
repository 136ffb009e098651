package metrics

import (
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/histogram"
)

// handled is how long a case was handled, with one activity.
type handled struct {
	activity uint16
	took     time.Duration
}

// A finder finds the places of reasons or activities in a list of one for each: by looking
// while the list is short, as nearly always, and by a map when it is long.
type finder struct{ places map[uint16]int }

// find returns the place of a number in a list, or −1. Of the list it is told the length and
// the numbers.
func (f *finder) find(number uint16, n int, at func(i int) uint16) int {
	const short = 16
	if n <= short {
		f.places = nil
		for i := range n {
			if at(i) == number {
				return i
			}
		}
		return -1
	}
	if f.places == nil {
		f.places = make(map[uint16]int)
	}
	for i := len(f.places); i < n; i++ { // new since the last call
		f.places[at(i)] = i
	}
	if i, found := f.places[number]; found {
		return i
	}
	return -1
}

// handle takes a Handled.
func (r *reader) handle(e *packed) {
	i := r.activities.find(e.channel, len(r.handled), func(i int) uint16 { return r.handled[i].activity })
	if i < 0 {
		i = len(r.handled)
		r.handled = append(r.handled, handled{activity: e.channel})
	}
	r.handled[i].took = longer(r.handled[i].took, time.Duration(r.names().rarityOf(e).took))
}

// longer returns the sum of two durations of 0 or more, or the longest that there is.
func longer(a, b time.Duration) time.Duration {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// HandleTime returns how long agents worked on the case: the sum of its [Handled], after
// Resolved too, as wrap-up is. Agents who worked at the same time both count, as work and
// not as time that passed. It returns false if there is none. A sum above that of the
// longest [time.Duration], 292 years, is that.
func (h *History) HandleTime() (sum time.Duration, ok bool) {
	for _, one := range h.handled {
		sum = longer(sum, one.took)
	}
	return sum, len(h.handled) > 0
}

// Handling returns the handle time of each activity that the case had. The empty one is
// that of a Handled that does not say what it was for. The map is the caller's own.
func (h *History) Handling() map[Activity]time.Duration {
	by := make(map[Activity]time.Duration, len(h.handled))
	for _, one := range h.handled {
		by[h.activity(one)] = one.took
	}
	return by
}

func (h *History) activity(one handled) Activity {
	return Activity(h.names().purposes.Text(uint32(one.activity)))
}

// handleTimes has the handle times of a group: of whole cases, and by activity.
type handleTimes struct {
	whole histogram.Accumulator
	by    map[Activity]*histogram.Accumulator
}

// handling returns the handle times of c, for more of them.
func (c *cell) handling() *handleTimes {
	if c.handled == nil {
		c.handled = &handleTimes{by: make(map[Activity]*histogram.Accumulator)}
	}
	return c.handled
}

// of returns the accumulator of an activity.
func (t *handleTimes) of(a Activity) *histogram.Accumulator {
	sum := t.by[a]
	if sum == nil {
		sum = new(histogram.Accumulator)
		t.by[a] = sum
	}
	return sum
}

// handle adds the handle times of a case.
func (c *cell) handle(h *History) {
	to := c.handling()
	sum, _ := h.HandleTime()
	to.whole.Add(sum)
	for _, one := range h.handled {
		to.of(h.activity(one)).Add(one.took)
	}
}

// mergeHandling adds the handle times of other.
func (c *cell) mergeHandling(other *cell) {
	if other.handled == nil {
		return
	}
	to := c.handling()
	to.whole.Merge(&other.handled.whole)
	for activity, sum := range other.handled.by {
		to.of(activity).Merge(sum)
	}
}

// mergeHandlingOf adds the handle times of figures.
func (c *cell) mergeHandlingOf(f *Figures) {
	if f.HandleTime.Count() == 0 && len(f.Handling) == 0 {
		return
	}
	to := c.handling()
	f.HandleTime.addTo(&to.whole)
	for activity, s := range f.Handling {
		s.addTo(to.of(activity))
	}
}

// handlingInto puts the handle times as they are now into figures.
func (c *cell) handlingInto(f *Figures) {
	if c.handled == nil {
		return
	}
	none := new(histogram.Accumulator)
	f.HandleTime = frozen(&c.handled.whole, none)
	f.Handling = make(map[Activity]Summary, len(c.handled.by))
	for activity, sum := range c.handled.by {
		f.Handling[activity] = frozen(sum, none)
	}
}
