package pagetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A Fault is something that is wrong with a page.
type Fault struct {
	Line  int    // of the page, from 1
	Place string // the start of the element, as the page has it; empty for the whole page
	What  string
}

// String returns the fault with its place.
func (f Fault) String() string {
	if f.Place == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.What)
	}
	return fmt.Sprintf("line %d, %s: %s", f.Line, f.Place, f.What)
}

// An Allowance is something that pages do without unless a test allows it.
type Allowance uint8

const (
	Script Allowance = 1 // script elements without src
	// Served is for a page of a server: it may have script elements whose src is an address of
	// the server, which the policy of the page must allow by 'self'.
	Served Allowance = 2
)

// Check reports every fault of a page as an error of the test.
func Check(t testing.TB, page string, allowed ...Allowance) {
	t.Helper()
	for _, f := range Faults(page, allowed...) {
		t.Error(f)
	}
}

// Faults returns what is wrong with a page, in the order of its lines.
func Faults(page string, allowed ...Allowance) []Fault {
	p := parse(page)
	c := &checker{page: p, scripts: slices.Contains(allowed, Script), served: slices.Contains(allowed, Served)}
	c.index()
	c.head()
	c.outline()
	c.landmarks()
	c.references()
	c.tables()
	c.graphics()
	c.controls()
	c.alone()
	c.styles()
	c.policy()
	c.printing()
	slices.SortStableFunc(p.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return p.faults
}

// A checker holds what the checks share.
type checker struct {
	*page
	scripts bool
	served  bool
	byID    map[string]*node
	byTag   map[string][]*node
	labels  map[string]*node // by what they are for
}

func (c *checker) index() {
	c.byID, c.byTag, c.labels = make(map[string]*node), make(map[string][]*node), make(map[string]*node)
	for n := range c.root.all() {
		c.byTag[n.tag] = append(c.byTag[n.tag], n)
		if target, ok := n.attr("for"); ok && n.tag == "label" {
			c.labels[target] = n
		}
		id, ok := n.attr("id")
		if !ok {
			continue
		}
		switch first := c.byID[id]; {
		case id == "" || strings.ContainsAny(id, " \t\n"):
			c.at(n, "id %q is empty or has a space", id)
		case first != nil:
			c.at(n, "id %q stands in line %d too", id, first.line)
		default:
			c.byID[id] = n
		}
	}
}

// head checks what a browser must know before it shows anything.
func (c *checker) head() {
	if !c.doctype {
		c.fault(1, "", "no <!DOCTYPE html> at the beginning")
	}
	for _, tag := range []string{"html", "head", "body"} {
		if n := len(c.byTag[tag]); n != 1 {
			c.fault(1, "", "%d elements <%s>, want 1", n, tag)
		}
	}
	for _, n := range c.byTag["html"] {
		if lang, _ := n.attr("lang"); lang == "" {
			c.at(n, "no lang")
		}
	}
	titles := 0
	for _, n := range c.byTag["title"] {
		if n.parent.tag != "head" {
			continue
		}
		if titles++; n.content() == "" {
			c.at(n, "an empty title")
		}
	}
	if titles != 1 {
		c.fault(1, "", "%d titles, want 1", titles)
	}
	charset, viewport := false, false
	for _, n := range c.byTag["meta"] {
		if set, ok := n.attr("charset"); ok {
			if charset = true; !strings.EqualFold(set, "utf-8") {
				c.at(n, "the character set is not utf-8")
			}
			if n.offset > 1024 {
				c.at(n, "the character set comes after the first 1024 bytes")
			}
		}
		if name, _ := n.attr("name"); name == "viewport" {
			viewport = true
			content, _ := n.attr("content")
			content = strings.ReplaceAll(strings.ToLower(content), " ", "")
			if !strings.Contains(content, "width=device-width") {
				c.at(n, "the viewport has no width=device-width")
			}
			if strings.Contains(content, "user-scalable=no") || strings.Contains(content, "user-scalable=0") || strings.Contains(content, "maximum-scale") {
				c.at(n, "the viewport forbids zoom")
			}
		}
	}
	if !charset {
		c.fault(1, "", "no character set")
	}
	if !viewport {
		c.fault(1, "", "no viewport")
	}
}

// outline checks the headings.
func (c *checker) outline() {
	last := 0
	for n := range c.root.all() {
		level := n.heading()
		if level == 0 {
			continue
		}
		if c.name(n) == "" {
			c.at(n, "an empty heading")
		}
		if level > last+1 {
			c.at(n, "a heading of level %d follows one of level %d", level, last)
		}
		last = level
	}
	if n := len(c.byTag["h1"]); n != 1 {
		c.fault(1, "", "%d elements <h1>, want 1", n)
	}
}

// heading returns the level of a heading, 0 for other elements.
func (n *node) heading() int {
	if len(n.tag) == 2 && n.tag[0] == 'h' && n.tag[1] >= '1' && n.tag[1] <= '6' {
		return int(n.tag[1] - '0')
	}
	return 0
}

// landmarks checks that readers who jump between the parts of a page miss nothing.
func (c *checker) landmarks() {
	found := make(map[string][]*node)
	for n := range c.root.all() {
		if role := c.landmark(n); role != "" {
			found[role] = append(found[role], n)
		}
	}
	for _, role := range []string{"banner", "main"} {
		if len(found[role]) == 0 {
			c.fault(1, "", "no landmark of role %s", role)
		}
	}
	for _, role := range []string{"banner", "main", "contentinfo"} {
		for _, n := range found[role][min(1, len(found[role])):] {
			c.at(n, "a second landmark of role %s", role)
		}
	}
	for _, role := range []string{"navigation", "complementary", "region", "form"} {
		named := make(map[string]bool)
		for _, n := range found[role] {
			name := c.name(n)
			if named[name] && len(found[role]) > 1 {
				c.at(n, "another landmark of role %s has the same name %q", role, name)
			}
			named[name] = true
		}
	}
	for _, body := range c.byTag["body"] {
		c.outside(body, true)
	}
}

// outside reports what stands in no landmark. A link to a place of the page may come
// before all else, for those who want to skip.
func (c *checker) outside(n *node, first bool) {
	for _, child := range n.children {
		href, _ := child.attr("href")
		switch {
		case child.tag == "" && strings.TrimSpace(child.text) == "":
			continue
		case child.tag == "":
			c.at(n, "text %q stands in no landmark", short(child.text))
		case child.hidden() || child.tag == "script" || child.tag == "template" || c.landmark(child) != "":
		case first && child.tag == "a" && strings.HasPrefix(href, "#"):
		case child.tag == "svg" || child.tag == "img":
			c.at(child, "stands in no landmark")
		default:
			c.outside(child, first)
		}
		first = false
	}
}

// landmark returns the role of a landmark, and nothing for other elements.
func (c *checker) landmark(n *node) string {
	if role, ok := n.attr("role"); ok {
		switch role {
		case "banner", "main", "contentinfo", "navigation", "complementary", "region", "form", "search":
			return role
		}
		return ""
	}
	switch n.tag {
	case "header", "footer":
		for up := n.parent; up != nil; up = up.parent {
			switch up.tag {
			case "article", "aside", "main", "nav", "section":
				return ""
			}
		}
		if n.tag == "header" {
			return "banner"
		}
		return "contentinfo"
	case "main":
		return "main"
	case "nav":
		return "navigation"
	case "aside":
		return "complementary"
	case "search":
		return "search"
	case "section", "form":
		if c.label(n) == "" {
			return ""
		}
		if n.tag == "form" {
			return "form"
		}
		return "region"
	}
	return ""
}
