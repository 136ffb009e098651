package metrics

import (
	"math/bits"
	"sync"
	"time"
)

// pending are durations that were measured, but are not in the figures of their
// groups yet. The summaries of many groups are too large for a processor's
// caches, and each conversation is of other groups than the one before. So
// durations wait until there are enough to take those of each group together.
// Where there are few groups they do not wait.
type pending struct {
	mu        sync.Mutex // guards the following, which readers settle
	cells     []*cell
	room      []cell   // for more of them
	keys      []uint32 // of a cell and what is measured
	durations []time.Duration
	sorted    struct { // room to sort them
		keys      []uint32
		durations []time.Duration
	}
}

const (
	fewCells   = 8
	maxPending = 1 << 17
)

// measured tells which figures a duration belongs to.
type measured uint32

const (
	stillWaiting measured = iota
	firstResponse
	nextResponse
	firstResolution
	fullResolution
	activeTime
	onlyResolution          // of a conversation that was never reopened: all three
	inHours        measured = 1 << 3
	measuredBits            = 4
)

// on returns m on the i-th calendar of a counter.
func (m measured) on(i int) measured {
	if i > 0 {
		m |= inHours
	}
	return m
}

// of returns the summaries that take what was measured; the last ones may be
// nil.
func (f *Figures) of(m measured) (a, b, c *Summary) {
	t := &f.Elapsed
	if m&inHours != 0 {
		t = &f.InHours
	}
	switch m &^ inHours {
	case stillWaiting:
		return &t.StillWaiting, nil, nil
	case firstResponse:
		return &t.FirstResponse, &t.Response, nil
	case nextResponse:
		return &t.NextResponse, &t.Response, nil
	case firstResolution:
		return &t.FirstResolution, nil, nil
	case fullResolution:
		return &t.FullResolution, nil, nil
	case activeTime:
		return &t.Active, nil, nil
	}
	return &t.FirstResolution, &t.FullResolution, &t.Active
}

// add takes what was measured.
func (f *Figures) add(m measured, d time.Duration) {
	a, b, c := f.of(m)
	a.Add(d)
	if b != nil {
		b.Add(d)
	}
	if c != nil {
		c.Add(d)
	}
}

// adopt takes what was measured more than once, and may keep it.
func (f *Figures) adopt(m measured, durations []time.Duration) {
	a, b, c := f.of(m)
	a.adopt(durations)
	if b != nil {
		b.adopt(durations)
	}
	if c != nil {
		c.adopt(durations)
	}
}

// newCell returns another cell.
func (p *pending) newCell() *cell {
	if len(p.room) == 0 {
		p.room = make([]cell, min(len(p.cells)+1, 64))
	}
	c := &p.room[0]
	p.room = p.room[1:]
	c.number = len(p.cells)
	p.cells = append(p.cells, c)
	return c
}

// take takes a duration of a cell.
func (p *pending) take(c *cell, m measured, d time.Duration) {
	if len(p.cells) <= fewCells {
		c.add(m, d)
		return
	}
	if len(p.keys) == maxPending {
		p.settle()
	}
	if p.durations == nil {
		p.durations = make([]time.Duration, 0, cap(p.keys))
	}
	p.keys = append(p.keys, uint32(c.number)<<measuredBits|uint32(m))
	p.durations = append(p.durations, d)
}

// settle puts the durations into the figures of their groups.
func (p *pending) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.keys) == 0 {
		return
	}
	p.sort()
	for i := 0; i < len(p.keys); {
		key, j := p.keys[i], i+1
		for j < len(p.keys) && p.keys[j] == key {
			j++
		}
		p.cells[key>>measuredBits].adopt(measured(key&(1<<measuredBits-1)), p.durations[i:j])
		i = j
	}
	p.keys, p.durations = p.keys[:0], nil // which the summaries may hold
}

// sort orders the durations by their keys, digit by digit from the last.
func (p *pending) sort() {
	const digitBits = 11
	n := len(p.keys)
	if min(cap(p.sorted.keys), cap(p.sorted.durations)) < n {
		p.sorted.keys, p.sorted.durations = make([]uint32, n), make([]time.Duration, n)
	}
	for shift := 0; shift < bits.Len(uint(len(p.cells)<<measuredBits)); shift += digitBits {
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
