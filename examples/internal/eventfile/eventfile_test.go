package eventfile

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

const (
	one = `{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z"}`
	two = `{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:01:00Z"}`
)

func TestCheck(t *testing.T) {
	pretty := strings.ReplaceAll(one, ",", ",\n ")
	const csv = "type,conversation,at\nreply_sent,1,2026-03-02T09:01:00Z\n"
	for text, want := range map[string]error{
		"": errEmpty, "\n\n": errEmpty, " \r\n\t": errEmpty, "\xef\xbb\xbf": errEmpty,
		strings.Repeat("\x00", 10): nil, strings.Repeat("\x00", 2*looked): nil, // which the log tells
		strings.ReplaceAll(one+"\n"+two+"\n", "\n", "\r"): errMac, strings.ReplaceAll(csv, "\n", "\r"): errMac,
		strings.Repeat(one+"\r", 2000): errMac,
		pretty:                         errPretty, pretty + "\n" + pretty: errPretty, "\xef\xbb\xbf" + pretty: errPretty, "\n" + pretty: errPretty,
		"{\n" + one[1:]: errPretty, one[:len(one)-1] + "\n}": errPretty,

		one: nil, one + "\n" + two: nil, "\n\n" + one + "\n": nil, one + "\r\n" + two + "\r\n": nil, one + "\r\n": nil, one + "\r": nil,
		csv: nil, strings.ReplaceAll(csv, "\n", "\r\n"): nil, "type,conversation,at": nil, "type,conversation,at\n": nil,
		one[:30] + "\n" + two:                nil, // a line that is cut
		one[:len(one)-1] + "\n" + two:        nil,
		"[" + one + ",\n" + two + "]":        nil, // which the log tells
		"\x1f\x8b\x00\x00":                   nil,
		"{}\n{}\n":                           nil,
		"17\n18\n":                           nil,
		"{\"a\":1} {\"b\":\n2}":              nil,
		strings.Repeat("a", 3*looked):        nil,
		strings.Repeat("\n", 2*looked) + one: nil,
	} {
		for _, file := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
			r, err := Check(file)
			if err != want {
				t.Errorf("%.60q: %v, want %v", text, err, want)
				break
			}
			if all, err := io.ReadAll(r); err != nil || string(all) != text {
				t.Errorf("%.60q: read as %.60q, %v", text, all, err)
			}
		}
	}
	broken := errors.New("broken")
	for _, file := range []io.Reader{iotest.ErrReader(broken), io.MultiReader(strings.NewReader(one), iotest.ErrReader(broken))} {
		if _, err := Check(file); err != broken {
			t.Errorf("a broken file: %v", err)
		}
	}
}

func TestWhole(t *testing.T) {
	log := new(metrics.EventLog)
	if err := Whole(log, 0); err != nil {
		t.Errorf("of a header: %v", err)
	}
	for n, want := range map[int]string{1: "no line is an event, and 1 line could not", 2000: "no line is an event, and 2,000 lines could not"} {
		if err := Whole(log, n); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%d: %v", n, err)
		}
	}
	if err := log.Append(metrics.MessageReceived{Conversation: "1", At: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	if err := Whole(log, 5); err != nil {
		t.Errorf("with an event: %v", err)
	}
}

func TestStray(t *testing.T) {
	const day = 24 * time.Hour
	start := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		usual int             // events, one a day
		more  []time.Duration // after the last of these, or before the first
		want  []string
	}{
		{"none", 0, nil, nil},
		{"one", 1, nil, nil},
		{"two", 1, []time.Duration{25_000 * day}, nil}, // and nobody knows which is right
		{"two years", 730, nil, nil},
		{"tomorrow", 10, []time.Duration{day}, nil},
		{"ninety days", 10, []time.Duration{far}, nil},
		{"a moment more", 10, []time.Duration{far + 1}, nil}, // none of the days before is as far
		{"far", 10, []time.Duration{2*far + 1}, []string{"1 event of 11 is more than 90 days later than all others, at 2026-09-07T09:00:00Z; if that is a mistake, mend it, for figures are wrong by it"}},
		{"decades", 10, []time.Duration{25_000 * day}, []string{"1 event of 11 is more than 90 days later than all others, at 2094-08-21T09:00:00Z; if that is a mistake, mend it, for figures are wrong by it"}},
		{"two of few", 10, []time.Duration{25_000 * day, 25_001 * day}, nil},
		{"two of many", 198, []time.Duration{25_000 * day, 25_001 * day}, []string{"2 events of 200 are more than 90 days later than all others, at "}},
		{"two of fewer", 197, []time.Duration{25_000 * day, 25_001 * day}, nil},
		{"a desk that goes on", 198, []time.Duration{25_000 * day, 25_100 * day}, nil},
		{"a beginning", 10, []time.Duration{-20_000 * day}, []string{"1 event of 11 is more than 90 days earlier than all others, at 1971-05-30T09:00:00Z; "}},
		{"both", 10, []time.Duration{-20_000 * day, 25_000 * day}, []string{"1 event of 12 is more than 90 days later", "1 event of 12 is more than 90 days earlier"}},
	} {
		log := new(metrics.EventLog)
		add := func(at time.Time) {
			if err := log.Append(metrics.MessageReceived{Conversation: metrics.ConversationID(fmt.Sprint(at.Unix())), At: at}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range tt.usual {
			add(start.Add(time.Duration(i) * day))
		}
		for _, after := range tt.more {
			if at := start.Add(after); after < 0 {
				add(at)
			} else {
				add(at.Add(time.Duration(tt.usual-1) * day))
			}
		}
		got := Stray(log)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			continue
		}
		for i, want := range tt.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: %q, want %q", tt.name, got[i], want)
			}
		}
	}
}
