package flow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

// TestMergers has a row for each way in which conversation 7 may be merged into
// conversation 8. The numbers follow from the package documentation.
func TestMergers(t *testing.T) {
	type counts = flow.Counts
	messages := func(n int64) metrics.Volume { return metrics.Volume{Messages: n} }
	replied := metrics.Volume{Messages: 1, Replies: 1}
	waiting := []string{"09:00 message", "10:00 merged 8"}
	for _, test := range []struct {
		name         string
		rules        metrics.Rules
		seven, eight []string
		want7, want8 counts
		open7, open8 int64
	}{
		{"into an open one", metrics.Rules{}, waiting, []string{"09:30 message"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1}, counts{Volume: messages(1), Arrivals: 1}, 0, 1},
		{"it reopens a resolved one", metrics.Rules{}, waiting, []string{"08:00 message", "08:30 reply ana", "09:00 resolved"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1},
			counts{Volume: replied, Arrivals: 1, Reopenings: 1, Resolutions: 1, Reopened: 1, FirstReplies: 1}, 0, 1},
		{"but not by the rule", metrics.Rules{ReopenExplicitly: true}, waiting, []string{"08:00 message", "08:30 reply ana", "09:00 resolved"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1},
			counts{Volume: replied, Arrivals: 1, Resolutions: 1, FirstReplies: 1}, 0, 0},
		{"it opens one that was not", metrics.Rules{}, waiting, []string{"08:00 reply ana"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1},
			counts{Volume: metrics.Volume{Replies: 1}, Arrivals: 1, FirstReplies: 1}, 0, 1},
		{"whose customer then wrote first", metrics.Rules{ExcludeTeamFirst: true}, waiting, []string{"11:00 reply ana"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1},
			counts{Volume: metrics.Volume{Replies: 1}, Arrivals: 1, FirstReplies: 1}, 0, 1},
		{"nobody waits any more", metrics.Rules{}, []string{"09:00 message", "09:30 reply ana", "10:00 merged 8"}, []string{"08:00 message", "09:00 resolved"},
			counts{Volume: replied, Arrivals: 1, Moved: 1, FirstReplies: 1},
			counts{Volume: messages(1), Arrivals: 1, Resolutions: 1}, 0, 0},
		{"a hand-off waits", metrics.Rules{}, []string{"09:00 message", "09:01 bot", "09:30 assigned ana", "10:00 merged 8"}, []string{"08:00 message", "09:00 resolved"},
			counts{Volume: metrics.Volume{Messages: 1, Assistant: 1}, Arrivals: 1, Moved: 1, Assignments: 1},
			counts{Volume: messages(1), Arrivals: 1, Reopenings: 1, Resolutions: 1, Reopened: 1}, 0, 1},
		{"at the instant of a resolution it comes before", metrics.Rules{}, waiting, []string{"09:30 message", "10:00 resolved"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1}, counts{Volume: messages(1), Arrivals: 1, Resolutions: 1}, 0, 0},
		{"into one that is discarded", metrics.Rules{}, waiting, []string{"08:00 message", "11:00 discarded"},
			counts{Volume: messages(1), Arrivals: 1}, counts{Discarded: 1}, 1, 0},
		{"into one that was restored", metrics.Rules{}, waiting, []string{"08:00 message", "09:00 discarded", "11:00 reopened"},
			counts{Volume: messages(1), Arrivals: 1, Moved: 1}, counts{Volume: messages(1), Arrivals: 1}, 0, 1},
		{"round in a circle", metrics.Rules{}, waiting, []string{"08:00 message", "11:00 merged 7"},
			counts{Volume: messages(1), Arrivals: 1}, counts{Volume: messages(1), Arrivals: 1}, 1, 1},
		{"into itself", metrics.Rules{}, []string{"09:00 message", "10:00 merged 7"}, []string{"08:00 message"},
			counts{Volume: messages(1), Arrivals: 1}, counts{Volume: messages(1), Arrivals: 1}, 1, 1},
		{"out of one that is discarded", metrics.Rules{}, append(waiting, "11:00 discarded"), []string{"08:00 message", "09:00 resolved"},
			counts{Discarded: 1}, counts{Volume: messages(1), Arrivals: 1, Resolutions: 1}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := append(conversation(t, "7", test.seven...), conversation(t, "8", test.eight...)...)
			series := fed(t, logOf(t, list).Read(test.rules, date(3)), flow.NewSeries(metrics.Facet.Conversation, metrics.Periods{}))
			for _, want := range []struct {
				key  metrics.ConversationID
				n    counts
				open int64
			}{{"7", test.want7, test.open7}, {"8", test.want8, test.open8}} {
				rows := slices.Collect(series.Rows(want.key, date(2), date(3)))
				if len(rows) != 1 || rows[0].Counts != want.n || rows[0].Closing() != want.open {
					t.Errorf("%s: got %+v, want %+v and %d open", want.key, rows, want.n, want.open)
				}
			}
		})
	}
}

