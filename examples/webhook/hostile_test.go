package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
)

// refused reports whether a body is refused as it should be, with a reason.
func refused(h http.Handler, vendor string, p days.Payload, body []byte, status ...int) error {
	w := send(h, vendor, days.Payload{Name: p.Name, Body: body, Header: p.Header})
	var reason struct{ Error string }
	if err := json.Unmarshal(w.Body.Bytes(), &reason); err != nil {
		return err
	}
	if !slices.Contains(status, w.Code) || reason.Error == "" || len(reason.Error) > 1000 {
		return fmt.Errorf("got %d %.300s, want %d", w.Code, w.Body, status)
	}
	return nil
}

// Bodies that are no JSON objects of a vendor are refused, and what was taken before stays.
func TestHostile(t *testing.T) {
	for _, v := range vendors.All {
		t.Run(v.Name, func(t *testing.T) {
			want, _, err := fromFile(v.Name)
			if err != nil {
				t.Fatal(err)
			}
			s := newServer(t)
			h := s.handler()
			list := mustPayloads(t, v.Name)
			for _, p := range list {
				if w := send(h, v.Name, p); w.Code != http.StatusOK {
					t.Fatalf("%s: %d %s", p.Name, w.Code, w.Body)
				}
			}
			for i, p := range list {
				body := bytes.TrimSpace(p.Body)
				step := 1 // of the first payload, every byte; of the others, some hundred
				if i > 0 {
					step = 1 + len(body)/100
				}
				for cut := 0; cut < len(body); cut += step {
					if err := refused(h, v.Name, p, body[:cut], 400); err != nil {
						t.Fatalf("%s: cut after %d bytes: %v", p.Name, cut, err)
					}
				}
				inside := func(s string) []byte { return append([]byte("{"+s+","), body[1:]...) }
				deep := func(open, shut string, n int) []byte {
					return inside(`"x":` + strings.Repeat(open, n) + "0" + strings.Repeat(shut, n))
				}
				tests := map[string][]byte{
					"10,000 lists":       deep("[", "]", 10_000),
					"10,000 objects":     deep(`{"x":`, "}", 10_000),
					"10,000 never end":   inside(`"x":` + strings.Repeat("[", 10_000)),
					"invalid UTF-8":      inside("\"x\":\"\xff\""),
					"half a character":   inside("\"x\":\"\xc3\""),
					"NUL":                inside("\"x\":\"\x00\""),
					"NUL after the end":  append(slices.Clone(body), 0),
					"a second object":    append(slices.Clone(body), body...),
					"a field twice":      inside(`"x":1,"x":2`),
					"no value":           inside(`"x":`),
					"no name":            inside(`:1`),
					"a comma too many":   inside(`"x":1,`),
					"a number of Python": inside(`"x":NaN`),
					"in UTF-16":          append([]byte{0xff, 0xfe}, body...),
				}
				for name, body := range tests {
					if err := refused(h, v.Name, p, body, 400); err != nil {
						t.Errorf("%s: %s: %v", p.Name, name, err)
					}
				}
				if err := refused(h, v.Name, p, inside(`"x":"`+strings.Repeat("x", maxBody)+`"`), 413); err != nil {
					t.Errorf("%s: huge: %v", p.Name, err)
				}
			}
			if got := figuresAt(t, h, days.Received); got != string(want) {
				t.Errorf("afterwards\ngot  %swant %s", got, want)
			}
		})
	}
}
