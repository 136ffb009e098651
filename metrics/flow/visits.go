package flow

import (
	"iter"
	"slices"
)

// visits are visits by number. They stay where they are, in blocks, so that many of them
// are never copied.
type visits struct {
	blocks [][]visit // all but the last are full
}

const blockVisits = 1 << 10

func (v *visits) len() int {
	last := len(v.blocks) - 1
	if last < 0 {
		return 0
	}
	return last*blockVisits + len(v.blocks[last])
}

// at returns the visit of a number.
func (v *visits) at(n uint32) *visit { return &v.blocks[n/blockVisits][n%blockVisits] }

func (v *visits) add(one visit) {
	last := len(v.blocks) - 1
	switch {
	case last < 0:
		v.blocks, last = append(v.blocks, nil), 0 // of few visits, as on most desks
	case len(v.blocks[last]) == blockVisits:
		v.blocks = append(v.blocks, make([]visit, 0, blockVisits))
		last++
	}
	v.blocks[last] = append(v.blocks[last], one)
}

// now returns the visits so far, which do not change when more are added.
func (v *visits) now() visits { return visits{slices.Clone(v.blocks)} }

func (v *visits) all() iter.Seq2[uint32, *visit] {
	return func(yield func(uint32, *visit) bool) {
		n := uint32(0)
		for _, block := range v.blocks {
			for i := range block {
				if !yield(n, &block[i]) {
					return
				}
				n++
			}
		}
	}
}
