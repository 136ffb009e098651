package standards_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

func TestBudgetText(t *testing.T) {
	for text, want := range map[string]standards.Budget{
		"0s":                     {},
		"24h":                    standards.BudgetOf(24 * time.Hour),
		"1m30s":                  standards.BudgetOf(90 * time.Second),
		"-30m":                   standards.BudgetOf(-30 * time.Minute),
		"1 business day":         standards.BusinessDays(1),
		"2 business days":        standards.BusinessDays(2),
		"0 business days":        standards.BusinessDays(0),
		"-1 business day":        standards.BusinessDays(-1),
		"-12 business days":      standards.BusinessDays(-12),
		"end of 0 business days": standards.EndOfBusinessDay(0),
		"end of 1 business day":  standards.EndOfBusinessDay(1),
		"end of 9 business days": standards.EndOfBusinessDay(9),
	} {
		var read standards.Budget
		written, err := want.MarshalText()
		if err != nil || string(written) != text || want.String() != text || read.UnmarshalText(written) != nil || read != want {
			t.Errorf("%q is written %q, %v, and reads as %v", text, written, err, read)
		}
	}
	if b, err := standards.ParseBudget("90m"); err != nil || b != standards.BudgetOf(90*time.Minute) || b.String() != "1h30m" {
		t.Errorf("%v, %v", b, err)
	}
	for _, bad := range []string{
		"", "2", "2 days", "2 business day", "1 business days", "02 business days", "+2 business days", " 2 business days", "2 business days ",
		"2  business days", "two business days", "end of business day", "end of 1 business days", "end of the day", "End of 1 business day",
		"end of end of 1 business day", "1.5 business days", "99999999999999999999 business days", "business days", "1h 2 business days",
	} {
		read := standards.BusinessDays(7)
		err := read.UnmarshalText([]byte(bad))
		if !errors.Is(err, standards.ErrBudget) || read != standards.BusinessDays(7) {
			t.Errorf("%q reads as %v, %v", bad, read, err)
		}
	}
	_, err := standards.ParseBudget("tomorrow")
	if want := `standards: no budget: want a duration such as "2m", "2 business days" or "end of 1 business day": "tomorrow"`; err == nil || err.Error() != want {
		t.Error(err)
	}
	if d, ok := standards.BudgetOf(time.Hour).Duration(); !ok || d != time.Hour {
		t.Errorf("%v, %v", d, ok)
	}
	if d, ok := standards.EndOfBusinessDay(3).Duration(); ok || d != 0 {
		t.Errorf("three days are always %v", d)
	}
}

// What is read is written as text that reads as the same.
func FuzzParseBudget(f *testing.F) {
	for _, s := range []string{"1h", "-1.5us", "1 business day", "end of 0 business days", "-3 business days", "end of 2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := standards.ParseBudget(s)
		if err != nil {
			if !errors.Is(err, standards.ErrBudget) {
				t.Fatal(err)
			}
			return
		}
		again, err := standards.ParseBudget(b.String())
		if err != nil || again != b || strings.Contains(s, "day") && b.String() != s {
			t.Fatalf("%q is %v, which reads as %v, %v", s, b, again, err)
		}
	})
}

