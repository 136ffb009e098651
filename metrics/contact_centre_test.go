package metrics_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"
	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// A centreCase is a row of testdata/contact_centre.json: calls, handle times and ratings
// with figures that the named source has, or that follow from its definitions.
type centreCase struct {
	ID     string    `json:"id"`
	Source string    `json:"source"`
	AsOf   time.Time `json:"as_of"`
	Target struct {
		Short string `json:"short_abandon"`
	} `json:"target"`
	Window string           `json:"window"`
	Events []metrics.Record `json:"events"`

	Expected struct {
		Queue *struct {
			Answered         *int64      `json:"answered"`
			Abandoned        *int64      `json:"abandoned"`
			Short            *int64      `json:"short_abandoned"`
			ClosedUnanswered *int64      `json:"closed_unanswered"`
			Open             *int64      `json:"open"`
			SpeedOfAnswer    *sumOf      `json:"speed_of_answer"`
			TimeToAbandon    *sumOf      `json:"time_to_abandon"`
			Longest          *float64    `json:"longest_abandon_s"`
			Abandonment      *stat.Ratio `json:"abandonment"`
			WithoutShort     *stat.Ratio `json:"abandonment_without_short"`
		} `json:"queue"`

		HandleTime    *sumOf                     `json:"handle_time"`
		ByPart        map[metrics.Activity]sumOf `json:"by_part"`
		FirstResponse *float64                   `json:"first_response_s"`

		Ratings  []rating.Stars  `json:"ratings"`
		Earlier  []rating.Stars  `json:"as_of_11:00"`
		Response *stat.Ratio     `json:"response"`
		Pending  *int64          `json:"pending"`
		Replaced *int64          `json:"replaced"`
		ByAgent  json.RawMessage `json:"by_agent"` // stars of ratings; of handlings a sum, which is another figure
	} `json:"expected"`
}

// sumOf is a number of durations and their sum in seconds, which give the mean exactly.
type sumOf struct {
	Sum int64 `json:"sum_s"`
	N   int64 `json:"n"`
}

func sumsOf(s metrics.Summary) sumOf { return sumOf{s.Sum().IntPart(), s.Count()} }

func (row *centreCase) rules(t *testing.T) (r metrics.Rules) {
	for text, to := range map[string]*time.Duration{row.Target.Short: &r.ShortAbandon, map[string]string{"7d": "168h"}[row.Window]: &r.RatingExpires} {
		var err error
		if text != "" {
			if *to, err = time.ParseDuration(text); err != nil {
				t.Fatalf("%s: %v", row.ID, err)
			}
		}
	}
	return r
}

// starsOf returns the ratings of a reading in the order of the events, and by agent.
func starsOf(t *testing.T, r metrics.Reading) (all []rating.Stars, by map[metrics.AgentID][5]int64) {
	agents := metrics.NewBreakdown(metrics.Facet.Agent)
	if err := r.Into(agents); err != nil {
		t.Fatal(err)
	}
	for h := range r.Histories() {
		all = append(all, h.Ratings()...)
	}
	by = make(map[metrics.AgentID][5]int64)
	for agent := range agents.Keys() {
		if stars := agents.Group(agent).Ratings; stars.N() > 0 {
			by[agent] = stars.Counts()
		}
	}
	return all, by
}

