package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/eventfile"
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
	own      bool           // whether the policy is that of the desk
	zone     *time.Location // of periods and hours of the week
	asOf     time.Time
	known    bool // whether there is an instant: that of a flag, or an event
	rejected int
}

// read takes all events of the source that the settings name. A malformed line
// is reported and left out, or by -strict returned.
func read(s settings, stdin io.Reader, stderr io.Writer) (*input, error) {
	source, closeSource, err := open(s.events, stdin)
	if err != nil {
		return nil, err
	}
	defer closeSource()
	progress := newProgress(source, stderr)
	file, err := eventfile.Check(progress)
	if err != nil {
		return nil, err
	}
	in := &input{asOf: s.asOf.At, known: s.asOf.Given, zone: s.zone, rules: s.rules, policy: standards.ChannelSpeeds()}
	if s.policy != nil {
		in.policy, in.own = *s.policy, true
	}
	in.rules.Calendar = s.calendar
	for err := range load(&in.log, file, s.jobs) {
		var located *metrics.LineError
		if s.strict || !errors.As(err, &located) {
			return nil, err
		}
		in.rejected++
		progress.clear()
		command.Say(stderr, "report", err)
	}
	progress.clear()
	in.log.Len() // orders the log, and what that leaves behind is as large as the log
	runtime.GC()
	if err := eventfile.Whole(&in.log, in.rejected); err != nil {
		return nil, err
	}
	latest := in.log.Latest()
	if latest.IsZero() {
		command.Say(stderr, "report", "no events in the input; README.md says how they are written")
	}
	if !in.known && !latest.IsZero() {
		in.asOf, in.known = latest, true
		if latest.After(time.Now().AddDate(0, 0, 1)) {
			command.Say(stderr, "report", "the last event is in the future, at "+latest.Format(time.RFC3339)+", and the report as of then; if that is a mistake, say -as-of")
		}
	}
	for _, warning := range eventfile.Stray(&in.log) {
		command.Say(stderr, "report", warning)
	}
	return in, nil
}

// load appends the events of a file, which several goroutines decode piece by piece, and
// yields the lines that are refused, and what ends the file early.
func load(log *metrics.EventLog, file io.Reader, jobs int) iter.Seq[error] {
	if jobs == 1 {
		return log.Load(file)
	}
	type part struct {
		metrics.Piece
		decoded chan bool
	}
	return func(yield func(error) bool) {
		var (
			free  = make(chan *part, 2*jobs)
			work  = make(chan *part, 2*jobs)
			order = make(chan *part, 2*jobs) // of the file
			end   error
		)
		for range 2 * jobs {
			free <- &part{decoded: make(chan bool, 1)}
		}
		defer close(free)
		go func() {
			defer close(work)
			defer close(order)
			pieces := metrics.NewPieces(file)
			for p := range free {
				if end = pieces.Next(&p.Piece); end != nil {
					return
				}
				work <- p
				order <- p
			}
		}()
		for range jobs {
			go func() {
				for p := range work {
					p.Decode()
					p.decoded <- true
				}
			}()
		}
		for p := range order {
			<-p.decoded
			for _, err := range log.AppendPiece(&p.Piece) {
				if !yield(err) {
					return
				}
			}
			free <- p
		}
		if end != io.EOF {
			yield(end)
		}
	}
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

// progress reads a file and tells on a terminal how far it is, when there is much to read.
type progress struct {
	io.Reader
	w       io.Writer // nil if nobody is looking
	n, told int64     // bytes
}

func newProgress(file io.Reader, stderr io.Writer) *progress {
	p := &progress{Reader: file}
	if f, ok := stderr.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.w = stderr
		}
	}
	return p
}

const progressStep = 32 << 20

// Read implements [io.Reader].
func (p *progress) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if p.n += int64(n); p.w != nil && p.n >= p.told+progressStep {
		fmt.Fprintf(p.w, "\r%s MB", text.Count(p.n/1e6))
		p.told = p.n
	}
	return n, err
}

// clear makes room for a message.
func (p *progress) clear() {
	if p.told > 0 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
