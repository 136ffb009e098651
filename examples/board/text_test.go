package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var escape = regexp.MustCompile("\x1b\\[[0-9]*m")

// places counts the places that a line takes in a terminal: of the runes in these tests,
// ideographs take two, and accents that follow a letter none.
func places(line string) (n int) {
	for _, r := range escape.ReplaceAllString(line, "") {
		switch {
		case r >= 0x4e00 && r < 0xa000:
			n += 2
		case r < 0x300 || r >= 0x370:
			n++
		}
	}
	return n
}

func randomName(r *rand.Rand) string {
	alphabet := []rune([]string{"abc-1", "é日本語", "a\u0301e\u0308", "W \x1b\u202e", "+…"}[r.IntN(5)])
	name := make([]rune, []int{0, 1, 3, 6, 12, 20, 60, 2000}[r.IntN(8)])
	for i := range name {
		name[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(name)
}

func randomView(r *rand.Rand) view {
	v := view{
		AsOf:          time.Date(2026, 3, 2, 10, 30, 0, 0, time.FixedZone("Far/Away", 3600)),
		Conversations: counts{r.Int64N(3), r.Int64N(3), r.Int64N(20)},
		Promises:      counts{r.Int64N(3), r.Int64N(3), r.Int64N(2_000_000)},
		Unpromised:    r.Int64N(2),
		Warned:        r.IntN(2) == 0,
		Waiting:       r.Int64N(3),
		Longest:       time.Duration(r.Int64N(int64(100 * 24 * time.Hour))),
		LongestIn:     randomName(r),
		Each:          r.IntN(2) == 0,
	}
	for range r.IntN(3) {
		v.Unmeasured = append(v.Unmeasured, randomName(r))
	}
	named := make([]bool, 6) // most columns have cells, or none
	for i := range named {
		named[i] = r.IntN(3) > 0
	}
	name := func(i int) string {
		if !named[i] {
			return ""
		}
		return randomName(r)
	}
	rows := func(overdue bool) list {
		l := list{More: r.IntN(2) * r.IntN(10_000)}
		for range r.IntN(4) {
			one := row{
				Conversation: "7" + randomName(r), Channel: name(0), Priority: name(1), Agent: name(2), Team: name(3),
				Promise: "p" + randomName(r), Overdue: overdue, Step: name(4), Others: r.IntN(2) * r.IntN(3000),
			}
			span := time.Duration(r.Int64N(int64([]time.Duration{time.Second, time.Hour, 13 * time.Hour, 1000 * 24 * time.Hour}[r.IntN(4)])))
			switch {
			case overdue:
				one.Late = span
			case r.IntN(3) > 0:
				one.Due, one.Soon = v.AsOf.Add(span), r.IntN(2) == 0
			default:
				one.Hold, one.Left, one.OfficeHours = r.IntN(2) == 0, span, r.IntN(2) == 0
			}
			l.Rows = append(l.Rows, one)
		}
		return l
	}
	v.Overdue, v.Next = rows(true), rows(false)
	return v
}

// No line is longer than the width, whatever the names are, and each row has a line that
// begins as its conversation does. Colours change nothing else.
func TestLinesFit(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 4))
	for range 2000 {
		v := randomView(r)
		width := leastWidth + r.IntN([]int{5, 40, 140}[r.IntN(3)])
		plain := v.write(terminal{}, width)
		lines := strings.Split(plain, "\n")
		for _, line := range lines {
			if n := places(line); n > width {
				t.Fatalf("%d places of %d: %q\n%s", n, width, line, plain)
			}
			if strings.ContainsAny(line, "\x1b\u202e") {
				t.Fatalf("a name steers the terminal: %q", line)
			}
		}
		heads := 0
		for _, l := range []struct {
			title string
			list
		}{{"Overdue longest", v.Overdue}, {"Due next", v.Next}} {
			at := slices.Index(lines, l.title)
			if (at >= 0) != (len(l.Rows) > 0) {
				t.Fatalf("%q with %d rows:\n%s", l.title, len(l.Rows), plain)
			}
			for i := range l.Rows {
				heads++
				if !strings.HasPrefix(lines[at+2+i], "7") || !strings.Contains(lines[at+2+i], gap) {
					t.Fatalf("row %d of %q is %q:\n%s", i, l.title, lines[at+2+i], plain)
				}
			}
		}
		painted := v.write(terminal{colour: true}, width)
		if escape.ReplaceAllString(painted, "") != plain {
			t.Fatalf("in colour:\n%s\nwithout:\n%s", painted, plain)
		}
	}
}

