package metrics_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// refusedLines are lines that hold no event, with the reason that is given.
var refusedLines = []struct {
	line, reason string
	is           error
}{
	{`{"type":"called","conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: unknown event type: "called"`, metrics.ErrKind},
	{`{"type":"","conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: unknown event type: none`, metrics.ErrKind},
	{`{"conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: unknown event type: none`, metrics.ErrKind},
	{`{"type":null,"conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: unknown event type: none`, metrics.ErrKind},
	{`{}`,
		`metrics: unknown event type: none`, metrics.ErrKind},
	{`{"type":"opened","at":"2026-03-02T09:00:00Z"}`,
		`metrics: event without a conversation`, metrics.ErrNoConversation},
	{`{"type":"opened","conversation":"","at":"2026-03-02T09:00:00Z"}`,
		`metrics: event without a conversation`, metrics.ErrNoConversation},
	{`{"type":"opened","conversation":null,"at":"2026-03-02T09:00:00Z"}`,
		`metrics: event without a conversation`, metrics.ErrNoConversation},
	{`{"type":"opened","conversation":"7"}`,
		`metrics: event without a time`, metrics.ErrNoTime},
	{`{"type":"opened","conversation":"7","at":""}`,
		`metrics: event without a time`, metrics.ErrNoTime},
	{`{"type":"opened","conversation":"7","at":null}`,
		`metrics: event without a time`, metrics.ErrNoTime},
	{`{"type":"opened","conversation":"7","at":"0001-01-01T00:00:00Z"}`,
		`metrics: event without a time`, metrics.ErrNoTime},
	{`{"type":"opened","conversation":"7","at":"0000-01-01T00:00:00Z"}`,
		`metrics: time outside 1970 to 2261: 0000-01-01 00:00:00 +0000 UTC`, metrics.ErrTime},
	{`{"type":"opened","conversation":"7","at":"10000-01-01T00:00:00Z"}`,
		`metrics: bad field: at is not an RFC 3339 time: "10000-01-01T00:00:00Z"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"9999-12-31T23:59:59Z"}`,
		`metrics: time outside 1970 to 2261: 9999-12-31 23:59:59 +0000 UTC`, metrics.ErrTime},
	{`{"type":"opened","conversation":"7","at":"1969-12-31T23:59:59.999999999Z"}`,
		`metrics: time outside 1970 to 2261: 1969-12-31 23:59:59.999999999 +0000 UTC`, metrics.ErrTime},
	{`{"type":"opened","conversation":"7","at":"1970-01-01T00:59:59+01:00"}`,
		`metrics: time outside 1970 to 2261: 1970-01-01 00:59:59 +0100 +0100`, metrics.ErrTime},
	{`{"type":"opened","conversation":"7","at":"2262-01-01T00:00:00Z"}`,
		`metrics: time outside 1970 to 2261: 2262-01-01 00:00:00 +0000 UTC`, metrics.ErrTime},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00"}`,
		`metrics: bad field: at is not an RFC 3339 time: "2026-03-02T09:00:00"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02 09:00:00Z"}`,
		`metrics: bad field: at is not an RFC 3339 time: "2026-03-02 09:00:00Z"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02"}`,
		`metrics: bad field: at is not an RFC 3339 time: "2026-03-02"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-02-30T09:00:00Z"}`,
		`metrics: bad field: at is not an RFC 3339 time: "2026-02-30T09:00:00Z"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T24:00:00Z"}`,
		`metrics: bad field: at is not an RFC 3339 time: "2026-03-02T24:00:00Z"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:60Z"}`,
		`metrics: bad field: at is not an RFC 3339 time: "2026-03-02T09:00:60Z"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":1772442000}`,
		`metrics: bad field: at is not text: "1772442000}"`, metrics.ErrField},
	{`{"type":"opened","conversation":7,"at":"2026-03-02T09:00:00Z"}`,
		`metrics: bad field: conversation is not text: "7,\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrField},
	{`{"type":"opened","conversation":["7"],"at":"2026-03-02T09:00:00Z"}`,
		`metrics: bad field: conversation is not text: "[\"7\"],\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrField},
	{`{"type":"opened","conversation":{"id":7},"at":"2026-03-02T09:00:00Z"}`,
		`metrics: bad field: conversation is not text: "{\"id\":7},\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrField},
	{`{"type":4,"conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: bad field: type is not text: "4,\"conversation\":\"7\",\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","note":"x"}`,
		`metrics: bad field: unknown name "note"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","Channel":"email"}`,
		`metrics: bad field: unknown name "Channel"`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","":"email"}`,
		`metrics: bad field: unknown name ""`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","channel":"email","channel":"email"}`,
		`metrics: bad field: channel comes twice`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","channel":null,"channel":"email"}`,
		`metrics: bad field: channel comes twice`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","\u0063hannel":"email","channel":"email"}`,
		`metrics: bad field: channel comes twice`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","into":null,"into":null}`,
		`metrics: bad field: into comes twice`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`rating: stars outside 1 to 5: 0`, rating.ErrStars},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":null}`,
		`rating: stars outside 1 to 5: 0`, rating.ErrStars},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":0}`,
		`rating: stars outside 1 to 5: 0`, rating.ErrStars},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":6}`,
		`rating: stars outside 1 to 5: 6`, rating.ErrStars},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":-1}`,
		`rating: stars outside 1 to 5: -1`, rating.ErrStars},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":257}`,
		`rating: stars outside 1 to 5: 257`, rating.ErrStars},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":4.5}`,
		`metrics: bad field: stars is not a whole number: "4.5"`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":5e0}`,
		`metrics: bad field: stars is not a whole number: "5e0"`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":NaN}`,
		`metrics: bad field: stars is not a whole number: "NaN"`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":05}`,
		`metrics: bad field: stars is not a whole number: "05"`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":+5}`,
		`metrics: bad field: stars is not a whole number: "+5"`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":"5"}`,
		`metrics: bad field: stars is not a whole number: "\"5\""`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":true}`,
		`metrics: bad field: stars is not a whole number: "true"`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":}`,
		`metrics: bad field: stars is not a whole number: ""`, metrics.ErrField},
	{`{"type":"rating_given","conversation":"7","at":"2026-03-02T09:00:00Z","stars":`,
		`metrics: bad field: stars is not a whole number: ""`, metrics.ErrField},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","stars":5}`,
		`metrics: field does not belong to this type of event: stars on opened`, metrics.ErrMisplaced},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","into":"8"}`,
		`metrics: field does not belong to this type of event: into on opened`, metrics.ErrMisplaced},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z","automated":true}`,
		`metrics: field does not belong to this type of event: automated on opened`, metrics.ErrMisplaced},
	{`{"type":"merged","conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: event without a conversation: merged into none`, metrics.ErrNoConversation},
	{`{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:00:00Z","automated":"true"}`,
		`metrics: bad field: automated is neither true nor false: "\"true\"}"`, metrics.ErrField},
	{`{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:00:00Z","automated":1}`,
		`metrics: bad field: automated is neither true nor false: "1}"`, metrics.ErrField},
	{`{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:00:00Z","automated":True}`,
		`metrics: bad field: automated is neither true nor false: "True}"`, metrics.ErrField},
	{`{"type":"opened","conversation":"\ud83d","at":"2026-03-02T09:00:00Z"}`,
		`metrics: text is not valid UTF-8 or too long: half of a surrogate pair: "\"\\ud83d\""`, metrics.ErrText},
	{`{"type":"opened","conversation":"\udc1e\ud83d","at":"2026-03-02T09:00:00Z"}`,
		`metrics: text is not valid UTF-8 or too long: half of a surrogate pair: "\"\\udc1e\\ud83d\""`, metrics.ErrText},
	{`{"type":"opened","conversation":"\ud83dx\udc1e","at":"2026-03-02T09:00:00Z"}`,
		`metrics: text is not valid UTF-8 or too long: half of a surrogate pair: "\"\\ud83dx\\udc1e\""`, metrics.ErrText},
	{`{"type":"opened","conversation":"\x41","at":"2026-03-02T09:00:00Z"}`,
		`metrics: malformed: invalid character 'x' in string escape code in "\"\\x41\""`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"\u00","at":"2026-03-02T09:00:00Z"}`,
		`metrics: malformed: invalid character '"' in \u hexadecimal character escape in "\"\\u00\""`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z"} {"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z"}`,
		`metrics: malformed: the end of the line expected at "{\"type\":\"opened\",\"conversation\":\"7\",\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z"}x`,
		`metrics: malformed: the end of the line expected at "x"`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at":"2026-03-02T09:00:00Z"`,
		`metrics: malformed: the line ends where a comma or the end of the object should be`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at":"2026-03`,
		`metrics: malformed: text without an end: "\"2026-03"`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at":"2026\`,
		`metrics: malformed: text without an end: "\"2026\\"`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at":`,
		`metrics: malformed: the line ends where text in quotes should be`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7","at"`,
		`metrics: malformed: the line ends where a colon should be`, metrics.ErrSyntax},
	{`{"type":"opened","conversation":"7",}`,
		`metrics: malformed: text in quotes expected at "}"`, metrics.ErrSyntax},
	{`{"type":"opened" "conversation":"7"}`,
		`metrics: malformed: a comma or the end of the object expected at "\"conversation\":\"7\"}"`, metrics.ErrSyntax},
	{`{,}`,
		`metrics: malformed: text in quotes expected at ",}"`, metrics.ErrSyntax},
	{`{"type"}`,
		`metrics: malformed: a colon expected at "}"`, metrics.ErrSyntax},
	{`{type:"opened"}`,
		`metrics: malformed: text in quotes expected at "type:\"opened\"}"`, metrics.ErrSyntax},
	{`{'type':'opened'}`,
		`metrics: malformed: text in quotes expected at "'type':'opened'}"`, metrics.ErrSyntax},
	{`[]`,
		`metrics: malformed: an object expected at "[]"`, metrics.ErrSyntax},
	{`"opened"`,
		`metrics: malformed: an object expected at "\"opened\""`, metrics.ErrSyntax},
	{`null`,
		`metrics: malformed: an object expected at "null"`, metrics.ErrSyntax},
	{`{`,
		`metrics: malformed: the line ends where text in quotes should be`, metrics.ErrSyntax},
	{`// comment`,
		`metrics: malformed: an object expected at "// comment"`, metrics.ErrSyntax},
	{`{"type":"opened","type":"opened"}`,
		`metrics: bad field: type comes twice`, metrics.ErrField},
	{`{"id":"1","id":"1"}`,
		`metrics: bad field: id comes twice`, metrics.ErrField},
	{`{"conversation":"7","conversation":"7"}`,
		`metrics: bad field: conversation comes twice`, metrics.ErrField},
	{`{"at":"2026-03-02T09:00:00Z","at":"2026-03-02T09:00:00Z"}`,
		`metrics: bad field: at comes twice`, metrics.ErrField},
	{`{"customer":"","customer":""}`,
		`metrics: bad field: customer comes twice`, metrics.ErrField},
	{`{"agent":"","agent":""}`,
		`metrics: bad field: agent comes twice`, metrics.ErrField},
	{`{"automated":false,"automated":false}`,
		`metrics: bad field: automated comes twice`, metrics.ErrField},
	{`{"stars":0,"stars":0}`,
		`metrics: bad field: stars comes twice`, metrics.ErrField},
	{`{"priority":"","priority":""}`,
		`metrics: bad field: priority comes twice`, metrics.ErrField},
	{"{\"type\":\"opened\",\"conversation\":\"\xff\",\"at\":\"2026-03-02T09:00:00Z\"}",
		`metrics: text is not valid UTF-8 or too long`, metrics.ErrText},
	{"{\"type\":\"opened\",\"conversation\":\"a\xed\xa0\xbdb\",\"at\":\"2026-03-02T09:00:00Z\"}", // a surrogate in UTF-8
		`metrics: text is not valid UTF-8 or too long`, metrics.ErrText},
	{"{\"type\":\"opened\",\"conversation\":\"a\tb\",\"at\":\"2026-03-02T09:00:00Z\"}",
		`metrics: malformed: control character in text: "\"a\tb\",\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrSyntax},
	{"{\"type\":\"opened\",\"conversation\":\"a\x00b\",\"at\":\"2026-03-02T09:00:00Z\"}",
		`metrics: malformed: control character in text: "\"a\x00b\",\"at\":\"2026-03-02T09:00:00Z\"}"`, metrics.ErrSyntax},
	{"\u00a0{\"type\":\"opened\"}",
		`metrics: malformed: an object expected at "\u00a0{\"type\":\"opened\"}"`, metrics.ErrSyntax},
}

func TestDecodeJSONLinesRefuses(t *testing.T) {
	for _, tt := range refusedLines {
		in := goodLine("before") + "\n" + tt.line + "\n" + goodLine("after")
		var kept []string
		var refused error
		for e, err := range metrics.DecodeJSONLines(strings.NewReader(in)) {
			switch {
			case err == nil:
				kept = append(kept, string(metrics.RecordOf(e).Conversation))
			case refused != nil || e != nil:
				t.Errorf("%s: event %v with the error %v after %v", tt.line, e, err, refused)
			default:
				refused = err
			}
		}
		if fmt.Sprint(kept) != "[before after]" {
			t.Errorf("%s: kept %v around it", tt.line, kept)
		}
		want := fmt.Sprintf("line 2: %s: %q", tt.reason, cut(tt.line))
		if refused == nil || refused.Error() != want {
			t.Errorf("%s:\n\tgot  %v\n\twant %v", tt.line, refused, want)
			continue
		}
		var located *metrics.LineError
		if !errors.As(refused, &located) || located.Line != 2 || located.Text != cut(tt.line) || !errors.Is(refused, tt.is) {
			t.Errorf("%s: %#v is no LineError of line 2 that is %v", tt.line, refused, tt.is)
		}
		for _, other := range sentinels {
			if other != tt.is && errors.Is(refused, other) {
				t.Errorf("%s: is %v too", tt.line, other)
			}
		}
	}
}

var sentinels = []error{
	metrics.ErrKind, metrics.ErrNoConversation, metrics.ErrNoTime, metrics.ErrTime, metrics.ErrMisplaced,
	metrics.ErrText, metrics.ErrOtherConversation, metrics.ErrFull, metrics.ErrSyntax, metrics.ErrField,
	metrics.ErrHeader, metrics.ErrLineTooLong, rating.ErrStars,
}

// cut is what an error quotes of a line.
func cut(line string) string { return line[:min(len(line), 120)] }

func goodLine(conversation string) string {
	return `{"type":"opened","conversation":"` + conversation + `","at":"2026-03-02T09:00:00Z"}`
}
