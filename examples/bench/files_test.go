package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestFilePeers runs the comparison of files against each peer that is there.
func TestFilePeers(t *testing.T) {
	for _, peer := range filePeers {
		t.Run(peer.name, func(t *testing.T) {
			o := brief(t)
			o.rounds, o.peersWanted = 1, []string{peer.name}
			var out bytes.Buffer
			if err := compareFiles(&out, o); err != nil {
				t.Fatal(err)
			}
			if _, reason, absent := strings.Cut(out.String(), "Absent: "+peer.title+": "); absent {
				t.Skip(strings.SplitN(reason, "\n", 2)[0])
			}
			if !strings.Contains(out.String(), ": "+peer.title) {
				t.Errorf("no line for it:\n%s", &out)
			}
			t.Logf("\n%s", &out)
		})
	}
}

// Every program that is there gives the answer that is known.
func TestKnownAnswersFromFiles(t *testing.T) {
	d := dataset{folder: t.TempDir(), events: len(knownEvents)}
	if err := d.save(knownEvents); err != nil {
		t.Fatal(err)
	}
	if err := d.make("desk.jsonl", "desk.csv"); err != nil {
		t.Fatal(err)
	}
	r := &race{match: match{options: brief(t), data: d}}
	if err := r.enter(); err != nil {
		t.Fatal(err)
	}
	programs := make(map[string]int)
	for _, p := range r.programs {
		for _, w := range p.ways {
			_, answer, err := w.run(d.folder)
			if err != nil {
				t.Fatalf("%s, %s: %v", p.title(), w.name, err)
			}
			if len(answer.Rows) != 1 || answer.Rows[0][0] != "chat" && answer.Rows[0][0] != "1" {
				t.Fatalf("%s, %s: %v", p.title(), w.name, answer.Rows)
			}
			got, err := parse(answer.Rows[0][1:])
			if err != nil {
				t.Fatal(err)
			}
			if err := same(got, knownReport, 1e-9); err != nil {
				t.Errorf("%s, %s: %v", p.title(), w.name, err)
			}
		}
		programs[p.name]++
	}
	if programs[libraryName] < 2 || len(programs) < 3 {
		t.Errorf("only %v", programs)
	}
	t.Log(slices.Sorted(maps.Keys(programs)), r.absent)
}

func TestDeskLines(t *testing.T) {
	at := deskStart.UnixMilli()
	names := &deskNames{conversations: []string{"a-b", "c-d"}}
	names.agents[7] = "agent-007"
	for _, test := range []struct {
		event     deskEvent
		json, csv string
	}{
		{deskEvent{at + 1, 0, -1, deskMessage, 0, 0},
			`{"type":"message_received","conversation":"a-b","at":"2026-01-05T00:00:00.001Z","channel":"email"}`,
			`message_received,a-b,2026-01-05T00:00:00.001Z,email,,,`},
		{deskEvent{at + 60_000, 1, 7, deskReply, 1, 0},
			`{"type":"reply_sent","conversation":"c-d","at":"2026-01-05T00:01:00.000Z","channel":"chat","agent":"agent-007"}`,
			`reply_sent,c-d,2026-01-05T00:01:00.000Z,chat,agent-007,,`},
		{deskEvent{at, 1, -1, deskAutomated, 1, 0},
			`{"type":"reply_sent","conversation":"c-d","at":"2026-01-05T00:00:00.000Z","channel":"chat","by":"automation"}`,
			`reply_sent,c-d,2026-01-05T00:00:00.000Z,chat,,automation,`},
		{deskEvent{at, 1, 7, deskRating, 2, 4},
			`{"type":"rating_given","conversation":"c-d","at":"2026-01-05T00:00:00.000Z","channel":"social","agent":"agent-007","stars":4}`,
			`rating_given,c-d,2026-01-05T00:00:00.000Z,social,agent-007,,4`},
		{deskEvent{at, 1, 7, deskResolved, 3, 0},
			`{"type":"resolved","conversation":"c-d","at":"2026-01-05T00:00:00.000Z","channel":"phone","agent":"agent-007"}`,
			`resolved,c-d,2026-01-05T00:00:00.000Z,phone,agent-007,,`},
		{deskEvent{at, 1, -1, deskReopened, 4, 0},
			`{"type":"reopened","conversation":"c-d","at":"2026-01-05T00:00:00.000Z","channel":"web"}`,
			`reopened,c-d,2026-01-05T00:00:00.000Z,web,,,`},
	} {
		if got := string(names.jsonLine(nil, test.event)); got != test.json+"\n" {
			t.Errorf("%s, want %s", got, test.json)
		}
		if got := string(names.csvLine(nil, test.event)); got != test.csv+"\n" {
			t.Errorf("%s, want %s", got, test.csv)
		}
	}
}

// answers returns a way that runs the program by hand on some requests, and then gives
// the rows that it is told to.
func answers(t *testing.T, rows [][]string, requests ...request) way {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	w := worker("", []string{self}, requests...)
	w.variables = []string{workerVariable + "=byhand"}
	w.rows = func(output []byte) (reply, error) {
		_, err := workerRows(output)
		return reply{Rows: rows}, err
	}
	return w
}

