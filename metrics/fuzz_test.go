package metrics_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// plainRecord is a Record without its own way of reading JSON.
type plainRecord struct {
	Type         string `json:"type"`
	ID           string `json:"id"`
	Conversation string `json:"conversation"`
	At           string `json:"at"`
	Seq          int64  `json:"seq"`
	Channel      string `json:"channel"`
	Customer     string `json:"customer"`
	Agent        string `json:"agent"`
	Team         string `json:"team"`
	By           string `json:"by"`
	Stars        int    `json:"stars"`
	Priority     string `json:"priority"`
	Into         string `json:"into"`
	For          string `json:"for"`
	Until        string `json:"until"`
	Took         string `json:"took"`
	Event        string `json:"event"`
}

// FuzzDecodeJSONLines holds what is accepted against encoding/json, line by
// line, and writes and reads it again.
func FuzzDecodeJSONLines(f *testing.F) {
	for _, tt := range refusedLines {
		f.Add([]byte(goodLine("a") + "\n" + tt.line + "\r\n" + goodLine("b")))
	}
	for k := range uses {
		text, _ := json.Marshal(full(k))
		f.Add(text)
	}
	f.Add([]byte(`{"type":"handled","conversation":"7","at":"2026-03-02T09:00:00Z","took":"01:02:03.5"}`))
	f.Add([]byte("\xef\xbb\xbf\n\n{\"type\" :\"paused\",\"conversation\":\"\\ud83d\\udc1e\",\"at\":\"2026-03-02T09:00:00Z\" }"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := bytes.Split(data, []byte("\n"))
		lines[0] = bytes.TrimPrefix(lines[0], []byte("\xef\xbb\xbf"))
		lines = slices.DeleteFunc(lines, func(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 })
		n := 0
		for e, err := range metrics.DecodeJSONLines(bytes.NewReader(data)) {
			if n >= len(lines) {
				t.Fatalf("%d lines that are not blank, and still %v, %v", n, e, err)
			}
			line := lines[n]
			n++
			if n == 1 && errors.Is(err, metrics.ErrFormat) {
				return
			}
			if err != nil {
				var located *metrics.LineError
				if !errors.As(err, &located) || e != nil {
					t.Fatalf("%q: event %v, error %#v", line, e, err)
				}
				continue
			}
			var want plainRecord
			dec := json.NewDecoder(bytes.NewReader(line))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&want); err != nil {
				t.Fatalf("%q is accepted as %+v, but encoding/json says %v", line, e, err)
			}
			matches(t, line, metrics.RecordOf(e), want)
			text, err := json.Marshal(metrics.RecordOf(e))
			if err != nil {
				if writable(e) {
					t.Fatalf("%q cannot be written: %v", line, err)
				}
				continue
			}
			again, errs := decoded(metrics.DecodeJSONLines(bytes.NewReader(text)))
			if len(errs) > 0 || len(again) != 1 || !sameEvent(again[0], e) {
				t.Fatalf("%q is written as %q and read as %v, %v", line, text, again, errs)
			}
		}
		if n != len(lines) {
			t.Fatalf("%d lines that are not blank, and %d results", len(lines), n)
		}
	})
}

// FuzzLoad loads any text as its events decode one by one, with the same errors.
func FuzzLoad(f *testing.F) {
	for _, tt := range refusedLines {
		f.Add([]byte(goodLine("a") + "\n" + tt.line + "\r\n" + goodLine("b")))
	}
	for k := range uses {
		r := full(k)
		text, _ := json.Marshal(r)
		f.Add(text)
		f.Add([]byte(csvHeader + strings.Join(cellsOf(r), ",") + "\n"))
	}
	f.Fuzz(func(t *testing.T, data []byte) { sameAsDecoded(t, string(data)) })
}

// matches compares a record with what encoding/json read, but for fields that
// are left out of its kind.
func matches(t *testing.T, line []byte, got metrics.Record, want plainRecord) {
	left := func(got, want string) bool { return got != want && got != "" }
	// Package timestamp is held against another reader of times by itself.
	moved := func(got time.Time, want string) bool {
		at, err := time.Parse(time.RFC3339, want)
		return err == nil && !got.Equal(at) || got.IsZero() != (want == "")
	}
	var hours, minutes, seconds time.Duration
	took, err := time.ParseDuration(want.Took)
	if err != nil {
		_, _ = fmt.Sscanf(want.Took, "%d:%d:%d", &hours, &minutes, &seconds)
		took = hours*time.Hour + minutes*time.Minute + seconds*time.Second + time.Duration(got.Took)%time.Second
	}
	if got.Type.String() != want.Type || string(got.ID) != want.ID || string(got.Conversation) != want.Conversation ||
		moved(got.At, want.At) || got.Seq != want.Seq || got.By.String() != cmp.Or(want.By, "person") || int(got.Stars) != want.Stars ||
		string(got.Into) != want.Into || got.For != want.For || moved(got.Until, want.Until) || time.Duration(got.Took) != took ||
		string(got.Retracts) != want.Event ||
		left(string(got.Channel), want.Channel) || left(string(got.Customer), want.Customer) ||
		left(string(got.Agent), want.Agent) || left(string(got.Team), want.Team) || left(string(got.Priority), want.Priority) {
		t.Fatalf("%q is %+v, but encoding/json reads %+v", line, got, want)
	}
}

