package calendar

import (
	"slices"
	"time"
)

// A change is an instant from which on a zone has another offset from UTC.
type change struct {
	from   int64 // Unix seconds
	offset int64 // seconds east of UTC
}

// maxOffset bounds what is taken as an offset from UTC. RFC 9636 advises zone
// files to stay within 26 hours.
const maxOffset = 48 * 3600

// changes returns the offsets that loc has from Unix second lo up to and without
// hi: the one at lo first, then one for each change.
//
// Time.ZoneBounds gives the candidates. It is not to be trusted alone: it reports
// the turns of the year as bounds, and on 31 December of a leap year an end that
// has passed already (https://go.dev/issue/81583). So a step is at least a few
// hours long, and where the offset differs after such a step, the change is
// searched for in between.
func changes(loc *time.Location, lo, hi int64) []change {
	const step = 6 * 3600
	list := []change{{lo, offsetAt(loc, lo)}}
	for t := lo; t < hi; {
		_, end := time.Unix(t, 0).In(loc).ZoneBounds()
		if end.IsZero() {
			break
		}
		next := end.Unix()
		if next <= t {
			next = t + step
		}
		next = min(next, hi)
		was := list[len(list)-1].offset
		if is := offsetAt(loc, next); is != was {
			if from := firstOther(loc, t, next, was); from < hi {
				list = append(list, change{from, is})
			}
		}
		t = next
	}
	return list
}

// usable reports whether offsets from UTC are within bounds.
func usable(list []change) bool {
	return !slices.ContainsFunc(list, func(c change) bool { return c.offset < -maxOffset || c.offset > maxOffset })
}

// firstOther returns the first second after t and at or before next at which the
// offset is no longer was. There is one change in between.
func firstOther(loc *time.Location, t, next, was int64) int64 {
	if offsetAt(loc, next-1) == was {
		return next
	}
	for t+1 < next {
		mid := t + (next-t)/2
		if offsetAt(loc, mid) == was {
			t = mid
		} else {
			next = mid
		}
	}
	return next
}

func offsetAt(loc *time.Location, sec int64) int64 {
	_, offset := time.Unix(sec, 0).In(loc).Zone()
	return int64(offset)
}

// midnight returns the first second at which loc shows the date with that number
// or a later one. It searches, since a date may begin at 01:00, or never.
func midnight(loc *time.Location, day int) int64 {
	shows := func(sec int64) bool {
		return floorDiv(sec+offsetAt(loc, sec), secondsPerDay) >= int64(day)
	}
	// Step by step first, because the date may also go back: in St. John's the
	// clocks were turned at one minute past midnight.
	const step = 900
	shown := int64(day)*secondsPerDay - maxOffset
	for !shows(shown) {
		shown += step
	}
	not := shown - step
	for not+1 < shown {
		mid := not + (shown-not)/2
		if shows(mid) {
			shown = mid
		} else {
			not = mid
		}
	}
	return shown
}
