package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/chromium"
)

func TestNoBrowser(t *testing.T) {
	t.Setenv("PATH", "")
	t.Setenv("BROWSER", "firefox")
	for _, args := range [][]string{{}, {"-page", "report"}, {"-o", t.TempDir(), "page.html"}} {
		var stdout, stderr strings.Builder
		if status := run(t.Context(), args, &stdout, &stderr); status != exitDone || stderr.Len() > 0 {
			t.Errorf("%q: status %d, %s", args, status, stderr.String())
		}
		if said := stdout.String(); !strings.HasPrefix(said, "skipped: there is no Chromium") || strings.Count(said, "\n") != 1 {
			t.Errorf("%q: %q", args, said)
		}
	}
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "chromium"), []byte("#!/bin/sh\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("BROWSER", "")
	page := filepath.Join(dir, "page.html")
	if err := os.WriteFile(page, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"-h"}, exitDone, "look at the page of this name only: report"},
		{[]string{"-x"}, exitFailed, "not defined"},
		{[]string{"-page", "nobody"}, exitFailed, `no page "nobody"; there are report`},
		{[]string{"-page", "report", page}, exitFailed, "either -page or files"},
		{[]string{filepath.Join(dir, "none.html")}, exitFailed, "none.html"},
		{[]string{"-o", page}, exitFailed, "page.html"},
		{[]string{page}, exitFailed, "page: " + filepath.Join(dir, "chromium")}, // this one fails
	} {
		var stdout, stderr strings.Builder
		if status := run(t.Context(), tt.args, &stdout, &stderr); status != tt.status || !strings.Contains(stderr.String(), tt.want) {
			t.Errorf("%q: status %d, %s", tt.args, status, stderr.String())
		}
	}
}

// The pages of the table are of examples that are there, with files that are there.
func TestPages(t *testing.T) {
	examples, err := examplesDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		for _, file := range append([]string{"main.go"}, p.args...) {
			if filepath.Ext(file) == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join(examples, p.dir, file)); err != nil {
				t.Error(err)
			}
		}
	}
	all := names()
	slices.Sort(all)
	if len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("a name twice in %q", all)
	}
}

func TestConsoleLines(t *testing.T) {
	const log = `[1:2:1128/011752.256:ERROR:dbus/bus.cc:405] Failed
[20030:20030:1128/011752.256261:INFO:CONSOLE:1] "Error: a", source: about:srcdoc (1)
[20030:20030:1128/011752.256261:INFO:CONSOLE(12)] "b", source: x (12)
[20030:20030:1128/011753.256261:INFO:CONSOLE:1] "Error: a", source: about:srcdoc (1)
`
	want := []string{`"Error: a", source: about:srcdoc (1)`, `"b", source: x (12)`}
	if got := consoleLines(log); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestDecode(t *testing.T) {
	for dom, want := range map[string]string{
		"":                                     "shows nothing",
		`<pre id="result">`:                    "shows nothing",
		`<pre id="result"></pre>`:              "did not finish",
		`<pre id="result">{"error":"x"}</pre>`: "x",
	} {
		if _, err := decode([]byte(dom)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", dom, err)
		}
	}
	views, err := decode([]byte(`<pre id="result">{"views":[{"width":320,"faults":[{"check":"svg","where":"a &amp;&lt; b"}]}]}</pre>`))
	if err != nil || len(views) != 1 || views[0].Width != 320 || views[0].Faults[0].Where != "a &< b" {
		t.Errorf("%v, %v", views, err)
	}
}

func TestCut(t *testing.T) {
	whole := image.NewRGBA(image.Rect(3, 3, 13, 13))
	whole.Set(7, 8, color.White)
	piece := cut(whole, image.Rect(2, 4, 6, 7))
	if size := piece.Bounds(); size != image.Rect(0, 0, 4, 3) {
		t.Errorf("%v", size)
	}
	for x := range 4 {
		for y := range 3 {
			if white := piece.At(x, y) == (color.RGBA{255, 255, 255, 255}); white != (x == 2 && y == 1) {
				t.Errorf("%d, %d: %v", x, y, piece.At(x, y))
			}
		}
	}
}

// withBrowser returns a browser, or skips the test.
func withBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium.Find()
	if path == "" {
		t.Skip("there is no Chromium or Chrome here")
	}
	if os.Getenv("TEST_BROWSER") == "" {
		t.Skip("a browser takes seconds; set TEST_BROWSER to start one")
	}
	return &browser{path: path}
}

