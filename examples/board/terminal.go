package main

import (
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// terminal is what the output can show.
type terminal struct {
	live   bool     // somebody looks at it
	colour bool     // it takes escape sequences
	file   *os.File // of which the width can be asked; nil if it cannot
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
	return terminal{live: true, colour: coloured(os.Getenv("NO_COLOR"), os.Getenv("TERM")), file: f}
}

func coloured(noColor, term string) bool { return noColor == "" && term != "" && term != "dumb" }

// Lines are as wide where nothing says how wide they can be, and never narrower.
const (
	usualWidth = 80
	leastWidth = 20
)

// width returns how many characters fit into a line: of what is not a terminal, the usual
// number, and else what COLUMNS says (POSIX) or the terminal itself. It is asked at each
// look, as the window may be resized.
func (t terminal) width() int {
	if !t.live {
		return usualWidth
	}
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if (err != nil || width <= 0) && t.file != nil {
		width = columnsOf(t.file)
	}
	if width <= 0 {
		return usualWidth
	}
	return max(width, leastWidth)
}

// clear begins a new look: on a terminal without escape sequences, below the last
// one.
func (t terminal) clear() string {
	if t.colour {
		return "\x1b[H\x1b[2J"
	}
	return "\n"
}

// Colours, and other looks of text.
const (
	red    = "31"
	yellow = "33"
	green  = "32"
	bold   = "1"
	dim    = "2"
)

func (t terminal) paint(colour, text string) string {
	if !t.colour || colour == "" || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// phrase is a part of a sentence, of words between which a line may end.
type phrase struct{ text, colour string }

// unbroken is a space at which no line ends. It is printed as a space.
const unbroken = "\u00a0"

// whole returns a text as one word of a phrase.
func whole(text string) string { return strings.ReplaceAll(text, " ", unbroken) }

// wrap returns the phrases, with a space between them, in lines that are not longer than a
// width. The lines after the first are indented, and a word that is too long is cut.
func (t terminal) wrap(sentence []phrase, width int) string {
	const indent = "  "
	var out strings.Builder
	used := 0
	for i, p := range sentence {
		var run []string // words of the line at hand, in one colour
		space := i > 0
		flush := func() {
			out.WriteString(t.paint(p.colour, strings.Join(run, " ")))
			run = nil
		}
		for word := range strings.SplitSeq(p.text, " ") {
			word = plain.Cut(strings.ReplaceAll(word, unbroken, " "), width-len(indent))
			switch {
			case used == 0:
			case used+1+plain.Width(word) > width:
				flush()
				out.WriteString("\n" + indent)
				used = len(indent)
			default:
				if space && len(run) == 0 {
					out.WriteString(" ")
				}
				used++
			}
			space = false
			run = append(run, word)
			used += plain.Width(word)
		}
		flush()
	}
	out.WriteString("\n")
	return out.String()
}
