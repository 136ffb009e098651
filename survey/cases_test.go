package survey_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/survey"
)

// each runs a check for every row of testdata/cases.json: a public bug report, with the
// input and the result that is right. A row without a check fails, and so does a check
// without a row.
func each(t *testing.T, checks map[string]func(*testing.T)) {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ ID, Source, Input, Reason string }
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		check := checks[row.ID]
		if check == nil {
			t.Errorf("%s: no check of %s", row.ID, row.Input)
			continue
		}
		delete(checks, row.ID)
		t.Run(row.ID, check)
	}
	for id := range checks {
		t.Errorf("%s: no such row", id)
	}
}

func TestCases(t *testing.T) {
	recommended := func(list ...survey.Response) *survey.Responses {
		r := must(survey.NewResponses(survey.Question{ID: "nps", Definition: survey.NetPromoter()}))
		for _, x := range list {
			if err := r.Add(x); err != nil {
				t.Fatal(err)
			}
		}
		return r
	}
	counts := func(t *testing.T, r *survey.Responses, leftOut string, want ...int64) {
		t.Helper()
		if a := r.Answers(); !slices.Equal(a.Counts(), want) || a.LeftOut().String() != leftOut {
			t.Errorf("%v, left out %v; want %v, %s", a.Counts(), a.LeftOut(), want, leftOut)
		}
	}
	each(t, map[string]func(*testing.T){
		"weighted-unanimous": func(t *testing.T) {
			r := recommended(survey.Response{Value: 10}, survey.Response{Value: 10}, survey.Response{Value: 9}, survey.Response{Value: 9, Weight: 1}, survey.Response{Value: 10})
			w, x := must(r.Weighted()), must(r.Index())
			if w.Interval != x.Interval || !near(w.EffectiveN, 5) || !strings.Contains(w.String(), "17.5 to 100.0") {
				t.Errorf("%v, unweighted %v", w, x)
			}
		},
		"nps-interval-without-estimate": func(t *testing.T) {
			for n := int64(1); n <= 40; n++ {
				for _, level := range []float64{0.5, 0.8, 0.9, 0.95, 0.99} {
					for _, a := range []survey.Answers{nps(t, 0, 0, n), nps(t, n, 0, 0), nps(t, 0, n, 0)} {
						x, _ := survey.NPS(a)
						if iv, err := x.IntervalAt(level, 0); err != nil || !iv.Contains(iv.Estimate) {
							t.Errorf("%v: %v, %v", x, iv, err)
						}
					}
				}
			}
		},
		"edited-no-instant": func(t *testing.T) {
			counts(t, collected(t, survey.Response{Source: "shop", ID: "2", Value: 5}, survey.Response{Source: "shop", ID: "2", Value: 2}), "1 repeated", 0, 1, 0, 0, 0)
		},
		"deleted-same-instant": func(t *testing.T) {
			row := survey.Response{Source: "shop", ID: "2", At: day(1), Value: 1}
			deleted := row
			deleted.Left = survey.Excluded
			counts(t, collected(t, row, deleted), "1 repeated, 1 excluded", 0, 0, 0, 0, 0)
		},
		"deleted": func(t *testing.T) {
			row := survey.Response{ID: "2", At: day(1), Value: 1}
			deleted := row
			deleted.Left, deleted.At = survey.Excluded, row.At.Add(2*time.Hour)
			counts(t, collected(t, survey.Response{ID: "1", Value: 5}, row, survey.Response{ID: "3", Value: 5}, deleted), "1 repeated, 1 excluded", 0, 0, 0, 0, 2)
		},
		"two-nps-surveys": func(t *testing.T) {
			first := must(survey.NewResponses(survey.Question{ID: "nps-2025", Definition: survey.NetPromoter()}))
			second := must(survey.NewResponses(survey.Question{ID: "nps-2026", Definition: survey.NetPromoter()}))
			err := first.Merge(second)
			if !errors.Is(err, survey.ErrMismatch) || !strings.Contains(err.Error(), `"nps-2025" and "nps-2026" have different IDs; their definitions are equal`) {
				t.Error(err)
			}
			// As one question, a person counts once.
			both := recommended(survey.Response{Respondent: "ann", At: day(1), Value: 3}, survey.Response{Respondent: "ann", At: day(2), Value: 9})
			if both.Answers().N() != 1 {
				t.Errorf("%v", both)
			}
		},
		"nps-half-points": func(t *testing.T) {
			r := recommended()
			for _, text := range []string{"6.5", "8.5", "9", "10", "7", "8", "11", "-1"} {
				if err := r.AddText(survey.Response{}, text); err != nil {
					t.Error(err)
				}
			}
			counts(t, r, "2 unreadable, 2 off_scale", 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1)
		},
		"float-answers": func(t *testing.T) {
			r := recommended()
			for _, text := range []string{"5.0", "10.0"} {
				if err := r.AddText(survey.Response{}, text); err != nil {
					t.Error(err)
				}
			}
			counts(t, r, "nothing", 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
		},
		"ctr": func(t *testing.T) {
			r := must(survey.Retention(730, 65, 0)) // 65 of 730, whatever it is called
			if want := "8.9 %, 95 % 7.0 to 11.2, n = 730"; !strings.HasSuffix(r.String(), want) {
				t.Errorf("%v, want %s", r, want)
			}
		},
		"alpha-order": func(t *testing.T) {
			q, rows := threeItems()
			turned := make([][]int, len(rows)) // the second item, not marked so
			back := make([][]int, len(rows))
			for i, row := range rows {
				turned[i] = []int{row[0], 6 - row[1], row[2]}
				back[i] = []int{row[2], 6 - row[1], row[0]}
			}
			a, b := must(q.Reliability(turned)), must(q.Reliability(back))
			for i := range 3 {
				if a.ByItem[i].Suspect != b.ByItem[2-i].Suspect {
					t.Errorf("item %d: %+v, in another order %+v", i, a.ByItem[i], b.ByItem[2-i])
				}
			}
			if !a.ByItem[1].Suspect {
				t.Errorf("%+v", a)
			}
		},
	})
}
