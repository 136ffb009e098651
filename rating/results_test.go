package rating_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/servicequality/servicequality/rating"
)

var longFloat = regexp.MustCompile(`:-?\d\.\d{10,}(e-\d+)?`)

// TestResultsWire freezes the JSON of what the package returns.
func TestResultsWire(t *testing.T) {
	card := sampleCard(t)
	review := rating.Review{
		Conversation: "17", Agent: "ana", Reviewer: "rosa",
		Marks: map[string]int{"empathy": 4, "right": 2, "privacy": 0}, NotApplicable: []string{"greeting", "spare"},
	}
	other := review
	other.Reviewer, other.Marks = "tom", map[string]int{"empathy": 2, "right": 2, "privacy": 1}
	second, third := review, other
	second.Conversation, third.Conversation = "18", "18"
	second.Marks = map[string]int{"empathy": 3, "right": 0, "privacy": 1}
	third.Marks = second.Marks
	var lines []byte
	for _, v := range []any{
		valueOf(rating.Rank(map[string]rating.Distribution{"a": counted(0, 0, 0, 0, 2), "b": {}}, rating.BayesianAverage{Mean: ratio(4, 1), Weight: 4}))(t),
		review,
		valueOf(card.Score(review))(t),
		valueOf(card.Score(third))(t),
		valueOf(card.Calibrate([]rating.Review{review, other, second, third}, "rosa", "tom", 0.95))(t),
		sampleLadder(t).Climb(rating.Facts{"answered": ratio(19, 20), "wait": ratio(90, 1)}),
		rating.BayesianAverage{Mean: ratio(4, 1), Weight: 20}, rating.DirichletBound{},
	} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		// Machines that fuse multiplications differ in the last digits.
		text = longFloat.ReplaceAllFunc(text, func(number []byte) []byte {
			f, _ := strconv.ParseFloat(string(number[1:]), 64)
			return strconv.AppendFloat([]byte(":"), f, 'g', 9, 64)
		})
		lines = append(append(lines, text...), '\n')
	}
	const path = "testdata/results.jsonl"
	if *update {
		if err := os.WriteFile(path, lines, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(lines) != string(want) {
		t.Errorf("%v\ngot\n%swant\n%s", err, lines, want)
	}
}
