// Command training tells what a training of agents changed, by the times to respond of
// the helpdesk and by what customers answered to a survey: the trained before and after
// it, and beyond what changed for the others in the same time, with the conversations
// behind it.
//
//	go run ./examples/training   # on the bundled sample
//	go run ./examples/training -events FILE.jsonl -answers EXPORT.csv -trained ana,ben -from 2026-04-13
//	go run ./examples/training -format html > training.html
//
// README.md in this folder follows one evaluation from the question to the answer, and
// documents the input, the flags and the output.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics"
)

// Exit statuses. A report that left out what it could not read of a survey is printed,
// and the status says that it did.
const (
	exitDone     = 0
	exitRejected = 1
	exitFailed   = 2
)

// The training of the bundled sample.
const (
	sampleTrained = "ana,ben,cleo,dev"
	sampleFrom    = "2026-04-13"
	sampleZone    = "Europe/Berlin"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	events  string
	answers string // empty: there is no survey, or that of the sample
	form    surveyfile.Form
	trained []metrics.AgentID
	from    string
	zone    string
	format  string
	days    int // 0: as many whole weeks as there are events on both sides
	level   float64
	explain bool // by which methods the changes were judged
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	var trained string
	flags := flag.NewFlagSet("training", flag.ContinueOnError)
	flags.StringVar(&s.events, "events", "", "`file` of events, JSON Lines; - for standard input (default: the bundled sample)")
	flags.StringVar(&s.answers, "answers", "", "`file` of answers to a survey about the conversations (default: the bundled sample)")
	flags.StringVar(&trained, "trained", "", "the `agents` that were trained, such as ana,ben")
	flags.StringVar(&s.from, "from", "", "the first `day` after the training, such as 2026-04-13")
	flags.StringVar(&s.zone, "zone", "", "the time `zone` in which days begin, such as Europe/Berlin (default UTC)")
	flags.IntVar(&s.days, "days", 0, "compare so many `days` on either side (default: as many whole weeks as there are events on both)")
	flags.Float64Var(&s.level, "level", 0.95, "level of all verdicts together")
	flags.StringVar(&s.format, "format", "text", "print `text`, or html, a page")
	flags.BoolVar(&s.explain, "explain", false, "say below the text by which methods the changes were judged, and by whom")
	form := surveyfile.Flags(flags)
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	var err error
	if s.form, err = form(); err != nil {
		return s, err
	}
	switch {
	case formats[s.format] == nil:
		return s, fmt.Errorf("-format %q: want text or html", s.format)
	case s.explain && s.format != "text":
		return s, errors.New("-explain: only of the format text")
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q; name the file with -events", flags.Arg(0))
	case s.days < 0:
		return s, fmt.Errorf("-days %d: want a positive number", s.days)
	case !(s.level > 0 && s.level < 1):
		return s, fmt.Errorf("-level %v: want a number above 0 and below 1", s.level)
	case s.events == "" && (trained != "" || s.from != "" || s.zone != "" || s.answers != ""):
		return s, errors.New("-trained, -from, -zone and -answers are for -events; the bundled sample has its own")
	case s.events == "":
		trained, s.from, s.zone = sampleTrained, sampleFrom, sampleZone
	case trained == "" || s.from == "":
		return s, errors.New("-events needs -trained and -from")
	}
	for name := range strings.SplitSeq(trained, ",") {
		if name = strings.TrimSpace(name); name != "" {
			s.trained = append(s.trained, metrics.AgentID(name))
		}
	}
	if len(s.trained) == 0 {
		return s, fmt.Errorf("-trained %q names nobody", trained)
	}
	return s, nil
}

// change returns the zone, and the first instant after the training in it.
func (s settings) change() (*time.Location, metrics.Period, error) {
	var day metrics.Period
	zone, err := time.LoadLocation(s.zone)
	if err != nil {
		return nil, day, fmt.Errorf("-zone: %w", err)
	}
	if err := day.UnmarshalText([]byte(s.from)); err != nil || day.Unit() != metrics.Day {
		return nil, day, fmt.Errorf("-from %q is not a day such as 2026-04-13", s.from)
	}
	return zone, day, nil
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	var rejected []surveyfile.Problem
	if err == nil {
		rejected, err = tell(s, stdin, stdout, stderr)
	}
	if err != nil {
		command.Say(stderr, "training", err)
		return exitFailed
	}
	for _, p := range rejected {
		command.Say(stderr, "training", fmt.Sprintf("answers: %v", p))
	}
	if len(rejected) > 0 {
		return exitRejected
	}
	return exitDone
}

// tell writes the report. It returns what could not be read of the survey.
func tell(s settings, stdin io.Reader, stdout, stderr io.Writer) ([]surveyfile.Problem, error) {
	zone, day, err := s.change()
	if err != nil {
		return nil, err
	}
	log, err := read(s.events, stdin, stderr)
	if err != nil {
		return nil, err
	}
	answers, err := readAnswers(s)
	if err != nil {
		return nil, err
	}
	h, err := listen(log, answers, s.form)
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	r, err := evaluate(log, s, zone, day)
	if err != nil {
		return nil, err
	}
	r.heard, r.explain = h, s.explain
	return h.rejected, formats[s.format](r, stdout)
}

// formats print a report.
var formats = map[string]func(*report, io.Writer) error{"text": (*report).write, "html": (*report).writeHTML}