// The narrower the table, the fewer columns it has, and none leaves before those that
// leave first. Only when all have left that can is a due time cut.
func TestColumnsLeaveInOrder(t *testing.T) {
	order := []int{left, priority, team, agent, channel, note, more, promise}
	r := rand.New(rand.NewPCG(18, 5))
	for range 2000 {
		var widest table
		for i := range widest {
			widest[i] = r.IntN(2) * r.IntN([]int{3, 10, 30, 100}[r.IntN(4)])
		}
		widest[id], widest[promise], widest[due] = widest[id]+1, widest[promise]+1, widest[due]+1
		before := table{}
		for width := leastWidth; width < 300; width++ {
			at := fit(widest, width)
			if at.width() > width {
				t.Fatalf("%v at %d is %v", widest, width, at)
			}
			gone := 0 // of those in order
			for i, k := range order {
				switch {
				case widest[k] == 0:
					if at[k] != 0 {
						t.Fatalf("%v at %d is %v: an empty column", widest, width, at)
					}
				case at[k] == 0:
					gone = i + 1
				}
			}
			for _, k := range order[:gone] {
				if at[k] != 0 {
					t.Fatalf("%v at %d is %v: column %d should leave before", widest, width, at, k)
				}
			}
			if at[id] == 0 || at[due] == 0 || at[due] < widest[due] && gone < len(order) {
				t.Fatalf("%v at %d is %v", widest, width, at)
			}
			for k := range before {
				if before[k] > 0 && at[k] == 0 {
					t.Fatalf("%v at %d is %v, and one narrower %v", widest, width, at, before)
				}
			}
			before = at
		}
		// With enough room nothing is cut.
		if all := fit(widest, 2000); all.width() > 2000 || slices.ContainsFunc(all[:], func(w int) bool { return w > 100 }) {
			t.Fatalf("%v is %v", widest, all)
		} else {
			for k, w := range widest {
				if want := max(w, len(columns[k].head)); w > 0 && all[k] != want {
					t.Fatalf("%v is %v", widest, all)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	widest := table{id: 6, channel: 6, priority: 6, agent: 30, promise: 25, due: 14, more: 2, note: 20}
	for _, tt := range []struct {
		width int
		want  table
	}{
		{200, table{id: 6, channel: 7, priority: 8, agent: 30, promise: 25, due: 14, more: 4, note: 20}},
		{123, table{id: 6, channel: 7, priority: 8, agent: 25, promise: 25, due: 14, more: 4, note: 20}},
		// The least: 6, 7, 8, 12, 20, 14, 4, 16, and 14 between them.
		{101, table{id: 6, channel: 7, priority: 8, agent: 12, promise: 20, due: 14, more: 4, note: 16}},
		{100, table{id: 6, channel: 7, agent: 18, promise: 20, due: 14, more: 4, note: 19}},
		{90, table{id: 6, channel: 7, promise: 25, due: 14, more: 4, note: 20}},
		{76, table{id: 6, promise: 24, due: 14, more: 4, note: 20}},
		{40, table{id: 6, promise: 10, due: 14, more: 4}},
		{38, table{id: 6, promise: 8, due: 14, more: 4}},
		{37, table{id: 6, promise: 13, due: 14}},
		{32, table{id: 6, promise: 8, due: 14}},
		{31, table{id: 6, due: 14}},
		{20, table{id: 6, due: 12}},
	} {
		if got := fit(widest, tt.width); got != tt.want {
			t.Errorf("at %d: %v, want %v", tt.width, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	sentence := []phrase{{text: "3 are open:"}, {"1 past,", red}, {"2 in time.", green}}
	for _, tt := range []struct {
		screen terminal
		width  int
		want   string
	}{
		{terminal{}, 30, "3 are open: 1 past, 2 in time.\n"},
		{terminal{}, 29, "3 are open: 1 past, 2 in\n  time.\n"},
		{terminal{}, 11, "3 are open:\n  1 past, 2\n  in time.\n"},
		{terminal{}, 5, "3 are\n  op…\n  1\n  pa…\n  2\n  in\n  ti…\n"},
		{terminal{colour: true}, 29, "3 are open: \x1b[31m1 past,\x1b[0m \x1b[32m2 in\x1b[0m\n  \x1b[32mtime.\x1b[0m\n"},
	} {
		if got := tt.screen.wrap(sentence, tt.width); got != tt.want {
			t.Errorf("in %d: %q, want %q", tt.width, got, tt.want)
		}
	}
	waits := []phrase{{text: "waits for " + whole("1 h 47 min") + " (7)."}}
	if got, want := (terminal{}).wrap(waits, 24), "waits for 1 h 47 min\n  (7).\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := (terminal{}).wrap(waits, 19), "waits for\n  1 h 47 min (7).\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Of what there is none has no colour.
func TestOpen(t *testing.T) {
	for _, tt := range []struct {
		parts []part
		want  []phrase
	}{
		{[]part{{0, "past", red}, {0, "in time", green}}, []phrase{{"No promise is open.", ""}}},
		{[]part{{1, "past", red}, {0, "in time", green}}, []phrase{{"1 promise is open:", ""}, {"1 past,", red}, {"0 in time.", ""}}},
		{[]part{{0, "past", red}, {1234, "in time", green}}, []phrase{{"1,234 promises are open:", ""}, {"0 past,", ""}, {"1,234 in time.", green}}},
	} {
		if got := open("promise", tt.parts); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %q, want %q", tt.parts, got, tt.want)
		}
	}
}

func TestWhen(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04:05", text, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	// Clocks go forward on Sunday, 29 March.
	for _, tt := range []struct{ asOf, due, want string }{
		{"2026-03-25 14:40:00", "2026-03-25 15:18:00", "in 38 min"},
		{"2026-03-25 14:40:00", "2026-03-26 02:40:00", "in 12 h"},
		{"2026-03-25 14:40:00", "2026-03-26 02:40:01", "Thu 02:40"},
		{"2026-03-25 14:40:00", "2026-03-31 23:59:59", "Tue 23:59"},
		{"2026-03-25 14:40:00", "2026-04-01 00:00:00", "Wed 1 Apr 00:00"},
		{"2026-03-25 14:40:00", "2026-12-31 23:59:00", "Thu 31 Dec 23:59"},
		{"2026-03-25 14:40:00", "2027-01-01 00:00:00", "1 Jan 2027 00:00"},
		{"2026-12-28 12:00:00", "2027-01-03 09:00:00", "Sun 09:00"},
		{"2026-03-28 20:00:00", "2026-03-29 09:00:00", "in 12 h"},
		{"2026-03-28 20:00:00", "2026-03-29 09:01:00", "Sun 09:01"},
	} {
		if got := when(at(tt.due), at(tt.asOf)); got != tt.want {
			t.Errorf("%s at %s is %q, want %q", tt.due, tt.asOf, got, tt.want)
		}
	}
}

// What is not a terminal takes the usual width, whatever COLUMNS says.
func TestWidth(t *testing.T) {
	for _, tt := range []struct {
		columns string
		screen  terminal
		want    int
	}{
		{"132", terminal{}, 80},
		{"132", terminal{live: true}, 132},
		{"20", terminal{live: true}, 20},
		{"7", terminal{live: true}, 20},
		{"0", terminal{live: true}, 80},
		{"-5", terminal{live: true}, 80},
		{"wide", terminal{live: true}, 80},
		{"", terminal{live: true}, 80},
	} {
		t.Setenv("COLUMNS", tt.columns)
		if got := tt.screen.width(); got != tt.want {
			t.Errorf("COLUMNS=%q, %+v: %d, want %d", tt.columns, tt.screen, got, tt.want)
		}
	}
	t.Setenv("COLUMNS", "57")
	got, _, _, _ := output(t, "", terminal{live: true}, "-once")
	want, _, _, _ := output(t, "", terminal{}, "-width", "57")
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
