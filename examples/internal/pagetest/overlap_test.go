package pagetest

import (
	"strings"
	"testing"
)

// A text of ten runes of 11 px is 64 wide.
func TestOverlaps(t *testing.T) {
	const text = "0123456789"
	for _, tt := range []struct {
		inner string
		want  []string
	}{
		{"", nil},
		{`<text x="0" y="20">` + text + `</text><text x="64" y="20">` + text + `</text>`, nil},
		{`<text x="0" y="20">` + text + `</text><text x="62" y="20">` + text + `</text>`, []string{"lie on one another"}},
		{`<text x="0" y="20">` + text + `</text><text x="62" y="31">` + text + `</text>`, nil},
		{`<text x="0" y="20">` + text + `</text><text x="62" y="28">` + text + `</text>`, []string{"lie on one another"}},
		// Edges.
		{`<text x="0" y="8">` + text + `</text><text x="136" y="98">` + text + `</text>`, nil},
		{`<text x="-2" y="20">` + text + `</text>`, []string{"leaves the viewBox: -2.0 to 62.0"}},
		{`<text x="138" y="20">` + text + `</text>`, []string{"leaves the viewBox"}},
		{`<text x="0" y="6">` + text + `</text>`, []string{"leaves the viewBox"}},
		{`<text x="0" y="100">` + text + `</text>`, []string{"leaves the viewBox"}},
		// Anchors.
		{`<text x="64" y="20" text-anchor="end">` + text + `</text><text x="64" y="20">` + text + `</text>`, nil},
		{`<text x="60" y="20" text-anchor="end">` + text + `</text>`, []string{"leaves the viewBox: -4.0 to 60.0"}},
		{`<text x="32" y="20" text-anchor="middle">` + text + `</text>`, nil},
		{`<text x="30" y="20" text-anchor="middle">` + text + `</text>`, []string{"-2.0 to 62.0"}},
		{`<g text-anchor="end"><text x="64" y="20">` + text + `</text></g>`, nil},
		{`<text class="end" x="64" y="20">` + text + `</text>`, nil},
		// Offsets.
		{`<text x="70" dx="-6" y="20" text-anchor="end">` + text + `</text>`, nil},
		{`<text x="62" dx="-6" y="20" text-anchor="end">` + text + `</text>`, []string{"-8.0 to 56.0"}},
		{`<text x="0" y="2" dy="1em">` + text + `</text>`, nil},
		{`<text x="0" y="2" dy=".3em">` + text + `</text>`, []string{"leaves the viewBox"}},
		{`<text x="50%" y="50%">` + text + `</text><text x="100" y="50">a</text>`, []string{"lie on one another"}},
		// Baselines.
		{`<text x="0" y="0" dominant-baseline="hanging">` + text + `</text>`, nil},
		{`<text x="0" y="6" dominant-baseline="central">` + text + `</text>`, nil},
		{`<text x="0" y="100" dominant-baseline="text-after-edge">` + text + `</text>`, nil},
		{`<text x="0" y="10" dominant-baseline="central">` + text + `</text><text x="0" y="20">a</text>`, []string{"lie on one another"}},
		{`<text x="0" y="9" dominant-baseline="central">` + text + `</text><text x="0" y="23">a</text>`, nil},
		{`<text x="0" y="94" dominant-baseline="text-after-edge">` + text + `</text><text x="0" y="79">a</text>`, nil},
		{`<text x="0 20" y="9,1">` + text + `</text>`, nil},
		// Pieces.
		{`<text x="0" y="20">01234<tspan>56789</tspan></text><text x="63" y="20">a</text>`, nil},
		{`<text x="0" y="20">01234<tspan>56789</tspan></text><text x="61" y="20">a</text>`, []string{"lie on one another"}},
		{`<text x="0" y="20">01234<tspan x="0" dy="12">56789</tspan></text>`, nil},
		{`<text x="0" y="20">01234<tspan x="0" dy="6">56789</tspan></text>`, []string{`"01234" and "56789" lie on one another`}},
		{`<text x="0" y="20">01234<tspan dx="2">56789</tspan></text>`, nil},
		{`<text x="0" y="20">01234<tspan dx="-9">56789</tspan></text>`, []string{"lie on one another"}},
		// Sizes.
		{`<text x="0" y="60" font-size="22">` + text + `</text><text x="65" y="60">a</text>`, nil}, // CSS is stronger
		{`<g class="wide"><text x="0" y="60">` + text + `</text><text x="65" y="60">a</text></g>`, nil},
		{`<text x="0" y="60" class="wide">` + text + `</text><text x="125" y="60">a</text>`, []string{"lie on one another"}},
		{`<text x="0" y="60" class="small">` + text + `</text><text x="32" y="60">a</text>`, nil},
		{`<text x="0" y="60" class="small">` + text + `</text><text x="30" y="60">a</text>`, []string{"lie on one another"}},
		// Transforms.
		{`<g transform="translate(10 20)"><text>` + text + `</text></g><text x="20" y="20">a</text>`, []string{"lie on one another"}},
		{`<g transform="translate(10,50) scale(2)"><text>` + text + `</text></g><text x="139" y="50">a</text>`, nil},
		{`<g transform="translate(10,50) scale(2)"><text>` + text + `</text></g><text x="136" y="50">a</text>`, []string{"lie on one another"}},
		{`<text transform="rotate(-90 20 90)" x="20" y="90">` + text + `</text><text x="30" y="90">` + text + `</text>`, nil},
		{`<text transform="rotate(-90 20 90)" x="20" y="90">` + text + `</text><text x="0" y="30">` + text + `</text>`, []string{"lie on one another"}},
		{`<text transform="rotate(-90 20 60)" x="20" y="60">` + text + `</text>`, []string{"-4.0 to 60.0"}},
		{`<text transform="matrix(1 0 0 1 10 20)">` + text + `</text><text x="60" y="20">a</text>`, []string{"lie on one another"}},
		{`<text transform="scale(2 1) translate(10 20)">01234</text><text x="82" y="20">a</text>`, []string{"lie on one another"}},
		{`<text transform="scale(2,1) translate(10,20)">01234</text><text x="85" y="20">a</text>`, nil},
		// What is not shown.
		{`<text x="900" y="20" display="none">a</text><defs><text x="900" y="20">a</text></defs><text x="900" y="20"></text>`, nil},
		{`<svg viewBox="0 0 9"><text x="900" y="20">a</text></svg>`, []string{`viewBox "0 0 9"`}},
		{`<svg viewBox="0 0 9 a"></svg>`, []string{`viewBox "0 0 9 a"`}},
		{`<svg><text x="900" y="20">a</text></svg>`, nil},
	} {
		page := `<style>svg text{font:11px a}.small{font:650 5.5px/1 a}svg .wide{font-size:22px}p .wide{font-size:99px}svg text{font-size:11px}.end{text-anchor:end}.end:hover,text[x],*{text-anchor:middle}@media print{text{font-size:99px}}</style>` +
			`<svg viewBox="0 0 200 100">` + tt.inner + `</svg>`
		faults := Overlaps(page)
		if len(faults) != len(tt.want) {
			t.Errorf("%s: %v, want %q", tt.inner, faults, tt.want)
			continue
		}
		for i, f := range faults {
			if !strings.Contains(f.String(), tt.want[i]) {
				t.Errorf("%s: %v, want %q", tt.inner, f, tt.want[i])
			}
		}
	}
}

// Without CSS, attributes count.
func TestOverlapsAttributes(t *testing.T) {
	for _, tt := range []struct {
		x    string
		want int
	}{{"127", 0}, {"125", 1}} {
		page := `<svg viewBox="0,0,200,100"><g font-size="22px"><text y="60">0123456789</text></g><text x="` + tt.x + `" y="60" font-size="1em">a</text></svg>`
		if got := Overlaps(page); len(got) != tt.want {
			t.Errorf("at %s: %v", tt.x, got)
		}
	}
}
