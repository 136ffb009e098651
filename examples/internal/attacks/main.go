// Command attacks gives the library and the programs what was made to do harm: input that
// would take all memory or run for hours, that steers terminals, or that is none of what a
// program reads. Each attack is a process of its own, of which processor time and memory
// are measured, and fails if it takes more than its bounds, or breaks a promise.
//
//	go run ./examples/internal/attacks            # all, in about a minute
//	go run ./examples/internal/attacks holidays   # those with this word in their name
//
// The exit status is 1 if an attack succeeds, and 2 if it cannot be tried. It is run in the
// repository, and builds the programs with the go command.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/command"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics/text"
)

// Exit statuses.
const (
	exitHeld   = 0
	exitBroken = 1
	exitFailed = 2
)

// The bounds that an attack must keep, on a machine that does other work too.
const (
	mostTime   = 10 * time.Second // of a processor
	mostMemory = 256 << 20        // in bytes
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// attacked is the first argument of a process that is attacked itself; the second is the
// name of the attack, whose input comes by standard input.
const attacked = "-attacked"

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		command.Say(stderr, "attacks", err)
		return exitFailed
	}
	if len(args) == 2 && args[0] == attacked {
		said, err := suffer(args[1], stdin)
		if err != nil {
			return fail(err)
		}
		fmt.Fprint(stdout, said)
		return exitHeld
	}
	flags := flag.NewFlagSet("attacks", flag.ContinueOnError)
	switch err := command.Parse(flags, args, stderr); {
	case errors.Is(err, flag.ErrHelp):
		return exitHeld
	case err != nil:
		return fail(err)
	}
	var chosen []attack
	for _, a := range attacks() {
		if strings.Contains(a.name, strings.Join(flags.Args(), " ")) {
			chosen = append(chosen, a)
		}
	}
	if len(chosen) == 0 {
		return fail(fmt.Errorf("no attack has %q in its name", strings.Join(flags.Args(), " ")))
	}
	folder, err := os.MkdirTemp("", "attacks-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(folder)
	t := target{folder: folder}
	if t.self, err = os.Executable(); err == nil {
		err = t.build(ctx, chosen)
	}
	if err != nil {
		return fail(err)
	}
	broken := 0
	for i, a := range chosen {
		if i == 0 {
			fmt.Fprint(stdout, row("attack", "input", "seconds", "MB", "what came out"))
		}
		o, err := t.try(ctx, &a)
		if err != nil {
			return fail(fmt.Errorf("%s: %w", a.name, err))
		}
		reasons := a.judge(o)
		fmt.Fprint(stdout, row(a.name, size(o.input), fmt.Sprintf("%.2f", o.time.Seconds()), megabytes(o.memory), o.said()))
		for _, reason := range reasons {
			fmt.Fprintf(stdout, "    BROKEN: %s\n", plain.Cut(plain.Line(reason), 300))
		}
		if len(reasons) > 0 {
			broken++
		}
	}
	fmt.Fprintf(stdout, "\n%s; each may take %v of a processor and %s MB, unless it says otherwise. %s succeeded.\n",
		text.Counted(int64(len(chosen)), "attack"), mostTime, megabytes(mostMemory), text.Counted(int64(broken), "attack"))
	if broken > 0 {
		return exitBroken
	}
	return exitHeld
}

// row is a line of the table.
func row(name, input, seconds, memory, said string) string {
	return fmt.Sprintf("%-58s %9s %8s %5s  %s\n", plain.Shorten(name, 58), input, seconds, memory, said)
}

func megabytes(n int64) string {
	if n < 0 {
		return text.NoData
	}
	return text.Count(n >> 20)
}

// size prints a number of bytes.
func size(n int64) string {
	if n < 10_000 {
		return text.Count(n) + " B"
	}
	return text.Count(n/1000) + " kB"
}

// A target is where attacks are tried.
type target struct {
	folder string
	self   string // this program
}

const examples = "github.com/servicequality/servicequality/examples/"

// build builds the programs that are attacked.
func (t *target) build(ctx context.Context, chosen []attack) error {
	args := []string{"build", "-o", t.folder + string(filepath.Separator)}
	seen := make(map[string]bool)
	for _, a := range chosen {
		if a.program != "" && !seen[a.program] {
			seen[a.program] = true
			args = append(args, examples+a.program)
		}
	}
	if len(seen) == 0 {
		return nil
	}
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	return nil
}

// patience is how long a process may take, on a machine that does much else.
const patience = 15 * time.Minute

// try tries an attack.
func (t *target) try(ctx context.Context, a *attack) (outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	path, args := t.self, []string{attacked, a.name}
	if a.program != "" {
		path, args = filepath.Join(t.folder, a.program), nil
		for _, arg := range a.args {
			args = append(args, strings.ReplaceAll(arg, "{folder}", t.folder))
		}
	}
	for name, write := range a.files {
		if err := writeFile(filepath.Join(t.folder, name), write); err != nil {
			return outcome{}, err
		}
	}
	child := exec.CommandContext(ctx, path, args...)
	var stdout, stderr text64
	child.Stdout, child.Stderr = &stdout, &stderr
	in, err := child.StdinPipe()
	if err != nil {
		return outcome{}, err
	}
	if err := child.Start(); err != nil {
		return outcome{}, err
	}
	fed := make(chan int64)
	go func() {
		w := &counted{Writer: in}
		if a.input != nil {
			a.input(w, a.size)
		}
		in.Close() // a child that has ended reads no more, which is no harm
		fed <- w.n
	}()
	greedy := watch(ctx, child.Process, mostWatched, 3*mostTime)
	err = child.Wait()
	o := outcome{input: <-fed, status: child.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), tooMuch: stdout.over || stderr.over}
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) && !errors.Is(err, exec.ErrWaitDelay) {
		return o, err
	}
	o.time = child.ProcessState.UserTime() + child.ProcessState.SystemTime()
	o.memory = peak(child.ProcessState)
	o.killed = greedy() || ctx.Err() != nil
	return o, nil
}

// mostWatched is when a process is killed that takes ever more memory, where that is known;
// so it is after three times the time that it may take.
const mostWatched = 1 << 30

func writeFile(name string, write func(io.Writer)) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	write(f)
	return f.Close()
}

// counted counts what is written to it.
type counted struct {
	io.Writer
	n   int64
	err error
}

// Write implements [io.Writer]. After an error it goes on for nothing.
func (c *counted) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	var n int
	n, c.err = c.Writer.Write(p)
	c.n += int64(n)
	return n, c.err
}

// text64 keeps up to 64 MB of what is written to it.
type text64 struct {
	strings.Builder
	over bool
}

// Write implements [io.Writer].
func (t *text64) Write(p []byte) (int, error) {
	if t.Len()+len(p) > 64<<20 {
		t.over = true
		return len(p), nil
	}
	return t.Builder.Write(p)
}
