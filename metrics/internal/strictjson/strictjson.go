// Package strictjson decodes JSON as encoding/json does, but takes nothing for what it is
// not.
package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

// Unmarshal decodes one JSON value into what a pointer points to. Unlike
// [json.Unmarshal] it refuses
//   - a field that is unknown, or is known in other small and capital letters;
//   - a name that comes twice in an object;
//   - a list that is shorter or longer than the array that it is for;
//   - whatever follows the value, also when a method UnmarshalJSON is called directly.
//
// What has an UnmarshalJSON or UnmarshalText of its own is left to that. After an error
// the value may have been decoded in part. A message is cut to a few hundred bytes, however
// long the text is of which it tells.
func Unmarshal(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return short(err)
	}
	if rest := bytes.TrimLeft(data[dec.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return fmt.Errorf("%q follows the value", lines.Head(rest))
	}
	return check(json.NewDecoder(bytes.NewReader(data)), reflect.TypeOf(into))
}

// short returns an error that does not quote a long text in full.
func short(err error) error {
	const limit = 300
	if text := err.Error(); len(text) > limit {
		return errors.New(strings.ToValidUTF8(text[:limit], "") + "…")
	}
	return err
}

// check reports what encoding/json takes and should not, of a value that it took for one
// of a type.
func check(dec *json.Decoder, t reflect.Type) error {
	for t.Kind() == reflect.Pointer && !hasMethods(t) {
		t = t.Elem()
	}
	if !hasMethods(t) {
		switch t.Kind() {
		case reflect.Struct:
			return checkObject(dec, fieldsOf(t), nil)
		case reflect.Map:
			return checkObject(dec, nil, t.Elem())
		case reflect.Array:
			return checkList(dec, t)
		case reflect.Slice:
			if isComposite(t.Elem()) {
				return checkList(dec, t)
			}
		}
	}
	var skipped json.RawMessage
	return dec.Decode(&skipped)
}

// isComposite reports whether there is something to check in values of a type.
func isComposite(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array, reflect.Pointer:
		return !hasMethods(t)
	}
	return false
}

// hasMethods reports whether a type, or a pointer to it, decodes itself.
func hasMethods(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// known has what fieldsOf found, which never changes.
var known sync.Map // of reflect.Type

// fieldsOf returns the types of the fields of a struct by their names in JSON. Of two of
// one name it has the outer one.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields, ok := known.Load(t)
	if !ok {
		fields, _ = known.LoadOrStore(t, findFields(t))
	}
	return fields.(map[string]reflect.Type)
}

func findFields(t reflect.Type) map[string]reflect.Type {
	types, depths := make(map[string]reflect.Type), make(map[string]int)
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = f.Name
		}
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		if depth, found := depths[name]; !found || len(f.Index) < depth {
			types[name], depths[name] = f.Type, len(f.Index)
		}
	}
	return types
}

// checkObject checks the names of an object, and its values: of the types of the fields or,
// if there are none, all of one type. A null has none.
func checkObject(dec *json.Decoder, fields map[string]reflect.Type, each reflect.Type) error {
	if begin, err := dec.Token(); err != nil || begin == nil {
		return err
	}
	seen := make(map[string]bool)
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		name := token.(string)
		t := each
		if fields != nil {
			if t = fields[name]; t == nil {
				return fmt.Errorf("unknown name %q", lines.Head(name))
			}
		}
		if seen[name] {
			return fmt.Errorf("%q comes twice", lines.Head(name))
		}
		seen[name] = true
		if err := check(dec, t); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

// checkList checks the elements of a list and, for an array, their number. A null has
// none.
func checkList(dec *json.Decoder, t reflect.Type) error {
	if begin, err := dec.Token(); err != nil || begin == nil {
		return err
	}
	n := 0
	for ; dec.More(); n++ {
		if err := check(dec, t.Elem()); err != nil {
			return err
		}
	}
	if t.Kind() == reflect.Array && n != t.Len() {
		return fmt.Errorf("a list of %d, want %d", n, t.Len())
	}
	_, err := dec.Token()
	return err
}