func TestContactCentre(t *testing.T) {
	data, err := os.ReadFile("testdata/contact_centre.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []centreCase
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		log := new(metrics.EventLog)
		for _, r := range row.Events {
			e, err := r.Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatalf("%s: %v", row.ID, err)
			}
		}
		reading := log.Read(row.rules(t), row.AsOf)
		f, want, compared := reading.Figures(), &row.Expected, 0
		is := func(what string, got, want any) {
			t.Helper()
			compared++
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s (%s): %s is %v, want %v", row.ID, row.Source, what, got, want)
			}
		}
		if q := want.Queue; q != nil {
			longest, _ := f.Elapsed.Abandoned.Max()
			compare(is, "answered", f.Elapsed.Response.Count(), q.Answered)
			compare(is, "abandoned", f.Elapsed.Abandoned.Count(), q.Abandoned)
			compare(is, "short abandoned", f.ShortAbandoned, q.Short)
			compare(is, "closed unanswered", f.ClosedUnanswered, q.ClosedUnanswered)
			compare(is, "open", f.Elapsed.StillWaiting.Count(), q.Open)
			compare(is, "speed of answer", sumsOf(f.Elapsed.FirstResponse), q.SpeedOfAnswer)
			compare(is, "time to abandon", sumsOf(f.Elapsed.Abandoned), q.TimeToAbandon)
			compare(is, "longest abandon", longest.Seconds(), q.Longest)
			compare(is, "abandonment", f.Abandonment(), q.Abandonment)
			compare(is, "abandonment without short", f.AbandonmentWithoutShort(), q.WithoutShort)
		}
		compare(is, "handle time", sumsOf(f.HandleTime), want.HandleTime)
		if want.ByPart != nil {
			parts := make(map[metrics.Activity]sumOf)
			for activity, s := range f.Handling {
				parts[activity] = sumsOf(s)
			}
			is("handle time by part", parts, want.ByPart)
		}
		first, _ := f.Elapsed.FirstResponse.Max()
		compare(is, "first response", first.Seconds(), want.FirstResponse)

		compare(is, "response", f.Requests.Response, want.Response)
		compare(is, "pending", f.Requests.Pending, want.Pending)
		compare(is, "replaced", f.Requests.Replaced, want.Replaced)
		all, by := starsOf(t, reading)
		if want.Ratings != nil {
			is("ratings", all, want.Ratings)
		}
		if want.Earlier != nil {
			day := row.Events[0].At.Truncate(24 * time.Hour)
			all, _ := starsOf(t, log.Read(row.rules(t), day.Add(11*time.Hour)))
			is("ratings as of 11:00", all, want.Earlier)
		}
		var stars map[metrics.AgentID][]rating.Stars
		if json.Unmarshal(want.ByAgent, &stars) == nil {
			counts := make(map[metrics.AgentID][5]int64)
			for agent, list := range stars {
				var n [5]int64
				for _, s := range list {
					n[s-1]++
				}
				counts[agent] = n
			}
			is("ratings by agent", by, counts)
		}
		if compared == 0 {
			t.Errorf("%s: nothing compared", row.ID)
		}
	}
	if len(rows) != 9 {
		t.Errorf("%d rows, want 9", len(rows))
	}
}

// compare compares a figure with what is expected, if anything is.
func compare[T any](is func(string, any, any), what string, got T, want *T) {
	if want != nil {
		is(what, got, *want)
	}
}

// Who is rated, by who is named and who did what before and after the request.
func TestRatingCredit(t *testing.T) {
	for _, tt := range []struct {
		name           string
		creditAssigned bool
		story          string
		request        metrics.AgentID // "-" where there is none
		rating         metrics.AgentID
	}{
		{"named by the rating", false, "0 reply ana, 1 rating_requested ben, 2 rating 5 cid", "ben", "cid"},
		{"named by the request", false, "0 reply ana, 1 rating_requested ben, 2 rating 5", "ben", "ben"},
		{"who replied before the request", false, "0 reply ana, 1 rating_requested, 2 reply ben, 3 rating 5", "ana", "ana"},
		{"not who was assigned then", false, "0 reply ana, 1 assigned ben, 2 rating_requested, 3 rating 5", "ana", "ana"},
		{"who was assigned, if nobody replied", false, "0 assigned ben, 1 rating_requested, 2 rating 5", "ben", "ben"},
		{"never who was assigned afterwards", false, "0 rating_requested, 1 assigned ben, 2 rating 5", "", ""},
		{"who replied afterwards, if nobody was there before", false, "0 rating_requested, 1 assigned ben, 2 reply ana, 3 rating 5", "", "ana"},
		{"an assistant", false, "0 assigned ben, 1 assistant fin, 2 rating_requested, 3 rating 5", "fin", "fin"},
		{"a person after an assistant", false, "0 assistant fin, 1 reply ana, 2 rating_requested, 3 rating 5", "ana", "ana"},
		{"not automation", false, "0 reply ana, 1 bot ack, 2 rating_requested, 3 rating 5", "ana", "ana"},
		{"not who has no name", false, "0 reply ana, 1 assistant, 2 reply, 3 rating_requested, 4 rating 5", "ana", "ana"},
		{"unsolicited: who replied before the rating", false, "0 reply ana, 1 reply ben, 2 rating 5", "-", "ben"},
		{"unsolicited: who is assigned", false, "0 assigned ben, 1 rating 5", "-", "ben"},
		{"each request its own", false, "0 rating_requested ana, 1 rating 1, 2 rating_requested ben, 3 rating 5", "ben", "ben"},
		{"assigned first, by the rules", true, "0 reply ana, 1 assigned ben, 2 rating_requested, 3 assigned cid, 4 rating 5", "ben", "ben"},
		{"unless somebody is named", true, "0 assigned ben, 1 rating_requested ana, 2 rating 5", "ana", "ana"},
		{"or nobody is assigned", true, "0 reply ana, 1 rating_requested, 2 assigned cid, 3 rating 5", "ana", "ana"},
		{"unsolicited, by the rules", true, "0 reply ana, 1 assigned ben, 2 rating 5", "-", "ben"},
	} {
		h := story(t, tt.story).Read(metrics.Rules{CreditAssigned: tt.creditAssigned}, minute(60))
		b := metrics.NewBreakdown(metrics.Facet.Agent)
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
		request, given := metrics.AgentID("-"), metrics.AgentID("-")
		for agent := range b.Keys() {
			f := b.Group(agent)
			if f.Ratings.AtLeast(5).Part > 0 {
				given = agent
			}
			if r := f.Requests.Response.Whole; r > 0 && (request == "-" || agent == tt.request) {
				request = agent
			}
			if f.Volume.RatingRequested != f.Requests.Response.Whole {
				t.Errorf("%s: %q has %d requests, of which %d count", tt.name, agent, f.Volume.RatingRequested, f.Requests.Response.Whole)
			}
		}
		if request != tt.request || given != tt.rating {
			t.Errorf("%s: the request is about %q, want %q, the rating %q, want %q", tt.name, request, tt.request, given, tt.rating)
		}
	}
}

