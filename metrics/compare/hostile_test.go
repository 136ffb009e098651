package compare_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// hostile draws what no desk has: counts near 2⁶³, durations of centuries, levels next
// to 0 and 1.
type hostile struct{ *rand.Rand }

func pick[T any](h hostile, from ...T) T { return from[h.IntN(len(from))] }

func (h hostile) count(wild float64) int64 {
	if h.Float64() >= wild {
		return pick(h, h.Int64N(5), h.Int64N(100), h.Int64N(3000))
	}
	return pick[int64](h, 0, 1, 1<<53, 1<<53+1, 1<<61, 1<<62, math.MaxInt64-1, math.MaxInt64, 1<<h.IntN(63), -1, math.MinInt64)
}

func (h hostile) level() float64 {
	return pick(h, 0.95, 0.95, 0.5, 1e-9, 1.2e-16, 1e-17, 5e-324, 1-1e-9, 1-0x1p-53, 0, 1, -1, math.NaN(), math.Inf(1))
}

// The indices that are asked about, and all other metrics.
var (
	hostileScores = []stat.ScoreCounts{
		{Name: "CSAT", Percent: true, Counts: make([]int64, 2)}, {Name: "NPS", Percent: true, Lowest: -1, Counts: make([]int64, 3)},
		{Name: "CES", Direction: stat.LowerIsBetter, Lowest: 1, Counts: make([]int64, 7)}, {Name: "points", Lowest: math.MaxInt32, Counts: make([]int64, 3)},
		{Name: "deep", Lowest: math.MinInt32, Percent: true, Counts: make([]int64, 4)},
	}
	hostileMetrics = []compare.Metric{
		compare.FirstResponse, compare.FirstResponse.Mean(), compare.Response.P90(), compare.CSAT, compare.Stars, compare.OneTouch, compare.Reopened,
		compare.Unanswered, compare.Automated, compare.RepliesToResolve, compare.Conversations, compare.FirstResponse.Within(time.Hour), "promises_kept:x", "",
	}
)

func (h hostile) observed(wild float64) *compare.Observed {
	o := new(compare.Observed)
	f := &o.Figures
	f.Cases, f.Conversations, f.Reopened, f.ClosedUnanswered = h.count(wild), h.count(wild), h.count(wild), h.count(wild)
	f.OneTouch, f.RepliesToResolve = h.ratio(wild), stat.Ratio{Part: h.count(wild), Whole: h.count(wild)}
	for _, s := range []*metrics.Summary{&f.Elapsed.FirstResponse, &f.Elapsed.Response, &f.Elapsed.Abandoned, &f.InHours.FirstResponse} {
		for range pick(h, 0, 1, 2, 40) {
			s.Add(time.Duration(max(0, h.count(wild))))
		}
	}
	for range h.IntN(40) {
		f.Ratings.Add(rating.Stars(1 + h.IntN(5)))
	}
	o.Kept = map[compare.Metric]stat.Ratio{"promises_kept:x": h.ratio(wild), compare.FirstResponse.Within(time.Hour): h.ratio(wild)}
	for _, s := range hostileScores {
		counts := make([]int64, len(s.Counts))
		for k := range counts {
			counts[k] = h.count(wild / 2)
		}
		s.Counts = counts
		// Counts that leave an int64 are not taken.
		i, own := compare.Asked(s)
		if o.Merge(own) == nil && h.IntN(20) == 0 {
			o.Scores[i] = s
		}
	}
	return o
}

func (h hostile) ratio(wild float64) stat.Ratio {
	r := stat.Ratio{Part: h.count(wild), Whole: h.count(wild)}
	if h.IntN(5) > 0 && r.Part > r.Whole {
		r.Part, r.Whole = r.Whole, r.Part
	}
	return r
}

