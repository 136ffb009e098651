package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// asked are flags with which people look at the three inputs.
var asked = [][]string{
	{},
	{"-by", "agent", "-min", "20"},
	{"-policy", "policy.json", "-calendar", "office.json", "-evidence", "2"},
	{"-events", "quarter.jsonl"},
	{"-events", "quarter.jsonl", "-policy", "policy.json", "-period", "month", "-compare", "previous"},
	{"-events", "quarter.jsonl", "-by", "channel,month", "-calendar", "office.json", "-period", "week", "-compare", "previous", "-min", "30", "-survival", "-evidence", "3"},
	{"-events", desk, "-policy", promise},
	{"-events", desk, "-policy", promise, "-by", "team", "-period", "week", "-compare", "previous", "-evidence", "1"},
	{"-events", contact, "-by", "channel,team", "-survival"},
}

// The text report fits the width of a terminal.
func TestWidth(t *testing.T) {
	for _, args := range asked {
		got, _, _ := output(t, "", append(args, "-explain")...)
		for line := range strings.Lines(got) {
			if line = strings.TrimSuffix(line, "\n"); plain.Width(line) > plain.Columns {
				t.Errorf("%v: %d columns: %s", args, plain.Width(line), line)
			}
		}
	}
}

// jargon is explained in the methods, which are printed when they are asked for.
var jargon = regexp.MustCompile(`(?i)wilson|kaplan|meier|aalen|kendall|theil|\bsen\b|shewhart|laney|holm|kappa|student_t|\bp-value|p = 0|quantile|moving range|superseded|order_statistics|newcombe`)

func TestWords(t *testing.T) {
	for _, format := range []string{"text", "markdown"} {
		explained := 0
		for _, args := range asked {
			args = append(args, "-format", format)
			got, _, _ := output(t, "", args...)
			if word := jargon.FindString(got); word != "" {
				t.Errorf("%v: %q is not a word of the desk", args, word)
			}
			whole, _, status := output(t, "", append(args, "-explain")...)
			methods, found := strings.CutPrefix(whole, got)
			if !found || status != exitDone || !strings.Contains(methods, "Wilson") || strings.Contains(methods, "Holm") != strings.Contains(strings.Join(args, " "), "-compare") {
				t.Errorf("%v: explained by %s", args, methods)
			}
			explained += len(jargon.FindAllString(methods, -1))
		}
		if explained < 40 {
			t.Errorf("%s: %d words are explained", format, explained)
		}
	}
	for _, args := range [][]string{{"-format", "json"}, {"-format", "html"}, {"-detail"}} {
		if got, errs, status := output(t, "", append(args, "-explain")...); got != "" || status != exitFailed || !strings.Contains(errs, "-explain") {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
	}
}

// Names from the data neither steer the terminal nor make rows of their own, and long ones
// are cut.
func TestNamesArePlain(t *testing.T) {
	const rows = 3 // all, and the two channels
	for _, name := range []string{
		"\x1b[2J\x1b[31mred", "a\r\n  all  9,999", "a\nb", "\u202eevil\u202c", "a\u2028b\u2029c", "nul\x00bell\x07", "\u009b1m", "a|b", "<b>", "*a*", strings.Repeat("x", 30_000),
	} {
		quoted, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		in := strings.ReplaceAll(good, `"ana"`, string(quoted)) + strings.ReplaceAll(strings.ReplaceAll(good, `"chat"`, string(quoted)), `"7"`, string(quoted))
		for _, args := range [][]string{{}, {"-by", "agent"}, {"-evidence", "3", "-period", "day", "-compare", "previous"}, {"-format", "markdown", "-evidence", "3"}, {"-policy", "policy.json"}} {
			got, _, status := output(t, in, append(args, "-events", "-")...)
			if status != exitDone {
				t.Errorf("%.60q, %v: status %d", name, args, status)
			}
			for i, line := range strings.Split(got, "\n") {
				if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || plain.Width(line) > 4*plain.Columns && !strings.Contains(line, ". ") {
					t.Errorf("%.60q, %v: line %d is %.200q", name, args, i, line)
				}
			}
			if len(args) == 0 {
				_, table, _ := strings.Cut(got, "\n\nFIRST RESPONSE\n")
				table, _, _ = strings.Cut(table, "\n\nWITHOUT")
				if n := len(regexp.MustCompile(`(?m)^  [^ ].* min$`).FindAllString(table, -1)); n != rows {
					t.Errorf("%.60q: %d lines in\n%s", name, n, table)
				}
			}
		}
	}
}
