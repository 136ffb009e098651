package standards

import (
	"math"
	"strconv"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// The most targets that a policy may have, and the most steps of a target. Each conversation
// is compared with all of them.
const (
	maxTargets = 10_000
	maxSteps   = 100
)

// Validate checks what judging takes for granted. An error is a [*PolicyError] that
// wraps [ErrTarget], [text.ErrUnknown] or [ErrCalendar]. The zero Policy is valid.
func (p Policy) Validate() error {
	if n := len(p.Targets); n > maxTargets {
		return &PolicyError{"targets", strconv.Itoa(n), faultTargets}
	}
	everything := make(map[promiseOf]bool) // of which a target takes everything
	for i := range p.Targets {
		if err := p.Targets[i].validate("targets[" + strconv.Itoa(i) + "]"); err != nil {
			return err
		}
		if name := p.Targets[i].CalendarName; name != "" {
			if _, ok := p.Calendars[name]; !ok || p.Targets[i].Calendar == nil {
				return &PolicyError{at("targets", i) + ".calendar", name, ErrCalendar}
			}
		}
		of := promiseOf{p.Targets[i].Measure, p.Targets[i].Agreement}
		if everything[of] {
			return &PolicyError{at("targets", i), p.Targets[i].Name, faultUnused}
		}
		everything[of] = p.Targets[i].takesAll()
	}
	return nil
}

func (t *Target) validate(path string) error {
	if _, err := t.Measure.MarshalText(); err != nil {
		return &PolicyError{path + ".measure", "", err}
	}
	if err := t.validateBudget(path + ".within"); err != nil {
		return err
	}
	if within, ok := t.Within.Duration(); t.ShortAbandon < 0 || ok && t.ShortAbandon > within {
		return &PolicyError{path + ".short_abandon", text.Exact(t.ShortAbandon), faultShort}
	}
	if _, err := t.Formula.MarshalText(); err != nil {
		return &PolicyError{path + ".formula", "", err}
	}
	if !t.Measure.answers() {
		switch {
		case t.ShortAbandon != 0:
			return &PolicyError{path + ".short_abandon", text.Exact(t.ShortAbandon), faultFormula}
		case t.Formula != ShortExcluded:
			return &PolicyError{path + ".formula", t.Formula.String(), faultFormula}
		}
	}
	if g := t.Goal; g != (stat.Ratio{}) && !(g.Part > 0 && g.Part <= g.Whole) {
		return &PolicyError{path + ".goal", g.String(), faultGoal}
	}
	if w := t.Warn; w != (stat.Ratio{}) && !(w.Part > 0 && w.Part < w.Whole) {
		return &PolicyError{path + ".warn", w.String(), faultWarn}
	}
	if t.WarnDays != 0 && (t.Warn != stat.Ratio{} || t.WarnDays < 0 || !t.hasDays(-t.WarnDays)) {
		return &PolicyError{path + ".warn", BusinessDays(t.WarnDays).String(), faultWarnDays}
	}
	if n := len(t.Escalations); n > maxSteps {
		return &PolicyError{path + ".escalations", strconv.Itoa(n), faultSteps}
	}
	for i := range t.Escalations {
		e := &t.Escalations[i]
		if fault := t.faultOf(e); fault != "" {
			return &PolicyError{at(path+".escalations", i) + ".after", e.after().String(), fault}
		}
	}
	if !t.From.IsZero() && !t.Until.IsZero() && !t.From.Before(t.Until) {
		return &PolicyError{path + ".until", t.Until.Format(time.RFC3339Nano), faultValidity}
	}
	return nil
}

func (t *Target) validateBudget(path string) error {
	var fault fault
	switch _, known := t.Calendar.(days); {
	case !t.Within.positive():
		fault = faultBudget
	case t.Within.unit == ofTime:
	case t.Within.n > maxDays:
		fault = faultManyDays
	case !known:
		fault = faultDays
	}
	if fault == "" {
		return nil
	}
	return &PolicyError{path, t.Within.String(), fault}
}

// hasDays reports whether the budget is one of business days, and still is with more of
// them, or fewer.
func (t *Target) hasDays(more int) bool {
	return t.Within.unit != ofTime && t.Within.plus(more).positive()
}

// faultOf returns what is wrong with a step, if anything.
func (t *Target) faultOf(e *Escalation) fault {
	within, timed := t.Within.Duration()
	switch {
	case e.Days != 0 && timed:
		return faultStepDays
	case e.Days != 0 && e.After != 0:
		return faultStep
	case e.Days > maxDays:
		return faultManyDays
	case timed && (e.After <= -within || e.After > math.MaxInt64-within), !timed && !t.hasDays(e.Days):
		return faultEscalation
	}
	return ""
}

// takesAll reports whether t is chosen before those behind it in every case.
func (t *Target) takesAll() bool {
	return len(t.Channels)+len(t.Priorities)+len(t.Teams)+len(t.Customers) == 0 && t.When == nil && t.From.IsZero() && t.Until.IsZero()
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
