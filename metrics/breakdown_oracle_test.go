package metrics_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// A groupKey is everything that a Facet tells.
type groupKey struct {
	conversation metrics.ConversationID
	channel      metrics.Channel
	agent        metrics.AgentID
	team         metrics.TeamID
	customer     metrics.CustomerID
	priority     metrics.Priority
	at           int64
}

func keyOf(f metrics.Facet) groupKey {
	return groupKey{f.Conversation(), f.Channel(), f.Agent(), f.Team(), f.Customer(), f.Priority(), f.At().UnixNano()}
}

// An oracleBreakdown groups by everything: any other key gives a coarser one.
type oracleBreakdown map[groupKey]*metrics.Figures

// breakdown returns the figures of all conversations in the events.
func breakdown(list []metrics.Event, rules metrics.Rules, asOf int64) oracleBreakdown {
	groups := make(oracleBreakdown)
	for _, o := range oracles(list, rules, asOf) {
		for _, o := range o.cases() {
			if o.counts() {
				groups.conversation(o, asOf)
			}
		}
	}
	return groups
}

func (g oracleBreakdown) conversation(o oracle, asOf int64) {
	owner := o.charge(len(o.list))
	at := func(when int64, agent metrics.AgentID, channel metrics.Channel, team metrics.TeamID) *metrics.Figures {
		key := groupKey{o.everything()[0].Conversation, cmp.Or(channel, o.channel()), agent, team, o.customer(), o.priority(), when}
		if g[key] == nil {
			g[key] = &metrics.Figures{AsOf: time.Unix(0, asOf).UTC()}
		}
		return g[key]
	}
	period := func(start, end int64) int64 {
		if o.rules.ByStart {
			return start
		}
		return min(end, asOf)
	}
	cycles, reopens := o.cycles()
	whole := at(o.begins(), owner, "", o.team(len(o.list)))
	whole.Cases++
	whole.Conversations += count(o.number == 0)
	whole.Transfers += o.transfers()
	whole.Waited += count(o.waited())
	whole.Reopens += int64(reopens)
	whole.Reopened += count(reopens > 0)
	whole.Backlog += count(o.isOpen())
	if sum := o.handleTime(); sum != nil {
		whole.HandleTime.Add(*sum)
		if whole.Handling == nil {
			whole.Handling = make(map[metrics.Activity]metrics.Summary)
		}
		for activity, d := range o.handling() {
			s := whole.Handling[activity]
			s.Add(d)
			whole.Handling[activity] = s
		}
	}

	for _, w := range o.waits() {
		f := at(period(w.start, w.end), w.agent(), w.channel, w.team)
		switch w.outcome {
		case metrics.ClosedUnanswered:
			f.ClosedUnanswered++
		case metrics.Moved:
			f.Moved++
		case metrics.GaveUp:
			length := o.length(metrics.AroundTheClock, w.start, w.end, o.rules.PauseStopsWaits)
			f.ShortAbandoned += count(o.rules.ShortAbandon != 0 && length <= o.rules.ShortAbandon)
		}
		o.each(f, func(t *metrics.Times, c metrics.Calendar) {
			d := o.lasted(c, w, asOf)
			switch {
			case w.outcome == metrics.Open:
				t.StillWaiting.Add(d)
			case w.outcome == metrics.AnsweredByAssistant:
				t.ByAssistant.Add(d)
			case w.outcome == metrics.AnsweredByAutomation:
				t.ByAutomation.Add(d)
			case w.outcome == metrics.GaveUp:
				t.Abandoned.Add(d)
			case w.outcome == metrics.Answered && w.decides:
				t.Response.Add(d)
				t.FirstResponse.Add(d)
			case w.outcome == metrics.Answered:
				t.Response.Add(d)
				t.NextResponse.Add(d)
			}
		})
	}
	if len(cycles) > 0 {
		g.resolutions(o, cycles, period, at)
		g.sums(o, cycles, asOf, period, at)
	}
	for i, r := range o.list {
		switch r.Type {
		case metrics.KindMessageReceived:
			if !arrived(r) {
				at(ns(r), owner, r.Channel, o.team(i)).Volume.Messages++
			}
		case metrics.KindReplySent:
			v := &at(ns(r), r.Agent, r.Channel, o.team(i)).Volume
			v.Automated += count(r.By == metrics.ByAutomation)
			v.Assistant += count(r.By == metrics.ByAssistant)
			v.Replies += count(r.By == metrics.ByPerson)
		}
	}
	for _, r := range o.ratings() {
		f := at(r.at, r.agent, r.channel, r.team)
		f.Requests.Unsolicited += count(r.unsolicited)
		if err := f.Ratings.Add(r.stars); err != nil {
			panic(err)
		}
	}
	for _, r := range o.requests(asOf) {
		f, one := at(r.at, r.agent, r.channel, r.team), became([]oracleRequest{r}, nil)
		f.Volume.RatingRequested++
		f.Requests.Response.Part += one.Response.Part
		f.Requests.Response.Whole += one.Response.Whole
		f.Requests.Pending += one.Pending
		f.Requests.Replaced += one.Replaced
	}
}

