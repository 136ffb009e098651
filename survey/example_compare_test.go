package survey_test

import (
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// Two teams against a goal of 40.
func ExampleCompareGoal() {
	var indices []survey.Index
	for _, counts := range [][]int64{{9, 3, 5, 2, 4, 8, 10, 40, 61, 90, 168}, {1, 0, 2, 1, 2, 3, 5, 8, 8, 9, 11}} {
		answers, err := survey.AnswersOf(survey.ZeroTo(10), counts)
		if err != nil {
			fmt.Println(err)
			return
		}
		nps, _ := survey.NPS(answers)
		indices = append(indices, nps)
	}
	list, err := survey.CompareGoal(stat.Ratio{Part: 40, Whole: 100}, indices...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range list {
		fmt.Println(c)
	}
	// Output:
	// NPS 54.3, goal 40.0: reached by those who answered, 97.5 % 6.3 to 21.4 points from it: better than the goal
	// NPS 12.0, goal 40.0: not reached by those who answered, 95 % −50.5 to −6.9 points from it: worse than the goal
}

// The same customers before a training and after it.
func ExampleComparePairs() {
	round := func(answers map[string]int) *survey.Responses {
		r, err := survey.NewResponses(survey.Question{ID: "csat", Definition: survey.TopBox(survey.OneTo(5), 2)})
		if err != nil {
			panic(err)
		}
		for name, v := range answers {
			if err := r.Add(survey.Response{Respondent: name, Value: v}); err != nil {
				panic(err)
			}
		}
		return r
	}
	before := round(map[string]int{"ann": 2, "bob": 3, "cal": 3, "dan": 4, "eve": 1, "fay": 3, "gus": 5, "hal": 2, "ida": 3})
	after := round(map[string]int{"ann": 4, "bob": 4, "cal": 5, "dan": 5, "eve": 4, "fay": 4, "gus": 5, "hal": 4, "joe": 1})
	pairs, gone, joined := survey.Pairs(before, after)
	fmt.Println(len(pairs), "pairs,", gone, "gone,", joined, "new")
	c, err := survey.ComparePairs(before.Question().Definition, pairs...)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	fmt.Println(c.RankTest)
	// Output:
	// 8 pairs, 1 gone, 1 new
	// up 75.0 points, 95 % 18.2 to 92.9: better
	// signed_rank_exact, P = 0.0156
}

// 45 of a staff of 50 answered: little is uncertain. Once all have, nothing is.
func ExampleIndex_OfPopulation() {
	answers, err := survey.AnswersOf(survey.ZeroTo(10), []int64{1, 0, 1, 1, 0, 2, 3, 6, 9, 10, 12})
	if err != nil {
		fmt.Println(err)
		return
	}
	index, err := survey.Measure(survey.EmployeeNet(), answers)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(index)
	for _, staff := range []int64{50, 45} {
		known, err := index.OfPopulation(staff)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(known)
	}
	// Output:
	// eNPS 31.1, 95 % 7.8 to 50.5, n = 45
	// eNPS 31.1, 95 % 23.9 to 37.9, n = 45 of 50
	// eNPS 31.1, 95 % 31.1 to 31.1, n = 45 of 45
}

// Who to call back, and the response rate of each team, of which it is known who was
// asked.
func ExampleResponses_CallBacks() {
	r, err := survey.NewResponses(survey.Question{ID: "nps", Definition: survey.NetPromoter()})
	if err != nil {
		fmt.Println(err)
		return
	}
	day := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i, x := range []survey.Response{
		{Respondent: "ann", Group: "chat", Value: 3, Comment: "Waited an hour."},
		{Respondent: "bob", Group: "chat", Value: 9},
		{Respondent: "cal", Group: "phone", Value: 0, Comment: "Cut off twice!"},
		{Respondent: "dan", Group: "phone", Value: 3, Comment: "No answer yet."},
	} {
		x.At = day.AddDate(0, 0, i)
		if err := r.Add(x); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := r.Invite("email", "chat", 8); err != nil {
		fmt.Println(err)
		return
	}
	for _, x := range r.CallBacks() {
		fmt.Println(x.Respondent, x.Value, x.Comment)
	}
	for _, g := range r.Groups() {
		fmt.Println(g.Name, g.Rate)
	}
	// Output:
	// cal 0 Cut off twice!
	// dan 3 No answer yet.
	// ann 3 Waited an hour.
	// chat response rate 25.0 %, 95 % 7.1 to 59.1, n = 8
	// phone rate: no data
}

// Two teams before a training and after it.
func ExampleCompareAll() {
	csat := func(counts ...int64) survey.Index {
		answers, err := survey.AnswersOf(survey.OneTo(5), counts)
		if err != nil {
			panic(err)
		}
		index, _ := survey.CSAT(answers)
		return index
	}
	list, err := survey.CompareAll(
		[2]survey.Index{csat(10, 20, 30, 60, 80), csat(12, 22, 22, 64, 80)},
		[2]survey.Index{csat(30, 40, 50, 50, 30), csat(20, 20, 30, 70, 60)},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range list {
		fmt.Println(c)
	}
	// Output:
	// up 2.0 points, 95 % −6.9 to 10.9: not distinguishable from no change
	// up 25.0 points, 97.5 % 13.9 to 35.5: better
}

func ExampleLargestFirst() {
	var groups []survey.Group
	for _, g := range []struct {
		name   string
		counts []int64
	}{{"chat", []int64{10, 20, 30, 60, 80}}, {"email", []int64{30, 40, 50, 50, 30}}, {"phone", []int64{12, 22, 26, 62, 78}}} {
		answers, err := survey.AnswersOf(survey.OneTo(5), g.counts)
		if err != nil {
			fmt.Println(err)
			return
		}
		groups = append(groups, survey.Group{Name: g.name, Answers: answers})
	}
	list, err := survey.CompareGroups(survey.TopBox(survey.OneTo(5), 2), groups...)
	if err != nil {
		fmt.Println(err)
		return
	}
	survey.LargestFirst(list)
	for _, c := range list {
		fmt.Println(c)
	}
	// Output:
	// email against chat: down 30.0 points, 98.33 % −40.9 to −18.3: worse
	// phone against email: up 30.0 points, 97.5 % 19.0 to 40.2: better
	// phone against chat: unchanged, 95 % −9.0 to 9.0: not distinguishable from no change
}

// 300 of 850 who were tried answered in full; of 200 it is not known whether they could
// have, of whom perhaps 40 %.
func ExampleDispositions() {
	d := survey.Dispositions{Complete: 300, Partial: 20, Refusal: 100, NonContact: 200, Other: 30, UnknownHousehold: 150, UnknownOther: 50}
	for _, number := range []int{1, 3, 5} {
		rate, err := d.ResponseRate(number, 0.4)
		fmt.Printf("RR%d %.1f %% %v\n", number, 100*rate, err)
	}
	// Output:
	// RR1 35.3 % <nil>
	// RR3 41.1 % <nil>
	// RR5 46.2 % <nil>
}

func ExampleKano() {
	callBack := survey.Kano{Attractive: 35, OneDimensional: 25, MustBe: 20, Indifferent: 15, Reverse: 3, Questionable: 2}
	fmt.Println("with it", callBack.Better(), "more satisfied; without", callBack.Worse())
	// Output:
	// with it 60 of 95 more satisfied; without -45 of 95
}