// What becomes of requests, and which ratings count.
func TestRequests(t *testing.T) {
	hour := metrics.Rules{RatingExpires: time.Hour}
	each := metrics.Rules{CountEachRating: true}
	two := metrics.Rules{RatingExpires: 2 * time.Minute}
	requests := func(part, whole, pending, replaced, unsolicited int64) metrics.Requests {
		return metrics.Requests{Response: stat.Ratio{Part: part, Whole: whole}, Pending: pending, Replaced: replaced, Unsolicited: unsolicited}
	}
	for _, tt := range []struct {
		name  string
		rules metrics.Rules
		asOf  time.Duration
		story string
		want  metrics.Requests
		stars []rating.Stars
	}{
		{"two ratings of one request", metrics.Rules{}, time.Hour, "0 rating_requested, 1 rating 1, 2 rating 4", requests(1, 1, 0, 0, 0), []rating.Stars{4}},
		{"both, by the rules", each, time.Hour, "0 rating_requested, 1 rating 1, 2 rating 4", requests(1, 1, 0, 0, 0), []rating.Stars{1, 4}},
		{"without requests", metrics.Rules{}, time.Hour, "0 rating 1, 1 rating 4", requests(0, 0, 0, 0, 1), []rating.Stars{4}},
		{"without requests, all", each, time.Hour, "0 rating 1, 1 rating 4", requests(0, 0, 0, 0, 2), []rating.Stars{1, 4}},
		{"before a request", metrics.Rules{}, time.Hour, "0 rating 1, 1 rating 2, 2 rating_requested, 3 rating 5", requests(1, 1, 0, 0, 1), []rating.Stars{2, 5}},
		{"before a request without an answer", metrics.Rules{}, time.Hour, "0 rating 2, 1 rating_requested", requests(0, 1, 0, 0, 1), []rating.Stars{2}},
		{"three requests, the last answered", metrics.Rules{}, time.Hour, "0 rating_requested, 1 rating_requested, 2 rating_requested, 3 rating 5", requests(1, 1, 0, 2, 0), []rating.Stars{5}},
		{"pending", hour, time.Hour - 1, "0 rating_requested", requests(0, 0, 1, 0, 0), nil},
		{"expired", hour, time.Hour, "0 rating_requested", requests(0, 1, 0, 0, 0), nil},
		{"answered at once", hour, time.Minute, "0 rating_requested, 1 rating 5", requests(1, 1, 0, 0, 0), []rating.Stars{5}},
		{"answered late", two, time.Hour, "0 rating_requested, 3 rating 5", requests(1, 1, 0, 0, 0), []rating.Stars{5}},
		{"replaced while pending", hour, 2 * time.Minute, "0 rating_requested, 1 rating_requested", requests(0, 0, 1, 1, 0), nil},
		{"asked again before it expired", two, time.Hour, "0 rating_requested, 1 rating_requested, 2 rating 5", requests(1, 1, 0, 1, 0), []rating.Stars{5}},
		{"asked again as it expired", two, time.Hour, "0 rating_requested, 2 rating_requested, 3 rating 5", requests(1, 2, 0, 0, 0), []rating.Stars{5}},
		{"never expires", metrics.Rules{RatingExpires: 1<<63 - 1}, 1000 * time.Hour, "0 rating_requested", requests(0, 0, 1, 0, 0), nil},
		{"below zero is zero", metrics.Rules{RatingExpires: -1}, time.Minute, "0 rating_requested, 1 rating_requested", requests(0, 1, 0, 1, 0), nil},
	} {
		h := story(t, tt.story).Read(tt.rules, nine.Add(tt.asOf))
		if got := h.Requests(); got != tt.want || !slices.Equal(h.Ratings(), tt.stars) {
			t.Errorf("%s: %+v, %v, want %+v, %v", tt.name, got, h.Ratings(), tt.want, tt.stars)
		}
	}
	var none metrics.History
	if none.Requests() != (metrics.Requests{}) {
		t.Error("the zero History was asked")
	}
}