func (g oracleBreakdown) resolutions(
	o oracle, cycles []oracleSpan, period func(start, end int64) int64,
	at func(int64, metrics.AgentID, metrics.Channel, metrics.TeamID) *metrics.Figures,
) {
	first, last := cycles[0], cycles[len(cycles)-1]
	add := func(f *metrics.Figures, i int, to func(*metrics.Times) *metrics.Summary) {
		o.each(f, func(t *metrics.Times, c metrics.Calendar) {
			if d := o.resolutions(c)[i]; d != nil {
				to(t).Add(*d)
			}
		})
	}
	if first.outcome == metrics.Answered {
		f := at(period(first.start, first.end), cycleAgent(first), "", first.team)
		add(f, 0, func(t *metrics.Times) *metrics.Summary { return &t.FirstResolution })
	}
	if last.end == still {
		return
	}
	f := at(period(first.start, last.end), cycleAgent(last), "", last.team)
	add(f, 1, func(t *metrics.Times) *metrics.Summary { return &t.FullResolution })
	add(f, 2, func(t *metrics.Times) *metrics.Summary { return &t.Active })
	if o.resolved() {
		replies, all := o.replies()
		_, reopens := o.cycles()
		f.RepliesToResolve.Whole++
		f.RepliesToResolve.Part += int64(replies)
		f.OneTouch.Whole++
		f.OneTouch.Part += count(replies == 1 && all == 1 && reopens == 0)
	}
}

// sums counts each resolved cycle and, of a conversation that is not open, how long the
// customer waited and how long it was on hold.
func (g oracleBreakdown) sums(
	o oracle, cycles []oracleSpan, asOf int64, period func(start, end int64) int64,
	at func(int64, metrics.AgentID, metrics.Channel, metrics.TeamID) *metrics.Figures,
) {
	for _, c := range cycles {
		if c.outcome == metrics.Answered {
			o.each(at(period(c.start, c.end), cycleAgent(c), "", c.team), func(t *metrics.Times, clock metrics.Calendar) {
				t.CycleResolution.Add(o.length(clock, c.start, c.end, metrics.AnyReason))
			})
		}
	}
	first, last := cycles[0], cycles[len(cycles)-1]
	if last.end == still {
		return
	}
	o.each(at(period(first.start, last.end), cycleAgent(last), "", last.team), func(t *metrics.Times, clock metrics.Calendar) {
		if open := slices.ContainsFunc(o.waits(), func(w oracleSpan) bool { return w.end == still }); o.waited() && !open {
			t.RequesterWait.Add(o.requesterWait(clock, asOf))
		}
		reasons := make(map[metrics.HoldReason]bool)
		for _, h := range o.cut(first.start, last.end, metrics.AnyReason) {
			reasons[h.reason] = true
		}
		for reason := range reasons {
			if t.OnHold == nil {
				t.OnHold = make(map[metrics.HoldReason]metrics.Summary)
			}
			s := t.OnHold[reason]
			s.Add(o.onHold(clock, asOf, metrics.HoldReasons(reason)))
			t.OnHold[reason] = s
		}
	})
}

