package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A stopped clock stands still.
type stopped struct{ at time.Time }

func (s stopped) now() time.Time { return s.at }

// sampleDesk is the sample at its beginning.
func sampleDesk(t *testing.T, args ...string) *desk {
	t.Helper()
	s, err := parse(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	d, err := open(t.Context(), s, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	d.clock = stopped{d.clock.(*sampleClock).begin}
	return d
}

// deskOf is a desk of events, with the policy of the sample.
func deskOf(t *testing.T, at time.Time, events ...metrics.Event) *desk {
	t.Helper()
	d := sampleDesk(t)
	store, err := newStore(t.Context(), ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	d.store.close()
	d.store = store
	if err := store.fill(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	d.clock, d.speed = stopped{at}, 0
	if err := d.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func serverOf(t *testing.T, d *desk) *server {
	s := newServer(d, "127.0.0.1:0", t.Output())
	s.every = 20 * time.Millisecond
	return s
}

// get asks a server for an address.
func get(t *testing.T, s *server, address string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Host = "localhost:8321"
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, r)
	return w
}

// words are what a page says, with a single space between them.
func words(page string) string { return strings.Join(strings.Fields(pagetest.Text(page)), " ") }

// pageOf returns a page, which must be well made.
func pageOf(t *testing.T, s *server, address string) string {
	t.Helper()
	w := get(t, s, address)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", address, w.Code, words(w.Body.String()))
	}
	checkPage(t, address, w)
	return w.Body.String()
}

func checkPage(t *testing.T, address string, w *httptest.ResponseRecorder) {
	t.Helper()
	page := w.Body.String()
	for _, f := range pagetest.Faults(page, pagetest.Served) {
		t.Errorf("%.100s: %v", address, f)
	}
	for _, o := range pagetest.Overlaps(page) {
		t.Errorf("%.100s: %v", address, o)
	}
	// The header says what the page says, and by whom the page may be framed.
	meta := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(page)
	if want := html.UnescapeString(meta[1]) + "; frame-ancestors 'none'"; w.Header().Get("Content-Security-Policy") != want {
		t.Errorf("%.100s: policy %s, want %s", address, w.Header().Get("Content-Security-Policy"), want)
	}
}

var (
	links = regexp.MustCompile(`href="(/[^"]*)"`)
	evils = regexp.MustCompile(`<script>|<img`)
)

// crawl follows the links of a server from an address on, and returns the addresses it saw.
func crawl(t *testing.T, s *server, from string, most int) []string {
	t.Helper()
	seen := map[string]bool{from: true}
	all := []string{from}
	for i := 0; i < len(all) && i < most; i++ {
		w := get(t, s, all[i])
		if w.Code != http.StatusOK {
			t.Errorf("%.200s: status %d: %.300s", all[i], w.Code, words(w.Body.String()))
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		checkPage(t, all[i], w)
		if evil := evils.FindString(w.Body.String()); evil != "" {
			t.Errorf("%.200s has %q", all[i], evil)
		}
		for _, found := range links.FindAllStringSubmatch(w.Body.String(), -1) {
			if address := html.UnescapeString(found[1]); !seen[address] {
				seen[address] = true
				all = append(all, address)
			}
		}
	}
	return all
}

// Every page that a link leads to is there and well made.
func TestCrawl(t *testing.T) {
	s := serverOf(t, sampleDesk(t, "-link", "https://desk.example/tickets/{id}"))
	kinds := make(map[string]int)
	for _, address := range crawl(t, s, "/?about=week", 60) {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		kinds[u.Path+" "+u.Query().Get("of")]++
	}
	for _, kind := range briefing.Kinds() {
		if kinds["/evidence "+string(kind)] == 0 || kinds["/evidence.csv "+string(kind)] == 0 {
			t.Errorf("no link leads to what is %s, or to its file: %v", kind, kinds)
		}
	}
	if kinds["/conversation "] < 20 {
		t.Errorf("%v", kinds)
	}
	if page := pageOf(t, s, "/conversation?id=Q-0506"); !strings.Contains(page, `href="https://desk.example/tickets/Q-0506"`) {
		t.Error("the page of a conversation does not lead to the desk")
	}
}

// The figures of the page are those that the library gives in a plain loop.
func TestNumbers(t *testing.T) {
	d := sampleDesk(t)
	s := serverOf(t, d)
	page := words(pageOf(t, s, "/"))
	at := d.clock.now()
	march := metrics.Span{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, d.zones[0]), End: at}
	reading := d.log.Read(d.rules, at)
	all := reading.Figures()
	var stars [6]int64
	var answered = make(map[metrics.Channel][]time.Duration)
	late, due := make(map[metrics.ConversationID]bool), make(map[metrics.ConversationID]bool)
	open, broken := int64(0), make(map[string]int64)
	for h := range reading.Histories() {
		if h.IsOpen() {
			open++
		}
		if w, ok := h.FirstResponse(); ok && !w.End.IsZero() && !w.End.Before(march.Start) {
			answered[w.Channel] = append(answered[w.Channel], w.Duration())
		}
		for r := range h.Conversation().Records() {
			if r.Type == metrics.KindRatingGiven && !r.At.Before(march.Start) && h.Counts() {
				stars[r.Stars]++
			}
		}
		for f := range d.policy.Findings(h) {
			if f.Target.Agreement != "" {
				continue
			}
			if f.Verdict == standards.Breached && !f.Start.Before(march.Start) {
				broken[f.Target.String()+", "+string(f.Channel)]++
			}
			if f.End.IsZero() && f.Verdict == standards.Breached {
				late[f.Conversation] = true
			}
		}
	}
	for h := range reading.Histories() {
		for f := range d.policy.Open(h) {
			if id := f.Conversation; !late[id] && f.Target.Agreement == "" && f.Verdict == standards.Pending && f.Due.Sub(at) <= 2*time.Hour {
				due[id] = true
			}
		}
	}
	rated := stars[1] + stars[2] + stars[3] + stars[4] + stars[5]
	if all.Elapsed.StillWaiting.Count() != 14 || len(late) != 25 || len(due) != 1 || rated < 50 {
		t.Errorf("%d wait, %d are late, %d will be, %d rated", all.Elapsed.StillWaiting.Count(), len(late), len(due), rated)
	}
	median := func(c metrics.Channel) string {
		slices.Sort(answered[c])
		n := len(answered[c])
		return text.Duration((answered[c][(n-1)/2] + answered[c][n/2]) / 2)
	}
	for _, want := range []string{
		"Past the promise " + strconv.Itoa(len(late)) + " conversations",
		"About to be late " + strconv.Itoa(len(due)) + " within 2 h",
		"Waiting now " + text.Count(all.Elapsed.StillWaiting.Count()),
		"E-mail " + median(metrics.Email), "Chat " + median(metrics.Chat), "Phone " + median(metrics.Phone),
		"Satisfied customers " + text.Share(stars[4]+stars[5], rated, 0) + " of " + text.Counted(rated, "rating"),
		"Open conversations " + text.Count(open),
		"Updated Wed 12:20", "As known on Wednesday, 25 March 2026, 12:20; times of Europe/Berlin.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page[:min(len(page), 2500)])
		}
	}
	// So many conversations stand behind them.
	rows := func(address string) int {
		w := get(t, s, address)
		lines, err := csv.NewReader(w.Body).ReadAll()
		if err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %v, status %d", address, err, w.Code)
		}
		return len(lines) - 1
	}
	answers := 0
	for _, a := range answered {
		answers += len(a)
	}
	every := 0
	for i := range d.policy.Targets {
		for _, channel := range []metrics.Channel{"chat", "email", "phone"} {
			want := broken[d.policy.Targets[i].String()+", "+string(channel)]
			if i == 1 && channel != "email" || i == 0 && channel == "email" || d.policy.Targets[i].Agreement != "" {
				want = 0 // of one name, but for other channels; and what is not measured
			}
			every += int(want)
			if got := rows(fmt.Sprintf("/evidence.csv?of=broken&promise=%d&on=%s", i+1, channel)); got != int(want) {
				t.Errorf("%d rows of %s on %s, want %d", got, d.policy.Targets[i].Name, channel, want)
			}
		}
	}
	for address, want := range map[string]int{
		"of=waiting": int(all.Elapsed.StillWaiting.Count()), "of=low": int(stars[1] + stars[2] + stars[3]), "of=open": int(open), "of=slow": answers, "of=broken": every,
		"of=slow&on=chat": len(answered["chat"]),
	} {
		if got := rows("/evidence.csv?" + address); got != want || want == 0 {
			t.Errorf("%s: %d rows, want %d", address, got, want)
		}
	}
	// The page of a list says how many there are, and names them in the same order.
	list := pageOf(t, s, "/evidence?of=waiting")
	if !strings.Contains(words(list), "14 conversations.") || strings.Count(list, `<th scope="row"`) != 14 {
		t.Error(words(list))
	}
}

// A view is what a desk of the conversations that it keeps would show.
func TestFilters(t *testing.T) {
	d := sampleDesk(t)
	var events []metrics.Event
	for c := range d.log.Conversations() {
		var own []metrics.Event
		var channel metrics.Channel
		for r := range c.Records() {
			e, err := r.Event()
			if err != nil {
				t.Fatal(err)
			}
			own = append(own, e)
			channel = cmp.Or(channel, r.Channel)
		}
		if channel == "chat" {
			events = append(events, own...)
		}
	}
	alone := deskOf(t, d.clock.now(), events...)
	s, only := serverOf(t, d), serverOf(t, alone)
	for _, about := range []string{"week", "month", "quarter"} {
		of := func(s *server, address string) string {
			page := words(pageOf(t, s, address))
			_, page, _ = strings.Cut(page, "Past the promise")
			page, when, _ := strings.Cut(page, "When customers write") // counts from the first event of the log on
			_, after, _ := strings.Cut(when, "Open, and how old it is")
			after, _, _ = strings.Cut(after, "About these numbers")
			return page + after
		}
		got, want := of(s, "/?about="+about+"&channel=chat"), of(only, "/?about="+about)
		if got != want || len(got) < 2000 || strings.Contains(got, "E-mail") {
			t.Errorf("about the %s:\n%s, want\n%s", about, got, want)
		}
	}
	page := pageOf(t, s, "/?about=week&channel=chat&zone=Asia%2FTokyo")
	for _, want := range []string{"Only conversations on the channel Chat.", "times of Asia/Tokyo", "Updated Wed 20:20"} {
		if !strings.Contains(words(page), want) {
			t.Errorf("no %q", want)
		}
	}
	for _, want := range []string{
		`<option value="week" selected>`, `<option value="chat" selected>`, `<option value="Asia/Tokyo" selected>`,
		`href="/evidence?about=week&amp;channel=chat&amp;of=waiting&amp;zone=Asia%2FTokyo"`, `data-stream="/live?about=week&amp;channel=chat&amp;zone=Asia%2FTokyo"`, `href="/conversation?zone=Asia%2FTokyo&amp;id=Q-`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(pageOf(t, s, "/"), `name="team"`) {
		t.Error("a team can be chosen where there is none")
	}
}

// teams are events of two teams and a conversation without a channel.
func teams() []metrics.Event {
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }
	return []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: at(2, 9), Channel: "chat", Customer: "eva"},
		metrics.Assigned{Conversation: "1", At: at(2, 10), Team: "billing"},
		metrics.Assigned{Conversation: "1", At: at(2, 11), Team: "returns", Agent: "ana"},
		metrics.ReplySent{Conversation: "1", At: at(2, 12), Channel: "chat", Agent: "ana"},
		metrics.Handled{Conversation: "1", At: at(2, 12), Agent: "ana", Took: 5 * time.Minute, For: "talk"},
		metrics.RatingRequested{Conversation: "1", At: at(2, 13)},
		metrics.RatingGiven{Conversation: "1", At: at(2, 14), Stars: 2},
		metrics.Resolved{Conversation: "1", At: at(2, 15), By: metrics.ByCustomer},
		metrics.Reopened{Conversation: "1", At: at(2, 16)},
		metrics.Paused{Conversation: "1", At: at(2, 17), For: "third_party", Until: at(5, 9)},
		metrics.Resumed{Conversation: "1", At: at(3, 9)},
		metrics.Prioritized{Conversation: "1", At: at(3, 9), Priority: "high"},
		metrics.MessageReceived{Conversation: "2", At: at(3, 9)},
		metrics.Assigned{Conversation: "2", At: at(3, 9), Team: "returns"},
		metrics.MessageReceived{Conversation: "3", At: at(3, 9), Channel: "chat"},
		metrics.Assigned{Conversation: "3", At: at(20, 9), Team: "billing"},
		metrics.Merged{Conversation: "4", At: at(3, 10), Into: "3"},
		metrics.MessageReceived{Conversation: "5", At: at(3, 10), Channel: "social"},
		metrics.Abandoned{Conversation: "5", At: at(3, 11)},
		metrics.Discarded{Conversation: "6", At: at(3, 11)},
		metrics.ReplySent{Conversation: "7", At: at(3, 11), ID: "9", By: metrics.ByAssistant},
		metrics.Retracted{Conversation: "7", At: at(3, 12), Event: "9"},
		metrics.Opened{Conversation: "7", At: at(3, 10), Priority: "low"},
		metrics.Assigned{Conversation: "7", At: at(3, 13), Agent: "ana"},
		metrics.Assigned{Conversation: "7", At: at(3, 14)},
	}
}

