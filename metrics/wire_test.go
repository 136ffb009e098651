package metrics_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

var update = flag.Bool("update", false, "write the golden files anew: the wire format has changed")

// golden compares data with a file of testdata.
func golden(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, want) {
		t.Errorf("%s:\n\tgot  %s\n\twant %s", path, data, want)
	}
}

// wireEvents are events of every kind, with every field set, and with none that
// may be left out.
func wireEvents() []metrics.Event {
	at := func(minute int) time.Time { return nine.Add(time.Duration(minute) * time.Minute) }
	return []metrics.Event{
		metrics.Opened{ID: "e1", Conversation: "7", At: at(0), Seq: 1, Channel: "email", Priority: "high"},
		metrics.MessageReceived{ID: "e2", Conversation: "7", At: at(0), Seq: 2, Channel: "email", Customer: "zoe"},
		metrics.ReplySent{ID: "e3", Conversation: "7", At: at(1), Channel: "email", Agent: "ack", By: metrics.ByAutomation},
		metrics.ReplySent{ID: "e4", Conversation: "7", At: at(2), Channel: "email", Agent: "iris", By: metrics.ByAssistant},
		metrics.Assigned{ID: "e5", Conversation: "7", At: at(5), Agent: "ana", Team: "billing"},
		metrics.Prioritized{ID: "e6", Conversation: "7", At: at(6), Seq: 9223372036854775807, Priority: "low"},
		metrics.ReplySent{ID: "e7", Conversation: "7", At: at(20), Channel: "email", Agent: "ana"},
		metrics.Handled{ID: "e7", Conversation: "7", At: at(20), Agent: "ana", Took: 100*time.Second + time.Nanosecond, For: metrics.WrapUp},
		metrics.Paused{ID: "e8", Conversation: "7", At: at(21), For: metrics.ForCustomer},
		metrics.Resumed{ID: "e9", Conversation: "7", At: at(23)},
		metrics.Paused{ID: "e10", Conversation: "7", At: at(24), For: metrics.ForThirdParty, Until: at(30)},
		metrics.Resolved{ID: "e11", Conversation: "7", At: at(40), Agent: "ana", By: metrics.ByCustomer},
		metrics.RatingRequested{ID: "e12", Conversation: "7", At: at(41), Channel: "sms", Agent: "ana"},
		metrics.RatingGiven{ID: "e13", Conversation: "7", At: at(50), Stars: 4, Channel: "sms", Agent: "ana"},
		metrics.Reopened{ID: "e14", Conversation: "7", At: at(60), Agent: "ana", By: metrics.ByAutomation},
		metrics.Abandoned{ID: "e15", Conversation: "7", At: at(61), Seq: 1},
		metrics.Retracted{ID: "e16", Conversation: "7", At: at(62), Event: "e13"},
		metrics.Merged{ID: "e17", Conversation: "10", At: at(61), Into: "8"},
		metrics.Discarded{ID: "e18", Conversation: "9", At: at(62)},
		metrics.Opened{Conversation: "8, \"the other\" <é🐞>", At: time.Unix(0, 0)},
		metrics.MessageReceived{Conversation: "8", At: time.Unix(0, lastInstant)},
		metrics.ReplySent{Conversation: "8", At: at(63).In(time.FixedZone("", 5*3600+1800))},
		metrics.RatingGiven{Conversation: "8", At: at(64), Stars: 1},
		metrics.Assigned{Conversation: "8", At: at(65)},
		metrics.Handled{Conversation: "8", At: at(66), Took: time.Nanosecond},
		metrics.Retracted{Conversation: "8", At: at(67), Event: "é, \"🐞\""},
		metrics.Abandoned{Conversation: "11", At: at(5)},
		metrics.MessageReceived{Conversation: "11", At: at(0)},
		metrics.MessageReceived{Conversation: "10", At: at(50)},
	}
}