// each calls do for the times on each calendar that the rules have.
func (o oracle) each(f *metrics.Figures, do func(*metrics.Times, metrics.Calendar)) {
	do(&f.Elapsed, metrics.AroundTheClock)
	if o.hasHours() {
		do(&f.InHours, o.hours())
	}
}

// same compares figures by their binary form, which is equal for equal figures.
func same(got, want *metrics.Figures) bool {
	g, err := got.MarshalBinary()
	w, err2 := want.MarshalBinary()
	return err == nil && err2 == nil && bytes.Equal(g, w)
}

// text returns figures in a form that people can read.
func text(f *metrics.Figures) string {
	readable, err := json.Marshal(f)
	return fmt.Sprint(string(readable), err)
}

// coarser groups the groups by a coarser key.
func coarser[K comparable](groups oracleBreakdown, key func(groupKey) K) map[K]*metrics.Figures {
	merged := make(map[K]*metrics.Figures)
	for k, f := range groups {
		if merged[key(k)] == nil {
			merged[key(k)] = new(metrics.Figures)
		}
		if err := merged[key(k)].Merge(f); err != nil {
			panic(err)
		}
	}
	return merged
}

// sameGroups compares a breakdown with what is expected of it.
func sameGroups[K comparable](b *metrics.Breakdown[K], want map[K]*metrics.Figures) string {
	keys := make(map[K]bool)
	for k := range b.Keys() {
		if keys[k] {
			return fmt.Sprintf("key %+v twice", k)
		}
		keys[k] = true
	}
	for k := range want {
		keys[k] = true
	}
	var difference string
	for k := range keys {
		w := want[k]
		if w == nil {
			w = &metrics.Figures{AsOf: b.Terms().AsOf}
		}
		if got := b.Group(k); !same(got, w) {
			difference += fmt.Sprintf("group %+v:\n\tgot  %s\n\twant %s\n", k, text(got), text(w))
		}
	}
	return difference
}

func added[K comparable](log *metrics.EventLog, rules metrics.Rules, asOf int64, key func(metrics.Facet) K) *metrics.Breakdown[K] {
	b := metrics.NewBreakdown(key)
	if err := log.Read(rules, time.Unix(0, asOf)).Into(b); err != nil {
		panic(err)
	}
	return b
}

func TestBreakdownAgreesWithOracle(t *testing.T) {
	properties := laws(t, 2000)
	compare := func(steps []step, rules int, asOf int64) string {
		list, r := events(steps, false), rulesOf(rules)
		want := breakdown(list, r, asOf)
		log := logOf(t, list)
		total := coarser(want, func(groupKey) string { return "" })
		if text := sameGroups(added(log, r, asOf, keyOf), want); text != "" {
			return text
		}
		if text := sameGroups(added(log, r, asOf, metrics.Facet.Channel),
			coarser(want, func(k groupKey) metrics.Channel { return k.channel })); text != "" {
			return "by channel: " + text
		}
		if text := sameGroups(added(log, r, asOf, metrics.Facet.Agent),
			coarser(want, func(k groupKey) metrics.AgentID { return k.agent })); text != "" {
			return "by agent: " + text
		}
		if text := sameGroups(added[string](log, r, asOf, nil), total); text != "" {
			return "in one group: " + text
		}
		if text := sameGroups(added(log, r, asOf, mixed), coarser(want, plainMixed)); text != "" {
			return "by this and that: " + text
		}
		if total[""] == nil {
			total[""] = &metrics.Figures{AsOf: time.Unix(0, asOf).UTC()}
		}
		if got, want := added(log, r, asOf, keyOf).Total(), total[""]; !same(got, want) {
			return fmt.Sprintf("total\n\tgot  %s\n\twant %s", text(got), text(want))
		}
		return ""
	}
	properties.Property("any rules, any instant", prop.ForAll(compare, genSteps(), genRules(), genAt()))
	properties.Property("any rules, at the end", prop.ForAll(func(steps []step, rules int) string {
		return compare(steps, rules, lastInstant)
	}, gen.SliceOfN(25, genStep()), genRules()))
	properties.TestingRun(t)
}

