//go:build linux || darwin

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakOf returns the greatest resident memory of a process that has ended, in bytes.
func peakOf(ended *os.ProcessState) int64 {
	used, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "linux" {
		return int64(used.Maxrss) << 10 // it is in kilobytes
	}
	return int64(used.Maxrss)
}
