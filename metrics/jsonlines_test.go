package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// decoded collects what a sequence yields: events and errors in order.
func decoded(seq iter.Seq2[metrics.Event, error]) (events []metrics.Event, errs []error) {
	for e, err := range seq {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		events = append(events, e)
	}
	return events, errs
}

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func TestDecodeJSONLines(t *testing.T) {
	tests := []struct {
		line string
		want metrics.Event
	}{
		{`{"type":"opened","id":"e1","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"email","priority":"high"}`,
			metrics.Opened{ID: "e1", Conversation: "7", At: nine, Channel: "email", Priority: "high"}},
		{`{"type":"reopened","conversation":"7","at":"2026-03-02T09:00:00Z","agent":"ana"}`,
			metrics.Reopened{Conversation: "7", At: nine, Agent: "ana"}},
		{`{"type":"message_received","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"chat","customer":"zoe"}`,
			metrics.MessageReceived{Conversation: "7", At: nine, Channel: "chat", Customer: "zoe"}},
		{`{"type":"assigned","conversation":"7","at":"2026-03-02T09:00:00Z"}`,
			metrics.Assigned{Conversation: "7", At: nine}},
		{`{"type":"paused","conversation":"7","at":"2026-03-02T09:00:00Z"}`, metrics.Paused{Conversation: "7", At: nine}},
		{`{"type":"resumed","conversation":"7","at":"2026-03-02T09:00:00Z"}`, metrics.Resumed{Conversation: "7", At: nine}},
		{`{"type":"rating_requested","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"sms","agent":"ana"}`,
			metrics.RatingRequested{Conversation: "7", At: nine, Channel: "sms", Agent: "ana"}},
		{`{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"sms","agent":"bot","by":"automation"}`,
			metrics.ReplySent{Conversation: "7", At: nine, Channel: "sms", Agent: "bot", By: metrics.ByAutomation}},
		{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":4,"agent":"ana"}`,
			metrics.RatingGiven{Conversation: "7", At: nine, Stars: 4, Agent: "ana"}},
		{`{"type":"resolved","conversation":"7","at":"2026-03-02T09:00:00Z","agent":"ana"}`,
			metrics.Resolved{Conversation: "7", At: nine, Agent: "ana"}},
		{`{"type":"merged","conversation":"7","at":"2026-03-02T09:00:00Z","into":"8"}`,
			metrics.Merged{Conversation: "7", At: nine, Into: "8"}},
		{`{"type":"discarded","conversation":"7","at":"2026-03-02T09:00:00Z"}`, metrics.Discarded{Conversation: "7", At: nine}},
		{`{"type":"prioritized","conversation":"7","at":"2026-03-02T09:00:00Z","priority":"low"}`,
			metrics.Prioritized{Conversation: "7", At: nine, Priority: "low"}},
		{`{"type":"assigned","conversation":"7","at":"2026-03-02T09:00:00Z","agent":"ana","team":"billing"}`,
			metrics.Assigned{Conversation: "7", At: nine, Agent: "ana", Team: "billing"}},
		{`{"type":"paused","conversation":"7","at":"2026-03-02T09:00:00Z","for":"customer"}`,
			metrics.Paused{Conversation: "7", At: nine, For: metrics.ForCustomer}},
		{`{"type":"paused","conversation":"7","at":"2026-03-02T09:00:00Z","for":"third_party","until":"2026-03-02T09:00:00.000000001Z"}`,
			metrics.Paused{Conversation: "7", At: nine, For: metrics.ForThirdParty, Until: nine.Add(1)}},
		{`{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:00:00Z","seq":9223372036854775807,"agent":"iris","by":"assistant"}`,
			metrics.ReplySent{Conversation: "7", At: nine, Seq: 1<<63 - 1, Agent: "iris", By: metrics.ByAssistant}},
		{`{"type":"handled","conversation":"7","at":"2026-03-02T09:00:00Z","agent":"ana","took":"1m40s","for":"talk"}`,
			metrics.Handled{Conversation: "7", At: nine, Agent: "ana", Took: 100 * time.Second, For: metrics.Talk}},
		{`{"type":"handled","conversation":"7","at":"2026-03-02T09:00:00Z","took":"1ns"}`,
			metrics.Handled{Conversation: "7", At: nine, Took: 1}},
		{`{"type":"handled","conversation":"7","at":"2026-03-02T09:00:00Z","took":"2562047h47m16.854775807s"}`,
			metrics.Handled{Conversation: "7", At: nine, Took: 1<<63 - 1}},
		{`{"type":"resolved","conversation":"7","at":"2026-03-02T09:00:00Z","by":"customer"}`,
			metrics.Resolved{Conversation: "7", At: nine, By: metrics.ByCustomer}},
		{`{"type":"reopened","conversation":"7","at":"2026-03-02T09:00:00Z","by":"automation"}`,
			metrics.Reopened{Conversation: "7", At: nine, By: metrics.ByAutomation}},
		{`{"type":"abandoned","conversation":"7","at":"2026-03-02T09:00:00Z"}`, metrics.Abandoned{Conversation: "7", At: nine}},
		{`{"type":"retracted","id":"t","conversation":"7","at":"2026-03-02T09:00:00Z","event":"e1"}`,
			metrics.Retracted{ID: "t", Conversation: "7", At: nine, Event: "e1"}},

		// Null is a field that is not there, and the order of fields does not
		// matter; nor does space.
		{` { "agent" : null , "at" : "2026-03-02T09:00:00Z" , "by" : null, "seq":null, "team":null, "for":null, "until":null, "took":null, "event":null, "stars" : null, "into":null,` +
			`"conversation" : "7", "type" : "reply_sent", "id":null, "channel":null, "customer":null, "priority":null } `,
			metrics.ReplySent{Conversation: "7", At: nine}},
		{"\t{\"type\":\t\"paused\",\"conversation\":\"7\",\"at\":\"2026-03-02T09:00:00Z\"\t}\t", metrics.Paused{Conversation: "7", At: nine}},
		{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","stars":0,"seq":0,"by":"person","into":"","for":"","took":"0s","event":""}`,
			metrics.Opened{Conversation: "7", At: nine}},
		{`{"type":"resolved","conversation":"7","at":"2026-03-02T09:00:00Z","by":"","until":"","took":""}`,
			metrics.Resolved{Conversation: "7", At: nine}},
		// What a flat row carries along is left out.
		{`{"type":"paused","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"email","customer":"zoe","agent":"ana","team":"billing","priority":"low"}`,
			metrics.Paused{Conversation: "7", At: nine}},
		// Escapes, in names too.
		{`{"\u0074ype":"op\u0065ned","conversation":"\"\\\/\b\f\n\r\t\u00e9\ud83d\udc1e","at":"2026-03-02T09:00:00Z"}`,
			metrics.Opened{Conversation: "\"\\/\b\f\n\r\té🐞", At: nine}},
		{`{"type":"opened","conversation":"é🐞","at":"2026-03-02T09:00:00Z"}`, metrics.Opened{Conversation: "é🐞", At: nine}},
		// Instants: fractions, offsets, the first and the last.
		{`{"type":"opened","conversation":"7","at":"2026-03-02T10:30:00.000000001+01:30"}`,
			metrics.Opened{Conversation: "7", At: nine.Add(1)}},
		{`{"type":"opened","conversation":"7","at":"2026-03-02 10:00:00+01"}`, metrics.Opened{Conversation: "7", At: nine}},
		{`{"type":"opened","conversation":"7","at":"2026-03-02t08:59:60z"}`, metrics.Opened{Conversation: "7", At: nine}},
		{`{"type":"opened","conversation":"7","at":"1970-01-01T00:00:00Z"}`,
			metrics.Opened{Conversation: "7", At: time.Unix(0, 0).UTC()}},
		{`{"type":"opened","conversation":"7","at":"2261-12-31T23:59:59.999999999Z"}`,
			metrics.Opened{Conversation: "7", At: time.Unix(0, lastInstant).UTC()}},
	}
	for _, tt := range tests {
		got, errs := decoded(metrics.DecodeJSONLines(strings.NewReader(tt.line)))
		if len(errs) > 0 || len(got) != 1 {
			t.Errorf("%s: %v, %v", tt.line, got, errs)
			continue
		}
		if !sameEvent(got[0], tt.want) {
			t.Errorf("%s:\n\tgot  %T%+v\n\twant %T%+v", tt.line, got[0], got[0], tt.want, tt.want)
		}
		// What it is written as is read as the same.
		text, err := json.Marshal(metrics.RecordOf(tt.want))
		again, errs := decoded(metrics.DecodeJSONLines(strings.NewReader(string(text))))
		if err != nil || len(errs) > 0 || !sameEvent(again[0], tt.want) {
			t.Errorf("%s is written as %s, %v and read as %v, %v", tt.line, text, err, again, errs)
		}
	}
}

