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
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/link"
	"github.com/servicequality/servicequality/examples/internal/zone"
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
	by       []dimension
	zone     *time.Location    // of periods and hours of the week
	asOf     command.Instant   // as of the last event, if it is not given
	calendar metrics.Calendar  // nil: around the clock only
	rules    metrics.Rules     // of the policy file
	policy   *standards.Policy // nil: the customary speeds of each channel
	format   string
	detail   bool
	strict   bool
	min      int64         // 0: nothing is marked
	period   *metrics.Unit // the unit of the course; nil: no part by period
	about    metrics.Unit  // of the period that the report is about
	compare  string        // empty: no comparison
	link     link.Template // of a conversation in the desk; zero: none
	survival bool
	explain  bool
	evidence int
	jobs     int
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.StringVar(&s.events, "events", "", "`file` of events, JSON Lines or CSV; - for standard input (default: the bundled sample)")
	by := flags.String("by", "channel", "group by a `list` of "+strings.Join(dimensionNames(dimensions[:]), ", ")+"; or none")
	flags.Var(&s.asOf, "as-of", "report what was known at an instant, such as `2026-03-14T18:00:00Z` (default: the last event)")
	hoursZone := time.UTC
	flags.Func("calendar", "measure in hours of service too, which a JSON `file` says", func(name string) error {
		hours, err := readCalendar(name)
		if err == nil {
			s.calendar, hoursZone = hours, hours.Location()
		}
		return err
	})
	flags.Func("zone", "the `zone` of days, weeks and hours, such as Europe/Berlin (default: that of the calendar, else UTC)", func(name string) (err error) {
		s.zone, err = zone.Read(name)
		return err
	})
	flags.Func("period", "show the course by `day`, week, month or quarter (default of html: the next smaller unit than that of -about, but weeks of a week)", func(name string) (err error) {
		s.period, err = parsePeriod(name)
		return err
	})
	var about *metrics.Unit
	flags.Func("about", "be about the last `day`, week, month or quarter, as far as it has gone, against the one before (default of html: month)", func(name string) (err error) {
		about, err = parsePeriod(name)
		return err
	})
	flags.Func("compare", "hold what the report is about against the `previous` period (default), or against the same one of the year before", func(name string) error {
		if name != "previous" && name != "year" {
			return errors.New("want previous or year")
		}
		s.compare = name
		return nil
	})
	flags.Func("min", "mark figures of fewer than `n` waits or ratings", func(text string) (err error) {
		s.min, err = parseCount(text)
		return err
	})
	flags.BoolVar(&s.survival, "survival", false, "show the time to a first response of everybody, including those still waiting")
	flags.BoolVar(&s.explain, "explain", false, "say below the text or markdown by which methods the figures were found")
	flags.Func("evidence", "name the `k` worst conversations behind the figures", func(text string) error {
		k, err := parseCount(text)
		s.evidence = int(k)
		return err
	})
	flags.Func("policy", "judge by the promises in a JSON `file`, in place of the customary speeds of each channel", func(name string) (err error) {
		s.rules, s.policy, err = readPolicy(name)
		return err
	})
	s.jobs = 1
	flags.Func("jobs", "decode the file in `n` goroutines (default 1)", func(text string) error {
		n, err := parseCount(text)
		s.jobs = int(min(n, maxJobs))
		return err
	})
	flags.StringVar(&s.format, "format", "text", "print `text`, markdown, json or html")
	flags.Func("link", "link conversations of html to the desk by a `template`, such as https://desk.example/tickets/{id}", func(template string) (err error) {
		s.link, err = link.Parse(template)
		return err
	})
	flags.BoolVar(&s.detail, "detail", false, "print a line of JSON per conversation in place of the report")
	flags.BoolVar(&s.strict, "strict", false, "stop at the first malformed line")
	if err := command.Parse(flags, args, stderr); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q; name the file with -events", flags.Arg(0))
	}
	var err error
	if s.by, err = parseDimensions(*by); err != nil {
		return s, err
	}
	if s.zone == nil {
		s.zone = hoursZone
	}
	if _, ok := formats[s.format]; !ok && s.format != "html" {
		return s, fmt.Errorf("-format %q: want text, markdown, json or html", s.format)
	}
	if _, ok := explainers[s.format]; s.explain && (!ok || s.detail) {
		return s, errors.New("-explain: only of the formats text and markdown")
	}
	s.decide(about)
	return s, nil
}

// decide settles what the report is about, and what is left open of that.
func (s *settings) decide(about *metrics.Unit) {
	s.about = metrics.Month
	if s.period != nil {
		s.about = max(s.about, *s.period)
	}
	if about != nil {
		s.about = *about
	}
	if s.compare == "" && (about != nil || s.format == "html") {
		s.compare = "previous"
	}
	if s.format != "html" {
		return
	}
	s.by = []dimension{byChannel} // a page tells channels apart
	if s.period == nil {
		course := briefing.CourseOf(s.about)
		s.period = &course
	}
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		command.Say(stderr, "report", err)
		return exitFailed
	}
	in, err := read(s, stdin, stderr)
	if err != nil {
		command.Say(stderr, "report", err)
		if located := (*metrics.LineError)(nil); errors.As(err, &located) {
			return exitRejected
		}
		return exitFailed
	}
	if s.detail {
		err = writeDetail(stdout, in)
	} else {
		err = writeReport(stdout, in, s)
	}
	if err != nil {
		command.Say(stderr, "report", err)
		return exitFailed
	}
	if in.rejected > 0 {
		return exitRejected
	}
	return exitDone
}

func writeReport(w io.Writer, in *input, s settings) error {
	reading := in.log.Read(in.rules, in.asOf)
	if s.format == "html" {
		b, err := pageOf(in, s, reading)
		if err != nil {
			return err
		}
		return b.Page().Write(w)
	}
	r, err := build(in, s, reading)
	if err != nil {
		return err
	}
	if err := formats[s.format](w, r); err != nil || !s.explain {
		return err
	}
	return explainers[s.format](w, r)
}

func parsePeriod(name string) (*metrics.Unit, error) {
	u := new(metrics.Unit)
	if err := u.UnmarshalText([]byte(name)); err != nil || *u == metrics.Year {
		return nil, errors.New("want day, week, month or quarter")
	}
	return u, nil
}

// maxJobs bounds the memory that goroutines take.
const maxJobs = 64

// parseCount reads a count from 1.
func parseCount(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, errors.New("want a whole number from 1")
	}
	return n, nil
}

// formats print a report. A page is made of less; see pageOf.
var formats = map[string]func(io.Writer, *report) error{
	"text":     writeText,
	"markdown": writeMarkdown,
	"json":     writeJSON,
}

// explainers print the methods below a report.
var explainers = map[string]func(io.Writer, *report) error{
	"text":     explainText,
	"markdown": explainMarkdown,
}