// lordHowe has clocks that change by half an hour.
var lordHowe, _ = time.LoadLocation("Australia/Lord_Howe")

// mixed looks at different things, by what it saw before.
func mixed(f metrics.Facet) string {
	switch f.Channel() {
	case "":
		return f.Period(metrics.Periods{Zone: lordHowe}).String()
	case metrics.Email:
		return "by " + string(f.Agent()) + " at " + f.HourOfWeek(lordHowe).String()
	}
	if f.Customer() == "" {
		return f.Period(metrics.Periods{Unit: metrics.Week, WeekStart: time.Tuesday}).String()
	}
	return "some"
}

func plainMixed(k groupKey) string {
	at := time.Unix(0, k.at).UTC()
	switch k.channel {
	case "":
		return at.In(lordHowe).Format(time.DateOnly)
	case metrics.Email:
		return "by " + string(k.agent) + " at " + at.In(lordHowe).Format("Mon 15:00")
	}
	if k.customer == "" {
		for at.Weekday() != time.Tuesday {
			at = at.AddDate(0, 0, -1)
		}
		return at.Format(time.DateOnly) + "/" + at.AddDate(0, 0, 6).Format(time.DateOnly)
	}
	return "some"
}

func TestBreakdownGroups(t *testing.T) {
	at := func(minute int) time.Time { return time.Unix(int64(60*minute), 0) }
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: at(0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "1", At: at(20), Agent: "ana"},
		metrics.MessageReceived{Conversation: "1", At: at(30), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "1", At: at(33), Agent: "ben"},
		metrics.MessageReceived{Conversation: "2", At: at(40)},
	})
	b := added(log, metrics.Rules{}, int64(50*time.Minute), metrics.Facet.Channel)
	keys := slices.Sorted(b.Keys())
	if want := []metrics.Channel{"", metrics.Chat, metrics.Email}; !slices.Equal(keys, want) {
		t.Errorf("keys are %q, want %q", keys, want)
	}
	// The conversation is e-mail, its second wait was in the chat.
	if mean, ok := b.Group(metrics.Chat).Elapsed.NextResponse.Mean(); mean != 3*time.Minute || !ok {
		t.Errorf("next response in the chat: %v, %v", mean, ok)
	}
	if n := b.Group(metrics.Email).Conversations; n != 1 {
		t.Errorf("%d conversations by e-mail", n)
	}
	if age, _ := b.Group("").Elapsed.StillWaiting.Max(); age != 10*time.Minute {
		t.Errorf("still waiting for %v", age)
	}
	if f := b.Group("post"); !same(f, &metrics.Figures{AsOf: time.Unix(0, int64(50*time.Minute)).UTC()}) {
		t.Errorf("a group that nothing belongs to: %s", text(f))
	}
	b.Group("post").Conversations++
	if n := len(slices.Collect(b.Keys())); n != 3 || b.Group("post").Conversations != 0 {
		t.Error("asking for a group made it")
	}
	for range b.Keys() {
		break
	}
	shares := b.Total().AutomatedShare()
	if shares.Part != 0 || shares.Whole != 2 {
		t.Errorf("automated share is %v", shares)
	}
}

