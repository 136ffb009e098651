package survey

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Verdict says in a word what a comparison found. The zero value is that nothing
// can be told: a mean of one answer, or of answers that do not vary at all.
type Verdict uint8

const (
	Unknown           Verdict = iota // no interval can be computed
	Indistinguishable                // the interval of the difference includes 0
	Better                           // the later, or second, is better
	Worse                            // the later, or second, is worse
)

var verdictNames = text.NewEnum[Verdict](errors.New("survey: no such verdict"),
	"unknown", "indistinguishable", "better", "worse",
)

// String returns the name of the verdict, such as "better".
func (v Verdict) String() string { return verdictNames.Name(v) }

// AppendText implements [encoding.TextAppender].
func (v Verdict) AppendText(b []byte) ([]byte, error) { return verdictNames.Append(b, v) }

// MarshalText implements [encoding.TextMarshaler].
func (v Verdict) MarshalText() ([]byte, error) { return v.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (v *Verdict) UnmarshalText(text []byte) error { return verdictNames.Parse(v, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (v *Verdict) Scan(src any) error { return verdictNames.Scan(v, src) }

// Value implements [driver.Valuer] with the text form.
func (v Verdict) Value() (driver.Value, error) { return verdictNames.Value(v) }

// Comparison is the difference between two indices of one definition. Whether two
// intervals overlap does not tell whether the indices differ; this does.
type Comparison struct {
	BeforeName string `json:"before_name,omitzero"` // of the group, in CompareGroups
	AfterName  string `json:"after_name,omitzero"`
	Before     Index  `json:"before"`
	After      Index  `json:"after"`

	// Difference is After minus Before in the unit of the index, with its 95 %
	// interval: Newcombe for shares, adjusted Wald for net shares, Welch for
	// means. Its level is 0 if there is none.
	Difference stat.Interval `json:"difference,omitzero"`

	// Test is the test of no difference that belongs to it (the one of pooled
	// proportions, for shares). Its method is stat.DefaultMethod if there is
	// none.
	Test stat.Test `json:"test,omitzero"`

	// AdjustedP is the p-value adjusted for the number of comparisons made in
	// one call (Holm 1979); that of the test if there was one.
	AdjustedP float64 `json:"adjusted_p"`

	// Superiority is the probability that an answer of After is better than one
	// of Before, ties counted as half, 0 to 1, and RankTest the Mann-Whitney
	// test of it. They take answers as ordered only, not as numbers. The test's
	// method is stat.DefaultMethod if there is none: all answers are the same,
	// or there are more than 2⁶¹ pairs.
	Superiority float64   `json:"superiority"`
	RankTest    stat.Test `json:"rank_test,omitzero"`

	Verdict Verdict `json:"verdict"`
}

// Compare compares an index before and after, or of two groups: After minus
// Before. The verdict goes by whether the 95 % interval of the difference
// includes 0. The answers are taken as independent: if the same people answered
// twice, the difference is known better than this says.
//
// The error wraps [ErrDefinition] if the two are of different definitions, and
// [ErrNoAnswers] if one is the zero value.
func Compare(before, after Index) (Comparison, error) {
	if before.Definition != after.Definition {
		return Comparison{}, fmt.Errorf("%w: %v cannot be compared with %v", ErrDefinition, before.Definition, after.Definition)
	}
	if before.N() == 0 || after.N() == 0 {
		return Comparison{}, fmt.Errorf("%w: n = %d and %d", ErrNoAnswers, before.N(), after.N())
	}
	c := Comparison{Before: before, After: after}
	if err := c.compare(); err != nil {
		return Comparison{}, err
	}
	if err := c.rank(); err != nil {
		return Comparison{}, err
	}
	c.AdjustedP = c.p()
	c.judge(1)
	return c, nil
}

// compare fills in the difference and its test.
func (c *Comparison) compare() error {
	var both stat.Comparison
	var err error
	a, b := c.After.Value, c.Before.Value
	switch c.Before.Definition.Statistic {
	case PositiveShare:
		if c.Difference, err = stat.ProportionDifference(a.Part, a.Whole, b.Part, b.Whole, Level, stat.DefaultMethod); err != nil {
			return err
		}
		both.Difference = c.Difference
		both.Test, err = stat.ProportionTest(a.Part, a.Whole, b.Part, b.Whole, stat.PooledZ)
	case NetShare:
		both, err = stat.NetDifference(c.After.net(), c.Before.net(), Level, stat.DefaultMethod)
	default:
		both, err = stat.MeanDifference(c.After.Answers.sample(), c.Before.Answers.sample(), Level, stat.Welch)
		if err == nil && c.Before.Definition.Statistic == NormalisedMean {
			factor, _ := c.Before.Definition.Scale.normaliser()
			both.Difference, err = both.Difference.Rescale(factor, 0)
			if factor < 0 {
				both.Test.Statistic = -both.Test.Statistic
			}
		}
	}
	if err != nil && !errors.Is(err, stat.ErrNoVariation) && !errors.Is(err, stat.ErrTooFew) {
		return err
	}
	c.Difference, c.Test = both.Difference, both.Test
	return nil
}

// rank fills in what the order of the answers tells.
func (c *Comparison) rank() error {
	after, before := c.After.Answers.Counts(), c.Before.Answers.Counts()
	n := float64(c.Before.N())
	var below float64 // the share of Before below the answer at hand
	for i, count := range before {
		equal := float64(count) / n
		c.Superiority += float64(after[i]) / float64(c.After.N()) * (below + equal/2)
		below += equal
	}
	c.Superiority = min(c.Superiority, 1)
	if c.Before.Definition.Scale.Direction == LowerIsBetter {
		c.Superiority = 1 - c.Superiority
	}
	ranks, err := stat.RanksOfCounts(after, before)
	if err == nil {
		c.RankTest, err = ranks.MannWhitney()
	}
	if errors.Is(err, stat.ErrNoVariation) || errors.Is(err, stat.ErrTooMany) {
		return nil
	}
	return err
}

// p returns the p-value of the test; 1 if there is none.
func (c *Comparison) p() float64 {
	if c.Test.Method == stat.DefaultMethod {
		return 1
	}
	return c.Test.P
}

// judge sets the verdict. Of several comparisons, the adjusted p-value must agree
// with the interval.
func (c *Comparison) judge(comparisons int) {
	switch d := c.Difference; {
	case d.Level == 0:
		c.Verdict = Unknown
	case d.Contains(0) || comparisons > 1 && c.AdjustedP > 1-Level:
		c.Verdict = Indistinguishable
	case d.Low > 0 != c.Before.Definition.LowerIsBetter():
		c.Verdict = Better
	default:
		c.Verdict = Worse
	}
}

// String returns the comparison in words, such as
//
//	up 4.1 points, 95 % −1.2 to 9.3: not distinguishable from no change
func (c Comparison) String() string {
	d := c.Before.Definition
	if c.Verdict == Unknown {
		return c.names() + "the answers do not tell how certain the difference is"
	}
	direction := "up"
	size := c.Difference.Estimate
	if size < 0 {
		direction, size = "down", -size
	}
	text := fmt.Sprintf("%s%s %s points", c.names(), direction, d.shown(size))
	if c.Difference.Estimate == 0 {
		text = c.names() + "unchanged"
	}
	text += fmt.Sprintf(", %s %% %s to %s: ", strconv.FormatFloat(c.Difference.Level*100, 'g', 6, 64),
		d.shown(c.Difference.Low), d.shown(c.Difference.High))
	if c.Verdict == Indistinguishable {
		return text + "not distinguishable from no change"
	}
	return text + c.Verdict.String()
}

func (c Comparison) names() string {
	if c.BeforeName == "" && c.AfterName == "" {
		return ""
	}
	return fmt.Sprintf("%s against %s: ", c.AfterName, c.BeforeName)
}

// Group is a named group of answers: a team, a month, a channel.
type Group struct {
	Name    string  `json:"name"`
	Answers Answers `json:"answers"`
}

// CompareGroups compares each group with each later one by the definition, the
// earlier as Before. Of many comparisons some look like differences by chance, so
// the p-values are adjusted by Holm's method, and a verdict other than
// [Indistinguishable] needs both the interval of the difference to exclude 0 and
// the adjusted p-value to be at most 0.05.
//
// The errors are those of [Measure], with the name of the group; fewer than two
// groups give no comparisons.
func CompareGroups(d Definition, groups ...Group) ([]Comparison, error) {
	indices := make([]Index, len(groups))
	for i, g := range groups {
		var err error
		if indices[i], err = Measure(d, g.Answers); err != nil {
			return nil, fmt.Errorf("group %q: %w", g.Name, err)
		}
	}
	var list []Comparison
	var ps []float64
	for i := range indices {
		for j := i + 1; j < len(indices); j++ {
			c, err := Compare(indices[i], indices[j])
			if err != nil {
				return nil, err
			}
			c.BeforeName, c.AfterName = groups[i].Name, groups[j].Name
			list, ps = append(list, c), append(ps, c.p())
		}
	}
	if len(list) < 2 {
		return list, nil
	}
	adjusted, err := stat.Holm(ps)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].AdjustedP = adjusted[i]
		list[i].judge(len(list))
	}
	return list, nil
}
