package calendar_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// allocated returns how many bytes f allocates, also those that are freed meanwhile.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// list returns what n times s is, with commas in between.
func list(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }

// endless repeats a text for ever, after another.
type endless struct {
	begin, text string
	at          int
}

func (e *endless) Read(p []byte) (n int, err error) {
	if e.begin != "" {
		n = copy(p, e.begin)
		e.begin = e.begin[n:]
		return n, nil
	}
	n = copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// TestHostileFeeds reads feeds that are small and mean much. Each is refused or
// answered with few dates, and takes memory in proportion to what it has.
func TestHostileFeeds(t *testing.T) {
	const (
		yearly = "DTSTART:19000101\nRRULE:FREQ=YEARLY"
		leap   = "DTSTART:19040229\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
		every  = "DTSTART:00010101\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
	)
	text := strings.NewReader
	for _, tt := range []struct {
		name        string
		feed        io.Reader
		first, last int
		holidays    int    // of the answer
		want        string // the error
	}{
		{"one date many times", text(feed("DTSTART:20260101\nDURATION:P366D\nRDATE:" + list("20260101", 100_001))), 2026, 2026, 365, ""},
		{"many dates", text(feed("DTSTART:20260101\nDURATION:P366D" + strings.Repeat("\nRDATE:"+list("20260101", 110_000), 4))), 2026, 2026, 0,
			"line 14: bad holiday feed: an event of more than 1048576 bytes: "},
		{"many excluded dates", text(feed("DTSTART:20260101" + strings.Repeat("\nEXDATE:20260101", 70_000))), 2026, 2026, 0,
			"line 69916: bad holiday feed: an event of more than 1048576 bytes: \"EXDATE:20260101\""},
		{"all excluded", text(feed(yearly + "\nEXDATE:19000101" + strings.Repeat(",20260101", 100_000))), 2026, 2026, 0, ""},
		{"a long list of weekdays", text(feed("DTSTART:19001231\nRRULE:FREQ=YEARLY;BYDAY=" + list("53MO", 200_000))), 1900, 2199, 54, ""},
		{"a long list of days", text(feed("DTSTART:19040229\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=" + list("29", 300_000))), 1900, 2199, 73, ""},
		{"a long list of months", text(feed("DTSTART:19000101\nRRULE:FREQ=YEARLY;BYMONTH=" + list("1", 500_000))), 1900, 2199, 300, ""},
		{"years that overlap", text(feed(strings.Repeat("DTSTART:19000101\nDURATION:P366D\nRRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\n", 273) + yearly)), 2026, 2026, 99646, ""},
		{"years that overlap too often", text(feed(strings.Repeat("DTSTART:19000101\nDURATION:P366D\nRRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\n", 5000) + yearly)), 2026, 2026, 0,
			"line 1375: bad holiday feed: more than 100000 holidays: \"BEGIN:VEVENT\""},
		{"every date of three centuries", text(feed(every)), 1900, 2199, 0, `line 10: bad holiday feed: more than 100000 holidays: "BEGIN:VEVENT"`},
		{"every date of 273 years", text(feed(every)), 1900, 2172, 99712, ""},
		{"a count of all dates since the year 1", text(feed(strings.Repeat(every+";COUNT=693595\nEND:VEVENT\nBEGIN:VEVENT\n", 100) + leap)), 1900, 1904, 1, ""},
		{"an enormous count", text(feed(yearly + ";COUNT=1073741824")), 2026, 2027, 2, ""},
		{"too enormous a count", text(feed(yearly + ";COUNT=1073741825")), 2026, 2027, 0, `line 12: bad holiday feed: "COUNT=1073741825" is not understood`},
		{"a count beyond 64 bits", text(feed(yearly + ";COUNT=18446744073709551617")), 2026, 2027, 0, `line 12: bad holiday feed: "COUNT=18446744073709551617" is not`},
		{"no count", text(feed(yearly + ";COUNT=0")), 2026, 2027, 0, `line 12: bad holiday feed: "COUNT=0" is not`},
		{"an enormous interval", text(feed(yearly + ";INTERVAL=10000")), 1900, 2027, 1, ""},
		{"too enormous an interval", text(feed(yearly + ";INTERVAL=10001")), 1900, 2027, 0, `line 12: bad holiday feed: "INTERVAL=10001" is not`},
		{"until the last date", text(feed(yearly + ";UNTIL=99991231")), 2198, 2199, 2, ""},
		{"until before the start", text(feed(yearly + ";UNTIL=18991231")), 1900, 2199, 0, "line 12: bad holiday feed: DTSTART does not follow the rule"},
		{"a start at the end of time", text(feed("DTSTART:99991231\nRRULE:FREQ=YEARLY")), 1900, 2199, 0, ""},
		{"a start in the year 0", text(feed("DTSTART:00000101")), 1900, 2199, 0, "line 11: bad holiday feed: DTSTART is no date"},
		{"a duration of 65 536 days", text(feed("DTSTART:20260101\nDURATION:P65536D")), 2026, 2026, 0, "line 12: bad holiday feed: not a number of days or weeks"},
		{"a duration of 65 535 weeks", text(feed("DTSTART:20260101\nDURATION:P65535W")), 2026, 2026, 0, "line 12: bad holiday feed: longer than a year"},
		{"categories without end", text(feed("DTSTART:20260101\nCATEGORIES:" + strings.Repeat(",", 1_000_000))), 2026, 2026, 1, ""},
		{"parameters without end", text(feed("DTSTART" + strings.Repeat(";A=1", 250_000) + ":20260101")), 2026, 2026, 1, ""},
		{"one prefix", text(feed(strings.Repeat("DTSTART:20260101\nDURATION:P366D\nSUMMARY:"+strings.Repeat("x", 400_000)+"\nEND:VEVENT\nBEGIN:VEVENT\n", 9) + yearly)), 2026, 2026, 3286, ""},
		{"nested", text("BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X\n", 1000)), 2026, 2026, 0, `line 9: bad holiday feed: nested too deeply: "BEGIN:X"`},
		{"nested as deep as can be", text("BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X\n", 7) + strings.Repeat("END:X\n", 7) + "END:VCALENDAR"), 2026, 2026, 0, ""},
		{"events in events", text(feed("BEGIN:VEVENT")), 2026, 2026, 0, `line 11: bad holiday feed: out of place: "BEGIN:VEVENT"`},
		{"events without end", &endless{begin: "BEGIN:VCALENDAR\n", text: "BEGIN:VEVENT\n" + leap + "\nCOMMENT:" + strings.Repeat("x", 2000) + "\nEND:VEVENT\n"}, 2025, 2027, 0,
			"line 10025: bad holiday feed: more than 4194304 bytes"},
		{"a line without end", &endless{text: "x"}, 2026, 2026, 0, "line 1: bad holiday feed: line is too long"},
		{"folds without end", &endless{begin: "BEGIN:VCALENDAR\nX:\n", text: " " + strings.Repeat("x", 100) + "\n"}, 2026, 2026, 0, "line 2: bad holiday feed: line is too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var days []calendar.Holiday
			var err error
			used := allocated(func() { days, err = calendar.ReadHolidays(tt.feed, tt.first, tt.last) })
			if len(days) != tt.holidays {
				t.Errorf("%d holidays, want %d", len(days), tt.holidays)
			}
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (!errors.Is(err, calendar.ErrFeed) || !strings.HasPrefix(err.Error(), "calendar: "+tt.want)):
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			if used > 100<<20 {
				t.Errorf("%d bytes allocated", used)
			}
		})
	}
}

// TestFeedTexts reads what is not text. It is shown as U+FFFD, in errors too.
func TestFeedTexts(t *testing.T) {
	in := feed("DTSTART:20260403\nSUMMARY:a\x00b\x1b[31m\tc\xffd\xc3\x85\u0085\\n\u202ee\nDESCRIPTION:\xc3\nCATEGORIES:\x07,f\\,\r\x08")
	days, err := calendar.ReadHolidays(strings.NewReader(in), 2026, 2026)
	if err != nil || len(days) != 1 {
		t.Fatal(days, err)
	}
	if got, want := days[0].Summary, "a\ufffdb\ufffd[31m\tc\ufffdd\u00c5\ufffd\n\u202ee"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	if got, want := days[0].Description, "\ufffd"; got != want {
		t.Errorf("description %q, want %q", got, want)
	}
	if got, want := strings.Join(days[0].Categories, "|"), "\ufffd|f,\ufffd\ufffd"; got != want {
		t.Errorf("categories %q, want %q", got, want)
	}
	for _, s := range []string{
		"BEGIN:\x1b[31m\xff", "\x1b[31m:x", "X\x1b[31m", "BEGIN:VCALENDAR\nBEGIN:\x1b[31m\n",
		feed("DTSTART;VALUE=\x1b[31m:20260403"), feed("DTSTART:20260403\nRRULE:\x1b[31m"), feed("DTSTART:20260403\nRRULE:\x1b=1;\x1b=2"),
		feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;COUNT=\x1b\x9b\u009b\u202e"),
	} {
		_, err := calendar.ReadHolidays(strings.NewReader(s), 2026, 2026)
		if err == nil {
			t.Errorf("%q is read", s)
			continue
		}
		if text := err.Error(); strings.ContainsAny(text, "\x00\x1b\u009b\u202e") || !utf8.ValidString(text) {
			t.Errorf("%q: the error has control characters: %q", s, err)
		}
	}
}

