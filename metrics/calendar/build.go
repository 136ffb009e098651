package calendar

import (
	"encoding/binary"
	"slices"
)

// newTable compiles p for the Unix seconds from lo up to and without hi. sum is
// what the table counts as open before lo.
func newTable(p *plan, lo, hi, sum int64) (table, error) {
	list := changes(p.loc, lo, hi)
	if !usable(list) {
		return table{}, &ConfigError{Path: "timezone", Input: p.loc.String(), Err: because(ErrZone, "offsets of more than two days")}
	}
	first := int(floorDiv(lo-maxOffset, secondsPerDay))
	end := int(floorDiv(hi+maxOffset, secondsPerDay)) + 1
	b := builder{
		table:      table{lo: lo, span: uint64(hi - lo), base: sum},
		plan:       p,
		hi:         hi,
		changes:    list,
		exceptions: p.exceptions(first, end),
		known:      make(map[string]int),
	}
	b.build()
	return b.table, nil
}

// A builder goes through time once and fills a table.
type builder struct {
	table
	plan       *plan
	hi         int64
	changes    []change
	change     int // that in force
	exceptions []exception
	exception  int // the first that is not over

	known map[string]int // patterns, by their windows
	key   []byte
	open  []window
}

func (b *builder) build() {
	count := int((b.span + secondsPerWeek - 1) / secondsPerWeek)
	b.blocks = make([]block, count+1)
	var sum, usualOffset int64
	usual := -1 // the pattern of an ordinary week
	for n := range count {
		lo := b.lo + int64(n)*secondsPerWeek
		var q int
		if offset, ok := b.ordinary(lo); !ok {
			q = b.pattern(lo)
		} else {
			if usual < 0 || usualOffset != offset {
				usual, usualOffset = b.pattern(lo), offset
			}
			q = usual
		}
		b.blocks[n] = block(q)<<sumBits | block(sum)
		sum += int64(b.patterns[q].total)
	}
	b.blocks[count] = block(sum)
	b.rate = float64(count) / max(float64(sum), 1)
	b.patterns, b.runs = slices.Clip(b.patterns), slices.Clip(b.runs)
}

// ordinary reports whether the block from lo on is a whole week of one offset
// without an exceptional date. It leaves behind what is over by then.
func (b *builder) ordinary(lo int64) (offset int64, ok bool) {
	for b.change+1 < len(b.changes) && b.changes[b.change+1].from <= lo {
		b.change++
	}
	offset = b.changes[b.change].offset
	// A change may set the clocks back, so dates are left behind late.
	over := int(floorDiv(lo-maxOffset, secondsPerDay))
	for b.exception < len(b.exceptions) && b.exceptions[b.exception].day < over {
		b.exception++
	}
	hi := lo + secondsPerWeek
	if hi > b.hi || b.change+1 < len(b.changes) && b.changes[b.change+1].from < hi {
		return offset, false
	}
	first, last := int(floorDiv(lo+offset, secondsPerDay)), int(floorDiv(hi-1+offset, secondsPerDay))
	for i := b.exception; i < len(b.exceptions) && b.exceptions[i].day <= last; i++ {
		if b.exceptions[i].day >= first {
			return offset, false
		}
	}
	return offset, true
}

// pattern returns the pattern of the block from lo on, by the one rule: the
// windows of each date that the clock shows, where it shows it.
func (b *builder) pattern(lo int64) int {
	b.open = b.open[:0]
	hi := min(lo+secondsPerWeek, b.hi)
	for i := b.change; i < len(b.changes) && b.changes[i].from < hi; i++ {
		c := b.changes[i]
		from, to := max(c.from, lo), hi
		if i+1 < len(b.changes) {
			to = min(to, b.changes[i+1].from)
		}
		first, last := floorDiv(from+c.offset, secondsPerDay), floorDiv(to+c.offset-1, secondsPerDay)
		for day := first; day <= last; day++ {
			midnight := day*secondsPerDay - c.offset
			for _, w := range b.windows(int(day)) {
				opens, closes := max(midnight+int64(w.open), from), min(midnight+int64(w.close), to)
				if opens < closes {
					b.open = append(b.open, window{int32(opens - lo), int32(closes - lo)})
				}
			}
		}
	}
	return b.intern(union(b.open))
}

// windows returns the windows of a date of the block.
func (b *builder) windows(day int) []window {
	for i := b.exception; i < len(b.exceptions) && b.exceptions[i].day <= day; i++ {
		if b.exceptions[i].day == day {
			return b.exceptions[i].open
		}
	}
	return b.plan.ordinary[weekday(day)]
}

// intern returns the pattern with those windows, a new one if there is none yet.
func (b *builder) intern(windows []window) int {
	b.key = b.key[:0]
	for _, w := range windows {
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(w.open))
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(w.close))
	}
	number, ok := b.known[string(b.key)]
	if ok {
		return number
	}
	number = len(b.patterns)
	b.known[string(b.key)] = number

	q := pattern{first: uint32(len(b.runs))}
	b.runs = append(b.runs, run{})
	for _, w := range windows {
		b.runs = append(b.runs, run{uint32(w.open), uint32(w.close), q.total})
		q.total += uint32(w.close - w.open)
	}
	b.runs = append(b.runs, run{maxRun, maxRun, maxRun})

	runs := b.runs[q.first:]
	at, after := 0, 0
	for i := range q.at {
		for runs[at+1].open <= uint32(i)<<runBits {
			at++
		}
		for runs[after+1].before < uint32(i)<<runBits {
			after++
		}
		q.at[i], q.after[i] = uint16(at), uint16(after)
	}
	b.patterns = append(b.patterns, q)
	return number
}
