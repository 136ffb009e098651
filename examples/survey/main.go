// The program survey reads answers to a customer survey from a file, as survey tools and
// spreadsheets write them. It prints each index with its n and its interval, whether it
// reaches a goal, how it went over months, what changed on a given day, how teams
// compare, what the least satisfied wrote, and the gaps of SERVQUAL.
//
//	go run ./examples/survey
//	go run ./examples/survey -answers export.csv -changed 2026-03-02
//	go run ./examples/survey -answers export.csv -period month -goal nps=40
//	go run ./examples/survey -answers export.csv -format html > survey.html
//
// README.md in this folder describes the files.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics"
)

// The made-up answers that are read if no file is given.
var (
	//go:embed answers.csv
	bundledAnswers []byte
	//go:embed servqual.csv
	bundledServqual []byte
)

// bundledChange is the first day after the training in the bundled answers.
const bundledChange = "2026-03-02"

// Exit statuses. A report that left out what it could not read is printed, and the
// status says that it did.
const (
	exitDone     = 0
	exitRejected = 1
	exitFailed   = 2
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// settings are what the flags say.
type settings struct {
	answers  string
	servqual string
	changed  time.Time // zero: nothing is compared
	byPeriod bool
	period   metrics.Unit
	now      time.Time // a period that ends later is not over
	goals    goals
	invited  int64 // 0: not known, or known from the file
	staff    int64 // 0: not known
	format   string
	explain  bool // by which methods the figures were found
	form     surveyfile.Form
}

func (s settings) bundled() bool { return s.answers == "" && s.servqual == "" }

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("survey", flag.ContinueOnError)
	flags.StringVar(&s.answers, "answers", "", "`file` of answers (see README.md)")
	flags.StringVar(&s.servqual, "servqual", "", "`file` of SERVQUAL sheets (see README.md)")
	changed := flags.String("changed", "", "compare answers before and from this `day`, such as 2026-03-02")
	period := flags.String("period", "", "show each index by `unit`: day, week, month, quarter or year")
	flags.Var(&s.goals, "goal", "hold an index against a goal or benchmark, by `question=value`, such as nps=40")
	flags.Int64Var(&s.invited, "invited", 0, "how many `people` were asked, for the response rate")
	flags.Int64Var(&s.staff, "staff", 0, "how many `employees` there are to answer enps and favourable")
	flags.StringVar(&s.format, "format", "text", "print `text`, or html, a page")
	flags.BoolVar(&s.explain, "explain", false, "say below the text by which methods the figures were found, and by whom")
	form := surveyfile.Flags(flags)
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q: files are given by -answers and -servqual", flags.Arg(0))
	}
	if s.bundled() && *changed == "" {
		*changed = bundledChange
	}
	if formats[s.format] == nil {
		return s, fmt.Errorf("-format %q: want text or html", s.format)
	}
	if s.explain && s.format != "text" {
		return s, errors.New("-explain: only of the format text")
	}
	var err error
	if *changed != "" {
		if s.changed, err = time.Parse(time.DateOnly, *changed); err != nil {
			return s, fmt.Errorf("-changed %q is not a day such as 2026-03-02", *changed)
		}
	}
	if s.byPeriod = *period != ""; s.byPeriod {
		if err = s.period.UnmarshalText([]byte(*period)); err != nil {
			return s, fmt.Errorf("-period %q is not day, week, month, quarter or year", *period)
		}
	}
	if s.invited < 0 {
		return s, fmt.Errorf("-invited %d: want a positive number", s.invited)
	}
	if s.staff < 0 {
		return s, fmt.Errorf("-staff %d: want a positive number", s.staff)
	}
	s.now = time.Now()
	s.form, err = form()
	s.form.NeedTimes = s.byPeriod || !s.changed.IsZero()
	return s, err
}

func run(args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	complete := false
	if err == nil {
		complete, err = tell(s, stdout)
	}
	switch {
	case err != nil:
		command.Say(stderr, "survey", err)
		return exitFailed
	case !complete:
		return exitRejected
	}
	return exitDone
}

// tell reads the files and writes the report. It returns whether everything in the files
// could be read.
func tell(s settings, w io.Writer) (complete bool, err error) {
	r, err := study(s)
	if err != nil {
		return false, err
	}
	return len(r.problems) == 0, formats[s.format](r, w)
}

// formats print the results.
var formats = map[string]func(*results, io.Writer) error{"text": (*results).writeText, "html": (*results).writeHTML}

// source returns the content of a file and its name, or the bundled data if there is no
// path.
func source(path string, bundled []byte, bundledName string) (data []byte, name string, err error) {
	if path == "" {
		return bundled, bundledName, nil
	}
	data, err = os.ReadFile(path)
	return data, path, err
}
