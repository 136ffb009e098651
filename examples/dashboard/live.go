package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
)

// behind reads a view, and which figure of it is asked about.
func (s *server) behind(r *http.Request) (v view, of briefing.Behind, err error) {
	query, err := values(r.URL, append([]string{"of", "promise", "on"}, viewed...)...)
	if err != nil {
		return v, of, err
	}
	if v, err = s.desk.view(query); err != nil {
		return v, of, err
	}
	of, err = s.desk.behindOf(query)
	return v, of, err
}

// csv sends a list as a file.
func (s *server) csv(w http.ResponseWriter, r *http.Request) {
	v, of, err := s.behind(r)
	var b bytes.Buffer // so that a file is whole, or none
	if err == nil {
		err = s.desk.writeCSV(r.Context(), v, of, &b)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+string(of.Kind)+`.csv"`)
	w.Write(b.Bytes())
}

// live sends the live parts of a view again and again, as server-sent events.
func (s *server) live(w http.ResponseWriter, r *http.Request) {
	query, err := values(r.URL, viewed...)
	var v view
	if err == nil {
		v, err = s.desk.view(query)
	}
	if err == nil && r.Method != http.MethodGet {
		err = &refusal{http.StatusMethodNotAllowed, "What is live has no end, and so no head."}
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		s.refuse(w, r, &refusal{http.StatusServiceUnavailable, "Too many follow already."})
		return
	}
	out := http.NewResponseController(w)
	out.SetReadDeadline(time.Time{}) // or the connection would end with the time for requests
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	for {
		message, err := s.recent.of(r.Context(), s, v)
		if err != nil {
			s.tell(r, err)
			return // a browser asks again, and says so if it fails again
		}
		out.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := w.Write(message); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-ticker.C:
		}
	}
}

// recent are the last messages, which all who follow the same view share.
type recent struct {
	mu  sync.Mutex
	all map[string]*made
}

// A made message is of some time of the day.
type made struct {
	mu      sync.Mutex
	at      time.Time
	message []byte
}

// of returns the message of a view, made anew if it is not of now.
func (c *recent) of(ctx context.Context, s *server, v view) ([]byte, error) {
	m := c.entry(v.address("/"))
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.at) < s.every/2 {
		return m.message, nil
	}
	var b bytes.Buffer
	if err := s.desk.fragment(ctx, v, &b); err != nil {
		return nil, err
	}
	m.at, m.message = time.Now(), event(b.String())
	return m.message, nil
}

// entry returns that of a view. Where there are too many, it forgets them all.
func (c *recent) entry(key string) *made {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all[key] == nil {
		if len(c.all) >= 2*mostStreams {
			clear(c.all)
		}
		if c.all == nil {
			c.all = make(map[string]*made)
		}
		c.all[key] = new(made)
	}
	return c.all[key]
}

// event is text as a server-sent event (HTML Living Standard, 9.2).
func event(text string) []byte {
	var b bytes.Buffer
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	b.WriteByte('\n')
	return b.Bytes()
}
