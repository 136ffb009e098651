package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/pagetest"
)

var (
	//go:embed check.html
	checkHTML string
	//go:embed frame.html
	frameHTML string

	checkPage = template.Must(template.New("check").Parse(checkHTML))
	framePage = template.Must(template.New("frame").Parse(frameHTML))
)

var (
	widths  = []int{320, 390, 768, 1024, 1280, 1920}
	schemes = []string{"light", "dark"}
	checks  = []string{"structure", "styles", "scheme", "sideways", "clipped", "overlap", "svg", "card", "contrast", "scroll", "names", "console"}
)

// A finding is a fault, and the views in which it is.
type finding struct {
	check, where, what string
	views              []string // empty: in all
}

// A result is what the checks found on one page.
type result struct {
	looked   map[string]int         // how often each check looked
	findings []finding              // in the order of checks
	heights  map[string]map[int]int // of the page by scheme and width, details closed
}

// A view is what the page that checks says about one frame.
type view struct {
	Width  int
	Scheme string
	Open   bool // details are
	Height int
	Looked map[string]int
	Faults []struct{ Check, Where, What string }
}

func (v view) String() string {
	if v.Scheme == "paper" {
		if v.Open {
			return "paper opened"
		}
		return "paper"
	}
	if v.Open {
		return fmt.Sprintf("%d %s opened", v.Width, v.Scheme)
	}
	return fmt.Sprintf("%d %s", v.Width, v.Scheme)
}

// check looks at a page in frames of some widths.
func (b *browser) check(ctx context.Context, page string, widths []int) (*result, error) {
	var harness strings.Builder
	data := struct {
		Page    string
		Widths  []int
		Schemes []string
	}{page, widths, schemes}
	if err := checkPage.Execute(&harness, data); err != nil {
		return nil, err
	}
	dom, console, err := b.run(ctx, harness.String(), "--window-size=2000,1100", "--dump-dom")
	if err != nil {
		return nil, err
	}
	views, err := decode(dom)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, strings.Join(console, "\n"))
	}
	if want := 2 * (len(widths)*len(schemes) + 1); len(views) != want {
		return nil, fmt.Errorf("%d views were looked at, want %d", len(views), want)
	}
	r := &result{looked: map[string]int{"structure": 1, "console": 1}, heights: make(map[string]map[int]int)}
	for _, f := range pagetest.Faults(page, pagetest.Script, pagetest.Served) {
		r.findings = append(r.findings, finding{check: "structure", what: f.String()})
	}
	for _, v := range views {
		r.add(v)
	}
	for i := range r.findings {
		if len(r.findings[i].views) == len(views) {
			r.findings[i].views = nil
		}
	}
	for _, line := range console {
		r.findings = append(r.findings, finding{check: "console", what: line})
	}
	return r, nil
}

// decode reads what the page that checks has written into itself.
func decode(dom []byte) ([]view, error) {
	_, text, found := bytes.Cut(dom, []byte(`<pre id="result">`))
	text, _, ended := bytes.Cut(text, []byte("</pre>"))
	if !found || !ended {
		return nil, errors.New("the browser shows nothing")
	}
	var said struct {
		Views []view
		Error string
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(string(text))), &said); err != nil {
		return nil, fmt.Errorf("the browser did not finish: %w", err)
	}
	if said.Error != "" {
		return nil, errors.New(said.Error)
	}
	return said.Views, nil
}

// add adds what is wrong in one view: the same fault in other views is one finding.
func (r *result) add(v view) {
	for check, n := range v.Looked {
		r.looked[check] += n
	}
	if !v.Open {
		if r.heights[v.Scheme] == nil {
			r.heights[v.Scheme] = make(map[int]int)
		}
		r.heights[v.Scheme][v.Width] = v.Height
	}
	for _, f := range v.Faults {
		i := slices.IndexFunc(r.findings, func(g finding) bool { return g.check == f.Check && g.where == f.Where })
		if i < 0 {
			i = len(r.findings)
			r.findings = append(r.findings, finding{check: f.Check, where: f.Where, what: f.What})
		}
		if name := v.String(); !slices.Contains(r.findings[i].views, name) {
			r.findings[i].views = append(r.findings[i].views, name)
		}
	}
}

// print writes a line for each check and one for each finding, and returns how many there
// are.
func (r *result) print(w io.Writer, name string) int {
	const most = 12 // findings of a check that are printed
	for _, check := range checks {
		var found []finding
		for _, f := range r.findings {
			if f.check == check {
				found = append(found, f)
			}
		}
		fmt.Fprintf(w, "%s: %s: %d faults in %d looks\n", name, check, len(found), r.looked[check])
		for _, f := range found[:min(most, len(found))] {
			where := f.where
			if where != "" {
				where += ": "
			}
			fmt.Fprintf(w, "\t%s%s%s\n", where, f.what, f.seen())
		}
		if len(found) > most {
			fmt.Fprintf(w, "\tand %d more\n", len(found)-most)
		}
	}
	return len(r.findings)
}

// seen says in which views a finding is.
func (f finding) seen() string {
	switch n := len(f.views); {
	case n == 0:
		return ""
	case n > 4:
		return fmt.Sprintf(" (%s and %d more views)", strings.Join(f.views[:3], ", "), n-3)
	default:
		return " (" + strings.Join(f.views, ", ") + ")"
	}
}
