package pagetest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// A recorder is a test that notes its errors.
type recorder struct {
	testing.TB
	errors []string
}

func (*recorder) Helper() {}

func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }

// good returns a page without fault.
func good(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("testdata/page.html")
	if err != nil {
		t.Fatal(err)
	}
	return rehash(strings.ReplaceAll(string(page), "\r\n", "\n"))
}

// rehash writes the hash of the style sheet into the policy of the page.
func rehash(page string) string {
	_, sheet, _ := strings.Cut(page, "<style>")
	sheet, _, _ = strings.Cut(sheet, "</style>")
	sum := sha256.Sum256([]byte(sheet))
	return strings.Replace(page, "HASH", base64.StdEncoding.EncodeToString(sum[:]), 1)
}

func TestCheckPasses(t *testing.T) {
	page := good(t)
	Check(t, page)
	Check(t, strings.ReplaceAll(page, "\n", "\r\n"))
	Check(t, strings.Replace(page, "<!DOCTYPE html>", "<!doctype HTML>", 1))
	Check(t, strings.Replace(page, `<p>the desk</p>`, `<!-- a > b --><!-- c --><p>the desk <b title='a "b" > c'>ok</b> 3 &lt; 4 &#8211; NaNcy, Infinity</p>`, 1))
	Check(t, strings.Replace(page, "<h3>By week</h3>", "", 1))
	Check(t, strings.Replace(page, "<footer><p>Made today.</p></footer>", `<div role="contentinfo"><p>Made today.</p></div>`, 1))
	open := strings.Replace(page, "default-src 'none'; ", "", 1)
	Check(t, strings.Replace(open, "</ul>", "<script>1</script></ul>", 1), Script)
	Check(t, strings.Replace(open, "<p>Made today.</p>", `<p>Made today.</p><script>"<p>" < 1</script>`, 1), Script)
	Check(t, strings.Replace(page, "style-src 'sha", "script-src 'none'; style-src 'none' 'sha", 1))
	Check(t, strings.Replace(page, "<button>Show</button>", `<button><img src="data:image/png;base64,AAAA" alt="Show"></button><label>To <select name="to"><option>now</option></select></label><input type="submit"><input type="hidden" name="x">`, 1))
	Check(t, strings.Replace(page, "</table>", "</table><table><caption>b</caption><tbody><tr>\n<th scope=\"row\" rowspan=\"3\">a</th>\n<td>1</td>\n</tr><tr><td>2</td></tr><tr><td>3</td></tr></tbody><tbody><tr><th scope=\"row\">b</th><td>4</td></tr></tbody></table>", 1))
	Check(t, strings.Replace(page, "</nav>", "</nav><aside><header><p>beside</p></header></aside>", 1))
	Check(t, strings.Replace(page, "<h2>People</h2>", "<header><h2>People</h2></header>", 1))
	Check(t, strings.Replace(page, `action="" aria-label="Filter"`, `action="" aria-label="People"`, 1))
	Check(t, strings.Replace(page, `<link rel`, `<meta http-equiv="refresh" content="30"><link rel`, 1))
	Check(t, strings.Replace(page, `<p>Nobody.</p>`, `<div hidden aria-hidden="true"><a href="/">x</a></div><p><a href="/" title="Back">&nbsp;</a></p>`, 1))
	Check(t, strings.Replace(strings.Replace(page, "default-src 'none'; ", "", 1), "style-src", "img-src 'none'; x-src", 1))
	Check(t, strings.Replace(page, "<p>Nobody.</p>", `<p><a href="/x"><svg aria-hidden="true"></svg><span aria-label="back"></span></a></p>`, 1))
}

