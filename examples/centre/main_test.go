package main

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/metrics"
)

func output(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = run(args, &out, &errs)
	return out.String(), errs.String(), status
}

func TestGolden(t *testing.T) {
	got, errs, status := output()
	if status != exitDone || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	golden.Check(t, "desk.txt", got)
}

func someDesk(t *testing.T, stories int, seed uint64) desk {
	t.Helper()
	d, err := newDesk(stories, seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestManyDesks(t *testing.T) {
	desks, stories := 10, 600
	if os.Getenv("TEST_THOROUGH") != "" {
		desks = 40
	}
	seen := make(map[string]int)
	for seed := range uint64(desks) {
		d := someDesk(t, stories, seed)
		made := d.make()
		truth := d.truth(made)
		measured, err := d.measure(d.record(made))
		if err != nil {
			t.Fatal(err)
		}
		if len(truth) != len(measured) {
			t.Fatalf("%d true figures, %d measured", len(truth), len(measured))
		}
		for i, f := range truth {
			if !f.agrees(measured[i]) {
				t.Errorf("seed %d, %s: true %v, measured %v", seed, f.question, f, measured[i])
			}
			if f.n > 0 || f.mean > 0 {
				seen["figure: "+f.question]++
			}
		}
		d.scenes(made, seen)
	}
	for _, f := range someDesk(t, 1, 1).truth(nil) {
		atLeast := desks / 2
		switch f.question {
		case "assistant: pending, but back already", "urgent: answered on the same day, may still be", "urgent: answered on the same day, closed before":
			atLeast = 1
		}
		if n := seen["figure: "+f.question]; n < atLeast {
			t.Errorf("%s: above 0 in %d of %d desks, want %d", f.question, n, desks, atLeast)
		}
	}
	// How often what the desk is for happens in each, on average.
	for what, atLeast := range map[string]float64{
		"gave up after 5s":                 2,
		"gave up after 20s":                1,
		"gave up after 1m35s":              8,
		"answered after 20s":               2,
		"closed without a word":            15,
		"passed to another team":           60,
		"passed on in the team":            10,
		"came back after 3 days":           4,
		"came back after 7 days":           1,
		"opened again":                     20,
		"opened again too late":            5,
		"a new case after a month":         5,
		"a new case that is urgent":        0.5,
		"a new case with the same agent":   2,
		"resolved alone":                   30,
		"resolved alone, then by a person": 1,
		"handed off":                       20,
		"timed out":                        4,
		"urgent from noon on":              15,
		"the request was replaced":         20,
		"a pause that the customer ended":  15,
		"a pause that the agent ended":     15,
		"two at a time":                    3,
		"due on another day than asked":    60,
		"over a holiday or a weekend":      40,
		"waits still":                      15,
		"nobody knows who":                 30,
		"passed on in hours of service":    60,
	} {
		if float64(seen[what]) < atLeast*float64(desks) {
			t.Errorf("%s: %d times in %d desks, want %v in each", what, seen[what], desks, atLeast)
		}
	}
}

// scenes counts what was decided.
func (d desk) scenes(stories [][]contact, seen map[string]int) {
	note := func(what string, happened bool) {
		if happened {
			seen[what]++
		}
	}
	busy := make(map[string][]work)
	for _, story := range stories {
		for i, c := range story {
			waited := c.closed.Sub(c.wrote)
			for _, after := range []time.Duration{shortAbandon, answerWithin, 95 * time.Second} {
				note("gave up after "+after.String(), c.channel == phone && c.ending == gaveUp && waited == after)
			}
			note("answered after 20s", c.channel == phone && len(c.answers) > 0 && c.answers[0].at.Sub(c.wrote) == answerWithin)
			note("closed without a word", c.ending == unanswered)
			for j := 1; j < len(c.turns); j++ {
				other := c.turns[j].team != c.turns[j-1].team
				note("passed to another team", other)
				note("passed on in the team", !other && c.turns[j-1].agent != "")
				note("passed on in hours of service", other && d.open(teamHours[c.turns[j-1].team], c.turns[j-1].from, c.turns[j].from) > 0)
			}
			if i > 0 && story[0].ending.resolved() {
				back := c.wrote.Sub(story[0].closed)
				note("came back after 3 days", back == 72*time.Hour)
				note("came back after 7 days", back == firstContact)
				note("opened again", c.link == reopens)
				note("opened again too late", c.link == reopensLate)
				note("a new case after a month", c.link == newCase)
				note("a new case that is urgent", c.link == newCase && c.urgent)
				note("a new case with the same agent", c.link == newCase && len(c.turns) == 1 && c.carried)
				note("resolved alone, then by a person", c.link.sameCase() && !story[0].bot.IsZero() && story[0].handOff.IsZero() && c.bot.IsZero())
			}
			note("resolved alone", !c.bot.IsZero() && c.handOff.IsZero() && c.ending.resolved() && c.ending != timedOut)
			note("handed off", !c.handOff.IsZero())
			note("timed out", c.ending == timedOut)
			note("urgent from noon on", !c.urgentFrom.IsZero())
			for _, r := range c.requests {
				note("the request was replaced", r.fate == replaced)
			}
			for _, p := range c.pauses {
				note("a pause that the customer ended", p.written)
				note("a pause that the agent ended", !p.written)
			}
			for _, w := range c.work {
				note("two at a time", slices.ContainsFunc(busy[w.agent], func(o work) bool { return o.from.Before(w.to) && w.from.Before(o.to) }))
				busy[w.agent] = append(busy[w.agent], w)
			}
			if c.channel == email {
				due := d.twoDays(c.wrote)
				note("due on another day than asked", due.YearDay() != c.wrote.YearDay())
				note("over a holiday or a weekend", due.Sub(c.wrote) > 72*time.Hour)
			}
			note("waits still", c.ending == open)
			note("nobody knows who", c.customer == "")
		}
	}
}

// Without any one kind of event, the figures are not the true ones.
func TestDifference(t *testing.T) {
	d := someDesk(t, 400, 7)
	made := d.make()
	truth, events := d.truth(made), d.record(made)
	for kind := metrics.KindOpened; kind <= metrics.KindAbandoned; kind++ {
		if kind == metrics.KindReopened {
			continue // a message does it
		}
		some := slices.DeleteFunc(slices.Clone(events), func(e metrics.Event) bool { return metrics.RecordOf(e).Type == kind })
		if len(some) == len(events) {
			t.Errorf("there is no %v", kind)
		}
		measured, err := d.measure(some)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		same, err := d.write(&out, len(some), truth, measured)
		if err != nil || same || !strings.Contains(out.String(), "DIFFERENT") {
			t.Errorf("without %v: %v\n%s", kind, err, out.String())
		}
	}
	if _, err := d.write(new(bytes.Buffer), 0, truth, nil); err == nil {
		t.Error("nothing was measured, and that is no error")
	}
}

// What is printed is what was measured.
func TestPrint(t *testing.T) {
	stdout, errs, status := output("-print", "-customers", "300", "-seed", "3")
	if status != exitDone || errs != "" {
		t.Fatalf("status %d, %s", status, errs)
	}
	var events []metrics.Event
	for e, err := range metrics.DecodeJSONLines(strings.NewReader(stdout)) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	d := someDesk(t, 300, 3)
	made := d.make()
	if n := len(d.record(made)); len(events) != n {
		t.Errorf("%d events, want %d", len(events), n)
	}
	want, err := d.measure(d.record(made))
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.measure(events)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestAgrees(t *testing.T) {
	few, many := figure{kind: medians, n: exactMedians, mean: 5, median: 1280}, figure{kind: medians, n: exactMedians + 1, mean: 5, median: 1280}
	for _, tt := range []struct {
		f      figure
		change func(*figure)
		want   bool
	}{
		{few, func(*figure) {}, true},
		{few, func(f *figure) { f.median++ }, false},
		{many, func(f *figure) { f.median += 10 }, true},
		{many, func(f *figure) { f.median -= 10 }, true},
		{many, func(f *figure) { f.median += 11 }, false},
		{many, func(f *figure) { f.mean++ }, false},
		{many, func(f *figure) { f.n++ }, false},
		{many, func(f *figure) { f.part++ }, false},
		{many, func(f *figure) { f.question = "another" }, false},
	} {
		measured := tt.f
		tt.change(&measured)
		if got := tt.f.agrees(measured); got != tt.want {
			t.Errorf("%v and %v: %v", tt.f, measured, got)
		}
	}
}

// By hand, on the calendar of 2026: 3 and 6 April are Good Friday and Easter Monday, and
// clocks change on 29 March.
func TestPlainHours(t *testing.T) {
	d := someDesk(t, 1, 1)
	at := func(s string) time.Time {
		t.Helper()
		v, err := time.ParseInLocation("01-02 15:04", s, d.zone)
		if err != nil {
			t.Fatal(err)
		}
		return v.AddDate(2026, 0, 0)
	}
	for _, tt := range []struct{ asked, twoDays, endOfDay string }{
		{"03-02 10:30", "03-04 10:30", "03-02 17:00"},
		{"03-02 08:00", "03-03 17:00", "03-02 17:00"},
		{"03-06 18:00", "03-10 17:00", "03-09 17:00"},
		{"03-07 12:00", "03-10 17:00", "03-09 17:00"},
		{"03-27 16:00", "03-31 16:00", "03-27 17:00"},
		{"04-02 10:00", "04-08 10:00", "04-02 17:00"},
		{"04-02 18:00", "04-08 17:00", "04-07 17:00"},
	} {
		if got := d.twoDays(at(tt.asked)); !got.Equal(at(tt.twoDays)) {
			t.Errorf("%s: two days are %v", tt.asked, got)
		}
		if got := d.endOfDay(at(tt.asked)); !got.Equal(at(tt.endOfDay)) {
			t.Errorf("%s: the day ends %v", tt.asked, got)
		}
	}
	for _, tt := range []struct {
		team, from, to string
		want           time.Duration
	}{
		{front, "03-02 06:00", "03-02 22:00", 12 * time.Hour},
		{second, "03-06 16:00", "03-09 10:00", 2 * time.Hour},
		{second, "03-27 16:59", "03-30 09:01", 2 * time.Minute},
		{billing, "03-05 15:30", "03-09 10:15", 45 * time.Minute},
		{front, "04-02 19:00", "04-07 09:00", 2 * time.Hour},
		{front, "03-02 09:00", "03-02 09:00", 0},
	} {
		if got := d.open(teamHours[tt.team], at(tt.from), at(tt.to)); got != tt.want {
			t.Errorf("%s from %s to %s: %v, want %v", tt.team, tt.from, tt.to, got, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"x"}, `unexpected argument "x"`},
		{[]string{"-customers", "0"}, "-customers 0"},
		{[]string{"-customers", "1000001"}, "-customers 1000001"},
		{[]string{"-seed", "-1"}, "-seed"},
	} {
		stdout, errs, status := output(tt.args...)
		if status != exitFailed || stdout != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: status %d, %q, want %q", tt.args, status, errs, tt.want)
		}
	}
	if _, errs, status := output("-help"); status != exitDone || !strings.Contains(errs, "-customers") {
		t.Errorf("-help: status %d, %s", status, errs)
	}
}