// fault says what is wrong about a result: a number that is NaN or infinite, an interval
// without its estimate, a P beyond 1, a count that wrapped.
func fault(result any) string {
	var walk func(path string, v reflect.Value) string
	walk = func(path string, v reflect.Value) string {
		switch r := v.Interface().(type) {
		case time.Time, metrics.Period:
			return ""
		case stat.Interval:
			if r.Level != 0 && !(r.Level > 0 && r.Level < 1 && r.Contains(r.Estimate) && r.Method != stat.DefaultMethod) {
				return fmt.Sprintf("%s is %+v", path, r)
			}
		case stat.Test:
			if !(r.P >= 0 && r.P <= 1) {
				return fmt.Sprintf("%s is %+v", path, r)
			}
		}
		switch v.Kind() {
		case reflect.Float64:
			if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
				return fmt.Sprintf("%s is %v", path, f)
			}
		case reflect.Int64, reflect.Int:
			if v.Int() < 0 && (strings.HasSuffix(path, "N") || strings.HasSuffix(path, "LeftOut")) {
				return fmt.Sprintf("%s is %v", path, v.Int())
			}
		case reflect.Slice:
			for i := range v.Len() {
				if fault := walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i)); fault != "" {
					return fault
				}
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					if fault := walk(path+"."+f.Name, v.Field(i)); fault != "" {
						return fault
					}
				}
			}
		}
		return ""
	}
	if fault := walk("", reflect.ValueOf(result)); fault != "" {
		return fault
	}
	if _, err := json.Marshal(result); err != nil {
		return err.Error()
	}
	if text := fmt.Sprint(result); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		return text
	}
	return ""
}

// Whatever was observed, and whatever the level, an answer is one, or an error that says
// why there is none.
func TestHostileFigures(t *testing.T) {
	h := hostile{rand.New(rand.NewPCG(uint64(seed(t)), 20))}
	var changed, ranked, charted, refused int
	check := func(what string, result any, err error, reasons ...error) {
		t.Helper()
		if err != nil {
			refused++
			if !slices.ContainsFunc(reasons, func(reason error) bool { return errors.Is(err, reason) }) {
				t.Errorf("%s: %v", what, err)
			}
			return
		}
		if fault := fault(result); fault != "" {
			t.Errorf("%s: %s", what, fault)
		}
	}
	all := slices.Clone(hostileMetrics)
	for _, s := range hostileScores {
		i, _ := compare.Asked(s)
		all = append(all, i)
	}
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	from := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for range rounds(400) {
		groups := make([]*compare.Observed, 8)
		wild := pick(h, 0.0, 0.0, 0.1, 0.5)
		for k := range groups {
			groups[k] = h.observed(wild)
		}
		level := h.level()
		family := compare.Family{Level: level, Minimum: pick[int64](h, 0, 1, math.MaxInt64, -5)}
		for _, i := range all {
			family.Change(i, groups[0], groups[1])
			family.Beyond(i, groups[0], groups[1], groups[2], groups[3])
			pairs := []compare.Pair{{Before: groups[0], After: groups[1]}, {Before: groups[2], After: groups[3]}, {Before: groups[4], After: groups[5]}}
			family.Standardised(i, pairs...)
			family.Indirect(i, pairs...)
		}
		differences, err := family.Differences()
		check("family", differences, err, stat.ErrLevel)
		for _, d := range differences {
			if d.Conclusion.Changed() {
				changed++
			}
			if d.Conclusion.Changed() == (d.Change.Contains(0) || d.Change.Level == 0) {
				t.Errorf("%v: %+v", d.Conclusion, d)
			}
		}
		if (err == nil) != (level == 0 || level > 0 && level < 1 && 1-level < 1) {
			t.Errorf("level %v: %v", level, err)
		}
		i := all[h.IntN(len(all))]
		strata := slices.Values([]int{0, 1})
		if h.IntN(2) == 0 {
			strata = nil
		}
		credit, err := compare.NewCredit(i, slices.Values([]int{0, 2, 4, 6}), strata, func(k, s int) *compare.Observed { return groups[k+s] }, pick(h, level, 0.95))
		check("credit", credit, err, stat.ErrLevel, compare.ErrMetric, stat.ErrCount, stat.ErrOverflow, stat.ErrValue)
		if len(credit.Places) > 1 {
			ranked++
		}
		for _, place := range credit.Places {
			check("place", place, nil)
		}
		timeline := compare.NewTimeline(i, weeks.Between(from, from.AddDate(0, 0, 7*12)), func(metrics.Period) *compare.Observed {
			if h.IntN(5) == 0 {
				return nil
			}
			return groups[h.IntN(len(groups))]
		}, level)
		check("timeline", timeline, nil)
		for _, c := range []compare.ControlChart{timeline.Control(), timeline.EWMA(), timeline.CUSUM()} {
			check("chart", c, nil)
			if c.Limited {
				charted++
			}
			for _, p := range c.Points {
				if p.Low > p.High {
					t.Errorf("%v: %+v", c.Method, p)
				}
			}
		}
		trend, err := timeline.Trend(level)
		check("trend", trend, err, stat.ErrLevel)
	}
	if !testing.Short() && (changed == 0 || ranked == 0 || charted == 0 || refused == 0) {
		t.Errorf("%d changed, %d ranked, %d charts with limits, %d refused", changed, ranked, charted, refused)
	}
}

