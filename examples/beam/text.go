package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// header names the columns: text on the left, figures on the right.
var header = []string{
	"channel", "day", "conversations", "open", "messages", "replies", "automated", "answered",
	"first response", "response", "p95", "waiting", "resolution", "ratings", "stars",
}

const textColumns = 2

// writeText prints a report for a terminal.
func writeText(w io.Writer, r *report) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n%s\n\n", title(r), sources(r.Counts))
	for _, m := range r.Malformed {
		fmt.Fprintf(out, "  %s\n", plain.Line(m.String()))
	}
	if n := int64(len(r.Malformed)); n > 0 {
		if rest := r.Counts.Rejected - n; rest > 0 {
			fmt.Fprintf(out, "  … and %s more\n", text.Count(rest))
		}
		fmt.Fprintln(out)
	}
	if len(r.Cells) > 0 {
		lines := [][]string{header}
		for _, cell := range r.sorted() {
			lines = append(lines, append(labels(cell), figures(r.Cells[cell])...))
		}
		align(out, lines)
		fmt.Fprint(out, "\n  First response, response and resolution are medians around the clock; p95 is of the response.\n")
	}
	return out.Flush()
}

func title(r *report) string {
	if r.Counts.Events == 0 {
		return "Service quality by channel and day: no events"
	}
	return "Service quality by channel and day as of " + timeOf(r.AsOf).Format("Monday, 2 January 2006, 15:04 UTC")
}

// sources says what the report is made from.
func sources(c Counts) string {
	line := text.Counted(c.Events, "event")
	if n := c.repeated(); n > 0 {
		line += ", " + text.Counted(n, "repeated, replaced or retracted event") + " left out"
	}
	if c.Rejected > 0 {
		line += ", " + text.Counted(c.Rejected, "malformed line") + " left out"
	}
	return line + "."
}

func labels(c Cell) []string {
	switch {
	case c.Everything:
		return []string{"all", "all"}
	case c.Channel == "":
		c.Channel = "(none)"
	}
	if c.Day == "" {
		c.Day = "all"
	}
	return []string{plain.Name(c.Channel), c.Day}
}

func figures(f *metrics.Figures) []string {
	stars := text.NoData
	if mean, ok := f.Ratings.Mean(2); ok {
		stars = mean.StringFixed(2)
	}
	return []string{
		text.Count(f.Conversations), text.Count(f.Backlog), text.Count(f.Volume.Messages), text.Count(f.Volume.Replies),
		percent(f.AutomatedShare()), text.Count(f.Elapsed.Response.Count()),
		text.DurationIf(f.Elapsed.FirstResponse.Median()), text.DurationIf(f.Elapsed.Response.Median()),
		text.DurationIf(f.Elapsed.Response.Quantile(0.95)), text.Count(f.Elapsed.StillWaiting.Count()),
		text.DurationIf(f.Elapsed.FirstResolution.Median()), text.Count(f.Ratings.N()), stars,
	}
}

// align prints lines of cells with the columns under each other.
func align(w io.Writer, lines [][]string) {
	widths := make([]int, len(header))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], plain.Width(cell))
		}
	}
	for _, line := range lines {
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-plain.Width(cell))
			if i < textColumns {
				fmt.Fprint(w, "  ", cell, pad)
			} else {
				fmt.Fprint(w, "  ", pad, cell)
			}
		}
		fmt.Fprintln(w)
	}
}

// percent prints a share as a percentage with one place.
func percent(r stat.Ratio) string { return text.Share(r.Part, r.Whole, 1) }
