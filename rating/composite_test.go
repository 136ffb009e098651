package rating_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

func sampleComposite(t *testing.T) rating.Composite {
	t.Helper()
	return valueOf(rating.NewComposite(ratio(1, 2),
		rating.Measure{Fact: "csat", Floor: ratio(50, 100), Target: ratio(90, 100), Weight: dec("2")},
		rating.Measure{Fact: "wait", Floor: ratio(60, 1), Target: ratio(0, 1), Weight: dec("1")},
		rating.Measure{Fact: "solved", Floor: ratio(0, 1), Target: ratio(1, 1), Weight: dec("1")},
	))(t)
}

func TestComposite(t *testing.T) {
	c := sampleComposite(t)
	for name, row := range map[string]struct {
		facts                 rating.Facts
		value, coverage, adds string
	}{
		// csat 75, wait 50, solved 80
		"all":       {rating.Facts{"csat": ratio(80, 100), "wait": ratio(30, 1), "solved": ratio(4, 5)}, "70.00", "100.00", "37.50 12.50 20.00"},
		"floors":    {rating.Facts{"csat": ratio(1, 2), "wait": ratio(60, 1), "solved": ratio(0, 7)}, "0.00", "100.00", "0.00 0.00 0.00"},
		"targets":   {rating.Facts{"csat": ratio(9, 10), "wait": ratio(0, 1), "solved": ratio(7, 7)}, "100.00", "100.00", "50.00 25.00 25.00"},
		"beyond":    {rating.Facts{"csat": ratio(2, 1), "wait": ratio(-5, 1), "solved": ratio(9, 7)}, "100.00", "100.00", "50.00 25.00 25.00"},
		"below":     {rating.Facts{"csat": ratio(-2, 1), "wait": ratio(61, 1), "solved": ratio(-1, 7)}, "0.00", "100.00", "0.00 0.00 0.00"},
		"one left":  {rating.Facts{"csat": ratio(80, 100)}, "75.00", "50.00", "75.00 0.00 0.00"},
		"two left":  {rating.Facts{"csat": ratio(80, 100), "solved": ratio(4, 5), "wait": {}}, "76.67", "75.00", "50.00 0.00 26.67"},
		"exactly ½": {rating.Facts{"wait": ratio(30, 1), "solved": ratio(4, 5)}, "65.00", "50.00", "0.00 25.00 40.00"},
	} {
		index := valueOf(c.Index(row.facts))(t)
		var adds []string
		for i, part := range index.Contributions {
			adds = append(adds, part.Adds.String())
			if part.Fact != c.Measures()[i].Fact || part.Measured != row.facts[part.Fact] {
				t.Errorf("%s: %+v", name, part)
			}
		}
		if index.Value.String() != row.value || index.Coverage.String() != row.coverage || strings.Join(adds, " ") != row.adds {
			t.Errorf("%s: %v, coverage %v, adds %v", name, index.Value, index.Coverage, adds)
		}
	}
	_, err := c.Index(rating.Facts{"wait": ratio(1, 1)})
	refuses(t, "a quarter", err, rating.ErrCoverage)
	if want := `rating: too little was measured: 25.00 % of the weight, want 50.00 %; missing: ["csat" "solved"]`; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	_, err = valueOf(rating.NewComposite(ratio(0, 1), c.Measures()...))(t).Index(nil)
	refuses(t, "nothing", err, rating.ErrCoverage)
	_, err = rating.Composite{}.Index(nil)
	refuses(t, "no composite", err, rating.ErrDefinition)
	given := c.Measures()
	c = valueOf(rating.NewComposite(ratio(1, 2), given...))(t)
	c.Measures()[0].Fact, given[0].Fact = "changed", "changed"
	if c.Measures()[0].Fact != "csat" {
		t.Error("changed from outside")
	}
}

