package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/examples/internal/zone"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// pageOf runs the command, and returns the page that it prints.
func pageOf(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	page, errs, slept, status := output(t, stdin, terminal{live: true}, append(args, "-format", "html")...)
	if status != exitDone || errs != "" || slept != 0 {
		t.Fatalf("%v: status %d, slept %v, %s", args, status, slept, errs)
	}
	pagetest.Check(t, page)
	for _, f := range pagetest.Overlaps(page) {
		t.Errorf("%v: %v", args, f)
	}
	if unstyled, _ := pagetest.Classes(page); len(unstyled) > 0 {
		t.Errorf("%v: classes without a style: %q", args, unstyled)
	}
	return page
}

// written is a file with some text.
func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const someEvents = `{"type":"message_received","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"message_received","conversation":"8","at":"2026-03-02T09:01:00Z","channel":"email"}
{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:01:00Z","agent":"ana"}
`

func TestWall(t *testing.T) {
	for name, tt := range map[string]struct {
		stdin string
		args  []string
	}{
		"wall.html":         {"", nil},
		"wall.late.html":    {"", []string{"-as-of", "2026-03-02T13:00:00+01:00", "-rows", "3", "-agents", "-promises"}},
		"wall.quarter.html": {"", []string{"-events", quarter, "-policy", "../report/policy.json", "-as-of", "2026-03-25T13:40:00Z", "-link", "https://desk.example/tickets/{id}", "-refresh", "30s"}},
		"wall.desk.html":    {"", []string{"-events", teamDesk + ".jsonl", "-policy", teamDesk + ".policy.json"}},
		"wall.three.html":   {someEvents, []string{"-events", "-"}},
		"wall.none.html":    {noEvents, []string{"-events", "-"}},
	} {
		page := pageOf(t, tt.stdin, tt.args...)
		golden.Check(t, name, pagetest.Unstyled(page))
	}
}

// The page has what the view says.
func TestWallNumbers(t *testing.T) {
	for _, tt := range []struct{ events, policy, asOf string }{
		{"", "", "2026-03-02T10:30:00Z"},
		{"", "", "2026-03-02T12:00:00Z"},
		{quarter, "../report/policy.json", "2026-03-25T13:40:00Z"},
		{quarter, "../report/policy.json", "2026-02-02T08:00:00Z"},
	} {
		rules, policy, err := readPolicy(tt.policy)
		if err != nil {
			t.Fatal(err)
		}
		in, err := readEvents(tt.events, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		asOf, err := time.Parse(time.RFC3339, tt.asOf)
		if err != nil {
			t.Fatal(err)
		}
		policy, _ = measured(&in.log, policy)
		w, err := lookWall(in.log.Read(rules, asOf), policy, settings{zone: zone.Of(policy), rows: 4})
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"-as-of", tt.asOf, "-rows", "4"}
		if tt.events != "" {
			args = append(args, "-events", tt.events, "-policy", tt.policy)
		}
		page := pagetest.Text(pageOf(t, "", args...))
		count := func(n int64) string { return text.Counted(n, "conversation") }
		near := "Due within 2 h"
		if w.Warned {
			near = "Due soon"
		}
		for _, want := range []string{
			"as of " + w.AsOf.Format("15:04") + "\n",
			"Past the promise\n" + count(w.Conversations.Overdue) + "\n",
			near + "\n" + count(w.Near) + "\n",
			"Customers who wait\n" + text.Count(w.Waiting) + " for an answer\n",
			"Came in today\n" + count(w.Today.Came) + "\n",
			"Usual by " + w.AsOf.Format("15:04") + "\n" + w.Today.usualWords() + "\n",
			"Solved today\n" + text.Count(w.Today.Solved) + "\n",
			"Open in all\n" + text.Count(w.Conversations.all()+w.Unpromised) + "\n",
			"Longest\n" + text.Remaining(w.Longest) + "\n",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%v: no %q in\n%s", args, want, page)
			}
		}
		rows := strings.Join(strings.Fields(page), " ")
		late := w.Overdue.Rows
		if w.Overdue.More > 0 {
			late = append(late[:2:2], w.Latest.Rows[:2]...)
		}
		for _, r := range append(w.Next.Rows, late...) {
			channel := draw.ChannelName(metrics.Channel(r.Channel)) // stands below the conversation on a phone
			want := r.Conversation + channel + " " + channel + " " + r.Promise + " "
			if r.Step != "" {
				want += r.Step + " "
			}
			if r.Overdue {
				want += text.Remaining(r.Late)
			} else {
				want += text.Share(r.Used.Part, r.Used.Whole, 0) + " " + r.due(w.AsOf)
			}
			if r.Soon {
				want += " ! soon"
			}
			if !strings.Contains(rows, want) {
				t.Errorf("%v: no %q in\n%s", args, want, page)
			}
		}
		for _, f := range w.Today.First {
			kept := f.Tally.Compliance()
			if kept.Whole == 0 {
				continue
			}
			want := draw.ChannelName(f.Channel) + ", " + draw.Within(f.Target) + " " + draw.Kept(f.Target, kept) + " n " + text.Count(kept.Whole)
			if !strings.Contains(page, want) {
				t.Errorf("%v: no %q in\n%s", args, want, page)
			}
		}
	}
}

