package rating_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/rating"
)

func sampleCriteria() []rating.Criterion {
	return []rating.Criterion{
		{ID: "greeting", Section: "manner", Weight: dec("0.5"), Min: 0, Max: 1},
		{ID: "empathy", Section: "manner", Weight: dec("1.5"), Min: 1, Max: 5},
		{ID: "right", Section: "matter", Weight: dec("3"), Min: 0, Max: 3},
		{ID: "privacy", Section: "matter", Weight: dec("0"), Min: 0, Max: 1, AutoFail: true},
		{ID: "spare", Section: "notes", Weight: dec("0"), Min: -2, Max: 2},
	}
}

func sampleCard(t testing.TB) rating.Scorecard {
	t.Helper()
	return valueOf(rating.NewScorecard(dec("70"), sampleCriteria()...))(t)
}

func marks(greeting, empathy, right, privacy int) map[string]int {
	return map[string]int{"greeting": greeting, "empathy": empathy, "right": right, "privacy": privacy, "spare": 0}
}

func TestScore(t *testing.T) {
	card := sampleCard(t)
	for _, c := range []struct {
		name                   string
		marks                  map[string]int
		score, final, coverage string
		passed                 bool
		failed                 []string
		sections               string
	}{
		{"best", marks(1, 5, 3, 1), "100", "100", "100", true, nil, "manner 100.00 matter 100.00"},
		{"worst", marks(0, 1, 0, 1), "0", "0", "100", false, nil, "manner 0.00 matter 0.00"},
		// (0.5·1 + 1.5·¾ + 3·⅔) / 5
		{"middling", marks(1, 4, 2, 1), "72.5", "72.5", "100", true, nil, "manner 81.25 matter 66.67"},
		{"auto-fail", marks(1, 5, 3, 0), "100", "0", "100", false, []string{"privacy"}, "manner 100.00 matter 100.00"},
		// without empathy: (0.5·0 + 3·⅔) / 3.5
		{"no empathy", map[string]int{"greeting": 0, "right": 2, "privacy": 1, "spare": 2}, "57.1428571429", "57.1428571429", "70", false, nil, "manner 0.00 matter 66.67"},
		{"no matter", map[string]int{"greeting": 1, "empathy": 3}, "62.5", "62.5", "40", false, nil, "manner 62.50"},
		{"at the mark", map[string]int{"right": 3, "empathy": 1, "greeting": 1}, "70", "70", "100", true, nil, "manner 25.00 matter 100.00"},
	} {
		r := rating.Review{Conversation: "c", Marks: c.marks}
		for _, crit := range card.Criteria() {
			if _, ok := c.marks[crit.ID]; !ok {
				r.NotApplicable = append(r.NotApplicable, crit.ID)
			}
		}
		s := valueOf(card.Score(r))(t)
		var sections []string
		for _, section := range s.Sections {
			sections = append(sections, section.Section, section.Score.String())
		}
		text := func(p rating.Points) string { b, _ := p.MarshalText(); return string(b) }
		if text(s.Score) != c.score || text(s.Final()) != c.final || text(s.Coverage) != c.coverage || s.Passed != c.passed ||
			!slices.Equal(s.AutoFailed, c.failed) || strings.Join(sections, " ") != c.sections {
			t.Errorf("%s: %+v %v", c.name, s, sections)
		}
	}
}

// A score that prints as the pass mark, and is below it, does not pass.
func TestPassMarkIsExact(t *testing.T) {
	thirds := rating.Criterion{ID: "a", Weight: dec("1"), Min: 0, Max: 3}
	for mark, want := range map[string]bool{"66.6666666666": true, "66.66666666666666": true, "66.6666666667": false, "66.67": false, "0": true, "100": false} {
		card := valueOf(rating.NewScorecard(dec(mark), thirds))(t)
		if s := valueOf(card.Score(rating.Review{Marks: map[string]int{"a": 2}}))(t); s.Passed != want {
			t.Errorf("two thirds at %s: %v", mark, s.Passed)
		}
	}
}

