package calendar

// A table holds the open seconds of a plan between two instants, in blocks of a
// week: for each block the sum before it and the pattern of its windows. Most
// blocks share a pattern; those with a change of the clocks or an exceptional
// date have others, which recur as well. Nothing is walked: an instant is looked
// up by a division, and a sum by a guess and a few steps around it.
type table struct {
	lo   int64  // first Unix second
	span uint64 // seconds from lo to the end

	base   int64   // open seconds before lo
	blocks []block // with one more, which holds the sum at the end
	rate   float64 // blocks per open second

	patterns []pattern
	runs     []run // of all patterns
}

const runBits = 12 // 68 minutes

// A block is a week, counted from the start of the table: the number of its
// pattern, and in the lower 40 bits the open seconds of the table before it.
type block uint64

const sumBits = 40 // 34,000 years

func (b block) pattern() int { return int(b >> sumBits) }
func (b block) sum() int64   { return int64(b & (1<<sumBits - 1)) }

// A pattern is what a block looks like. Its runs begin with an empty one at 0 and
// end with one at maxRun that is never reached.
type pattern struct {
	first uint32                              // its first run
	total uint32                              // its open seconds
	at    [secondsPerWeek>>runBits + 1]uint16 // run at the start of each 2^runBits seconds
	after [secondsPerWeek>>runBits + 1]uint16 // run in which each 2^runBits open seconds are over
}

// A run is a window, in seconds of the block, with the open seconds of the block
// before it.
type run struct{ open, close, before uint32 }

const maxRun = 1 << 30

// A place is where in a table an instant was found: a hint for the next search.
type place struct {
	block int
	run   uint32
}

// find returns the open seconds up to Unix second u, whether the second that
// begins there is open, and its place. u must be in the table.
func (t *table) find(u int64) (sum int64, open bool, p place) {
	since := uint64(u - t.lo)
	n := since / secondsPerWeek
	sec := uint32(since - n*secondsPerWeek)
	b := t.blocks[n]
	q := &t.patterns[b.pattern()]
	p = place{int(n), q.first + uint32(q.at[sec>>runBits])}
	for t.runs[p.run+1].open <= sec {
		p.run++
	}
	r := &t.runs[p.run]
	return t.base + b.sum() + int64(r.before+min(sec, r.close)-r.open), sec < r.close, p
}

// earliest returns the first Unix second with that many open seconds before it:
// more than there are at the start of the table, and at most those at its end.
// The search begins at a place not far away.
func (t *table) earliest(sum int64, near place) int64 {
	n := near.block
	if t.before(n) >= sum || t.before(n+1) < sum {
		n = t.blockOf(sum, n)
	}
	rest := uint32(sum - t.before(n))
	q := &t.patterns[t.blocks[n].pattern()]
	i := q.first + uint32(q.after[rest>>runBits])
	for t.runs[i+1].before < rest {
		i++
	}
	r := &t.runs[i]
	return t.lo + int64(n)*secondsPerWeek + int64(r.open+rest-r.before)
}

// before returns the open seconds up to block n.
func (t *table) before(n int) int64 { return t.base + t.blocks[n].sum() }

// blockOf returns the last block with less than sum before it. It guesses how
// far from block n that is, and takes growing steps from there.
func (t *table) blockOf(sum int64, n int) int {
	last := len(t.blocks) - 1
	n += int(float64(sum-t.before(n)) * t.rate)
	lo := min(max(n, 0), last-1)
	hi := lo + 1
	for step := 1; t.before(lo) >= sum; step *= 2 {
		lo, hi = max(lo-step, 0), lo
	}
	for step := 1; t.before(hi) < sum; step *= 2 {
		lo, hi = hi, min(hi+step, last)
	}
	for lo+1 < hi {
		if mid := int(uint(lo+hi) / 2); t.before(mid) < sum {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// total returns the open seconds at the end of t.
func (t *table) total() int64 { return t.before(len(t.blocks) - 1) }

// blockEnd returns the first Unix second after block n. A window that ends there
// may go on in the next one.
func (t *table) blockEnd(n int) int64 { return min(t.lo+int64(n+1)*secondsPerWeek, t.end()) }

// end returns the first Unix second after t.
func (t *table) end() int64 { return t.lo + int64(t.span) }
