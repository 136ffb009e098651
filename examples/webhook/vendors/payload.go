package vendors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a payload. No vendor's payload comes near them.
const (
	maxDepth = 64  // objects and lists in each other
	maxName  = 200 // bytes of an ID or a name
)

// ErrMalformed reports a body that is not a JSON object: cut short, nested too deeply,
// not in UTF-8, or with a field that comes twice.
var ErrMalformed = errors.New("not a JSON object")

// ErrForm reports a JSON object that has not the form of the vendor's payloads.
var ErrForm = errors.New("not the form of this vendor")

// An object is a JSON object of a payload. Its methods read fields by name and never fail:
// the first field with a wrong value is kept for [object.err]. A field that is missing or
// null gives a zero value, and an object that is missing has no fields.
type object struct {
	path   string // of the object in the payload, such as "conversation.meta"
	fields map[string]any
	first  *error // shared by all objects of the payload
}

// parse reads a payload. Its error wraps ErrMalformed.
func parse(body []byte) (object, error) {
	fail := func(format string, args ...any) (object, error) {
		return object{}, fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
	}
	if !utf8.Valid(body) {
		return fail("invalid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fail("it ends too early")
	} else if err != nil {
		return fail("%v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fail("more text after it")
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return fail("have %s", kindOf(v))
	}
	return object{fields: fields, first: new(error)}, nil
}

func parseValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'), json.Delim('['):
		if depth == maxDepth {
			return nil, fmt.Errorf("more than %d levels", maxDepth)
		}
	default:
		return t, nil
	}
	var v any
	if t == json.Delim('{') {
		v, err = parseFields(d, depth)
	} else {
		v, err = parseElements(d, depth)
	}
	if err == nil {
		_, err = d.Token() // what closes it
	}
	return v, err
}

func parseFields(d *json.Decoder, depth int) (any, error) {
	fields := make(map[string]any)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		if _, ok := fields[name]; ok {
			return nil, fmt.Errorf("the field %.40q comes twice", name)
		}
		if fields[name], err = parseValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

func parseElements(d *json.Decoder, depth int) (any, error) {
	var elements []any
	for d.More() {
		v, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		elements = append(elements, v)
	}
	return elements, nil
}

// kindOf says what a value is.
func kindOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return fmt.Sprintf("%.40q", v)
	case json.Number:
		return fmt.Sprintf("%.40s", v)
	case nil:
		return "nothing"
	}
	return fmt.Sprint(v)
}

// err returns an error that wraps ErrForm if a field that was read has a wrong value.
func (o object) err() error { return *o.first }

// refuse keeps the first error.
func (o object) refuse(name, format string, args ...any) {
	if *o.first == nil {
		*o.first = fmt.Errorf("%w: %s: %s", ErrForm, o.at(name), fmt.Sprintf(format, args...))
	}
}

// at returns the path of a field.
func (o object) at(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// has reports whether a field is there and not null.
func (o object) has(name string) bool { return o.fields[name] != nil }

// object returns the object in a field.
func (o object) object(name string) object {
	return o.as(name, o.fields[name])
}

func (o object) as(name string, v any) object {
	fields, ok := v.(map[string]any)
	if !ok && v != nil {
		o.refuse(name, "want an object, have %s", kindOf(v))
	}
	return object{o.at(name), fields, o.first}
}

// objects returns the objects of the list in a field.
func (o object) objects(name string) []object {
	list, ok := o.fields[name].([]any)
	if !ok && o.has(name) {
		o.refuse(name, "want a list, have %s", kindOf(o.fields[name]))
	}
	objects := make([]object, len(list))
	for i, v := range list {
		objects[i] = o.as(fmt.Sprintf("%s[%d]", name, i), v)
		if v == nil {
			o.refuse(name, "want objects in the list, have nothing")
		}
	}
	return objects
}

// text returns the text in a field, of whatever length.
func (o object) text(name string) string {
	s, ok := o.fields[name].(string)
	if !ok && o.has(name) {
		o.refuse(name, "want text, have %s", kindOf(o.fields[name]))
	}
	return s
}

// name returns a name or a key: text, or a whole number, which vendors give both for one
// thing. Control characters and what is too long for a name are refused, because such
// text cannot be told from other text, or fills the memory.
func (o object) name(name string) string {
	var s string
	switch v := o.fields[name].(type) {
	case nil:
	case string:
		s = v
	case json.Number:
		if s = v.String(); strings.ContainsAny(s, ".eE") {
			o.refuse(name, "want a whole number, have %s", kindOf(v))
		}
	default:
		o.refuse(name, "want text or a whole number, have %s", kindOf(v))
	}
	if len(s) > maxName {
		o.refuse(name, "want at most %d bytes, have %d", maxName, len(s))
		return ""
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == utf8.RuneError }) {
		o.refuse(name, "want text without control characters, have %q", s)
		return ""
	}
	return s
}

// need returns the name in a field that must be there.
func (o object) need(name string) string {
	s := o.name(name)
	if s == "" {
		o.refuse(name, "missing")
	}
	return s
}

// flag returns the boolean in a field.
func (o object) flag(name string) bool {
	b, ok := o.fields[name].(bool)
	if !ok && o.has(name) {
		o.refuse(name, "want true or false, have %s", kindOf(o.fields[name]))
	}
	return b
}

// whole returns the whole number in a field, which may be text.
func (o object) whole(name string) (n int, ok bool) {
	s := o.name(name)
	if s == "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		o.refuse(name, "want a whole number, have %q", s)
	}
	return n, err == nil
}

// time returns the instant in a field: text, see parseTime, or a Unix time. The zone is
// that of text which does not say its own; it may be nil.
func (o object) time(name string, zone *time.Location) time.Time {
	var t time.Time
	var err error
	switch v := o.fields[name].(type) {
	case nil:
		return t
	case string:
		if v == "" { // a placeholder without a value
			return t
		}
		t, err = parseTime(v, zone)
	case json.Number:
		t, err = unixTime(v.String())
	default:
		err = errors.New("want a time")
	}
	if err != nil {
		o.refuse(name, "%v, have %s", err, kindOf(o.fields[name]))
	}
	return t
}

// needTime returns the instant in a field that must be there.
func (o object) needTime(name string, zone *time.Location) time.Time {
	t := o.time(name, zone)
	if t.IsZero() {
		o.refuse(name, "missing")
	}
	return t
}