// TestWireEvents holds the form of events on the wire to what it was on its
// first day, and reads it.
func TestWireEvents(t *testing.T) {
	var lines, rows bytes.Buffer
	w := csv.NewWriter(&rows)
	_ = w.Write(metrics.Columns())
	for _, e := range wireEvents() {
		r := metrics.RecordOf(e)
		if r.At.Location() == time.Local {
			r.At = r.At.UTC()
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(text, '\n'))
		_ = w.Write(cellsOf(r))
	}
	w.Flush()
	golden(t, "events.jsonl", lines.Bytes())
	golden(t, "events.csv", rows.Bytes())
	fromLines, errs := decoded(metrics.DecodeJSONLines(&lines))
	fromRows, errs2 := decoded(metrics.DecodeCSV(&rows))
	want := wireEvents()
	if len(errs)+len(errs2) > 0 || len(fromLines) != len(want) || len(fromRows) != len(want) {
		t.Fatalf("%d and %d events, errors %v", len(fromLines), len(fromRows), append(errs, errs2...))
	}
	for i, e := range want {
		if !sameEvent(fromLines[i], e) || !sameEvent(fromRows[i], e) {
			t.Errorf("%+v is read as %+v and %+v", e, fromLines[i], fromRows[i])
		}
	}
}

// cellsOf returns a record as a row of CSV.
func cellsOf(r metrics.Record) (cells []string) {
	for _, v := range r.Values() {
		cell := fmt.Sprint(v)
		if at, ok := v.(time.Time); ok {
			cell = at.Format(time.RFC3339Nano)
		}
		if v == nil || reflect.ValueOf(v).IsZero() {
			cell = ""
		}
		cells = append(cells, cell)
	}
	return cells
}

func TestWireSummaries(t *testing.T) {
	var text, binary bytes.Buffer
	for _, s := range summaries() {
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(data, '\n'))
		fmt.Fprintln(&binary, hex.EncodeToString([]byte(binaryForm(s))))
	}
	golden(t, "summaries.jsonl", text.Bytes())
	golden(t, "summaries.hex", binary.Bytes())
	// What is written is read, too, from the files of the first day.
	for i, line := range strings.Fields(binary.String()) {
		data, _ := hex.DecodeString(line)
		var s metrics.Summary
		if err := s.UnmarshalBinary(data); err != nil || binaryForm(&s) != binaryForm(summaries()[i]) {
			t.Errorf("%d: %v, %v", i, &s, err)
		}
	}
}

// TestWireFigures has figures of which none is 0.
func TestWireFigures(t *testing.T) {
	rules := metrics.Rules{
		Automation: metrics.AutomationEnds, Calendar: shifts{int64(8 * time.Hour), int64(24 * time.Hour)},
		RatingExpires: 2 * time.Hour, ShortAbandon: 5 * time.Minute,
	}
	at := func(minute int) time.Time { return nine.Add(time.Duration(minute-3*60) * time.Minute) } // in and out of hours
	f := logOf(t, append(wireEvents(),
		metrics.MessageReceived{Conversation: "12", At: at(0)},
		metrics.ReplySent{Conversation: "12", At: at(3), Agent: "iris", By: metrics.ByAssistant},
		metrics.MessageReceived{Conversation: "12", At: at(5)},
		metrics.ReplySent{Conversation: "12", At: at(9), Agent: "ben"},
		metrics.MessageReceived{Conversation: "12", At: at(10)},
		metrics.ReplySent{Conversation: "12", At: at(150), Agent: "ben"},
		metrics.Resolved{Conversation: "12", At: at(200), Agent: "ben"},
		metrics.MessageReceived{Conversation: "13", At: at(1)},
		metrics.MessageReceived{Conversation: "14", At: at(2)},
		metrics.ReplySent{Conversation: "14", At: at(4), Agent: "ben"},
		metrics.MessageReceived{Conversation: "14", At: at(5)},
		metrics.Resolved{Conversation: "14", At: at(130)},
		metrics.Handled{Conversation: "14", At: at(131), Agent: "ben", Took: time.Minute, For: metrics.Talk},
		metrics.RatingRequested{Conversation: "14", At: at(140)},
		metrics.RatingGiven{Conversation: "14", At: at(141), Stars: 5},
		metrics.RatingRequested{Conversation: "14", At: at(150)},
		metrics.RatingRequested{Conversation: "14", At: at(160)},
		metrics.RatingRequested{Conversation: "14", At: at(280)},
	)).Read(rules, nine.Add(2*time.Hour)).Figures()
	for _, n := range []int64{
		f.Conversations, f.Waited, f.Volume.Messages, f.Volume.Replies, f.Volume.Assistant, f.Volume.Automated, f.Volume.RatingRequested,
		f.ClosedUnanswered, f.Moved, f.Backlog, f.Reopened, f.Reopens, f.OneTouch.Part, f.OneTouch.Whole,
		f.RepliesToResolve.Part, f.RepliesToResolve.Whole, f.Ratings.N(), f.ShortAbandoned, f.Requests.Response.Part,
		f.Requests.Response.Whole, f.Requests.Pending, f.Requests.Replaced, f.Requests.Unsolicited,
		f.HandleTime.Count(), int64(len(f.Handling)),
	} {
		if n == 0 {
			t.Errorf("a figure is 0: %s", text(f))
		}
	}
	for _, times := range []metrics.Times{f.Elapsed, f.InHours} {
		v := reflect.ValueOf(times)
		for i := range v.NumField() {
			if s, ok := v.Field(i).Interface().(metrics.Summary); ok && s.Count() == 0 || !ok && v.Field(i).Len() != 2 {
				t.Errorf("%s is empty", v.Type().Field(i).Name)
			}
		}
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	data, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "figures.json", append(text, '\n'))
	golden(t, "figures.hex", []byte(hex.EncodeToString(data)+"\n"))
}

