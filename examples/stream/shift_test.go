package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

const patience = 10 * time.Second

// night is a server, for as long as the test lasts.
func night(t *testing.T) *broker {
	t.Helper()
	b, err := newBroker("", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	return b
}

// sent returns a stream of the deliveries on a server, and a shift that has not
// begun.
func sent(t *testing.T, b *broker, deliveries []delivery) *shift {
	t.Helper()
	s, err := newStream(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.remove(); err != nil {
			t.Error(err)
		}
	})
	if err := s.publish(t.Context(), deliveries, 0); err != nil {
		t.Fatal(err)
	}
	return &shift{
		broker: b, stream: s.name, file: filepath.Join(t.TempDir(), "snapshot.json"), every: 20, ackWait: 100 * time.Millisecond,
		out: io.Discard, errs: io.Discard,
	}
}

// Whenever workers die, and however often, the figures are those of the batch.
func TestWhereverWorkersDie(t *testing.T) {
	b, d := night(t), newDesk(120, 2)
	last := uint64(len(d.deliveries))
	random := rand.New(rand.NewPCG(1, 1))
	for n := range 4 {
		s := sent(t, b, d.deliveries)
		for range n * 3 {
			s.deaths = append(s.deaths, death{moment(random.IntN(3)), 1 + random.Uint64N(last/2)})
		}
		if n == 3 { // at the very end, when another worker has nothing to take
			s.deaths = append(s.deaths, death{saving, last}, death{acking, last})
		}
		// In any order, they would wait for each other.
		slices.SortFunc(s.deaths, func(a, b death) int { return int(a.sequence) - int(b.sequence) })
		planned := slices.Clone(s.deaths)
		var errs bytes.Buffer
		s.errs = &errs
		w, err := s.finish(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.deaths) > 0 {
			t.Errorf("deaths %v: %v did not happen", planned, s.deaths)
		}
		var out bytes.Buffer
		w.out = &out
		if equal, err := w.verdict(d); err != nil || !equal {
			t.Errorf("deaths %v: %v\n%s", planned, err, out.String())
		}
		for _, want := range []string{fmt.Sprintf("stream: message %d: metrics: unknown event type", (len(d.deliveries)-2)/3+1), fmt.Sprintf("stream: message %d: the event is from the future", (len(d.deliveries)-1)/2+1)} {
			if !strings.Contains(errs.String(), want) {
				t.Errorf("reported %s, want %s", errs.String(), want)
			}
		}
		// The snapshot is the state at the end, and nothing is left to be delivered.
		saved, err := readSnapshot(s.file)
		if err != nil || saved.Sequence != last || saved.Refused != 1 || saved.Ahead != 1 || saved.Stream != s.stream || !saved.Latest.Equal(w.state.Latest) {
			t.Errorf("deaths %v: the snapshot is of message %d, with %d refused, as of %v, %v", planned, saved.Sequence, saved.Refused, saved.Latest, err)
		}
		nothingLeft(t, s)
		// Another worker begins where the last one ended.
		again, err := s.finish(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		again.out = io.Discard
		if equal, err := again.verdict(d); err != nil || !equal {
			t.Errorf("deaths %v: restarted at the end: %v", planned, err)
		}
		conversations, events := w.live()
		if c, e := again.live(); c != conversations || e != events {
			t.Errorf("deaths %v: restarted at the end, %d conversations with %d events are live, before %d with %d", planned, c, e, conversations, events)
		}
		again.state.Refused++
		if equal, err := again.verdict(d); err != nil || equal {
			t.Errorf("deaths %v: one more refused makes no difference, %v", planned, err)
		}
	}
}

// nothingLeft looks whether everything was acknowledged.
func nothingLeft(t *testing.T, s *shift) {
	t.Helper()
	nc, js, err := s.broker.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	consumer, err := js.Consumer(t.Context(), s.stream, "figures")
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		info, err := consumer.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.NumAckPending == 0 && info.NumPending == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d messages are not acknowledged, %d not delivered", info.NumAckPending, info.NumPending)
		}
	}
}

