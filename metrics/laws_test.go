package metrics_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// shuffled returns the events in another order, in which the versions of one
// event are in the order in which they were.
func shuffled(list []metrics.Event, seed int64) []metrics.Event {
	type version struct {
		conversation metrics.ConversationID
		id           metrics.EventID
	}
	versions := make(map[version][]metrics.Event)
	of := func(e metrics.Event) version {
		r := metrics.RecordOf(e)
		return version{r.Conversation, r.ID}
	}
	for _, e := range list {
		versions[of(e)] = append(versions[of(e)], e)
	}
	list = slices.Clone(list)
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for i, e := range list {
		if v := of(e); v.id != "" {
			list[i], versions[v] = versions[v][0], versions[v][1:]
		}
	}
	return list
}

// view is all that a log and its breakdown by everything show as of an instant.
func view(log *metrics.EventLog, rules metrics.Rules, asOf int64) string {
	var b bytes.Buffer
	var conversations []string
	for c := range log.Conversations() {
		c = c.AsOf(time.Unix(0, asOf))
		if c.Len() == 0 {
			continue
		}
		text := fmt.Sprint(c.ID(), c.Len())
		for e := range c.Events() {
			text += fmt.Sprintf(" %T%+v", e, e)
		}
		conversations = append(conversations, text)
	}
	slices.Sort(conversations)
	fmt.Fprintln(&b, conversations)
	by := added(log, rules, asOf, keyOf)
	var groups []string
	for k := range by.Keys() {
		groups = append(groups, fmt.Sprintf("%+v %s", k, binaryOf(by.Group(k))))
	}
	slices.Sort(groups)
	fmt.Fprintln(&b, groups)
	return b.String()
}

func binaryOf(f *metrics.Figures) string {
	b, err := f.MarshalBinary()
	return fmt.Sprintf("%x %v", b, err)
}

func TestLogLaws(t *testing.T) {
	properties := laws(t, 800)
	properties.Property("the order of input does not matter", prop.ForAll(func(steps []step, rules int, asOf, order int64) bool {
		list, r := events(steps, false), rulesOf(rules)
		a, b := logOf(t, list), logOf(t, shuffled(list, order))
		return view(a, r, asOf) == view(b, r, asOf) && a.Len() == b.Len() && a.Duplicates() == b.Duplicates()
	}, genSteps(), genRules(), genAt(), gen.Int64()))
	properties.Property("figures as of an instant ignore the future, edited versions included", prop.ForAll(func(steps []step, rules int, asOf int64) bool {
		list, r := events(steps, false), rulesOf(rules)
		past := slices.DeleteFunc(slices.Clone(list), func(e metrics.Event) bool {
			return metrics.RecordOf(e).At.UnixNano() > asOf
		})
		return view(logOf(t, list), r, asOf) == view(logOf(t, past), r, asOf)
	}, genSteps(), genRules(), genAt()))
	properties.Property("a log that is read between the deliveries is no other", prop.ForAll(func(steps []step, rules int, asOf, reads int64) bool {
		list, r := events(steps, false), rulesOf(rules)
		log := new(metrics.EventLog)
		for _, e := range list {
			if reads&1 != 0 {
				log.Len()
			}
			reads >>= 1
			if log.Append(e) != nil {
				return false
			}
		}
		return view(log, r, asOf) == view(logOf(t, list), r, asOf)
	}, genSteps(), genRules(), genAt(), gen.Int64()))
	properties.Property("deliveries that repeat change nothing", prop.ForAll(func(steps []step, rules int, asOf int64) bool {
		list, r := events(steps, false), rulesOf(rules)
		once, twice := logOf(t, list), logOf(t, append(slices.Clone(list), list...))
		return view(once, r, lastInstant) == view(twice, r, lastInstant) && once.Len() == twice.Len() &&
			twice.Duplicates() == once.Duplicates()+len(list)
	}, genSteps(), genRules(), genAt()))
	properties.Property("the location of instants does not matter", prop.ForAll(func(steps []step, rules int, asOf int64, hours int) bool {
		list, r := events(steps, false), rulesOf(rules)
		zone := time.FixedZone("away", hours*3600)
		away := make([]metrics.Event, len(list))
		for i, e := range list {
			record := metrics.RecordOf(e)
			record.At = record.At.In(zone)
			var err error
			if away[i], err = record.Event(); err != nil {
				return false
			}
		}
		return view(logOf(t, list), r, asOf) == view(logOf(t, away), r, asOf)
	}, genSteps(), genRules(), genAt(), gen.IntRange(-12, 14)))
	properties.Property("a shift in time shifts the figures and no more", prop.ForAll(func(steps []step, rules int, asOf, periods int64) bool {
		r := rulesOf(rules)
		shift := 15 * periods // whole periods of the test calendars
		later := slices.Clone(steps)
		for i := range later {
			steps[i].At %= 1 << 40
			later[i].At = steps[i].At + shift
		}
		asOf %= 1 << 40
		a := added(logOf(t, events(steps, false)), r, asOf, metrics.Whole)
		b := added(logOf(t, events(later, false)), r, asOf+shift, metrics.Whole)
		f, g := a.Total(), b.Total()
		if !g.AsOf.Equal(f.AsOf.Add(time.Duration(shift))) {
			return false
		}
		g.AsOf = f.AsOf
		return same(f, g)
	}, genSteps(), genRules(), genAt(), gen.Int64Range(0, lastInstant/20)))
	properties.TestingRun(t)
}