// sameEvent compares events, whatever the location of their instants.
func sameEvent(a, b metrics.Event) bool {
	x, y := metrics.RecordOf(a), metrics.RecordOf(b)
	if !x.At.Equal(y.At) || !x.Until.Equal(y.Until) {
		return false
	}
	x.At, x.Until = y.At, y.Until
	return x == y && reflect.TypeOf(a) == reflect.TypeOf(b)
}

func TestDecodeJSONLinesOfManyForms(t *testing.T) {
	tests := []struct {
		name, in string
		kept     int
		lines    []int // of the errors
	}{
		{"nothing", "", 0, nil},
		{"blank lines", "\n \n\t\n\r\n" + goodLine("a") + "\n\n\n" + goodLine("b") + "\n\n", 2, nil},
		{"blank lines count", "\n\n{x\n\n[\n", 0, []int{3, 5}},
		{"no end of line", goodLine("a"), 1, nil},
		{"line ends of Windows", goodLine("a") + "\r\n" + goodLine("b") + "\r\n", 2, nil},
		{"a byte order mark", "\xef\xbb\xbf" + goodLine("a") + "\n" + goodLine("b"), 2, nil},
		{"a byte order mark and nothing", "\xef\xbb\xbf\n" + goodLine("a"), 1, nil},
		{"a byte order mark on another line", goodLine("a") + "\n\xef\xbb\xbf" + goodLine("b") + "\n" + goodLine("c"), 2, []int{2}},
		{"a line of one megabyte", goodLine("a") + "\n" + goodLine(strings.Repeat("x", 1<<20)) + "\n" + goodLine("b"), 2, []int{2}},
		{"a megabyte at the end", goodLine("a") + "\n" + goodLine(strings.Repeat("x", 1<<20)), 1, []int{2}},
		{"a megabyte at the start", strings.Repeat("{", 1<<20) + "\n" + goodLine("a"), 1, []int{1}},
		{"two long lines", goodLine(strings.Repeat("x", 1<<16)) + "\n" + goodLine(strings.Repeat("x", 1<<17)) + "\n" + goodLine("a"), 1, []int{1, 2}},
		{"the longest line", goodLine(strings.Repeat("x", 1<<16-1-len(goodLine("")))) + "\n" + goodLine("a"), 2, nil},
		{"one byte more", goodLine(strings.Repeat("x", 1<<16-len(goodLine("")))) + "\n" + goodLine("a"), 1, []int{1}},
		{"text that is not UTF-8", goodLine("a") + "\n" + goodLine("\xff") + "\n" + goodLine("b"), 2, []int{2}},
		{"a return within a line", goodLine("a") + "\r" + goodLine("b"), 0, []int{1}},
	}
	for _, tt := range tests {
		for how, reader := range map[string]func(io.Reader) io.Reader{
			"at once":       func(r io.Reader) io.Reader { return r },
			"byte by byte":  iotest.OneByteReader,
			"with the end":  iotest.DataErrReader,
			"half and half": iotest.HalfReader,
		} {
			events, errs := decoded(metrics.DecodeJSONLines(reader(strings.NewReader(tt.in))))
			var lines []int
			for _, err := range errs {
				var located *metrics.LineError
				if errors.As(err, &located) {
					lines = append(lines, located.Line)
				}
				if len(err.Error()) > 1000 {
					t.Errorf("%s: an error of %d bytes", tt.name, len(err.Error()))
				}
			}
			if len(events) != tt.kept || fmt.Sprint(lines) != fmt.Sprint(tt.lines) || len(lines) != len(errs) {
				t.Errorf("%s, %s: %d events and errors in lines %v, want %d and %v: %v", tt.name, how, len(events), lines, tt.kept, tt.lines, errs)
			}
		}
	}
}

