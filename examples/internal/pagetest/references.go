package pagetest

import (
	"regexp"
	"slices"
	"strings"
)

// lists are attributes that name elements by their ids.
var lists = []string{
	"aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "aria-flowto", "aria-activedescendant",
	"for", "headers", "list", "form",
}

var localURL = regexp.MustCompile(`url\(\s*["']?#([^"')]*)["']?\s*\)`)

// references checks that what an element refers to is there.
func (c *checker) references() {
	for n := range c.root.all() {
		for _, a := range n.attrs {
			switch {
			case slices.Contains(lists, a.name):
				ids := strings.Fields(a.value)
				if len(ids) == 0 {
					c.at(n, "%s is empty", a.name)
				}
				for _, id := range ids {
					c.refers(n, a.name, id)
				}
			case a.name == "href" || a.name == "xlink:href":
				if id, ok := strings.CutPrefix(a.value, "#"); ok && id != "" && id != "top" {
					c.refers(n, a.name, id)
				}
			case n.drawn():
				for _, found := range localURL.FindAllStringSubmatch(a.value, -1) {
					c.refers(n, a.name, found[1])
				}
			}
		}
	}
}

func (c *checker) refers(n *node, attribute, id string) {
	if c.byID[id] == nil {
		c.at(n, "%s names %q, which is no id of the page", attribute, id)
	}
}

// fetched are attributes whose address a browser opens by itself or by a form.
var fetched = []string{"src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "href", "xlink:href", "manifest"}

// own reports whether an attribute is the address of a script that a page of a server may have.
func (c *checker) own(n *node, a attribute) bool {
	return c.served && n.tag == "script" && a.name == "src" && ownAddress(a.value)
}

// ownAddress reports whether an address is one of the server from which a page comes.
func ownAddress(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.HasPrefix(address, "/\\")
}

var elsewhere = regexp.MustCompile(`(?i)^\s*([a-z][a-z0-9+.-]*:|//)`)

// alone checks that a page needs nothing but itself and runs nothing.
func (c *checker) alone() {
	for n := range c.root.all() {
		for _, a := range n.attrs {
			switch {
			case a.name == "style":
				c.at(n, "a style attribute")
			case strings.HasPrefix(a.name, "on"):
				c.at(n, "an event attribute %s", a.name)
			case a.name == "href" && n.tag == "a":
				if scheme := strings.ToLower(elsewhere.FindString(a.value)); scheme != "" && !slices.Contains([]string{"https:", "http:", "mailto:", "tel:"}, scheme) {
					c.at(n, "a link by %s", scheme)
				}
			case slices.Contains(fetched, a.name):
				if strings.HasPrefix(a.value, "data:image/") || a.value == "data:," {
					continue
				}
				if c.own(n, a) {
					continue
				}
				if elsewhere.MatchString(a.value) || n.tag != "form" && n.tag != "button" && a.value != "" && a.value[0] != '#' {
					c.at(n, "%s is another file", a.name)
				}
			}
		}
		switch n.tag {
		case "script":
			if src, ok := n.attr("src"); !c.scripts && !(c.served && ok && ownAddress(src)) {
				c.at(n, "a script")
			}
		case "meta":
			if how, _ := n.attr("http-equiv"); strings.EqualFold(how, "refresh") {
				if content, _ := n.attr("content"); strings.Contains(content, ";") {
					c.at(n, "leads elsewhere")
				}
			}
		case "style":
			if n.drawn() {
				c.at(n, "a style element in an svg")
			}
		case "iframe", "object", "embed", "frame", "base", "applet":
			c.at(n, "holds or changes what is elsewhere")
		}
	}
}
