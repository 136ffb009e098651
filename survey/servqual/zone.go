package servqual

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// ZoneRespondent is what one customer answered in three columns: the desired service,
// the lowest adequate service, and the perceived service.
type ZoneRespondent struct {
	Desired   Column `json:"desired"`
	Adequate  Column `json:"adequate"`
	Perceived Column `json:"perceived"`
}

// CompetitivePosition says where the perceived service lies relative to the zone of
// tolerance. The zero value, [NoZone], means that there is no zone because the desired
// service is below the adequate one.
type CompetitivePosition uint8

const (
	NoZone                  CompetitivePosition = iota // desired below adequate: check the data
	CompetitiveDisadvantage                            // below what is adequate
	CompetitiveAdvantage                               // in the zone: from adequate to desired, both included
	CustomerFranchise                                  // above what is desired
)

var positionNames = text.NewEnum[CompetitivePosition](errors.New("servqual: no such competitive position"),
	"no_zone", "competitive_disadvantage", "competitive_advantage", "customer_franchise",
)

// String returns the name of the position, such as "competitive_advantage".
func (p CompetitivePosition) String() string { return positionNames.Name(p) }

// AppendText implements [encoding.TextAppender].
func (p CompetitivePosition) AppendText(b []byte) ([]byte, error) { return positionNames.Append(b, p) }

