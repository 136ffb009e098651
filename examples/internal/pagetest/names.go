package pagetest

import "strings"

// name returns what a reader who listens hears of an element: a simple form of the
// Accessible Name and Description Computation (W3C, 2018).
func (c *checker) name(n *node) string {
	if label := c.label(n); label != "" {
		return label
	}
	switch n.tag {
	case "img":
		alt, _ := n.attr("alt")
		return strings.TrimSpace(alt)
	case "svg":
		for _, child := range n.children {
			if child.tag == "title" {
				return child.content()
			}
		}
		return ""
	case "input", "select", "textarea":
		return c.field(n)
	}
	var b strings.Builder
	c.spoken(n, &b)
	if name := strings.Join(strings.Fields(b.String()), " "); name != "" {
		return name
	}
	title, _ := n.attr("title")
	return strings.TrimSpace(title)
}

// label returns the name that attributes give an element.
func (c *checker) label(n *node) string {
	if ids, ok := n.attr("aria-labelledby"); ok {
		var names []string
		for _, id := range strings.Fields(ids) {
			if target := c.byID[id]; target != nil {
				names = append(names, target.content())
			}
		}
		if name := strings.TrimSpace(strings.Join(names, " ")); name != "" {
			return name
		}
	}
	label, _ := n.attr("aria-label")
	return strings.TrimSpace(label)
}

// field returns the name of a field of a form.
func (c *checker) field(n *node) string {
	if id, ok := n.attr("id"); ok && c.labels[id] != nil {
		return c.labels[id].content()
	}
	for up := n.parent; up != nil; up = up.parent {
		if up.tag == "label" {
			return up.content()
		}
	}
	if kind, _ := n.attr("type"); n.tag == "input" && (kind == "submit" || kind == "reset" || kind == "button") {
		if value, ok := n.attr("value"); ok || kind == "button" {
			return strings.TrimSpace(value)
		}
		return kind // browsers have a word for it
	}
	title, _ := n.attr("title")
	return strings.TrimSpace(title)
}

// spoken collects the text of what is not hidden.
func (c *checker) spoken(n *node, b *strings.Builder) {
	b.WriteString(n.text)
	for _, child := range n.children {
		switch {
		case child.hidden():
		case child.tag == "img" || child.tag == "svg":
			b.WriteString(c.name(child))
		case child.tag != "" && c.label(child) != "":
			b.WriteString(c.label(child))
		default:
			c.spoken(child, b)
		}
	}
}

// controls checks what can be focused, and the lists.
func (c *checker) controls() {
	for n := range c.root.all() {
		href, isLink := n.attr("href")
		kind, _ := n.attr("type")
		role, hasRole := n.attr("role")
		tabindex, focusable := n.attr("tabindex")
		control := false
		switch n.tag {
		case "a":
			if control = isLink && !n.drawn(); !isLink {
				c.at(n, "a link to nowhere")
			}
			if href == "" && isLink || href == "#" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(href)), "javascript:") {
				c.at(n, "a link to nowhere")
			}
		case "input":
			control = kind != "hidden"
		case "button", "select", "textarea", "summary", "iframe":
			control = true
		case "details":
			c.details(n)
		}
		if focusable && tabindex != "0" && tabindex != "-1" {
			c.at(n, "tabindex %q changes the order of reading", tabindex)
		}
		if focusable && !control && !hasRole {
			c.at(n, "can be focused and has no role")
		}
		named := role == "group" || role == "region" || role == "button" || role == "link" || role == "dialog"
		if (control || focusable || named) && !n.inHidden() && c.controlName(n) == "" {
			c.at(n, "has no name")
		}
		if (control || focusable && tabindex != "-1") && n.unheard() {
			c.at(n, "can be focused and is not read aloud")
		}
	}
}

// controlName returns the name of a control. A box takes none from what is in it.
func (c *checker) controlName(n *node) string {
	switch role, _ := n.attr("role"); role {
	case "group", "region", "dialog", "img":
		return c.label(n)
	}
	return c.name(n)
}

func (c *checker) details(n *node) {
	for _, child := range n.children {
		if child.tag == "" && strings.TrimSpace(child.text) == "" {
			continue
		}
		if child.tag != "summary" {
			break
		}
		return
	}
	c.at(n, "does not begin with a summary")
}
