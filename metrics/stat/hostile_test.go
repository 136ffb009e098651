package stat

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// hostileFunctions are all functions of the package that are exported, and
// hostileTypes all such types, for their methods.
var (
	hostileFunctions = map[string]any{
		"CUSUM": CUSUM, "CompareMeans": CompareMeans, "CompareMedians": CompareMedians, "CompareNets": CompareNets,
		"ComparePairs": ComparePairs, "CompareRates": CompareRates, "CompareShares": CompareShares,
		"CompareSurvival": CompareSurvival, "CumulativeIncidence": CumulativeIncidence, "Decide": Decide,
		"Describe": Describe, "DescribeCounts": DescribeCounts, "EWMA": EWMA, "EffectiveSample": EffectiveSample,
		"FQuantile": FQuantile, "Holm": Holm, "KaplanMeier": KaplanMeier, "LaneyP": LaneyP, "Linear": Linear,
		"LinearShares": LinearShares, "MannKendall": MannKendall, "MannWhitney": MannWhitney, "MarginOfError": MarginOfError,
		"NormalQuantile": NormalQuantile, "Pearson": Pearson, "PoissonRate": PoissonRate, "Proportion": Proportion,
		"QuantileRanks": QuantileRanks, "RequiredSample": RequiredSample, "ShrinkEstimates": ShrinkEstimates,
		"ShrinkMeans": ShrinkMeans, "ShrinkProportions": ShrinkProportions, "SignedRanks": SignedRanks, "XmR": XmR,
	}
	hostileTypes = []any{
		Chart{}, ChartPoint{}, Conclusion(0), Contrast{}, Decision{}, Direction(0), DurationInterval{}, Ending{}, Estimate{},
		HyndmanFan(0), Incidence{}, Interval{}, MedianSample{}, Method(0), Net{}, Observation{}, Ratio{}, Rounding(0), Sample{},
		ScoreCounts{}, Shrinkage{}, Shrunken{}, Survival{}, Term{}, Test{}, Trend{}, Weighted{}, WeightedNet{},
	}
)

// The lists above are whole.
func TestHostileKnowsAll(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var functions, types, known []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.IsExported() {
					functions = append(functions, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() {
						types = append(types, s.Name.Name)
					}
				}
			}
		}
	}
	for _, v := range hostileTypes {
		known = append(known, reflect.TypeOf(v).Name())
	}
	slices.Sort(types)
	slices.Sort(known)
	if !slices.Equal(types, known) {
		t.Errorf("types %v, known %v", types, known)
	}
	for _, name := range functions {
		if hostileFunctions[name] == nil {
			t.Errorf("%s is not tried", name)
		}
	}
	if len(functions) != len(hostileFunctions) {
		t.Errorf("%d functions, %d known", len(functions), len(hostileFunctions))
	}
}

// Whatever the arguments, each function of the package returns: an error that wraps one
// of the package's, or numbers that are what they say. None is NaN, an interval has its
// estimate, and a P lies from 0 to 1.
func TestHostileArguments(t *testing.T) {
	h := newHostile(t)
	calls := 40
	if os.Getenv("TEST_THOROUGH") != "" {
		calls = 2000
	} else if testing.Short() {
		calls = 15
	}
	try := func(name string, f reflect.Value) {
		t.Run(name, func(t *testing.T) {
			answers := 0
			for i := 0; !t.Failed() && (i < calls || answers == 0); i++ {
				if h.try(t, name, f) {
					answers++
				}
				if i > 10000 {
					t.Fatal("errors and no answer")
				}
			}
		})
	}
	for name, f := range hostileFunctions {
		try(name, reflect.ValueOf(f))
	}
	for _, v := range hostileTypes {
		pointer := reflect.PointerTo(reflect.TypeOf(v))
		for i := range pointer.NumMethod() {
			m := pointer.Method(i)
			try(pointer.Elem().Name()+"."+m.Name, m.Func)
		}
	}
}

// hostile draws arguments, of which some are extreme, and holds results against what must
// be so.
type hostile struct {
	*rand.Rand
	wild   float64 // how many of the numbers are extreme
	length int     // of slices, mostly: those of one call should be equally long
}

// newHostile draws the same each time, because what is wrong at the ends of float64 comes
// up once in thousands of calls: TEST_SEED looks for more.
func newHostile(t *testing.T) *hostile {
	n := uint64(20)
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TEST_SEED: %v", err)
		}
	}
	t.Logf("TEST_SEED=%d", n)
	return &hostile{Rand: rand.New(rand.NewPCG(n, 20))}
}

// try calls f once and reports whether it gave an answer.
func (h *hostile) try(t *testing.T, name string, f reflect.Value) bool {
	t.Helper()
	h.wild, h.length = []float64{0, 0.05, 0.3, 0.8}[h.IntN(4)], []int{0, 1, 2, 3, 5, 12}[h.IntN(6)]
	args := make([]reflect.Value, f.Type().NumIn())
	for i := range args {
		args[i] = h.draw(f.Type().In(i))
	}
	before := h.show(args)
	var results []reflect.Value
	if f.Type().IsVariadic() {
		results = f.CallSlice(args)
	} else {
		results = f.Call(args)
	}
	if last := len(results) - 1; last >= 0 && f.Type().Out(last) == reflect.TypeFor[error]() {
		if err, _ := results[last].Interface().(error); err != nil {
			if !slices.ContainsFunc(allErrors, func(e error) bool { return errors.Is(err, e) }) {
				t.Errorf("%s(%s): an error that names no reason: %v", name, before, err)
			}
			return false
		}
		results = results[:last]
	}
	for _, r := range results {
		if fault := h.fault(name, r); fault != "" {
			t.Errorf("%s(%s): %s", name, before, fault)
		}
	}
	return true
}

// mayBeInfinite are the numbers that can be +Inf, as their documentation says, or of an
// infinite variance.
var mayBeInfinite = []string{"EffectiveSample", "Interval.Width", "Sample.SD", "Sample.SE", "Weighted.SE"}

var allErrors = []error{ErrNoData, ErrTooFew, ErrTooMany, ErrNoVariation, ErrLevel, ErrCount, ErrValue, ErrLength, ErrMethod, ErrOverflow}

func (h *hostile) show(args []reflect.Value) string {
	var shown []string
	for _, a := range args {
		for a.Kind() == reflect.Pointer && a.Type() != reflect.TypeFor[*big.Int]() {
			a = a.Elem()
		}
		shown = append(shown, sprint(a))
	}
	return strings.Join(shown, ", ")
}

func pick[T any](h *hostile, from ...T) T { return from[h.IntN(len(from))] }

func (h *hostile) float() float64 {
	if h.Float64() >= h.wild {
		return pick(h, 0.5, 0.95, 0.2, 0.01, 1, 0, 2, 3.5, h.Float64(), 10*h.NormFloat64())
	}
	f := pick(h, 0, 1, 5e-324, 1e-310, 1e-308, 1e-300, 1e-200, 1e-155, 1e-17, 1e-16, 1.2e-16, 1e-9, 1-0x1p-53, 1-1e-9, 1+0x1p-52, 1<<53, 1<<53+2, 1<<63,
		1e17, 1e30, 1e154, 1e155, 1e200, 1e300, 1e308, math.MaxFloat64, math.Inf(1), math.NaN(), math.Exp(700*h.NormFloat64()))
	return pick(h, f, f, f, -f)
}

func (h *hostile) whole() int64 {
	if h.Float64() >= h.wild {
		return pick(h, h.Int64N(5), h.Int64N(60), h.Int64N(2000))
	}
	return pick(h, 0, 1, 2, 1<<31, 1<<53-1, 1<<53, 1<<53+1, 1<<61, 1<<61+1, 1<<62, math.MaxInt64-1, math.MaxInt64, -1, math.MinInt64, h.Int64N(math.MaxInt64), 1<<h.IntN(63))
}

