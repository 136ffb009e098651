package metrics_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

const csvHeader = "type,id,conversation,at,seq,channel,customer,agent,team,by,stars,priority,into,for,until,took,event\n"

func TestDecodeCSV(t *testing.T) {
	tests := []struct {
		in   string
		want metrics.Event
	}{
		{csvHeader + "opened,e1,7,2026-03-02T09:00:00Z,,email,,,,,,high,,,,,\n",
			metrics.Opened{ID: "e1", Conversation: "7", At: nine, Channel: "email", Priority: "high"}},
		{csvHeader + "message_received,,7,2026-03-02T09:00:00Z,,chat,zoe,,,,,,,,,,",
			metrics.MessageReceived{Conversation: "7", At: nine, Channel: "chat", Customer: "zoe"}},
		{csvHeader + "reply_sent,,7,2026-03-02T10:00:00+01:00,,sms,,bot,,automation,,,,,,,\r\n",
			metrics.ReplySent{Conversation: "7", At: nine, Channel: "sms", Agent: "bot", By: metrics.ByAutomation}},
		{csvHeader + "reply_sent,,7,2026-03-02T09:00:00Z,,,,,,automation,0,,,,,,\n",
			metrics.ReplySent{Conversation: "7", At: nine, By: metrics.ByAutomation}},
		{csvHeader + "reply_sent,,7,2026-03-02T09:00:00Z,,,,,,person,,,,,,,\n", metrics.ReplySent{Conversation: "7", At: nine}},
		{csvHeader + "reply_sent,,7,2026-03-02T09:00:00Z,,,,,,person,,,,,,,\n", metrics.ReplySent{Conversation: "7", At: nine}},
		{csvHeader + "rating_given,,7,2026-03-02T09:00:00Z,,,,ana,,,4,,,,,,\n",
			metrics.RatingGiven{Conversation: "7", At: nine, Stars: 4, Agent: "ana"}},
		{csvHeader + "merged,,7,2026-03-02T09:00:00Z,,,,,,,,,8,,,,\n", metrics.Merged{Conversation: "7", At: nine, Into: "8"}},
		{csvHeader + "reply_sent,,7,2026-03-02T09:00:00Z,7,,,iris,,assistant,,,,,,,\n",
			metrics.ReplySent{Conversation: "7", At: nine, Seq: 7, Agent: "iris", By: metrics.ByAssistant}},
		{csvHeader + "resolved,,7,2026-03-02T09:00:00Z,,,,,,customer,,,,,,,\n",
			metrics.Resolved{Conversation: "7", At: nine, By: metrics.ByCustomer}},
		{csvHeader + "reopened,,7,2026-03-02T09:00:00Z,,,,,,automation,,,,,,,\n",
			metrics.Reopened{Conversation: "7", At: nine, By: metrics.ByAutomation}},
		{csvHeader + "assigned,,7,2026-03-02T09:00:00Z,,,,ana,billing,,,,,,,,\n",
			metrics.Assigned{Conversation: "7", At: nine, Agent: "ana", Team: "billing"}},
		{csvHeader + "prioritized,,7,2026-03-02T09:00:00Z,0,,,,,,,low,,,,,\n",
			metrics.Prioritized{Conversation: "7", At: nine, Priority: "low"}},
		{csvHeader + "paused,,7,2026-03-02T09:00:00Z,,,,,,,,,,third_party,2026-03-02T10:00:00Z,,\n",
			metrics.Paused{Conversation: "7", At: nine, For: metrics.ForThirdParty, Until: nine.Add(time.Hour)}},
		{csvHeader + "paused,,7,2026-03-02T09:00:00Z,,,,,,,,,,customer,,,\n",
			metrics.Paused{Conversation: "7", At: nine, For: metrics.ForCustomer}},
		{csvHeader + "handled,,7,2026-03-02T09:00:00Z,,,,ana,,,,,,wrap_up,,1m40s,\n",
			metrics.Handled{Conversation: "7", At: nine, Agent: "ana", Took: 100 * time.Second, For: metrics.WrapUp}},
		{csvHeader + "abandoned,a,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,\n",
			metrics.Abandoned{ID: "a", Conversation: "7", At: nine}},
		{csvHeader + "retracted,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,e3\n",
			metrics.Retracted{Conversation: "7", At: nine, Event: "e3"}},
		{csvHeader + "resumed,,7,2026-03-02T09:00:00Z,,email,zoe,ana,billing,,,low,,,,,\n",
			metrics.Resumed{Conversation: "7", At: nine}},
		// Columns in another order, and only those that are needed.
		{"at,conversation,type\n2026-03-02T09:00:00Z,7,paused\n", metrics.Paused{Conversation: "7", At: nine}},
		{"\xef\xbb\xbfagent,type,at,conversation\r\n\r\nana,resolved,2026-03-02T09:00:00Z,7\r\n",
			metrics.Resolved{Conversation: "7", At: nine, Agent: "ana"}},
		{"\n \ntype,at,conversation\npaused,2026-03-02T09:00:00Z,7\n", metrics.Paused{Conversation: "7", At: nine}},
		// Quotes.
		{"\"type\",\"conversation\",\"at\"\n\"opened\",\"7, \"\"8\"\"\",\"2026-03-02T09:00:00Z\"\n",
			metrics.Opened{Conversation: `7, "8"`, At: nine}},
		{"type,conversation,at\nopened, 7 ,2026-03-02T09:00:00Z\n", metrics.Opened{Conversation: " 7 ", At: nine}},
	}
	for _, tt := range tests {
		got, errs := decoded(metrics.DecodeCSV(strings.NewReader(tt.in)))
		if len(errs) > 0 || len(got) != 1 || !sameEvent(got[0], tt.want) {
			t.Errorf("%q:\n\tgot  %+v, %v\n\twant %T%+v", tt.in, got, errs, tt.want, tt.want)
		}
	}
	if got, errs := decoded(metrics.DecodeCSV(strings.NewReader(""))); len(got)+len(errs) > 0 {
		t.Errorf("nothing is %v, %v", got, errs)
	}
	if got, errs := decoded(metrics.DecodeCSV(strings.NewReader(csvHeader))); len(got)+len(errs) > 0 {
		t.Errorf("a header alone is %v, %v", got, errs)
	}
}

