// Command report prints the service quality of a helpdesk from its events:
// response times, what is still waiting, resolution, satisfaction with star
// tiers, and compliance with the customary speeds of each channel.
//
//	go run ./examples/report                      # on the bundled sample
//	go run ./examples/report -events FILE.jsonl   # on your own events
//
// README.md in this folder documents the input, the flags and the output.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// Exit statuses. A report that left out malformed lines is printed, and the
// status says that it did.
const (
	exitDone     = 0
	exitRejected = 1
	exitFailed   = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	events   string
	by       string
	asOf     time.Time         // zero: as of the last event
	calendar metrics.Calendar  // nil: around the clock only
	policy   *standards.Policy // nil: the customary speeds of each channel
	format   string
	detail   bool
	strict   bool
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.events, "events", "", "`file` of events, JSON Lines or CSV; - for standard input (default: the bundled sample)")
	flags.StringVar(&s.by, "by", "channel", "group by `channel`, agent or none")
	flags.Func("as-of", "report what was known at an instant, such as `2026-03-14T18:00:00Z` (default: the last event)", func(text string) (err error) {
		s.asOf, err = time.Parse(time.RFC3339, text)
		return err
	})
	flags.Func("calendar", "measure in hours of service too, which a JSON `file` says", func(name string) (err error) {
		s.calendar, err = readCalendar(name)
		return err
	})
	flags.Func("policy", "judge by the promises in a JSON `file`, in place of the customary speeds of each channel", func(name string) (err error) {
		s.policy, err = readPolicy(name)
		return err
	})
	flags.StringVar(&s.format, "format", "text", "print `text`, markdown, json or html")
	flags.BoolVar(&s.detail, "detail", false, "print a line of JSON per conversation in place of the report")
	flags.BoolVar(&s.strict, "strict", false, "stop at the first malformed line")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q; name the file with -events", flags.Arg(0))
	}
	if _, ok := keys[s.by]; !ok {
		return s, fmt.Errorf("-by %q: want channel, agent or none", s.by)
	}
	if _, ok := formats[s.format]; !ok {
		return s, fmt.Errorf("-format %q: want text, markdown, json or html", s.format)
	}
	return s, nil
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		fmt.Fprintln(stderr, "report:", err)
		return exitFailed
	}
	in, err := read(s, stdin, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "report:", err)
		if located := (*metrics.LineError)(nil); errors.As(err, &located) {
			return exitRejected
		}
		return exitFailed
	}
	if s.detail {
		err = writeDetail(stdout, in)
	} else {
		err = formats[s.format](stdout, build(in, s.by))
	}
	if err != nil {
		fmt.Fprintln(stderr, "report:", err)
		return exitFailed
	}
	if in.rejected > 0 {
		return exitRejected
	}
	return exitDone
}

// formats print a report.
var formats = map[string]func(io.Writer, *report) error{
	"text":     writeText,
	"markdown": writeMarkdown,
	"json":     writeJSON,
	"html":     writeHTML,
}
