package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// noData is printed where there is nothing to print.
const noData = "–"

func (r *result) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	card := r.input.Scorecard
	fmt.Fprintf(out, "%d conversations, %d reviews, %d criteria, pass mark %v; intervals at %s\n",
		r.conversations, len(r.input.Reviews), len(card.Criteria()), card.PassMark(), percentOf(r.level))
	fmt.Fprintf(out, "\nAGENTS\nscore of 0 to 100, every conversation once; few reviews make wide intervals\n\n")
	r.writeAgents(out)
	fmt.Fprintf(out, "\nAGREEMENT OF REVIEWERS\n1 is full agreement, 0 is chance; by criterion, and ICC(2,1) of the scores\n")
	r.writeCalibrations(out)
	if len(r.input.Ladder.Rungs()) > 0 {
		fmt.Fprintf(out, "\nLEVEL OF SERVICE\n\n")
		r.writeStanding(out)
	}
	return out.Flush()
}

func (r *result) writeAgents(w io.Writer) {
	lines := [][]string{{"agent", "reviews", "score", "interval", "passed", "interval", "auto-failed"}}
	for _, a := range r.agents {
		score := noData
		if mean, ok := a.tally.Mean(1); ok {
			score = mean.StringFixed(1)
		}
		passed := a.tally.Passed()
		lines = append(lines, []string{
			a.name, strconv.FormatInt(a.tally.N(), 10),
			score, ends(a.tally.Interval(r.level))(1, 1),
			percent(passed), ends(stat.Proportion(passed.Part, passed.Whole, r.level, stat.Wilson))(100, 0),
			strconv.FormatInt(a.tally.AutoFailed().Part, 10),
		})
	}
	align(w, lines)
}

func (r *result) writeCalibrations(w io.Writer) {
	if len(r.calibrations) == 0 {
		fmt.Fprintf(w, "\n  no conversation was reviewed by two reviewers\n")
	}
	for _, c := range r.calibrations {
		fmt.Fprintf(w, "\n%s and %s: %d conversations\n\n", c.First, c.Second, c.Conversations)
		lines := [][]string{{"criterion", "n", "same mark", "Cohen's kappa", "quadratic kappa", "interval"}}
		for _, a := range c.Criteria {
			lines = append(lines, []string{
				a.Criterion, strconv.FormatInt(a.Same.Whole, 10), percent(a.Same),
				estimate(a.Cohen), estimate(a.Quadratic), interval(a.Quadratic),
			})
		}
		lines = append(lines, []string{"score, ICC(2,1)", strconv.Itoa(c.Conversations), "", "", estimate(c.Score), interval(c.Score)})
		align(w, lines)
	}
}

func (r *result) writeStanding(w io.Writer) {
	s := r.standing
	if s.Level == 0 {
		fmt.Fprintf(w, "  Not yet %v.\n\n", s.Next)
	} else {
		fmt.Fprintf(w, "  %v: %s\n\n", s.Level, s.Level.Meaning())
	}
	for _, f := range s.Findings {
		mark := "no "
		if f.Holds {
			mark = "yes"
		}
		fmt.Fprintf(w, "  %s  %-12s  %v\n", mark, f.Level, f)
	}
	if s.Next == 0 {
		return
	}
	fmt.Fprintf(w, "\n  For %v it takes:\n", s.Next)
	for _, f := range s.Missing() {
		fmt.Fprintf(w, "  - %v\n", f)
	}
}

// percent prints a share without places.
func percent(share stat.Ratio) string {
	p, ok := share.Percent(0, stat.HalfAwayFromZero)
	if !ok {
		return noData
	}
	return p.String() + " %"
}

// percentOf prints a level such as 0.95.
func percentOf(level float64) string { return strconv.FormatFloat(100*level, 'g', 6, 64) + " %" }

// ends prints the ends of an interval, if there is one and it says anything.
func ends(iv stat.Interval, err error) func(factor float64, places int) string {
	return func(factor float64, places int) string {
		if err != nil || iv.Width() == 0 {
			return noData
		}
		return fmt.Sprintf("%.*f to %.*f", places, factor*iv.Low, places, factor*iv.High)
	}
}

func estimate(a rating.Agreement) string {
	if a == (rating.Agreement{}) {
		return noData
	}
	return fmt.Sprintf("%.2f", a.Estimate)
}

func interval(a rating.Agreement) string {
	if a.Low == a.High {
		return noData
	}
	return fmt.Sprintf("%.2f to %.2f", a.Low, a.High)
}

// align prints lines with their columns under each other.
func align(w io.Writer, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		var text strings.Builder
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				text.WriteString("  " + cell + pad)
			} else {
				text.WriteString("  " + pad + cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(text.String(), " "))
	}
}
