package draw

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
)

// A Page is a page about a desk. The zero value is an empty page.
type Page struct {
	Desk     string   // whose page it is; stands above the title
	Title    string   // the heading
	About    []string // what it is about, and as of when
	Short    []Sentence
	Cards    []Card
	Sections []Section
	Methods  []string // footnotes, numbered from 1
	Foot     string
	Above    []Section // comes before what is in short
	Form     *Form     // chooses what the page is about; nil: none
	Live     *Live     // keeps a part of the page up to date; nil: none

	Wall    bool          // whether it is read from across a room
	Clock   string        // of a wall: the time of day in large figures
	Refresh time.Duration // after which a browser loads the page again; 0: never
}

// A Sentence says what matters; its lead is what must be read.
type Sentence struct {
	Mark       Mark
	Lead, Text string
}

// A Card shows a key figure.
type Card struct {
	Title   string
	Figures []Figure // one without a name is large
	Sub     string   // what it is
	Chip    Chip     // what to think of it; the zero Chip is none
	Facts   []Fact
	More    Link // to what is behind it; the zero Link is none
	Urgent  bool // whether it asks for something to be done at once
}

// A Figure is a value on a card.
type Figure struct {
	Name  string // where, if the card shows several
	Value string
	Small string // beside it
	Chip  Chip
}

// A Fact is a name with its value.
type Fact struct {
	Name, Value string
	Link        string // of the value
	Below       bool   // whether the value stands below the name
}

// A Section is a part of a page with a heading.
type Section struct {
	ID    string // of the anchor
	Nav   string // in the navigation; empty: the title
	Title string
	Intro string
	Note  int // the footnote of the intro, from 1; 0: none
	Parts []Part
}

// A Part is what a section is made of.
type Part interface {
	name() string // of its template
}

var (
	//go:embed page.html
	source string
	//go:embed page.css
	style string
)

var pages = parse()

func parse() *template.Template {
	t := template.New("page")
	t.Funcs(template.FuncMap{
		"css":     func() template.CSS { return template.CSS(style) },
		"policy":  func(p Page) template.HTMLAttr { return template.HTMLAttr(`content="` + p.Policy() + `"`) },
		"seconds": func(d time.Duration) int64 { return int64(d / time.Second) },
		"plus":    func(i int) int { return i + 1 },
		"nb":      Unbroken,
		"part": func(p Part) (template.HTML, error) {
			var b bytes.Buffer
			err := t.ExecuteTemplate(&b, p.name(), p)
			return template.HTML(b.String()), err
		},
	})
	return template.Must(t.Parse(source))
}

// Write prints the page.
func (p Page) Write(w io.Writer) error { return write(w, "page", p) }

// Write prints the section as it stands on a page, without the rest of the page.
func (s Section) Write(w io.Writer) error { return write(w, "section", s) }

func write(w io.Writer, name string, data any) error {
	var b bytes.Buffer // so that a page is whole, or none
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	_, err := w.Write(plain.Lines(b.Bytes()))
	return err
}

// Policy returns the Content-Security-Policy that stands in the page: its own style, no
// script but that of [Live], and nothing from elsewhere. A server sends it in the header
// too.
func (p Page) Policy() string {
	hash := sha256.Sum256([]byte(style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; "
	if p.Live != nil {
		policy += "script-src 'self'; connect-src 'self'; "
	}
	form := "'none'"
	if p.Form != nil {
		form = "'self'"
	}
	return policy + "base-uri 'none'; form-action " + form
}

// Navigation returns the sections that have an anchor, if there are several.
func (p Page) Navigation() (all []Section) {
	for _, s := range slices.Concat(p.Above, p.Sections) {
		if s.ID != "" {
			if s.Nav == "" {
				s.Nav = s.Title
			}
			all = append(all, s)
		}
	}
	if len(all) < 2 {
		return nil
	}
	return all
}
