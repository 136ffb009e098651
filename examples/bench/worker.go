package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
)

// Each peer is a process of its own, so that its memory can be told, which lives
// as long as the comparison, so that peers can take turns. It reads a request on
// each line of its standard input, and writes a reply on a line of its standard
// output, both in JSON.

type request struct {
	Do      string `json:"do"`              // "open", "load" or "query"; programs in Go have other words for the last
	Folder  string `json:"folder"`          // of the dataset
	Table   string `json:"table,omitempty"` // what to load: "text", "number", "sorted", "parquet", or a file of the desk
	SQL     string `json:"sql,omitempty"`
	Threads int    `json:"threads"`
}

type reply struct {
	Seconds float64    `json:"seconds"`
	Rows    [][]string `json:"rows"`
	Peak    int64      `json:"peak"` // greatest resident memory meanwhile, in bytes; 0 if unknown
	Kept    int64      `json:"kept"` // memory that the loaded events take, in bytes; 0 if unknown
	Error   string     `json:"error,omitempty"`
}

// A peer answers requests.
type peer interface {
	ask(request) (reply, error)
	close() error
}

// workerVariable is the environment variable that makes this program a worker: it
// names which.
const workerVariable = "BENCH_WORKER"

// work serves as a worker if this process was started as one, and reports whether
// it was.
func work() bool {
	name, ok := os.LookupEnv(workerVariable)
	if !ok {
		return false
	}
	handlers := map[string]func(request) (reply, error){
		"library": new(library).handle,
		"byhand":  new(byHand).handle,
		"sqlite":  sqliteHandler(),
	}
	if err := serve(os.Stdin, os.Stdout, handlers[name]); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
	return true
}

func serve(in io.Reader, out io.Writer, handle func(request) (reply, error)) error {
	if handle == nil {
		return errors.New("not in this program")
	}
	requests, replies := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var r request
		if err := requests.Decode(&r); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		resetPeak()
		answer, err := handle(r)
		if err != nil {
			answer = reply{Error: err.Error()}
		}
		answer.Peak = memoryOf("self", "VmHWM")
		if err := replies.Encode(answer); err != nil {
			return err
		}
	}
}

// A process is a peer at the other end of a pipe.
type process struct {
	name    string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func start(name string, command *exec.Cmd) (*process, error) {
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &process{name, command, in, bufio.NewReader(out)}, nil
}

// startSelf starts a worker that is a program in Go.
func startSelf(name, program string) (*process, error) {
	command := exec.Command(program)
	command.Env = append(os.Environ(), workerVariable+"="+name)
	return start(name, command)
}

func (p *process) ask(r request) (reply, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return reply{}, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return reply{}, fmt.Errorf("%s: %w", p.name, err)
	}
	line, err = p.out.ReadBytes('\n')
	if err != nil {
		return reply{}, fmt.Errorf("%s ended: %w", p.name, err)
	}
	var answer reply
	if err := json.Unmarshal(line, &answer); err != nil {
		return reply{}, fmt.Errorf("%s: %w in %.200q", p.name, err, line)
	}
	if answer.Error != "" {
		return reply{}, fmt.Errorf("%s: %s", p.name, answer.Error)
	}
	return answer, nil
}

func (p *process) close() error {
	return errors.Join(p.in.Close(), p.command.Wait())
}

// resetPeak makes the greatest resident memory of this process that of now. It
// does nothing but on Linux.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// memoryOf returns a figure of the memory of a process in bytes: VmHWM is the
// greatest resident, VmRSS that of now. It is 0 but on Linux.
func memoryOf(process, figure string) int64 {
	f, err := os.Open("/proc/" + process + "/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var kilobytes int64
		if n, _ := fmt.Sscanf(s.Text(), figure+":%d", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	return 0
}

// rowOf returns numbers as a row of a reply.
func rowOf(first string, numbers ...float64) []string {
	row := []string{first}
	for _, x := range numbers {
		row = append(row, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return row
}