// Each page has one fault, or those that come with it.
func TestCheckFails(t *testing.T) {
	page := good(t)
	tests := []struct {
		old, new string   // what is replaced in the good page
		want     []string // of each fault
	}{
		// Syntax.
		{"<!DOCTYPE html>\n", "", []string{"no <!DOCTYPE html>"}},
		{"</ul>", "", []string{"line 28, <ul>: not closed before </section> in line 42", "<dl>: may not stand in <ul>", "<h3>: may not stand in <ul>", "<figure>: may not stand", "<img", "<svg"}},
		{"<h3>By week</h3>", "<h3>By week</h3></b>", []string{"line 32: </b> closes nothing"}},
		{"</html>", "", []string{"<html lang=\"en\">: not closed"}},
		{"<!DOCTYPE html>", "<!DOCTYPE html><!-- ", []string{"a comment that does not end", "0 elements <html>", "0 elements <head>", "0 elements <body>", "0 elements <h1>", "0 titles", "no character set", "no viewport", "role banner", "role main"}},
		{"<p>Nobody.</p>", "<p>1 < 2</p>", []string{`a bare < before "2"`}},
		{"<p>Nobody.</p>", "<p>&nbps; R&D, &amp x</p>", []string{"&nbps; stands for no character", "&amp without a semicolon"}},
		{"<p>Nobody.</p>", "<p>a\x07\x7f\u0085</p>", []string{"line 53: a control character U+0007", "control character U+007F", "control character U+0085"}},
		{"<p>Nobody.</p>", "<p>\xff</p>", []string{"a byte 0xff that is not UTF-8"}},
		{"<p>Nobody.</p>", `<p id=a id=b>Nobody.</p>`, []string{"attribute id twice"}},
		{"<p>Nobody.</p>", `<p title="a"b>Nobody.</p>`, []string{"not a well-formed tag", "</p> closes nothing"}},
		{"<p>Nobody.</p>", `<p>Nobody.</p><div/>`, []string{"close themselves"}},
		{"<p>Nobody.</p>", `<p>Nobody.</p><textarea aria-label="a">`, []string{"<textarea aria-label=\"a\">: not closed", "<html lang=\"en\">: not closed", "<body>: not", "<main>: not", "<section aria-label=\"People\">: not", "<details>: not"}},
		{"</html>", "</html", []string{"a tag that does not end", "<html lang=\"en\">: not closed"}},
		// Nesting.
		{"<p>Nobody.</p>", "<p>Nobody.<span><div>x</div></span></p>", []string{"<div>: may not stand in <span>"}},
		{"<p>Nobody.</p>", "<p>Nobody.<ul><li>x</li></ul></p>", []string{"<ul>: may not stand in <p>"}},
		{"</ul>", "<p>x</p></ul>", []string{"<p>: may not stand in <ul>"}},
		{"</ul>", "x</ul>", []string{`text "x`}},
		{"<p>Nobody.</p>", "<li>Nobody.</li>", []string{"<li>: may not stand in <details>"}},
		{"<p>Nobody.</p>", `<a href="/"><button>x</button></a>`, []string{"<button>: may not stand in <a>"}},
		{"<button>Show</button>", `<form action="" aria-label="x"><button>Show</button></form>`, []string{"may not stand in <form>"}},
		{"<tbody>", "<tbody><td>1</td>", []string{"<td>: may not stand in <tbody>"}},
		{"</head>", `</head><p>x</p>`, []string{"<p>: may not stand in <html>"}},
		{"</html>", `</html><p>x</p>`, []string{"<p>: stands outside <html>"}},
		{"<p>Nobody.</p>", "<style></style>", []string{"<style>: may not stand in <details>", "does not allow 'sha256-47DEQ"}},
		{"<tbody>", "<tbody><tr><p>1</p></tr>", []string{"<p>: may not stand in <tr>", "a row of 0 columns"}},
		{`<p>Made`, `<p id=a id=b style="">Made`, []string{"attribute id twice", "a style attribute"}},
		// The head.
		{` lang="en"`, "", []string{"no lang"}},
		{`<meta charset="utf-8">`, "", []string{"no character set"}},
		{`charset="utf-8"`, `charset="latin1"`, []string{"not utf-8"}},
		{`<meta charset="utf-8">`, `<!--` + strings.Repeat(" ", 1024) + `--><meta charset="utf-8">`, []string{"after the first 1024 bytes"}},
		{`<meta name="viewport" content="width=device-width, initial-scale=1">`, "", []string{"no viewport"}},
		{"width=device-width, ", "", []string{"no width=device-width"}},
		{"initial-scale=1", "user-scalable=no", []string{"forbids zoom"}},
		{"initial-scale=1", "maximum-scale=1", []string{"forbids zoom"}},
		{"<title>Service quality: the desk</title>", "", []string{"0 titles"}},
		{"<title>Service quality: the desk</title>", "<title> </title>", []string{"an empty title"}},
		{"</title>", "</title><title>b</title>", []string{"2 titles"}},
		// The outline.
		{"<h1>Service quality</h1>", "", []string{"a heading of level 2 follows one of level 0", "0 elements <h1>"}},
		{"<h2>People</h2>", "<h1>People</h1>", []string{"2 elements <h1>"}},
		{"<h3>By week</h3>", "<h4>By week</h4>", []string{"a heading of level 4 follows one of level 2"}},
		{"<h3>By week</h3>", `<h3><span aria-hidden="true">By week</span></h3>`, []string{"an empty heading"}},
		// Landmarks.
		{"<p>the desk</p>\n<h1>Service quality</h1>\n</header>", "<h1>Service quality</h1></header><p>the desk</p>", []string{`text "the desk" stands in no landmark`}},
		{"<header>\n<p>the desk</p>\n<h1>Service quality</h1>\n</header>", `<main><h1>Service quality</h1></main>`, []string{"no landmark of role banner", "a second landmark of role main"}},
		{"</main>", `</main><svg role="img" aria-label="x"></svg>`, []string{"stands in no landmark"}},
		{"</main>", `</main><a href="#short">again</a>`, []string{`text "again" stands in no landmark`}},
		{"<footer>", "<footer></footer><footer>", []string{"a second landmark of role contentinfo"}},
		{`<section aria-label="People">`, `<section aria-label="In short">`, []string{`role region has the same name "In short"`}},
		{"</html>", "</>", []string{"</> closes nothing", "<html lang=\"en\">: not closed"}},
		{"</nav>", `</nav><nav aria-label="On this page"></nav>`, []string{"the same name"}},
		{`<main>`, `<div role="presentation">`, []string{"no landmark of role main", "</main> closes nothing", "not closed before </body>"}},
		{`<header>`, `<header role="presentation">`, []string{"no landmark of role banner", `text "the desk" stands`, `text "Service quality" stands`}},
		// References.
		{`<p>Made`, `<p id="short">Made`, []string{`id "short" stands in line 26 too`}},
		{`<p>Made`, `<p id="a b">Made`, []string{`id "a b" is empty or has a space`}},
		{`<a href="#short">In`, `<a href="#shirt">In`, []string{`href names "shirt"`}},
		{`aria-labelledby="h-short"`, `aria-labelledby="h-shirt"`, []string{`aria-labelledby names "h-shirt"`}},
		{`<p>Made`, `<p aria-describedby="x">Made`, []string{`aria-describedby names "x"`}},
		{`<p>Made`, `<p aria-describedby="">Made`, []string{`aria-describedby is empty`}},
		{`<label for="zone">Zone</label>`, `<output for="zone">Zone</output>`, []string{"has no name"}},
		{`for="zone"`, `for="zones"`, []string{`for names "zones"`, "has no name"}},
		{`fill="url(#lines)"`, `fill="url(#line)"`, []string{`fill names "line"`}},
		// Tables.
		{`<th scope="col">Agent`, `<th>Agent`, []string{`<th>: scope ""`}},
		{`<th scope="col">Agent`, `<th scope="column">Agent`, []string{`scope "column"`}},
		{`>Agent<`, `><`, []string{"a header without text"}},
		{"<caption>By agent</caption>", "", []string{"no caption"}},
		{"<caption>By agent</caption>", "<caption> </caption>", []string{"an empty caption"}},
		{"</tbody>", "</tbody><caption>By agent</caption>", []string{"a caption is the first"}}, // there are two
		{"<td>–</td>", "", []string{"a row of 2 columns in a table of 3"}},
		{`<td colspan="2">none</td>`, `<td>none</td>`, []string{"a row of 2 columns in a table of 3"}},
		{`rowspan="2"`, `rowspan="3"`, []string{"<table>: a cell reaches below its rows"}},
		{`<th scope="col">Agent`, `<th scope="col" rowspan="2">Agent`, []string{"<tbody>: a cell above reaches below its rows"}},
		{"</tbody>", "<tr><td>1</td><td>2</td></tr></tbody>", []string{"a row of 2 columns in a table of 3"}},
		{`colspan="2"`, `colspan="two"`, []string{`colspan "two"`, "a row of 2 columns in a table of 3"}},
		{`<table>`, `<table role="presentation">`, []string{"a table for the look"}},
		// Pictures.
		{` aria-label="a dot"`, ``, []string{"has no label"}},
		{` role="img" aria-label="a dot"`, ` aria-label="a dot"`, []string{`role "", want img`}},
		{`<title id="c-t">First answer</title><desc id="c-d">week of 5 Jan: 54 s</desc>`, `<title id="c-t"></title><desc id="c-d"></desc>`, []string{"has no label"}},
		{` alt=""`, "", []string{"no alt"}},
		{`width="9" height="12"`, `width="9" height="-12"`, []string{"height is negative"}},
		// Names.
		{`>Q-0005<`, `> <`, []string{"has no name"}},
		{`>Show<`, `><span aria-hidden="true">x</span><`, []string{"<button>: has no name"}},
		{`<p>Nobody.</p>`, `<p><a href="/" title=" "></a></p>`, []string{"has no name"}},
		{`<summary>Others</summary><p>Nobody.</p>`, `<p>Nobody.</p><summary>Others</summary>`, []string{"does not begin with a summary"}},
		{`>Others<`, `><`, []string{"<summary>: has no name"}},
		{`<summary>Others</summary>`, ``, []string{"does not begin with a summary"}},
		{` tabindex="0" aria-label="People"`, ` tabindex="0"`, []string{"has no name"}},
		{`role="group" tabindex="0"`, `tabindex="0"`, []string{"can be focused and has no role"}},
		{`tabindex="0"`, `tabindex="3"`, []string{`tabindex "3" changes the order`}},
		{`<p>Nobody.</p>`, `<p aria-hidden="true"><a href="/">x</a></p>`, []string{"can be focused and is not read aloud"}},
		{`href="https://desk.example/tickets/Q-0005?a=1&amp;b=2"`, `href="#"`, []string{"a link to nowhere"}},
		{`href="https://desk.example/tickets/Q-0005?a=1&amp;b=2"`, ``, []string{"a link to nowhere"}},
		// What a page must not have.
		{`<p>Made`, `<p style="color:red">Made`, []string{"a style attribute"}},
		{`<p>Made`, `<p onclick="x()">Made`, []string{"an event attribute onclick"}},
		{`<p>Made today.</p>`, `<script></script>`, []string{"a script", "does not allow"}},
		{`data:image/png;base64,AAAA`, `https://elsewhere.example/a.png`, []string{"src is another file"}},
		{`data:image/png;base64,AAAA`, `a.png`, []string{"src is another file"}},
		{`data:image/png;base64,AAAA`, `//elsewhere.example/a.png`, []string{"src is another file"}},
		{`href="data:,"`, `href="icon.png"`, []string{"href is another file"}},
		{`action=""`, `action="https://elsewhere.example/"`, []string{"action is another file"}},
		{`href="https://desk`, `href="javascript:alert(1)//desk`, []string{"a link to nowhere", "a link by javascript:"}},
		{`href="https://desk`, `href="ftp://desk`, []string{"a link by ftp:"}},
		{`<p>Nobody.</p>`, `<iframe title="x"></iframe>`, []string{"holds or changes"}},
		{`<link rel`, `<meta http-equiv="refresh" content="0; url=/x"><link rel`, []string{"leads elsewhere"}},
		// Printing.
		{"11 customers", "NaN customers", []string{`"NaN": no number`}},
		{"11 customers", "+Inf customers", []string{`"+Inf": no number`}},
		{"11 customers", "%!d(string=x) customers", []string{"a wrong verb"}},
		{"11 customers", "11 customers %!(EXTRA int=1)", []string{"a wrong verb"}},
		{"11 customers", "&lt;nil&gt; customers", []string{`"<nil>": a nil`}},
		{"11 customers", "{{.N}} customers", []string{`"{{": an action`}},
		{`x="46"`, `x="NaN"`, []string{`x "NaN": no number`}},
		{`class="hatch"`, `class="ZgotmplZ"`, []string{`class "ZgotmplZ"`}},
		// The policy.
		{"body{", "main{", []string{"does not allow", "which is no <style> of the page"}},
		{"style-src 'sha", "style-src 'unsafe-inline' 'sha", []string{"allows what anybody writes"}},
		{"'sha256-", "'sha256-AAAA' 'sha256-", []string{"has 'sha256-AAAA', which"}},
		{`'">` + "\n" + `<meta name="viewport"`, `' 'sha256-AAAA'"><meta name="viewport"`, []string{"has 'sha256-AAAA', which"}},
		{"style-src", "img-src", []string{"does not allow"}},
		{"<meta charset", "<style></style><meta charset", []string{"does not allow", "comes before the policy"}},
	}
	for _, tt := range tests {
		if !strings.Contains(page, tt.old) {
			t.Errorf("%q is not in the page", tt.old)
		}
		fails(t, strings.Replace(page, tt.old, tt.new, 1), tt.new, tt.want)
	}
}

