package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/servicequality/servicequality/examples/internal/chromium"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

var pictures = flag.String("pictures", "", "write pictures of pages into a `directory`")

// A visitor is a browser at a desk.
type visitor struct {
	*testing.T
	ctx    context.Context
	desk   *desk
	server *server
	url    string
	down   atomic.Bool // whether the server answers nothing

	mu       sync.Mutex
	console  []string
	requests []string
}

// scratch returns a directory for a browser, which may write to it for a moment after its
// end.
func scratch(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	return dir
}

// visit starts a browser, if there is one.
func visit(t *testing.T) *visitor {
	t.Helper()
	path := chromium.Find()
	if path == "" {
		t.Skip("there is no Chromium or Chrome here, so no page was looked at")
	}
	if os.Getenv("TEST_BROWSER") == "" {
		t.Skip("a browser takes its time; set TEST_BROWSER to start one")
	}
	v := &visitor{T: t, desk: sampleDesk(t)}
	v.server = serverOf(t, v.desk)
	v.server.every = 100 * time.Millisecond
	handler := v.server.handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if v.down.Load() {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	v.url = server.URL
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(scratch(t)), chromedp.WindowSize(1280, 900),
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-device-scale-factor", "1"),
		chromedp.Env("HOME="+scratch(t), "DBUS_SESSION_BUS_ADDRESS=disabled:"),
	)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Second)
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	ctx, leave := chromedp.NewContext(ctx, chromedp.WithListener(v.note))
	v.ctx = ctx
	t.Cleanup(func() {
		leave()
		end()
		cancel()
		server.CloseClientConnections()
		server.Close()
	})
	v.do(call(log.Enable, cdp.Empty{}), call(network.Enable, network.EnableParams{}))
	return v
}

// note writes down what is said on the console and asked for.
func (v *visitor) note(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		v.console = append(v.console, fmt.Sprint(e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		v.console = append(v.console, fmt.Sprint(e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		v.console = append(v.console, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		v.requests = append(v.requests, e.Request.URL)
	}
}

// said returns what was said on the console, and forgets it.
func (v *visitor) said() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	said := v.console
	v.console = nil
	return said
}

func (v *visitor) do(actions ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	if err := chromedp.Do(v.ctx, actions...); err != nil {
		v.Fatal(err)
	}
}

// call is a command to the browser, whose answer says nothing.
func call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// runs runs a script, whose value nobody asks for.
func runs(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[any](text+"; null")(ctx, t)
		return err
	})
}

func (v *visitor) open(address string) {
	v.Helper()
	v.do(chromedp.Navigate(v.url + address))
	v.until("a page", "document.querySelector('footer') !== null")
}

// click clicks in the middle of an element, and waits for another one.
func (v *visitor) click(selector, then string) {
	v.Helper()
	at := value[[]float64](v, "(() => { const e = document.querySelector(`"+selector+"`); e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()")
	v.do(chromedp.MouseClickXY(at[0], at[1]))
	if then != "" {
		v.until(then, "document.querySelector(`"+then+"`) !== null")
	}
}

// back goes to the page before.
func (v *visitor) back(to string) {
	v.Helper()
	v.do(runs("history.back()"))
	v.until(to, "document.querySelector(`"+to+"`) !== null")
}

// value returns what a script gives.
func value[T any](v *visitor, script string) T {
	v.Helper()
	got, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		v.Fatal(err)
	}
	return got
}

// until waits for a script to give true.
func (v *visitor) until(what, script string) {
	v.Helper()
	for range 500 {
		// A page that is left gives an error.
		if is, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](script)); err == nil && is || v.ctx.Err() != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !value[bool](v, script) {
		v.Fatal("no sign of " + what)
	}
}

// press sends keys to what has the focus.
func (v *visitor) press(keys ...string) {
	v.Helper()
	for _, key := range keys {
		v.do(chromedp.KeyEvent(key))
	}
}

// tabTo goes on with the tabulator until something has the focus.
func (v *visitor) tabTo(selector string) {
	v.Helper()
	for range 40 {
		v.press(kb.Tab)
		if value[bool](v, "document.activeElement.matches(`"+selector+"`)") {
			return
		}
	}
	v.Fatalf("no tabulator leads to %s", selector)
}

