package pagetest

import (
	"fmt"
	"html"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A page is a document that was read, with what was wrong with its syntax.
type page struct {
	root    *node // without tag; holds the html element
	doctype bool
	faults  []Fault

	source string
	read   int   // how many bytes of the source
	line   int   // in which the rest begins
	open   *node // which holds what comes next
}

// A node is an element, or a text if it has no tag.
type node struct {
	tag      string // in lower case
	attrs    []attribute
	text     string // with its character references replaced
	line     int
	offset   int    // in bytes
	source   string // of the start tag
	parent   *node
	children []*node
}

// An attribute has a name in lower case and a value without character references.
type attribute struct{ name, value string }

var (
	void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

	// only says which children an element may have, if these are few.
	only = map[string][]string{
		"html": {"head", "body"}, "ul": {"li"}, "ol": {"li"}, "menu": {"li"}, "dl": {"dt", "dd", "div"},
		"table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"}, "colgroup": {"col"},
		"thead": {"tr"}, "tbody": {"tr"}, "tfoot": {"tr"}, "tr": {"th", "td"},
		"select": {"option", "optgroup", "hr"}, "optgroup": {"option"},
		"head": {"meta", "title", "style", "link", "script", "base", "noscript", "template"},
	}
	// within says which parents an element may have, if these are few.
	within = map[string][]string{
		"li": {"ul", "ol", "menu"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "tr": {"table", "thead", "tbody", "tfoot"},
		"td": {"tr"}, "th": {"tr"}, "thead": {"table"}, "tbody": {"table"}, "tfoot": {"table"}, "caption": {"table"},
		"colgroup": {"table"}, "col": {"colgroup"}, "option": {"select", "optgroup", "datalist"}, "optgroup": {"select"},
		"summary": {"details"}, "figcaption": {"figure"}, "legend": {"fieldset"}, "title": {"head"}, "style": {"head"},
		"head": {"html"}, "body": {"html"}, "meta": {"head", "noscript"}, "base": {"head"}, "html": {""},
	}
	// phrases hold text and what stands in a line of it, no blocks.
	phrases = []string{
		"p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "strong", "em", "small", "b", "i", "sub", "sup", "abbr", "time", "code",
		"mark", "cite", "button", "label", "summary", "pre", "data", "q", "s", "u", "var",
	}
	blocks = []string{
		"address", "article", "aside", "blockquote", "details", "dialog", "div", "dl", "fieldset", "figure", "footer", "form", "h1",
		"h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "table", "ul",
	}
	interactive = []string{"a", "button", "details", "input", "label", "select", "textarea"}
)

// parse reads a page. What a browser would mend it reports, and goes on as well as it can.
func parse(source string) *page {
	p := &page{root: &node{line: 1}, source: strings.ReplaceAll(source, "\r\n", "\n"), line: 1}
	p.open = p.root
	p.characters()
	if p.doctype = len(p.source) >= 15 && strings.EqualFold(p.source[:15], "<!doctype html>"); p.doctype {
		p.take(15)
	}
	for p.read < len(p.source) {
		rest := p.source[p.read:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			end := strings.Index(rest, "-->")
			if end < 0 {
				p.fault(p.line, "", "a comment that does not end")
				end = len(rest) - 3
			}
			p.take(end + 3)
		case strings.HasPrefix(rest, "</"):
			p.endTag(rest)
		case len(rest) > 1 && rest[0] == '<' && letter(rest[1]):
			p.startTag(rest)
		default:
			end := strings.IndexByte(rest[1:], '<') + 1
			if end == 0 {
				end = len(rest)
			}
			if rest[0] == '<' {
				p.fault(p.line, "", "a bare < before %q", short(rest[1:end]))
			}
			p.addText(rest[:end])
		}
	}
	for n := p.open; n != p.root; n = n.parent {
		p.at(n, "not closed")
	}
	return p
}

// take moves on by n bytes and returns them.
func (p *page) take(n int) string {
	taken := p.source[p.read : p.read+n]
	p.read += n
	p.line += strings.Count(taken, "\n")
	return taken
}

func (p *page) fault(line int, place, format string, args ...any) {
	p.faults = append(p.faults, Fault{Line: line, Place: place, What: fmt.Sprintf(format, args...)})
}

// at notes a fault of an element.
func (p *page) at(n *node, format string, args ...any) {
	p.fault(n.line, short(n.source), format, args...)
}

// characters reports what no text of a page may have.
func (p *page) characters() {
	line := 1
	for i, r := range p.source {
		switch {
		case r == '\n':
			line++
		case r == utf8.RuneError && !strings.HasPrefix(p.source[i:], string(utf8.RuneError)):
			p.fault(line, "", "a byte %#x that is not UTF-8", p.source[i])
		case r < ' ' && r != '\t', r >= 0x7f && r < 0xa0:
			p.fault(line, "", "a control character %U", r)
		}
	}
}

// addText adds a text to the open element.
func (p *page) addText(raw string) {
	n := &node{text: p.unescape(raw), line: p.line, offset: p.read, parent: p.open}
	if strings.TrimSpace(raw) != "" {
		if _, few := only[p.open.tag]; few || p.open == p.root {
			p.fault(p.line, short(p.open.source), "text %q where only elements may stand", short(n.text))
		}
	}
	p.take(len(raw))
	p.open.children = append(p.open.children, n)
}

var reference = regexp.MustCompile(`&(#[xX]?[0-9a-fA-F]*|[A-Za-z][A-Za-z0-9]*);?`)

// unescape replaces character references.
func (p *page) unescape(raw string) string {
	if strings.IndexByte(raw, '&') < 0 {
		return raw
	}
	for _, ref := range reference.FindAllString(raw, -1) {
		text := html.UnescapeString(ref)
		switch ended := strings.HasSuffix(ref, ";"); {
		case ended && text == ref:
			p.fault(p.line, "", "%s stands for no character", ref)
		case !ended && text != ref:
			p.fault(p.line, "", "%s without a semicolon", ref)
		}
	}
	return html.UnescapeString(raw)
}

func (p *page) endTag(rest string) {
	line := p.line
	end := strings.IndexByte(rest, '>')
	if end < 0 {
		p.fault(line, "", "a tag that does not end: %q", short(rest))
		p.take(len(rest))
		return
	}
	source := p.take(end + 1)
	tag := strings.ToLower(strings.TrimSpace(source[2:end]))
	n := p.open
	for n != p.root && n.tag != tag {
		n = n.parent
	}
	if n == p.root {
		p.fault(line, "", "%s closes nothing", short(source))
		return
	}
	for ; p.open != n; p.open = p.open.parent {
		p.at(p.open, "not closed before %s in line %d", source, line)
	}
	p.open = n.parent
}

var startTag = regexp.MustCompile(`^<([A-Za-z][-A-Za-z0-9:]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>` + "`" + `]+))?)*)\s*(/?)>`)

var attributes = regexp.MustCompile(`([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>` + "`" + `]+))?`)

func (p *page) startTag(rest string) {
	found := startTag.FindStringSubmatch(rest[:tagEnd(rest)])
	if found == nil {
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			end = len(rest) - 1
		}
		p.fault(p.line, short(rest[:end+1]), "not a well-formed tag")
		p.take(end + 1)
		return
	}
	n := &node{tag: strings.ToLower(found[1]), line: p.line, offset: p.read, source: found[0], parent: p.open}
	for _, a := range attributes.FindAllStringSubmatch(found[2], -1) {
		name := strings.ToLower(a[1])
		if _, twice := n.attr(name); twice {
			p.at(n, "attribute %s twice", name)
			continue
		}
		value := a[2]
		if value != "" && (value[0] == '"' || value[0] == '\'') {
			value = value[1 : len(value)-1]
		}
		n.attrs = append(n.attrs, attribute{name, p.unescape(value)})
	}
	p.nesting(n)
	p.take(len(found[0]))
	p.open.children = append(p.open.children, n)
	closed := found[3] == "/"
	switch {
	case n.drawn():
		if !closed {
			p.open = n
		}
	case slices.Contains(void, n.tag):
	case closed:
		p.at(n, "only void elements and those of svg close themselves")
	case endTags[n.tag] != nil:
		p.raw(n)
	default:
		p.open = n
	}
}

