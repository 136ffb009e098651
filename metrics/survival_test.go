package metrics_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// awaited returns the wait that decides, and the first cycle, as the oracle
// reads them.
func (o oracle) awaited() (response, resolution *oracleSpan) {
	if !o.counts() {
		return nil, nil
	}
	waits := o.waits()
	if i := slices.IndexFunc(waits, func(w oracleSpan) bool { return w.decides }); i > 0 {
		waits = waits[i:]
	}
	if len(waits) > 0 {
		response = &waits[0]
	}
	if cycles, _ := o.cycles(); len(cycles) > 0 {
		resolution = &cycles[0]
	}
	return response, resolution
}

func TestAwaitedAgreesWithOracle(t *testing.T) {
	properties := laws(t, 4000)
	properties.Property("the wait, how it ended, and how long it was watched", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		list, r := events(steps, true), rulesOf(rules)
		c, err := metrics.NewConversation(list...)
		if err != nil {
			return err.Error()
		}
		at := time.Unix(0, asOf)
		all := oracle{rules: r, list: known(list, asOf)}.cases()
		h, o := c.Read(r, at), all[len(all)-1]
		response, resolution := o.awaited()
		check := func(what string, w metrics.Wait, ok bool, want *oracleSpan, pauses metrics.HoldReasons, credit func(oracleSpan) metrics.AgentID) string {
			if ok != (want != nil) {
				return fmt.Sprintf("%s: %v, want %v", what, ok, want)
			}
			if !ok {
				return ""
			}
			if w.Conversation != "a" || !w.Start.Equal(instantOf(want.start)) || !w.End.Equal(instantOf(want.end)) ||
				w.Outcome != want.outcome || w.Channel != want.channel || w.FirstResponse != want.decides {
				return fmt.Sprintf("%s: %+v, want %+v", what, w, *want)
			}
			if want.outcome == metrics.Answered && w.Agent != credit(*want) || want.outcome == metrics.Open && w.Agent != "" {
				return fmt.Sprintf("%s: agent %q, want %+v", what, w.Agent, *want)
			}
			for _, clock := range append([]metrics.Calendar{nil}, testHours, metrics.AroundTheClock) {
				in := clock
				if in == nil {
					in = metrics.AroundTheClock
				}
				expected := stat.Observation{
					Time:     o.length(in, want.start, min(want.end, asOf), pauses),
					Censored: want.outcome != metrics.Answered,
				}
				if got := w.Observation(clock); got != expected {
					return fmt.Sprintf("%s: %+v, want %+v", what, got, expected)
				}
				if got, want := w.Ending(clock), (stat.Ending{Time: expected.Time, Cause: int(want.outcome)}); got != want {
					return fmt.Sprintf("%s: %+v, want %+v", what, got, want)
				}
			}
			return ""
		}
		w, ok := h.AwaitedResponse()
		if text := check("response", w, ok, response, r.PauseStopsWaits, func(s oracleSpan) metrics.AgentID { return s.credit }); text != "" {
			return text
		}
		w, ok = h.AwaitedResolution()
		return check("resolution", w, ok, resolution, metrics.AnyReason, cycleAgent)
	}, genSteps(), genRules(), genAt()))
	properties.TestingRun(t)
}

// Those that are not censored are the durations of the figures, and the others
// are what the figures leave out.
func TestAwaitedStandsBesideFigures(t *testing.T) {
	properties := laws(t, 1000)
	properties.Property("durations", prop.ForAll(func(steps []step, rules int, asOf int64) string {
		r := rulesOf(rules)
		log, at := logOf(t, events(steps, false)), time.Unix(0, asOf)
		var response, resolution, nobody metrics.Summary
		for h := range log.Read(r, at).Histories() {
			_, waits := h.AwaitedResponse()
			if waits != (len(h.Waits()) > 0) {
				return fmt.Sprintf("awaited: %v, of %v", waits, h.Waits())
			}
			for _, awaited := range []struct {
				of func() (metrics.Wait, bool)
				to *metrics.Summary
			}{{h.AwaitedResponse, &response}, {h.AwaitedResolution, &resolution}} {
				to := &nobody
				w, ok := awaited.of()
				if ok && !w.Observation(nil).Censored {
					to = awaited.to
				}
				to.Add(w.Observation(nil).Time)
			}
		}
		f := added[string](log, r, asOf, nil).Total()
		if response.String() != f.Elapsed.FirstResponse.String() || !response.Sum().Equal(f.Elapsed.FirstResponse.Sum()) {
			return fmt.Sprintf("first response %v, figures %v", &response, &f.Elapsed.FirstResponse)
		}
		if resolution.String() != f.Elapsed.FirstResolution.String() || !resolution.Sum().Equal(f.Elapsed.FirstResolution.Sum()) {
			return fmt.Sprintf("first resolution %v, figures %v", &resolution, &f.Elapsed.FirstResolution)
		}
		return ""
	}, genSteps(), genRules(), genAt()))
	properties.TestingRun(t)
}