func TestHistoryBounds(t *testing.T) {
	properties := laws(t, 3000)
	properties.Property("what belongs together fits together", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		c, err := metrics.NewConversation(events(steps, true)...)
		if err != nil {
			return err.Error()
		}
		h := c.Read(rulesOf(rules), time.Unix(0, asOf))
		responses, next := h.Responses(), h.NextResponses()
		first, ok := h.FirstResponse()
		switch {
		case len(responses) > 0 && (!ok || !reflect.DeepEqual(first, responses[0]) || !first.FirstResponse):
			return "the first response is not the first of the responses"
		case len(next) != max(len(responses)-1, 0) || len(next) > 0 && !reflect.DeepEqual(next, responses[1:]):
			return "next responses are not the responses but the first"
		case len(responses) == 0 && ok && (first.Outcome != metrics.Open || !first.End.IsZero()):
			return "an unanswered first response has ended"
		}
		var end time.Time
		firsts := 0
		for i, w := range h.Waits() {
			firsts += int(count(w.FirstResponse))
			switch d := w.Duration(); {
			case w.First != (i == 0):
				return "a wait is the first that is not, or the other way round"
			case w.Start.Before(end):
				return "waits overlap"
			case w.End.IsZero() && i != len(h.Waits())-1:
				return "an open wait is not the last"
			case d < 0 || d > time.Duration(asOf):
				return fmt.Sprint("a wait of ", d)
			case w.DurationIn(testHours) > d:
				return "more time in hours of service than around the clock"
			}
			end = w.End
		}
		if firsts > 1 {
			return "two first responses"
		}
		active, ok := h.ActiveTime(metrics.AroundTheClock)
		full, resolved := h.FullResolution(metrics.AroundTheClock)
		firstTime, firstOK := h.FirstResolution(metrics.AroundTheClock)
		switch {
		case resolved && (!ok || active > full):
			return fmt.Sprint("active for ", active, " of ", full)
		case resolved && firstOK && firstTime > full:
			return fmt.Sprint("first resolution after ", firstTime, " and full after ", full)
		case resolved && h.IsOpen():
			return "resolved and open"
		case h.Reopens() > 0 && len(h.Cycles()) == 0:
			return "reopened without a cycle"
		case h.Counts() && len(h.Cycles())-h.Reopens() > 1:
			return "a cycle that is neither the first nor reopened"
		}
		v := h.Volume()
		if int64(len(responses)) > v.Replies+v.Assistant+v.Automated {
			return "more responses than replies"
		}
		return ""
	}, genSteps(), genRules(), genAt()))
	properties.Property("a later instant never takes an event away", prop.ForAll(func(steps []step, a, b int64) bool {
		list := events(steps, true)
		for i, e := range list {
			r := metrics.RecordOf(e)
			r.ID = "" // so that no event is edited
			list[i], _ = r.Event()
		}
		c, err := metrics.NewConversation(list...)
		if err != nil {
			return false
		}
		earlier := slices.Collect(c.AsOf(time.Unix(0, min(a, b))).Events())
		later := slices.Collect(c.AsOf(time.Unix(0, max(a, b))).Events())
		return len(later) >= len(earlier) && slices.Equal(later[:len(earlier)], earlier)
	}, genSteps(), genAt(), genAt()))
	properties.TestingRun(t)
}

// figures returns the figures of the steps by some rules.
func figures(t *testing.T, steps []step, rules int) *metrics.Figures {
	return logOf(t, events(steps, false)).Read(rulesOf(rules), time.Unix(0, lastInstant)).Figures()
}

func merged(parts ...*metrics.Figures) *metrics.Figures {
	all := new(metrics.Figures)
	for _, p := range parts {
		if err := all.Merge(p); err != nil {
			panic(err)
		}
	}
	return all
}

