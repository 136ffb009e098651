package metrics

import (
	"math/bits"
	"sync"
	"time"
)

// pending are durations that were measured, but are not in the cells of their
// groups yet. The summaries of many groups are too large for a processor's caches,
// and each conversation is of other groups than the one before. So durations wait
// until there are enough to take those of each group together. Those of the first
// few groups do not wait.
type pending struct {
	mu        sync.Mutex // guards the following, which readers settle
	keys      []uint32   // of a cell and what is measured
	durations []time.Duration
	sorted    struct { // room to sort them
		keys      []uint32
		durations []time.Duration
	}
}

// If no durations waited, BenchmarkBreakdown by agent would take a sixth longer; if
// four times as many did, it would be no quicker.
const (
	fewCells   = 8
	maxPending = 1 << 17
)

// add takes a duration of a cell.
func (p *pending) add(c *cell, m measured, d time.Duration) {
	if c.number < fewCells {
		c.of(m).Add(d)
		return
	}
	p.keys = append(p.keys, c.number<<measuredBits|uint32(m))
	p.durations = append(p.durations, d)
}

// full reports whether there are as many durations as sort well together.
func (p *pending) full() bool { return len(p.keys) >= maxPending }

// settle puts the durations into their cells.
func (p *pending) settle(cells []*cell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.keys) == 0 {
		return
	}
	p.sort(uint32(len(cells)) << measuredBits)
	held := false
	for i := 0; i < len(p.keys); {
		key, j := p.keys[i], i+1
		for j < len(p.keys) && p.keys[j] == key {
			j++
		}
		s := cells[key>>measuredBits].of(measured(key % (1 << measuredBits)))
		held = s.adopt(p.durations[i:j]) || held
		i = j
	}
	p.keys, p.durations = p.keys[:0], p.durations[:0]
	if held {
		p.durations = make([]time.Duration, 0, cap(p.keys))
	}
}

// sort orders the durations by their keys, which are below a limit, digit by digit
// from the last.
func (p *pending) sort(limit uint32) {
	const digitBits = 12
	n := len(p.keys)
	if min(cap(p.sorted.keys), cap(p.sorted.durations)) < n {
		p.sorted.keys, p.sorted.durations = make([]uint32, n), make([]time.Duration, n)
	}
	for shift := 0; shift < bits.Len32(limit); shift += digitBits {
		var next [1 << digitBits]uint32
		for _, key := range p.keys {
			next[key>>shift%(1<<digitBits)]++
		}
		sum := uint32(0)
		for i, count := range next {
			next[i], sum = sum, sum+count
		}
		keys, durations := p.sorted.keys[:n], p.sorted.durations[:n]
		for i, key := range p.keys {
			at := &next[key>>shift%(1<<digitBits)]
			keys[*at], durations[*at] = key, p.durations[i]
			*at++
		}
		p.sorted.keys, p.sorted.durations = p.keys, p.durations
		p.keys, p.durations = keys, durations
	}
}
