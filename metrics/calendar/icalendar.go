package calendar

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/text"
)

// Bounds of what is read, in bytes.
const (
	maxFeed = 4 << 20
	maxLine = 1 << 20 // unfolded
)

// A line is a content line of an iCalendar stream, unfolded.
type line struct {
	number int // where it begins
	text   string
}

// A lineReader unfolds lines: those that begin with a space or a tab go on with
// the one before. Lines may end with CRLF or, as many do, with LF alone.
type lineReader struct {
	r      *bufio.Reader
	size   int    // bytes read
	number int    // of the physical line in ahead
	ahead  []byte // the next physical line
	err    error  // what follows it
}

func newLineReader(r io.Reader) *lineReader {
	l := &lineReader{r: bufio.NewReader(r)}
	l.read()
	l.ahead = bytes.TrimPrefix(l.ahead, []byte("\ufeff"))
	return l
}

// read reads a physical line into ahead.
func (l *lineReader) read() {
	l.ahead = l.ahead[:0]
	if l.err != nil {
		return
	}
	for {
		part, err := l.r.ReadSlice('\n')
		l.ahead = append(l.ahead, part...)
		l.size += len(part)
		switch {
		case len(l.ahead) > maxLine:
			err = because(ErrFeed, "line is too long")
		case l.size > maxFeed:
			err = because(ErrFeed, "more than %d bytes", maxFeed)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(l.ahead) > 0 {
			l.number++
		}
		l.err = err
		break
	}
	l.ahead = bytes.TrimSuffix(bytes.TrimSuffix(l.ahead, []byte("\n")), []byte("\r"))
}

// next returns the next line that is not empty, or io.EOF.
func (l *lineReader) next() (line, error) {
	for {
		if l.err != nil && (len(l.ahead) == 0 || l.err != io.EOF) {
			return line{number: l.number}, l.err
		}
		got := line{number: l.number}
		whole := bytes.Clone(l.ahead)
		for l.read(); len(l.ahead) > 0 && (l.ahead[0] == ' ' || l.ahead[0] == '\t'); l.read() {
			whole = append(whole, l.ahead[1:]...)
			if len(whole) > maxLine {
				return got, because(ErrFeed, "line is too long")
			}
		}
		if got.text = string(whole); got.text != "" {
			return got, nil
		}
	}
}

// A property is a content line taken apart. Names are in upper case.
type property struct {
	line
	name  string
	kind  string // the parameter VALUE, in upper case
	value string
}

// property splits NAME;PARAM=VALUE;PARAM="VALUE":VALUE.
func (l line) property() (property, error) {
	p := property{line: l}
	rest := l.text
	end := strings.IndexAny(rest, ":;")
	if end <= 0 {
		return p, because(ErrFeed, "not a property")
	}
	p.name, rest = strings.ToUpper(rest[:end]), rest[end:]
	for rest[0] == ';' {
		name, value, ok := strings.Cut(rest[1:], "=")
		if !ok {
			return p, because(ErrFeed, "parameter without a value")
		}
		end := parameterEnd(value)
		if end == len(value) {
			return p, because(ErrFeed, "not a property")
		}
		if strings.EqualFold(name, "VALUE") {
			p.kind = strings.ToUpper(strings.Trim(value[:end], `"`))
		}
		rest = value[end:]
	}
	p.value = rest[1:]
	return p, nil
}

// parameterEnd returns where the value of a parameter ends: at a semicolon or a
// colon that is not in quotes.
func parameterEnd(s string) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case !quoted && (s[i] == ';' || s[i] == ':'):
			return i
		}
	}
	return len(s)
}

var escapes = strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n", `\N`, "\n")

// unescape reads a value of type TEXT, in which control characters have no place.
func unescape(s string) string {
	s = strings.Map(func(r rune) rune { // invalid bytes come as RuneError
		if unicode.IsControl(r) && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, s)
	return escapes.Replace(s)
}

// splitList splits at the commas that are not escaped.
func splitList(s string) []string {
	list := make([]string, 0, strings.Count(s, ",")+1)
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			list = append(list, s[start:i])
			start = i + 1
		}
	}
	return append(list, s[start:])
}

// dates reads a list of dates. Those with a time of day are no dates.
func (p *property) dates() ([]int, error) {
	if p.kind != "" && p.kind != "DATE" {
		return nil, p.fail("VALUE=%s, and only all-day events are understood", text.Quote(p.kind))
	}
	var days []int
	for s := range strings.SplitSeq(p.value, ",") {
		d, ok := compactDate(s)
		if !ok {
			return nil, p.fail("%s is no date, and only all-day events are understood", p.name)
		}
		days = append(days, d.number())
	}
	return days, nil
}

func (p *property) date() (int, error) {
	days, err := p.dates()
	if err != nil {
		return 0, err
	}
	if len(days) != 1 {
		return 0, p.fail("%s has several dates", p.name)
	}
	return days[0], nil
}

func (p *property) fail(format string, args ...any) error {
	return &FeedError{Line: p.number, Input: p.text, Err: because(ErrFeed, format, args...)}
}

// compactDate reads YYYYMMDD.
func compactDate(s string) (d Date, ok bool) {
	n, ok := digits(s)
	if !ok || len(s) != len("20060102") {
		return d, false
	}
	d = Date{n / 10000, time.Month(n / 100 % 100), n % 100}
	return d, d.exists() && d.Year > 0
}
