package survey

import (
	"fmt"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Dispositions counts what became of everybody whom a survey was to reach, in the
// categories of the American Association for Public Opinion Research (Standard
// Definitions, 2016 and 2023). For one index by source, [Responses.Sources] is
// enough; these are for surveys of a sample whose members may not be eligible.
type Dispositions struct {
	Complete         int64 `json:"complete"`          // I
	Partial          int64 `json:"partial"`           // P
	Refusal          int64 `json:"refusal"`           // R: refused or broke off
	NonContact       int64 `json:"non_contact"`       // NC: eligible, not reached
	Other            int64 `json:"other"`             // O: eligible, no answer for another reason
	UnknownHousehold int64 `json:"unknown_household"` // UH: not known whether there is anybody to ask
	UnknownOther     int64 `json:"unknown_other"`     // UO: not known whether they are eligible
}

// counts are the counts of d.
func (d *Dispositions) counts() []*int64 {
	return []*int64{&d.Complete, &d.Partial, &d.Refusal, &d.NonContact, &d.Other, &d.UnknownHousehold, &d.UnknownOther}
}

// Merge adds what other counts. The error wraps [ErrCount] if a count is negative or the
// sum is above 2⁵³. On an error nothing has changed.
func (d *Dispositions) Merge(other Dispositions) error {
	sum := *d
	if err := addCounts(sum.counts(), other.counts()); err != nil {
		return err
	}
	*d = sum
	return nil
}

// check reports counts that cannot be.
func (d Dispositions) check() error { return new(Dispositions).Merge(d) }

// ResponseRate returns the response rate RR1 to RR6 by its number:
//
//	RR1  I / (I+P + R+NC+O + UH+UO)      RR2  with I+P above
//	RR3  I / (I+P + R+NC+O + e(UH+UO))   RR4  with I+P above
//	RR5  I / (I+P + R+NC+O)              RR6  with I+P above
//
// where e, used by RR3 and RR4 only, is the estimated share of those unknown who
// are eligible. The error wraps [ErrCount] if a count is negative or above 2⁵³,
// [ErrDefinition] if there is no such rate or e is not from 0 to 1, and
// [ErrNoAnswers] if there is nobody below the line.
func (d Dispositions) ResponseRate(number int, e float64) (float64, error) {
	switch number {
	case 1, 2:
		e = 1
	case 3, 4:
	case 5, 6:
		e = 0
	default:
		return 0, fmt.Errorf("%w: response rate RR%d", ErrDefinition, number)
	}
	if err := d.check(); err != nil {
		return 0, err
	}
	if !(e >= 0 && e <= 1) {
		return 0, fmt.Errorf("%w: share of eligible %v", ErrDefinition, e)
	}
	above := float64(d.Complete)
	if number%2 == 0 {
		above += float64(d.Partial)
	}
	below := float64(d.Complete+d.Partial+d.Refusal+d.NonContact+d.Other) + e*float64(d.UnknownHousehold+d.UnknownOther)
	if below == 0 {
		return 0, fmt.Errorf("%w: response rate of nobody", ErrNoAnswers)
	}
	return above / below, nil
}

// CooperationRate returns the cooperation rate COOP1 to COOP4 by its number:
//
//	COOP1  I / (I+P + R+O)   COOP2  with I+P above
//	COOP3  I / (I+P + R)     COOP4  with I+P above
//
// The errors are those of ResponseRate.
func (d Dispositions) CooperationRate(number int) (Rate, error) {
	if number < 1 || number > 4 {
		return Rate{}, fmt.Errorf("%w: cooperation rate COOP%d", ErrDefinition, number)
	}
	if err := d.check(); err != nil {
		return Rate{}, err
	}
	r := stat.Ratio{Part: d.Complete, Whole: d.Complete + d.Partial + d.Refusal}
	if number <= 2 {
		r.Whole += d.Other
	}
	if number%2 == 0 {
		r.Part += d.Partial
	}
	return newRate(fmt.Sprintf("cooperation rate COOP%d", number), r)
}
