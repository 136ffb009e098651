// Command pictures looks at the pages of the examples in a browser, and takes pictures of
// them:
//
//	go run ./examples/internal/pictures                     # check all pages
//	go run ./examples/internal/pictures -page report        # one of them
//	go run ./examples/internal/pictures -o DIR              # and take pictures
//	go run ./examples/internal/pictures -o DIR page.html    # of pages that exist
//
// It needs Chromium or Chrome: that of $BROWSER, or the first of chromium,
// chromium-browser, google-chrome and google-chrome-stable in $PATH. Where there is none,
// it says so and is done. A browser runs without a sandbox, so that root can start it in a
// container: look only at pages that you trust. Nothing is fetched.
//
// # What is checked
//
// First the structure of each page, as package pagetest does. Then the page is shown in
// frames of 320, 390, 768, 1024, 1280 and 1920 px, light and dark, and with its rules for
// print in one as wide as A4; each with its details closed and opened. In each of these 26
// views it is checked that
//
//	styles     every style sheet is in force: a policy with a wrong hash leaves a page bare
//	scheme     the page was told to be light or dark
//	sideways   the page is not wider than its window
//	clipped    no box that hides what sticks out hides text; on paper no box that scrolls
//	overlap    no two texts lie on one another
//	svg        no two texts of a chart do, and none leaves it
//	card       nothing leaves its card, and no text its cell or figure
//	contrast   every text has 4.5 : 1 to what is below it, 3 : 1 if it is large
//	scroll     boxes that scroll can be focused, and have a name if they are
//	names      links, buttons, fields and summaries have names
//	console    the console is empty
//
// Contrast is computed from the colours in force: of backgrounds in one colour, of shapes
// below the text of a chart, and of its halo. Background images are looked through.
// What is printed is how many faults a check found, in how many looks, and in which views. The status is 1 if there are any, 2 if something could not be done.
//
// # Pictures
//
// With -o, there are then pictures of the whole page, cut into pieces of at most 1800 px
// that can be looked at one by one: NAME-1280-light-1.png and so on, NAME-1280-dark-1.png,
// NAME-390-light-1.png; and NAME.pdf in A4, with NAME-a4-1.png and so on where there is
// pdftoppm.
//
// # More pages
//
// A page of another example is a line in the table of pages.go.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/servicequality/servicequality/examples/internal/chromium"
)

// Exit statuses. A check that was skipped for want of a browser is done.
const (
	exitDone   = 0
	exitFaults = 1
	exitFailed = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pictures", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("o", "", "write pictures into a `directory` (default: check only)")
	only := flags.String("page", "", "look at the page of this `name` only: "+strings.Join(names(), ", "))
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: pictures [-o directory] [-page name | file.html …]")
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return exitDone
	case err != nil:
		return exitFailed
	}
	path := chromium.Find()
	if path == "" {
		fmt.Fprintln(stdout, "skipped: there is no Chromium or Chrome here, so no page was looked at")
		return exitDone
	}
	b := &browser{path: path}
	status := exitDone
	fail := func(err error) { fmt.Fprintln(stderr, "pictures:", err); status = exitFailed }
	if *dir != "" {
		if err := os.MkdirAll(*dir, 0o755); err != nil {
			fail(err)
			return status
		}
	}
	sources, err := choose(*only, flags.Args())
	if err != nil {
		fail(err)
		return status
	}
	for _, s := range sources {
		page, err := s.read(ctx)
		if err != nil {
			fail(err)
			continue
		}
		found, err := b.check(ctx, page, widths)
		if err != nil {
			fail(fmt.Errorf("%s: %w", s.name, err))
			continue
		}
		if found.print(stdout, s.name) > 0 && status == exitDone {
			status = exitFaults
		}
		if *dir == "" {
			continue
		}
		written, err := b.shoot(ctx, page, found, filepath.Join(*dir, s.name))
		if err != nil {
			fail(fmt.Errorf("%s: %w", s.name, err))
		}
		fmt.Fprintf(stdout, "%s: %d pictures: %s\n", s.name, len(written), strings.Join(written, " "))
	}
	return status
}
