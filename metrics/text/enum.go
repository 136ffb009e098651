package text

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// ErrUnknown reports text that names no value of an enum, or a value without a
// name. Every error of an [Enum] wraps it, beside the error of the enum itself.
var ErrUnknown = errors.New("text: no such name")

// Enum holds the names of the values 0, 1, 2, … of an enum, and does what the
// methods of the enum promise:
//
//	var sides = text.NewEnum[Side](errors.New("compare: no such side"), "before", "after")
//
//	func (s Side) String() string                       { return sides.Name(s) }
//	func (s Side) AppendText(b []byte) ([]byte, error)  { return sides.Append(b, s) }
//	func (s Side) MarshalText() ([]byte, error)         { return sides.Append(nil, s) }
//	func (s *Side) UnmarshalText(text []byte) error     { return sides.Parse(s, text) }
//	func (s *Side) Scan(src any) error                  { return sides.Scan(s, src) }
//	func (s Side) Value() (driver.Value, error)         { return sides.Value(s) }
//
// It is immutable. The zero value has no names.
type Enum[T ~uint8] struct {
	unknown error
	names   []string
}

// NewEnum returns the enum of the names, the first of which is that of 0. An error
// begins with unknown and wraps it, such as a sentinel of the package; nil is
// [ErrUnknown]. A name may be empty where a value has none, as "not given".
func NewEnum[T ~uint8](unknown error, names ...string) Enum[T] {
	return Enum[T]{unknown, slices.Clone(names)}
}

// Name returns the name of v, or its type and number if it has none, as "Side(7)".
func (e Enum[T]) Name(v T) string {
	if int(v) < len(e.names) {
		return e.names[v]
	}
	return reflect.TypeFor[T]().Name() + "(" + strconv.Itoa(int(v)) + ")"
}

// All returns the values that have a place in the table, in order: 0, 1, 2, …
func (e Enum[T]) All() []T {
	all := make([]T, len(e.names))
	for i := range all {
		all[i] = T(i)
	}
	return all
}

// Append appends the name of v to b. A value without a name is an error that wraps
// [ErrUnknown].
func (e Enum[T]) Append(b []byte, v T) ([]byte, error) {
	if int(v) < len(e.names) {
		return append(b, e.names[v]...), nil
	}
	return b, e.fail(strconv.Itoa(int(v)))
}

// Parse sets v to the value of that name. Other text is an error that wraps
// [ErrUnknown] and quotes it, and v stays as it is.
func (e Enum[T]) Parse(v *T, text []byte) error {
	for i, name := range e.names {
		if name == string(text) {
			*v = T(i)
			return nil
		}
	}
	return e.fail(Quote(text))
}

// Scan is [Enum.Parse] for a column of text, a string or bytes. NULL is 0.
func (e Enum[T]) Scan(v *T, src any) error {
	switch src := src.(type) {
	case nil:
		*v = 0
		return nil
	case string:
		return e.Parse(v, []byte(src))
	case []byte:
		return e.Parse(v, src)
	}
	return e.fail(fmt.Sprintf("%T in place of text", src))
}

// Value returns the name of v as a string for a column of text, with the error of
// [Enum.Append].
func (e Enum[T]) Value(v T) (driver.Value, error) {
	name, err := e.Append(nil, v)
	if err != nil {
		return nil, err
	}
	return string(name), nil
}

func (e Enum[T]) fail(what string) error {
	if e.unknown == nil {
		return unknownError{ErrUnknown, what}
	}
	return unknownError{e.unknown, what}
}

type unknownError struct {
	of   error
	what string
}

func (e unknownError) Error() string   { return e.of.Error() + ": " + e.what }
func (e unknownError) Unwrap() []error { return []error{e.of, ErrUnknown} }

// Quote returns text in double quotes for an error message, as strconv.Quote does:
// its first 120 bytes, with "…" after the quotes if there are more.
func Quote[T string | []byte](text T) string {
	const limit = 120
	if len(text) > limit {
		return strconv.Quote(string(text[:limit])) + "…"
	}
	return strconv.Quote(string(text))
}
