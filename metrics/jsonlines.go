package metrics

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/rating"
)

var (
	// ErrSyntax reports a line that is not one JSON object, or a row that is
	// not CSV.
	ErrSyntax = errors.New("metrics: malformed")
	// ErrField reports a field that is unknown, given twice, or whose value is
	// not of its type.
	ErrField = errors.New("metrics: bad field")
)

// DecodeJSONLines reads events from JSON Lines: an object on each line, with
// the fields of [Record] under their names in JSON, all in lower case.
//
//	{"type":"reply_sent","conversation":"7","at":"2026-03-02T09:20:00Z","channel":"email","agent":"ana"}
//
// Each line yields its event, or a [*LineError] that gives the number of the
// line, the reason and the beginning of the line; whoever ranges over the
// sequence decides whether to go on. A field that is unknown or comes twice, a
// value of another type, and everything that [Record.Event] refuses are errors;
// a null is a field that is not there; blank lines are passed over. Any other
// error is one of reading and ends the sequence.
//
// Memory is bounded: a line of more than 65,536 bytes is an error
// ([ErrLineTooLong]).
func DecodeJSONLines(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var texts textCache
		decodeLines(newLineReader(r), func(r *Record, line []byte) error { return r.parseJSON(line, &texts) }, yield)
	}
}

// decodeLines yields what parse makes of every line.
func decodeLines(lines *lineReader, parse func(*Record, []byte) error, yield func(Event, error) bool) {
	var r Record
	for {
		text, err := lines.next()
		if err == io.EOF {
			return
		}
		var e Event
		if err == nil {
			r = Record{}
			if err = parse(&r, text); err == nil {
				e, err = r.Event()
			}
			if err != nil {
				err = lines.refuse(text, err)
			}
		}
		var located *LineError
		if !yield(e, err) || err != nil && !errors.As(err, &located) {
			return
		}
	}
}

// textCache keeps texts that came lately, so that names which come again and
// again are not allocated each time. Its memory is bounded.
type textCache struct {
	seed  maphash.Seed
	texts []string
}

const cachedTexts = 1 << 12

// text returns b as a string.
func (c *textCache) text(b []byte) string {
	if c.texts == nil {
		c.seed, c.texts = maphash.MakeSeed(), make([]string, cachedTexts)
	}
	slot := &c.texts[maphash.Bytes(c.seed, b)%cachedTexts]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

// UnmarshalJSON implements [json.Unmarshaler], as strictly as
// [DecodeJSONLines]; what the fields say together is left to [Record.Event].
func (r *Record) UnmarshalJSON(data []byte) error {
	var read Record
	if err := read.parseJSON(data, nil); err != nil {
		return err
	}
	*r = read
	return nil
}

// parseJSON reads one flat object. It is written for that form only, because
// encoding/json takes "AGENT" for "agent", the last of two equal names, and
// broken text as if it were whole.
func (r *Record) parseJSON(data []byte, texts *textCache) error {
	p := jsonParser{rest: data, texts: texts}
	if !p.take('{') {
		return p.syntax("an object")
	}
	var seen uint
	for first := true; !p.take('}'); first = false {
		if !first && !p.take(',') {
			return p.syntax("a comma or the end of the object")
		}
		name, err := p.text()
		if err != nil {
			return err
		}
		if !p.take(':') {
			return p.syntax("a colon")
		}
		field := fieldOf(name)
		if field == noField {
			return fmt.Errorf("%w: unknown name %q", ErrField, quotable(name))
		}
		if err := r.parseField(field, &p); err != nil {
			return err
		}
		if seen&(1<<field) != 0 {
			return fmt.Errorf("%w: %s comes twice", ErrField, columnNames[field])
		}
		seen |= 1 << field
	}
	if p.space(); len(p.rest) > 0 {
		return p.syntax("the end of the line")
	}
	return nil
}

// parseField reads the value of a field.
func (r *Record) parseField(f field, p *jsonParser) error {
	switch f {
	case automatedField:
		return p.boolean(f, &r.Automated)
	case starsField:
		if text := p.number(); text != nil {
			return r.parseStars(string(text))
		}
		return nil
	}
	text, err := p.textField(f)
	if err != nil || text == nil {
		return err
	}
	switch f {
	case typeField:
		return r.Type.UnmarshalText(text)
	case atField:
		return r.parseTime(text)
	}
	*r.text(f) = p.string(text)
	return nil
}

func (r *Record) parseTime(text []byte) error {
	if len(text) == 0 {
		return ErrNoTime
	}
	// UnmarshalText also takes an hour of one digit and a comma before the
	// fraction (go.dev/issue/54580), which RFC 3339 does not know.
	strict := len(text) >= len("2006-01-02T15:04:05Z") && text[len("2006-01-02T15")] == ':' && !bytes.ContainsRune(text, ',')
	if err := r.At.UnmarshalText(text); err != nil || !strict {
		return fmt.Errorf("%w: at is not an RFC 3339 time: %q", ErrField, quotable(text))
	}
	return nil
}

// parseStars sets the stars by a whole number in its usual form; 0 is none.
func (r *Record) parseStars(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text {
		return fmt.Errorf("%w: stars is not a whole number: %q", ErrField, quotable(text))
	}
	if n != 0 {
		r.Stars, err = rating.NewStars(n)
	}
	return err
}

// jsonParser reads the tokens of a flat JSON object off the front of rest.
type jsonParser struct {
	rest  []byte
	texts *textCache // may be nil
}

func (p *jsonParser) string(text []byte) string {
	if p.texts == nil {
		return string(text)
	}
	return p.texts.text(text)
}

func (p *jsonParser) space() {
	for len(p.rest) > 0 && (p.rest[0] == ' ' || p.rest[0] == '\t' || p.rest[0] == '\n' || p.rest[0] == '\r') {
		p.rest = p.rest[1:]
	}
}

// take removes c, and space before it, if it comes next.
func (p *jsonParser) take(c byte) bool {
	p.space()
	if len(p.rest) == 0 || p.rest[0] != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *jsonParser) syntax(want string) error {
	if len(p.rest) == 0 {
		return fmt.Errorf("%w: the line ends where %s should be", ErrSyntax, want)
	}
	return fmt.Errorf("%w: %s expected at %q", ErrSyntax, want, quotable(p.rest))
}

// text reads a string.
func (p *jsonParser) text() ([]byte, error) {
	if p.space(); len(p.rest) == 0 || p.rest[0] != '"' {
		return nil, p.syntax("text in quotes")
	}
	escaped := false
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return nil, fmt.Errorf("%w: control character in text: %q", ErrSyntax, quotable(p.rest))
		case c == '"':
			token := p.rest[:i+1]
			p.rest = p.rest[i+1:]
			if !escaped {
				return token[1:i], nil
			}
			return unescape(token)
		}
	}
	return nil, fmt.Errorf("%w: text without an end: %q", ErrSyntax, quotable(p.rest))
}

