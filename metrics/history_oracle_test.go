package metrics_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// A report is what a History says, in plain values that can be compared and
// printed.
type report struct {
	Counts         bool
	Events         []metrics.Record
	Channel        metrics.Channel
	Owner          metrics.AgentID
	Waits          []metrics.Wait
	Responses      []metrics.Wait
	Next           []metrics.Wait
	First          *metrics.Wait
	StillWaiting   *metrics.Wait
	Cycles         []metrics.Cycle
	FirstFullSum   [2][3]*time.Duration // resolution times, around the clock and in hours
	Lengths        [2][]time.Duration   // of the waits and cycles as of the instant
	Reopens        int
	Open           bool
	Replies        int
	OneTouch       bool
	Resolved       bool
	Ratings        []rating.Stars
	Requests       metrics.Requests
	HandleTime     *time.Duration
	Handling       map[metrics.Activity]time.Duration
	Volume         metrics.Volume
	RepliesDefined bool
	RequesterWait  [2]*time.Duration
	OnHold         [2][2]time.Duration // for any reason and for the customer, by both clocks
	Case           int
	Team           metrics.TeamID
	Priority       metrics.Priority
	Customer       metrics.CustomerID
	Stations       []metrics.Station
	Transfers      int
	Hours          time.Duration // of service, from the first instant to that of the reading
}

var testHours = shifts{open: 2, period: 3}

func clocks() [2]metrics.Calendar { return [2]metrics.Calendar{metrics.AroundTheClock, testHours} }

// read makes a report of what the code says.
func read(c metrics.Conversation, rules metrics.Rules, asOf int64) report {
	return reportOf(c.Read(rules, time.Unix(0, asOf).UTC()))
}

func reportOf(h *metrics.History) report {
	c := h.Conversation()
	r := report{
		Counts: h.Counts(), Waits: h.Waits(), Responses: h.Responses(), Next: h.NextResponses(),
		Cycles: h.Cycles(), Reopens: h.Reopens(), Open: h.IsOpen(), Ratings: h.Ratings(), Volume: h.Volume(),
		Requests: h.Requests(), HandleTime: some(h.HandleTime()), Handling: h.Handling(),
	}
	for e := range c.Events() {
		r.Events = append(r.Events, metrics.RecordOf(e))
	}
	if r.Counts {
		r.Channel, r.Owner, r.Team, r.Priority, r.Customer = h.Channel(), h.Owner(), h.Team(), h.Priority(), h.Customer()
		r.Case, r.Stations, r.Transfers = h.Case(), h.Stations(), h.Transfers()
		if hours := h.Hours(); hours != nil {
			r.Hours = hours.Between(time.Unix(0, 0), time.Unix(0, 20)) - hours.Between(time.Unix(0, 9), time.Unix(0, 3))
		}
	}
	r.First, r.StillWaiting = some(h.FirstResponse()), some(h.StillWaiting())
	for i, clock := range clocks() {
		r.FirstFullSum[i] = [3]*time.Duration{
			some(h.FirstResolution(clock)), some(h.FullResolution(clock)), some(h.ActiveTime(clock)),
		}
		for _, w := range r.Waits {
			r.Lengths[i] = append(r.Lengths[i], w.DurationIn(clock))
		}
		for _, c := range r.Cycles {
			r.Lengths[i] = append(r.Lengths[i], c.DurationIn(clock))
		}
	}
	for i, clock := range clocks() {
		r.RequesterWait[i] = some(h.RequesterWait(clock))
		r.OnHold[i] = [2]time.Duration{h.OnHold(clock, metrics.AnyReason), h.OnHold(clock, "customer")}
	}
	if replies, ok := h.RepliesToResolve(); ok {
		r.Replies, r.RepliesDefined = replies, true
	}
	r.OneTouch, r.Resolved = h.OneTouch()
	return r
}

func some[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}

// expect makes the report that the oracle expects.
func expect(list []metrics.Record, rules metrics.Rules, asOf int64) report {
	all := oracle{rules: rules, list: list}.cases()
	return all[len(all)-1].report(asOf)
}