// A timeline that was made by hand may hold any number.
func TestHostileTimeline(t *testing.T) {
	h := hostile{rand.New(rand.NewPCG(uint64(seed(t)), 21))}
	weeks := slices.Collect(metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}.Between(busyFrom, busyFrom.AddDate(0, 0, 7*12)))
	for range rounds(4000) {
		numbers := [][]float64{{1, 2, 3, 4.5}, {1e308, -1e308, 0}, {math.MaxFloat64, 1e300}, {1e-308, 5e-324, 0}, {math.NaN(), 1, 2}, {math.Inf(1), 1, 2}, {1e155, -1e155, 1e150}}[h.IntN(7)]
		s := compare.Timeline{Metric: pick(h, hostileMetrics...), Baseline: pick(h, 0, 5, -1, math.MaxInt)}
		bad := false
		for _, week := range weeks {
			p := compare.Point{Period: week, Value: compare.Value{Value: pick(h, numbers...)}, Ratio: h.ratio(0.3), Missing: h.IntN(6) == 0}
			bad = bad || !p.Missing && (math.IsNaN(p.Value.Value) || math.IsInf(p.Value.Value, 0))
			s.Points = append(s.Points, p)
		}
		trend, err := s.Trend(0.95)
		if bad != errors.Is(err, stat.ErrValue) || err != nil && !bad {
			t.Errorf("%v: %v", s.Values(), err)
		}
		if fault := fault(trend); fault != "" {
			t.Errorf("%v: %s", s.Values(), fault)
		}
		for _, c := range []compare.ControlChart{s.Control(), s.EWMA(), s.CUSUM()} {
			for _, p := range c.Points {
				if math.IsNaN(p.Low) || math.IsNaN(p.High) || p.Low > p.High || c.Limited && !bad && c.Method != compare.LaneyP && math.IsNaN(p.Value) {
					t.Errorf("%v of %v: %+v", c.Method, s.Values(), p)
				}
			}
			if math.IsNaN(c.Center) || math.IsNaN(c.Sigma) || math.IsInf(c.Sigma, 0) {
				t.Errorf("%v of %v: center %v, sigma %v", c.Method, s.Values(), c.Center, c.Sigma)
			}
		}
	}
}

