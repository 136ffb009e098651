package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// site returns the page that the flags make, after it has been checked.
func site(t *testing.T, args ...string) string {
	t.Helper()
	got, errs, status := report(append(args, "-format", "html")...)
	if status == exitFailed || errs != "" {
		t.Fatalf("%v: status %d, %s", args, status, errs)
	}
	pagetest.Check(t, got)
	for _, f := range pagetest.Overlaps(got) {
		t.Errorf("%v: %v", args, f)
	}
	return got
}

func TestPage(t *testing.T) {
	golden.Check(t, "bundled.html", pagetest.Unstyled(site(t, "-goal", "nps=40,csat=80", "-period", "month")))
	golden.Check(t, "shop.html", pagetest.Unstyled(site(t, "-answers", "testdata/shop.csv", "-period", "month", "-goal", "nps=40,enps=10", "-changed", "2024-07-01", "-staff", "45")))
	golden.Check(t, "own.html", pagetest.Unstyled(site(t, "-answers", "testdata/own.csv")))
}

// Every form of file gives a page.
func TestPageOfForms(t *testing.T) {
	for _, args := range [][]string{
		{"surveymonkey.csv", "-columns", "nps=10,comment=11,csat=12", "-guess"},
		{"googleforms.csv", "-guess", "-changed", "2026-03-03"},
		{"qualtrics.csv", "-columns", "nps=19,csat=Q2,comment=Q3", "-guess", "-invited", "40"},
		{"field_service.csv", "-changed", "2022-10-10", "-period", "day"},
		{"whiteboard.csv", "-columns", "comment=text"},
		{"garden_centres.csv", "-columns", "comment=explication,group=t"},
		{"invited.csv"},
	} {
		site(t, append([]string{"-answers", "testdata/" + args[0]}, args[1:]...)...)
	}
}

// says fails the test unless a page says all of that.
func says(t *testing.T, page string, want ...string) {
	t.Helper()
	text := pagetest.Text(page)
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the page does not say %q:\n%s", w, text)
		}
	}
}

func saysNot(t *testing.T, page string, not ...string) {
	t.Helper()
	for _, w := range not {
		if strings.Contains(page, w) {
			t.Errorf("the page says %q", w)
		}
	}
}

// The figures of the page are those of the text, rounded further.
func TestPageSaysWhatTheTextSays(t *testing.T) {
	args := []string{"-answers", "testdata/shop.csv", "-period", "month", "-goal", "nps=40,enps=10", "-changed", "2024-07-01", "-staff", "45"}
	text, _, _ := report(args...)
	page := pagetest.Text(site(t, args...))
	figures := regexp.MustCompile(`(?m)^ +([a-z]+|all answers|before|after|2024-[0-9]+)(?: answers)? (−?[0-9.]+), probably (−?[0-9.]+) to (−?[0-9.]+), n = ([0-9]+)`).FindAllStringSubmatch(text, -1)
	if len(figures) < 15 {
		t.Fatalf("%d figures in\n%s", len(figures), text)
	}
	contains := func(format string, numbers ...string) bool {
		var round func(said []any) bool
		round = func(said []any) bool {
			if len(said) == len(numbers) {
				return strings.Contains(page, fmt.Sprintf(format, said...))
			}
			for _, way := range rounded(t, numbers[len(said)]) {
				if round(append(said, way)) {
					return true
				}
			}
			return false
		}
		return round(nil)
	}
	for _, f := range figures {
		if !contains("%s n "+f[5], f[2]) {
			t.Errorf("%s: the page does not say so", f[0])
		}
		if f[1] != "before" && f[1] != "after" && !contains("%s to %s", f[3], f[4]) {
			t.Errorf("%s: the page does not say in which range", f[0])
		}
	}
	for _, verdict := range []string{"returns: up 97.5 points", "phone: 68.7"} {
		if !strings.Contains(text, verdict) {
			t.Errorf("the text does not say %q", verdict)
		}
	}
	says(t, site(t, args...), "NPS 7 → 53", "NPS of returns −40, others 43", "Goal missed: NPS 23 of 212 answers, goal 40.", "+46 points +24 to +64 points ✓ better")
}

