package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A source is a page: a file, or what an example prints.
type source struct {
	name string
	file string   // of a page that exists
	dir  string   // of the example, below examples
	args []string // with which it prints the page; files are beside it
}

// pages are those of the examples.
var pages = []source{
	{name: "report", dir: "report", args: []string{"-events", "quarter.jsonl", "-policy", "policy.json", "-zone", "Europe/Berlin", "-link", "https://desk.example/tickets/{id}", "-format", "html"}},
	{name: "week", dir: "report", args: []string{"-events", "quarter.jsonl", "-policy", "policy.json", "-zone", "Europe/Berlin", "-about", "week", "-as-of", "2026-03-23T00:00:00+01:00", "-format", "html"}},
	{name: "sample", dir: "report", args: []string{"-format", "html"}},
	{name: "desk", dir: "report", args: []string{"-events", "testdata/desk.jsonl", "-policy", "testdata/desk.policy.json", "-format", "html"}},
	{name: "status", dir: "report", args: []string{"-events", "testdata/status.jsonl", "-format", "html"}},
	{name: "board", dir: "board", args: []string{"-format", "html"}},
	{name: "survey", dir: "survey", args: []string{"-period", "month", "-goal", "nps=40,csat=80", "-format", "html"}},
	{name: "survey-shop", dir: "survey", args: []string{"-answers", "testdata/shop.csv", "-changed", "2024-07-01", "-period", "month", "-goal", "nps=40,enps=10", "-staff", "45", "-format", "html"}},
	{name: "training", dir: "training", args: []string{"-format", "html"}},
	{name: "scorecard", dir: "scorecard", args: []string{"-format", "html"}},
	{name: "dashboard", dir: "dashboard", args: []string{"-once"}},
	{name: "evidence", dir: "dashboard", args: []string{"-once", "/evidence?of=broken"}},
	{name: "conversation", dir: "dashboard", args: []string{"-once", "-link", "https://desk.example/tickets/{id}", "/conversation?id=Q-0506"}},
}

func names() []string {
	var all []string
	for _, p := range pages {
		all = append(all, p.name)
	}
	return all
}

// choose returns the pages to look at: files if there are any, else those of the examples.
func choose(only string, files []string) ([]source, error) {
	if len(files) > 0 {
		if only != "" {
			return nil, errors.New("either -page or files")
		}
		var chosen []source
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
			chosen = append(chosen, source{name: name, file: file})
		}
		return chosen, nil
	}
	if only == "" {
		return pages, nil
	}
	for _, p := range pages {
		if p.name == only {
			return []source{p}, nil
		}
	}
	return nil, fmt.Errorf("no page %q; there are %s", only, strings.Join(names(), ", "))
}

// longest is how long an example may be built and run.
const longest = 5 * time.Minute

// read returns the page.
func (s source) read(ctx context.Context) (string, error) {
	if s.file != "" {
		page, err := os.ReadFile(s.file)
		return string(page), err
	}
	examples, err := examplesDir()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	command := exec.CommandContext(ctx, "go", append([]string{"run", "."}, s.args...)...)
	command.Dir = filepath.Join(examples, filepath.FromSlash(s.dir))
	var said bytes.Buffer
	command.Stderr = &said
	inGroup(command)
	page, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go run ./examples/%s %s: %w\n%s", s.dir, strings.Join(s.args, " "), err, said.Bytes())
	}
	return string(page), nil
}

// examplesDir returns the directory of the examples, in or above which the program runs.
func examplesDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		examples := filepath.Join(at, "examples")
		if info, err := os.Stat(filepath.Join(examples, "internal", "pictures")); err == nil && info.IsDir() {
			return examples, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("no examples in or above %s", dir)
		}
	}
}
