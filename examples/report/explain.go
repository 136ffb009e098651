package main

import (
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/text"
)

// methods say by which method each kind of figure of the report was found, with its author
// and year: only of those that the report has.
func methods(r *report) []string {
	all := []string{
		"Median, and nine of ten within: the quantiles of 50 % and 90 % (Hyndman and Fan 1996, type 7). They are exact up to 1,024 values, and beyond that right to 1/128.",
		"Probably between, of shares: Wilson's interval (1927) at " + text.Level(level) + ".",
		"Satisfied (CSAT): the two best answers of five.",
	}
	add := func(is bool, lines ...string) {
		if is {
			all = append(all, lines...)
		}
	}
	add(r.hasFirstContact(), "First contact: a customer came back who wrote again within "+text.Duration(flow.FirstContactWindow)+" of the end of a case, in that case or in another one, on any channel.")
	add(r.Survival,
		"First response with those who still wait: the median of all is that of Kaplan and Meier (1958), with the interval in which their curve, on the scale of log −log, has one half.",
		fmt.Sprintf("Answered within %s: the cumulative incidence of Aalen and Johansen (1978), to which being closed or given up without an answer is an end of its own, with its interval on the same scale.", text.Duration(promptly)),
	)
	add(r.Series != nil,
		"Trends: the test of Mann (1945) and Kendall (1975) says whether there is one, and the slope is that of Theil (1950) and Sen (1968).",
		"Limits: three standard deviations about the mean, from the ranges between periods that follow each other (Shewhart 1931; Wheeler 1993); of shares, with the number of cases in each period (Laney 2002).",
		"Signals: a period outside the limits, a jump beyond what the ranges allow, or eight periods in a row on one side of the mean (Western Electric 1956).",
	)
	add(r.Comparison != nil,
		"What changed, of medians: by their standard errors (Price and Bonett 2002).",
		"What changed, of shares: by their score (Miettinen and Nurminen 1985).",
		"What changed, of counts: exact, given how many there are together (Przyborowski and Wilenski 1940).",
		"All verdicts together: each is so strict that the chance of any wrong one is at most "+text.Percent(1-level, 0)+" (Holm 1979). That is why the intervals of changes have a level above "+text.Level(level)+".",
	)
	return all
}

// legend says what the last columns of a table mean, below the first table that has them.
func legend(all []table) {
	for i := range all {
		if strings.Contains(strings.Join(all[i].Header, "\n"), between) {
			all[i].Lines = append(all[i].Lines, between+": the share before it is of the cases counted here; the fewer they are, the further chance may have moved it. What the desk achieves in the long run is between these two in nineteen of twenty cases.")
			return
		}
	}
}
