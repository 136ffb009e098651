package main

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics"
)

// message reads a message of an event stream.
func message(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == "\n" {
			return b.String()
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			t.Fatalf("%q", line)
		}
		b.WriteString(data)
	}
}

// What follows the desk is sent again and again, as it stands on the page, with what is new.
func TestLive(t *testing.T) {
	d := sampleDesk(t)
	s := serverOf(t, d)
	server := httptest.NewServer(s.handler())
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/live?channel=chat", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream; charset=utf-8" || answer.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", answer.Header)
	}
	stream := bufio.NewReader(answer.Body)
	first := message(t, stream)
	page := pageOf(t, s, "/?channel=chat")
	for _, id := range []string{"now", "due", "waiting"} {
		_, section, ok := strings.Cut(first, `<section id="`+id+`"`)
		section, _, _ = strings.Cut(section, "</section>")
		if !ok || !strings.Contains(page, section) {
			t.Errorf("section %s is not that of the page: %s", id, section)
		}
	}
	if !strings.HasPrefix(first, `<span id="updated">Updated Wed 12:20</span>`) || strings.Contains(first, "E-mail") {
		t.Error(first[:200])
	}
	if again := message(t, stream); again != first {
		t.Error("nothing has happened, and the message is another one")
	}
	// A customer writes.
	d.mu.Lock()
	at := d.clock.now()
	err = d.log.Append(metrics.MessageReceived{Conversation: "new", At: at.Add(time.Minute), Channel: "chat"})
	d.clock = stopped{at.Add(2 * time.Minute)}
	d.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	for range 200 { // a busy machine is late
		if first = message(t, stream); strings.Contains(first, "Updated Wed 12:22") {
			break
		}
	}
	if !strings.Contains(first, `href="/conversation?id=new"`) {
		t.Error(words(first))
	}
	if len(s.streams) != 1 {
		t.Errorf("%d streams", len(s.streams))
	}
	cancel()
	for range 100 {
		if len(s.streams) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(s.streams) != 0 {
		t.Error("the stream goes on when nobody follows")
	}
}

func TestLiveRefusals(t *testing.T) {
	d := sampleDesk(t)
	var errs bytes.Buffer
	s := newServer(d, "", &errs)
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodHead, "/live", nil)
	r.Host = "localhost"
	s.handler().ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Error(w.Code)
	}
	for range mostStreams {
		s.streams <- struct{}{}
	}
	if w := get(t, s, "/live"); w.Code != http.StatusServiceUnavailable || !strings.Contains(pagetest.Text(w.Body.String()), "Too many follow already.") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	<-s.streams
	// If the database is gone the stream ends, and the browser finds out.
	d.store.conn.Close()
	if w := get(t, s, "/live"); w.Body.Len() != 0 || !strings.HasPrefix(errs.String(), "dashboard: /live: sql:") {
		t.Errorf("%s, %s", w.Body, errs.String())
	}
}

// Many views do not fill the memory.
func TestRecent(t *testing.T) {
	var c recent
	first := c.entry("/")
	if c.entry("/") != first {
		t.Error("two entries of a view")
	}
	for i := range 10 * mostStreams {
		c.entry(strings.Repeat("x", i))
	}
	if n := len(c.all); n > 2*mostStreams {
		t.Errorf("%d entries", n)
	}
}

// A server ends with its context, and what is live with it.
func TestServe(t *testing.T) {
	s := serverOf(t, sampleDesk(t))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.serve(ctx, listener) }()
	answer, err := http.Get("http://" + listener.Addr().String() + "/live")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	message(t, bufio.NewReader(answer.Body))
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the server does not end")
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	if err := s.serve(t.Context(), closed); err == nil {
		t.Error("a server without a listener serves")
	}
}
