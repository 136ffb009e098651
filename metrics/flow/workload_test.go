package flow_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

var _ metrics.Accumulator[*flow.Workload[string]] = new(flow.Workload[string])

// How much do agents work, and how long is a call?
func ExampleWorkload() {
	nine := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	log := new(metrics.EventLog)
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "call", At: nine, Channel: metrics.Phone},
		metrics.Assigned{Conversation: "call", At: nine.Add(10 * time.Second), Agent: "ana"},
		metrics.ReplySent{Conversation: "call", At: nine.Add(10 * time.Second), Agent: "ana"},
		metrics.Handled{Conversation: "call", At: nine.Add(2 * time.Minute), Agent: "ana", Took: 110 * time.Second, For: metrics.Talk},
		metrics.Assigned{Conversation: "call", At: nine.Add(2 * time.Minute), Agent: "ben"},
		metrics.Handled{Conversation: "call", At: nine.Add(5 * time.Minute), Agent: "ben", Took: 3 * time.Minute, For: metrics.Talk},
		metrics.Handled{Conversation: "chat", At: nine.Add(4 * time.Minute), Agent: "ben", Took: 2 * time.Minute},
		metrics.Resolved{Conversation: "call", At: nine.Add(5 * time.Minute)},
	} {
		if err := log.Append(e); err != nil {
			fmt.Println(err)
		}
	}
	byAgent := flow.NewWorkload(metrics.Facet.Agent)
	if err := log.Read(metrics.Rules{}, nine.Add(time.Hour)).Into(byAgent); err != nil {
		fmt.Println(err)
	}
	for _, agent := range []metrics.AgentID{"ana", "ben"} {
		load := byAgent.Group(agent)
		mean, _ := load.HandleTime.Mean()
		inCharge, _ := load.InCharge.Mean()
		fmt.Printf("%s: %d conversations of %v each, in charge for %v, busy for %v\n", agent, load.HandleTime.Count(), mean, inCharge, load.Busy)
	}
	total := byAgent.Total()
	mean, _ := total.HandleTime.Mean()
	fmt.Printf("a conversation is handled for %v\n", mean)
	// Output:
	// ana: 1 conversations of 1m50s each, in charge for 1m50s, busy for 1m50s
	// ben: 2 conversations of 2m30s each, in charge for 3m0s, busy for 3m0s
	// a conversation is handled for 3m25s
}

// TestWorkloadKnown compares with the figures of others.
func TestWorkloadKnown(t *testing.T) {
	data, err := os.ReadFile("testdata/workload.json")
	if err != nil {
		t.Fatal(err)
	}
	type sum struct {
		Seconds int64 `json:"sum_s"`
		N       int64 `json:"n"`
	}
	var rows []struct {
		ID, Why string
		AsOf    time.Time `json:"as_of"`
		Events  []json.RawMessage
		Expect  struct {
			HandleTime *sum                     `json:"handle_time"`
			ByPart     map[metrics.Activity]sum `json:"by_part"`
			ByAgent    map[metrics.AgentID]sum  `json:"by_agent"`
			Transfers  *int64                   `json:"transfers"`
			Busy       *int64                   `json:"busy_s"`
			Handled    *int64                   `json:"handled_s"`
			Teams      map[metrics.TeamID]int64 `json:"teams"`
		} `json:"expected"`
	}
	if err := json.Unmarshal(data, &rows); err != nil || len(rows) != 4 {
		t.Fatal(len(rows), err)
	}
	of := func(s metrics.Summary) sum { return sum{int64(sumOf(s) / time.Second), s.Count()} }
	for _, row := range rows {
		log := new(metrics.EventLog)
		for _, text := range row.Events {
			var r metrics.Record
			if err := json.Unmarshal(text, &r); err != nil {
				t.Fatal(err)
			}
			e, err := r.Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		byAgent, byTeam := flow.NewWorkload(metrics.Facet.Agent), flow.NewWorkload(metrics.Facet.Team)
		reading := log.Read(metrics.Rules{}, row.AsOf)
		if err := reading.Into(byAgent, byTeam); err != nil {
			t.Fatal(err)
		}
		total, want := byAgent.Total(), row.Expect
		check := func(what string, got, want any) {
			if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
				t.Errorf("%s: %s is %s, want %s; %s", row.ID, what, g, w, row.Why)
			}
		}
		if want.HandleTime != nil {
			check("handle time", of(total.HandleTime), *want.HandleTime)
		}
		for part, w := range want.ByPart {
			check(string(part), of(total.Activities[part]), w)
		}
		for agent, w := range want.ByAgent {
			check(string(agent), of(byAgent.Group(agent).HandleTime), w)
		}
		for team, w := range want.Teams {
			check(string(team), of(byTeam.Group(team).InCharge), sum{w, 1})
		}
		if want.Transfers != nil {
			check("transfers", reading.Figures().Transfers, *want.Transfers)
		}
		if want.Busy != nil {
			check("busy", total.Busy, time.Duration(*want.Busy)*time.Second)
			check("handled", sumOf(total.HandleTime), time.Duration(*want.Handled)*time.Second)
		}
	}
}

