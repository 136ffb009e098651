package survey_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/survey"
)

func Example() {
	answers, err := survey.NewAnswers(survey.OneTo(5), 5, 4, 4, 2, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	if csat, ok := survey.CSAT(answers); ok {
		fmt.Println(csat)
	}
	// Output: CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4, n = 5
}

func ExampleCSAT() {
	// The counts of the answers 1 to 5.
	answers, err := survey.AnswersOf(survey.OneTo(5), []int64{2, 3, 5, 40, 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	csat, ok := survey.CSAT(answers)
	if !ok {
		fmt.Println("nobody answered")
		return
	}
	fmt.Println(csat.Value)
	fmt.Println(csat)
	// Output:
	// 90 of 100
	// CSAT (top 2 of 1–5) 90.0 %, 95 % 82.6 to 94.5, n = 100
}

func ExampleNPS() {
	answers, err := survey.NewAnswers(survey.ZeroTo(10), 10, 9, 8, 6, 10, 3, 9, 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	nps, ok := survey.NPS(answers)
	fmt.Println(nps, ok)
	fmt.Println("promoters", nps.Positive(), "passives", nps.Neutral(), "detractors", nps.Negative())
	// Output:
	// NPS 25.0, 95 % −29.4 to 65.8, n = 8 true
	// promoters 4 of 8 passives 2 of 8 detractors 2 of 8
}

func ExampleCES() {
	// "They made it easy for me to handle my issue", 1 to 7.
	agreement, err := survey.NewAnswers(survey.OneTo(7), 7, 6, 6, 3, 5, 7)
	if err != nil {
		fmt.Println(err)
		return
	}
	ces, _ := survey.CES(agreement)
	fmt.Println(ces)

	// "How much effort did you have to put forth?", 1 to 5: less is better.
	effort, err := survey.NewAnswers(survey.OneTo(5).LowerIsBetter(), 1, 2, 2, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	ces, _ = survey.CES(effort)
	fmt.Println(ces)
	// Output:
	// CES 2.0 5.67, 95 % 4.09 to 7.00, n = 6
	// CES 1.0 2.50, 95 % 1.00 to 5.00, n = 4
}

// A vendor's definition (Trengo shows where the mean lies between 1 and 5), and
// one's own, with a strict threshold.
func ExampleMeasure() {
	answers, err := survey.AnswersOf(survey.OneTo(5), []int64{1, 2, 3, 4, 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	trengo := survey.Definition{
		Name:      "CSAT (Trengo)",
		Source:    "Trengo: (average − 1)/4 · 100",
		Scale:     survey.OneTo(5),
		Statistic: survey.NormalisedMean,
		Places:    1,
	}
	own := survey.Definition{
		Name:      "Delighted",
		Scale:     survey.OneTo(5),
		Statistic: survey.PositiveShare,
		Positive:  survey.OneTo(5).Above(4),
	}
	for _, d := range []survey.Definition{survey.TopBox(survey.OneTo(5), 2), trengo, own} {
		index, err := survey.Measure(d, answers)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(index)
	}
	// Output:
	// CSAT (top 2 of 1–5) 70.0 %, 95 % 48.1 to 85.5, n = 20
	// CSAT (Trengo) 75.0 %, 95 % 60.3 to 89.7, n = 20
	// Delighted 50 %, 95 % 30 to 70, n = 20
}

func ExampleCompare() {
	before, err := survey.AnswersOf(survey.OneTo(5), []int64{10, 14, 28, 74, 74})
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := survey.AnswersOf(survey.OneTo(5), []int64{8, 12, 24, 72, 88})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := survey.CSAT(before)
	a, _ := survey.CSAT(after)
	c, err := survey.Compare(b, a)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	fmt.Println(c.Conclusion)
	// Output:
	// up 4.4 points, 95 % −3.9 to 12.8: not distinguishable from no change
	// not distinguishable
}

func ExampleRetention() {
	retention, err := survey.Retention(1000, 1050, 150)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(retention)
	fmt.Println(retention.Complement("churn"))
	// Output:
	// retention 90.0 %, 95 % 88.0 to 91.7, n = 1000
	// churn 10.0 %, 95 % 8.3 to 12.0, n = 1000
}

func ExampleCohortRetention() {
	// By the month in which they came, how many were customers in each month of
	// their life.
	rates, err := survey.CohortRetention([][]int64{{100, 80, 65, 60}, {120, 90, 70}, {90, 81}, {110}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rates {
		fmt.Println(r)
	}
	// Output:
	// retention at age 0 100.0 %, 95 % 99.1 to 100.0, n = 420
	// retention at age 1 81.0 %, 95 % 76.2 to 84.9, n = 310
	// retention at age 2 61.4 %, 95 % 54.8 to 67.6, n = 220
	// retention at age 3 60.0 %, 95 % 50.2 to 69.1, n = 100
}

// Work engagement by team; teams of fewer than five are not shown.
func ExampleQuestionnaire_Profile() {
	teams := map[string][][]int{"night": {{1, 1, 2, 1, 0, 2, 3, 2, 1}}}
	for i := range 6 {
		teams["chat"] = append(teams["chat"], []int{4, 5, 5, 4 + i%2, 3, 5, 5, 4, 4})
		teams["email"] = append(teams["email"], []int{3, 3, 4, 4, 2 + i%3, 3, 4, 3, 3})
	}
	for i := range 7 {
		teams["phone"] = append(teams["phone"], []int{5, 4, 5, 5, 4 + i%2, 5, 6, 5, 4})
	}
	profiles, err := survey.UWES9().Profile(5, teams)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range profiles {
		if p.Suppressed {
			fmt.Println(p.Group, "is not shown")
			continue
		}
		vigor, total := p.Dimensions[0], p.Dimensions[3]
		fmt.Printf("%s: n = %d, vigor %.2f, all %.2f\n", p.Group, p.N, vigor.Mean.Estimate, total.Mean.Estimate)
	}
	// Output:
	// chat is not shown
	// email: n = 6, vigor 3.00, all 3.33
	// night is not shown
	// phone: n = 7, vigor 4.48, all 4.83
	// all: n = 20, vigor 3.70, all 4.08
}

func ExampleResponses() {
	responses, err := survey.NewResponses(survey.Question{ID: "after chat", Definition: survey.TopBox(survey.OneTo(5), 2)})
	if err != nil {
		fmt.Println(err)
		return
	}
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i, r := range []struct {
		source     survey.Source
		respondent string
		answer     string
	}{
		{"in_app", "ann", "2"}, {"email", "bob", "5"}, {"phone", "ann", "4"}, {"email", "eve", "great"}, {"in_app", "dan", ""},
	} {
		err := responses.AddText(survey.Response{Source: r.source, Respondent: r.respondent, At: day.AddDate(0, 0, i)}, r.answer)
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	index, err := responses.Index()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(index)
	// Output: CSAT (top 2 of 1–5) 100.0 %, 95 % 34.2 to 100.0, n = 2 (left out: 1 unanswered, 1 unreadable, 1 superseded)
}

func ExampleQuestionnaire_Reliability() {
	q := survey.Questionnaire{
		Name:  "Support",
		Scale: survey.OneTo(5),
		Items: []survey.Item{{Name: "fast"}, {Name: "friendly"}, {Name: "had to ask twice", Reversed: true}},
	}
	r, err := q.Reliability([][]int{
		{4, 4, 1}, {5, 4, 1}, {3, 3, 4}, {4, 5, 2}, {2, 2, 5}, {5, 5, 2}, {4, 3, 2}, {1, 2, 5}, {3, survey.Missing, 3},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("alpha %.2f (95 %% %.2f to %.2f), n = %d, left out: %v\n", r.Alpha, r.AlphaLow, r.AlphaHigh, r.N, r.LeftOut)
	// Output: alpha 0.94 (95 % 0.78 to 0.99), n = 8, left out: 1 too_few_items
}

func ExampleFeedback() {
	var f survey.Feedback
	if err := f.AddContacts(1200); err != nil {
		fmt.Println(err)
		return
	}
	if err := f.Add(survey.Thanks, 15); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f)
	// Output: 1200 contacts; per 1,000 of them: thanks 12.5 (95 % 7.0 to 20.6)
}
