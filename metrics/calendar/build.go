package calendar

import (
	"encoding/binary"
	"math"
)

// newTable compiles p for the Unix seconds from lo up to and without hi. sum is
// what the table counts as open before lo.
func newTable(p *plan, lo, hi, sum int64) (table, error) {
	list := changes(p.loc, lo, hi)
	least, most := list[0].offset, list[0].offset
	for _, c := range list {
		least, most = min(least, c.offset), max(most, c.offset)
	}
	if least < -maxOffset || most > maxOffset || len(list) >= math.MaxUint16 {
		return table{}, &ConfigError{Path: "timezone", Input: p.loc.String(), Err: because(ErrZone, "offsets out of range")}
	}

	first := int(floorDiv(lo+least, secondsPerDay))
	first -= weekday(first)
	end := int(floorDiv(hi+most, secondsPerDay)) + 1

	b := builder{table: table{lo: lo, span: uint64(hi - lo)}, known: make(map[string]uint32)}
	b.setWeek(p)
	b.setSpecials(p.exceptions(first, end), first, end)
	b.setStretches(list, int64(first)*secondsPerDay, sum)
	return b.table, nil
}

// A builder fills a table.
type builder struct {
	table
	known map[string]uint32 // kinds by their windows
	key   []byte
}

func (b *builder) setWeek(p *plan) {
	for day, windows := range p.weekly {
		k := b.kind(windows)
		b.weekKind[day] = k
		b.upTo[day+1] = b.upTo[day] + b.kinds[k].total
	}
	b.week = uint64(b.upTo[7])
	if b.week > 0 {
		b.perWeek = math.MaxUint64/b.week + 1
	}
}

// kind returns the kind with those windows, a new one if there is none yet.
func (b *builder) kind(windows []window) uint32 {
	b.key = b.key[:0]
	for _, w := range windows {
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(w.open))
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(w.close))
	}
	if k, ok := b.known[string(b.key)]; ok {
		return k
	}
	number := uint32(len(b.kinds))
	b.known[string(b.key)] = number

	k := kind{first: uint32(len(b.runs)), count: uint32(len(windows)) + 1}
	b.runs = append(b.runs, run{})
	for _, w := range windows {
		b.runs = append(b.runs, run{uint32(w.open), uint32(w.close), k.total})
		k.total += uint32(w.close - w.open)
	}
	b.runs = append(b.runs, run{math.MaxUint32, math.MaxUint32, k.total})
	b.kinds = append(b.kinds, k)

	at := uint32(0)
	for i := range uint32(runsPerKind) {
		for b.runs[k.first+at+1].open <= i<<runBits {
			at++
		}
		b.runIndex = append(b.runIndex, k.first+at)
	}
	return number
}

// setSpecials takes the exceptions from the date with number first up to and
// without end.
func (b *builder) setSpecials(list []exception, first, end int) {
	var extra int64
	b.specialSums = append(b.specialSums, math.MinInt64)
	for _, e := range list {
		k := b.kind(e.open)
		day := uint32(e.day - first)
		usual := b.weekKind[day%7]
		if k == usual {
			continue
		}
		sum := int64(day/7)*int64(b.week) + int64(b.upTo[day%7]) + extra
		b.specials = append(b.specials, special{extra: extra, day: day, kind: k})
		b.specialSums = append(b.specialSums, sum)
		extra += int64(b.kinds[k].total) - int64(b.kinds[usual].total)
	}
	if len(b.specials) == 0 {
		b.specialSums = nil
		return
	}
	b.marks = make([]mark, (end-first)/64+1)
	for _, s := range b.specials {
		b.marks[s.day/64].bits |= 1 << (s.day % 64)
		b.marks[s.day/64].before++
	}
	var before uint32
	for i := range b.marks {
		before, b.marks[i].before = before+b.marks[i].before, before
	}
	b.specials = append(b.specials, special{extra: extra, day: math.MaxUint32})
	b.specialSums = append(b.specialSums, math.MaxInt64)
}

// setStretches takes the changes of the zone. origin is the local second that
// the dates are counted from.
func (b *builder) setStretches(list []change, origin, sum int64) {
	for i, c := range list {
		s := stretch{from: c.from, shift: c.offset - origin}
		if i > 0 {
			last := &b.stretches[i-1]
			local, _, _, _ := b.local(uint64(c.from + last.shift))
			sum = last.base + local
		}
		local, _, _, _ := b.local(uint64(c.from + s.shift))
		s.base = sum - local
		b.stretches = append(b.stretches, s)
		b.stretchSums = append(b.stretchSums, sum)
	}
	last := &b.stretches[len(list)-1]
	local, _, _, _ := b.local(uint64(b.end() + last.shift))
	b.stretches = append(b.stretches, stretch{from: math.MaxInt64})
	b.stretchSums = append(b.stretchSums, last.base+local)

	at := 0
	for i := range b.span>>stretchBits + 1 {
		for b.stretches[at+1].from <= b.lo+int64(i<<stretchBits) {
			at++
		}
		b.stretchIndex = append(b.stretchIndex, uint16(at))
	}
}