// phoneDesk returns what happened at a desk of two teams, each thing at a minute of its
// own, within two hours.
func phoneDesk(seed int64) []metrics.Record {
	random := rand.New(rand.NewPCG(uint64(seed), 7))
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	one := func(values ...string) string { return values[random.IntN(len(values))] }
	var list []metrics.Record
	for minute := range 120 {
		if random.IntN(2) == 0 {
			continue
		}
		r := metrics.Record{
			At: start.Add(time.Duration(minute) * time.Minute), Conversation: metrics.ConversationID(one("a", "b", "c")),
			Agent: metrics.AgentID(one("ana", "ben", "")), Team: metrics.TeamID(one("first", "second", "")),
		}
		switch random.IntN(8) {
		case 0, 1:
			r.Type, r.Agent, r.Team = metrics.KindMessageReceived, "", ""
		case 2, 3:
			r.Type = metrics.KindAssigned
		case 4:
			r.Type, r.Team = metrics.KindResolved, ""
		case 5:
			r.Type, r.Team = metrics.KindReplySent, ""
		default:
			r.Type, r.Team, r.For = metrics.KindHandled, "", one("", "talk", "hold")
			r.Took = metrics.Took(time.Duration(1+random.IntN(20)) * time.Minute)
		}
		list = append(list, r)
	}
	return list
}

// worker is what a workload is grouped by.
type worker struct {
	agent metrics.AgentID
	team  metrics.TeamID
}

func workerOf(f metrics.Facet) worker { return worker{f.Agent(), f.Team()} }

