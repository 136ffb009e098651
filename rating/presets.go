package rating

import "github.com/shopspring/decimal"

// preset returns criteria of one section, of equal weight, marked 1 to 5.
func preset(section string, texts [][3]string) []Criterion {
	criteria := make([]Criterion, len(texts))
	for i, t := range texts {
		criteria[i] = Criterion{ID: t[0], Name: t[1], Guidance: t[2], Section: section, Weight: decimal.New(1, 0), Min: 1, Max: 5}
	}
	return criteria
}

// FiveElements returns five elements of good service as criteria of equal
// weight, marked 1 to 5: responsiveness, knowledge, empathy, communication and
// follow-up. The slice is yours: change weights, scales and auto-fails, add
// criteria, and give it to [NewScorecard].
func FiveElements() []Criterion {
	return preset("Elements", [][3]string{
		{"responsiveness", "Responsiveness", "Was the customer answered soon, and kept informed while waiting?"},
		{"knowledge", "Knowledge", "Was the answer right, complete and confident?"},
		{"empathy", "Empathy", "Did the agent see the problem from the customer's side?"},
		{"communication", "Communication", "Was it clear, in plain words and in a fitting tone?"},
		{"follow_up", "Follow-up", "Were promises kept, and was the result checked with the customer?"},
	})
}

// FourCriteria returns four criteria by which customers judge service, of equal
// weight, marked 1 to 5: response time, politeness, problem solving and
// complaint handling. The slice is yours, like that of
// [FiveElements].
func FourCriteria() []Criterion {
	return preset("Criteria", [][3]string{
		{"response_time", "Response time", "Did the customer wait no longer than promised?"},
		{"politeness", "Politeness", "Was the customer treated with respect throughout?"},
		{"problem_solving", "Problem solving", "Was the problem solved, and not only answered?"},
		{"complaint_handling", "Complaint handling", "Was the complaint taken seriously, and put right?"},
	})
}
