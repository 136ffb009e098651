package standards_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// A publicCase is a row of testdata/cases_time.json: what somebody reported in public
// about the times of a helpdesk, or what an export is known to look like, with the
// numbers that are right, and why.
type publicCase struct {
	ID       string            `json:"id"`
	Source   string            `json:"source"`
	Title    string            `json:"title"`
	Why      string            `json:"why"`
	AsOf     time.Time         `json:"as_of"` // the last event if there is none
	Calendar json.RawMessage   `json:"calendar"`
	Rules    json.RawMessage   `json:"rules"`
	Policy   *standards.Policy `json:"policy"` // the customary speeds if there is none
	Events   []json.RawMessage `json:"events"`
	Period   metrics.Unit      `json:"period"`
	Zone     string            `json:"zone"`
	Ops      []calendarQuery   `json:"ops"`
	Expected json.RawMessage   `json:"expected"`
}

// A calendarQuery is a question for a calendar alone.
type calendarQuery struct {
	Op     string    `json:"op"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Budget string    `json:"budget"`
}

// casesLeftOut are the rows that the library answers differently, and why. A row that
// it comes to answer as expected must leave the list.
func casesLeftOut() map[string]string {
	return map[string]string{
		"frappe-1895": "its agents have no teams, and it promises a resolution; TestTimeWith has it with teams",
	}
}

func TestPublicCases(t *testing.T) {
	data, err := os.ReadFile("testdata/cases_time.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []publicCase
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	out := casesLeftOut()
	for i := range rows {
		row := &rows[i]
		why, leftOut := out[row.ID]
		delete(out, row.ID)
		t.Run(row.ID, func(t *testing.T) {
			wrong, err := row.disagrees()
			switch {
			case leftOut && err == nil && len(wrong) == 0:
				t.Errorf("as expected, so not to be left out because %s", why)
			case !leftOut && err != nil:
				t.Errorf("%s (%s): %v", row.Title, row.Source, err)
			case !leftOut && len(wrong) > 0:
				t.Errorf("%s (%s): %s; %s", row.Title, row.Source, strings.Join(wrong, ", "), row.Why)
			}
		})
	}
	if len(out) > 0 || len(rows) != 54 {
		t.Errorf("%d rows; left out but not there: %v", len(rows), out)
	}
}

// disagrees returns what is measured otherwise than expected.
func (row *publicCase) disagrees() (wrong []string, err error) {
	var got any
	if row.Ops != nil {
		got, err = row.ask()
	} else {
		got, err = row.measure()
	}
	if err != nil {
		return nil, err
	}
	var want, have any
	text, err := json.Marshal(got)
	if err := errors.Join(err, json.Unmarshal(text, &have), json.Unmarshal(row.Expected, &want)); err != nil {
		return nil, err
	}
	check := func(name string, have, want any) {
		if !reflect.DeepEqual(have, want) {
			wrong = append(wrong, fmt.Sprintf("%s is %v, want %v", name, have, want))
		}
	}
	all, ok := want.(map[string]any)
	if !ok {
		check("the answer", have, want)
		return wrong, nil
	}
	measured := have.(map[string]any)
	for name, want := range all {
		// Of a conversation a row expects some of what there is to measure.
		one, _ := measured[name].(map[string]any)
		some, ok := want.(map[string]any)
		if !ok || strings.Contains(name, ".") {
			check(name, measured[name], want)
			continue
		}
		for part, want := range some {
			check(name+" "+part, one[part], want)
		}
	}
	return wrong, nil
}

// hours returns the calendar of the row, or nil if there is none.
func (row *publicCase) hours() (*calendar.Calendar, error) {
	if row.Calendar == nil {
		return nil, nil
	}
	var config calendar.Config
	if err := json.Unmarshal(row.Calendar, &config); err != nil {
		return nil, err
	}
	return calendar.New(config)
}

// ask puts the questions to the calendar.
func (row *publicCase) ask() (answers []any, err error) {
	hours, err := row.hours()
	if err != nil {
		return nil, err
	}
	for _, q := range row.Ops {
		var budget time.Duration
		if q.Budget != "" {
			if budget, err = time.ParseDuration(q.Budget); err != nil {
				return nil, err
			}
		}
		var answer any
		switch q.Op {
		case "is_open":
			answer = hours.IsOpen(q.Start)
		case "between":
			answer = hours.Between(q.Start, q.End).Seconds()
		case "deadline":
			answer, err = inUTC(hours.Deadline(q.Start, budget))
		case "before":
			answer, err = inUTC(hours.Before(q.End, budget))
		case "next_close":
			answer, err = inUTC(hours.NextClose(q.Start))
		default:
			err = fmt.Errorf("no such question: %q", q.Op)
		}
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

func inUTC(at time.Time, err error) (time.Time, error) { return at.UTC(), err }

// measure reads the events, and returns all that rows ask for: of each conversation
// by its name, of all of them, by agent and by period, and what became of promises.
func (row *publicCase) measure() (map[string]any, error) {
	hours, err := row.hours()
	if err != nil {
		return nil, err
	}
	reading, first, err := row.reading(hours)
	if err != nil {
		return nil, err
	}
	policy := standards.ChannelSpeeds()
	if row.Policy != nil {
		policy = *row.Policy
	}
	zone, err := time.LoadLocation(row.Zone)
	if err != nil {
		return nil, err
	}
	periods := metrics.Periods{Unit: row.Period, WeekStart: time.Monday, Zone: zone}
	byPeriod := metrics.NewBreakdown(func(f metrics.Facet) metrics.Period { return f.Period(periods) })
	byAgent := metrics.NewBreakdown(metrics.Facet.Agent)
	scores, board := standards.NewScores(metrics.Whole, policy, 0), standards.NewBoard(policy)
	if err := reading.Into(byPeriod, byAgent, scores, board); err != nil {
		return nil, err
	}

	all := make(map[string]any)
	for h := range reading.Histories() {
		all[string(h.Conversation().ID())] = measuredOf(h, hours)
		for f := range policy.Findings(h) {
			addFinding(all, &f)
		}
	}
	addFigures(all, "all.", reading.Figures())
	overdue, _, _ := board.Promises()
	all["overdue"] = overdue

	var standard standards.Tally
	for _, promise := range scores.Total() {
		standard.Merge(promise.Tally)
	}
	promise := scores.Total()[0]
	for name, of := range map[string]standards.Tally{
		"promise.": promise.Tally, "promise.unmeasured.": promise.Unmeasured, "all.standard.": standard,
	} {
		all[name+"met"], all[name+"breached"], all[name+"excluded"] = of.Met, of.Breached, of.Excluded
	}

	conversations, ratings := make(map[string]int64), make(map[string]int64)
	for agent := range byAgent.Keys() {
		f := byAgent.Group(agent)
		conversations[string(agent)], ratings[string(agent)] = f.Conversations, f.Ratings.N()
	}
	conversations[""], ratings[""] = byAgent.Total().Conversations, byAgent.Total().Ratings.N()
	all["agents.conversations"], all["agents.ratings"] = conversations, ratings

	i := 0
	for p := range periods.Between(first, reading.Terms().AsOf.Add(1)) {
		name := "periods." + strconv.Itoa(i) + "."
		all[name+"period"], all[name+"start"] = p.String(), p.In(zone).Start.UTC()
		addFigures(all, name, byPeriod.Group(p))
		i++
	}
	return all, nil
}

// reading reads the events, and also returns the instant of the first of them.
func (row *publicCase) reading(hours *calendar.Calendar) (reading metrics.Reading, first time.Time, err error) {
	var rules metrics.Rules
	if row.Rules != nil {
		if err := json.Unmarshal(row.Rules, &rules); err != nil {
			return reading, first, err
		}
	}
	if hours != nil {
		rules.Calendar = hours
	}
	var lines bytes.Buffer
	for _, line := range row.Events {
		lines.Write(line)
		lines.WriteByte('\n')
	}
	var log metrics.EventLog
	var instants []time.Time
	for event, err := range metrics.DecodeJSONLines(&lines) {
		if err != nil {
			return reading, first, err
		}
		if err := log.Append(event); err != nil {
			return reading, first, err
		}
		instants = append(instants, metrics.RecordOf(event).At)
	}
	asOf := row.AsOf
	if asOf.IsZero() {
		asOf = slices.MaxFunc(instants, time.Time.Compare)
	}
	return log.Read(rules, asOf), slices.MinFunc(instants, time.Time.Compare), nil
}

// measuredOf measures a conversation.
func measuredOf(h *metrics.History, hours *calendar.Calendar) map[string]any {
	one := map[string]any{"open": h.IsOpen(), "still_waiting": 0}
	add := func(name string, d time.Duration, ok bool) {
		if ok {
			one[name] = d
		}
	}
	if w, ok := h.FirstResponse(); ok {
		add("first_response_ns", w.Duration(), true)
		if hours != nil {
			add("in_hours.first_response_ns", w.DurationIn(hours), true)
		}
	}
	responses, waits := []time.Duration{}, []string{}
	for _, w := range h.Responses() {
		responses = append(responses, w.Duration())
	}
	for _, w := range h.Waits() {
		waits = append(waits, fmt.Sprint(w.Outcome, " ", w.Duration()))
	}
	one["response_ns"], one["waits"] = responses, waits
	if _, ok := h.StillWaiting(); ok {
		one["still_waiting"] = 1
	}
	d, ok := h.FirstResolution(nil)
	add("first_resolution_ns", d, ok)
	d, ok = h.ActiveTime(nil)
	add("active_ns", d, ok)
	one["one_touch"], _ = h.OneTouch()
	if w, ok := h.Assignment(); ok {
		one["assignment_s"] = w.Duration().Seconds()
		if hours != nil {
			one["assignment_in_hours_s"] = w.DurationIn(hours).Seconds()
		}
	}
	return one
}

// addFinding adds the verdict on a promise under the name of its measure.
func addFinding(all map[string]any, f *standards.Finding) {
	name := f.Target.Measure.String()
	all[name] = f.Verdict
	all[name+".due"] = f.Due
	all[name+".used_s"], all[name+".left_s"] = f.Used.Seconds(), f.Left.Seconds()
}

// addFigures adds figures under names that begin with a prefix.
func addFigures(all map[string]any, prefix string, f *metrics.Figures) {
	maps.Copy(all, map[string]any{
		prefix + "conversations":     f.Conversations,
		prefix + "still_waiting":     f.Elapsed.StillWaiting.Count(),
		prefix + "closed_unanswered": f.ClosedUnanswered,
		prefix + "reopened":          f.Reopened,
	})
	for name, s := range map[string]*metrics.Summary{
		"response": &f.Elapsed.Response, "first_response": &f.Elapsed.FirstResponse, "resolution": &f.Elapsed.FirstResolution,
	} {
		all[prefix+name+".n"] = s.Count()
		all[prefix+name+".max_ns"], _ = s.Max()
		all[prefix+name+".mean_ns"], _ = s.Mean()
	}
}
