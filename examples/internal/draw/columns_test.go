package draw

import (
	"slices"
	"testing"
)

func TestHours(t *testing.T) {
	for _, tt := range []struct {
		hours  Hours
		words  string
		labels []string // of the counts
		lines  int      // of what is usual
	}{
		{Hours{From: 8, Counts: []int64{2, 0, 1, 0}, Usual: []float64{1.5, 0.25, 3, 4}, Now: 10},
			"8 to 9: 2, usual 1.5; 9 to 10: 0, usual 0.3; 10 to 11: 1 so far, usual 3.0; 11 to 12: usual 4.0", []string{"2", "1"}, 4},
		{Hours{From: 8, Counts: []int64{2, 0, 1, 0}, Now: 10}, "8 to 9: 2; 9 to 10: 0; 10 to 11: 1 so far", []string{"2", "1"}, 0},
		{Hours{From: 23, Counts: []int64{0}, Now: 23}, "23 to 24: 0 so far", nil, 0},
	} {
		d := tt.hours.drawing()
		var labels []string
		lines := 0
		for _, s := range d.Shapes {
			if s.Class == "val" {
				labels = append(labels, s.Text)
			}
			if s.Class == "usual-line" {
				lines++
			}
			if s.Y < 0 || s.Y > d.H || s.X < 0 || s.X > d.W {
				t.Errorf("%+v: %+v is outside", tt.hours, s)
			}
		}
		if d.Words != tt.words || !slices.Equal(labels, tt.labels) || lines != tt.lines {
			t.Errorf("%+v: %q, %q, %d lines", tt.hours, d.Words, labels, lines)
		}
	}
}
