package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
)

func (r *result) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	card := r.input.Scorecard
	fmt.Fprintf(out, "%s, %s by %s; a score of %v passes\n", text.Counted(int64(r.conversations), "conversation"),
		text.Counted(int64(len(r.input.Reviews)), "review"), strings.Replace(text.Counted(int64(len(card.Criteria())), "criterion"), "criterions", "criteria", 1), card.PassMark())
	if len(r.input.Ladder.Rungs()) > 0 {
		fmt.Fprintf(out, "\nLEVEL OF SERVICE\n\n")
		r.writeAssessment(out)
	}
	fmt.Fprintf(out, "\nAGENTS\nScores are from 0 to 100, and every conversation counts once. With few reviews a score says little:\nthe range shows where it may lie.\n\n")
	r.writeAgents(out)
	fmt.Fprintf(out, "\nAGREEMENT OF REVIEWERS\n1 is full agreement, 0 is what chance alone would give.\n")
	r.writeCalibrations(out)
	fmt.Fprintf(out, "\nRanges are intervals at %s: Student's t for scores, Wilson's for shares. Agreement is the quadratic kappa\nby criterion, and ICC(2,1) of the scores.\n", text.Level(r.level))
	return out.Flush()
}

func (r *result) writeAgents(w io.Writer) {
	lines := [][]string{{"agent", "reviews", "score", "range", "passed", "range", "failed at once"}}
	for _, a := range r.agents {
		score := text.NoData
		if mean, ok := a.tally.Mean(1); ok {
			score = mean.StringFixed(1)
		}
		passed := a.tally.Passed()
		lines = append(lines, []string{
			a.name, text.Count(a.tally.N()),
			score, ends(a.tally.Interval(r.level))(1, 1),
			percent(passed), ends(stat.Proportion(passed.Part, passed.Whole, r.level, stat.Wilson))(100, 0),
			text.Count(a.tally.AutoFailed().Part),
		})
	}
	align(w, lines)
}

func (r *result) writeCalibrations(w io.Writer) {
	if len(r.calibrations) == 0 {
		fmt.Fprintf(w, "\n  No conversation was reviewed by two people.\n")
	}
	for _, c := range r.calibrations {
		fmt.Fprintf(w, "\n%s and %s on %s\n\n", c.First, c.Second, text.Counted(int64(c.Conversations), "conversation"))
		lines := [][]string{{"criterion", "reviews", "same mark", "agreement", "range"}}
		for _, a := range c.Criteria {
			lines = append(lines, []string{
				a.Criterion, text.Count(a.Same.Whole), percent(a.Same),
				estimate(a.Quadratic), interval(a.Quadratic),
			})
		}
		lines = append(lines, []string{"score", strconv.Itoa(c.Conversations), "", estimate(c.Score), interval(c.Score)})
		align(w, lines)
	}
}

func (r *result) writeAssessment(w io.Writer) {
	a := r.assessment
	if a.Level == 0 {
		fmt.Fprintf(w, "  Not yet %v.\n", a.Next)
	} else {
		fmt.Fprintf(w, "  %v: %s\n", a.Level, a.Level.Meaning())
	}
	if a.Next != 0 {
		fmt.Fprintf(w, "\n  For the next level, %v:\n", a.Next)
		for _, m := range a.Missing() {
			fmt.Fprintf(w, "  - %v\n", m)
		}
	}
	fmt.Fprintf(w, "\n  All criteria:\n")
	for _, m := range a.Rungs {
		mark := "no "
		if m.Holds {
			mark = "yes"
		}
		fmt.Fprintf(w, "  %s  %-12s  %v\n", mark, m.Level, m)
	}
}

// percent writes a share without places.
func percent(share stat.Ratio) string { return text.Share(share.Part, share.Whole, 0) }

// ends prints the ends of an interval, if there is one and it says anything.
func ends(iv stat.Interval, err error) func(factor float64, places int) string {
	return func(factor float64, places int) string {
		if err != nil || iv.Width() == 0 {
			return text.NoData
		}
		return fmt.Sprintf("%.*f to %.*f", places, factor*iv.Low, places, factor*iv.High)
	}
}

func estimate(a rating.Agreement) string {
	if a == (rating.Agreement{}) {
		return text.NoData
	}
	return fmt.Sprintf("%.2f", a.Estimate)
}

func interval(a rating.Agreement) string {
	if a.Low == a.High {
		return text.NoData
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
		var b strings.Builder
		for i, cell := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString("  " + cell + pad)
			} else {
				b.WriteString("  " + pad + cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}
