package main

import (
	"io/fs"
	"os"
	"strings"
	"unicode"
)

// terminal is what the output can show.
type terminal struct {
	live   bool // somebody looks at it
	colour bool // it takes escape sequences
}

// terminalOf looks at a file and at the environment. Colours are left out if
// NO_COLOR is set (no-color.org) or TERM is dumb or missing.
func terminalOf(f *os.File) terminal {
	info, err := f.Stat()
	if err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		return terminal{}
	}
	// The null device is a character device too, and nobody looks at it.
	if null, err := os.Stat(os.DevNull); err == nil && os.SameFile(info, null) {
		return terminal{}
	}
	return terminal{live: true, colour: coloured(os.Getenv("NO_COLOR"), os.Getenv("TERM"))}
}

func coloured(noColor, term string) bool { return noColor == "" && term != "" && term != "dumb" }

// clear begins a new look: on a terminal without escape sequences, below the last
// one.
func (t terminal) clear() string {
	if t.colour {
		return "\x1b[H\x1b[2J"
	}
	return "\n"
}

// Colours of rows.
const (
	red    = "31"
	yellow = "33"
	green  = "32"
	dim    = "2"
)

func (t terminal) paint(colour, text string) string {
	if !t.colour || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// printable replaces control characters: names come from the data and must not
// steer the terminal.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, name)
}
