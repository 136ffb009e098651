// Command beam makes a report by channel and day as an Apache Beam pipeline: for
// a history that does not fit on one machine. The figures equal those of one
// process, to the last bit.
//
//	cd examples/beam
//	go run .                              # the bundled sample, on Prism, in this process
//	go run . -events 'events-*.jsonl'     # your own files
//	go run . -generate 100000             # made-up conversations
//	go run . -batch                       # the same report without Beam
//
// README.md in this folder documents the flags, and how to run it on a cluster.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
	_ "time/tzdata" // workers need not have it

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/log"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/flink"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/spark"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// Exit statuses. A report that left out malformed lines is made, and the status
// says that it did.
const (
	exitDone     = 0
	exitRejected = 1
	exitFailed   = 2
)

// settings are what the flags say, beside those of Beam.
type settings struct {
	source   source
	question question
	asOf     command.Instant
	output   string // empty: standard output
	rejected string // empty: nowhere
	batch    bool
	verbose  bool
}

func main() {
	var s settings
	s.define(flag.CommandLine)
	// A worker is this program too, started with flags of its own: Init looks at
	// them, and on a worker does not return.
	flag.Parse()
	beam.Init()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "beam: unexpected argument %q; name the files with -events\n", flag.Arg(0))
		os.Exit(exitFailed)
	}
	os.Exit(run(context.Background(), s, os.Stderr))
}

// define adds the flags to a set that has those of Beam.
func (s *settings) define(flags *flag.FlagSet) {
	flags.StringVar(&s.source.Files, "events", "", "`files` of events, JSON Lines; a pattern such as 'events-*.jsonl' (default: the bundled sample)")
	flags.Int64Var(&s.source.Generate, "generate", 0, "make up `n` conversations in place of files")
	flags.StringVar(&s.question.Zone, "zone", "UTC", "time `zone` of the days, such as Europe/Berlin")
	flags.Var(&s.asOf, "as-of", "report what was known at an instant, such as `2026-03-14T18:00:00Z` (default: the last event)")
	flags.StringVar(&s.output, "output", "", "write the report to a `file` (default: standard output of the worker that makes it: without a cluster, of this process)")
	flags.StringVar(&s.rejected, "rejected", "", "write all malformed lines to a `file`; the report shows the first of them")
	flags.BoolVar(&s.batch, "batch", false, "make the same report in this process, without Beam")
	flags.BoolVar(&s.verbose, "v", false, "log what the runner does")
}

// check refuses settings from which no pipeline can be made.
func (s *settings) check() error {
	if _, err := time.LoadLocation(s.question.Zone); err != nil {
		return fmt.Errorf("-zone: %w", err)
	}
	if s.asOf.Given {
		if y := s.asOf.At.Year(); y < 1970 || y > 2261 {
			return fmt.Errorf("-as-of: %w", metrics.ErrTime)
		}
		s.question.AsOf = s.asOf.At
	}
	if s.batch && s.rejected != "" {
		return errors.New("-rejected: not with -batch")
	}
	return s.source.check()
}

func run(ctx context.Context, s settings, stderr io.Writer) int {
	fail := func(err error) int {
		// That of a job is of many lines.
		fmt.Fprintf(stderr, "beam: %s\n", plain.Lines([]byte(err.Error())))
		return exitFailed
	}
	if err := s.check(); err != nil {
		return fail(err)
	}
	write := runPipeline
	if s.batch {
		write = runBatch
	}
	rejected, err := write(ctx, s)
	switch {
	case err != nil:
		return fail(err)
	case rejected > 0:
		fmt.Fprintf(stderr, "beam: %s left out\n", text.Counted(rejected, "malformed line"))
		return exitRejected
	}
	return exitDone
}

// runPipeline runs the pipeline on the runner that -runner names, and returns how
// many lines were malformed.
func runPipeline(ctx context.Context, s settings) (rejected int64, err error) {
	level := "warn"
	if s.verbose {
		level = "info"
	}
	log.SetupLogging(level, "text")
	p, root := beam.NewPipelineWithRoot()
	build(root, s)
	result, err := beam.Run(ctx, cmp.Or(*runners.Runner, "prism"), p)
	if err != nil {
		return 0, err
	}
	return rejectedIn(result), nil
}