// document returns a page without faults but for what it is made of.
func document(css, body string) string {
	css = ":root{color-scheme:light dark;--ink:#000;--page:#fff}@media screen and (prefers-color-scheme:dark){:root{--ink:#fff;--page:#000}}" +
		"body{margin:0;font:16px/1.5 sans-serif;background:var(--page);color:var(--ink)}svg text{font:11px sans-serif;fill:var(--ink)}" + css
	sum := sha256.Sum256([]byte(css))
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-` +
		base64.StdEncoding.EncodeToString(sum[:]) + `'"><meta name="viewport" content="width=device-width"><title>x</title><style>` + css +
		`</style></head><body><header><h1>Desk</h1></header><main>` + body + `</main></body></html>`
}

func TestCheck(t *testing.T) {
	b := withBrowser(t)
	const hidden = `.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}`
	for _, tt := range []struct {
		name, page string
		want       []string // check, where it is, and the views
	}{
		{"good", document(hidden+".scroll{overflow:auto;white-space:nowrap}.pale{color:#767676}.off{position:absolute;left:-999px;color:var(--page)}.tiny{width:1px;height:1px;overflow:hidden}.gone{position:absolute;clip-path:inset(50%);color:var(--page)}.top{position:fixed;top:2rem;margin:0}.sheet{display:none}.halo{paint-order:stroke;stroke:var(--page);stroke-width:3px}.wide{width:30rem}svg .on{fill:#fff}nav{position:sticky;top:0}"+
			"@media print{@page{margin:5mm}.scroll{white-space:normal}.wide{width:auto}.sheet{display:block;width:750px}}",
			`<p class="tiny">hidden by its size alone</p><p class="gone">hidden by its clip alone</p><p class="top">laid over</p><p class="sheet">as wide as a sheet</p><a href="#a" class="off">Skip</a><nav aria-label="x"><a href="#a">a</a></nav><p id="a" class="vh">hidden on purpose, however long it is</p>`+
				`<div class="scroll card" tabindex="0" role="group" aria-label="wide"><p class="wide">a box that scrolls</p></div>`+
				`<details><summary>more</summary><p>less</p></details>`+
				`<svg viewBox="0 0 300 60" width="300" role="img" aria-label="y"><rect width="100" height="60" fill="#000"/><text class="halo" x="9" y="20">on black</text><text x="160" y="20">beside</text><text class="on" x="9" y="45">on black</text></svg>`),
			nil},
		{"wide", document(".wide{width:760px}.hide{overflow:hidden;width:4em;white-space:nowrap}.over{margin-top:-2.2em}.cut{overflow:auto;width:6em;white-space:nowrap}",
			`<p class="wide">wide</p><p class="hide">hides what it has</p><p>Monday</p><p class="over">Tuesday</p><details><summary>more</summary><p class="hide">hides it too</p></details>`+
				`<div class="cut" tabindex="0" role="group" aria-label="cut">a table that scrolls</div>`),
			[]string{
				"sideways|p.wide “wide”|320 light,320 light opened,320 dark,320 dark opened,paper,paper opened",
				"clipped|p.hide “hides what it has”|",
				"clipped|p.hide “hides it too”|320 light opened,320 dark opened,1280 light opened,1280 dark opened,paper opened",
				"clipped|div.cut “a table that scrolls”|paper,paper opened",
				"overlap|p “Monday” and p.over “Tuesday”|",
			}},
		{"drawn", document(".card{width:200px}.out{width:210px}.pale{color:#888}@media screen and (prefers-color-scheme:dark){.pale{color:#444}.chart text{fill:#ccc}}.large{font-size:24px}.faint{opacity:.3}td.tight{max-width:2em}.tight span{white-space:nowrap}"+
			"@media print{.pale,.faint{color:#000;opacity:1}.out{width:auto}}",
			`<div class="card"><p class="out">out of the card</p></div><p class="pale">pale</p><p class="pale large">large</p><div class="faint"><p>faint</p></div>`+
				`<svg class="chart" viewBox="0 0 300 60" width="300" role="img" aria-label="y"><rect width="300" height="60" fill="#ccc"/><text x="9" y="20">eleven</text><text x="30" y="22">twelve</text><text x="290" y="40">thirteen</text></svg>`),
			[]string{
				"svg|text “eleven” and text “twelve”|", "svg|text “thirteen”|",
				"card|p.out “out of the card”|320 light,320 light opened,1280 light,1280 light opened,320 dark,320 dark opened,1280 dark,1280 dark opened",
				"contrast|p.pale “pale”|320 light,320 light opened,1280 light,1280 light opened,320 dark,320 dark opened,1280 dark,1280 dark opened",
				"contrast|p.pale.large “large”|320 dark,320 dark opened,1280 dark,1280 dark opened",
				"contrast|p “faint”|320 light,320 light opened,1280 light,1280 light opened,320 dark,320 dark opened,1280 dark,1280 dark opened",
				"contrast|text “eleven”|320 dark,320 dark opened,1280 dark,1280 dark opened",
				"contrast|text “twelve”|320 dark,320 dark opened,1280 dark,1280 dark opened",
				"contrast|text “thirteen”|320 dark,320 dark opened,1280 dark,1280 dark opened",
			}},
		{"bare", strings.Replace(document(".scroll{overflow:auto;white-space:nowrap;width:6em}",
			`<button class="go"><span aria-hidden="true">x</span></button>`), "body{", "body {", 1),
			[]string{"structure||", "structure||", "structure||", "styles|style sheet 1|", "names|button.go “x”|", "console||"}},
		{"unnamed", document(".scroll{overflow:auto;white-space:nowrap;width:6em}",
			`<div class="scroll">a box that scrolls</div><div class="scroll" tabindex="0" role="group">another one of these</div><svg aria-hidden="true"><rect width="-3"/></svg>`),
			[]string{"structure||", "structure||", "scroll|div.scroll “a box that scrolls”|320 light,320 light opened,1280 light,1280 light opened,320 dark,320 dark opened,1280 dark,1280 dark opened",
				"scroll|div.scroll “another one of these”|320 light,320 light opened,1280 light,1280 light opened,320 dark,320 dark opened,1280 dark,1280 dark opened",
				"clipped|div.scroll “a box that scrolls”|paper,paper opened", "clipped|div.scroll “another one of these”|paper,paper opened", "console||"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := b.check(t.Context(), tt.page, []int{320, 1280})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range r.findings {
				got = append(got, f.check+"|"+f.where+"|"+strings.Join(f.views, ","))
			}
			sorted := func(s []string) []string { s = slices.Clone(s); slices.Sort(s); return s }
			for i := range tt.want { // views in the order of the frames
				tt.want[i] = inOrder(tt.want[i])
			}
			for i := range got {
				got[i] = inOrder(got[i])
			}
			if !slices.Equal(sorted(got), sorted(tt.want)) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(sorted(got), "\n"), strings.Join(sorted(tt.want), "\n"))
				r.print(os.Stderr, tt.name)
			}
			if r.looked["contrast"] < 10 || r.looked["styles"] != 10 || r.heights["dark"][320] == 0 {
				t.Errorf("looked %v, heights %v", r.looked, r.heights)
			}
		})
	}
}

