package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// enter finds all programs. For each form the library comes first, then its peers.
func (r *race) enter() error {
	own, err := r.ownProgram()
	if err != nil {
		return err
	}
	byHand, err := r.programByHand()
	if err != nil {
		return err
	}
	entries := []entry{own, byHand}
	for _, peer := range filePeers {
		if r.peersWanted != nil && !slices.Contains(r.peersWanted, peer.name) {
			continue
		}
		found, absent, err := peer.find(r)
		switch {
		case err != nil:
			return err
		case absent != "":
			r.absent = append(r.absent, peer.title+": "+absent)
		default:
			entries = append(entries, found)
		}
	}
	for _, form := range []string{"desk.jsonl", "desk.csv", "desk.parquet"} {
		for _, programs := range entries {
			r.programs = append(r.programs, programs(form)...)
		}
	}
	return nil
}

// An entry returns the programs of one peer that read a form: none if it does not.
type entry func(form string) []*program

// filePeers are the peers of the library in the comparison of files. They are found,
// or the reason why they are absent.
var filePeers = []struct {
	name, title string
	find        func(*race) (found entry, absent string, err error)
}{
	{"duckdb", "DuckDB", (*race).findDuckDB},
	{"sqlite", "SQLite", (*race).findSQLite},
	{"pandas", "pandas", (*race).findPandas},
	{"jq", "jq", (*race).findJQ},
}

// counts are the numbers of threads for programs that can have several.
func (o options) counts() []int {
	if o.threads == 1 {
		return []int{1}
	}
	return []int{1, o.threads}
}

// ownProgram builds examples/report.
func (r *race) ownProgram() (entry, error) {
	report, err := filepath.Abs(filepath.Join(r.cache, "report"))
	if err != nil {
		return nil, err
	}
	if said, err := exec.Command("go", "build", "-C", "../..", "-o", report, "./examples/report").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w: %.300s", err, said)
	}
	usage, _ := exec.Command(report, "-h").CombinedOutput()
	inParallel := bytes.Contains(usage, []byte("\n  -jobs "))
	return func(form string) (programs []*program) {
		if form == "desk.parquet" {
			return nil
		}
		for _, threads := range r.counts() {
			arguments := []string{report, "-events", form, "-format", "json"}
			if threads > 1 {
				if !inParallel {
					break
				}
				arguments = append(arguments, "-jobs", fmt.Sprint(threads))
			}
			programs = append(programs, &program{name: libraryName, form: form, threads: threads, ways: []way{{
				arguments: arguments, variables: []string{fmt.Sprintf("GOMAXPROCS=%d", threads)}, rows: reportRows,
			}}})
		}
		return programs
	}, nil
}

// reportRows reads what examples/report prints, by channel.
func reportRows(output []byte) (answer reply, err error) {
	type times struct {
		N    float64       `json:"n"`
		Mean time.Duration `json:"mean_ns"`
		P50  time.Duration `json:"p50_ns"`
		P90  time.Duration `json:"p90_ns"`
		P99  time.Duration `json:"p99_ns"`
	}
	var printed struct {
		Groups []struct {
			Key           string              `json:"key"`
			FirstResponse times               `json:"first_response"`
			Response      times               `json:"response"`
			Ratings       rating.Distribution `json:"ratings"`
		} `json:"groups"`
	}
	if err := json.Unmarshal(output, &printed); err != nil {
		return reply{}, err
	}
	figures := func(t times) [5]float64 {
		return [5]float64{t.N, milliseconds(t.Mean), milliseconds(t.P50), milliseconds(t.P90), milliseconds(t.P99)}
	}
	for _, g := range printed.Groups {
		if g.Key != "" { // that is the total
			answer.Rows = append(answer.Rows, answerRow(metrics.Channel(g.Key), figures(g.FirstResponse), figures(g.Response), &g.Ratings))
		}
	}
	return answer, nil
}

// worker returns a way by a worker that gets all its requests at once: the answer is
// the last of its replies.
func worker(name string, arguments []string, requests ...request) way {
	var input bytes.Buffer
	for _, r := range requests {
		line, err := json.Marshal(r)
		if err != nil {
			panic(err) // a request has nothing that JSON has not
		}
		input.Write(append(line, '\n'))
	}
	return way{name: name, arguments: arguments, input: input.String(), rows: workerRows}
}

func workerRows(output []byte) (reply, error) {
	var last reply
	var peak int64
	for replies := json.NewDecoder(bytes.NewReader(output)); ; {
		var next reply
		if err := replies.Decode(&next); err == io.EOF {
			last.Peak = peak
			return last, nil
		} else if err != nil {
			return reply{}, err
		}
		if next.Error != "" {
			return reply{}, errors.New(next.Error)
		}
		last, peak = next, max(peak, next.Peak)
	}
}

// introduce starts a worker for its version alone, and notes what that takes.
func (r *race) introduce(title string, arguments []string) error {
	took, answer, err := worker("", arguments, request{Do: "open", Threads: 1}).run(".")
	if err != nil {
		return err
	}
	if len(answer.Rows) != 1 {
		return fmt.Errorf("%s: no version in %v", title, answer.Rows)
	}
	r.versions = append(r.versions, title+" "+answer.Rows[0][0])
	r.starts = append(r.starts, fmt.Sprintf("%s %s s", title, digits(took.processor())))
	return nil
}

