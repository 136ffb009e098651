// Package policyfile reads a file of what a desk promises, and of the rules by
// which its conversations are read.
package policyfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

var errRepeated = fmt.Errorf("%w: repeated field", standards.ErrSyntax)

// Read reads a policy, as [standards.Policy.UnmarshalJSON] does, that may have three
// fields beside its own:
//
//	{"rules": {"pause_stops_waits": true},
//	 "team_calendars": {"billing": "office"},
//	 "channel_calendars": {"chat": "late"},
//	 "calendars": {"office": {…}, "late": {…}}, "targets": […]}
//
// The calendars of teams and of channels are named by those of the policy. Without the
// three, the rules are the usual ones.
func Read(data []byte) (rules metrics.Rules, policy standards.Policy, err error) {
	var teams map[metrics.TeamID]string
	var channels map[metrics.Channel]string
	rest, err := take(data, map[string]any{"rules": &rules, "team_calendars": &teams, "channel_calendars": &channels})
	if err != nil {
		return rules, policy, err
	}
	if err := json.Unmarshal(rest, &policy); err != nil {
		return rules, policy, err
	}
	if rules.TeamCalendars, err = named(policy.Calendars, "team_calendars", teams); err != nil {
		return rules, policy, err
	}
	rules.ChannelCalendars, err = named(policy.Calendars, "channel_calendars", channels)
	return rules, policy, err
}

// take decodes the fields of an object that are given, and returns it without them. What
// is no object stays as it is.
func take(data []byte, fields map[string]any) (rest []byte, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return data, nil
	}
	taken := make(map[string]bool)
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return data, nil
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return data, nil
		}
		field := name.(string)
		into, ok := fields[field]
		if !ok {
			quoted, err := json.Marshal(field)
			if err != nil {
				return nil, err
			}
			rest = append(append(append(append(rest, ','), quoted...), ':'), value...)
			continue
		}
		if taken[field] {
			return nil, &standards.PolicyError{Path: field, Err: errRepeated}
		}
		taken[field] = true
		strict := json.NewDecoder(bytes.NewReader(value))
		strict.DisallowUnknownFields()
		if err := strict.Decode(into); err != nil {
			return nil, fmt.Errorf("%s: %w", field, err)
		}
	}
	if len(taken) == 0 {
		return data, nil
	}
	if _, err := dec.Token(); err != nil {
		return data, nil
	}
	rest = append(append([]byte("{"), bytes.TrimPrefix(rest, []byte(","))...), '}')
	return append(rest, data[dec.InputOffset():]...), nil
}

// named returns the calendars that have the names which a field of the file gives.
func named[K ~string](calendars map[string]calendar.Config, field string, names map[K]string) (map[K]metrics.Calendar, error) {
	if len(names) == 0 {
		return nil, nil
	}
	built := make(map[string]metrics.Calendar)
	hours := make(map[K]metrics.Calendar)
	for _, key := range slices.Sorted(maps.Keys(names)) {
		name := names[key]
		config, ok := calendars[name]
		if !ok {
			return nil, &standards.PolicyError{Path: field + "." + string(key), Input: name, Err: standards.ErrCalendar}
		}
		if built[name] == nil {
			c, err := calendar.New(config)
			if err != nil {
				return nil, fmt.Errorf("calendars.%s: %w", name, err)
			}
			built[name] = c
		}
		hours[key] = built[name]
	}
	return hours, nil
}
