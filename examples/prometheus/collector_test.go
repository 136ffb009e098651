package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/standards"
)

// What a scrape shows is what the library says when it is asked by channel.
func TestFigures(t *testing.T) {
	d := sampleDesk(t)
	d.rules.Calendar = office(t)
	for _, asOf := range []time.Time{at(t, "2026-01-20T10:00:00Z"), at(t, "2026-03-02T12:30:00Z"), d.log.Latest()} {
		got, _ := scrape(t, d.collector(asOf, namesIn(&d.log)))
		reading := d.log.Read(d.rules, asOf)
		byChannel, backlog := metrics.NewBreakdown(metrics.Facet.Channel), flow.NewBacklog(metrics.Facet.Channel)
		if err := reading.Into(byChannel, backlog); err != nil {
			t.Fatal(err)
		}
		check := func(want float64, name string, labels ...string) {
			t.Helper()
			if v := got.sum("servicequality_"+name, labels...); v != want {
				t.Errorf("%v: %s%v is %v, want %v", asOf, name, labels, v, want)
			}
		}
		channels := 0
		for channel := range byChannel.Keys() {
			channels++
			f, stock := byChannel.Group(channel), backlog.Stock(channel)
			on := label("channel", string(channel))
			check(float64(f.Cases), "conversations", on)
			check(float64(f.Backlog), "open_conversations", on)
			check(float64(stock.Count()-stock.Older(24*time.Hour, nil)), "open_conversations", on, `age="up_to_1d"`)
			check(float64(stock.Older(24*time.Hour, nil)-stock.Older(72*time.Hour, nil)), "open_conversations", on, `age="1d_to_3d"`)
			check(float64(stock.Older(72*time.Hour, nil)-stock.Older(168*time.Hour, nil)), "open_conversations", on, `age="3d_to_7d"`)
			check(float64(stock.Older(168*time.Hour, nil)), "open_conversations", on, `age="over_7d"`)
			oldest := 0.0
			for _, o := range stock.Oldest(1) {
				oldest = asOf.Sub(o.Since).Seconds()
			}
			check(oldest, "oldest_open_conversation_age_seconds", on)
			check(float64(f.Elapsed.CycleResolution.Count()), "resolutions", on)
			check(float64(f.Reopens), "reopenings", on)
			check(float64(f.Elapsed.StillWaiting.Count()), "waiting_customers", on)
			longest, _ := f.Elapsed.StillWaiting.Max()
			check(longest.Seconds(), "longest_wait_seconds", on)
			for outcome, n := range map[metrics.Outcome]int64{
				metrics.Answered: f.Elapsed.Response.Count(), metrics.AnsweredByAssistant: f.Elapsed.ByAssistant.Count(),
				metrics.AnsweredByAutomation: f.Elapsed.ByAutomation.Count(), metrics.ClosedUnanswered: f.ClosedUnanswered,
				metrics.GaveUp: f.Elapsed.Abandoned.Count(), metrics.Moved: f.Moved,
			} {
				check(float64(n), "waits", on, label("outcome", outcome.String()))
			}
			check(float64(f.Volume.Messages), "messages", on)
			check(float64(f.Volume.Replies), "replies", on, `by="person"`)
			check(float64(f.Volume.Assistant), "replies", on, `by="assistant"`)
			check(float64(f.Volume.Automated), "replies", on, `by="automation"`)
			for i, n := range f.Ratings.Counts() {
				check(float64(n), "ratings", on, label("stars", strconv.Itoa(i+1)))
			}
			check(float64(f.Volume.RatingRequested), "rating_requests", on)
			check(float64(f.Requests.Response.Part), "rating_requests", on, `outcome="answered"`)
			for name, s := range map[string]*metrics.Summary{
				"first_response": &f.Elapsed.FirstResponse, "response": &f.Elapsed.Response,
				"assistant_response": &f.Elapsed.ByAssistant, "abandonment": &f.Elapsed.Abandoned,
				"first_resolution":              &f.Elapsed.FirstResolution,
				"first_response_while_open":     &f.InHours.FirstResponse,
				"response_while_open":           &f.InHours.Response,
				"assistant_response_while_open": &f.InHours.ByAssistant,
				"abandonment_while_open":        &f.InHours.Abandoned,
				"first_resolution_while_open":   &f.InHours.FirstResolution,
			} {
				check(float64(s.Count()), name+"_seconds_count", on)
				sum, _ := s.Sum().Float64()
				check(sum, name+"_seconds_sum", on)
				for _, bound := range boundsOf(d.policy) {
					n := 0
					for v, times := range s.All() {
						if v <= bound {
							n += int(times)
						}
					}
					check(float64(n), name+"_seconds_bucket", on, label("le", strconv.FormatFloat(bound.Seconds(), 'f', -1, 64)))
				}
			}
		}
		if channels != 3 {
			t.Errorf("%v: %d channels", asOf, channels)
		}
		check(float64(asOf.Unix()), "as_of_timestamp_seconds")
	}
}

