package plain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

func TestName(t *testing.T) {
	long := strings.Repeat("n", plain.Long)
	for _, tt := range []struct{ name, want string }{
		{"", ""},
		{"ana", "ana"},
		{"Zoë · 客服", "Zoë · 客服"},
		{"\x1b[31mred\x1b[0m", "?[31mred?[0m"},
		{"\u009b31m", "?31m"}, // the same in one rune
		{"a\r\nb", "a b"},
		{"  a\t \nb\n", "a b"},
		{"a\u2028b\u2029c\u0085d", "a b c d"},
		{"a\u00a0b", "a b"},
		{"\u202eana\u202c", "?ana?"}, // right to left
		{"\u2066ana\u2069", "?ana?"},
		{"a\x00b\x07\x08", "a?b??"},
		{"a\xffb\xc3", "a\ufffdb\ufffd"},
		{"a\ufeff\u200bb", "a??b"},
		{long, long},
		{long + "n", long[14:] + "…" + long[27:]},
		{strings.Repeat("n", 60_000), long[14:] + "…" + long[27:]},
		{long + "a", long[14:] + "…" + long[28:] + "a"}, // told apart by their ends
		{long + "b", long[14:] + "…" + long[28:] + "b"},
		{strings.Repeat("\n", 60_000) + "a", "a"},
		{strings.Repeat("客", 20), strings.Repeat("客", 20)},
		{strings.Repeat("客", 21), strings.Repeat("客", 13) + "…" + strings.Repeat("客", 6)},
		{strings.Repeat("n", plain.Long-2) + " xyz", strings.Repeat("n", 26) + "…" + strings.Repeat("n", 9) + " xyz"},
		{"e" + strings.Repeat("\u0301", 30_000), "e" + strings.Repeat("\u0301", 2*27-1) + "…"},
	} {
		if got := plain.Name(tt.name); got != tt.want {
			t.Errorf("%.60q (%d bytes) is %q, want %q", tt.name, len(tt.name), got, tt.want)
		}
	}
}

