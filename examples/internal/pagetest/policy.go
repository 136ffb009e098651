package pagetest

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
)

// policy checks the Content-Security-Policy that a page gives itself. A browser that finds
// another hash leaves the style sheet out and says so on its console only.
func (c *checker) policy() {
	for _, n := range c.byTag["meta"] {
		how, _ := n.attr("http-equiv")
		if !strings.EqualFold(how, "content-security-policy") {
			continue
		}
		content, _ := n.attr("content")
		directives := make(map[string][]string)
		for directive := range strings.SplitSeq(content, ";") {
			if words := strings.Fields(directive); len(words) > 0 {
				directives[strings.ToLower(words[0])] = words[1:]
			}
		}
		for _, tag := range []string{"style", "script"} {
			c.hashes(n, tag, directives)
		}
	}
}

// hashes checks those of one kind of element.
func (c *checker) hashes(policy *node, tag string, directives map[string][]string) {
	sources, ok := directives[tag+"-src"]
	if !ok {
		if sources, ok = directives["default-src"]; !ok {
			return
		}
	}
	if slices.Contains(sources, "'unsafe-inline'") {
		c.at(policy, "%s-src allows what anybody writes into the page", tag)
		return
	}
	used := make(map[string]bool)
	for _, n := range c.byTag[tag] {
		if _, ok := n.attr("src"); ok && tag == "script" {
			if !slices.Contains(sources, "'self'") {
				c.at(n, "the policy of the page does not allow scripts of its server")
			}
			continue
		}
		sum := sha256.Sum256([]byte(n.raw()))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if used[hash] = true; !slices.Contains(sources, hash) {
			c.at(n, "the policy of the page does not allow %s", hash)
		}
		if n.line < policy.line || n.line == policy.line && n.offset < policy.offset {
			c.at(n, "comes before the policy of the page")
		}
	}
	for _, source := range sources {
		if strings.HasPrefix(source, "'sha256-") && !used[source] {
			c.at(policy, "%s-src has %s, which is no <%s> of the page", tag, source, tag)
		}
	}
}

var misprints = []struct {
	what  string
	found *regexp.Regexp
}{
	{"no number", regexp.MustCompile(`(?:^|[^\pL\pN_])([-+]?(?:NaN|Inf))(?:$|[^\pL\pN_])`)},
	{"a wrong verb of fmt", regexp.MustCompile(`(%!(?:[a-zA-Z]?\())`)},
	{"a nil", regexp.MustCompile(`(<nil>)`)},
	{"what html/template took for unsafe", regexp.MustCompile(`(ZgotmplZ)`)},
	{"an action of a template", regexp.MustCompile(`(\{\{)`)},
}

// printing looks for what a program should not have printed.
func (c *checker) printing() {
	look := func(n *node, where, text string) {
		for _, m := range misprints {
			if found := m.found.FindStringSubmatch(text); found != nil {
				c.fault(n.line, short(n.source), "%s%q: %s", where, found[1], m.what)
			}
		}
	}
	var walk func(n *node)
	walk = func(n *node) {
		if n.tag == "" {
			look(n.parent, "", n.text)
		}
		for _, a := range n.attrs {
			look(n, a.name+" ", a.value)
		}
		for _, child := range n.children {
			walk(child)
		}
	}
	walk(c.root)
}
