package main

import (
	"fmt"
	"io"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/survey"
)

// reportChange writes what differs between the answers before a day and those from that day
// on: of all of them, of the same people, and of each group.
func reportChange(w io.Writer, c *change, day time.Time) error {
	if !c.both {
		fmt.Fprintf(w, "  change on %s: no answers before or none after\n", day.Format(time.DateOnly))
		return nil
	}
	fmt.Fprintf(w, "  change on %s:\n", day.Format(time.DateOnly))
	if err := reportSides(w, c.all); err != nil {
		return err
	}
	if c.people != nil {
		fmt.Fprintln(w, "  the same people, who answered before and after:")
		if err := reportSides(w, *c.people); err != nil {
			return err
		}
	}
	if len(c.groups) == 0 {
		return nil
	}
	fmt.Fprintln(w, "  change of each group, the largest first:")
	for _, c := range c.groups {
		name := c.AfterName
		c.AfterName = ""
		wrap(w, "    ", plain.Name(name)+": "+said(c))
	}
	return nil
}

func reportSides(w io.Writer, c survey.Comparison) error {
	first, err := line("before", c.Before)
	if err != nil {
		return err
	}
	second, err := line("after", c.After)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "    %s\n    %s\n    %v\n", first, second, said(c))
	return nil
}