// rounded returns a number without its last place. A 5 may have been rounded before.
func rounded(t *testing.T, number string) []string {
	t.Helper()
	sign := ""
	if rest, ok := strings.CutPrefix(number, "−"); ok {
		sign, number = "−", rest
	}
	var whole, tenth int
	if _, err := fmt.Sscanf(number, "%d.%d", &whole, &tenth); err != nil {
		t.Fatalf("%q: %v", number, err)
	}
	said := func(n int) string {
		if n == 0 {
			return "0"
		}
		return fmt.Sprint(sign, n)
	}
	switch {
	case tenth < 5:
		return []string{said(whole)}
	case tenth > 5:
		return []string{said(whole + 1)}
	}
	return []string{said(whole), said(whole + 1)}
}

// Questions without an answer that counts, three answers, and one.
func TestPageOfLittle(t *testing.T) {
	page := site(t, "-answers", file(t, "nps,at\n,2026-03-01\n,2026-03-02\n"), "-period", "month", "-changed", "2026-03-02")
	says(t, page, "No answers. None of what was given counts", "– no data", "2 not answered")
	saysNot(t, page, "<svg role", "What changed since", "Whom to call back")

	page = site(t, "-answers", file(t, "csat,at,group,comment\n5,2026-03-01,a,\n5,2026-03-02,b,\n1,2026-04-01,a,slow\n"), "-period", "month", "-changed", "2026-04-01", "-goal", "csat=80")
	says(t, page, "Too few answers to tell what changed since 1 April 2026.", "67 % n 3, few", "Goal missed: CSAT (top 2 of 1–5) 67 % of 3 answers, goal 80 % (may be chance)", "… too few to tell", "too few months for a trend",
		"1 person who was not satisfied wrote why", "slow")
	saysNot(t, page, "✓")

	page = site(t, "-answers", file(t, "nps\n10\n"))
	says(t, page, "Nothing stands out.", "100 n 1, few", "… few answers")
	page = site(t, "-answers", file(t, "ces_2\n6\n"))
	says(t, page, "6.00 n 1, few –")

	says(t, site(t, "-answers", file(t, "nps,at\n9,1024-01-01\n8,2024-01-01\n"), "-period", "day"), "there are more than 1,000 days", "1 January 1024 to 1 January 2024")
	says(t, site(t, "-answers", file(t, "nps,at\n9,\n,2024-01-01\n"), "-period", "day"), "NPS: no answers with a time.")
}

// Of two groups, one is worse than the other, and so the other one better.
func TestPageOfTwoGroups(t *testing.T) {
	text := "csat,group,at\n" + strings.Repeat("5,a,2024-01-01\n1,a,2024-02-01\n1,b,2024-01-01\n1,b,2024-02-01\n2,,2024-02-01\n", 30)
	page := site(t, "-answers", file(t, text), "-changed", "2024-02-01")
	says(t, page, "Worse since 1 February 2024: CSAT (top 2 of 1–5) 50 % → 0 %.", "Worse than the others: CSAT (top 2 of 1–5) of b 0 %, others 50 %.", "Better than the others: CSAT (top 2 of 1–5) of a 50 %, others 0 %.",
		"38 to 62 % 0 % ✓ better", "0 to 6 % 50 % ✗ worse", "a 100 % n 30 0 % n 30 −100 points −100 to −84 points ✗ worse")
	// A change of a group alone, while all together did not change clearly.
	text = "csat,group,at\n" + strings.Repeat("5,a,2024-01-01\n1,a,2024-02-01\n1,b,2024-01-01\n5,b,2024-02-01\n", 30)
	says(t, site(t, "-answers", file(t, text), "-changed", "2024-02-01"),
		"Worse since 1 February 2024: CSAT (top 2 of 1–5) of a 100 % → 0 %.", "Better since 1 February 2024: CSAT (top 2 of 1–5) of b 0 % → 100 %.")
	for _, c := range []stat.Conclusion{stat.Better, stat.Higher} {
		if opposite(opposite(c)) != c || opposite(c) == c {
			t.Errorf("the opposite of %v is %v", c, opposite(c))
		}
	}
	if c := stat.TooFew; opposite(c) != c {
		t.Errorf("the opposite of %v is %v", c, opposite(c))
	}
}

