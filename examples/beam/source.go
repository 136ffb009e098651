package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"github.com/servicequality/servicequality/metrics"
)

// sample is a small made-up helpdesk: two weeks, five channels, four agents and
// a bot. It is part of the program, and so of every worker.
//
//go:embed sample.jsonl
var sample string

// A source is where events come from: files, made-up conversations, or, as the
// zero value, the sample.
type source struct {
	Files    string // a pattern
	Generate int64  // conversations
}

func (s source) check() error {
	switch {
	case s.Generate < 0:
		return fmt.Errorf("-generate %d: want a positive number", s.Generate)
	case s.Generate > 0 && s.Files != "":
		return errors.New("-events and -generate: want one of them")
	case s.Files != "":
		_, err := filesystem.New(context.Background(), s.Files)
		return err
	}
	return nil
}

// A part of a source is read by one worker from its beginning to its end: a file,
// or one gateway's deliveries of a range of made-up conversations. Parts are
// numbered in the order in which their events arrived.
type part struct {
	Number int64
	File   string // empty: the sample

	Generated bool
	Gateway   int64
	From, To  int64 // conversations
}

// parts returns the parts in their order: files in the order of their names.
func (s source) parts(ctx context.Context) ([]part, error) {
	switch {
	case s.Generate > 0:
		return generatedParts(s.Generate), nil
	case s.Files == "":
		return []part{{}}, nil
	}
	files, err := filesystem.New(ctx, s.Files)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	names, err := files.List(ctx, s.Files)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no file matches %q", s.Files)
	}
	slices.Sort(names)
	var all []part
	for i, name := range names {
		all = append(all, part{Number: int64(i), File: name})
	}
	return all, nil
}

// read gives every delivery of the part to take, and every malformed line to
// refuse. Any other error is one of reading.
func (p part) read(ctx context.Context, take func(Delivery), refuse func(Malformed)) error {
	var n int64
	deliver := func(r metrics.Record) {
		take(Delivery{Position{p.Number, n}, r})
		n++
	}
	if p.Generated {
		p.generate(deliver)
		return nil
	}
	in, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	for e, err := range metrics.DecodeJSONLines(in) {
		if err == nil {
			deliver(metrics.RecordOf(e))
			continue
		}
		located := (*metrics.LineError)(nil)
		if !errors.As(err, &located) {
			return fmt.Errorf("%s: %w", p.File, err)
		}
		refuse(Malformed{Position{p.Number, int64(located.Line)}, p.File, located.Error()})
	}
	return nil
}

func (p part) open(ctx context.Context) (io.ReadCloser, error) {
	if p.File == "" {
		return io.NopCloser(strings.NewReader(sample)), nil
	}
	files, err := filesystem.New(ctx, p.File)
	if err != nil {
		return nil, err
	}
	// The file keeps what it needs of the file system.
	defer files.Close()
	return files.OpenRead(ctx, p.File)
}
