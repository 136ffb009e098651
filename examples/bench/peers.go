package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A contestant is a line of the table: a peer with a table of its own and a number
// of threads.
type contestant struct {
	name    string
	peer    peer
	table   string
	threads int
	// Requests that answer the question, and that make the groups: of several,
	// the fastest counts. A contestant without any only loads.
	report, groups []candidate

	measured map[string]*measurement
}

type candidate struct {
	name string
	request
}

// tasks returns a candidate that a program in Go knows by a word.
func tasks(word string) []candidate { return []candidate{{"", request{Do: word}}} }

// opened is a peer that is ready, or the reason why there is none.
type opened struct {
	peer    peer
	version string
	absent  string
}

// open starts a peer, or says why it is absent.
func (o options) open(name string, d dataset) (opened, error) {
	var p peer
	var absent string
	var err error
	switch name {
	case "library", "byhand":
		p, err = o.openSelf(name)
	case "duckdb":
		p, absent, err = o.openDuckDB()
	case "sqlite":
		p, absent, err = o.openSQLite()
	case "postgres":
		p, absent, err = newPostgresPeer()
	case "pandas":
		p, absent, err = openPandas()
	default:
		return opened{}, fmt.Errorf("no peer is called %q", name)
	}
	if err != nil || absent != "" {
		return opened{absent: absent}, err
	}
	answer, err := p.ask(request{Do: "open", Folder: d.folder, Threads: 1})
	if err != nil {
		_ = p.close()
		return opened{}, err
	}
	version := ""
	if len(answer.Rows) > 0 {
		version = answer.Rows[0][0]
	}
	return opened{p, version, ""}, nil
}

func (o options) openSelf(name string) (peer, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return startSelf(name, program)
}

func newPostgresPeer() (peer, string, error) {
	p, absent, err := newPostgres()
	if p == nil {
		return nil, absent, err
	}
	return p, absent, err
}

// duckDBWorker answers requests with DuckDB.
const duckDBWorker = "duckdb/worker.js"

// prepareDuckDB installs DuckDB where it is not, or says why it is absent.
func (o options) prepareDuckDB() (absent string) {
	if _, err := exec.LookPath("node"); err != nil {
		return "no Node.js found"
	}
	if _, err := os.Stat("duckdb/node_modules/@duckdb/node-api"); err == nil {
		return ""
	}
	if !o.install {
		return "not installed; go run . files does it"
	}
	fmt.Fprintln(o.progress, "installing DuckDB by npm")
	npm := exec.Command("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = "duckdb", o.progress, o.progress
	if err := npm.Run(); err != nil {
		return fmt.Sprintf("npm install: %v", err)
	}
	return ""
}

func (o options) openDuckDB() (peer, string, error) {
	if absent := o.prepareDuckDB(); absent != "" {
		return nil, absent, nil
	}
	p, err := start("DuckDB", exec.Command("node", duckDBWorker))
	return p, "", err
}

// sqliteProgram is this program with SQLite in it.
const sqliteProgram = ".cache/bench-sqlite"

// openSQLite starts this program once more, with SQLite in it.
func (o options) openSQLite() (peer, string, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, "no go command found to build it", nil
	}
	program, err := filepath.Abs(sqliteProgram)
	if err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(program); err != nil && !o.install {
		return nil, "not built; go run . events does it", nil
	}
	fmt.Fprintln(o.progress, "building SQLite, which takes a minute for the first time")
	build := exec.Command("go", "build", "-tags", "sqlite", "-o", program, ".")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Sprintf("go build: %v: %.300s", err, said), nil
	}
	p, err := startSelf("sqlite", program)
	return p, "", err
}

// pandasWorker answers requests with pandas.
const (
	pandasWorker = "pandas/worker.py"
	noPandas     = "no Python with pandas found"
)

// pythonWithPandas returns a Python, or "" if there is none that has pandas.
func pythonWithPandas() string {
	for _, python := range []string{"python3", "/usr/bin/python3", "python"} {
		if exec.Command(python, "-c", "import pandas; pandas.DataFrame").Run() == nil {
			return python
		}
	}
	return ""
}

func openPandas() (peer, string, error) {
	python := pythonWithPandas()
	if python == "" {
		return nil, noPandas, nil
	}
	p, err := start("pandas", exec.Command(python, pandasWorker))
	return p, "", err
}
