package standards

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
)

// The readers below walk JSON by hand, because encoding/json keeps silent about
// repeated keys, takes other cases of letters, and does not say where in a
// document a text was refused.

// members calls visit for each field of the object in data, and nothing may follow it.
func members(data []byte, path string, visit func(key, path string, value []byte) error) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return wrongKind(path, "an object", data)
	}
	seen := make(map[string]bool)
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return wrongKind(path, "an object", data)
		}
		if seen[key] {
			return &PolicyError{path, key, fmt.Errorf("%w: repeated field", ErrSyntax)}
		}
		seen[key] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return &PolicyError{join(path, key), "", fmt.Errorf("%w: %s", ErrSyntax, quotable(err.Error()))}
		}
		if err := visit(key, join(path, key), value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return wrongKind(path, "an object", data)
	}
	if rest := bytes.TrimLeft(data[dec.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return &PolicyError{path, string(quotable(rest)), fmt.Errorf("%w: something follows the object", ErrSyntax)}
	}
	return nil
}

// elements returns the values of the array in data.
func elements(data []byte, path string) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil || list == nil {
		return nil, wrongKind(path, "a list", data)
	}
	return list, nil
}

// readValue reads a value that is not null.
func readValue[T any](data []byte, path, want string, to *T) error {
	var v *T
	if err := json.Unmarshal(data, &v); err != nil || v == nil {
		return wrongKind(path, want, data)
	}
	*to = *v
	return nil
}

func readText(data []byte, path string) (text string, err error) {
	err = readValue(data, path, "text", &text)
	return text, err
}

func readTexts[T ~string](data []byte, path string) ([]T, error) {
	list, err := elements(data, path)
	if err != nil {
		return nil, err
	}
	texts := make([]T, len(list))
	for i, element := range list {
		if err := readValue(element, at(path, i), "text", &texts[i]); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func readEnum(data []byte, path string, to encoding.TextUnmarshaler) error {
	text, err := readText(data, path)
	if err != nil {
		return err
	}
	if err := to.UnmarshalText([]byte(text)); err != nil {
		// The error quotes the text itself.
		return &PolicyError{Path: path, Err: err}
	}
	return nil
}

func wrongKind(path, want string, data []byte) error {
	return &PolicyError{path, string(data), fmt.Errorf("%w: want %s", ErrSyntax, want)}
}

func unknownField(path, key string) error {
	return &PolicyError{path, key, fmt.Errorf("%w: unknown field", ErrSyntax)}
}

func join(path, key string) string {
	if key = quotable(key); path == "" {
		return key
	}
	return path + "." + key
}
