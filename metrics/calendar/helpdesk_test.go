package calendar_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// TestHelpdesks asks what the suites and documents of other helpdesks ask of a
// calendar alone.
func TestHelpdesks(t *testing.T) {
	data, err := os.ReadFile("testdata/helpdesk.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		ID, Source, Title string
		Calendar          calendar.Config
		Questions         []struct {
			Op         string
			Start, End time.Time
			BudgetS    int64 `json:"budget_s"`
			Holds      [][2]time.Time
			ExpectedS  int64 `json:"expected_s"`
			Expected   time.Time
		}
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 40 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, r := range rows {
		t.Run(r.ID, func(t *testing.T) {
			cal := mustNew(t, r.Calendar)
			for _, q := range r.Questions {
				budget := time.Duration(q.BudgetS) * time.Second
				var holds []calendar.Window
				for _, h := range q.Holds {
					holds = append(holds, calendar.Window{Start: h[0], End: h[1]})
				}
				var got time.Time
				var err error
				switch q.Op {
				case "between":
					if got, want := cal.Between(q.Start, q.End), time.Duration(q.ExpectedS)*time.Second; got != want {
						t.Errorf("Between(%s, %s) = %v, want %v", q.Start, q.End, got, want)
					}
					continue
				case "deadline":
					got, err = cal.DeadlineWithHolds(q.Start, budget, holds)
				case "before":
					got, err = cal.Before(q.Start, budget)
				case "next_open":
					got, err = cal.NextOpen(q.Start)
				default:
					t.Fatal(q.Op)
				}
				if err != nil || !got.Equal(q.Expected) {
					t.Errorf("%s(%s, %v) = %s, %v, want %s", q.Op, q.Start, budget, got, err, q.Expected)
				}
			}
		})
	}
}

// TestSkippedOpening says where this package differs from zendesk/biz
// (spec/time_spec.rb), which moves an opening at a skipped 02:30 to 03:30. Here
// the wall clock decides: it shows 03:00 next, and that is within the hours.
func TestSkippedOpening(t *testing.T) {
	cfg := calendar.Config{Timezone: "America/Los_Angeles"}
	cfg.Weekly[time.Sunday] = []calendar.Hours{calendar.MustParseHours("02:30-12:00")}
	cal := mustNew(t, cfg)
	midnight := time.Date(2014, 3, 9, 8, 0, 0, 0, time.UTC)
	want := time.Date(2014, 3, 9, 10, 0, 0, 0, time.UTC)
	if got, err := cal.NextOpen(midnight); err != nil || !got.Equal(want) {
		t.Errorf("NextOpen = %s, %v, want %s", got, err, want)
	}
	if got, want := cal.Between(midnight, midnight.Add(12*time.Hour)), 9*time.Hour; got != want {
		t.Errorf("Between = %v, want %v", got, want)
	}
}