// Without hours of service there is nothing in them.
func TestFiguresInHours(t *testing.T) {
	for _, tt := range []struct {
		calendar metrics.Calendar
		want     bool
	}{{nil, false}, {metrics.AroundTheClock, true}, {shifts{1, 2}, true}} {
		f := logOf(t, wireEvents()).Read(metrics.Rules{Calendar: tt.calendar}, nine.Add(2*time.Hour)).Figures()
		data, err := json.Marshal(f)
		if err != nil || strings.Contains(string(data), `"in_hours":`) != tt.want || f.InHours.IsZero() == tt.want || f.Elapsed.IsZero() {
			t.Errorf("by %v: %v: %s", tt.calendar, err, data)
		}
	}
}

func TestFiguresUnmarshalRefuses(t *testing.T) {
	f := metrics.Figures{AsOf: nine, Settled: true, Conversations: 7}
	data, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	_, instant := binary.Varint(data[2:])
	ratings, err := f.Ratings.MarshalBinary()
	if err != nil || !bytes.HasSuffix(data, append([]byte{byte(len(ratings))}, ratings...)) {
		t.Fatalf("%v: %x does not end with %x", err, data, ratings)
	}
	handling := metrics.Figures{Handling: map[metrics.Activity]metrics.Summary{"talk": *summaryOf(5), "wrap": *summaryOf(5)}}
	ordered, err := handling.MarshalBinary()
	if err != nil || bytes.Count(ordered, []byte("talk")) != 1 {
		t.Fatalf("%v: %x", err, ordered)
	}
	named := func(names ...string) []byte { return []byte(strings.NewReplacer(names...).Replace(string(ordered))) }
	with := func(state byte, at int64) []byte {
		return slices.Concat([]byte{data[0], state}, binary.AppendVarint(nil, at), data[2+instant:])
	}
	for _, tt := range []struct {
		name string
		data []byte
		want metrics.Figures
		ok   bool
	}{
		{"as it was", data, f, true},
		{"not settled", with(1, nine.UnixNano()), metrics.Figures{AsOf: nine, Conversations: 7}, true},
		{"of no instant", slices.Concat([]byte{data[0], 0}, data[2+instant:]), metrics.Figures{Conversations: 7}, true},
		{"before all events", with(1, -1), metrics.Figures{AsOf: time.Unix(0, -1), Conversations: 7}, true},
		{"after all events", with(2, lastInstant+1), metrics.Figures{AsOf: time.Unix(0, lastInstant+1), Settled: true, Conversations: 7}, true},
		{"before that", with(1, -2), metrics.Figures{}, false},
		{"after that", with(1, lastInstant+2), metrics.Figures{}, false},
		{"another state", with(3, nine.UnixNano()), metrics.Figures{}, false},
		{"of other ratings", slices.Concat(data[:len(data)-1-len(ratings)], []byte{1, 0xff}), metrics.Figures{}, false},
		{"of two activities", ordered, handling, true},
		{"of them the other way round", named("talk", "wrap", "wrap", "talk"), metrics.Figures{}, false},
		{"of one twice", named("talk", "wrap"), metrics.Figures{}, false},
		{"cut", data[:len(data)-1], metrics.Figures{}, false},
		{"longer", append(slices.Clone(data), 0), metrics.Figures{}, false},
		{"another version", append([]byte{1}, data[1:]...), metrics.Figures{}, false},
		{"nothing", nil, metrics.Figures{}, false},
	} {
		read := metrics.Figures{Reopens: 3}
		err := read.UnmarshalBinary(tt.data)
		if !tt.ok {
			tt.want = metrics.Figures{Reopens: 3}
		}
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, metrics.ErrBinary) || !same(&read, &tt.want) {
			t.Errorf("%s: %v, %s", tt.name, err, text(&read))
		}
	}
}

