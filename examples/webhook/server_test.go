package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// newServer returns a server with a store of its own, whose clock stands.
func newServer(t *testing.T) *server {
	t.Helper()
	store, err := openStore(t.Context(), filepath.Join(t.TempDir(), "events.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.db.Close() })
	desk, err := newDesk(t.Context(), store, metrics.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(days.Zone)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return days.Received }
	return &server{desk: desk, unsigned: true, zone: zone, now: now, log: log.New(io.Discard, "", 0)}
}

// do sends a request to a handler.
func do(h http.Handler, method, path string, header http.Header, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func send(h http.Handler, vendor string, p days.Payload) *httptest.ResponseRecorder {
	return do(h, http.MethodPost, "/webhooks/"+vendor, p.Header, bytes.NewReader(p.Body))
}

// figuresAt returns what /figures serves.
func figuresAt(t *testing.T, h http.Handler, asOf time.Time) string {
	t.Helper()
	w := do(h, http.MethodGet, "/figures?as_of="+asOf.Format(time.RFC3339), nil, nil)
	if w.Code != http.StatusOK {
		t.Fatalf("figures: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func mustPayloads(t testing.TB, vendor string) []days.Payload {
	t.Helper()
	list, err := days.Payloads(vendor)
	if err != nil || len(list) == 0 {
		t.Fatalf("payloads of %s: %d, %v", vendor, len(list), err)
	}
	return list
}

// The figures of a day by webhook are those of the events in a file, in whatever order the
// deliveries come, however often, and whenever they come again.
func TestDays(t *testing.T) {
	for _, v := range vendors.All {
		t.Run(v.Name, func(t *testing.T) {
			want, _, err := fromFile(v.Name)
			if err != nil {
				t.Fatal(err)
			}
			list := mustPayloads(t, v.Name)
			for seed := range uint64(6) {
				s := newServer(t)
				h := s.handler()
				order := append(append([]days.Payload{}, list...), list...)
				if seed > 0 {
					random := rand.New(rand.NewPCG(seed, 3))
					random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
				}
				for _, p := range order {
					if w := send(h, v.Name, p); w.Code != http.StatusOK {
						t.Fatalf("%s: %d %s", p.Name, w.Code, w.Body)
					}
				}
				if got := figuresAt(t, h, days.Received); got != string(want) {
					t.Fatalf("order %d:\ngot  %swant %s", seed, got, want)
				}
				// The same again, later: nothing is new, and instants stay.
				s.now = func() time.Time { return days.Received.Add(time.Hour) }
				for _, p := range order {
					if w := send(h, v.Name, p); !strings.Contains(w.Body.String(), `"new":0`) {
						t.Fatalf("%s again: %d %s", p.Name, w.Code, w.Body)
					}
				}
				if got := figuresAt(t, h, days.Received); got != string(want) {
					t.Fatalf("order %d, again:\ngot  %swant %s", seed, got, want)
				}
				// A desk that begins with the table has the same figures.
				if s.desk, err = newDesk(t.Context(), s.desk.store, metrics.Rules{}); err != nil {
					t.Fatal(err)
				}
				if got := figuresAt(t, h, days.Received); got != string(want) {
					t.Fatalf("order %d, from the table:\ngot  %swant %s", seed, got, want)
				}
			}
		})
	}
}

// All vendors in one table do not disturb each other.
func TestDaysTogether(t *testing.T) {
	s := newServer(t)
	h := s.handler()
	all := new(metrics.EventLog)
	for _, v := range vendors.All {
		for _, p := range mustPayloads(t, v.Name) {
			if w := send(h, v.Name, p); w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", p.Name, w.Code, w.Body)
			}
		}
		events, _, err := days.Expected(v.Name)
		if err != nil {
			t.Fatal(err)
		}
		records, err := crew{}.scope(v.Name, events)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			e, err := r.Event()
			if err == nil {
				err = all.Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	b := byChannel()
	if err := all.Read(metrics.Rules{}, days.Received).Into(b); err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(b.Total())
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Total json.RawMessage }
	if err := json.Unmarshal([]byte(figuresAt(t, h, days.Received)), &got); err != nil {
		t.Fatal(err)
	}
	if string(got.Total) != string(want) {
		t.Errorf("got  %s\nwant %s", got.Total, want)
	}
}

// What a person who reads the payloads of a day counts.
func TestDaysByHand(t *testing.T) {
	const m = time.Minute
	tests := map[string]struct {
		conversations, open, waiting int64
		first                        []time.Duration // the first responses of persons
		responses, closedUnanswered  int64
		reopened, replies, stars     int64
		byAssistant                  int64
	}{
		// 10: the assistant, then Ana 2 min 59.5 s after she was assigned; 11: the reply
		// that was sent, not the one that failed; 12: closed unanswered.
		"chatwoot": {3, 1, 0, []time.Duration{179500 * time.Millisecond, 20 * m}, 2, 1, 0, 2, 1, 1},
		// 5158: after 20 and 30 minutes; 5160 goes on in 5161, whose answer came 50 minutes
		// after the first message; 5000: after 30 minutes.
		"zendesk": {4, 1, 0, []time.Duration{20*m + 123456789, 30 * m, 50*m + 123456789}, 4, 0, 0, 4, 0, 0},
		// 215474: the assistant after 6 s, a person 9 min after the assignment of a team at
		// 9:02, answers after 10 min; thanks are closed unanswered. 215475: a campaign, and
		// a customer who waits.
		"intercom": {2, 1, 1, []time.Duration{10 * m}, 2, 1, 1, 2, 0, 1},
		// 291938: 25 and 30 minutes; 291940 goes on there and is closed unanswered.
		"helpscout": {2, 0, 0, []time.Duration{25 * m}, 2, 1, 1, 2, 0, 0},
		// 17: one reply counts, one was deleted; 18 is spam, 19 deleted.
		"freescout": {1, 0, 0, []time.Duration{40 * m}, 1, 0, 0, 1, 0, 0},
		// 31: 40 and 30 minutes, by the clock of Berlin; 32 is spam; 33: a reply after 20
		// minutes was deleted, one after 30 counts; the last message is closed unanswered.
		"freshdesk": {2, 0, 0, []time.Duration{30 * m, 40 * m}, 3, 1, 0, 3, 0, 0},
		// 81: 45 and 25 minutes, the public note is none; 82 is merged; 83: 30 minutes.
		"zammad": {2, 1, 0, []time.Duration{30 * m, 45 * m}, 3, 0, 0, 3, 0, 0},
	}
	for vendor, want := range tests {
		t.Run(vendor, func(t *testing.T) {
			_, f, err := fromFile(vendor)
			if err != nil {
				t.Fatal(err)
			}
			e := &f.Total.Elapsed
			got := []int64{
				f.Total.Conversations, f.Total.Backlog, e.StillWaiting.Count(), e.FirstResponse.Count(), e.Response.Count(),
				f.Total.ClosedUnanswered, f.Total.Reopened, f.Total.Volume.Replies, f.Total.Ratings.N(), e.ByAssistant.Count(),
			}
			wanted := []int64{
				want.conversations, want.open, want.waiting, int64(len(want.first)), want.responses,
				want.closedUnanswered, want.reopened, want.replies, want.stars, want.byAssistant,
			}
			if fmt.Sprint(got) != fmt.Sprint(wanted) {
				t.Errorf("conversations, open, waiting, first responses, responses, closed unanswered, reopened, replies, stars, by assistants:\ngot  %v\nwant %v", got, wanted)
			}
			least, _ := e.FirstResponse.Min()
			greatest, _ := e.FirstResponse.Max()
			if least != want.first[0] || greatest != want.first[len(want.first)-1] {
				t.Errorf("first responses: got %v to %v, want %v", least, greatest, want.first)
			}
		})
	}
}

func TestAnswersByHand(t *testing.T) {
	tests := map[string]struct {
		n, invited, positive int64
		index                string
	}{
		"chatwoot":  {1, 1, 0, "0.0 %"},
		"intercom":  {1, 0, 0, "0.0 %"}, // first 5, then 3
		"zendesk":   {2, 1, 1, "50.0 %"},
		"helpscout": {1, 0, 0, "0.0 %"}, // first great, then okay
		"freshdesk": {1, 0, 0, "0.0 %"}, // first 7 of 7, then 1
	}
	for vendor, want := range tests {
		_, f, err := fromFile(vendor)
		if err != nil {
			t.Fatal(err)
		}
		s := f.Surveys[vendor]
		if len(s.Sources) != 1 || s.Sources[0].Answers.N() != want.n || s.Sources[0].Invited != want.invited || !strings.Contains(s.Index, want.index) {
			t.Errorf("%s: got %v and %q, want %+v", vendor, s.Sources, s.Index, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	s := newServer(t)
	s.secrets = map[string]string{"zammad": "hush"}
	h := s.handler()
	closed := newServer(t)
	closed.unsigned = false
	broken := newServer(t)
	broken.desk.store.db.Close()
	zendesk := mustPayloads(t, "zendesk")[0]
	text := func(s string) io.Reader { return strings.NewReader(s) }
	kind := func(s ...string) http.Header {
		header := http.Header{}
		for i := 0; i < len(s); i += 2 {
			header.Set(s[i], s[i+1])
		}
		return header
	}
	const j, c = "application/json", "Content-Type"
	tests := []struct {
		name         string
		handler      http.Handler
		method, path string
		header       http.Header
		body         io.Reader
		status       int
		reason       string
	}{
		{"nothing there", h, "POST", "/webhooks/jira", kind(c, j), text("{}"), 404, ""},
		{"not a delivery", h, "GET", "/webhooks/zendesk", nil, nil, 405, ""},
		{"not a question", h, "POST", "/figures", kind(c, j), text("{}"), 405, ""},
		{"a form", h, "POST", "/webhooks/zendesk", kind(c, "application/x-www-form-urlencoded"), text("a=b"), 415, `have \"application/x-www-form-urlencoded\"`},
		{"no type", h, "POST", "/webhooks/zendesk", nil, text("{}"), 415, `have \"\"`},
		{"compressed", h, "POST", "/webhooks/zendesk", kind(c, j, "Content-Encoding", "gzip"), text("{}"), 415, `\"gzip\"`},
		{"too long", h, "POST", "/webhooks/zendesk", kind(c, j), io.LimitReader(zeros{}, maxBody+1), 413, "1048576 bytes"},
		{"as long as may be", h, "POST", "/webhooks/zendesk", kind(c, j), io.LimitReader(zeros{}, maxBody), 400, "not a JSON object"},
		{"cut off", h, "POST", "/webhooks/zendesk", kind(c, j), io.MultiReader(text("{"), broke{}), 400, "ends too early"},
		{"empty", h, "POST", "/webhooks/zendesk", kind(c, j), text(""), 400, "it ends too early"},
		{"a list", h, "POST", "/webhooks/zendesk", kind(c, j), text("[]"), 400, "have a list"},
		{"two", h, "POST", "/webhooks/zendesk", kind(c, j), text("{}{}"), 400, "more text after it"},
		{"no type of event", h, "POST", "/webhooks/zendesk", kind(c, j), text("{}"), 422, "type: missing"},
		{"before 1970", h, "POST", "/webhooks/zendesk", kind(c, j), bytes.NewReader(bytes.ReplaceAll(zendesk.Body, []byte("2026-03-02T09"), []byte("1926-03-02T09"))), 422, "1926"},
		{"no signature", h, "POST", "/webhooks/zammad", kind(c, j), text("{}"), 401, "signature"},
		{"another signature", h, "POST", "/webhooks/zammad", kind(c, j, "X-Hub-Signature", "sha1=00"), text("{}"), 401, "signature"},
		{"no secret", closed.handler(), "POST", "/webhooks/zendesk", zendesk.Header, bytes.NewReader(zendesk.Body), 401, "WEBHOOK_ZENDESK_SECRET"},
		{"as of never", h, "GET", "/figures?as_of=tomorrow", nil, nil, 400, "as_of"},
		{"no store", broken.handler(), "POST", "/webhooks/zendesk", zendesk.Header, bytes.NewReader(zendesk.Body), 503, "send it again"},
		{"no figures", broken.handler(), "GET", "/figures", nil, nil, 500, "no figures"},
		{"ill", broken.handler(), "GET", "/healthz", nil, nil, 503, "does not answer"},
		{"well", h, "GET", "/healthz", nil, nil, 200, `"health":"ok"`},
		{"somebody there", h, "HEAD", "/webhooks/intercom", nil, nil, 200, ""},
		{"with a character set", h, "POST", "/webhooks/zendesk", kind(c, "Application/JSON; charset=utf-8"), bytes.NewReader(zendesk.Body), 200, `"new":3`},
	}
	for _, test := range tests {
		w := do(test.handler, test.method, test.path, test.header, test.body)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.reason) {
			t.Errorf("%s: got %d %s, want %d with %q", test.name, w.Code, w.Body, test.status, test.reason)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

type broke struct{}

func (broke) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// An event of a conversation that has left the memory, late or new, changes the figures as
// if it had stayed.
func TestSettled(t *testing.T) {
	for _, v := range vendors.All {
		want, _, err := fromFile(v.Name)
		if err != nil {
			t.Fatal(err)
		}
		list := mustPayloads(t, v.Name)
		left := 0
		for after := 0; after < len(list); after += 3 {
			s := newServer(t)
			h := s.handler()
			for i, p := range list {
				if w := send(h, v.Name, p); w.Code != http.StatusOK {
					t.Fatalf("%s: %d %s", p.Name, w.Code, w.Body)
				}
				if i == after {
					n, err := s.desk.settle(days.Received.Add(time.Hour))
					if err != nil {
						t.Fatal(err)
					}
					left += n
				}
			}
			if got := figuresAt(t, h, days.Received); got != string(want) {
				t.Fatalf("%s, settled after %d:\ngot  %swant %s", v.Name, after, got, want)
			}
		}
		if left == 0 {
			t.Errorf("%s: no conversation ever left the memory", v.Name)
		}
	}
}

// The figures of an earlier instant are known after conversations have left the memory.
func TestEarlier(t *testing.T) {
	s := newServer(t)
	h := s.handler()
	for _, p := range mustPayloads(t, "zendesk") {
		send(h, "zendesk", p)
	}
	noon := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	want := figuresAt(t, h, noon)
	if n, err := s.desk.settle(days.Received); err != nil || n == 0 {
		t.Fatalf("settled %d, %v", n, err)
	}
	if live, err := s.desk.live(t.Context(), days.Received); err != nil || live != 2 {
		t.Errorf("live: %d, %v, want the open ticket and the one that went on in it", live, err)
	}
	if got := figuresAt(t, h, noon); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestCrew(t *testing.T) {
	s := newServer(t)
	s.crew = parseCrew("zendesk/360012, zammad/9", "zendesk/360013,")
	h := s.handler()
	for _, p := range mustPayloads(t, "zendesk") {
		send(h, "zendesk", p)
	}
	f, err := s.desk.figures(t.Context(), days.Received)
	if err != nil {
		t.Fatal(err)
	}
	// Of the four answers one is now of an automation.
	e := &f.Total.Elapsed
	if e.Response.Count() != 0 || e.ByAssistant.Count() != 3 {
		t.Errorf("got %d responses of persons and %d of assistants, want 0 and 3", e.Response.Count(), e.ByAssistant.Count())
	}
}

// The command plays the days, and all are the same.
func TestRun(t *testing.T) {
	var out, errs bytes.Buffer
	env := func(string) string { return "" }
	if status := run(context.Background(), nil, env, &out, &errs); status != exitDone || strings.Contains(out.String(), "DIFFERENT") {
		t.Errorf("exit status %d\n%s%s", status, &out, &errs)
	}
	for _, args := range [][]string{{"x"}, {"-zone", "Mars/Olympus"}, {"-settle", "0s"}, {"-nothing"}, {"-db", t.TempDir()}} {
		if status := run(context.Background(), args, env, io.Discard, io.Discard); status != exitFailed {
			t.Errorf("%v: exit status %d, want %d", args, status, exitFailed)
		}
	}
	if status := run(context.Background(), []string{"-h"}, env, io.Discard, io.Discard); status != exitDone {
		t.Errorf("-h: exit status %d", status)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if status := run(ctx, []string{"-db", filepath.Join(t.TempDir(), "a b?.db"), "-listen", "127.0.0.1:0"}, env, io.Discard, &errs); status != exitDone {
		t.Errorf("served: exit status %d: %s", status, &errs)
	}
}
