package calendar_test

import (
	"encoding/json"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// A shop with a lunch break.
func Example() {
	var cfg calendar.Config
	err := json.Unmarshal([]byte(`{
		"timezone": "Europe/Berlin",
		"weekly": {
			"mon": [["09:00","12:30"],["13:30","18:00"]],
			"tue": [["09:00","12:30"],["13:30","18:00"]],
			"sat": [["10:00","14:00"]]
		},
		"recurring_holidays": ["12-25"]
	}`), &cfg)
	if err != nil {
		log.Fatal(err)
	}
	shop, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	asked := time.Date(2026, 3, 2, 12, 0, 0, 0, shop.Location())
	answered := time.Date(2026, 3, 2, 14, 0, 0, 0, shop.Location())
	fmt.Println(answered.Sub(asked), "around the clock,", shop.Between(asked, answered), "in hours of service")
	// Output: 2h0m0s around the clock, 1h0m0s in hours of service
}

// A night desk: its nights are an hour shorter or longer when clocks change.
func ExampleCalendar_Between_night() {
	cfg := calendar.Config{Timezone: "Europe/Berlin"}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("22:00-06:00")}
	}
	desk, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	for _, date := range []string{"2026-03-27", "2026-03-28", "2026-10-24"} {
		noon, err := time.ParseInLocation("2006-01-02 15", date+" 12", desk.Location())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(date, desk.Between(noon, noon.AddDate(0, 0, 1)))
	}
	// Output:
	// 2026-03-27 8h0m0s
	// 2026-03-28 7h0m0s
	// 2026-10-24 9h0m0s
}

// Half a day on 24 December, of two years.
func ExampleConfig_overrides() {
	cfg := calendar.Config{
		Timezone:  "Europe/Vienna",
		Overrides: map[calendar.Date][]calendar.Hours{},
	}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("08:00-17:00")}
	}
	for year := 2025; year <= 2026; year++ {
		cfg.Overrides[calendar.Date{Year: year, Month: time.December, Day: 24}] = []calendar.Hours{calendar.MustParseHours("08:00-12:00")}
	}
	cal, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	from := time.Date(2026, 12, 23, 0, 0, 0, 0, cal.Location())
	for w := range cal.Windows(from, from.AddDate(0, 0, 3)) {
		fmt.Println(w.Start.Format("Mon 2 Jan 15:04"), "to", w.End.Format("15:04"))
	}
	// Output:
	// Wed 23 Dec 08:00 to 17:00
	// Thu 24 Dec 08:00 to 12:00
	// Fri 25 Dec 08:00 to 17:00
}

// A public holiday feed, of which only the days off are taken.
func ExampleReadHolidays() {
	const ics = `BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20101125
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH
SUMMARY:Thanksgiving
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20101031
RRULE:FREQ=YEARLY
SUMMARY:Halloween (observance)
END:VEVENT
END:VCALENDAR
`
	days, err := calendar.ReadHolidays(strings.NewReader(ics), 2026, 2027)
	if err != nil {
		log.Fatal(err)
	}
	var cfg calendar.Config
	for _, h := range days {
		if !strings.Contains(h.Summary, "observance") {
			cfg.Holidays = append(cfg.Holidays, h.Date)
		}
	}
	fmt.Println(cfg.Holidays)
	// Output: [2026-11-26 2027-11-25]
}

// When a ticket that arrives on Friday evening is due after eight hours.
func ExampleCalendar_Deadline() {
	cfg := calendar.Config{Timezone: "America/New_York"}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	cal, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	arrived := time.Date(2026, 3, 6, 16, 30, 0, 0, cal.Location())
	due, err := cal.Deadline(arrived, 8*time.Hour)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(due.Format("Mon 15:04 MST"))
	// Output: Mon 16:30 EDT
}

// The time that waits for the customer does not count.
func ExampleCalendar_BetweenWithHolds() {
	cfg := calendar.Config{Timezone: "UTC"}
	cfg.Weekly[time.Monday] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	cal, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	holds := []calendar.Window{{Start: at(11), End: at(13)}, {Start: at(16), End: at(22)}}
	fmt.Println(cal.BetweenWithHolds(at(9), at(20), holds))
	// Output: 5h0m0s
}

// A promise of two business days, over Easter.
func ExampleCalendar_DeadlineDays() {
	cfg := calendar.Config{
		Timezone: "Europe/Berlin",
		Holidays: []calendar.Date{calendar.MustParseDate("2026-04-03"), calendar.MustParseDate("2026-04-06")},
	}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	cal, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	for _, asked := range []time.Time{
		time.Date(2026, 4, 2, 15, 0, 0, 0, cal.Location()),
		time.Date(2026, 4, 4, 11, 0, 0, 0, cal.Location()), // counts as Tuesday at 9:00
	} {
		due, err := cal.DeadlineDays(asked, 2)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(asked.Format("Mon 2 Jan 15:04"), "is due", due.Format("Mon 2 Jan 15:04"))
	}
	// Output:
	// Thu 2 Apr 15:00 is due Wed 8 Apr 15:00
	// Sat 4 Apr 11:00 is due Wed 8 Apr 17:00
}

// A promise of an answer by the end of the next business day.
func ExampleCalendar_DeadlineEndOfDay() {
	cfg := calendar.Config{Timezone: "America/New_York", Holidays: []calendar.Date{calendar.MustParseDate("2026-05-25")}}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("09:00-17:00")}
	}
	cal, err := calendar.New(cfg)
	if err != nil {
		log.Fatal(err)
	}
	asked := time.Date(2026, 5, 22, 16, 30, 0, 0, cal.Location()) // Friday before Memorial Day
	due, err := cal.DeadlineEndOfDay(asked, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(due.Format("Mon 2 Jan 15:04"))
	// Output: Tue 26 May 17:00
}

// A holiday on Friday, and the nights around it.
func ExampleHolidayCloses() {
	cfg := calendar.Config{Timezone: "America/Chicago", Holidays: []calendar.Date{calendar.MustParseDate("2026-07-03")}}
	for d := range cfg.Weekly {
		cfg.Weekly[d] = []calendar.Hours{calendar.MustParseHours("22:00-06:00")}
	}
	for _, cfg.HolidayCloses = range []calendar.HolidayCloses{calendar.ClosesDate, calendar.ClosesShift} {
		desk, err := calendar.New(cfg)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(cfg.HolidayCloses)
		from := time.Date(2026, 7, 2, 12, 0, 0, 0, desk.Location())
		for w := range desk.Windows(from, from.AddDate(0, 0, 2)) {
			fmt.Println("\t", w.Start.Format("Mon 15:04"), "to", w.End.Format("Mon 15:04"))
		}
	}
	// Output:
	// date
	// 	 Thu 22:00 to Fri 00:00
	// 	 Sat 00:00 to Sat 06:00
	// shift
	// 	 Thu 22:00 to Fri 06:00
}
