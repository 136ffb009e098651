package surveyfile

import (
	"bytes"
	"errors"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var errUTF16 = errors.New(`the file is in UTF-16 (Excel calls it "Unicode Text"): save it as "CSV UTF-8" and read that`)

// decode returns the text of a file with \n as its only line end outside of quotes, and
// notes what was not plain UTF-8.
func decode(data []byte) (text string, notes []string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return "", nil, errUTF16
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "", nil, errors.New(`the file is a workbook (.xlsx) or an archive (.zip): save the sheet as "CSV UTF-8", or unpack the archive, and read that`)
	case bytes.HasPrefix(data, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return "", nil, errors.New(`the file is a workbook (.xls): save the sheet as "CSV UTF-8" and read that`)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		return "", nil, errors.New("the file is compressed (gzip): unpack it first")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if zeros := bytes.Count(data[:min(len(data), 1000)], []byte{0}); zeros > 0 {
		if 4*zeros >= min(len(data), 1000) {
			return "", nil, errUTF16
		}
		return "", nil, errors.New("the file is not text")
	}
	if utf8.Valid(data) {
		text = string(data)
	} else {
		text = western(data)
		notes = append(notes, `The file is not UTF-8; it was read as Windows-1252 (Western European). If letters are wrong, save it as "CSV UTF-8".`)
	}
	return lines(text), notes, nil
}

// western reads Windows-1252. The five bytes without a meaning become U+FFFD.
func western(data []byte) string {
	const from128 = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ"
	high := []rune(from128)
	var b strings.Builder
	b.Grow(len(data))
	for _, c := range data {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(high[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// lines turns carriage returns into \n if they, and nothing else, end the lines.
func lines(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	feeds, returns, quoted := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			feeds++
		case c == '\r' && (i+1 == len(text) || text[i+1] != '\n'):
			returns++
		}
	}
	if returns > 0 && feeds == 0 {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text
}

var tag = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)

// clean returns a text in one line that can be printed: control characters, which could
// steer a terminal, and white space become single blanks.
func clean(text string) string {
	plain := true
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			plain = false
		}
	}
	if !plain {
		text = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsPrint(r):
				return r
			case unicode.IsSpace(r):
				return ' '
			case unicode.Is(unicode.Cf, r):
				return -1
			}
			return '?'
		}, text)
	}
	if !plain || strings.Contains(text, "  ") {
		return strings.Join(strings.Fields(text), " ")
	}
	return strings.TrimSpace(text)
}

// cleanHeader is clean for headers, in which some tools leave their markup.
func cleanHeader(text string) string {
	if strings.ContainsAny(text, "<&") {
		text = html.UnescapeString(tag.ReplaceAllString(text, " "))
	}
	return clean(text)
}

// fold returns a text as labels are compared: without regard to capitals, blanks and the
// kind of apostrophe or dash.
func fold(text string) string {
	return marks.Replace(strings.ToLower(strings.Join(strings.Fields(text), " ")))
}

var (
	marks = strings.NewReplacer("’", "'", "‘", "'", "–", "-", "—", "-")
	joins = strings.NewReplacer("_", " ", "-", " ")
)

// key returns a name as headers are compared.
func key(name string) string {
	return strings.Join(strings.Fields(joins.Replace(fold(name))), " ")
}

// missing are the texts that stand for no answer.
var missing = []string{
	"", "na", "nan", "null", "none", "nil", "-", "--", ".", "?", "#n/a", "<na>", "prefer not to say", "prefer not to answer", "i prefer not to say",
	"i'd prefer not to say", "i'd rather not say", "rather not say", "no answer", "not answered", "unanswered", "no response", "no opinion",
	"k. a.", "k.a.", "keine angabe", "keine antwort", "weiß nicht", "sans réponse", "ne se prononce pas", "no contesta", "ns/nc",
	"skipped", "don't know", "dont know", "do not know", "i don't know", "can't say", "not sure", "unsure",
}

// isMissing reports whether a text is one of them or one of isNotApplicable.
func isMissing(text string) bool {
	const longest = 30 // of the texts, in bytes
	return text == "" || len(text) <= longest && slices.Contains(missing, fold(text)) || isNotApplicable(text)
}

// isNotApplicable reports whether a text says that the question does not apply.
func isNotApplicable(text string) bool {
	if len(text) < 3 || len(text) > 60 || len(text) > 30 && !strings.HasSuffix(text, ")") {
		return false
	}
	text = fold(text)
	return slices.Contains([]string{"n/a", "n.a.", "n. a.", "not applicable", "does not apply", "doesn't apply"}, text) || strings.HasSuffix(text, "(n/a)")
}

// said reports whether a field says yes: anything but no, zero and nothing.
func said(text string) bool {
	return !isMissing(text) && !slices.Contains([]string{"no", "n", "false", "0", "0.0"}, fold(text))
}

// number reads a whole number, as the scales of survey do, and with a decimal comma.
func number(text string) (v int, ok bool) {
	if whole, zeros, cut := strings.Cut(strings.Replace(text, ",", ".", 1), "."); cut && zeros != "" && strings.Trim(zeros, "0") == "" {
		text = whole
	}
	v, err := strconv.Atoi(text)
	return v, err == nil
}