func TestDecodeJSONLinesTooLong(t *testing.T) {
	long := goodLine(strings.Repeat("x", 1<<20))
	_, errs := decoded(metrics.DecodeJSONLines(strings.NewReader(long)))
	want := fmt.Sprintf("line 1: metrics: line too long: %q", long[:120])
	if len(errs) != 1 || errs[0].Error() != want || !errors.Is(errs[0], metrics.ErrLineTooLong) {
		t.Errorf("got %v, want %v", errs, want)
	}
}

func TestDecodeJSONLinesQuotesNoLineEnd(t *testing.T) {
	for _, end := range []string{"", "\n", "\r\n"} {
		_, errs := decoded(metrics.DecodeJSONLines(strings.NewReader("{}" + end)))
		if len(errs) != 1 || errs[0].Error() != `line 1: metrics: unknown event type: none: "{}"` {
			t.Errorf("%q: %v", end, errs)
		}
	}
}

func TestDecodeJSONLinesReaderFails(t *testing.T) {
	broken := errors.New("cable cut")
	for _, tt := range []struct {
		in   string
		kept int
		want string
	}{
		{"", 0, "metrics: reading after line 0: cable cut"},
		{goodLine("a") + "\n", 1, "metrics: reading after line 1: cable cut"},
		{goodLine("a") + "\n" + goodLine("b") + "\n\n", 2, "metrics: reading after line 3: cable cut"},
	} {
		events, errs := decoded(metrics.DecodeJSONLines(io.MultiReader(strings.NewReader(tt.in), iotest.ErrReader(broken))))
		var located *metrics.LineError
		if len(errs) != 1 || errs[0].Error() != tt.want || !errors.Is(errs[0], broken) || errors.As(errs[0], &located) {
			t.Errorf("%q: %v, want %v", tt.in, errs, tt.want)
		}
		if len(events) != tt.kept {
			t.Errorf("%q: kept %v", tt.in, events)
		}
	}
	// In the middle of a line the failure is the last that is told, too.
	_, errs := decoded(metrics.DecodeJSONLines(io.MultiReader(strings.NewReader(goodLine("a")+"\n"+goodLine("b")[:30]), iotest.ErrReader(broken))))
	if n := len(errs); n == 0 || !errors.Is(errs[n-1], broken) {
		t.Errorf("in the middle of a line: %v", errs)
	}
}