// Within each group figures fit together, however coarse or fine the groups are.
func TestCentreLaws(t *testing.T) {
	properties := laws(t, 2000)
	fits := func(f *metrics.Figures) string {
		r := f.Requests
		switch share, rest := f.Abandonment(), f.AbandonmentWithoutShort(); {
		case r.Response.Part < 0 || r.Response.Part > r.Response.Whole:
			return "more requests answered than asked"
		case f.Volume.RatingRequested != r.Response.Whole+r.Pending+r.Replaced:
			return "requests do not add up"
		case r.Unsolicited > f.Ratings.N():
			return "more ratings unsolicited than given"
		case f.ShortAbandoned > f.Elapsed.Abandoned.Count() || rest.Part < 0 || rest.Part > rest.Whole || share.Part > share.Whole:
			return "more waits abandoned than there are"
		case f.HandleTime.Count() > f.Cases:
			return "more cases handled than there are"
		}
		sum, least := decimal.Zero, int64(0)
		for _, s := range f.Handling {
			sum, least = sum.Add(s.Sum()), max(least, s.Count())
		}
		if !sum.Equal(f.HandleTime.Sum()) || least > f.HandleTime.Count() {
			return "activities are not the handle time"
		}
		return ""
	}
	properties.Property("in any group", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		log, r := logOf(t, events(steps, false)), rulesOf(rules)
		b, all := added(log, r, asOf, metrics.Facet.Agent), &metrics.Figures{AsOf: time.Unix(0, asOf).UTC()}
		for agent := range b.Keys() {
			f := b.Group(agent)
			if text := fits(f); text != "" {
				return fmt.Sprintf("%q: %s", agent, text)
			}
			if err := all.Merge(f); err != nil {
				return err.Error()
			}
		}
		if text := fits(all); text != "" || !same(all, b.Total()) {
			return "in total: " + text
		}
		// Each answered request has one rating, and without requests each case has one.
		if n := all.Requests.Response.Part + all.Requests.Unsolicited; n > all.Ratings.N() || n < all.Ratings.N() && !r.CountEachRating {
			return fmt.Sprintf("%d ratings, of %d answers", all.Ratings.N(), n)
		}
		return ""
	}, genSteps(), genRules(), genAt()))
	properties.TestingRun(t)
}