func TestTeams(t *testing.T) {
	d := deskOf(t, time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC), teams()...)
	s := serverOf(t, d)
	named := func(address string) (ids []string) {
		for _, m := range regexp.MustCompile(`href="/conversation\?id=([^"&]*)"`).FindAllStringSubmatch(pageOf(t, s, address), -1) {
			ids = append(ids, m[1])
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	for query, want := range map[string]string{
		"":                                  "1 2 3 7",
		"&team=billing":                     "1", // 3 comes to it later
		"&team=returns":                     "1 2",
		"&channel=chat":                     "1 3",
		"&channel=%28none%29":               "2 7",
		"&channel=chat&team=returns":        "1",
		"&channel=social":                   "",
		"&channel=social&team=billing":      "",
		"&channel=%28none%29&on=%28none%29": "2 7",
		"&on=chat":                          "1 3",
	} {
		if got := strings.Join(named("/evidence?of=open"+query), " "); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	// Where a view keeps nothing, the page says so.
	empty := words(pageOf(t, s, "/?channel=social&team=billing"))
	for _, want := range []string{"Only conversations on the channel Social and that were with the team billing.", "Nobody waits for an answer.", "Nobody wrote in March.", "Nothing is due."} {
		if !strings.Contains(empty, want) {
			t.Errorf("an empty view does not say %q:\n%s", want, empty)
		}
	}
	for address, want := range map[string][]string{
		"/conversation?id=1": {"On the channel Chat, of the customer eva, with ana; it is open.", "Assigned billing", "Worked on talk, 5 min", "2 of 5 stars", "Solved by the customer", "Opened again", "Put on hold third_party, until 5 Mar, 10:00", "Taken off hold", "New priority high", "broken"},
		"/conversation?id=4": {"Merged into another 3"},
		"/conversation?id=5": {"The customer gave up", "it is closed"},
		"/conversation?id=6": {"Discarded", "it was discarded and counts nowhere"},
		"/conversation?id=7": {"Opened low", "Assigned to nobody"},
		"/conversation?id=2": {"On no channel, with returns; the customer has waited for an answer for 7 days."},
	} {
		page := words(pageOf(t, s, address))
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("%s does not say %q:\n%s", address, words, page)
			}
		}
	}
	// Where nothing was ever assigned, nobody can know how long that took.
	sample := words(pageOf(t, serverOf(t, sampleDesk(t)), "/conversation?id=Q-0005"))
	if !strings.Contains(sample, "take charge (inner) 1 office hour 5 Jan, 10:48 – – not measured") || !strings.Contains(sample, "Automatic reply") {
		t.Error(sample)
	}
	if !strings.Contains(pageOf(t, s, "/"), `<option value="returns">returns</option>`) {
		t.Error("a team cannot be chosen")
	}
}

