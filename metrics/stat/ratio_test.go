package stat_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics/stat"
)

func TestRatioCompare(t *testing.T) {
	tests := []struct {
		r, s stat.Ratio
		want int
	}{
		{stat.Ratio{Part: 99_999, Whole: 125_000}, stat.Ratio{Part: 80, Whole: 100}, -1},
		{stat.Ratio{Part: 100_000, Whole: 125_000}, stat.Ratio{Part: 80, Whole: 100}, 0},
		{stat.Ratio{Part: 1, Whole: 3}, stat.Ratio{Part: 333_333_333_333, Whole: 1_000_000_000_000}, 1},
		{stat.Ratio{Part: math.MaxInt64, Whole: math.MaxInt64}, stat.Ratio{Part: 1, Whole: 1}, 0},
		{stat.Ratio{Part: math.MaxInt64 - 1, Whole: math.MaxInt64}, stat.Ratio{Part: math.MaxInt64 - 2, Whole: math.MaxInt64 - 1}, 1},
		{stat.Ratio{Part: math.MinInt64, Whole: 1}, stat.Ratio{Part: math.MinInt64 + 1, Whole: 1}, -1},
		{stat.Ratio{Part: -1, Whole: 2}, stat.Ratio{Part: 1, Whole: 2}, -1},
		{stat.Ratio{Part: 0, Whole: 5}, stat.Ratio{Part: 0, Whole: 7}, 0},
		{stat.Ratio{}, stat.Ratio{Part: -5, Whole: 1}, -1},
		{stat.Ratio{}, stat.Ratio{Part: 7, Whole: 0}, 0},
		{stat.Ratio{Part: 0, Whole: 1}, stat.Ratio{}, 1},
	}
	for _, tt := range tests {
		if got := tt.r.Compare(tt.s); got != tt.want {
			t.Errorf("(%v).Compare(%v) = %d, want %d", tt.r, tt.s, got, tt.want)
		}
		if got := tt.s.Compare(tt.r); got != -tt.want {
			t.Errorf("(%v).Compare(%v) = %d, want %d", tt.s, tt.r, got, -tt.want)
		}
	}
}

func TestRatioAtLeast(t *testing.T) {
	goal := stat.Ratio{Part: 80, Whole: 100}
	for r, want := range map[stat.Ratio]bool{
		{Part: 4, Whole: 5}:            true,
		{Part: 99_999, Whole: 125_000}: false,
		{Part: 5, Whole: 5}:            true,
		{}:                             false,
	} {
		if got := r.AtLeast(goal); got != want {
			t.Errorf("(%v).AtLeast(%v) = %v, want %v", r, goal, got, want)
		}
	}
	if (stat.Ratio{}).AtLeast(stat.Ratio{}) {
		t.Error("no data attains a goal")
	}
}

func TestRatioDecimal(t *testing.T) {
	tests := []struct {
		r      stat.Ratio
		places int32
		mode   stat.Rounding
		want   string
	}{
		{stat.Ratio{Part: 1, Whole: 3}, 4, stat.HalfAwayFromZero, "0.3333"},
		{stat.Ratio{Part: 2, Whole: 3}, 4, stat.HalfAwayFromZero, "0.6667"},
		{stat.Ratio{Part: 1, Whole: 8}, 2, stat.HalfAwayFromZero, "0.13"},
		{stat.Ratio{Part: -1, Whole: 8}, 2, stat.HalfAwayFromZero, "-0.13"},
		{stat.Ratio{Part: -1, Whole: 3}, 2, stat.Floor, "-0.34"},
		{stat.Ratio{Part: 2, Whole: 3}, 2, stat.Floor, "0.66"},
		{stat.Ratio{Part: 1, Whole: 3}, 2, stat.Ceiling, "0.34"},
		{stat.Ratio{Part: -2, Whole: 3}, 2, stat.Ceiling, "-0.66"},
		{stat.Ratio{Part: 4, Whole: 4}, 2, stat.Ceiling, "1"},
		{stat.Ratio{Part: 1250, Whole: 1}, -2, stat.HalfAwayFromZero, "1300"},
		{stat.Ratio{Part: math.MaxInt64, Whole: 1}, 3, stat.HalfAwayFromZero, "9223372036854775807"},
	}
	for _, tt := range tests {
		got, ok := tt.r.Decimal(tt.places, tt.mode)
		if want := decimal.RequireFromString(tt.want); !ok || !got.Equal(want) {
			t.Errorf("(%v).Decimal(%d, %v) = %v, %v, want %v", tt.r, tt.places, tt.mode, got, ok, want)
		}
	}
	if d, ok := (stat.Ratio{Part: 3}).Decimal(2, 0); ok {
		t.Errorf("3 of 0 has the decimal %v", d)
	}
}

