package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// ticks is how often a second the kernel counts the time of a processor.
const ticks = 100

// watch kills a process that takes more than some bytes of memory, before the machine has
// none, or more than some time of a processor. The function that it returns tells whether
// that happened.
func watch(ctx context.Context, p *os.Process, memory int64, most time.Duration) (killed func() bool) {
	var greedy atomic.Bool
	go func() {
		for ctx.Err() == nil {
			resident, took, ok := usage(p.Pid)
			if !ok {
				return // it has ended
			}
			if resident > memory || took > most {
				greedy.Store(true)
				p.Kill() // if it has ended just now, there is nothing to kill
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return greedy.Load
}

// usage returns the memory of a process in bytes, and its time of a processor.
func usage(pid int) (resident int64, took time.Duration, ok bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, false
	}
	// The name in parentheses may have spaces. Of the fields behind it, counted from 0, the
	// 11th and 12th are the times, and the 21st is the memory in pages.
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	if len(fields) < 22 {
		return 0, 0, false
	}
	var user, system, pages int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12]+" "+fields[21], &user, &system, &pages); err != nil || pages == 0 {
		return 0, 0, false
	}
	return pages * int64(os.Getpagesize()), time.Duration(user+system) * time.Second / ticks, true
}
