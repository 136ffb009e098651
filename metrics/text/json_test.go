package text_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/text"
)

// form is what is read in the tests of DecodeJSON.
type form struct {
	N    int            `json:"n,omitzero"`
	Of   *form          `json:"of_1,omitzero"`
	List []form         `json:"list,omitzero"`
	Side side           `json:"side,omitzero"`
	Any  map[string]any `json:"any,omitzero"`
	Text string         `json:"text,omitzero"`
}

func TestDecodeJSON(t *testing.T) {
	for in, want := range map[string]form{
		`{}`:        {},
		` {"n":1} `: {N: 1},
		"\n{ \"n\" :\t1 , \"of_1\" : {\"n\":2, \"list\":[{\"n\":3},{\"n\":4}]}}\r\n": {N: 1, Of: &form{N: 2, List: []form{{N: 3}, {N: 4}}}},
		`{"side":"after","text":"\"n\":1,\"n\":2 \\","list":[],"of_1":null}`:         {Side: after, Text: `"n":1,"n":2 \`, List: []form{}},
		`{"text":"N","any":{"a":"b","b":{"a":["a","a",{"a":1}]},"c_9":"}{"},"n":7}`:  {N: 7, Text: "N", Any: map[string]any{"a": "b", "b": map[string]any{"a": []any{"a", "a", map[string]any{"a": 1.0}}}, "c_9": "}{"}},
		`{"text":"` + strings.Repeat("x", 1000) + `","list":[{"text":"text"}]}`:      {Text: strings.Repeat("x", 1000), List: []form{{Text: "text"}}},
	} {
		var got form
		if null, err := text.DecodeJSON([]byte(in), &got); err != nil || null || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, %v", in, got, null, err)
		}
	}
	for _, in := range []string{"null", " null\n"} {
		got := form{N: 5}
		if null, err := text.DecodeJSON([]byte(in), &got); err != nil || !null || got.N != 5 {
			t.Errorf("%q: %+v, %v, %v", in, got, null, err)
		}
	}
	if null, err := text.DecodeJSON([]byte(`"null"`), new(string)); err != nil || null {
		t.Errorf("a text: %v, %v", null, err)
	}
	for in, want := range map[string]string{
		``:                                       "EOF",
		`{`:                                      "unexpected EOF",
		`{"n":1`:                                 "unexpected EOF",
		`{"n":1]`:                                "invalid character ']' after object key:value pair",
		`{"n":1} trailing`:                       `unexpected "trailing" after it`,
		`{"n":1}{}`:                              `unexpected "{}" after it`,
		`{"n":1}}`:                               `unexpected "}" after it`,
		`null 1`:                                 `unexpected "1" after it`,
		"{}\x00":                                 `unexpected "\x00" after it`,
		`{"n":1,"n":2}`:                          `field "n" comes twice`,
		`{"n":1,"of_1":{"n":1},"text":"","n":1}`: `field "n" comes twice`,
		`{"list":[{"n":1},{"n":1,"n" : 2}]}`:     `field "n" comes twice`,
		`{"any":{"a":1,"b":2,"a":3}}`:            `field "a" comes twice`,
		`{"N":1}`:                                `unknown field "N"`,
		`{"n":1,"N":1}`:                          `unknown field "N"`,
		`{"of_1":{"ſide":"after"}}`:              `unknown field "ſide"`,
		`{"m":1}`:                                `json: unknown field "m"`,
	} {
		if null, err := text.DecodeJSON([]byte(in), new(form)); err == nil || null || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

type inner struct {
	A int `json:"a"`
}

type base struct {
	Size   int    `json:"size"`
	Hidden string `json:"-"`
}

type outer struct {
	base
	Size  string           `json:"size"` // takes the place of that of base
	Name  string           // by its own name
	One   *inner           `json:"one,omitempty"`
	Many  []inner          `json:"many"`
	By    map[string]inner `json:"by"`
	Pair  [2]int           `json:"pair"`
	Pairs [][2]int64       `json:"pairs"`
	Any   any              `json:"any"`
	At    time.Time        `json:"at"`
	Raw   json.RawMessage  `json:"raw"`
	List  []int            `json:"list"`
	Deep  map[string]map[int]*inner
}

// Whatever the types, names are those of the fields, and lists as long as the arrays.
func TestDecodeJSONByType(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:     "",
		` null `: "",
		"\n{\"size\":\"x\",\"Name\":\"n\",\"one\":{\"a\":1},\"many\":[{\"a\":1},{}],\"by\":{\"A\":{\"a\":2},\"a\":{}},\"pair\":[1,2],\"pairs\":[[1,2],[3,4]]}\t\r\n ": "",
		`{"one":null,"many":null,"by":null,"pair":null,"any":{"A":1,"a":2,"a":3},"at":"2026-03-02T09:00:00Z","raw":{"x":1,"x":2},"list":[1,2,3]}`:                     "",
		`{"Deep":{"x":{"1":{"a":1},"2":null}}}`: "",

		``:                              "EOF",
		` `:                             "EOF",
		`{`:                             "unexpected EOF",
		`{}x`:                           `unexpected "x" after it`,
		`{} {}`:                         `unexpected "{}" after it`,
		`null null`:                     `unexpected "null" after it`,
		`{"size":5}`:                    "json: cannot unmarshal number into Go struct field outer.size of type string",
		`{"Size":"x"}`:                  `unknown field "Size"`,
		`{"name":"x"}`:                  `unknown field "name"`,
		`{"hidden":"x"}`:                `json: unknown field "hidden"`,
		`{"b":1}`:                       `json: unknown field "b"`,
		`{"one":{"b":1}}`:               `json: unknown field "b"`,
		`{"one":{"A":1}}`:               `unknown field "A"`,
		`{"one":{"a":1,"a":1}}`:         `field "a" comes twice`,
		`{"one":{"a":1},"one":{"a":1}}`: `field "one" comes twice`,
		`{"many":[{},{"A":1}]}`:         `unknown field "A"`,
		`{"by":{"x":{"A":1}}}`:          `unknown field "A"`,
		`{"by":{"x":{},"y":{},"x":{}}}`: `field "x" comes twice`,
		`{"pair":[1]}`:                  "a list of 1, want 2",
		`{"pair":[1,2,3]}`:              "a list of 3, want 2",
		`{"pairs":[[1,2],[]]}`:          "a list of 0, want 2",
		`{"Deep":{"x":{"1":{"A":1}}}}`:  `unknown field "A"`,
		`{"Deep":{"x":{},"x":{}}}`:      `field "x" comes twice`,
		`{"\u017fize":"x"}`:             `unknown field "ſize"`, // which encoding/json takes for an s
		`[]`:                            "json: cannot unmarshal array into Go value of type text_test.outer",
	} {
		var v outer
		_, err := text.DecodeJSON([]byte(in), &v)
		if got := fmt.Sprint(err); (err != nil || want != "") && got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
		var plain outer
		if err := json.Unmarshal([]byte(in), &plain); want == "" && (err != nil || !reflect.DeepEqual(v, plain)) {
			t.Errorf("%s is %+v, and encoding/json reads %+v, %v", in, v, plain, err)
		}
	}
}

func TestDecodeJSONOfOtherValues(t *testing.T) {
	var list []inner
	if _, err := text.DecodeJSON([]byte(`[{"a":1},{"a":2}]`), &list); err != nil || len(list) != 2 || list[1] != (inner{A: 2}) {
		t.Errorf("%v: %v", err, list)
	}
	if _, err := text.DecodeJSON([]byte(`[{"a":1},{"A":2}]`), &list); err == nil {
		t.Error("a list of objects is not looked into")
	}
	var at time.Time
	if _, err := text.DecodeJSON([]byte(`"2026-03-02T09:00:00Z" x`), &at); err == nil {
		t.Error("what follows an instant is not seen")
	}
	var n int
	if _, err := text.DecodeJSON([]byte(`5`), &n); err != nil || n != 5 {
		t.Errorf("%v: %d", err, n)
	}
}

// Messages are short, whatever is in the JSON, and say what is wrong.
func TestDecodeJSONMessages(t *testing.T) {
	long := strings.Repeat("é", 1<<16)
	for name, in := range map[string]string{
		"field": `{"` + long + `":1}`, "number": `{"n":` + strings.Repeat("9", 1<<17) + `}`, "enum": `{"side":"` + long + `"}`,
		"after": `{} ` + long, "bytes": `{} ` + strings.Repeat("\xf6", 200), "twice": `{"any":{"` + strings.Repeat("a", 1<<17) + `":1,"` + strings.Repeat("a", 1<<17) + `":1}}`,
	} {
		_, err := text.DecodeJSON([]byte(in), new(form))
		if err == nil || len(err.Error()) > 250 || !utf8.ValidString(err.Error()) {
			t.Errorf("%s: %d bytes, %.600s", name, len(err.Error()), err)
		}
	}
	_, err := text.DecodeJSON([]byte(`{"side":"`+long+`"}`), new(form))
	if !errors.Is(err, errSide) || !errors.Is(err, text.ErrUnknown) {
		t.Errorf("the reason is lost: %v", err)
	}
	var number *json.UnmarshalTypeError
	if _, err := text.DecodeJSON([]byte(`{"n":`+strings.Repeat("9", 1000)+`}`), new(form)); !errors.As(err, &number) || !strings.HasSuffix(err.Error(), "9…") || len(err.Error()) != 243 {
		t.Errorf("the number is lost: %v", err)
	}
}

// An object of many fields takes memory in proportion.
func TestDecodeJSONOfManyFields(t *testing.T) {
	allocated := func(fields int) uint64 {
		in := []byte(`{"any":{`)
		for i := range fields {
			in = append(strconv.AppendInt(append(in, `"f`...), int64(i*7919%fields), 10), `":1,`...)
		}
		in = append(in[:len(in)-1], "}}"...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := text.DecodeJSON(in, new(form)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if small, large := allocated(2_000), allocated(32_000); large > 32*small {
		t.Errorf("%d bytes for 2,000 fields, %d for 32,000", small, large)
	}
}

// FuzzDecodeJSON reads objects, and whatever is accepted is accepted by encoding/json,
// with the same meaning, and again when it is written.
func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`{"n":1,"of_1":{"list":[{"side":"after"}]},"any":{"a":"\"}"}}`))
	f.Add([]byte(`{"n":1,"n":2}`))
	f.Add([]byte(`{"N":1} x`))
	f.Add([]byte(`{} "` + strings.Repeat("\xf6", 200)))
	f.Add([]byte(`{"any":{"` + strings.Repeat("\x7f", 200) + `":1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var strict, usual, again form
		if _, err := text.DecodeJSON(data, &strict); err != nil {
			if len(err.Error()) > 250 {
				t.Fatalf("%d bytes of message", len(err.Error()))
			}
			return
		}
		if err := json.Unmarshal(data, &usual); err != nil || !reflect.DeepEqual(strict, usual) {
			t.Fatalf("%q: %+v, but encoding/json reads %+v, %v", data, strict, usual, err)
		}
		out, err := json.Marshal(strict)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := text.DecodeJSON(out, &again); err != nil || !reflect.DeepEqual(strict, again) {
			t.Fatalf("%q, written as %s: %v", data, out, err)
		}
	})
}
