// Command bench does the same work with this module and with other libraries in
// one run, checks that they agree, and prints what each takes.
//
//	cd metrics/bench && go run . calendar
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// comparisons are the subcommands, each in a file of its own.
var comparisons = map[string]func(w io.Writer, o options) error{
	"calendar": compareCalendars,
}

// options say how long to measure.
type options struct {
	repeats int           // medians are of so many measurements
	atLeast time.Duration // each of which takes so long
}

func main() {
	o := options{repeats: 9, atLeast: 50 * time.Millisecond}
	if len(os.Args) != 2 || comparisons[os.Args[1]] == nil {
		var names []string
		for name := range comparisons {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintln(os.Stderr, "usage: go run .", strings.Join(names, "|"))
		os.Exit(2)
	}
	if err := comparisons[os.Args[1]](os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// median returns the median time in nanoseconds that one call of f takes.
func (o options) median(f func()) float64 {
	calls := 1
	for {
		if d := o.time(f, calls); d >= o.atLeast {
			break
		}
		calls *= 2
	}
	times := make([]float64, o.repeats)
	for i := range times {
		times[i] = float64(o.time(f, calls)) / float64(calls)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func (o options) time(f func(), calls int) time.Duration {
	start := time.Now()
	for range calls {
		f()
	}
	return time.Since(start)
}
