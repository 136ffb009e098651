package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/servicequality/servicequality/metrics/text"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Parse(pageSource))

// writeHTML prints one page that needs nothing else.
func writeHTML(w io.Writer, r *report) error {
	undrawn := slices.DeleteFunc(tables(r), func(t table) bool { return t.Drawn })
	return page.Execute(w, struct {
		Title, Sources, Verdict string
		Tables                  []table
		Charts                  []chart
		Lines                   []lineChart
		Extended                bool // whether there is more than tables of figures
	}{
		title(r), sources(r), verdict(r), undrawn, []chart{responseChart(r), starChart(r), complianceChart(r)},
		lineCharts(r), r.Min > 0 || r.Series != nil || r.Comparison != nil || r.Evidence > 0 ||
			slices.ContainsFunc(undrawn, func(t table) bool { return len(t.Lines) > 0 }),
	})
}

// A chart is a row of horizontal bars.
type chart struct {
	Title  string
	Height int
	Bars   []bar
}

// A bar is as wide as its share of the widest possible one.
type bar struct {
	Label, Value string
	Y, Middle    int
	Width        int
	Class        string
}

// Sizes in pixels of the drawing.
const (
	barStep  = 26
	barWidth = 250 // of the whole
)

// newChart places the bars one under the other.
func newChart(title string, bars []bar) chart {
	for i := range bars {
		bars[i].Y = i * barStep
		bars[i].Middle = i*barStep + barStep/2 - 2
	}
	return chart{Title: title, Height: len(bars) * barStep, Bars: bars}
}

// scaled returns the width of a part of a whole.
func scaled(part, whole int64) int {
	if whole == 0 {
		return 0
	}
	return int(float64(part) / float64(whole) * barWidth)
}

func responseChart(r *report) chart {
	var bars []bar
	var most int64
	for _, n := range r.Responses {
		most = max(most, n)
	}
	for i, n := range r.Responses {
		bars = append(bars, bar{Label: histogramLabels[i], Value: text.Count(n), Width: scaled(n, most), Class: "time"})
	}
	return newChart("Response times", bars)
}

func starChart(r *report) chart {
	var bars []bar
	counts := r.Groups[0].Figures.Ratings.Counts()
	all := r.Groups[0].Figures.Ratings.N()
	for stars := 5; stars >= 1; stars-- {
		n := counts[stars-1]
		bars = append(bars, bar{
			Label: fmt.Sprintf("%d ★", stars), Value: text.Count(n), Width: scaled(n, all), Class: "star",
		})
	}
	return newChart("Ratings", bars)
}

func complianceChart(r *report) chart {
	var bars []bar
	for _, c := range r.Channels {
		share := together(c.Promises, 0).Tally.Compliance()
		if !share.Defined() {
			continue
		}
		bars = append(bars, bar{
			Label: labelOf(c.Name), Value: percent(share) + " of " + text.Count(share.Whole),
			Width: scaled(share.Part, share.Whole), Class: "kept",
		})
	}
	return newChart("Compliance by channel", bars)
}
