package calendar_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// feed wraps properties of events, one event each, in a calendar.
func feed(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\n" + e + "\nEND:VEVENT\n")
	}
	b.WriteString("END:VCALENDAR\n")
	return b.String()
}

func dates(days []calendar.Holiday) string {
	var list []string
	for _, d := range days {
		list = append(list, d.Date.String())
	}
	return strings.Join(list, " ")
}

func TestReadHolidays(t *testing.T) {
	for _, tt := range []struct {
		name  string
		event string
		want  string // from 2024 to 2027
	}{
		{"one day", "DTSTART;VALUE=DATE:20260403", "2026-04-03"},
		{"DTEND is exclusive", "DTSTART;VALUE=DATE:20260403\nDTEND;VALUE=DATE:20260404", "2026-04-03"},
		{"several days", "DTSTART;VALUE=DATE:20260228\nDTEND;VALUE=DATE:20260302", "2026-02-28 2026-03-01"},
		{"duration of days", "DTSTART;VALUE=DATE:20260403\nDURATION:P2D", "2026-04-03 2026-04-04"},
		{"duration of weeks", "DTSTART;VALUE=DATE:20260403\nDURATION:P1W",
			"2026-04-03 2026-04-04 2026-04-05 2026-04-06 2026-04-07 2026-04-08 2026-04-09"},
		{"clipped to the years", "DTSTART;VALUE=DATE:20271230\nDURATION:P5D", "2027-12-30 2027-12-31"},
		{"from the year before", "DTSTART;VALUE=DATE:20231230\nDURATION:P5D", "2024-01-01 2024-01-02 2024-01-03"},
		{"TZID of a date", "DTSTART;TZID=Europe/Berlin;VALUE=DATE:20260403", "2026-04-03"},
		{"no VALUE", "DTSTART:20260403", "2026-04-03"},
		{"cancelled", "DTSTART;VALUE=DATE:20260403\nSTATUS:CANCELLED", ""},
		{"confirmed", "DTSTART;VALUE=DATE:20260403\nSTATUS:CONFIRMED", "2026-04-03"},
		{"transparent", "DTSTART;VALUE=DATE:20260403\nTRANSP:TRANSPARENT", "2026-04-03"},
		{"alarm", "DTSTART;VALUE=DATE:20260403\nBEGIN:VALARM\nDURATION:PT15M\nTRIGGER:-P1D\nEND:VALARM", "2026-04-03"},
		{"yearly", "DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY", "2024-12-25 2025-12-25 2026-12-25 2027-12-25"},
		{"yearly over the year", "DTSTART;VALUE=DATE:20201231\nDTEND;VALUE=DATE:20210102\nRRULE:FREQ=YEARLY;COUNT=6",
			"2024-01-01 2024-12-31 2025-01-01 2025-12-31 2026-01-01"},
		{"leap day", "DTSTART;VALUE=DATE:20200229\nRRULE:FREQ=YEARLY", "2024-02-29"},
		{"count", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY;COUNT=2", "2024-12-25 2025-12-25"},
		{"count from before", "DTSTART;VALUE=DATE:20221225\nRRULE:FREQ=YEARLY;COUNT=3", "2024-12-25"},
		{"until is inclusive", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY;UNTIL=20261225", "2024-12-25 2025-12-25 2026-12-25"},
		{"until the day before", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY;UNTIL=20261224", "2024-12-25 2025-12-25"},
		{"interval", "DTSTART;VALUE=DATE:20211225\nRRULE:FREQ=YEARLY;INTERVAL=2", "2025-12-25 2027-12-25"},
		{"fourth Thursday", "DTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
			"2024-11-28 2025-11-27 2026-11-26 2027-11-25"},
		{"last Monday", "DTSTART;VALUE=DATE:20200525\nRRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5", "2024-05-27 2025-05-26 2026-05-25 2027-05-31"},
		{"day of the year", "DTSTART;VALUE=DATE:20250106\nRRULE:FREQ=YEARLY;BYDAY=1MO", "2025-01-06 2026-01-05 2027-01-04"},
		{"last day of the year", "DTSTART;VALUE=DATE:20241229\nRRULE:FREQ=YEARLY;BYDAY=-1SU", "2024-12-29 2025-12-28 2026-12-27 2027-12-26"},
		{"Tuesday after the first Monday", "DTSTART;VALUE=DATE:20241105\nRRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
			"2024-11-05 2026-11-03"},
		{"two months", "DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=YEARLY;BYMONTH=5,8;WKST=MO", "2026-05-01 2026-08-01 2027-05-01 2027-08-01"},
		{"last of a month", "DTSTART;VALUE=DATE:20260228\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2026-02-28 2027-02-28"},
		{"a day of each month", "DTSTART;VALUE=DATE:20271001\nRRULE:FREQ=YEARLY;BYMONTHDAY=1", "2027-10-01 2027-11-01 2027-12-01"},
		{"a day that months lack", "DTSTART;VALUE=DATE:20270131\nRRULE:FREQ=YEARLY;BYMONTH=1,2,3", "2027-01-31 2027-03-31"},
		{"exdate", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20251225,20261225", "2024-12-25 2027-12-25"},
		{"exdate counts", "DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY;COUNT=2\nEXDATE;VALUE=DATE:20241225", "2025-12-25"},
		{"rdate", "DTSTART;VALUE=DATE:20241225\nRDATE;VALUE=DATE:20250101,20260101", "2024-12-25 2025-01-01 2026-01-01"},
		{"lower case", "dtstart;value=date:20241225\nrrule:freq=yearly;count=1", "2024-12-25"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			published := strings.Replace(feed(tt.event), "VERSION:2.0", "METHOD:PUBLISH", 1)
			for _, s := range []string{feed(tt.event), strings.ReplaceAll(feed(tt.event), "\n", "\r\n"), "\ufeff" + published + "\n"} {
				days, err := calendar.ReadHolidays(iotest.OneByteReader(strings.NewReader(s)), 2024, 2027)
				if err != nil || dates(days) != tt.want {
					t.Errorf("got %q, %v, want %q", dates(days), err, tt.want)
				}
			}
		})
	}
}

func TestReadHolidaysText(t *testing.T) {
	in := feed("DTSTART;VALUE=DATE:20260403\nSUMMARY;LANGUAGE=\"de:DE;x\":Kar\n freitag\\, stiller\n\t Tag\\; \\\\o\\nzwei\nCATEGORIES:A\\,B,C\nCATEGORIES:D\nDESCRIPTION:frei") // folded within a word
	days, err := calendar.ReadHolidays(strings.NewReader(in), 2026, 2026)
	if err != nil || len(days) != 1 {
		t.Fatal(days, err)
	}
	if got, want := days[0].Summary, "Karfreitag, stiller Tag; \\o\nzwei"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
	if got, want := days[0].Categories, []string{"A,B", "C", "D"}; !slices.Equal(got, want) {
		t.Errorf("categories %q, want %q", got, want)
	}
	if got := days[0].Description; got != "frei" {
		t.Errorf("description %q", got)
	}
}

func TestReadHolidaysErrors(t *testing.T) {
	for _, tt := range []struct{ name, feed, want string }{
		{"nothing", "", "line 1: bad holiday feed: no VCALENDAR"},
		{"cut off", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "line 2: bad holiday feed: ends inside \"VEVENT\""},
		{"no event", "BEGIN:VEVENT\n", `line 1: bad holiday feed: out of place: "BEGIN:VEVENT"`},
		{"crossed", "BEGIN:VCALENDAR\nEND:VEVENT\n", `line 2: bad holiday feed: END without BEGIN: "END:VEVENT"`},
		{"text", "hello\n", `line 1: bad holiday feed: not a property: "hello"`},
		{"outside", "X-A:b\n", `line 1: bad holiday feed: outside VCALENDAR: "X-A:b"`},
		{"cancellation", "BEGIN:VCALENDAR\nMETHOD:CANCEL\n", `line 2: bad holiday feed: a cancellation of events: "METHOD:CANCEL"`},
		{"no start", feed("SUMMARY:x"), `line 10: bad holiday feed: an event without DTSTART: "BEGIN:VEVENT"`},
		{"timed", feed("DTSTART:20260403T090000Z"), `line 11: bad holiday feed: DTSTART is no date, and only all-day events are understood: "DTSTART:20260403T090000Z"`},
		{"timed by type", feed("DTSTART;VALUE=DATE-TIME:20260403"), "line 11: bad holiday feed: VALUE=\"DATE-TIME\", and only all-day events"},
		{"no such day", feed("DTSTART;VALUE=DATE:20260230"), "line 11: bad holiday feed: DTSTART is no date"},
		{"two starts", feed("DTSTART;VALUE=DATE:20260403\nDTSTART;VALUE=DATE:20260404"), "line 12: bad holiday feed: second DTSTART"},
		{"empty", feed("DTSTART;VALUE=DATE:20260403\nDTEND;VALUE=DATE:20260403"), "line 12: bad holiday feed: ends before it begins"},
		{"end and duration", feed("DTSTART;VALUE=DATE:20260403\nDTEND;VALUE=DATE:20260404\nDURATION:P1D"), "line 13: bad holiday feed: both DTEND and DURATION"},
		{"hours", feed("DTSTART;VALUE=DATE:20260403\nDURATION:PT24H"), "line 12: bad holiday feed: not a number of days or weeks"},
		{"too long", feed("DTSTART;VALUE=DATE:20260403\nDURATION:P367D"), "line 12: bad holiday feed: longer than a year"},
		{"monthly", feed("DTSTART;VALUE=DATE:20260403\nRRULE:FREQ=MONTHLY"), "line 12: bad holiday feed: \"FREQ=MONTHLY\" is not understood"},
		{"week numbers", feed("DTSTART;VALUE=DATE:20260403\nRRULE:FREQ=YEARLY;BYWEEKNO=20"), "line 12: bad holiday feed: \"BYWEEKNO=20\" is not understood"},
		{"until a time", feed("DTSTART;VALUE=DATE:20260403\nRRULE:FREQ=YEARLY;UNTIL=20300101T000000Z"), "line 12: bad holiday feed: \"UNTIL=20300101T000000Z\" is not"},
		{"count and until", feed("DTSTART;VALUE=DATE:20260403\nRRULE:FREQ=YEARLY;COUNT=1;UNTIL=20300101"), "line 12: bad holiday feed: both COUNT and UNTIL"},
		{"repeated", feed("DTSTART;VALUE=DATE:20260403\nRRULE:FREQ=YEARLY;COUNT=1;COUNT=2"), "line 12: bad holiday feed: repeated \"COUNT\""},
		{"no frequency", feed("DTSTART;VALUE=DATE:20260403\nRRULE:COUNT=1"), "line 12: bad holiday feed: no FREQ"},
		{"out of step", feed("DTSTART;VALUE=DATE:20201125\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), "line 12: bad holiday feed: DTSTART does not follow the rule"},
		{"one occurrence", feed("DTSTART;VALUE=DATE:20260403\nRECURRENCE-ID;VALUE=DATE:20260402\nSTATUS:CANCELLED"), "line 12: bad holiday feed: a changed occurrence"},
		{"exrule", feed("DTSTART;VALUE=DATE:20260403\nEXRULE:FREQ=YEARLY"), "line 12: bad holiday feed: EXRULE"},
		{"exdate with a time", feed("DTSTART;VALUE=DATE:20260403\nEXDATE:20260403T000000"), "line 12: bad holiday feed: EXDATE is no date"},
		{"rdate with a period", feed("DTSTART;VALUE=DATE:20260403\nRDATE;VALUE=PERIOD:20260403T000000/PT1H"), "line 12: bad holiday feed: VALUE=\"PERIOD\""},
		{"parameter", feed("DTSTART;VALUE:20260403"), "line 11: bad holiday feed: parameter without a value"},
		{"fifth day of a week", feed("DTSTART;VALUE=DATE:20260403\nRRULE:FREQ=YEARLY;BYDAY=0FR"), "line 12: bad holiday feed: \"BYDAY=0FR\" is not"},
		{"parameter without an end", feed("DTSTART;VALUE=DATE"), "line 11: bad holiday feed: not a property"},
		{"quotes without an end", feed("DTSTART;X=\"a:20260403"), "line 11: bad holiday feed: not a property"},
		{"several starts", feed("DTSTART:20260403,20260404"), "line 11: bad holiday feed: DTSTART has several dates"},
		{"end with a time", feed("DTSTART:20260403\nDTEND:20260404T000000"), "line 12: bad holiday feed: DTEND is no date"},
		{"duration of nothing", feed("DTSTART:20260403\nDURATION:P0D"), "line 12: bad holiday feed: ends before it begins"},
		{"duration without P", feed("DTSTART:20260403\nDURATION:1D"), "line 12: bad holiday feed: not a number of days or weeks"},
		{"month 13", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYMONTH=4,13"), "line 12: bad holiday feed: \"BYMONTH=4,13\" is not"},
		{"month 0", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYMONTH=0"), "line 12: bad holiday feed: \"BYMONTH=0\" is not"},
		{"day 32", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYMONTHDAY=32"), "line 12: bad holiday feed: \"BYMONTHDAY=32\" is not"},
		{"day -32", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYMONTHDAY=-32"), "line 12: bad holiday feed: \"BYMONTHDAY=-32\" is not"},
		{"day 0", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYMONTHDAY=3,0"), "line 12: bad holiday feed: \"BYMONTHDAY=3,0\" is not"},
		{"no weekday", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYDAY=FR,"), "line 12: bad holiday feed: \"BYDAY=FR,\" is not"},
		{"unknown weekday", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYDAY=XX"), "line 12: bad holiday feed: \"BYDAY=XX\" is not"},
		{"54th Friday", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYDAY=54FR"), "line 12: bad holiday feed: \"BYDAY=54FR\" is not"},
		{"54th Friday from the end", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;BYDAY=-54FR"), "line 12: bad holiday feed: \"BYDAY=-54FR\" is not"},
		{"weeks that begin on no day", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;WKST=8"), "line 12: bad holiday feed: \"WKST=8\" is not"},
		{"interval 0", feed("DTSTART:20260403\nRRULE:FREQ=YEARLY;INTERVAL=0"), "line 12: bad holiday feed: \"INTERVAL=0\" is not"},
		{"long line", "BEGIN:VCALENDAR\nX:" + strings.Repeat("x", 1<<21), "line 2: bad holiday feed: line is too long"},
		{"long folds", "BEGIN:VCALENDAR\nX:" + strings.Repeat("x\n ", 1<<20), "line 2: bad holiday feed: line is too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			days, err := calendar.ReadHolidays(strings.NewReader(tt.feed), 2024, 2027)
			var located *calendar.FeedError
			if days != nil || !errors.Is(err, calendar.ErrFeed) || !errors.As(err, &located) {
				t.Fatalf("got %v, %v", days, err)
			}
			if !strings.HasPrefix(err.Error(), "calendar: "+tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := calendar.ReadHolidays(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(feed("")))), 2024, 2027); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a reader that fails gives %v", err)
	}
	for _, years := range [][2]int{{1899, 2000}, {2000, 2200}, {2001, 2000}} {
		if _, err := calendar.ReadHolidays(strings.NewReader(feed()), years[0], years[1]); !errors.Is(err, calendar.ErrDate) {
			t.Errorf("years %v: %v", years, err)
		}
	}
	if _, err := calendar.ReadHolidays(strings.NewReader(feed()), 1900, 2199); err != nil {
		t.Error(err)
	}
}

func FuzzReadHolidays(f *testing.F) {
	f.Add(feed("DTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEXDATE:20241128\nSUMMARY:a\\,b"))
	f.Add(feed("DTSTART;VALUE=DATE:20260403\nDURATION:P2W\nRDATE;VALUE=DATE:20270101"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20201231\nRRULE:FREQ=YEARLY;BYMONTHDAY=-1;INTERVAL=2;COUNT=7\nEXDATE:20220228\nEND:VEVENT\nEND:VCALENDAR\n")
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200101\nDTEND:20210101\nRRULE:FREQ=YEARLY;BYDAY=1WE,-1FR;UNTIL=20260101\nRDATE:20201010,20201010\nEND:VEVENT\nEND:VCALENDAR\n")
	f.Fuzz(func(t *testing.T, s string) {
		days, err := calendar.ReadHolidays(strings.NewReader(s), 2020, 2030)
		var located *calendar.FeedError
		if err != nil && (!errors.As(err, &located) || located.Line < 1 || errors.Is(err, io.EOF)) {
			t.Errorf("no place in %v", err)
		}
		if len(days) > 100_000 {
			t.Errorf("%d holidays", len(days))
		}
		checkPlain(t, s, days, err, 2020, 2030)
		for i, d := range days {
			if d.Date.Year < 2020 || d.Date.Year > 2030 || i > 0 && d.Date.Compare(days[i-1].Date) < 0 {
				t.Errorf("%v is out of order", d.Date)
			}
		}
	})
}