// Whatever a name is made of, it is one line that can be printed, is not too wide, and
// stays as it is when it is cleaned again.
func TestNameLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const parts = "\x1b\r\n\t\x00\u202e\u2066\u2028\u0301客🙂ab  é\u00ad\u200d\ufeff"
	runes := []rune(parts)
	for range 20_000 {
		var b strings.Builder
		for range random.IntN(120) {
			switch random.IntN(8) {
			case 0:
				b.WriteByte(byte(random.IntN(256)))
			case 1, 2, 3:
				b.WriteString("n")
			default:
				b.WriteRune(runes[random.IntN(len(runes))])
			}
		}
		in := b.String()
		got := plain.Name(in)
		if !utf8.ValidString(got) || plain.Width(got) > plain.Long || utf8.RuneCountInString(got) > 2*plain.Long+1 || plain.Name(got) != got ||
			strings.IndexFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 {
			t.Fatalf("%q is %q", in, got)
		}
		if line := plain.Line(in); plain.Width(line) <= plain.Long && utf8.RuneCountInString(line) <= 2*plain.Long && got != line {
			t.Fatalf("%q is cut to %q", in, got)
		}
	}
}

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "客服": 4, "한글": 4, "ｗ": 2, "🙂": 2, "★☆": 2, "✓✗": 2, "⌚⏰⏳⚓⛔✅⭐": 14, "🆎🈚": 4, "꥟ꥠ": 3, "（）": 4, "▁█": 2, "–…−": 3, "\u303f": 1, "𠀀": 2,
	} {
		if got := plain.Width(text); got != want {
			t.Errorf("%q is %d wide, want %d", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 1, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"abcd", 1, "…"},
		{"日本語", 6, "日本語"}, {"日本語", 5, "日本…"}, {"日本語", 4, "日…"}, {"日本語", 1, "…"},
		{"한국🎉", 6, "한국🎉"}, {"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	} {
		if got := plain.Cut(tt.text, tt.width); got != tt.want {
			t.Errorf("%q in %d is %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 1, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"abcd", 1, "…"}, {"abcdefgh", 7, "abcd…gh"}, {"abcdefgh", 8, "abcdefgh"},
		{"abcd efgh ij", 7, "abcd…ij"}, {"abcdefghi j", 7, "abcd…j"}, {"日本語日本語", 7, "日本…語"}, {"abcdefe\u0301", 6, "abcd…e\u0301"},
		{"abcde" + "\u0301\u0302f", 4, "ab…f"}, {"abcdefg" + strings.Repeat("\u0301", 50), 7, "abcd…"},
	} {
		if got := plain.Shorten(tt.text, tt.width); got != tt.want {
			t.Errorf("%q in %d is %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 10, "- "},
		{"one two three", 80, "- one two three"},
		{"one two three", 9, "- one two\n  three"},
		{"one two three", 8, "- one\n  two\n  three"},
		{"extraordinarily long", 6, "- extraordinarily\n  long"},
		{"  one \n two ", 80, "- one two"},
		{"up 5 min, or 19 %. Or 2 h 1 min", 8, "- up\n  5 min,\n  or\n  19 %.\n  Or 2 h\n  1 min"},
		{"% of min", 3, "- %\n  of\n  min"},
		{"客服 客服", 10, "- 客服\n  客服"},
		{"客服 客服", 11, "- 客服 客服"},
	} {
		if got := plain.Wrap(tt.text, tt.width, "- ", "  "); got != tt.want {
			t.Errorf("%q in %d columns is %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

func TestTable(t *testing.T) {
	figures := plain.Table{
		Header: []string{"", "answered", "nine of ten within", "longest", "still waiting"},
		Rows:   [][]string{{"all", "1,578", "4 h 42 min", "19 h 20 min", "11"}, {"客服", "2", "1 s", "2 s", "–"}},
	}
	words := plain.Table{
		Header: []string{"", "by week", "what changed"},
		Rows:   [][]string{{"first response", "▁▁ █  ▃", "faster than in the month before"}, {"CSAT", "", "–"}},
		Text:   true,
	}
	for _, tt := range []struct {
		table plain.Table
		width int
		want  string
	}{
		{figures, 80, `
        answered  nine of ten within      longest  still waiting
  all      1,578          4 h 42 min  19 h 20 min             11
  客服         2                 1 s          2 s              –
`},
		{figures, 52, `
                     nine of                 still
        answered  ten within      longest  waiting
  all      1,578  4 h 42 min  19 h 20 min       11
  客服         2         1 s          2 s        –
`},
		{figures, 30, `
                     nine of
        answered  ten within
  all      1,578  4 h 42 min
  客服         2         1 s

                       still
            longest  waiting
  all   19 h 20 min       11
  客服          2 s        –
`},
		{words, 80, `
                  by week  what changed
  first response  ▁▁ █  ▃  faster than in the month before
  CSAT                     –
`},
		{words, 44, `
            by week  what changed
  first     ▁▁ █  ▃  faster than in the
  response           month before
  CSAT               –
`},
		{words, 28, `
                     what
            by week  changed
  first     ▁▁ █  ▃  faster
  response           than in
                     the
                     month
                     before
  CSAT               –
`},
		{plain.Table{Header: []string{"", "on", "n"}, Rows: [][]string{{"answer soon", "chat", "12"}}, Names: 2}, 80, `
               on     n
  answer soon  chat  12
`},
		{plain.Table{Header: []string{"", "on", "n", "kept"}, Rows: [][]string{{"answer soon", "chat", "12", "5"}}, Names: 2}, 24, `
           on     n
  answer   chat  12
  soon

           on    kept
  answer   chat     5
  soon
`},
		{plain.Table{}, 80, "\n"},
		{plain.Table{Text: true}, -1, "\n"},
		{plain.Table{Header: []string{"one two"}, Rows: [][]string{{"three four"}}, Text: true}, 8, "\n  one\n  two\n  three\n  four\n"},
		{plain.Table{Header: []string{"", "n"}}, 80, "\n    n\n"},
	} {
		if got := "\n" + tt.table.String(tt.width); got != tt.want {
			t.Errorf("in %d columns:%s\nwant%s", tt.width, got, tt.want)
		}
	}
}

// Text of several lines stays as it is, but for what would steer a terminal.
func TestLines(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		"a\n\tb  c\u00a0d\n\n":          "a\n\tb  c\u00a0d\n\n",
		"\x1b[31m\r\n\x00\u009b\u202e客": "?[31m?\n???客",
		"\u2028\u2029\u200d\xff":        "???\ufffd",
	} {
		if got := string(plain.Lines([]byte(text))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// JSON means what it meant, and has nothing that steers a terminal.
func TestJSON(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	runes := []rune("ab\"\\\x00\x1b\x7f\u009b\u00ad\u200d\u202e\u2028\ufeff\U000e0001\U0001f600客é \n\t")
	for range 2000 {
		want := make(map[string]string)
		for range random.IntN(4) {
			var name strings.Builder
			for range random.IntN(20) {
				name.WriteRune(runes[random.IntN(len(runes))])
			}
			want[name.String()] = name.String()
		}
		var out bytes.Buffer
		enc := json.NewEncoder(plain.JSON(&out))
		enc.SetIndent("", "  ")
		if err := enc.Encode(want); err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := json.Unmarshal(out.Bytes(), &got); err != nil || !maps.Equal(got, want) {
			t.Fatalf("%q is %q, %v", want, got, err)
		}
		if string(plain.Lines(out.Bytes())) != out.String() {
			t.Fatalf("%q", out.String())
		}
	}
	for text, want := range map[string]string{
		`{"a":1}` + "\n": `{"a":1}` + "\n", "\"\u202e\"": `"\u202e"`, "\"a\x7fb\u009bc\"": `"a\u007fb\u009bc"`, "\"\U000e0001\"": `"\udb40\udc01"`, "\"客\"": "\"客\"",
	} {
		var out bytes.Buffer
		if n, err := plain.JSON(&out).Write([]byte(text)); n != len(text) || err != nil || out.String() != want {
			t.Errorf("%q is %q, want %q, %d, %v", text, out.String(), want, n, err)
		}
	}
	if _, err := plain.JSON(broken{}).Write([]byte("\x7f")); err == nil {
		t.Error("written to nowhere")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }
