package stat

import (
	"database/sql/driver"
	"fmt"

	"github.com/servicequality/servicequality/metrics/text"
)

// Method names how an interval or a P was computed. It travels in the result, so
// that a number can be traced, and two numbers are compared only if they were made
// in the same way. The constants are the methods that a caller may choose or name;
// results also name others, whose source stands at the function that returns them.
//
// The zero value, DefaultMethod, asks a function for its default; a result always
// names the method that was used.
type Method uint8

const (
	DefaultMethod Method = iota // the default of the called function

	// For a share.
	Wilson         // score interval (Wilson 1927)
	AgrestiCoull   // adjusted Wald interval (Agresti & Coull 1998)
	Jeffreys       // equal-tailed Beta(½, ½) posterior (Brown, Cai & DasGupta 2001)
	ClopperPearson // exact, conservative (Clopper & Pearson 1934)

	// For a net share.
	AdjustedWald // Wald after adding pseudo-observations (Rocks 2016; Price & Bonett 2004)
	Tango        // score interval of a paired difference (Tango 1998)

	// For means, medians and quantiles.
	StudentT        // Student's t (Student 1908)
	Welch           // t with unequal variances (Welch 1947)
	PriceBonett     // medians by their order statistics (Price & Bonett 2002)
	OrderStatistics // binomial ranks, free of any distribution

	miettinenNurminen // score interval of two shares (Miettinen & Nurminen 1985)
	exactPoisson      // exact for a count (Garwood 1936)
	exactConditional  // exact for two counts, given their sum (Przyborowski & Wilenski 1940)
	logLog            // log(−log) scale of a survival curve (Kalbfleisch & Prentice 1980)
	fisherZ           // inverse hyperbolic tangent of a correlation (Fisher 1921)
	senSlope          // Kendall ranks of pairwise slopes (Sen 1968)
	betaBinomial      // shares, beta prior by moments (Kleinman 1973)
	pauleMandel       // means (Paule & Mandel 1982)
	rankSumExact      // Mann-Whitney by its permutation distribution
	rankSumNormal     // Mann-Whitney by the tie-corrected normal distribution
	logRank           // survival curves (Mantel 1966)
	mannKendall       // monotone trend (Mann 1945; Kendall 1975)
	mcNemar           // paired shares (McNemar 1947; interval by Tango 1998)
	signedRankExact   // signed ranks by their permutation distribution
	signedRankNormal  // signed ranks by the tie-corrected normal distribution
	fullCount         // everybody was asked: no uncertainty
)

// methodNames holds the text of each Method, which is its wire form.
var methodNames = text.NewEnum[Method](ErrMethod,
	"default", "wilson", "agresti_coull", "jeffreys", "clopper_pearson", "adjusted_wald", "tango",
	"student_t", "welch", "price_bonett", "order_statistics",
	"miettinen_nurminen", "exact_poisson", "exact_conditional", "log_log", "fisher_z", "sen_slope",
	"beta_binomial", "paule_mandel", "rank_sum_exact", "rank_sum_normal", "log_rank", "mann_kendall",
	"mc_nemar", "signed_rank_exact", "signed_rank_normal", "full_count",
)

// String returns the method's name, such as "wilson", or "Method(n)" for a number
// that names none.
func (m Method) String() string { return methodNames.Name(m) }

// AppendText implements [encoding.TextAppender]: the method's name. A number that
// names no method is ErrMethod.
func (m Method) AppendText(b []byte) ([]byte, error) { return methodNames.Append(b, m) }

// MarshalText implements [encoding.TextMarshaler].
func (m Method) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Empty text is
// DefaultMethod; unknown text is ErrMethod.
func (m *Method) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = DefaultMethod
		return nil
	}
	return methodNames.Parse(m, text)
}

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (m *Method) Scan(src any) error { return methodNames.Scan(m, src) }

// Value implements [driver.Valuer] with the text form.
func (m Method) Value() (driver.Value, error) { return methodNames.Value(m) }

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
