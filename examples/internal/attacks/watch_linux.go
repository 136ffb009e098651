package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// watch kills a process that takes more than some bytes of memory, before the machine has
// none. The function that it returns tells whether that happened.
func watch(ctx context.Context, p *os.Process, most int64) (killed func() bool) {
	var greedy atomic.Bool
	go func() {
		for ctx.Err() == nil {
			var pages, resident int64
			data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.Pid))
			if err != nil {
				return // it has ended
			}
			if _, err := fmt.Sscan(string(data), &pages, &resident); err != nil || resident == 0 {
				return
			}
			if resident*int64(os.Getpagesize()) > most {
				greedy.Store(true)
				p.Kill() // if it has ended just now, there is nothing to kill
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return greedy.Load
}