// What is wrong with a style sheet is found though its hash is right.
func TestCheckStyles(t *testing.T) {
	page, err := os.ReadFile("testdata/page.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		old, new string
		want     []string
	}{
		{".hatch{", ".hatch{color:red}{", nil},
		{"url(#lines)", `url("#lines")`, nil},
		{"sans-serif}", "sans-serif", []string{"braces do not match"}},
		{"sans-serif}", "sans-serif}}", []string{"braces do not match"}},
		{"sans-serif}", "sans-serif;content:\"}", []string{"a string that does not end"}},
		{"sans-serif}", "sans-serif}/* a */a{b:var(--no)}/* b */", []string{"--no is used"}},
		{"sans-serif}", "sans-serif}/* ", []string{"a comment that does not end"}},
		{"sans-serif}", "sans-serif;width:calc(1px}", []string{"brackets do not match"}},
		{"url(#lines)", "url(#line)", []string{`line 13, .hatch: fill names "line"`}},
		{"url(#lines)", "url(a.png)", []string{`fill fetches "a.png"`}},
		{"url(#lines)", "URL( 'https://elsewhere.example/a')", []string{`fill fetches "https://elsewhere.example/a"`}},
		{"url(#lines)", "url(data:image/png;base64,AA)", []string{`fill fetches "data:`}},
		{"body{", `@import "a.css";body{`, []string{"fetches a file"}},
		{"body{", `@font-face{font-family:a}body{`, []string{"fetches a file"}},
		{"var(--ink)", "var(--inc)", []string{"line 11, body: --inc is used and never set"}},
		{"var(--ink)", "var(--ink) var(--inc)", []string{"line 11, body: --inc is used and never set"}},
		{"body{", "/* a\n\nb */body{a:var(--inc);", []string{"line 13, body: --inc is used and never set"}},
		{"body{", "a/**/b{}body{", nil},
		{"var(--card, #fff)", "var(--cart, #fff)", nil},
		{"body{", "@media print{@page{margin:1mm}\na{b:var( --no )}}body{", []string{"line 12, a: --no is used"}},
	} {
		fails(t, rehash(strings.Replace(string(page), tt.old, tt.new, 1)), tt.new, tt.want)
	}
}

