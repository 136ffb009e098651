package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/servicequality/servicequality/examples/internal/policyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// sample is a small made-up helpdesk: two weeks, five channels, four agents and
// a bot.
//
//go:embed sample.jsonl
var sample []byte

// input is what was read.
type input struct {
	log      metrics.EventLog
	rules    metrics.Rules
	policy   standards.Policy
	zone     *time.Location // of periods and hours of the week
	asOf     time.Time
	taken    int // events at or before asOf, repeated and retracted ones among them
	retracts int // of these: those that retract others
	rejected int
}

// inHours reports whether anything is measured in hours of service.
func (in *input) inHours() bool {
	return in.rules.Calendar != nil || len(in.rules.TeamCalendars) > 0 || len(in.rules.ChannelCalendars) > 0
}

// read takes all events of the source that the settings name. A malformed line
// is reported and left out, or by -strict returned.
func read(s settings, stdin io.Reader, stderr io.Writer) (*input, error) {
	source, closeSource, err := open(s.events, stdin)
	if err != nil {
		return nil, err
	}
	defer closeSource()
	in := &input{asOf: s.asOf, zone: s.zone, rules: s.rules, policy: standards.ChannelSpeeds()}
	if s.policy != nil {
		in.policy = *s.policy
	}
	in.rules.Calendar = s.calendar
	var last time.Time
	counter := newProgress(stderr)
	defer counter.done()
	for e, err := range decode(source) {
		if err == nil {
			err = in.log.Append(e)
		}
		if err != nil {
			var located *metrics.LineError
			if s.strict || !errors.As(err, &located) {
				return nil, err
			}
			in.rejected++
			counter.clear()
			fmt.Fprintln(stderr, "report:", err)
			continue
		}
		at := metrics.RecordOf(e).At
		if at.After(last) {
			last = at
		}
		if s.asOf.IsZero() || !at.After(s.asOf) {
			in.taken++
			if _, ok := e.(metrics.Retracted); ok {
				in.retracts++
			}
		}
		counter.count()
	}
	if in.asOf.IsZero() {
		in.asOf = last
	}
	return in, nil
}

func open(name string, stdin io.Reader) (io.Reader, func(), error) {
	switch name {
	case "":
		return bytes.NewReader(sample), func() {}, nil
	case "-":
		return stdin, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { f.Close() }, nil
}

// readCalendar reads the hours of service from a file.
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

// readPolicy reads what the desk promises, and the rules beside it.
func readPolicy(name string) (metrics.Rules, *standards.Policy, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return metrics.Rules{}, nil, err
	}
	rules, policy, err := policyfile.Read(data)
	return rules, &policy, err
}

// decode reads JSON Lines if the first character is that of an object, else CSV.
func decode(r io.Reader) iter.Seq2[metrics.Event, error] {
	buffered := bufio.NewReader(r)
	start, _ := buffered.Peek(64)
	if start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n"); len(start) > 0 && start[0] != '{' {
		return metrics.DecodeCSV(buffered)
	}
	return metrics.DecodeJSONLines(buffered)
}

// progress counts on a terminal, when there is much to count.
type progress struct {
	w io.Writer // nil if nobody is looking
	n int
}

func newProgress(stderr io.Writer) *progress {
	p := new(progress)
	if f, ok := stderr.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.w = stderr
		}
	}
	return p
}

const progressStep = 250_000

func (p *progress) count() {
	if p.n++; p.w != nil && p.n%progressStep == 0 {
		fmt.Fprintf(p.w, "\r%s events", text.Count(int64(p.n)))
	}
}

// clear makes room for a message.
func (p *progress) clear() {
	if p.w != nil && p.n >= progressStep {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) done() { p.clear() }
