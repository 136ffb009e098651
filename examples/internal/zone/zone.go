// Package zone finds the time zone of a desk.
package zone

import (
	"errors"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// Read returns a time zone by its name in the zone database. "Local" means
// something else on each machine.
func Read(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errors.New("want a name such as Europe/Berlin, or UTC")
	}
	return time.LoadLocation(name)
}

// Of returns the zone of the calendars by which a policy judges, or UTC if there is
// none, or if they are of several zones.
func Of(p standards.Policy) *time.Location {
	var zone *time.Location
	for i := range p.Targets {
		hours, ok := p.Targets[i].Calendar.(*calendar.Calendar)
		if !ok {
			continue
		}
		if zone != nil && zone.String() != hours.Location().String() {
			return time.UTC
		}
		zone = hours.Location()
	}
	if zone == nil {
		return time.UTC
	}
	return zone
}
