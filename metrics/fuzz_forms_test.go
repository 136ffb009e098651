package metrics_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics"
)

// A form is a value of which there is one way of reading it, and one way of writing it.
type form struct {
	name  string
	read  func([]byte) (any, error)
	write func(any) ([]byte, error)
}

// jsonForm is that of a type in JSON.
func jsonForm[T any, P interface {
	*T
	json.Unmarshaler
}](name string) form {
	return form{name, func(b []byte) (any, error) {
		v := new(T)
		return v, P(v).UnmarshalJSON(b)
	}, json.Marshal}
}

// textForm is that of a type that is text.
func textForm[T any, P interface {
	*T
	UnmarshalText([]byte) error
	MarshalText() ([]byte, error)
}](name string) form {
	return form{name, func(b []byte) (any, error) {
		v := new(T)
		return v, P(v).UnmarshalText(b)
	}, func(v any) ([]byte, error) { return P(v.(*T)).MarshalText() }}
}

type byText = metrics.Breakdown[metrics.Channel]

// forms are all that this package reads besides files of events.
var forms = []form{
	jsonForm[metrics.Figures]("Figures"),
	jsonForm[byText]("Breakdown"),
	jsonForm[metrics.Breakdown[int]]("Breakdown by number"),
	jsonForm[metrics.Rules]("Rules"),
	jsonForm[metrics.HoldReasons]("HoldReasons"),
	jsonForm[metrics.TrackerState]("TrackerState"),
	jsonForm[metrics.Summary]("Summary"),
	textForm[metrics.Took]("Took"),
	textForm[metrics.Period]("Period"),
	textForm[metrics.Kind]("Kind"),
	textForm[metrics.Actor]("Actor"),
	textForm[metrics.Unit]("Unit"),
	textForm[metrics.State]("State"),
	textForm[metrics.Outcome]("Outcome"),
	textForm[metrics.ExhibitKind]("ExhibitKind"),
	textForm[metrics.AutomationReplies]("AutomationReplies"),
	textForm[metrics.AssistantReplies]("AssistantReplies"),
	textForm[metrics.MessageResumes]("MessageResumes"),
	textForm[metrics.ClockStart]("ClockStart"),
}

// FuzzForms reads, writes, reads and writes again: what is written is the same. A value that
// is refused is not touched.
func FuzzForms(f *testing.F) {
	for _, form := range jsonForms(f) {
		for i := range forms[:7] {
			f.Add(uint8(i), []byte(form.text))
		}
	}
	for i, text := range []string{
		`{"cases":-7}`, `{"":{"as_of":"2026-03-02T09:00:00Z","cases":1},"x":null}`, `{"1":{"cases":1},"01":{"cases":2}}`,
		`{"automation":"ends","rating_expires":"168h"}`, `["a","b"]`, `{"settled":{},"until":"2026-03-02T09:00:00Z","events":[{}]}`,
		`{"n":1,"sum_ns":-85070591730234615865843651857942052864,"min_ns":0,"max_ns":0}`,
		"00:01:40.5", "2026-W10", "reply_sent", "assistant", "quarter", "pending", "closed_unanswered", "not_yet", "ends", "answers", "any", "assigned",
	} {
		f.Add(uint8(i), []byte(text))
	}
	for _, text := range []string{"2026-03-01/2026-03-07", "0001", "2026-Q4", "-001-01-01", "2026-02-29", "9999-12-31"} {
		f.Add(uint8(8), []byte(text))
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		form := forms[int(which)%len(forms)]
		v, err := form.read(data)
		if state, ok := v.(*metrics.TrackerState); ok && err == nil && !restores(t, *state) {
			return
		}
		if err != nil {
			if reflect.TypeOf(v).Elem().Comparable() && !reflect.ValueOf(v).Elem().IsZero() {
				t.Fatalf("%s refuses %q and is %v then", form.name, data, v)
			}
			return
		}
		once, err := form.write(v)
		if err != nil {
			t.Fatalf("%s of %q cannot be written: %v", form.name, data, err)
		}
		again, err := form.read(once)
		if err != nil {
			t.Fatalf("%s of %q is written as %q, which is refused: %v", form.name, data, once, err)
		}
		if twice, err := form.write(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%s of %q is written as %q, and then as %q, %v", form.name, data, once, twice, err)
		}
	})
}

