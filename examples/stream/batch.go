package main

import (
	"bytes"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// batch returns the figures of everything that was sent, read at once, and how many
// of the deliveries were no event, or one from the future.
func batch(deliveries []delivery, asOf time.Time) (b *metrics.Breakdown[cell], refused int, err error) {
	log := new(metrics.EventLog)
	for _, d := range deliveries {
		_, e, err := eventOf(d.data, d.due)
		if err != nil {
			refused++
			continue
		}
		if err := log.Append(e); err != nil {
			return nil, refused, err
		}
	}
	b = newFigures()
	return b, refused, log.Read(rules, asOf).Into(b)
}

// compare returns the cells in which two breakdowns differ, by the bytes of
// their figures, and how many cells there are.
func compare(a, b *metrics.Breakdown[cell]) (different []cell, cells int, err error) {
	all := make(map[cell]bool)
	for c := range a.Keys() {
		all[c] = true
	}
	for c := range b.Keys() {
		all[c] = true
	}
	for c := range all {
		one, err := a.Group(c).MarshalBinary()
		if err != nil {
			return nil, 0, err
		}
		other, err := b.Group(c).MarshalBinary()
		if err != nil {
			return nil, 0, err
		}
		if !bytes.Equal(one, other) {
			different = append(different, c)
		}
	}
	return different, len(all), nil
}