func TestAwaited(t *testing.T) {
	type rules = metrics.Rules
	tests := []struct {
		story                string
		rules                rules
		response, resolution string // time as of 60, outcome
	}{
		{"0 message, 20 reply ana, 30 resolved", rules{}, "20m0s answered", "30m0s answered"},
		{"0 message", rules{}, "1h0m0s open", "1h0m0s open"},
		{"0 message, 5 resolved", rules{}, "5m0s closed_unanswered", "5m0s answered"},
		{"0 message, 5 merged", rules{}, "5m0s moved", "5m0s moved"},
		{"0 message, 5 bot", rules{Automation: metrics.AutomationEnds}, "5m0s answered_by_automation", "1h0m0s open"},
		{"0 message, 5 assistant iris", rules{}, "5m0s answered_by_assistant", "1h0m0s open"},
		{"0 message, 5 assistant iris", rules{Assistant: metrics.AssistantAnswers}, "5m0s answered", "1h0m0s open"},
		{"0 message, 5 assistant iris", rules{Assistant: metrics.AssistantIgnored}, "1h0m0s open", "1h0m0s open"},
		{"0 message, 5 assistant iris, 9 assigned ana", rules{}, "51m0s open", "1h0m0s open"},
		{"0 message, 5 assistant iris, 9 assigned ana, 20 reply ana, 30 resolved", rules{}, "11m0s answered", "30m0s answered"},
		{"0 message, 5 abandoned", rules{}, "5m0s abandoned", "5m0s abandoned"},
		{"0 message, 3 reply, 5 abandoned", rules{}, "3m0s answered", "5m0s abandoned"},
		// Turned away, and back again.
		{"0 message, 5 resolved, 10 message, 30 reply", rules{}, "20m0s answered", "5m0s answered"},
		{"0 message, 5 resolved, 10 message", rules{}, "50m0s open", "5m0s answered"},
		{"0 message, 5 resolved, 10 message, 40 merged", rules{}, "5m0s closed_unanswered", "5m0s answered"},
		{"0 message, 3 reply, 10 message", rules{}, "3m0s answered", "1h0m0s open"},
		// Nobody waits.
		{"0 opened, 9 reply ana", rules{}, "none", "1h0m0s open"},
		{"0 reply ana", rules{}, "none", "none"},
		{"0 message, 9 discarded", rules{}, "none", "none"},
		{"0 reply ana, 5 message", rules{ExcludeTeamFirst: true}, "none", "none"},
		// Pauses.
		{"0 message, 10 paused", rules{}, "1h0m0s open", "10m0s open"},
		{"0 message, 10 paused", rules{PauseStopsWaits: metrics.AnyReason}, "10m0s open", "10m0s open"},
		{"0 message, 10 paused, 15 resumed, 20 reply, 30 resolved", rules{}, "20m0s answered", "25m0s answered"},
		{"0 message, 10 paused parts, 15 resumed, 20 reply, 30 resolved", rules{PauseStopsWaits: "parts"}, "15m0s answered", "25m0s answered"},
		{"0 message, 10 paused parts, 15 resumed, 20 reply, 30 resolved", rules{PauseStopsWaits: "customer"}, "20m0s answered", "25m0s answered"},
		{"0 message, 10 paused until=40", rules{PauseStopsWaits: metrics.AnyReason}, "30m0s open", "30m0s open"},
		{"0 message, 10 paused parts until=99", rules{PauseStopsWaits: metrics.AnyReason}, "10m0s open", "10m0s open"},
	}
	for _, tt := range tests {
		h := story(t, tt.story).Read(tt.rules, at(10, 0))
		show := func(w metrics.Wait, ok bool) string {
			if !ok {
				return "none"
			}
			return fmt.Sprint(w.Observation(metrics.AroundTheClock).Time, " ", w.Outcome)
		}
		if got := show(h.AwaitedResponse()); got != tt.response {
			t.Errorf("%s by %+v: response %s, want %s", tt.story, tt.rules, got, tt.response)
		}
		if got := show(h.AwaitedResolution()); got != tt.resolution {
			t.Errorf("%s by %+v: resolution %s, want %s", tt.story, tt.rules, got, tt.resolution)
		}
	}
	if _, ok := historyOf(metrics.Conversation{}, metrics.Rules{}).AwaitedResponse(); ok {
		t.Error("nothing is awaited")
	}
}