func TestDecodeJSONLinesStops(t *testing.T) {
	in := strings.Repeat(goodLine("a")+"\n", 5) + "{\n" + strings.Repeat(goodLine("b")+"\n", 5)
	n := 0
	for range metrics.DecodeJSONLines(strings.NewReader(in)) {
		if n++; n == 3 {
			break
		}
	}
	for _, err := range metrics.DecodeJSONLines(strings.NewReader(in)) {
		if n++; err != nil {
			break
		}
	}
	if n != 3+6 {
		t.Errorf("%d steps, want 9", n)
	}
}

func TestRecordUnmarshalJSON(t *testing.T) {
	in := "[\n  {\n    \"stars\": 4,\n    \"type\": \"rating_given\",\n\t\"conversation\": \"7\",\r\n \"at\": \"2026-03-02T09:00:00Z\"\n  }, {}\n]"
	var records []metrics.Record
	if err := json.Unmarshal([]byte(in), &records); err != nil {
		t.Fatal(err)
	}
	want := []metrics.Record{{Type: metrics.KindRatingGiven, Conversation: "7", At: nine, Stars: 4}, {}}
	if !reflect.DeepEqual(records, want) {
		t.Errorf("got %+v, want %+v", records, want)
	}
	r := want[0]
	if err := json.Unmarshal([]byte(`{"type":"opened","Conversation":"8"}`), &r); !errors.Is(err, metrics.ErrField) || r != want[0] {
		t.Errorf("refused with %v, and the record is %+v", err, r)
	}
	if err := json.Unmarshal([]byte(`{"conversation":"8"}`), &r); err != nil || r != (metrics.Record{Conversation: "8"}) {
		t.Errorf("%v: fields of before are left over: %+v", err, r)
	}
}