func TestNoEvents(t *testing.T) {
	s := serverOf(t, deskOf(t, time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)))
	if page := words(pageOf(t, s, "/")); !strings.Contains(page, "There are no events to report on.") {
		t.Error(page)
	}
	for _, kind := range briefing.Kinds() {
		pageOf(t, s, "/evidence?of="+string(kind))
	}
}

// Names that come from data do no harm, on pages and in files.
func TestHostileNames(t *testing.T) {
	names := []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "\u202eevil", "\x1b[31m", "a\r\ndata: b", "=1+1", "@SUM(A1)", "&amp;&lt;", "../../etc/passwd", "a b&c=d#e%00", "(none)",
		strings.Repeat("x", 199), strings.Repeat("é", 5000),
	}
	var events []metrics.Event
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i, name := range names {
		id := metrics.ConversationID(name)
		events = append(events,
			metrics.MessageReceived{Conversation: id, At: at, Channel: metrics.Channel(name), Customer: metrics.CustomerID(name)},
			metrics.Assigned{Conversation: id, At: at, Team: metrics.TeamID(name), Agent: metrics.AgentID(name)},
			metrics.ReplySent{Conversation: id, At: at.Add(100 * time.Hour), Channel: metrics.Channel(name), Agent: metrics.AgentID(name)},
			metrics.RatingGiven{Conversation: id, At: at.Add(101 * time.Hour), Stars: 1, Agent: metrics.AgentID(name)},
			metrics.MessageReceived{Conversation: id, At: at.Add(time.Duration(102+i) * time.Hour), Channel: metrics.Channel(name)},
			metrics.Paused{Conversation: id, At: at.Add(130 * time.Hour), For: metrics.HoldReason(name)},
		)
	}
	s := serverOf(t, deskOf(t, at.AddDate(0, 0, 8), events...))
	all := crawl(t, s, "/", 80)
	if len(all) < 40 {
		t.Errorf("only %d addresses: %q", len(all), all)
	}
	for _, name := range names {
		if len(name) > longestValue {
			continue
		}
		for _, address := range []string{"/?channel=", "/?team=", "/evidence?of=broken&on=", "/evidence?of=waiting&team="} {
			if w := get(t, s, address+url.QueryEscape(name)); w.Code != http.StatusOK {
				t.Errorf("%s%q: %d", address, name, w.Code)
			}
		}
	}
	lines, err := csv.NewReader(get(t, s, "/evidence.csv?of=low").Body).ReadAll()
	if err != nil || len(lines) != len(names)+1 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, line := range lines {
		for _, cell := range line {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r\n") {
				t.Errorf("a spreadsheet computes %q", cell)
			}
		}
	}
	// A message of an event stream has no line that somebody else wrote.
	var b bytes.Buffer
	if err := s.desk.fragment(t.Context(), s.desk.usual(), &b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(event(b.String()))) {
		if line != "\n" && !strings.HasPrefix(line, "data: ") || strings.HasPrefix(line, "data: b") {
			t.Errorf("%q", line)
		}
	}
	if got := string(event("a\rb\r\nc")); got != "data: a\ndata: b\ndata: c\n\n" {
		t.Errorf("%q", got)
	}
}

