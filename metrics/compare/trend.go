package compare

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Trend is whether an index goes up or down over periods, and by how much.
type Trend struct {
	Index    Index        `json:"index"`
	Unit     metrics.Unit `json:"unit"`  // of the periods
	N        int          `json:"n"`     // periods with a value
	Gaps     int          `json:"gaps"`  // periods without
	Level    float64      `json:"level"` // of the verdict and of the interval
	Tendency Tendency     `json:"tendency"`
	// Test is that of Mann and Kendall: whether later values are larger. It is
	// the zero Trend with fewer than three periods, or if all values are the same.
	Test stat.Trend `json:"test,omitzero"`
	// Slope is the change of the index from one period to the next (Theil 1950;
	// Sen 1968), which a few outliers do not bend. It is the zero Interval if the
	// values are too few for one, or more than 5,000.
	Slope stat.Interval `json:"slope,omitzero"`
}

// Trend tests whether the index goes up or down (Mann 1945; Kendall 1975), and
// estimates by how much a period. A gap counts as time that went by, and as
// nothing else.
//
// The verdict is that of the test: a tendency if its P is at most 1 − level.
// There are too few periods if not even values that rise each time would be
// told from noise: fewer than five at a level of 0.95.
//
// Values should be independent of each other. Days have a week in them, and
// months a year: hold weeks against weeks, and whole years of months.
//
// It returns an error that wraps [stat.ErrLevel] unless 0 < level < 1.
func (s Series) Trend(level float64) (Trend, error) {
	t := Trend{Index: s.Index, Level: level}
	if !(level > 0 && level < 1) {
		return Trend{}, fmt.Errorf("compare: %w: %v", stat.ErrLevel, level)
	}
	var x, y, rising []float64
	for i, p := range s.Points {
		t.Unit = p.Period.Unit()
		if p.Missing {
			t.Gaps++
			continue
		}
		x, y, rising = append(x, float64(i)), append(y, p.Value.Value), append(rising, float64(t.N))
		t.N++
	}
	var err error
	t.Test, err = stat.MannKendallTrend(y)
	same := errors.Is(err, stat.ErrNoVariation)
	if line, err := stat.TheilSen(x, y, level); err == nil {
		t.Slope = line.Slope
	}
	clearest, err := stat.MannKendallTrend(rising)
	switch {
	case err != nil || clearest.P > 1-level:
		t.Tendency = TooFewPeriods
	case same || t.Test.P > 1-level:
		t.Tendency = NoTrend
	default:
		t.Tendency = tending(t.Test.S > 0, s.Index.Direction())
	}
	return t, nil
}

// String returns the trend as a sentence for people:
//
//	median first response: improving, −3m 20s a week (95 % −5m to −1m 10s), p = 0.004, 12 weeks
func (t Trend) String() string {
	periods := fmt.Sprintf("%d %vs", t.N, t.Unit)
	if t.N == 1 {
		periods = strings.TrimSuffix(periods, "s")
	}
	if t.Gaps > 0 {
		periods += fmt.Sprintf(" and %d without a value", t.Gaps)
	}
	text := t.Index.String() + ": " + t.Tendency.words()
	switch {
	case t.Tendency == TooFewPeriods:
		return text + ", " + periods
	case t.Test.Variance == 0:
		return text + ", always the same, " + periods
	}
	if t.Slope.Level > 0 {
		text += fmt.Sprintf(", %s a %v (%.4g %% %s to %s)", t.signed(t.Slope.Estimate, true), t.Unit,
			100*t.Slope.Level, t.signed(t.Slope.Low, false), t.signed(t.Slope.High, true))
	}
	p := fmt.Sprintf("p = %.3f", t.Test.P)
	if t.Test.P < 0.001 {
		p = "p < 0.001"
	}
	return text + ", " + p + ", " + periods
}

// signed writes a change of the index, with its unit if that is not part of the
// number.
func (t Trend) signed(change float64, unit bool) string {
	sign := ""
	switch {
	case change < 0:
		change, sign = -change, "−"
	case change > 0:
		sign = "+"
	}
	text := Value{Index: t.Index, Value: change}.String()
	if t.Index.Unit() == arrivals && change < 10 {
		// A count is whole, its slope is not.
		text = strings.TrimSuffix(fixed(change, 1), ".0")
	}
	if !strings.ContainsAny(text, "123456789") {
		sign = ""
	}
	if points, ok := strings.CutSuffix(text, " %"); ok {
		if text = points; unit {
			text += " points"
		}
	}
	return sign + text
}

// Tendency says where an index goes. The zero value is TooFewPeriods.
type Tendency uint8

const (
	TooFewPeriods Tendency = iota // to tell
	NoTrend                       // that could be told from noise
	Improving
	Worsening
	Rising // of an index of which neither way is better
	Falling
)

var tendencyNames = text.NewEnum[Tendency](errors.New("compare: no such tendency"),
	"too_few_periods", "no_trend", "improving", "worsening", "rising", "falling",
)

// tending returns the tendency of an index that goes up or down for sure.
func tending(up bool, d Direction) Tendency {
	switch {
	case d == Neither && up:
		return Rising
	case d == Neither:
		return Falling
	case up == (d == HigherIsBetter):
		return Improving
	}
	return Worsening
}

// words returns the tendency for people.
func (t Tendency) words() string {
	switch t {
	case TooFewPeriods:
		return "too few periods for a trend"
	case NoTrend:
		return "no trend told from noise"
	}
	return t.String()
}

// String returns the name of the tendency, such as "improving".
func (t Tendency) String() string { return tendencyNames.Name(t) }

// AppendText implements [encoding.TextAppender].
func (t Tendency) AppendText(b []byte) ([]byte, error) { return tendencyNames.Append(b, t) }

// MarshalText implements [encoding.TextMarshaler].
func (t Tendency) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (t *Tendency) UnmarshalText(text []byte) error { return tendencyNames.Parse(t, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (t *Tendency) Scan(src any) error { return tendencyNames.Scan(t, src) }

// Value implements [driver.Valuer] with the text form.
func (t Tendency) Value() (driver.Value, error) { return tendencyNames.Value(t) }