// FuzzDecodeCSV reads rows of a full header, and writes what is accepted as JSON
// and reads it again.
func FuzzDecodeCSV(f *testing.F) {
	f.Add([]byte(csvHeader + "reply_sent,e1,7,2026-03-02T09:00:00Z,4,email,,ana,,automation,,,,,,,\n"))
	f.Add([]byte("at,type,conversation,for,until,took,event\n2026-03-02 10:00:00+01,paused,7,parts,2026-03-02T09:00:60Z,,\n2026-03-02T09:00:00Z,handled,7,talk,,1m40s,\n"))
	f.Add([]byte("at,type,conversation,stars\n2026-03-02T09:00:00Z,rating_given,\"a \"\"b\"\"\",5\r\n"))
	f.Add([]byte("type,conversation,at\nopened,\"a\nb\",2026-03-02T09:00:00Z\n"))
	f.Add([]byte("type,type\n"))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		for e, err := range metrics.DecodeCSV(bytes.NewReader(data)) {
			if n++; n > bytes.Count(data, []byte("\n"))+1 {
				t.Fatalf("more results than lines: %v, %v", e, err)
			}
			if (e == nil) == (err == nil) {
				t.Fatalf("event %v, error %v", e, err)
			}
			if err != nil {
				continue
			}
			if !writable(e) {
				continue
			}
			text, err := json.Marshal(metrics.RecordOf(e))
			if err != nil {
				t.Fatal(err)
			}
			again, errs := decoded(metrics.DecodeJSONLines(bytes.NewReader(text)))
			if len(errs) > 0 || len(again) != 1 || !sameEvent(again[0], e) {
				t.Fatalf("%+v is written as %q and read as %v, %v", e, text, again, errs)
			}
		}
	})
}

// writable tells whether RFC 3339 has a form for the offsets of an event.
func writable(e metrics.Event) bool {
	r := metrics.RecordOf(e)
	_, at := r.At.Zone()
	_, until := r.Until.Zone()
	return at%60 == 0 && until%60 == 0
}

// summaries of all forms, as seeds.
func summaries() []*metrics.Summary {
	empty, few, many, wide := new(metrics.Summary), new(metrics.Summary), new(metrics.Summary), new(metrics.Summary)
	for i := range 2 * held {
		d := time.Duration(i%100*(i%100)) * time.Second
		if i < 3 {
			few.Add(d)
		}
		many.Add(d)
		wide.Add([]time.Duration{-1 << 63, 1<<63 - 1, 0, -1}[i%4])
	}
	return []*metrics.Summary{empty, few, many, wide}
}

// FuzzSummaryBinary reads bytes, and what is accepted must behave: its bytes are
// read as the same, and it merges.
func FuzzSummaryBinary(f *testing.F) {
	for _, s := range summaries() {
		data, err := s.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
		f.Add(append(data, 0))
	}
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, data []byte) {
		var s metrics.Summary
		if err := s.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, metrics.ErrBinary) || s.Count() != 0 {
				t.Fatalf("error %q, %d durations", err, s.Count())
			}
			return
		}
		behaves(t, &s)
	})
}

// FuzzSummaryJSON does the same with JSON.
func FuzzSummaryJSON(f *testing.F) {
	for _, s := range summaries() {
		data, err := json.Marshal(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Add([]byte(`null`))
	f.Add([]byte(`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s metrics.Summary
		if json.Unmarshal(data, &s) == nil {
			behaves(t, &s)
		}
	})
}

// behaves asks all of a summary.
func behaves(t *testing.T, s *metrics.Summary) {
	t.Helper()
	binary, err := s.MarshalBinary()
	text, err2 := json.Marshal(s)
	var a, b metrics.Summary
	if err != nil || err2 != nil || a.UnmarshalBinary(binary) != nil || json.Unmarshal(text, &b) != nil {
		t.Fatalf("there and back: %v, %v", err, err2)
	}
	for _, again := range []*metrics.Summary{&a, &b} {
		if data, _ := again.MarshalBinary(); !bytes.Equal(data, binary) {
			t.Fatalf("read as %s, want %s", again, s)
		}
	}
	low, ok := s.Min()
	high, _ := s.Max()
	mean, _ := s.Mean()
	if ok != (s.Count() > 0) || ok && (mean < low || mean > high) {
		t.Fatalf("%d durations from %v to %v have the mean %v", s.Count(), low, high, mean)
	}
	last := low
	for _, p := range []float64{0, 0.01, 0.25, 0.5, 0.75, 0.99, 1} {
		q, ok := s.Quantile(p)
		if ok != (s.Count() > 0) || q < last || q > high {
			t.Fatalf("quantile %v is %v after %v, up to %v", p, q, last, high)
		}
		last = q
	}
	if s.Count() < 1<<62 {
		a.Merge(&b)
		if a.Count() != 2*s.Count() {
			t.Fatalf("twice %d is %d", s.Count(), a.Count())
		}
	}
}

// FuzzFiguresBinary reads bytes, and what is accepted is written as it was read.
func FuzzFiguresBinary(f *testing.F) {
	for n, steps := range [][]step{{}, {{2, 0, 0}, {7, 9, 0}, {9, 10, 0}, {8, 11, 1 << 30}}, {{2, 0, 0}}} {
		data, err := logOf(f, events(steps, true)).Read(rulesOf(n), time.Unix(0, lastInstant)).Figures().MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)-1])
		f.Add(append(data, 0))
	}
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, data []byte) {
		var figures, again metrics.Figures
		if err := figures.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, metrics.ErrBinary) || !same(&figures, new(metrics.Figures)) {
				t.Fatalf("refused with %v, or changed", err)
			}
			return
		}
		binary, err := figures.MarshalBinary()
		if err != nil || again.UnmarshalBinary(binary) != nil || !same(&figures, &again) {
			t.Fatalf("there and back: %v", err)
		}
		if err := again.Merge(&figures); err != nil {
			t.Fatal(err)
		}
	})
}
