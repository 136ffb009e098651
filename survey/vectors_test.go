package survey_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/servicequality/servicequality/survey"
)

// vector is a row of testdata/vectors.json: numbers of other programs and of
// published tables, each with its source. A row's id names it in a failure.
type vector struct {
	ID, What, Source string
	Input, Params    json.RawMessage
	Expected         map[string]json.RawMessage
}

// vectors returns the rows about what, of which there must be at least one.
func vectors(t testing.TB, what string) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all, found []vector
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.What == what {
			found = append(found, v)
		}
	}
	if len(found) == 0 {
		t.Fatalf("no vectors about %q", what)
	}
	return found
}

// decode reads input and params into one struct.
func (v vector) decode(t testing.TB, into any) {
	t.Helper()
	for _, raw := range []json.RawMessage{v.Input, v.Params} {
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatalf("%s: %v", v.ID, err)
		}
	}
}

// expect reads an expected value.
func (v vector) expect(t testing.TB, key string, into any) {
	t.Helper()
	askedFor.Store(v.ID+" "+key, true)
	if err := json.Unmarshal(v.Expected[key], into); err != nil {
		t.Fatalf("%s: %s: %v", v.ID, key, err)
	}
}

// number returns an expected number.
func (v vector) number(t testing.TB, key string) float64 {
	t.Helper()
	var f float64
	v.expect(t, key, &f)
	return f
}

// numbers returns expected numbers.
func (v vector) numbers(t testing.TB, key string) []float64 {
	t.Helper()
	var f []float64
	v.expect(t, key, &f)
	return f
}

// near reports whether got is within 1e-9 of want, relatively, or absolutely
// where want is small.
func near(got, want float64) bool { return within(got, want, 1e-9) }

func within(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(math.Abs(want), 1e-3)
}

// attitude returns the answers of testdata/attitude.csv: Chatterjee & Price,
// Regression Analysis by Example (1977), 30 departments, percent favourable.
func attitude(t testing.TB) (items []string, rows [][]int) {
	t.Helper()
	f, err := os.Open("testdata/attitude.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := make([]int, len(line))
		for i, field := range line {
			if row[i], err = strconv.Atoi(field); err != nil {
				t.Fatal(err)
			}
		}
		rows = append(rows, row)
	}
	return lines[0], rows
}

// must returns v; it is for literals in tests.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// answersOf returns counts as answers on the scale.
func answersOf(t testing.TB, s survey.Scale, counts ...int64) survey.Answers {
	t.Helper()
	a, err := survey.AnswersOf(s, counts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// nps returns answers with the given numbers of detractors, passives and
// promoters.
func nps(t testing.TB, detractors, passives, promoters int64) survey.Answers {
	t.Helper()
	return answersOf(t, survey.ZeroTo(10), detractors, 0, 0, 0, 0, 0, 0, passives, 0, promoters, 0)
}