// A worker whose snapshot is lost, older than what is acknowledged, or of another stream
// says so at once, and what to do.
func TestWrongSnapshot(t *testing.T) {
	b, d := night(t), newDesk(40, 1)
	last := uint64(len(d.deliveries))
	s := sent(t, b, d.deliveries)
	var older []byte
	s.deaths = []death{{acking, last / 2}}
	s.out = writer(func(p []byte) (int, error) {
		if bytes.HasPrefix(p, []byte("The worker is killed")) {
			older, _ = os.ReadFile(s.file)
		}
		return len(p), nil
	})
	if _, err := s.finish(t.Context(), last); err != nil || older == nil {
		t.Fatal(err)
	}
	newest, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	nothingLeft(t, s)
	wrong := func(what, want string) {
		t.Helper()
		if _, err := s.finish(t.Context(), last); err == nil || !strings.HasPrefix(err.Error(), s.file+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
	}
	put := func(content []byte) {
		t.Helper()
		if err := os.WriteFile(s.file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(s.file); err != nil {
		t.Fatal(err)
	}
	const gone = `, but the server does not send the next one any more, which is acknowledged or no longer in the stream: put back the snapshot that has it, or remove the snapshot and the consumer "figures"`
	wrong("lost", "the figures end with message 0"+gone)
	put(nil)
	wrong("empty", "damaged")
	put(sealed([]byte("{}")))
	wrong("of no version", "snapshot of version 0")
	put(older)
	wrong("older", gone)
	put(newest)
	if _, err := s.finish(t.Context(), last); err != nil {
		t.Errorf("put back: %v", err)
	}
	other := sent(t, b, d.deliveries)
	other.file = s.file
	if _, err := other.finish(t.Context(), last); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("a snapshot of the stream %q, not of %q: name another file", s.stream, other.stream)) {
		t.Errorf("of another stream: %v", err)
	}
	beyond := snapshot{Version: snapshotVersion, Stream: s.stream, Sequence: last + 1}
	if err := beyond.write(s.file); err != nil {
		t.Fatal(err)
	}
	wrong("beyond the end", fmt.Sprintf("the stream %q ends with message %d", s.stream, last))
}

// A worker that waits for a message that was taken out of the stream ends.
func TestMessageIsGone(t *testing.T) {
	b, d := night(t), newDesk(40, 1)
	last := uint64(len(d.deliveries))
	for _, gone := range []uint64{1, 2, last / 2, last - 1} {
		s := sent(t, b, d.deliveries)
		nc, js, err := b.connect()
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		stream, err := js.Stream(t.Context(), s.stream)
		if err == nil {
			_, err = stream.CreateOrUpdateConsumer(t.Context(), consumerConfig(s.ackWait))
		}
		if err == nil {
			err = stream.DeleteMsg(t.Context(), gone)
		}
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		if _, err := s.finish(ctx, last); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("the figures end with message %d, but the server does not send the next one any more", gone-1)) {
			t.Errorf("message %d: %v", gone, err)
		}
		cancel()
	}
}

// Events from the future change no figure, however far away they are; what is within the
// clocks of sources does.
func TestFuture(t *testing.T) {
	for _, tt := range []struct {
		ahead time.Duration
		taken bool
	}{
		{0, true}, {furthestAhead, true}, {furthestAhead + 1, false}, {time.Hour, false}, {24 * time.Hour, false}, {36 * 365 * 24 * time.Hour, false},
	} {
		d := newDesk(120, 2)
		k := len(d.deliveries) / 2
		due := d.deliveries[k].due
		data, err := json.Marshal(metrics.Record{Type: metrics.KindMessageReceived, Conversation: "early", At: due.Add(tt.ahead), Channel: "early"})
		if err != nil {
			t.Fatal(err)
		}
		d.deliveries = slices.Insert(d.deliveries, k, delivery{due, data})
		var errs bytes.Buffer
		w, err := newWorker(filepath.Join(t.TempDir(), "snapshot.json"), 1000, io.Discard, &errs)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range d.deliveries {
			if err := w.take(m.data, m.due); err != nil {
				t.Fatal(err)
			}
			w.state.Sequence++
		}
		want := 2 // with that of the desk
		if tt.taken {
			want = 1
		}
		if w.state.Ahead != want || w.state.Refused != 1 || strings.Count(errs.String(), "from the future") != want {
			t.Errorf("%v: %d ahead, %d refused, want %d: %s", tt.ahead, w.state.Ahead, w.state.Refused, want, errs.String())
		}
		if equal, err := w.verdict(d); err != nil || !equal {
			t.Errorf("%v: not the batch, %v", tt.ahead, err)
		}
		figures, err := w.tracker.AsOf(w.state.Latest)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for c := range figures.Keys() {
			found = found || c.channel == "early"
		}
		if found != tt.taken {
			t.Errorf("%v: taken: %v", tt.ahead, found)
		}
	}
	// A message that does not say when it was sent.
	if _, _, err := eventOf([]byte(`{"type":"message_received","conversation":"1","at":"2026-03-02T12:00:00Z"}`), time.Time{}); !errors.Is(err, errAhead) {
		t.Error(err)
	}
}

// The comparison sees a message that is missing, one that is taken twice where
// that matters, and versions in another order.
func TestComparisonSees(t *testing.T) {
	d := newDesk(120, 2)
	asOf := firstDay.AddDate(0, 0, 9)
	of := func(deliveries []delivery) *metrics.Breakdown[cell] {
		b, _, err := batch(deliveries, asOf)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	whole := of(d.deliveries)
	if different, cells, err := compare(whole, of(slices.Clone(d.deliveries))); err != nil || len(different) > 0 || cells < 6 {
		t.Errorf("%d of %d cells differ, %v", len(different), cells, err)
	}
	if different, _, err := compare(of(d.deliveries[1:]), whole); err != nil || len(different) == 0 {
		t.Errorf("without the first message, nothing differs, %v", err)
	}
	if different, _, err := compare(whole, of(d.deliveries[1:])); err != nil || len(different) == 0 {
		t.Errorf("without the first message of the other, nothing differs, %v", err)
	}
	none := of(nil)
	for _, pair := range [][2]*metrics.Breakdown[cell]{{none, whole}, {whole, none}} {
		if different, cells, err := compare(pair[0], pair[1]); err != nil || len(different) != cells || cells < 6 {
			t.Errorf("nothing and all differ in %d of %d cells, %v", len(different), cells, err)
		}
	}
	// An edited rating, whose versions come in another order.
	reversed := slices.Clone(d.deliveries)
	slices.Reverse(reversed)
	if different, _, err := compare(whole, of(reversed)); err != nil || len(different) == 0 {
		t.Errorf("backwards, nothing differs, %v", err)
	}
}

// Two workers have the figures of one if each gets the conversations that are merged into
// one another; if not, customers wait for ever where their conversation was merged.
func TestMergers(t *testing.T) {
	d := newDesk(600, 3)
	asOf := firstDay.AddDate(0, 0, 10)
	want, _, err := batch(d.deliveries, asOf)
	if err != nil {
		t.Fatal(err)
	}
	byTwo := func(worker func(metrics.ConversationID) int) *metrics.Breakdown[cell] {
		trackers := []*metrics.Tracker[*metrics.Breakdown[cell]]{metrics.NewTracker(rules, newFigures), metrics.NewTracker(rules, newFigures)}
		for _, one := range d.deliveries {
			var r metrics.Record
			if json.Unmarshal(one.data, &r) != nil || r.At.After(one.due) {
				continue
			}
			e, err := r.Event()
			if err == nil {
				err = trackers[worker(r.Conversation)].Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		sum := newFigures()
		for _, tracker := range trackers {
			figures, err := tracker.AsOf(asOf)
			if err == nil {
				err = sum.Merge(figures)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return sum
	}
	// "10012" and "10012-again" are one customer.
	together := byTwo(func(id metrics.ConversationID) int { return int(id[4]-'0') % 2 })
	if different, _, err := compare(together, want); err != nil || len(different) > 0 {
		t.Errorf("merged ones together: %v differ, %v", different, err)
	}
	apart := byTwo(func(id metrics.ConversationID) int { return min(len(id)-5, 1) })
	a, w := apart.Total(), want.Total()
	if stay := a.Elapsed.StillWaiting.Count() - w.Elapsed.StillWaiting.Count(); w.Moved == 0 || a.Moved != 0 || stay < w.Moved {
		t.Errorf("merged ones apart: %d moved, %d more wait; together %d moved", a.Moved, stay, w.Moved)
	}
}

// The desk keeps to the latest instants that it names, or the worker would close
// too early; and it has all that makes a stream difficult.
func TestDesk(t *testing.T) {
	d := newDesk(600, 3)
	last := make(map[metrics.ConversationID]time.Time)
	seen := make(map[string]bool)
	twice, late, edited, ahead := 0, 0, 0, 0
	ratings := make(map[metrics.EventID]string)
	var clock, latest time.Time
	for _, one := range d.deliveries {
		if one.due.Before(clock) {
			t.Fatal("not in order")
		}
		clock = one.due
		var r metrics.Record
		if json.Unmarshal(one.data, &r) != nil {
			continue
		}
		if r.At.Year() == 2062 {
			ahead++
			continue
		}
		switch lag := one.due.Sub(r.At); {
		case lag <= 0 || lag > latestDelivery:
			t.Fatalf("%s is delivered %v after it happened", one.data, lag)
		case seen[string(one.data)]:
			twice++
		case r.At.Before(latest):
			late++
		}
		seen[string(one.data)] = true
		if r.Type == metrics.KindRatingGiven {
			if before, ok := ratings[r.ID]; ok && before != string(one.data) {
				edited++
			}
			ratings[r.ID] = string(one.data)
		}
		if r.At.After(latest) {
			latest = r.At
		}
		if r.At.After(last[r.Conversation]) {
			last[r.Conversation] = r.At
		}
	}
	if len(last) != d.conversations || d.conversations < 605 || twice < 100 || late < 100 || edited < 10 || ahead != 1 || len(seen) != d.events {
		t.Errorf("%d conversations, %d events, %d twice, %d late, %d edited", len(last), len(seen), twice, late, edited)
	}
}