// inOrder sorts the views of a finding.
func inOrder(finding string) string {
	at := strings.LastIndex(finding, "|") + 1
	views := strings.Split(finding[at:], ",")
	slices.Sort(views)
	return finding[:at] + strings.Join(views, ",")
}

// A picture shows the part of the page that was asked for, in the scheme asked for.
func TestPicture(t *testing.T) {
	t.Parallel()
	b := withBrowser(t)
	page := document("header{display:none}.a{height:1000px;background:#f00}.b{height:1000px;background:#00f}@media screen and (prefers-color-scheme:dark){.b{background:#0f0}}", `<div class="a"></div><div class="b"></div>`)
	shot, err := b.picture(t.Context(), page, 390, 2000, 900, "dark")
	if err != nil {
		t.Fatal(err)
	}
	if size := shot.Bounds(); size != image.Rect(0, 0, 390, 1100) {
		t.Errorf("%v", size)
	}
	for at, want := range map[image.Point]color.RGBA{
		{0, 0}: {255, 0, 0, 255}, {389, 99}: {255, 0, 0, 255}, {0, 101}: {0, 255, 0, 255}, {389, 1099}: {0, 255, 0, 255},
	} {
		if got := shot.At(at.X, at.Y); got != want {
			t.Errorf("%v is %v, want %v", at, got, want)
		}
	}
}

