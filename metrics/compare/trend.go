package compare

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// PeriodTrend is whether a metric goes up or down over periods, and by how much.
type PeriodTrend struct {
	Metric   Metric       `json:"metric"`
	Unit     metrics.Unit `json:"unit"`  // of the periods
	N        int          `json:"n"`     // periods with a value
	Gaps     int          `json:"gaps"`  // periods without
	Level    float64      `json:"level"` // of the tendency and of the slope
	Tendency Tendency     `json:"tendency"`
	// Test tells whether later values are larger, and by how much the metric changes
	// from one period to the next. It is the zero Trend with fewer than three periods,
	// or if all values are the same.
	Test stat.Trend `json:"test,omitzero"`
}

// Trend tests whether the metric goes up or down, and estimates by how much in a
// period; see [stat.MannKendall]. A gap counts as time that went by, and as nothing
// else.
//
// There is a tendency if the P of the test is at most 1 − level. There are too few
// periods if not even values that rise each time could be told from noise: fewer
// than five at a level of 0.95.
//
// Values should be independent of each other. Days follow the rhythm of the week,
// and months that of the year: compare weeks, and whole years of months.
//
// It returns an error that wraps [stat.ErrLevel] unless 0 < level < 1, and
// [stat.ErrValue] for a value that is not finite.
func (s Timeline) Trend(level float64) (PeriodTrend, error) {
	t := PeriodTrend{Metric: s.Metric, Level: level}
	var x, y []float64
	for i, p := range s.Points {
		t.Unit = p.Period.Unit()
		if p.Missing {
			t.Gaps++
			continue
		}
		x, y = append(x, float64(i)), append(y, p.Value.Value)
		t.N++
	}
	test, err := stat.MannKendall(x, y, level)
	t.Test = test
	same := errors.Is(err, stat.ErrNoVariation)
	if err != nil && !same && !errors.Is(err, stat.ErrTooFew) {
		return PeriodTrend{}, fmt.Errorf("compare: %w", err)
	}
	switch {
	case clearest(t.N) > 1-level:
		t.Tendency = TooFewPeriods
	case same || t.Test.P > 1-level:
		t.Tendency = NoTrend
	default:
		t.Tendency = tending(t.Test.S > 0, s.Metric.Direction())
	}
	return t, nil
}

// clearest returns the P of n values that rise each time, below which no n values
// have any.
func clearest(n int) float64 {
	if n < 3 {
		return 1
	}
	size := float64(n)
	s, variance := size*(size-1)/2, size*(size-1)*(2*size+5)/18
	return math.Erfc((s - 1) / math.Sqrt(2*variance))
}

// String returns the trend as a sentence for people:
//
//	median first response: improving, −3 min 20 s a week (95 % −5 min to −1 min 10 s), 12 weeks
func (t PeriodTrend) String() string {
	periods := text.Counted(int64(t.N), t.Unit.String())
	if t.Gaps > 0 {
		periods += fmt.Sprintf(" and %d without a value", t.Gaps)
	}
	line := t.Metric.String() + ": " + t.Tendency.words()
	switch {
	case t.Tendency == TooFewPeriods:
		return line + ", " + periods
	case t.Test.Variance == 0:
		return line + ", always the same, " + periods
	}
	if slope := t.Test.Slope; slope.Level > 0 {
		line += fmt.Sprintf(", %s a %v (%s %s)", t.moved(slope.Estimate), t.Unit,
			text.Level(slope.Level), text.Range(t.moved(slope.Low), t.moved(slope.High)))
	}
	return line + ", " + periods
}

// moved writes a change of the metric. A count is whole, its slope is not.
func (t PeriodTrend) moved(change float64) string {
	if t.Metric.Unit() == arrivals && math.Abs(change) < 10 {
		return text.Signed(strings.TrimSuffix(text.Number(change, 1), ".0"))
	}
	return t.Metric.moved(change)
}

// Tendency says where a metric goes. The zero value is TooFewPeriods.
type Tendency uint8

const (
	TooFewPeriods Tendency = iota // to tell
	NoTrend                       // that is clear enough
	Improving
	Worsening
	Rising // if neither way is better
	Falling
)

var tendencyNames = text.NewEnum[Tendency](errors.New("compare: no such tendency"),
	"too_few_periods", "no_trend", "improving", "worsening", "rising", "falling",
)

// tending returns the tendency of a metric that certainly goes up or down.
func tending(up bool, d stat.Direction) Tendency {
	switch {
	case d == stat.Neither && up:
		return Rising
	case d == stat.Neither:
		return Falling
	case up == (d == stat.HigherIsBetter):
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
		return "no clear trend"
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