// What cannot be shown is refused, with the reason.
func TestRefusals(t *testing.T) {
	s := serverOf(t, sampleDesk(t))
	for _, tt := range []struct {
		address string
		status  int
		reason  string
	}{
		{"/?about=year", 400, "The page cannot be about “year”: want week, month or quarter."},
		{"/?about=week&about=month", 400, "The parameter about is there more than once."},
		{"/?zone=../../etc/passwd", 400, "The zone “../../etc/passwd” is not one of those to choose from."},
		{"/?zone=Local", 400, "The zone “Local”"},
		{"/?channel=fax", 400, "There is no conversation on the channel “fax”."},
		{"/?team=night", 400, "No conversation was with the team “night”."},
		{"/?from=2026", 400, "There is no parameter “from”."},
		{"/?%3Cscript%3E=1", 400, "There is no parameter “<script>”."},
		{"/?about=" + strings.Repeat("a", 601), 400, "The parameter about is too long."},
		{"/?about=%zz", 400, "its query is malformed"},
		{"/?about=week;zone=UTC", 400, "its query is malformed"},
		{"/?about=" + strings.Repeat("a", 8001), 414, "The address is too long."},
		{"/evidence", 400, "There is no list of “”: want one of [waiting late due slow broken low open]."},
		{"/evidence?of=all", 400, "There is no list of “all”"},
		{"/evidence?of=broken&promise=0", 400, "There is no promise “0”."},
		{"/evidence?of=broken&promise=6", 400, "There is no promise “6”."},
		{"/evidence?of=broken&promise=x", 400, "There is no promise “x”."},
		{"/evidence.csv?of=all", 400, "There is no list of “all”"},
		{"/evidence.csv?of=low&about=x", 400, "The page cannot be about"},
		{"/live?zone=x", 400, "The zone “x”"},
		{"/live?of=low", 400, "There is no parameter “of”."},
		{"/conversation", 400, "Which conversation?"},
		{"/conversation?id=nobody", 404, "There is no conversation “nobody”, or nothing has happened in it yet."},
		{"/conversation?id=Q-0608", 404, "There is no conversation “Q-0608”"}, // is to come
		{"/conversation?id=1&channel=chat", 400, "There is no parameter “channel”."},
		{"/conversation?id=1&zone=x", 400, "The zone “x”"},
		{"/nowhere", 404, "There is no page at this address."},
		{"/../etc/passwd", 307, ""},
		{"/live.js/", 404, "There is no page"},
	} {
		w := get(t, s, tt.address)
		if w.Code != tt.status || !strings.Contains(words(w.Body.String()), tt.reason) {
			t.Errorf("%.60s: status %d, %s", tt.address, w.Code, words(w.Body.String()))
		}
		if w.Code >= 400 {
			checkPage(t, tt.address, w)
		}
		for name, value := range headers {
			if got := w.Header().Get(name); got != value && !strings.HasPrefix(got, "default-src 'none'; ") {
				t.Errorf("%.60s: %s: %q", tt.address, name, got)
			}
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "/", strings.NewReader("about=week"))
		r.Host = "localhost"
		s.handler().ServeHTTP(w, r)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
			t.Errorf("%s: %d, %v", method, w.Code, w.Header())
		}
	}
	for host, status := range map[string]int{
		"localhost": 200, "localhost:1": 200, "LOCALHOST:8321": 200, "127.0.0.1:8321": 200, "[::1]:8321": 200, "10.0.0.7": 200,
		"evil.example": 403, "evil.example:8321": 403, "localhost.evil.example": 403, "": 403, "127.0.0.1.evil.example": 403,
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/favicon.ico", nil)
		r.Host = host
		s.handler().ServeHTTP(w, r)
		if (w.Code == http.StatusForbidden) != (status == 403) {
			t.Errorf("host %q: %d", host, w.Code)
		}
	}
	s.addr = "desk.internal:8321"
	if !s.ours("desk.internal") || s.ours("other.internal") {
		t.Error("a server has its own name")
	}
}