func TestSummaryUnmarshalRefuses(t *testing.T) {
	for _, in := range []string{
		``, `{`, `[]`, `"x"`, `{}`, `{"n":0}`, `{"n":0,"sum_ns":1,"min_ns":null,"max_ns":null}`,
		`{"n":0,"sum_ns":0,"min_ns":0,"max_ns":0}`, `{"n":0,"sum_ns":0,"min_ns":null,"max_ns":null,"x":1}`,
		`{"n":1,"sum_ns":5,"min_ns":5,"max_ns":5}`, `{"n":1,"sum_ns":5,"min_ns":5,"max_ns":5,"values_ns":[5,6]}`,
		`{"n":1,"sum_ns":6,"min_ns":5,"max_ns":5,"values_ns":[5]}`, `{"n":1,"sum_ns":5,"min_ns":4,"max_ns":5,"values_ns":[5]}`,
		`{"n":1,"sum_ns":5,"min_ns":5,"max_ns":6,"values_ns":[5]}`, `{"n":1,"sum_ns":5,"min_ns":5,"max_ns":null,"values_ns":[5]}`,
		`{"n":1,"sum_ns":5,"min_ns":5,"max_ns":5,"buckets":[[5,1]]}`, `{"n":-1,"sum_ns":0,"min_ns":0,"max_ns":0}`,
		`{"n":1,"sum_ns":5.5,"min_ns":5,"max_ns":5,"values_ns":[5]}`,
		`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[]}`, `{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0}`,
		`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[0,1024]]}`, `{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[0,1026]]}`,
		`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[0,1025]],"values_ns":[0]}`,
		`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[0,1026],[1,-1]]}`,
		`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[0,1000],[0,25]]}`,
		`{"n":1025,"sum_ns":1,"min_ns":0,"max_ns":1,"buckets":[[1,1],[0,1024]]}`,
		`{"n":1025,"sum_ns":0,"min_ns":1,"max_ns":0,"buckets":[[0,1025]]}`,
		`{"n":1025,"sum_ns":1026,"min_ns":0,"max_ns":1,"buckets":[[0,1],[1,1024]]}`, `{"n":1025,"sum_ns":-1,"min_ns":0,"max_ns":1,"buckets":[[0,1],[1,1024]]}`,
		`{"n":1025,"sum_ns":10,"min_ns":0,"max_ns":2,"buckets":[[0,1],[1,1024]]}`, `{"n":1025,"sum_ns":4000,"min_ns":0,"max_ns":2,"buckets":[[1,1],[2,1024]]}`,
		`{"n":1025,"sum_ns":10,"min_ns":0,"max_ns":2,"buckets":[[-1,1],[0,1023],[2,1]]}`,
		`{"n":1025,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[0,1025,1]],"x":0}`,
		`{"n":1025,"sum_ns":10,"min_ns":0,"max_ns":9223372036854775807,"buckets":[[0,1024],[9999999999,1]]}`,
	} {
		s := summaryOf(7)
		if err := s.UnmarshalJSON([]byte(in)); err == nil || !strings.HasPrefix(err.Error(), "metrics: ") || binaryForm(s) != binaryForm(summaryOf(7)) {
			t.Errorf("%s: %v, now %v", in, err, s)
		}
	}
	for _, in := range []string{
		"", "\x00\x00", "\x02\x00", "\x01", "\x01\x80", "\x01\x00\x00", "\x01\x01", "\x01\x01\x0a\x00", "\x01\x02\x0a",
		"\x01" + strings.Repeat("\xff", 12) + "\x01", "\x01\x01" + strings.Repeat("\x80", 11), // more than 64 bits
		"\x01\x02\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", // a distance that wraps around
		"\x01\x81\x08", "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x01\x81\x08\x00\x00\x00", // 1025 and no sum; −1
		"\x01\x81\x08" + strings.Repeat("\x00", 16) + "\x00\x00",
		"\x01\x81\x08" + strings.Repeat("\x00", 16) + "\x00\x00\x00\x80\x08",
		"\x01\x81\x08" + strings.Repeat("\x00", 16) + "\x00\x00\x00\x81\x08\x00",
		"\x01\x81\x08" + strings.Repeat("\x7f", 16) + "\x00\x00\x00\x81\x08",
	} {
		s := summaryOf(7)
		if err := s.UnmarshalBinary([]byte(in)); !errors.Is(err, metrics.ErrBinary) || !strings.HasPrefix(err.Error(), "metrics: ") || binaryForm(s) != binaryForm(summaryOf(7)) {
			t.Errorf("%q: %v, now %v", in, err, s)
		}
	}
	if err := new(metrics.Summary).UnmarshalBinary(nil); !errors.Is(err, metrics.ErrBinary) || err.Error() != "metrics: malformed binary form: empty summary" {
		t.Errorf("nothing: %v", err)
	}
	if err := new(metrics.Summary).UnmarshalBinary([]byte{7}); !errors.Is(err, metrics.ErrBinary) || err.Error() != "metrics: malformed binary form: summary of version 7, want 1" {
		t.Errorf("version 7: %v", err)
	}
	if err := new(metrics.Figures).UnmarshalBinary([]byte{7}); !errors.Is(err, metrics.ErrBinary) || err.Error() != "metrics: malformed binary form: figures of version 7, want 4" {
		t.Errorf("version 7: %v", err)
	}
	// The forms of older versions are refused as such, not read as something else.
	for _, older := range []string{
		// Version 3, of the third golden file of TestFiguresMergeAddsEveryField.
		"030280c0a8ca9a3a9c11e012a011a411b011a811ac11b411b811bc11c011c411c811cc11d011d411060102c0028407060102c2028407060102c4028407060102c6028407060102c8028407060102ca028407060102cc028407060102ce028407060102d0028407060102d2028407060102d4028407060102d60284070208637573746f6d6572060102e0028407057061727473060102de028407060102e8028407060102ea028407060102ec028407060102ee028407060102f0028407060102f2028407060102f4028407060102f6028407060102f8028407060102fa028407060102fc028407060102fe0284070208637573746f6d657206010288038407057061727473060102860384070b018c098e09900992099409",
		// Version 2, of the second golden file of this test.
		"02018080e7c682ca809931060204020200000002020200000000080101808097d9ec45080101808097d9ec4502010008010180c0e285e36802010008010180a09d8aa26c0201000301010003010100020100030101000201000301010002010006010100000100",
		"0200", "01", "0106020402",
	} {
		data, err := hex.DecodeString(older)
		if err != nil {
			t.Fatal(err)
		}
		f := metrics.Figures{Reopens: 3}
		want := fmt.Sprintf("metrics: malformed binary form: figures of version %d, want 4", data[0])
		if err := f.UnmarshalBinary(data); !errors.Is(err, metrics.ErrBinary) || err.Error() != want || f.Reopens != 3 {
			t.Errorf("%s: %v, want %s", older, err, want)
		}
	}
	// Every beginning of a good form is refused.
	for _, s := range summaries() {
		data := binaryForm(s)
		for n := range len(data) {
			if err := new(metrics.Summary).UnmarshalBinary([]byte(data[:n])); !errors.Is(err, metrics.ErrBinary) {
				t.Errorf("%d of %d bytes are a summary", n, len(data))
			}
		}
	}
	data, _ := figures(t, []step{{2, 0, 0}, {7, 9, 0}, {9, 10, 0}}, 0).MarshalBinary()
	for n := range len(data) {
		if err := new(metrics.Figures).UnmarshalBinary(data[:n]); !errors.Is(err, metrics.ErrBinary) {
			t.Errorf("%d of %d bytes are figures", n, len(data))
		}
	}
	if err := new(metrics.Figures).UnmarshalBinary(append(data, 0)); !errors.Is(err, metrics.ErrBinary) {
		t.Error("one byte more is figures")
	}
}