// TestFeedLimits reads what is just allowed, and a byte or a holiday more.
func TestFeedLimits(t *testing.T) {
	read := func(s string, first, last int) (int, bool) {
		days, err := calendar.ReadHolidays(strings.NewReader(s), first, last)
		return len(days), err == nil
	}
	const every = "DTSTART:00010101\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
	hundred := every + "\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:19000101\nDURATION:P288D" // 99,712 and as many as are missing
	if n, ok := read(feed(hundred), 1900, 2172); n != 100_000 || !ok {
		t.Errorf("%d holidays, %v", n, ok)
	}
	if n, ok := read(feed(strings.Replace(hundred, "P288D", "P289D", 1)), 1900, 2172); n != 0 || ok {
		t.Errorf("%d holidays, %v", n, ok)
	}
	line := func(n int) string { return "DTSTART:20260101\nEND:VEVENT\nX-A:" + strings.Repeat("x", n-len("X-A:")) }
	of := func(n int) string {
		return strings.Replace(feed(line(n)), "\nEND:VEVENT\nEND:VCALENDAR", "\nEND:VCALENDAR", 1)
	}
	for n, want := range map[int]bool{1<<20 - 1: true, 1<<20 + 1: false} {
		if _, ok := read(of(n), 2026, 2026); ok != want {
			t.Errorf("a line of %d bytes: %v", n, ok)
		}
	}
	for n, want := range map[int]bool{1 << 20: true, 1<<20 + 1: false} {
		folded := strings.Replace(of(n), "xxxx", "xx\n xx", 1) // the break and the space do not count
		if _, ok := read(folded, 2026, 2026); ok != want {
			t.Errorf("a folded line of %d bytes: %v", n, ok)
		}
	}
	rest := 1<<20 - len("DTSTART:20260101") - len("SUMMARY:") - len("DESCRIPTION:") - 1000
	event := "DTSTART:20260101\nDESCRIPTION:" + strings.Repeat("y", 1000) + "\nSUMMARY:" + strings.Repeat("x", rest)
	for more, want := range map[string]bool{"": true, "x": false} {
		if _, ok := read(feed(event+more), 2026, 2026); ok != want {
			t.Errorf("an event of %d bytes: %v", 1<<20+len(more), ok)
		}
	}
	small := feed("DTSTART:20260101")
	whole := small + strings.Repeat("\n", 4<<20-len(small))
	for more, want := range map[string]bool{"": true, "\n": false} {
		if _, ok := read(whole+more, 2026, 2026); ok != want {
			t.Errorf("a feed of %d bytes: %v", len(whole+more), ok)
		}
	}
}

// Holidays of one date are in order of their summaries, then as in the feed.
func TestFeedOrder(t *testing.T) {
	var events []string
	for i := range 40 {
		events = append(events, "DTSTART:20260101\nSUMMARY:"+string(rune('c'-i%3))+"\nDESCRIPTION:"+string(rune('A'+i)))
	}
	days, err := calendar.ReadHolidays(strings.NewReader(feed(events...)), 2026, 2026)
	if err != nil || len(days) != len(events) {
		t.Fatal(days, err)
	}
	for i := 1; i < len(days); i++ {
		if a, b := days[i-1], days[i]; a.Summary > b.Summary || a.Summary == b.Summary && a.Description >= b.Description {
			t.Errorf("%s%s is before %s%s", a.Summary, a.Description, b.Summary, b.Description)
		}
	}
}
