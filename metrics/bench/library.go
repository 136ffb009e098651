package main

import (
	"fmt"
	"iter"
	"runtime"
	"sync"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// library answers with package metrics.
type library struct {
	log    *metrics.EventLog
	before int64 // bytes of the heap that are not the log's
}

// inParallel makes a report of each part, each in a goroutine of its own.
func inParallel[T any](parts []iter.Seq[metrics.Conversation], report func(iter.Seq[metrics.Conversation]) T) []T {
	reports := make([]T, len(parts))
	var wait sync.WaitGroup
	for i, part := range parts[1:] {
		wait.Go(func() { reports[i+1] = report(part) })
	}
	reports[0] = report(parts[0])
	wait.Wait()
	return reports
}

// The tasks of the library, beside "open" and "load".
const (
	taskFirst     = "first"     // the report after a load, which orders the log
	taskTimes     = "times"     // what is asked: response times and ratings by channel
	taskFigures   = "figures"   // all figures by channel
	taskExact     = "exact"     // what is asked, with exact quantiles
	taskBreakdown = "breakdown" // all figures by channel, agent and day
	taskGroups    = "groups"    // the same, with all quantiles looked at
	taskKept      = "kept"      // bytes that the log takes, once it was read
)

func (l *library) handle(r request) (reply, error) {
	runtime.GOMAXPROCS(r.Threads) // for the garbage collector too
	switch r.Do {
	case "open":
		return reply{}, nil
	case "load":
		return l.load(dataset{folder: r.Folder})
	case taskFirst, taskFigures:
		return timed(func() [][]string { return l.figures(r.Threads) })
	case taskTimes:
		return timed(func() [][]string { return l.times(r.Threads) })
	case taskExact:
		return timed(func() [][]string { return l.exact(r.Threads) })
	case taskBreakdown:
		return timed(func() [][]string { l.groups(r.Threads); return nil })
	case taskGroups:
		return timed(func() [][]string { return groupRows(l.groups(r.Threads)) })
	case taskKept:
		return reply{Kept: heap() - l.before}, nil
	}
	return reply{}, fmt.Errorf("cannot %s", r.Do)
}

// load appends the events. Only that is timed: they are made and boxed before, some
// thousand at a time, as they would come from a decoder.
func (l *library) load(d dataset) (reply, error) {
	l.log = nil
	names, err := d.names()
	if err != nil {
		return reply{}, err
	}
	l.before = heap()
	l.log = new(metrics.EventLog)
	var spent time.Duration
	var events []metrics.Event
	err = d.batches(func(batch []deskEvent) error {
		events = events[:0]
		for _, e := range batch {
			events = append(events, names.event(e))
		}
		begin := time.Now()
		for _, e := range events {
			if err := l.log.Append(e); err != nil {
				return err
			}
		}
		spent += time.Since(begin)
		return nil
	})
	runtime.KeepAlive(names)
	return reply{Seconds: spent.Seconds()}, err
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