func TestRatioPercent(t *testing.T) {
	got, ok := stat.Ratio{Part: 99_999, Whole: 125_000}.Percent(2, stat.HalfAwayFromZero)
	if !ok || got.StringFixed(2) != "80.00" {
		t.Errorf("99,999 of 125,000 is %v %%, want 80.00 %%", got.StringFixed(2))
	}
	got, _ = stat.Ratio{Part: 99_999, Whole: 125_000}.Percent(2, stat.Floor)
	if got.StringFixed(2) != "79.99" {
		t.Errorf("99,999 of 125,000 is at least %v %%, want 79.99 %%", got.StringFixed(2))
	}
}

func TestRatioFloat64(t *testing.T) {
	if f, ok := (stat.Ratio{Part: 1, Whole: 3}).Float64(); !ok || f != 1.0/3 {
		t.Errorf("1 of 3 is %v, %v", f, ok)
	}
	if f, ok := (stat.Ratio{}).Float64(); ok {
		t.Errorf("0 of 0 is %v", f)
	}
}

// genRatio yields ratios of all signs and sizes, undefined ones among them.
func genRatio() gopter.Gen {
	count := gen.Weighted([]gen.WeightedGen{
		{Weight: 3, Gen: gen.Int64Range(-9, 9)},
		{Weight: 2, Gen: gen.OneConstOf(int64(0), int64(1), int64(-1), int64(math.MaxInt64), int64(math.MaxInt64-1))},
		{Weight: 2, Gen: gen.Int64()},
	})
	return gopter.DeriveGen(
		func(part, whole int64) stat.Ratio { return stat.Ratio{Part: part, Whole: whole} },
		func(r stat.Ratio) (int64, int64) { return r.Part, r.Whole },
		count, count)
}

func TestRatioLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	properties.Property("Compare agrees with big.Rat", prop.ForAll(func(r, s stat.Ratio) bool {
		if !r.Defined() || !s.Defined() {
			return r.Compare(s) == -s.Compare(r)
		}
		return r.Compare(s) == big.NewRat(r.Part, r.Whole).Cmp(big.NewRat(s.Part, s.Whole))
	}, genRatio(), genRatio()))
	properties.Property("pooling is commutative, with the zero value as identity", prop.ForAll(func(r, s stat.Ratio) bool {
		return r.Pool(s) == s.Pool(r) && r.Pool(stat.Ratio{}) == r
	}, genRatio(), genRatio()))
	properties.Property("a complement's complement is the ratio, and their values add up to one", prop.ForAll(func(part, rest int64) bool {
		r := stat.Ratio{Part: part, Whole: part + rest}
		return r.Complement() == stat.Ratio{Part: rest, Whole: part + rest} && r.Complement().Complement() == r
	}, gen.Int64Range(0, 1e9), gen.Int64Range(0, 1e9)))
	properties.Property("each rounding is the nearest of its kind", prop.ForAll(func(r stat.Ratio, places int32, mode uint8) bool {
		m := stat.Rounding(mode)
		d, ok := r.Decimal(places, m)
		if !ok {
			return !r.Defined()
		}
		exact := big.NewRat(r.Part, r.Whole)
		unit := decimal.New(1, -places).Rat()
		offset := new(big.Rat).Sub(d.Rat(), exact)
		size := new(big.Rat).Abs(offset)
		half := new(big.Rat).Mul(unit, big.NewRat(1, 2))
		away := offset.Sign() * exact.Sign()
		switch m {
		case stat.Floor:
			return offset.Sign() <= 0 && size.Cmp(unit) < 0
		case stat.Ceiling:
			return offset.Sign() >= 0 && size.Cmp(unit) < 0
		default:
			return size.Cmp(half) < 0 || size.Cmp(half) == 0 && away > 0
		}
	}, genRatio(), gen.Int32Range(-3, 12), gen.UInt8Range(0, 2)))
	properties.TestingRun(t)
}

func TestRoundingText(t *testing.T) {
	for m := stat.HalfAwayFromZero; m <= stat.Ceiling; m++ {
		text, err := m.MarshalText()
		var read stat.Rounding
		if err != nil || string(text) != m.String() || read.UnmarshalText(text) != nil || read != m {
			t.Errorf("%v is %q, %v, and reads as %v", m, text, err, read)
		}
	}
	if _, err := stat.Rounding(9).MarshalText(); err == nil {
		t.Error("9 is a mode")
	}
	m := stat.Floor
	if err := m.UnmarshalText([]byte("up")); err == nil || err.Error() != `stat: value out of range: "up"` || m != stat.Floor {
		t.Errorf("%v, and now %v", err, m)
	}
}

func TestRoundingString(t *testing.T) {
	for mode, want := range map[stat.Rounding]string{
		stat.HalfAwayFromZero: "half_away_from_zero",
		stat.Ceiling:          "ceiling",
		stat.Rounding(9):      "Rounding(9)",
	} {
		if got := mode.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