// Who finds no place to compute is told so, and what goes wrong is on the console alone.
func TestTrouble(t *testing.T) {
	d := sampleDesk(t)
	var errs bytes.Buffer
	s := newServer(d, "", &errs)
	d.patience = time.Millisecond
	for range computing {
		d.places <- struct{}{}
	}
	w := get(t, s, "/")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
	checkPage(t, "/", w)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.look(gone); !errors.Is(err, context.Canceled) && !errors.Is(err, errBusy) {
		t.Error(err)
	}
	for range computing {
		<-d.places
	}
	d.store.db.Close()
	d.store.conn.Close()
	for _, address := range []string{"/", "/evidence?of=low", "/evidence.csv?of=low", "/conversation?id=Q-0001"} {
		w := get(t, s, address)
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "sql") {
			t.Errorf("%s: %d, %s", address, w.Code, words(w.Body.String()))
		}
	}
	if !strings.Contains(errs.String(), "dashboard: /evidence.csv: sql:") {
		t.Error(errs.String())
	}
	// Nobody is told what somebody who has gone asked for.
	errs.Reset()
	r := httptest.NewRequestWithContext(gone, http.MethodGet, "/", nil)
	r.Host = "localhost"
	s.handler().ServeHTTP(httptest.NewRecorder(), r)
	if errs.Len() > 0 {
		t.Error(errs.String())
	}
	if len(d.places) > 0 {
		t.Error("a place is not given back")
	}
}

func TestScript(t *testing.T) {
	s := serverOf(t, sampleDesk(t))
	w := get(t, s, "/live.js")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || !bytes.Equal(w.Body.Bytes(), script) {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
	if code := get(t, s, "/favicon.ico").Code; code != http.StatusNoContent {
		t.Error(code)
	}
}