// programByHand decodes with what Go brings.
func (r *race) programByHand() (entry, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return func(form string) []*program {
		decoder := map[string]string{"desk.jsonl": "encoding/json", "desk.csv": "encoding/csv"}[form]
		if decoder == "" {
			return nil
		}
		w := worker("", []string{self}, request{Do: "load", Folder: r.data.folder, Table: form, Threads: 1}, request{Do: "report", Threads: 1})
		w.variables = []string{workerVariable + "=byhand"}
		return []*program{{name: "Go by hand, " + decoder, form: form, threads: 1, ways: []way{w}}}
	}, nil
}

// findDuckDB returns the ways of DuckDB. It gets the types of the columns, so that it
// need not guess; the enumerations and UUIDs that it has would make it no faster.
func (r *race) findDuckDB() (entry, string, error) {
	if absent := r.prepareDuckDB(); absent != "" {
		return nil, absent, nil
	}
	script, err := filepath.Abs(duckDBWorker)
	if err != nil {
		return nil, "", err
	}
	arguments := []string{"node", script}
	if err := r.introduce("DuckDB", arguments); err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(r.data.path("desk.parquet")); err != nil {
		fmt.Fprintln(r.progress, "writing Parquet")
		write := "copy (select * from desk) to 'desk.parquet.new' (format parquet)"
		w := worker("", arguments, sqlRequests(r.threads, source("duckdb_csv"), write)...)
		if _, _, err := w.run(r.data.folder); err != nil {
			return nil, "", err
		}
		if err := os.Rename(r.data.path("desk.parquet.new"), r.data.path("desk.parquet")); err != nil {
			return nil, "", err
		}
	}
	return func(form string) (programs []*program) {
		desk := source("duckdb_" + strings.TrimPrefix(form, "desk."))
		view := source("duckdb_desk")
		table := strings.Replace(view, "create view", "create table", 1)
		pass, lists := source("pass", "duckdb_pass"), source("lists", "duckdb_report")
		for _, threads := range r.counts() {
			programs = append(programs, &program{name: "DuckDB", form: form, threads: threads, ways: []way{
				worker("in one pass", arguments, sqlRequests(threads, desk, view, pass)...),
				worker("by a table", arguments, sqlRequests(threads, desk, table, lists)...),
			}})
		}
		return programs
	}, "", nil
}

func sqlRequests(threads int, statements ...string) (requests []request) {
	for _, sql := range statements {
		requests = append(requests, request{Do: "query", SQL: sql, Threads: threads})
	}
	return requests
}

// findSQLite returns the way of the command line of SQLite, which imports CSV.
func (r *race) findSQLite() (entry, string, error) {
	version, err := exec.Command("sqlite3", "--version").Output()
	if err != nil {
		return nil, "no sqlite3 found", nil
	}
	r.versions = append(r.versions, "SQLite "+strings.Fields(string(version))[0])
	input := "pragma synchronous=off;\npragma temp_store=memory;\n" + source("sqlite_desk", "windows", "sqlite_report") + ";\n"
	return func(form string) []*program {
		if form != "desk.csv" {
			return nil
		}
		return []*program{{name: "SQLite", form: form, threads: 1, ways: []way{{
			arguments: []string{"sqlite3", "-batch", "-bail", ":memory:"}, input: input, rows: sqliteRows,
		}}}}
	}, "", nil
}

// sqliteRows reads lines whose values are separated by bars.
func sqliteRows(output []byte) (answer reply, err error) {
	for line := range strings.Lines(string(output)) {
		answer.Rows = append(answer.Rows, strings.Split(strings.TrimSpace(line), "|"))
	}
	return answer, nil
}

func (r *race) findPandas() (entry, string, error) {
	python := pythonWithPandas()
	if python == "" {
		return nil, noPandas, nil
	}
	script, err := filepath.Abs(pandasWorker)
	if err != nil {
		return nil, "", err
	}
	arguments := []string{python, script}
	if err := r.introduce("pandas", arguments); err != nil {
		return nil, "", err
	}
	return func(form string) []*program {
		if form == "desk.parquet" { // needs one more package
			return nil
		}
		w := worker("", arguments, request{Do: "load", Folder: ".", Table: form, Threads: 1}, request{Do: "report", Threads: 1})
		return []*program{{name: "pandas", form: form, threads: 1, ways: []way{w}}}
	}, "", nil
}

//go:embed jq/report.jq
var jqProgram string

// jqMost is the greatest number of events that jq is bothered with.
const jqMost = 1_000_000

func (r *race) findJQ() (entry, string, error) {
	version, err := exec.Command("jq", "--version").Output()
	if err != nil {
		return nil, "no jq found", nil
	}
	if r.data.events > jqMost {
		return nil, "it gets at most " + thousands(jqMost) + " events", nil
	}
	r.versions = append(r.versions, strings.TrimSpace(strings.Replace(string(version), "-", " ", 1)))
	return func(form string) []*program {
		if form != "desk.jsonl" {
			return nil
		}
		return []*program{{name: "jq", form: form, threads: 1, ways: []way{{
			arguments: []string{"jq", "-n", "-c", jqProgram, form}, rows: jqRows,
		}}}}
	}, "", nil
}

// jqRows reads an array on each line.
func jqRows(output []byte) (answer reply, err error) {
	for rows := json.NewDecoder(bytes.NewReader(output)); ; {
		var row []json.RawMessage
		if err := rows.Decode(&row); err == io.EOF {
			return answer, nil
		} else if err != nil {
			return reply{}, err
		}
		var cells []string
		for _, cell := range row {
			cells = append(cells, strings.Trim(string(cell), `"`))
		}
		answer.Rows = append(answer.Rows, cells)
	}
}
