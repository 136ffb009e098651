package draw

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
)

func written(t *testing.T, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// weeks are stretches of seven days from a Monday on.
func weeks(n int) []Stretch {
	all := make([]Stretch, n)
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for i := range all {
		all[i] = Stretch{From: at, To: at.AddDate(0, 0, 7), Name: "week of " + at.Format("2 January")}
		if i == 0 || at.Day() <= 7 {
			all[i].Label = Date(at)
		}
		at = all[i].To
	}
	return all
}

// everything is a page with each part in each form.
func everything() Page {
	w := weeks(4)
	line := Line{
		ID: "line", Title: "First answer on chat", Sub: "median", Strip: w[2], Last: true, Ticks: TimeTicks(180), Goal: &Level{120, "promise 2 min"},
		Points: []Value{
			{Stretch: w[0], Value: 60, Text: "1 min", Said: "n = 20", Usual: true, Low: 20, High: 100},
			{Stretch: w[1], Missing: true},
			{Stretch: w[2], Value: 180, Text: "3 min", Said: "n = 9", Few: true, Usual: true, Low: 20, High: 100, Stands: "above what is usual"},
			{Stretch: w[3], Value: 90, Text: "1 min 30 s", Partial: true},
		},
		Wholes: []Whole{{Stretch{From: w[0].From, To: w[1].To, Name: "January"}, 60, "1 min", true}, {Stretch{From: w[2].From, To: w[3].To, Name: "February"}, 150, "2 min 30 s", false}},
	}
	share := Line{ID: "share", Title: "Satisfied", Tone: Star, Ticks: ShareTicks()}
	solved := Line{ID: "solved", Title: "Solved", Ticks: ShareTicks(), Points: []Value{{Stretch: w[0], Value: 0.5, Text: "50 %", Interval: true, Lowest: 0.3, Highest: 0.7}}}
	moves := Moves{ID: "moves", Title: "Before and after", Ticks: TimeTicks(180), Rows: []Move{{Name: "trained", Before: Level{180, "3 min"}, After: Level{60, "1 min"}}, {Name: "others", Missing: true}}}
	open := Line{ID: "open", Title: "Open", Tone: Stock, Ticks: CountTicks(8)}
	flow := Columns{ID: "flow", Title: "Came and went", Sub: "a week:", In: "came in", Out: "went out", Strip: w[2]}
	for i, s := range w {
		share.Points = append(share.Points, Value{Stretch: s, Value: 0.5 + 0.1*float64(i), Text: "some", Few: i == 1, Interval: true, Lowest: 0.3, Highest: 1})
		open.Points = append(open.Points, Value{Stretch: s, Value: float64(2 * i), Text: "some", Few: i == 1})
		flow.Points = append(flow.Points, InOut{s, int64(i), int64(3 - i), i == 3})
	}
	heat := HeatMap{Caption: "Arrivals", Unit: "an hour"}
	for h := range 6 {
		heat.Counts[0][8+h], heat.Rates[0][8+h] = int64(h), float64(h)
	}
	heat.Closed[0][9] = true
	bounds := []time.Duration{time.Minute, time.Hour, 24 * time.Hour}
	table := Table{
		Caption: "Everything", By: "Kind", Shown: true,
		Columns: []Column{{Name: "Name"}, {Name: "A", Over: "Both", Left: true}, {Name: "B", Over: "Both", Minor: true}, {Name: "C", Over: "One", Minor: true}, {Name: "D"}},
		Groups: []Group{
			{Name: "one", Rows: []Cells{
				{{Text: "7", Link: "https://desk.example/7", Narrow: "chat"}, {Text: "88 %", Strong: true, Note: "n 83"}, {Bar: &Bar{Share: 0.88, Low: 0.79, High: 0.93, Goal: 0.8, Mark: Good}}, {Chip: Chip{Good, "met"}, After: "may be chance"}, {Stars: 2}},
				{{Text: "8"}, {Text: "12", Link: "/evidence?of=late", Said: "12 late"}, {Bar: &Bar{Share: 0.3, Goal: 0.8, Mark: Bad}}, {Chip: Chip{Alert, "late"}}},
			}},
			{Name: "two", Rows: []Cells{{{Text: "9"}, {Size: &Size{Now: 1, Before: 0.5, Tone: Star}}, {Size: &Size{Now: 0.2, Tone: Stock}}, {Size: &Size{Now: 0.1}}, {Bar: &Bar{Share: 0.5}}}}},
		},
	}
	plain := Table{Caption: "Plain", Columns: []Column{{Name: "Name"}, {Name: "Value"}}, Groups: []Group{{Rows: []Cells{{{Text: "a"}, {Text: "1"}}}}}}
	above := Table{
		Caption: "Above", Above: true, Columns: []Column{{Name: "Name"}, {Name: "Words", Left: true, Wrap: true}, {Name: "Net"}},
		Groups: []Group{{Name: "first", Rows: []Cells{{{Text: "a"}, {Text: "A sentence of 5 min."}, {Bar: &Bar{Share: 0.3, From: 0.5, Mark: Bad}}}}}},
	}
	hidden := plain
	hidden.Hidden, hidden.Caption = true, "Continued"
	facts := []Fact{{Name: "February", Value: "3 h 11 min"}, {Name: "Which", Value: "7", Link: "https://desk.example/7"}, {Name: "first answer, chat", Value: "88 %, goal 80 %", Below: true}}
	several := Card{Title: "First answer", Sub: "median", Facts: facts, Figures: []Figure{{Name: "Chat", Value: "54 s", Small: "n 81", Chip: Chip{Good, "better"}}, {Name: "Phone", Value: "33 s"}}}
	one := Card{Title: "Open", Figures: []Figure{{Value: "28", Small: "+7"}}, Chip: Chip{Flat, "207 in"}, Urgent: true}
	one.More = Link{Text: "Oldest", Address: "/evidence?of=open&on=chat", Said: "The oldest that are open"}
	return Page{
		Above: []Section{{ID: "now", Title: "Now", Parts: []Part{Cards{one, one, one}, Links{{Text: "All 12", Address: "/evidence"}, {Text: "CSV", Address: "/evidence.csv", Said: "All 12 as CSV"}}}}},
		Form: &Form{Action: "/", Fields: []Field{
			{"about", "About", []Option{{"week", "this week", false}, {"month", "this month", true}}},
			{"channel", "Channel", []Option{{"", "all", true}, {"a&b", "A & B", false}}},
		}, Hidden: []Option{{Text: "id", Value: "7"}}},
		Live: &Live{Script: "/live.js", Stream: "/live?about=month", Status: "Updated 14:40", Again: "/?about=month"},
		Desk: "a desk", Title: "Everything", About: []string{"About everything."}, Foot: "Foot.", Clock: "14:40", Refresh: 30 * time.Second,
		Short: []Sentence{{Alert, "11 wait", "since 5 January."}, {Good, "Better", "than before."}, {Same, "No clear change", "elsewhere."}},
		Cards: []Card{several, one, one, one, one},
		Sections: []Section{
			{ID: "tables", Title: "Tables", Nav: "Table", Intro: "With a note.", Note: 1, Parts: []Part{Box{Parts: []Part{table, Fold{Summary: "1 more", Printed: true, Parts: []Part{hidden}}, Key("A key.")}}, Fold{Summary: "The same", Framed: true, Parts: []Part{plain, above}}}},
			{ID: "charts", Title: "Charts", Parts: []Part{Charts{line, share, solved, moves, open, flow, Histogram{ID: "waits", Title: "Waits", Bounds: bounds, Counts: []int64{3, 2, 0, 1}, None: 1}, Hours{ID: "hours", Title: "Today", From: 8, Counts: []int64{1, 2, 0}, Usual: []float64{1, 1, 2}, Now: 9}, Line{ID: "empty", Title: "Empty"}}}},
			{Title: "Parts", Parts: []Part{
				Row{{Title: "Left", Parts: []Part{Prose("A paragraph of 5 min."), Advice{"High.", "Do little."}}}, {Title: "Right", Parts: []Part{Table{Caption: "None", Empty: "Nobody waits."}}}},
				Facts{{Value: "11 %", Note: "39 of 342", What: "were automatic"}}, Box{Parts: []Part{heat}}, Box{Parts: []Part{Notes{{"Median", "Half waited less."}}}}, Box{Title: "Methods", Parts: []Part{Methods{"By counting."}}},
			}},
		},
	}
}

func TestPage(t *testing.T) {
	page := written(t, everything())
	golden.Check(t, "everything.html", pagetest.Unstyled(page))
	pagetest.Check(t, page, pagetest.Served)
	wall := everything()
	wall.Wall = true
	all := []string{page, written(t, wall), written(t, Page{Title: "Six", Cards: make([]Card, 6)}), written(t, Page{Title: "Four", Cards: make([]Card, 4)}), written(t, Page{Title: "Three", Cards: make([]Card, 3)}), written(t, Page{Title: "Two", Cards: make([]Card, 2)}), written(t, Page{Title: "One", Cards: make([]Card, 1)})}
	unstyled, unused := pagetest.Classes(all...)
	if len(unstyled) > 0 || len(unused) > 0 {
		t.Errorf("classes without a style: %q; styles of no class: %q", unstyled, unused)
	}
	// Forms, a bar and links, which only pages of a server have, are a tenth of it.
	if size := len(style); size > 13_500 {
		t.Errorf("the style has %d bytes", size)
	}
	// What is not of a server has no script, and sends nothing.
	alone := everything()
	alone.Form, alone.Live = nil, nil
	pagetest.Check(t, written(t, alone))
	if policy := alone.Policy(); strings.Contains(policy, "script-src") || !strings.HasSuffix(policy, "form-action 'none'") {
		t.Error(policy)
	}
	// A section alone is the one on the page.
	var section bytes.Buffer
	if err := everything().Above[0].Write(&section); err != nil || !strings.Contains(page, section.String()) {
		t.Errorf("%v: %s", err, section.String())
	}
	one := Page{Title: "-", Above: []Section{{ID: "a", Title: "A"}}}
	if strings.Contains(written(t, one), "<nav") {
		t.Error("a section alone is led to")
	}
	if one.Sections = []Section{{ID: "b", Title: "B", Nav: "to B"}, {Title: "C"}}; !strings.Contains(written(t, one), `<a href="#a">A</a> <a href="#b">to B</a> </div>`) {
		t.Error("not all sections are led to")
	}
	for _, p := range []Page{{}, {Title: "Nothing"}, {Title: "Sections", Sections: []Section{{}}}} {
		if p.Title == "" {
			p.Title = "-"
		}
		if page := written(t, p); !strings.Contains(page, "<h1>"+p.Title+"</h1>") {
			t.Errorf("%+v:\n%s", p, page)
		}
	}
}

// Text has enough contrast on what it stands on, in light and in dark.
func TestContrast(t *testing.T) {
	var pairs []pagetest.Pair
	take := func(least float64, grounds, texts string) {
		for ground := range strings.FieldsSeq(grounds) {
			for text := range strings.FieldsSeq(texts) {
				pairs = append(pairs, pagetest.Pair{Text: "--" + text, Ground: "--" + ground, Min: least})
			}
		}
	}
	take(4.5, "card page", "ink soft blue")
	take(4.5, "card", "good bad star stock")
	take(4.5, "strip", "ink soft")
	take(4.5, "flat-bg", "soft ink")
	take(4.5, "good-bg", "good")
	take(4.5, "bad-bg", "bad")
	take(4.5, "h1 h2 h3 flat-bg", "h-ink")
	take(4.5, "h4 h5", "h-ink-2")
	take(3, "strip", "blue star stock bad")
	pagetest.Contrast(t, style, pairs...)
}

// hostile are names that would harm a page, if they could.
var hostile = []string{"<script>alert(1)</script>", "\"><img src=x onerror=1>", "javascript:alert(1)", "{{.Title}}", "&amp;", "\u202eevil", strings.Repeat("x", 60_000)}

func TestHostileNames(t *testing.T) {
	for _, name := range hostile {
		p := Page{Title: name, Desk: name, About: []string{name}, Foot: name, Short: []Sentence{{Bad, name, name}}, Cards: []Card{{Title: name, Sub: name, Figures: []Figure{{name, name, name, Chip{Good, name}}}, Facts: []Fact{{Name: name, Value: name, Link: name}}}}}
		p.Form = &Form{Action: "/", Fields: []Field{{Name: name, Label: name, Options: []Option{{name, name, true}}}}, Hidden: []Option{{name, name, false}}}
		p.Live = &Live{Script: "/live.js", Stream: name, Status: name, Again: name}
		p.Above = []Section{{ID: "b", Title: name, Parts: []Part{Links{{name, name, name}}, Cards{{Title: name, More: Link{name, name, name}}}}}}
		p.Sections = []Section{{ID: "a", Title: name, Intro: name, Parts: []Part{
			Table{Caption: name, Columns: []Column{{Name: name}}, Groups: []Group{{Rows: []Cells{{{Text: name, Link: "https://desk.example/" + name, Note: name}}}}}},
			Charts{Line{ID: "l", Title: name, Sub: name, Ticks: CountTicks(1), Points: []Value{{Stretch: Stretch{From: weeks(1)[0].From, To: weeks(1)[0].To, Name: name, Label: name}, Text: name}}}},
			Prose(name), Key(name), Fold{Summary: name}, Notes{{name, name}}, Methods{name}, Advice{name, name}, Facts{{name, name, name}},
		}}}
		page := written(t, p)
		for _, evil := range []string{"<script>", "<img", "href=\"javascript", "onerror=1>"} {
			if strings.Contains(page, evil) {
				t.Errorf("%.40q: the page has %q", name, evil)
			}
		}
	}
}

// In charts of any values, no text is on another one, or outside.
func TestTextsOfCharts(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 2))
	placed := 0
	for range 100 {
		n := 1 + r.IntN(30)
		if r.IntN(5) == 0 {
			n = 100
		}
		w := weeks(n)
		l := Line{ID: "l", Title: "l", Last: r.IntN(2) == 0}
		scale := []float64{1, 60, 3600, 1e6}[r.IntN(4)]
		for _, s := range w {
			v := r.Float64() * scale
			l.Points = append(l.Points, Value{Stretch: s, Value: v, Text: fmt.Sprintf("%.0f min %d s", v, r.IntN(60)), Missing: r.IntN(6) == 0})
		}
		if r.IntN(2) == 0 {
			l.Goal = &Level{r.Float64() * scale, "promise 2 min"}
		}
		if k := r.IntN(n); r.IntN(2) == 0 && k > 0 {
			l.Wholes = []Whole{{Stretch{From: w[0].From, To: w[k].From}, r.Float64() * scale, "3 h 11 min", true}, {Stretch{From: w[k].From, To: w[n-1].To}, r.Float64() * scale, "1 h 28 min", false}}
		}
		l.Ticks = TimeTicks(l.Top())
		hist := Histogram{ID: "h", Title: "h", Bounds: []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}, Counts: []int64{r.Int64N(100), r.Int64N(3), r.Int64N(1000), 0, r.Int64N(9)}, None: r.Int64N(20)}
		page := written(t, Page{Title: "Charts", Sections: []Section{{Parts: []Part{Charts{l, hist}}}}})
		placed += strings.Count(page, `class="val"`)
		if found := pagetest.Overlaps(page); len(found) > 0 {
			t.Fatalf("seed %d: %v", seed, found)
		}
	}
	if placed < 150 {
		t.Errorf("seed %d: %d labels placed", seed, placed)
	}
}