// Of many comments the first are seen, some are folded, and the rest is counted; a line
// with several bad answers is one person.
func TestPageOfComments(t *testing.T) {
	var b strings.Builder
	b.WriteString("nps,csat,comment\n")
	for i := range mostNamed + 3 {
		fmt.Fprintf(&b, "0,1,comment %d\n", i)
	}
	b.WriteString("0,5,only one bad\nten,,\n")
	for range listed {
		b.WriteString("11,4,\n")
	}
	page := site(t, "-answers", file(t, b.String()))
	says(t, page, "104 people who were not satisfied wrote why", "196 more", "And 7 more, which are not listed.", "11 things could not be read", "… and 1 more")
	seen, _, _ := strings.Cut(page, "<details")
	if n := strings.Count(seen, `<td class="left wrap">`); n != 4 {
		t.Errorf("%d comments are seen, want 2 of each question", n)
	}
	if n := strings.Count(page, `<td class="left wrap">`); n != 2*mostNamed {
		t.Errorf("%d comments are named", n)
	}
}

// A question of one's own is on its own scale, and of many periods the last are drawn.
func TestPageOfOwnQuestion(t *testing.T) {
	form := file(t, `{"questions": {"mood": {"name": "Mood", "scale": {"min": 0, "max": 20, "step": 10}, "statistic": "normalised_mean", "places": 1}}}`)
	var b strings.Builder
	b.WriteString("mood,at\n")
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range longest + 2 {
		fmt.Fprintf(&b, "%d,%s\n", 10*(i%3), day.AddDate(0, 0, i).Format(time.DateOnly))
	}
	page := site(t, "-answers", file(t, b.String()), "-form", form, "-period", "day", "-goal", "mood=50")
	says(t, page, "Mood 49.5 of 106 answers, goal 50 (may be chance)", "where the mean lies, 0 the worst and 100 the best", "33 % 35", "34 % 36")
	if n := strings.Count(page, `<circle class="dot`); n != longest {
		t.Errorf("%d days are drawn, want %d", n, longest)
	}
	if strings.Contains(page, `class="iv`) || strings.Contains(page, "Upright bars") {
		t.Error("so many intervals are drawn")
	}
	if !strings.Contains(page, `text-anchor="end">80</text>`) {
		t.Error("the axis does not go from 0 to 100")
	}
}

// A name cannot become markup, steer anything, or make the page large.
func TestPageOfHostileNames(t *testing.T) {
	long := strings.Repeat("long name ", 3000)
	names := []string{"<script>alert(1)</script>", "\x1b[31mred\x07", `"><img src=x onerror=alert(1)>`, "\u202eevil", long, "a&b;c"}
	var b strings.Builder
	b.WriteString("nps,group,comment,source,at,ticket,email,invited\n")
	quoted := func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
	for i, name := range names {
		for k := range 9 {
			q, numbered := quoted(name), quoted(fmt.Sprint(k, name))
			fmt.Fprintf(&b, "%d,%s,%s,%s,2026-0%d-01,%s,%s,yes\n", (i+k)%11, q, q, q, 1+k%4, numbered, numbered)
		}
	}
	page := site(t, "-answers", file(t, b.String()), "-period", "month", "-changed", "2026-03-01", "-goal", "nps=4", "-form",
		file(t, `{"questions": {"nps": {"name": "<b>N</b>\u001b[31m", "scale": {"min": 0, "max": 10}, "statistic": "mean", "source": "<i>"}}}`))
	saysNot(t, page, "<script", "<img", "<b>N", "<i>", "\x1b", "\x07", "\u202e", "ZgotmplZ")
	says(t, page, "<script>alert(1)</script>", "?[31mred?", "a&b;c")
	if len(page) > 500_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
	if pagetest.Contrast(t, pagetest.CSS(page), pagetest.Pair{Text: "--soft", Ground: "--card", Min: 4.5}); len(pagetest.CSS(page)) > 13_500 {
		t.Errorf("the styles have %d bytes", len(pagetest.CSS(page)))
	}
}

