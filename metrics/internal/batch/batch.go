// Package batch collects pairs of a key and a duration, and hands them out key by
// key.
package batch

import (
	"math/bits"
	"time"
)

// Batch holds pairs of a key and a duration until they are taken together. That
// pays where what a key stands for does not fit into a processor's caches, and
// keys come in no order: each is then visited once in a batch. The zero value is
// empty and ready to use.
type Batch struct {
	keys      []uint32
	durations []time.Duration
	spare     struct { // room to sort them into
		keys      []uint32
		durations []time.Duration
	}
}

// Add takes a pair.
func (b *Batch) Add(key uint32, d time.Duration) {
	b.keys = append(b.keys, key)
	b.durations = append(b.durations, d)
}

// Len returns the number of pairs.
func (b *Batch) Len() int { return len(b.keys) }

// Take calls take for each key, in ascending order, with its durations in the
// order in which they came, and empties the batch. The durations are overwritten
// later. Keys must be below limit; a lower one saves time.
func (b *Batch) Take(limit uint32, take func(key uint32, durations []time.Duration)) {
	if len(b.keys) == 0 {
		return
	}
	b.sort(limit)
	for i := 0; i < len(b.keys); {
		key, j := b.keys[i], i+1
		for j < len(b.keys) && b.keys[j] == key {
			j++
		}
		take(key, b.durations[i:j])
		i = j
	}
	b.keys, b.durations = b.keys[:0], b.durations[:0]
}

// sort orders the pairs by their keys, digit by digit from the last.
func (b *Batch) sort(limit uint32) {
	const digitBits = 12
	n := len(b.keys)
	if min(cap(b.spare.keys), cap(b.spare.durations)) < n {
		b.spare.keys, b.spare.durations = make([]uint32, n), make([]time.Duration, n)
	}
	for shift := 0; shift < bits.Len32(limit-1); shift += digitBits {
		var next [1 << digitBits]uint32
		for _, key := range b.keys {
			next[key>>shift%(1<<digitBits)]++
		}
		sum := uint32(0)
		for i, count := range next {
			next[i], sum = sum, sum+count
		}
		keys, durations := b.spare.keys[:n], b.spare.durations[:n]
		for i, key := range b.keys {
			at := &next[key>>shift%(1<<digitBits)]
			keys[*at], durations[*at] = key, b.durations[i]
			*at++
		}
		b.spare.keys, b.spare.durations = b.keys, b.durations
		b.keys, b.durations = keys, durations
	}
}
