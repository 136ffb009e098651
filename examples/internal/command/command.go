// Package command is what the programs have in common at their command line: mistakes are
// told in a sentence.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// Parse parses flags. A mistake is only returned, so that its reason is not lost above a
// list of all flags, as package flag prints it; -h prints that, and is [flag.ErrHelp].
func Parse(flags *flag.FlagSet, args []string, stderr io.Writer) error {
	usage := flags.Usage
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	flags.SetOutput(stderr)
	if flags.Usage = usage; errors.Is(err, flag.ErrHelp) {
		flags.Usage()
	}
	return err
}

// Longest is how wide a message may be, in columns of a terminal.
const Longest = 600

// Say prints a message of a program in a line of its own. What comes from a file or from a
// flag does not steer the terminal. What is too long loses its middle: the reason is mostly at
// the end.
func Say(stderr io.Writer, program string, message any) {
	fmt.Fprintf(stderr, "%s: %s\n", program, plain.Shorten(plain.Line(fmt.Sprint(message)), Longest))
}

// An Instant is the value of a flag. The zero Instant is not given, which is something else
// than the first instant of the year 1.
type Instant struct {
	At    time.Time
	Given bool
}

// Set reads an instant in RFC 3339, such as 2026-03-14T18:00:00Z.
func (i *Instant) Set(text string) error {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return errors.New("want an instant such as 2026-03-14T18:00:00Z")
	}
	*i = Instant{At: at.UTC(), Given: true}
	return nil
}

// String returns the instant as it is read, or nothing if it is not given.
func (i *Instant) String() string {
	if !i.Given {
		return ""
	}
	return i.At.Format(time.RFC3339Nano)
}
