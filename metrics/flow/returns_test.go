package flow_test

import (
	"bytes"
	"cmp"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

// A visitor is a conversation in two numbers: when it begins, and all the rest.
type visitor struct {
	Day  int
	Seed int64
}

// gaps are times from one event to the next, some of them exactly a window.
var gaps = []time.Duration{
	0, 1, time.Minute, time.Hour, time.Hour, 20 * time.Hour, 24 * time.Hour, 72 * time.Hour, 72*time.Hour + 1, 7 * 24 * time.Hour,
}

// events returns the events of number n of some conversations.
func (v visitor) events(n, of int) []metrics.Event {
	random := rand.New(rand.NewPCG(uint64(v.Seed), uint64(v.Day)))
	one := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	id := metrics.ConversationID(fmt.Sprint("c", n))
	channel := metrics.Channel(one("", "email", "chat"))
	customer := metrics.CustomerID(one("", "kim", "kim", "lee", "max", "zoe"))
	at := first.AddDate(0, 0, v.Day)
	last := at
	var list []metrics.Event
	// Scripts are what cases are mostly like; each goes on with anything.
	script := strings.Fields(one(
		"message bot resolved", "message bot message bot resolved", "message bot message resolved", "message reply resolved",
		"message bot reply resolved", "message bot", "opened message resolved message", "message reply resolved message bot resolved",
		"message bot resolved", "message bot handled resolved", "message abandoned", "message bot merged", "opened resolved message",
		"message bot abandoned", "opened bot resolved", "opened reply resolved", "message bot resolved now reopened", "message reply resolved now reopened bot", "message merged", "message bot merged", "message reply resolved bot", "message bot resolved message bot resolved", "opened bot",
	))
	for len(script) < 12 && random.IntN(3) > 0 {
		script = append(script, one("message", "message", "bot", "bot", "reply", "resolved", "resolved", "reopened", "assigned", "handled",
			"abandoned", "merged", "automation", "rated", "discarded", "retracted", "end", "end", "end"))
	}
	for _, word := range script {
		if word == "end" {
			break
		}
		if word == "now" {
			at = last
			continue
		}
		seq := int64(random.IntN(20) / 18)
		var e metrics.Event
		switch word {
		case "opened":
			e = metrics.Opened{Conversation: id, At: at, Channel: channel}
		case "message":
			e = metrics.MessageReceived{Conversation: id, At: at, Seq: seq, Channel: channel, Customer: customer}
		case "bot":
			e = metrics.ReplySent{Conversation: id, At: at, Seq: seq, By: metrics.ByAssistant, Agent: metrics.AgentID(one("bot", "bot", "bot", "", "iris"))}
		case "reply":
			e = metrics.ReplySent{Conversation: id, At: at, Seq: seq, Agent: metrics.AgentID(one("ana", "ben", ""))}
		case "automation":
			e = metrics.ReplySent{Conversation: id, At: at, By: metrics.ByAutomation}
		case "resolved":
			by := []metrics.Actor{metrics.ByPerson, metrics.ByAutomation, metrics.ByAutomation, metrics.ByCustomer, metrics.ByCustomer, metrics.ByAssistant}[random.IntN(6)]
			e = metrics.Resolved{ID: "r", Conversation: id, At: at, Seq: seq, By: by, Agent: metrics.AgentID(one("", "ana", "bot"))}
			if random.IntN(8) > 0 {
				e = metrics.Resolved{Conversation: id, At: at, Seq: seq, By: by, Agent: metrics.AgentID(one("", "ana", "bot"))}
			}
		case "reopened":
			e = metrics.Reopened{Conversation: id, At: at, Seq: seq}
		case "assigned":
			e = metrics.Assigned{Conversation: id, At: at, Seq: seq, Agent: metrics.AgentID(one("", "ana", "bot", "bot")), Team: metrics.TeamID(one("", "", "returns"))}
		case "handled":
			e = metrics.Handled{Conversation: id, At: at, Agent: metrics.AgentID(one("", "ana", "bot", "bot")), Took: time.Minute}
		case "abandoned":
			e = metrics.Abandoned{Conversation: id, At: at}
		case "merged":
			e = metrics.Merged{Conversation: id, At: at, Into: metrics.ConversationID(fmt.Sprint("c", random.IntN(of+1)))}
		case "rated":
			e = metrics.RatingGiven{Conversation: id, At: at, Stars: 5}
		case "discarded":
			e = metrics.Discarded{Conversation: id, At: at}
		case "retracted":
			e = metrics.Retracted{Conversation: id, At: at, Event: "r"}
		}
		list, last = append(list, e), at
		at = at.Add(gaps[random.IntN(len(gaps))])
	}
	return list
}

func genVisitors() gopter.Gen {
	return gen.SliceOf(gopter.DeriveGen(
		func(day int, seed int64) visitor { return visitor{day, seed} },
		func(v visitor) (int, int64) { return v.Day, v.Seed },
		gen.IntRange(0, 20), gen.Int64Range(0, 1<<40)))
}

func visits(visitors []visitor) []metrics.Event {
	var list []metrics.Event
	for i, v := range visitors {
		list = append(list, v.events(i, len(visitors))...)
	}
	return list
}

// An asking is how a desk with visitors is asked.
type asking struct{ Rules, Day, Window int }

func genAsking() gopter.Gen {
	return gopter.DeriveGen(
		func(rules, day, window int) asking { return asking{rules, day, window} },
		func(a asking) (int, int, int) { return a.Rules, a.Day, a.Window },
		gen.IntRange(0, 2*2*2*3*3*2-1), gen.IntRange(5, 40), gen.IntRange(0, 5))
}

func (a asking) rules() metrics.Rules {
	d := digits(a.Rules)
	return metrics.Rules{
		ReopenExplicitly: d.below(4) == 1,
		ByStart:          d.below(2) == 1,
		Assistant:        metrics.AssistantReplies(d.below(3)),
		Automation:       metrics.AutomationReplies(d.below(3)),
		ExcludeTeamFirst: d.below(2) == 1,
	}
}

func (a asking) asOf() time.Time { return first.AddDate(0, 0, a.Day) }

func (a asking) within() time.Duration {
	return []time.Duration{1, time.Hour, 24 * time.Hour, flow.AssistantWindow, flow.FirstContactWindow, 1<<63 - 1}[a.Window]
}

// place is the key of the tests: the channel, and the day.
type place struct {
	channel metrics.Channel
	day     string
}

func placeOf(f metrics.Facet) place { return place{f.Channel(), f.At().Format(time.DateOnly)} }

func (c plainCase) place() place { return place{c.channel, c.began.Format(time.DateOnly)} }

// listedReturns returns all that a sink shows.
func listedReturns(tb testing.TB, r *flow.Returns[place], within time.Duration) string {
	text := []string{shownContacts(tb, r.Total(), within), shownContacts(tb, r.Customer("kim"), within), shownContacts(tb, r.Customer(""), within)}
	for key := range r.Keys() {
		text = append(text, fmt.Sprint(key, shownContacts(tb, r.Group(key), within)))
	}
	slices.Sort(text[3:])
	return strings.Join(text, "\n")
}

func shownContacts(tb testing.TB, c flow.Contacts, within time.Duration) string {
	tb.Helper()
	first, err := c.FirstContact(within)
	if err != nil {
		tb.Fatal(err)
	}
	bots, err := c.Assistants(within)
	if err != nil {
		tb.Fatal(err)
	}
	times, err := c.TimeToReturn()
	if err != nil {
		tb.Fatal(err)
	}
	slices.SortFunc(times, compareObservations)
	var cases []string
	for contact := range c.All() {
		cases = append(cases, fmt.Sprint(contact.Conversation, contact.Customer, contact.Wrote, contact.Resolved, contact.Returned, contact.ReturnedIn,
			contact.FirstContact(within), contact.Assistant(within)))
	}
	slices.Sort(cases)
	return fmt.Sprintf("%+v %+v %v %d %v", first, bots, times, c.Count(), cases)
}

func compareObservations(a, b stat.Observation) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), strings.Compare(fmt.Sprint(a.Censored), fmt.Sprint(b.Censored)))
}

