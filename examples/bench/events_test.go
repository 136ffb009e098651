package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPeers runs the comparison against each peer that is there; comparisons fail
// if the peers do not agree. CI has none of them: what is by hand is among them
// always, and TestComparisons runs that.
func TestPeers(t *testing.T) {
	for _, name := range peerNames {
		t.Run(name, func(t *testing.T) {
			o := brief(t)
			p, err := o.open(name, dataset{folder: o.cache})
			if err != nil {
				t.Fatal(err)
			}
			if p.absent != "" {
				t.Skip(p.absent)
			}
			if err := p.peer.close(); err != nil {
				t.Error(err)
			}
			o.peersWanted = []string{name}
			var out bytes.Buffer
			if err := compareEvents(&out, o); err != nil {
				t.Fatal(err)
			}
			t.Logf("\n%s", &out)
		})
	}
}

// knownEvents are two conversations, of which the second is in no group of responses.
var knownEvents = func() []deskEvent {
	at := deskStart.UnixMilli()
	return []deskEvent{
		{at, 0, -1, deskMessage, 1, 0},
		{at + 1*minute, 0, -1, deskAutomated, 1, 0}, // no response
		{at + 2*minute, 0, -1, deskMessage, 1, 0},   // does not restart the wait
		{at + 20*minute, 0, 5, deskReply, 1, 0},     // the first response: 20 minutes
		{at + 21*minute, 0, 5, deskReply, 1, 0},     // nobody waits
		{at + 30*minute, 0, -1, deskMessage, 1, 0},
		{at + 33*minute, 0, 5, deskReply, 1, 0}, // 3 minutes
		{at + 40*minute, 0, -1, deskMessage, 1, 0},
		{at + 41*minute, 0, 5, deskResolved, 1, 0}, // closed unanswered
		{at + 50*minute, 0, -1, deskReopened, 1, 0},
		{at + 51*minute, 0, -1, deskMessage, 1, 0},
		{at + 61*minute, 0, 6, deskReply, 1, 0}, // 10 minutes, another agent
		{at + 70*minute, 0, 6, deskResolved, 1, 0},
		{at + 71*minute, 0, 6, deskRating, 1, 4},
		{at + 80*minute, 1, 7, deskReply, 1, 0}, // the team writes first
		{at + 90*minute, 1, -1, deskMessage, 1, 0},
		{at + 95*minute, 1, 7, deskResolved, 1, 0},
		{at + 99*minute, 1, 7, deskRating, 1, 2},
	}
}()

const minute = int64(time.Minute / time.Millisecond)

// knownReport is what is asked of the known events.
var knownReport = func() []float64 {
	m := float64(minute)
	return []float64{
		1, 20 * m, 20 * m, 20 * m, 20 * m,
		3, 11 * m, 10 * m, 18 * m, 19.8 * m, // of 3, 10 and 20 minutes, type 7
		2, 0.5, 3,
	}
}()

// What peers answer is known for two conversations.
func TestKnownAnswers(t *testing.T) {
	m := float64(minute)
	// Agent 5 has 3 and 20 minutes, agent 6 has 10, agent 7 a rating.
	groups := []float64{
		3,
		1, 20 * m, 20 * m, 20 * m, 20 * m,
		3, 21.5 * m, 21.5 * m, 28.3 * m, 29.83 * m,
		2, 1, 6,
	}
	d := dataset{folder: t.TempDir(), events: len(knownEvents)}
	if err := d.save(knownEvents); err != nil {
		t.Fatal(err)
	}
	if err := d.make("text.csv", "number.csv"); err != nil {
		t.Fatal(err)
	}
	if d.conversations != 2 {
		t.Fatalf("%d conversations", d.conversations)
	}
	o := brief(t)
	windows := func(answer string) request { return query("windows", answer).request }
	for _, test := range []struct {
		name, table string
		requests    []request
	}{
		{"byhand", "", []request{{Do: "report"}}},
		{"byhand", "", []request{{Do: "groups"}}},
		{"library", "", []request{{Do: taskFirst}, {Do: taskFigures}, {Do: taskExact}, {Do: taskOnePass}, {Do: taskPasses}}},
		{"library", "", []request{{Do: taskGroups}, {Do: taskQuantiles}}},
		{"duckdb", "text", []request{windows("duckdb_report"), query("uuids", "duckdb_report").request, query("lists", "duckdb_report").request}},
		{"duckdb", "text", []request{windows("duckdb_groups"), query("uuids", "duckdb_groups").request}},
		{"duckdb", "number", []request{windows("duckdb_report"), query("lists", "duckdb_report").request}},
		{"duckdb", "sorted", []request{query("sorted", "duckdb_report").request}},
		{"duckdb", "sorted", []request{query("sorted", "duckdb_groups").request}},
		{"sqlite", "", []request{windows("sqlite_report")}},
		{"sqlite", "", []request{windows("sqlite_groups")}},
		{"postgres", "", []request{windows("postgres_report")}},
		{"postgres", "", []request{windows("postgres_groups")}},
		{"pandas", "", []request{{Do: "report"}}},
		{"pandas", "", []request{{Do: "groups"}}},
	} {
		last := test.requests[0]
		grouped := last.Do == "groups" || strings.Contains(last.SQL, "sum(first_n)") || strings.Contains(last.SQL, "sum(n)")
		t.Run(fmt.Sprint(test.name, test.table, grouped), func(t *testing.T) {
			p, err := o.open(test.name, d)
			if err != nil {
				t.Fatal(err)
			}
			if p.absent != "" {
				t.Skip(p.absent)
			}
			defer func() {
				if err := p.peer.close(); err != nil {
					t.Error(err)
				}
			}()
			for _, r := range append([]request{{Do: "load", Table: test.table}}, test.requests...) {
				r.Folder, r.Threads = d.folder, 1
				answer, err := p.peer.ask(r)
				if err != nil {
					t.Fatalf("%.100s: %v", r.Do, err)
				}
				if r.Do == "load" {
					continue
				}
				if len(answer.Rows) != 1 {
					t.Fatalf("%s: %v", r.Do, answer.Rows)
				}
				row, want := answer.Rows[0], groups
				if !grouped {
					if row[0] != "1" && row[0] != "chat" {
						t.Errorf("%s: channel %q", r.Do, row[0])
					}
					row, want = row[1:], knownReport
				}
				got, err := parse(row)
				if err != nil {
					t.Fatal(err)
				}
				if err := same(got, want, 1e-9); err != nil {
					t.Errorf("%s: %v", r.Do, err)
				}
			}
		})
	}
}

