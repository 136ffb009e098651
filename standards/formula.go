package standards

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// Formula tells how a promise of an answer counts the customers who gave up: which
// formula of the service level its compliance is. The zero value is ShortExcluded.
//
// Call centres disagree about this, and one day of calls has a service level for each
// formula. Below, T is [Target.Within] and S is [Target.ShortAbandon]; what happens at
// the limit is within it. A formula is made of verdicts, so the compliance is met ÷
// (met + breached) by each of them:
//
//	                  answered        abandoned                         closed unanswered
//	                  ≤ T   > T       ≤ S        ≤ T        > T         ≤ T        > T
//	ShortExcluded     met   breached  excluded   breached   breached    excluded   breached
//	AnsweredOnly      met   breached  excluded   excluded   excluded    excluded   excluded
//	Offered           met   breached  breached   breached   breached    excluded   breached
//	WithinExcluded    met   breached  excluded   excluded   breached    excluded   breached
//	WithinMet         met   breached  met        met        breached    excluded   breached
//	ShortMet          met   breached  met        breached   breached    excluded   breached
//
// A wait that is open is pending up to T, and breached from then on. Only AnsweredOnly
// leaves it pending until it ends: nobody knows before then whether it will count. What an
// assistant answered is excluded up to T and breached after it, by AnsweredOnly always
// excluded.
//
// To see several formulas side by side, give the target of each an agreement of its own.
type Formula uint8

const (
	// ShortExcluded is answered ≤ T ÷ (answered + abandoned > S), of Genesys Cloud
	// without short abandons, of Talkdesk, RingCentral, and Twilio Flex.
	ShortExcluded Formula = iota
	// AnsweredOnly is answered ≤ T ÷ answered: of the Avaya CMS, of Cisco UCCX for
	// handled calls only, and the second formula of the ICMI (2002), which advises
	// against it.
	AnsweredOnly
	// Offered is answered ≤ T ÷ (answered + abandoned): every abandon is a miss. It
	// is the negative impact of abandons of Cisco UCCE and UCCX, the grade of service
	// of the NEC MIS, and the third formula of the ICMI (2002).
	Offered
	// WithinExcluded is answered ≤ T ÷ (answered + abandoned > T), which is
	// ShortExcluded with S = T. Cisco UCCE and UCCX call it abandons ignored; it is the
	// choice of Bright Pattern, and the fourth formula of the ICMI (2002).
	WithinExcluded
	// WithinMet is (answered ≤ T + abandoned ≤ T) ÷ (answered + abandoned). It is the
	// positive impact of abandons of Cisco UCCE and UCCX, the second service level of
	// Asterisk queues, and the first formula of the ICMI (2002).
	WithinMet
	// ShortMet is (answered ≤ T + abandoned ≤ S) ÷ (answered + abandoned), the fifth
	// formula of the ICMI (2002).
	ShortMet
)

var formulaNames = text.NewEnum[Formula](errors.New("standards: no such formula"),
	"short_excluded", "answered_only", "offered", "within_excluded", "within_met", "short_met",
)

// String returns the name of the formula, such as "short_excluded".
func (f Formula) String() string { return formulaNames.Name(f) }

// AppendText implements [encoding.TextAppender].
func (f Formula) AppendText(b []byte) ([]byte, error) { return formulaNames.Append(b, f) }

// MarshalText implements [encoding.TextMarshaler].
func (f Formula) MarshalText() ([]byte, error) { return f.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that wraps [text.ErrUnknown] and quotes it.
func (f *Formula) UnmarshalText(text []byte) error { return formulaNames.Parse(f, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (f *Formula) Scan(src any) error { return formulaNames.Scan(f, src) }

// Value implements [driver.Valuer] with the text form.
func (f Formula) Value() (driver.Value, error) { return formulaNames.Value(f) }

// short reports whether what is up to the short limit has a verdict of its own.
func (f Formula) short() bool { return f == ShortExcluded || f == ShortMet }

// formula returns the formula of a promise of an answer. For others it is the zero one
// with the promise as the short limit.
func (t *Target) formula() Formula {
	if !t.Measure.answers() {
		return WithinExcluded
	}
	return t.Formula
}

// answers reports whether a measure is a wait for an answer, which has a formula.
func (m Measure) answers() bool { return m <= EveryResponse }

// givenUp returns the verdict of a wait that the customer gave up by the deadline.
func (f *Finding) givenUp() Verdict {
	switch f.Target.formula() {
	case Offered:
		return Breached
	case WithinMet:
		return Met
	case ShortMet:
		if f.short() {
			return Met
		}
		return Breached
	case AnsweredOnly, WithinExcluded:
		return Excluded
	}
	if f.short() {
		return Excluded
	}
	return Breached
}

// short reports whether a wait that was given up by the deadline ended up to the short
// limit of its target. One whose clock never started did.
func (f *Finding) short() bool {
	t := f.Target
	if t.ShortAbandon <= 0 || f.unassigned {
		return true
	}
	limit, ok := dueAfter(t.Calendar, f.Start, t.ShortAbandon, f.Holds)
	return !ok || !limit.Before(f.End)
}

// answeredOnly returns the verdict by [AnsweredOnly], which counts nothing but answers.
func (f *Finding) answeredOnly(late bool) Verdict {
	automated := f.Outcome == metrics.AnsweredByAutomation && f.Target.Measure == FirstResponse
	switch {
	case f.Outcome == metrics.Open:
		return Pending
	case !f.fulfilled() || late && automated:
		return Excluded // no answer by a person
	case late:
		return Breached
	}
	return Met
}

// overdue reports whether a promise is open after its deadline, whatever its verdict.
func (f *Finding) overdue() bool {
	return f.Outcome == metrics.Open && !f.Due.IsZero() && f.Margin <= 0
}

// brokenByItsEnd reports whether the end of a wait broke the promise, rather than its
// deadline.
func (f *Finding) brokenByItsEnd() bool {
	inTime := f.Due.IsZero() || !f.Due.Before(f.End)
	return f.Outcome == metrics.GaveUp && inTime || f.Target.formula() == AnsweredOnly && !inTime && f.Outcome != metrics.Open
}