// Nobody among the employees can be recognised.
func TestPageOfStaff(t *testing.T) {
	staff := "question,answer,team,source,comment\n" + strings.Repeat("enps,9,big,email,\n", 9) + strings.Repeat("enps,0,small,app,it was the boss\n", 4) + strings.Repeat("enps,8,middle,app,\n", 6)
	page := site(t, "-answers", file(t, staff), "-staff", "45", "-goal", "enps=10")
	says(t, page, "small – – not shown", "middle – – not shown", "100 n 9, few", "26 n 19, few of 45")
	saysNot(t, page, "boss", "How many gave each answer", ">app<")
	page = site(t, "-answers", file(t, "enps\n9\n8\n7\n1\n"), "-goal", "enps=0", "-invited", "6")
	says(t, page, "all – – not shown", "fewer than 5")
	saysNot(t, page, "goal reached", "goal missed", "n 4", "% n")
}

func TestPageOfServqual(t *testing.T) {
	lines := strings.SplitAfter(string(bundledServqual), "\n")
	page := site(t, "-servqual", file(t, strings.Join(lines[:3], "")))
	says(t, page, "What customers expect, and what they get", "… too few to tell", "n 2, few")
	page = site(t, "-servqual", file(t, string(bundledServqual)))
	says(t, page, "Below what customers expect: responsiveness (−0.97 points); reliability (−0.81 points); empathy (−0.63 points).")
	saysNot(t, page, "Results")
}

// A value is shown on its side of a goal.
func TestValueText(t *testing.T) {
	for _, c := range []struct {
		definition survey.Definition
		counts     []int64
		goal       stat.Ratio
		want       string
	}{
		{survey.TopBox(survey.OneTo(5), 2), []int64{204, 0, 0, 0, 796}, stat.Ratio{Part: 80, Whole: 100}, "79.6 % of 80 %"},
		{survey.TopBox(survey.OneTo(5), 2), []int64{196, 0, 0, 0, 804}, stat.Ratio{Part: 80, Whole: 100}, "80 % of 80 %"},
		{survey.TopBox(survey.OneTo(5), 2), []int64{1, 0, 0, 0, 2}, stat.Ratio{Part: 667, Whole: 1000}, "66.67 % of 66.7 %"},
		{survey.NetPromoter(), []int64{602, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1398}, stat.Ratio{Part: 40, Whole: 100}, "39.8 of 40"},
		{survey.NetPromoter(), []int64{602, 0, 0, 0, 0, 0, 0, 0, 0, 0, 398}, stat.Ratio{Part: -20, Whole: 100}, "−20.4 of −20"},
		{survey.CES2(), []int64{0, 0, 0, 0, 1, 999, 0}, stat.Ratio{Part: 6, Whole: 1}, "5.999 of 6"},
		{survey.CES1(), []int64{0, 999, 1, 0, 0}, stat.Ratio{Part: 2, Whole: 1}, "2.001 of 2"}, // lower is better
		{survey.CES1(), []int64{1, 999, 0, 0, 0}, stat.Ratio{Part: 2, Whole: 1}, "2.00 of 2"},
	} {
		answers, err := survey.AnswersOf(c.definition.Scale, c.counts)
		if err != nil {
			t.Fatal(err)
		}
		x, err := survey.Measure(c.definition, answers)
		if err != nil {
			t.Fatal(err)
		}
		goals, err := survey.CompareGoal(c.goal, x)
		if err != nil {
			t.Fatal(err)
		}
		if got := valueText(x, goals...) + " of " + goalText(goals[0]); got != c.want {
			t.Errorf("%v: %s, want %s", c.counts, got, c.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		conclusion stat.Conclusion
		answers    int64
		want       draw.Chip
	}{
		{stat.NotDistinguishable, few, draw.Chip{Mark: draw.Same, Word: "alike"}},
		{stat.NotDistinguishable, few - 1, draw.Chip{Mark: draw.Few, Word: "too few to tell"}},
		{stat.Better, 3, draw.Chip{Mark: draw.Good, Word: "better"}},
		{stat.Worse, 300, draw.Chip{Mark: draw.Bad, Word: "worse"}},
		{stat.NoData, 0, draw.Chip{Mark: draw.None, Word: "no data"}},
	} {
		if got := verdict(c.conclusion, c.answers, "alike"); got != c.want {
			t.Errorf("%v of %d: %v, want %v", c.conclusion, c.answers, got, c.want)
		}
	}
}
