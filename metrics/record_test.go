package metrics_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

func TestRecordEventRefuses(t *testing.T) {
	long := strings.Repeat("x", 1<<16-1)
	valid := metrics.Record{Type: metrics.KindReplySent, Conversation: "7", At: nine}
	with := func(change func(*metrics.Record)) metrics.Record {
		r := valid
		change(&r)
		return r
	}
	tests := []struct {
		name string
		r    metrics.Record
		want error
	}{
		{"valid", valid, nil},
		{"zero", metrics.Record{}, metrics.ErrKind},
		{"no type", with(func(r *metrics.Record) { r.Type = 0 }), metrics.ErrKind},
		{"type 13", with(func(r *metrics.Record) { r.Type = 13 }), metrics.ErrKind},
		{"no conversation", with(func(r *metrics.Record) { r.Conversation = "" }), metrics.ErrNoConversation},
		{"no time", with(func(r *metrics.Record) { r.At = time.Time{} }), metrics.ErrNoTime},
		{"no time, in Tokyo", with(func(r *metrics.Record) { r.At = time.Time{}.In(time.FixedZone("", 9*3600)) }), metrics.ErrNoTime},
		{"1969", with(func(r *metrics.Record) { r.At = time.Unix(0, -1) }), metrics.ErrTime},
		{"1970", with(func(r *metrics.Record) { r.At = time.Unix(0, 0) }), nil},
		{"2261", with(func(r *metrics.Record) { r.At = time.Date(2261, 12, 31, 23, 59, 59, 999_999_999, time.UTC) }), nil},
		{"2262", with(func(r *metrics.Record) { r.At = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC) }), metrics.ErrTime},
		{"year 0", with(func(r *metrics.Record) { r.At = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) }), metrics.ErrTime},
		{"year 10000", with(func(r *metrics.Record) { r.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), metrics.ErrTime},
		{"stars on a reply", with(func(r *metrics.Record) { r.Stars = 5 }), metrics.ErrMisplaced},
		{"into on a reply", with(func(r *metrics.Record) { r.Into = "8" }), metrics.ErrMisplaced},
		{"automated rating", with(func(r *metrics.Record) { r.Type, r.Stars, r.Automated = metrics.KindRatingGiven, 5, true }), metrics.ErrMisplaced},
		{"no stars", with(func(r *metrics.Record) { r.Type = metrics.KindRatingGiven }), rating.ErrStars},
		{"6 stars", with(func(r *metrics.Record) { r.Type, r.Stars = metrics.KindRatingGiven, 6 }), rating.ErrStars},
		{"into nothing", with(func(r *metrics.Record) { r.Type = metrics.KindMerged }), metrics.ErrNoConversation},
		{"into itself", with(func(r *metrics.Record) { r.Type, r.Into = metrics.KindMerged, "7" }), nil},
		{"the longest ID", with(func(r *metrics.Record) { r.ID = metrics.EventID(long) }), nil},
		{"ID too long", with(func(r *metrics.Record) { r.ID = metrics.EventID(long + "x") }), metrics.ErrText},
		{"conversation too long", with(func(r *metrics.Record) { r.Conversation = metrics.ConversationID(long + "x") }), metrics.ErrText},
		{"broken ID", with(func(r *metrics.Record) { r.ID = "\xff" }), metrics.ErrText},
		{"broken conversation", with(func(r *metrics.Record) { r.Conversation = "\xff" }), metrics.ErrText},
		{"broken channel", with(func(r *metrics.Record) { r.Channel = "\xff" }), metrics.ErrText},
		{"broken customer", with(func(r *metrics.Record) { r.Customer = "\xff" }), metrics.ErrText},
		{"broken agent", with(func(r *metrics.Record) { r.Agent = "\xff" }), metrics.ErrText},
		{"broken priority", with(func(r *metrics.Record) { r.Priority = "\xff" }), metrics.ErrText},
		{"broken into", with(func(r *metrics.Record) { r.Type, r.Into = metrics.KindMerged, "\xff" }), metrics.ErrText},
	}
	for _, tt := range tests {
		e, err := tt.r.Event()
		if !errors.Is(err, tt.want) || tt.want == nil && err != nil || (e == nil) != (err != nil) {
			t.Errorf("%s: %v, %v, want %v", tt.name, e, err, tt.want)
		}
		if err != nil && len(err.Error()) > 500 {
			t.Errorf("%s: an error of %d bytes", tt.name, len(err.Error()))
		}
		if err == nil {
			// What Record.Event takes, Append takes, and gives back.
			var log metrics.EventLog
			if err := log.Append(e); err != nil {
				t.Errorf("%s: Append: %v", tt.name, err)
			}
			for c := range log.Conversations() {
				for got := range c.Events() {
					if !sameEvent(got, e) {
						t.Errorf("%s: log gives %+v back, want %+v", tt.name, got, e)
					}
				}
			}
		}
	}
}