// A check refuses an answer in which any figure differs by more than it may.
func TestChecks(t *testing.T) {
	answer := [][]string{
		rowOf("0", 100, 2e6, 1e6, 3e6, 5e6, 150, 2e6, 1e6, 3e6, 5e6, 30, 0.7, 4.1),
		rowOf("1", 100, 2e6, 1e6, 3e6, 5e6, 150, 2e6, 1e6, 3e6, 5e6, 30, 0.7, 4.1),
	}
	digest := [][]string{rowOf("12", 100, 2e6, 1e6, 3e6, 5e6, 150, 2e6, 1e6, 3e6, 5e6, 30, 20, 120)}
	m := new(match)
	for _, exact := range []bool{true, false} {
		if err := m.checkReport(!exact)("by hand", reply{Rows: answer}); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.checkGroups("by hand", reply{Rows: digest}); err != nil {
		t.Fatal(err)
	}
	if err := m.checkReport(false)("peer", reply{Rows: answer[:1]}); err == nil {
		t.Error("a channel is missing, and nobody says so")
	}
	change := func(rows [][]string, column int, factor float64) reply {
		changed := [][]string{slices.Clone(rows[0])}
		number, err := parse(rows[0][column : column+1])
		if err != nil {
			t.Fatal(err)
		}
		changed[0][column] = fmt.Sprint(number[0] * factor)
		return reply{Rows: append(changed, rows[1:]...)}
	}
	for i := range columns {
		if err := m.checkReport(false)("peer", change(answer, i+1, 1.00001)); err == nil {
			t.Errorf("%s may be off", columns[i])
		}
		err := m.checkReport(true)("summary", change(answer, i+1, 1.007))
		if isQuantile := strings.Contains(columns[i], "median") || strings.Contains(columns[i], "p9"); (err == nil) != isQuantile {
			t.Errorf("%s off by 0.7 %%: %v", columns[i], err)
		}
		if err := m.checkReport(true)("summary", change(answer, i+1, 1.009)); err == nil {
			t.Errorf("%s may be off by 0.9 %%", columns[i])
		}
	}
	for i := range digest[0] {
		if err := m.checkGroups("peer", change(digest, i, 1.00001)); err == nil {
			t.Errorf("figure %d of the groups may be off", i)
		}
	}
	if err := m.checkReport(false)("peer", reply{Rows: [][]string{answer[0], {"1", "NaN"}}}); err == nil {
		t.Error("NaN passes for an answer")
	}
	if err := same([]float64{math.NaN()}, []float64{1}, 1); err == nil {
		t.Error("NaN is the same as 1")
	}
}

// A worker that fails says why.
func TestWorkerErrors(t *testing.T) {
	p, err := brief(t).openSelf("library")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.ask(request{Do: "dance", Threads: 1}); err == nil || !strings.Contains(err.Error(), "cannot dance") {
		t.Errorf("error %v", err)
	}
	if _, err := p.ask(request{Do: "load", Threads: 1, Folder: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("loaded what is not there")
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
	if err := serve(strings.NewReader(""), io.Discard, nil); err == nil {
		t.Error("served nothing")
	}
	if err := serve(strings.NewReader("x"), io.Discard, new(byHand).handle); err == nil {
		t.Error("took x for a request")
	}
}

// A fakePeer takes the seconds that it is told to, by query.
type fakePeer struct {
	seconds map[string]float64
	asked   []string
}

func (p *fakePeer) ask(r request) (reply, error) {
	p.asked = append(p.asked, r.SQL)
	return reply{Seconds: p.seconds[r.SQL], Kept: 5, Peak: 7}, nil
}

func (p *fakePeer) close() error { return nil }

// All queries are tried once, and the fastest again until it took long enough.
func TestWork(t *testing.T) {
	p := &fakePeer{seconds: map[string]float64{"a": 5, "b": 4, "c": 6}}
	m := &match{options: brief(t)}
	m.add(contestant{name: "fake", peer: p, threads: 1})
	c := m.contestants[0]
	checked := 0
	for round := range 5 {
		queries := []candidate{{"a", request{SQL: "a"}}, {"b", request{SQL: "b"}}, {"c", request{SQL: "c"}}}
		if err := m.work(c, round, workReport, queries, func(string, reply) error { checked++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(p.asked, ""); got != "abcbb" {
		t.Errorf("asked %s", got)
	}
	done := c.measured[workReport]
	if checked != len(p.asked) || done.query != "b" || done.median() != 4 || done.spent() != 12 || done.kept != 5 || done.peak != 7 {
		t.Errorf("checked %d, measured %+v", checked, done)
	}
	wrong := func(string, reply) error { return io.ErrUnexpectedEOF }
	if err := m.work(c, 0, workLoad, tasks("load"), wrong); err == nil {
		t.Error("a wrong answer passed")
	}
}