// MarshalText implements [encoding.TextMarshaler].
func (p CompetitivePosition) MarshalText() ([]byte, error) { return p.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (p *CompetitivePosition) UnmarshalText(text []byte) error { return positionNames.Parse(p, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (p *CompetitivePosition) Scan(src any) error { return positionNames.Scan(p, src) }

// Value implements [driver.Valuer] with the text form.
func (p CompetitivePosition) Value() (driver.Value, error) { return positionNames.Value(p) }

// Zone is a zone of tolerance and where the perceived service lies, in points of the
// scale.
type Zone struct {
	Adequacy    float64             `json:"adequacy"`    // perceived − adequate; below 0, service is not adequate
	Superiority float64             `json:"superiority"` // perceived − desired; above 0, service is better than desired
	Width       float64             `json:"width"`       // desired − adequate
	Position    CompetitivePosition `json:"position"`

	// Fraction is how far into the zone the perceived service lies, 0 at adequate
	// and 1 at desired: adequacy/width. HasFraction is false unless width is above 0.
	Fraction    float64 `json:"fraction"`
	HasFraction bool    `json:"has_fraction"`
}

// String returns the position with the two measures, such as
//
//	competitive_advantage: 1.50 above adequate, 0.50 below desired
func (z Zone) String() string {
	side := func(v float64) string {
		if v < 0 {
			return number(-v) + " below"
		}
		return number(v) + " above"
	}
	return fmt.Sprintf("%v: %s adequate, %s desired", z.Position, side(z.Adequacy), side(z.Superiority))
}

// zoneTolerance is the rounding error allowed between equal means.
const zoneTolerance = 1e-9

// NewZone returns the zone for three levels of service. A perceived level that equals the
// adequate or the desired one, to within 1e-9, is in the zone. NewZone returns false if a
// level is not finite or is beyond ±1e100. Sources: Zeithaml, Berry and Parasuraman (1993),
// Journal of the Academy of Marketing Science 21:1; Parasuraman, Zeithaml and Berry
// (1994).
func NewZone(desired, adequate, perceived float64) (Zone, bool) {
	for _, v := range []float64{desired, adequate, perceived} {
		if !(math.Abs(v) <= 1e100) {
			return Zone{}, false
		}
	}
	z := Zone{Adequacy: perceived - adequate, Superiority: perceived - desired, Width: desired - adequate}
	switch {
	case z.Width < -zoneTolerance:
	case z.Adequacy < -zoneTolerance:
		z.Position = CompetitiveDisadvantage
	case z.Superiority > zoneTolerance:
		z.Position = CustomerFranchise
	default:
		z.Position = CompetitiveAdvantage
	}
	if z.Width > zoneTolerance {
		z.Fraction, z.HasFraction = z.Adequacy/z.Width, true
	}
	return z, true
}

// ZoneMeans has the means over respondents for a dimension, and the zone from them.
type ZoneMeans struct {
	Desired     Mean `json:"desired"`
	Adequate    Mean `json:"adequate"`
	Perceived   Mean `json:"perceived"`
	Adequacy    Mean `json:"adequacy"`    // measure of service adequacy (MSA)
	Superiority Mean `json:"superiority"` // measure of service superiority (MSS)
	Width       Mean `json:"width"`
	Zone        Zone `json:"zone"` // from Desired, Adequate and Perceived
}

// String returns the zone and n.
func (m ZoneMeans) String() string {
	if m.Width.N == 0 {
		return "no respondents"
	}
	return fmt.Sprintf("%v, n = %d", m.Zone, m.Width.N)
}

// ZoneResult is the outcome of a study with three columns.
type ZoneResult struct {
	Study      Study                 `json:"study"`
	Dimensions [Dimensions]ZoneMeans `json:"dimensions"`
	Overall    ZoneMeans             `json:"overall"` // of the means of the five dimensions
	// Inverted is how many respondents gave a desired level below the adequate one
	// for some item. They still count.
	Inverted int64          `json:"inverted"`
	LeftOut  survey.LeftOut `json:"left_out,omitzero"` // respondents without all five dimensions, as TooFewItems
}

// String returns the overall zone and what was left out.
func (r ZoneResult) String() string {
	if r.LeftOut.IsZero() {
		return r.Overall.String()
	}
	return fmt.Sprintf("%v (left out: %v)", r.Overall, r.LeftOut)
}

// MeasureZone returns the zones of tolerance by dimension and overall. The authors used
// a scale of 1 to 9 for the three columns; set it in the study. Only items with all three
// answers are used, so adequacy, superiority and width are of the same people and items.
// A respondent counts in a dimension if at least half of its items are used.
//
// The error wraps [survey.ErrScale] if the study has no proper scale;
// [survey.ErrOffScale] if an answer is not on it, with the position of the respondent;
// and [ErrNoRespondents] if nobody has all five dimensions.
func (s Study) MeasureZone(respondents []ZoneRespondent) (ZoneResult, error) {
	if err := s.scale().Check(); err != nil {
		return ZoneResult{}, err
	}
	r := ZoneResult{Study: s}
	r.Study.Scale = s.scale()
	// For each dimension, and overall: desired, adequate, perceived, adequacy,
	// superiority, width.
	var all [Dimensions + 1][6]sample
	var few int64
	for n := range respondents {
		given := respondents[n]
		columns := map[string]*Column{"desired": &given.Desired, "adequate": &given.Adequate, "perceived": &given.Perceived}
		if err := s.check(n, columns); err != nil {
			return ZoneResult{}, err
		}
		desired, adequate, perceived := s.keyed(given.Desired), s.keyed(given.Adequate), s.keyed(given.Perceived)
		inverted := false
		for i := range Items {
			if desired[i] == survey.Missing || adequate[i] == survey.Missing || perceived[i] == survey.Missing {
				desired[i], adequate[i], perceived[i] = survey.Missing, survey.Missing, survey.Missing
			}
			inverted = inverted || desired[i] < adequate[i]
		}
		if inverted {
			r.Inverted++
		}
		complete := true
		for k, values := range []scores{
			score(one(&desired)), score(one(&adequate)), score(one(&perceived)),
			score(difference(&perceived, &adequate)), score(difference(&perceived, &desired)), score(difference(&desired, &adequate)),
		} {
			for d, v := range values.dimension {
				if values.hasDimension[d] {
					all[d][k].add(v)
				}
			}
			if v, ok := values.overall(); ok {
				all[Dimensions][k].add(v)
			} else {
				complete = false
			}
		}
		if !complete {
			few++
		}
	}
	if len(all[Dimensions][0]) == 0 {
		return ZoneResult{}, fmt.Errorf("%w: of %d", ErrNoRespondents, len(respondents))
	}
	for d := range all {
		z := &r.Overall
		if d < Dimensions {
			z = &r.Dimensions[d]
		}
		for k, to := range []*Mean{&z.Desired, &z.Adequate, &z.Perceived, &z.Adequacy, &z.Superiority, &z.Width} {
			*to = all[d][k].mean()
		}
		z.Zone, _ = NewZone(z.Desired.Interval.Estimate, z.Adequate.Interval.Estimate, z.Perceived.Interval.Estimate)
	}
	return r, r.LeftOut.Add(survey.TooFewItems, few)
}
