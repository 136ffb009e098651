package stat

import "fmt"

// Method names how an interval or a p-value was computed. It travels in the
// result, so that a number can be traced and two numbers are compared only
// when they were made the same way.
//
// The zero value, DefaultMethod, asks a function for its default; a result
// always names the method that was used.
type Method uint8

const (
	DefaultMethod Method = iota // the default of the called function

	// For a proportion.
	Wilson           // score interval (Wilson 1927)
	WilsonContinuity // score interval with continuity correction (Newcombe 1998)
	AgrestiCoull     // adjusted Wald interval (Agresti & Coull 1998)
	Jeffreys         // equal-tailed Beta(½, ½) posterior (Brown, Cai & DasGupta 2001)
	ClopperPearson   // exact, conservative (Clopper & Pearson 1934)
	Wald             // textbook estimate ± z·SE; for comparison with other programs

	// For a net share, and for a difference of proportions or net shares.
	AdjustedWald      // Wald after adding pseudo-observations (Rocks 2016)
	Tango             // score interval of a paired difference (Tango 1998)
	Newcombe          // hybrid of two Wilson intervals (Newcombe 1998)
	MiettinenNurminen // score interval (Miettinen & Nurminen 1985)
	AgrestiCaffo      // Wald after adding 1 and 1 to each sample (Agresti & Caffo 2000)
	Yates             // with continuity correction (Yates 1934)

	// For means, medians and rates.
	StudentT         // Student's t (Student 1908)
	Welch            // t with unequal variances (Welch 1947)
	PooledT          // t with one common variance (Student 1908)
	OrderStatistics  // binomial ranks, free of any distribution
	ExactPoisson     // exact for a count (Garwood 1936)
	ExactConditional // exact for two counts, given their sum (Przyborowski & Wilenski 1940)
	LogLog           // log(−log) scale of a survival curve (Kalbfleisch & Prentice 1980)
	FisherZ          // inverse hyperbolic tangent of a correlation (Fisher 1921)
	SenSlope         // Kendall ranks of pairwise slopes (Sen 1968)
	DeltaConsistent  // asymmetric interval of a dominance (Cliff 1996; Feng & Cliff 2004)
	PriceBonett      // difference of medians by their order statistics (Price & Bonett 2002)

	// For groups that are shrunk towards their mean.
	BetaBinomial     // shares, beta prior by moments (Kleinman 1973)
	PauleMandel      // means (Paule & Mandel 1982)
	DerSimonianLaird // means (DerSimonian & Laird 1986)
	JamesStein       // means (Efron & Morris 1975; Morris 1983)

	// For tests.
	PooledZ            // two proportions, pooled variance
	FisherExact        // two proportions, exact given the margins (Fisher 1935)
	PearsonChiSquare   // contingency table (Pearson 1900)
	CochranArmitage    // trend in proportions (Cochran 1954; Armitage 1955)
	RankSumExact       // Mann-Whitney by its permutation distribution
	RankSumNormal      // Mann-Whitney by the tie-corrected normal distribution
	BrunnerMunzel      // ranks with unequal variances (Brunner & Munzel 2000)
	LogRank            // survival curves (Mantel 1966)
	MannKendall        // monotone trend (Mann 1945; Kendall 1975)
	StudentCorrelation // t of a correlation or a slope
)

// methodNames holds the text of each Method, which is its wire form.
var methodNames = [...]string{
	DefaultMethod:      "default",
	Wilson:             "wilson",
	WilsonContinuity:   "wilson_continuity",
	AgrestiCoull:       "agresti_coull",
	Jeffreys:           "jeffreys",
	ClopperPearson:     "clopper_pearson",
	Wald:               "wald",
	AdjustedWald:       "adjusted_wald",
	Tango:              "tango",
	Newcombe:           "newcombe",
	MiettinenNurminen:  "miettinen_nurminen",
	AgrestiCaffo:       "agresti_caffo",
	Yates:              "yates",
	StudentT:           "student_t",
	Welch:              "welch",
	PooledT:            "pooled_t",
	OrderStatistics:    "order_statistics",
	ExactPoisson:       "exact_poisson",
	ExactConditional:   "exact_conditional",
	LogLog:             "log_log",
	FisherZ:            "fisher_z",
	SenSlope:           "sen_slope",
	DeltaConsistent:    "delta_consistent",
	PriceBonett:        "price_bonett",
	BetaBinomial:       "beta_binomial",
	PauleMandel:        "paule_mandel",
	DerSimonianLaird:   "der_simonian_laird",
	JamesStein:         "james_stein",
	PooledZ:            "pooled_z",
	FisherExact:        "fisher_exact",
	PearsonChiSquare:   "pearson_chi_square",
	CochranArmitage:    "cochran_armitage",
	RankSumExact:       "rank_sum_exact",
	RankSumNormal:      "rank_sum_normal",
	BrunnerMunzel:      "brunner_munzel",
	LogRank:            "log_rank",
	MannKendall:        "mann_kendall",
	StudentCorrelation: "student_correlation",
}

// String returns the method's name, such as "wilson", or "method(n)" for a
// number that names none.
func (m Method) String() string {
	if int(m) < len(methodNames) {
		return methodNames[m]
	}
	return fmt.Sprintf("method(%d)", uint8(m))
}

// AppendText appends the method's name to b. A number that names no method is
// ErrMethod.
func (m Method) AppendText(b []byte) ([]byte, error) {
	if int(m) >= len(methodNames) {
		return b, fmt.Errorf("%w: %v", ErrMethod, m)
	}
	return append(b, methodNames[m]...), nil
}

// MarshalText returns the method's name.
func (m Method) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText sets m to the method of that name. Empty text is
// DefaultMethod; unknown text is ErrMethod.
func (m *Method) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = DefaultMethod
		return nil
	}
	for i, name := range methodNames {
		if name == string(text) {
			*m = Method(i)
			return nil
		}
	}
	return fmt.Errorf("%w: unknown name %q", ErrMethod, text)
}

// or returns m, or def if m is DefaultMethod.
func (m Method) or(def Method) Method {
	if m == DefaultMethod {
		return def
	}
	return m
}

// notOffered is the error of a function that does not know the method m.
func (m Method) notOffered(by string) error {
	return fmt.Errorf("%w: %v for %s", ErrMethod, m, by)
}
