package plain_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/plain"
)

var names = []string{"type", "at", "a", "conversation", "seq"}

// valuesOf are those of the last line, without the empty ones.
func valuesOf(s *plain.Scanner, b []byte) map[string]string {
	values := make(map[string]string)
	for i, v := range s.Values {
		if v.From != v.To {
			values[names[i]] = string(b[v.From:v.To])
		}
	}
	return values
}

func padded(text string) []byte { return append([]byte(text), make([]byte, plain.Room)...) }

func TestJSON(t *testing.T) {
	for _, tt := range []struct {
		line, want string // "" if it is left to others
	}{
		{`{"type":"x","at":"y"}`, "map[at:y type:x]"},
		{`{"at": "y", "type": "x"}`, "map[at:y type:x]"},
		{`{"a":"","conversation":"12345678","seq":0}` + "\r", "map[conversation:12345678 seq:0]"},
		{`{"seq":00}`, "map[seq:00]"},
		{"{\"type\":\"ééééééééé\x7f\"}", "map[type:ééééééééé\x7f]"},
		{`{"type":"1234567, 9{}[]:"}`, "map[type:1234567, 9{}[]:]"},
		{`{}`, ""},
		{`{"type":"x"`, ""},
		{`{"type":"x"} `, ""},
		{`{"type":"x",}`, ""},
		{`{"type":"x" }`, ""},
		{`{"type" :"x"}`, ""},
		{`{"type":  "x"}`, ""},
		{`{ "type":"x"}`, ""},
		{` {"type":"x"}`, ""},
		{`{"type":"x","type":"x"}`, ""},
		{`{"type":"","type":""}`, ""},
		{`{"kind":"x"}`, ""},
		{`{"types":"x"}`, ""},
		{`{"type":1}`, ""},
		{`{"type":null}`, ""},
		{`{"seq":"1"}`, ""},
		{`{"seq":}`, ""},
		{`{"seq":-1}`, ""},
		{`{"seq":1.0}`, ""},
		{`{"type":"a\nb"}`, ""},
		{"{\"type\":\"a\tb\"}", ""},
		{"{\"type\":\"a\x00b\"}", ""},
		{"{\"type\":\"x\"}\r\r", ""},
		{`{"type":"x"}{"type":"y"}`, ""},
		{`x`, ""},
		{``, ""},
	} {
		// The line begins at different places of a word, and more lines may follow.
		for before := range 9 {
			for _, after := range []string{"", "{\"type\":\"next\"}\n", "\n", "é\n"} {
				s := plain.New(names, "seq")
				b := padded(strings.Repeat("x", before) + tt.line + "\n" + after)
				got := ""
				if next := s.JSON(b, before); next >= 0 {
					if got = fmt.Sprint(valuesOf(s, b)); next != before+len(tt.line)+1 {
						t.Errorf("%q: the next line is at %d", tt.line, next)
					}
					if ascii := strings.IndexFunc(tt.line, func(r rune) bool { return r > 127 }) < 0; s.ASCII() && !ascii {
						t.Errorf("%q is said to be ASCII", tt.line)
					}
				}
				if got != tt.want {
					t.Errorf("%q: %s, want %s", tt.line, got, tt.want)
				}
			}
		}
	}
}

func TestCSV(t *testing.T) {
	columns := []int{1, 0, 3}
	for _, tt := range []struct{ line, want string }{
		{"y,x,z", "map[at:y conversation:z type:x]"},
		{",,", "map[]"},
		{`"y, and",,"1234567890"` + "\r", "map[at:y, and conversation:1234567890]"},
		{`"",x,""`, "map[type:x]"},
		{"é,x,ü", "map[at:é conversation:ü type:x]"},
		{"y,x", ""},
		{"y,x,z,", ""},
		{"", ""},
		{`y,x,"z`, ""},
		{`y,x,z"`, ""},
		{`y,"x""x",z`, ""},
		{`y,"x"x,z`, ""},
		{"y\tx,x,z", ""},
		{"y,x,z\rz", ""},
	} {
		for before := range 9 {
			for _, after := range []string{"", "1,2,3\n", "\n"} {
				s := plain.New(names)
				b := padded(strings.Repeat("x", before) + tt.line + "\n" + after)
				got := ""
				if next := s.CSV(b, before, columns); next >= 0 {
					if got = fmt.Sprint(valuesOf(s, b)); next != before+len(tt.line)+1 {
						t.Errorf("%q: the next row is at %d", tt.line, next)
					}
				}
				if got != tt.want {
					t.Errorf("%q: %s, want %s", tt.line, got, tt.want)
				}
			}
		}
	}
}

// What is found is what encoding/json and encoding/csv find, and what they write is found.
func TestAgainstEncoding(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	s := plain.New(names, "seq")
	text := func() string {
		runes := []rune("aA0 ,:{}[]_-.é🐞")
		if random.IntN(10) == 0 {
			runes = append(runes, '"', '\\', '\n', '\t')
		}
		var b strings.Builder
		for range random.IntN(20) {
			b.WriteRune(runes[random.IntN(len(runes))])
		}
		return b.String()
	}
	found := 0
	for range 20_000 {
		values := map[string]any{}
		plainly := true
		for _, name := range names[:4] {
			if random.IntN(4) > 0 {
				v := text()
				values[name] = v
				plainly = plainly && !strings.ContainsAny(v, "\"\\\n\t")
			}
		}
		line, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		b := padded(string(line) + "\n")
		next := s.JSON(b, 0)
		if (next >= 0) != (plainly && len(values) > 0) {
			t.Fatalf("%s: the next line is at %d", line, next)
		}
		var row bytes.Buffer
		cells := []string{text(), text(), text()}
		w := csv.NewWriter(&row)
		_ = w.Write(cells)
		w.Flush()
		c := padded(row.String())
		if next >= 0 {
			found++
			for i, v := range s.Values {
				if want, _ := values[names[i]].(string); string(b[v.From:v.To]) != want {
					t.Fatalf("%s: %s is %q, want %q", line, names[i], b[v.From:v.To], want)
				}
			}
		}
		if s.CSV(c, 0, []int{2, 0, 4}) >= 0 {
			for k, name := range []int{2, 0, 4} {
				if v := s.Values[name]; string(c[v.From:v.To]) != cells[k] {
					t.Fatalf("%q: cell %d is %q, want %q", row.String(), k, c[v.From:v.To], cells[k])
				}
			}
		} else if !strings.ContainsAny(strings.Join(cells, ""), "\"\n\t") {
			t.Fatalf("%q is not found plain", row.String())
		}
	}
	if found < 5_000 {
		t.Errorf("%d lines were plain", found)
	}
}