// Names do no harm, whatever they are.
func TestWallHostileNames(t *testing.T) {
	names := []string{"<script>alert(1)</script>", "\x1b[31mred", strings.Repeat("w", 60_000), "\u202eevil", strings.Repeat("客服", 30), "\"><img src=x>", "javascript:alert(1)", "a\nb"}
	policy, err := json.Marshal(map[string]any{
		"name": names[0] + names[2],
		"targets": []any{map[string]any{
			"name": names[3] + names[2], "measure": "first_response", "within": "70m", "goal": "80%", "warn": "80%",
			"escalations": []any{map[string]any{"after": "-60m", "name": names[2]}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for i, name := range names {
		for _, e := range []map[string]any{
			{"type": "message_received", "channel": name, "at": fmt.Sprintf("2026-03-02T09:%02d:00Z", i)},
			{"type": "assigned", "agent": name, "at": fmt.Sprintf("2026-03-02T09:%02d:10Z", i)},
			{"type": "assigned", "agent": name, "team": name, "at": fmt.Sprintf("2026-03-02T09:%02d:20Z", i)},
		} {
			e["conversation"] = name
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if len(line) > 64<<10 { // is refused
				delete(e, "team")
				e["agent"] = "ana"
				if line, err = json.Marshal(e); err != nil {
					t.Fatal(err)
				}
			}
			if len(line) > 64<<10 {
				e["channel"] = "chat"
				if line, err = json.Marshal(e); err != nil {
					t.Fatal(err)
				}
			}
			lines.Write(append(line, '\n'))
		}
	}
	file := written(t, "policy.json", string(policy))
	for _, asOf := range []string{"2026-03-02T10:05:00Z", "2026-03-02T10:14:30Z", "2026-03-02T12:00:00Z"} {
		page := pageOf(t, lines.String(), "-events", "-", "-policy", file, "-as-of", asOf, "-agents", "-rows", "0", "-link", "https://desk.example/?t={id}")
		if len(page) > 60_000 {
			t.Errorf("the page has %d bytes", len(page))
		}
		for _, r := range page {
			if r < ' ' && r != '\n' || r == '\u202e' {
				t.Fatalf("%q in the page", r)
			}
		}
		for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if link[1] != "#main" && !strings.HasPrefix(link[1], "https://desk.example/?t=") {
				t.Errorf("a link to %s", link[1])
			}
		}
		if n := strings.Count(page, "https://desk.example/?t=%3Cscript%3Ealert%281%29%3C%2Fscript%3E"); n < 2 {
			t.Errorf("%d links to the first name", n)
		}
	}
}

// A page names agents if it is asked to, and teams wherever they are known.
func TestWallWith(t *testing.T) {
	const heads = "Conversation Channel With Promise"
	policy := written(t, "policy.json", `{"targets": [{"measure": "first_response", "within": "1h"}]}`)
	log := func(team string) string {
		return `{"type":"message_received","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"chat"}
{"type":"assigned","conversation":"7","at":"2026-03-02T09:01:00Z","agent":"ana","team":"` + team + `"}
{"type":"message_received","conversation":"8","at":"2026-03-02T09:01:00Z","channel":"chat"}
`
	}
	for _, tt := range []struct {
		team   string
		agents bool
		want   []string
	}{
		{"", false, []string{"Conversation Channel Promise Used Due", "7Chat Chat first_response", "8Chat Chat first_response"}},
		{"", true, []string{heads, "7Chat Chat ana first_response", "8Chat Chat nobody first_response"}},
		{"billing", false, []string{heads, "7Chat Chat billing first_response", "8Chat Chat – first_response"}},
		{"billing", true, []string{heads, "7Chat Chat ana first_response", "8Chat Chat nobody first_response"}},
	} {
		args := []string{"-events", "-", "-policy", policy}
		if tt.agents {
			args = append(args, "-agents")
		}
		page := pagetest.Text(pageOf(t, log(tt.team), args...))
		for _, want := range tt.want {
			if !strings.Contains(page, want) {
				t.Errorf("team %q, agents %v: no %q in\n%s", tt.team, tt.agents, want, page)
			}
		}
		if !tt.agents && strings.Contains(page, "ana") {
			t.Errorf("an agent is named:\n%s", page)
		}
	}
}

// What is due within two hours is near, to the second, and what the policy warns of.
func TestNear(t *testing.T) {
	message := metrics.MessageReceived{Conversation: "7", At: begin}
	for _, tt := range []struct {
		within time.Duration
		warn   int64 // percent
		asOf   time.Duration
		want   int64
	}{
		{3 * time.Hour, 0, time.Hour - time.Second, 0},
		{3 * time.Hour, 0, time.Hour, 1},
		{3 * time.Hour, 0, 3*time.Hour - 1, 1},
		{3 * time.Hour, 0, 3 * time.Hour, 0},
		{10 * time.Hour, 50, 5*time.Hour - 1, 0},
		{10 * time.Hour, 50, 5 * time.Hour, 1},
	} {
		target := standards.Target{Measure: standards.FirstResponse, Within: standards.BudgetOf(tt.within)}
		if tt.warn > 0 {
			target.Warn.Part, target.Warn.Whole = tt.warn, 100
		}
		v := viewAt(t, metrics.Rules{}, tt.asOf, standards.Policy{Targets: []standards.Target{target}}, message)
		if v.Near != tt.want {
			t.Errorf("%v of %v, warned at %d %%: %d are near, want %d", tt.asOf, tt.within, tt.warn, v.Near, tt.want)
		}
	}
}

// With few cases there is no verdict on a promise.
func TestFirstCells(t *testing.T) {
	goal := standards.Target{Within: standards.BudgetOf(2 * time.Minute)}
	goal.Goal.Part, goal.Goal.Whole = 80, 100
	none := standards.Target{Within: standards.BudgetOf(time.Hour)}
	for _, tt := range []struct {
		target             *standards.Target
		tally, unmeasured  standards.Tally
		share, note, aside string
		chip               draw.Chip
	}{
		{target: &goal, tally: standards.Tally{Met: 19}, share: "100 %", note: "n 19, few", aside: "goal 80 %"},
		{target: &goal, tally: standards.Tally{Met: 20}, share: "100 %", note: "n 20", aside: "goal 80 %", chip: draw.Chip{Mark: draw.Good, Word: "met"}},
		{target: &goal, tally: standards.Tally{Met: 16, Breached: 4}, share: "80 %", note: "n 20", aside: "goal 80 %"}, // may be chance
		{target: &goal, tally: standards.Tally{Met: 2, Breached: 18}, share: "10 %", note: "n 20", aside: "goal 80 %", chip: draw.Chip{Mark: draw.Bad, Word: "missed"}},
		{target: &none, tally: standards.Tally{Met: 2, Breached: 18}, share: "10 %", note: "n 20"},
		{target: &goal, tally: standards.Tally{Pending: 3}, share: "–", note: "none is due yet", aside: "goal 80 %"},
		{target: &goal, unmeasured: standards.Tally{Breached: 3}, share: "not measured", aside: "goal 80 %"},
	} {
		c := firstCells(&firstAnswers{metrics.Chat, standards.Attainment{Target: tt.target, Tally: tt.tally, Unmeasured: tt.unmeasured}})
		if len(c) != 3 || c[0].Text != "Chat, "+draw.Within(tt.target) || c[1].Text != tt.share || c[1].Note != tt.note || c[2].Text != tt.aside || c[2].Chip != tt.chip {
			t.Errorf("%+v: %+v", tt, c)
		}
	}
}

// rowsOf returns the conversations of a table, by group.
func rowsOf(t draw.Table) (groups []string) {
	for _, g := range t.Groups {
		words := g.Name + ":"
		for _, row := range g.Rows {
			words += " " + row[0].Text
		}
		groups = append(groups, words)
	}
	return groups
}

// Of what is past its promise, the first rows and the last are shown if not all can be.
func TestWallLists(t *testing.T) {
	for _, tt := range []struct {
		overdue, rows int
		title         string
		want          []string
	}{
		{0, 5, "Past the promise", []string{":"}},
		{5, 5, "Past the promise", []string{": a b c d e"}},
		{6, 5, "Past the promise, 5 of 6", []string{"longest: a b c", "latest: f e"}},
		{9, 4, "Past the promise, 4 of 9", []string{"longest: a b", "latest: i h"}},
		{2, 1, "Past the promise, 1 of 2", []string{": a"}},
		{7, 0, "Past the promise", []string{": a b c d e f g"}},
	} {
		var rows, back []row
		for i := range tt.overdue {
			r := row{Conversation: string(rune('a' + i)), Overdue: true, Late: time.Hour}
			rows, back = append(rows, r), append([]row{r}, back...)
		}
		w := wall{view: view{Overdue: listOf(rows, tt.rows), Latest: listOf(back, tt.rows)}}
		box := w.promiseParts()[1].(draw.Box)
		table := box.Parts[0].(draw.Table)
		if got := rowsOf(table); box.Title != tt.title || !slices.Equal(got, tt.want) || (table.By != "") != (len(got) > 1) {
			t.Errorf("%d, at most %d: %q, %q", tt.overdue, tt.rows, box.Title, got)
		}
	}
}

// The cards say what is next if anything has a deadline, and count what nothing is promised
// of.
func TestWallCards(t *testing.T) {
	asOf := begin
	for _, tt := range []struct {
		next []row
		want []draw.Fact
	}{
		{nil, nil},
		{[]row{{Conversation: "7", Hold: true}}, nil},
		{[]row{{Conversation: "7", Due: asOf.Add(38 * time.Minute)}}, []draw.Fact{{Name: "Next", Value: "in 38 min"}, {Name: "Which", Value: "7"}}},
	} {
		w := wall{view: view{AsOf: asOf, Next: list{Rows: tt.next}}}
		if got := w.nearCard(); !slices.Equal(got.Facts, tt.want) {
			t.Errorf("%v: %+v", tt.next, got)
		}
	}
	w := wall{view: view{AsOf: asOf, Conversations: counts{0, 1, 2}, Unpromised: 4}}
	if got := w.overdueCard(); got.Urgent || got.Facts[0].Value != "7" || len(got.Facts) != 1 {
		t.Errorf("%+v", got)
	}
	w = wall{view: view{AsOf: asOf, Conversations: counts{1, 1, 2}, Overdue: list{Rows: []row{{Late: time.Hour}}}}}
	if got := w.overdueCard(); !got.Urgent || got.Facts[0].Value != "4" || got.Facts[1].Value != "1 h" || got.Figures[0] != (draw.Figure{Value: "1", Small: "conversation"}) {
		t.Errorf("%+v", got)
	}
	if got := w.waitingCard(); len(got.Facts) != 0 || got.Figures[0].Value != "0" {
		t.Errorf("%+v", got)
	}
}

// Of many promises of a first answer, those with the most cases are shown.
func TestMostFirst(t *testing.T) {
	target := standards.Target{Within: standards.BudgetOf(time.Minute)}
	for _, tt := range []struct {
		cases []int64
		rows  int
		want  string // their cases
		title string
	}{
		{[]int64{1, 2, 3, 4, 5, 6}, 5, "1 2 3 4 5 6", ""},
		{[]int64{5, 5, 5, 5, 5, 5, 100, 5}, 5, "5 5 5 5 5 100", ", 6 of 8"},
		{[]int64{9, 1, 8, 7, 6, 5, 4}, 5, "9 8 7 6 5 4", ", 6 of 7"},
		{[]int64{9, 1, 8, 7, 6, 5, 4}, 0, "9 1 8 7 6 5 4", ""},
	} {
		w := wall{settings: settings{rows: tt.rows}}
		for _, n := range tt.cases {
			w.Today.First = append(w.Today.First, firstAnswers{metrics.Chat, standards.Attainment{Target: &target, Tally: standards.Tally{Met: n}}})
		}
		box := w.firstAnswers().(draw.Box)
		var got []string
		for _, row := range box.Parts[0].(draw.Table).Groups[0].Rows {
			n, _, _ := strings.Cut(strings.TrimPrefix(row[1].Note, "n "), ",")
			got = append(got, n)
		}
		if strings.Join(got, " ") != tt.want || box.Title != "First answers today, within the promise"+tt.title {
			t.Errorf("%v: %q, %q", tt.cases, box.Title, got)
		}
	}
}

// The hours of the chart are those in which anything came in, and ten at least.
func TestWallHours(t *testing.T) {
	for _, tt := range []struct {
		now           int
		hours, before map[int]int64
		from, n       int
	}{
		{11, map[int]int64{8: 1, 11: 2}, nil, 8, 10},
		{22, map[int]int64{22: 1}, nil, 14, 10},
		{3, map[int]int64{3: 1}, nil, 3, 10},
		{12, map[int]int64{9: 1}, map[int]int64{6: 3, 20: 1}, 6, 15},
		{5, nil, map[int]int64{9: 3}, 5, 10},
		{23, map[int]int64{0: 1}, nil, 0, 24},
	} {
		w := wall{view: view{AsOf: time.Date(2026, 3, 2, tt.now, 30, 0, 0, time.UTC)}}
		for h, n := range tt.hours {
			w.Today.Hours[h] = n
		}
		for h, n := range tt.before {
			w.Today.HoursBefore[h], w.Today.Before = n, []int64{1, 2}
		}
		chart, ok := w.hours().(draw.Charts)[0].(draw.Hours)
		if !ok || chart.From != tt.from || len(chart.Counts) != tt.n || chart.Now != tt.now || (chart.Usual != nil) != (tt.before != nil) {
			t.Errorf("%+v: %+v", tt, chart)
		}
		for i, u := range chart.Usual {
			if u != float64(tt.before[tt.from+i])/2 {
				t.Errorf("%+v: %+v", tt, chart)
			}
		}
	}
	w := wall{}
	if box, ok := w.hours().(draw.Box); !ok || len(box.Parts) != 1 {
		t.Errorf("%+v", w.hours())
	}
}

// The page is loaded again if it is asked to be, and says what of the file it left out.
func TestWallFile(t *testing.T) {
	page, _, _, status := output(t, someEvents+"nonsense\n", terminal{}, "-events", "-", "-format", "html", "-refresh", "90s")
	if status != exitRejected || !strings.Contains(page, `<meta http-equiv="refresh" content="90">`) || !strings.Contains(pagetest.Text(page), "1 line of the file could not be read. Loaded again every 1 min 30 s.") {
		t.Errorf("status %d: %s", status, page)
	}
	page, _, _, status = output(t, noEvents, terminal{}, "-events", "-", "-format", "html")
	if status != exitDone || strings.Contains(page, "http-equiv=\"refresh\"") || !strings.Contains(pagetest.Text(page), "There are no events yet.") {
		t.Errorf("status %d: %s", status, page)
	}
	if status := run([]string{"-format", "html"}, nil, broken{}, &bytes.Buffer{}, terminal{}, nil); status != exitFailed {
		t.Errorf("a broken output: status %d", status)
	}
}
