package main

import (
	"errors"
	"fmt"
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

// readings returns the reading of each log, which orders those that are not in order.
func (l *library) readings() ([]metrics.Reading, error) {
	return inParallel(l.logs, func(log *metrics.EventLog) (metrics.Reading, error) {
		return log.Read(metrics.Rules{}, deskEnd), nil
	})
}

// inParallel makes a report of each part, each in a goroutine of its own.
func inParallel[P, T any](parts []P, report func(P) (T, error)) ([]T, error) {
	reports, errs := make([]T, len(parts)), make([]error, len(parts))
	var wait sync.WaitGroup
	for i, part := range parts[1:] {
		wait.Go(func() { reports[i+1], errs[i+1] = report(part) })
	}
	reports[0], errs[0] = report(parts[0])
	wait.Wait()
	return reports, errors.Join(errs...)
}

// The tasks of the library, beside "open" and "load".
const (
	taskFirst     = "first"     // the report after a load, which orders the log
	taskFigures   = "figures"   // all figures by channel
	taskExact     = "exact"     // what is asked, with exact quantiles
	taskOnePass   = "one pass"  // figures by channel, by agent, and the worst cases by channel
	taskPasses    = "passes"    // the same in three passes
	taskGroups    = "groups"    // what is asked by channel, agent and day, with exact quantiles
	taskBreakdown = "breakdown" // all figures by channel, agent and day
	taskQuantiles = "quantiles" // the same, with the quantiles that are asked for
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
		return timed(l.figures)
	case taskExact:
		return timed(l.exact)
	case taskOnePass:
		return timed(func() ([][]string, error) { return l.three(metrics.Reading.Into) })
	case taskPasses:
		return timed(func() ([][]string, error) { return l.three(onePassEach) })
	case taskGroups:
		return timed(l.exactGroups)
	case taskBreakdown:
		return timed(func() ([][]string, error) {
			_, err := l.breakdowns()
			return nil, err
		})
	case taskQuantiles:
		return timed(func() ([][]string, error) {
			groups, err := l.breakdowns()
			if err != nil {
				return nil, err
			}
			return groupRows(groups), nil
		})
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
		_, err := inParallel(shares, share.append)
		spent += time.Since(begin)
		return err
	})
	runtime.KeepAlive(names)
	return reply{Seconds: spent.Seconds()}, err
}

// A share is what one thread loads.
type share struct {
	log    *metrics.EventLog
	events []metrics.Event
}

func (s share) append() (int, error) {
	for _, e := range s.events {
		if err := s.log.Append(e); err != nil {
			return 0, err
		}
	}
	return len(s.events), nil
}

// heap returns the bytes in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
