package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/metrics"
)

//go:embed live.js
var script []byte

// A server answers requests about a desk.
type server struct {
	desk    *desk
	addr    string // at which it was asked to listen
	errs    io.Writer
	every   time.Duration // between live updates
	streams chan struct{} // of those who follow
	recent  recent
}

const (
	mostStreams = 64
	updateEvery = 5 * time.Second
)

func newServer(d *desk, addr string, errs io.Writer) *server {
	return &server{desk: d, addr: addr, errs: errs, every: updateEvery, streams: make(chan struct{}, mostStreams)}
}

// serve answers until the context ends.
func (s *server) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // ends what is live
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		done <- server.Shutdown(last)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}

// print writes what is answered to a request for an address.
func (s *server) print(ctx context.Context, address string, out io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+address, nil)
	if err != nil {
		return err
	}
	a := &answer{header: make(http.Header), status: http.StatusOK}
	s.handler().ServeHTTP(a, r)
	if a.status != http.StatusOK {
		return fmt.Errorf("%s: %s", address, http.StatusText(a.status))
	}
	_, err = a.body.WriteTo(out)
	return err
}

// An answer is kept, and not sent.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	pages := func(path string, page func(*http.Request) (draw.Page, error)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			p, err := page(r)
			if err != nil {
				s.refuse(w, r, err)
				return
			}
			s.write(w, r, http.StatusOK, p)
		})
	}
	pages("GET /{$}", func(r *http.Request) (draw.Page, error) {
		query, err := values(r.URL, viewed...)
		if err != nil {
			return draw.Page{}, err
		}
		v, err := s.desk.view(query)
		if err != nil {
			return draw.Page{}, err
		}
		return s.desk.dashboard(r.Context(), v)
	})
	pages("GET /evidence", func(r *http.Request) (draw.Page, error) {
		v, of, err := s.behind(r)
		if err != nil {
			return draw.Page{}, err
		}
		return s.desk.evidence(r.Context(), v, of)
	})
	pages("GET /conversation", func(r *http.Request) (draw.Page, error) {
		query, err := values(r.URL, "zone", "id")
		if err != nil {
			return draw.Page{}, err
		}
		v, err := s.desk.view(query)
		if err != nil {
			return draw.Page{}, err
		}
		if query.Get("id") == "" {
			return draw.Page{}, bad("Which conversation? The parameter id is missing.")
		}
		return s.desk.conversation(r.Context(), v, metrics.ConversationID(query.Get("id")))
	})
	mux.HandleFunc("GET /evidence.csv", s.csv)
	mux.HandleFunc("GET /live", s.live)
	mux.HandleFunc("GET /live.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write(script)
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			s.refuse(w, r, &refusal{http.StatusMethodNotAllowed, "Pages are only read here."})
			return
		}
		s.refuse(w, r, &refusal{http.StatusNotFound, "There is no page at this address."})
	})
	return s.guard(mux)
}

// headers are sent with every answer.
var headers = map[string]string{
	"Cache-Control":                "no-store",
	"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// guard sets the headers, and refuses what a page of somebody else could make a browser ask.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		switch {
		case !s.ours(r.Host):
			s.refuse(w, r, &refusal{http.StatusForbidden, "This server has another name than " + quoted(r.Host) + "."})
		case len(r.URL.RawQuery) > longestQuery:
			s.refuse(w, r, &refusal{http.StatusRequestURITooLong, "The address is too long."})
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ours reports whether a host is a name of this server. If any name would do, a page elsewhere
// could give its own name the address of this machine, and read what is served here.
func (s *server) ours(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	own, _, _ := net.SplitHostPort(s.addr)
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name == "localhost" || net.ParseIP(name) != nil || name != "" && name == strings.ToLower(own)
}

// write sends a page.
func (s *server) write(w http.ResponseWriter, r *http.Request, status int, page draw.Page) {
	var b bytes.Buffer
	if err := page.Write(&b); err != nil {
		s.tell(r, err)
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", page.Policy()+"; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// refuse says why a request is not met. What went wrong here is told on the console only.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var why *refusal
	if !errors.As(err, &why) {
		s.tell(r, err)
		why = &refusal{http.StatusInternalServerError, "What went wrong is on the console of the server."}
	}
	if why.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	s.write(w, r, why.status, refusalPage(why))
}

func (s *server) tell(r *http.Request, err error) {
	if r.Context().Err() == nil { // else nobody is there any more
		fmt.Fprintf(s.errs, "dashboard: %s: %v\n", r.URL.Path, err)
	}
}
