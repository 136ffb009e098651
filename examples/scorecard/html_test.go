package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// site returns the page that the flags make, after it has been checked.
func site(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	got, errs, status := output(stdin, append(args, "-format", "html")...)
	if status != exitDone || errs != "" {
		t.Fatalf("%v: status %d, %s", args, status, errs)
	}
	pagetest.Check(t, got)
	return got
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

func TestPage(t *testing.T) {
	page := site(t, "")
	golden.Check(t, "sample.html", pagetest.Unstyled(page))
	says(t, page,
		"Reviews of conversations: level Basic", "1 conversation failed at once: R-308 of dora, by Privacy.",
		"Not yet Expected: 59 % of reviews passed, and at least 60 % is needed.",
		"agreement on scores is very good, by 18 conversations. These are few.",
	)
	page = site(t, small, "-reviews", "-")
	golden.Check(t, "small.html", pagetest.Unstyled(page))
	says(t, page, "No conversation was reviewed by two people", "… few reviews")
	saysNot(t, page, "Level of service", "✓ passes", "✗", "What failed at once", "Lowest criterion")
}

// The figures of the page are those of the text, rounded further.
func TestPageSaysWhatTheTextSays(t *testing.T) {
	said, _, _ := output("")
	page := pagetest.Text(site(t, ""))
	agents := regexp.MustCompile(`(?m)^  (\(all\)|[a-z]+) +([0-9]+) +([0-9.]+) +([0-9.]+) to ([0-9.]+) +([0-9]+ %) +([0-9]+) to ([0-9]+) % +([0-9]+)$`).FindAllStringSubmatch(said, -1)
	criteria := regexp.MustCompile(`(?m)^  ([A-Z][A-Za-z-]+) +([0-9]+) +([0-9.]+) +([0-9.]+) to ([0-9.]+)$`).FindAllStringSubmatch(said, -1)
	if len(agents) != 5 || len(criteria) != 6 {
		t.Fatalf("%d agents and %d criteria in\n%s", len(agents), len(criteria), said)
	}
	for _, a := range agents {
		row := fmt.Sprintf(`%s n %s(, few)? %s to %s .*%s [0-9]+ of %s %s to %s %% %s`, whole(a[3]), a[2], whole(a[4]), whole(a[5]), a[6], a[2], a[7], a[8], a[9])
		if !regexp.MustCompile(row).MatchString(page) {
			t.Errorf("the page has no row for %q: %s\n%s", a[0], row, page)
		}
	}
	for _, c := range criteria {
		row := fmt.Sprintf(`%s\n?.*%s n %s %s to %s`, c[1], whole(c[3]), c[2], whole(c[4]), whole(c[5]))
		if !regexp.MustCompile(row).MatchString(page) {
			t.Errorf("the page has no row for %q: %s\n%s", c[0], row, page)
		}
	}
	// What the levels need.
	rungs := regexp.MustCompile(`(?m)^  (yes|no ) +([A-Z][a-z]+) +([0-9]+(?: %)?) (.*); needs (.*)$`).FindAllStringSubmatch(said, -1)
	if len(rungs) != 10 {
		t.Fatalf("%d rungs in\n%s", len(rungs), said)
	}
	for _, r := range rungs {
		what := strings.TrimPrefix(r[4], "of ")
		bound := strings.TrimSuffix(r[5], " minutes")
		verdict := map[string]string{"yes": "✓ holds", "no ": "✗ not yet"}[r[1]]
		row := regexp.QuoteMeta(capital(what)) + `\n?.* ?` + regexp.QuoteMeta(r[3]+bound+" "+bound+" "+verdict)
		if !regexp.MustCompile(row).MatchString(page) {
			t.Errorf("the page has no row for %q: %s\n%s", r[0], row, page)
		}
	}
}

// whole returns a pattern of a number that is rounded. A 5 may have been rounded before.
func whole(number string) string {
	var ones, tenth int
	if _, err := fmt.Sscanf(number, "%d.%d", &ones, &tenth); err != nil {
		return regexp.QuoteMeta(number)
	}
	switch {
	case tenth < 5:
		return fmt.Sprint(ones)
	case tenth > 5:
		return fmt.Sprint(ones + 1)
	}
	return fmt.Sprintf("(?:%d|%d)", ones, ones+1)
}

// A name cannot become markup, steer anything, or make the page large.
func TestPageOfHostileNames(t *testing.T) {
	long := strings.Repeat("long name ", 6000)
	names := []string{"<script>alert(1)</script>", "\x1b[31mred\a", `"><img src=x onerror=alert(1)>`, "\u202eevil", long, "a&b;c"}
	type object = map[string]any
	var criteria, reviews, ladder []object
	marks := make(object)
	for _, name := range names {
		criteria = append(criteria, object{"id": name, "name": name, "guidance": name, "section": name, "weight": "1", "min": 0, "max": 1, "auto_fail": true})
		marks[name] = 0
	}
	for i, name := range names {
		for _, reviewer := range names[:2] {
			reviews = append(reviews, object{"conversation": name, "agent": name, "reviewer": reviewer, "marks": marks})
		}
		ladder = append(ladder, object{"level": "basic", "fact": name, "unit": []string{name, "% " + name}[i%2], "at_least": object{"part": 1, "whole": 3}})
	}
	data, err := json.Marshal(object{
		"scorecard": object{"pass_mark": "50", "criteria": criteria}, "ladder": ladder, "reviews": reviews,
		"facts": object{names[0]: object{"part": 1, "whole": 4}, names[1]: object{"part": 1, "whole": 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	page := site(t, string(data), "-reviews", "-")
	saysNot(t, page, "<script", "<img", "\x1b", "\a", "\u202e", "ZgotmplZ")
	says(t, page, "<script>alert(1)</script>", "?[31mred?", "a&b;c", "6 conversations failed at once", "below Basic", "33.333333333 %at least 33.333333333 % at least 33.333333333 % ✓ holds")
	if len(page) > 60_000 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

// Reviewers who do not agree are told first to look at conversations together.
func TestPageOfDisagreement(t *testing.T) {
	var reviews []string
	for i := range 24 {
		reviews = append(reviews, fmt.Sprintf(`{"conversation": "%d", "agent": "ana", "reviewer": "x", "marks": {"a": %d}}, {"conversation": "%[1]d", "agent": "ana", "reviewer": "y", "marks": {"a": %[3]d}}`, i, i%5, i*2%5))
	}
	page := site(t, `{"scorecard": {"pass_mark": "50", "criteria": [{"id": "a", "weight": "1", "min": 0, "max": 4}]}, "reviews": [`+strings.Join(reviews, ",")+`]}`, "-reviews", "-")
	says(t, page, "✗Reviewers x and y: agreement on scores is moderate, probably poor to good, by 24 conversations. Look at conversations together before you compare agents.", "24 conversations, 48 reviews by 1 criterion.", "≈ near the pass mark")
	saysNot(t, page, "&nbsp;few reviews", "These are few", "Level of service")
}

func TestAgreementSpan(t *testing.T) {
	for want, a := range map[string]rating.Agreement{
		"very good": {Low: 0.81, High: 0.97}, "moderate to very good": {Low: 0.52, High: 0.94},
	} {
		if got := agreementSpan(a); got != want {
			t.Errorf("%v is %q, want %q", a, got, want)
		}
	}
}

func TestMeasured(t *testing.T) {
	share := func(part, whole int64) stat.Ratio { return stat.Ratio{Part: part, Whole: whole} }
	for _, c := range []struct {
		m    rating.MeasuredRung
		want string
	}{
		{rating.MeasuredRung{Rung: rating.Rung{Fact: "passed", Unit: "% of reviews passed", AtLeast: share(3, 5)}, Measured: share(596, 1000)}, "59.6 % of reviews passed, and at least 60 % is needed"},
		{rating.MeasuredRung{Rung: rating.Rung{Fact: "csat", AtLeast: share(9, 10)}, Measured: share(85, 100)}, "csat 0.85, and at least 0.9 is needed"},
		{rating.MeasuredRung{Rung: rating.Rung{Fact: "wait", Unit: "minutes", AtMost: share(60, 1), AtLeast: share(1, 2)}, Measured: share(60001, 1000)}, "60.001 minutes, and at least 0.5, at most 60 is needed"},
		{rating.MeasuredRung{Rung: rating.Rung{Fact: "thanks", Unit: "% of customers", AtLeast: share(1, 4)}}, "of customers: not measured, and at least 25 % is needed"},
		{rating.MeasuredRung{Rung: rating.Rung{Fact: "net", Unit: "%", AtLeast: share(-1, 4)}, Measured: share(-1, 3)}, "−33 % net, and at least −25 % is needed"},
	} {
		if got := needed(c.m); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Who is judged: not by few, and only if the whole range is on one side of the pass mark.
func TestAgainst(t *testing.T) {
	in, err := read("", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := evaluate(in, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	p := page{r}
	tally := func(n int, marks ...int) (found rating.ReviewTally) {
		for i := range n {
			m := marks[i%len(marks)]
			score, err := in.Scorecard.Score(rating.Review{Marks: map[string]int{"responsiveness": m, "knowledge": m, "empathy": m, "communication": m, "follow_up": m, "privacy": 1}})
			if err != nil {
				t.Fatal(err)
			}
			found.Add(score)
		}
		return found
	}
	for _, c := range []struct {
		tally rating.ReviewTally
		want  string
	}{
		{tally(20, 4, 5), "passes"}, {tally(19, 4, 5), "few reviews"}, {tally(20, 2, 3), "below the pass mark"}, {tally(20, 3, 5), "near the pass mark"},
		{tally(20, 5), "few reviews"}, {rating.ReviewTally{}, "no data"}, // all alike tell no range
	} {
		if got := p.against(c.tally).Word; got != c.want {
			t.Errorf("%v: %q, want %q", c.tally, got, c.want)
		}
	}
}