// What became of the promises is what one finds by judging each conversation.
func TestPromises(t *testing.T) {
	d := sampleDesk(t)
	for i := range d.policy.Targets {
		d.policy.Targets[i].Warn.Part, d.policy.Targets[i].Warn.Whole = 1, 2
	}
	promises := promisesOf(d.policy)
	seen := make(map[standards.Verdict]int)
	var states [3]int64
	for _, asOf := range []time.Time{at(t, "2026-01-20T10:00:00Z"), at(t, "2026-03-02T09:30:00Z"), d.log.Latest()} {
		got, _ := scrape(t, d.collector(asOf, namesIn(&d.log)))
		type cell struct {
			index   int
			channel metrics.Channel
			verdict standards.Verdict
		}
		want := make(map[cell]float64)
		board := standards.NewBoard(d.policy)
		if err := d.log.Read(d.rules, asOf).Into(board); err != nil {
			t.Fatal(err)
		}
		for h := range d.log.Read(d.rules, asOf).Histories() {
			for f := range d.policy.Findings(h) {
				want[cell{f.Index, f.Channel, f.Verdict}]++
				seen[f.Verdict]++
			}
		}
		for i, p := range promises {
			name := label("promise", p.name)
			measured := p.target.Measure != standards.TimeToAssign // nobody is ever assigned
			for _, channel := range []metrics.Channel{metrics.Email, metrics.Chat, metrics.Phone} {
				unmeasured := 0.0
				for _, v := range []standards.Verdict{standards.Pending, standards.Met, standards.Breached, standards.Excluded} {
					n := want[cell{i, channel, v}]
					if !measured {
						unmeasured += n
						n = 0
					}
					if v := got.sum("servicequality_promises", name, label("channel", string(channel)), label("verdict", v.String())); v != n {
						t.Errorf("%v: %s on %s: %v %v, want %v", asOf, p.name, channel, v, v, n)
					}
				}
				if v := got.sum("servicequality_promises", name, label("channel", string(channel)), `verdict="not_measured"`); v != unmeasured {
					t.Errorf("%v: %s on %s: %v are not measured, want %v", asOf, p.name, channel, v, unmeasured)
				}
			}
		}
		overdue, near, fine := board.Promises()
		for state, n := range map[string]int64{"overdue": overdue, "near": near, "fine": fine} {
			v := got.sum("servicequality_open_promises", label("state", state))
			for _, f := range board.Rows() {
				if f.Target.Measure == standards.TimeToAssign && stateNames[stateOf(f, asOf)] == state {
					v++
				}
			}
			if v != float64(n) {
				t.Errorf("%v: %v promises are %s, want %d", asOf, v, state, n)
			}
		}
		states[0], states[1], states[2] = states[0]+overdue, states[1]+near, states[2]+fine
		if v := got.sum("servicequality_promise_goal_ratio", label("promise", "solution")); v != 0.75 {
			t.Errorf("goal %v", v)
		}
	}
	if seen[standards.Met] < 500 || seen[standards.Breached] < 100 || seen[standards.Pending] < 2 {
		t.Errorf("verdicts %v", seen)
	}
	if slices.Min(states[:]) == 0 {
		t.Errorf("open promises by state: %v, not all are tested", states)
	}
}

func TestLint(t *testing.T) {
	d := sampleDesk(t)
	d.rules.Calendar = office(t)
	families, err := newRegistry(d.collector(d.log.Latest(), namesIn(&d.log))).Gather()
	if err != nil {
		t.Fatal(err)
	}
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	if err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	described := make(chan *prometheus.Desc, 100)
	d.collector(d.log.Latest(), names{}).Describe(described)
	if len(families) != len(described) {
		t.Errorf("%d metrics, %d are described: the sample does not show all", len(families), len(described))
	}
}

