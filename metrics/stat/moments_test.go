package stat

import (
	"math"
	"math/big"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"
)

func TestMomentsLaws(t *testing.T) {
	properties := gopter.NewProperties(nil)
	value := gen.Weighted([]gen.WeightedGen{
		{Weight: 4, Gen: gen.Int64Range(-10, 10)},
		{Weight: 1, Gen: gen.Int64()},
		{Weight: 1, Gen: gen.OneConstOf(int64(0), int64(math.MaxInt64), int64(math.MinInt64))},
	})
	values := gen.SliceOf(value)
	of := func(x []int64) (m Moments) {
		for _, v := range x {
			m.Add(v)
		}
		return m
	}
	properties.Property("sums are exact", prop.ForAll(func(x []int64) bool {
		m, sum, squares := of(x), new(big.Int), new(big.Int)
		for _, v := range x {
			b := big.NewInt(v)
			sum.Add(sum, b)
			squares.Add(squares, b.Mul(b, b))
		}
		return m.N() == int64(len(x)) && m.bigSum().Cmp(sum) == 0 && m.bigSquares().Cmp(squares) == 0
	}, values))
	properties.Property("merging the parts is taking the whole", prop.ForAll(func(a, b []int64) bool {
		ab, ba := of(a), of(b)
		ab.Merge(of(b))
		ba.Merge(of(a))
		return ab == of(append(a[:len(a):len(a)], b...)) && ab == ba
	}, values, values))
	properties.Property("times is repetition", prop.ForAll(func(v, times int64) bool {
		var a, b Moments
		if a.AddTimes(v, times) != nil {
			return false
		}
		for range times {
			b.Add(v)
		}
		return a == b
	}, value, gen.Int64Range(0, 50)))
	properties.Property("JSON and binary come back", prop.ForAll(func(x []int64) bool {
		m := of(x)
		var fromText, fromBytes Moments
		text, err1 := m.MarshalJSON()
		bytes, err2 := m.MarshalBinary()
		return err1 == nil && err2 == nil && fromText.UnmarshalJSON(text) == nil && fromBytes.UnmarshalBinary(bytes) == nil &&
			fromText == m && fromBytes == m
	}, values))
	properties.TestingRun(t)
}

func TestMoments(t *testing.T) {
	var m Moments
	if _, ok := m.Sample(); ok || m.N() != 0 {
		t.Error("empty moments have a sample")
	}
	_, err := m.Interval(0.95)
	wantError(t, "empty", err, ErrNoData)
	m.Add(3)
	if s, ok := m.Sample(); !ok || s != (Sample{N: 1, Mean: 3}) {
		t.Errorf("sample of one: %+v", s)
	}
	_, err = m.Interval(0.95)
	wantError(t, "one", err, ErrTooFew)
	wantError(t, "negative times", m.AddTimes(1, -1), ErrCount)
	wantError(t, "too many times", m.AddTimes(1, math.MaxInt64), ErrCount)
	if m.N() != 1 {
		t.Errorf("refused values were taken: n = %d", m.N())
	}
	// The extremes fit.
	var wide Moments
	if err := wide.AddTimes(math.MinInt64, math.MaxInt64); err != nil {
		t.Fatal(err)
	}
	if s, _ := wide.Sample(); s.Mean != math.MinInt64 || s.Variance != 0 {
		t.Errorf("sample %+v", s)
	}
	const golden = `{"n":1,"sum":"3","squares":"9"}`
	if text, err := m.MarshalJSON(); err != nil || string(text) != golden {
		t.Errorf("JSON %s, %v, want %s", text, err, golden)
	}
	for _, bad := range []string{
		`{"n":-1,"sum":"0","squares":"0"}`, `{"n":0,"sum":"1","squares":"1"}`, `{"n":2,"sum":"5","squares":"3"}`,
		`{"n":1,"sum":"x","squares":"0"}`, `{"n":1,"sum":"1","squares":"-1"}`, `{"n":1,"sum":"","squares":""}`, `{"n":0}`,
		`{"n":1,"sum":"100000000000000000000000000000000000000000000000000000000000000","squares":"0"}`,
	} {
		before := m
		wantError(t, bad, m.UnmarshalJSON([]byte(bad)), ErrValue)
		if m != before {
			t.Errorf("%s changed the moments", bad)
		}
	}
	if err := m.UnmarshalJSON([]byte(`[]`)); err == nil {
		t.Error("read an array")
	}
	good, _ := m.MarshalBinary()
	if len(good) != 49 || good[0] != 1 {
		t.Errorf("binary form % x", good)
	}
	for _, bad := range [][]byte{nil, good[:48], append([]byte{2}, good[1:]...), append(good[:len(good):len(good)], 0)} {
		wantError(t, "binary", m.UnmarshalBinary(bad), ErrValue)
	}
	good[1] = 0x80 // n becomes negative
	wantError(t, "binary", m.UnmarshalBinary(good), ErrValue)
}

func FuzzMomentsJSON(f *testing.F) {
	f.Add([]byte(`{"n":2,"sum":"-3","squares":"9"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var m, back Moments
		if m.UnmarshalJSON(text) != nil {
			return
		}
		if s, ok := m.Sample(); ok && s.check() != nil {
			t.Errorf("%s has sample %+v", text, s)
		}
		again, err := m.MarshalJSON()
		if err != nil || back.UnmarshalJSON(again) != nil || back != m {
			t.Errorf("%s reads as %+v, which writes %s", text, m, again)
		}
	})
}

func FuzzMomentsBinary(f *testing.F) {
	good, _ := Moments{n: 2, sum: [2]uint64{3}, squares: [3]uint64{5}}.MarshalBinary()
	f.Add(good)
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Moments
		if m.UnmarshalBinary(b) != nil {
			return
		}
		if again, err := m.MarshalBinary(); err != nil || string(again) != string(b) {
			t.Errorf("% x reads as %+v, which writes % x", b, m, again)
		}
	})
}

func TestMomentsAddAllocatesNothing(t *testing.T) {
	var m Moments
	if n := testing.AllocsPerRun(100, func() { m.Add(4); m.Merge(m) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMomentsAdd(b *testing.B) {
	b.ReportAllocs()
	var m Moments
	for b.Loop() {
		m.Add(4)
	}
	sink = float64(m.N())
}
