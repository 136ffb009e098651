package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/eventfile"
	"github.com/servicequality/servicequality/examples/internal/policyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// sample is a made-up morning of a small desk.
//
//go:embed sample.jsonl
var sample []byte

//go:embed policy.json
var samplePolicy []byte

// sampleBegin is when the board of the sample begins: in the middle of it.
const sampleBegin = "2026-03-02T10:30:00Z"

// input is what was read.
type input struct {
	log      metrics.EventLog
	rules    metrics.Rules
	begin    time.Time // where the board begins
	last     time.Time // the last event
	rejected int
}

// readEvents takes all events of a file. A malformed line is reported and left
// out.
func readEvents(name string, stdin io.Reader, stderr io.Writer) (*input, error) {
	var source io.Reader
	switch name {
	case "":
		source = bytes.NewReader(sample)
	case "-":
		source = stdin
	default:
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		source = f
	}
	source, err := eventfile.Check(source)
	if err != nil {
		return nil, err
	}
	in := new(input)
	for err := range in.log.Load(source) {
		var located *metrics.LineError
		if !errors.As(err, &located) {
			return nil, err
		}
		in.rejected++
		command.Say(stderr, "board", err)
	}
	if err := eventfile.Whole(&in.log, in.rejected); err != nil {
		return nil, err
	}
	for _, warning := range eventfile.Stray(&in.log) {
		command.Say(stderr, "board", warning)
	}
	in.last = in.log.Latest()
	in.begin = in.last
	if name == "" {
		begin, err := time.Parse(time.RFC3339, sampleBegin)
		if err != nil {
			return nil, err
		}
		in.begin = begin
	}
	return in, nil
}

// readPolicy reads what the desk promises, and by which rules conversations are
// read.
func readPolicy(name string) (metrics.Rules, standards.Policy, error) {
	data := samplePolicy
	if name != "" {
		var err error
		if data, err = os.ReadFile(name); err != nil {
			return metrics.Rules{}, standards.Policy{}, err
		}
	}
	rules, policy, err := policyfile.Read(data)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return rules, policy, err
}

// measured returns a policy without the promises of which a log cannot tell, and their
// names: where nobody is ever assigned, those to assign in time. They would be overdue in
// every conversation.
func measured(log *metrics.EventLog, p standards.Policy) (standards.Policy, []string) {
	for c := range log.Conversations() {
		for r := range c.Records() {
			if r.Type == metrics.KindAssigned {
				return p, nil
			}
		}
	}
	var rest []standards.Target
	var names []string
	for _, t := range p.Targets {
		switch name := t.String(); {
		case t.Measure != standards.TimeToAssign:
			rest = append(rest, t)
		case !slices.Contains(names, name):
			names = append(names, name)
		}
	}
	p.Targets = rest
	return p, names
}