func TestBreakdownMergeOfGroups(t *testing.T) {
	properties := laws(t, 1000)
	properties.Property("breakdowns of parts merge into that of the whole", prop.ForAll(func(steps []step, rules int, asOf int64, part int64) bool {
		log, r := logOf(t, events(steps, false)), rulesOf(rules)
		whole := added(log, r, asOf, keyOf)
		parts := [2]*metrics.Breakdown[groupKey]{}
		for i := range parts {
			parts[i] = metrics.NewBreakdown(keyOf)
		}
		for h := range log.Read(r, time.Unix(0, asOf)).Histories() {
			if err := parts[part&1].Add(h); err != nil {
				t.Fatal(err)
			}
			part >>= 1
		}
		want := maps.Collect(func(yield func(groupKey, *metrics.Figures) bool) {
			for k := range whole.Keys() {
				if !yield(k, whole.Group(k)) {
					return
				}
			}
		})
		before, _ := parts[1].Total().MarshalBinary()
		if err := parts[0].Merge(parts[1]); err != nil {
			t.Fatal(err)
		}
		after, _ := parts[1].Total().MarshalBinary()
		return sameGroups(parts[0], want) == "" && bytes.Equal(before, after)
	}, genSteps(), genRules(), genAt(), gen.Int64Range(0, 7)))
	properties.TestingRun(t)
}

