package servicequality_test

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A form is a way in which values of a type are stored, on one line of a file.
type form struct {
	suffix string
	has    func(reflect.Type) bool // asked of the type of a pointer
	write  func(v any) (string, error)
	read   func(line string, into any) error
}

// forms are those of version 1. Each exported type of the library that has one has the
// file testdata/v1/TYPE.SUFFIX in its package, and in it a line for each of its values
// in v1Values.
var forms = []form{
	{"jsonl", hasJSON, func(v any) (string, error) {
		data, err := json.Marshal(v)
		return string(data), err
	}, func(line string, into any) error { return json.Unmarshal([]byte(line), into) }},
	{"hex", func(typ reflect.Type) bool { return typ.Implements(reflect.TypeFor[encoding.BinaryMarshaler]()) }, func(v any) (string, error) {
		data, err := v.(encoding.BinaryMarshaler).MarshalBinary()
		return hex.EncodeToString(data), err
	}, func(line string, into any) error {
		data, err := hex.DecodeString(line)
		if err != nil {
			return err
		}
		return into.(encoding.BinaryUnmarshaler).UnmarshalBinary(data)
	}},
	{"txt", hasText, writeText, readText},
}

func hasText(typ reflect.Type) bool { return typ.Implements(reflect.TypeFor[encoding.TextMarshaler]()) }

// hasJSON reports whether a type says what its JSON is: by a method, or by tags.
func hasJSON(typ reflect.Type) bool {
	if hasText(typ) {
		return false
	}
	if typ.Implements(reflect.TypeFor[json.Marshaler]()) {
		return true
	}
	if typ.Elem().Kind() == reflect.Struct {
		for i := range typ.Elem().NumField() {
			if f := typ.Elem().Field(i); f.Tag.Get("json") != "" || f.Anonymous && hasJSON(reflect.PointerTo(f.Type)) {
				return true
			}
		}
	}
	return false
}

// writeText returns the number of an enum, the text, and what goes into a database if
// that is not the text.
func writeText(v any) (string, error) {
	text, err := v.(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return "", err
	}
	columns := []string{"", string(text), ""}
	if n := reflect.ValueOf(v).Elem(); isEnum(n.Type()) {
		columns[0] = strconv.FormatUint(n.Uint(), 10)
	}
	if v, ok := v.(driver.Valuer); ok {
		stored, err := v.Value()
		if err != nil {
			return "", err
		}
		if stored != string(text) {
			columns[2] = fmt.Sprintf("%T %v", stored, stored)
		}
	}
	return strings.Join(columns, "\t"), nil
}

func readText(line string, into any) error {
	columns := strings.Split(line, "\t")
	if len(columns) != 3 {
		return fmt.Errorf("%d columns", len(columns))
	}
	if s, ok := into.(sql.Scanner); ok {
		if err := s.Scan(columns[1]); err != nil {
			return err
		}
		if n := reflect.ValueOf(into).Elem(); isEnum(n.Type()) && strconv.FormatUint(n.Uint(), 10) != columns[0] {
			return fmt.Errorf("%q of a database is read as number %d", columns[1], n.Uint())
		}
	}
	return into.(encoding.TextUnmarshaler).UnmarshalText([]byte(columns[1]))
}

// isEnum reports whether a type has a text for each of its few numbers.
func isEnum(typ reflect.Type) bool {
	return typ.Kind() == reflect.Uint8 && hasText(reflect.PointerTo(typ))
}

