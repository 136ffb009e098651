package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// A browser is a Chromium that runs once for each question.
type browser struct{ path string }

// patience is how long a browser may take for one question.
const patience = 3 * time.Minute

// always are the flags of each run. They keep it off the network.
var always = []string{
	"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1",
	"--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--disable-quic", "--disable-domain-reliability", "--disable-extensions", "--disable-crash-reporter", "--disable-breakpad", "--metrics-recording-only", "--no-pings",
	"--enable-logging=stderr", "--virtual-time-budget=20000",
}

// run shows a page in a browser of its own, and returns what it printed and wrote on its
// console. The page and what belongs to it lie in a directory that is removed.
func (b *browser) run(ctx context.Context, page string, options ...string) (out []byte, console []string, err error) {
	dir, err := os.MkdirTemp("", "pictures-")
	if err != nil {
		return nil, nil, err
	}
	defer removeAll(dir)
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	args := append(append([]string{}, always...), "--user-data-dir="+filepath.Join(dir, "profile"))
	args = append(append(args, options...), (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String())
	command := exec.CommandContext(ctx, b.path, args...)
	command.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir, "DBUS_SESSION_BUS_ADDRESS=disabled:")
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	inGroup(command)
	if err := command.Start(); err != nil {
		return nil, nil, err
	}
	err = command.Wait()
	endGroup(command) // what is left of it, if anything
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w\n%s", b.path, err, tail(stderr.Bytes()))
	}
	return stdout.Bytes(), consoleLines(stderr.String()), nil
}

var consoleLine = regexp.MustCompile(`(?m)^\[[^\]]*CONSOLE[^\]]*\] (.*)$`)

// consoleLines returns what a page wrote on the console, each line once.
func consoleLines(log string) []string {
	var lines []string
	seen := make(map[string]bool)
	for _, found := range consoleLine.FindAllStringSubmatch(log, -1) {
		if !seen[found[1]] {
			seen[found[1]] = true
			lines = append(lines, found[1])
		}
	}
	return lines
}

func tail(log []byte) []byte { return log[max(0, len(log)-2000):] }

// removeAll removes a directory into which a process that ends may still write.
func removeAll(dir string) {
	for range 20 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