// waiting returns the survival curve of the first responses in stories, and
// their figures.
func waiting(t *testing.T, asOf time.Time, stories ...string) (stat.Survival, *metrics.Figures) {
	t.Helper()
	b := new(metrics.Breakdown[string])
	var observations []stat.Observation
	for _, line := range stories {
		c := story(t, line)
		h := c.Read(metrics.Rules{}, asOf)
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
		if w, ok := h.AwaitedResponse(); ok {
			observations = append(observations, w.Observation(nil))
		}
	}
	curve, err := stat.KaplanMeier(observations)
	if err != nil {
		t.Fatal(err)
	}
	return curve, b.Total()
}

// A desk that answers nobody has no response time, and everybody waits longer
// than it has been watched.
func TestNobodyIsAnswered(t *testing.T) {
	curve, f := waiting(t, at(10, 0), "0 message", "5 message", "10 message", "50 message", "59 message", "0 message, 2 bot")
	if median, ok := f.Elapsed.FirstResponse.Median(); ok {
		t.Errorf("median of no answers: %v", median)
	}
	median, err := curve.QuantileInterval(0.5, 0.95)
	if err != nil || median.HasEstimate || median.HasLow || median.HasHigh {
		t.Errorf("%+v, %v", median, err)
	}
	if s, err := curve.At(30*time.Minute, 0.95); err != nil || s.Estimate != 1 || curve.N() != 6 {
		t.Errorf("%v of %d, %v", s, curve.N(), err)
	}
}

// Closed unanswered is not still open: what ends in either way, and what goes on,
// are all customers.
func TestSomeAreTurnedAway(t *testing.T) {
	asOf := at(10, 0)
	var endings []stat.Ending
	for _, line := range []string{"0 message, 5 reply", "0 message, 10 resolved", "0 message, 20 reply", "0 message, 30 merged", "20 message", "0 reply"} {
		if w, ok := historyOf(story(t, line).AsOf(asOf), metrics.Rules{}).AwaitedResponse(); ok {
			endings = append(endings, w.Ending(nil))
		}
	}
	f, err := stat.CumulativeIncidence(endings)
	if err != nil || f.N() != 5 {
		t.Fatal(f.N(), err)
	}
	// Nobody is open before 40 minutes, so these are plain shares of five.
	for outcome, want := range map[metrics.Outcome]float64{metrics.Answered: 0.4, metrics.ClosedUnanswered: 0.2, metrics.Moved: 0.2} {
		if share, err := f.At(int(outcome), 35*time.Minute, 0.95); err != nil || math.Abs(share.Estimate-want) > 1e-15 {
			t.Errorf("%v: %v, %v", outcome, share, err)
		}
	}
	// The curve that takes the others for open answers another question.
	curve, _ := waiting(t, asOf, "0 message, 5 reply", "0 message, 10 resolved", "0 message, 20 reply", "0 message, 30 merged", "20 message")
	if s, err := curve.At(35*time.Minute, 0.95); err != nil || math.Abs(s.Estimate-4./5*2/3) > 1e-15 {
		t.Errorf("%v, %v", s, err)
	}
}

// Where everybody was answered, the curve is the plain share.
func TestEverybodyIsAnswered(t *testing.T) {
	var stories []string
	minutes := []int{1, 2, 2, 3, 5, 8, 13, 21, 34, 55}
	for _, m := range minutes {
		stories = append(stories, fmt.Sprintf("0 message, %d reply ana", m))
	}
	curve, f := waiting(t, at(10, 0), stories...)
	for m := range 60 {
		longer := 0
		for _, d := range minutes {
			if d > m {
				longer++
			}
		}
		s, err := curve.At(time.Duration(m)*time.Minute, 0.95)
		if want := float64(longer) / float64(len(minutes)); err != nil || s.Estimate != want {
			t.Errorf("%d of %d wait longer than %d min, curve %v, %v", longer, len(minutes), m, s, err)
		}
	}
	if n := f.Elapsed.FirstResponse.Count(); n != curve.N() {
		t.Errorf("%d answers, %d observed", n, curve.N())
	}
}