// plainLoads counts minute by minute.
func plainLoads(list []metrics.Record, asOf time.Time, key func(worker) worker, hours metrics.Calendar) map[worker]*flow.Load {
	loads := make(map[worker]*flow.Load)
	of := func(k worker) *flow.Load {
		if loads[k] == nil {
			loads[k] = new(flow.Load)
		}
		return loads[k]
	}
	busy := make(map[worker]map[metrics.AgentID]map[time.Time]bool)
	for _, id := range []metrics.ConversationID{"a", "b", "c"} {
		inCharge, inHours := make(map[worker]time.Duration), make(map[worker]time.Duration)
		parts := make(map[worker]map[metrics.Activity]time.Duration)
		var charge worker
		var since time.Time                          // when the customer wrote
		taken := make(map[metrics.AgentID]time.Time) // when an agent was last put in charge
		open := false
		for at := list[0].At; at.Before(asOf); at = at.Add(time.Minute) {
			for _, r := range list {
				if r.Conversation != id || !r.At.Equal(at) {
					continue
				}
				switch r.Type {
				case metrics.KindMessageReceived:
					if open = true; since.IsZero() {
						since = at
					}
				case metrics.KindResolved:
					open, since = false, time.Time{}
				case metrics.KindAssigned:
					if r.Agent != charge.agent {
						taken[r.Agent] = at
					}
					charge = worker{r.Agent, r.Team}
				case metrics.KindReplySent:
					if !since.IsZero() && r.Agent != "" {
						from := since
						if taken[r.Agent].After(since) {
							from = taken[r.Agent]
						}
						l := of(key(worker{r.Agent, charge.team}))
						l.OwnTime.Add(at.Sub(from))
						l.OwnTimeInHours.Add(hours.Between(from, at))
					}
					since = time.Time{}
				case metrics.KindHandled:
					who := worker{r.Agent, charge.team}
					if r.Agent == "" {
						who.agent = charge.agent
					}
					k := key(who)
					if parts[k] == nil {
						parts[k] = make(map[metrics.Activity]time.Duration)
					}
					parts[k][metrics.Activity(r.For)] += time.Duration(r.Took)
					if busy[k] == nil {
						busy[k] = make(map[metrics.AgentID]map[time.Time]bool)
					}
					if busy[k][who.agent] == nil {
						busy[k][who.agent] = make(map[time.Time]bool)
					}
					for m := time.Minute; m <= time.Duration(r.Took); m += time.Minute {
						busy[k][who.agent][at.Add(-m)] = true
					}
				}
			}
			if open && charge != (worker{}) {
				k := key(charge)
				inCharge[k] += time.Minute
				inHours[k] += hours.Between(at, at.Add(time.Minute))
			}
		}
		for k, d := range inCharge {
			of(k).InCharge.Add(d)
			of(k).InChargeInHours.Add(inHours[k])
		}
		for k, by := range parts {
			var sum time.Duration
			l := of(k)
			for activity, d := range by {
				sum += d
				if l.Activities == nil {
					l.Activities = make(map[metrics.Activity]metrics.Summary)
				}
				s := l.Activities[activity]
				s.Add(d)
				l.Activities[activity] = s
			}
			l.HandleTime.Add(sum)
		}
	}
	for k, agents := range busy {
		for _, minutes := range agents {
			of(k).Busy += time.Duration(len(minutes)) * time.Minute
		}
	}
	return loads
}

func TestWorkloadAgreesWithMinutes(t *testing.T) {
	shared, parallel, own := 0, 0, 0
	properties := laws(t, 300)
	properties.Property("in charge, handled, busy", prop.ForAll(func(seed int64, part int) string {
		list := phoneDesk(seed)
		log := new(metrics.EventLog)
		for _, r := range list {
			e, err := r.Event()
			if err == nil {
				err = log.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		asOf := list[0].At.Add(2 * time.Hour)
		reading := log.Read(metrics.Rules{Calendar: minutes(20)}, asOf)
		byWorker := flow.NewWorkload(workerOf)
		for i, p := range reading.Parts(1 + part) {
			w := flow.NewWorkload(workerOf)
			if err := p.Into(w); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				byWorker = w
			} else if err := byWorker.Merge(w); err != nil {
				t.Fatal(err)
			}
		}
		want := plainLoads(list, asOf, func(w worker) worker { return w }, minutes(20))
		keys := slices.Collect(byWorker.Keys())
		for k := range want {
			keys = append(keys, k)
		}
		for _, k := range keys {
			if want[k] == nil {
				want[k] = new(flow.Load)
			}
			if got, want := jsonText(byWorker.Group(k)), jsonText(*want[k]); got != want {
				return fmt.Sprintf("%+v:\n%s, want\n%s\n%+v", k, got, want, list)
			}
		}
		total := plainLoads(list, asOf, func(worker) worker { return worker{} }, minutes(20))[worker{}]
		if got, want := jsonText(byWorker.Total()), jsonText(*total); got != want {
			return fmt.Sprintf("total:\n%s, want\n%s\n%+v", got, want, list)
		}
		if total.InCharge.Count() > 0 && len(want) > 4 {
			shared++
		}
		if total.Busy < sumOf(total.HandleTime) {
			parallel++
		}
		if total.OwnTime.Count() > 0 {
			own++
		}
		return ""
	}, gen.Int64Range(0, 1<<40), gen.IntRange(0, 2)))
	properties.TestingRun(t)
	if shared < 20 || parallel < 20 || own < 20 {
		t.Errorf("%d desks were shared, in %d agents did two things at once, in %d they answered", shared, parallel, own)
	}
}

func sumOf(s metrics.Summary) time.Duration { return time.Duration(s.Sum().Shift(9).IntPart()) }

func jsonText(v any) string {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err.Error()
	}
	return b.String()
}
