package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// An attack is an input that was made to do harm, and what reads it: the library, in a
// process of this program, or one of the programs.
type attack struct {
	name  string
	input func(w io.Writer, n int) // of a size; nil: nothing
	size  int
	small int // the size in tests; 0: it is none of theirs

	// read has the library read the input, and says what came out. It is an error if a
	// promise is broken.
	read func(r io.Reader) (string, error)

	program string                     // of the folder examples
	args    []string                   // with {folder} for that of the files
	files   map[string]func(io.Writer) // by their names
	checks  []func(*outcome) string    // each says what is wrong, or nothing

	time   time.Duration // the most of a processor; 0: mostTime
	memory int64         // the most, in bytes; 0: mostMemory
}

// An outcome is what became of an attack.
type outcome struct {
	input          int64 // in bytes, that were read
	status         int   // -1: killed
	stdout, stderr string
	tooMuch        bool // more was printed than is kept
	killed         bool // for its time or memory
	time           time.Duration
	memory         int64 // the most of it, in bytes; -1: not known
}

// judge says which promises are broken.
func (a *attack) judge(o outcome) (broken []string) {
	add := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	if most := cmp.Or(a.time, mostTime); o.time > most {
		add("%.2f s of a processor, of at most %v", o.time.Seconds(), most)
	}
	if most := cmp.Or(a.memory, mostMemory); o.memory > most {
		add("%s MB, of at most %s", megabytes(o.memory), megabytes(most))
	}
	switch {
	case o.killed:
		add("it was killed for what it took")
		return broken
	case o.tooMuch:
		add("it printed more than 64 MB")
	case a.read != nil && o.status != exitHeld:
		add("status %d: %s", o.status, o.stderr)
	}
	for _, check := range a.checks {
		if wrong := check(&o); wrong != "" {
			add("%s", wrong)
		}
	}
	return broken
}

// said is what came out, in a few words.
func (o *outcome) said() string {
	first, _, _ := strings.Cut(strings.TrimSpace(cmp.Or(o.stderr, o.stdout)), "\n")
	words := plain.Cut(plain.Line(first), 90)
	if o.status != 0 {
		words = fmt.Sprintf("status %d: %s", o.status, words)
	}
	return words
}

// suffer reads the input of an attack on the library.
func suffer(name string, stdin io.Reader) (string, error) {
	all := attacks()
	i := slices.IndexFunc(all, func(a attack) bool { return a.name == name && a.read != nil })
	if i < 0 {
		return "", errors.New("no such attack on the library: " + name)
	}
	r := bufio.NewReaderSize(stdin, 1<<16)
	said, err := all[i].read(r)
	return said + "\n", err
}

// Checks of what programs print.

// harmless reports what steers a terminal, or turns the direction of writing.
func harmless(o *outcome) string {
	for where, text := range map[string]string{"output": o.stdout, "messages": o.stderr} {
		i := strings.IndexFunc(text, func(r rune) bool {
			return r != '\n' && !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r)
		})
		if i >= 0 {
			return fmt.Sprintf("the %s have %q", where, text[max(0, i-20):min(len(text), i+20)])
		}
	}
	return ""
}

// unforged reports a line of text that a name has made. An empty line stands before it, so
// that it is not one of a paragraph.
func unforged(o *outcome) string {
	for _, text := range []string{o.stdout, o.stderr} {
		text = strings.ReplaceAll(text, "\r", "")
		if i := strings.Index(text, "\n\n"+forged); i >= 0 {
			return fmt.Sprintf("a name has made the line %.60q", text[i:])
		}
	}
	return ""
}

// even reports a table in Markdown whose rows have different numbers of cells.
func even(o *outcome) string {
	cells := 0
	for line := range strings.Lines(o.stdout) {
		if !strings.HasPrefix(line, "|") {
			cells = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if cells > 0 && n != cells {
			return fmt.Sprintf("a row of %d cells among those of %d: %q", n-1, cells-1, line)
		}
		cells = n
	}
	return ""
}

// narrow reports a line that is wider than some columns.
func narrow(most int) func(*outcome) string {
	return func(o *outcome) string {
		for line := range strings.Lines(o.stdout + "\n" + o.stderr) {
			if n := plain.Width(strings.TrimSuffix(line, "\n")); n > most {
				return fmt.Sprintf("a line of %d columns, of at most %d: %.60q", n, most, line)
			}
		}
		return ""
	}
}

// shorter reports more than some bytes.
func shorter(most int) func(*outcome) string {
	return func(o *outcome) string {
		if n := len(o.stdout) + len(o.stderr); n > most {
			return fmt.Sprintf("%s were printed, of at most %s", size(int64(n)), size(int64(most)))
		}
		return ""
	}
}

// refused reports anything but a refusal in one line that says what to do.
func refused(words string) func(*outcome) string {
	return func(o *outcome) string {
		lines := strings.Split(strings.TrimSuffix(o.stderr, "\n"), "\n")
		switch {
		case o.status != 2:
			return fmt.Sprintf("status %d, not 2: %s", o.status, o.stderr)
		case o.stdout != "":
			return fmt.Sprintf("it printed %.60q", o.stdout)
		case !strings.Contains(lines[len(lines)-1], words):
			return fmt.Sprintf("it does not say %q at the end: %.200q", words, o.stderr)
		}
		return ""
	}
}

// ended reports another exit status.
func ended(statuses ...int) func(*outcome) string {
	return func(o *outcome) string {
		if !slices.Contains(statuses, o.status) {
			return fmt.Sprintf("status %d, want one of %v: %.200s", o.status, statuses, o.stderr)
		}
		return ""
	}
}

// says reports that some words are missing.
func says(words string) func(*outcome) string {
	return func(o *outcome) string {
		if !strings.Contains(o.stdout+o.stderr, words) {
			return fmt.Sprintf("nowhere is %q", words)
		}
		return ""
	}
}
