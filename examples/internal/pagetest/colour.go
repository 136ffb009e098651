package pagetest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A colour has parts from 0 to 1.
type colour struct{ red, green, blue, alpha float64 }

var colourNames = map[string]colour{
	"white": {1, 1, 1, 1}, "black": {0, 0, 0, 1}, "transparent": {},
}

// parseColour reads #rgb, #rgba, #rrggbb, #rrggbbaa, rgb(), rgba(), white, black and
// transparent.
func parseColour(text string) (colour, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if c, ok := colourNames[text]; ok {
		return c, nil
	}
	bad := fmt.Errorf("%q is no colour that can be read", text)
	if digits, ok := strings.CutPrefix(text, "#"); ok {
		if len(digits) == 3 || len(digits) == 4 {
			var doubled strings.Builder
			for i := range len(digits) {
				doubled.WriteString(strings.Repeat(digits[i:i+1], 2))
			}
			digits = doubled.String()
		}
		if len(digits) == 6 {
			digits += "ff"
		}
		v, err := strconv.ParseUint(digits, 16, 32)
		if err != nil || len(digits) != 8 {
			return colour{}, bad
		}
		part := func(shift uint) float64 { return float64(v>>shift&0xff) / 255 }
		return colour{part(24), part(16), part(8), part(0)}, nil
	}
	list, ok := strings.CutPrefix(strings.Replace(text, "rgba(", "rgb(", 1), "rgb(")
	list, closed := strings.CutSuffix(list, ")")
	fields := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == '/' || r == ' ' })
	if !ok || !closed || len(fields) < 3 || len(fields) > 4 {
		return colour{}, bad
	}
	parts := [4]float64{3: 1}
	for i, field := range fields {
		number, percent := strings.CutSuffix(field, "%")
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return colour{}, bad
		}
		switch {
		case percent:
			v /= 100
		case i < 3:
			v /= 255
		}
		if !(v >= 0 && v <= 1) {
			return colour{}, bad
		}
		parts[i] = v
	}
	return colour{parts[0], parts[1], parts[2], parts[3]}, nil
}

// over returns the colour that is seen if c lies on ground.
func (c colour) over(ground colour) colour {
	mix := func(a, b float64) float64 { return a*c.alpha + b*(1-c.alpha) }
	return colour{mix(c.red, ground.red), mix(c.green, ground.green), mix(c.blue, ground.blue), 1}
}

// luminance returns the relative luminance (W3C, Web Content Accessibility Guidelines 2.2,
// 2023).
func (c colour) luminance() float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.red) + 0.7152*linear(c.green) + 0.0722*linear(c.blue)
}

// ratio returns the contrast of two colours without alpha, from 1 to 21 (W3C, 2023).
func ratio(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}
