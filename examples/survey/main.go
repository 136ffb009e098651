// The program survey reads answers to a customer survey from CSV files. It prints each
// index with its n and its interval, what changed on a given day, how teams compare,
// and the gaps of SERVQUAL.
//
//	go run ./examples/survey
//	go run ./examples/survey -answers mine.csv -changed 2026-03-02
//
// README.md in this folder describes the columns.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// The made-up answers that are read if no file is given.
var (
	//go:embed answers.csv
	bundledAnswers string
	//go:embed servqual.csv
	bundledServqual string
)

// bundledChange is the first day after the training in the bundled answers.
const bundledChange = "2026-03-02"

func main() {
	err := run(os.Stdout, os.Stderr, os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "survey:", err)
		os.Exit(1)
	}
}

// run reads the files named in args, or the bundled ones, and writes the report.
func run(w, usage io.Writer, args []string) error {
	flags := flag.NewFlagSet("survey", flag.ContinueOnError)
	flags.SetOutput(usage)
	answersPath := flags.String("answers", "", "CSV `file` of answers (see README.md)")
	servqualPath := flags.String("servqual", "", "CSV `file` of SERVQUAL sheets (see README.md)")
	changed := flags.String("changed", "", "compare answers before and from this `day`, such as 2026-03-02")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: files are given by -answers and -servqual", flags.Arg(0))
	}

	var out bytes.Buffer // so that nothing is printed if a file has an error further down
	var questions []*question
	bundled := *answersPath == "" && *servqualPath == ""
	if bundled && *changed == "" {
		*changed = bundledChange
	}
	if bundled || *answersPath != "" {
		data, err := source(*answersPath, bundledAnswers)
		if err != nil {
			return err
		}
		day, err := parseDay(*changed)
		if err != nil {
			return err
		}
		if questions, err = readAnswers(strings.NewReader(data)); err != nil {
			return fmt.Errorf("%s: %w", name(*answersPath, "answers.csv"), err)
		}
		if err := reportAnswers(&out, questions, day); err != nil {
			return err
		}
	}
	withServqual := bundled || *servqualPath != ""
	if withServqual {
		data, err := source(*servqualPath, bundledServqual)
		if err != nil {
			return err
		}
		sheets, err := readSheets(strings.NewReader(data))
		if err != nil {
			return fmt.Errorf("%s: %w", name(*servqualPath, "servqual.csv"), err)
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		if err := reportServqual(&out, sheets); err != nil {
			return fmt.Errorf("%s: %w", name(*servqualPath, "servqual.csv"), err)
		}
	}
	out.WriteByte('\n')
	reportNotes(&out, questions, withServqual)
	_, err := out.WriteTo(w)
	return err
}

// source returns the content of the file, or the bundled data if there is no path.
func source(path, bundled string) (string, error) {
	if path == "" {
		return bundled, nil
	}
	data, err := os.ReadFile(path)
	return string(data), err
}

// name returns the name of the file for an error.
func name(path, bundled string) string {
	if path == "" {
		return bundled
	}
	return path
}

// parseDay returns the first instant of a day in UTC, or the zero time for "".
func parseDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("-changed %q is not a day such as 2026-03-02", text)
	}
	return day, nil
}