func TestBudgetIsRefused(t *testing.T) {
	hours := weekdays(t)
	days, end := standards.BusinessDays(2), standards.EndOfBusinessDay(2)
	step := func(e standards.Escalation) []standards.Escalation { return []standards.Escalation{{}, e} }
	const before, warns = "standards: targets[0].escalations[1].after: ", "standards: targets[0].warn: warning is not within the business days of the budget: "
	for _, tt := range []struct {
		target standards.Target
		want   string
	}{
		{standards.Target{Within: days}, `standards: targets[0].within: calendar does not know business days: "2 business days"`},
		{standards.Target{Within: end, Calendar: metrics.AroundTheClock}, `standards: targets[0].within: calendar does not know business days: "end of 2 business days"`},
		{standards.Target{Within: days, Calendar: betweenOnly{hours}}, `standards: targets[0].within: calendar does not know business days: "2 business days"`},
		{standards.Target{Within: standards.BusinessDays(0), Calendar: hours}, `standards: targets[0].within: budget is not positive: "0 business days"`},
		{standards.Target{Within: standards.BusinessDays(-1)}, `standards: targets[0].within: budget is not positive: "-1 business day"`},
		{standards.Target{Within: standards.EndOfBusinessDay(-1), Calendar: hours}, `standards: targets[0].within: budget is not positive: "end of -1 business day"`},
		{standards.Target{Within: standards.BusinessDays(10_001), Calendar: hours}, `standards: targets[0].within: more than 10000 business days: "10001 business days"`},
		{standards.Target{Within: days, Calendar: hours, WarnDays: 2}, warns + `"2 business days"`},
		{standards.Target{Within: end, Calendar: hours, WarnDays: 3}, warns + `"3 business days"`},
		{standards.Target{Within: days, Calendar: hours, WarnDays: -1}, warns + `"-1 business day"`},
		{standards.Target{Within: days, Calendar: hours, WarnDays: math.MinInt}, warns + fmt.Sprintf(`"%d business days"`, math.MinInt)},
		{standards.Target{Within: days, Calendar: hours, WarnDays: 1, Warn: ratio(1, 2)}, warns + `"1 business day"`},
		{standards.Target{Within: standards.BudgetOf(time.Hour), Calendar: hours, WarnDays: 1}, warns + `"1 business day"`},
		{standards.Target{Within: days, Calendar: hours, Escalations: step(standards.Escalation{Days: -2})}, before + `escalation before the start: "-2 business days"`},
		{standards.Target{Within: end, Calendar: hours, Escalations: step(standards.Escalation{Days: -3})}, before + `escalation before the start: "-3 business days"`},
		{standards.Target{Within: days, Calendar: hours, Escalations: step(standards.Escalation{Days: math.MaxInt})}, before + fmt.Sprintf(`more than 10000 business days: "%d business days"`, math.MaxInt)},
		{standards.Target{Within: days, Calendar: hours, Escalations: step(standards.Escalation{Days: 10_001})}, before + `more than 10000 business days: "10001 business days"`},
		{standards.Target{Within: days, Calendar: hours, Escalations: step(standards.Escalation{Days: 1, After: 1})}, before + `escalation after a time and business days, too: "1 business day"`},
		{standards.Target{Within: standards.BudgetOf(time.Hour), Calendar: hours, Escalations: step(standards.Escalation{Days: 1})}, before + `escalation in business days of a budget that is not: "1 business day"`},

		{standards.Target{Within: standards.EndOfBusinessDay(0), Calendar: hours}, ""},
		{standards.Target{Within: standards.BusinessDays(10_000), Calendar: hours, WarnDays: 9_999}, ""},
		{standards.Target{Within: end, Calendar: hours, WarnDays: 2, Escalations: step(standards.Escalation{Days: -2})}, ""},
		{standards.Target{Within: days, Calendar: hours, WarnDays: 1, Escalations: step(standards.Escalation{Days: 10_000})}, ""},
		{standards.Target{Within: days, Calendar: hours, Warn: ratio(1, 2), Escalations: step(standards.Escalation{After: math.MinInt64})}, ""},
		{standards.Target{Within: days, Calendar: hours, Escalations: step(standards.Escalation{After: math.MaxInt64})}, ""},
	} {
		err := standards.Policy{Targets: []standards.Target{tt.target}}.Validate()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != tt.want || !errors.Is(err, standards.ErrTarget)) {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
	// What was not refused, because nobody asked, promises nothing.
	for _, e := range [...]standards.Escalation{{}, {Days: 1}} {
		unknown := standards.Finding{Target: &standards.Target{Within: days, Escalations: []standards.Escalation{e}}}
		for at := range unknown.Escalations() {
			t.Errorf("a step of business days around the clock came due at %v", at)
		}
	}
	if target := (standards.Target{Within: days, Calendar: betweenOnly{hours}}); !target.IsZero() {
		t.Error("business days of a calendar that knows none are promised")
	}
	if _, ok := (&standards.Target{Within: days}).Due(metrics.Wait{Start: start}); ok {
		t.Error("business days around the clock have a deadline")
	}
}

const inDays = `{
	"calendars": {"office": {"timezone": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]], "wed": [["09:00", "13:00"]]}}},
	"targets": [
		{"measure": "first_response", "within": "end of 0 business days", "calendar": "office",
			"escalations": [{"after": "-30m"}, {"after": "0s"}, {"after": "1 business day", "name": "manager"}]},
		{"measure": "active_resolution", "within": "2 business days", "calendar": "office", "warn": "1 business day",
			"escalations": [{"after": "-1 business day"}]},
		{"measure": "next_response", "within": "1 business day", "calendar": "office", "warn": {"part": 1, "whole": 2}}
	]}`

func TestDaysJSON(t *testing.T) {
	var p standards.Policy
	if err := json.Unmarshal([]byte(inDays), &p); err != nil {
		t.Fatal(err)
	}
	for i, want := range []standards.Target{
		{Within: standards.EndOfBusinessDay(0), Escalations: []standards.Escalation{{After: -30 * time.Minute}, {}, {Name: "manager", Days: 1}}},
		{Within: standards.BusinessDays(2), WarnDays: 1, Escalations: []standards.Escalation{{Days: -1}}},
		{Within: standards.BusinessDays(1), Warn: ratio(1, 2)},
	} {
		got := p.Targets[i]
		if got.Within != want.Within || got.Warn != want.Warn || got.WarnDays != want.WarnDays || !slices.Equal(got.Escalations, want.Escalations) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	golden(t, "days.json", p)
	text, err := json.Marshal(p)
	var again standards.Policy
	if err != nil || json.Unmarshal(text, &again) != nil {
		t.Fatal(err)
	}
	if second, err := json.Marshal(again); err != nil || string(second) != string(text) {
		t.Errorf("%s, %v, want %s", second, err, text)
	}
	const duration = `a duration such as "2m", or business days such as "-1 business day"`
	for change, want := range map[[2]string]string{
		{`"2 business days"`, `"2 days"`}:                                `standards: targets[1].within: bad policy: want a duration such as "2m", "2 business days" or "end of 1 business day": "\"2 days\""`,
		{`"2 business days"`, `null`}:                                    `standards: targets[1].within: bad policy: want a duration such as "2m", "2 business days" or "end of 1 business day": "null"`,
		{`"-1 business day"`, `"end of 1 business day"`}:                 `standards: targets[1].escalations[0].after: bad policy: want ` + duration + `: "\"end of 1 business day\""`,
		{`"-1 business day"`, `"0 business days"`}:                       `standards: targets[1].escalations[0].after: bad policy: want ` + duration + `: "\"0 business days\""`,
		{`"-1 business day"`, `-1`}:                                      `standards: targets[1].escalations[0].after: bad policy: want ` + duration + `: "-1"`,
		{`"warn": "1 business day"`, `"warn": "1h"`}:                     `standards: targets[1].warn: bad policy: want a share such as "80%", or business days: "\"1h\""`,
		{`"warn": "1 business day"`, `"warn": "0 business days"`}:        `standards: targets[1].warn: bad policy: want a share such as "80%", or business days: "\"0 business days\""`,
		{`"2 business days", "calendar": "office"`, `"2 business days"`}: `standards: targets[1].within: calendar does not know business days: "2 business days"`,
	} {
		err := new(standards.Policy).UnmarshalJSON([]byte(strings.Replace(inDays, change[0], change[1], 1)))
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", change[1], err, want)
		}
	}
}

// movedDue asks every minute, and moves a deadline on by each open minute on hold.
func movedDue(c *calendar.Calendar, start, due time.Time, holds []metrics.Span) (time.Time, bool) {
	for t := start; t.Before(due); t = t.Add(time.Minute) {
		i := slices.IndexFunc(holds, func(h metrics.Span) bool { return !t.Before(h.Start) && (h.End.IsZero() || t.Before(h.End)) })
		switch {
		case i < 0:
		case holds[i].End.IsZero():
			return time.Time{}, false
		case c.IsOpen(t):
			for ; !c.IsOpen(due); due = due.Add(time.Minute) {
			}
			due = due.Add(time.Minute)
		}
	}
	return due, true
}

// Holds move a deadline in days on by the open time that they take before it, over
// changes of the clocks too. More days and longer holds are never earlier,
// and where days are alike, so many days are so many hours.
func TestDueInDaysIsCounted(t *testing.T) {
	uneven, err := calendar.New(calendar.Config{Timezone: "America/New_York", Weekly: calendar.Weekly{
		time.Monday:    {calendar.MustParseHours("22:00-06:00")},
		time.Wednesday: {calendar.MustParseHours("08:00-09:00"), calendar.MustParseHours("12:00-12:30")},
		time.Saturday:  {calendar.MustParseHours("23:00-03:00")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	hours := weekdays(t)
	seed := seed(t)
	r := rand.New(rand.NewPCG(seed, 0))
	moved, unknown := 0, 0
	for range 150 {
		c := pick(r, hours, uneven)
		n := 1 + r.IntN(4)
		within, asked := standards.BusinessDays(n), c.DeadlineDays
		if r.IntN(2) == 0 {
			n--
			within, asked = standards.EndOfBusinessDay(n), c.DeadlineEndOfDay
		}
		// The clocks change on 8 and 29 March.
		from := time.Date(2026, 3, 1+r.IntN(31), r.IntN(24), r.IntN(60), 0, 0, time.UTC)
		var holds []metrics.Span
		for at := from; len(holds) < r.IntN(6); {
			at = at.Add(time.Duration(r.IntN(30*60)) * time.Minute)
			end := at.Add(time.Duration(r.IntN(40*60)+1) * time.Minute)
			holds = append(holds, metrics.Span{Start: at, End: end})
			at = end.Add(time.Minute)
		}
		if len(holds) > 0 && r.IntN(4) == 0 {
			holds[len(holds)-1].End = time.Time{}
		}
		told, err := asked(from, n)
		if err != nil {
			t.Fatal(err)
		}
		want, ok := movedDue(c, from, told, holds)
		wait := metrics.Wait{Start: from, Holds: holds}
		target := standards.Target{Within: within, Calendar: c}
		due, known := target.Due(wait)
		if known != ok || !due.Equal(want) {
			t.Fatalf("seed %d: %v from %v, holds %v: %v, %v; counted %v, %v", seed, within, from, holds, due, known, want, ok)
		}
		if !ok {
			unknown++
			continue
		}
		if !due.Equal(told) {
			moved++
		}
		j, _ := target.Judge(wait, due)
		before, _ := target.Judge(wait, due.Add(-1))
		if due.Location() != time.UTC || j.Verdict != standards.Breached || j.Left != 0 || j.Used != c.Between(from, told) ||
			before.Verdict != standards.Pending || before.Left <= 0 || before.Used+before.Left != j.Used {
			t.Fatalf("seed %d: at %v %+v, before %+v", seed, due, j, before)
		}
		more := standards.Target{Within: standards.BusinessDays(n + 1), Calendar: c}
		if strings.HasPrefix(within.String(), "end") {
			more.Within = standards.EndOfBusinessDay(n + 1)
		}
		if later, ok := more.Due(wait); ok && later.Before(due) {
			t.Fatalf("seed %d: %v are due %v, %v are due %v", seed, within, due, more.Within, later)
		}
		if len(holds) > 0 {
			longer := slices.Clone(holds)
			longer[0].Start = longer[0].Start.Add(-time.Hour)
			if later, ok := target.Due(metrics.Wait{Start: from, Holds: longer}); ok && later.Before(due) {
				t.Fatalf("seed %d: with a longer hold %v is before %v", seed, later, due)
			}
		}
		if c == hours && n > 0 && within == standards.BusinessDays(n) {
			alike := standards.Target{Within: standards.BudgetOf(time.Duration(n) * 8 * time.Hour), Calendar: c}
			for _, at := range []time.Time{from, due.Add(-time.Hour), due, due.Add(20 * time.Hour)} {
				a, _ := target.Judge(wait, at)
				b, _ := alike.Judge(wait, at)
				if judgementOf(a) != judgementOf(b) {
					t.Fatalf("seed %d: %v from %v as of %v: %+v, in hours %+v", seed, within, from, at, judgementOf(a), judgementOf(b))
				}
			}
		}
	}
	often(t, "moved", moved, 20)
	often(t, "unknown", unknown, 5)
}

// fewDays is a calendar that has no more business days.
type fewDays struct{ office }

func (fewDays) DeadlineDays(time.Time, int) (time.Time, error) {
	return time.Time{}, calendar.ErrUnreachable
}

func (fewDays) DeadlineEndOfDay(time.Time, int) (time.Time, error) {
	return time.Time{}, calendar.ErrUnreachable
}

func TestNoMoreBusinessDays(t *testing.T) {
	target := standards.Target{
		Within: standards.BusinessDays(3), Calendar: fewDays{}, WarnDays: 1, Escalations: []standards.Escalation{{}, {Days: -1}, {After: -time.Hour}},
	}
	j, ok := target.Judge(metrics.Wait{Start: start}, after(30*time.Hour))
	if want := (judgement{Used: 14 * time.Hour}); !ok || judgementOf(j) != want {
		t.Errorf("%+v, want %+v", judgementOf(j), want)
	}
	for at, step := range j.Escalations() {
		t.Errorf("%v came due at %v", step, at)
	}
	target.WarnDays, target.Warn = 0, ratio(1, 2)
	if j, _ := target.Judge(metrics.Wait{Start: start}, after(30*time.Hour)); j.Warning {
		t.Error("a deadline that never comes is near")
	}
}

// inOffice is one promise of a desk that is open from an hour before the start of the
// tests until seven hours after it, and so on each weekday.
func inOffice(t *testing.T, m standards.Measure, within standards.Budget) standards.Policy {
	return standards.Policy{Targets: []standards.Target{{Measure: m, Within: within, Calendar: weekdays(t)}}}
}

func TestDaysEdges(t *testing.T) {
	const day = 24 * time.Hour
	warned := inOffice(t, standards.FirstResponse, standards.BusinessDays(2))
	warned.Targets[0].WarnDays = 1
	half := inOffice(t, standards.FirstResponse, standards.BusinessDays(2))
	half.Targets[0].Warn = ratio(1, 2)
	for _, tt := range []struct {
		name, script string
		policy       standards.Policy
		rules        metrics.Rules
		asOf         time.Duration
		want         string
	}{
		{"the same time tomorrow", "0 message", inOffice(t, standards.FirstResponse, standards.BusinessDays(1)), metrics.Rules{}, time.Hour,
			"first_response pending due 24h0m0s left 7h0m0s"},
		{"answered then", "0 message, 24h reply", inOffice(t, standards.FirstResponse, standards.BusinessDays(1)), metrics.Rules{}, 2 * day,
			"first_response met due 24h0m0s left 0s"},
		{"answered a nanosecond later", "0 message, 24h1ns reply", inOffice(t, standards.FirstResponse, standards.BusinessDays(1)), metrics.Rules{}, 2 * day,
			"first_response breached due 24h0m0s left -1ns"},
		{"the end of the day", "0 message", inOffice(t, standards.FirstResponse, standards.EndOfBusinessDay(0)), metrics.Rules{}, time.Hour,
			"first_response pending due 7h0m0s left 6h0m0s"},
		{"the end of the day, asked in the evening", "8h message, 32h reply", inOffice(t, standards.FirstResponse, standards.EndOfBusinessDay(0)), metrics.Rules{}, 2 * day,
			"first_response breached due 31h0m0s left 0s"},
		{"near by a day", "0 message", warned, metrics.Rules{}, day - 1, "first_response pending due 48h0m0s left 8h0m0.000000001s"},
		{"near from then on", "0 message", warned, metrics.Rules{}, day, "first_response pending due 48h0m0s left 8h0m0s warning"},
		{"near by a share of the open time", "0 message", half, metrics.Rules{}, day, "first_response pending due 48h0m0s left 8h0m0s warning"},
		{"on hold", "0 message, 1h paused", inOffice(t, standards.FirstResolution, standards.BusinessDays(1)), metrics.Rules{}, 2 * day,
			"first_resolution pending due never left 7h0m0s"},
		{"moved on by the open time on hold", "0 message, 6h paused, 24h resumed", inOffice(t, standards.FirstResolution, standards.BusinessDays(1)), metrics.Rules{}, 2 * day,
			"first_resolution breached due 26h0m0s left -6h0m0s"},
		{"a hold outside the hours moves nothing", "0 message, 8h paused, 20h resumed", inOffice(t, standards.FirstResolution, standards.EndOfBusinessDay(1)), metrics.Rules{}, day,
			"first_resolution pending due 31h0m0s left 7h0m0s"},
		{"nobody is in charge yet", "0 message, 30h paused", inOffice(t, standards.FirstResponse, standards.BusinessDays(1)), metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, 2 * day,
			"first_response pending due never left 8h0m0s"},
		{"from the assignment", "0 message, 2h assigned ana", inOffice(t, standards.FirstResponse, standards.BusinessDays(1)), metrics.Rules{FirstResponseFrom: metrics.FromAssigned}, 3 * time.Hour,
			"first_response pending due 26h0m0s left 7h0m0s"},
		{"the time it lay closed is a hold", "0 message, 1h resolved, 49h reopened", inOffice(t, standards.ActiveResolution, standards.BusinessDays(1)), metrics.Rules{}, 50 * time.Hour,
			"active_resolution pending due 72h0m0s left 6h0m0s"},
	} {
		h := conversation(t, eventsOf(t, tt.script)...).Read(tt.rules, after(tt.asOf))
		if got := findings(tt.policy, h); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for f := range tt.policy.Findings(h) {
			if w, _ := h.StillWaiting(); w.Unassigned && (f.Used != 0 || f.Margin != 0) {
				t.Errorf("%s: %v is used, a margin of %v", tt.name, f.Used, f.Margin)
			}
		}
	}
}

// A step in days is due at the deadline of so many more days, or fewer.
func TestStepsInDays(t *testing.T) {
	p := inOffice(t, standards.FirstResolution, standards.EndOfBusinessDay(2))
	p.Targets[0].Escalations = []standards.Escalation{{Name: "due"}, {Name: "late", Days: 1}, {Name: "near", Days: -1}, {Name: "today", Days: -2}, {Name: "hours", After: -10 * time.Hour}, {Name: "never", After: math.MaxInt64}}
	short := inOffice(t, standards.FirstResolution, standards.EndOfBusinessDay(0))
	short.Targets[0].Escalations = []standards.Escalation{{Name: "near", After: -2 * time.Hour}, {Name: "at once", After: math.MinInt64}, {Name: "hour", After: -time.Hour}}
	for _, tt := range []struct {
		script string
		policy standards.Policy
		want   string
	}{
		{"0 message", p, "today 7h0m0s, hours 29h0m0s, near 31h0m0s, due 55h0m0s, late 79h0m0s"},
		{"0 message, 4h paused, 24h resumed", p, "today 27h0m0s, hours 49h0m0s, near 51h0m0s, due 75h0m0s, late 99h0m0s"},
		{"0 message, 31h resolved", p, "today 7h0m0s, hours 29h0m0s"},
		{"0 message", short, "at once 0s, near 5h0m0s, hour 6h0m0s"},
		{"6h message", short, "near 6h0m0s, at once 6h0m0s, hour 6h0m0s"}, // an hour is left
		{"6h message, 6h resolved", short, ""},
		{"6h message, 6h paused, 7h resumed", short, "near 6h0m0s, at once 6h0m0s, hour 6h0m0s"},
	} {
		var got []string
		c := conversation(t, eventsOf(t, tt.script)...)
		for f := range tt.policy.Findings(read(c, 120*time.Hour)) {
			for at, step := range f.Escalations() {
				got = append(got, fmt.Sprint(step.Name, " ", at.Sub(start)))
			}
		}
		if got := strings.Join(got, ", "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.script, got, tt.want)
		}
	}
}

// A step that is later than any instant never comes due.
func TestStepAfterAllTime(t *testing.T) {
	f, ok := (&standards.Target{
		Within: standards.BusinessDays(1), Calendar: rotaOf("..oooooo.."), Escalations: []standards.Escalation{{After: math.MaxInt64}},
	}).Judge(metrics.Wait{Start: start}, after(time.Hour))
	if !ok || f.Verdict != standards.Breached {
		t.Errorf("%v, %v", f, ok)
	}
	for at := range f.Escalations() {
		t.Errorf("a step came due at %v", at)
	}
}

// What was breached stays breached, in days too, and what is written reads as the same.
func TestDaysAreNotTakenBack(t *testing.T) {
	p := inOffice(t, standards.EveryResponse, standards.BusinessDays(1))
	p.Targets[0].Escalations = []standards.Escalation{{Name: "late", Days: 1}}
	events := []metrics.Event{
		metrics.MessageReceived{Conversation: "1", ID: "m", At: start},
		metrics.ReplySent{Conversation: "1", ID: "r", At: after(time.Hour), Agent: "ana"},
		metrics.Retracted{Conversation: "1", Event: "r", At: after(30 * time.Hour)},
		metrics.MessageReceived{Conversation: "1", ID: "m", At: after(50 * time.Hour)}, // an edit
	}
	c := conversation(t, events...)
	for asOf, want := range map[time.Duration]string{
		25 * time.Hour: "met",
		30 * time.Hour: "breached at 30h0m0s",
		49 * time.Hour: "breached at 30h0m0s, late 48h0m0s",
		60 * time.Hour: "breached at 30h0m0s, late 48h0m0s",
	} {
		h := read(c, asOf)
		var got string
		for f := range p.Findings(h) {
			got += f.Verdict.String()
			if f.Verdict == standards.Breached {
				got += fmt.Sprint(" at ", f.BreachedAt.Sub(start))
			}
			for at, step := range f.Escalations() {
				got += fmt.Sprint(", ", step.Name, " ", at.Sub(start))
			}
		}
		if got != want {
			t.Errorf("as of %v: %s, want %s", asOf, got, want)
		}
		scores := standards.NewScores(metrics.Facet.Channel, p, 3)
		if err := scores.Add(h); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(scores)
		again := standards.NewScores(metrics.Facet.Channel, p, 3)
		if err != nil || json.Unmarshal(text, again) != nil {
			t.Fatal(err)
		}
		second, err := json.Marshal(again)
		if _, breaches, _ := strings.Cut(string(text), "breaches"); err != nil || !strings.HasSuffix(string(second), breaches) {
			t.Errorf("%s, %v, want %s", second, err, text)
		}
	}
}

func TestDaysFindingJSON(t *testing.T) {
	var all []any
	for _, m := range []standards.Measure{standards.FirstResolution, standards.ActiveResolution} {
		p := inOffice(t, m, standards.EndOfBusinessDay(1))
		p.Targets[0].WarnDays = 1
		p.Targets[0].Escalations = []standards.Escalation{{Name: "near", Days: -1}}
		for _, script := range []string{"0 message, 31h resolved ana, 32h reopened", "0 message, 10m paused", "0 message"} {
			for f := range p.Findings(read(conversation(t, eventsOf(t, script)...), 33*time.Hour)) {
				all = append(all, f)
			}
		}
	}
	golden(t, "findings_days.json", all)
}

func TestDaysOnABoard(t *testing.T) {
	p := inOffice(t, standards.FirstResponse, standards.BusinessDays(2))
	p.Targets[0].WarnDays = 1
	board := standards.NewBoard(p)
	log := logOf(t, "0 message", "24h message", "48h message", "49h message")
	if err := log.Read(metrics.Rules{}, after(50*time.Hour)).Into(board); err != nil {
		t.Fatal(err)
	}
	overdue, near, fine := board.Promises()
	if overdue != 1 || near != 1 || fine != 2 {
		t.Errorf("%d overdue, %d near, %d fine", overdue, near, fine)
	}
}

// The deadlines of package calendar are those of a policy.
func TestBusinessDaysVectors(t *testing.T) {
	data, err := os.ReadFile("../metrics/calendar/testdata/business_days.json")
	if err != nil {
		t.Fatal(err)
	}
	vectors := parse[struct {
		Calendars map[string]json.RawMessage
		Rows      []struct {
			ID, Source, Op, Calendar string
			Start, Expected          time.Time
			Days                     int
		}
	}](t, data)
	judged := 0
	for _, v := range vectors.Rows {
		within := standards.BusinessDays(v.Days)
		if v.Op == "deadline_end_of_day" {
			within = standards.EndOfBusinessDay(v.Days)
		} else if v.Days == 0 {
			continue // no time at all
		}
		policy := fmt.Sprintf(`{"calendars": {"hours": %s}, "targets": [{"measure": "first_response", "within": %q, "calendar": "hours"}]}`,
			vectors.Calendars[v.Calendar], within)
		var p standards.Policy
		if err := json.Unmarshal([]byte(policy), &p); err != nil {
			t.Fatal(v.ID, err)
		}
		c := conversation(t, metrics.MessageReceived{Conversation: "1", At: v.Start})
		if f, ok := p.FirstResponse(c.Read(metrics.Rules{}, v.Start)); !ok || !f.Due.Equal(v.Expected) || f.Used != 0 || f.Left <= 0 {
			t.Errorf("%s (%s): %v, want %v", v.ID, v.Source, f, v.Expected)
		}
		judged++
	}
	if judged < 40 {
		t.Errorf("%d of %d vectors are judged", judged, len(vectors.Rows))
	}
}