// restores restores a tracker from a state and, if that is possible, another one from its
// own: they have the same figures. It returns false if it is not.
func restores(t *testing.T, state metrics.TrackerState) bool {
	var first, second metrics.Tracker[*byText]
	if err := first.Restore(state); err != nil {
		if now, err := first.AsOf(nine); err != nil || now.Total().Cases != 0 {
			t.Fatalf("refused and changed: %v", err)
		}
		return false
	}
	stored, err := first.State()
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Restore(stored); err != nil {
		t.Fatalf("its own state is refused: %v", err)
	}
	a, err := first.AsOf(nine.Add(1 << 60))
	b, err2 := second.AsOf(nine.Add(1 << 60))
	if (err == nil) != (err2 == nil) || err == nil && !same(a.Total(), b.Total()) {
		t.Fatalf("%v and %v, %v", err, err2, state)
	}
	for _, r := range state.Events { // an offset may have seconds, which RFC 3339 has not
		if e, _ := r.Event(); !writable(e) {
			return false
		}
	}
	return true
}

// FuzzRecordJSON holds what the strict parser takes against encoding/json, as
// FuzzDecodeJSONLines does, but on any number of lines; what it refuses, it refuses for a
// reason, and changes nothing.
func FuzzRecordJSON(f *testing.F) {
	for _, tt := range refusedLines {
		f.Add([]byte(tt.line))
	}
	for k := range uses {
		text, _ := json.MarshalIndent(full(k), "", "\t")
		f.Add(text)
	}
	f.Add([]byte(`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","Agent":"x"}`))
	f.Add([]byte(`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z"} x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := metrics.Record{Seq: 77}
		err := read.UnmarshalJSON(data)
		var want plainRecord
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		plainErr := dec.Decode(&want)
		whole := plainErr == nil && json.Valid(data)
		if err != nil {
			if read != (metrics.Record{Seq: 77}) {
				t.Fatalf("%q is refused and leaves %+v", data, read)
			}
			for _, sentinel := range []error{metrics.ErrSyntax, metrics.ErrField, metrics.ErrText, metrics.ErrKind, metrics.ErrNoTime, metrics.ErrTime} {
				if errors.Is(err, sentinel) {
					return
				}
			}
			if !strings.HasPrefix(err.Error(), "rating: ") {
				t.Fatalf("%q: %v, which wraps nothing", data, err)
			}
			return
		}
		if !whole {
			t.Fatalf("%q is read as %+v, but encoding/json says %v", data, read, plainErr)
		}
		if !utf8.Valid(data) {
			return // [metrics.Record.Event] refuses it, and encoding/json replaces it
		}
		if want.Type == "" {
			want.Type = read.Type.String()
		}
		for at, text := range map[*time.Time]*string{&read.At: &want.At, &read.Until: &want.Until} {
			if at.IsZero() && strings.HasPrefix(*text, "0001") {
				*text = ""
			}
		}
		matches(t, data, read, want)
	})
}

// FuzzSummaryMerge reads two summaries and merges them in both orders: with equal bytes, no
// fewer durations than before, and none at all if there is no room.
func FuzzSummaryMerge(f *testing.F) {
	all := summaries()
	for _, s := range all {
		for _, other := range all {
			f.Add([]byte(binaryForm(s)), []byte(binaryForm(other)))
		}
	}
	for _, n := range []int64{1 << 32, 1 << 53, 1<<62 - 1, 1 << 62, 1<<63 - 1} {
		f.Add([]byte(plainTally{5: n}.binary()), []byte(plainTally{-5: n, 70: 1}.binary()))
		f.Add([]byte(plainTally{5: n}.binary()), []byte(binaryForm(summaryOf(5, 6))))
	}
	overlong := append(bytes.Repeat([]byte{0xff}, 12), 1)
	f.Add(append([]byte{1}, overlong...), binary.AppendUvarint([]byte{1}, 1<<63))
	f.Fuzz(func(t *testing.T, x, y []byte) {
		read := func(data []byte) *metrics.Summary {
			s := new(metrics.Summary)
			if s.UnmarshalBinary(data) != nil {
				return nil
			}
			return s
		}
		a, b := read(x), read(y)
		if a == nil || b == nil {
			return
		}
		ab, ba := *a, *b
		ab.Merge(b)
		ba.Merge(a)
		if a.Count() > 1<<63-1-b.Count() {
			if binaryForm(&ab) != binaryForm(a) || binaryForm(&ba) != binaryForm(b) {
				t.Fatalf("%d and %d are %d and %d", a.Count(), b.Count(), ab.Count(), ba.Count())
			}
			return
		}
		if binaryForm(&ab) != binaryForm(&ba) || ab.Count() != a.Count()+b.Count() || !ab.Sum().Equal(a.Sum().Add(b.Sum())) {
			t.Fatalf("%v and %v are %v, or %v", a, b, ab, ba)
		}
		behaves(t, &ab)
	})
}