func (o oracle) report(asOf int64) report {
	own := slices.DeleteFunc(slices.Clone(o.list), arrived)
	r := report{
		Events: own, Waits: []metrics.Wait{}, Cycles: []metrics.Cycle{}, Ratings: []rating.Stars{},
		Handling: make(map[metrics.Activity]time.Duration),
	}
	if !o.counts() {
		return r
	}
	r.Counts, r.Channel, r.Owner = true, o.channel(), o.charge(len(o.list))
	r.Case, r.Team, r.Priority, r.Customer = o.number+1, o.team(len(o.list)), o.priority(), o.customer()
	r.Stations, r.Transfers = o.stations(), int(o.transfers())
	if o.hasHours() {
		hours := o.hours()
		r.Hours = hours.Between(time.Unix(0, 0), time.Unix(0, 20)) + hours.Between(time.Unix(0, 3), time.Unix(0, 9))
	}
	for i, s := range o.waits() {
		w := metrics.Wait{
			Conversation: o.everything()[0].Conversation, Channel: s.channel, Agent: s.credit, Team: s.team,
			Start: instantOf(s.start), End: instantOf(s.end), Outcome: s.outcome, First: i == 0, FirstResponse: s.decides, Unassigned: s.unassigned,
			AsOf: time.Unix(0, asOf).UTC(),
		}
		w.Holds = spans(o.stopped(s, s.end))
		r.Waits = append(r.Waits, w)
		if s.outcome == metrics.Answered {
			r.Responses = append(r.Responses, w)
			if !s.decides {
				r.Next = append(r.Next, w)
			}
		}
		if s.decides {
			r.First = &w
		}
		if s.end == still {
			r.StillWaiting = &w
		}
	}
	for i, clock := range clocks() {
		for _, w := range o.waits() {
			r.Lengths[i] = append(r.Lengths[i], o.lasted(clock, w, asOf))
		}
	}
	cycles, reopens := o.cycles()
	for _, s := range cycles {
		r.Cycles = append(r.Cycles, metrics.Cycle{
			Conversation: o.everything()[0].Conversation, Agent: cycleAgent(s), Team: s.team,
			Start: instantOf(s.start), End: instantOf(s.end), Resolved: s.outcome == metrics.Answered,
			Holds: spans(o.cut(s.start, s.end, metrics.AnyReason)), AsOf: time.Unix(0, asOf).UTC(),
		})
	}
	r.length(o, cycles, asOf)
	for i, clock := range clocks() {
		r.FirstFullSum[i] = o.resolutions(clock)
	}
	for i, clock := range clocks() {
		if o.waited() {
			r.RequesterWait[i] = some(o.requesterWait(clock, asOf), true)
		}
		r.OnHold[i] = [2]time.Duration{o.onHold(clock, asOf, metrics.AnyReason), o.onHold(clock, asOf, "customer")}
	}
	r.Reopens, r.Open, r.Volume = reopens, o.isOpen(), o.volume()
	for _, given := range o.ratings() {
		r.Ratings = append(r.Ratings, given.stars)
	}
	r.Requests = became(o.requests(asOf), o.ratings())
	r.HandleTime, r.Handling = o.handleTime(), o.handling()
	if r.Resolved = o.resolved(); r.Resolved {
		r.RepliesDefined = true
		var all int
		r.Replies, all = o.replies()
		r.OneTouch = all == 1 && r.Replies == 1 && reopens == 0
	}
	return r
}

func cycleAgent(s oracleSpan) metrics.AgentID {
	if s.outcome == metrics.Answered {
		return s.credit
	}
	return s.charge
}

func (r *report) length(o oracle, list []oracleSpan, asOf int64) {
	for i, clock := range clocks() {
		for _, s := range list {
			r.Lengths[i] = append(r.Lengths[i], o.length(clock, s.start, min(s.end, asOf), metrics.AnyReason))
		}
	}
}

