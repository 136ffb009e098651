package surveyfile

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestParseMoment(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-02T09:30:00Z":           "2026-03-02 09:30:00",
		"2026-03-02T09:30:00.123+02:00":  "2026-03-02 07:30:00",
		"2026-03-02":                     "2026-03-02 00:00:00",
		"2026-3-2":                       "2026-03-02 00:00:00",
		"2022-10-04 19:50:52":            "2022-10-04 19:50:52", // SQL, Typeform, LimeSurvey, Qualtrics
		"2022-10-04 19:50:52.5 UTC":      "2022-10-04 19:50:52",
		"2022-10-04 19:50:52 -0730":      "2022-10-05 03:20:52",
		"2022-10-04 19:50":               "2022-10-04 19:50:00",
		"2022/10/17 6:31:58 PM EST":      "2022-10-17 23:31:58", // Google Forms
		"2026/03/02 9:30:00 AM GMT+1":    "2026-03-02 08:30:00",
		"2026/03/02 12:15:40 AM GMT+1":   "2026-03-01 23:15:40",
		"2026/03/02 12:15:40 PM GMT":     "2026-03-02 12:15:40",
		"2026/03/04 8:00:00 AM GMT+5:30": "2026-03-04 02:30:00",
		"2026/03/02 1:00:00 AM PDT":      "2026-03-02 08:00:00",
		"02.03.2026 09:30":               "2026-03-02 09:30:00",
		"2.3.2026, 9:30":                 "2026-03-02 09:30:00",
		"2 Mar 2026":                     "2026-03-02 00:00:00",
		"02-Mar-2026 09:30":              "2026-03-02 09:30:00",
		"Mon, 2 March 2026 at 9:30 pm":   "2026-03-02 21:30:00",
		"Mar 2, 2026, 9:30 a.m.":         "2026-03-02 09:30:00",
		"March 2nd, 2026":                "2026-03-02 00:00:00",
		"Sept 2, 2026":                   "2026-09-02 00:00:00",
		"1772443800":                     "2026-03-02 09:30:00", // Unix, as the API of Delighted writes
		"1772443800000":                  "2026-03-02 09:30:00",
	} {
		m, ok := parseMoment(text)
		if !ok || m.open {
			t.Errorf("%q: %+v, %v", text, m, ok)
			continue
		}
		if at, ok := m.in(unknownOrder); !ok || at.Format(time.DateTime) != want || at.Location() != time.UTC {
			t.Errorf("%q is %v, want %s", text, at, want)
		}
	}
	for _, text := range []string{
		"", "noon", "yesterday", "12", "2026", "2026-03", "2026-02-30", "2026-13-01", "0000-01-01", "30.02.2026", "13/13/2026", "2/3/26",
		"2026-03-02 24:00", "2026-03-02 09:60", "2026-03-02 09:30:60", "2026-03-02 13:00 PM", "2026-03-02 0:30 AM", "2026-03-02 09:30 CET",
		"2026-03-02 09:30 +15:00", "2026-03-02 09:30 GMT+1:60", "2 Mai 2026", "Mar 32, 2026", "177244380", "17724438000", "09:30", "1/2/3/2026",
	} {
		if m, ok := parseMoment(text); ok {
			t.Errorf("%q is %+v", text, m)
		}
	}
}

// All days of some years are read in each form, and no others.
func TestParseMomentDays(t *testing.T) {
	for _, year := range []int{1900, 2000, 2023, 2024} {
		for month := 0; month <= 13; month++ {
			for day := 0; day <= 32; day++ {
				at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
				real := at.Year() == year && int(at.Month()) == month && at.Day() == day
				for _, text := range []string{fmt.Sprintf("%d-%02d-%02d", year, month, day), fmt.Sprintf("%d.%d.%d", day, month, year)} {
					m, ok := parseMoment(text)
					got, _ := m.in(unknownOrder)
					if ok != real || ok && !got.Equal(at) {
						t.Fatalf("%q is %v, %v", text, got, ok)
					}
				}
				c, _, err := clockOf([]string{fmt.Sprintf("%d/%d/%d", month, day, year), "12/31/2020"}, "")
				if err != nil {
					if !real && strings.Contains(err.Error(), "two forms") {
						continue // 13/1 has the day first
					}
					t.Fatal(err)
				}
				if got, ok := c(fmt.Sprintf("%d/%d/%d", month, day, year)); ok != real || ok && !got.Equal(at) {
					t.Fatalf("%d/%d/%d is %v, %v", month, day, year, got, ok)
				}
			}
		}
	}
}

