package flow

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// The years in which events are.
var (
	firstInstant = time.Unix(0, 0)
	lastInstant  = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)
)

const week = metrics.HoursPerWeek * time.Hour

// clockTime returns for how long the clocks of a zone show each hour of the week
// between two instants. From one change of the clocks to the next it takes whole
// weeks at once.
func clockTime(from, to time.Time, zone *time.Location) (total [metrics.HoursPerWeek]time.Duration) {
	if zone == nil {
		zone = time.UTC
	}
	if from.Before(firstInstant) {
		from = firstInstant
	}
	if to.After(lastInstant) {
		to = lastInstant
	}
	for from.Before(to) {
		end := sameClock(from.In(zone))
		if end.After(to) {
			end = to
		}
		length := end.Sub(from)
		for i := range total {
			total[i] += length / week * time.Hour
		}
		for from = end.Add(-(length % week)); from.Before(end); {
			next := nextHour(from.In(zone))
			if next.After(end) {
				next = end
			}
			total[metrics.HourOfWeekAt(from, zone)] += next.Sub(from)
			from = next
		}
	}
	return total
}

// sameClock returns an instant up to which clocks run without a change. Some
// zones' bounds do not say it; then it is the next hour.
func sameClock(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	switch {
	case end.IsZero():
		return lastInstant
	case !end.After(t):
		return nextHour(t)
	}
	return end
}

// nextHour returns when clocks that run without a change show the next full
// hour.
func nextHour(t time.Time) time.Time {
	return t.Add(time.Hour - time.Duration(t.Minute())*time.Minute -
		time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
}

// sameZone reports whether the clocks of two zones, nil being UTC, show the same
// at every instant. Two zones that were loaded by one name are not one pointer.
func sameZone(a, b *time.Location) bool {
	if a == nil {
		a = time.UTC
	}
	if b == nil {
		b = time.UTC
	}
	if a == b {
		return true
	}
	for at := firstInstant; at.Before(lastInstant); {
		ofA, ofB := at.In(a), at.In(b)
		_, offsetA := ofA.Zone()
		_, offsetB := ofB.Zone()
		if offsetA != offsetB {
			return false
		}
		at = sameClock(ofA)
		if end := sameClock(ofB); end.Before(at) {
			at = end
		}
	}
	return true
}
