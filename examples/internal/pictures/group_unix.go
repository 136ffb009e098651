//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// inGroup gives a command a process group of its own, which ends with it.
func inGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return endGroup(command) }
	command.WaitDelay = 2 * time.Second
}

// endGroup ends what a command has started.
func endGroup(command *exec.Cmd) error {
	return syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
}
