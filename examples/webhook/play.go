package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// play sends the made-up day of each vendor to a server of its own, twice, and compares the
// figures with those of the events in the files beside the payloads.
func play(ctx context.Context, stdout io.Writer) (equal bool, err error) {
	folder, err := os.MkdirTemp("", "servicequality-webhook-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	equal = true
	fmt.Fprintf(stdout, "%-10s %10s %7s %8s %14s %8s %9s  %s\n", "vendor", "deliveries", "events", "answers", "conversations", "waiting", "response", "as from a file")
	for _, v := range vendors.All {
		same, err := playDay(ctx, v, filepath.Join(folder, v.Name+".db"), stdout)
		if err != nil {
			return false, fmt.Errorf("%s: %w", v.Name, err)
		}
		equal = equal && same
	}
	fmt.Fprintln(stdout, "\nEach delivery came twice; the figures are those of the events in testdata, byte for byte, unless it says so.")
	return equal, nil
}

// playDay plays the day of a vendor.
func playDay(ctx context.Context, v vendors.Vendor, file string, stdout io.Writer) (same bool, err error) {
	store, err := openStore(ctx, file)
	if err != nil {
		return false, err
	}
	defer store.db.Close()
	desk, err := newDesk(ctx, store, metrics.Rules{})
	if err != nil {
		return false, err
	}
	zone, err := time.LoadLocation(days.Zone)
	if err != nil {
		return false, err
	}
	now := func() time.Time { return days.Received }
	s := &server{desk: desk, unsigned: true, zone: zone, now: now, log: log.New(io.Discard, "", 0)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- serveUntil(ctx, listener, s.handler()) }()
	defer func() {
		cancel()
		if ended := <-served; err == nil {
			err = ended
		}
	}()

	list, err := days.Payloads(v.Name)
	if err != nil {
		return false, err
	}
	address := "http://" + listener.Addr().String()
	for _, p := range append(list, list...) {
		if err := post(ctx, address+"/webhooks/"+v.Name, p); err != nil {
			return false, fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	got, err := get(ctx, address+"/figures")
	if err != nil {
		return false, err
	}
	want, f, err := fromFile(v.Name)
	if err != nil {
		return false, err
	}
	same = bytes.Equal(got, want)
	verdict := "the same"
	if !same {
		verdict = "DIFFERENT"
	}
	_, answers, err := days.Expected(v.Name)
	fmt.Fprintf(stdout, "%-10s %10d %7d %8d %14d %8d %9s  %s\n", v.Name, 2*len(list), f.Events, len(answers), f.InShort.Conversations, f.InShort.Waiting, f.InShort.Response, verdict)
	return same, err
}

// fromFile returns what /figures serves after the made-up day of a vendor, from the files.
func fromFile(vendor string) ([]byte, figures, error) {
	events, answers, err := days.Expected(vendor)
	if err != nil {
		return nil, figures{}, err
	}
	f, err := figuresOf(vendor, events, answers)
	if err != nil {
		return nil, f, err
	}
	b, err := json.Marshal(f)
	return append(b, '\n'), f, err
}

// figuresOf returns the figures of a log of events, each as often as it is known by.
func figuresOf(vendor string, events []metrics.Event, answers []vendors.Answer) (figures, error) {
	log := new(metrics.EventLog)
	records, err := crew{}.scope(vendor, events)
	if err != nil {
		return figures{}, err
	}
	type identity struct {
		metrics.ConversationID
		metrics.Kind
		metrics.EventID
	}
	count, received := 0, 0
	seen := make(map[any]bool)
	for _, r := range records {
		e, err := r.Event()
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			return figures{}, err
		}
		var key any = identity{r.Conversation, r.Type, r.ID}
		if r.ID == "" {
			key = line(r)
		}
		if !seen[key] {
			seen[key] = true
			count++
			if strings.HasPrefix(string(r.ID), vendors.AtReceipt) {
				received++
			}
		}
	}
	b := byChannel()
	if err := log.Read(metrics.Rules{}, days.Received).Into(b); err != nil {
		return figures{}, err
	}
	if err := sortAnswers(answers); err != nil {
		return figures{}, err
	}
	var last []vendors.Answer // of each answer its latest version
	for i, a := range answers {
		if !slices.ContainsFunc(answers[i+1:], func(b vendors.Answer) bool { return b.ID == a.ID && b.Asked == a.Asked }) {
			last = append(last, a)
		}
	}
	f, err := newFigures(b, days.Received, last)
	f.Events, f.AtReceipt = int64(count), int64(received)
	return f, err
}

// post sends a payload, which must be taken.
func post(ctx context.Context, url string, p days.Payload) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(p.Body))
	if err != nil {
		return err
	}
	request.Header = p.Header.Clone()
	_, err = ask(request)
	return err
}

// get returns what is served at an address.
func get(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return ask(request)
}

func ask(request *http.Request) ([]byte, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(body))
	}
	return body, err
}
