package compare_test

import (
	"cmp"
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

var noValue = math.NaN()

var firstWeek = metrics.PeriodOf(metrics.Week, 2026, time.January, 5, time.Monday)

// weeksFrom2026 yields n weeks from 2026-W02 on.
func weeksFrom2026(n int) func(func(metrics.Period) bool) {
	return func(yield func(metrics.Period) bool) {
		for i := range n {
			if !yield(firstWeek.Next(i)) {
				return
			}
		}
	}
}

// weekly returns a series of mean first responses, one of each number of
// seconds a week.
func weekly(values ...float64) compare.Timeline {
	figures := make(map[metrics.Period]*compare.Observed)
	for i, v := range values {
		if !math.IsNaN(v) {
			f := new(compare.Observed)
			f.Figures.Elapsed.FirstResponse.Add(time.Duration(math.Round(v * 1e9)))
			figures[firstWeek.Next(i)] = f
		}
	}
	return compare.NewTimeline(compare.FirstResponse.Mean(), weeksFrom2026(len(values)),
		func(p metrics.Period) *compare.Observed { return figures[p] }, 0.95)
}

// weeklyShares returns a series of shares of conversations that were reopened.
func weeklyShares(ratios ...stat.Ratio) compare.Timeline {
	return compare.NewTimeline(compare.Reopened, weeksFrom2026(len(ratios)), func(p metrics.Period) *compare.Observed {
		for i, r := range ratios {
			if firstWeek.Next(i) == p {
				return &compare.Observed{Figures: metrics.Figures{Cases: r.Whole, Conversations: r.Whole, Reopened: r.Part}}
			}
		}
		return nil
	}, 0.95)
}

func nearTo(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

func TestTimeline(t *testing.T) {
	s := weekly(60, noValue, 90)
	if text, err := json.Marshal(s); err != nil || string(text) != `{"metric":"mean_first_response","points":[`+
		`{"period":"2026-W02","value":{"metric":"mean_first_response","n":1,"value":60}},`+
		`{"period":"2026-W03","missing":true},`+
		`{"period":"2026-W04","value":{"metric":"mean_first_response","n":1,"value":90}}]}` {
		t.Errorf("%s, %v", text, err)
	}
	if got := s.Values(); !slices.Equal(got, []float64{60, 90}) {
		t.Errorf("values %v", got)
	}
	// A share has its counts and its interval, and none of nothing is a gap.
	r := weeklyShares(stat.Ratio{Part: 1, Whole: 4}, stat.Ratio{})
	if p := r.Points[0]; p.Missing || p.Ratio != (stat.Ratio{Part: 1, Whole: 4}) || p.Value.Value != 0.25 || p.Value.Interval.Method != stat.Wilson {
		t.Errorf("%+v", p)
	}
	if !r.Points[1].Missing {
		t.Errorf("%+v", r.Points[1])
	}
	// A count is a gap where nothing is known, and 0 where there was something
	// else.
	figures := []*compare.Observed{nil, {}, {Figures: metrics.Figures{Volume: metrics.Volume{Replies: 1}}}, {Figures: metrics.Figures{Cases: 3, Conversations: 3}}}
	n := 0
	counts := compare.NewTimeline(compare.Conversations, weeksFrom2026(len(figures)), func(metrics.Period) *compare.Observed {
		n++
		return figures[n-1]
	}, 0.95)
	var missing []bool
	for _, p := range counts.Points {
		missing = append(missing, p.Missing)
	}
	if !slices.Equal(missing, []bool{true, true, false, false}) || !slices.Equal(counts.Values(), []float64{0, 3}) {
		t.Errorf("%+v", counts)
	}
	// No metric has no values.
	if none := compare.NewTimeline(compare.Metric("9999"), weeksFrom2026(2), func(metrics.Period) *compare.Observed { return figures[3] }, 0.95); len(none.Values()) > 0 || len(none.Control().Signals) > 0 {
		t.Errorf("%+v", none)
	}
}

// Of nothing, of one period and of a constant there are no limits and no trend,
// and no error either.
func TestTrendTooFew(t *testing.T) {
	tests := []struct {
		name     string
		series   compare.Timeline
		tendency compare.Tendency
		text     string
	}{
		{"nothing", weekly(), compare.TooFewPeriods, "mean first response: too few periods for a trend, 0 days"},
		{"gaps", weekly(noValue, noValue), compare.TooFewPeriods, "mean first response: too few periods for a trend, 0 weeks and 2 without a value"},
		{"one", weekly(60), compare.TooFewPeriods, "mean first response: too few periods for a trend, 1 week"},
		{"apart", weekly(60, noValue, 90, noValue, 120, noValue, 150), compare.TooFewPeriods, "mean first response: too few periods for a trend, 4 weeks and 3 without a value"},
		{"constant", weekly(60, 60, 60, 60, 60), compare.NoTrend, "mean first response: no clear trend, always the same, 5 weeks"},
		{"two levels", weekly(60, 60, noValue, 90, 90), compare.TooFewPeriods, "mean first response: too few periods for a trend, 4 weeks and 1 without a value"},
		{"all of all", weeklyShares(stat.Ratio{Part: 3, Whole: 3}, stat.Ratio{Part: 5, Whole: 5}), compare.TooFewPeriods, "reopened: too few periods for a trend, 2 weeks"},
		{"none of any", weeklyShares(stat.Ratio{Whole: 3}, stat.Ratio{Whole: 5}), compare.TooFewPeriods, "reopened: too few periods for a trend, 2 weeks"},
		{"one share", weeklyShares(stat.Ratio{Part: 1, Whole: 3}), compare.TooFewPeriods, "reopened: too few periods for a trend, 1 week"},
	}
	for _, tt := range tests {
		trend, err := tt.series.Trend(0.95)
		if err != nil || trend.Tendency != tt.tendency || trend.String() != tt.text {
			t.Errorf("%s: %v, %v", tt.name, trend, err)
		}
		for _, c := range []compare.ControlChart{tt.series.Control(), tt.series.EWMA(), tt.series.CUSUM()} {
			if c.Limited || len(c.Signals) > 0 || len(c.Points) != len(tt.series.Points) {
				t.Errorf("%s: %+v", tt.name, c)
			}
			next := 0
			for _, p := range c.Points {
				want := 0.0
				if !p.Missing {
					want = tt.series.Values()[next]
					next++
				}
				if p.Value != want || p.Low != 0 || p.High != 0 {
					t.Errorf("%s: %+v", tt.name, p)
				}
			}
		}
	}
	for _, level := range []float64{0, 1, -1, noValue} {
		if _, err := weekly(1, 2, 3, 4, 5, 6).Trend(level); !errors.Is(err, stat.ErrLevel) {
			t.Errorf("level %v: %v", level, err)
		}
	}
	if c := weekly(60, 60, 60).Control(); c.Center != 60 || c.Sigma != 0 {
		t.Errorf("%+v", c)
	}
	// Nothing is beyond a limit that is clipped to all, or to none.
	for _, parts := range [][]int64{{9, 10, 8, 10, 9}, {1, 0, 2, 0, 1}} {
		var ratios []stat.Ratio
		for _, part := range parts {
			ratios = append(ratios, stat.Ratio{Part: part, Whole: 10})
		}
		if c := weeklyShares(ratios...).Control(); !c.Limited || len(c.Signals) > 0 {
			t.Errorf("%+v", c)
		}
	}
	// One of thirty is enough for limits.
	one := weeklyShares(stat.Ratio{Whole: 10}, stat.Ratio{Part: 1, Whole: 10}, stat.Ratio{Whole: 10}).Control()
	if !one.Limited || !nearTo(one.Center, 1./30) {
		t.Errorf("%+v", one)
	}
}

// TestTrendOfKnownSeries holds the trend against numbers of R 4.2.2, closed form
// and cor.test(x, y, method = "kendall", exact = FALSE, continuity = TRUE).
func TestTrendOfKnownSeries(t *testing.T) {
	for _, tt := range []struct {
		name     string
		y        []float64
		s        int64
		p        float64
		tendency compare.Tendency // of a time, which should fall
	}{
		{"weekly CSAT", []float64{78.2, 79.1, 78.8, 80.4, 81, 80.2, 82.3, 83.1, 82.9, 84}, 37, 0.0012821837418053059, compare.Worsening},
		{"down", []float64{9, 8, 7, 6, 5, 4, 3, 2, 1}, -36, 0.00026326080270351506, compare.Improving},
	} {
		trend, err := weekly(tt.y...).Trend(0.95)
		if err != nil || trend.Test.S != tt.s || !nearTo(trend.Test.P, tt.p) || trend.Tendency != tt.tendency || trend.N != len(tt.y) {
			t.Errorf("%s: %+v, %v", tt.name, trend, err)
		}
	}
}

func TestTrendSays(t *testing.T) {
	rising := []int64{5, 6, 7, 8, 9, 10, 11}
	index := func(i compare.Metric, make func(n int64) *compare.Observed) compare.Timeline {
		next := 0
		return compare.NewTimeline(i, weeksFrom2026(len(rising)), func(metrics.Period) *compare.Observed {
			next++
			return make(rising[next-1])
		}, 0.95)
	}
	for _, tt := range []struct {
		series compare.Timeline
		want   string
	}{
		{weekly(600, 590, 570, noValue, 550, 540, 520), "mean first response: improving, −13 s a week (95 % −20 to −10 s), 6 weeks and 1 without a value"},
		{weekly(600, 660, 720, 780, 840), "mean first response: worsening, 5 weeks"},
		{weekly(60, 90, 70, 80, 75, 77, 76), "mean first response: no clear trend, +2 s a week (95 % −5 to +7 s), 7 weeks"},
		{weekly(60, 90, 60, 90, 60, 90, 60), "mean first response: no clear trend, 0 s a week (95 % −10 to +10 s), 7 weeks"},
		{index(compare.Conversations, func(n int64) *compare.Observed {
			return &compare.Observed{Figures: metrics.Figures{Cases: n, Conversations: n}}
		}),
			"conversations: rising, +1 a week (95 % +1 to +1), 7 weeks"},
		{index(compare.Conversations, func(n int64) *compare.Observed {
			return &compare.Observed{Figures: metrics.Figures{Cases: 50 - n, Conversations: 50 - n}}
		}),
			"conversations: falling, −1 a week (95 % −1 to −1), 7 weeks"},
		{index(compare.Conversations, func(n int64) *compare.Observed {
			return &compare.Observed{Figures: metrics.Figures{Cases: 50 - n/3, Conversations: 50 - n/3}}
		}),
			"conversations: falling, −0.3 a week (95 % −0.5 to 0), 7 weeks"},
		{index(compare.Conversations, func(n int64) *compare.Observed {
			return &compare.Observed{Figures: metrics.Figures{Cases: 50 - n%2, Conversations: 50 - n%2}}
		}),
			"conversations: no clear trend, 0 a week (95 % −0.3 to +0.3), 7 weeks"},
		{index(compare.Reopened, func(n int64) *compare.Observed {
			return &compare.Observed{Figures: metrics.Figures{Cases: 50, Conversations: 50, Reopened: n}}
		}),
			"reopened: worsening, +2.0 points a week (95 % +2.0 to +2.0 points), 7 weeks"},
		{index(compare.CSAT, func(n int64) *compare.Observed {
			f := new(compare.Observed)
			f.Figures.Ratings, _ = rating.NewDistribution([5]int64{20 - n, 0, 0, 0, n})
			return f
		}), "CSAT: improving, +5.0 points a week (95 % +5.0 to +5.0 points), 7 weeks"},
	} {
		if trend, err := tt.series.Trend(0.95); err != nil || trend.String() != tt.want {
			t.Errorf("got  %v, %v\nwant %s", trend, err, tt.want)
		}
	}
	long := make([]float64, 20)
	for i := range long {
		long[i] = float64(100 - i)
	}
	if trend, _ := weekly(long...).Trend(0.95); !strings.HasPrefix(trend.String(), "mean first response: improving, ") || trend.Test.P > 0.001 {
		t.Errorf("%v", trend)
	}
}

// genWeeks yields values of weeks, some of them gaps (below 0), and some that
// differ much from the others.
func genWeeks() gopter.Gen {
	return gen.SliceOf(gen.Weighted([]gen.WeightedGen{
		{Weight: 8, Gen: gen.Int64Range(0, 20)},
		{Weight: 4, Gen: gen.Int64Range(30, 40)},
		{Weight: 1, Gen: gen.Const(int64(-1))},
		{Weight: 1, Gen: gen.Int64Range(0, 300)},
	}))
}

func withGaps(values []int64) []float64 {
	list := make([]float64, len(values))
	for i, v := range values {
		if list[i] = float64(v); v < 0 {
			list[i] = noValue
		}
	}
	return list
}

// An oracle makes the charts of values, of which gaps are NaN, step by step.
type chartOracle struct {
	center, sigma    float64
	value, low, high []float64
}

func meanOf(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

// knownValues returns the values that are no gaps.
func knownValues(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), math.IsNaN)
}

// sigmaOf is the mean of the differences of neighbours, times √π/2.
func sigmaOf(values []float64) float64 {
	var ranges []float64
	for i := range values {
		if i > 0 && !math.IsNaN(values[i]-values[i-1]) {
			ranges = append(ranges, math.Abs(values[i]-values[i-1]))
		}
	}
	if len(ranges) == 0 {
		return 0
	}
	return meanOf(ranges) * math.Sqrt(math.Pi) / 2
}

// headOf returns the values that set the limits.
func headOf(values []float64, baseline int) []float64 {
	if baseline <= 0 {
		return values
	}
	return values[:min(baseline, len(values))]
}

func plainXmR(values []float64, baseline int) (o chartOracle) {
	if base := headOf(values, baseline); len(knownValues(base)) > 0 {
		o.center, o.sigma = meanOf(knownValues(base)), sigmaOf(base)
	}
	for _, v := range values {
		o.value, o.low, o.high = append(o.value, v), append(o.low, o.center-3*o.sigma), append(o.high, o.center+3*o.sigma)
	}
	return o
}

func plainEWMA(values []float64, baseline int) chartOracle {
	o := plainXmR(values, baseline)
	z, i := o.center, 0.0
	for k, v := range values {
		if z, i = 0.2*v+0.8*z, i+1; math.IsNaN(v) {
			z, i = o.center, 0
		}
		half := 3 * o.sigma * math.Sqrt(0.2/1.8*(1-math.Pow(0.8, 2*i)))
		o.value[k], o.low[k], o.high[k] = z, o.center-half, o.center+half
	}
	return o
}

func plainCUSUM(values []float64, baseline int) chartOracle {
	o := plainXmR(values, baseline)
	above, below := 0.0, 0.0
	for k, v := range values {
		above = max(0, above+v-o.center-o.sigma/2)
		below = max(0, below+o.center-v-o.sigma/2)
		if math.IsNaN(v) {
			above, below = 0, 0
		}
		o.low[k], o.high[k] = -5*o.sigma, 5*o.sigma
		if o.value[k] = above; below > above {
			o.value[k] = -below
		}
	}
	return o
}

// signals looks for each signal at each point by itself.
func (o chartOracle) signals(values []float64, index compare.Metric, m compare.ChartMethod) (all []compare.Signal) {
	n := len(values)
	add := func(rule compare.SignalRule, from, to int, up bool) {
		s := compare.Signal{Metric: index, Method: m, Rule: rule, From: firstWeek.Next(from), To: firstWeek.Next(to), Up: up, Tendency: compare.Improving}
		if up {
			s.Tendency = compare.Worsening
		}
		all = append(all, s)
	}
	row := func(rule compare.SignalRule, least int, on func(i int, up bool) bool) {
		for _, up := range []bool{true, false} {
			in := func(i int) bool { return i >= 0 && i < n && !math.IsNaN(values[i]) && on(i, up) }
			for from := range n {
				to := from
				for in(to + 1) {
					to++
				}
				if in(from) && !in(from-1) && to-from+1 >= least {
					add(rule, from, to, up)
				}
			}
		}
	}
	if o.sigma == 0 {
		return nil
	}
	row(compare.BeyondLimit, 1, func(i int, up bool) bool { return up && o.value[i] > o.high[i] || !up && o.value[i] < o.low[i] })
	if m == compare.XmR || m == compare.LaneyP {
		row(compare.RunOfEight, 8, func(i int, up bool) bool { return up && values[i] > o.center || !up && values[i] < o.center })
	}
	if m == compare.XmR {
		// Montgomery: D4 = 3.267 for ranges of two.
		limit := 3.2665 * o.sigma * 2 / math.Sqrt(math.Pi)
		for i := 1; i < n; i++ {
			if d := values[i] - values[i-1]; math.Abs(d) > limit {
				add(compare.LargeJump, i, i, d > 0)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b compare.Signal) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}

func (o chartOracle) differs(c compare.ControlChart, values []float64, index compare.Metric) string {
	if !nearTo(c.Center, o.center) || !nearTo(c.Sigma, o.sigma) || c.Limited != (o.sigma > 0) || len(c.Points) != len(values) || c.Metric != index {
		return fmt.Sprintf("%v: %+v, want center %v, sigma %v", c.Method, c, o.center, o.sigma)
	}
	for i, p := range c.Points {
		if p.Period != firstWeek.Next(i) || p.Missing != math.IsNaN(values[i]) {
			return fmt.Sprintf("%v: point %d is %+v", c.Method, i, p)
		}
		if p.Missing {
			if p.Value != 0 || p.Low != 0 || p.High != 0 {
				return fmt.Sprintf("%v: gap %d is %+v", c.Method, i, p)
			}
			continue
		}
		if c.Limited && !(nearTo(p.Value, o.value[i]) && nearTo(p.Low, o.low[i]) && nearTo(p.High, o.high[i])) {
			return fmt.Sprintf("%v: point %d is %+v, want %v in %v to %v", c.Method, i, p, o.value[i], o.low[i], o.high[i])
		}
	}
	if got, want := c.Signals, o.signals(values, index, c.Method); !slices.Equal(got, want) {
		return fmt.Sprintf("%v:\n\tgot  %v\n\twant %v", c.Method, got, want)
	}
	return ""
}

func TestChartsAgreeWithOracle(t *testing.T) {
	p := laws(t, 2000)
	index := compare.FirstResponse.Mean()
	p.Property("XmR, EWMA and CUSUM", prop.ForAll(func(list []int64, baseline int) string {
		values := withGaps(list)
		s := weekly(values...)
		s.Baseline = baseline
		for _, tt := range []struct {
			chart compare.ControlChart
			want  chartOracle
		}{{s.Control(), plainXmR(values, baseline)}, {s.EWMA(), plainEWMA(values, baseline)}, {s.CUSUM(), plainCUSUM(values, baseline)}} {
			if text := tt.want.differs(tt.chart, values, index); text != "" {
				return text
			}
		}
		if c := s.Control(); c.Limited && math.Abs(c.RangeLimit/(c.Sigma*2/math.Sqrt(math.Pi))-3.2665) > 1e-4 {
			return fmt.Sprintf("range limit %v", c.RangeLimit)
		}
		if e := s.EWMA(); e.RangeLimit != 0 || e.Method != compare.Ewma || s.CUSUM().Method != compare.Cusum {
			return "not the chart that was asked for"
		}
		return ""
	}, genWeeks(), gen.IntRange(-1, 30)))
	p.Property("Laney p′", prop.ForAll(func(parts []int64, baseline int) string {
		ratios := make([]stat.Ratio, len(parts))
		values := make([]float64, len(parts))
		x, n := 0.0, 0.0
		for i, part := range parts {
			if values[i] = noValue; part >= 0 {
				ratios[i] = stat.Ratio{Part: part, Whole: 300 + int64(i*i%70)}
				values[i] = float64(ratios[i].Part) / float64(ratios[i].Whole)
				if baseline <= 0 || i < baseline {
					x, n = x+float64(part), n+float64(ratios[i].Whole)
				}
			}
		}
		var o chartOracle
		if n > 0 {
			o.center = x / n
		}
		z := make([]float64, len(values))
		for i, v := range values {
			z[i] = (v - o.center) / math.Sqrt(o.center*(1-o.center)/float64(ratios[i].Whole))
		}
		if o.sigma = sigmaOf(headOf(z, baseline)); x == 0 || x == n {
			o.sigma = 0
		}
		for i := range values {
			half := 3 * o.sigma * math.Sqrt(o.center*(1-o.center)/float64(ratios[i].Whole))
			o.value, o.low, o.high = append(o.value, values[i]), append(o.low, max(0, o.center-half)), append(o.high, min(1, o.center+half))
		}
		s := weeklyShares(ratios...)
		s.Baseline = baseline
		return o.differs(s.Control(), values, compare.Reopened)
	}, genWeeks(), gen.IntRange(-1, 30)))
	p.TestingRun(t)
}

// Without gaps the charts are those of package stat.
func TestChartsOfStat(t *testing.T) {
	p := laws(t, 500)
	p.Property("the same limits", prop.ForAll(func(list []int64) string {
		var values []float64
		var ratios []stat.Ratio
		for i, v := range list {
			values = append(values, float64(max(v, 0)))
			ratios = append(ratios, stat.Ratio{Part: max(v, 0), Whole: 300 + int64(i%5)})
		}
		want, err := stat.XmR(values)
		got := weekly(values...).Control()
		if err == nil && want.Sigma > 0 {
			if !nearTo(got.RangeLimit, want.RangeLimit) {
				return fmt.Sprintf("range limit %v, want %v", got.RangeLimit, want.RangeLimit)
			}
			if text := samePoints(got, want); text != "" {
				return text
			}
		}
		laney, err := stat.LaneyP(ratios)
		if err == nil && laney.Sigma > 0 {
			return samePoints(weeklyShares(ratios...).Control(), laney)
		}
		return ""
	}, genWeeks()))
	p.TestingRun(t)
}

func samePoints(got compare.ControlChart, want stat.Chart) string {
	for i, p := range want.Points {
		g := got.Points[i]
		if !nearTo(g.Value, p.Value) || !nearTo(g.Low, p.Low) || !nearTo(g.High, p.High) || !nearTo(got.Sigma, want.Sigma) {
			return fmt.Sprintf("%v: point %d is %+v, want %+v", got.Method, i, g, p)
		}
	}
	return ""
}

func TestTrendAgreesWithOracle(t *testing.T) {
	p := laws(t, 2000)
	p.Property("Mann-Kendall, Theil-Sen, and the verdict", prop.ForAll(func(list []int64, level float64) string {
		values := withGaps(list)
		trend, err := weekly(values...).Trend(level)
		if err != nil {
			return err.Error()
		}
		s, n := int64(0), int64(0)
		var slopes []float64
		for j, b := range values {
			if math.IsNaN(b) {
				continue
			}
			n++
			for i, a := range values[:j] {
				if !math.IsNaN(a) {
					s += int64(cmp.Compare(b, a))
					slopes = append(slopes, (b-a)/float64(j-i))
				}
			}
		}
		constant := slices.Max(append(knownValues(values), 0)) == slices.Min(append(knownValues(values), math.Inf(1)))
		// The largest S there could be.
		most := float64(n * (n - 1) / 2)
		variance := float64(n*(n-1)*(2*n+5)) / 18
		enough := n >= 3 && math.Erfc((most-1)/math.Sqrt(variance)/math.Sqrt2) <= 1-level
		want := compare.TooFewPeriods
		switch {
		case enough && (constant || trend.Test.P > 1-level):
			want = compare.NoTrend
		case enough && s > 0:
			want = compare.Worsening
		case enough:
			want = compare.Improving
		}
		if trend.Tendency != want || trend.N != int(n) || trend.Gaps != len(values)-int(n) || trend.Level != level || trend.Metric != compare.FirstResponse.Mean() {
			return fmt.Sprintf("%+v, want %v", trend, want)
		}
		if n >= 3 && !constant && trend.Test.S != s {
			return fmt.Sprintf("%+v, want S = %d", trend, s)
		}
		if trend.Test.Slope.Level == 0 {
			if n >= 10 {
				return fmt.Sprintf("%+v has no slope", trend)
			}
			return ""
		}
		slices.Sort(slopes)
		middle := (slopes[len(slopes)/2] + slopes[(len(slopes)-1)/2]) / 2
		if !nearTo(trend.Test.Slope.Estimate, middle) || trend.Test.Slope.Level != level {
			return fmt.Sprintf("%+v, want slope %v", trend, middle)
		}
		return ""
	}, genWeeks(), gen.Float64Range(0.5, 0.999)))
	p.TestingRun(t)
}

// A clear change in a series of weeks gives each signal its words.
func TestSignalsSay(t *testing.T) {
	before := []float64{60, 62, 61, 59, 60, 61, 60, 62, 59, 61, 60, 61}
	var after []float64
	for _, v := range before[:9] {
		after = append(after, v+4)
	}
	s := weekly(append(slices.Clone(before), after...)...)
	var got []string
	for _, c := range []compare.ControlChart{s.Control(), s.EWMA(), s.CUSUM()} {
		for _, signal := range c.Signals {
			got = append(got, c.Method.String()+" "+signal.String())
		}
	}
	jump := weekly(append([]float64{100}, before...)...).Control()
	for _, signal := range jump.Signals {
		got = append(got, signal.String())
	}
	// The unit does not matter: it is as large in milliseconds.
	quick := weekly(0.1, 0.06, 0.062, 0.061, 0.059, 0.06, 0.061, 0.06, 0.062, 0.059, 0.061, 0.06, 0.061).Control()
	if len(quick.Signals) != len(jump.Signals) {
		t.Errorf("%v, want %v", quick.Signals, jump.Signals)
	}
	// By the limits of the weeks before there is nothing to see in them.
	s.Baseline = len(before)
	for _, c := range []compare.ControlChart{s.Control(), s.EWMA(), s.CUSUM()} {
		for _, signal := range c.Signals {
			got = append(got, signal.String())
		}
	}
	want := []string{
		"XmR 2026-W02 to 2026-W13: 8 or more in a row below the center (improving)",
		"XmR 2026-W14 to 2026-W22: 8 or more in a row above the center (worsening)",
		"EWMA 2026-W08: weighted average below the lower limit (improving)",
		"EWMA 2026-W10 to 2026-W13: weighted average below the lower limit (improving)",
		"EWMA 2026-W21 to 2026-W22: weighted average above the upper limit (worsening)",
		"CUSUM 2026-W10 to 2026-W14: sum of deviations below the lower limit (improving)",
		"CUSUM 2026-W18 to 2026-W22: sum of deviations above the upper limit (worsening)",
		"2026-W02: above the upper limit (worsening)",
		"2026-W03 to 2026-W14: 8 or more in a row below the center (improving)",
		"2026-W03: fell by more than chance mostly does from one to the next (improving)",
		"2026-W13 to 2026-W22: 8 or more in a row above the center (worsening)",
		"2026-W15 to 2026-W16: above the upper limit (worsening)",
		"2026-W19: above the upper limit (worsening)",
		"2026-W21: above the upper limit (worsening)",
		"2026-W15 to 2026-W22: weighted average above the upper limit (worsening)",
		"2026-W15 to 2026-W22: sum of deviations above the upper limit (worsening)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestTrendText(t *testing.T) {
	type text interface {
		String() string
		MarshalText() ([]byte, error)
	}
	for _, tt := range []struct {
		value  text
		label  string
		name   string
		accept func(string) bool
	}{
		{compare.TooFewPeriods, "too_few_periods", "too_few_periods", func(s string) bool { var v compare.Tendency; return v.UnmarshalText([]byte(s)) == nil && v == 0 }},
		{compare.Falling, "falling", "falling", func(s string) bool {
			var v compare.Tendency
			return v.UnmarshalText([]byte(s)) == nil && v == compare.Falling
		}},
		{compare.Improving, "improving", "improving", func(s string) bool {
			var v compare.Tendency
			return v.UnmarshalText([]byte(s)) == nil && v == compare.Improving
		}},
		{compare.XmR, "XmR", "xmr", func(s string) bool { var v compare.ChartMethod; return v.UnmarshalText([]byte(s)) == nil && v == 0 }},
		{compare.LaneyP, "Laney p′", "laney_p", func(s string) bool {
			var v compare.ChartMethod
			return v.UnmarshalText([]byte(s)) == nil && v == compare.LaneyP
		}},
		{compare.Ewma, "EWMA", "ewma", func(s string) bool {
			var v compare.ChartMethod
			return v.UnmarshalText([]byte(s)) == nil && v == compare.Ewma
		}},
		{compare.Cusum, "CUSUM", "cusum", func(s string) bool {
			var v compare.ChartMethod
			return v.UnmarshalText([]byte(s)) == nil && v == compare.Cusum
		}},
		{compare.BeyondLimit, "beyond_limit", "beyond_limit", func(s string) bool { var v compare.SignalRule; return v.UnmarshalText([]byte(s)) == nil && v == 0 }},
		{compare.LargeJump, "large_jump", "large_jump", func(s string) bool {
			var v compare.SignalRule
			return v.UnmarshalText([]byte(s)) == nil && v == compare.LargeJump
		}},
	} {
		name, err := tt.value.MarshalText()
		if err != nil || string(name) != tt.name || tt.value.String() != tt.label || !tt.accept(tt.name) || tt.accept("other") {
			t.Errorf("%v: %s, %v", tt.value, name, err)
		}
	}
	for _, v := range []interface {
		driver.Valuer
		sql.Scanner
	}{new(compare.Tendency), new(compare.ChartMethod), new(compare.SignalRule), new(compare.Design)} {
		zero, err := v.Value()
		if name, _ := v.(encoding.TextMarshaler).MarshalText(); err != nil || zero != string(name) {
			t.Errorf("%v is stored as %v, %v", v, zero, err)
		}
		if err := v.Scan("no such name"); err == nil {
			t.Errorf("%v takes any name", v)
		}
		read := 0
		for _, name := range []string{"falling", "cusum", "large_jump", "beyond"} {
			if v.Scan([]byte(name)) == nil {
				read++
				if back, err := v.Value(); err != nil || back != name {
					t.Errorf("%q is stored as %v, %v", name, back, err)
				}
			}
		}
		if read != 1 {
			t.Errorf("%T reads %d of the names", v, read)
		}
		if err := v.Scan(nil); err != nil {
			t.Error(err)
		}
		if back, _ := v.Value(); back != zero {
			t.Errorf("NULL is %v", back)
		}
	}
	if none := compare.NewTimeline(compare.CSAT, nil, nil, 0.95); none.Metric != compare.CSAT || len(none.Points) != 0 {
		t.Errorf("%+v", none)
	}
	for _, v := range []text{compare.Tendency(6), compare.ChartMethod(4), compare.SignalRule(3)} {
		if _, err := v.MarshalText(); err == nil || !strings.Contains(v.String(), "(") {
			t.Errorf("%v has a text", v)
		}
	}
}