// What has been stored is read for ever, and written as it was: each type with a stored
// form has values of which no field is zero, and its file, and only such files are there.
func TestV1(t *testing.T) {
	given := v1Values(t)
	files := make(map[string]bool)
	exists := func(path string) bool {
		_, err := os.Stat(filepath.FromSlash(path))
		files[path] = true
		return err == nil
	}
	for pkg, zeros := range zeroValues {
		for _, zero := range zeros {
			typ := reflect.TypeOf(zero)
			name, _, _ := strings.Cut(typ.Elem().Name(), "[")
			for _, f := range forms {
				if !f.has(typ) {
					continue
				}
				path, v := pkg+"/testdata/v1/"+name+"."+f.suffix, given.of(typ.Elem())
				lines := f.lines(t, path, v)
				if !exists(path) && *update {
					writeFile(t, path, strings.Join(lines, "\n")+"\n")
				}
				checkV1(t, f, path, v, lines)
				if zero := zeroFields(v.values); f.suffix != "txt" && (zero != nil || lines == nil) {
					t.Errorf("%v: nobody sees the form of %q: zero in all %d values", typ.Elem(), zero, len(lines))
				}
			}
		}
	}
	exists(rowsFile)
	for _, pkg := range []string{"metrics", "rating", "standards", "survey"} {
		if err := filepath.WalkDir(pkg, func(path string, d fs.DirEntry, err error) error {
			path = filepath.ToSlash(path)
			if err == nil && !d.IsDir() && strings.Contains(path, "/testdata/v1/") && !files[path] {
				t.Errorf("%s is not read: a form of version 1 is gone", path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if len(files) < 150 {
		t.Errorf("only %d forms", len(files))
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lines returns the form of each value.
func (f form) lines(t *testing.T, path string, v v1Value) (lines []string) {
	t.Helper()
	for _, value := range v.values {
		line, err := f.write(value)
		if err != nil {
			t.Fatalf("%s: %+v: %v", path, value, err)
		}
		lines = append(lines, line)
	}
	return lines
}

const changedForm = `%s: what is stored in this form has changed, and so does what others wrote or read:
%s
Version 1 promises that they need not change. A new value of an enum is a new line at
the end, and a new field is left out while it is zero. Any other change needs a new
version of a binary form, and of JSON a new major version of the module, or has to be
undone. If the form is not released yet, remove the file, run
	go test -run TestV1 -update .
which writes no file that is there, and say so in CHANGELOG.md.`

// checkV1 compares the lines of a file with those that are written today, and reads them.
func checkV1(t *testing.T, f form, path string, v v1Value, lines []string) {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Errorf("a form without a file: %v; write it by: go test -run TestV1 -update .", err)
		return
	}
	was := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	if len(was) != len(lines) {
		t.Errorf(changedForm, path, fmt.Sprintf("%d lines, now %d", len(was), len(lines)))
		return
	}
	for i, line := range was {
		if rounded(line) != rounded(lines[i]) {
			t.Errorf(changedForm, path, fmt.Sprintf("line %d was\n\t%s\nnow\n\t%s", i+1, parting(line, lines[i]), parting(lines[i], line)))
			continue
		}
		if v.writeOnly {
			if f.suffix == "jsonl" && !json.Valid([]byte(line)) {
				t.Errorf("%s: line %d is not JSON", path, i+1)
			}
			continue
		}
		back := v.blank()
		if err := f.read(line, back); err != nil {
			t.Errorf("%s: line %d cannot be read any more: %v", path, i+1, err)
			continue
		}
		if again, err := f.write(back); rounded(again) != rounded(line) || err != nil {
			t.Errorf("%s: line %d is read as %+v, which is written as\n%s\nnot\n%s\n%v", path, i+1, back, again, line, err)
		}
		if !sameValue(reflect.ValueOf(back).Elem(), reflect.ValueOf(v.values[i]).Elem()) {
			t.Errorf("%s: line %d is read as\n%+v, not\n%+v", path, i+1, back, v.values[i])
		}
		if f.suffix == "hex" {
			checkVersion(t, path, f, line, v)
		}
	}
}

// parting returns a long text around where it parts from another.
func parting(text, from string) string {
	i := 0
	for i < min(len(text), len(from)) && text[i] == from[i] {
		i++
	}
	return text[max(0, i-100):min(len(text), i+100)]
}

// longNumber matches the number of an estimate.
var longNumber = regexp.MustCompile(`[0-9]+\.[0-9]{12,}`)

// rounded returns the line of a form with its estimates rounded to twelve digits: some
// processors multiply and add in one step, and differ in the last ones.
func rounded(line string) string {
	return longNumber.ReplaceAllStringFunc(line, func(number string) string {
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		return strconv.FormatFloat(v, 'g', 12, 64)
	})
}

// checkVersion asserts that a binary form of the next version is refused for what it is.
func checkVersion(t *testing.T, path string, f form, line string, v v1Value) {
	t.Helper()
	data, err := hex.DecodeString(line)
	if err != nil || len(data) == 0 {
		t.Fatalf("%s: %v", path, err)
	}
	version := data[0]
	data[0]++
	err = f.read(hex.EncodeToString(data), v.blank())
	if want := fmt.Sprintf("version %d, want %d", version+1, version); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: a form of the next version gives error %v, want one that says %q", path, err, want)
	}
}

// sameValue compares two values field by field. What has fields of its own is the same if
// its Equal says so, or else if its JSON is.
func sameValue(a, b reflect.Value) bool {
	if equal := a.MethodByName("Equal"); equal.IsValid() && equal.Type().NumIn() == 1 && equal.Type().In(0) == b.Type() {
		return equal.Call([]reflect.Value{b})[0].Bool()
	}
	switch a.Kind() {
	case reflect.Struct:
		whole := true
		for i := range a.NumField() {
			switch f := a.Type().Field(i); {
			case !f.IsExported():
				whole = false
			case !sameValue(a.Field(i), b.Field(i)):
				return false
			}
		}
		return whole || sameJSON(a, b)
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameValue(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		if a.Len() != b.Len() {
			return false
		}
		for _, key := range a.MapKeys() {
			if !b.MapIndex(key).IsValid() || !sameValue(a.MapIndex(key), b.MapIndex(key)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func sameJSON(a, b reflect.Value) bool {
	x, err := json.Marshal(pointerTo(a))
	y, err2 := json.Marshal(pointerTo(b))
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// pointerTo returns a pointer to v, or to a copy of it.
func pointerTo(v reflect.Value) any {
	if !v.CanAddr() {
		addressable := reflect.New(v.Type()).Elem()
		addressable.Set(v)
		v = addressable
	}
	return v.Addr().Interface()
}

// zeroFields returns the exported fields that are zero in all of the values, but for
// functions and what JSON leaves out. What a pointer points to has a form of its own.
func zeroFields(values []any) (names []string) {
	seen := make(map[string]bool) // whether some value has a field
	for _, v := range values {
		lookInto(reflect.ValueOf(v).Elem(), "", seen)
	}
	for name, some := range seen {
		if !some {
			names = append(names, name)
		}
	}
	return names
}

func lookInto(v reflect.Value, name string, seen map[string]bool) {
	if name != "" && v.Kind() != reflect.Func {
		seen[name] = seen[name] || !v.IsZero()
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				lookInto(v.Field(i), name+"."+f.Name, seen)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			lookInto(v.Index(i), name+"[]", seen)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			lookInto(v.MapIndex(key), name+"[]", seen)
		}
	}
}

// rowsFile holds events as rows, below the columns in their order.
const rowsFile = "metrics/testdata/v1/Record.csv"

// Events are read from rows of the columns of version 1 as they were.
func TestV1Rows(t *testing.T) {
	var written bytes.Buffer
	w := csv.NewWriter(&written)
	rows := [][]string{metrics.Columns()}
	for _, e := range v1Events() {
		var row []string
		for _, v := range metrics.RecordOf(e).Values() {
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.RFC3339Nano)
			}
			if v == nil {
				v = ""
			}
			row = append(row, fmt.Sprint(v))
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(rowsFile)
	if errors.Is(err, fs.ErrNotExist) && *update {
		data, err = written.Bytes(), nil
		writeFile(t, rowsFile, written.String())
	}
	if err != nil {
		t.Fatal(err)
	}
	if written.String() != string(data) {
		t.Errorf(changedForm, rowsFile, fmt.Sprintf("was\n\t%s\nnow\n\t%s", parting(string(data), written.String()), parting(written.String(), string(data))))
	}
	n := 0
	for e, err := range metrics.DecodeCSV(bytes.NewReader(data)) {
		if err != nil || n == len(v1Events()) || !reflect.DeepEqual(e, v1Events()[n]) {
			t.Fatalf("row %d is read as %+v, error %v", n+1, e, err)
		}
		n++
	}
	if n != len(v1Events()) {
		t.Errorf("%d rows, want %d", n, len(v1Events()))
	}
}
