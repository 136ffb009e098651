package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/eventfile"
	"github.com/servicequality/servicequality/examples/internal/policyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// The sample desk is that of the report, in the folder beside this one.
const (
	sampleEvents = "../report/quarter.jsonl"
	samplePolicy = "../report/policy.json"
)

// readEvents takes all events of a file into the log. A malformed line is reported and left
// out.
func (d *desk) readEvents(name string, stdin io.Reader, stderr io.Writer) (rejected int, err error) {
	source := stdin
	if name != "-" {
		f, err := open(name, sampleEvents, "-events")
		if err != nil {
			return 0, err
		}
		defer f.Close()
		source = f
	}
	if source, err = eventfile.Check(source); err != nil {
		return 0, err
	}
	for err := range d.log.Load(source) {
		var located *metrics.LineError
		if !errors.As(err, &located) {
			return rejected, err
		}
		rejected++
		command.Say(stderr, "prometheus", err)
	}
	for _, warning := range eventfile.Stray(&d.log) {
		command.Say(stderr, "prometheus", warning)
	}
	return rejected, eventfile.Whole(&d.log, rejected)
}

// open opens a file or, if it has no name, that of the sample.
func open(name, sample, flag string) (*os.File, error) {
	if name != "" {
		return os.Open(name)
	}
	f, err := os.Open(sample)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("the sample is not here; run in the folder examples/prometheus, or give %s: %w", flag, err)
	}
	return f, err
}

// readPolicy reads what the desk promises, and by which rules conversations are read.
func readPolicy(name string) (rules metrics.Rules, policy standards.Policy, err error) {
	f, err := open(name, samplePolicy, "-policy")
	if err != nil {
		return rules, policy, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return rules, policy, err
	}
	if rules, policy, err = policyfile.Read(data); err != nil {
		err = fmt.Errorf("%s: %w", f.Name(), err)
	}
	return rules, policy, err
}

func readCalendar(name string) (*calendar.Calendar, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var config calendar.Config
	if err := json.Unmarshal(data, &config); err != nil {
		return nil, err
	}
	return calendar.New(config)
}
