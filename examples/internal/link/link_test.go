package link

import (
	"net/url"
	"strings"
	"testing"
)

func TestTo(t *testing.T) {
	for _, tt := range []struct{ template, id, want string }{
		{"https://desk.example/tickets/{id}", "7", "https://desk.example/tickets/7"},
		{"https://desk.example/tickets/{id}", "a/b?c#d e", "https://desk.example/tickets/a%2Fb%3Fc%23d%20e"},
		{"https://desk.example/tickets/{id}", "<script>\x1b\"", "https://desk.example/tickets/%3Cscript%3E%1B%22"},
		{"http://localhost:8080/?ticket={id}&view=all", "7&view=none", "http://localhost:8080/?ticket=7%26view%3Dnone&view=all"},
		{"https://desk.example/{id}/log?of={id}", "a b&+", "https://desk.example/a%20b%26%2B/log?of=a%20b%26%2B"},
		{"https://desk.example?{id}", "7", "https://desk.example?7"},
		{"https://desk.example/#/{id}", "7", "https://desk.example/#/7"},
		{"https://desk.example/{id}", strings.Repeat("7", 200), "https://desk.example/" + strings.Repeat("7", 200)},
		{"https://desk.example/{id}", strings.Repeat("7", 201), ""},
		{"https://desk.example/{id}", "", ""},
	} {
		got, err := Parse(tt.template)
		if err != nil {
			t.Errorf("%q: %v", tt.template, err)
			continue
		}
		if link := got.To(tt.id); link != tt.want {
			t.Errorf("%q to %.50q is %q, want %q", tt.template, tt.id, link, tt.want)
		}
	}
	if link := (Template{}).To("7"); link != "" {
		t.Errorf("the zero template leads to %q", link)
	}
}

func TestParse(t *testing.T) {
	for _, text := range []string{
		"", "{id}", "https://desk.example/tickets", "desk.example/{id}", "/tickets/{id}", "ftp://desk.example/{id}", "javascript://desk.example/{id}",
		"https:///{id}", "https://{id}", "https://{id}/tickets", "https://{id}.example/tickets/{id}", "https://desk.{id}?x", "https://user{id}@desk.example/",
		"{id}://desk.example/", "https://desk.example:{id}/", "https://desk.example/%zz/{id}", "https://desk.example/{ID}",
	} {
		if got, err := Parse(text); err == nil || got != (Template{}) {
			t.Errorf("%q is taken", text)
		}
	}
}

// No name leads to another host.
func FuzzTo(f *testing.F) {
	f.Add("https://desk.example/tickets/{id}", "7")
	f.Add("https://desk.example/?a={id}&b=2", "../@evil.example/&b=3")
	f.Add("http://desk.example/#{id}", "\n//evil")
	f.Fuzz(func(t *testing.T, text, id string) {
		template, err := Parse(text)
		if err != nil {
			return
		}
		usual, err := url.Parse(template.To("7"))
		if err != nil {
			t.Fatal(err)
		}
		link := template.To(id)
		if link == "" && (id == "" || len(id) > longest) {
			return
		}
		u, err := url.Parse(link)
		if err != nil {
			t.Fatalf("%q to %q: %v", text, id, err)
		}
		if u.Scheme != usual.Scheme || u.Host != usual.Host || u.User.String() != usual.User.String() || len(u.Query()) != len(usual.Query()) {
			t.Fatalf("%q leads to %v, and with %q to %v", text, usual, id, u)
		}
	})
}

func TestLocal(t *testing.T) {
	local := Local("/conversation?zone=UTC&id={id}")
	for name, want := range map[string]string{
		"7": "/conversation?zone=UTC&id=7", "a b&id=8#c": "/conversation?zone=UTC&id=a%20b%26id%3D8%23c", "": "", "{id}": "/conversation?zone=UTC&id=%7Bid%7D",
	} {
		if got := local.To(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
