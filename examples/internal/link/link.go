// Package link leads from the names of conversations to the desk in which they are.
package link

import (
	"errors"
	"net/url"
	"strings"
)

// A Template is the address of any conversation in a desk. The zero Template leads
// nowhere.
type Template struct{ address string }

const place = "{id}"

var errTemplate = errors.New("want an address such as https://desk.example/tickets/{id}")

// Parse reads a template: an address of https or http with {id}, once or more, where the
// name of the conversation goes. That must be after the host, so that no name leads to
// another one.
func Parse(text string) (Template, error) {
	u, err := url.Parse(strings.ReplaceAll(text, place, "7"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return Template{}, errTemplate
	}
	before, _, ok := strings.Cut(text, place)
	_, host, whole := strings.Cut(before, "://")
	if !ok || !whole || !strings.ContainsAny(host, "/?#") {
		return Template{}, errTemplate
	}
	return Template{text}, nil
}

// Local returns the template of a page of the program itself, such as
// "/conversation?id={id}": path begins with one slash.
func Local(path string) Template { return Template{path} }

// longest is the longest name with a link, in bytes. That of a desk is never as long, and
// no browser goes to an address of many kilobytes.
const longest = 200

// To returns the address of a conversation, and nothing for one whose name is empty or
// longer than 200 bytes, or if the template leads nowhere. The name is escaped, so that it
// stays in its place, in a path as in a query.
func (t Template) To(conversation string) string {
	if t == (Template{}) || conversation == "" || len(conversation) > longest {
		return ""
	}
	// In a path a space is no "+", and "%20" is one everywhere.
	name := strings.ReplaceAll(url.QueryEscape(conversation), "+", "%20")
	return strings.ReplaceAll(t.address, place, name)
}
