package pagetest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A Pair is two colours that meet on a page: custom properties such as --ink, or colours
// such as #fff.
type Pair struct {
	Text   string
	Ground string
	Min    float64 // ratio: 4.5 for text, 3 for large text and graphics
}

// Contrast reports each pair whose contrast is below its minimum, in light or in dark, as
// an error of the test. The colours are those that :root sets outside all conditions, and
// in @media (prefers-color-scheme: dark), with or without screen.
func Contrast(t testing.TB, css string, pairs ...Pair) {
	t.Helper()
	for _, fault := range contrasts(css, pairs) {
		t.Error(fault)
	}
}

func contrasts(css string, pairs []Pair) (faults []error) {
	rules, err := parseCSS(css)
	if err != nil {
		return []error{err}
	}
	light, dark, both := schemes(rules)
	if !both {
		faults = append(faults, errors.New("no colours for dark"))
	}
	for _, p := range pairs {
		if p.Min < 1 || p.Min > 21 {
			faults = append(faults, fmt.Errorf("%s on %s: a minimum of %v", p.Text, p.Ground, p.Min))
			continue
		}
		for i, properties := range []map[string]string{light, dark} {
			scheme := [...]string{"light", "dark"}[i]
			text, err := resolve(p.Text, properties, i, 0)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", scheme, err))
				continue
			}
			ground, err := resolve(p.Ground, properties, i, 0)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", scheme, err))
				continue
			}
			if ground.alpha < 1 {
				faults = append(faults, fmt.Errorf("%s: what lies below %s is not known", scheme, p.Ground))
				continue
			}
			if got := ratio(text.over(ground), ground); got < p.Min {
				faults = append(faults, fmt.Errorf("%s: %s on %s has a contrast of %.2f, want %v", scheme, p.Text, p.Ground, got, p.Min))
			}
		}
	}
	return faults
}

var scheme = regexp.MustCompile(`^@media (?:(?:only )?screen and |all and )?\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)$`)

// schemes returns the custom properties of both schemes, and whether they differ anywhere.
func schemes(rules []rule) (light, dark map[string]string, both bool) {
	light, dark = make(map[string]string), make(map[string]string)
	for _, r := range rules {
		toLight, toDark := true, true
		for _, condition := range r.conditions {
			found := scheme.FindStringSubmatch(condition)
			toLight = toLight && found != nil && found[1] == "light"
			toDark = toDark && found != nil && found[1] == "dark"
		}
		root := false
		for selector := range strings.SplitSeq(r.selector, ",") {
			selector = strings.TrimSpace(selector)
			root = root || selector == ":root" || selector == "html"
		}
		if !root {
			continue
		}
		for _, d := range r.declarations {
			if !strings.HasPrefix(d.name, "--") {
				continue
			}
			if toLight {
				light[d.name] = d.value
			}
			if toDark {
				dark[d.name] = d.value
			}
			both = both || toLight != toDark || strings.Contains(d.value, "light-dark(")
		}
	}
	return light, dark, both
}

// resolve returns the colour that a property or a value stands for. Of light-dark(), side
// 0 is light.
func resolve(value string, properties map[string]string, side, depth int) (colour, error) {
	value = strings.TrimSpace(value)
	if depth > 9 {
		return colour{}, fmt.Errorf("%s stands for itself", value)
	}
	if inner, ok := strings.CutPrefix(value, "light-dark("); ok {
		first, second, ok := cutComma(strings.TrimSuffix(inner, ")"))
		if !ok {
			return colour{}, fmt.Errorf("%q is no colour that can be read", value)
		}
		return resolve([...]string{first, second}[side], properties, side, depth+1)
	}
	name, fallback := value, ""
	if inner, ok := strings.CutPrefix(value, "var("); ok {
		name, fallback, _ = cutComma(strings.TrimSuffix(inner, ")"))
		name = strings.TrimSpace(name)
	}
	if !strings.HasPrefix(name, "--") {
		return parseColour(value)
	}
	next, ok := properties[name]
	if !ok {
		if fallback == "" {
			return colour{}, fmt.Errorf("%s is not set", name)
		}
		next = fallback
	}
	return resolve(next, properties, side, depth+1)
}

// cutComma cuts at the first comma outside brackets.
func cutComma(list string) (before, after string, found bool) {
	depth := 0
	for i := range len(list) {
		switch list[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				return list[:i], list[i+1:], true
			}
		}
	}
	return list, "", false
}
