package jsontoken_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/internal/jsontoken"
)

// values reads a flat object: its names in order, and its values, where a number
// is what stands there.
func values(data []byte) (names []string, values map[string]any, err error) {
	s := jsontoken.Scan(data)
	values = make(map[string]any)
	for {
		name, ok, err := s.Name()
		if err != nil || !ok {
			return names, values, err
		}
		key := string(name)
		if slices.Contains(names, key) {
			return names, values, fmt.Errorf("%q comes twice", key)
		}
		names = append(names, key)
		rest := s.Rest()
		switch {
		case s.Word("null"):
			values[key] = nil
		case s.Word("true"):
			values[key] = true
		case s.Word("false"):
			values[key] = false
		case len(rest) > 0 && rest[0] == '"':
			text, err := s.Text()
			if err != nil {
				return names, values, err
			}
			values[key] = string(text)
		default:
			number := s.Number()
			if !json.Valid(number) {
				return names, values, fmt.Errorf("no number: %q", number)
			}
			values[key] = json.Number(number)
		}
	}
}

func TestValues(t *testing.T) {
	names, got, err := values([]byte(" {\"a\" : \"x\\u00e9\\ud83d\\udc1e\\n\",\n\"\\u0062\":null,\t\"c\":true , \"d\":false,\"\":-1.5e3\r} \n"))
	want := map[string]any{"a": "xé🐞\n", "b": nil, "c": true, "d": false, "": json.Number("-1.5e3")}
	if err != nil || !slices.Equal(names, []string{"a", "b", "c", "d", ""}) || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, %v, %v, want %v", names, got, err, want)
	}
	for in, reason := range map[string]string{
		``:                              `the line ends where an object should be`,
		`[]`:                            `an object expected at "[]"`,
		`{`:                             `the line ends where text in quotes should be`,
		`{,}`:                           `text in quotes expected at ",}"`,
		`{"a"}`:                         `a colon expected at "}"`,
		`{"a":1 "b":2}`:                 `a comma or the end of the object expected at "\"b\":2}"`,
		`{"a":1,}`:                      `text in quotes expected at "}"`,
		`{"a":1}}`:                      `the end of the line expected at "}"`,
		`{"a":1`:                        `the line ends where a comma or the end of the object should be`,
		`{"a":"x`:                       `text without an end: "\"x"`,
		`{"a":"x\"}`:                    `text without an end: "\"x\\\"}"`,
		"{\"a\":\"\x1f\"}":              `control character in text: "\"\x1f\"}"`,
		`{"a":"\x"}`:                    `invalid character 'x' in string escape code in "\"\\x\""`,
		`{"a":"\ud83d"}`:                `half of a surrogate pair: "\"\\ud83d\""`,
		`{"a":"\udc1e"}`:                `half of a surrogate pair: "\"\\udc1e\""`,
		`{"a":"\ud83d\ud83d"}`:          `half of a surrogate pair: "\"\\ud83d\\ud83d\""`,
		`{"a":"\ud83d\\udc1e"}`:         `half of a surrogate pair: "\"\\ud83d\\\\udc1e\""`,
		`{"a":`:                         `no number: ""`,
		`{"a":}`:                        `no number: ""`,
		`{"a":,"b":1}`:                  `no number: ""`,
		`{"a":1` + "\t" + `2}`:          `a comma or the end of the object expected at "2}"`,
		`{"a":nul}`:                     `no number: "nul"`,
		`{"a":{"b":1}}`:                 `no number: "{\"b\":1"`,
		`{"` + strings.Repeat("x", 200): `text without an end: "\"` + strings.Repeat("x", 119) + `"`,
	} {
		_, _, err := values([]byte(in))
		if err == nil || err.Error() != reason || errors.Is(err, jsontoken.ErrSurrogate) != strings.HasPrefix(reason, "half") {
			t.Errorf("%s: %v, want %s", in, err, reason)
		}
	}
}

func TestPlainTextAllocatesNothing(t *testing.T) {
	data := []byte(`{"type":"opened","n":17,"b":true}`)
	n := testing.AllocsPerRun(100, func() {
		s := jsontoken.Scan(data)
		s.Name()
		_, _ = s.Text()
		s.Name()
		s.Number()
		s.Name()
		s.Word("true")
		s.Name()
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzScanner compares what is accepted with encoding/json.
func FuzzScanner(f *testing.F) {
	f.Add([]byte(`{"a":"\ud83d\udc1e","b":null,"c":-1.5e3,"d":true}`))
	f.Add([]byte(`{"a":"\ud83d","a":{}} x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) {
			return // encoding/json replaces what is broken; lines.Reader refuses it
		}
		names, got, err := values(data)
		if err != nil {
			return
		}
		var want map[string]any
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil || !json.Valid(data) || len(want) != len(names) || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is read as %v, but by encoding/json as %v, %v", data, got, want, err)
		}
	})
}