// Spans of any length and at any time are as long as they say, or refused.
func TestHostileSpans(t *testing.T) {
	for _, days := range []int{math.MinInt, math.MinInt / 3, -1, 0, 1<<20 + 1, math.MaxInt / 3, math.MaxInt/2 + 5, math.MaxInt} {
		_, err := compare.Around(busyFrom, days, nil)
		if !errors.Is(err, compare.ErrSpans) {
			t.Errorf("around, %d days: %v", days, err)
		}
		if _, err = compare.LastDays(days, busyFrom, nil); !errors.Is(err, compare.ErrSpans) {
			t.Errorf("last %d days: %v", days, err)
		}
	}
	// A thousand years before, and a tenth of that after, in which as many wrote.
	long, err := compare.NewSpans(metrics.Span{Start: busyFrom.AddDate(-1000, 0, 0), End: busyFrom}, metrics.Span{Start: busyFrom, End: busyFrom.AddDate(100, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]compare.Spans{"long": long} {
		family := compare.Family{Spans: s}
		o := new(compare.Observed)
		o.Figures.Conversations = 5000
		family.Change(compare.Conversations, o, o)
		differences, err := family.Differences()
		if err != nil || math.Abs(differences[0].Change.Estimate-9) > 0.01 {
			t.Errorf("%s: %v, %v", name, differences, err)
		}
	}
	far, err := compare.Around(busyFrom, 1<<20, nil)
	if err != nil || far.Before.End.Sub(far.Before.Start) != math.MaxInt64 || far.Before.Start.Year() != -845 || far.After.End.Year() != 4897 {
		t.Errorf("%v, %v", far, err)
	}
}

// What leaves an int64 is refused, and changes nothing.
func TestObservedBeyondInt64(t *testing.T) {
	kept := func(part, whole int64) *compare.Observed {
		return &compare.Observed{Kept: map[compare.Metric]stat.Ratio{"promises_kept:x": {Part: part, Whole: whole}}}
	}
	o := kept(1, math.MaxInt64-1)
	if err := o.Merge(kept(1, 1)); err != nil || o.Kept["promises_kept:x"] != (stat.Ratio{Part: 2, Whole: math.MaxInt64}) {
		t.Errorf("%v, %v", o.Kept, err)
	}
	before := maps.Clone(o.Kept)
	if err := o.Merge(kept(0, 1)); !errors.Is(err, stat.ErrCount) || !maps.Equal(o.Kept, before) {
		t.Errorf("%v, %v", o.Kept, err)
	}
	waits := new(compare.Observed)
	waits.Figures.ClosedUnanswered = math.MaxInt64
	if v, ok := compare.Unanswered.Of(waits, 0.95); !ok || v.N != math.MaxInt64 || v.Value != 1 {
		t.Errorf("%+v, %v", v, ok)
	}
	waits.Figures.Elapsed.Response.Add(time.Hour)
	if v, ok := compare.Unanswered.Of(waits, 0.95); ok {
		t.Errorf("%+v", v)
	}
	many := new(compare.Observed)
	many.Figures.Conversations = math.MaxInt64
	if v, _ := compare.Conversations.Of(many, 0.95); v.String() != "9223372036854775808" || fault(v) != "" {
		t.Errorf("%v: %s", v, fault(v))
	}
	many.Figures.Conversations = 1 << 62
	if v, _ := compare.Conversations.Of(many, 0.95); v.String() != "4,611,686,018,427,387,904" {
		t.Errorf("%v", v)
	}
	// Pairs that are too many in all are not tested.
	share, rate := compare.OneTouch, compare.RepliesToResolve
	large, small := new(compare.Observed), new(compare.Observed)
	large.Figures.OneTouch, large.Figures.RepliesToResolve = stat.Ratio{Part: 1 << 61, Whole: 1 << 62}, stat.Ratio{Part: 1 << 61, Whole: 1 << 62}
	small.Figures.OneTouch, small.Figures.RepliesToResolve = stat.Ratio{Part: 50, Whole: 100}, stat.Ratio{Part: 50, Whole: 100}
	for _, metric := range []compare.Metric{share, rate} {
		for n, want := range map[int]stat.Conclusion{1: stat.NotDistinguishable, 2: stat.NotTested, 3: stat.NotTested} {
			var family compare.Family
			pairs := slices.Repeat([]compare.Pair{{Before: small, After: large}}, n)
			family.Indirect(metric, pairs...)
			differences, err := family.Differences()
			if err != nil || differences[0].Conclusion != want || fault(differences[0]) != "" || differences[0].After.N < 0 {
				t.Errorf("%d pairs of %v: %v, %v", n, metric, differences, err)
			}
		}
		var family compare.Family
		family.Standardised(share, compare.Pair{Before: new(compare.Observed), After: large}, compare.Pair{Before: large, After: new(compare.Observed)})
		if differences, _ := family.Differences(); differences[0].LeftOut != math.MaxInt64 {
			t.Errorf("%+v", differences)
		}
	}
}

// The center of a chart of shares is theirs, even if they are too many to add up.
func TestChartOfMany(t *testing.T) {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	n := int64(0)
	timeline := compare.NewTimeline(compare.OneTouch, weeks.Between(busyFrom, busyFrom.AddDate(0, 0, 7*10)), func(metrics.Period) *compare.Observed {
		n++
		o := new(compare.Observed)
		o.Figures.OneTouch = stat.Ratio{Part: 1<<60 + n%3<<40, Whole: 1 << 61}
		return o
	}, 0.95)
	chart := timeline.Control()
	if !chart.Limited || math.Abs(chart.Center-0.5) > 1e-5 || len(chart.Signals) != 0 {
		t.Errorf("%+v", chart)
	}
}

// A level so near to 0 that 1 less it is 1 is none, and no trend either.
func TestTrendRefusesLevels(t *testing.T) {
	weeks := metrics.Periods{Unit: metrics.Week, WeekStart: time.Monday}
	n := int64(0)
	timeline := compare.NewTimeline(compare.Conversations, weeks.Between(busyFrom, busyFrom.AddDate(0, 0, 7*10)), func(metrics.Period) *compare.Observed {
		n++
		o := new(compare.Observed)
		o.Figures.Conversations, o.Figures.Cases = n, n
		return o
	}, 0.95)
	for _, level := range []float64{0, 1, -1, 1e-17, 5e-324, math.NaN(), math.Inf(1)} {
		if trend, err := timeline.Trend(level); !errors.Is(err, stat.ErrLevel) || trend != (compare.PeriodTrend{}) {
			t.Errorf("%v: %v, %v", level, trend, err)
		}
	}
}
