package strictjson

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

type inner struct {
	A int `json:"a"`
	b int
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

func TestUnmarshal(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:     "",
		` null `: "",
		"\n{\"size\":\"x\",\"Name\":\"n\",\"one\":{\"a\":1},\"many\":[{\"a\":1},{}],\"by\":{\"A\":{\"a\":2},\"a\":{}},\"pair\":[1,2],\"pairs\":[[1,2],[3,4]]}\t\r\n ": "",
		`{"one":null,"many":null,"by":null,"pair":null,"any":{"A":1,"a":2,"a":3},"at":"2026-03-02T09:00:00Z","raw":{"x":1,"x":2},"list":[1,2,3]}`:                     "",
		`{"Deep":{"x":{"1":{"a":1},"2":null}}}`: "",

		``:                              "EOF",
		` `:                             "EOF",
		`{`:                             "unexpected EOF",
		`{}x`:                           `"x" follows the value`,
		`{} {}`:                         `"{}" follows the value`,
		`null null`:                     `"null" follows the value`,
		`{"size":5}`:                    "json: cannot unmarshal number into Go struct field outer.size of type string",
		`{"Size":"x"}`:                  `unknown name "Size"`,
		`{"name":"x"}`:                  `unknown name "name"`,
		`{"hidden":"x"}`:                `json: unknown field "hidden"`,
		`{"b":1}`:                       `json: unknown field "b"`,
		`{"one":{"b":1}}`:               `json: unknown field "b"`,
		`{"one":{"A":1}}`:               `unknown name "A"`,
		`{"one":{"a":1,"a":1}}`:         `"a" comes twice`,
		`{"one":{"a":1},"one":{"a":1}}`: `"one" comes twice`,
		`{"many":[{},{"A":1}]}`:         `unknown name "A"`,
		`{"by":{"x":{"A":1}}}`:          `unknown name "A"`,
		`{"by":{"x":{},"y":{},"x":{}}}`: `"x" comes twice`,
		`{"pair":[1]}`:                  "a list of 1, want 2",
		`{"pair":[1,2,3]}`:              "a list of 3, want 2",
		`{"pairs":[[1,2],[]]}`:          "a list of 0, want 2",
		`{"Deep":{"x":{"1":{"A":1}}}}`:  `unknown name "A"`,
		`{"Deep":{"x":{},"x":{}}}`:      `"x" comes twice`,
		`{"\u017fize":"x"}`:             `unknown name "ſize"`, // which encoding/json takes for an s
		`[]`:                            "json: cannot unmarshal array into Go value of type strictjson.outer",
	} {
		var v outer
		err := Unmarshal([]byte(text), &v)
		if got := fmt.Sprint(err); (err != nil || want != "") && got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		var plain outer
		if err := json.Unmarshal([]byte(text), &plain); want == "" && (err != nil || !reflect.DeepEqual(v, plain)) {
			t.Errorf("%s is %+v, and encoding/json reads %+v, %v", text, v, plain, err)
		}
	}
}

func TestUnmarshalOthers(t *testing.T) {
	var list []inner
	if err := Unmarshal([]byte(`[{"a":1},{"a":2}]`), &list); err != nil || len(list) != 2 || list[1] != (inner{A: 2}) {
		t.Errorf("%v: %v", err, list)
	}
	if err := Unmarshal([]byte(`[{"a":1},{"A":2}]`), &list); err == nil {
		t.Error("a list of objects is not looked into")
	}
	var at time.Time
	if err := Unmarshal([]byte(`"2026-03-02T09:00:00Z" x`), &at); err == nil {
		t.Error("what follows an instant is not seen")
	}
	var n int
	if err := Unmarshal([]byte(`5`), &n); err != nil || n != 5 {
		t.Errorf("%v: %d", err, n)
	}
}

// A message does not grow with the text, and says where it was cut.
func TestUnmarshalQuotesLittle(t *testing.T) {
	long := strings.Repeat("é", 1<<16)
	for _, text := range []string{`{"` + long + `":1}`, `{"by":{"` + long + `":{},"` + long + `":{}}}`, `{"size":` + strings.Repeat("9", 1<<16) + `}`, `{}"` + long} {
		var v outer
		if err := Unmarshal([]byte(text), &v); err == nil || len(err.Error()) > 700 || strings.ContainsRune(err.Error(), '\ufffd') {
			t.Errorf("%.40s…: %v", text, err)
		}
	}
}
