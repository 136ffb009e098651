package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
)

func (r *result) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	card := r.input.Scorecard
	criteria := strings.Replace(text.Counted(int64(len(card.Criteria())), "criterion"), "criterions", "criteria", 1)
	paragraph(out, "%s, %s by %s; a score of %v of 100 passes", text.Counted(int64(r.conversations), "conversation"),
		text.Counted(int64(len(r.input.Reviews)), "review"), criteria, card.PassMark())
	if len(r.input.Ladder.Rungs()) > 0 {
		fmt.Fprintf(out, "\nLEVEL OF SERVICE\n\n")
		r.writeAssessment(out)
	}
	fmt.Fprintf(out, "\nAGENTS\n")
	paragraph(out, "Every conversation counts once. With few reviews a score says little: it would probably be between the two figures beside it if all conversations had been reviewed.")
	fmt.Fprintln(out)
	r.writeAgents(out)
	fmt.Fprintf(out, "\nCRITERIA\n")
	paragraph(out, "Each by itself, from 0, the worst mark, to 100, the best.")
	fmt.Fprintln(out)
	r.writeCriteria(out)
	fmt.Fprintf(out, "\nAGREEMENT OF REVIEWERS\n")
	paragraph(out, "How alike two people mark the same conversations. Some equal marks come about by chance; the agreement is of what is beyond that.")
	r.writeCalibrations(out)
	if r.explain {
		r.writeMethods(out)
	}
	return out.Flush()
}

// writeMethods writes by which methods the figures were found.
func (r *result) writeMethods(w io.Writer) {
	fmt.Fprintf(w, "\nMETHODS\n")
	for _, line := range []string{
		"Probably between: intervals at " + text.Level(r.level) + ", of scores by Student's t (1908), of shares by Wilson (1927).",
		"Agreement on a criterion: the kappa of Cohen (1968) with quadratic weights, which is milder on neighbouring marks. 1 is full agreement, and 0 what chance alone would give.",
		"Agreement on the score: ICC(2,1) of Shrout and Fleiss (1979).",
		agreementScale,
	} {
		fmt.Fprintln(w, plain.Wrap(line, plain.Columns, "  ", "    "))
	}
}

func paragraph(w io.Writer, format string, a ...any) {
	fmt.Fprintln(w, plain.Wrap(fmt.Sprintf(format, a...), plain.Columns, "", ""))
}

const between = "probably between"

func (r *result) writeAgents(w io.Writer) {
	t := plain.Table{Header: []string{"agent", "reviews", "score of 100", between, "passed", between, "failed at once"}}
	for _, a := range r.agents {
		score := text.NoData
		if mean, ok := a.tally.Mean(1); ok {
			score = mean.StringFixed(1)
		}
		passed := a.tally.Passed()
		t.Rows = append(t.Rows, []string{
			plain.Name(a.name), text.Count(a.tally.N()),
			score, points(a.tally.Interval(r.level)),
			percent(passed), percents(stat.Proportion(passed.Part, passed.Whole, r.level, stat.Wilson)),
			text.Count(a.tally.AutoFailed().Part),
		})
	}
	fmt.Fprint(w, t.String(plain.Columns))
}

func (r *result) writeCriteria(w io.Writer) {
	t := plain.Table{Header: []string{"criterion", "reviews", "score of 100", between}}
	for _, c := range r.criteria {
		score := text.NoData
		if mean, ok := c.tally.Mean(1); ok {
			score = mean.StringFixed(1)
		}
		t.Rows = append(t.Rows, []string{plain.Name(label(c.Criterion)), text.Count(c.tally.N()), score, points(c.tally.Interval(r.level))})
	}
	fmt.Fprint(w, t.String(plain.Columns))
}

