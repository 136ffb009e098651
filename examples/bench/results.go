package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
)

// reportAfterLoad returns the time of the first report of what a contestant loaded,
// in seconds. The library orders its log then; another peer's is like any other, and
// a contestant that only loads leaves it to the one before.
func (m *match) reportAfterLoad(c *contestant) float64 {
	if c.name == libraryName {
		return c.measured[taskFirst].median()
	}
	for _, other := range m.contestants {
		if other.peer == c.peer && other.threads == c.threads && len(other.report) > 0 {
			return other.measured[workReport].median()
		}
	}
	return 0
}

// printHead says what was measured, with whom.
func (m *match) printHead(w io.Writer) {
	fmt.Fprintf(w, "%s events of %s conversations, medians of up to %d rounds, %s/%s, %d cores.\n",
		thousands(int64(m.data.events)), thousands(int64(m.data.conversations)), m.rounds, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if len(m.versions) > 0 {
		fmt.Fprintf(w, "%s; %s.\n", strings.Join(m.versions, "; "), runtime.Version())
	}
	for _, reason := range m.absent {
		fmt.Fprintf(w, "Absent: %s.\n", reason)
	}
}

// print prints the tables.
func (m *match) print(w io.Writer) {
	m.printHead(w)
	fmt.Fprint(w, "All gave the same numbers. Times in nanoseconds per event.\n\n")

	perEvent := func(seconds float64) float64 { return seconds * 1e9 / float64(m.data.events) }
	reference := func(threads int) *contestant {
		var found *contestant
		for _, c := range m.contestants {
			if c.name == libraryName && (found == nil || c.threads <= threads) {
				found = c
			}
		}
		return found
	}
	t := table{head: []string{"", "threads", "load", "report", "ratio", "load and first report", "ratio", "by agent and day", "ratio", "bytes/event", "peak MB"}}
	for _, c := range m.contestants {
		own := reference(c.threads)
		load, report, groups := c.measured[workLoad].median(), c.measured[workReport].median(), c.measured[workGroups].median()
		loaded := load + m.reportAfterLoad(c)
		kept, peak := int64(0), int64(0)
		for _, done := range c.measured {
			kept, peak = max(kept, done.kept), max(peak, done.peak)
		}
		name := c.name
		if len(c.report) > 1 {
			name += ", by " + c.measured[workReport].query
		}
		t.add(name, fmt.Sprint(c.threads), digits(perEvent(load)), digits(perEvent(report)), ratio(report, own.measured[workReport].median()),
			digits(perEvent(loaded)), ratio(loaded, own.measured[workLoad].median()+m.reportAfterLoad(own)), digits(perEvent(groups)), ratio(groups, own.measured[workGroups].median()),
			digits(float64(kept)/float64(m.data.events)), megabytes(peak))
	}
	t.print(w, m.markdown)

	steps := table{head: []string{libraryName, "threads", "ns/event", "ns/conversation"}}
	for _, c := range m.contestants {
		if c.name != libraryName {
			continue
		}
		for _, step := range []struct{ kind, title string }{
			{workLoad, "Append"},
			{taskFirst, "first report: order, all figures by channel"},
			{workReport, "all figures by channel"},
			{taskOnePass, "figures by channel, by agent, evidence by channel: one pass"},
			{taskPasses, "the same in three passes"},
			{taskExact, "response times and ratings by channel, exact quantiles"},
			{workGroups, "the same by channel, agent and day"},
			{taskBreakdown, "all figures by channel, agent and day"},
			{taskQuantiles, "the same, and its means and quantiles"},
		} {
			if s := c.measured[step.kind].median(); s > 0 {
				steps.add(step.title, fmt.Sprint(c.threads), digits(perEvent(s)), digits(s*1e9/float64(m.data.conversations)))
			}
		}
	}
	steps.print(w, m.markdown)
}