func TestScorecardRefuses(t *testing.T) {
	good := rating.Criterion{ID: "a", Weight: dec("1"), Min: 0, Max: 1}
	with := func(change func(*rating.Criterion)) []rating.Criterion {
		bad := good
		bad.ID = "b"
		change(&bad)
		return []rating.Criterion{good, bad}
	}
	for name, criteria := range map[string][]rating.Criterion{
		"empty":       {},
		"no id":       with(func(c *rating.Criterion) { c.ID = "" }),
		"twice":       with(func(c *rating.Criterion) { c.ID = "a" }),
		"negative":    with(func(c *rating.Criterion) { c.Weight = dec("-0.1") }),
		"fine":        with(func(c *rating.Criterion) { c.Weight = dec("0.0000000000000000001") }),
		"huge":        with(func(c *rating.Criterion) { c.Weight = decimal.New(1, 19) }),
		"long":        with(func(c *rating.Criterion) { c.Weight = dec(strings.Repeat("9", 40)) }),
		"no scale":    with(func(c *rating.Criterion) { c.Max = 0 }),
		"down":        with(func(c *rating.Criterion) { c.Min, c.Max = 5, 1 }),
		"low":         with(func(c *rating.Criterion) { c.Min = -1001 }),
		"high":        with(func(c *rating.Criterion) { c.Max = 1001 }),
		"all weigh 0": {{ID: "a", Min: 0, Max: 1}},
	} {
		_, err := rating.NewScorecard(dec("80"), criteria...)
		refuses(t, name, err, rating.ErrDefinition)
	}
	for _, mark := range []string{"-1", "100.0001", "1e500", "1e-500"} {
		_, err := rating.NewScorecard(dec(mark), good)
		refuses(t, mark, err, rating.ErrDefinition)
	}
	for _, mark := range []string{"0", "100"} {
		valueOf(rating.NewScorecard(dec(mark), good, rating.Criterion{ID: "w", Weight: decimal.New(1, -18), Min: -1000, Max: 1000}))(t)
	}
	_, err := rating.NewScorecard(dec("80"), with(func(c *rating.Criterion) { c.Weight = dec("-2") })...)
	if want := `rating: criterion 1 "b": unusable definition: weight -2 is negative`; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReviewRefuses(t *testing.T) {
	card := sampleCard(t)
	ok := func() rating.Review { return rating.Review{Conversation: "17", Marks: marks(1, 5, 3, 1)} }
	for want, change := range map[string]func(*rating.Review){
		`criterion "empathy": mark 6, want 1 to 5`:                           func(r *rating.Review) { r.Marks["empathy"] = 6 },
		`criterion "empathy": mark 0, want 1 to 5`:                           func(r *rating.Review) { r.Marks["empathy"] = 0 },
		`criterion "empathy": no mark`:                                       func(r *rating.Review) { delete(r.Marks, "empathy") },
		`criterion "greeting": no mark`:                                      func(r *rating.Review) { r.Marks = nil },
		`criterion "right": marked 3, and said not to apply`:                 func(r *rating.Review) { r.NotApplicable = []string{"right"} },
		`criterion "humour": not on the scorecard`:                           func(r *rating.Review) { r.Marks["humour"] = 1 },
		`criterion "wit": not on the scorecard`:                              func(r *rating.Review) { r.NotApplicable = []string{"wit"} },
		`criterion "` + strings.Repeat("y", 120) + `": not on the scorecard`: func(r *rating.Review) { r.Marks[strings.Repeat("y", 120)] = 1 },
		`criterion "` + strings.Repeat("x", 120) + `…: not on the scorecard`: func(r *rating.Review) { r.Marks[strings.Repeat("x", 121)] = 1 },
	} {
		r := ok()
		change(&r)
		_, err := card.Score(r)
		refuses(t, want, err, rating.ErrReview)
		want = strings.Replace(want, `x…`, `x"…`, 1)
		if want = `rating: review does not fit the scorecard: conversation "17": ` + want; err != nil && err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	_, err := card.Score(rating.Review{Marks: map[string]int{"privacy": 0, "spare": 0}, NotApplicable: []string{"greeting", "empathy", "right"}})
	refuses(t, "nothing with a weight", err, rating.ErrReview)
	_, err = card.Score(rating.Review{NotApplicable: []string{"greeting", "empathy", "right", "privacy", "spare"}})
	refuses(t, "nothing", err, rating.ErrReview)
	_, err = rating.Scorecard{}.Score(ok())
	refuses(t, "no card", err, rating.ErrDefinition)
}

// genCard draws a card with its review: sections, weights in thousandths, many of which
// are 0, scales, marks, many of which are the worst, what fails at once, and which
// criteria apply. The last has a weight and applies.
func genCard() gopter.Gen {
	return gen.SliceOfN(5, gen.Struct(drawnType, map[string]gopter.Gen{
		"Section": gen.OneConstOf("", "a", "b", "c"),
		"Weight":  gen.Weighted([]gen.WeightedGen{{Weight: 3, Gen: gen.Int64Range(1, 5000)}, {Weight: 1, Gen: gen.Const(int64(0))}}),
		"Min":     gen.IntRange(-3, 2), "Span": gen.IntRange(1, 7),
		"Mark":    gen.Weighted([]gen.WeightedGen{{Weight: 3, Gen: gen.IntRange(0, 7)}, {Weight: 1, Gen: gen.Const(0)}}),
		"Applies": gen.Bool(), "AutoFail": gen.Weighted([]gen.WeightedGen{{Weight: 3, Gen: gen.Const(false)}, {Weight: 1, Gen: gen.Const(true)}}),
	})).Map(func(all []drawn) []drawn {
		for i := range all {
			all[i].Mark %= all[i].Span + 1
		}
		last := &all[len(all)-1]
		last.Applies, last.Weight = true, max(last.Weight, 1)
		return all
	})
}

func cardOf(all []drawn, scale decimal.Decimal) (rating.Scorecard, rating.Review, error) {
	var criteria []rating.Criterion
	r := rating.Review{Marks: make(map[string]int)}
	for i, d := range all {
		id := fmt.Sprint("c", i)
		criteria = append(criteria, rating.Criterion{
			ID: id, Section: d.Section, Weight: decimal.New(d.Weight, -3).Mul(scale), Min: d.Min, Max: d.Min + d.Span, AutoFail: d.AutoFail,
		})
		if d.Applies {
			r.Marks[id] = d.Min + d.Mark
		} else {
			r.NotApplicable = append(r.NotApplicable, id)
		}
	}
	card, err := rating.NewScorecard(dec("60"), criteria...)
	return card, r, err
}

// plainScore is the score of those criteria that keep keeps: Σ share·points, with the
// shares of the weight worked out first, and the weight of those that apply. It is nil
// without such a weight.
func plainScore(all []drawn, keep func(drawn) bool) (score *big.Rat, weight int64) {
	for _, d := range all {
		if keep(d) && d.Applies {
			weight += d.Weight
		}
	}
	if weight == 0 {
		return nil, 0
	}
	score = new(big.Rat)
	for _, d := range all {
		if keep(d) && d.Applies {
			score.Add(score, new(big.Rat).Mul(big.NewRat(d.Weight, weight), big.NewRat(int64(100*d.Mark), int64(d.Span))))
		}
	}
	return score, weight
}

// plainly returns what is to be said of a review, without the code of the package.
func plainly(all []drawn) string {
	score, weight := plainScore(all, func(drawn) bool { return true })
	var whole int64
	var failed, sections []string
	var seen []string
	for i, d := range all {
		whole += d.Weight
		if d.Applies && d.AutoFail && d.Mark == 0 {
			failed = append(failed, fmt.Sprint("c", i))
		}
		if d.Section == "" || slices.Contains(seen, d.Section) {
			continue
		}
		seen = append(seen, d.Section)
		if s, _ := plainScore(all, func(other drawn) bool { return other.Section == d.Section }); s != nil {
			sections = append(sections, d.Section+" "+s.FloatString(9))
		}
	}
	passed := len(failed) == 0 && score.Cmp(big.NewRat(60, 1)) >= 0
	// FloatString rounds half away from zero, as Decimal does.
	return fmt.Sprint(score.FloatString(9), big.NewRat(100*weight, whole).FloatString(9), passed, failed, sections)
}

// said is the same of a score.
func said(s rating.ReviewScore) string {
	var sections []string
	for _, x := range s.Sections {
		sections = append(sections, x.Section+" "+x.Score.Decimal(9).StringFixed(9))
	}
	return fmt.Sprint(s.Score.Decimal(9).StringFixed(9), s.Coverage.Decimal(9).StringFixed(9), s.Passed, s.AutoFailed, sections)
}

func TestScorecardLaws(t *testing.T) {
	properties := laws(t)
	score := func(all []drawn, scale string) (rating.ReviewScore, bool) {
		card, r, err := cardOf(all, dec(scale))
		if err != nil {
			return rating.ReviewScore{}, false
		}
		s, err := card.Score(r)
		return s, err == nil
	}
	same := func(a, b rating.ReviewScore) bool {
		return a.Score.Compare(b.Score) == 0 && a.Coverage.Compare(b.Coverage) == 0 && a.Passed == b.Passed
	}
	// How often a section in which nothing with a weight applies comes before another
	// that has a score, first and later, and how often a review fails at once.
	var first, middle, failed int
	properties.Property("the score agrees with big.Rat", prop.ForAll(func(all []drawn) bool {
		s, ok := score(all, "1")
		var order []string
		for _, d := range all {
			if d.Section != "" && !slices.Contains(order, d.Section) {
				order = append(order, d.Section)
			}
		}
		for i, name := range order[:max(len(order)-1, 0)] {
			without := !slices.ContainsFunc(s.Sections, func(x rating.SectionScore) bool { return x.Section == name })
			if without && slices.ContainsFunc(s.Sections, func(x rating.SectionScore) bool { return slices.Index(order, x.Section) > i }) {
				first += int(boolCount(i == 0))
				middle += int(boolCount(i > 0))
			}
		}
		failed += int(boolCount(len(s.AutoFailed) > 0))
		return ok && said(s) == plainly(all)
	}, genCard()))
	properties.Property("weights multiplied by a constant change nothing", prop.ForAll(func(all []drawn) bool {
		a, ok := score(all, "1")
		b, ok2 := score(all, "3.7")
		c, ok3 := score(all, "0.0001")
		return ok && ok2 && ok3 && same(a, b) && same(a, c) && said(a) == said(b) && said(a) == said(c)
	}, genCard()))
	properties.Property("the order of criteria changes nothing", prop.ForAll(func(all []drawn) bool {
		a, ok := score(all, "1")
		all = slices.Clone(all)
		slices.Reverse(all)
		b, ok2 := score(all, "1")
		return ok && ok2 && same(a, b) && len(a.Sections) == len(b.Sections) && len(a.AutoFailed) == len(b.AutoFailed)
	}, genCard()))
	properties.Property("a higher mark never lowers the score, and is not without effect", prop.ForAll(func(all []drawn, i int) bool {
		a, ok := score(all, "1")
		all = slices.Clone(all)
		d := &all[i]
		if d.Mark == d.Span {
			return ok
		}
		d.Mark++
		b, ok2 := score(all, "1")
		if !ok || !ok2 || a.Passed && !b.Passed {
			return false
		}
		if d.Applies && d.Weight > 0 {
			return b.Score.Compare(a.Score) > 0
		}
		return a.Score.Compare(b.Score) == 0 && a.Coverage.Compare(b.Coverage) == 0
	}, genCard(), gen.IntRange(0, 4)))
	properties.TestingRun(t)
	if t.Logf("a section without a score: %d first, %d later; %d failed at once", first, middle, failed); first < 50 || middle < 20 || failed < 100 {
		t.Errorf("a section without a score: %d first, %d later; %d failed at once", first, middle, failed)
	}
}

// A section in which nothing applies hides no other, wherever it stands.
func TestSectionsThatDoNotApply(t *testing.T) {
	criterion := func(section, weight string) rating.Criterion {
		return rating.Criterion{ID: section, Section: section, Weight: dec(weight), Min: 0, Max: 10}
	}
	for name, order := range map[string][]string{"in the middle": {"one", "two", "three"}, "first": {"two", "one", "three"}, "last": {"one", "three", "two"}} {
		weights := map[string]string{"one": "1", "two": "1", "three": "2"}
		var criteria []rating.Criterion
		for _, section := range order {
			criteria = append(criteria, criterion(section, weights[section]))
		}
		card := valueOf(rating.NewScorecard(dec("50"), criteria...))(t)
		s := valueOf(card.Score(rating.Review{Marks: map[string]int{"one": 5, "three": 5}, NotApplicable: []string{"two"}}))(t)
		if s.Score.String() != "50.00" || s.Coverage.String() != "75.00" || !s.Passed || len(s.Sections) != 2 ||
			s.Sections[0].Section != "one" || s.Sections[1].Section != "three" || s.Sections[1].Score.String() != "50.00" {
			t.Errorf("%s: %v, coverage %v, %v", name, s.Score, s.Coverage, s.Sections)
		}
	}
}

func TestPresets(t *testing.T) {
	for want, criteria := range map[string][]rating.Criterion{
		"responsiveness knowledge empathy communication follow_up":    rating.FiveElements(),
		"response_time politeness problem_solving complaint_handling": rating.FourCriteria(),
	} {
		var names []string
		r := rating.Review{Marks: make(map[string]int)}
		for _, c := range criteria {
			names = append(names, c.ID)
			r.Marks[c.ID] = 3
			if c.Name == "" || !strings.HasSuffix(c.Guidance, "?") || c.Min != 1 || c.Max != 5 || c.AutoFail {
				t.Errorf("%+v", c)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		card := valueOf(rating.NewScorecard(dec("50"), criteria...))(t)
		if s := valueOf(card.Score(r))(t); s.Score.String() != "50.00" || !s.Passed || len(s.Sections) != 1 {
			t.Errorf("%+v", s)
		}
	}
	a := rating.FiveElements()
	a[0].ID = "changed"
	if rating.FiveElements()[0].ID == "changed" {
		t.Error("a preset was changed from outside")
	}
	given := sampleCriteria()
	card := valueOf(rating.NewScorecard(dec("70"), given...))(t)
	card.Criteria()[0].ID, given[0].ID = "changed", "changed"
	if card.Criteria()[0].ID != "greeting" || !card.PassMark().Equal(dec("70")) {
		t.Error("a card was changed from outside")
	}
}

func TestPoints(t *testing.T) {
	var zero rating.Points
	text, err := zero.AppendText([]byte("x"))
	if zero.String() != "0.00" || zero.Float64() != 0 || string(text) != "x0" || err != nil || !zero.Decimal(3).IsZero() {
		t.Errorf("zero is %v, %s", zero, text)
	}
	card := valueOf(rating.NewScorecard(dec("0"), rating.Criterion{ID: "a", Weight: dec("1"), Min: 0, Max: 8}))(t)
	scored := valueOf(card.Score(rating.Review{Marks: map[string]int{"a": 1}}))(t)
	if len(scored.Sections) != 0 {
		t.Errorf("sections of a card without: %v", scored.Sections)
	}
	s := scored.Score
	if s.Decimal(1).String() != "12.5" || s.Decimal(0).String() != "13" || s.Float64() != 12.5 || s.Compare(zero) != 1 || zero.Compare(s) != -1 || s.Compare(s) != 0 {
		t.Errorf("an eighth is %v", s)
	}
}
