package main

import (
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// peopleOr prints a duration, if there is one.
func peopleOr(d time.Duration, ok bool) string {
	if !ok {
		return text.NoData
	}
	return text.Duration(d)
}

// percent prints a share as a percentage with one place.
func percent(r stat.Ratio) string { return text.Share(r.Part, r.Whole, 1) }

// counted prints a count of things, such as "1 event" or "9 repeated deliveries".
func counted(n int, thing string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(thing, "y"); ok {
			thing = stem + "ie"
		}
		thing += "s"
	}
	return text.Count(int64(n)) + " " + thing
}