func TestEnums(t *testing.T) {
	type enum interface {
		fmt.Stringer
		MarshalText() ([]byte, error)
		AppendText([]byte) ([]byte, error)
	}
	tests := []struct {
		names []string
		value func(uint8) enum
		parse func(string) (enum, error)
	}{
		{[]string{"", "opened", "reopened", "prioritized", "message_received", "assigned", "paused", "resumed", "rating_requested",
			"reply_sent", "handled", "rating_given", "resolved", "abandoned", "merged", "discarded", "retracted"},
			func(n uint8) enum { return metrics.Kind(n) },
			func(s string) (enum, error) { var v metrics.Kind; err := v.UnmarshalText([]byte(s)); return v, err }},
		{[]string{"open", "answered", "answered_by_assistant", "answered_by_automation", "closed_unanswered", "abandoned", "moved"},
			func(n uint8) enum { return metrics.Outcome(n) },
			func(s string) (enum, error) { var v metrics.Outcome; err := v.UnmarshalText([]byte(s)); return v, err }},
		{[]string{"ignored", "ends", "answers"},
			func(n uint8) enum { return metrics.AutomationReplies(n) },
			func(s string) (enum, error) {
				var v metrics.AutomationReplies
				err := v.UnmarshalText([]byte(s))
				return v, err
			}},
		{[]string{"ends", "ignored", "answers"},
			func(n uint8) enum { return metrics.AssistantReplies(n) },
			func(s string) (enum, error) {
				var v metrics.AssistantReplies
				err := v.UnmarshalText([]byte(s))
				return v, err
			}},
		{[]string{"customer", "any", "none"},
			func(n uint8) enum { return metrics.MessageResumes(n) },
			func(s string) (enum, error) {
				var v metrics.MessageResumes
				err := v.UnmarshalText([]byte(s))
				return v, err
			}},
		{[]string{"person", "customer", "assistant", "automation"},
			func(n uint8) enum { return metrics.Actor(n) },
			func(s string) (enum, error) { var v metrics.Actor; err := v.UnmarshalText([]byte(s)); return v, err }},
		{[]string{"wait", "opened", "assigned"},
			func(n uint8) enum { return metrics.ClockStart(n) },
			func(s string) (enum, error) {
				var v metrics.ClockStart
				err := v.UnmarshalText([]byte(s))
				return v, err
			}},
		{[]string{"day", "week", "month", "quarter", "year"},
			func(n uint8) enum { return metrics.Unit(n) },
			func(s string) (enum, error) { var v metrics.Unit; err := v.UnmarshalText([]byte(s)); return v, err }},
	}
	for _, tt := range tests {
		for n, name := range tt.names {
			v := tt.value(uint8(n))
			text, err := v.MarshalText()
			longer, err2 := v.AppendText([]byte("x"))
			if v.String() != name || string(text) != name || err != nil || string(longer) != "x"+name || err2 != nil {
				t.Errorf("%T %d: %q, %q, %v", v, n, v, text, err)
			}
			if name == "" {
				continue
			}
			if again, err := tt.parse(name); again != v || err != nil {
				t.Errorf("%T: %q is %v, %v", v, name, again, err)
			}
		}
		v := tt.value(99)
		if _, err := v.MarshalText(); err == nil || !strings.HasPrefix(err.Error(), "metrics: ") || !strings.Contains(v.String(), "(99)") {
			t.Errorf("%T 99 is %v, %v", v, v, err)
		}
		long := strings.Repeat("x", 1000)
		for _, bad := range []string{"nonsense", "Opened", " ", long} {
			if _, err := tt.parse(bad); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", bad[:min(len(bad), 120)])) {
				t.Errorf("%T: %.20q is refused with %v", v, bad, err)
			}
		}
	}
	if err := new(metrics.Kind).UnmarshalText(nil); !errors.Is(err, metrics.ErrKind) {
		t.Errorf("no text: %v", err)
	}
}

