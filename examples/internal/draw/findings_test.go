package draw

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
)

func TestScaleTicks(t *testing.T) {
	texts := func(ticks []Tick) (all []string) {
		for _, t := range ticks {
			all = append(all, t.Text)
		}
		return all
	}
	for _, c := range []struct {
		low, high int
		want      []string
	}{
		{1, 5, []string{"1", "2", "3", "4", "5"}},
		{1, 7, []string{"1", "2", "3", "4", "5", "6", "7"}},
		{0, 10, []string{"0", "2", "4", "6", "8", "10"}},
		{1, 10, []string{"1", "3", "5", "7", "9", "10"}},
		{0, 100, []string{"0", "20", "40", "60", "80", "100"}},
		{0, 101, []string{"0", "20", "40", "60", "80", "101"}}, // not 100 and 101
		{-500, 500, []string{"−500", "−300", "−100", "100", "300", "500"}},
		{0, 1, []string{"0", "1"}},
	} {
		got := ScaleTicks(c.low, c.high)
		if !slices.Equal(texts(got), c.want) {
			t.Errorf("ScaleTicks(%d, %d) is %v, want %v", c.low, c.high, texts(got), c.want)
		}
		if first, last := got[0].Value, got[len(got)-1].Value; first != float64(c.low) || last != float64(c.high) {
			t.Errorf("ScaleTicks(%d, %d) goes from %v to %v", c.low, c.high, first, last)
		}
	}
	if got := texts(NetTicks()); !slices.Equal(got, []string{"−100", "−50", "0", "50", "100"}) {
		t.Error(got)
	}
	if ticks := NetTicks(); ticks[0].Value != -1 || ticks[4].Value != 1 {
		t.Error(ticks)
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{NameOf(compare.FirstResponse.InHours()), "First answer, median"},
		{NameOf(compare.FirstResponse.P90().InHours()), "First answer, nine of ten"},
		{NameOf(compare.FirstResolution), "First solution, median"},
		{NameOf(compare.NextResponse), compare.NextResponse.String()},
		{ValueOf(compare.Value{Metric: compare.FirstResponse, N: 3, Value: 97}), "1 min 37 s"},
		{ValueOf(compare.Value{Metric: compare.CSAT, N: 3, Value: 0.926}), "93 %"},
		{ValueOf(compare.Value{Metric: compare.CSAT, N: 300, Value: 0.926}), "93 %"},
		{ValueOf(compare.Value{Metric: compare.CSAT, N: 300, Value: 1}), "100 %"},
		{ValueOf(compare.Value{Metric: compare.CSAT}), "–"},
		{ValueOf(compare.Value{Metric: compare.Conversations}), "0"},
		{NameOf(compare.Conversations), "New conversations"},
		{ChangeOf(compare.CSAT, 0.354), "+35 points"},
		{ChangeOf(compare.Conversations, 0.504), "+50 %"},
		{ChangeOf(compare.FirstResponse, -43), "−43 s"},
		{ChangeOf(compare.CSAT, 0.35), "+35 points"},
		{ChangeOf(compare.Conversations, 0.5), "+50 %"},
		{BetweenOf(compare.Difference{Metric: compare.CSAT, Change: stat.Interval{Low: 0.16, High: 0.54, Level: 0.95}}), "+16 to +54 points"},
		{BetweenOf(compare.Difference{Metric: compare.CSAT}), "–"},
		{standsOut(compare.Signal{Up: true}), "above what is usual"},
		{standsOut(compare.Signal{}), "below what is usual"},
		{standsOut(compare.Signal{Rule: compare.LargeJump}), "an unusual fall"},
		{standsOut(compare.Signal{Rule: compare.LargeJump, Up: true}), "an unusual rise"},
		{standsOut(compare.Signal{Rule: compare.RunOfEight}), "the last of 8 or more in a row below the middle"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for conclusion, want := range map[stat.Conclusion]Chip{
		stat.NoData: {None, "no data"}, stat.TooFew: {Few, "too few to tell"}, stat.NotTested: {None, "cannot be told"},
		stat.NotDistinguishable: {Same, "no clear change"}, stat.Better: {Good, "better"}, stat.Worse: {Bad, "worse"},
		stat.Higher: {Up, "more"}, stat.Lower: {Down, "fewer"},
	} {
		if got := Verdict(conclusion); got != want {
			t.Errorf("%v: %v, want %v", conclusion, got, want)
		}
		if got := VerdictOf(compare.Difference{Conclusion: conclusion}); got != want {
			t.Errorf("%v, of nothing: %v, want %v", conclusion, got, want)
		}
		one := compare.Value{N: 1}
		if got := VerdictOf(compare.Difference{Conclusion: conclusion, Before: one, After: one}); got != want {
			t.Errorf("%v, of two values: %v, want %v", conclusion, got, want)
		}
		if conclusion == stat.NoData || conclusion == stat.NotTested {
			want = Chip{None, "nothing before"}
		}
		if got := VerdictOf(compare.Difference{Conclusion: conclusion, After: one}); got != want {
			t.Errorf("%v, of a value after: %v, want %v", conclusion, got, want)
		}
	}
}

func TestStands(t *testing.T) {
	week := func(n int) metrics.Period {
		return metrics.PeriodOf(metrics.Week, 2026, time.January, 5, time.Monday).Next(n)
	}
	c := compare.ControlChart{Signals: []compare.Signal{
		{Rule: compare.BeyondLimit, From: week(1), To: week(3), Up: true},
		{Rule: compare.LargeJump, From: week(3), To: week(3)},
		{Rule: compare.RunOfEight, From: week(5), To: week(12)},
	}}
	want := map[int]string{1: "above what is usual", 2: "above what is usual", 3: "an unusual fall", 12: "the last of 8 or more in a row below the middle"}
	for n := range 14 {
		if got := Stands(c, week(n)); got != want[n] {
			t.Errorf("week %d: %q, want %q", n, got, want[n])
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("word ", 100)
	for in, want := range map[string]string{
		"": "", " two\nlines\x1b ": "two lines?", long: long[:279] + "…", strings.Repeat("é", 280): strings.Repeat("é", 280), strings.Repeat("é", 281): strings.Repeat("é", 280) + "…",
	} {
		if got := Excerpt(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestBarFrom(t *testing.T) {
	for _, c := range []struct{ share, x, w px }{{0.2, 30, 45}, {0.8, 75, 45}, {0.5, 75, 0}} {
		shapes := Bar{Share: float64(c.share), From: 0.5}.Shapes()
		bar := shapes[1]
		if bar.X != c.x || bar.W != c.w || shapes[2].Class != "begin" || shapes[2].X != 75 {
			t.Errorf("%v: %+v", c.share, bar)
		}
	}
}

// A value below zero is below the line of zero, and nothing leaves the axes.
func TestLineBelowZero(t *testing.T) {
	f := newFrame(nil, NetTicks())
	for v, want := range map[float64]float64{-1: edgeBottom, 0: (edgeTop + edgeBottom) / 2, 1: edgeTop, -3: edgeBottom, 3: edgeTop} {
		if got := f.y(v); got != want {
			t.Errorf("y(%v) is %v, want %v", v, got, want)
		}
	}
}

func TestMoves(t *testing.T) {
	m := Moves{ID: "m", Title: "First answer", Sub: "median", Rows: []Move{
		{Name: "trained", Before: Level{3000, "50 min"}, After: Level{1680, "28 min"}},
		{Name: "others", Before: Level{3000, "50 min"}, After: Level{3000, "50 min"}},
		{Name: "nobody", Missing: true},
	}}
	m.Ticks = TimeTicks(m.Top())
	if m.Top() != 3000 || m.Ticks[len(m.Ticks)-1].Value != 3600 {
		t.Error(m.Top(), m.Ticks)
	}
	d := m.drawing()
	if want := "trained: 50 min before, 28 min after; others: 50 min before, 50 min after; nobody: no data"; d.Words != want {
		t.Errorf("%q, want %q", d.Words, want)
	}
	texts := 0
	for _, s := range d.Shapes {
		if s.Kind == "text" {
			texts++
		}
		if s.X < 0 || s.X > d.W || s.Y < 0 || s.Y > d.H {
			t.Errorf("%+v is off the chart", s)
		}
	}
	if want := 5 + 3 + 2*2 + 1; texts != want { // ticks, names, values, and "no data"
		t.Errorf("%d texts, want %d", texts, want)
	}
	// Values off the ticks are at their ends, and where ticks begin is the left.
	off := Moves{Rows: []Move{
		{Missing: true, Before: Level{Value: 99}}, {Before: Level{-3, "−300"}, After: Level{-1, "−100"}}, {Before: Level{1, "100"}, After: Level{7, "700"}}, {Before: Level{Value: 0}, After: Level{Value: 0.5}},
	}, Ticks: NetTicks()}
	var dots []px
	for _, s := range off.drawing().Shapes {
		if s.Kind == "circle" {
			dots = append(dots, s.X)
		}
	}
	if want := []px{60, 60, 336, 336, 198, 267}; !slices.Equal(dots, want) {
		t.Errorf("dots at %v, want %v", dots, want)
	}
	if off.Top() != 7 {
		t.Errorf("the top is %v", off.Top())
	}
	if d := (Moves{Rows: m.Rows}).drawing(); d.Words != "No data." {
		t.Errorf("without ticks: %s", d.Words)
	}
	if d := (Moves{Rows: m.Rows[2:], Ticks: m.Ticks}).drawing(); d.Words != "No data." {
		t.Error(d.Words)
	}
}

func TestApart(t *testing.T) {
	for _, c := range []struct{ a, b, widthA, widthB float64 }{
		{100, 100, 64, 64}, {60, 60, 64, 64}, {340, 340, 64, 64}, {340, 338, 64, 30}, {338, 340, 10, 64}, {60, 300, 64, 64}, {300, 60, 64, 64}, {56, 80, 40, 20},
	} {
		a, b := apart(c.a, c.b, c.widthA, c.widthB, 56, 356)
		if (c.a < c.b) != (a < b) && c.a != c.b {
			t.Errorf("%v: %v and %v change places", c, a, b)
		}
		gap := max(a, b) - min(a, b) - (c.widthA+c.widthB)/2
		if gap < 7.999 || a-c.widthA/2 < 56 || b-c.widthB/2 < 56 || a+c.widthA/2 > 356 || b+c.widthB/2 > 356 {
			t.Errorf("%v: at %v and %v", c, a, b)
		}
	}
	// Of two at an edge only the nearer one moves, if the other one is far away.
	if a, b := apart(100, 350, 20, 40, 56, 356); a != 100 || b != 336 {
		t.Errorf("at the right: %v and %v", a, b)
	}
	if a, b := apart(58, 300, 40, 20, 56, 356); a != 76 || b != 300 {
		t.Errorf("at the left: %v and %v", a, b)
	}
	if a, b := apart(100, 300, 20, 20, 56, 356); a != 100 || b != 300 {
		t.Errorf("moved to %v and %v for nothing", a, b)
	}
}