func (r *result) writeCalibrations(w io.Writer) {
	if len(r.calibrations) == 0 {
		fmt.Fprintf(w, "\n  No conversation was reviewed by two people.\n")
	}
	for _, c := range r.calibrations {
		fmt.Fprintln(w)
		paragraph(w, "%s and %s on %s", plain.Name(c.First), plain.Name(c.Second), text.Counted(int64(c.Conversations), "conversation"))
		fmt.Fprintln(w)
		t := plain.Table{Header: []string{"criterion", "reviews", "same mark", "agreement"}}
		if r.explain {
			t.Header = append(t.Header, "statistic", between)
		}
		row := func(a rating.Agreement, cells ...string) {
			cells = append(cells, words(a))
			if r.explain {
				cells = append(cells, estimate(a), interval(a))
			}
			t.Rows = append(t.Rows, cells)
		}
		for _, a := range c.Criteria {
			row(a.Quadratic, r.labelOf(a.Criterion), text.Count(a.Same.Whole), percent(a.Same))
		}
		row(c.Score, "score", text.Count(int64(c.Conversations)), "")
		fmt.Fprint(w, t.String(plain.Columns))
	}
}

// words say how good an agreement is, if there is one.
func words(a rating.Agreement) string {
	if a == (rating.Agreement{}) {
		return text.NoData
	}
	return agreement(a.Estimate)
}

// moderate is how far agreement is moderate; above, it is good.
const moderate = 0.6

// agreement says in words how far reviewers agree (Altman 1991, Practical Statistics for
// Medical Research).
func agreement(v float64) string {
	switch {
	case v <= 0.2:
		return "poor"
	case v <= 0.4:
		return "fair"
	case v <= moderate:
		return "moderate"
	case v <= 0.8:
		return "good"
	}
	return "very good"
}

const agreementScale = "In words: poor up to 0.2, fair to 0.4, moderate to 0.6, good to 0.8, and very good above (Altman 1991)."

func (r *result) writeAssessment(w io.Writer) {
	a := r.assessment
	if a.Level == 0 {
		fmt.Fprintf(w, "  Not yet %v.\n", a.Next)
	} else {
		fmt.Fprintln(w, plain.Wrap(fmt.Sprintf("%v: %s", a.Level, a.Level.Meaning()), plain.Columns, "  ", "  "))
	}
	if a.Next != 0 {
		fmt.Fprintf(w, "\n  For the next level, %v:\n", a.Next)
		for _, m := range a.Missing() {
			fmt.Fprintln(w, plain.Wrap(asked(m), plain.Columns, "  - ", "    "))
		}
	}
	fmt.Fprintf(w, "\n  All that the levels ask for, and whether it holds:\n")
	for _, m := range a.Rungs {
		mark := "no "
		if m.Holds {
			mark = "yes"
		}
		fmt.Fprintln(w, plain.Wrap(asked(m), plain.Columns, fmt.Sprintf("  %s  %-12s  ", mark, m.Level), strings.Repeat(" ", 21)))
	}
}

// longest is how wide a sentence may be that names a fact, in columns.
const longest = 3 * plain.Columns

// asked says what a rung asks for. Its fact is named by the file.
func asked(m rating.MeasuredRung) string { return plain.Cut(plain.Line(m.String()), longest) }

// percent writes a share without places.
func percent(share stat.Ratio) string { return text.Share(share.Part, share.Whole, 0) }

// percents and points write the ends of an interval, if there is one and it says anything.
func percents(iv stat.Interval, err error) string {
	return ends(iv, err, func(v float64) string { return text.Percent(v, 0) })
}

func points(iv stat.Interval, err error) string {
	return ends(iv, err, func(v float64) string { return text.Number(v, 1) })
}

func ends(iv stat.Interval, err error, figure func(float64) string) string {
	if err != nil || iv.Width() == 0 {
		return text.NoData
	}
	return text.Range(figure(iv.Low), figure(iv.High))
}

func estimate(a rating.Agreement) string {
	if a == (rating.Agreement{}) {
		return text.NoData
	}
	return text.Number(a.Estimate, 2)
}

func interval(a rating.Agreement) string {
	if a.Low == a.High {
		return text.NoData
	}
	return text.Range(text.Number(a.Low, 2), text.Number(a.High, 2))
}
