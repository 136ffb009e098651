package calendar_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// office is Monday to Friday with a lunch break, ten holidays a year.
func office() calendar.Config {
	day := []calendar.Hours{calendar.MustParseHours("08:00-12:00"), calendar.MustParseHours("13:00-17:00")}
	cfg := calendar.Config{Timezone: "America/New_York"}
	for d := time.Monday; d <= time.Friday; d++ {
		cfg.Weekly[d] = day
	}
	for _, s := range []string{"01-01", "01-20", "02-17", "05-26", "06-19", "07-04", "09-01", "11-11", "11-27", "12-25"} {
		md, err := calendar.ParseMonthDay(s)
		if err != nil {
			panic(err)
		}
		cfg.RecurringHolidays = append(cfg.RecurringHolidays, md)
	}
	return cfg
}

func mustNew(t testing.TB, cfg calendar.Config) *calendar.Calendar {
	t.Helper()
	cal, err := calendar.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// starts are instants of twenty years, so that no benchmark measures a single
// answer that the processor has learnt.
func starts() (list [256]time.Time) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range list {
		list[i] = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(20 * 365 * 24 * time.Hour))))
	}
	return list
}

var (
	sinkDuration time.Duration
	sinkTime     time.Time
	sinkBool     bool
)

func BenchmarkBetween(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	for _, span := range []struct {
		name string
		d    time.Duration
	}{
		{"hour", time.Hour},
		{"day", 24 * time.Hour},
		{"month", 30 * 24 * time.Hour},
		{"year", 365 * 24 * time.Hour},
		{"10years", 3652 * 24 * time.Hour},
	} {
		to := from
		for i := range to {
			to[i] = to[i].Add(span.d)
		}
		b.Run(span.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sinkDuration += cal.Between(from[i%len(from)], to[i%len(to)])
			}
		})
	}
}

func BenchmarkIsOpen(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		sinkBool = cal.IsOpen(from[i%len(from)])
	}
}

func BenchmarkDeadline(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	for _, budget := range []time.Duration{time.Hour, 8 * time.Hour, 40 * time.Hour, 2000 * time.Hour} {
		b.Run(fmt.Sprint(budget), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sinkTime, _ = cal.Deadline(from[i%len(from)], budget)
			}
		})
	}
}

func BenchmarkBefore(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		sinkTime, _ = cal.Before(from[i%len(from)], 8*time.Hour)
	}
}

func BenchmarkNextOpen(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		sinkTime, _ = cal.NextOpen(from[i%len(from)])
	}
}

func BenchmarkNextClose(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		sinkTime, _ = cal.NextClose(from[i%len(from)])
	}
}

func BenchmarkNew(b *testing.B) {
	without := office()
	without.RecurringHolidays = nil
	for _, c := range []struct {
		name string
		cfg  calendar.Config
	}{{"holidays=0", without}, {"holidays=10", office()}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				mustNew(b, c.cfg)
			}
			b.ReportMetric(retained(b, c.cfg), "B/calendar")
		})
	}
}

// retained returns the bytes that a calendar keeps.
func retained(b *testing.B, cfg calendar.Config) float64 {
	loc, err := time.LoadLocation(cfg.Timezone)
	if err != nil {
		b.Fatal(err)
	}
	cfg.Location = loc // shared: a zone is not part of the calendar
	const n = 100
	var before, after runtime.MemStats
	keep := make([]*calendar.Calendar, n)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range keep {
		keep[i] = mustNew(b, cfg)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(keep)
	return float64(after.HeapAlloc-before.HeapAlloc) / n
}

func BenchmarkDeadlineDays(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	for _, n := range []int{1, 250, 2500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sinkTime, _ = cal.DeadlineDays(from[i%len(from)], n)
			}
		})
	}
}

func BenchmarkDeadlineEndOfDay(b *testing.B) {
	cal := mustNew(b, office())
	from := starts()
	for _, n := range []int{0, 1, 2500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sinkTime, _ = cal.DeadlineEndOfDay(from[i%len(from)], n)
			}
		})
	}
}

// The first question about days makes their table.
func BenchmarkFirstDeadlineDays(b *testing.B) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for b.Loop() {
		cal := mustNew(b, office())
		sinkTime, _ = cal.DeadlineDays(at, 1)
	}
}
