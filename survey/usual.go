package survey

// NetPromoter returns the definition of the net promoter score on 0 to 10: the share
// of promoters (9–10) minus that of detractors (0–6). Source: Reichheld (2003),
// Harvard Business Review 81(12):46.
func NetPromoter() Definition { return promoters("NPS", reichheld) }

// EmployeeNet returns the definition of eNPS: the question of [NetPromoter], asked
// of employees.
func EmployeeNet() Definition { return promoters("eNPS", reichheld+", asked of employees") }

// CES1 returns the definition of customer effort score 1.0: the mean effort on 1 to 5,
// where lower is better; 1–2 is low effort, 4–5 high. Source: Dixon, Freeman and Toman
// (2010), Harvard Business Review 88(7/8):116.
func CES1() Definition {
	return Definition{Name: "CES 1.0", Source: "Dixon, Freeman & Toman (2010), Harvard Business Review 88(7/8):116",
		Scale: OneTo(5).LowerIsBetter(), Statistic: MeanAnswer, Positive: Range{1, 3}, Negative: Range{4, 6}, Places: 2}
}

// CES2 returns the definition of customer effort score 2.0: the mean agreement with
// "they made it easy" on 1 to 7; 5–7 agree, 1–3 disagree. Source: Dixon, Toman and
// DeLisi (2013), The Effortless Experience.
func CES2() Definition { return easy("CES 2.0", effort2, MeanAnswer, 2) }

// CES2Agree returns the definition of the share of customers who agree (5–7) with the
// statement of [CES2].
func CES2Agree() Definition { return easy("CES 2.0 (agree, 5–7 of 7)", effort2, PositiveShare, 1) }

// NetEasy returns the definition of the net easy score on 1 to 7: the share of easy
// (5–7) minus that of difficult (1–3). Source: N. Millard, British Telecom.
func NetEasy() Definition {
	return easy("Net easy score", "British Telecom, N. Millard: easy minus difficult, here of CES 2.0", NetShare, 1)
}

// Favourable returns the definition of percent favourable on 1 to 5: the share of the
// answers 4–5; 1–2 are unfavourable. It is a convention of employee surveys.
func Favourable() Definition {
	return Definition{Name: "Favourable (4–5 of 5)", Source: "convention of employee surveys",
		Scale: OneTo(5), Statistic: PositiveShare, Positive: Range{4, 6}, Negative: Range{1, 3}, Places: 1}
}

const (
	reichheld = "Reichheld (2003), Harvard Business Review 81(12):46"
	effort2   = "Dixon, Toman & DeLisi (2013), The Effortless Experience"
)

func promoters(name, source string) Definition {
	return Definition{Name: name, Source: source, Scale: ZeroTo(10), Statistic: NetShare,
		Positive: Range{9, 11}, Negative: Range{0, 7}, Places: 1}
}

func easy(name, source string, s Statistic, places int32) Definition {
	return Definition{Name: name, Source: source, Scale: OneTo(7), Statistic: s,
		Positive: Range{5, 8}, Negative: Range{1, 4}, Places: places}
}
