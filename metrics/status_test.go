package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// deskStates says what the statuses of a made-up source mean.
var deskStates = map[string]metrics.State{
	"New":             metrics.StateOpen,
	"In Progress":     metrics.StateOpen,
	"Awaiting User":   metrics.StateWaitingForCustomer,
	"Awaiting Vendor": metrics.StateWaitingForOthers,
	"Awaiting Parts":  metrics.StateWaitingForOthers,
	"Resolved":        metrics.StateResolved,
	"Closed":          metrics.StateClosed,
}

var statusStart = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// statusRow returns a row of ticket 7, so many minutes after the start.
func statusRow(minute int, status string) metrics.StatusRow {
	return metrics.StatusRow{Conversation: "7", At: statusStart.Add(time.Duration(minute) * time.Minute), Status: status}
}

// fromStatuses collects what FromStatuses yields, and checks that nothing comes of an
// error.
func fromStatuses(t *testing.T, rows []metrics.StatusRow, states map[string]metrics.State) (events []metrics.Event, errs []error) {
	t.Helper()
	for e, err := range metrics.FromStatuses(rows, states) {
		if (e == nil) == (err == nil) {
			t.Errorf("event %v with error %v", e, err)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		events = append(events, e)
	}
	return events, errs
}

func TestFromStatuses(t *testing.T) {
	type rows = []metrics.StatusRow
	for name, tt := range map[string]struct {
		rows rows
		want string // minute, Seq and event
	}{
		"nothing": {nil, ""},
		"a life": {
			rows{statusRow(0, "New"), statusRow(5, "In Progress"), statusRow(20, "Awaiting User"), statusRow(50, "In Progress"), statusRow(60, "Resolved"), statusRow(90, "Closed")},
			"0.0 opened, 20.0 paused customer, 50.0 resumed, 60.0 resolved",
		},
		"from one hold to another": {
			rows{statusRow(0, "New"), statusRow(1, "Awaiting User"), statusRow(2, "Awaiting Vendor"), statusRow(3, "Awaiting Parts"), statusRow(4, "Awaiting User")},
			"0.0 opened, 1.0 paused customer, 2.0 resumed, 2.1 paused third_party, 4.0 resumed, 4.1 paused customer",
		},
		"resolved on hold": {
			rows{statusRow(0, "New"), statusRow(1, "Awaiting User"), statusRow(2, "Closed")},
			"0.0 opened, 1.0 paused customer, 2.0 resumed, 2.1 resolved",
		},
		"reopened": {
			rows{statusRow(0, "New"), statusRow(1, "Resolved"), statusRow(2, "In Progress"), statusRow(3, "Closed"), statusRow(4, "New")},
			"0.0 opened, 1.0 resolved, 2.0 reopened, 3.0 resolved, 4.0 reopened",
		},
		"reopened on hold": {
			rows{statusRow(0, "New"), statusRow(1, "Closed"), statusRow(2, "Awaiting Vendor"), statusRow(3, "New")},
			"0.0 opened, 1.0 resolved, 2.0 reopened, 2.1 paused third_party, 3.0 resumed",
		},
		"closed before resolved": {
			rows{statusRow(0, "New"), statusRow(1, "Closed"), statusRow(2, "Resolved"), statusRow(3, "Closed")},
			"0.0 opened, 1.0 resolved",
		},
		"first seen on hold": {rows{statusRow(3, "Awaiting User")}, "3.0 opened, 3.1 paused customer"},
		"first seen closed":  {rows{statusRow(3, "Closed"), statusRow(4, "Resolved")}, "3.0 opened, 3.1 resolved"},
		"one status all the time": {
			rows{statusRow(0, "New"), statusRow(0, "New"), statusRow(1, "New"), statusRow(2, "In Progress")}, "0.0 opened",
		},
		"in any order": {
			rows{statusRow(60, "Resolved"), statusRow(0, "New"), statusRow(20, "Awaiting User")},
			"0.0 opened, 20.0 paused customer, 60.0 resumed, 60.1 resolved",
		},
		"all in a minute": {
			rows{statusRow(0, "New"), statusRow(0, "Awaiting User"), statusRow(0, "New"), statusRow(0, "Closed"), statusRow(0, "New"), statusRow(0, "Closed")},
			"0.0 opened, 0.1 paused customer, 0.2 resumed, 0.3 resolved, 0.4 reopened, 0.5 resolved",
		},
		"an instant in two zones": {
			rows{statusRow(0, "New"), {Conversation: "7", At: statusStart.In(time.FixedZone("", 3600)), Status: "Awaiting User"}},
			"0.0 opened, 0.1 paused customer",
		},
	} {
		events, errs := fromStatuses(t, tt.rows, deskStates)
		got := ""
		for i, e := range events {
			r := metrics.RecordOf(e)
			if i > 0 {
				got += ", "
			}
			got += fmt.Sprintf("%d.%d %v", int(r.At.Sub(statusStart).Minutes()), r.Seq, r.Type)
			if r.For != "" {
				got += " " + r.For
			}
			if r.Conversation != "7" {
				t.Errorf("%s: an event of %q", name, r.Conversation)
			}
		}
		if got != tt.want || len(errs) > 0 {
			t.Errorf("%s:\n\tgot  %s, %v\n\twant %s", name, got, errs, tt.want)
		}
	}
}

func TestFromStatusesRefuses(t *testing.T) {
	rows := []metrics.StatusRow{
		statusRow(0, "New"),
		statusRow(1, "Awaiting Godot"),
		statusRow(2, "Resolved"),
		statusRow(3, ""),
		{At: statusStart.Add(4 * time.Minute), Status: "New"},
		{Conversation: "7", Status: "New"},
		{Conversation: "7", At: time.Unix(-1, 0), Status: "New"},
		{Conversation: "\xff", At: statusStart, Status: "New"},
		statusRow(5, "Undecided"),
		statusRow(6, "Beyond"),
		{At: statusStart, Status: "Awaiting Godot"},
	}
	states := map[string]metrics.State{"New": metrics.StateOpen, "Resolved": metrics.StateResolved, "Undecided": 0, "Beyond": metrics.StateClosed + 1}
	events, errs := fromStatuses(t, rows, states)
	if len(events) != 2 || !reflect.DeepEqual(events[1], metrics.Resolved{Conversation: "7", At: statusStart.Add(2 * time.Minute)}) {
		t.Errorf("the rows between: %v", events)
	}
	want := map[int]error{
		1: metrics.ErrStatus, 3: metrics.ErrStatus, 4: metrics.ErrNoConversation, 5: metrics.ErrNoTime, 6: metrics.ErrTime, 7: metrics.ErrText, 8: metrics.ErrStatus,
		9: metrics.ErrStatus, 10: metrics.ErrNoConversation,
	}
	if len(errs) != len(want) {
		t.Errorf("%d errors: %v", len(errs), errs)
	}
	for _, err := range errs {
		var refused *metrics.StatusError
		if !errors.As(err, &refused) {
			t.Fatalf("%T: %v", err, err)
		}
		if !errors.Is(err, want[refused.Index]) || refused.Row != rows[refused.Index] {
			t.Errorf("row %d: %v", refused.Index, err)
		}
	}
	_, errs = fromStatuses(t, rows[:2], states)
	if got, want := fmt.Sprint(errs), `[row 1: metrics: status without a state: status "Awaiting Godot" of conversation "7" at 2026-03-02 09:01:00 +0000 UTC]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, errs := fromStatuses(t, rows[:1], nil); len(errs) != 1 || !errors.Is(errs[0], metrics.ErrStatus) {
		t.Errorf("without states: %v", errs)
	}
	for range metrics.FromStatuses(rows, states) {
		break // a loop may end at any time
	}
	n := 0
	for _, err := range metrics.FromStatuses(rows, states) {
		if n++; err == nil {
			break
		}
	}
	if n != 3 { // those without an instant and of 1969 come first
		t.Errorf("the first event after %d results", n)
	}
}

func TestStateText(t *testing.T) {
	var states map[string]metrics.State
	if err := json.Unmarshal([]byte(`{"Pending": "waiting_for_customer", "On hold": "waiting_for_others", "Solved": "resolved"}`), &states); err != nil ||
		states["Pending"] != metrics.StateWaitingForCustomer || states["On hold"] != metrics.StateWaitingForOthers || states["Solved"] != metrics.StateResolved {
		t.Errorf("%v, %v", states, err)
	}
	if err := json.Unmarshal([]byte(`{"Pending": "pending"}`), &states); err == nil {
		t.Error("pending is no state")
	}
	for s := metrics.State(0); s <= metrics.StateClosed; s++ {
		text, err := s.MarshalText()
		var again, scanned metrics.State
		if err != nil || again.UnmarshalText(text) != nil || again != s || string(text) != s.String() {
			t.Errorf("%d is written as %q and read as %d, %v", s, text, again, err)
		}
		if v, err := s.Value(); err != nil || scanned.Scan(v) != nil || scanned != s {
			t.Errorf("%v in a database: %v, %v, %v", s, v, err, scanned)
		}
	}
	if _, err := metrics.State(9).MarshalText(); err == nil || metrics.State(9).String() != "State(9)" {
		t.Errorf("state 9: %v, %v", metrics.State(9), err)
	}
}

// statusNames are the statuses of deskStates in a fixed order.
var statusNames = []string{"New", "In Progress", "Awaiting User", "Awaiting Vendor", "Awaiting Parts", "Resolved", "Closed"}

// statusRows makes rows of three tickets of whole seconds, with many ties, and none of
// them below 0 or above 240.
func statusRows(numbers []int64) []metrics.StatusRow {
	rows := make([]metrics.StatusRow, len(numbers))
	for i, n := range numbers {
		u := uint64(n)
		at := u / 21 % 240
		if u%2 == 0 {
			at -= at % 40
		}
		rows[i] = metrics.StatusRow{
			Conversation: metrics.ConversationID(rune('a' + u%3)),
			At:           statusStart.Add(time.Duration(at) * time.Second),
			Status:       statusNames[u/3%7],
		}
	}
	return rows
}

// A statusLife is a ticket as its rows tell it.
type statusLife struct {
	first, full, active  int // seconds; of what is not known 0
	resolved, open       bool
	reopens              int
	onCustomer, onOthers int // seconds
}

// lifeBySecond looks at a ticket every second up to asOf.
func lifeBySecond(rows []metrics.StatusRow, asOf int) statusLife {
	rows = slices.Clone(rows)
	second := func(r metrics.StatusRow) int { return int(r.At.Sub(statusStart) / time.Second) }
	slices.SortStableFunc(rows, func(a, b metrics.StatusRow) int { return second(a) - second(b) })
	over := func(status string) bool { return status == "Resolved" || status == "Closed" }
	hold := func(status string) bool { return len(status) > 8 && status[:8] == "Awaiting" }
	var life statusLife
	ended := 0 // the second of the last Resolved
	for i, r := range rows {
		if second(r) > asOf {
			break
		}
		life.open = !over(r.Status)
		if over(r.Status) && (i == 0 || !over(rows[i-1].Status)) {
			ended = second(r)
			if !life.resolved {
				life.resolved = true
				for s := second(rows[0]); s < ended; s++ {
					if !hold(statusAt(rows, s, second)) {
						life.first++
					}
				}
			}
		}
		if i > 0 && over(rows[i-1].Status) && !over(r.Status) {
			life.reopens++
		}
	}
	for s := second(rows[0]); s < asOf; s++ {
		status := statusAt(rows, s, second)
		switch {
		case status == "Awaiting User":
			life.onCustomer++
		case hold(status):
			life.onOthers++
		case s < ended:
			life.full++
			if !over(status) {
				life.active++
			}
		}
	}
	if life.open {
		life.full, life.active = 0, 0
	}
	return life
}

// statusAt returns the status during the second that begins at s.
func statusAt(rows []metrics.StatusRow, s int, second func(metrics.StatusRow) int) (status string) {
	for _, r := range rows {
		if second(r) <= s {
			status = r.Status
		}
	}
	return status
}

// lifeOf returns the same from the history of the events.
func lifeOf(h *metrics.History) statusLife {
	seconds := func(d time.Duration) int { return int(d / time.Second) }
	var life statusLife
	first, resolved := h.FirstResolution(nil)
	full, _ := h.FullResolution(nil)
	active, _ := h.ActiveTime(nil)
	life.first, life.full, life.active, life.resolved = seconds(first), seconds(full), seconds(active), resolved
	life.open, life.reopens = h.IsOpen(), h.Reopens()
	all := h.OnHold(nil, metrics.AnyReason)
	life.onCustomer = seconds(h.OnHold(nil, metrics.HoldReasons(metrics.ForCustomer)))
	life.onOthers = seconds(all) - life.onCustomer
	return life
}

func TestFromStatusesLaws(t *testing.T) {
	properties := laws(t, 1500)
	numbers := gen.SliceOf(gen.Int64())
	property := func(name string, holds func(rows []metrics.StatusRow, random *rand.Rand) bool) {
		properties.Property(name, prop.ForAll(func(numbers []int64, order int64) bool {
			return holds(statusRows(numbers), rand.New(rand.NewPCG(uint64(order), 1)))
		}, numbers, gen.Int64()))
	}
	of := func(rows []metrics.StatusRow, c metrics.ConversationID) []metrics.StatusRow {
		return slices.DeleteFunc(slices.Clone(rows), func(r metrics.StatusRow) bool { return r.Conversation != c })
	}
	events := func(rows []metrics.StatusRow) []metrics.Event {
		list, errs := fromStatuses(t, rows, deskStates)
		if len(errs) > 0 {
			t.Error(errs)
		}
		return list
	}
	property("the figures are those of somebody who looks every second", func(rows []metrics.StatusRow, random *rand.Rand) bool {
		var log metrics.EventLog
		list := events(rows)
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, e := range list {
			if err := log.Append(e); err != nil {
				t.Error(err)
			}
		}
		asOf := random.IntN(280)
		for h := range log.Read(metrics.Rules{}, statusStart.Add(time.Duration(asOf)*time.Second)).Histories() {
			if got, want := lifeOf(h), lifeBySecond(of(rows, h.Conversation().ID()), asOf); got != want {
				t.Logf("%s as of %d:\n\tgot  %+v\n\twant %+v\n\t%v", h.Conversation().ID(), asOf, got, want, of(rows, h.Conversation().ID()))
				return false
			}
		}
		return true
	})
	property("no event is idle, and the log keeps their order", func(rows []metrics.StatusRow, _ *rand.Rand) bool {
		list := events(rows)
		for _, c := range []metrics.ConversationID{"a", "b", "c"} {
			own := slices.DeleteFunc(slices.Clone(list), func(e metrics.Event) bool { return metrics.RecordOf(e).Conversation != c })
			conversation, err := metrics.NewConversation(own...)
			if err != nil || !reflect.DeepEqual(slices.Collect(conversation.Events()), own) && len(own) > 0 {
				return false
			}
			open, hold, begun := false, false, false
			for _, e := range own {
				switch e.(type) {
				case metrics.Opened:
					if begun {
						return false
					}
					begun, open = true, true
				case metrics.Reopened:
					if open {
						return false
					}
					open = true
				case metrics.Paused:
					if hold || !open {
						return false
					}
					hold = true
				case metrics.Resumed:
					if !hold {
						return false
					}
					hold = false
				case metrics.Resolved:
					if !open || hold {
						return false
					}
					open = false
				}
			}
		}
		return slices.IsSortedFunc(list, func(a, b metrics.Event) int { return metrics.RecordOf(a).At.Compare(metrics.RecordOf(b).At) })
	})
	property("a ticket does not depend on the others, and the order of rows matters at one instant only", func(rows []metrics.StatusRow, random *rand.Rand) bool {
		// Rows in another order, but for those of one instant and ticket.
		other := slices.Clone(rows)
		random.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		type place struct {
			c  metrics.ConversationID
			at time.Time
		}
		tied := make(map[place][]metrics.StatusRow)
		for _, r := range rows {
			tied[place{r.Conversation, r.At}] = append(tied[place{r.Conversation, r.At}], r)
		}
		for i, r := range other {
			p := place{r.Conversation, r.At}
			other[i], tied[p] = tied[p][0], tied[p][1:]
		}
		var apart []metrics.Event
		for _, c := range []metrics.ConversationID{"a", "b", "c"} {
			apart = append(apart, events(of(rows, c))...)
		}
		sorted := func(list []metrics.Event) []metrics.Event {
			slices.SortStableFunc(list, func(a, b metrics.Event) int {
				return int(metrics.RecordOf(a).Conversation[0]) - int(metrics.RecordOf(b).Conversation[0])
			})
			return list
		}
		return reflect.DeepEqual(sorted(events(other)), sorted(apart)) && reflect.DeepEqual(sorted(events(rows)), sorted(apart))
	})
	property("a status that is repeated, or unknown, changes nothing", func(rows []metrics.StatusRow, random *rand.Rand) bool {
		var more []metrics.StatusRow
		unknown := 0
		for _, r := range rows {
			if random.IntN(3) == 0 {
				more = append(more, metrics.StatusRow{Conversation: r.Conversation, At: r.At, Status: "Unknown"})
				unknown++
			}
			more = append(more, r)
			if random.IntN(3) == 0 {
				more = append(more, r)
			}
		}
		list, errs := fromStatuses(t, more, deskStates)
		return reflect.DeepEqual(list, events(rows)) && len(errs) == unknown
	})
	property("statuses of one state are the same", func(rows []metrics.StatusRow, _ *rand.Rand) bool {
		same := map[string]string{"In Progress": "New", "Awaiting Parts": "Awaiting Vendor", "Closed": "Resolved"}
		others := slices.Clone(rows)
		for i, r := range others {
			if name, ok := same[r.Status]; ok {
				others[i].Status = name
			}
		}
		return reflect.DeepEqual(events(others), events(rows))
	})
	properties.TestingRun(t)
}