// The counter never falls while time goes on. The gauges do, and the histograms too, but
// those only if a conversation is discarded.
func TestCourse(t *testing.T) {
	d := sampleDesk(t)
	// Twice a day, and just before and at each instant at which a conversation is discarded.
	var looks []time.Time
	discarded := make(map[time.Time]bool)
	for now, to := d.log.Earliest().Add(-time.Hour), d.log.Latest().Add(12*time.Hour); now.Before(to); now = now.Add(12 * time.Hour) {
		looks = append(looks, now)
	}
	for c := range d.log.Conversations() {
		for r := range c.Records() {
			if r.Type == metrics.KindDiscarded {
				discarded[r.At] = true
				looks = append(looks, r.At.Add(-1), r.At)
			}
		}
	}
	slices.SortFunc(looks, time.Time.Compare)
	fell := make(map[string]int)
	var before series
	types := make(map[string]dto.MetricType)
	for _, now := range looks {
		got, families := scrape(t, d.collector(now, namesIn(&d.log)))
		for name, f := range families {
			types[name] = f.GetType()
		}
		for s, v := range before {
			after, ok := got[s]
			if !ok {
				t.Errorf("%v: %s ends", now, s)
			}
			if after >= v {
				continue
			}
			name, labels, _ := strings.Cut(s, "{")
			switch base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum"); {
			case name == "servicequality_events_total":
				t.Errorf("%v: the counter %s falls from %v to %v", now, s, v, after)
			case types[base] == dto.MetricType_HISTOGRAM && !discarded[now]:
				t.Errorf("%v: %s falls from %v to %v", now, s, v, after)
			case strings.Contains(labels, `verdict="breached"`):
				fell["breached"]++
			default:
				fell[base]++
			}
		}
		before = got
	}
	for name, kind := range types {
		if (kind == dto.MetricType_COUNTER) != (name == "servicequality_events_total") {
			t.Errorf("%s is a %v", name, kind)
		}
	}
	// The sample shows why they are gauges.
	for _, name := range []string{
		"servicequality_conversations", "servicequality_messages", "servicequality_waiting_customers", "breached",
		"servicequality_open_conversations", "servicequality_open_promises", "servicequality_promises",
	} {
		if fell[name] == 0 {
			t.Errorf("%s never falls: %v", name, fell)
		}
	}
	if before.sum("servicequality_events_total") != float64(d.log.Len()) {
		t.Errorf("%v events, want %d", before.sum("servicequality_events_total"), d.log.Len())
	}
}

func TestEmptyDesk(t *testing.T) {
	_, policy, err := readPolicy("")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []standards.Policy{{}, policy} {
		d := deskOf(t, p)
		got, _ := scrape(t, d.collector(at(t, "2026-03-02T12:00:00Z"), namesIn(&d.log)))
		for s, want := range map[string]float64{
			"servicequality_events_total{}": 0, `servicequality_folded_names{label="channel"}`: 0,
			`servicequality_folded_names{label="team"}`: 0, "servicequality_as_of_timestamp_seconds{}": 1772452800,
		} {
			if v, ok := got[s]; !ok || v != want {
				t.Errorf("%s is %v, %v", s, v, ok)
			}
		}
		if want := 4 + 4*min(1, len(p.Targets)) + len(p.Targets); len(got) != want {
			t.Errorf("%d series, want %d: %v", len(got), want, got)
		}
	}
}