func TestRulesJSON(t *testing.T) {
	for n := 0; n < allRules/3; n += 1 + 100/rounds(100) { // without a calendar
		text, err := json.Marshal(rulesOf(n))
		var again metrics.Rules
		if err != nil || json.Unmarshal(text, &again) != nil || !again.Equal(rulesOf(n)) {
			t.Fatalf("%+v is written as %s, %v and read as %+v", rulesOf(n), text, err, again)
		}
	}
	if text, _ := json.Marshal(metrics.Rules{}); string(text) != `{}` {
		t.Errorf("the zero rules are %s", text)
	}
	full := `{"automation":"ends","assistant":"ignored","first_response_from":"assigned","exclude_team_first":true,"pause_stops_waits":true,` +
		`"message_resumes":"any","reopen_explicitly":true,"credit_assigned":true,"by_start":true,"count_each_rating":true,` +
		`"rating_expires":"168h","short_abandon":"5s"}`
	var r metrics.Rules
	if err := json.Unmarshal([]byte(full), &r); err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(r); string(text) != full {
		t.Errorf("all options are %s, %v", text, err)
	}
	if r.RatingExpires != 7*24*time.Hour || r.ShortAbandon != 5*time.Second {
		t.Errorf("durations are %v and %v", r.RatingExpires, r.ShortAbandon)
	}
	// What is missing stays as it was.
	want := r
	want.ByStart, want.ShortAbandon = false, 20*time.Second
	if err := json.Unmarshal([]byte(`{"rating_expires":"0s"}`), &r); err != nil || r.RatingExpires != 0 {
		t.Errorf("%v: %+v", err, r)
	}
	r.RatingExpires = want.RatingExpires
	if err := json.Unmarshal([]byte(`{"by_start":false,"short_abandon":"20s"}`), &r); err != nil || !r.Equal(want) {
		t.Errorf("%v: %+v, want %+v", err, r, want)
	}
	for in, reason := range map[string]string{
		`{"rating_expires":"-1s"}`:       `metrics: not a duration of 0 or more such as 1m40s: "-1s"`,
		`{"short_abandon":"soon"}`:       `metrics: not a duration of 0 or more such as 1m40s: "soon"`,
		`{"short_abandon":5}`:            `json: cannot unmarshal number into Go struct field rulesJSON.short_abandon of type metrics.durationText`,
		`{"by_start":false,"shorter":1}`: `json: unknown field "shorter"`,
		`{"RatingExpires":"1s"}`:         `json: unknown field "RatingExpires"`,
		`[]`:                             `json: cannot unmarshal array into Go value of type metrics.rulesJSON`,
	} {
		if err := json.Unmarshal([]byte(in), &r); err == nil || err.Error() != reason || !r.Equal(want) {
			t.Errorf("%s: %v, %+v", in, err, r)
		}
	}
}