// tagEnd returns the length of the tag with which a text begins: > within quotes does
// not end it.
func tagEnd(rest string) int {
	quote := byte(0)
	for i := range len(rest) {
		switch c := rest[i]; {
		case quote == 0 && c == '>':
			return i + 1
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return len(rest)
}

// endTags end the elements in which < is a character.
var endTags = map[string]*regexp.Regexp{
	"style": regexp.MustCompile(`(?i)</style\s*>`), "script": regexp.MustCompile(`(?i)</script\s*>`),
	"title": regexp.MustCompile(`(?i)</title\s*>`), "textarea": regexp.MustCompile(`(?i)</textarea\s*>`),
}

// raw reads an element in which < is a character.
func (p *page) raw(n *node) {
	rest := p.source[p.read:]
	found := endTags[n.tag].FindStringIndex(rest)
	if found == nil {
		p.at(n, "not closed")
		p.take(len(rest))
		return
	}
	text := rest[:found[0]]
	if n.tag == "title" || n.tag == "textarea" {
		text = p.unescape(text)
	}
	n.children = append(n.children, &node{text: text, line: p.line, offset: p.read, parent: n})
	p.take(found[1])
}

// nesting reports an element that may not stand where it does.
func (p *page) nesting(n *node) {
	parent := n.parent
	if n.drawn() && n.tag != "svg" {
		return
	}
	if few, ok := only[parent.tag]; ok && !slices.Contains(few, n.tag) && n.tag != "script" && n.tag != "template" {
		p.at(n, "may not stand in <%s>", parent.tag)
		return
	}
	if few, ok := within[n.tag]; ok && !slices.Contains(few, parent.tag) {
		p.at(n, "may not stand in <%s>", parent.tag)
		return
	}
	if parent == p.root && n.tag != "html" {
		p.at(n, "stands outside <html>")
	}
	for up := parent; up != nil; up = up.parent {
		phrase := slices.Contains(phrases, up.tag)
		heading := up.tag == "summary" && n.heading() > 0
		if phrase && slices.Contains(blocks, n.tag) && !heading {
			p.at(n, "may not stand in <%s>", up.tag)
			return
		}
		nested := slices.Contains(interactive, n.tag) && (up.tag == "a" || up.tag == "button" || up.tag == "summary")
		if nested || n.tag == "form" && up.tag == "form" {
			p.at(n, "may not stand in <%s>", up.tag)
			return
		}
	}
}

// drawn reports whether an element is an svg or part of one.
func (n *node) drawn() bool {
	for ; n != nil; n = n.parent {
		switch n.tag {
		case "svg":
			return true
		case "foreignobject":
			return false
		}
	}
	return false
}

func (n *node) attr(name string) (value string, ok bool) {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

// classes returns the classes of an element.
func (n *node) classes() []string {
	value, _ := n.attr("class")
	return strings.Fields(value)
}

// hidden reports whether an element is hidden from readers who listen, or from all.
func (n *node) hidden() bool {
	_, hidden := n.attr("hidden")
	aria, _ := n.attr("aria-hidden")
	return hidden || aria == "true"
}

// inHidden reports whether an element or one around it is hidden.
func (n *node) inHidden() bool {
	for ; n != nil; n = n.parent {
		if n.hidden() {
			return true
		}
	}
	return false
}

// unheard reports whether an element can be seen and is not read aloud.
func (n *node) unheard() bool {
	heard := true
	for ; n != nil; n = n.parent {
		if _, hidden := n.attr("hidden"); hidden {
			return false
		}
		if aria, _ := n.attr("aria-hidden"); aria == "true" {
			heard = false
		}
	}
	return !heard
}

// all iterates over the elements below, in the order of the page.
func (n *node) all() iter.Seq[*node] {
	return func(yield func(*node) bool) { n.walk(yield) }
}

func (n *node) walk(yield func(*node) bool) bool {
	for _, child := range n.children {
		if child.tag != "" && (!yield(child) || !child.walk(yield)) {
			return false
		}
	}
	return true
}

// content returns all text of an element, its spaces joined.
func (n *node) content() string {
	var b strings.Builder
	n.collect(&b)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n *node) collect(b *strings.Builder) {
	b.WriteString(n.text)
	for _, child := range n.children {
		child.collect(b)
	}
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// short returns the beginning of a text, in one line.
func short(text string) string {
	const most = 70
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