func TestDecodeCSVRefuses(t *testing.T) {
	tests := []struct {
		row, reason string
		is          error
	}{
		{`called,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: unknown event type: "called"`, metrics.ErrKind},
		{`Opened,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: unknown event type: "Opened"`, metrics.ErrKind},
		{`,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: unknown event type: none`, metrics.ErrKind},
		{`opened,,,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: event without a conversation`, metrics.ErrNoConversation},
		{`opened,,7,,,,,,,,,,,,,,`, `metrics: event without a time`, metrics.ErrNoTime},
		{`opened,,7,2026-03-02 09:00:00,,,,,,,,,,,,,`, `metrics: bad field: at: an offset from UTC such as Z or +01:00 is missing: "2026-03-02 09:00:00"`, metrics.ErrField},
		{`opened,,7,03/02/2026,,,,,,,,,,,,,`, `metrics: bad field: at: not an RFC 3339 time: "03/02/2026"`, metrics.ErrField},
		{`opened,,7,1969-12-31T23:59:59Z,,,,,,,,,,,,,`, `metrics: time outside 1970 to 2261: 1969-12-31 23:59:59 +0000 UTC`, metrics.ErrTime},
		{`reply_sent,,7,2026-03-02T09:00:00Z,,,,,,yes,,,,,,,`, `metrics: bad field: by: metrics: no such actor: "yes"`, metrics.ErrField},
		{`reply_sent,,7,2026-03-02T09:00:00Z,,,,,,Person,,,,,,,`, `metrics: bad field: by: metrics: no such actor: "Person"`, metrics.ErrField},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,,6,,,,,,`, `rating: stars outside 1 to 5: 6`, rating.ErrStars},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,,-1,,,,,,`, `rating: stars outside 1 to 5: -1`, rating.ErrStars},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,,0,,,,,,`, `rating: stars outside 1 to 5: 0`, rating.ErrStars},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `rating: stars outside 1 to 5: 0`, rating.ErrStars},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,,4.5,,,,,,`, `metrics: bad field: stars is not a whole number: "4.5"`, metrics.ErrField},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,,NaN,,,,,,`, `metrics: bad field: stars is not a whole number: "NaN"`, metrics.ErrField},
		{`rating_given,,7,2026-03-02T09:00:00Z,,,,,,, 5,,,,,,`, `metrics: bad field: stars is not a whole number: " 5"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,,,,,,,5,,,,,,`, `metrics: field does not belong to this type of event: stars on opened`, metrics.ErrMisplaced},
		{`opened,,7,2026-03-02T09:00:00Z,,,,,,automation,,,,,,,`, `metrics: field does not belong to this type of event: by automation on opened`, metrics.ErrMisplaced},
		{`opened,,7,2026-03-02T09:00:00Z,,,,,,,,,8,,,,`, `metrics: field does not belong to this type of event: into on opened`, metrics.ErrMisplaced},
		{`merged,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: event without a conversation: merged into none`, metrics.ErrNoConversation},
		{`reply_sent,,7,2026-03-02T09:00:00Z,,,,,,customer,,,,,,,`, `metrics: field does not belong to this type of event: by customer on reply_sent`, metrics.ErrMisplaced},
		{`opened,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,1s,`, `metrics: field does not belong to this type of event: took on opened`, metrics.ErrMisplaced},
		{`resumed,,7,2026-03-02T09:00:00Z,,,,,,,,,,customer,,,`, `metrics: field does not belong to this type of event: for on resumed`, metrics.ErrMisplaced},
		{`resumed,,7,2026-03-02T09:00:00Z,,,,,,,,,,,2026-03-02T09:00:00Z,,`, `metrics: field does not belong to this type of event: until on resumed`, metrics.ErrMisplaced},
		{`reply_sent,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,e1`, `metrics: field does not belong to this type of event: event on reply_sent`, metrics.ErrMisplaced},
		{`retracted,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: bad field: event is missing, which is retracted`, metrics.ErrField},
		{`handled,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: bad field: took is not above 0: 0s`, metrics.ErrField},
		{`handled,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,0s,`, `metrics: bad field: took is not above 0: 0s`, metrics.ErrField},
		{`handled,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,-1s,`, `metrics: bad field: took is not above 0: -1s`, metrics.ErrField},
		{`handled,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,100,`, `metrics: bad field: took is not a duration such as 1m40s: "100"`, metrics.ErrField},
		{`handled,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,1:40,`, `metrics: bad field: took is not a duration such as 1m40s: "1:40"`, metrics.ErrField},
		{`paused,,7,2026-03-02T09:00:00Z,,,,,,,,,,,2026-03-02T09:00:00Z,,`, `metrics: bad field: until is not after at: 2026-03-02 09:00:00 +0000 UTC`, metrics.ErrField},
		{`paused,,7,2026-03-02T09:00:00Z,,,,,,,,,,,2262-01-01T00:00:00Z,,`, `metrics: time outside 1970 to 2261: until 2262-01-01 00:00:00 +0000 UTC`, metrics.ErrTime},
		{`paused,,7,2026-03-02T09:00:00Z,,,,,,,,,,,tomorrow,,`, `metrics: bad field: until: not an RFC 3339 time: "tomorrow"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,-1,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: "-1"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,1.5,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: "1.5"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,01,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: "01"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,+1,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: "+1"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,9223372036854775808,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: "9223372036854775808"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z, 1,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: " 1"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z,x,,,,,,,,,,,,`, `metrics: bad field: seq is not a whole number from 0: "x"`, metrics.ErrField},
		{`opened,,7,2026-03-02T09:00:00Z`, `metrics: malformed: 4 cells, and the header has 17`, metrics.ErrSyntax},
		{`opened,,7,2026-03-02T09:00:00Z,,,,,,,,,,,,,,`, `metrics: malformed: 18 cells, and the header has 17`, metrics.ErrSyntax},
		{`opened,,"7,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: malformed: extraneous or missing " in quoted-field`, metrics.ErrSyntax},
		{`opened,,"7"x,2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: malformed: extraneous or missing " in quoted-field`, metrics.ErrSyntax},
		{`opened,,7",2026-03-02T09:00:00Z,,,,,,,,,,,,,`, `metrics: malformed: bare " in non-quoted-field`, metrics.ErrSyntax},
		{"opened,,\xff,2026-03-02T09:00:00Z,,,,,,,,,,,,,", `metrics: text is not valid UTF-8 or too long`, metrics.ErrText},
		{"opened,," + strings.Repeat("x", 1<<20) + ",2026-03-02T09:00:00Z,,,,,,,,,,,,,", `metrics: line too long`, metrics.ErrLineTooLong},
	}
	good := func(id string) string { return "opened,," + id + ",2026-03-02T09:00:00Z,,,,,,,,,,,,,\n" }
	for _, tt := range tests {
		events, errs := decoded(metrics.DecodeCSV(strings.NewReader(csvHeader + good("before") + tt.row + "\n" + good("after"))))
		if len(events) != 2 || metrics.RecordOf(events[1]).Conversation != "after" {
			t.Errorf("%.80s: kept %v around it", tt.row, events)
		}
		want := fmt.Sprintf("line 3: %s: %q", tt.reason, cut(tt.row))
		if len(errs) != 1 || errs[0].Error() != want || !errors.Is(errs[0], tt.is) {
			t.Errorf("%.80s:\n\tgot  %v\n\twant %v", tt.row, errs, want)
		}
	}
}

