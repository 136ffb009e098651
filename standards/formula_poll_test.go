package standards_test

import (
	"math/rand/v2"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A level is how the calls that are given up count.
type level struct {
	formula standards.Formula
	short   int // the limit of short abandons, in seconds: the budget if there is none
	limited bool
}

// formulas are all formulas, each with what becomes of a wait that is given up: up to the
// short limit, up to the promise, and after it.
var formulas = map[standards.Formula][3]standards.Verdict{
	standards.ShortExcluded:  {standards.Excluded, standards.Breached, standards.Breached},
	standards.AnsweredOnly:   {standards.Excluded, standards.Excluded, standards.Excluded},
	standards.Offered:        {standards.Breached, standards.Breached, standards.Breached},
	standards.WithinExcluded: {standards.Excluded, standards.Excluded, standards.Breached},
	standards.WithinMet:      {standards.Met, standards.Met, standards.Breached},
	standards.ShortMet:       {standards.Met, standards.Breached, standards.Breached},
}

// anyLevel returns one of all formulas, most of them with a limit of short abandons.
func anyLevel(r *rand.Rand, budget int) level {
	l := level{formula: standards.Formula(r.IntN(len(formulas))), short: budget}
	if r.IntN(4) != 0 {
		l.short, l.limited = 1+r.IntN(budget), true
	}
	return l
}

// set gives a target the level, if it promises an answer.
func (l level) set(t *standards.Target) {
	if t.Measure > standards.EveryResponse {
		return
	}
	t.Formula = l.formula
	if l.limited {
		t.ShortAbandon = time.Duration(l.short) * time.Second
	}
}

// answer ends a wait for an answer, which comes to v if that is not too late.
func (d *desk) answer(c *clock, o metrics.Outcome, v standards.Verdict) {
	if c != nil && c.running {
		c.gaveUp = o == metrics.GaveUp
		d.end(c, v)
	}
}

// settle says at the end of a second what became of a clock that ended in it.
func (d *desk) settle(c *clock) {
	c.ending = false
	if c.verdict == standards.Breached {
		return
	}
	late, l := d.spent(c, c.was), d.level(c)
	switch {
	case c.promise < 0:
		c.verdict = c.inTime
	case c.gaveUp:
		row := formulas[l.formula]
		switch {
		case late:
			c.verdict = row[2]
		case !c.idle && c.was >= l.short:
			c.verdict = row[1]
		default:
			c.verdict = row[0]
		}
	case late && (c.inTime == standards.Met || l.formula != standards.AnsweredOnly):
		c.verdict = standards.Breached
	default:
		c.verdict = c.inTime
	}
}

// level returns how a clock counts what is given up: the usual formula for what is no
// answer.
func (d *desk) level(c *clock) level {
	if c.promise < 0 || c.measure > standards.EveryResponse {
		return level{}
	}
	return d.promises[c.measure][c.promise].level
}
