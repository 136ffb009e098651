package main

import (
	"context"
	"io"
	"strings"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/draw"
)

// dashboard makes the page of a view.
func (d *desk) dashboard(ctx context.Context, v view) (draw.Page, error) {
	l, err := d.look(ctx)
	if err != nil {
		return draw.Page{}, err
	}
	defer l.done()
	ask := l.ask(v)
	course := briefing.CourseOf(v.about)
	ask.Course = &course
	b, err := l.briefing(v, ask)
	if err != nil {
		return draw.Page{}, err
	}
	page := b.Page()
	for _, words := range []string{v.words(), l.sampleWords()} {
		if words != "" {
			page.About = append(page.About, words)
		}
	}
	page.Form = l.form(v)
	if b.Now != nil {
		page.Live = &draw.Live{Script: "/live.js", Stream: v.address("/live"), Status: l.updated(v), Again: v.address("/")}
	}
	page.Foot = b.Sources() + " Nothing comes from another host. Figures of the period are as of the time above; who waits and what is due goes on."
	return page, nil
}

// updated says when the live parts were made.
func (l *look) updated(v view) string { return "Updated " + l.at.In(v.zone).Format("Mon 15:04") }

// fragment writes the live parts of a view.
func (d *desk) fragment(ctx context.Context, v view, w io.Writer) error {
	l, err := d.look(ctx)
	if err != nil {
		return err
	}
	defer l.done()
	now, err := l.now(v, l.ask(v))
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, `<span id="updated">`+l.updated(v)+"</span>\n"); err != nil {
		return err
	}
	for _, s := range now.Sections() {
		if err := s.Write(w); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return nil
}

// How many conversations are listed on a page, and at most in a file.
const (
	mostListed = 500
	mostRows   = 100_000
)

// A listPage makes a section of a list, which a link leads to as CSV.
type listPage func(l briefing.List, most int, csv string) draw.Section

// list names the conversations behind a figure.
func (l *look) list(v view, of briefing.Behind) (briefing.List, listPage, draw.Page, error) {
	ask := l.ask(v)
	ask.Named = mostRows
	page := draw.Page{Title: "Conversations behind a figure", About: []string{"As known on " + l.at.In(v.zone).Format("Monday, 2 January 2006, 15:04") + "; times of " + v.zone.String() + "."}}
	if l.own {
		page.Desk = l.policy.Name
	}
	if of.Kind.Now() {
		now, err := l.now(v, ask)
		if err != nil {
			return briefing.List{}, nil, page, err
		}
		return now.List(of), now.ListSection, page, nil
	}
	b, err := l.briefing(v, ask)
	if err != nil {
		return briefing.List{}, nil, page, err
	}
	if b.Comparison != nil && of.Kind != briefing.Oldest {
		page.About = append([]string{"About " + draw.NamesOf(b.Comparison.After).Title + "."}, page.About...)
	}
	return b.List(of), b.ListSection, page, nil
}

// evidence makes the page of a list.
func (d *desk) evidence(ctx context.Context, v view, of briefing.Behind) (draw.Page, error) {
	l, err := d.look(ctx)
	if err != nil {
		return draw.Page{}, err
	}
	defer l.done()
	list, section, page, err := l.list(v, of)
	if err != nil {
		return page, err
	}
	page.Title = list.Title
	narrow := []string{v.words()}
	if of.Promise > 0 {
		narrow = append(narrow, "Only the promise “"+l.policy.Targets[of.Promise-1].String()+"”.")
	}
	if of.Channel != nil {
		narrow = append(narrow, "Only on the channel "+channelName(nameOf(*of.Channel))+".")
	}
	if words := strings.TrimSpace(strings.Join(narrow, " ")); words != "" {
		page.About = append(page.About, words)
	}
	s := section(list, mostListed, v.list("/evidence.csv", of))
	s.Title = "The list"
	back := draw.Links{{Text: "Back to the dashboard", Address: v.address("/")}}
	s.Parts = append([]draw.Part{back}, s.Parts...)
	page.Sections = []draw.Section{s}
	page.Foot = "A conversation leads to what happened in it."
	return page, nil
}

// writeCSV prints a list as CSV.
func (d *desk) writeCSV(ctx context.Context, v view, of briefing.Behind, w io.Writer) error {
	l, err := d.look(ctx)
	if err != nil {
		return err
	}
	defer l.done()
	list, _, _, err := l.list(v, of)
	if err != nil {
		return err
	}
	return list.WriteCSV(w, v.zone)
}

// refusalPage says why there is no other page.
func refusalPage(r *refusal) draw.Page {
	titles := map[int]string{400: "That cannot be shown", 403: "Not from there", 404: "Not found", 405: "Not that way", 414: "Too long", 500: "The page could not be made", 503: "Too busy"}
	return draw.Page{
		Title: titles[r.status], About: []string{r.reason}, Foot: "Nothing was changed.",
		Sections: []draw.Section{{ID: "on", Title: "Where to go on", Parts: []draw.Part{draw.Links{{Text: "To the dashboard", Address: "/"}}}}},
	}
}