// picture keeps a picture of the page, if pictures are wanted.
func (v *visitor) picture(name string, wide int, scheme string) {
	v.Helper()
	if *pictures == "" {
		return
	}
	v.do(
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
		call(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(wide), Height: 900, DeviceScaleFactor: 1}),
	)
	shot, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		v.Fatal(err)
	}
	v.do(call(emulation.ClearDeviceMetricsOverride, cdp.Empty{}), call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}))
	if err := os.MkdirAll(*pictures, 0o755); err != nil {
		v.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, fmt.Sprintf("%s-%d-%s.png", name, wide, scheme)), shot, 0o644); err != nil {
		v.Fatal(err)
	}
}

// quiet fails if anything was said on the console, or asked of another host.
func (v *visitor) quiet(where string) {
	v.Helper()
	for _, words := range v.said() {
		v.Errorf("%s: the console says %s", where, words)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, address := range v.requests {
		if !strings.HasPrefix(address, v.url+"/") {
			v.Errorf("%s: a request for %s", where, address)
		}
	}
}

// named fails if a control has no name for those who do not see it.
func (v *visitor) named(where string) {
	v.Helper()
	// The names of some properties are newer than the package that knows them.
	type words struct {
		Value string `json:"value"`
	}
	type tree struct {
		Nodes []struct {
			Ignored bool   `json:"ignored"`
			Role    *words `json:"role"`
			Name    *words `json:"name"`
		} `json:"nodes"`
	}
	ask := cdp.Command[cdp.Empty, tree]{Method: "Accessibility.getFullAXTree"}
	var all tree
	// What is live may be replaced while its names are asked for.
	for left := 50; ; left-- {
		var err error
		if all, err = chromedp.Call(v.ctx, ask, cdp.Empty{}); err == nil {
			break
		}
		if left == 0 || v.ctx.Err() != nil {
			v.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	controls := 0
	for _, n := range all.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		switch n.Role.Value {
		case "link", "button", "combobox", "DisclosureTriangle", "form", "navigation":
			if controls++; n.Name == nil || strings.TrimSpace(n.Name.Value) == "" {
				v.Errorf("%s: a %s without a name", where, n.Role.Value)
			}
		}
	}
	if controls < 2 {
		v.Errorf("%s: %d controls", where, controls)
	}
}

const bodyText = "document.body.innerText.replace(/\\s+/g, ' ')"

func TestBrowser(t *testing.T) {
	v := visit(t)
	v.open("/")
	v.numbers()
	v.named("the dashboard")
	v.quiet("the dashboard")
	for _, wide := range []int{1280, 390} {
		v.picture("dashboard", wide, "light")
		v.picture("dashboard", wide, "dark")
	}
	v.evidence()
	v.keyboard()
	v.live()
	v.trouble()
	v.withoutScript()
	v.policy()
}

// numbers compares what is seen with what the library gives.
func (v *visitor) numbers() {
	v.Helper()
	all := v.desk.log.Read(v.desk.rules, v.desk.clock.now()).Figures()
	page := value[string](v, bodyText)
	for _, want := range []string{
		"Past the promise 25 conversations", "Waiting now " + text.Count(all.Elapsed.StillWaiting.Count()), "Updated Wed 12:20", "Satisfied customers 93 %",
	} {
		if !strings.Contains(page, want) {
			v.Errorf("the page does not show %q: %s", want, page[:min(1500, len(page))])
		}
	}
	if wide := value[int](v, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		v.Errorf("the page is %d px too wide", wide)
	}
}

// evidence goes from a figure to its conversations, to what happened in one, and back.
func (v *visitor) evidence() {
	v.Helper()
	waiting := v.desk.log.Read(v.desk.rules, v.desk.clock.now()).Figures().Elapsed.StillWaiting.Count()
	v.click(`a[href="/evidence?of=waiting"]`, "#list")
	if rows := value[int64](v, "document.querySelectorAll('#list tbody tr').length"); rows != waiting {
		v.Errorf("%d customers are listed, and %d wait", rows, waiting)
	}
	v.named("a list")
	v.picture("evidence", 1280, "light")
	v.picture("evidence", 390, "dark")
	v.click(`#list tbody tr:first-child a`, "#events")
	if page := value[string](v, bodyText); !strings.Contains(page, "Conversation Q-0005") || !strings.Contains(page, "The customer wrote") {
		v.Error(page)
	}
	v.named("a conversation")
	v.picture("conversation", 1280, "light")
	v.picture("conversation", 390, "light")
	v.back("#list")
	v.back("#now")
	// Of a promise, the number of those that were broken leads to them.
	late := `#promises a[href*="of=broken"][href*="promise="]`
	count := value[string](v, "document.querySelector(`"+late+"`).textContent")
	v.click(late, "#list")
	if rows := value[int](v, "document.querySelectorAll('#list tbody tr').length"); fmt.Sprint(rows) != count {
		v.Errorf("%d promises are listed, and %s were broken", rows, count)
	}
	v.quiet("the evidence")
}

// keyboard filters without a mouse.
func (v *visitor) keyboard() {
	v.Helper()
	v.open("/")
	v.press(kb.Tab)
	if !value[bool](v, "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0") {
		v.Error("the first stop is not the link that skips, or it is not seen")
	}
	v.tabTo("select[name=about]")
	v.press(kb.ArrowUp)
	v.tabTo("select[name=channel]")
	v.press(kb.ArrowDown)
	if !value[bool](v, "getComputedStyle(document.activeElement).outlineStyle === 'solid'") {
		v.Error("what has the focus is not seen")
	}
	v.tabTo("form button")
	v.press(kb.Enter)
	v.until("another view", "location.search.includes('channel=') && document.querySelector('#now') !== null")
	search := value[string](v, "location.search")
	page := value[string](v, bodyText)
	if !strings.Contains(search, "about=week") || !strings.Contains(page, "Only conversations on the channel") || !strings.Contains(page, "Service quality: 23 to 29 March 2026 so far") {
		v.Errorf("%s: %s", search, page[:min(len(page), 500)])
	}
	// A link of the list is reached and followed by keyboard.
	v.tabTo("#waiting tbody a")
	v.press(kb.Enter)
	v.until("a conversation", "document.querySelector('#events') !== null")
	v.quiet("the keyboard")
}

// live sees a customer who writes, and keeps what a reader is at.
func (v *visitor) live() {
	v.Helper()
	v.open("/")
	v.do(runs(`(() => {
		document.querySelector("#waiting details").open = true;
		const link = document.querySelectorAll("#waiting a")[2];
		link.focus();
		document.querySelector("#promises").scrollIntoView({behavior: "instant"});
		window.kept = {link: link.getAttribute("href"), section: document.querySelector("#waiting"), top: document.querySelector("#promises").getBoundingClientRect().top};
	})()`))
	v.desk.mu.Lock()
	at := v.desk.clock.now()
	err := v.desk.log.Append(metrics.MessageReceived{Conversation: "new", At: at.Add(time.Minute), Channel: "chat", Customer: "<b>eva</b>"})
	v.desk.clock = stopped{at.Add(90 * time.Second)}
	v.desk.mu.Unlock()
	if err != nil {
		v.Fatal(err)
	}
	v.until("the customer who writes", `document.querySelector('#waiting a[href="/conversation?id=new"]') !== null && document.querySelector("#updated").textContent === "Updated Wed 12:21"`)
	waiting := v.desk.log.Read(v.desk.rules, v.desk.clock.now()).Figures().Elapsed.StillWaiting.Count()
	for what, script := range map[string]string{
		"the section is new":         `document.querySelector("#waiting") !== kept.section`,
		"the list is open":           `document.querySelector("#waiting details").open`,
		"the focus is where it was":  `document.activeElement.getAttribute("href") === kept.link`,
		"the reader is where he was": `Math.abs(document.querySelector("#promises").getBoundingClientRect().top - kept.top) < 2`,
		"as many wait":               fmt.Sprintf(`document.querySelectorAll("#waiting tbody tr").length === %d`, waiting),
	} {
		if !value[bool](v, script) {
			v.Errorf("not so: %s", what)
		}
	}
	// Paused, and hidden, it asks for nothing.
	follows := func(want int) {
		v.Helper()
		for range 100 {
			if len(v.server.streams) == want {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		v.Errorf("%d follow, want %d", len(v.server.streams), want)
	}
	follows(1)
	v.click("#pause", "")
	follows(0)
	if words := value[string](v, "document.querySelector('#pause').textContent"); words != "Go on" {
		v.Error(words)
	}
	v.click("#pause", "")
	follows(1)
	hide := func(hidden string) string {
		return "Object.defineProperty(document, 'hidden', {configurable: true, get: () => " + hidden + "}); document.dispatchEvent(new Event('visibilitychange'))"
	}
	v.do(runs(hide("true")))
	follows(0)
	v.do(runs(hide("false")))
	follows(1)
	v.quiet("what is live")
}

// trouble sees that figures are old, and that they are new again.
func (v *visitor) trouble() {
	v.Helper()
	v.open("/")
	if !value[bool](v, "document.querySelector('#stale').hidden") {
		v.Error("a bar says that the figures are old")
	}
	v.down.Store(true)
	v.do(runs("source.onerror()")) // as if the connection was lost
	if !value[bool](v, "document.querySelector('#stale').hidden") {
		v.Error("a single failure is told")
	}
	v.until("a bar", "!document.querySelector('#stale').hidden")
	if words := value[string](v, "document.querySelector('#stale').innerText"); words != "No connection. These figures are old: Updated Wed 12:21." {
		v.Error(words)
	}
	v.picture("old", 390, "light")
	v.down.Store(false)
	v.until("no bar", "document.querySelector('#stale').hidden")
	// A browser says itself that there was no answer; nothing else is said.
	for _, words := range v.said() {
		if !strings.HasPrefix(words, "Failed to load resource: net::ERR_") {
			v.Error(words)
		}
	}
}

// withoutScript reads the page in a browser that runs none, and follows a link and the form.
func (v *visitor) withoutScript() {
	v.Helper()
	v.do(call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}), chromedp.Navigate(v.url+"/?zone=Europe/Berlin&about=week"))
	// find returns an element of the page at an address as soon as it is there; without scripts,
	// a test cannot ask one.
	find := func(address, selector string) cdp.NodeID {
		v.Helper()
		for range 200 {
			document, err := chromedp.Call(v.ctx, dom.GetDocument, dom.GetDocumentParams{})
			if err == nil && document.Root.DocumentURL == v.url+address {
				found, err := chromedp.Call(v.ctx, dom.QuerySelector, dom.QuerySelectorParams{NodeID: document.Root.NodeID, Selector: selector})
				if err == nil && found.NodeID != 0 {
					return found.NodeID
				}
			}
			time.Sleep(20 * time.Millisecond)
		}
		v.Fatalf("without a script there is no %s on %s", selector, address)
		return 0
	}
	follow := func(address, selector string) {
		v.Helper()
		at, err := chromedp.Call(v.ctx, dom.GetContentQuads, dom.GetContentQuadsParams{NodeID: find(address, selector)})
		if err != nil {
			v.Fatal(err)
		}
		q := at.Quads[0]
		v.do(chromedp.MouseClickXY((q[0]+q[4])/2, (q[1]+q[5])/2))
	}
	follow("/?zone=Europe/Berlin&about=week", "noscript a[href]")
	follow("/?about=week", "form button")
	const sent = "/?about=week&channel=&zone=Europe%2FBerlin"
	find(sent, "footer") // the page is whole
	find(sent, `a[href^="/evidence?about=week"]`)
	find(sent, "#pause[hidden]")
	v.quiet("without a script")
	v.do(call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{}))
}

// policy sees that what the policy forbids is said, so that silence means something.
func (v *visitor) policy() {
	v.Helper()
	v.open("/")
	v.quiet("the policy")
	v.do(runs(`(() => { const s = document.createElement("script"); s.textContent = "window.evil = 1"; document.body.append(s); })()`))
	if value[bool](v, "window.evil === 1") {
		v.Error("a script of somebody else runs")
	}
	for range 50 {
		if strings.Contains(strings.Join(v.said(), "\n"), "Content Security Policy") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.Error("a violation of the policy is not noticed")
}