// fails checks that a page has the wanted faults and no others.
func fails(t *testing.T, page, change string, want []string) {
	t.Helper()
	r := &recorder{TB: t}
	Check(r, page)
	if !slices.IsSortedFunc(Faults(page), func(a, b Fault) int { return a.Line - b.Line }) {
		t.Errorf("%s: not in the order of lines: %q", short(change), r.errors)
	}
	for _, w := range want {
		found := false
		for _, e := range r.errors {
			found = found || strings.Contains(e, w)
		}
		if !found {
			t.Errorf("%s: no fault %q in %q", short(change), w, r.errors)
		}
	}
	for _, e := range r.errors {
		known := false
		for _, w := range want {
			known = known || strings.Contains(e, w)
		}
		if !known {
			t.Errorf("%s: %s", short(change), e)
		}
	}
}

func TestFaultString(t *testing.T) {
	for want, f := range map[string]Fault{
		"line 3: a":           {3, "", "a"},
		"line 3, <p>: no end": {3, "<p>", "no end"},
	} {
		if got := f.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestShort(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " a\n b ": "a b", strings.Repeat("é", 70): strings.Repeat("é", 70), strings.Repeat("é", 71): strings.Repeat("é", 70) + "…",
	} {
		if got := short(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// No page makes the reader panic or takes it long.
func FuzzFaults(f *testing.F) {
	page, err := os.ReadFile("testdata/page.html")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(page))
	for _, s := range []string{"", "<", "</", "<a", "<!--", "<svg><text>", "<style>@media{", "<style>a:b", "<p a='", "&#;", "<table><tr><td colspan=99>", "<svg viewBox='0 0 9 9'><text transform='rotate('>a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		for _, fault := range Faults(page, Script) {
			if fault.Line < 1 || fault.Line > strings.Count(page, "\n")+1 || fault.What == "" {
				t.Errorf("%v", fault)
			}
		}
		Overlaps(page)
		Classes(page, page)
		if text := Text(page); strings.Contains(text, "\n\n") || strings.Contains(text, "\u00a0") {
			t.Errorf("text %q", text)
		}
	})
}

// A page of a server may have a script of that server, if its policy allows it.
func TestServed(t *testing.T) {
	page := strings.Replace(good(t), "<style>", `<script src="/live.js" defer></script><style>`, 1)
	allowed := strings.Replace(page, "style-src", "script-src 'self'; style-src", 1)
	Check(t, allowed, Served)
	for _, tt := range []struct {
		page, want string
		allowed    []Allowance
	}{
		{page, "does not allow scripts of its server", []Allowance{Served}},
		{allowed, "a script", nil},
		{allowed, "src is another file", []Allowance{Script}},
		{strings.Replace(allowed, `"/live.js"`, `"//elsewhere.example/live.js"`, 1), "src is another file", []Allowance{Served}},
		{strings.Replace(allowed, `"/live.js"`, `"/\elsewhere.example/live.js"`, 1), "src is another file", []Allowance{Served}},
		{strings.Replace(allowed, `"/live.js"`, `"https://elsewhere.example/live.js"`, 1), "a script", []Allowance{Served}},
		{strings.Replace(allowed, `<script src="/live.js" defer>`, "<script>1", 1), "a script", []Allowance{Served}},
		{strings.Replace(allowed, "script src", "img alt=\"\" src", 1), "src is another file", []Allowance{Served}},
	} {
		if faults := Faults(tt.page, tt.allowed...); !slices.ContainsFunc(faults, func(f Fault) bool { return strings.Contains(f.What, tt.want) }) {
			t.Errorf("%q: %v", tt.want, faults)
		}
	}
}
