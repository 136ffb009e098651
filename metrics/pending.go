package metrics

import (
	"time"

	"github.com/servicequality/servicequality/metrics/internal/batch"
)

// pending holds durations that were measured, but are not in the cells of their
// groups yet. The summaries of many groups are too large for a processor's caches,
// and each conversation belongs to other groups than the one before. So durations
// wait until there are enough to settle those of each group together. Those of the
// first few groups do not wait.
type pending struct {
	durations batch.Batch // by the number of the cell and what is measured
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
	p.durations.Add(c.number<<measuredBits|uint32(m), d)
}

// full reports whether there are as many durations as sort well together.
func (p *pending) full() bool { return p.durations.Len() >= maxPending }

// settle puts the durations into their cells.
func (p *pending) settle(cells []*cell) {
	p.durations.Take(uint32(len(cells))<<measuredBits, func(key uint32, durations []time.Duration) {
		cells[key>>measuredBits].of(measured(key % (1 << measuredBits))).AddAll(durations)
	})
}
