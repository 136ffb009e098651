package survey_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
)

// What drives the rating of a department, item by item. Spearman's correlation is
// Pearson's of the ranks, ties sharing theirs.
func TestDriverCorrelationVectors(t *testing.T) {
	items, rows := attitude(t)
	column := func(name string) []float64 {
		var x []float64
		for _, row := range rows {
			x = append(x, float64(row[slices.Index(items, name)]))
		}
		return x
	}
	ranks := func(x []float64) []float64 {
		out := make([]float64, len(x))
		for i, v := range x {
			for _, w := range x {
				if w < v {
					out[i]++
				} else if w == v {
					out[i] += 0.5
				}
			}
		}
		return out
	}
	for _, v := range vectors(t, "correlation with rating (driver)") {
		var in struct {
			X, Y string
			Conf float64
		}
		v.decode(t, &in)
		x, y := column(in.X), column(in.Y)
		iv := must(stat.Pearson(x, y, in.Conf))
		ends := v.numbers(t, "ci")
		spearman := must(stat.Pearson(ranks(x), ranks(y), in.Conf)).Estimate
		if !near(iv.Estimate, v.number(t, "pearson")) || !near(iv.Low, ends[0]) || !near(iv.High, ends[1]) || !near(spearman, v.number(t, "spearman")) {
			t.Errorf("%s: %v, Spearman %v", v.ID, iv, spearman)
		}
		if r, n := iv.Estimate, float64(len(x)); !near(r*math.Sqrt((n-2)/(1-r*r)), v.number(t, "t")) {
			t.Errorf("%s: t", v.ID)
		}
	}
}

// Rows that nothing here expresses stand in a file of their own, each with its reason,
// and in no other.
func TestVectorsLeftOut(t *testing.T) {
	read := func(path string) (rows []struct {
		ID      string
		LeftOut string `json:"left_out"`
	}) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &rows); err != nil {
			t.Fatal(path, err)
		}
		return rows
	}
	expressed := make(map[string]bool)
	for _, path := range []string{"testdata/vectors.json", "servqual/testdata/vectors.json", "../rating/testdata/vectors.json", "../metrics/stat/testdata/vectors.json", "../metrics/stat/testdata/quantiles.json"} {
		for _, row := range read(path) {
			expressed[row.ID] = true
		}
	}
	left := read("testdata/vectors_left_out.json")
	for _, row := range left {
		if row.LeftOut == "" || expressed[row.ID] {
			t.Errorf("%s: left out: %q, expressed: %v", row.ID, row.LeftOut, expressed[row.ID])
		}
	}
	// 231 rows of public surveys, and three of other sources in package rating.
	if n := len(expressed) + len(left); n < 231 {
		t.Errorf("%d rows in all", n)
	}
}
