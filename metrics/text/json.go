package text

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// DecodeJSON reads one JSON value into what v points to, as [json.Unmarshal] does, but
// refuses what that lets pass:
//   - a field that v does not know, or knows in other small and capital letters;
//   - a name that comes twice in its object;
//   - a list that is shorter or longer than the array that it is for;
//   - anything but white space after the value.
//
// It is for the UnmarshalJSON methods of values, which may be called with any bytes. What
// has an UnmarshalJSON or UnmarshalText of its own is left to that. A message of an error
// has at most some 250 bytes, whatever is quoted in it. On an error, v may have changed.
//
// By the convention of encoding/json, null changes nothing; null says that it came.
func DecodeJSON(data []byte, v any) (null bool, err error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return false, cut(err)
	}
	value, rest := bytes.Trim(data[:dec.InputOffset()], jsonSpace), bytes.Trim(data[dec.InputOffset():], jsonSpace)
	if len(rest) > 0 {
		return false, cut(fmt.Errorf("unexpected %s after it", Quote(rest)))
	}
	c := jsonChecker{json.NewDecoder(bytes.NewReader(value)), make(map[reflect.Type]map[string]reflect.Type)}
	return string(value) == "null", cut(c.value(reflect.TypeOf(v)))
}

const jsonSpace = " \t\r\n"

// A jsonChecker looks for what encoding/json takes and should not, in a value that it took
// for one of a type.
type jsonChecker struct {
	*json.Decoder
	known map[reflect.Type]map[string]reflect.Type // fields of structs
}

func (c *jsonChecker) value(t reflect.Type) error {
	for t.Kind() == reflect.Pointer && !decodesItself(t) {
		t = t.Elem()
	}
	if !decodesItself(t) {
		switch t.Kind() {
		case reflect.Struct:
			return c.object(c.fields(t), nil)
		case reflect.Map:
			return c.object(nil, t.Elem())
		case reflect.Array:
			return c.list(t)
		case reflect.Slice:
			if isComposite(t.Elem()) {
				return c.list(t)
			}
		}
	}
	var skipped json.RawMessage
	return c.Decode(&skipped)
}

// object checks the names of an object, and its values: of the types of the fields or, if
// there are none, all of one type. A null has none.
func (c *jsonChecker) object(fields map[string]reflect.Type, each reflect.Type) error {
	if begin, err := c.Token(); err != nil || begin == nil {
		return err
	}
	seen := make(map[string]bool)
	for c.More() {
		token, err := c.Token()
		if err != nil {
			return err
		}
		name := token.(string)
		t := each
		if fields != nil {
			if t = fields[name]; t == nil {
				return fmt.Errorf("unknown field %s", Quote(name))
			}
		}
		if seen[name] {
			return fmt.Errorf("field %s comes twice", Quote(name))
		}
		seen[name] = true
		if err := c.value(t); err != nil {
			return err
		}
	}
	_, err := c.Token()
	return err
}

// list checks the elements of a list and, for an array, their number. A null has none.
func (c *jsonChecker) list(t reflect.Type) error {
	if begin, err := c.Token(); err != nil || begin == nil {
		return err
	}
	n := 0
	for ; c.More(); n++ {
		if err := c.value(t.Elem()); err != nil {
			return err
		}
	}
	if t.Kind() == reflect.Array && n != t.Len() {
		return fmt.Errorf("a list of %d, want %d", n, t.Len())
	}
	_, err := c.Token()
	return err
}

// fields returns the types of the fields of a struct by their names in JSON. Of two of one
// name it has the outer one.
func (c *jsonChecker) fields(t reflect.Type) map[string]reflect.Type {
	if types, ok := c.known[t]; ok {
		return types
	}
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
	c.known[t] = types
	return types
}

// isComposite reports whether there is something to check in values of a type.
func isComposite(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array, reflect.Pointer:
		return !decodesItself(t)
	}
	return false
}

// decodesItself reports whether a type, or a pointer to it, has a method for it.
func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// cut returns err, with a message that is not too long.
func cut(err error) error {
	if err == nil || len(err.Error()) <= cutTo {
		return err
	}
	return cutError{err}
}

// cutTo is how many bytes of a message are left.
const cutTo = 240

type cutError struct{ error }

func (e cutError) Error() string {
	return string(bytes.ToValidUTF8([]byte(e.error.Error()[:cutTo]), nil)) + "…"
}

func (e cutError) Unwrap() error { return e.error }
