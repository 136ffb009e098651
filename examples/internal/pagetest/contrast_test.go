package pagetest

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestParseColour(t *testing.T) {
	for text, want := range map[string]colour{
		"#fff": {1, 1, 1, 1}, "#0F08": {0, 1, 0, 0x88 / 255.}, "#336699": {0.2, 0.4, 0.6, 1}, "#33669980": {0.2, 0.4, 0.6, 128. / 255},
		"rgb(51, 102,153)": {0.2, 0.4, 0.6, 1}, "rgba(0,0,0,.5)": {0, 0, 0, 0.5}, "rgb(0 255 0 / 25%)": {0, 1, 0, 0.25}, "rgb(100% 0% 0%)": {1, 0, 0, 1},
		" White": {1, 1, 1, 1}, "black": {0, 0, 0, 1}, "transparent": {},
	} {
		if got, err := parseColour(text); got != want || err != nil {
			t.Errorf("%s is %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "#", "#ff", "#fffff", "#gggggg", "#+12", "#1234567", "rgb(1,2)", "rgb(1,2,3,4,5)", "rgb(1,2,3", "rgb(256,0,0)", "rgb(-1,0,0)", "rgb(a,0,0)", "rgb(NaN,0,0)", "hsl(1,2,3)", "blueish"} {
		if got, err := parseColour(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// The ratios are those of W3C, Understanding Success Criterion 1.4.3, and of the examples
// of the technique G18: black on white, and the grey that just passes and just fails.
func TestRatio(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"#000", "#fff", 21}, {"#fff", "#000", 21}, {"#123456", "#123456", 1},
		{"#767676", "#fff", 4.54}, {"#777777", "#fff", 4.48}, {"#949494", "#fff", 3.03}, {"#f00", "#fff", 4.00}, {"#00f", "#fff", 8.59},
	} {
		a, _ := parseColour(tt.a)
		b, _ := parseColour(tt.b)
		if got := ratio(a, b); math.Abs(got-tt.want) > 0.005 {
			t.Errorf("%s on %s: %.4f, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestContrast(t *testing.T) {
	const css = `:root{--card:#fff;--soft:#767676;--line:#949494;--pale:rgba(0,0,0,.5);--also:var(--soft);--both:light-dark(rgb(0,0,0), rgb(255, 255, 255));--loop:var(--loop)}
@media screen and (prefers-color-scheme: dark){:root{--card:#000;--soft:#777777}}
@media print{:root{--soft:#eee}}
@media (prefers-color-scheme:dark) { @media print { :root{--card:#777} } }
p{--soft:#fff}`
	for _, tt := range []struct {
		css  string
		pair Pair
		want []string
	}{
		{css, Pair{"--soft", "--card", 4.5}, nil},
		{css, Pair{"--also", "--card", 4.5}, nil},
		{css, Pair{"--both", "--card", 20.9}, nil},
		{css, Pair{"var(--none, var(--soft))", "--card", 4.5}, nil},
		{css, Pair{"--soft", "#fff", 4.5}, []string{"dark: --soft on #fff has a contrast of 4.48, want 4.5"}},
		{css, Pair{"--line", "#fff", 3}, nil},
		{css, Pair{"--line", "#fff", 4.5}, []string{"light: --line", "dark: --line"}},
		{css, Pair{"--pale", "--card", 3}, []string{"dark: --pale on --card has a contrast of 1.00"}},
		{css, Pair{"--pale", "--card", 4.5}, []string{"light: --pale on --card has a contrast of 3.98", "dark: --pale"}},
		{css, Pair{"--ink", "--card", 3}, []string{"light: --ink is not set", "dark: --ink is not set"}},
		{css, Pair{"--soft", "--pale", 3}, []string{"light: what lies below --pale", "dark: what lies below"}},
		{css, Pair{"--loop", "--card", 3}, []string{"light: var(--loop) stands for itself", "dark: var(--loop)"}},
		{css, Pair{"--soft", "--card", 0}, []string{"a minimum of 0"}},
		{css, Pair{"--soft", "light-dark(#fff)", 3}, []string{"light: \"light-dark(#fff)\" is no colour", "dark: "}},
		{":root{--a:#000}", Pair{"--a", "#fff", 3}, []string{"no colours for dark"}},
		{"html{--a:#000}@media (prefers-color-scheme:dark){:root , p{--a:#fff}}", Pair{"--a", "#fff", 3}, []string{"dark: --a on #fff has a contrast of 1.00"}},
		{"html{--a:#fff}@media (prefers-color-scheme:light){html{--a:#000}}", Pair{"--a", "#fff", 3}, []string{"dark: --a on #fff"}},
		{`:root{--a:"`, Pair{"--a", "#fff", 3}, []string{"a string that does not end"}},
		{":root{", Pair{"--a", "#fff", 3}, []string{"braces do not match"}},
	} {
		r := &recorder{TB: t}
		Contrast(r, tt.css, tt.pair)
		if !slices.EqualFunc(r.errors, tt.want, strings.HasPrefix) && !slices.EqualFunc(r.errors, tt.want, strings.Contains) {
			t.Errorf("%v: %q, want %q", tt.pair, r.errors, tt.want)
		}
	}
}

func TestClasses(t *testing.T) {
	const (
		a = `<style>.a,.b:not(.c)>p.d[title=".x"]{margin:.5em}@media print{.e{}}/* .f */</style><p class="a  g">`
		b = `<style>.a{}</style><p class="e"><p class="c d">`
	)
	unstyled, unused := Classes(a)
	if !slices.Equal(unstyled, []string{"g"}) || !slices.Equal(unused, []string{"b", "c", "d", "e"}) {
		t.Errorf("%q and %q", unstyled, unused)
	}
	unstyled, unused = Classes(a, b)
	if !slices.Equal(unstyled, []string{"c", "d", "e", "g"}) || !slices.Equal(unused, []string{"b"}) {
		t.Errorf("%q and %q", unstyled, unused)
	}
}

func TestText(t *testing.T) {
	for page, want := range map[string]string{
		"": "",
		"<p>54\u00a0s, 1&nbsp;000\u202f%</p><p>a\n  b <b>c</b>d</p>": "54 s, 1 000 %\na b cd",
		"a<p>b</p>c<p>d": "a\nb\nc\nd",
		"<head><title>x</title></head><body>a<br>b<script>x</script><p hidden>x</p></body>": "a\nb",
		"<table><tr><th>a</th><td>1</td></tr><tr><td>2</td></tr></table>":                   "a 1\n2",
		"<svg><title>x</title><desc>x</desc><text>5 Jan</text><text>2 Feb</text></svg>":     "5 Jan\n2 Feb",
		"<details><summary>More</summary><p aria-hidden=true>a &lt; b</p></details>":        "More\na < b",
	} {
		if got := Text(page); got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}