func TestReturnsLaws(t *testing.T) {
	properties, compared := laws(t, 500), laws(t, 8000)
	verdicts, outcomes := make(map[string]int), make(map[string]int)
	seen := make(map[string]int) // what only happens now and then
	compared.Property("cases are what the oracle finds", prop.ForAll(func(visitors []visitor, a asking) string {
		list, within := visits(visitors), a.within()
		r := fed(t, a.read(logOf(t, list)), flow.NewReturns(placeOf))
		cases := plainCases(list, a.rules(), a.asOf())
		if text := checkReturns(t, r, cases, within, a.asOf()); text != "" {
			return text
		}
		for c := range r.Total().All() {
			verdicts[c.FirstContact(within).String()]++
			outcomes[c.Assistant(within).String()]++
		}
		for _, c := range cases {
			at, in := back(cases, c, c.resolved, c.reopened)
			if c.resolved.IsZero() {
				continue
			}
			for what, so := range map[string]bool{
				"in the same case":       in == c.id,
				"in another case":        in != c.id && in != "",
				"in one that was merged": slices.ContainsFunc(cases, func(d plainCase) bool { return d.id == in && d.merged }),
				"at the end of a window": at.Equal(c.resolved.Add(within)),
				"at once":                at.Equal(c.resolved),
				"a later Resolved":       !c.assistedUntil.IsZero() && !c.assistedUntil.Equal(c.resolved),
				"written after that":     c.wrote.After(c.resolved),
				"timed out":              c.part == "timed out",
				"without a message":      c.wrote.IsZero(),
			} {
				if so {
					seen[what]++
				}
			}
		}
		return ""
	}, genVisitors(), genAsking()))
	properties.Property("so are those of events of any kind, many at one instant", prop.ForAll(func(steps []step, s setting, hours int) string {
		list, within := eventsOf(steps), time.Duration(hours)*30*time.Minute
		r := fed(t, s.read(logOf(t, list)), flow.NewReturns(placeOf))
		return checkReturns(t, r, plainCases(list, s.rules(), s.asOf()), within, s.asOf())
	}, genSteps(), genSetting(), gen.IntRange(1, 100)))
	properties.Property("parts and any other split merge into the whole", prop.ForAll(func(visitors []visitor, a asking, seed int64, n int) bool {
		reading := a.read(logOf(t, visits(visitors)))
		whole := listedReturns(t, fed(t, reading, flow.NewReturns(placeOf)), a.within())
		parts := fed(t, a.read(new(metrics.EventLog)), flow.NewReturns(placeOf))
		for _, part := range slices.Backward(reading.Parts(n)) {
			merged(t, parts, fed(t, part, flow.NewReturns(placeOf)))
		}
		random := rand.New(rand.NewPCG(uint64(seed), 2))
		split := fed(t, a.read(new(metrics.EventLog)), flow.NewReturns(placeOf))
		others := []*flow.Returns[place]{split, flow.NewReturns(placeOf), flow.NewReturns(placeOf)}
		for _, h := range shuffled(reading, seed) {
			if err := others[random.IntN(3)].Add(h); err != nil {
				t.Fatal(err)
			}
		}
		before := others[1].Total().Count()
		merged(t, split, others[1:]...)
		return listedReturns(t, parts, a.within()) == whole && listedReturns(t, split, a.within()) == whole && others[1].Total().Count() == before
	}, genVisitors(), genAsking(), gen.Int64(), gen.IntRange(1, 5)))
	properties.Property("counts of groups merge into the total, and are read as they were written", prop.ForAll(func(visitors []visitor, a asking) string {
		r := fed(t, a.read(logOf(t, visits(visitors))), flow.NewReturns(placeOf))
		var first flow.FirstContact
		var bots flow.Assistants
		for key := range r.Keys() {
			f, errFirst := r.Group(key).FirstContact(a.within())
			b, errBots := r.Group(key).Assistants(a.within())
			if err := errors.Join(errFirst, errBots, first.Merge(&f), bots.Merge(&b)); err != nil {
				return err.Error()
			}
			if b.Involved() > b.Cases || b.Resolution().Part+b.HandOff().Part+b.Unresolved != b.Resolution().Whole || b.Containment().Part != b.Alone()+b.Unresolved {
				return fmt.Sprintf("%+v", b)
			}
		}
		wantFirst, _ := r.Total().FirstContact(a.within())
		wantBots, _ := r.Total().Assistants(a.within())
		if r.Total().Count() > 0 && (first != wantFirst || bots != wantBots) {
			return fmt.Sprintf("%+v, want %+v\n%+v, want %+v", first, wantFirst, bots, wantBots)
		}
		if err := errors.Join(roundTrip(wantFirst), roundTrip(wantBots)); err != nil {
			return err.Error()
		}
		return ""
	}, genVisitors(), genAsking()))
	properties.Property("what was handed out does not change", prop.ForAll(func(visitors []visitor, a asking) bool {
		r := flow.NewReturns(placeOf)
		var handed []flow.Contacts
		var want []string
		for _, h := range shuffled(a.read(logOf(t, visits(visitors))), 1) {
			fedBy(t, []*metrics.History{h}, r)
			for _, c := range []flow.Contacts{r.Total(), r.Customer("kim"), r.Group(placeOf(h.FacetOfResolution()))} {
				handed, want = append(handed, c), append(want, shownContacts(t, c, a.within()))
			}
		}
		for i, c := range handed {
			if shownContacts(t, c, a.within()) != want[i] {
				return false
			}
		}
		return true
	}, genVisitors(), genAsking()))
	properties.Property("a tracker that closes conversations has the same", prop.ForAll(func(visitors []visitor, a asking) string {
		list := visits(visitors)
		tracker := metrics.NewTracker(a.rules(), func() *flow.Returns[place] { return flow.NewReturns(placeOf) })
		for _, e := range list {
			if err := tracker.Append(e); err != nil {
				return err.Error()
			}
		}
		if _, err := tracker.Close(a.asOf(), nil); err != nil {
			return err.Error()
		}
		asOf := a.asOf().AddDate(0, 0, 30)
		got, err := tracker.AsOf(asOf)
		if err != nil {
			return err.Error()
		}
		want := listedReturns(t, fed(t, logOf(t, list).Read(a.rules(), asOf), flow.NewReturns(placeOf)), a.within())
		if text := listedReturns(t, got, a.within()); text != want {
			return text + "\nwant " + want
		}
		return ""
	}, genVisitors(), genAsking()))
	compared.TestingRun(t)
	properties.TestingRun(t)
	if testing.Short() {
		return
	}
	// Each verdict and each outcome must come often enough to be tried.
	resolved, involved := 0, 0
	for _, name := range []string{"yes", "no", "pending", "pending_returned", "unknown"} {
		resolved += verdicts[name]
	}
	for _, name := range []string{"yes", "no", "pending", "pending_returned", "unknown"} {
		if 20*verdicts[name] < resolved {
			t.Errorf("%d of %d are %s", verdicts[name], resolved, name)
		}
	}
	all := []string{"with_person", "resolved_confirmed", "resolved_assumed", "unresolved", "open", "pending"}
	for _, name := range all {
		involved += outcomes[name]
	}
	for _, name := range all {
		if 20*outcomes[name] < involved {
			t.Errorf("%d of %d are %s", outcomes[name], involved, name)
		}
	}
	for _, what := range []string{
		"in the same case", "in another case", "in one that was merged", "at the end of a window", "at once", "a later Resolved", "written after that",
		"timed out", "without a message",
	} {
		if 500*seen[what] < resolved {
			t.Errorf("%d of %d %s", seen[what], resolved, what)
		}
	}
}

