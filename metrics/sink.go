package metrics

import (
	"fmt"
	"slices"
)

// Sink counts something in the histories that it is given: a [Breakdown], an
// [Evidence], a sink of the packages flow, standards or compare, or one of your own.
// A history is good until Add returns; keep a [History.Clone] of it. An error of Add
// ends [Reading.Into].
//
// A sink that embeds a [Binding] learns the terms of a reading before the first
// history, and is not fed anything that does not add up.
type Sink interface{ Add(*History) error }

// Binding remembers what a [Sink] was fed, so that nothing is added that does not
// add up: histories of other rules or of another instant, or conversations that were
// added before. Embed it in a sink of your own, and call Check in Add and, if the sink
// has it, Join in Merge:
//
//	type Count struct {
//		metrics.Binding
//		n int
//	}
//
//	func (c *Count) Add(h *metrics.History) error {
//		if err := c.Check(h); err != nil {
//			return err
//		}
//		c.n++
//		return nil
//	}
//
//	func (c *Count) Merge(other *Count) error {
//		if err := c.Join(&other.Binding); err != nil {
//			return err
//		}
//		c.n += other.n
//		return nil
//	}
//
// Settled histories add up with those of the same instant or of a later one; see
// [Reading.Settled]. Conversations that come again are noticed if [Reading.Into]
// feeds the sink, but not if the caller calls Add.
//
// The zero value was fed nothing. Neither a Binding nor a sink that embeds one may be
// copied.
type Binding struct {
	_     noCopy
	terms *terms
	fed   []part
}

// noCopy makes go vet warn of copies.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// A part is a range of the conversations of a log, by number.
type part struct {
	log       *origin
	low, high int
}

// An origin identifies a log without keeping it in memory.
type origin struct{ _ byte }

// Terms returns the terms of all that was added, or the zero Terms if the sink was
// fed nothing. Settled histories that were added to those of a later instant count as
// of that instant.
func (b *Binding) Terms() Terms { return b.terms.public() }

// Check prepares for a history that is about to be added. If it does not add up with
// those before, the error wraps [ErrOtherTerms], and the history must not be added.
func (b *Binding) Check(h *History) error {
	if h.terms == b.terms && h.terms != nil {
		return nil
	}
	return b.admit(h.terms)
}

// admit is Check for a history of another reading than the last one. It is a call of
// its own so that Check is inlined.
//
//go:noinline
func (b *Binding) admit(t *terms) error {
	if t == nil {
		return fmt.Errorf("%w: a history without a reading", ErrOtherTerms)
	}
	joined, err := b.terms.join(t)
	if err == nil {
		b.terms = joined
	}
	return err
}

// Join prepares for a merge with the sink of other, and must be called before
// anything is merged. If the two do not add up, the error wraps [ErrOtherTerms] or
// [ErrTwice], b is as it was, and nothing must be merged.
func (b *Binding) Join(other *Binding) error {
	if b == other {
		return fmt.Errorf("%w: merged with itself", ErrTwice)
	}
	return b.join(other.terms, other.fed...)
}

func (b *Binding) join(t *terms, fed ...part) error {
	joined, err := b.terms.join(t)
	if err != nil {
		return err
	}
	for _, p := range fed {
		for _, q := range b.fed {
			if p.log == q.log && p.low < q.high && q.low < p.high {
				return ErrTwice
			}
		}
	}
	b.terms = joined
	for _, p := range fed {
		b.feed(p)
	}
	return nil
}

// feed notes a part, joined with the parts next to it.
func (b *Binding) feed(p part) {
	for i := range b.fed {
		if q := &b.fed[i]; q.log == p.log && (q.high == p.low || p.high == q.low) {
			p.low, p.high = min(p.low, q.low), max(p.high, q.high)
			b.fed[i] = b.fed[len(b.fed)-1]
			b.fed = b.fed[:len(b.fed)-1]
			b.feed(p)
			return
		}
	}
	b.fed = append(b.fed, p)
}

func (b *Binding) binding() *Binding { return b }

// bind tells the sinks what they are about to be fed. If one of them refuses it, all
// are as they were.
func bind(r Reading, sinks []Sink) error {
	var fed []part
	if r.low < r.high && r.log != nil {
		fed = []part{{r.log, r.low, r.high}}
	}
	var undo []func()
	for _, s := range sinks {
		bound, ok := s.(interface{ binding() *Binding })
		if !ok {
			continue
		}
		b := bound.binding()
		terms, before := b.terms, slices.Clone(b.fed)
		if err := b.join(r.terms, fed...); err != nil {
			for _, f := range slices.Backward(undo) {
				f()
			}
			return err
		}
		undo = append(undo, func() { b.terms, b.fed = terms, before })
	}
	return nil
}