// Of several ways the one with the least processor time counts, and a program that
// took long enough is not run again.
func TestRunOfProgram(t *testing.T) {
	d, err := newDataset(brief(t), "desk.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	row := [][]string{rowOf("chat", knownReport...)}
	slow, quick := answers(t, row, request{Do: "load", Folder: d.folder, Table: "desk.jsonl", Threads: 1}), answers(t, row)
	slow.name, quick.name = "slow", "quick"
	r := &race{match: match{options: brief(t), data: d}}
	p := &program{name: "fake", form: "desk.jsonl", threads: 1, ways: []way{slow, quick, slow}}
	if got := p.title(); got != "JSON Lines: fake" {
		t.Errorf("title %s", got)
	}
	for round := range 3 {
		if err := r.run(p, round); err != nil {
			t.Fatal(err)
		}
		if len(p.took) != round+1 || len(p.ways) != 1 {
			t.Fatalf("round %d: %d times, %d ways", round, len(p.took), len(p.ways))
		}
	}
	if got := p.title(); got != "JSON Lines: fake, quick" {
		t.Errorf("title %s", got)
	}
	p.took[1].system = patience
	if err := r.run(p, 3); err != nil || len(p.took) != 3 {
		t.Errorf("error %v, run %d times", err, len(p.took))
	}
	p = &program{name: "fake", form: "desk.jsonl", ways: []way{answers(t, [][]string{rowOf("chat", knownReport[1:]...)})}}
	if err := r.run(p, 0); err == nil || !strings.Contains(err.Error(), "JSON Lines: fake: chat") {
		t.Errorf("a wrong answer: %v", err)
	}
	near := slices.Clone(knownReport)
	near[8] *= 1.005
	for _, name := range []string{"fake", libraryName} { // only a Summary may be off
		p := &program{name: name, form: "desk.jsonl", ways: []way{answers(t, [][]string{rowOf("chat", near...)})}}
		if err := r.run(p, 0); (err == nil) != (name == libraryName) {
			t.Errorf("%s: a quantile off by half a percent: error %v", name, err)
		}
	}
	if _, _, err := answers(t, row, request{Do: "dance"}).run("."); err == nil || !strings.Contains(err.Error(), "cannot dance") {
		t.Errorf("error %v", err)
	}
	if _, _, err := (way{arguments: []string{"go", "dance"}}).run("."); err == nil || !strings.Contains(err.Error(), "exit status") {
		t.Errorf("error %v", err)
	}
}

// The memory of a process is its own, and not that of the one that starts it.
func TestPeak(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it is known for Linux")
	}
	const much = 300 << 20
	memory := make([]byte, much)
	for i := range memory {
		memory[i] = 1
	}
	runtime.KeepAlive(memory)
	memory = nil
	took, _, err := answers(t, nil).run(".")
	if err != nil {
		t.Fatal(err)
	}
	if took.peak < 1<<20 || took.peak > much/2 {
		t.Errorf("%d bytes", took.peak)
	}
	if took.processor() <= 0 || took.wall <= 0 {
		t.Errorf("%+v", took)
	}
}

// Ratios are of the same round, to the line with as many threads or the most.
func TestRatios(t *testing.T) {
	times := func(user ...float64) (all []usage) {
		for _, u := range user {
			all = append(all, usage{user: u, system: 1, wall: 10 * u})
		}
		return all
	}
	lines := func(form string, user ...float64) *program {
		return &program{name: libraryName, form: form, threads: 1, took: times(user...)}
	}
	json, csv, csv2 := lines("desk.jsonl", 1, 2, 4), lines("desk.csv", 2, 2, 2), lines("desk.csv", 3)
	csv2.threads = 2
	r := &race{programs: []*program{json, csv, csv2}}
	user := func(u usage) float64 { return u.user }
	for _, test := range []struct {
		form    string
		threads int
		own     *program
		took    []usage
		ratio   string
	}{
		{"desk.jsonl", 1, json, times(3, 4, 40), "3.00 ×"}, // of 3, 2 and 10
		{"desk.jsonl", 2, json, times(3), "3.00 ×"},        // where the last rounds are missing
		{"desk.csv", 1, csv, times(3, 4, 40), "2.00 ×"},
		{"desk.csv", 2, csv2, times(3, 4, 40), "1.00 ×"},
		{"desk.parquet", 1, csv, times(1, 1, 1), "0.50 ×"},
		{"desk.parquet", 3, csv2, times(6), "2.00 ×"},
	} {
		p := &program{form: test.form, threads: test.threads, took: test.took}
		if own := r.of(p); own != test.own {
			t.Errorf("%s, %d threads: compared with %+v", test.form, test.threads, own)
		} else if got := p.ratioOf(own, user); got != test.ratio {
			t.Errorf("%s, %d threads: %s, want %s", test.form, test.threads, got, test.ratio)
		}
	}
	if got := fmt.Sprint(json.medianOf(user), json.medianOf(usage.processor)); got != "2 3" {
		t.Errorf("medians %s", got)
	}
}

// The last reply of a worker is the answer, and its peak the greatest of all.
func TestWorkerRows(t *testing.T) {
	got, err := workerRows([]byte(`{"seconds":1,"peak":7}` + "\n" + `{"rows":[["chat","1"]],"peak":5}` + "\n"))
	if err != nil || got.Peak != 7 || len(got.Rows) != 1 || got.Rows[0][0] != "chat" {
		t.Errorf("%+v, error %v", got, err)
	}
	if _, err := workerRows([]byte(`{"rows":[]} nonsense`)); err == nil {
		t.Error("nonsense passes for a reply")
	}
}

// A sink on two logs gives the same groups as on one.
func TestAskedMerges(t *testing.T) {
	d, err := newDataset(brief(t))
	if err != nil {
		t.Fatal(err)
	}
	m := new(match)
	for threads := 1; threads <= 3; threads++ {
		l := new(library)
		if _, err := l.load(d, threads); err != nil {
			t.Fatal(err)
		}
		rows, err := l.exactGroups()
		if err != nil {
			t.Fatal(err)
		}
		if err := m.checkGroups(fmt.Sprint(threads, " logs"), reply{Rows: rows}); err != nil {
			t.Error(err)
		}
	}
}