// TestRecordLeavesOut shows that a kind of event keeps what is of use to it.
func TestRecordLeavesOut(t *testing.T) {
	uses := map[metrics.Kind][]string{
		metrics.KindOpened:          {"Channel", "Priority"},
		metrics.KindReopened:        {"Agent"},
		metrics.KindMessageReceived: {"Channel", "Customer"},
		metrics.KindAssigned:        {"Agent"},
		metrics.KindPaused:          {},
		metrics.KindResumed:         {},
		metrics.KindRatingRequested: {"Channel", "Agent"},
		metrics.KindReplySent:       {"Channel", "Agent", "Automated"},
		metrics.KindRatingGiven:     {"Channel", "Agent", "Stars"},
		metrics.KindResolved:        {"Agent"},
		metrics.KindMerged:          {"Into"},
		metrics.KindDiscarded:       {},
	}
	if len(uses) != 12 {
		t.Fatal("a kind is missing")
	}
	for kind, fields := range uses {
		full := metrics.Record{Type: kind, ID: "e", Conversation: "7", At: nine, Channel: "email", Customer: "zoe", Agent: "ana", Priority: "high"}
		switch kind {
		case metrics.KindReplySent:
			full.Automated = true
		case metrics.KindRatingGiven:
			full.Stars = 3
		case metrics.KindMerged:
			full.Into = "8"
		}
		e, err := full.Event()
		if err != nil {
			t.Errorf("%v: %v", kind, err)
			continue
		}
		got, want := reflect.ValueOf(metrics.RecordOf(e)), reflect.ValueOf(full)
		for i := range got.NumField() {
			name := got.Type().Field(i).Name
			kept := i < 4 || slices.Contains(fields, name)
			if kept && got.Field(i).Interface() != want.Field(i).Interface() || !kept && !got.Field(i).IsZero() {
				t.Errorf("%v: %s is %v", kind, name, got.Field(i))
			}
		}
		if c, err := metrics.NewConversation(e); err != nil || !sameEvent(slices.Collect(c.Events())[0], e) {
			t.Errorf("%v: the log gives another event back: %v, %v", kind, c, err)
		}
	}
}

func TestRecordOfNothing(t *testing.T) {
	if r := metrics.RecordOf(nil); r != (metrics.Record{}) {
		t.Errorf("of nil: %+v", r)
	}
	if r := metrics.RecordOf(&metrics.Opened{Conversation: "7", At: nine}); r != (metrics.Record{}) {
		t.Errorf("of a pointer: %+v", r)
	}
	var log metrics.EventLog
	if err := log.Append(&metrics.Opened{Conversation: "7", At: nine}); !errors.Is(err, metrics.ErrKind) || log.Len() != 0 {
		t.Errorf("a pointer to an event: %v, %d events", err, log.Len())
	}
}

func TestRecordLaws(t *testing.T) {
	properties := laws(t, 2000)
	properties.Property("an event, its record, and its JSON are the same", prop.ForAll(func(s step) bool {
		e := s.event()
		r := metrics.RecordOf(e)
		again, err := r.Event()
		text, err2 := json.Marshal(r)
		var read metrics.Record
		return err == nil && err2 == nil && json.Unmarshal(text, &read) == nil && again == e && read == r
	}, genStep()))
	properties.TestingRun(t)
}

func TestColumnsAreThoseOfJSON(t *testing.T) {
	v := reflect.TypeFor[metrics.Record]()
	columns := metrics.Columns()
	if v.NumField() != len(columns) || len(metrics.Record{}.Values()) != len(columns) || len(new(metrics.Record).Destinations()) != len(columns) {
		t.Fatalf("%d fields, %d columns", v.NumField(), len(columns))
	}
	for i, name := range columns {
		if tag, _, _ := strings.Cut(v.Field(i).Tag.Get("json"), ","); tag != name {
			t.Errorf("column %d is %s, field %s", i, name, tag)
		}
	}
	columns[0] = "changed"
	if metrics.Columns()[0] != "type" {
		t.Error("the columns can be changed")
	}
}

func TestErrors(t *testing.T) {
	reply := metrics.ReplySent{Conversation: "8", At: nine}
	c, err := metrics.NewConversation(metrics.Opened{Conversation: "7", At: nine}, metrics.Paused{Conversation: "7", At: nine}, reply, metrics.Resolved{Conversation: "7", At: nine})
	var refused *metrics.EventError
	if !errors.As(err, &refused) || refused.Index != 2 || refused.Event != reply || !errors.Is(err, metrics.ErrOtherConversation) {
		t.Errorf("another conversation: %#v", err)
	}
	want := "event 2: metrics: event of another conversation: metrics.ReplySent{ID: Conversation:8 At:2026-03-02 09:00:00 +0000 UTC Channel: Agent: Automated:false}"
	if err.Error() != want {
		t.Errorf("got  %v\nwant %v", err, want)
	}
	if c.ID() != "7" || c.Len() != 2 {
		t.Errorf("kept %q with %d events, want the two before", c.ID(), c.Len())
	}
	c, err = metrics.NewConversation(metrics.Opened{Conversation: "7", At: nine}, metrics.Opened{Conversation: "7"})
	if c.Len() != 1 || !errors.Is(err, metrics.ErrNoTime) {
		t.Errorf("an invalid event: %v and %d events", err, c.Len())
	}
	c, err = metrics.NewConversation(metrics.Opened{}, metrics.Opened{Conversation: "7", At: nine})
	if !errors.As(err, &refused) || refused.Index != 0 || c.Len() != 0 {
		t.Errorf("the first event is invalid: %v and %d events", err, c.Len())
	}
	if c, err := metrics.NewConversation(); c.Len() != 0 || c.ID() != "" || err != nil {
		t.Errorf("no events: %v, %v", c, err)
	}
}