// What was retracted never happened, but is known as of an instant before.
func TestRetractedResolution(t *testing.T) {
	at := func(hour, minute int) time.Time {
		return date(2).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "7", At: at(9, 0)},
		metrics.Resolved{Conversation: "7", At: at(10, 0), ID: "x"},
		metrics.ReplySent{Conversation: "7", At: at(10, 0), ID: "x", Agent: "ana"},
		metrics.RatingRequested{Conversation: "7", At: at(10, 0), ID: "y"},
		metrics.Retracted{Conversation: "7", At: at(11, 0), Event: "x"},
	})
	for _, test := range []struct {
		asOf time.Time
		want flow.Counts
		open int64
	}{
		{at(10, 30), flow.Counts{Volume: metrics.Volume{Messages: 1, Replies: 1, RatingRequested: 1}, Arrivals: 1, Resolutions: 1, FirstReplies: 1}, 0},
		{at(12, 0), flow.Counts{Volume: metrics.Volume{Messages: 1, RatingRequested: 1}, Arrivals: 1}, 1},
	} {
		reading := log.Read(metrics.Rules{}, test.asOf)
		series, then := flow.NewSeries(metrics.Whole, metrics.Periods{}), flow.NewBacklog(metrics.Whole, at(10, 15))
		if err := reading.Into(series, then); err != nil {
			t.Fatal(err)
		}
		for row := range series.Total(date(2), date(3)) {
			if row.Counts != test.want || row.Closing() != test.open || then.Total().Count() != test.open {
				t.Errorf("as of %v: %+v, %d open, %d then", test.asOf, row.Counts, row.Closing(), then.Total().Count())
			}
		}
	}
}

// At one instant what changes something comes first, and Seq beats that.
func TestOneInstant(t *testing.T) {
	at := date(2).Add(10 * time.Hour)
	before := []metrics.Event{metrics.MessageReceived{Conversation: "7", At: at.Add(-time.Hour)}}
	resolved, reopened := metrics.Resolved{Conversation: "7", At: at}, metrics.Reopened{Conversation: "7", At: at}
	message, reply := metrics.MessageReceived{Conversation: "7", At: at}, metrics.ReplySent{Conversation: "7", At: at}
	seq := func(e metrics.Event, n int64) metrics.Event {
		r := metrics.RecordOf(e)
		r.Seq = n
		e, _ = r.Event()
		return e
	}
	for name, test := range map[string]struct {
		list []metrics.Event
		open bool
	}{
		"resolved, and reopened":            {[]metrics.Event{reopened, resolved}, true},
		"replied and resolved":              {[]metrics.Event{resolved, reply}, false},
		"answered, and asked again":         {[]metrics.Event{message, reply}, true},
		"asked, and resolved":               {[]metrics.Event{resolved, message}, false},
		"resolved, and asked again, by Seq": {[]metrics.Event{resolved, seq(message, 1)}, true},
		"reopened, and resolved, by Seq":    {[]metrics.Event{seq(resolved, 1), reopened}, false},
	} {
		backlog := fed(t, logOf(t, append(before, test.list...)).Read(metrics.Rules{}, at), flow.NewBacklog(metrics.Whole))
		if open := backlog.Total().Count() == 1; open != test.open {
			t.Errorf("%s: open %v", name, open)
		}
	}
}

// The events of a log are those that are in force, in the order in which they count.
func TestOrderLaws(t *testing.T) {
	properties := laws(t, 3000)
	properties.Property("the log has the events that are known, in order", prop.ForAll(func(steps []step, s setting) string {
		list := eventsOf(steps)
		want := known(list, s.asOf())
		for c := range logOf(t, list).Conversations() {
			got := slices.Collect(c.AsOf(s.asOf()).Records())
			for i := range got {
				got[i].At = got[i].At.UTC()
			}
			if !slices.EqualFunc(got, want[c.ID()], func(a, b metrics.Record) bool {
				same := a.Until.Equal(b.Until)
				a.Until, b.Until = time.Time{}, time.Time{}
				return same && a == b
			}) {
				return fmt.Sprintf("%+v\nwant %+v", got, want[c.ID()])
			}
		}
		return ""
	}, genSteps(), genSetting()))
	properties.TestingRun(t)
}

