package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// rules are those by which all conversations are read.
var rules = metrics.Rules{}

type byChannel = metrics.Breakdown[metrics.Channel]

func newByChannel() *byChannel { return metrics.NewBreakdown(metrics.Facet.Channel) }

// figures are those of each channel.
type figures map[metrics.Channel]*metrics.Figures

func figuresOf(b *byChannel) figures {
	f := make(figures)
	for channel := range b.Keys() {
		f[channel] = b.Group(channel)
	}
	return f
}

// add merges the figures of a channel.
func (f figures) add(channel metrics.Channel, other *metrics.Figures) error {
	if f[channel] == nil {
		f[channel] = new(metrics.Figures)
	}
	return f[channel].Merge(other)
}

// all returns the figures of all channels together.
func (f figures) all() (*metrics.Figures, error) {
	total := new(metrics.Figures)
	for _, one := range f {
		if err := total.Merge(one); err != nil {
			return nil, err
		}
	}
	return total, nil
}

// A section is a table of the report.
type section struct {
	title  string
	header []string
	cells  func(*metrics.Figures) []string
	unless func(*metrics.Figures) bool // reports whether there is nothing to show; or nil
}

var sections = []section{
	{"FIRST RESPONSE", durationHeader("answered"), durations(func(t *metrics.Times) metrics.Summary { return t.FirstResponse }), nil},
	{"EVERY RESPONSE", durationHeader("answered"), durations(func(t *metrics.Times) metrics.Summary { return t.Response }), nil},
	{"RESOLUTION", durationHeader("resolved"), durations(func(t *metrics.Times) metrics.Summary { return t.FirstResolution }), nil},
	{"WAITING AND OPEN", []string{"still waiting", "longest", "closed unanswered", "open", "reopened"}, func(f *metrics.Figures) []string {
		return []string{
			text.Count(f.Elapsed.StillWaiting.Count()), text.DurationIf(f.Elapsed.StillWaiting.Max()),
			text.Count(f.ClosedUnanswered), text.Count(f.Backlog), text.Count(f.Reopened),
		}
	}, nil},
	{"ASSISTANTS", []string{"answered by assistants", "median"}, func(f *metrics.Figures) []string {
		return []string{text.Count(f.Elapsed.ByAssistant.Count()), text.DurationIf(f.Elapsed.ByAssistant.Median())}
	}, func(f *metrics.Figures) bool { return f.Elapsed.ByAssistant.Count() == 0 }},
	{"RATINGS", []string{"asked", "ratings", "4 or 5 stars"}, func(f *metrics.Figures) []string {
		high := f.Ratings.AtLeast(4)
		return []string{text.Count(f.Volume.RatingRequested), text.Count(f.Ratings.N()), text.Share(high.Part, high.Whole, 0)}
	}, func(f *metrics.Figures) bool { return f.Volume.RatingRequested+f.Ratings.N() == 0 }},
}

func durationHeader(counted string) []string {
	return []string{counted, "median", "nine of ten within", "longest"}
}

func durations(of func(*metrics.Times) metrics.Summary) func(*metrics.Figures) []string {
	return func(f *metrics.Figures) []string {
		s := of(&f.Elapsed)
		return []string{text.Count(s.Count()), text.DurationIf(s.Median()), text.DurationIf(s.Quantile(0.9)), text.DurationIf(s.Max())}
	}
}

// write prints the report.
func write(w io.Writer, f figures, asOf time.Time) error {
	total, err := f.all()
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s as of %s\n", text.Counted(total.Conversations, "conversation"), asOf.UTC().Format("2006-01-02 15:04:05 UTC"))
	for _, s := range sections {
		if s.unless != nil && s.unless(total) {
			continue
		}
		table := plain.Table{Header: append([]string{""}, s.header...)}
		table.Rows = append(table.Rows, append([]string{"all"}, s.cells(total)...))
		for _, channel := range slices.Sorted(maps.Keys(f)) {
			name := plain.Name(string(channel))
			if channel == "" {
				name = "(none)"
			}
			table.Rows = append(table.Rows, append([]string{name}, s.cells(f[channel])...))
		}
		fmt.Fprintf(&b, "\n%s\n%s", s.title, table.String(plain.Columns))
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// times are how long a report took.
type times struct {
	events  int
	rows    time.Duration // to take the rows from the database and do nothing with them
	log     time.Duration // to take them and put the events into the log
	figures time.Duration // to make and print the figures
}

// measure reads the events as often as it takes the rows alone, in turns, and keeps the least
// time of each: what else the machine does only adds to them.
func (t *times) measure(ctx context.Context, db *sql.DB, read func() error) error {
	least := func(of *time.Duration, do func() error) error {
		start := time.Now()
		err := do()
		if took := time.Since(start); *of == 0 || took < *of {
			*of = took
		}
		return err
	}
	for range 5 {
		if err := least(&t.rows, func() error { return drain(ctx, db) }); err != nil {
			return err
		}
		if err := least(&t.log, read); err != nil {
			return err
		}
	}
	return nil
}

// drain takes all rows and does nothing with them.
func drain(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT * FROM service_events")
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(columns))
	for i := range cells {
		cells[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t times) String() string {
	whole := t.log + t.figures
	library := max(0, t.log-t.rows) + t.figures
	return fmt.Sprintf("%s events in %v: %v in the database and its driver, %v (%s) in the library, of which %v for the figures.",
		text.Count(int64(t.events)), whole.Round(time.Millisecond), (whole - library).Round(time.Millisecond),
		library.Round(time.Millisecond), text.Share(int64(library), int64(whole), 0), t.figures.Round(time.Millisecond))
}
