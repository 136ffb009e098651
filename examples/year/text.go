package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// write prints what was found out.
func write(w io.Writer, y *year, sizes []size) error {
	var b strings.Builder
	fmt.Fprintf(&b, "A desk of %s, %s from %v by the clocks of %v\n", text.Counted(int64(y.agents), "agent"), text.Counted(int64(y.days), "day"), firstDay, y.zone)
	fmt.Fprintf(&b, "%s, %s, as of %s\n", text.Counted(int64(y.conversations), "conversation"), text.Counted(int64(y.events), "event"),
		y.asOf(y.days).In(y.zone).Format(time.RFC3339Nano))
	for _, section := range []func(*strings.Builder){y.writeShards, y.writeUnits, y.writeOpen, y.writeNights, y.writeStored, y.writeKept} {
		b.WriteByte('\n')
		section(&b)
	}
	b.WriteByte('\n')
	writeSizes(&b, sizes, y.shards)
	_, err := io.WriteString(w, b.String())
	return err
}

// table writes rows in columns, numbers to the right.
func table(b *strings.Builder, rows [][]string) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(row, "\t")+"\t")
	}
	// A strings.Builder takes all that is written to it.
	_ = t.Flush()
}

func (y *year) writeShards(b *strings.Builder) {
	b.WriteString("The rows of each shard, one for each day\n")
	lines := [][]string{{"shard", "conversations", "events", "settled rows", "bytes", "open rows", "bytes"}}
	var settled, settledBytes, open, openBytes int
	var took time.Duration
	line := func(name string, conversations, events int, counts ...int) {
		cells := []string{name, number(conversations), number(events)}
		for _, n := range counts {
			cells = append(cells, number(n))
		}
		lines = append(lines, cells)
	}
	for i, p := range y.shards {
		// If there are many shards, the first ones show enough.
		if i < 8 {
			line(number(i+1), p.conversations, p.events, len(p.settled), p.settled.bytes(), len(p.open), p.open.bytes())
		}
		settled += len(p.settled)
		settledBytes += p.settled.bytes()
		open += len(p.open)
		openBytes += p.open.bytes()
		took += p.took
	}
	line("all", y.conversations, y.events, settled, settledBytes, open, openBytes)
	table(b, lines)
	fmt.Fprintf(b, "merged into the days of the desk: %s, %s\n", text.Counted(int64(len(y.whole)), "row"), text.Counted(int64(y.whole.bytes()), "byte"))
	if y.times {
		fmt.Fprintf(b, "made one after another in %v, the longest in %v\n", round(took), round(longest(y.shards)))
	}
}

func longest(parts []part) time.Duration {
	var most time.Duration
	for _, p := range parts {
		most = max(most, p.took)
	}
	return most
}

func (y *year) writeUnits(b *strings.Builder) {
	b.WriteString("Merged rows compared with all events again\n")
	head := []string{"unit", "periods", "merged rows", "byte for byte"}
	if y.times {
		head = append(head, "merging", "all again", "ratio")
	}
	rows := [][]string{head}
	for _, u := range y.units {
		verdict := "the same"
		if u.differ > 0 {
			verdict = number(u.differ) + " differ"
		}
		row := []string{u.Unit.String(), number(u.periods), number(u.rows), verdict}
		if y.times {
			row = append(row, round(u.merging).String(), round(u.again).String(), fmt.Sprintf("%.0f ×", float64(u.again)/float64(max(u.merging, 1))))
		}
		rows = append(rows, row)
	}
	table(b, rows)
	f := &y.total.Elapsed.FirstResponse
	median, _ := f.Median()
	fmt.Fprintf(b, "first response: %s, median %s\n", text.Count(f.Count()), text.Duration(median))
	fmt.Fprintf(b, "the median of the days' medians would be %s\n", text.Duration(y.ofDays))
}

func (y *year) writeOpen(b *strings.Builder) {
	b.WriteString("What is open at the end\n")
	fmt.Fprintf(b, "still waiting  %s, on %s: the last one\n", text.Count(y.total.Elapsed.StillWaiting.Count()), text.Counted(int64(y.waitingOn), "day"))
	fmt.Fprintf(b, "backlog        %s, on %s: those on which the conversations began\n", text.Count(y.total.Backlog), text.Counted(int64(y.backlogOn), "day"))
}

func (y *year) writeNights(b *strings.Builder) {
	b.WriteString("What a night writes\n")
	if len(y.nights) == 0 {
		b.WriteString("the first one all rows\n")
	}
	for _, n := range y.nights {
		fmt.Fprintf(b, "after %-7s  settled: %s of %s rows, those that are new or have changed; open: all %s\n",
			text.Counted(int64(n.days), "day"), number(n.changed), number(n.settled), number(n.open))
	}
}

func (y *year) writeStored(b *strings.Builder) {
	b.WriteString("What adds up\n")
	verdict := "the same, byte for byte, as from all events"
	if y.stored.differ {
		verdict = "other figures than from all events"
	}
	fmt.Fprintf(b, "settled rows written over %s, and the last night's open rows: %s\n", text.Counted(int64(y.stored.nights), "night"), verdict)
	if !y.stored.hadOpen {
		return
	}
	verdict = "added up, which is wrong"
	if y.stored.refused != nil {
		verdict = "refused"
	}
	fmt.Fprintf(b, "the open rows of the night before as well: %s\n", verdict)
}

func (y *year) writeKept(b *strings.Builder) {
	k := y.keep
	b.WriteString("What is enough to go on with\n")
	fmt.Fprintf(b, "settled  %s of JSON\n", text.Counted(int64(k.bytes), "byte"))
	fmt.Fprintf(b, "live     %s, %s\n", text.Counted(int64(k.conversations), "conversation"), text.Counted(int64(k.events), "event"))
	verdict := "the same, byte for byte, as from all events"
	if k.differ {
		verdict = "other figures than from all events"
	}
	fmt.Fprintf(b, "together %s\n", verdict)
}

func writeSizes(b *strings.Builder, sizes []size, shards []part) {
	b.WriteString("A weekday of a larger desk\n")
	rows := [][]string{{"agents", "conversations", "durations", "bytes", "in " + text.Counted(int64(len(shards)), "shard")}}
	for _, s := range sizes {
		rows = append(rows, []string{number(s.agents), number(s.conversations), text.Count(s.durations), number(s.whole), number(s.split)})
	}
	table(b, rows)
}

// number returns a number with commas.
func number(n int) string { return text.Count(int64(n)) }

// round keeps three digits or so of a time that was measured.
func round(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return cmp.Or(d.Round(unit), d)
}
