package draw

import (
	"strconv"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

// A HeatMap is a table of the hours of the week, with darker cells for busier hours.
type HeatMap struct {
	Caption string
	Counts  [7][24]int64   // from Monday
	Rates   [7][24]float64 // by which cells are shaded
	Closed  [7][24]bool    // outside the hours of service
	Unit    string         // of a rate, such as "an hour"
}

func (HeatMap) name() string { return "heatmap" }

// levels are the shades, but for that of nothing.
const levels = 5

// A HeatRow is a day of the week.
type HeatRow struct {
	Day, Short string
	Cells      []HeatCell
	Sum        string
}

// A HeatCell is an hour.
type HeatCell struct {
	Class, Text, Said string
}

// Hours returns the hours between the first and the last one in which anything happened.
func (h HeatMap) Hours() (all []string) {
	first, last := h.bounds()
	for hour := first; hour <= last; hour++ {
		all = append(all, strconv.Itoa(hour))
	}
	return all
}

func (h HeatMap) bounds() (first, last int) {
	first, last = 24, -1
	for _, hours := range h.Counts {
		for hour, n := range hours {
			if n > 0 {
				first, last = min(first, hour), max(last, hour)
			}
		}
	}
	return first, last
}

// Top returns the highest rate.
func (h HeatMap) Top() (top float64) {
	for _, hours := range h.Rates {
		for _, r := range hours {
			top = max(top, r)
		}
	}
	return top
}

// TopText returns the highest rate for people.
func (h HeatMap) TopText() string { return strconv.FormatFloat(h.Top(), 'f', 1, 64) }

// Shaded reports whether there are closed hours among those that are shown.
func (h HeatMap) Shaded() bool {
	first, last := h.bounds()
	for d := range h.Closed {
		for hour := first; hour <= last; hour++ {
			if h.Closed[d][hour] {
				return true
			}
		}
	}
	return false
}

// Days returns the rows.
func (h HeatMap) Days() (all []HeatRow) {
	first, last := h.bounds()
	top := h.Top()
	for d := range h.Counts {
		day := time.Weekday((d + 1) % 7).String()
		row := HeatRow{Day: day, Short: day[:2]}
		var sum int64
		for hour := first; hour <= last; hour++ {
			n := h.Counts[d][hour]
			sum += n
			cell := HeatCell{Class: "h0", Said: day + " " + strconv.Itoa(hour) + " to " + strconv.Itoa(hour+1) + ": " + text.Count(n)}
			if n > 0 && top > 0 {
				level := 1
				for level < levels && h.Rates[d][hour]*levels > top*float64(level) {
					level++
				}
				cell.Class, cell.Text = "h"+strconv.Itoa(level), text.Count(n)
			}
			if h.Closed[d][hour] {
				cell.Class += " shut"
				cell.Said += ", closed"
			}
			row.Cells = append(row.Cells, cell)
		}
		row.Sum = text.Count(sum)
		all = append(all, row)
	}
	return all
}