func TestCompositeRefuses(t *testing.T) {
	good := rating.Measure{Fact: "a", Floor: ratio(0, 1), Target: ratio(1, 1), Weight: dec("1")}
	with := func(change func(*rating.Measure)) rating.Measure {
		m := good
		m.Fact = "b"
		change(&m)
		return m
	}
	for name, m := range map[string]rating.Measure{
		"no fact":   with(func(m *rating.Measure) { m.Fact = "" }),
		"twice":     good,
		"negative":  with(func(m *rating.Measure) { m.Weight = dec("-1") }),
		"no weight": with(func(m *rating.Measure) { m.Weight = dec("0") }),
		"huge":      with(func(m *rating.Measure) { m.Weight = dec("1e19") }),
		"no floor":  with(func(m *rating.Measure) { m.Floor = stat.Ratio{} }),
		"no target": with(func(m *rating.Measure) { m.Target = stat.Ratio{} }),
		"equal":     with(func(m *rating.Measure) { m.Floor = ratio(3, 3) }),
	} {
		_, err := rating.NewComposite(ratio(1, 2), good, m)
		refuses(t, name, err, rating.ErrDefinition)
	}
	for _, minimum := range []stat.Ratio{{}, ratio(-1, 2), ratio(3, 2)} {
		_, err := rating.NewComposite(minimum, good)
		refuses(t, minimum.String(), err, rating.ErrDefinition)
	}
	_, err := rating.NewComposite(ratio(1, 2))
	refuses(t, "none", err, rating.ErrDefinition)
	for _, minimum := range []stat.Ratio{ratio(0, 1), ratio(1, 1)} {
		valueOf(rating.NewComposite(minimum, good))(t)
	}
}

func TestCompositeLaws(t *testing.T) {
	properties := laws(t)
	build := func(weights []int64, scale string) (rating.Composite, error) {
		var measures []rating.Measure
		for i, w := range weights {
			m := rating.Measure{Fact: fmt.Sprint(i), Floor: ratio(int64(i), 7), Target: ratio(int64(i)+3, 2), Weight: dec(fmt.Sprint(w)).Mul(dec(scale))}
			if i%2 == 1 {
				m.Floor, m.Target = m.Target, m.Floor
			}
			measures = append(measures, m)
		}
		return rating.NewComposite(ratio(0, 1), measures...)
	}
	factsOf := func(values []int64) rating.Facts {
		facts := rating.Facts{}
		for i, v := range values {
			if v > 0 {
				facts[fmt.Sprint(i)] = ratio(v, 9)
			}
		}
		return facts
	}
	weights, values := gen.SliceOfN(4, gen.Int64Range(1, 50)), gen.SliceOfN(4, gen.Int64Range(-3, 40))
	properties.Property("the index agrees with big.Rat, and contributions add up to it", prop.ForAll(func(weights, values []int64) bool {
		c, err := build(weights, "1")
		if err != nil {
			return false
		}
		index, err := c.Index(factsOf(values))
		var sum int64
		for i, v := range values {
			if v > 0 {
				sum += weights[i]
			}
		}
		if sum == 0 {
			return err != nil
		}
		want, adds := new(big.Rat), 0.0
		for i, v := range values {
			adds += index.Contributions[i].Adds.Float64()
			if v <= 0 {
				continue
			}
			floor, target := big.NewRat(int64(i), 7), big.NewRat(int64(i)+3, 2)
			x := big.NewRat(v, 9)
			if x.Cmp(floor) < 0 {
				x = floor
			}
			if x.Cmp(target) > 0 {
				x = target
			}
			x = new(big.Rat).Quo(new(big.Rat).Sub(x, floor), new(big.Rat).Sub(target, floor))
			if i%2 == 1 {
				x.Sub(big.NewRat(1, 1), x)
			}
			want.Add(want, x.Mul(x, big.NewRat(100*weights[i], sum)))
		}
		f, _ := want.Float64()
		return err == nil && index.Value.Decimal(12).StringFixed(12) == want.FloatString(12) && adds-f < 1e-9 && f-adds < 1e-9
	}, weights, values))
	properties.Property("weights multiplied by a constant change nothing", prop.ForAll(func(weights, values []int64) bool {
		a, err := build(weights, "1")
		b, err2 := build(weights, "0.03")
		if err != nil || err2 != nil {
			return false
		}
		x, errX := a.Index(factsOf(values))
		y, errY := b.Index(factsOf(values))
		return (errX == nil) == (errY == nil) && x.Value.Compare(y.Value) == 0 && x.Coverage.Compare(y.Coverage) == 0
	}, weights, values))
	properties.Property("a better fact never lowers the index", prop.ForAll(func(weights, values []int64, i int) bool {
		c, err := build(weights, "1")
		if err != nil || values[i] <= 1 {
			return err == nil
		}
		before, err := c.Index(factsOf(values))
		values[i] += int64(1 - 2*(i%2)) // the odd ones are better when lower
		after, err2 := c.Index(factsOf(values))
		return err == nil && err2 == nil && after.Value.Compare(before.Value) >= 0
	}, weights, values, gen.IntRange(0, 3)))
	properties.TestingRun(t)
}