// What cannot be known makes the scrape fail, and is not shown as nothing.
func TestFailure(t *testing.T) {
	c := newCollector(standards.Policy{}, names{}, func() (*snapshot, error) { return nil, errors.New("the database is away") })
	answer := httptest.NewRecorder()
	newHandler(newRegistry(c)).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), "the database is away") {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	if err := write(io.Discard, newRegistry(c)); err == nil {
		t.Error("it is printed")
	}
	if err := write(broken{}, newRegistry(sampleDesk(t).collector(time.Now(), names{}))); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Counts that do not add up are refused, before anything is added.
func TestMerge(t *testing.T) {
	d := sampleDesk(t)
	count := func(p standards.Policy, asOf time.Time) *counts {
		c := newCounts(p)
		if err := d.log.Read(d.rules, asOf).Into(c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	asOf := at(t, "2026-02-02T12:00:00Z")
	c := count(d.policy, asOf)
	before, err := c.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for want, other := range map[error]*counts{
		metrics.ErrOtherTerms:    count(d.policy, asOf.Add(1)),
		metrics.ErrTwice:         count(d.policy, asOf),
		standards.ErrOtherPolicy: newCounts(standards.Policy{}),
	} {
		if err := c.Merge(other); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
		if after, err := c.MarshalJSON(); err != nil || string(after) != string(before) {
			t.Errorf("%v: something was added, %v", want, err)
		}
	}
	later := d.log.Read(d.rules, asOf.Add(time.Hour))
	for h := range later.Histories() {
		if err := c.Add(h); !errors.Is(err, metrics.ErrOtherTerms) {
			t.Fatalf("%v", err)
		}
	}
	// Two halves are the whole.
	whole, halves := count(d.policy, asOf), newCounts(d.policy)
	for _, part := range d.log.Read(d.rules, asOf).Parts(2) {
		half := newCounts(d.policy)
		if err := part.Into(half); err != nil {
			t.Fatal(err)
		}
		if err := halves.Merge(half); err != nil {
			t.Fatal(err)
		}
	}
	a, errA := whole.MarshalJSON()
	b, errB := halves.MarshalJSON()
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("the halves are not the whole: %v, %v", errA, errB)
	}
}

// made returns conversations on channels and in teams of some names.
func made(n int, from time.Time, channel func(i int) metrics.Channel, team func(i int) metrics.TeamID) (events []metrics.Event) {
	for i := range n {
		id, start := metrics.ConversationID(fmt.Sprintf("M-%05d", i)), from.Add(time.Duration(i)*time.Minute)
		events = append(events,
			metrics.MessageReceived{Conversation: id, At: start, Channel: channel(i)},
			metrics.Assigned{Conversation: id, At: start.Add(time.Second), Team: team(i), Agent: "a"},
			metrics.ReplySent{Conversation: id, At: start.Add(time.Duration(i%50) * 11 * time.Second).Add(2 * time.Second), Agent: "a"},
		)
	}
	return events
}

// However many channels and teams there are, the series are not more than those named. What
// is folded is still counted.
func TestCardinality(t *testing.T) {
	_, policy, err := readPolicy("")
	if err != nil {
		t.Fatal(err)
	}
	const n = 3000
	channel := func(i int) metrics.Channel { return metrics.Channel(fmt.Sprintf("channel %d", i%1000)) }
	team := func(i int) metrics.TeamID { return metrics.TeamID(fmt.Sprintf("team %d", i)) }
	d := deskOf(t, policy, made(n, at(t, "2026-03-02T08:00:00Z"), channel, team)...)
	d.rules.Calendar = office(t)
	got, families := scrape(t, d.collector(d.log.Latest(), namesIn(&d.log)))
	groups := (mostChannels + 2) * (mostTeams + 2)
	perHistogram := len(boundsOf(policy)) + 3
	bound := 5 + 2*len(policy.Targets) + mostChannels + 2 + groups*(28+2*len(times)*perHistogram+8*len(policy.Targets))
	if len(got) > bound {
		t.Errorf("%d series, want at most %d", len(got), bound)
	}
	for name, f := range families {
		if strings.HasSuffix(name, "waiting_customers") && len(f.GetMetric()) > groups {
			t.Errorf("%d groups", len(f.GetMetric()))
		}
	}
	if v := got.sum("servicequality_conversations"); v != n {
		t.Errorf("%v conversations", v)
	}
	if v := got.sum("servicequality_first_response_seconds_count"); v != n {
		t.Errorf("%v first responses", v)
	}
	if v := got.sum("servicequality_conversations", `channel="other"`); v != n-mostChannels*n/1000 {
		t.Errorf("%v conversations on other channels", v)
	}
	if c, m := got.sum("servicequality_folded_names", `label="channel"`), got.sum("servicequality_folded_names", `label="team"`); c != 1000-mostChannels || m != n-mostTeams {
		t.Errorf("%v channels and %v teams are folded", c, m)
	}
	var told strings.Builder
	namesIn(&d.log).tell(&told, &d.log)
	if lines := strings.Split(told.String(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], `prometheus: these channels are counted as "other": channel 10, `) ||
		!strings.HasSuffix(lines[0], "channel 19 and 980 more") || !strings.HasSuffix(lines[1], "team 29 and 2970 more") {
		t.Errorf("%s", &told)
	}
	for i := range mostChannels {
		if got.sum("servicequality_conversations", label("channel", string(channel(i)))) != n/1000 {
			t.Errorf("channel %d has no series of its own", i)
		}
	}
}

// Names keep their series while other names come and overtake them.
func TestNamesDoNotFlap(t *testing.T) {
	start := at(t, "2026-03-02T08:00:00Z")
	var channels []string
	for i := range 30 {
		channels = append(channels, fmt.Sprintf("c%02d", i))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var d desk
	own := make(map[string]bool)
	for i := range 400 {
		// Later channels are busier.
		c := channels[rng.IntN(1+min(29, i/10))]
		e := metrics.MessageReceived{Conversation: metrics.ConversationID(fmt.Sprint(i)), At: start.Add(time.Duration(i) * time.Minute), Channel: metrics.Channel(c)}
		if err := d.log.Append(e); err != nil {
			t.Fatal(err)
		}
		now := namesIn(&d.log).channels
		for name := range own {
			if !now[name] {
				t.Fatalf("after %d events %s is folded", i, name)
			}
		}
		own = now
	}
	if len(own) != mostChannels {
		t.Errorf("%d names", len(own))
	}
}

func TestHostileNames(t *testing.T) {
	long := strings.Repeat("long ", 12<<10)
	hostile := []string{"a\nb", `say "hi"`, `back\slash`, "nul\x00", "\u202eright to left", long, "other", "none", "{}", " ", "\u2028", "ü", "a\r\nb"}
	policy := standards.Policy{Targets: []standards.Target{
		{Name: "bad \xff\xfe utf-8\n\"\\", Within: standards.BudgetOf(time.Minute), Agreement: "x\xff\ny"},
		{Name: long, Within: standards.BudgetOf(time.Minute), Channels: []metrics.Channel{"none"}},
		{Name: long + "2", Within: standards.BudgetOf(time.Minute)},
		{Name: long + "2", Within: standards.BudgetOf(time.Minute), Agreement: "y"},
		{Within: standards.BusinessDays(2), Calendar: office(t), Measure: standards.FirstResolution},
	}}
	d := deskOf(t, policy, made(5*len(hostile), at(t, "2026-03-02T08:00:00Z"),
		func(i int) metrics.Channel { return metrics.Channel(hostile[i%len(hostile)]) },
		func(i int) metrics.TeamID { return metrics.TeamID(hostile[(i/2)%len(hostile)]) })...)
	for _, n := range []names{namesIn(&d.log), newNames([]metrics.Channel{"a\nb", "\xff", metrics.Channel(long)}, nil), {}} {
		got, families := scrape(t, d.collector(d.log.Latest(), n))
		if v := got.sum("servicequality_conversations"); v != float64(5*len(hostile)) {
			t.Errorf("%v conversations", v)
		}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				for _, l := range m.GetLabel() {
					if v := l.GetValue(); v == "" || len(v) > 200 || strings.ContainsAny(v, "\n\r\x00") {
						t.Errorf("%s: %s=%.100q, %d bytes", f.GetName(), l.GetName(), v, len(v))
					}
				}
			}
		}
	}
	got, _ := scrape(t, d.collector(d.log.Latest(), newNames([]metrics.Channel{"a\nb"}, []metrics.TeamID{"ü"})))
	if got.sum("servicequality_conversations", `channel="a b"`) != 10 || got.sum("servicequality_waits", `team="ü"`) == 0 {
		t.Error("the names that are given have no series")
	}
	seen := make(map[string]bool)
	for _, p := range promisesOf(policy) {
		if seen[p.name] {
			t.Errorf("two promises are named %q", p.name)
		}
		seen[p.name] = true
	}
}

// Equal names are told apart, and a name that is already what another one becomes is too.
func TestPromiseNames(t *testing.T) {
	minute, hour := standards.BudgetOf(time.Minute), standards.BudgetOf(time.Hour)
	var got []string
	for _, p := range promisesOf(standards.Policy{Targets: []standards.Target{
		{Name: "answer", Within: minute}, {Name: "answer", Within: hour}, {Name: "answer", Within: minute},
		{Name: "answer, 1m", Within: hour}, {Name: "solve", Within: hour}, {Within: hour}, {Name: "solve", Within: hour, Agreement: "inner"},
	}}) {
		got = append(got, p.name+"|"+p.agreement)
	}
	want := []string{"answer, 1m|customer", "answer, 1h|customer", "answer, 1m #3|customer", "answer, 1m #4|customer", "solve|customer", "first_response|customer", "solve (inner)|inner"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A tracker that closes conversations, and goes on elsewhere from what it saved, shows what
// a log of all events does.
func TestTracker(t *testing.T) {
	d := sampleDesk(t)
	empty := func() *counts { return newCounts(d.policy) }
	tracker := metrics.NewTracker(d.rules, empty)
	taken, closed := 0, 0
	var last time.Time
	events := d.events(t)
	for i, e := range events {
		if err := tracker.Append(e); err != nil {
			t.Fatal(err)
		}
		last = metrics.RecordOf(e).At
		if taken++; i%500 != 499 {
			continue
		}
		n, err := tracker.Close(last.AddDate(0, 0, -30), nil)
		if err != nil {
			t.Fatal(err)
		}
		closed += n
	}
	show := func(tracker *metrics.Tracker[*counts]) series {
		got, _ := scrape(t, newCollector(d.policy, namesIn(&d.log), func() (*snapshot, error) {
			c, err := tracker.AsOf(last)
			if err != nil {
				return nil, err
			}
			s, err := newSnapshot(c, tracker.Live(last), d.policy)
			if err == nil {
				s.taken, s.last = taken, last
			}
			return s, err
		}))
		return got
	}
	want, _ := scrape(t, d.collector(last, namesIn(&d.log)))
	if closed < 100 {
		t.Errorf("only %d conversations were closed", closed)
	}
	got := show(tracker)
	for s, v := range want {
		if got[s] != v {
			t.Errorf("%s is %v, want %v", s, got[s], v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d series, want %d", len(got), len(want))
	}
	state, err := tracker.State()
	if err != nil {
		t.Fatal(err)
	}
	saved, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	var read metrics.TrackerState
	if err := json.Unmarshal(saved, &read); err != nil {
		t.Fatal(err)
	}
	again := metrics.NewTracker(d.rules, empty)
	if err := again.Restore(read); err != nil {
		t.Fatal(err)
	}
	if after := show(again); !maps.Equal(after, got) {
		t.Error("what was saved shows something else")
	}
}

// events returns the events of the log in the order of time.
func (d *desk) events(t testing.TB) (events []metrics.Event) {
	t.Helper()
	var records []metrics.Record
	for c := range d.log.Conversations() {
		for r := range c.Records() {
			records = append(records, r)
		}
	}
	slices.SortStableFunc(records, func(a, b metrics.Record) int { return a.At.Compare(b.At) })
	for _, r := range records {
		e, err := r.Event()
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

func TestKeyText(t *testing.T) {
	for _, k := range []key{{}, {"email", ""}, {"", "billing"}, {"a b", "1 c"}, {"12 ", " 3"}, {"é\n", "\x00"}} {
		text, err := k.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back key
		if err := back.UnmarshalText(text); err != nil || back != k {
			t.Errorf("%q: %q becomes %q, %v", k, text, back, err)
		}
	}
	for _, text := range []string{"", "x", "-1 a", "3 ab", "99999999999999999999 a"} {
		if err := new(key).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is a key", text)
		}
	}
}

func TestClock(t *testing.T) {
	start := at(t, "2026-06-01T00:00:00Z")
	c := clock{started: start, from: at(t, "2026-01-05T00:00:00Z"), to: at(t, "2026-01-06T00:00:00Z"), speed: 3600}
	for passed, want := range map[time.Duration]string{
		0: "2026-01-05T00:00:00Z", time.Second: "2026-01-05T01:00:00Z", 1500 * time.Millisecond: "2026-01-05T01:30:00Z",
		24 * time.Second: "2026-01-06T00:00:00Z", math.MaxInt64: "2026-01-06T00:00:00Z",
	} {
		if got := c.at(start.Add(passed)); !got.Equal(at(t, want)) {
			t.Errorf("after %v it is %v, want %s", passed, got, want)
		}
	}
}