// unescape leaves escapes to encoding/json, but for half of a surrogate pair,
// which it would replace.
func unescape(token []byte) ([]byte, error) {
	var s string
	if err := json.Unmarshal(token, &s); err != nil {
		return nil, fmt.Errorf("%w: %v in %q", ErrSyntax, err, quotable(token))
	}
	if loneSurrogate(token) {
		return nil, fmt.Errorf("%w: %q", ErrText, quotable(token))
	}
	return []byte(s), nil
}

// loneSurrogate reports whether a valid JSON string escapes one half of a
// surrogate pair without the other.
func loneSurrogate(token []byte) bool {
	high := false
	for i := 0; i < len(token); {
		unit, size := uint64(0), 1
		if token[i] == '\\' {
			if size = 2; token[i+1] == 'u' {
				size = 6
				unit, _ = strconv.ParseUint(string(token[i+2:i+6]), 16, 16)
			}
		}
		low := 0xdc00 <= unit && unit < 0xe000
		if low != high {
			return true
		}
		high = 0xd800 <= unit && unit < 0xdc00
		i += size
	}
	return high
}

// word removes a word such as null, if it comes next.
func (p *jsonParser) word(w string) bool {
	p.space()
	if len(p.rest) < len(w) || string(p.rest[:len(w)]) != w {
		return false
	}
	p.rest = p.rest[len(w):]
	return true
}

// textField reads text, or nil for null.
func (p *jsonParser) textField(f field) ([]byte, error) {
	if p.word("null") {
		return nil, nil
	}
	if p.space(); len(p.rest) > 0 && p.rest[0] != '"' {
		return nil, fmt.Errorf("%w: %s is not text: %q", ErrField, columnNames[f], quotable(p.rest))
	}
	return p.text()
}

func (p *jsonParser) boolean(f field, to *bool) error {
	switch {
	case p.word("null"), p.word("false"):
	case p.word("true"):
		*to = true
	default:
		return fmt.Errorf("%w: %s is neither true nor false: %q", ErrField, columnNames[f], quotable(p.rest))
	}
	return nil
}

// number reads the text of a number, or nil for null.
func (p *jsonParser) number() []byte {
	if p.word("null") {
		return nil
	}
	p.space()
	size := 0
	for size < len(p.rest) && !strings.ContainsRune(",} \t\r\n", rune(p.rest[size])) {
		size++
	}
	text := p.rest[:size]
	p.rest = p.rest[size:]
	return text
}