// An acknowledgement answers nobody, and what is discarded can be restored, though open.
func TestNotIdle(t *testing.T) {
	at := date(2).Add(10 * time.Hour)
	message := metrics.MessageReceived{Conversation: "7", At: at.Add(-time.Hour)}
	for _, test := range []struct {
		earlier metrics.Event
		tied    []metrics.Event
		want    []metrics.Kind
	}{
		{metrics.ReplySent{Conversation: "7", At: at.Add(-time.Minute), By: metrics.ByAutomation},
			[]metrics.Event{metrics.MessageReceived{Conversation: "7", At: at}, metrics.ReplySent{Conversation: "7", At: at}},
			[]metrics.Kind{metrics.KindReplySent, metrics.KindMessageReceived}},
		{metrics.Discarded{Conversation: "7", At: at.Add(-time.Minute)},
			[]metrics.Event{metrics.Discarded{Conversation: "7", At: at}, metrics.Reopened{Conversation: "7", At: at}},
			[]metrics.Kind{metrics.KindReopened, metrics.KindDiscarded}},
	} {
		for c := range logOf(t, append([]metrics.Event{message, test.earlier}, test.tied...)).Conversations() {
			var got []metrics.Kind
			for r := range c.Records() {
				got = append(got, r.Type)
			}
			if !slices.Equal(got[2:], test.want) {
				t.Errorf("%v, want %v", got[2:], test.want)
			}
		}
	}
}

// The shares of replies and answers are of different wholes.
func TestSharesOfReplies(t *testing.T) {
	c := flow.Counts{Volume: metrics.Volume{Messages: 20, Replies: 6, Assistant: 2, Automated: 4}}
	if got, want := c.AutomatedShare(), (stat.Ratio{Part: 6, Whole: 12}); got != want {
		t.Errorf("%v of all replies were not by people, want %v", got, want)
	}
	if got, want := c.AssistantShare(), (stat.Ratio{Part: 2, Whole: 8}); got != want {
		t.Errorf("%v of answers were by assistants, want %v", got, want)
	}
}

// TestSteps sees that at least a tenth of the generated desks have what the meaning of
// events turns on.
func TestSteps(t *testing.T) {
	const desks = 500
	params := gopter.DefaultGenParameters().WithSize(30)
	params.Rng.Seed(1)
	seen := make(map[string]int)
	for range desks {
		value, _ := genSteps()(params).Retrieve()
		list := eventsOf(value.([]step))
		has := make(map[string]bool)
		for _, o := range oracles(list, metrics.Rules{}, instantOf(slots)) {
			for i, h := range o.list {
				earlier := o.list[max(0, i-1)]
				has["a tie"] = has["a tie"] || i > 0 && h.At.Equal(earlier.At) && h.Seq == earlier.Seq
				has["a wait that moved"] = has["a wait that moved"] || h.brought
				has["an assistant"] = has["an assistant"] || isAssistant(h)
				has["a hand-off"] = has["a hand-off"] || h.Type == metrics.KindAssigned && o.after(i+1).waiting && !o.after(i).waiting
				has["a pause with a reason"] = has["a pause with a reason"] || h.Type == metrics.KindPaused && h.For != ""
				has["a conversation given up"] = has["a conversation given up"] || h.Type == metrics.KindAbandoned && o.state(i) == "open"
				has["a restored conversation"] = has["a restored conversation"] || h.Type == metrics.KindReopened && slices.ContainsFunc(o.list[:i], func(h happening) bool { return h.Type == metrics.KindDiscarded })
			}
		}
		for _, e := range list {
			r := metrics.RecordOf(e)
			has["a retraction"] = has["a retraction"] || r.Type == metrics.KindRetracted && slices.ContainsFunc(list, func(e metrics.Event) bool {
				s := metrics.RecordOf(e)
				return s.Conversation == r.Conversation && s.ID == r.Retracts && !s.At.After(r.At) && s.Type != metrics.KindRetracted
			})
		}
		for name, ok := range has {
			if ok {
				seen[name]++
			}
		}
	}
	for _, name := range []string{"a tie", "a wait that moved", "an assistant", "a pause with a reason", "a conversation given up", "a retraction"} {
		if 10*seen[name] < desks {
			t.Errorf("%d of %d desks have %s", seen[name], desks, name)
		}
	}
	t.Log(seen)
}