func TestFiguresLaws(t *testing.T) {
	properties := laws(t, 300)
	properties.Property("merging is commutative and associative, with the zero value as identity, and changes no argument", prop.ForAll(func(a, b, c []step, rules int) bool {
		x, y, z := figures(t, a, rules), figures(t, b, rules), figures(t, c, rules)
		before := binaryOf(y)
		return same(merged(x, y), merged(y, x)) && same(merged(merged(x, y), z), merged(x, merged(y, z))) &&
			same(merged(x, new(metrics.Figures)), x) && binaryOf(y) == before
	}, genSteps(), genSteps(), genSteps(), genRules()))
	properties.Property("JSON and binary go there and back", prop.ForAll(func(steps []step, rules int) bool {
		f := figures(t, steps, rules)
		var fromText, fromBytes metrics.Figures
		data, err := json.Marshal(f)
		binary, err2 := f.MarshalBinary()
		if err != nil || err2 != nil || json.Unmarshal(data, &fromText) != nil || fromBytes.UnmarshalBinary(binary) != nil {
			return false
		}
		return same(&fromText, f) && same(&fromBytes, f)
	}, genSteps(), genRules()))
	properties.TestingRun(t)
}

// TestFiguresMergeAddsEveryField fills each field with another number, so that
// none can be left out or confused with its neighbour.
func TestFiguresMergeAddsEveryField(t *testing.T) {
	fill := func(from int64) *metrics.Figures {
		f := &metrics.Figures{
			AsOf: time.Unix(from, 0).UTC(), Settled: true,
			Conversations: from + 1,
			Volume:        metrics.Volume{Messages: from + 2, Replies: from + 3, Automated: from + 4, RatingRequested: from + 5, Assistant: from + 6},

			Waited: from + 50, ClosedUnanswered: from + 7, Moved: from + 8,
			Backlog: from + 9, Reopened: from + 10, Reopens: from + 11,
			OneTouch:         stat.Ratio{Part: from + 12, Whole: from + 13},
			RepliesToResolve: stat.Ratio{Part: from + 14, Whole: from + 15},
			Requests: metrics.Requests{
				Response: stat.Ratio{Part: from + 16, Whole: from + 17}, Pending: from + 18, Replaced: from + 19, Unsolicited: from + 20,
			},
			ShortAbandoned: from + 21,
		}
		var talk, some metrics.Summary
		f.HandleTime.Add(time.Duration(from + 40))
		talk.Add(time.Duration(from + 41))
		some.Add(time.Duration(from + 42))
		f.Handling = map[metrics.Activity]metrics.Summary{metrics.Talk: talk, "": some}
		for i, times := range []*metrics.Times{&f.Elapsed, &f.InHours} {
			v := reflect.ValueOf(times).Elem()
			for j := range v.NumField() {
				if s, ok := v.Field(j).Addr().Interface().(*metrics.Summary); ok {
					s.Add(time.Duration(from + 60 + int64(20*i+j)))
				}
			}
			var parts, customer metrics.Summary
			parts.Add(time.Duration(from + 75 + int64(20*i)))
			customer.Add(time.Duration(from + 76 + int64(20*i)))
			times.OnHold = map[metrics.HoldReason]metrics.Summary{"parts": parts, metrics.ForCustomer: customer}
		}
		f.Ratings, _ = rating.NewDistribution([5]int64{from + 32, from + 33, from + 34, from + 35, from + 36})
		return f
	}
	a, b := fill(100), fill(1000)
	sum := merged(a, b)
	type numbers = map[string]any
	value := func(f *metrics.Figures) numbers {
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var v numbers
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	var check func(path string, a, b, sum any)
	fields := 0
	check = func(path string, a, b, sum any) {
		switch sum := sum.(type) {
		case numbers:
			if _, ok := sum["values_ns"]; ok {
				values := append(a.(numbers)["values_ns"].([]any), b.(numbers)["values_ns"].([]any)...)
				if !reflect.DeepEqual(values, sum["values_ns"]) {
					t.Errorf("%s is %v, want %v", path, sum["values_ns"], values)
				}
				fields++
				return
			}
			for name := range sum {
				if name != "mean" && name != "tier" {
					check(path+"."+name, a.(numbers)[name], b.(numbers)[name], sum[name])
				}
			}
		case []any:
			for i := range sum {
				check(fmt.Sprint(path, i), a.([]any)[i], b.([]any)[i], sum[i])
			}
		case float64:
			fields++
			if sum != a.(float64)+b.(float64) {
				t.Errorf("%s is %v, want %v + %v", path, sum, a, b)
			}
		}
	}
	check("", value(a), value(b), value(sum))
	if !sum.AsOf.Equal(b.AsOf) || !sum.Settled {
		t.Errorf("right as of %v, settled: %v", sum.AsOf, sum.Settled)
	}
	if fields != 24+24+4+3+6 {
		t.Errorf("%d fields compared, want 61", fields)
	}
	var back metrics.Figures
	data, err := sum.MarshalBinary()
	if err != nil || back.UnmarshalBinary(data) != nil || text(&back) != text(sum) {
		t.Errorf("binary form gives\n%s, want\n%s", text(&back), text(sum))
	}
	// The order of the fields in the binary form stays what it is.
	golden(t, "figures_filled.hex", []byte(hex.EncodeToString(data)+"\n"))
}