func (a asking) read(log *metrics.EventLog) metrics.Reading { return log.Read(a.rules(), a.asOf()) }

// checkReturns compares all that a sink shows with the oracle.
func checkReturns(tb testing.TB, r *flow.Returns[place], cases []plainCase, within time.Duration, asOf time.Time) string {
	groups := make(map[place][]plainCase)
	var all, kim []plainCase
	for _, c := range cases {
		if c.merged {
			continue
		}
		all = append(all, c)
		groups[c.place()] = append(groups[c.place()], c)
		if c.customer == "kim" {
			kim = append(kim, c)
		}
	}
	if n := len(slices.Collect(r.Keys())); n != len(groups) {
		return fmt.Sprintf("%d groups, want %d", n, len(groups))
	}
	if text := checkContacts(tb, r.Total(), all, cases, within, asOf); text != "" {
		return "total: " + text
	}
	if text := checkContacts(tb, r.Customer("kim"), kim, cases, within, asOf); text != "" {
		return "kim: " + text
	}
	for key, group := range groups {
		if text := checkContacts(tb, r.Group(key), group, cases, within, asOf); text != "" {
			return fmt.Sprint(key, text)
		}
	}
	return ""
}

func checkContacts(tb testing.TB, got flow.Contacts, some, cases []plainCase, within time.Duration, asOf time.Time) string {
	tb.Helper()
	wantFirst, wantBots := plainReturns(some, cases, within, asOf)
	first, errFirst := got.FirstContact(within)
	bots, errBots := got.Assistants(within)
	times, errTimes := got.TimeToReturn()
	if err := errors.Join(errFirst, errBots, errTimes); err != nil {
		return err.Error()
	}
	if first != wantFirst {
		return fmt.Sprintf("%+v\nwant %+v", first, wantFirst)
	}
	if bots != wantBots {
		return fmt.Sprintf("%+v\nwant %+v", bots, wantBots)
	}
	byID := make(map[metrics.ConversationID]plainCase)
	var wantTimes []stat.Observation
	for _, c := range some {
		byID[c.id] = c
		if at, _ := back(cases, c, c.resolved, c.reopened); c.customer != "" && !c.resolved.IsZero() {
			o := stat.Observation{Time: asOf.Sub(c.resolved), Censored: true}
			if !at.IsZero() {
				o = stat.Observation{Time: at.Sub(c.resolved)}
			}
			wantTimes = append(wantTimes, o)
		}
	}
	slices.SortFunc(times, compareObservations)
	slices.SortFunc(wantTimes, compareObservations)
	if !slices.Equal(times, wantTimes) {
		return fmt.Sprint(times, "\nwant ", wantTimes)
	}
	n := 0
	for contact := range got.All() {
		c, ok := byID[contact.Conversation]
		at, in := time.Time{}, metrics.ConversationID("")
		if !c.resolved.IsZero() {
			at, in = back(cases, c, c.resolved, c.reopened)
		}
		outcome, _ := c.assistant(cases, within, asOf)
		if !ok || contact.Customer != c.customer || contact.Wrote != c.wrote || contact.Resolved != c.resolved || contact.Returned != at || contact.ReturnedIn != in ||
			contact.FirstContact(within).String() != c.firstContact(cases, within, asOf) || contact.Assistant(within).String() != outcome {
			return fmt.Sprintf("%+v %v %v\nwant %+v, back %v in %q, %s", contact, contact.FirstContact(within), contact.Assistant(within), c, at, in, outcome)
		}
		n++
	}
	if n != len(some) || got.Count() != int64(n) {
		return fmt.Sprintf("%d cases, want %d", n, len(some))
	}
	return ""
}