// A pending request keeps a conversation from being settled, until it expires.
func TestPendingRequestsAreNotSettled(t *testing.T) {
	rules := metrics.Rules{RatingExpires: time.Hour}
	tracker := trackerOf(rules, metrics.Whole)
	list := []metrics.Event{
		metrics.MessageReceived{Conversation: "7", At: minute(0)},
		metrics.Resolved{Conversation: "7", At: minute(1)},
		metrics.RatingRequested{Conversation: "7", At: minute(2)},
	}
	track(t, tracker, list...)
	log := logOf(t, list)
	for _, tt := range []struct {
		asOf    time.Time
		settled int64
	}{{minute(2), 0}, {minute(62).Add(-1), 0}, {minute(62), 1}} {
		if n := log.Read(rules, tt.asOf).Settled().Figures().Conversations; n != tt.settled {
			t.Errorf("as of %v %d are settled, want %d", tt.asOf, n, tt.settled)
		}
	}
	if n := log.Read(metrics.Rules{}, minute(2)).Settled().Figures().Conversations; n != 1 {
		t.Errorf("without a limit %d are settled, want 1", n)
	}
	if n := closeSettled(tracker, minute(62), nil); n != 0 {
		t.Fatal("closed while the request is pending")
	}
	if n := closeSettled(tracker, minute(62).Add(1), nil); n != 1 {
		t.Fatal("not closed after it expired")
	}
	if until := stateOf(tracker).Until; !until.Equal(minute(62)) {
		t.Errorf("right from %v on, want %v", until, minute(62))
	}
	b, err := tracker.AsOf(minute(62))
	if err != nil {
		t.Fatal(err)
	}
	if f := b.Total(); f.Requests.Response != (stat.Ratio{Whole: 1}) || f.Requests.Pending != 0 {
		t.Errorf("after it was closed: %+v", f.Requests)
	}
	if _, err := tracker.AsOf(minute(61)); err == nil {
		t.Error("as of an instant at which it was pending")
	}
	// What came after it expired counts too.
	later := trackerOf(rules, metrics.Whole)
	track(t, later, append(list, metrics.ReplySent{Conversation: "7", At: minute(90)})...)
	if n := closeSettled(later, minute(90), nil); n != 0 {
		t.Error("closed before its last event")
	}
	if n := closeSettled(later, minute(91), nil); n != 1 || !stateOf(later).Until.Equal(minute(90)) {
		t.Errorf("%d closed, right from %v on", n, stateOf(later).Until)
	}
	// One that never expires never settles; an answered one does at once.
	forever := trackerOf(metrics.Rules{RatingExpires: 1<<63 - 1}, metrics.Whole)
	track(t, forever, append(list,
		metrics.RatingRequested{Conversation: "8", At: minute(3)},
		metrics.RatingGiven{Conversation: "8", At: minute(4), Stars: 3})...)
	if n := closeSettled(forever, minute(5), nil); n != 1 {
		t.Errorf("%d closed, want the answered one", n)
	}
}

func TestShortAbandoned(t *testing.T) {
	for _, tt := range []struct {
		limit, waited time.Duration
		short         int64
	}{{0, 0, 0}, {5, 4, 1}, {5, 5, 1}, {5, 6, 0}, {5, 0, 1}, {-5, 0, 0}} {
		log := logOf(t, []metrics.Event{
			metrics.MessageReceived{Conversation: "7", At: minute(0)},
			metrics.Abandoned{Conversation: "7", At: minute(0).Add(tt.waited * time.Second)},
		})
		f := log.Read(metrics.Rules{ShortAbandon: tt.limit * time.Second}, minute(5)).Figures()
		if f.ShortAbandoned != tt.short || f.Abandonment() != (stat.Ratio{Part: 1, Whole: 1}) ||
			f.AbandonmentWithoutShort() != (stat.Ratio{Part: 1 - tt.short, Whole: 1 - tt.short}) {
			t.Errorf("%d s with a limit of %d s: %d short, %v, %v", tt.waited, tt.limit, f.ShortAbandoned, f.Abandonment(), f.AbandonmentWithoutShort())
		}
	}
	// A call in two pieces is one wait, which is not abandoned.
	f := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "call", At: minute(0)},
		metrics.Merged{Conversation: "call", At: minute(2), Into: "callback"},
		metrics.Opened{Conversation: "callback", At: minute(2)},
		metrics.ReplySent{Conversation: "callback", At: minute(5), Agent: "ana"},
		metrics.MessageReceived{Conversation: "bot", At: minute(0)},
		metrics.ReplySent{Conversation: "bot", At: minute(1), Agent: "fin", By: metrics.ByAssistant},
		metrics.MessageReceived{Conversation: "open", At: minute(0)},
		metrics.MessageReceived{Conversation: "closed", At: minute(0)},
		metrics.Resolved{Conversation: "closed", At: minute(1)},
	}).Read(metrics.Rules{}, minute(9)).Figures()
	if f.Abandonment() != (stat.Ratio{Whole: 2}) {
		t.Errorf("abandonment is %v, want 0 of an answered wait and a closed one", f.Abandonment())
	}
	if longest, _ := f.Elapsed.FirstResponse.Max(); longest != 5*time.Minute || f.Elapsed.FirstResponse.Count() != 1 {
		t.Errorf("a callback took %v", longest)
	}
}

