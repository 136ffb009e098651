package main

import (
	"context"
	"io"
	"log"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// Of the versions of an event and of an answer the newest stays, in whatever order they
// come; an event with the instant of its receipt stays as it came first.
func TestVersions(t *testing.T) {
	at := func(minute int) time.Time { return days.Received.Add(time.Duration(minute) * time.Minute) }
	record := func(id metrics.EventID, minute int, agent metrics.AgentID) metrics.Record {
		return metrics.Record{Type: metrics.KindReplySent, ID: id, Conversation: "c", At: at(minute), Agent: agent}
	}
	given := func(id string, minute, value int) vendors.Answer {
		return vendors.Answer{Question: "zendesk", ID: id, About: "c", At: at(minute), Value: value}
	}
	deliveries := []metrics.Record{record("1", 1, "ana"), record("1", 2, "ben"), record("1", 2, "cleo"), record("", 1, "ana"), record("", 1, "ana"), record("", 2, "ana")}
	answers := []vendors.Answer{given("1", 1, 2), given("1", 3, 1), given("1", 2, 2)}
	for seed := range uint64(20) {
		s := newServer(t).desk.store
		random := rand.New(rand.NewPCG(seed, 1))
		random.Shuffle(len(deliveries), func(i, j int) { deliveries[i], deliveries[j] = deliveries[j], deliveries[i] })
		random.Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		for i, r := range deliveries {
			// The receipt of each is a minute later.
			first := record(vendors.AtReceipt+"x", i, "dan")
			if _, err := s.take(t.Context(), []metrics.Record{r, first}, answers[i%3:i%3+1], time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		if err := s.read(t.Context(), func(e metrics.Event) error {
			got = append(got, line(metrics.RecordOf(e)))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		want := []string{line(record("", 1, "ana")), line(record("", 2, "ana")), line(record("1", 2, "cleo")), line(record(vendors.AtReceipt+"x", 0, "dan"))}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("order %d: got %v, want %v", seed, got, want)
		}
		if left, err := s.answers(t.Context()); err != nil || len(left) != 1 || left[0] != given("1", 3, 1) {
			t.Fatalf("order %d: answers %v, %v", seed, left, err)
		}
	}
}

// What cannot be stored leaves the store as it was, and open for the next delivery.
func TestNotStored(t *testing.T) {
	s := newServer(t)
	good := metrics.Record{Type: metrics.KindDiscarded, Conversation: "c", At: days.Received}
	bad := good
	bad.Conversation = ""
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.desk.take(canceled, []metrics.Record{good}, nil); err == nil {
		t.Error("stored although it was given up")
	}
	if _, err := s.desk.take(t.Context(), []metrics.Record{good, bad}, nil); err == nil {
		t.Error("an event without a conversation is stored")
	}
	if n, _, err := s.desk.store.count(t.Context()); n != 0 || err != nil {
		t.Errorf("%d events are stored, %v", n, err)
	}
	if n, err := s.desk.take(t.Context(), []metrics.Record{good}, nil); n != 1 || err != nil {
		t.Errorf("then: %d, %v", n, err)
	}
}

// What settles leaves the memory of a server that runs.
func TestSettles(t *testing.T) {
	s := newServer(t)
	h := s.handler()
	for _, p := range mustPayloads(t, "freescout") {
		send(h, "freescout", p)
	}
	before, _ := s.desk.live(t.Context(), days.Received)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	settleNowAndThen(ctx, s.desk, time.Nanosecond, log.New(io.Discard, "", 0))
	after, err := s.desk.live(t.Context(), days.Received)
	if before == 0 || after != 0 || err != nil {
		t.Errorf("live before %d, after %d, %v", before, after, err)
	}
}

func TestInShort(t *testing.T) {
	_, f, err := fromFile("chatwoot")
	want := inShort{3, 1, 0, "11 min", "11 min", "3 h 45 min", 2, "2.00"}
	if err != nil || f.InShort != want {
		t.Errorf("got %+v, %v, want %+v", f.InShort, err, want)
	}
}
