package main

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// library answers with package metrics.
type library struct {
	logs   []*metrics.EventLog // one for each thread, of its share of the conversations
	before int64               // bytes of the heap that are not the logs'
}

// parts returns the conversations of each log.
func (l *library) parts() []iter.Seq[metrics.Conversation] {
	parts := make([]iter.Seq[metrics.Conversation], len(l.logs))
	for i, log := range l.logs {
		parts[i] = log.Conversations()
	}
	return parts
}

// inParallel makes a report of each part, each in a goroutine of its own.
func inParallel[P, T any](parts []P, report func(P) T) []T {
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
		return l.load(dataset{folder: r.Folder}, r.Threads)
	case taskFirst, taskFigures:
		return timed(func() [][]string { return l.figures() })
	case taskTimes:
		return timed(func() [][]string { return l.times() })
	case taskExact:
		return timed(func() [][]string { return l.exact() })
	case taskBreakdown:
		return timed(func() [][]string { l.groups(); return nil })
	case taskGroups:
		return timed(func() [][]string { return groupRows(l.groups()) })
	case taskKept:
		return reply{Kept: heap() - l.before}, nil
	}
	return reply{}, fmt.Errorf("cannot %s", r.Do)
}

// load appends the events, each thread those of its share of the conversations to
// a log of its own. Only that is timed: they are made and boxed before, some
// thousand at a time, as they would come from a decoder.
func (l *library) load(d dataset, threads int) (reply, error) {
	l.logs = nil
	names, err := d.names()
	if err != nil {
		return reply{}, err
	}
	l.before = heap()
	shares := make([]share, threads)
	for i := range shares {
		shares[i].log = new(metrics.EventLog)
		l.logs = append(l.logs, shares[i].log)
	}
	var spent time.Duration
	err = d.batches(func(batch []deskEvent) error {
		for i := range shares {
			shares[i].events = shares[i].events[:0]
		}
		for _, e := range batch {
			s := &shares[int(e.conversation)%threads]
			s.events = append(s.events, names.event(e))
		}
		begin := time.Now()
		errs := inParallel(shares, share.append)
		spent += time.Since(begin)
		return errors.Join(errs...)
	})
	runtime.KeepAlive(names)
	return reply{Seconds: spent.Seconds()}, err
}

// A share is what one thread loads.
type share struct {
	log    *metrics.EventLog
	events []metrics.Event
}

func (s share) append() error {
	for _, e := range s.events {
		if err := s.log.Append(e); err != nil {
			return err
		}
	}
	return nil
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
