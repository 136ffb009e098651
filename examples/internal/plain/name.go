// Package plain prints for a terminal: names that come from data, which must not steer
// it, sentences of many words, and tables that fit its width.
package plain

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Long is how wide a name may be, in columns of a terminal.
const Long = 40

// Name returns a name from data as it can be printed, in a terminal or in a cell of a
// table: white space, line ends among it, is one space; what else cannot be printed, such
// as the controls of a terminal, of the direction of writing and a NUL, is "?"; bytes that
// are no UTF-8 are "\uFFFD". What is wider than [Long] has "…" for its middle, so that long
// names that only end differently are told apart.
func Name(name string) string { return Shorten(Line(name), Long) }

// Line returns a line of text without what would steer a terminal, as [Name] does, but not
// cut.
func Line(text string) string {
	space := false
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		was := space
		if space = unicode.IsSpace(r); space {
			if was {
				return -1
			}
			return ' '
		}
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text))
}

// Lines returns text of several lines without what would steer a terminal: line ends and tabs
// stay, and what else cannot be printed is "?". It is for what was put together from texts
// that are clean, and so a second look.
func Lines(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if steers(r) {
			return '?'
		}
		return r
	}, text)
}

// steers reports whether a rune is neither printed nor white space within a text of lines.
func steers(r rune) bool {
	return r != '\n' && r != '\t' && !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r)
}

// JSON returns a writer of JSON in which what would steer a terminal is written as \u001b:
// package json leaves DEL, the controls from U+0080 on and those of the direction of writing as they are.
// Each Write must be of whole runes, as those of [json.Encoder] are.
func JSON(w io.Writer) io.Writer { return escaper{w} }

type escaper struct{ w io.Writer }

// Write implements [io.Writer].
func (e escaper) Write(p []byte) (int, error) {
	var b []byte
	done := 0
	for i := 0; i < len(p); {
		if p[i] >= ' ' && p[i] < 0x7f || p[i] == '\n' {
			i++
			continue
		}
		r, size := utf8.DecodeRune(p[i:])
		if steers(r) {
			b = append(b, p[done:i]...)
			for _, u := range utf16.Encode([]rune{r}) {
				b = fmt.Appendf(b, "\\u%04x", u)
			}
			done = i + size
		}
		i += size
	}
	if done == 0 {
		return e.w.Write(p)
	}
	if _, err := e.w.Write(append(b, p[done:]...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Cut ends text that is wider than most columns with "…", within most, which is at least
// one. Marks that stand above letters take no width, so their number is bounded too.
func Cut(text string, most int) string {
	width, runes, fits := 0, 0, 0
	for i, r := range text {
		width += widthOf(r)
		if runes++; width > most || runes > 2*most {
			return strings.TrimRight(text[:fits], " ") + "…"
		}
		if width < most {
			fits = i + len(string(r))
		}
	}
	return text
}

// Shorten replaces the middle of text that is wider than most columns by "…", so that it is
// within most, which is at least one. Of the rest, two thirds are from its beginning.
func Shorten(text string, most int) string {
	if Cut(text, most) == text {
		return text
	}
	tail := (most - 1) / 3
	end, width, runes := len(text), 0, 0
	for i := len(text); i > 0; {
		r, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
		if width += widthOf(r); width > tail {
			break
		}
		if runes++; runes > 2*tail {
			break
		}
		if widthOf(r) > 0 { // a mark stays with its letter
			end = i
		}
	}
	front := Cut(text, most-tail)
	return front + strings.TrimLeft(text[end:], " ")
}

// Width returns how many columns of a terminal text takes: two for the wide letters and
// signs of East Asia and for emoji, none for marks above or below a letter, else one.
func Width(text string) int {
	width := 0
	for _, r := range text {
		width += widthOf(r)
	}
	return width
}

func widthOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide are the runes that take two columns: what is wide or fullwidth by Unicode Standard
// Annex 11, East Asian Width, emoji among them, of the higher planes in whole blocks.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115f, 1}, {0x231a, 0x231b, 1}, {0x23e9, 0x23ec, 1}, {0x23f0, 0x23f3, 3}, {0x25fd, 0x25fe, 1}, {0x2614, 0x2615, 1},
		{0x2648, 0x2653, 1}, {0x267f, 0x2693, 20}, {0x26a1, 0x26aa, 9}, {0x26ab, 0x26bd, 18}, {0x26be, 0x26c4, 6}, {0x26c5, 0x26ce, 9},
		{0x26d4, 0x26ea, 22}, {0x26f2, 0x26f3, 1}, {0x26f5, 0x26fa, 5}, {0x26fd, 0x2705, 8}, {0x270a, 0x270b, 1}, {0x2728, 0x274c, 36},
		{0x274e, 0x2753, 5}, {0x2754, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2795, 0x2797, 1}, {0x27b0, 0x27bf, 15}, {0x2b1b, 0x2b1c, 1},
		{0x2b50, 0x2b55, 5}, {0x2e80, 0x303e, 1}, {0x3041, 0xa4cf, 1}, {0xa960, 0xa97c, 1}, {0xac00, 0xd7a3, 1}, {0xf900, 0xfaff, 1},
		{0xfe10, 0xfe19, 1}, {0xfe30, 0xfe6f, 1}, {0xff01, 0xff60, 1}, {0xffe0, 0xffe6, 1},
	},
	R32: []unicode.Range32{{0x16fe0, 0x18fff, 1}, {0x1aff0, 0x1b2ff, 1}, {0x1f004, 0x1f004, 1}, {0x1f0cf, 0x1f0cf, 1}, {0x1f18e, 0x1f18e, 1}, {0x1f191, 0x1f19a, 1}, {0x1f200, 0x1faff, 1}, {0x20000, 0x3fffd, 1}},
}