func TestClock(t *testing.T) {
	for _, tt := range []struct {
		texts  string // the column; the first is read
		format string
		want   string // the day, or the error
	}{
		{"03/02/2026 09:30:00 AM|16/03/2026", "", "2026-02-03"},
		{"03/02/2026 09:30:00 AM|03/16/2026", "", "2026-03-02"},
		{"03-02-2026|NA||x|31-01-2026", "", "2026-02-03"},
		{"03/03/2026|01/01/2026", "", "2026-03-03"},
		{"03.02.2026|31/01/2026|02/05/2026", "", "2026-02-03"},
		{"03/02/2026|2026-03-02", "", `in "03/02/2026" either the day or the month is first; say which, such as -time-format DD/MM/YYYY`},
		{"13/02/2026|02/13/2026", "", "the column has two forms of dates"},
		{"NA|noon|midnight", "", `"noon" is not a time in a form that is known`},
		{"NA|", "", "no time"},
		{"x|2026-03-02", "", "no time"},
		{"03/02/2026 09:30:00 AM", "DD/MM/YYYY", "2026-02-03"},
		{"03/02/2026 09:30", "MM/DD/YYYY", "2026-03-02"},
		{"3/2/2026", "MM/DD/YYYY", "2026-03-02"},
		{"03/02/26 9:30", "D/M/YY H:mm", "2026-02-03"},
		{"3 Feb 2026", "DD MMM YYYY", "2026-02-03"},
		{"20260302", "20060102", "2026-03-02"},
		{"02|03|2026", "DD/MM/YYYY", `no time is in the form -time-format DD/MM/YYYY: the first is "02"`},
		{"03/02/2026 9:30 PM", "MM/DD/YYYY hh:mm AM", "2026-03-02"},
		{"", "DD/MM/YYYY", "no time"},
	} {
		texts := strings.Split(tt.texts, "|")
		got := "no time"
		c, _, err := clockOf(texts, tt.format)
		if err != nil {
			got = err.Error()
		} else if at, ok := c(texts[0]); ok {
			got = at.Format(time.DateOnly)
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%q by %q: %s, want %s", tt.texts, tt.format, got, tt.want)
		}
	}
}

// A column of times that can't be read is an error only where times are needed.
func TestTimesNotNeeded(t *testing.T) {
	const text = "nps,at\n9,03/02/2026\n8,04/02/2026\n"
	f, err := Read([]byte(text), Form{})
	if err != nil || !strings.Contains(strings.Join(f.Notes, " "), `The times in column 2 "at" were not read: in "03/02/2026" either`) || !f.Questions[0].Answers[0].At.IsZero() {
		t.Errorf("%+v, %v", f, err)
	}
	if len(f.Problems) > 0 {
		t.Error(f.Problems)
	}
	if _, err := Read([]byte(text), Form{NeedTimes: true}); err == nil {
		t.Error("no error")
	}
	if f, err := Read([]byte(text), Form{NeedTimes: true, TimeFormat: "DD/MM/YYYY"}); err != nil || f.Questions[0].Answers[1].At.Month() != time.February {
		t.Error(f, err)
	}
	// A format that the user gives is not passed over.
	if _, err := Read([]byte(text), Form{TimeFormat: "YYYY-MM-DD"}); err == nil {
		t.Error("no error")
	}
	// Of single times that are wrong, the lines are told, and the answers count.
	f, err = Read([]byte("nps,at\n9,2026-03-02\n8,soon\n7,\n"), Form{NeedTimes: true})
	if err != nil || len(f.Problems) != 1 || f.Problems[0].String() != `line 3: at: "soon" is not read as a time; the answer counts, but in no period` || len(f.Questions[0].Answers) != 3 || f.Lost != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}
