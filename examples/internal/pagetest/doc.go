// Package pagetest checks pages of HTML without a browser. It is for tests of examples
// that print a page:
//
//	page := render(report)
//	pagetest.Check(t, page)
//	for _, f := range pagetest.Overlaps(page) {
//		t.Error(f)
//	}
//	pagetest.Contrast(t, pagetest.CSS(page), pagetest.Pair{Text: "--soft", Ground: "--card", Min: 4.5})
//	if !strings.Contains(pagetest.Text(page), "11 customers wait") { … }
//
// # What is checked
//
// [Check] and [Faults] read a page more strictly than a browser does. A fault is
//
//   - syntax: a tag that is not closed or closes nothing, an element where its parent may
//     not hold it, a repeated attribute, an unknown character reference, a control
//     character, bytes that are not UTF-8;
//   - the head: no doctype, language, character set or viewport, a viewport that forbids
//     zoom, not exactly one title;
//   - the outline: not exactly one h1, a level of headings left out, an empty heading,
//     no header or not exactly one main, anything visible outside landmarks;
//   - references: an id twice, and a link, label, description or url(#…) without target;
//   - tables: no caption, a th without scope or text, rows of unlike width;
//   - pictures: an svg that is neither hidden nor named, an img without alt, a negative
//     size;
//   - names: a link, button, summary, field or focusable box without one, a focusable
//     element that is hidden, a positive tabindex;
//   - what a file that is forwarded must not have: style and event attributes, scripts
//     unless [Script] or [Served] allows them, anything fetched from elsewhere, also by its CSS;
//   - the Content-Security-Policy of a meta element: hashes that are not those of the
//     style elements (and of scripts), which a browser answers with a bare page;
//   - CSS: braces that do not match, a custom property that is used and never set;
//   - faults of printing: NaN, Inf, ZgotmplZ, <nil> and what fmt writes for a wrong verb.
//
// [Classes] compares the classes of pages with those of their CSS, [Contrast] computes
// contrasts of custom properties in light and dark, [Overlaps] places the texts of charts
// roughly, and [Text] returns what a reader reads. Command pictures, beside this package,
// asks a browser for what only a browser knows.
package pagetest
