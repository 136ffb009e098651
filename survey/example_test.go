package survey_test

import (
	"fmt"

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
	// Output: CSAT (top 2 of 1–5) 80.0 %, 95 % 37.6 to 96.4 (wilson), n = 5
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
	// CSAT (top 2 of 1–5) 90.0 %, 95 % 82.6 to 94.5 (wilson), n = 100
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
	// NPS 25.0, 95 % −29.4 to 65.8 (adjusted_wald), n = 8 true
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
	// CES 2.0 5.67, 95 % 4.09 to 7.00 (student_t), n = 6
	// CES 1.0 2.50, 95 % 1.00 to 5.00 (student_t), n = 4
}

// A vendor's definition, and one's own.
func ExampleMeasure() {
	answers, err := survey.AnswersOf(survey.OneTo(5), []int64{1, 2, 3, 4, 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	own := survey.Definition{
		Name:      "Delighted",
		Scale:     survey.OneTo(5),
		Statistic: survey.PositiveShare,
		Positive:  survey.OneTo(5).Above(4),
	}
	for _, d := range []survey.Definition{survey.ZendeskCSAT.Definition(), survey.TrengoCSAT.Definition(), own} {
		index, err := survey.Measure(d, answers)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(index)
	}
	// Output:
	// CSAT (Zendesk, 1–5) 70.0 %, 95 % 48.1 to 85.5 (wilson), n = 20
	// CSAT (Trengo) 75.0 %, 95 % 60.3 to 89.7 (student_t), n = 20
	// Delighted 50 %, 95 % 30 to 70 (wilson), n = 20
}