// Names have other numbers in another log.
func TestBreakdownOfSeveralLogs(t *testing.T) {
	at := time.Unix(3600, 0)
	b := metrics.NewBreakdown(func(f metrics.Facet) string {
		return string(f.Customer()) + " by " + string(f.Channel())
	})
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	for _, m := range []metrics.MessageReceived{
		{Conversation: "1", At: at, Customer: "ana", Channel: metrics.Email},
		{Conversation: "2", At: at, Customer: "ben", Channel: metrics.Chat},
	} {
		other := m
		other.Channel += ", later"
		c, err := metrics.NewConversation(m, other)
		if err != nil {
			t.Fatal(err)
		}
		h := c.Read(metrics.Rules{}, at)
		if err := errors.Join(b.Add(h), byChannel.Add(h)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"ana by email", "ana by email, later", "ben by chat", "ben by chat, later"}
	if keys := slices.Sorted(b.Keys()); !slices.Equal(keys, want) {
		t.Errorf("keys are %q", keys)
	}
	for _, channel := range []metrics.Channel{"email", "email, later", "chat", "chat, later"} {
		if n := byChannel.Group(channel).Volume.Messages; n != 1 {
			t.Errorf("%d messages by %s", n, channel)
		}
	}
}

// On the days when clocks are changed by half an hour at two, an hour of the week
// goes on for an hour and a half, or for half an hour.
func TestBreakdownByHourWhenClocksChange(t *testing.T) {
	for day, minutes := range map[metrics.Period]int64{
		metrics.PeriodOf(metrics.Day, 2026, time.April, 5, 0):   90,
		metrics.PeriodOf(metrics.Day, 2026, time.October, 4, 0): 30,
	} {
		byHour := func(f metrics.Facet) string {
			return f.HourOfWeek(lordHowe).String() + f.Period(metrics.Periods{Unit: metrics.Year}).String()
		}
		want := make(map[string]int64)
		var list []metrics.Event
		for minute := range 300 {
			at := day.In(lordHowe).Start.Add(time.Duration(300-minute) * time.Minute)
			list = append(list, metrics.MessageReceived{Conversation: metrics.ConversationID(fmt.Sprint(minute)), At: at})
			want[at.In(lordHowe).Format("Mon 15:00")+"2026"]++
		}
		if want["Sun 01:002026"] != minutes && want["Sun 02:002026"] != minutes {
			t.Fatalf("%v: the clocks do not change: %v", day, want)
		}
		b := added(logOf(t, list), metrics.Rules{}, lastInstant, byHour)
		for hour, n := range want {
			if got := b.Group(hour).Volume.Messages; got != n {
				t.Errorf("%v: %s: %d messages, want %d", day, hour, got, n)
			}
		}
	}
}

// Many groups in any order, looked at while they grow.
func TestBreakdownOfManyGroups(t *testing.T) {
	random := source(t)
	type group struct {
		channel metrics.Channel
		agent   metrics.AgentID
		day     metrics.Period
	}
	days := metrics.Periods{Zone: lordHowe}
	key := func(f metrics.Facet) group { return group{f.Channel(), f.Agent(), f.Period(days)} }
	var list []metrics.Event
	for c := range 3000 {
		id := metrics.ConversationID(fmt.Sprint(c))
		at := time.Unix(0, 0).Add(time.Duration(random.Int64N(int64(40 * 24 * time.Hour))))
		channel := metrics.Email
		if random.IntN(2) == 0 {
			channel = metrics.Chat
		}
		for range 1 + random.IntN(4) {
			agent := metrics.AgentID(fmt.Sprint("agent ", random.IntN(20)))
			list = append(list,
				metrics.MessageReceived{Conversation: id, At: at, Channel: channel},
				metrics.ReplySent{Conversation: id, At: at.Add(time.Duration(random.Int64N(int64(10 * time.Hour)))), Agent: agent})
			at = at.Add(12 * time.Hour)
		}
		list = append(list, metrics.Resolved{Conversation: id, At: at})
	}
	want := coarser(breakdown(list, metrics.Rules{}, lastInstant), func(k groupKey) group {
		return group{k.channel, k.agent, days.Of(time.Unix(0, k.at))}
	})
	log := logOf(t, list)
	b := metrics.NewBreakdown(key)
	n := int64(0)
	for h := range log.Read(metrics.Rules{}, time.Unix(0, lastInstant)).Histories() {
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
		if n++; n == 5 || random.IntN(100) == 0 {
			if total := b.Total(); total.Conversations != n || total.Elapsed.Active.Count() != n {
				t.Fatalf("%d conversations are %s", n, text(total))
			}
		}
	}
	if difference := sameGroups(b, want); difference != "" {
		t.Error(difference)
	}
}

// Figures that were given stay what they were, and what is done to them does not
// show in others: of few durations and of many.
func TestBreakdownGivesFiguresOfTheirOwn(t *testing.T) {
	for _, conversations := range []int{3, 3000} {
		b := new(metrics.Breakdown[string])
		add := func(from, to int) {
			for i := range to - from {
				id, at := metrics.ConversationID(fmt.Sprint(from+i)), nine.Add(time.Duration(i)*time.Minute)
				log := logOf(t, []metrics.Event{
					metrics.MessageReceived{Conversation: id, At: at},
					metrics.ReplySent{Conversation: id, At: at.Add(time.Duration(i) * time.Second), Agent: "ana"},
					metrics.Resolved{Conversation: id, At: at.Add(time.Hour)},
				})
				if err := log.Read(metrics.Rules{Calendar: metrics.AroundTheClock}, time.Unix(0, lastInstant)).Into(b); err != nil {
					t.Fatal(err)
				}
			}
		}
		add(0, conversations)
		given := b.Group("")
		was := text(given)
		changed := b.Group("")
		change := func(f *metrics.Figures) {
			for _, times := range []*metrics.Times{&f.Elapsed, &f.InHours} {
				for _, s := range []*metrics.Summary{&times.FirstResponse, &times.Response, &times.FirstResolution, &times.Active} {
					s.Add(time.Nanosecond)
					s.Add(999 * time.Hour)
				}
			}
		}
		change(changed)
		if again := text(b.Group("")); again != was {
			t.Errorf("%d conversations: what was done to given figures shows in others:\n%s\n%s", conversations, was, again)
		}
		add(conversations, 2*conversations)
		if now := text(given); now != was {
			t.Errorf("%d conversations: given figures have changed:\n%s\n%s", conversations, was, now)
		}
		was = text(b.Group(""))
		change(given)
		if again := text(b.Group("")); again != was {
			t.Errorf("%d conversations: what was done to earlier figures shows in later ones:\n%s\n%s", conversations, was, again)
		}
		if n := b.Total().InHours.Response.Count(); n != int64(2*conversations) {
			t.Errorf("%d responses of %d conversations", n, 2*conversations)
		}
	}
}