type stored interface {
	MarshalBinary() ([]byte, error)
}

// roundTrip writes and reads both forms.
func roundTrip[T interface {
	comparable
	stored
}, P interface {
	*T
	UnmarshalBinary([]byte) error
}](from T) error {
	var a, b T
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	data, err := from.MarshalBinary()
	if err != nil {
		return err
	}
	if err := errors.Join(json.Unmarshal(text, &a), P(&b).UnmarshalBinary(data)); err != nil {
		return err
	}
	if a != from || b != from {
		return fmt.Errorf("%+v and %+v, want %+v", a, b, from)
	}
	return nil
}

// storedContacts are counts with all kinds of cases.
func storedContacts(tb testing.TB) (flow.FirstContact, flow.Assistants) {
	tb.Helper()
	all := fed(tb, read(returning).Read(metrics.Rules{}, date(20)), flow.NewReturns(metrics.Whole)).Total()
	first, errFirst := all.FirstContact(flow.FirstContactWindow)
	bots, errBots := all.Assistants(flow.AssistantWindow)
	if err := errors.Join(errFirst, errBots); err != nil {
		tb.Fatal(err)
	}
	return first, bots
}

func TestContactForms(t *testing.T) {
	first, bots := storedContacts(t)
	var text, binaries bytes.Buffer
	for _, from := range []stored{flow.FirstContact{}, first, flow.Assistants{}, bots} {
		line, err := json.Marshal(from)
		if err != nil {
			t.Fatal(err)
		}
		data, err := from.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(line, '\n'))
		binaries.WriteString(hex.EncodeToString(data) + "\n")
	}
	for name, got := range map[string]string{"testdata/returns.jsonl": text.String(), "testdata/returns.hex": binaries.String()} {
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(name); err != nil || string(want) != got {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	if err := errors.Join(roundTrip(flow.FirstContact{}), roundTrip(flow.Assistants{})); err != nil {
		t.Error(err)
	}
}

func TestContactFormsRefused(t *testing.T) {
	first, bots := storedContacts(t)
	asOf := date(20)
	data, _ := first.MarshalBinary()
	whole, _ := bots.MarshalBinary()
	for name, from := range map[string][]byte{
		"nothing":                       {},
		"another version":               append([]byte{9}, data[1:]...),
		"cut":                           data[:len(data)-1],
		"too long":                      append(slices.Clone(data), 0),
		"a nanosecond of two seconds":   {1, 0, 0x80, 0x94, 0xeb, 0xdc, 3, 1, 0, 0, 0, 0, 0, 0, 0},
		"a count that is too large":     append(slices.Repeat([]byte{0xff}, 0), append(append([]byte{1, 0, 0, 1}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), 0, 0, 0, 0, 0, 0)...),
		"a window that is too large":    append(append([]byte{1, 0, 0}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), 0, 0, 0, 0, 0, 0, 0),
		"more early returns than cases": binaryContact(t, flow.FirstContact{AsOf: asOf, Within: 1, Pending: 1, PendingReturned: 2}),
		"more issues than cases":        binaryContact(t, flow.FirstContact{AsOf: asOf, Within: 1, Resolved: 1, Issues: stat.Ratio{Part: 2, Whole: 2}}),
		"more issues than returns":      binaryContact(t, flow.FirstContact{AsOf: asOf, Within: 1, Resolved: 1, Issues: stat.Ratio{Part: 1, Whole: 2}}),
		"more resolved than issues":     binaryContact(t, flow.FirstContact{AsOf: asOf, Within: 1, Resolved: 2, Issues: stat.Ratio{Part: 2, Whole: 1}}),
	} {
		f := first
		if err := f.UnmarshalBinary(from); !errors.Is(err, flow.ErrContacts) || f != first {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, from := range map[string][]byte{
		"cut":                           whole[:len(whole)-1],
		"more outcomes than cases":      binaryContact(t, flow.Assistants{AsOf: asOf, Within: 1, Cases: 5, WithPerson: 1, Confirmed: 1, Assumed: 1, Unresolved: 1, Open: 1, Pending: 1}),
		"more unknown than resolved":    binaryContact(t, flow.Assistants{AsOf: asOf, Within: 1, Cases: 1, Assumed: 1, Unknown: 2}),
		"more early returns than cases": binaryContact(t, flow.Assistants{AsOf: asOf, Within: 1, Cases: 9, Pending: 1, PendingReturned: 2}),
	} {
		b := bots
		if err := b.UnmarshalBinary(from); !errors.Is(err, flow.ErrContacts) || b != bots {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func binaryContact(tb testing.TB, from stored) []byte {
	tb.Helper()
	data, err := from.MarshalBinary()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// TestWhatCannotBeAsked has windows that are not positive, and what does not know who
// came back.
func TestWhatCannotBeAsked(t *testing.T) {
	log := read(returning)
	ask := func(c flow.Contacts, within time.Duration) []error {
		_, errFirst := c.FirstContact(within)
		_, errBots := c.Assistants(within)
		return []error{errFirst, errBots}
	}
	all := fed(t, log.Read(metrics.Rules{}, date(20)), flow.NewReturns(metrics.Whole)).Total()
	for _, within := range []time.Duration{0, -1} {
		for _, err := range append(ask(all, within), ask(flow.Contacts{}, within)...) {
			if !errors.Is(err, flow.ErrWindow) {
				t.Errorf("within %v: %v", within, err)
			}
		}
		for c := range all.All() {
			if c.FirstContact(within) != flow.ContactNone || c.Assistant(within) != flow.AssistantNone {
				t.Errorf("within %v: %v, %v", within, c.FirstContact(within), c.Assistant(within))
			}
		}
	}
	settled := fed(t, log.Read(metrics.Rules{}, date(20)).Settled(), flow.NewReturns(metrics.Whole))
	_, errTimes := settled.Total().TimeToReturn()
	for _, err := range append(ask(settled.Group(""), 1), append(ask(settled.Total(), 1), errTimes)...) {
		if !errors.Is(err, metrics.ErrOtherTerms) {
			t.Errorf("settled: %v", err)
		}
	}
	if settled.Total().Count() == 0 {
		t.Error("nothing is settled")
	}
	// Together with the rest, as of a later instant, it knows.
	var live metrics.EventLog
	for c := range log.Conversations() {
		if h := c.Read(metrics.Rules{}, date(20)); h.IsOpen() {
			for e := range c.Events() {
				if err := live.Append(e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	want, _ := fed(t, log.Read(metrics.Rules{}, date(25)), flow.NewReturns(metrics.Whole)).Total().FirstContact(flow.FirstContactWindow)
	merged(t, settled, fed(t, live.Read(metrics.Rules{}, date(25)), flow.NewReturns(metrics.Whole)))
	if got, err := settled.Total().FirstContact(flow.FirstContactWindow); err != nil || got != want {
		t.Errorf("%+v, want %+v: %v", got, want, err)
	}
}

func TestContactsMergeRefused(t *testing.T) {
	first, bots := storedContacts(t)
	wantFirst, wantBots := first, bots
	for _, other := range []flow.FirstContact{{AsOf: first.AsOf, Within: 1}, {AsOf: first.AsOf.Add(1), Within: first.Within}} {
		if err := first.Merge(&other); !errors.Is(err, flow.ErrUnlike) || first != wantFirst {
			t.Error(err)
		}
	}
	for _, other := range []flow.Assistants{{AsOf: bots.AsOf, Within: 1}, {AsOf: bots.AsOf.Add(1), Within: bots.Within}} {
		if err := bots.Merge(&other); !errors.Is(err, flow.ErrUnlike) || bots != wantBots {
			t.Error(err)
		}
	}
	if err := errors.Join(first.Merge(&flow.FirstContact{}), bots.Merge(&flow.Assistants{})); err != nil || first != wantFirst || bots != wantBots {
		t.Error(err)
	}
	r := fed(t, read(returning).Read(metrics.Rules{}, date(20)), flow.NewReturns(metrics.Whole))
	if err := r.Merge(r); !errors.Is(err, metrics.ErrTwice) {
		t.Error(err)
	}
	later := fed(t, read(returning).Read(metrics.Rules{}, date(21)), flow.NewReturns(metrics.Whole))
	if err := r.Merge(later); !errors.Is(err, metrics.ErrOtherTerms) {
		t.Error(err)
	}
	for h := range read(returning).Read(metrics.Rules{}, date(21)).Histories() {
		if err := r.Add(h); !errors.Is(err, metrics.ErrOtherTerms) {
			t.Error(err)
		}
	}
	if got, _ := r.Total().FirstContact(flow.FirstContactWindow); got != wantFirst {
		t.Errorf("%+v, want %+v", got, wantFirst)
	}
}

// TestZeroReturns has zero values, which are empty and usable.
func TestZeroReturns(t *testing.T) {
	var r flow.Returns[string]
	for name, c := range map[string]flow.Contacts{"zero": {}, "total": r.Total(), "group": r.Group("x"), "customer": r.Customer("kim")} {
		first, errFirst := c.FirstContact(1)
		bots, errBots := c.Assistants(1)
		times, errTimes := c.TimeToReturn()
		if err := errors.Join(errFirst, errBots, errTimes); err != nil {
			t.Error(name, err)
		}
		if first != (flow.FirstContact{Within: 1}) || bots != (flow.Assistants{Within: 1}) || len(times) != 0 || c.Count() != 0 || len(slices.Collect(c.All())) != 0 {
			t.Error(name, first, bots, times)
		}
	}
	if _, ok := (flow.FirstContact{}).Interval(0.95); ok || len(slices.Collect(r.Keys())) != 0 {
		t.Error("an interval of nothing")
	}
	var contact flow.Contact
	if contact.FirstContact(1) != flow.ContactNone || contact.Assistant(1) != flow.AssistantNone {
		t.Error("the zero Contact counts")
	}
	fed(t, read(returning).Read(metrics.Rules{}, date(20)), &r)
	if want, _ := storedContacts(t); len(slices.Collect(r.Keys())) != 1 {
		t.Error("keys")
	} else if got, err := r.Group("").FirstContact(flow.FirstContactWindow); err != nil || got != want {
		t.Error(got, err)
	}
}

func TestContactTexts(t *testing.T) {
	first, bots := storedContacts(t)
	for _, text := range []struct{ got, want string }{
		{first.String(), "2 of 4 at first contact, 50.0 %, 2 pending, 1 unknown"},
		{flow.FirstContact{Pending: 2}.String(), "none decided, 2 pending"},
		{bots.String(), "2 of 5 resolved alone, 40.0 %, 2 with a person, 1 unresolved, 1 open, 1 pending"},
		{flow.Assistants{Open: 1}.String(), "none decided, 1 open"},
	} {
		if text.got != text.want {
			t.Errorf("%q, want %q", text.got, text.want)
		}
	}
	if iv, ok := first.Interval(0.95); !ok || iv.Method != stat.Wilson || iv.Estimate != 0.5 || !(iv.Low > 0.14 && iv.Low < 0.16) {
		t.Error(iv, ok)
	}
	for i, name := range []string{"none", "yes", "no", "pending", "pending_returned", "unknown"} {
		checkEnum(t, flow.FirstContactVerdict(i), name)
	}
	for i, name := range []string{"not_involved", "with_person", "resolved_confirmed", "resolved_assumed", "unresolved", "open", "pending"} {
		checkEnum(t, flow.AssistantOutcome(i), name)
	}
}

// checkEnum checks the text form of a value.
func checkEnum[E interface {
	comparable
	fmt.Stringer
	MarshalText() ([]byte, error)
	Value() (driver.Value, error)
}](t *testing.T, e E, name string) {
	t.Helper()
	text, err := e.MarshalText()
	value, errValue := e.Value()
	if err != nil || errValue != nil || string(text) != name || value != name || e.String() != name {
		t.Errorf("%q, %v, %q, want %q", text, value, e, name)
	}
	var read, scanned E
	err = any(&read).(interface{ UnmarshalText([]byte) error }).UnmarshalText(text)
	errScan := any(&scanned).(interface{ Scan(any) error }).Scan(name)
	if err != nil || errScan != nil || read != e || scanned != e {
		t.Errorf("%q is read as %v, %v: %v, %v", name, read, scanned, err, errScan)
	}
	if err := any(&read).(interface{ UnmarshalText([]byte) error }).UnmarshalText([]byte("nonsense")); err == nil || !strings.Contains(err.Error(), `"nonsense"`) {
		t.Error(err)
	}
}
