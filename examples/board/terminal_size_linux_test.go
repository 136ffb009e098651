package main

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// A terminal is as wide as its window, which may change; COLUMNS goes before it.
func TestWindow(t *testing.T) {
	f, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminal can be opened: ", err)
	}
	defer f.Close()
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	screen := terminalOf(f)
	if want := (terminal{live: true, colour: true, file: f}); screen != want {
		t.Errorf("%+v, want %+v", screen, want)
	}
	for _, tt := range []struct {
		window  uint16
		columns string
		want    int
	}{
		{0, "", 80}, {132, "", 132}, {61, "", 61}, {7, "", 20}, {132, "50", 50}, {132, "0", 132}, {132, "wide", 132},
	} {
		t.Setenv("COLUMNS", tt.columns)
		size := struct{ rows, columns, width, height uint16 }{24, tt.window, 1, 1}
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size))); errno != 0 {
			t.Fatal(errno)
		}
		if got := screen.width(); got != tt.want {
			t.Errorf("a window of %d, COLUMNS=%q: %d, want %d", tt.window, tt.columns, got, tt.want)
		}
	}
	file, err := os.Open("README.md")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := columnsOf(file); got != 0 {
		t.Errorf("a file is %d wide", got)
	}
}
