package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/eventfile"
	"github.com/servicequality/servicequality/metrics"
)

// sample is a made-up helpdesk: six weeks, two channels, eight agents, of whom
// four were trained in the middle.
//
//go:embed sample.jsonl
var sample []byte

// read takes all events of a file, of standard input, or without a name of the
// sample.
func read(name string, stdin io.Reader, stderr io.Writer) (*metrics.EventLog, error) {
	source := stdin
	switch name {
	case "":
		source = bytes.NewReader(sample)
	case "-":
	default:
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		source = file
	}
	source, err := eventfile.Check(source)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	log := new(metrics.EventLog)
	for err := range log.Load(source) {
		return nil, fmt.Errorf("events: %w", err)
	}
	for _, warning := range eventfile.Stray(log) {
		command.Say(stderr, "training", warning)
	}
	return log, nil
}