// draw returns an argument of the type.
func (h *hostile) draw(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch to := v.Addr().Interface().(type) {
	case *float64:
		*to = h.float()
	case *int64:
		*to = h.whole()
	case *int:
		*to = int(pick(h, 1, 1, 2, 3, h.whole()))
	case *int32:
		*to = pick[int32](h, 0, 2, -2, 20, math.MinInt32, math.MaxInt32)
	case *time.Duration:
		*to = time.Duration(h.whole())
	case *Ratio:
		if *to = (Ratio{h.whole(), h.whole()}); h.IntN(5) > 0 && to.Part > to.Whole {
			to.Part, to.Whole = to.Whole, to.Part
		}
	case *Net:
		if *to = (Net{h.whole(), h.whole(), h.whole()}); h.IntN(5) > 0 {
			to.N = max(to.N, 0)
			to.Plus = min(max(to.Plus, 0), to.N)
			to.Minus = min(max(to.Minus, 0), to.N-to.Plus)
		}
	case *WeightedNet:
		if *to = (WeightedNet{h.float(), h.float(), h.float()}); h.IntN(2) > 0 {
			to.Plus, to.Minus = to.Plus/(to.Plus+to.Minus), to.Minus/(to.Plus+to.Minus)
		}
	case *Ending:
		*to = Ending{Time: time.Duration(h.whole()), Cause: pick(h, 0, 1, 1, 2, h.IntN(2000)-1)}
	case *Observation:
		*to = Observation{time.Duration(h.whole()), h.IntN(2) == 0}
	case *MedianSample:
		if *to = (MedianSample{h.whole(), h.float(), h.float(), h.float()}); h.IntN(5) > 0 {
			ends := []float64{to.Low, to.Median, to.High}
			slices.Sort(ends)
			to.Low, to.Median, to.High = ends[0], ends[1], ends[2]
		}
	case *Interval: // as calls return it
		ends := []float64{finite(h.float()), finite(h.float()), finite(h.float())}
		slices.Sort(ends)
		*to = Interval{ends[1], ends[0], ends[2], pick(h, 0, 0.5, 0.95, 1-0x1p-53), Method(h.IntN(30))}
	case *Contrast:
		*to = h.contrast()
	case *Decision:
		*to = Decision{Change: drawn[Interval](h), Test: Test{P: h.Float64()}, AdjustedP: h.Float64(), moved: h.IntN(3) - 1}
	case *Survival:
		*to, _ = KaplanMeier(drawn[[]Observation](h))
	case *Incidence:
		*to, _ = CumulativeIncidence(drawn[[]Ending](h))
	case **big.Int:
		*to = new(big.Int).Lsh(big.NewInt(h.whole()), uint(h.IntN(200)))
	case *any:
		*to = pick[any](h, nil, "wilson", []byte("better"), "\xff", "", "neither", int64(5), 5.5)
	case *[]byte:
		*to = []byte(pick(h, "", "wilson", "Wilson", "\xff", strings.Repeat("x", 1000), "ceiling", "worse", "lower_is_better"))
	default:
		h.compose(v)
	}
	return v
}