func TestReasonsJSON(t *testing.T) {
	for _, tt := range []struct {
		in, out string
		want    metrics.HoldReasons
	}{
		{`true`, `true`, metrics.AnyReason},
		{`false`, `[]`, ""},
		{`[]`, `[]`, ""},
		{`["customer"]`, `["customer"]`, "customer"},
		{`["third_party","waiting for parts"]`, `["third_party","waiting for parts"]`, "third_party,waiting for parts"},
	} {
		r := metrics.HoldReasons("before")
		err := json.Unmarshal([]byte(tt.in), &r)
		if out, err2 := json.Marshal(tt.want); err != nil || err2 != nil || r != tt.want || string(out) != tt.out {
			t.Errorf("%s is %q, %v, and written as %s, %v", tt.in, r, err, out, err2)
		}
	}
	for _, bad := range []string{`"customer"`, `1`, `{}`, `[1]`, `["a,b"]`, `[""]`, `["*"]`, `[true]`} {
		r := metrics.HoldReasons("before")
		if err := json.Unmarshal([]byte(bad), &r); err == nil || !strings.HasPrefix(err.Error(), "metrics: ") || r != "before" {
			t.Errorf("%s is %q, %v", bad, r, err)
		}
	}
	for reasons, has := range map[metrics.HoldReasons][3]bool{
		"": {}, metrics.AnyReason: {true, true, true}, "customer": {true, false, false}, "parts,customer": {true, true, false}, ",": {},
	} {
		for i, reason := range []metrics.HoldReason{metrics.ForCustomer, "parts", ""} {
			if reasons.Has(reason) != has[i] {
				t.Errorf("%q has %q: %v", reasons, reason, !has[i])
			}
		}
	}
}