// TestDecodeCSVLineBreak shows that a quote that is never closed, or closed on
// another line, costs its lines only.
func TestDecodeCSVLineBreak(t *testing.T) {
	in := "type,conversation,at\n" +
		"opened,\"a\nb\",2026-03-02T09:00:00Z\n" +
		"opened,c,2026-03-02T09:00:00Z\n"
	events, errs := decoded(metrics.DecodeCSV(strings.NewReader(in)))
	if len(events) != 1 || len(errs) != 2 || !errors.Is(errs[0], metrics.ErrSyntax) || !errors.Is(errs[1], metrics.ErrSyntax) {
		t.Errorf("got %v, %v", events, errs)
	}
}

func TestDecodeCSVHeader(t *testing.T) {
	tests := []struct{ in, want string }{
		{"type,at\n", `metrics: bad header: no column conversation`},
		{"conversation,at\n", `metrics: bad header: no column type`},
		{"type,conversation\n", `metrics: bad header: no column at`},
		{"type,conversation,at,note\n", `metrics: bad header: unknown name "note"`},
		{"type,conversation,at,automated\n", `metrics: bad header: unknown name "automated"; say by: automation or by: assistant`},
		{"type,conversation,at,retracts\n", `metrics: bad header: unknown name "retracts"`},
		{"type,conversation,at,event,event\n", `metrics: bad header: column event comes twice`},
		{"type,conversation, at\n", `metrics: bad header: unknown name " at"`},
		{"Type,conversation,at,TYPE\n", `metrics: bad header: column type comes twice`},
		{"type,conversation,at,\n", `metrics: bad header: unknown name ""`},
		{"type,conversation,at,type\n", `metrics: bad header: column type comes twice`},
		{"type;conversation;at\n", `metrics: bad header: unknown name "type;conversation;at"; cells are separated by commas`},
		{"type\tconversation\tat\n", `metrics: bad header: unknown name "type\tconversation\tat"; cells are separated by commas`},
		{"type,\"conversation,at\n", `metrics: bad header: metrics: malformed: extraneous or missing " in quoted-field`},
		{"opened,7,2026-03-02T09:00:00Z\n", `metrics: bad header: unknown name "opened"`},
	}
	for _, tt := range tests {
		events, errs := decoded(metrics.DecodeCSV(strings.NewReader(tt.in + "opened,7,2026-03-02T09:00:00Z\n")))
		if len(events) != 0 || len(errs) != 1 || errs[0].Error() != tt.want || !errors.Is(errs[0], metrics.ErrHeader) {
			t.Errorf("%q:\n\tgot  %v, %v\n\twant %v", tt.in, events, errs, tt.want)
		}
	}
	for name, in := range map[string]string{"too long": strings.Repeat("x", 1<<20), "not UTF-8": "type\xff,conversation,at\n"} {
		_, errs := decoded(metrics.DecodeCSV(strings.NewReader(in)))
		var located *metrics.LineError
		if len(errs) != 1 || !errors.Is(errs[0], metrics.ErrHeader) || !errors.As(errs[0], &located) || located.Line != 1 {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

func TestDecodeCSVReaderFails(t *testing.T) {
	broken := errors.New("cable cut")
	for _, in := range []string{"", csvHeader} {
		_, errs := decoded(metrics.DecodeCSV(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken))))
		if len(errs) != 1 || !errors.Is(errs[0], broken) || errors.Is(errs[0], metrics.ErrHeader) != (in == "") {
			t.Errorf("%q: %v", in, errs)
		}
	}
	for range metrics.DecodeCSV(strings.NewReader("x\n")) {
		break
	}
}
