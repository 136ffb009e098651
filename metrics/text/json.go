package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// DecodeJSON reads one JSON value into v, as [json.Unmarshal] does, but refuses what
// that lets pass: a field that v does not know, that comes twice in its object, or that
// is spelled otherwise than with small letters, digits and "_", such as "N" for "n"; and
// anything but white space after the value. It is for the UnmarshalJSON methods of
// values, which may be called with any bytes. A message of an error has at most some 250
// bytes, whatever is quoted in it. On an error, v may have changed.
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
	return string(value) == "null", cut(checkFields(value))
}

const jsonSpace = " \t\r\n"

// checkFields returns an error for a field of valid JSON that comes twice in its object,
// or that is not spelled as fields are.
func checkFields(valid []byte) error {
	var names [][]byte // of the objects that are open, outermost first
	var starts []int   // where those of each object begin
	for i := 0; i < len(valid); i++ {
		switch valid[i] {
		case '{':
			starts = append(starts, len(names))
		case '}':
			start := starts[len(starts)-1]
			own := names[start:]
			slices.SortFunc(own, bytes.Compare)
			for k := 1; k < len(own); k++ {
				if bytes.Equal(own[k-1], own[k]) {
					return fmt.Errorf("field %s comes twice", Quote(own[k]))
				}
			}
			names, starts = names[:start], starts[:len(starts)-1]
		case '"':
			start := i + 1
			for i++; valid[i] != '"'; i++ {
				if valid[i] == '\\' {
					i++
				}
			}
			if !bytes.HasPrefix(bytes.TrimLeft(valid[i+1:], jsonSpace), []byte(":")) {
				continue
			}
			name := valid[start:i]
			if len(bytes.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_")) > 0 {
				return fmt.Errorf("unknown field %s", Quote(name))
			}
			names = append(names, name)
		}
	}
	return nil
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
