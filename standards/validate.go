package standards

import (
	"math"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Validate checks what judging takes for granted. An error is a [*PolicyError] that
// wraps [ErrTarget], [text.ErrUnknown] or [ErrCalendar]. The zero Policy is valid.
func (p Policy) Validate() error {
	for i := range p.Targets {
		if err := p.Targets[i].validate("targets[" + strconv.Itoa(i) + "]"); err != nil {
			return err
		}
		if name := p.Targets[i].CalendarName; name != "" {
			if _, ok := p.Calendars[name]; !ok || p.Targets[i].Calendar == nil {
				return &PolicyError{at("targets", i) + ".calendar", name, ErrCalendar}
			}
		}
		for k := range i {
			if p.Targets[k].takesAll(&p.Targets[i]) {
				return &PolicyError{at("targets", i), p.Targets[i].Name, faultUnused}
			}
		}
	}
	return nil
}

func (t *Target) validate(path string) error {
	if _, err := t.Measure.MarshalText(); err != nil {
		return &PolicyError{path + ".measure", "", err}
	}
	if t.Within <= 0 {
		return &PolicyError{path + ".within", durationText(t.Within), faultBudget}
	}
	if g := t.Goal; g != (stat.Ratio{}) && !(g.Part > 0 && g.Part <= g.Whole) {
		return &PolicyError{path + ".goal", g.String(), faultGoal}
	}
	if w := t.Warn; w != (stat.Ratio{}) && !(w.Part > 0 && w.Part < w.Whole) {
		return &PolicyError{path + ".warn", w.String(), faultWarn}
	}
	for i, e := range t.Escalations {
		if e.After <= -t.Within || e.After > math.MaxInt64-t.Within {
			return &PolicyError{at(path+".escalations", i) + ".after", durationText(e.After), faultEscalation}
		}
	}
	if !t.From.IsZero() && !t.Until.IsZero() && !t.From.Before(t.Until) {
		return &PolicyError{path + ".until", t.Until.Format(time.RFC3339Nano), faultValidity}
	}
	return nil
}

// takesAll reports whether t is chosen before other in every case.
func (t *Target) takesAll(other *Target) bool {
	return t.Measure == other.Measure && t.Agreement == other.Agreement &&
		len(t.Channels) == 0 && len(t.Priorities) == 0 && t.When == nil && t.From.IsZero() && t.Until.IsZero()
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
