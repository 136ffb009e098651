package calendar

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
)

// The readers below walk JSON by hand, because encoding/json keeps silent about
// repeated keys and does not say where in a document a text was refused.

// members calls visit for each field of the object in data, which must be all of it.
func members(data []byte, path string, visit func(key, path string, value []byte) error) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return wrongKind(path, "an object", data)
	}
	seen := make(map[string]bool)
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return &ConfigError{Path: path, Err: because(ErrSyntax, "%v", err)}
		}
		key := t.(string)
		at := join(path, key)
		if seen[key] {
			return &ConfigError{Path: path, Input: key, Err: because(ErrSyntax, "repeated field")}
		}
		seen[key] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return &ConfigError{Path: at, Err: because(ErrSyntax, "%v", err)}
		}
		if err := visit(key, at, value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return &ConfigError{Path: path, Err: because(ErrSyntax, "%v", err)}
	}
	if _, err := dec.Token(); err != io.EOF {
		return &ConfigError{Path: path, Err: because(ErrSyntax, "text after the object")}
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

func readText(data []byte, path string) (string, error) {
	var s *string
	if err := json.Unmarshal(data, &s); err != nil || s == nil {
		return "", wrongKind(path, "text", data)
	}
	return *s, nil
}

func wrongKind(path, want string, data []byte) error {
	return &ConfigError{Path: path, Input: string(data), Err: because(ErrSyntax, "want %s", want)}
}

func unknownField(path, key string) error {
	return &ConfigError{Path: path, Input: key, Err: because(ErrSyntax, "unknown field")}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// relocate gives an error of ParseDate and the like its place.
func relocate(err error, path, input string) error {
	if e, ok := err.(*ConfigError); ok {
		err = e.Err
	}
	return &ConfigError{Path: path, Input: input, Err: err}
}

func readHours(data []byte, path string) (Hours, error) {
	list, err := elements(data, path)
	if err != nil {
		return Hours{}, err
	}
	if len(list) != 2 {
		return Hours{}, wrongKind(path, "a pair of times", data)
	}
	var text [2]string
	for i := range text {
		if text[i], err = readText(list[i], at(path, i)); err != nil {
			return Hours{}, err
		}
	}
	h, err := parsePair(text[0], text[1])
	if err != nil {
		return Hours{}, relocate(err, path, text[0]+"-"+text[1])
	}
	return h, nil
}

func readHoursList(data []byte, path string) ([]Hours, error) {
	list, err := elements(data, path)
	if err != nil {
		return nil, err
	}
	hours := make([]Hours, len(list))
	for i, element := range list {
		if hours[i], err = readHours(element, at(path, i)); err != nil {
			return nil, err
		}
	}
	return hours, nil
}

func readWeekly(data []byte, path string) (Weekly, error) {
	var w Weekly
	err := members(data, path, func(key, at string, value []byte) error {
		for _, d := range weekdays {
			if d.key == key {
				hours, err := readHoursList(value, at)
				w[d.day] = hours
				return err
			}
		}
		return unknownField(path, key)
	})
	return w, err
}

func readByDate(data []byte, path string) (map[Date][]Hours, error) {
	byDate := make(map[Date][]Hours)
	err := members(data, path, func(key, at string, value []byte) error {
		d, err := ParseDate(key)
		if err != nil {
			return relocate(err, at, key)
		}
		byDate[d], err = readHoursList(value, at)
		return err
	})
	return byDate, err
}

// readList reads a list of texts with parse.
func readList[T any](data []byte, path string, parse func(string) (T, error)) ([]T, error) {
	list, err := elements(data, path)
	if err != nil {
		return nil, err
	}
	values := make([]T, len(list))
	for i, element := range list {
		text, err := readText(element, at(path, i))
		if err != nil {
			return nil, err
		}
		if values[i], err = parse(text); err != nil {
			return nil, relocate(err, at(path, i), text)
		}
	}
	return values, nil
}

func readConfig(data []byte, path string) (Config, error) {
	var c Config
	err := members(data, path, func(key, at string, value []byte) (err error) {
		switch key {
		case "timezone":
			c.Timezone, err = readText(value, at)
		case "weekly":
			c.Weekly, err = readWeekly(value, at)
		case "holidays":
			c.Holidays, err = readList(value, at, ParseDate)
		case "recurring_holidays":
			c.RecurringHolidays, err = readList(value, at, ParseMonthDay)
		case "holiday_closes":
			var text string
			if text, err = readText(value, at); err != nil {
				return err
			}
			if c.HolidayCloses.UnmarshalText([]byte(text)) != nil {
				return &ConfigError{Path: at, Input: text, Err: ErrHolidayCloses}
			}
		case "overrides":
			c.Overrides, err = readByDate(value, at)
		case "breaks":
			c.Breaks, err = readByDate(value, at)
		default:
			return unknownField(path, key)
		}
		return err
	})
	return c, err
}
