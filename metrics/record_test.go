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

// maxText is the greatest length of an identifier or name.
const maxText = 65_494

func TestRecordEventRefuses(t *testing.T) {
	long := strings.Repeat("x", maxText)
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
		{"type 17", with(func(r *metrics.Record) { r.Type = metrics.KindRetracted + 1 }), metrics.ErrKind},
		{"no conversation", with(func(r *metrics.Record) { r.Conversation = "" }), metrics.ErrNoConversation},
		{"no time", with(func(r *metrics.Record) { r.At = time.Time{} }), metrics.ErrNoTime},
		{"no time, in Tokyo", with(func(r *metrics.Record) { r.At = time.Time{}.In(time.FixedZone("", 9*3600)) }), metrics.ErrNoTime},
		{"1969", with(func(r *metrics.Record) { r.At = time.Unix(0, -1) }), metrics.ErrTime},
		{"1970", with(func(r *metrics.Record) { r.At = time.Unix(0, 0) }), nil},
		{"2261", with(func(r *metrics.Record) { r.At = time.Date(2261, 12, 31, 23, 59, 59, 999_999_999, time.UTC) }), nil},
		{"2262", with(func(r *metrics.Record) { r.At = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC) }), metrics.ErrTime},
		{"year 0", with(func(r *metrics.Record) { r.At = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) }), metrics.ErrTime},
		{"year 10000", with(func(r *metrics.Record) { r.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), metrics.ErrTime},
		{"no stars", with(func(r *metrics.Record) { r.Type = metrics.KindRatingGiven }), rating.ErrStars},
		{"6 stars", with(func(r *metrics.Record) { r.Type, r.Stars = metrics.KindRatingGiven, 6 }), rating.ErrStars},
		{"into nothing", with(func(r *metrics.Record) { r.Type = metrics.KindMerged }), metrics.ErrNoConversation},
		{"by the customer", with(func(r *metrics.Record) { r.By = metrics.ByCustomer }), metrics.ErrMisplaced},
		{"resolved by the customer", with(func(r *metrics.Record) { r.Type, r.By = metrics.KindResolved, metrics.ByCustomer }), nil},
		{"by no actor", with(func(r *metrics.Record) { r.By = metrics.ByAutomation + 1 }), metrics.ErrField},
		{"seq below 0", with(func(r *metrics.Record) { r.Seq = -1 }), metrics.ErrField},
		{"the greatest seq", with(func(r *metrics.Record) { r.Seq = 1<<63 - 1 }), nil},
		{"handled in no time", with(func(r *metrics.Record) { r.Type = metrics.KindHandled }), metrics.ErrField},
		{"handled in less", with(func(r *metrics.Record) { r.Type, r.Took = metrics.KindHandled, -1 }), metrics.ErrField},
		{"handled in a nanosecond", with(func(r *metrics.Record) { r.Type, r.Took = metrics.KindHandled, 1 }), nil},
		{"handled in the longest time", with(func(r *metrics.Record) { r.Type, r.Took = metrics.KindHandled, 1<<63-1 }), nil},
		{"until at", with(func(r *metrics.Record) { r.Type, r.Until = metrics.KindPaused, nine }), metrics.ErrField},
		{"until before at", with(func(r *metrics.Record) { r.Type, r.Until = metrics.KindPaused, nine.Add(-1) }), metrics.ErrField},
		{"until after at", with(func(r *metrics.Record) { r.Type, r.For, r.Until = metrics.KindPaused, "parts", nine.Add(1) }), nil},
		{"until the end", with(func(r *metrics.Record) {
			r.Type, r.For, r.Until = metrics.KindPaused, "parts", time.Unix(0, lastInstant)
		}), nil},
		{"until 2262", with(func(r *metrics.Record) { r.Type, r.Until = metrics.KindPaused, time.Unix(0, lastInstant+1) }), metrics.ErrTime},
		{"until 10000", with(func(r *metrics.Record) {
			r.Type, r.Until = metrics.KindPaused, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
		}), metrics.ErrTime},
		{"retracts nothing", with(func(r *metrics.Record) { r.Type, r.ID = metrics.KindRetracted, "e" }), metrics.ErrField},
		{"retracts itself", with(func(r *metrics.Record) { r.Type, r.ID, r.Retracts = metrics.KindRetracted, "e", "e" }), nil},
		{"into itself", with(func(r *metrics.Record) { r.Type, r.Into = metrics.KindMerged, "7" }), nil},
		{"the longest ID", with(func(r *metrics.Record) { r.ID = metrics.EventID(long) }), nil},
		{"ID too long", with(func(r *metrics.Record) { r.ID = metrics.EventID(long + "x") }), metrics.ErrText},
		{"conversation too long", with(func(r *metrics.Record) { r.Conversation = metrics.ConversationID(long + "x") }), metrics.ErrText},
		{"broken ID", with(func(r *metrics.Record) { r.ID = "\xff" }), metrics.ErrText},
		{"broken conversation", with(func(r *metrics.Record) { r.Conversation = "\xff" }), metrics.ErrText},
		{"broken channel", with(func(r *metrics.Record) { r.Channel = "\xff" }), metrics.ErrText},
		{"broken customer", with(func(r *metrics.Record) { r.Customer = "\xff" }), metrics.ErrText},
		{"broken agent", with(func(r *metrics.Record) { r.Agent = "\xff" }), metrics.ErrText},
		{"the longest event", with(func(r *metrics.Record) { r.Type, r.Retracts = metrics.KindRetracted, metrics.EventID(long) }), nil},
		{"ID and event together", with(func(r *metrics.Record) {
			r.Type, r.ID, r.Retracts = metrics.KindRetracted, "x", metrics.EventID(long)
		}), metrics.ErrText},
		{"the longest ID with all that is rare", with(func(r *metrics.Record) {
			r.Type, r.ID, r.Seq, r.For, r.Until = metrics.KindPaused, metrics.EventID(long), 1<<63-1, long, time.Unix(0, lastInstant)
		}), nil},
		{"all that a retraction can have", with(func(r *metrics.Record) {
			r.Type, r.Seq = metrics.KindRetracted, 1<<63-1
			r.ID, r.Retracts = metrics.EventID(long[:maxText/2]), metrics.EventID(long[maxText/2:])
		}), nil},
		{"team too long", with(func(r *metrics.Record) { r.Type, r.Team = metrics.KindAssigned, metrics.TeamID(long+"x") }), metrics.ErrText},
		{"reason too long", with(func(r *metrics.Record) { r.Type, r.For = metrics.KindPaused, long+"x" }), metrics.ErrText},
		{"event too long", with(func(r *metrics.Record) { r.Type, r.Retracts = metrics.KindRetracted, metrics.EventID(long+"x") }), metrics.ErrText},
		{"broken team", with(func(r *metrics.Record) { r.Type, r.Team = metrics.KindAssigned, "\xff" }), metrics.ErrText},
		{"broken reason", with(func(r *metrics.Record) { r.Type, r.For = metrics.KindPaused, "\xff" }), metrics.ErrText},
		{"broken event", with(func(r *metrics.Record) { r.Type, r.Retracts = metrics.KindRetracted, "\xff" }), metrics.ErrText},
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

// uses are the fields that a kind of event has besides those that all have.
var uses = map[metrics.Kind][]string{
	metrics.KindOpened:          {"Channel", "Priority"},
	metrics.KindReopened:        {"Agent", "By"},
	metrics.KindPrioritized:     {"Priority"},
	metrics.KindMessageReceived: {"Channel", "Customer"},
	metrics.KindAssigned:        {"Agent", "Team"},
	metrics.KindPaused:          {"For", "Until"},
	metrics.KindResumed:         {},
	metrics.KindRatingRequested: {"Channel", "Agent"},
	metrics.KindReplySent:       {"Channel", "Agent", "By"},
	metrics.KindHandled:         {"Agent", "Took", "For"},
	metrics.KindRatingGiven:     {"Channel", "Agent", "Stars"},
	metrics.KindResolved:        {"Agent", "By"},
	metrics.KindAbandoned:       {},
	metrics.KindMerged:          {"Into"},
	metrics.KindDiscarded:       {},
	metrics.KindRetracted:       {"Retracts"},
}

// full returns a record of a kind with everything that a flat row may have.
func full(k metrics.Kind) metrics.Record {
	r := metrics.Record{
		Type: k, ID: "e", Conversation: "7", At: nine, Seq: 3,
		Channel: "email", Customer: "zoe", Agent: "ana", Team: "billing", Priority: "high",
	}
	for _, field := range uses[k] {
		switch field {
		case "By":
			r.By = metrics.ByAssistant
		case "Stars":
			r.Stars = 3
		case "Into":
			r.Into = "8"
		case "For":
			r.For = "parts"
		case "Until":
			r.Until = nine.Add(time.Hour)
		case "Took":
			r.Took = metrics.Took(time.Minute)
		case "Retracts":
			r.Retracts = "f"
		}
	}
	return r
}

// TestRecordLeavesOut shows that a kind of event keeps what is of use to it.
func TestRecordLeavesOut(t *testing.T) {
	if len(uses) != int(metrics.KindRetracted) {
		t.Fatal("a kind is missing")
	}
	for kind, fields := range uses {
		e, err := full(kind).Event()
		if err != nil {
			t.Errorf("%v: %v", kind, err)
			continue
		}
		got, want := reflect.ValueOf(metrics.RecordOf(e)), reflect.ValueOf(full(kind))
		for i := range got.NumField() {
			name := got.Type().Field(i).Name
			kept := i < 5 || slices.Contains(fields, name)
			if kept && got.Field(i).Interface() != want.Field(i).Interface() || !kept && !got.Field(i).IsZero() {
				t.Errorf("%v: %s is %v", kind, name, got.Field(i))
			}
		}
		// The fields of the event itself are the same ones.
		v := reflect.TypeOf(e)
		for i := range v.NumField() {
			if name := v.Field(i).Name; i >= 4 && !slices.Contains(fields, name) && name != "Event" {
				t.Errorf("%v has a field %s", v, name)
			}
		}
		if v.NumField() != 4+len(fields) {
			t.Errorf("%v has %d fields, want those of all and %v", v, v.NumField(), fields)
		}
		if c, err := metrics.NewConversation(e); err != nil || !sameEvent(slices.Collect(c.Events())[0], e) {
			t.Errorf("%v: the log gives another event back: %v, %v", kind, c, err)
		}
	}
}

// TestRecordMisplaced puts each field that says what happened on each kind that has no
// use for it.
func TestRecordMisplaced(t *testing.T) {
	says := map[string]func(*metrics.Record){
		"By":       func(r *metrics.Record) { r.By = metrics.ByAutomation },
		"Stars":    func(r *metrics.Record) { r.Stars = 5 },
		"Into":     func(r *metrics.Record) { r.Into = "8" },
		"For":      func(r *metrics.Record) { r.For = "parts" },
		"Until":    func(r *metrics.Record) { r.Until = nine.Add(time.Hour) },
		"Took":     func(r *metrics.Record) { r.Took = 1 },
		"Retracts": func(r *metrics.Record) { r.Retracts = "f" },
	}
	names := map[string]string{"By": "by automation", "Stars": "stars", "Into": "into", "For": "for", "Until": "until", "Took": "took", "Retracts": "event"}
	for kind, fields := range uses {
		for name, set := range says {
			r := full(kind)
			set(&r)
			_, err := r.Event()
			if slices.Contains(fields, name) {
				if err != nil {
					t.Errorf("%s on %v: %v", name, kind, err)
				}
				continue
			}
			want := "metrics: field does not belong to this type of event: " + names[name] + " on " + kind.String()
			if !errors.Is(err, metrics.ErrMisplaced) || err.Error() != want {
				t.Errorf("%s on %v: %v, want %s", name, kind, err, want)
			}
		}
	}
}

// An empty reason of a pause is the customer, and the log says so.
func TestPausedForNobodyIsForTheCustomer(t *testing.T) {
	c, err := metrics.NewConversation(
		metrics.Paused{Conversation: "7", At: nine},
		metrics.Paused{Conversation: "7", At: nine, For: metrics.ForCustomer},
	)
	if err != nil {
		t.Fatal(err)
	}
	for e := range c.Events() {
		if want := (metrics.Paused{Conversation: "7", At: nine, For: metrics.ForCustomer}); c.Len() != 1 || e != metrics.Event(want) {
			t.Errorf("%+v of %d events, want one: %+v", e, c.Len(), want)
		}
	}
}

func TestRecordOfNothing(t *testing.T) {
	for _, e := range []metrics.Event{nil, (*metrics.Opened)(nil), (*metrics.Retracted)(nil)} {
		if r := metrics.RecordOf(e); r != (metrics.Record{}) {
			t.Errorf("of %T: %+v", e, r)
		}
		var log metrics.EventLog
		if err := log.Append(e); !errors.Is(err, metrics.ErrKind) || log.Len() != 0 {
			t.Errorf("%T: %v, %d events", e, err, log.Len())
		}
	}
}

// A pointer to an event counts as that event.
func TestRecordOfPointers(t *testing.T) {
	for kind := range uses {
		e, err := full(kind).Event()
		if err != nil {
			t.Fatal(err)
		}
		p := reflect.New(reflect.TypeOf(e))
		p.Elem().Set(reflect.ValueOf(e))
		pointer := p.Interface().(metrics.Event)
		if got := metrics.RecordOf(pointer); got != metrics.RecordOf(e) {
			t.Errorf("%T is %+v", pointer, got)
		}
		c, err := metrics.NewConversation(e, pointer)
		if err != nil || c.Len() != 1 || slices.Collect(c.Events())[0] != e {
			t.Errorf("%T: %v, %d events, want one", pointer, err, c.Len())
		}
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
	if v.NumField() != len(columns) || len(metrics.Record{}.Values()) != len(columns) {
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
	want := "event 2: metrics: event of another conversation: metrics.ReplySent{ID: Conversation:8 At:2026-03-02 09:00:00 +0000 UTC Seq:0 Channel: Agent: By:person}"
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
