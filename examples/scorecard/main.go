// Command scorecard scores reviewed conversations of a helpdesk: each agent with
// an interval, how far the reviewers agree, and which level of service the desk
// holds.
//
//	go run ./examples/scorecard                     # on the bundled sample
//	go run ./examples/scorecard -reviews FILE.json  # on your own reviews
//	go run ./examples/scorecard -format html > scorecard.html
//
// README.md in this folder documents the input and the output.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/servicequality/servicequality/examples/internal/command"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("scorecard", flag.ContinueOnError)
	name := flags.String("reviews", "", "`file` with the scorecard and the reviews; - for standard input (default: the bundled sample)")
	level := flags.Float64("level", 0.95, "confidence level of the intervals")
	format := flags.String("format", "text", "print `text`, or html, a page")
	explain := flags.Bool("explain", false, "show in the text the statistics of agreement, and say by which methods the figures were found")
	err := command.Parse(flags, args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q; name the file with -reviews", flags.Arg(0))
	}
	if err == nil && !(*level > 0 && *level < 1) {
		err = fmt.Errorf("-level %v: want a number above 0 and below 1", *level)
	}
	if err == nil && formats[*format] == nil {
		err = fmt.Errorf("-format %q: want text or html", *format)
	}
	if err == nil && *explain && *format != "text" {
		err = errors.New("-explain: only of the format text")
	}
	if err == nil {
		err = report(*name, *level, *format, *explain, stdin, stdout)
	}
	if err != nil {
		command.Say(stderr, "scorecard", err)
		return exitFailed
	}
	return exitDone
}

func report(name string, level float64, format string, explain bool, stdin io.Reader, stdout io.Writer) error {
	in, err := read(name, stdin)
	if err != nil {
		return err
	}
	r, err := evaluate(in, level)
	if err != nil {
		return err
	}
	r.explain = explain
	return formats[format](r, stdout)
}

// formats print a result.
var formats = map[string]func(*result, io.Writer) error{"text": (*result).write, "html": (*result).writeHTML}
