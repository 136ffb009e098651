package command

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		args       []string
		want, says string
	}{
		{nil, "", ""},
		{[]string{"-as-of", "2026-03-14T19:00:00+01:00"}, "", ""},
		{[]string{"-as-of", "noon"}, `invalid value "noon" for flag -as-of: want an instant such as 2026-03-14T18:00:00Z`, ""},
		{[]string{"-file", "bad"}, `invalid value "bad" for flag -file: the reason`, ""},
		{[]string{"-nonsense"}, "flag provided but not defined: -nonsense", ""},
		{[]string{"-h"}, flag.ErrHelp.Error(), "Usage of program:"},
		{[]string{"-help"}, flag.ErrHelp.Error(), "Usage of program:"},
	} {
		var asOf Instant
		var says bytes.Buffer
		flags := flag.NewFlagSet("program", flag.ContinueOnError)
		flags.Var(&asOf, "as-of", "an instant")
		flags.Func("file", "a file", func(string) error { return errors.New("the reason") })
		err := Parse(flags, tt.args, &says)
		if (err == nil) != (tt.want == "") || err != nil && err.Error() != tt.want || !strings.HasPrefix(says.String(), tt.says) || (tt.says == "") != (says.Len() == 0) {
			t.Errorf("%v: %v, %q", tt.args, err, says.String())
		}
	}
}

// A usage of one's own is shown when it is asked for, and only then.
func TestUsage(t *testing.T) {
	for arg, want := range map[string]string{"-h": "mine", "-nonsense": ""} {
		var says bytes.Buffer
		flags := flag.NewFlagSet("program", flag.ContinueOnError)
		flags.Usage = func() { says.WriteString("mine") }
		if err := Parse(flags, []string{arg}, &says); err == nil || says.String() != want {
			t.Errorf("%s: %v, %q", arg, err, says.String())
		}
	}
}

func TestInstant(t *testing.T) {
	for text, want := range map[string]time.Time{
		"0001-01-01T00:00:00Z":           {},
		"1970-01-01T00:00:00Z":           time.Unix(0, 0),
		"2026-03-14T19:00:00.5+01:00":    time.Date(2026, time.March, 14, 18, 0, 0, 5e8, time.UTC),
		"9999-12-31T23:59:59.999999999Z": time.Date(9999, time.December, 31, 23, 59, 59, 999_999_999, time.UTC),
	} {
		var i, again Instant
		if i.String() != "" || i.Given {
			t.Errorf("the zero Instant is %q", i.String())
		}
		if err := i.Set(text); err != nil || !i.At.Equal(want) || !i.Given || again.Set(i.String()) != nil || again != i {
			t.Errorf("%s: %v, %v, again %v", text, i, err, again)
		}
	}
	for _, text := range []string{"", "now", "2026-03-14", "2026-02-30T00:00:00Z"} {
		var i Instant
		if err := i.Set(text); err == nil || i.Given {
			t.Errorf("%q is %v", text, i)
		}
	}
}

func TestSay(t *testing.T) {
	for message, want := range map[string]string{
		"broken":                         "program: broken\n",
		"open \x1b]0;owned\x07\nforged:": "program: open ?]0;owned? forged:\n",
		strings.Repeat("n", 100_000):     "program: " + strings.Repeat("n", 400) + "…" + strings.Repeat("n", 199) + "\n",
	} {
		var out bytes.Buffer
		Say(&out, "program", errors.New(message))
		if out.String() != want {
			t.Errorf("%.40q: %.80q", message, out.String())
		}
		if plain.Width(out.String()) > Longest+20 {
			t.Errorf("%d columns", plain.Width(out.String()))
		}
	}
	var out bytes.Buffer
	Say(&out, "program", fmt.Sprintf("%d lines", 2))
	if out.String() != "program: 2 lines\n" {
		t.Errorf("%q", out.String())
	}
}
