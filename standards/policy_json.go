package standards

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

type policyJSON struct {
	Name      string                     `json:"name,omitzero"`
	Source    string                     `json:"source,omitzero"`
	Calendars map[string]calendar.Config `json:"calendars,omitzero"`
	Targets   []targetJSON               `json:"targets"`
}

type targetJSON struct {
	Name        string               `json:"name,omitzero"`
	Measure     Measure              `json:"measure"`
	Agreement   string               `json:"agreement,omitzero"`
	Channels    []metrics.Channel    `json:"channels,omitzero"`
	Priorities  []metrics.Priority   `json:"priorities,omitzero"`
	Teams       []metrics.TeamID     `json:"teams,omitzero"`
	Customers   []metrics.CustomerID `json:"customers,omitzero"`
	From        time.Time            `json:"from,omitzero"`
	Until       time.Time            `json:"until,omitzero"`
	Within      Budget               `json:"within"`
	Short       string               `json:"short_abandon,omitzero"`
	Formula     Formula              `json:"formula,omitzero"`
	Calendar    string               `json:"calendar,omitzero"`
	Goal        stat.Ratio           `json:"goal,omitzero"`
	Warn        any                  `json:"warn,omitzero"` // a share, or business days
	Escalations []escalationJSON     `json:"escalations,omitzero"`
}

type escalationJSON struct {
	Name  string `json:"name,omitzero"`
	After Budget `json:"after"`
}