// resolutions returns the first and the full resolution and the active time.
func (o oracle) resolutions(clock metrics.Calendar) (times [3]*time.Duration) {
	cycles, _ := o.cycles()
	if len(cycles) == 0 {
		return times
	}
	first, last := cycles[0], cycles[len(cycles)-1]
	if first.outcome == metrics.Answered {
		times[0] = some(o.length(clock, first.start, first.end, metrics.AnyReason), true)
	}
	if last.outcome == metrics.Answered {
		times[1] = some(o.length(clock, first.start, last.end, metrics.AnyReason), true)
	}
	if last.end != still {
		var sum time.Duration
		for _, c := range cycles {
			sum += o.length(clock, c.start, c.end, metrics.AnyReason)
		}
		times[2] = &sum
	}
	return times
}

// requesterWait returns the sum of the waits.
func (o oracle) requesterWait(clock metrics.Calendar, asOf int64) (sum time.Duration) {
	for _, w := range o.waits() {
		if w.outcome != metrics.Moved {
			sum += o.lasted(clock, w, asOf)
		}
	}
	return sum
}

// waited tells whether a wait did not go on elsewhere.
func (o oracle) waited() bool {
	return slices.ContainsFunc(o.waits(), func(w oracleSpan) bool { return w.outcome != metrics.Moved })
}

// onHold returns the time on hold from the start of the first cycle to the end of the last.
func (o oracle) onHold(clock metrics.Calendar, asOf int64, reasons metrics.HoldReasons) (sum time.Duration) {
	if cycles, _ := o.cycles(); len(cycles) > 0 {
		for _, h := range o.cut(cycles[0].start, min(cycles[len(cycles)-1].end, asOf), reasons) {
			sum += clock.Between(instantOf(h.start), instantOf(h.end))
		}
	}
	return sum
}

func instantOf(at int64) time.Time {
	if at == still {
		return time.Time{}
	}
	return time.Unix(0, at).UTC()
}

func spans(holds []hold) (list []metrics.Span) {
	for _, h := range holds {
		list = append(list, metrics.Span{Start: instantOf(h.start), End: instantOf(h.end)})
	}
	return list
}

// differences names the fields in which two reports differ.
func differences(got, want report) string {
	var text string
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		empty := g.Field(i).Kind() == reflect.Slice && g.Field(i).Len() == 0 && w.Field(i).Len() == 0
		if !empty && !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			text += fmt.Sprintf("%s:\n\tgot  %+v\n\twant %+v\n", g.Type().Field(i).Name, printable(g.Field(i)), printable(w.Field(i)))
		}
	}
	return text
}

func printable(v reflect.Value) any {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v.Interface()
}

// agrees compares the code with the oracle, by each of the combinations of options.
func agrees(list []metrics.Event, asOf int64, rules ...int) string {
	c, err := metrics.NewConversation(list...)
	if err != nil {
		return err.Error()
	}
	records := known(list, asOf)
	for _, n := range rules {
		r := rulesOf(n)
		if text := differences(read(c, r, asOf), expect(records, r, asOf)); text != "" {
			return fmt.Sprintf("%+v as of %d, events %+v\n%s", r, asOf, records, text)
		}
	}
	return ""
}

func TestHistoryAgreesWithOracle(t *testing.T) {
	properties := laws(t, 15000)
	properties.Property("every accessor, by any rules, as of any instant", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		return agrees(events(steps, true), asOf, rules)
	}, genSteps(), genRules(), genAt()))
	properties.Property("every accessor, by any rules, as of the end", prop.ForAll(func(steps []step, rules int) string {
		return agrees(events(steps, true), lastInstant, rules)
	}, genSteps(), genRules()))
	properties.TestingRun(t)
}

// TestHistoryAgreesWithOracleByAllRules reads each of some conversations by some of
// the combinations of options: with TEST_THOROUGH, all of them by all.
func TestHistoryAgreesWithOracleByAllRules(t *testing.T) {
	const parts = 100
	properties, part := laws(t, parts), 0
	properties.Property("every accessor", prop.ForAll(func(steps []step, asOf int64) string {
		var rules []int
		part = (part + 1) % parts
		for n := part; n < allRules; n += parts {
			rules = append(rules, n)
		}
		return agrees(events(steps, true), asOf, rules...)
	}, gen.SliceOfN(12, genStep()), genAt()))
	properties.TestingRun(t)
}