// A page is written piece by piece, and as it is printed. What is left of another page
// goes.
func TestShoot(t *testing.T) {
	t.Parallel()
	b := withBrowser(t)
	base := filepath.Join(t.TempDir(), "desk")
	old := []string{base + "-a4-9.png", base + "-390-light-9.png"}
	for _, name := range old {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page := document("", "<p>x</p>")
	written, err := b.whole(t.Context(), page, 390, 3601, "light", base)
	if err != nil || !slices.Equal(written, []string{base + "-390-light-1.png", base + "-390-light-2.png", base + "-390-light-3.png"}) {
		t.Fatalf("%q, %v", written, err)
	}
	for i, name := range written {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		size, err := png.DecodeConfig(f)
		f.Close()
		if want := []int{1800, 1800, 1}[i]; err != nil || size.Width != 390 || size.Height != want {
			t.Errorf("%s: %d × %d, %v", name, size.Width, size.Height, err)
		}
	}
	written, err = b.paper(t.Context(), page, base)
	if err != nil || written[0] != base+".pdf" {
		t.Fatalf("%q, %v", written, err)
	}
	if len(written) == 1 {
		old = old[1:] // no pdftoppm
	}
	for _, name := range old {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s is left", name)
		}
	}
	for _, name := range written {
		data, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(data, []byte("%PDF")) && !bytes.HasPrefix(data, []byte("\x89PNG")) {
			t.Errorf("%s begins with %q, %v", name, data[:min(9, len(data))], err)
		}
	}
	if _, err := b.shoot(t.Context(), page, &result{}, base); err == nil {
		t.Error("a page without height")
	}
}

// A browser that hangs ends with its children, and leaves no files.
func TestRunEnds(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		t.Skip("no shell here")
	}
	dir := t.TempDir()
	slow := filepath.Join(dir, "chromium")
	if err := os.WriteFile(slow, []byte(fmt.Sprintf("#!/bin/sh\nsleep 60 &\necho $! >%s/child\nwait\n", dir)), 0o755); err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(dir, "temp")
	if err := os.Mkdir(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, _, err := (&browser{path: slow}).run(ctx, "<p>")
		done <- err
	}()
	var child []byte
	for !bytes.HasSuffix(child, []byte("\n")) {
		time.Sleep(5 * time.Millisecond)
		child, _ = os.ReadFile(filepath.Join(dir, "child"))
	}
	cancel()
	if err := <-done; err == nil {
		t.Error("no error")
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	state, err := os.ReadFile("/proc/" + strings.TrimSpace(string(child)) + "/stat")
	if err == nil && !strings.Contains(string(state), ") Z ") {
		t.Errorf("the child runs: %s", state)
	}
}