// Shapes lie within the drawing, where values are within the ticks.
func TestFrame(t *testing.T) {
	w := weeks(12)
	f := newFrame(w, CountTicks(28))
	if x0, x1 := f.x(w[0].From), f.x(w[11].To); x0 != edgeLeft || x1 != edgeRight {
		t.Errorf("from %v to %v", x0, x1)
	}
	if y0, y1, above, below := f.y(0), f.y(30), f.y(99), f.y(-1); y0 != edgeBottom || y1 != edgeTop || above != edgeTop || below != edgeBottom {
		t.Errorf("0 at %v, 30 at %v, 99 at %v, −1 at %v", y0, y1, above, below)
	}
	// Equal stretches are equally wide.
	first := f.middle(w[1]) - f.middle(w[0])
	for i := range w[1:] {
		if step := f.middle(w[i+1]) - f.middle(w[i]); step-first > 1e-9 || first-step > 1e-9 {
			t.Errorf("step %d is %v, not %v", i, step, first)
		}
	}
}

func TestPx(t *testing.T) {
	var got []string
	for _, v := range []px{0, -0.01, 12, 12.04, 12.05, -3.26, 356} {
		got = append(got, v.String())
	}
	if want := []string{"0", "0", "12", "12", "12.1", "-3.3", "356"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