// MarshalJSON returns p in the form that [Policy.UnmarshalJSON] reads, with shares
// as counts. A policy that is not valid, has a predicate, or has a calendar
// without a name is a [*PolicyError].
func (p Policy) MarshalJSON() ([]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	out := policyJSON{p.Name, p.Source, p.Calendars, []targetJSON{}}
	for i := range p.Targets {
		t := &p.Targets[i]
		switch {
		case t.When != nil:
			return nil, &PolicyError{at("targets", i), t.Name, ErrPredicate}
		case !isAroundTheClock(t.Calendar) && t.CalendarName == "":
			return nil, &PolicyError{at("targets", i) + ".calendar", "", ErrCalendar}
		}
		var steps []escalationJSON
		for _, e := range t.Escalations {
			steps = append(steps, escalationJSON{e.Name, e.after()})
		}
		var warn any
		switch {
		case t.WarnDays != 0:
			warn = BusinessDays(t.WarnDays)
		case t.Warn != stat.Ratio{}:
			warn = t.Warn
		}
		short := ""
		if t.ShortAbandon != 0 {
			short = text.Exact(t.ShortAbandon)
		}
		out.Targets = append(out.Targets, targetJSON{
			t.Name, t.Measure, t.Agreement, t.Channels, t.Priorities, t.Teams, t.Customers, t.From, t.Until,
			t.Within, short, t.Formula, t.CalendarName, t.Goal, warn, steps,
		})
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads a policy strictly:
//
//	{"name": "Gold",
//	 "calendars": {"office": {"timezone": "Europe/Berlin", "weekly": {"mon": [["09:00","17:00"]]}}},
//	 "targets": [
//	  {"measure": "first_response", "channels": ["chat"], "within": "2m", "goal": "80%", "warn": "75%"},
//	  {"measure": "first_resolution", "within": "24h", "calendar": "office",
//	   "escalations": [{"after": "-30m", "name": "tell the team lead"}]},
//	  {"measure": "active_resolution", "within": "end of 2 business days", "calendar": "office",
//	   "warn": "1 business day", "escalations": [{"after": "-1 business day"}]}]}
//
// Budgets are those of [ParseBudget], durations those of [time.ParseDuration],
// calendars those of [calendar.Config], shares a percentage of up to nine decimal places or counts
// such as {"part": 80, "whole": 100}, instants RFC 3339; agreement, priorities,
// teams, customers, from and until, short_abandon and formula may be added to a target. An unknown or repeated field, a null,
// anything that follows, and everything that [Policy.Validate] refuses is a [*PolicyError],
// which says where. A file that holds [metrics.Rules] too is taken apart by the caller.
func (p *Policy) UnmarshalJSON(data []byte) error {
	read, err := readPolicy(data)
	if err == nil {
		err = read.Validate()
	}
	if err == nil {
		*p = read
	}
	return err
}

func readPolicy(data []byte) (Policy, error) {
	var p Policy
	var targets []json.RawMessage
	err := members(data, "", func(key, path string, value []byte) (err error) {
		switch key {
		case "name":
			p.Name, err = readText(value, path)
		case "source":
			p.Source, err = readText(value, path)
		case "rules":
			err = &PolicyError{path, "", fmt.Errorf("%w: rules belong to the reading, not to the policy", ErrSyntax)}
		case "calendars":
			p.Calendars, err = readCalendars(value, path)
		case "targets":
			if targets, err = elements(value, path); err == nil && len(targets) > maxTargets {
				err = &PolicyError{path, strconv.Itoa(len(targets)), faultTargets}
			}
		default:
			err = unknownField("", key)
		}
		return err
	})
	if err != nil {
		return p, err
	}
	built := make(map[string]metrics.Calendar)
	for name, config := range p.Calendars {
		c, err := calendar.New(config)
		if err != nil {
			return p, locate(err, join("calendars", name))
		}
		built[name] = c
	}
	for i, value := range targets {
		t, err := readTarget(value, at("targets", i), built)
		if err != nil {
			return p, err
		}
		p.Targets = append(p.Targets, t)
	}
	return p, nil
}

func readCalendars(data []byte, path string) (map[string]calendar.Config, error) {
	configs := make(map[string]calendar.Config)
	err := members(data, path, func(name, path string, value []byte) error {
		var c calendar.Config
		if err := c.UnmarshalJSON(value); err != nil {
			return locate(err, path)
		}
		configs[name] = c
		return nil
	})
	return configs, err
}

// locate gives an error of package calendar its place in the policy.
func locate(err error, path string) error {
	var e *calendar.ConfigError
	if errors.As(err, &e) {
		return &PolicyError{strings.TrimSuffix(join(path, e.Path), "."), e.Input, e.Err}
	}
	return &PolicyError{path, "", err}
}

func readTarget(data []byte, path string, calendars map[string]metrics.Calendar) (Target, error) {
	var t Target
	var measured, budgeted bool
	err := members(data, path, func(key, path string, value []byte) (err error) {
		switch key {
		case "name":
			t.Name, err = readText(value, path)
		case "measure":
			measured, err = true, readEnum(value, path, &t.Measure)
		case "agreement":
			t.Agreement, err = readText(value, path)
		case "channels":
			t.Channels, err = readTexts[metrics.Channel](value, path)
		case "priorities":
			t.Priorities, err = readTexts[metrics.Priority](value, path)
		case "teams":
			t.Teams, err = readTexts[metrics.TeamID](value, path)
		case "customers":
			t.Customers, err = readTexts[metrics.CustomerID](value, path)
		case "from":
			t.From, err = readTime(value, path)
		case "until":
			t.Until, err = readTime(value, path)
		case "within":
			budgeted = true
			t.Within, err = readBudget(value, path)
		case "short_abandon":
			t.ShortAbandon, err = readDuration(value, path)
		case "formula":
			err = readEnum(value, path, &t.Formula)
		case "calendar":
			if t.CalendarName, err = readText(value, path); err == nil {
				var ok bool
				if t.Calendar, ok = calendars[t.CalendarName]; !ok {
					err = &PolicyError{path, t.CalendarName, ErrCalendar}
				}
			}
		case "goal":
			t.Goal, err = readShare(value, path, wantShare)
		case "warn":
			t.Warn, t.WarnDays, err = readWarning(value, path)
		case "escalations":
			t.Escalations, err = readEscalations(value, path)
		default:
			err = unknownField(strings.TrimSuffix(path, "."+key), key)
		}
		return err
	})
	switch {
	case err != nil:
		return t, err
	case !measured:
		return t, &PolicyError{path + ".measure", "", fmt.Errorf("%w: no measure given", ErrTarget)}
	case !budgeted:
		return t, &PolicyError{path + ".within", "", fmt.Errorf("%w: none given", faultBudget)}
	}
	return t, nil
}

func readEscalations(data []byte, path string) ([]Escalation, error) {
	list, err := elements(data, path)
	if err != nil {
		return nil, err
	}
	if len(list) > maxSteps {
		return nil, &PolicyError{path, strconv.Itoa(len(list)), faultSteps}
	}
	steps := make([]Escalation, len(list))
	for i, element := range list {
		given := false
		err := members(element, at(path, i), func(key, path string, value []byte) (err error) {
			switch key {
			case "name":
				steps[i].Name, err = readText(value, path)
			case "after":
				given = true
				steps[i].After, steps[i].Days, err = readStep(value, path)
			default:
				err = unknownField(strings.TrimSuffix(path, "."+key), key)
			}
			return err
		})
		if err == nil && !given {
			err = &PolicyError{at(path, i) + ".after", "", fmt.Errorf("%w: none given", ErrSyntax)}
		}
		if err != nil {
			return nil, err
		}
	}
	return steps, nil
}

const wantShare = `a share such as "80%"`

// readShare reads a percentage such as "99.5%", or counts.
func readShare(data []byte, path, want string) (stat.Ratio, error) {
	if len(data) > 0 && data[0] == '{' {
		var r stat.Ratio
		err := members(data, path, func(key, path string, value []byte) error {
			switch key {
			case "part":
				return readValue(value, path, "a whole number", &r.Part)
			case "whole":
				return readValue(value, path, "a whole number", &r.Whole)
			}
			return unknownField(strings.TrimSuffix(path, "."+key), key)
		})
		if err == nil && !r.Defined() {
			err = &PolicyError{path, string(data), fmt.Errorf("%w: want %s", ErrSyntax, want)}
		}
		return r, err
	}
	text, err := readText(data, path)
	if err != nil {
		return stat.Ratio{}, wrongKind(path, want, data)
	}
	number, ok := strings.CutSuffix(text, "%")
	digits, fraction, point := strings.Cut(strings.TrimRight(number, " "), ".")
	part, err := strconv.ParseUint(digits+fraction, 10, 63)
	if !ok || err != nil || len(fraction) > 9 || digits == "" || point && fraction == "" {
		return stat.Ratio{}, wrongKind(path, want, data)
	}
	r := stat.Ratio{Part: int64(part), Whole: 100}
	for range fraction {
		r.Whole *= 10
	}
	return r, nil
}

func readBudget(data []byte, path string) (Budget, error) {
	text, err := readText(data, path)
	if err == nil {
		var b Budget
		if b, err = ParseBudget(text); err == nil {
			return b, nil
		}
	}
	return Budget{}, wrongKind(path, wantBudget, data)
}

func readDuration(data []byte, path string) (time.Duration, error) {
	text, err := readText(data, path)
	if err == nil {
		if d, err := time.ParseDuration(text); err == nil {
			return d, nil
		}
	}
	return 0, wrongKind(path, `a duration such as "2m"`, data)
}

// readStep reads when a step comes due: after a duration or business days.
func readStep(data []byte, path string) (time.Duration, int, error) {
	b, err := readBudget(data, path)
	switch {
	case err == nil && b.unit == ofTime:
		return time.Duration(b.n), 0, nil
	case err == nil && b.unit == ofDays && b.n != 0:
		return 0, int(b.n), nil
	}
	return 0, 0, wrongKind(path, `a duration such as "2m", or business days such as "-1 business day"`, data)
}

// readWarning reads a share, or business days.
func readWarning(data []byte, path string) (stat.Ratio, int, error) {
	if b, err := readBudget(data, path); err == nil && b.unit == ofDays && b.n != 0 {
		return stat.Ratio{}, int(b.n), nil
	}
	share, err := readShare(data, path, wantShare+", or business days")
	return share, 0, err
}

func readTime(data []byte, path string) (time.Time, error) {
	text, err := readText(data, path)
	if err == nil {
		var t time.Time
		if t, err = time.Parse(time.RFC3339, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, wrongKind(path, "an RFC 3339 time", data)
}
