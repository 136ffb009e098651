package survey

// NPS returns the net promoter score of answers from 0 to 10 to "How likely are
// you to recommend us?"
//
//	NPS = promoters (9–10) / n − detractors (0–6) / n, −1 to 1, with an adjusted Wald interval
//
// Its Value is a difference of shares; it is shown times 100, from −100 to 100, and never
// in percent. Positive, Neutral and Negative of the result are the shares of promoters,
// passives (7–8) and detractors. Source: Reichheld (2003), "The One Number You Need to
// Grow", Harvard Business Review 81(12):46. Net Promoter is a trademark of others, who
// are not connected with this package.
//
// It returns false if there are no answers, or if they are on another scale.
func NPS(a Answers) (Index, bool) { return measured(NetPromoter(), a) }
