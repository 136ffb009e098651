package servqual

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"

	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/survey"
)

// ZoneRespondent is what one customer answered in three columns: the service
// desired, the least that is adequate, and the one perceived.
type ZoneRespondent struct {
	Desired   Answers `json:"desired"`
	Adequate  Answers `json:"adequate"`
	Perceived Answers `json:"perceived"`
}

// Standing says where the service perceived lies with regard to the zone of
// tolerance. The zero value is that it cannot be told: the desired service is
// below the adequate one, which makes no sense.
type Standing uint8

const (
	NoZone                  Standing = iota // desired below adequate: check the data
	CompetitiveDisadvantage                 // below what is adequate
	CompetitiveAdvantage                    // from adequate to desired, both included: in the zone
	CustomerFranchise                       // above what is desired
)

var standingNames = text.NewEnum[Standing](errors.New("servqual: no such standing"),
	"no_zone", "competitive_disadvantage", "competitive_advantage", "customer_franchise",
)

// String returns the name of the standing, such as "competitive_advantage".
func (s Standing) String() string { return standingNames.Name(s) }

// AppendText implements [encoding.TextAppender].
func (s Standing) AppendText(b []byte) ([]byte, error) { return standingNames.Append(b, s) }

// MarshalText implements [encoding.TextMarshaler].
func (s Standing) MarshalText() ([]byte, error) { return s.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (s *Standing) UnmarshalText(text []byte) error { return standingNames.Parse(s, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (s *Standing) Scan(src any) error { return standingNames.Scan(s, src) }

// Value implements [driver.Valuer] with the text form.
func (s Standing) Value() (driver.Value, error) { return standingNames.Value(s) }

// Zone is a zone of tolerance and where the perceived service lies.
type Zone struct {
	Adequacy    float64  `json:"adequacy"`    // perceived − adequate: below 0, service is not adequate
	Superiority float64  `json:"superiority"` // perceived − desired: above 0, it is better than desired
	Width       float64  `json:"width"`       // desired − adequate
	Standing    Standing `json:"standing"`

	// Position is where in the zone the perceived service lies, 0 at adequate and
	// 1 at desired: adequacy/width. HasPosition is false unless width is above 0.
	Position    float64 `json:"position"`
	HasPosition bool    `json:"has_position"`
}

// zoneTolerance is what is left by differences of means that are the same.
const zoneTolerance = 1e-9

// NewZone returns the zone of the three levels (Zeithaml, Berry & Parasuraman 1993,
// Journal of the Academy of Marketing Science 21:1; Parasuraman, Zeithaml & Berry
// 1994). Perceived service that equals the adequate or the desired one, to within
// 1e-9, is in the zone. It returns false if a level is not a finite number, or
// beyond ±1e100.
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
		z.Standing = CompetitiveDisadvantage
	case z.Superiority > zoneTolerance:
		z.Standing = CustomerFranchise
	default:
		z.Standing = CompetitiveAdvantage
	}
	if z.Width > zoneTolerance {
		z.Position, z.HasPosition = z.Adequacy/z.Width, true
	}
	return z, true
}

// ZoneMeans are the means over respondents of a dimension, and the zone that they
// make.
type ZoneMeans struct {
	Desired     Mean `json:"desired"`
	Adequate    Mean `json:"adequate"`
	Perceived   Mean `json:"perceived"`
	Adequacy    Mean `json:"adequacy"`    // measure of service adequacy (MSA), over those who gave both
	Superiority Mean `json:"superiority"` // measure of service superiority (MSS)
	Width       Mean `json:"width"`
	Zone        Zone `json:"zone"` // of Adequacy, Superiority and Width
}

// ZoneResult is the outcome of a study of three columns.
type ZoneResult struct {
	Study      Study                 `json:"study"`
	Dimensions [Dimensions]ZoneMeans `json:"dimensions"`
	Overall    ZoneMeans             `json:"overall"` // of the means of the five dimensions
	// Inverted is how many respondents gave some item a desired level below the
	// adequate one. They count.
	Inverted int64          `json:"inverted"`
	LeftOut  survey.LeftOut `json:"left_out,omitzero"` // respondents without all five dimensions, as TooFewItems
}

// MeasureZone returns the zones of tolerance by dimension and overall. The scale of
// three columns was 1 to 9; give it in the study. Only items with all three answers
// are used, so that adequacy, superiority and width speak of the same people and
// items; a respondent counts in a dimension if at least half of its items are.
//
// The error wraps [survey.ErrScale] or [survey.ErrDefinition] if the study is not
// right; [survey.ErrOffScale] if an answer is not on the scale, as a
// [*RespondentError]; and [ErrNoRespondents] if nobody has all five dimensions.
func (s Study) MeasureZone(respondents []ZoneRespondent) (ZoneResult, error) {
	if err := s.checkStudy(); err != nil {
		return ZoneResult{}, err
	}
	r := ZoneResult{Study: s}
	r.Study.Scale = s.scale()
	// For each dimension, and overall: desired, adequate, perceived, adequacy,
	// superiority, width.
	var all [Dimensions + 1][6]sample
	for n := range respondents {
		given := respondents[n]
		columns := map[string]*Answers{"desired": &given.Desired, "adequate": &given.Adequate, "perceived": &given.Perceived}
		if err := s.check(n, columns); err != nil {
			return ZoneResult{}, err
		}
		desired, adequate, perceived := s.keyed(given.Desired), s.keyed(given.Adequate), s.keyed(given.Perceived)
		inverted := false
		for i := range Items {
			if desired[i] == Missing || adequate[i] == Missing || perceived[i] == Missing {
				desired[i], adequate[i], perceived[i] = Missing, Missing, Missing
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
			r.LeftOut.Add(survey.TooFewItems, 1)
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
			var err error
			if *to, err = all[d][k].mean(); err != nil {
				return ZoneResult{}, err
			}
		}
		z.Zone, _ = NewZone(z.Desired.Interval.Estimate, z.Adequate.Interval.Estimate, z.Perceived.Interval.Estimate)
	}
	return r, nil
}
