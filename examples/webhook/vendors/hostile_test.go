package vendors_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
)

// values calls f with each value of a payload in turn replaced by another one, and with the
// path of it and the value that was there.
func values(v any, path string, replace any, f func(path string, old any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			old := v[name]
			v[name] = replace
			f(path+"."+name, old)
			v[name] = old
			values(old, path+"."+name, replace, f)
		}
	case []any:
		for i, old := range v {
			v[i] = replace
			f(fmt.Sprintf("%s[%d]", path, i), old)
			v[i] = old
			values(old, fmt.Sprintf("%s[%d]", path, i), replace, f)
		}
	}
}

// scalar reports whether a value is text or a number, which may stand for each other.
func scalar(v any) bool {
	switch v.(type) {
	case string, json.Number, float64:
		return true
	}
	return false
}

// A value of a wrong type is refused in every field that is read; in a field that is not
// read it changes nothing. There is no third possibility: no value of another type is taken
// for something.
func TestWrongTypes(t *testing.T) {
	read := 0
	tried := make(map[string]bool)
	for _, v := range vendors.All {
		for i, p := range payloads(t, v.Name) {
			// The first payload of each kind of event.
			_, event, _ := strings.Cut(p.Name, "_")
			if tried[v.Name+event] {
				continue
			}
			tried[v.Name+event] = true
			d := received(t, p)
			h, err := v.Read(d)
			if err != nil {
				t.Fatal(err)
			}
			wantEvents, wantAnswers := meaning(t, h)
			replacements := []any{map[string]any{"x": []any{}}, []any{"x", 1}, true}
			if i == 0 {
				replacements = append(replacements, -1.5, "", "\x00", "\ufffd", strings.Repeat("x", 201), nil)
			}
			for _, replace := range replacements {
				var tree any
				decoder := json.NewDecoder(bytes.NewReader(p.Body))
				decoder.UseNumber()
				if err := decoder.Decode(&tree); err != nil {
					t.Fatal(err)
				}
				values(tree, "", replace, func(path string, old any) {
					if d.Body, err = json.Marshal(tree); err != nil {
						t.Fatal(err)
					}
					h, err := v.Read(d)
					if err = check(h, err); err != nil {
						read++
						if !errors.Is(err, vendors.ErrForm) || len(err.Error()) > 1000 {
							t.Errorf("%s: %s = %.40v: %v", p.Name, path, replace, err)
						}
						return
					}
					events, answers := meaning(t, h)
					same := bytes.Equal(events, wantEvents) && bytes.Equal(answers, wantAnswers)
					wrong := old != nil && replace != nil && fmt.Sprintf("%T", old) != fmt.Sprintf("%T", replace) && !(scalar(old) && scalar(replace))
					if wrong && !same && !isReceipt(events) && !isReceipt(answers) {
						t.Errorf("%s: %s = %v in place of %v is taken:\n%s%s", p.Name, path, replace, old, events, answers)
					}
				})
			}
		}
	}
	if read < 1000 {
		t.Errorf("only %d values were refused: too few fields are read", read)
	}
}

// isReceipt reports whether something has the bytes of its payload for an ID: they differ.
func isReceipt(text []byte) bool { return bytes.Contains(text, []byte(vendors.AtReceipt)) }

// Memory is bounded: what a body of a megabyte takes at most.
func TestMemory(t *testing.T) {
	const size = 1 << 20
	bodies := map[string]string{
		"empty lists":   `{"x":[` + strings.Repeat("[],", size/3-10) + `[]]}`,
		"empty objects": `{"x":[` + strings.Repeat("{},", size/3-10) + `{}]}`,
		"small numbers": `{"x":[` + strings.Repeat("1,", size/2-10) + `1]}`,
		"objects":       `{"x":[` + strings.Repeat(`{"":1},`, size/7-10) + `1]}`,
	}
	for name, body := range bodies {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if _, err := vendors.Zendesk(vendors.Delivery{Body: []byte(body)}); !errors.Is(err, vendors.ErrForm) {
			t.Fatalf("%s: %v", name, err)
		}
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) / size; used > 128 {
			t.Errorf("%s: %d bytes for each of a body", name, used)
		}
	}
}

// fuzz tries bodies: no panic, an error of the two kinds or events that a log takes, and the
// same for the same bytes.
func fuzz(f *testing.F, name string, read func(vendors.Delivery) (vendors.Happened, error)) {
	list := payloads(f, name)
	headers := make([]http.Header, len(list))
	for i, p := range list {
		headers[i] = p.Header
		f.Add(p.Body, uint(i))
	}
	f.Fuzz(func(t *testing.T, body []byte, n uint) {
		d := vendors.Delivery{Body: body, Header: headers[n%uint(len(headers))], At: days.Received}
		h, err := read(d)
		if err := check(h, err); err != nil {
			if !errors.Is(err, vendors.ErrForm) && !errors.Is(err, vendors.ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		if !json.Valid(body) {
			t.Fatalf("%q is taken and is not JSON", body)
		}
		events, answers := meaning(t, h)
		again, err := read(d)
		if e, a := meaning(t, again); err != nil || !bytes.Equal(e, events) || !bytes.Equal(a, answers) {
			t.Fatalf("once\n%s%sand then\n%s%s%v", events, answers, e, a, err)
		}
	})
}

func FuzzChatwoot(f *testing.F)  { fuzz(f, "chatwoot", vendors.Chatwoot) }
func FuzzZendesk(f *testing.F)   { fuzz(f, "zendesk", vendors.Zendesk) }
func FuzzIntercom(f *testing.F)  { fuzz(f, "intercom", vendors.Intercom) }
func FuzzHelpScout(f *testing.F) { fuzz(f, "helpscout", vendors.HelpScout) }
func FuzzFreeScout(f *testing.F) { fuzz(f, "freescout", vendors.FreeScout) }
func FuzzFreshdesk(f *testing.F) { fuzz(f, "freshdesk", vendors.Freshdesk) }
func FuzzZammad(f *testing.F)    { fuzz(f, "zammad", vendors.Zammad) }
