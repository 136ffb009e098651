package pagetest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A rule is a selector with its declarations and the conditions around it.
type rule struct {
	conditions   []string // such as "@media print"
	selector     string
	declarations []declaration
	line         int // of the style sheet, from 1
}

type declaration struct{ name, value string }

var errBraces = errors.New("braces do not match")

// parseCSS reads a style sheet. Rules within rules are listed beside them.
func parseCSS(css string) (rules []rule, err error) {
	r := &cssReader{css: css, line: 1}
	for r.pos < len(r.css) {
		if _, err := r.block(nil, ""); err != nil {
			return r.rules, err
		}
		if r.pos < len(r.css) {
			return r.rules, fmt.Errorf("in line %d of the sheet: %w", r.line, errBraces)
		}
	}
	return r.rules, nil
}

type cssReader struct {
	css   string
	pos   int
	line  int
	rules []rule
}

// block reads declarations and blocks until the brace that closes them, which it leaves.
func (r *cssReader) block(conditions []string, selector string) ([]declaration, error) {
	var declarations []declaration
	for {
		text, line, stop, err := r.until()
		if err != nil {
			return nil, err
		}
		text = strings.Join(strings.Fields(text), " ")
		if stop == '{' {
			if err := r.inner(conditions, selector, text, line); err != nil {
				return nil, err
			}
			continue
		}
		if name, value, ok := strings.Cut(text, ":"); ok && text[0] != '@' {
			declarations = append(declarations, declaration{strings.TrimSpace(name), strings.TrimSpace(value)})
		} else if text != "" {
			r.rules = append(r.rules, rule{conditions: conditions, selector: text, line: line})
		}
		if stop != ';' {
			return declarations, nil
		}
	}
}

// inner reads the block of a selector or of a rule such as @media.
func (r *cssReader) inner(conditions []string, selector, prelude string, line int) error {
	inside, own := conditions, selector
	switch {
	case strings.HasPrefix(prelude, "@media"), strings.HasPrefix(prelude, "@supports"), strings.HasPrefix(prelude, "@container"),
		strings.HasPrefix(prelude, "@layer"), strings.HasPrefix(prelude, "@keyframes"):
		inside = append(append([]string(nil), conditions...), prelude)
	default:
		own = prelude
	}
	at := len(r.rules)
	r.rules = append(r.rules, rule{conditions: inside, selector: own, line: line})
	declarations, err := r.block(inside, own)
	if err != nil {
		return err
	}
	if r.pos == len(r.css) {
		return fmt.Errorf("in line %d of the sheet: %w: %s", line, errBraces, short(prelude))
	}
	r.pos++ // the brace
	r.rules[at].declarations = declarations
	return nil
}

// until returns the text before the next {, } or ;, without comments, and the line in which
// it begins. It goes past the first and the last of them; the end of the style sheet counts
// as a brace.
func (r *cssReader) until() (text string, line int, stop byte, err error) {
	var b strings.Builder
	depth := 0
	for r.pos < len(r.css) {
		c := r.css[r.pos]
		if line == 0 && c > ' ' && !strings.HasPrefix(r.css[r.pos:], "/*") {
			line = r.line
		}
		switch {
		case strings.HasPrefix(r.css[r.pos:], "/*"):
			end := strings.Index(r.css[r.pos:], "*/")
			if end < 0 {
				return "", 0, 0, fmt.Errorf("in line %d of the sheet: a comment that does not end", r.line)
			}
			r.line += strings.Count(r.css[r.pos:r.pos+end], "\n")
			r.pos += end + 2
			b.WriteByte(' ')
			continue
		case c == '"' || c == '\'':
			end := r.pos + 1
			for end < len(r.css) && r.css[end] != c && r.css[end] != '\n' {
				if r.css[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(r.css) || r.css[end] != c {
				return "", 0, 0, fmt.Errorf("in line %d of the sheet: a string that does not end", r.line)
			}
			b.WriteString(r.css[r.pos : end+1])
			r.pos = end + 1
			continue
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '\n':
			r.line++
		case depth == 0 && c == '}':
			return b.String(), line, c, nil
		case depth == 0 && (c == '{' || c == ';'):
			r.pos++
			return b.String(), line, c, nil
		}
		b.WriteByte(c)
		r.pos++
	}
	if depth != 0 {
		return "", 0, 0, fmt.Errorf("in line %d of the sheet: brackets do not match", r.line)
	}
	return b.String(), line, '}', nil
}

// CSS returns the style sheets of a page, one after the other.
func CSS(page string) string {
	var sheets []string
	for n := range parse(page).root.all() {
		if n.tag == "style" {
			sheets = append(sheets, n.raw())
		}
	}
	return strings.Join(sheets, "\n")
}

// raw returns the text of an element as the page has it.
func (n *node) raw() string {
	if len(n.children) == 0 {
		return ""
	}
	return n.children[0].text
}

var (
	anyURL   = regexp.MustCompile(`(?i)(url|src|image-set)\(\s*["']?([^"')]*)`)
	property = regexp.MustCompile(`var\(\s*(--[-_a-zA-Z0-9]+)\s*(,?)`)
)

// styles checks the style sheets of a page.
func (c *checker) styles() {
	set := make(map[string]bool)
	var rules []rule
	for _, n := range c.byTag["style"] {
		own, err := parseCSS(n.raw())
		if err != nil {
			c.at(n, "%v", err)
		}
		for i := range own {
			own[i].line += n.line - 1
			for _, d := range own[i].declarations {
				if strings.HasPrefix(d.name, "--") {
					set[d.name] = true
				}
			}
		}
		rules = append(rules, own...)
	}
	for _, r := range rules {
		if strings.HasPrefix(r.selector, "@import") || r.selector == "@font-face" {
			c.fault(r.line, short(r.selector), "fetches a file")
		}
		for _, d := range r.declarations {
			for _, found := range anyURL.FindAllStringSubmatch(d.value, -1) {
				id, local := strings.CutPrefix(found[2], "#")
				switch {
				case !local:
					c.fault(r.line, short(r.selector), "%s fetches %q", d.name, short(found[2]))
				case c.byID[id] == nil:
					c.fault(r.line, short(r.selector), "%s names %q, which is no id of the page", d.name, id)
				}
			}
			for _, found := range property.FindAllStringSubmatch(d.value, -1) {
				if !set[found[1]] && found[2] == "" {
					c.fault(r.line, short(r.selector), "%s is used and never set", found[1])
				}
			}
		}
	}
}
