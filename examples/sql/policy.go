package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/servicequality/servicequality/examples/internal/eventtable"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// pairs are the hours of a day with one window, as json.MarshalIndent writes them.
var pairs = regexp.MustCompile(`\[\s+\[\s+("[0-9:]+"),\s+("[0-9:]+")\s+\]\s+\]`)

// writePolicy prints the promises of LibreDesk as JSON.
func writePolicy(ctx context.Context, db *sql.DB, w io.Writer) error {
	policy, err := libreDeskPolicy(ctx, db)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(policy, "", "  ")
	if err != nil {
		return err
	}
	data = pairs.ReplaceAll(data, []byte("[[$1, $2]]"))
	_, err = fmt.Fprintf(w, "%s\n", data)
	return err
}

// libreDeskPolicy returns what LibreDesk promises by its tables sla_policies, teams and
// business_hours: of each team that has a policy, its times, in the hours and the zone of
// the team or, where it has none, those of the desk.
//
// LibreDesk applies a policy to a conversation of the team, and to others by rules; which
// ones those are, the tables do not tell. It counts in whole minutes, and the promises here
// as they are written.
func libreDeskPolicy(ctx context.Context, db eventtable.Querier) (standards.Policy, error) {
	policy := standards.Policy{Name: "LibreDesk", Calendars: make(map[string]calendar.Config)}
	desk, err := libreDeskSettings(ctx, db)
	if err != nil {
		return policy, err
	}
	hours, err := libreDeskHours(ctx, db)
	if err != nil {
		return policy, err
	}
	rows, err := db.QueryContext(ctx, `
		SELECT t.id, t.timezone, t.business_hours_id, p.name, p.first_response_time, p.resolution_time, p.next_response_time
		FROM teams t JOIN sla_policies p ON p.id = t.sla_policy_id ORDER BY t.id`)
	if err != nil {
		return policy, err
	}
	defer rows.Close()
	for rows.Next() {
		var team, name string
		var zone, hoursID, first, resolution, next sql.NullString
		if err := rows.Scan(&team, &zone, &hoursID, &name, &first, &resolution, &next); err != nil {
			return policy, err
		}
		if zone.String == "" {
			zone.String = desk.zone
		}
		if hoursID.String == "" {
			hoursID.String = desk.hoursID
		}
		target := standards.Target{Name: name, Teams: []metrics.TeamID{metrics.TeamID(team)}}
		if h, ok := hours[hoursID.String]; ok {
			if target.CalendarName, target.Calendar, err = h.in(zone.String, policy.Calendars); err != nil {
				return policy, fmt.Errorf("team %s: %w", team, err)
			}
		}
		for _, one := range []struct {
			measure standards.Measure
			within  string
		}{{standards.FirstResponse, first.String}, {standards.NextResponse, next.String}, {standards.FirstResolution, resolution.String}} {
			if one.within == "" {
				continue
			}
			d, err := time.ParseDuration(one.within)
			if err != nil {
				return policy, fmt.Errorf("SLA policy %q: %v: %w", name, one.measure, err)
			}
			if d <= 0 {
				continue // no promise
			}
			target.Measure, target.Within = one.measure, standards.BudgetOf(d)
			policy.Targets = append(policy.Targets, target)
		}
	}
	if err := rows.Err(); err != nil {
		return policy, err
	}
	return policy, policy.Validate()
}

// deskSettings are what teams have that have nothing of their own.
type deskSettings struct{ zone, hoursID string }

func libreDeskSettings(ctx context.Context, db eventtable.Querier) (deskSettings, error) {
	desk := deskSettings{zone: "UTC"}
	rows, err := db.QueryContext(ctx, "SELECT key, value FROM settings WHERE key IN ('app.timezone', 'app.business_hours_id')")
	if err != nil {
		return desk, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var value []byte
		if err := rows.Scan(&key, &value); err != nil {
			return desk, err
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value) // a number
		}
		switch {
		case text == "":
		case key == "app.timezone":
			desk.zone = text
		default:
			desk.hoursID = text
		}
	}
	return desk, rows.Err()
}

// deskHours are a row of business_hours.
type deskHours struct {
	name     string
	always   bool
	days     map[string]calendar.Hours // by the name of the day
	holidays []struct{ Date calendar.Date }
}

func libreDeskHours(ctx context.Context, db eventtable.Querier) (map[string]deskHours, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, name, is_always_open, hours, holidays FROM business_hours")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make(map[string]deskHours)
	for rows.Next() {
		var id string
		var h deskHours
		var hours, holidays []byte
		if err := rows.Scan(&id, &h.name, &h.always, &hours, &holidays); err != nil {
			return nil, err
		}
		var days map[string]struct{ Open, Close calendar.TimeOfDay }
		if err := json.Unmarshal(hours, &days); err != nil {
			return nil, fmt.Errorf("business hours %q: hours: %w", h.name, err)
		}
		h.days = make(map[string]calendar.Hours)
		for day, of := range days {
			h.days[day] = calendar.Hours{Open: of.Open, Close: of.Close}
		}
		if string(holidays) != "{}" { // the default of the table
			if err := json.Unmarshal(holidays, &h.holidays); err != nil {
				return nil, fmt.Errorf("business hours %q: holidays: %w", h.name, err)
			}
		}
		list[id] = h
	}
	return list, rows.Err()
}

// in returns the hours in a zone, and adds them to calendars under a name.
func (h deskHours) in(zone string, calendars map[string]calendar.Config) (string, metrics.Calendar, error) {
	config := calendar.Config{Timezone: zone}
	for day := time.Sunday; day <= time.Saturday; day++ {
		window, ok := h.days[day.String()]
		if h.always {
			window, ok = calendar.MustParseHours("00:00-24:00"), true
		}
		if ok {
			config.Weekly[day] = []calendar.Hours{window}
		}
	}
	if !h.always {
		for _, holiday := range h.holidays {
			config.Holidays = append(config.Holidays, holiday.Date)
		}
	}
	c, err := calendar.New(config)
	if err != nil {
		return "", nil, fmt.Errorf("business hours %q: %w", h.name, err)
	}
	name := h.name + ", " + zone
	calendars[name] = config
	return name, c, nil
}
