package metrics

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Breakdown groups the figures of conversations by a key, such as the channel, the
// agent or the day. A function makes the key from the [Facet] of each thing that is
// measured. Every wait, resolution, rating, message and reply is in exactly one
// group, so the groups add up to the total.
//
//	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
//	err := log.Read(metrics.Rules{}, asOf).Into(byChannel)
//	...
//	median, ok := byChannel.Group(metrics.Email).Elapsed.FirstResponse.Median()
//
// A zero Breakdown puts everything into the group of the zero key. A Breakdown keeps
// a reference to the log of the last history added, so that log stays in memory. No
// two of its methods may be called at the same time.
type Breakdown[K comparable] struct {
	Binding
	counter
	groups Grouping[K]
	read   int64 // the sum of all counts that came from JSON
}

// maxRead is the greatest sum of counts from JSON to which anything may be added, so that
// nothing leaves an int64: histories bring far fewer.
const maxRead = 1 << 62

// NewBreakdown returns an empty breakdown by the key that a function makes. The key
// may depend only on what the function asks the facet for, because the function is
// called once for many things that agree in that.
func NewBreakdown[K comparable](key func(Facet) K) *Breakdown[K] {
	return &Breakdown[K]{groups: Grouping[K]{key: key}}
}

// Keys returns the keys of the groups, in no order.
func (b *Breakdown[K]) Keys() iter.Seq[K] { return b.groups.Keys() }

// Group returns the figures of a group as they are now. They are the caller's own,
// and do not change when more is added. For a key with no members they are empty.
func (b *Breakdown[K]) Group(key K) *Figures {
	b.settle()
	if n, ok := b.groups.Number(key); ok {
		return b.figures(b.cells[n])
	}
	return b.figures(new(cell))
}

// Total returns the figures of all groups together as they are now.
func (b *Breakdown[K]) Total() *Figures {
	b.settle()
	var total cell
	for _, c := range b.cells {
		total.merge(c)
	}
	return b.figures(&total)
}

// figures returns the figures of a cell, with the instant for which they are right.
func (b *Breakdown[K]) figures(c *cell) *Figures {
	f := c.figures()
	if b.terms != nil {
		f.AsOf, f.Settled = b.terms.AsOf, b.terms.Settled
	}
	return f
}

// Merge adds the groups of other, which must have the same key function. Breakdowns
// of parts of a log, or of several logs without a conversation in common, merge if
// they were read by the same rules as of the same instant. Over time only settled
// ones do (see [Reading.Settled]): breakdowns of last night and of tonight would
// count what is open in both of them twice. If the two do not add up, the error wraps
// [ErrOtherTerms] or [ErrTwice], and b is as it was. If counts that were read from JSON
// add up to more than 2⁶², which those of no desk do, it wraps [stat.ErrCount].
func (b *Breakdown[K]) Merge(other *Breakdown[K]) error {
	if err := b.checkRead(other.read); err != nil {
		return err
	}
	if err := b.Join(&other.Binding); err != nil {
		return err
	}
	other.settle()
	for n, key := range other.groups.All() {
		b.cell(b.groups.Add(key)).merge(other.cells[n])
	}
	b.read += other.read
	return nil
}

// checkRead reports whether there is no room for counts of a sum beside those from JSON.
func (b *Breakdown[K]) checkRead(more int64) error {
	if b.read > maxRead || more > maxRead-b.read {
		return fmt.Errorf("metrics: breakdown: %w: %d and %d in all", stat.ErrCount, b.read, more)
	}
	return nil
}

// Add adds a history. If it does not add up with those before, the error wraps
// [ErrOtherTerms]; see [Binding.Check].
func (b *Breakdown[K]) Add(h *History) error {
	if b.read > maxRead {
		return b.checkRead(0)
	}
	if err := b.Check(h); err != nil {
		return err
	}
	if !h.counts {
		return nil
	}
	b.places = b.groups.prepare()
	b.add(h)
	return nil
}

// MarshalJSON implements [json.Marshaler]. The form is an object with the [Figures]
// of each group under its key, which must be a string, an integer or an
// [encoding.TextMarshaler]. It does not have the rules, and an empty breakdown does
// not have its instant.
func (b *Breakdown[K]) MarshalJSON() ([]byte, error) {
	groups := make(map[K]*Figures, len(b.cells))
	for key := range b.Keys() {
		groups[key] = b.Group(key)
	}
	return json.Marshal(groups)
}

// UnmarshalJSON implements [json.Unmarshaler]: it replaces the groups of b, and
// leaves its key function. If the figures are not right for a common instant, the
// error wraps [ErrOtherTerms]. A group that comes twice, such as the integer 1 as "1" and
// "01", and whatever follows are errors, and so are figures that [Figures.UnmarshalJSON]
// refuses, or whose counts add up to more than 2⁶³−1. The rules of the form are unknown; the
// caller must make sure that whatever is then added or merged was read by the same ones.
func (b *Breakdown[K]) UnmarshalJSON(data []byte) error {
	var groups map[K]*Figures
	if _, err := text.DecodeJSON(data, &groups); err != nil {
		return fmt.Errorf("metrics: breakdown: %w", err)
	}
	var names map[string]struct{}
	_ = json.Unmarshal(data, &names) // it was read
	if len(names) != len(groups) {
		return fmt.Errorf("metrics: breakdown: %d names for %d groups", len(names), len(groups))
	}
	var common *terms
	read := int64(0)
	for _, f := range groups {
		if f == nil {
			continue
		}
		n, _ := f.all() // it was checked
		if n > math.MaxInt64-read {
			return fmt.Errorf("metrics: breakdown: %w: more than 2⁶³−1 in all", stat.ErrCount)
		}
		read += n
		joined, err := common.join(f.terms())
		if err != nil {
			return err
		}
		common = joined
	}
	b.Binding, b.counter, b.groups, b.read = Binding{terms: common}, counter{}, Grouping[K]{key: b.groups.key}, read
	for key, f := range groups {
		if f != nil {
			b.cell(b.groups.Add(key)).mergeFigures(f)
		}
	}
	return nil
}
