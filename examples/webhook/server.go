package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"net/http"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/vendors"
)

// A server takes webhooks.
type server struct {
	desk     *desk
	crew     crew
	secrets  map[string]string // by vendor
	unsigned bool              // take the deliveries of vendors without a secret
	zone     *time.Location
	now      func() time.Time
	log      *log.Logger
	working  chan struct{} // has room for the deliveries that are read at one time
}

// maxBody is how many bytes a delivery may have. No vendor's comes near it.
const maxBody = 1 << 20

// atOnce is how many deliveries are read at one time; others wait. A body may become some
// thirty times as large in memory, so that this bounds it.
const atOnce = 4

// A refusal says why a delivery is refused, in the words of HTTP.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// handler returns the paths: one for each vendor, the figures, and a word of health.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	s.working = make(chan struct{}, atOnce)
	for _, v := range vendors.All {
		mux.HandleFunc("POST /webhooks/"+v.Name, func(w http.ResponseWriter, r *http.Request) { s.webhook(w, r, v) })
		// Intercom asks so whether there is somebody.
		mux.HandleFunc("HEAD /webhooks/"+v.Name, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	}
	mux.HandleFunc("GET /figures", s.figures)
	mux.HandleFunc("GET /healthz", s.health)
	return mux
}

// webhook answers a delivery: 200 if it is on the disk or has nothing that counts, 4xx
// with a reason if it is wrong, 5xx if the server is.
func (s *server) webhook(w http.ResponseWriter, r *http.Request, v vendors.Vendor) {
	select {
	case s.working <- struct{}{}:
		defer func() { <-s.working }()
	case <-r.Context().Done():
		return
	}
	taken, err := s.deliver(w, r, v)
	var refused *refusal
	switch {
	case err == nil:
		answerJSON(w, http.StatusOK, taken)
	case errors.As(err, &refused):
		s.log.Printf("%s: %d: %s", v.Name, refused.status, refused.reason)
		answerJSON(w, refused.status, problem{refused.reason})
	default:
		s.log.Printf("%s: %v", v.Name, err)
		w.Header().Set("Retry-After", "5") // without it Zendesk does not send it again
		answerJSON(w, http.StatusServiceUnavailable, problem{"not stored: send it again"})
	}
}

// problem is the answer to what failed.
type problem struct {
	Error string `json:"error"`
}

// receipt is the answer to what was taken.
type receipt struct {
	Events  int `json:"events"`
	Answers int `json:"answers,omitzero"`
	New     int `json:"new"` // that were not there before
}

// deliver reads a delivery and stores what it tells.
func (s *server) deliver(w http.ResponseWriter, r *http.Request, v vendors.Vendor) (receipt, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return receipt{}, refuse(http.StatusUnsupportedMediaType, "want application/json, have %.60q", r.Header.Get("Content-Type"))
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return receipt{}, refuse(http.StatusUnsupportedMediaType, "want a body that is not encoded, have %.60q", encoding)
	}
	d := vendors.Delivery{Header: r.Header, At: s.now().UTC(), Zone: s.zone}
	var err error
	var long *http.MaxBytesError
	d.Body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if errors.As(err, &long) {
		return receipt{}, refuse(http.StatusRequestEntityTooLarge, "want at most %d bytes", maxBody)
	} else if err != nil {
		return receipt{}, refuse(http.StatusBadRequest, "the body ends too early")
	}
	switch secret := s.secrets[v.Name]; {
	case secret == "" && !s.unsigned:
		return receipt{}, refuse(http.StatusUnauthorized, "no secret of %s is set: set %s", v.Name, secretName(v.Name))
	case secret != "" && !v.Signed(d, secret):
		return receipt{}, refuse(http.StatusUnauthorized, "the signature is missing or not that of the secret")
	}
	h, err := v.Read(d)
	for _, a := range h.Answers {
		if err == nil {
			err = a.Check()
		}
	}
	records, scopeErr := s.crew.scope(v.Name, h.Events)
	if err == nil {
		err = scopeErr
	}
	switch {
	case errors.Is(err, vendors.ErrMalformed):
		return receipt{}, refuse(http.StatusBadRequest, "%v", err)
	case errors.Is(err, vendors.ErrForm):
		return receipt{}, refuse(http.StatusUnprocessableEntity, "%v", err)
	case err != nil:
		return receipt{}, err
	}
	// A vendor that hangs up while its delivery is stored does not undo it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 20*time.Second)
	defer cancel()
	n, err := s.desk.take(ctx, records, h.Answers)
	return receipt{len(records), len(h.Answers), n}, err
}

// figures serves the figures as of now, or as of the instant in as_of.
func (s *server) figures(w http.ResponseWriter, r *http.Request) {
	asOf := s.now()
	if text := r.URL.Query().Get("as_of"); text != "" {
		var err error
		if asOf, err = time.Parse(time.RFC3339, text); err != nil {
			answerJSON(w, http.StatusBadRequest, problem{"as_of: want a time such as 2026-03-02T09:15:00Z"})
			return
		}
	}
	f, err := s.desk.figures(r.Context(), asOf)
	if err != nil {
		s.log.Printf("figures: %v", err)
		answerJSON(w, http.StatusInternalServerError, problem{"no figures"})
		return
	}
	answerJSON(w, http.StatusOK, f)
}

// health says whether the store answers.
func (s *server) health(w http.ResponseWriter, r *http.Request) {
	n, err := s.desk.live(r.Context(), s.now())
	if err != nil {
		s.log.Printf("health: %v", err)
		answerJSON(w, http.StatusServiceUnavailable, problem{"the store does not answer"})
		return
	}
	answerJSON(w, http.StatusOK, struct {
		Health string `json:"health"`
		Live   int    `json:"live_conversations"`
	}{"ok", n})
}

// answerJSON writes an answer. What cannot be written is lost with the connection.
func answerJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"error":"no answer"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	w.Write(append(b, '\n'))
}
