package rating_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/servicequality/servicequality/rating"
)

// thereAndBack reads JSON. What is accepted is written and read until nothing changes; what
// is refused changes nothing. It reports whether it was accepted.
func thereAndBack(t *testing.T, data []byte, v, again decoder) bool {
	t.Helper()
	empty := valueOf(v.MarshalJSON())(t)
	if err := v.UnmarshalJSON(data); err != nil {
		if after := valueOf(v.MarshalJSON())(t); !bytes.Equal(after, empty) || len(err.Error()) > 600 {
			t.Fatalf("%q: %.700v, holds %s", data, err, after)
		}
		return false
	}
	first := valueOf(json.Marshal(v))(t)
	if err := json.Unmarshal(first, again); err != nil {
		t.Fatalf("%q, written as %s: %v", data, first, err)
	}
	if second := valueOf(json.Marshal(again))(t); !bytes.Equal(first, second) {
		t.Fatalf("%q, written as %s, then as %s", data, first, second)
	}
	return true
}

func FuzzDistributionJSON(f *testing.F) {
	f.Add([]byte(`{"n":4,"stars":[0,0,1,2,1],"mean":"4","tier":"high"}`))
	f.Add([]byte(`{"n":9007199254740992,"stars":[0,0,0,0,9007199254740992],"mean":null,"tier":null}`))
	f.Add([]byte(`{"n":0,"stars":[0,0,0,0,0]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d, again rating.Distribution
		if thereAndBack(t, data, &d, &again) && d != again {
			t.Fatalf("%v and %v", d, again)
		}
	})
}

func FuzzLadderJSON(f *testing.F) {
	f.Add([]byte(`[{"level":"basic","fact":"a","at_least":{"part":1,"whole":2}},{"level":"expected","fact":"b","unit":"% of","at_most":{"part":60,"whole":1}}]`))
	f.Add([]byte(`[{"level":"basic","fact":"a","unit":"%","at_least":{"part":-9223372036854775808,"whole":9223372036854775807}}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var l, again rating.Ladder
		if !thereAndBack(t, data, &l, &again) || len(l.Rungs()) == 0 {
			return
		}
		// A desk that is at each bound holds all of its levels: it is above none, or
		// at one of two that are alike.
		facts := make(rating.Facts)
		for _, r := range l.Rungs() {
			bound := r.AtLeast
			if !bound.Defined() {
				bound = r.AtMost
			}
			if known, ok := facts[r.Fact]; ok && known.Compare(bound) != 0 {
				return // another level asks for more
			}
			facts[r.Fact] = bound
		}
		a := l.Climb(facts)
		if top := l.Rungs()[len(l.Rungs())-1].Level; a.Level != top || a.Next != 0 || len(a.Missing()) != 0 {
			t.Fatalf("%s: %v, want %v", data, a, top)
		}
		for _, m := range append(l.Climb(nil).Rungs, a.Rungs...) {
			if m.String() == "" || len(m.String()) > 3*len(data)+200 {
				t.Fatalf("%s: %q", data, m)
			}
		}
	})
}

// FuzzTallies merges any two that can be read: in either order they are one, or refused,
// and what comes out can be stored.
func FuzzTallies(f *testing.F) {
	for _, marks := range [][]int{{}, {0}, {1, 2, 999}} {
		f.Add(valueOf(tallied(f, marks).MarshalBinary())(f), valueOf(tallied(f, []int{500, 999}).MarshalBinary())(f))
	}
	full := []byte("\x01\x80\x80\x80\x80\x80\x02\x00\x00\x00\x00\x00\x00") // 2³⁶ reviews
	f.Add(full, full)
	f.Fuzz(func(t *testing.T, one, two []byte) {
		var a, b rating.ReviewTally
		if a.UnmarshalBinary(one) == nil && b.UnmarshalBinary(two) == nil {
			ab, ba := a, b
			err, err2 := ab.Merge(b), ba.Merge(a)
			merges(t, a, b, ab, ba, err, err2, a.N(), b.N(), ab.N())
			stores(t, ab, new(rating.ReviewTally), new(rating.ReviewTally))
		}
		var c, d rating.Distribution
		if c.UnmarshalBinary(one) == nil && d.UnmarshalBinary(two) == nil {
			cd, dc := c, d
			err, err2 := cd.Merge(d), dc.Merge(c)
			merges(t, c, d, cd, dc, err, err2, c.N(), d.N(), cd.N())
			stores(t, cd, new(rating.Distribution), new(rating.Distribution))
		}
	})
}

// merges checks what became of a and b when either was merged into the other.
func merges[T comparable](t *testing.T, a, b, ab, ba T, err, err2 error, n ...int64) {
	t.Helper()
	switch {
	case err == nil && err2 == nil && ab == ba && n[2] == n[0]+n[1] && n[2] >= 0:
	case errors.Is(err, rating.ErrCount) && errors.Is(err2, rating.ErrCount) && ab == a && ba == b:
	default:
		t.Fatalf("%v and %v: %v, %v; %v and %v", a, b, ab, err, ba, err2)
	}
}

// FuzzEnums reads names.
func FuzzEnums(f *testing.F) {
	for _, name := range []string{"", "high", "surprising", "icc_2_1", "High", "\x00"} {
		f.Add([]byte(name))
	}
	f.Fuzz(func(t *testing.T, name []byte) {
		tier, level, coefficient := rating.Tier(7), rating.Level(7), rating.Coefficient(7)
		for v, err := range map[any]error{&tier: tier.UnmarshalText(name), &level: level.UnmarshalText(name), &coefficient: coefficient.UnmarshalText(name)} {
			number := reflect.ValueOf(v).Elem()
			if err != nil {
				if number.Uint() != 7 || len(err.Error()) > 600 {
					t.Fatalf("%q: %v, and is %d", name, err, number.Uint())
				}
				continue
			}
			text, err := number.Interface().(interface{ MarshalText() ([]byte, error) }).MarshalText()
			if err != nil || !bytes.Equal(text, name) {
				t.Fatalf("%q is written as %q, %v", name, text, err)
			}
		}
	})
}