// A breakdown from JSON has the handle times that were written, and takes more.
func TestHandleTimeOfGroups(t *testing.T) {
	log := logOf(t, []metrics.Event{
		metrics.Handled{Conversation: "7", At: minute(1), Took: 3, For: metrics.Talk},
		metrics.Handled{Conversation: "7", At: minute(2), Took: 4},
		metrics.Handled{Conversation: "8", At: minute(3), Took: 5, For: metrics.Talk},
	})
	b := added(log, metrics.Rules{}, lastInstant, metrics.Facet.Conversation)
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	again := metrics.NewBreakdown(metrics.Facet.Conversation)
	if err := json.Unmarshal(data, again); err != nil {
		t.Fatal(err)
	}
	for _, id := range []metrics.ConversationID{"7", "8"} {
		if got, want := again.Group(id), b.Group(id); !same(got, want) || want.HandleTime.Count() != 1 {
			t.Errorf("%s: %s, want %s", id, text(got), text(want))
		}
	}
	if n := again.Total().Handling[metrics.Talk].Count(); n != 2 {
		t.Errorf("%d conversations with talk", n)
	}
	// Nothing tells a reader of JSON that both are there.
	for in, want := range map[string][2]int64{
		`{"":{"handle_time":{"n":1,"sum_ns":5,"min_ns":5,"max_ns":5,"values_ns":[5]}}}`:       {1, 0},
		`{"":{"handling":{"talk":{"n":1,"sum_ns":5,"min_ns":5,"max_ns":5,"values_ns":[5]}}}}`: {0, 1},
		`{"":{}}`: {0, 0},
	} {
		var read metrics.Breakdown[string]
		if err := json.Unmarshal([]byte(in), &read); err != nil {
			t.Fatal(err)
		}
		f := read.Group("")
		if got := [2]int64{f.HandleTime.Count(), int64(len(f.Handling))}; got != want {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
}

func TestHandleTime(t *testing.T) {
	handled := func(took time.Duration, activity string) metrics.Record {
		return metrics.Record{Type: metrics.KindHandled, Took: metrics.Took(took), For: activity}
	}
	const longest = time.Duration(1<<63 - 1)
	for _, tt := range []struct {
		list []metrics.Record
		sum  time.Duration
		ok   bool
		by   map[metrics.Activity]time.Duration
	}{
		{nil, 0, false, map[metrics.Activity]time.Duration{}},
		{[]metrics.Record{handled(3, "talk"), handled(4, ""), handled(5, "talk")}, 12, true, map[metrics.Activity]time.Duration{"talk": 8, "": 4}},
		{[]metrics.Record{handled(longest, "talk"), handled(1, "talk"), handled(2, "hold")}, longest, true,
			map[metrics.Activity]time.Duration{"talk": longest, "hold": 2}},
		{[]metrics.Record{handled(longest-1, "talk"), handled(1, "hold")}, longest, true, map[metrics.Activity]time.Duration{"talk": longest - 1, "hold": 1}},
		{[]metrics.Record{handled(3, "talk"), {Type: metrics.KindDiscarded}}, 0, false, map[metrics.Activity]time.Duration{}},
		{[]metrics.Record{{Type: metrics.KindResolved}, handled(3, "wrap_up")}, 3, true, map[metrics.Activity]time.Duration{"wrap_up": 3}},
		{[]metrics.Record{{Type: metrics.KindHandled, Took: 3, ID: "h"}, {Type: metrics.KindRetracted, Retracts: "h"}}, 0, false, map[metrics.Activity]time.Duration{}},
	} {
		list := []metrics.Event{metrics.Opened{Conversation: "7", At: minute(0)}}
		for i, r := range tt.list {
			r.Conversation, r.At = "7", minute(1+i)
			e, err := r.Event()
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, e)
		}
		c, err := metrics.NewConversation(list...)
		if err != nil {
			t.Fatal(err)
		}
		h := historyOf(c, metrics.Rules{})
		sum, ok := h.HandleTime()
		if by := h.Handling(); sum != tt.sum || ok != tt.ok || !maps.Equal(by, tt.by) {
			t.Errorf("%+v: %v, %v, %v", tt.list, sum, ok, by)
		}
		if kept := h.Clone(); !maps.Equal(kept.Handling(), tt.by) {
			t.Errorf("%+v: a clone has %v", tt.list, kept.Handling())
		}
	}
	var none metrics.History
	if sum, ok := none.HandleTime(); sum != 0 || ok || len(none.Handling()) != 0 {
		t.Error("the zero History was handled")
	}
}