// compose draws what has parts.
func (h *hostile) compose(v reflect.Value) {
	switch v.Kind() {
	case reflect.Uint8:
		v.SetUint(uint64(pick(h, h.IntN(5), h.IntN(256))))
	case reflect.Bool:
		v.SetBool(h.IntN(2) == 0)
	case reflect.String:
		v.SetString(pick(h, "", "x"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		v.Elem().Set(h.draw(v.Type().Elem()))
	case reflect.Struct:
		for i := range v.NumField() {
			v.Field(i).Set(h.draw(v.Type().Field(i).Type))
		}
	case reflect.Slice:
		n := h.length
		if h.IntN(10) == 0 {
			n = h.IntN(9)
		}
		same := h.IntN(6) == 0
		for i := range n {
			if same && i > 0 {
				v.Set(reflect.Append(v, v.Index(0)))
			} else {
				v.Set(reflect.Append(v, h.draw(v.Type().Elem())))
			}
		}
		if x, ok := v.Interface().([]float64); ok && h.IntN(2) == 0 {
			slices.Sort(x) // as times are
		}
	default:
		panic("no way to draw " + v.Type().String())
	}
}

func drawn[T any](h *hostile) T { return h.draw(reflect.TypeFor[T]()).Interface().(T) }

func finite(f float64) float64 {
	if !isFinite(f) {
		return 0
	}
	return f
}

func (h *hostile) contrast() Contrast {
	for range 20 {
		var c Contrast
		var err error
		switch h.IntN(12) {
		case 0:
			c, err = CompareShares(drawn[Ratio](h), drawn[Ratio](h))
		case 1:
			c, err = CompareNets(drawn[Net](h), drawn[Net](h))
		case 2:
			c, err = CompareMeans(drawn[Sample](h), drawn[Sample](h))
		case 3:
			c, err = CompareMedians(drawn[MedianSample](h), drawn[MedianSample](h))
		case 4:
			c, err = CompareRates(h.whole(), h.float(), h.whole(), h.float())
		case 5:
			c, err = ComparePairs(drawn[Net](h))
		case 6:
			c, err = LinearShares(drawn[[]float64](h), drawn[[]Ratio](h))
		case 7:
			c, err = Linear(Welch, drawn[[]Term](h)...)
		case 8:
			c, err = drawn[Ratio](h).Against(h.float(), h.whole())
		case 9:
			c, err = drawn[Net](h).Against(h.float(), h.whole())
		case 10:
			c, err = drawn[Sample](h).Against(h.float(), h.whole())
		}
		if err == nil {
			return c
		}
	}
	return Contrast{}
}

// fault says what is wrong about a result, or returns nothing.
func (h *hostile) fault(name string, v reflect.Value) string {
	switch r := v.Interface().(type) {
	case float64:
		if math.IsNaN(r) || math.IsInf(r, 0) && !slices.Contains(mayBeInfinite, name) {
			return "a number of " + sprint(v)
		}
		return ""
	case Interval:
		sound := isFinite(r.Estimate) && isFinite(r.Low) && isFinite(r.High) && r.Contains(r.Estimate) && r.Method.String() != ""
		if r.Level == 0 && r != (Interval{}) && name != "Interval.Rescale" || r.Level != 0 && !sound || !(r.Level >= 0 && r.Level < 1) {
			return "unsound " + sprint(v)
		}
		return ""
	case Test:
		if !(r.P >= 0 && r.P <= 1) || !isFinite(r.Statistic) || !isFinite(r.DF) {
			return "unsound " + sprint(v)
		}
		return ""
	case Trend:
		if !(r.TauB >= -1 && r.TauB <= 1) || !(r.Variance > 0) {
			return "unsound " + sprint(v)
		}
	case Shrunken:
		if !(r.Weight >= 0 && r.Weight <= 1) || r.N < 0 {
			return "unsound " + sprint(v)
		}
	case ChartPoint:
		if !(r.Low <= r.High) || r.Signal != (r.Value < r.Low || r.Value > r.High) {
			return "unsound " + sprint(v)
		}
	case Decision:
		if !(r.AdjustedP >= r.Test.P && r.AdjustedP <= 1) {
			return "unsound " + sprint(v)
		}
		if r.moved != 0 && r.Change.Contains(0) {
			return "a change that contains 0: " + sprint(v)
		}
		return h.fault(name, reflect.ValueOf(r.Change))
	case DurationInterval:
		if r.HasLow && r.HasHigh && r.Low > r.High || r.HasEstimate && (r.HasLow && r.Low > r.Estimate || r.HasHigh && r.Estimate > r.High) || r.Low < 0 {
			return "unsound " + sprint(v)
		}
	case Contrast:
		if fault := h.fault(name, reflect.ValueOf(r.Test())); fault != "" {
			return fault
		}
		for _, level := range []float64{pick(h, 0.95, 1.2e-16, 1-0x1p-53), h.Float64()} {
			if iv, err := r.Interval(level); err == nil {
				if fault := h.fault(name, reflect.ValueOf(iv)); fault != "" {
					return fault
				}
			} else if !slices.ContainsFunc(allErrors, func(e error) bool { return errors.Is(err, e) }) {
				return "an error that names no reason: " + err.Error()
			}
		}
		// It leaves 0 out if the P is below 1 − level, unless it is of a difference in the
		// last digits of what is compared.
		level := 0.01 + 0.98*h.Float64()
		iv, err := r.Interval(level)
		if p := r.Test().P; err == nil && math.Abs(p-(1-level)) > 1e-6 && math.Abs(iv.Estimate) > 1e-12 && iv.Contains(0) != (p > 1-level) {
			return "P of " + sprint(reflect.ValueOf(p)) + " and " + sprint(reflect.ValueOf(iv))
		}
		return ""
	case driver.Value:
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			if fault := h.fault(name, v.Index(i)); fault != "" {
				return fault
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if fault := h.fault(name, v.Field(i)); fault != "" {
				return v.Type().Field(i).Name + ": " + fault
			}
		}
	}
	return ""
}

func sprint(v reflect.Value) string { return fmt.Sprintf("%+v", v.Interface()) }
